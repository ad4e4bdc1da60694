//! Cuts a text at its document markers.
//!
//! `---` and `...` at the start of a line, followed by a blank or the end of the line, can't be
//! anything else in YAML: no scalar may hold such a line. So the cut needs no parser, and a
//! document that can't be parsed does not reach into the next one.

use crate::source::Span;

/// The documents of `text`, in its order. A span starts after `---`; parts without content
/// (nothing but blanks, comments and directives) are left out.
pub fn documents(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut line_start = start;
    for line in text[start..].split_inclusive('\n') {
        if is_marker(line) {
            push(text, Span::new(start, line_start), &mut found);
            start = line_start + 3;
        }
        line_start += line.len();
    }
    push(text, Span::new(start, text.len()), &mut found);
    found
}

/// The first line of `span` that is not blank, without the blanks around it.
pub fn first_line(text: &str, span: Span) -> Span {
    let part = &text[span.start..span.end];
    let start = span.start + (part.len() - part.trim_start().len());
    let line = text[start..span.end].lines().next().unwrap_or_default();
    Span::new(start, start + line.trim_end().len())
}

fn push(text: &str, span: Span, found: &mut Vec<Span>) {
    if text[span.start..span.end].lines().any(has_content) {
        found.push(span);
    }
}

fn has_content(line: &str) -> bool {
    let content = line.trim_start();
    !content.is_empty() && !content.starts_with('#') && !line.starts_with('%')
}

fn is_marker(line: &str) -> bool {
    let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
    rest.is_some_and(|it| it.is_empty() || it.starts_with([' ', '\t', '\n', '\r']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_markers_only() {
        check("a: 1", &["a: 1"]);
        check("a: 1\n---\nb: 2\n", &["a: 1\n", "\nb: 2\n"]);
        check("---\na: 1\n...\n# end\n", &["\na: 1\n"]);
        check("a: 1\r\n---\r\nb: 2", &["a: 1\r\n", "\r\nb: 2"]);
        check("--- {a: 1}\n--- # two\nb: 2", &[" {a: 1}\n", " # two\nb: 2"]);
        check("%YAML 1.2\n---\na: 1", &["\na: 1"]);
        check("\u{feff}---\na: 1", &["\na: 1"]);
        check("a: |\n  ---\n  b\n----\n", &["a: |\n  ---\n  b\n----\n"]);
        check("---\n---\n# nothing\n---", &[]);
        check("", &[]);
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = documents(text).iter().map(|it| &text[it.start..it.end]).collect();
        assert_eq!(found, expected);
    }
}
