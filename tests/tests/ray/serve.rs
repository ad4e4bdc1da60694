//! Serve's own answers, and ours: random histories, and the edge cases of the facts by name.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tidetable_core::serve::{Cause, Direction, Limit};
use tidetable_tests::ray_serve::{answer, differs};

/// The cases of a file, after its header.
fn cases(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("cases/ray/{name}.jsonl"));
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().unwrap();
    assert_eq!(header["upstream"], "ray 2.60.0");
    let cases: Vec<Value> = lines.collect();
    assert_eq!(header["cases"].as_u64(), Some(cases.len() as u64));
    cases
}

#[track_caller]
fn compare(name: &str) {
    let cases = cases(name);
    let title = |case: &Value, index| format!("{name} {index} {}", case["name"]);
    let differences: Vec<String> = cases
        .iter()
        .enumerate()
        .filter_map(|(index, case)| Some(title(case, index) + "\n" + &differs(case)?))
        .collect();
    let first: Vec<&str> = differences.iter().take(5).map(String::as_str).collect();
    assert!(first.is_empty(), "{} of {}\n{}", differences.len(), cases.len(), first.join("\n"));
}

#[test]
fn every_history_gets_serves_answers() {
    compare("serve");
}

#[test]
fn every_edge_case_gets_serves_answers() {
    compare("serve-table");
}

/// The names of the rules that a cause can show. A new rule must be added here.
fn rule(cause: &Cause) -> &'static str {
    match cause {
        Cause::HandleForgotten { dead: false, .. } => "silent handle",
        Cause::HandleForgotten { dead: true, .. } => "dead handle",
        Cause::Aggregated { .. } => "aggregated",
        Cause::ColdStart { .. } => "cold start",
        Cause::NothingRuns { .. } => "nothing runs",
        Cause::Ratio { .. } => "ratio",
        Cause::Scaled { direction: Direction::Up, .. } => "upscaling factor",
        Cause::Scaled { direction: Direction::Down, .. } => "downscaling factor",
        Cause::OneLess { .. } => "one less",
        Cause::Steady { .. } => "steady",
        Cause::NotBelowOne => "not below one",
        Cause::Waits { direction: Direction::Up, .. } => "waits up",
        Cause::Waits { to_zero: true, .. } => "waits to zero",
        Cause::Waits { .. } => "waits down",
        Cause::DelayOver { direction: Direction::Up, .. } => "delay over up",
        Cause::DelayOver { to_zero: true, .. } => "delay over to zero",
        Cause::DelayOver { .. } => "delay over down",
        Cause::GangRounded { .. } => "gangs",
        Cause::Limited { limit: Limit::MinReplicas, .. } => "min_replicas",
        Cause::Limited { limit: Limit::InitialReplicas, .. } => "initial_replicas",
        Cause::Limited { limit: Limit::MaxReplicas, .. } => "max_replicas",
    }
}

#[test]
fn every_rule_is_at_work_in_some_case() {
    let mut traces = Vec::new();
    for case in cases("serve").iter().chain(&cases("serve-table")) {
        answer(case, &mut traces);
    }
    let seen: BTreeSet<&str> = traces.iter().flat_map(|it| &it.causes).map(rule).collect();
    assert_eq!(seen.len(), 21, "{seen:?}");
}
