//! What the editor shows in place: each diagnostic, and each field that binds.

use serde::Serialize;
use tidetable_core::{
    Report,
    diagnostic::{Diagnostic, Fix, Severity},
    source::Span,
};

use super::{book, offsets::Offsets};

/// One mark in the editor; `web/js/editor.ts` reads it under these names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Mark {
    /// First UTF-16 unit.
    pub(crate) from: usize,
    /// After the last one.
    pub(crate) to: usize,
    /// `error`, `warning`, `info` or `binds`.
    pub(crate) kind: &'static str,
    /// The line under the line.
    pub(crate) message: String,
    /// Titles of its fixes.
    pub(crate) fixes: Vec<String>,
    /// The chapter that explains it, or empty.
    pub(crate) chapter: String,
}

/// All marks of a report: its diagnostics, then its bindings; then what else was `found`, whose
/// fixes are left out.
pub(crate) fn of(text: &str, report: &Report, found: &[Diagnostic]) -> Vec<Mark> {
    let offsets = Offsets::new(text);
    let place = |span: Span| (offsets.unit(span.start), offsets.unit(span.end));
    let diagnostics = report.diagnostics.iter().map(|it| {
        let (from, to) = place(it.span);
        let chapter = it.chapter.as_deref();
        Mark {
            from,
            to,
            kind: severity_name(it.severity),
            message: it.message.clone(),
            fixes: it.fixes.iter().map(|fix| fix.title.clone()).collect(),
            chapter: chapter.map(|it| book::chapter(report.language, it)).unwrap_or_default(),
        }
    });
    let bindings = report.bindings.iter().map(|it| {
        let (from, to) = place(it.span);
        Mark {
            from,
            to,
            kind: "binds",
            message: it.message.to_string(),
            fixes: it.fix.iter().map(|fix| fix.title.clone()).collect(),
            chapter: String::new(),
        }
    });
    let found = found.iter().map(|it| {
        let (from, to) = place(it.span);
        let (kind, message) = (severity_name(it.severity), it.message.clone());
        Mark { from, to, kind, message, fixes: Vec::new(), chapter: String::new() }
    });
    diagnostics.chain(bindings).chain(found).collect()
}

/// Fix `fix` of mark `mark`.
pub(crate) fn fix(report: &Report, mark: usize, fix: usize) -> Option<&Fix> {
    match mark.checked_sub(report.diagnostics.len()) {
        None => report.diagnostics[mark].fixes.get(fix),
        Some(binding) => report.bindings.get(binding)?.fix.as_ref().filter(|_| fix == 0),
    }
}

/// As in the styles.
pub(crate) const fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidetable_core::{
        diagnostic::Diagnostic,
        report::{Binding, Message},
    };

    #[test]
    fn marks_stand_where_browsers_count_and_find_their_fixes() {
        let text = "한: 5\n";
        let fix_named = |title: &str| Fix::changes_decisions(title, Vec::new());
        let diagnostic = Diagnostic::new("TT014", Severity::Error, Span::new(5, 6), "no")
            .with(fix_named("first"))
            .with(fix_named("second"));
        let binding = Binding {
            autoscaler: 0,
            span: Span::new(0, 3),
            message: Message::new().text("binds"),
            from_ms: 0.0,
            to_ms: 1.0,
            fix: Some(fix_named("try 9")),
        };
        let report =
            Report { diagnostics: vec![diagnostic], bindings: vec![binding], ..Report::default() };
        let places: Vec<_> =
            of(text, &report, &[]).iter().map(|it| (it.from, it.to, it.kind)).collect();
        assert_eq!(places, [(3, 4, "error"), (0, 1, "binds")]);
        let title = |mark, index| fix(&report, mark, index).map(|it| it.title.as_str());
        assert_eq!([title(0, 1), title(1, 0)], [Some("second"), Some("try 9")]);
        assert_eq!([title(0, 2), title(1, 1), title(2, 0)], [None; 3]);
    }
}
