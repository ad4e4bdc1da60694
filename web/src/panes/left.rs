//! What you have: the editor, the load and the assumptions, and a foot that sums the text up.

use std::rc::Rc;

use tidetable_core::{
    Report,
    diagnostic::Severity,
    report::DocumentSummary,
    source::{LineIndex, Span},
};
use yew::prelude::*;

use super::{assumptions::Assumptions, editor::YamlEditor, load::Load};
use crate::{
    app::Message,
    queries::marks,
    state::{Now, Picture, Tab},
    strings::{Strings, use_strings},
};

#[derive(PartialEq, Properties)]
pub(crate) struct LeftProps {
    pub(crate) text: Rc<str>,
    /// What the newest answered text leads to.
    pub(crate) latest: Option<Picture>,
    /// The place that the why column points at.
    pub(crate) highlight: Option<Span>,
    /// Where the editor was last asked to go.
    pub(crate) goal: Option<(u32, Span)>,
    pub(crate) tab: Tab,
    /// The next decisions, while they are shown: what they found is marked as well.
    pub(crate) now: Option<Now>,
    pub(crate) send: Callback<Message>,
}

#[component]
pub(crate) fn Left(props: &LeftProps) -> Html {
    let LeftProps { text, latest, highlight, goal, tab, now, send } = props;
    let strings = use_strings();
    let count = latest.as_ref().map_or(0, |it| it.report.assumptions.len());
    let tabs = [
        (Tab::Manifests, strings.manifests.to_owned()),
        (Tab::Load, strings.load.to_owned()),
        (Tab::Assumptions, format!("{} {count}", strings.assumptions)),
    ];
    html! {
        <section class="left" aria-label={strings.your_text}>
            <div class="tabs" role="tablist">
                { for tabs.into_iter().map(|(it, name)| tab_button(it, name, *tab, send)) }
            </div>
            <div
                class="tab-panel"
                role="tabpanel"
                aria-labelledby={tab_id(*tab)}
                data-tab={if *tab == Tab::Manifests { "manifests" } else { "form" }}
            >
                <YamlEditor
                    text={text.clone()}
                    latest={latest.clone()}
                    highlight={*highlight}
                    goal={*goal}
                    now={now.clone()}
                    send={send.clone()}
                />
                if let Some(picture) = latest {
                    if *tab == Tab::Load {
                        <Load picture={picture.clone()} send={send.clone()} />
                    }
                    if *tab == Tab::Assumptions {
                        <Assumptions picture={picture.clone()} send={send.clone()} />
                    }
                }
            </div>
            <footer class="foot left-foot">
                if let Some(picture) = latest {
                    { problems(picture, strings, send) }
                    { documents(&picture.report, strings) }
                }
            </footer>
        </section>
    }
}

const fn tab_id(tab: Tab) -> &'static str {
    match tab {
        Tab::Manifests => "tab-manifests",
        Tab::Load => "tab-load",
        Tab::Assumptions => "tab-assumptions",
    }
}

fn tab_button(tab: Tab, name: String, chosen: Tab, send: &Callback<Message>) -> Html {
    let order = [Tab::Manifests, Tab::Load, Tab::Assumptions];
    let at = order.iter().position(|&it| it == tab).unwrap_or(0);
    let send_key = send.clone();
    let onkeydown = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => order.len() - 1,
            _ => return,
        };
        send_key.emit(Message::TabChosen(order[(at + step) % order.len()]));
    };
    html! {
        <button
            type="button"
            id={tab_id(tab)}
            role="tab"
            aria-selected={(tab == chosen).to_string()}
            onclick={send.reform(move |_| Message::TabChosen(tab))}
            {onkeydown}
        >{ name }</button>
    }
}

/// How many errors and warnings there are; opened, each with its line.
fn problems(picture: &Picture, strings: &Strings, send: &Callback<Message>) -> Html {
    let diagnostics = &picture.report.diagnostics;
    let count = |severity| diagnostics.iter().filter(|it| it.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let mut told = Vec::new();
    if errors > 0 {
        told.push((strings.errors)(errors));
    }
    if warnings > 0 {
        told.push((strings.warnings)(warnings));
    }
    let kind = match (errors, warnings) {
        (0, 0) => "none",
        (0, _) => "warning",
        _ => "error",
    };
    if diagnostics.is_empty() {
        return html! { <span class="problems" data-kind={kind}>{ strings.no_problems }</span> };
    }
    let summary = if told.is_empty() { strings.no_problems.to_owned() } else { told.join(" · ") };
    let lines = LineIndex::new(&picture.text);
    html! {
        <details class="menu menu-up">
            <summary class="problems" data-kind={kind}>{ summary }</summary>
            <div class="menu-items">
                { for diagnostics.iter().map(|it| {
                    let span = it.span;
                    let line = lines.line(span.start) + 1;
                    html! {
                        <button
                            type="button"
                            class="problem"
                            data-kind={marks::severity_name(it.severity)}
                            onclick={send.reform(move |_| Message::WentTo(span))}
                        >
                            <span class="faint">{ (strings.line)(line) }</span>
                            { it.message.clone() }
                        </button>
                    }
                }) }
            </div>
        </details>
    }
}

/// Which documents there are, which of their fields are not modelled, and what the API server fills
/// in.
fn documents(report: &Report, strings: &Strings) -> Html {
    let documents = &report.documents;
    let kinds: Vec<&str> = documents.iter().map(|it| short_kind(&it.kind)).collect();
    let fields: usize = documents.iter().map(|it| it.fields_not_modelled.len()).sum();
    let defaults: usize = documents.iter().map(|it| it.defaults.len()).sum();
    let told = format!("{} · {}", (strings.documents)(documents.len()), kinds.join(", "));
    let mut summary = (strings.fields_not_modelled)(fields);
    if defaults > 0 {
        summary = format!("{} · {summary}", (strings.defaults)(defaults));
    }
    html! {
        <>
            <span class="documents" title={told.clone()}>{ told }</span>
            if fields + defaults > 0 {
                <details class="menu menu-up">
                    <summary>{ summary }</summary>
                    <div class="menu-items fields">
                        { for documents.iter().map(|it| fields_of(it, strings)) }
                    </div>
                </details>
            } else {
                <span class="last">{ summary }</span>
            }
        </>
    }
}

fn fields_of(document: &DocumentSummary, strings: &Strings) -> Html {
    let lists = [
        ((strings.fields_not_modelled)(document.fields_not_modelled.len()), "not-modelled"),
        (strings.filled_in.to_owned(), "defaults"),
    ];
    let fields = [&document.fields_not_modelled, &document.defaults];
    let lists = lists.into_iter().zip(fields).filter(|it| !it.1.is_empty());
    html! {
        { for lists.map(|((heading, what), fields)| html! {
            <p data-fields={what}>
                <span>
                    <strong>{ format!("{} {}", document.kind, document.name) }</strong>
                    { format!(" · {heading}") }
                </span>
                { for fields.iter().map(|field| html! { <code>{ field.clone() }</code> }) }
            </p>
        }) }
    }
}

fn short_kind(kind: &str) -> &str {
    match kind {
        "HorizontalPodAutoscaler" => "HPA",
        "" => "?",
        other => other,
    }
}
