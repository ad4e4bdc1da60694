//! The API server's refusals, in its own words.
//!
//! Upstream: apimachinery 0.37 pkg/util/validation/field/errors.go `Error.ErrorBody`.

use std::fmt::Display;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::yaml::Findings;

/// Refuses fields of one family of rules.
#[derive(Clone, Copy)]
pub(super) struct Refusal<'run> {
    pub(super) code: &'static str,
    pub(super) findings: &'run Findings,
}

impl Refusal<'_> {
    /// `PATH: Invalid value: VALUE: DETAIL`
    pub(super) fn invalid(self, span: Span, path: &str, value: impl Display, detail: &str) {
        self.push(span, format!("{path}: Invalid value: {value}: {detail}"));
    }

    /// `PATH: Required value`, with a detail unless it is empty.
    pub(super) fn required(self, span: Span, path: &str, detail: &str) {
        let colon = if detail.is_empty() { "" } else { ": " };
        self.push(span, format!("{path}: Required value{colon}{detail}"));
    }

    /// `PATH: Unsupported value: "VALUE": supported values: "A", "B"`
    pub(super) fn unsupported(self, span: Span, path: &str, value: &str, supported: &[&str]) {
        let names: Vec<String> = supported.iter().map(|it| format!("\"{it}\"")).collect();
        let names = names.join(", ");
        self.push(
            span,
            format!("{path}: Unsupported value: \"{value}\": supported values: {names}"),
        );
    }

    /// `PATH: Forbidden: DETAIL`
    pub(super) fn forbidden(self, span: Span, path: &str, detail: &str) {
        self.push(span, format!("{path}: Forbidden: {detail}"));
    }

    fn push(self, span: Span, message: String) {
        self.findings.push(Diagnostic::new(self.code, Severity::Error, span, message));
    }
}
