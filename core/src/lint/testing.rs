//! Runs one rule over YAML whose findings are marked under the line.

use super::{Input, Rule};
use crate::manifest;
use crate::source::LineIndex;

/// Checks that `rule` finds exactly what is marked: a line of `^^^ message` under what is found.
/// Marks are no part of the YAML.
#[track_caller]
pub(super) fn check(rule: &Rule, marked: &str) {
    let is_mark = |line: &str| line.trim_start().starts_with('^');
    let yaml: String = marked.lines().filter(|it| !is_mark(it)).flat_map(|it| [it, "\n"]).collect();
    let documents = manifest::read(&yaml);
    let mut found = Vec::new();
    (rule.check)(&Input { text: &yaml, documents: &documents }, &mut found);
    found.sort_by_key(|it| it.span);
    let index = LineIndex::new(&yaml);
    let mut actual = String::new();
    for (number, line) in yaml.lines().enumerate() {
        actual.push_str(line);
        actual.push('\n');
        for it in found.iter().filter(|it| index.line(it.span.start) == number) {
            let column = it.span.start - index.line_start(number);
            let length = it.span.len().min(line.len() - column);
            let mark = format!("{}{}", " ".repeat(column), "^".repeat(length));
            actual.extend([&mark, " ", &it.message, "\n"]);
        }
    }
    let expected: String = marked.lines().flat_map(|it| [it, "\n"]).collect();
    assert_eq!(actual, expected, "actually found:\n{actual}");
}

/// What the first fix of the first finding of `rule` makes of `yaml`.
#[track_caller]
pub(super) fn fixed(rule: &Rule, yaml: &str) -> String {
    let documents = manifest::read(yaml);
    let mut found = Vec::new();
    (rule.check)(&Input { text: yaml, documents: &documents }, &mut found);
    let mut text = yaml.to_owned();
    for edit in found[0].fixes[0].edits.iter().rev() {
        text.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    text
}
