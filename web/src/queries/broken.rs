//! Whether a report can be drawn, or the last good one stays.

use tidetable_core::{Report, diagnostic::Severity, source::LineIndex};

/// Codes of what can't be read as YAML: a document, or the rest of the text, is left out.
const NOT_YAML: [&str; 5] = ["TT101", "TT102", "TT104", "TT105", "TT108"];

/// Whether a report shows the whole of its text: something is predicted, and no document was
/// left out because it can't be read.
pub(crate) fn is_good(report: &Report) -> bool {
    !report.autoscalers.is_empty()
        && !report.diagnostics.iter().any(|it| NOT_YAML.contains(&it.code.as_str()))
}

/// The line (from 1) where a text breaks: its first error that can't be read, or its first error.
pub(crate) fn line(text: &str, report: &Report) -> Option<usize> {
    let unread = report.diagnostics.iter().find(|it| NOT_YAML.contains(&it.code.as_str()));
    let error = || report.diagnostics.iter().find(|it| it.severity == Severity::Error);
    let found = unread.or_else(error)?;
    Some(LineIndex::new(text).line(found.span.start) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidetable_core::{Language, predict};

    const HPA: &str = "apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
";

    #[test]
    fn a_text_is_good_while_all_of_it_can_be_read() {
        let cases = [
            (HPA.to_owned(), true, None),
            (format!("{HPA}---\nnot: [closed\n"), false, Some(8)),
            (format!("{HPA}a: *missing\n"), false, Some(7)),
            (String::new(), false, None),
        ];
        for (text, good, broken_line) in cases {
            let report = predict(&text, Language::En).report;
            assert_eq!(is_good(&report), good, "{text}");
            assert_eq!(line(&text, &report), broken_line, "{text}");
        }
    }
}
