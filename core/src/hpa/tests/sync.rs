//! Whole syncs: horizontal_test.go.
//!
//! cpu requests are 1000m, levels are percent of them. Where a scale-down happens at once,
//! upstream's test presets an empty history; here an outdated recommendation does the same.

use super::super::{
    Cause, ConditionType, FeatureGates, Limit, MetricIdentifier, MetricSpec, Pass, Reading,
    Recommendation, ResourceName, ResourceTarget, Rules, Selector, SelectorProblem, Spec, State,
    ValueTarget, reconcile,
};
use super::pods::{Pods, observe};
use super::{NOW, ago, behavior, seconds};

#[test]
fn a_sync_gives_upstreams_count_and_conditions() {
    check_each(
        "
  min..max, target | current | pods (% of request) | remembered | answer | upstream
  2..6 cpu 30 | 3 | 30 50 70 | old | 5 SucceededRescale | ScaleUp
  2..6 cpu 50 | 5 | 10 30 50 25 25 | old | 3 SucceededRescale | ScaleDown
  2..6 cpu 50 | 5 | 10 30 50 25 25 | none | 5 ScaleDownStabilized | …StabilizeInitialSize
  1..5 cpu 100 | 4 | 50 50 50 | 10@600 4@60 | 4 ScaleDownStabilized | StabilizeDownscale
  0..5 cpu 90 | 3 | 0 0 0 | old | 0 SucceededRescale | ZeroMinReplicasDesiredZero
  2..5 cpu 90 | 3 | 0 0 0 | old | 2 SucceededRescale TooFewReplicas | MinReplicasDesiredZero
  3..5 cpu 90 | 0 | - | none | 0 SucceededGetScale ScalingDisabled | ZeroReplicas
  3..5 cpu 90 | 2 | 100 100 | none | 3 SucceededRescale | TooFewReplicas
  3..5 cpu 90 | 10 | 100 100 | none | 5 SucceededRescale | TooManyReplicas
  2..5 cpu 90 | 3 | 889 950 91 | old | 5 SucceededRescale TooManyReplicas | MaxReplicas
  1..8 cpu 50 | 4 | 50 50 50 50 50 | old | 4 ReadyForNewScale | MoreReplicasThanSpecNoScale
  1..5 cpu 50 | 4 | 100 | old | 2 SucceededRescale | MissingReports
  1..100 cpu 10 up percent 700/60 | 3 | 100 200 300 | old | 24 SucceededRescale ScaleUpLimit | Cap
  1..20 cpu 10 up percent 700/60 | 3 | 100 200 300 | old | 20 SucceededRescale TooManyReplicas | -
  2..6 cpu 30 | 2 | 40 30h 30h | old | 2 ReadyForNewScale | AvoidUnnecessaryUpdates
    ",
    );
}

#[test]
fn a_failing_metric_stops_a_scale_down_but_not_a_scale_up() {
    let mut spec = hpa("2..6 cpu 50");
    let metric = MetricIdentifier::named("q");
    spec.metrics
        .insert(0, MetricSpec::External { metric, target: ValueTarget::AverageValue(1000) });
    for (levels, desired, active) in [
        ("10 30 50 25 25", 5, "FailedGetExternalMetric"),
        ("90 90 90 90 90", 6, "ValidMetricFound"),
        ("50 50 50 50 50", 5, "ValidMetricFound"),
    ] {
        let pods = Pods::read(levels, 10);
        let readings = [Reading::Failed("boom"), Reading::Samples(&pods.samples)];
        let step = observe((5, 5), &pods, &readings, |seen| {
            reconcile(&spec, remembered("old"), seen, NOW)
        });
        assert_eq!(step.decision.desired_replicas, desired, "{levels}");
        let condition = step.state.status.condition(ConditionType::ScalingActive);
        assert_eq!(condition.map(|it| it.reason), Some(active), "{levels}");
        let events: Vec<_> =
            step.decision.events.iter().map(|it| (it.reason, it.message.as_str())).collect();
        assert_eq!(
            events[0],
            ("FailedGetExternalMetric", "unable to get external metric default/q/nil: boom")
        );
        if active == "FailedGetExternalMetric" {
            let text = "invalid metrics (1 invalid out of 2), first error is: failed to get q \
                        external metric value: failed to get q external metric: unable to get \
                        external metric default/q/nil: boom";
            assert_eq!(events[1], ("FailedComputeMetricsReplicas", text));
        }
    }
}

