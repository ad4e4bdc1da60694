//! The shared time axis, with the cursor's time as a slider on it.

use yew::prelude::*;

use super::use_property;
use crate::{
    queries::{
        axis::{self, Range},
        summary,
    },
    strings::use_strings,
};

/// Between two labels there is at least this much room, in pixels.
const LABEL_PX: f64 = 76.0;

#[derive(PartialEq, Properties)]
pub(crate) struct TimeAxisProps {
    pub(crate) range: Range,
    /// Width of the plots, in pixels.
    pub(crate) width: f64,
    /// The cursor's time.
    pub(crate) cursor_ms: Option<f64>,
    /// What happened there, in words.
    pub(crate) cursor_text: String,
    pub(crate) duration_ms: f64,
}

#[component]
pub(crate) fn TimeAxis(props: &TimeAxisProps) -> Html {
    let TimeAxisProps { range, width, cursor_ms, cursor_text, duration_ms } = props;
    let ticks = axis::ticks(*range, width / LABEL_PX);
    let cursor = cursor_ms.filter(|&it| range.contains(it));
    html! {
        <div class="time-axis">
            <div class="time-ticks" aria-hidden="true">
                { for ticks.into_iter().map(|at| html! {
                    <Tick key={at.to_string()} share={range.share(at)} text={axis::tick_label(at)} />
                }) }
            </div>
            if let Some(at_ms) = cursor {
                <CursorPill
                    share={range.share(at_ms)}
                    {at_ms}
                    text={cursor_text.clone()}
                    duration_ms={*duration_ms}
                />
            }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct TickProps {
    share: f64,
    text: String,
}

#[component]
fn Tick(props: &TickProps) -> Html {
    let node = use_node_ref();
    use_property(&node, "--at", props.share);
    html! { <span ref={node} class="time-tick">{ props.text.clone() }</span> }
}

#[derive(PartialEq, Properties)]
struct CursorPillProps {
    share: f64,
    at_ms: f64,
    text: String,
    duration_ms: f64,
}

#[component]
fn CursorPill(props: &CursorPillProps) -> Html {
    let strings = use_strings();
    let node = use_node_ref();
    use_property(&node, "--at", props.share);
    let time = summary::instant(props.at_ms);
    html! {
        <div
            ref={node}
            class="time-cursor"
            role="slider"
            tabindex="0"
            aria-label={strings.time_cursor}
            aria-valuemin="0"
            aria-valuemax={props.duration_ms.to_string()}
            aria-valuenow={props.at_ms.to_string()}
            aria-valuetext={format!("{time}: {}", props.text)}
        >{ time }</div>
    }
}
