//! The user's text as trees of spanned nodes.
//!
//! Reading can't fail: whatever a text holds, it gives documents and diagnostics. A document that
//! is no YAML takes no other with it, every value knows where it stands, and [`Fields`] names the
//! fields that nobody asked for. Nothing here knows Kubernetes, except that numbers, quantities
//! and durations are read as its API reads them.
//!
//! Text is cut at document markers ([`split`]), each part becomes a tree ([`tree`]), kinds read
//! their fields ([`fields`], [`scalar`]), and text edits change a field in place ([`edit`]).

mod build;
pub mod edit;
mod embedded;
pub mod fields;
mod merge;
pub mod scalar;
pub mod split;
pub mod tree;

#[cfg(test)]
mod tests;

pub use embedded::read_embedded;
pub use fields::{Fields, Findings};
pub use merge::{is_alike, merge};
pub use tree::{Entry, Node, Spanned, Style, Value};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;

/// Bytes of text that are read; documents beyond are named and left out.
pub const MAX_TEXT_BYTES: usize = 2 * 1024 * 1024;
/// Levels of nesting that a document may have.
pub const MAX_DEPTH: usize = 100;
/// Nodes that a text may have once its aliases are resolved.
pub const MAX_NODES: usize = 500_000;

/// One document of a text.
#[derive(Clone, Debug)]
pub struct Part {
    /// The document's text without its markers.
    pub span: Span,
    /// Its tree; none if it is no YAML. A diagnostic says why.
    pub root: Option<Node>,
}

/// What a text holds.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Documents in the order of the text; empty ones are left out.
    pub parts: Vec<Part>,
    /// What is wrong with the text, in its order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parts {
    /// The trees of the documents that are YAML.
    pub fn roots(&self) -> impl Iterator<Item = &Node> {
        self.parts.iter().filter_map(|part| part.root.as_ref())
    }
}

/// Reads `text` as a stream of YAML (or JSON) documents.
///
/// ```
/// # use tidetable_core::yaml;
/// let read = yaml::read("a: [1, 2\n---\nb: 3\n");
/// assert_eq!(read.diagnostics.len(), 1, "the first document is broken");
/// assert!(read.parts[1].root.is_some(), "the second is read all the same");
/// ```
pub fn read(text: &str) -> Parts {
    let mut read = Parts::default();
    let mut budget = build::Budget::default();
    for span in split::documents(text) {
        if span.end > MAX_TEXT_BYTES {
            let message = format!(
                "the text is longer than {} MiB: what follows is not read",
                MAX_TEXT_BYTES / 1024 / 1024
            );
            let first_line = split::first_line(text, span);
            read.diagnostics.push(Diagnostic::new("TT103", Severity::Error, first_line, message));
            break;
        }
        let root = build::tree(text, span, &mut budget, &mut read.diagnostics);
        if root.as_ref().is_none_or(|node| !node.is_null()) {
            read.parts.push(Part { span, root });
        }
    }
    read
}