#[test]
fn a_metric_of_unknown_type_is_one_that_fails() {
    let unknown = |text: &str| {
        let mut spec = hpa(text);
        spec.metrics.insert(0, MetricSpec::Unknown("CheddarCheese".to_owned()));
        spec
    };
    let mut from_zero = unknown("0..6 cpu 30");
    let gates = FeatureGates { scale_to_zero: Some(true), ..FeatureGates::default() };
    from_zero.settings.rules = Rules::of(35, gates);
    for (spec, current, levels, expected, active, upstream) in [
        (unknown("2..6 cpu 30"), 3, "30 40 50", 4, "ValidMetricFound", "ScaleUpOneMetricInvalid"),
        (
            unknown("2..6 cpu 50"),
            5,
            "10 30 50 25 25",
            5,
            "InvalidMetricSourceType",
            "NoScaleDownOneMetricInvalid",
        ),
        (from_zero, 0, "100 200 300", 4, "ValidMetricFound", "ScaleUpFromZeroOneMetricInvalid"),
    ] {
        let pods = Pods::read(levels, 10);
        let readings = [Reading::Failed(""), Reading::Samples(&pods.samples)];
        let step = observe((current, current), &pods, &readings, |seen| {
            reconcile(&spec, remembered("old"), seen, NOW)
        });
        let condition = step.state.status.condition(ConditionType::ScalingActive);
        let answer = (step.decision.desired_replicas, condition.map(|it| it.reason));
        assert_eq!(answer, (expected, Some(active)), "{upstream}");
        let event = &step.decision.events[0];
        let text = "unknown metric source type \"CheddarCheese\"";
        assert_eq!((event.reason, event.message.as_str()), ("InvalidMetricSourceType", text));
    }
}

#[test]
fn before_1_36_a_minimum_of_zero_is_enough_to_leave_zero() {
    let gates = FeatureGates { scale_to_zero: Some(true), ..FeatureGates::default() };
    let object = |target| MetricSpec::Object {
        kind: "Service".to_owned(),
        name: "web".to_owned(),
        metric: MetricIdentifier::named("qps"),
        target: Some(ValueTarget::Value(target)),
    };
    let external = |target| MetricSpec::External {
        metric: MetricIdentifier::named("qps"),
        target: ValueTarget::Value(target),
    };
    for (metric, current, levels, usage, expected, upstream) in [
        (object(15_000), 0, "", 20_000, 2, "ScaleUpFromZeroCMObject"),
        (object(1000), 0, "", 1000, 1, "ScaleUpFromZeroIgnoresToleranceCMObject"),
        (object(1000), 5, "1 1 1 1 1", 0, 0, "ScaleDownToZeroCMObject"),
        (external(1000), 5, "1 1 1 1 1", 0, 0, "ScaleDownToZeroCMExternal"),
    ] {
        let mut spec = hpa("0..6 cpu 50");
        spec.settings.rules = Rules::of(35, gates);
        spec.metrics = vec![metric];
        let series = [usage];
        let reading = match spec.metrics[0] {
            MetricSpec::Object { .. } => Reading::Value(usage),
            _ => Reading::Series(&series),
        };
        let pods = Pods::read(levels, 1);
        let step = observe((current, current), &pods, &[reading], |seen| {
            reconcile(&spec, remembered("old"), seen, NOW)
        });
        assert_eq!(step.decision.desired_replicas, expected, "{upstream}");
    }
}

