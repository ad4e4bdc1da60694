//! One or two sentences that say what an autoscaler will do.

use tidetable_core::report::Autoscaler;
use yew::prelude::*;

use super::{MessageView, tone_name};

#[derive(PartialEq, Properties)]
pub(crate) struct VerdictCardProps {
    pub(crate) autoscaler: Autoscaler,
    /// Whether the why column explains this autoscaler.
    pub(crate) is_chosen: bool,
    /// Called when the reader wants to see why.
    pub(crate) on_pick: Callback<()>,
}

#[component]
pub(crate) fn VerdictCard(props: &VerdictCardProps) -> Html {
    let VerdictCardProps { autoscaler, is_chosen, on_pick } = props;
    html! {
        <article class="verdict" data-tone={tone_name(autoscaler.tone)}>
            <h2>
                <button
                    type="button"
                    aria-pressed={is_chosen.to_string()}
                    onclick={on_pick.reform(|_| ())}
                >
                    <i class="swatch" aria-hidden="true" />
                    { autoscaler.name.clone() }
                </button>
            </h2>
            <p><MessageView message={autoscaler.verdict.message.clone()} /></p>
        </article>
    }
}
