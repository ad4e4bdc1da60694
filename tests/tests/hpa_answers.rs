//! Kubernetes' own answers to committed questions against ours, for each release: the replica
//! calculator alone, and the whole controller over 20 to 60 syncs (counts, conditions, events, the
//! status, what is remembered, and a trace that leads to the decision). Questions whose answers once
//! differed are among them.

use tidetable_tests::hpa_case::{CalculatorCase, History};
use tidetable_tests::hpa_cases::differences;
use tidetable_tests::hpa_compare::Question;

#[track_caller]
fn check<Q: Question>(at_least: u64) {
    let (mut different, asked) = differences::<Q>();
    let count = different.len();
    different.truncate(5);
    assert_eq!(count, 0, "{count} of {asked} differ:\n{}", different.join("\n"));
    assert!(asked >= at_least, "only {asked} cases are there");
}

#[test]
fn every_metric_answers_as_upstreams_replica_calculator() {
    check::<CalculatorCase>(3000);
}

#[test]
fn every_sync_does_what_upstreams_controller_does() {
    check::<History>(80);
}