#[test]
fn an_hpa_that_scaled_to_zero_wakes_by_an_outside_metric() {
    let mut spec = hpa("0..6 cpu 50");
    let metric = MetricIdentifier::named("q");
    spec.metrics = vec![MetricSpec::External { metric, target: ValueTarget::Value(15_000) }];
    let pods = Pods::read("", 1);
    let sync = |state: State, replicas: i32, usage: i64| {
        let series = [usage];
        let readings = [Reading::Series(&series)];
        observe((replicas, replicas), &pods, &readings, |seen| reconcile(&spec, state, seen, NOW))
    };
    let by_hand = sync(State::default(), 0, 20_000);
    assert_eq!(by_hand.decision.desired_replicas, 0, "scaled to zero by hand: it stays");

    // No ready pod, no demand: ceil(0 * 0). The initial recommendation of 5 is long gone.
    let one = Pods::read("1", 1);
    let down = observe((5, 5), &one, &[Reading::Series(&[0])], |seen| {
        reconcile(&spec, remembered("old"), seen, NOW)
    });
    assert_eq!(down.decision.desired_replicas, 0);
    assert!(down.state.status.condition(ConditionType::ScaledToZero).is_some_and(|it| it.status));
    let up = sync(down.state, 0, 20_000);
    assert_eq!(up.decision.desired_replicas, 2, "ceil(20 / 15), without tolerance");
    assert!(up.state.status.condition(ConditionType::ScaledToZero).is_some_and(|it| !it.status));
}

#[test]
fn a_raised_minimum_counts_even_where_no_policy_reaches() {
    // 300 % of no replicas is none: without the minimum it would stay at zero.
    let mut spec = hpa("0..6 cpu 50 up max percent 300/60");
    let metric = MetricIdentifier::named("q");
    spec.metrics = vec![MetricSpec::External { metric, target: ValueTarget::Value(1000) }];
    let (one, none) = (Pods::read("1", 1), Pods::read("", 1));
    let down = observe((1, 1), &one, &[Reading::Series(&[0])], |seen| {
        reconcile(&spec, remembered("old"), seen, ago(600))
    });
    assert_eq!(down.decision.desired_replicas, 0);
    let wake = |spec: &Spec, state: State| {
        observe((0, 0), &none, &[Reading::Series(&[9000])], |seen| {
            reconcile(spec, state, seen, NOW)
        })
    };
    assert_eq!(wake(&spec, down.state.clone()).decision.desired_replicas, 0);
    spec.min_replicas = 3;
    let up = wake(&spec, down.state);
    assert_eq!(up.decision.desired_replicas, 3);
    assert_eq!(up.trace.causes.last(), Some(&Cause::RaisedToMin { from: 0, to: 3 }));
}

#[test]
fn a_raised_minimum_wakes_an_hpa_whose_metrics_need_pods() {
    let mut spec = hpa("0..6 cpu 50");
    let metric = MetricIdentifier::named("q");
    spec.metrics = vec![MetricSpec::External { metric, target: ValueTarget::Value(1000) }];
    let (one, none) = (Pods::read("1", 1), Pods::read("", 1));
    let down = observe((1, 1), &one, &[Reading::Series(&[0])], |seen| {
        reconcile(&spec, remembered("old"), seen, ago(600))
    });
    // The HPA scaled to zero; then its spec is edited.
    for (edited, active) in
        [("2..6 cpu 50", "FailedGetResourceMetric"), ("0..6 cpu 50", "ScalingDisabled")]
    {
        let step = observe((0, 0), &none, &[Reading::Samples(&[])], |seen| {
            reconcile(&hpa(edited), down.state.clone(), seen, NOW)
        });
        let condition = step.state.status.condition(ConditionType::ScalingActive);
        assert_eq!(condition.map(|it| it.reason), Some(active), "{edited}");
    }
}

#[test]
fn two_hpas_on_the_same_pods_both_stop() {
    let (spec, pods) = (hpa("2..6 cpu 30"), Pods::read("30 50 70", 10));
    let step = observe((3, 3), &pods, &[Reading::Samples(&pods.samples)], |seen| {
        let mut seen = *seen;
        let hpas = ["default/a", "default/b"];
        seen.selector = Selector::Ambiguous { selector: "app=web", hpas: &hpas };
        reconcile(&spec, State::default(), &seen, NOW)
    });
    let text = "pods by selector app=web are controlled by more than one HPA \
                (e.g. [default/a default/b])";
    let active = step.state.status.condition(ConditionType::ScalingActive).expect("it was set");
    assert_eq!((active.reason, active.message.as_ref()), ("AmbiguousSelector", text));
    let events: Vec<_> = step.decision.events.iter().map(|it| it.reason).collect();
    assert_eq!(events, ["AmbiguousSelector", "FailedComputeMetricsReplicas"]);
    assert_eq!(step.trace.causes, [Cause::SelectorUnusable(SelectorProblem::Ambiguous)]);
}

