//! The API server's refusals, in its own words.
//!
//! Upstream: apimachinery 0.37 pkg/util/validation/field/errors.go `Error.ErrorBody`.

use std::fmt::Display;

use super::ApiRules;
use crate::diagnostic::{Diagnostic, Severity};
use crate::go;
use crate::source::Span;
use crate::yaml::{Findings, Spanned};

/// Refuses fields of one family of rules, as `rules` have it.
#[derive(Clone, Copy)]
pub(super) struct Refusal<'run> {
    pub(super) code: &'static str,
    pub(super) rules: ApiRules,
    /// Whether something could not be read, so that it only seems to be missing.
    pub(super) is_partial: bool,
    pub(super) findings: &'run Findings,
}

impl<'run> Refusal<'run> {
    /// Refuses as the newest release does.
    pub(super) fn of(code: &'static str, findings: &'run Findings) -> Self {
        Self { code, rules: ApiRules::default(), is_partial: false, findings }
    }

    /// The same under another code.
    pub(super) const fn code(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    /// `PATH: Invalid value: VALUE: DETAIL`
    pub(super) fn invalid(self, span: Span, path: &str, value: impl Display, detail: &str) {
        self.push(span, format!("{path}: Invalid value: {value}: {detail}"));
    }

    /// `PATH: Required value`, with a detail unless it is empty.
    pub(super) fn required(self, span: Span, path: &str, detail: &str) {
        let colon = if detail.is_empty() { "" } else { ": " };
        self.push(span, format!("{path}: Required value{colon}{detail}"));
    }

    /// The same for a value that is not there, unless it may only be unreadable.
    pub(super) fn missing(self, span: Span, path: &str, detail: &str) {
        if !self.is_partial {
            self.required(span, path, detail);
        }
    }

    /// `value`, or the 0 that stands for one that is not there; none if it may be unreadable.
    pub(super) fn or_zero(self, value: Option<Spanned<i32>>, place: Span) -> Option<Spanned<i32>> {
        value.or((!self.is_partial).then_some(Spanned::new(0, place)))
    }

    /// `text` and its place, or the empty text; none if it may be unreadable.
    pub(super) fn or_empty(
        self,
        text: Option<&'run Spanned<String>>,
        place: Span,
    ) -> Option<(&'run str, Span)> {
        match text {
            Some(text) => Some((&text.value, text.span)),
            None => (!self.is_partial).then_some(("", place)),
        }
    }

    /// `PATH: Unsupported value: "VALUE": supported values: "A", "B"`
    pub(super) fn unsupported(self, span: Span, path: &str, value: &str, supported: &[&str]) {
        let names: Vec<String> = supported.iter().map(|it| format!("\"{it}\"")).collect();
        let (value, names) = (self.word(value), names.join(", "));
        self.push(span, format!("{path}: Unsupported value: {value}: supported values: {names}"));
    }

    /// `PATH: Forbidden: DETAIL`
    pub(super) fn forbidden(self, span: Span, path: &str, detail: &str) {
        self.push(span, format!("{path}: Forbidden: {detail}"));
    }

    /// A value of a type of its own, as `Resource` is a metric's type.
    pub(super) fn word(self, value: &str) -> String {
        if self.rules.json_values { go::json(value) } else { go::quoted(value) }
    }

    pub(super) fn push(self, span: Span, message: String) {
        self.findings.push(Diagnostic::new(self.code, Severity::Error, span, message));
    }
}
