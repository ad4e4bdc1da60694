//! The load form.

use yew::prelude::*;

use crate::{app::Message, state::Picture, strings::use_strings};

#[derive(PartialEq, Properties)]
pub(super) struct LoadProps {
    pub(super) picture: Picture,
    pub(super) send: Callback<Message>,
}

#[component]
pub(super) fn Load(props: &LoadProps) -> Html {
    let _ = props;
    let strings = use_strings();
    html! { <div class="form"><p class="form-intro">{ strings.load_intro }</p></div> }
}
