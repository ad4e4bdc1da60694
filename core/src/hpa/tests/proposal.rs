//! One metric's answer: replica_calculator_test.go.
//!
//! Tolerance 0.1, cpu initialization 2 min, readiness delay 10 s, window 1 min. The answer is the
//! proposal and what the status shows, or the error.

use super::super::{
    MetricIdentifier, MetricSpec, MetricStatus, Reading, ResourceName, ResourceTarget, Spec, Trace,
    ValueTarget, propose,
};
use super::pods::{Pods, observe};
use super::{NOW, milli};
use crate::time::Duration;

#[test]
fn utilization_counts_ready_pods_and_fills_in_the_others() {
    check_each(
        "
        target | current | pods (% of request) | answer | upstream
        cpu 30 | 3 | 30 50 70 | 5, 50% | ScaleUp
        container 30 | 3 | 30o 50o 70o | 5, 50% | ContainerScaleUp
        cpu 30 | 3 | 30! 50 70 | 4, 60% | ScaleUpUnreadyLessScale
        cpu 30 | 3 | 30h 50 70 | 4, 60% | ScaleUpHotCpuLessScale
        cpu 30 | 3 | 40 50! 70! | 3, 40% | ScaleUpUnreadyNoScale
        cpu 30 | 2 | 50 70 10f 10f | 4, 60% | ScaleUpIgnoresFailedPods
        cpu 30 | 2 | 50 70 10d 10d | 4, 60% | ScaleUpIgnoresDeletionPods
        cpu 50 | 5 | 10 30 50 25 25 | 3, 28% | ScaleDown
        cpu 50 | 5 | 10 30 50 25! 25! | 2, 30% | ScaleDownExcludeUnreadyPods
        cpu 50 | 5 | 10 10p 10p 10p 10p | 1, 10% | ScaleDownExcludeUnscheduledPods
        cpu 50 | 5 | 10 30 50 25h 25h | 2, 30% | ScaleDownIgnoreHotCpuPods
        cpu 50 | 5 | 10 30 50 25 25 9f 9f | 3, 28% | ScaleDownIgnoresFailedPods
        cpu 50 | 5 | 10 30 50 25 25 9d 9d | 3, 28% | ScaleDownIgnoresDeletionPods
        cpu 100 | 3 | 101/900 103/1000 102/1100 | 3, 102% | Tolerance
        cpu 100 | 4 | 400 950 300 700 320x 200x | 24, 587% | SuperfluousMetrics
        cpu 100 | 4 | 40 9.5 - - | 3, 24% | MissingMetrics
        cpu 100 | 2 | 100 - | 2, 100% | MissingMetricsNoChangeEq
        cpu 100 | 2 | 190 - | 2, 190% | MissingMetricsNoChangeGt
        cpu 100 | 2 | 60 - | 2, 60% | MissingMetricsNoChangeLt
        cpu 50 | 3 | 50! 45 - | 3, 45% | MissingMetricsUnreadyChange
        cpu 50 | 3 | 50! 200 - | 4, 200% | MissingMetricsUnreadyScaleUp
        cpu 50 | 4 | 50! 10 10 - | 3, 10% | MissingMetricsUnreadyScaleDown
        cpu 300 | 4 | 20/2000! 20/2000 20/4000 -/4000 | 2, 6% | …ScaleDownTargetOver100
        cpu 50 | 2 | 10 10 - | 2, 10% | DuringRollingUpdateWithMaxSurge
    ",
    );
}

#[test]
fn a_metric_fails_with_upstreams_words() {
    check_each(
        "
        target | current | pods (% of request) | answer | upstream
        cpu 100 | 4 | - - | no metrics returned from resource metrics API | EmptyMetrics
        cpu 100 | 1 | 100r | missing request for cpu in container c of Pod pod | EmptyCPURequest
        cpu 100 | 1 | 100x - | no metrics returned matched known pods | DisjointResourcesMetrics
        cpu 100 | 1 | 100! | did not receive metrics for targeted pods (pods might be unready) | -
        cpu 100 | 1 | 100x | no pods returned by selector while calculating replica count | -
    ",
    );
}

#[test]
fn averages_do_not_look_at_readiness() {
    check_each(
        "
        target | current | pods | answer | upstream
        pods 15 | 3 | 20 10 30 | 4, 20000m | ScaleUpCM
        pods 15 | 3 | 50 10 30! | 6, 30000m | ScaleUpCMUnreadyHotCpuNoLessScale
        pods 15 | 3 | 50! 15 30! | 7, 31666m | ScaleUpCMUnreadyHotCpuScaleWouldScaleDown
        pods 20 | 5 | 12 12 12 12 12 | 3, 12000m | ScaleDownCM
        pods 20 | 3 | 20 21 21 | 3, 20666m | ToleranceCM
        pods 20 | 5 | 20 19 21 - - | 5, 20000m | PlainMetric…NoChangeEq
        pods 17 | 2 | 10 10 - | 2, 10000m | …MaxSurgeCM
    ",
    );
}

