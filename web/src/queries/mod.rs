//! What is read from a report in order to draw it. Nothing here changes anything.

pub(crate) mod axis;
pub(crate) mod book;
pub(crate) mod broken;
pub(crate) mod chart_lists;
pub(crate) mod edits;
pub(crate) mod examples;
pub(crate) mod guide;
pub(crate) mod legend;
pub(crate) mod looks;
pub(crate) mod marks;
pub(crate) mod now;
pub(crate) mod numbers;
pub(crate) mod offsets;
pub(crate) mod releases;
pub(crate) mod scenario;
pub(crate) mod summary;
pub(crate) mod track;
