//! A text and what it leads to.

use std::rc::Rc;

use tidetable_core::Report;

use super::Shared;

/// A text and what it leads to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    /// The text.
    pub(crate) text: Rc<str>,
    /// The state's revision when it was asked for.
    pub(crate) revision: u32,
    /// What it leads to; its spans are places in `text`.
    pub(crate) report: Shared<Report>,
    /// How long the prediction took, in milliseconds.
    pub(crate) elapsed_ms: f64,
}
