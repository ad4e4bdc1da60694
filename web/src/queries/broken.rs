//! Whether a report can be drawn, or the last good one stays.

use tidetable_core::{Report, diagnostic::Severity, source::LineIndex};

/// Codes of what can't be read as YAML: a document, or the rest of the text, is left out.
const NOT_YAML: [&str; 3] = ["TT101", "TT102", "TT108"];

/// Whether a report shows the whole of its text: something is predicted, and no document was
/// left out because it can't be read.
pub(crate) fn is_good(report: &Report) -> bool {
    !report.autoscalers.is_empty() && !report.diagnostics.iter().any(|it| NOT_YAML.contains(&it.code.as_str()))
}

/// The line (from 1) where a text breaks: its first error that can't be read, or its first error.
pub(crate) fn line(text: &str, report: &Report) -> Option<usize> {
    let unread = report.diagnostics.iter().find(|it| NOT_YAML.contains(&it.code.as_str()));
    let error = || report.diagnostics.iter().find(|it| it.severity == Severity::Error);
    let found = unread.or_else(error)?;
    Some(LineIndex::new(text).line(found.span.start) + 1)
}
