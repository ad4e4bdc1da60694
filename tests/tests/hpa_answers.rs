//! Kubernetes' own answers to committed questions against ours, for each release: the replica
//! calculator alone, and the whole controller over 20 to 60 syncs (counts, conditions, events, the
//! status, what is remembered, and a trace that leads to the decision). Questions whose answers once
//! differed are among them.

use std::collections::BTreeSet;

use tidetable_tests::hpa_case::{CalculatorCase, History, SyncAnswer};
use tidetable_tests::hpa_cases::{Answered, differences, each_case, folder};
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

/// Everything that the controller of 1.37 says in a condition or an event, `horizontal.go`.
const SAID: &str = "
    AbleToScale=True SucceededGetScale ReadyForNewScale ScaleDownStabilized ScaleUpStabilized
        SucceededRescale
    AbleToScale=False FailedGetScale FailedUpdateScale
    ScalingActive=True ValidMetricFound
    ScalingActive=False ScalingDisabled InvalidSelector AmbiguousSelector InvalidMetricSourceType
        FailedGetResourceMetric FailedGetContainerResourceMetric FailedGetPodsMetric
        FailedGetObjectMetric FailedGetExternalMetric
    ScalingLimited=False DesiredWithinRange
    ScalingLimited=True TooManyReplicas TooFewReplicas ScaleUpLimit ScaleDownLimit
    ScaledToZero=True ScaledToZero
    ScaledToZero=False NotScaledToZero
    Normal= SuccessfulRescale
    Warning= SelectorRequired InvalidSelector AmbiguousSelector FailedGetScale FailedRescale
        FailedComputeMetricsReplicas FailedUpdateStatus InvalidMetricSourceType
        FailedGetResourceMetric FailedGetContainerResourceMetric FailedGetPodsMetric
        FailedGetObjectMetric FailedGetExternalMetric
";

#[test]
fn the_committed_answers_say_everything_that_the_controller_can_say() {
    let mut said = BTreeSet::new();
    let path = folder().join("history/1.37.2.jsonl");
    each_case(&path, |_, _, it: Answered<History, Vec<SyncAnswer>>| {
        for answer in it.answer {
            for it in answer.conditions {
                said.insert(format!("{}={} {}", it.kind, it.status, it.reason));
            }
            for it in answer.events {
                said.insert(format!("{}= {}", it.kind, it.reason));
            }
        }
    });
    let mut speaker = "";
    for word in SAID.split_whitespace() {
        if word.contains('=') {
            speaker = word;
        } else {
            let text = format!("{speaker} {word}");
            assert!(said.remove(&text), "no answer says {text}");
        }
    }
    assert!(said.is_empty(), "the list above lacks {said:?}");
}
