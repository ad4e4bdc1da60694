//! Every number that is not in the manifests, with its default, unit and source; releases are
//! picked from those that are known.

use tidetable_core::{
    Language,
    assumption::{self, Value, Words},
    report::AssumptionValue,
    source::LineIndex,
};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::{
    app::Message,
    parts::TextField,
    queries::scenario::ScenarioForm,
    state::{Picture, Shared},
    strings::{Strings, use_strings},
};

#[derive(PartialEq, Properties)]
pub(super) struct AssumptionsProps {
    pub(super) picture: Picture,
    pub(super) send: Callback<Message>,
}

#[component]
pub(super) fn Assumptions(props: &AssumptionsProps) -> Html {
    let strings = use_strings();
    let text = props.picture.text.clone();
    let form = use_memo(text, |text| Shared::new(ScenarioForm::of(text)));
    let lines = LineIndex::new(&props.picture.text);
    let all = &props.picture.report.assumptions;
    let groups = all.chunk_by(|a, b| a.group == b.group);
    html! {
        <div class="form">
            <p class="form-intro">{ strings.assumptions_intro }</p>
            { for groups.map(|group| html! {
                <fieldset class="entry">
                    <legend>{ group[0].group.clone() }</legend>
                    { for group.iter().map(|it| row(props, &form, it, &lines, strings)) }
                </fieldset>
            }) }
        </div>
    }
}

/// What it means and where its default comes from. The report is brief.
fn words(id: &str, language: Language) -> [&'static str; 2] {
    assumption::find(id).map_or([""; 2], |it| {
        let Words { meaning, source } = (it.words)();
        [meaning, source].map(|it| it.of(language))
    })
}

/// A field for it, or a list of all that it may be.
fn value(it: &AssumptionValue, meaning: &str, set: Callback<String>) -> Html {
    let name = format!("{}: {meaning}", it.id);
    let releases = releases(&it.id);
    if releases.len() < 2 {
        return html! {
            <TextField {name} is_name_shown={false} value={it.value.clone()} on_change={set} />
        };
    }
    let onchange =
        set.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    html! {
        <select class="menu-select release" aria-label={name} {onchange}>
            { for releases.into_iter().map(|release| html! {
                <option value={release.clone()} selected={release == it.value}>
                    { release.clone() }
                </option>
            }) }
        </select>
    }
}

/// Releases that the assumption may be, the newest first; none if it is no release.
fn releases(id: &str) -> Vec<String> {
    let Some(it) = assumption::find(id) else { return Vec::new() };
    let (Value::Version(oldest), Value::Version(newest)) = (it.min, it.max) else {
        return Vec::new();
    };
    let minors = (oldest.minor..=newest.minor).rev();
    minors.map(|minor| format!("{}.{minor}", newest.major)).collect()
}

fn row(
    props: &AssumptionsProps,
    form: &Shared<ScenarioForm>,
    it: &AssumptionValue,
    lines: &LineIndex,
    strings: &Strings,
) -> Html {
    let set = |id: String| {
        let form = form.clone();
        move |typed: String| Message::Applied(form.set_assumption(&id, &typed))
    };
    let reset = {
        let (form, id) = (form.clone(), it.id.clone());
        props.send.reform(move |_: MouseEvent| Message::Applied(form.reset_assumption(&id)))
    };
    let [meaning, source] = words(&it.id, props.picture.report.language);
    let name = it.id.rsplit('.').next().unwrap_or(&it.id).to_owned();
    html! {
        <div
            key={it.id.clone()}
            class={classes!("assumption", it.span.is_some().then_some("is-set"))}
        >
            <code>{ name }</code>
            { value(it, meaning, props.send.reform(set(it.id.clone()))) }
            <span class="unit">{ it.unit.clone() }</span>
            <p>
                { format!("{meaning} · {} {} · {source}", strings.default_value, it.default) }
                if let Some(span) = it.span {
                    <>
                        { " · " }
                        <button
                            type="button"
                            class="place"
                            onclick={props.send.reform(move |_| Message::WentTo(span))}
                        >{ (strings.set_in_line)(lines.line(span.start) + 1) }</button>
                        { " · " }
                        <button type="button" class="place" onclick={reset}>
                            { strings.reset }
                        </button>
                    </>
                }
            </p>
        </div>
    }
}
