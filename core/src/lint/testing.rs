//! Runs one rule over YAML whose findings are marked under the line.

use super::{Input, Rule};
use crate::assumption::Version;
use crate::diagnostic::Diagnostic;
use crate::manifest::{self, Body};
use crate::scenario::{self, Scenario};
use crate::source::{LineIndex, Span};

/// Checks that `rule` finds exactly what is marked: a line of `^^^ message` under what is found,
/// one of `~~~ message` under what belongs to it. Marks are no part of the YAML.
#[track_caller]
pub(super) fn check(rule: &Rule, marked: &str) {
    compare(rule, None, marked);
}

/// The same in a cluster of Kubernetes 1.`minor`.
#[track_caller]
pub(super) fn check_at(minor: u32, rule: &Rule, marked: &str) {
    compare(rule, Some(minor), marked);
}

#[track_caller]
fn compare(rule: &Rule, minor: Option<u32>, marked: &str) {
    let is_mark = |line: &str| line.trim_start().starts_with(['^', '~']);
    let yaml: String = marked.lines().filter(|it| !is_mark(it)).flat_map(|it| [it, "\n"]).collect();
    let found = run(rule, minor, &yaml);
    let mut marks: Vec<(Span, char, &str)> = Vec::new();
    for it in &found {
        marks.push((it.span, '^', &it.message));
        marks.extend(it.labels.iter().map(|it| (it.span, '~', it.message.as_str())));
    }
    marks.sort_by_key(|(span, ..)| *span);
    let index = LineIndex::new(&yaml);
    let mut actual = String::new();
    for (number, line) in yaml.lines().enumerate() {
        actual.push_str(line);
        actual.push('\n');
        for (span, mark, message) in marks.iter().filter(|it| index.line(it.0.start) == number) {
            let column = span.start - index.line_start(number);
            let length = span.len().min(line.len() - column);
            let mark = mark.to_string().repeat(length);
            actual.extend([&" ".repeat(column), &mark, " ", message, "\n"]);
        }
    }
    let expected: String = marked.lines().flat_map(|it| [it, "\n"]).collect();
    assert_eq!(actual, expected, "actually found:\n{actual}");
}

/// What the first fix of the first finding of `rule` makes of `yaml`.
#[track_caller]
pub(super) fn fixed(rule: &Rule, yaml: &str) -> String {
    fixed_by(rule, yaml, 0)
}

/// What fix `fix` of the first finding of `rule` makes of `yaml`.
#[track_caller]
pub(super) fn fixed_by(rule: &Rule, yaml: &str, fix: usize) -> String {
    apply(&run(rule, None, yaml), yaml, fix)
}

/// As [`fixed`], in a cluster of Kubernetes 1.`minor`.
#[track_caller]
pub(super) fn fixed_at(minor: u32, rule: &Rule, yaml: &str) -> String {
    apply(&run(rule, Some(minor), yaml), yaml, 0)
}

#[track_caller]
fn apply(found: &[Diagnostic], yaml: &str, fix: usize) -> String {
    let edits = &found[0].fixes[fix].edits;
    let is_in_order = edits.windows(2).all(|it| it[0].span.end <= it[1].span.start);
    assert!(is_in_order, "edits overlap or are out of order: {edits:?}");
    let mut text = yaml.to_owned();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    text
}

fn run(rule: &Rule, minor: Option<u32>, yaml: &str) -> Vec<Diagnostic> {
    let documents = manifest::read(yaml);
    let scenarios = documents.documents.iter().filter_map(|it| match &it.body {
        Body::Scenario(node) => Some(node),
        _ => None,
    });
    let mut scenario = scenario::read(scenarios).scenario.unwrap_or_else(Scenario::empty);
    if let Some(minor) = minor {
        scenario.assumptions.versions.kubernetes = Version { major: 1, minor };
    }
    let mut found = Vec::new();
    (rule.check)(&Input::new(yaml, &documents, &scenario), &mut found);
    found
}
