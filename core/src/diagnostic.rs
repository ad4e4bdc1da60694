//! What is wrong with a text, where, and how to mend it.
//!
//! A diagnostic never stops the reading: whatever else is sound is still predicted. Messages speak
//! the user's words, in lower case and without a full stop.

pub mod codes;

use serde::{Deserialize, Serialize};

use crate::chapter;
use crate::source::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something to know: a field that is not modelled, an assumption that was made.
    Info,
    /// Probably not what was meant; the prediction holds all the same.
    Warning,
    /// The API server or a controller would refuse it, or it can't be read.
    Error,
}

/// A second place that belongs to the finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What this place has to do with it.
    pub message: String,
}

/// Whether a fix may be applied without a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Applicability {
    /// Means the same afterwards.
    Safe,
    /// May change what the autoscalers decide.
    ChangesDecisions,
}

/// Replaces the bytes of `span` by `text`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextEdit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// A change that mends the finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fix {
    /// What it does, as a verb: `request 500m`.
    pub title: String,
    /// Edits that do not overlap, in the order of the text.
    pub edits: Vec<TextEdit>,
    /// Whether it needs a second look.
    pub applicability: Applicability,
}

impl Fix {
    /// A fix that may change what the autoscalers decide.
    pub fn changes_decisions(title: impl Into<String>, edits: Vec<TextEdit>) -> Self {
        Self { title: title.into(), edits, applicability: Applicability::ChangesDecisions }
    }

    /// A fix after which the text means the same.
    pub fn safe(title: impl Into<String>, edits: Vec<TextEdit>) -> Self {
        Self { title: title.into(), edits, applicability: Applicability::Safe }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Diagnostic {
    /// Stable: `TT014`. A code is never used twice.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// Further places.
    pub labels: Vec<Label>,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
    /// The book's chapter that explains it, as `wrong/others#P36`; at least its entry on the page
    /// of all findings.
    pub chapter: Option<String>,
}

impl Diagnostic {
    /// A finding of `severity` at `span`.
    pub fn new(code: &str, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        let message = message.into();
        #[cfg(test)]
        in_korean::check(code, &message);
        Self {
            code: code.to_owned(),
            severity,
            span,
            message,
            labels: Vec::new(),
            fixes: Vec::new(),
            chapter: Some([chapter::DIAGNOSTICS, "#", code].concat()),
        }
    }

    /// Adds a second place.
    #[must_use]
    pub fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        let message = message.into();
        #[cfg(test)]
        in_korean::check(&self.code, &message);
        self.labels.push(Label { span, message });
        self
    }

    /// Adds a way to mend it.
    #[must_use]
    pub fn with(mut self, fix: Fix) -> Self {
        #[cfg(test)]
        in_korean::check(&self.code, &fix.title);
        self.fixes.push(fix);
        self
    }

    /// Names the chapter that explains it.
    #[must_use]
    pub fn explained_in(mut self, chapter: &str) -> Self {
        self.chapter = Some(chapter.to_owned());
        self
    }
}

/// Whatever a test finds has Korean words.
#[cfg(test)]
mod in_korean {
    use crate::explain::finding::is_known;

    #[track_caller]
    pub(super) fn check(code: &str, text: &str) {
        assert!(is_known(code, text), "not in core/src/explain/ko/finding: {code}: {text}");
    }
}
