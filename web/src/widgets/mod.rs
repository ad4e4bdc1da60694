//! `<tidetable-widget>`: one text, drawn as its `Widget` document says, with knobs.
//!
//! | what | file |
//! |---|---|
//! | the text, the cursor, and what was drawn last | `model.rs` |
//! | the element and its controls | this file, `controls.rs` |
//! | pictures | `chart.rs`, `staircase.rs`, `strips.rs`, `delays.rs`, `tables.rs` |
//!
//! Everything that is drawn comes from [`tidetable_core::widget`]; nothing is computed here but
//! where it stands.

mod chart;
mod controls;
mod delays;
mod model;
mod scale;
mod staircase;
mod strips;
mod tables;

use std::rc::Rc;

use tidetable_core::{
    report::{Explanation, Language},
    share,
    widget::{Panel, Picture, words::words},
};
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::Element;
use yew::{Html, Properties, UseReducerHandle, component, html, use_reducer};

use crate::parts::{message_view, tone_name};
use model::{Action, Model};

/// Makes an element live inside `root`: `text` holds manifests, Scenario and `Widget` document,
/// `page` is the address of Tidetable's page, `language` is `ko` or else English.
#[wasm_bindgen]
pub fn widget(root: &Element, text: String, page: String, language: &str) {
    let language = if language == "ko" { Language::Ko } else { Language::En };
    let root = root.clone().unchecked_into();
    yew::Renderer::<Live>::with_root_and_props(root, LiveProps { text, page, language }).render();
}

#[derive(Clone, PartialEq, Properties)]
struct LiveProps {
    text: String,
    page: String,
    language: Language,
}

/// The widget.
#[component]
fn Live(props: &LiveProps) -> Html {
    let LiveProps { text, language, .. } = props.clone();
    let model = use_reducer(|| Model::new(&text, language));
    let words = words(props.language);
    let panels = &model.panels;
    let is_one = panels.len() == 1;
    let link = share::write(&model.text).unwrap_or_default();
    html! {
        <div class="widget" lang={props.language.tag()}>
            <p class="caption">{ &model.widget.caption }</p>
            if let Some(problem) = &model.problem {
                <p class="problem" role="alert">
                    <b>{ &problem.code }</b>{ " " }{ &problem.message }{ " " }{ words.stale }
                </p>
            }
            <div class={if is_one { "panels" } else { "panels several" }}>
                { for panels.iter().map(|it| panel(it, &model)) }
            </div>
            { controls::controls(&model) }
            <div class="formulas" aria-live="polite">
                { for panels.iter().filter_map(|it| formulas(it, is_one)) }
            </div>
            <p class="foot">
                <span>{ panels.first().and_then(source).unwrap_or_default() }</span>
                <a href={format!("{}{link}", props.page)} target="_top">{ words.open }</a>
            </p>
            { controls::text_field(&model) }
        </div>
    }
}

/// The pictures of one variant.
fn panel(panel: &Panel, model: &UseReducerHandle<Model>) -> Html {
    let language = model.language;
    let width = scale::width(model.panels.len());
    let tops = chart::tops(&model.panels);
    let set_cursor = {
        let model = model.clone();
        Rc::new(move |at| model.dispatch(Action::Cursor(at)))
    };
    let charts = panel.pictures.iter().filter(|it| matches!(it, Picture::Chart(_))).count();
    let picture = |(index, it): (usize, &Picture)| match it {
        Picture::Chart(chart) => {
            let frame = chart::Frame {
                panel,
                width,
                top: tops.get(index).copied().unwrap_or(1.0),
                has_marks: index == 0,
                is_last: index + 1 == charts,
            };
            chart::chart(chart, &frame, set_cursor.clone())
        }
        Picture::Why(steps) => tables::why(steps),
        Picture::Staircase(it, present, target) => {
            staircase::staircase(it, [present, target], panel, width, language)
        }
        Picture::Metrics(rows) => tables::metrics(rows, language),
        Picture::Pods(strips) => strips::strips(strips, panel, width, language),
        Picture::Nodes(placement) => tables::nodes(placement, language),
        Picture::Fit(all) => {
            html! { <>{ for all.iter().map(|it| tables::fit(&it.1, language)) }</> }
        }
        Picture::Delays(all) => delays::delays(all, language),
    };
    html! {
        <section>
            if !panel.label.is_empty() {
                <h4>{ &panel.label }</h4>
            }
            { for panel.verdicts.iter().map(|(tone, message)| html! {
                <p class="verdict" data-tone={tone_name(*tone)}>{ message_view(message, None) }</p>
            }) }
            { for panel.pictures.iter().enumerate().map(picture) }
        </section>
    }
}

/// The formulas of the decision at the cursor; of several variants only what each asks for.
fn formulas(panel: &Panel, is_one: bool) -> Option<Html> {
    let reasons = panel.reasons.as_ref()?;
    let Explanation { title, from, to, note, steps, .. } = reasons;
    let shown = steps.iter().filter(|it| !it.formula.is_empty() && (is_one || it.binds));
    Some(html! {
        <div class="formula">
            <p class="decision">
                { if panel.label.is_empty() { title.clone() } else { panel.label.clone() } }
                { format!(": {from} → ") }<b>{ to }</b>
                if !note.is_empty() {
                    <>{ " · " }{ message_view(note, None) }</>
                }
            </p>
            { for shown.map(|it| html! {
                <p class={if it.binds { "binds" } else { "" }}>
                    <span>{ &it.title }</span>{ " " }{ message_view(&it.formula, None) }
                </p>
            }) }
        </div>
    })
}

/// Where the rule stands upstream that bound, or else the last one with a formula.
fn source(panel: &Panel) -> Option<String> {
    let steps = &panel.reasons.as_ref()?.steps;
    let step = steps
        .iter()
        .rfind(|it| it.binds)
        .or_else(|| steps.iter().rfind(|it| !it.formula.is_empty()))
        .or(steps.last())?;
    let file = step.source.path.rsplit('/').next().unwrap_or_default();
    Some(format!("{} · {file} · {}", step.source.project, step.source.function))
}
