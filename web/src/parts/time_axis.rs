//! The shared time axis, with the cursor's time as a slider on it.

use yew::prelude::*;

use super::Placed;
use crate::{
    queries::{
        axis::{self, Range},
        summary,
    },
    strings::Strings,
};

/// Between two labels there is at least this much room, in pixels.
const LABEL_PX: f64 = 76.0;

/// The axis under plots that are `width` pixels wide.
pub(crate) fn time_axis(range: Range, width: f64) -> Html {
    let ticks = axis::ticks(range, width / LABEL_PX);
    html! {
        <div class="time-ticks" aria-hidden="true">
            { for ticks.into_iter().map(|at| html! {
                <Placed key={at.to_string()} share={range.share(at)}>
                    <span class="time-tick">{ axis::tick_label(at) }</span>
                </Placed>
            }) }
        </div>
    }
}

/// The cursor's time; `change` says what happened there.
pub(crate) fn time_cursor(
    range: Range,
    at_ms: f64,
    change: &str,
    duration_ms: f64,
    strings: &Strings,
) -> Html {
    let time = summary::instant(at_ms);
    html! {
        <Placed share={range.share(at_ms)}>
            <div
                class="time-cursor"
                role="slider"
                tabindex="0"
                aria-label={strings.time_cursor}
                aria-valuemin="0"
                aria-valuemax={duration_ms.to_string()}
                aria-valuenow={at_ms.to_string()}
                aria-valuetext={format!("{time}: {change}")}
            >{ time }</div>
        </Placed>
    }
}