#[test]
fn a_value_scales_ready_pods_and_an_average_divides_the_value() {
    check_each(
        "
        target | current | pods | answer | upstream
        object-value 15 of 20 | 3 | 1 1 1 | 4, 20000m | ScaleUpCMObject
        object-average 5 of 20 | 3 | 1 1 1 | 4, 6667m | ScaleUpCMPerPodObject
        object-value 10 of 50 | 3 | 1 1! 1! | 5, 50000m | ScaleUpCMObjectIgnoresUnreadyPods
        external-value 4.4 of 8.6 | 3 | 1 1! 1! | 2, 8600m | ScaleUpCMExternalIgnoresUnreadyPods
        external-average 2.15 of 8.6 | 3 | 1 1 1 | 4, 2867m | ScaleUpPerPodCMExternal
        object-average 2 of 6 | 5 | 1 1 1 1 1 | 3, 1200m | ScaleDownPerPodCMObject
        external-value 14.334 of 8.6 | 5 | 1 1 1 1 1 | 3, 8600m | ScaleDownCMExternal
        object-average 5 of 20.166 | 4 | 1 1 1 1 | 4, 5042m | TolerancePerPodCMObject
        external-value 8.888 of 8.6 | 3 | 1 1 1 | 3, 8600m | ToleranceCMExternal
    ",
    );
}

#[test]
fn a_product_of_doubles_may_gain_a_replica() {
    let pods = |level: &str, count: usize| vec![level; count].join(" ");
    for (target, level, count, answer) in [
        (50, "28", 100, "57, 28%"), // exactly 56
        (50, "14", 50, "15, 14%"),  // exactly 14
        (5, "11", 25, "56, 11%"),   // exactly 55
        (3, "50", 30, "501, 50%"),  // exactly 500
        (10, "11", 10, "7, 11%"),   // exactly 110 % is within tolerance: the count stays
    ] {
        let target = format!("cpu {target}");
        assert_eq!(answer_to(&[&target, "7", &pods(level, count)]), answer, "{target}");
    }
}

#[track_caller]
fn check_each(table: &str) {
    super::check(table, answer_to);
}

fn answer_to(cells: &[&str]) -> String {
    let [target, current, pods] = cells else { panic!("three cells: {cells:?}") };
    let current = current.parse().expect("a count");
    let (hpa, unit, usage) = hpa_with(target);
    let pods = Pods::read(pods, unit);
    let series = [usage];
    let reading = match hpa.metrics[0] {
        MetricSpec::Object { .. } => Reading::Value(usage),
        MetricSpec::External { .. } => Reading::Series(&series),
        _ => Reading::Samples(&pods.samples),
    };
    observe((current, current), &pods, &[reading], |seen| {
        let scale = seen.scale.expect("it is given");
        match propose(&hpa, 0, scale, seen, NOW, &mut Trace::default()) {
            Ok(proposal) => {
                let shown = match proposal.status {
                    MetricStatus::Utilization { average_utilization, .. } => {
                        format!("{average_utilization}%")
                    }
                    MetricStatus::AverageValue(milli) | MetricStatus::Value(milli) => {
                        format!("{milli}m")
                    }
                    MetricStatus::Failed => "failed".to_owned(),
                };
                format!("{}, {shown}", proposal.replicas)
            }
            // What stands before the last colon is compared in whole syncs, with upstream's own.
            Err(failure) => {
                let text = failure.text(&hpa, 0, seen);
                text.rsplit(": ").next().unwrap_or_default().to_owned()
            }
        }
    })
}

/// An HPA with the metric that `target` names, what a level of 1 is in milli units, and the value
/// that the metric has.
pub(super) fn hpa_with(target: &str) -> (Spec, i64, i64) {
    let words: Vec<&str> = target.split_whitespace().collect();
    let goal = milli(words[1]);
    let usage = words.get(3).map_or(0, |usage| milli(usage));
    let metric = MetricIdentifier::named("m");
    let (kind, name) = ("Service".to_owned(), "web".to_owned());
    let (spec, unit) = match words[0] {
        "cpu" => {
            let target = ResourceTarget::AverageUtilization((goal / 1000) as i32);
            (MetricSpec::Resource { name: ResourceName::Cpu, target }, 10)
        }
        "container" => {
            let target = ResourceTarget::AverageUtilization((goal / 1000) as i32);
            let container = "c".to_owned();
            (MetricSpec::ContainerResource { name: ResourceName::Cpu, container, target }, 10)
        }
        "pods" => (MetricSpec::Pods { metric, target_average_value_milli: goal }, 1000),
        "object-value" => {
            let target = Some(ValueTarget::Value(goal));
            (MetricSpec::Object { kind, name, metric, target }, 1)
        }
        "object-average" => {
            let target = Some(ValueTarget::AverageValue(goal));
            (MetricSpec::Object { kind, name, metric, target }, 1)
        }
        "external-value" => (MetricSpec::External { metric, target: ValueTarget::Value(goal) }, 1),
        "external-average" => {
            (MetricSpec::External { metric, target: ValueTarget::AverageValue(goal) }, 1)
        }
        source => panic!("no such source: {source}"),
    };
    let mut hpa = Spec::new(1, 10);
    hpa.settings.cpu_initialization_period = Duration::from_seconds(120);
    hpa.settings.initial_readiness_delay = Duration::from_seconds(10);
    hpa.metrics = vec![spec];
    (hpa, unit, usage)
}
