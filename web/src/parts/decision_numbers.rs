//! The big numbers of a decision: `4 → 5`, and what was wanted beside them.

use tidetable_core::report::Explanation;
use yew::prelude::*;

use super::{Links, MessageView};
use crate::{queries::numbers, state::Shared};

#[derive(PartialEq, Properties)]
pub(crate) struct DecisionNumbersProps {
    pub(crate) explanation: Shared<Explanation>,
    #[prop_or_default]
    pub(crate) links: Option<Links>,
}

#[component]
pub(crate) fn DecisionNumbers(props: &DecisionNumbersProps) -> Html {
    let it = &props.explanation;
    html! {
        <span class="decision">
            <strong>{ format!("{} → {}", numbers::tenth(it.from), numbers::tenth(it.to)) }</strong>
            <span class="decision-note">
                <MessageView message={it.note.clone()} links={props.links.clone()} />
            </span>
        </span>
    }
}
