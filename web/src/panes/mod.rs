//! The regions of the page. Each is drawn from the state and says what happened in messages.

mod assumptions;
mod editor;
mod left;
mod load;
mod placement;
mod right_now;
mod timeline;
mod top_bar;
mod totals;
mod why;

pub(crate) use left::Left;
pub(crate) use placement::Placement;
pub(crate) use right_now::RightNow;
pub(crate) use timeline::Timeline;
pub(crate) use top_bar::TopBar;
pub(crate) use why::Why;
