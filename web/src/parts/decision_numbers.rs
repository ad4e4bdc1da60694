//! The big numbers of a decision: `4 → 5`, and what was wanted beside them.

use tidetable_core::report::Explanation;
use yew::prelude::*;

use super::{Links, message_view};
use crate::queries::numbers;

/// The decision that `it` explains.
pub(crate) fn decision_numbers(it: &Explanation, links: Option<&Links>) -> Html {
    html! {
        <span class="decision">
            <strong>{ format!("{} → {}", numbers::tenth(it.from), numbers::tenth(it.to)) }</strong>
            <span class="decision-note">{ message_view(&it.note, links) }</span>
        </span>
    }
}
