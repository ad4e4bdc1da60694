//! Every number that is not in the manifests, with its default, unit and source.

use yew::prelude::*;

use crate::{app::Message, state::Picture, strings::use_strings};

#[derive(PartialEq, Properties)]
pub(super) struct AssumptionsProps {
    pub(super) picture: Picture,
    pub(super) send: Callback<Message>,
}

#[component]
pub(super) fn Assumptions(props: &AssumptionsProps) -> Html {
    let _ = props;
    let strings = use_strings();
    html! { <div class="form"><p class="form-intro">{ strings.assumptions_intro }</p></div> }
}
