//! Why: the chain of one decision, what would change it, and where each rule comes from.

use tidetable_core::{
    Report,
    report::{Explanation, LedgerStep, Tone},
    source::Span,
};
use yew::prelude::*;

use crate::{
    app::Message,
    parts::{Links, decision_numbers, ledger_line, message_view, tone_name},
    queries::{book, looks},
    state::{Selection, Shared},
    strings::{Strings, use_strings},
};

#[derive(PartialEq, Properties)]
pub(crate) struct WhyProps {
    pub(crate) report: Option<Shared<Report>>,
    /// The look that is explained; none is selected of the next decision.
    pub(crate) selection: Option<Selection>,
    pub(crate) explanation: Option<Shared<Explanation>>,
    /// Whose decision that is.
    pub(crate) tone: Tone,
    /// What to say while there is none.
    pub(crate) empty: &'static str,
    /// The line that the reader points at in the editor.
    pub(crate) pointed_line: Option<Span>,
    pub(crate) is_stale: bool,
    pub(crate) send: Callback<Message>,
}

#[component]
pub(crate) fn Why(props: &WhyProps) -> Html {
    let strings = use_strings();
    let body = match (&props.report, &props.explanation) {
        (Some(report), Some(explanation)) => explained(props, report, explanation, strings),
        _ => html! { <p class="empty">{ props.empty }</p> },
    };
    html! {
        <section
            class="why"
            aria-label={strings.why}
            data-stale={props.is_stale.to_string()}
        >{ body }</section>
    }
}

fn explained(
    props: &WhyProps,
    report: &Report,
    explanation: &Shared<Explanation>,
    strings: &Strings,
) -> Html {
    let selection = props.selection.as_ref();
    let tone = tone_name(props.tone);
    let links = Links {
        pointed: props.send.reform(Message::Pointed),
        picked: props.send.reform(Message::WentTo),
    };
    html! {
        <>
            <header class="why-head" data-tone={tone}>
                <h2><i class="swatch" aria-hidden="true" />{ explanation.title.clone() }</h2>
                if let Some(selection) = selection {
                    { stepper(props, report, selection, strings) }
                }
            </header>
            <p aria-live="polite">
                { decision_numbers(explanation, Some(&links)) }
            </p>
            <ol class="ledger">
                { for explanation.steps.iter().enumerate().map(|(index, step)| {
                    let is_pointed = is_pointed(step, props.pointed_line);
                    ledger_line(index + 1, step, is_pointed, &links, strings)
                }) }
            </ol>
            <div class="why-more">
                { alternatives(props, explanation, strings) }
                { conditions(explanation, strings) }
                { events(explanation, strings) }
            </div>
            { sources(report, explanation, strings) }
        </>
    }
}

fn is_pointed(step: &LedgerStep, line: Option<Span>) -> bool {
    let Some(line) = line else { return false };
    let parts = step.formula.parts.iter().chain(&step.text.parts).filter_map(|it| it.span);
    // A whole document stands on every one of its lines: that would say nothing.
    step.span.into_iter().chain(parts).any(|it| it.start >= line.start && it.start <= line.end)
}

fn stepper(props: &WhyProps, report: &Report, at: &Selection, strings: &Strings) -> Html {
    let button = |forward: bool, label: &'static str, sign: &'static str| {
        let is_last = looks::neighbour(report, at.autoscaler, at.look, forward).is_none();
        html! {
            <button
                type="button"
                aria-label={label}
                title={label}
                disabled={is_last}
                onclick={props.send.reform(move |_| Message::DecisionStepped { forward })}
            >{ sign }</button>
        }
    };
    html! {
        <span class="stepper">
            { button(false, strings.previous_decision, "‹") }
            { button(true, strings.next_decision, "›") }
        </span>
    }
}

fn alternatives(props: &WhyProps, explanation: &Explanation, strings: &Strings) -> Html {
    if explanation.alternatives.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3>{ strings.what_would_change_this }</h3>
            <p class="chips">
                { for explanation.alternatives.iter().map(|it| {
                    let edits = it.fix.edits.clone();
                    html! {
                        <button
                            type="button"
                            class="chip"
                            title={it.fix.title.clone()}
                            disabled={props.is_stale}
                            onclick={props.send.reform(move |_| Message::Applied(edits.clone()))}
                        >{ message_view(&it.message, None) }</button>
                    }
                }) }
            </p>
        </>
    }
}

fn conditions(explanation: &Explanation, strings: &Strings) -> Html {
    if explanation.conditions.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3 id="conditions">{ strings.conditions }</h3>
            <table class="conditions" aria-labelledby="conditions">
                <tbody>
                    { for explanation.conditions.iter().map(|it| {
                        let is_bad = is_bad(&it.kind, &it.status);
                        html! {
                            <tr>
                                <th scope="row">{ it.kind.clone() }</th>
                                <td class={classes!("status", is_bad.then_some("bad"))}>
                                    { it.status.clone() }
                                </td>
                                <td>
                                    { it.reason.clone() }
                                    <span class="message">{ it.message.clone() }</span>
                                </td>
                            </tr>
                        }
                    }) }
                </tbody>
            </table>
        </>
    }
}

/// Whether a condition says that something holds the HPA back.
fn is_bad(kind: &str, status: &str) -> bool {
    match kind {
        "AbleToScale" | "ScalingActive" => status != "True",
        "ScalingLimited" => status == "True",
        _ => false,
    }
}

fn events(explanation: &Explanation, strings: &Strings) -> Html {
    if explanation.events.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3>{ strings.events }</h3>
            <ul class="events">
                { for explanation.events.iter().map(|it| {
                    let is_bad = it.starts_with("Warning");
                    html! { <li class={is_bad.then_some("bad")}>{ it.clone() }</li> }
                }) }
            </ul>
        </>
    }
}

/// Where the rule stands that decided: the one that binds, else the last.
fn sources(report: &Report, explanation: &Explanation, strings: &Strings) -> Html {
    let steps = &explanation.steps;
    let Some(step) = steps.iter().rev().find(|it| it.binds).or(steps.last()) else {
        return Html::default();
    };
    let chapter = steps.iter().rev().filter(|it| it.binds).chain(steps.iter().rev());
    let chapter = chapter.map(|it| it.chapter.as_str()).find(|it| !it.is_empty());
    html! {
        <footer class="sources">
            <p title={step.source.path.clone()}>
                { format!("{}: {} · {} · {}",
                    strings.rule,
                    step.source.project,
                    file_name(&step.source.path),
                    step.source.function,
                ) }
            </p>
            if let Some(chapter) = chapter {
                <p>
                    <a href={book::chapter(report.language, chapter)}>{ strings.read_chapter }</a>
                </p>
            }
        </footer>
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
