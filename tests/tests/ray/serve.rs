//! Serve's own answers, and ours, to edge cases by name; and every rule at work.

use std::collections::BTreeSet;

use serde_json::Value;
use tidetable_core::serve::{Cause, Direction, Limit};
use tidetable_tests::ray_json::{cases, report};
use tidetable_tests::ray_serve::{answer, differs};

#[test]
fn every_edge_case_gets_serves_answers() {
    let cases = cases("serve-table");
    let differs = |case: &Value| Some(format!("{}\n{}", case["name"], differs(case)?));
    let differences: Vec<String> = cases.iter().filter_map(differs).collect();
    report("serve-table", &differences, cases.len());
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
