//! A live picture beside a paragraph: the book's widgets, and those on other people's pages.
//!
//! A widget is the same text as everywhere, manifests and Scenario, and one `Widget` document that
//! says what to show of the prediction and which fields are knobs:
//!
//! ```yaml
//! apiVersion: tidetable.dev/v1alpha1
//! kind: Widget
//! spec:
//!   caption: Four replicas after the load is gone
//!   show: [chart, pods]
//!   charts: [replicas]
//!   knobs:
//!   - {field: HorizontalPodAutoscaler spec.maxReplicas, label: maxReplicas, from: 2, to: 20}
//! ```
//!
//! | step | file |
//! |---|---|
//! | the document | [`settings`] |
//! | a field by its name: what it holds, what the text is with another value | [`field`] |
//! | what is shown, from the prediction | [`picture`] |
//! | the same as tables, for print and for pages without JavaScript | [`table`] |
//! | a number or a time out of a prediction, for a sentence | [`query`] |
//!
//! Nothing is computed here that the prediction does not say: a widget only chooses.

pub mod field;
pub mod picture;
pub mod query;
pub mod settings;
pub mod table;
#[cfg(test)]
mod tests;
pub mod words;

pub use picture::{Panel, Picture, draw};
pub use settings::{Knob, Range, Read, Variant, View, Widget, read};
