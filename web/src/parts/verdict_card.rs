//! One or two sentences that say what an autoscaler will do.

use tidetable_core::report::Autoscaler;
use yew::prelude::*;

use super::{message_view, tone_name};

/// `is_chosen`: whether the why column explains this autoscaler. `on_pick` is called when the
/// reader wants to see why.
pub(crate) fn verdict_card(
    autoscaler: &Autoscaler,
    is_chosen: bool,
    on_pick: &Callback<()>,
) -> Html {
    html! {
        <article class="verdict" key={autoscaler.id.clone()} data-tone={tone_name(autoscaler.tone)}>
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
            <p>{ message_view(&autoscaler.verdict.message, None) }</p>
        </article>
    }
}
