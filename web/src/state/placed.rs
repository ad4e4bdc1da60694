//! Who is where at an instant.

use tidetable_core::report::Placement;

use super::Shared;

/// A placement, and what it was asked with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlacedAt {
    /// The picture's revision.
    pub(crate) revision: u32,
    /// The instant, in milliseconds.
    pub(crate) at_ms: f64,
    /// Who is where then.
    pub(crate) answer: Shared<Placement>,
}