#[test]
fn a_trace_tells_every_number() {
    // 50 and 70 of a target of 30, one pod not ready: up, but with the third pod counted as idle.
    let (spec, pods) = (hpa("2..3 cpu 30"), Pods::read("30! 50 70", 10));
    let step = observe((3, 3), &pods, &[Reading::Samples(&pods.samples)], |seen| {
        reconcile(&spec, remembered("old"), seen, NOW)
    });
    let measured = |pass, pods: usize, requests_milli, utilization: i32, average_milli| {
        let (usage_milli, target) = (1200, 30);
        let ratio = f64::from(utilization) / 30.0;
        Cause::Utilization {
            metric: 0,
            pass,
            usage_milli,
            requests_milli,
            pods,
            utilization,
            target,
            average_milli,
            ratio,
        }
    };
    let expected = [
        Cause::PodsGrouped { metric: 0, ready: 2, unready: 1, missing: 0, ignored: 0, unlisted: 0 },
        measured(Pass::Measured, 2, 2000, 60, 600),
        Cause::PodsFilledIn { metric: 0, ratio: 2.0, missing: 0, missing_milli: 0, unready: 1 },
        measured(Pass::FilledIn, 3, 3000, 40, 400),
        Cause::Proposed { metric: 0, ratio: 40.0 / 30.0, pods: 3, proposal: 4 },
        Cause::Recommended { metric: 0, replicas: 4 },
        Cause::Limited { limit: Limit::MaxReplicas, from: 4, to: 3 },
    ];
    assert_eq!(step.trace.causes, expected);
}

#[track_caller]
fn check_each(table: &str) {
    super::check(table, |cells| {
        let [bounds, current, pods, history] = cells else { panic!("four cells: {cells:?}") };
        let spec = hpa(bounds);
        let current = current.parse().expect("a count");
        let pods = Pods::read(pods, 10);
        let step = observe((current, current), &pods, &[Reading::Samples(&pods.samples)], |seen| {
            reconcile(&spec, remembered(history), seen, NOW)
        });
        // Of ScalingActive and ScalingLimited only what is out of the ordinary.
        let mut answer = step.decision.desired_replicas.to_string();
        for condition in &step.state.status.conditions {
            let is_told = match condition.kind {
                ConditionType::AbleToScale => true,
                ConditionType::ScalingActive => !condition.status,
                ConditionType::ScalingLimited => condition.status,
                ConditionType::ScaledToZero => false,
            };
            if is_told {
                answer = format!("{answer} {}", condition.reason);
            }
        }
        answer
    });
}

/// `2..6 cpu 30`, and a behavior.
pub(super) fn hpa(text: &str) -> Spec {
    let mut parts = text.splitn(4, ' ');
    let (min, max) = parts.next().and_then(|it| it.split_once("..")).expect("min..max");
    let mut spec = Spec::new(min.parse().expect("a count"), max.parse().expect("a count"));
    assert_eq!(parts.next(), Some("cpu"));
    let target = parts.next().and_then(|it| it.parse().ok()).expect("a percentage");
    spec.metrics = vec![MetricSpec::Resource {
        name: ResourceName::Cpu,
        target: ResourceTarget::AverageUtilization(target),
    }];
    spec.behavior = parts.next().map(behavior);
    spec
}

/// `none` is a new HPA, `old` one whose only recommendation is outdated.
pub(super) fn remembered(text: &str) -> State {
    let recommendations = match text {
        "none" => Vec::new(),
        "old" => vec![Recommendation { replicas: 100, at: ago(3600) }],
        entries => entries
            .split_whitespace()
            .filter_map(|entry| entry.split_once('@'))
            .map(|(replicas, age)| Recommendation {
                replicas: replicas.parse().expect("a count"),
                at: ago(seconds(age)),
            })
            .collect(),
    };
    State { recommendations, ..State::default() }
}
