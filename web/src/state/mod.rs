//! The values that the page is drawn from.

mod layout;
mod now;
mod picture;
mod placed;
mod selection;
mod shared;

pub(crate) use layout::{Middle, Tab, Theme, View};
pub(crate) use now::Now;
pub(crate) use picture::Picture;
pub(crate) use placed::PlacedAt;
pub(crate) use selection::Selection;
pub(crate) use shared::Shared;

use std::rc::Rc;

use tidetable_core::{Language, report::Explanation, source::Span};

use crate::queries::axis::Range;

/// Everything that the page shows.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Language of the page and of what core says.
    pub(crate) language: Language,
    /// Light, dark, or as the system.
    pub(crate) theme: Theme,
    /// The user's text, line ends as `\n`.
    pub(crate) text: Rc<str>,
    /// Counts texts and languages, so that late answers are known as such.
    pub(crate) revision: u32,
    /// The example that the text began as.
    pub(crate) example: Option<String>,
    /// What the newest answered text leads to.
    pub(crate) latest: Option<Picture>,
    /// What is drawn: the newest that could be predicted.
    pub(crate) shown: Option<Picture>,
    /// The look that the why column explains.
    pub(crate) selection: Option<Selection>,
    /// The explanation of that look.
    pub(crate) explanation: Option<Shared<Explanation>>,
    /// The time that the charts show.
    pub(crate) range: Range,
    /// The place that the reader points at in the why column.
    pub(crate) pointed: Option<Span>,
    /// The line that the reader points at in the editor.
    pub(crate) pointed_line: Option<Span>,
    /// Where the editor was last asked to go, and how often it was asked.
    pub(crate) goal: Option<(u32, Span)>,
    /// Which form the left column shows.
    pub(crate) tab: Tab,
    /// What the middle column shows.
    pub(crate) middle: Middle,
    /// The next decisions, once somebody asked for them.
    pub(crate) now: Option<Now>,
    /// The instant whose placement is asked for, where it is not the selected look's.
    pub(crate) placement_at_ms: Option<f64>,
    /// Who is where at that instant, once somebody asked for it.
    pub(crate) placed: Option<PlacedAt>,
    /// Which column a phone shows.
    pub(crate) view: View,
    /// A line of news, as after copying a link.
    pub(crate) notice: Option<&'static str>,
}

impl State {
    /// Whether the newest text leads to nothing that can be drawn, and an older one is shown.
    pub(crate) fn is_stale(&self) -> bool {
        match (&self.latest, &self.shown) {
            (Some(latest), Some(shown)) => latest.revision != shown.revision,
            _ => false,
        }
    }

    /// The instant whose placement is shown: what the reader chose, else the selected look's.
    pub(crate) fn placement_at_ms(&self) -> f64 {
        let duration_ms = self.shown.as_ref().map_or(0.0, |it| it.report.duration_ms);
        let chosen = self.placement_at_ms.or(self.selection.as_ref().map(|it| it.at_ms));
        chosen.unwrap_or(0.0).clamp(0.0, duration_ms)
    }

    /// Shows a tab of the left column, on a phone as well.
    pub(crate) fn show_tab(&mut self, tab: Tab) {
        self.tab = tab;
        self.view = if tab == Tab::Manifests { View::Yaml } else { View::Load };
    }

    /// Shows a column on a phone, and its tab.
    pub(crate) fn show_view(&mut self, view: View) {
        self.view = view;
        match view {
            View::Yaml => self.tab = Tab::Manifests,
            View::Load if self.tab == Tab::Manifests => self.tab = Tab::Load,
            View::Timeline => self.middle = Middle::Timeline,
            View::Placement => self.middle = Middle::Placement,
            View::RightNow => self.middle = Middle::RightNow,
            View::Load | View::Why => {}
        }
    }

    /// Shows one of these in the middle column, on a phone as well.
    pub(crate) fn show_middle(&mut self, middle: Middle) {
        self.show_view(match middle {
            Middle::Timeline => View::Timeline,
            Middle::Placement => View::Placement,
            Middle::RightNow => View::RightNow,
        });
    }
}
