//! The page, drawn from the state.

use tidetable_core::{
    Language,
    report::{AutoscalerKind, Explanation, Tone},
};
use yew::{html::Scope, prelude::*};

use super::{App, Message};
use crate::{
    panes::{Left, Placement, RightNow, Timeline, TopBar, Why},
    parts::{Divider, Side, middle_switch},
    queries::releases,
    state::{Middle, Now, Shared, State, View},
    strings::{self, Strings},
    tasks::files,
};

const LEFT_PERCENT: f64 = 27.5;
const RIGHT_PERCENT: f64 = 27.8;

/// The whole page.
pub(super) fn page(state: &State, link: &Scope<App>) -> Html {
    let strings = strings::of(state.language);
    let send = link.callback(|message: Message| message);
    let dropped = send.reform(Message::FilesOpened);
    let is_now = state.middle == Middle::RightNow;
    let explanation = explanation(state);
    html! {
        <ContextProvider<Language> context={state.language}>
            <div
                class="page"
                data-view={state.view.name()}
                ondragover={|event: DragEvent| {
                    if holds_files(&event) {
                        event.prevent_default();
                    }
                }}
                ondrop={move |event: DragEvent| {
                    if holds_files(&event) {
                        event.prevent_default();
                        let files = event.data_transfer().and_then(|it| it.files());
                        files::read(files, dropped.clone());
                    }
                }}
            >
                <TopBar
                    language={state.language}
                    theme={state.theme}
                    example={state.example.clone()}
                    upstream={state.shown.as_ref().map(|it| it.report.upstream.clone())}
                    chosen_ray={state.shown.as_ref().map_or_else(String::new, |it| {
                        releases::chosen_ray(&it.report)
                    })}
                    has_ray={has_ray(state)}
                    send={send.clone()}
                />
                <main class="columns">
                    <Left
                        text={state.text.clone()}
                        latest={state.latest.clone()}
                        highlight={highlight(state)}
                        goal={state.goal}
                        tab={state.tab}
                        now={state.now.clone().filter(|_| is_now)}
                        send={send.clone()}
                    />
                    <Divider side={Side::Left} label={strings.resize_left} percent={LEFT_PERCENT} />
                    { middle(state, &send, strings) }
                    <Divider
                        side={Side::Right}
                        label={strings.resize_right}
                        percent={RIGHT_PERCENT}
                    />
                    <Why
                        report={state.shown.as_ref().map(|it| it.report.clone())}
                        selection={state.selection.clone().filter(|_| !is_now)}
                        explanation={explanation}
                        tone={tone(state)}
                        empty={if is_now { strings.nothing_to_explain } else { strings.pick_a_decision }}
                        pointed_line={state.pointed_line}
                        is_stale={state.is_stale()}
                        send={send.clone()}
                    />
                </main>
                { views(state, &send, strings) }
                { notice(state, &send, strings) }
            </div>
        </ContextProvider<Language>>
    }
}

/// Whether files are dragged, and not a piece of text.
fn holds_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|it| it.types().includes(&"Files".into(), 0))
}

/// The tab bar of a narrow page.
fn views(state: &State, send: &Callback<Message>, strings: &Strings) -> Html {
    html! {
        <nav class="views" aria-label={strings.views}>
            { for [
                (View::Yaml, strings.yaml),
                (View::Load, strings.load),
                (View::Timeline, strings.timeline),
                (View::Placement, strings.placement),
                (View::RightNow, strings.right_now),
                (View::Why, strings.why),
            ].map(|(view, name)| html! {
                <button
                    type="button"
                    aria-current={(state.view == view).then_some("page")}
                    onclick={send.reform(move |_| Message::ViewChosen(view))}
                >{ name }</button>
            }) }
        </nav>
    }
}

fn notice(state: &State, send: &Callback<Message>, strings: &Strings) -> Html {
    html! {
        <div class="notice" role="status">
            if let Some(notice) = state.notice {
                <p>
                    { notice }
                    <button
                        type="button"
                        onclick={send.reform(|_| Message::NoticeDismissed)}
                    >{ strings.dismiss }</button>
                </p>
            }
        </div>
    }
}

/// The switch stays where it is, so that the focus does.
fn middle(state: &State, send: &Callback<Message>, strings: &Strings) -> Html {
    html! {
        <div class="middle">
            { middle_switch(state.middle, send, strings) }
            if state.middle == Middle::RightNow {
                <RightNow
                    now={state.now.clone()}
                    is_stale={state.now.as_ref().is_some_and(|it| it.revision != state.revision)}
                    send={send.clone()}
                />
            } else if state.middle == Middle::Placement {
                <Placement
                    placed={state.placed.clone()}
                    at_ms={state.placement_at_ms()}
                    duration_ms={state.shown.as_ref().map_or(0.0, |it| it.report.duration_ms)}
                    is_stale={state.is_stale()}
                    send={send.clone()}
                />
            } else {
                <Timeline
                    shown={state.shown.clone()}
                    latest={state.latest.clone()}
                    is_stale={state.is_stale()}
                    selection={state.selection.clone()}
                    explanation={state.explanation.clone()}
                    range={state.range}
                    send={send.clone()}
                />
            }
        </div>
    }
}

/// Whose decision the why column explains.
fn tone(state: &State) -> Tone {
    let now = state.now.as_ref().filter(|_| state.middle == Middle::RightNow);
    now.map_or_else(|| selected_tone(state), Now::tone)
}

fn selected_tone(state: &State) -> Tone {
    let (Some(picture), Some(selection)) = (&state.shown, &state.selection) else {
        return Tone::Hpa;
    };
    picture.report.autoscalers.get(selection.autoscaler).map_or(Tone::Hpa, |it| it.tone)
}

/// What the why column explains: the selected look, or the next one of what is chosen.
fn explanation(state: &State) -> Option<Shared<Explanation>> {
    match state.middle {
        Middle::Timeline | Middle::Placement => state.explanation.clone(),
        Middle::RightNow => state.now.as_ref()?.explanation(),
    }
}

/// The place that the editor highlights: what the reader points at, else the field that bound
/// the decision which is explained.
/// Whether a Ray autoscaler decides in what is shown.
fn has_ray(state: &State) -> bool {
    let shown = state.shown.as_ref();
    shown.is_some_and(|it| it.report.autoscalers.iter().any(|it| it.kind == AutoscalerKind::Ray))
}

fn highlight(state: &State) -> Option<tidetable_core::source::Span> {
    if state.pointed.is_some() || state.is_stale() {
        return state.pointed.filter(|_| !state.is_stale());
    }
    explanation(state)?.steps.iter().rev().find(|it| it.binds).and_then(|it| it.span)
}
