//! The load form: the requests and the Ray work of the Scenario.
//!
//! It reads the Scenario out of the text and writes each change back into it; comments stay.

mod ray_work;
mod requests;

use tidetable_core::diagnostic::TextEdit;
use yew::prelude::*;

use crate::{
    app::Message,
    parts::TextField,
    queries::scenario::{self, ScenarioForm},
    state::{Picture, Shared},
    strings::use_strings,
};
use ray_work::ray_work;
use requests::requests;

#[derive(PartialEq, Properties)]
pub(super) struct LoadProps {
    pub(super) picture: Picture,
    pub(super) send: Callback<Message>,
}

/// What the two halves of the form are drawn from.
struct FormProps {
    form: Shared<ScenarioForm>,
    apply: Callback<Vec<TextEdit>>,
}

#[component]
pub(super) fn Load(props: &LoadProps) -> Html {
    let strings = use_strings();
    let text = props.picture.text.clone();
    let form = use_memo(text, |text| Shared::new(ScenarioForm::of(text)));
    let form: Shared<ScenarioForm> = (*form).clone();
    let apply = props.send.reform(Message::Applied);
    let set_duration = {
        let form = form.clone();
        apply.reform(move |typed: String| form.set("spec.duration", &typed))
    };
    let halves = FormProps { form: form.clone(), apply };
    html! {
        <div class="form">
            <p class="form-intro">{ strings.load_intro }</p>
            <TextField
                name={strings.duration}
                value={scenario::length(form.scenario.duration)}
                on_change={set_duration}
            />
            if !form.targets.is_empty() || !form.scenario.load.is_empty() {
                <h2>{ strings.requests }</h2>
                { requests(&halves, strings) }
            }
            if !form.clusters.is_empty() || !form.scenario.ray.is_empty() {
                <h2>{ strings.ray_work }</h2>
                { ray_work(&halves, strings) }
            }
        </div>
    }
}
