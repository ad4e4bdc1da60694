//! Small parts: values in, callbacks out.
//!
//! What has neither state nor effects is a function that returns `Html`: each Yew component costs
//! some 3 KB of the page's budget before it does anything.

mod chart;
mod decision_numbers;
mod decision_track;
mod divider;
mod ledger_step;
mod load_picture;
mod message_view;
mod metric_table;
mod middle_switch;
mod placed;
mod pod_groups;
mod text_field;
mod time_axis;
mod verdict_card;

pub(crate) use chart::ChartFigure;
pub(crate) use decision_numbers::decision_numbers;
pub(crate) use decision_track::DecisionTrack;
pub(crate) use divider::{Divider, Side};
pub(crate) use ledger_step::ledger_line;
pub(crate) use load_picture::load_picture;
pub(crate) use message_view::message_view;
pub(crate) use metric_table::metric_table;
pub(crate) use middle_switch::middle_switch;
pub(crate) use placed::{Placed, use_property};
pub(crate) use pod_groups::pod_groups;
pub(crate) use text_field::TextField;
pub(crate) use time_axis::{time_axis, time_cursor};
pub(crate) use verdict_card::verdict_card;

use tidetable_core::{report::Tone, source::Span};
use yew::Callback;

/// What a place in the why column does when it is pointed at and when it is picked.
#[derive(Clone, PartialEq)]
pub(crate) struct Links {
    /// The pointer or the focus came (`Some`) or left.
    pub(crate) pointed: Callback<Option<Span>>,
    /// It was picked.
    pub(crate) picked: Callback<Span>,
}

/// As in `data-tone`, which the styles select by.
pub(crate) const fn tone_name(tone: Tone) -> &'static str {
    match tone {
        Tone::Hpa => "hpa",
        Tone::Ray => "ray",
        Tone::Serve => "serve",
        Tone::Node => "node",
        Tone::Load => "load",
        Tone::Bad => "bad",
    }
}
