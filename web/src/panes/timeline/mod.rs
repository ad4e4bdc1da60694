//! What will happen: verdicts, decision tracks and charts over one time with one cursor.

mod pointer;
mod stack;

use stack::Stack;

use tidetable_core::report::Explanation;
use yew::prelude::*;

use super::totals::totals_line;
use crate::{
    app::Message,
    parts::{decision_numbers, message_view, tone_name, verdict_card},
    queries::{axis::Range, broken},
    state::{Picture, Selection, Shared, View},
    strings::{Strings, use_strings},
};

#[derive(PartialEq, Properties)]
pub(crate) struct TimelineProps {
    /// What is drawn.
    pub(crate) shown: Option<Picture>,
    /// What the newest answered text leads to.
    pub(crate) latest: Option<Picture>,
    /// Whether that can't be drawn, and an older one is shown.
    pub(crate) is_stale: bool,
    pub(crate) selection: Option<Selection>,
    pub(crate) explanation: Option<Shared<Explanation>>,
    pub(crate) range: Range,
    pub(crate) send: Callback<Message>,
}

#[component]
pub(crate) fn Timeline(props: &TimelineProps) -> Html {
    let strings = use_strings();
    let Some(shown) = &props.shown else {
        return html! {
            <section class="timeline" aria-label={strings.timeline}>
                <p class="empty">{ strings.computing }</p>
            </section>
        };
    };
    let is_empty = shown.report.autoscalers.is_empty() && shown.report.charts.is_empty();
    html! {
        <section
            class="timeline"
            aria-label={strings.timeline}
            data-stale={props.is_stale.to_string()}
        >
            <div class="stale" role="status">
                if props.is_stale {
                    <p>{ stale_text(props.latest.as_ref(), strings) }</p>
                }
            </div>
            if is_empty {
                <p class="empty">{ strings.nothing_predicted }</p>
            } else {
                { verdicts(props, shown, strings) }
                <Stack
                    picture={shown.clone()}
                    selection={props.selection.clone()}
                    explanation={props.explanation.clone()}
                    range={props.range}
                    send={props.send.clone()}
                />
            }
            { why_card(props, shown, strings) }
            { notes(shown, strings) }
            { totals_line(shown, strings) }
        </section>
    }
}

fn stale_text(latest: Option<&Picture>, strings: &Strings) -> String {
    let line = latest.and_then(|it| broken::line(&it.text, &it.report));
    line.map_or_else(|| strings.broken.to_owned(), strings.broken_at)
}

fn verdicts(props: &TimelineProps, shown: &Picture, strings: &Strings) -> Html {
    let report = &shown.report;
    let chosen = props.selection.as_ref().map(|it| it.autoscaler);
    html! {
        <div class="verdicts" role="group" aria-label={strings.verdicts}>
            { for report.autoscalers.iter().enumerate().map(|(index, it)| {
                let decision = it.verdict.decision.and_then(|it| report.decisions.get(it));
                let look = decision.map_or(0, |it| it.look);
                let to_look = move |()| Message::LookPicked { autoscaler: index, look };
                verdict_card(it, chosen == Some(index), &props.send.reform(to_look))
            }) }
        </div>
    }
}

/// The explained decision in short, for a screen that has no room for the why column.
fn why_card(props: &TimelineProps, shown: &Picture, strings: &Strings) -> Html {
    let (Some(selection), Some(explanation)) = (&props.selection, &props.explanation) else {
        return Html::default();
    };
    let autoscaler = shown.report.autoscalers.get(selection.autoscaler);
    let formula = explanation.steps.iter().map(|it| &it.formula).find(|it| !it.is_empty());
    html! {
        <button
            type="button"
            class="why-card"
            data-tone={autoscaler.map(|it| tone_name(it.tone))}
            aria-label={format!("{}: {}", strings.why, explanation.title)}
            onclick={props.send.reform(|_| Message::ViewChosen(View::Why))}
        >
            <span class="why-card-title">
                <i class="swatch" aria-hidden="true" />{ explanation.title.clone() }
            </span>
            { decision_numbers(explanation, None) }
            if let Some(formula) = formula {
                <span class="formula">{ message_view(formula, None) }</span>
            }
        </button>
    }
}

fn notes(shown: &Picture, strings: &Strings) -> Html {
    let report = &shown.report;
    let failed = report.expectations.iter().filter(|it| !it.met);
    let messages: Vec<_> =
        failed.map(|it| it.message.clone()).chain(report.notes.iter().cloned()).collect();
    if messages.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="notes" tabindex="0" aria-label={strings.notes}>
            { for messages.iter().map(|it| html! { <li>{ message_view(it, None) }</li> }) }
        </ul>
    }
}
