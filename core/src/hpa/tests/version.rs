//! What releases do differently, on both sides of each change.
//!
//! Expected counts and texts are read off the code of the releases named, see `version.rs`.

use super::super::{
    Container, ContainerKind, FeatureGates, MetricIdentifier, MetricSpec, MetricStatus,
    Observation, Pod, PodIndex, PodPhase, Reading, ReadyCondition, ReadyStatus, Refusal,
    ResourceName, ResourceTarget, Rules, Sample, Scale, Selector, Spec, State, Step, ValueTarget,
    Writes, propose, reconcile,
};
use super::pods::{Pods, observe};
use super::{NOW, ago};
use crate::hpa::{Behavior, Condition, ConditionType, Failure, Recommendation, Trace};
use crate::time::Duration;

const OFF: FeatureGates = FeatureGates {
    configurable_tolerance: Some(false),
    container_metrics: Some(false),
    generation: Some(false),
    scale_to_zero: Some(false),
    pod_level_resources: Some(false),
};

const ON: FeatureGates = FeatureGates {
    configurable_tolerance: Some(true),
    container_metrics: Some(true),
    generation: Some(true),
    scale_to_zero: Some(true),
    pod_level_resources: Some(true),
};

type Rule = fn(Rules) -> bool;

#[test]
fn gates_are_as_each_release_has_them() {
    // kube_features.go of each release; `on` and `off` are what the user can reach.
    let table: [(&str, Rule, [&str; 10]); 5] = [
        ("HPAScaleToZero", |it| it.scale_to_zero, ["off"; 10]),
        ("HPAConfigurableTolerance", |it| it.own_tolerance, ["none"; 10]),
        ("HPAContainerMetrics", |it| it.container_metrics, ["locked"; 10]),
        ("PodLevelResources", |it| it.pod_level_requests, ["none"; 10]),
        ("HPAGeneration", |it| it.generation, ["none"; 10]),
    ];
    let changes: [(&str, u32, &str); 8] = [
        ("HPAScaleToZero", 37, "on"),
        ("HPAConfigurableTolerance", 33, "off"),
        ("HPAConfigurableTolerance", 35, "on"),
        ("HPAConfigurableTolerance", 37, "locked"),
        ("HPAContainerMetrics", 28, "on"),
        ("HPAContainerMetrics", 30, "locked"),
        ("PodLevelResources", 34, "on"),
        ("HPAGeneration", 37, "on"),
    ];
    for (gate, rule, mut stages) in table {
        for (_, since, stage) in changes.iter().filter(|it| it.0 == gate) {
            for minor in *since..=Rules::NEWEST_MINOR {
                stages[(minor - Rules::OLDEST_MINOR) as usize] = stage;
            }
        }
        for (minor, stage) in (Rules::OLDEST_MINOR..).zip(stages) {
            let reached = [OFF, FeatureGates::default(), ON].map(|it| rule(Rules::of(minor, it)));
            let expected = match stage {
                "none" => [false; 3],
                "off" => [false, false, true],
                "on" => [false, true, true],
                _ => [true; 3],
            };
            assert_eq!(reached, expected, "{gate} in 1.{minor}");
        }
    }
}

#[test]
fn tolerance() {
    // Exactly 110 %: |1 - 1.1| is 0.10000000000000009.
    let pods = Pods::read("55 55 55", 10);
    let answer = |minor, behavior: Option<Behavior>| {
        let mut spec = hpa(minor, ResourceTarget::AverageUtilization(50));
        spec.behavior = behavior;
        ask(&spec, &pods, Reading::Samples(&pods.samples)).map(|it| it.0)
    };
    assert_eq!(answer(32, None), Ok(4));
    assert_eq!(answer(33, None), Ok(3));
    let mut own = Behavior::default();
    own.scale_up.tolerance = Some(0.05);
    assert_eq!(answer(34, Some(own.clone())), Ok(3), "the field is not there by default");
    assert_eq!(answer(35, Some(own)), Ok(4));
}

#[test]
fn no_number_at_all_is_within_the_old_tolerance() {
    // A value of 0 for no replicas: 0 / (1 * 0).
    let none = Pods::read("", 1);
    for (minor, expected) in [(32, 0), (33, i32::MIN)] {
        let mut spec = hpa(minor, ResourceTarget::AverageValue(1));
        let (metric, target) = (MetricIdentifier::named("q"), ValueTarget::AverageValue(0));
        spec.metrics = vec![MetricSpec::External { metric, target }];
        let answer = observe((0, 0), &none, &[Reading::Series(&[0])], |seen| {
            let scale = Scale { spec_replicas: 0, status_replicas: 0 };
            propose(&spec, 0, scale, seen, NOW, &mut Trace::default()).map(|it| it.replicas)
        });
        assert_eq!(answer, Ok(expected), "1.{minor}");
    }
}

#[test]
fn sums_and_counts_that_are_too_large() {
    let pods = Pods::read("1", 1);
    let external = |value: fn(i64) -> ValueTarget, target| {
        let metric = MetricIdentifier::named("q");
        MetricSpec::External { metric, target: value(target) }
    };
    let (most, max) = (i64::MAX, i32::MAX);
    for (minor, target, series, expected) in [
        // 2^63 - 1 over 1000 is beyond int32.
        (33, external(ValueTarget::AverageValue, 1000), vec![most], i32::MIN),
        (34, external(ValueTarget::AverageValue, 1000), vec![most], max),
        // -5 + 1: below zero without any overflow.
        (33, external(ValueTarget::AverageValue, 1000), vec![-5000, 1000], -4),
        (34, external(ValueTarget::AverageValue, 1000), vec![-5000, 1000], max),
        (34, external(ValueTarget::Value, 1000), vec![most], i32::MIN),
        (35, external(ValueTarget::Value, 1000), vec![most], max),
        // The sum wraps to -2: ceil(-0.002 * 1).
        (34, external(ValueTarget::Value, 1000), vec![most, most], 0),
        (35, external(ValueTarget::Value, 1000), vec![most, most], max),
    ] {
        let mut spec = hpa(minor, ResourceTarget::AverageValue(1));
        spec.metrics = vec![target];
        let answer = ask(&spec, &pods, Reading::Series(&series)).map(|it| it.0);
        assert_eq!(answer, Ok(expected), "1.{minor}: {series:?}");
    }
}

/// A pod with an app, a sidecar and an ordinary init container.
fn three_containers(requests: [Option<i64>; 3]) -> Vec<Container> {
    let kinds = [ContainerKind::App, ContainerKind::Sidecar, ContainerKind::Init];
    let parts = ["app", "sidecar", "init"].into_iter().zip(kinds).zip(requests);
    parts
        .map(|((name, kind), request)| Container {
            name: name.to_owned(),
            kind,
            requests: request.map(|it| (ResourceName::Cpu, it)).into_iter().collect(),
        })
        .collect()
}

#[test]
fn which_requests_count() {
    let cpu = |milli| vec![(ResourceName::Cpu, milli)];
    let memory = || vec![(ResourceName::Memory, 1)];
    // Usage is 600m; the status shows it in percent of the requests.
    for (minor, requests, own, overhead, expected) in [
        (28, [Some(300), Some(100), Some(9)], vec![], vec![], "200%"),
        (29, [Some(300), Some(100), Some(9)], vec![], vec![], "150%"),
        (28, [Some(300), None, None], vec![], vec![], "200%"),
        (
            29,
            [Some(300), None, None],
            vec![],
            vec![],
            "missing request for cpu in container \
            sidecar of Pod pod",
        ),
        (33, [Some(300), Some(100), None], cpu(1000), vec![], "150%"),
        (34, [Some(300), Some(100), None], cpu(1000), vec![], "60%"),
        (34, [None, None, None], cpu(1000), cpu(200), "50%"),
        // Nothing of its own of this resource: 300 + 100, or 100 + 500 while it starts.
        (34, [Some(300), Some(100), None], memory(), vec![], "150%"),
        (34, [Some(300), Some(100), Some(500)], memory(), vec![], "100%"),
        (34, [None, None, None], memory(), vec![], "missing pod-level request for cpu in Pod pod"),
        // Only cpu, memory and huge pages are requested by a pod.
        (
            34,
            [Some(300), Some(100), None],
            vec![(ResourceName::Other("gpu".to_owned()), 1)],
            cpu(1000),
            "150%",
        ),
    ] {
        let containers = three_containers(requests);
        let spec = hpa(minor, ResourceTarget::AverageUtilization(50));
        let answer = of_one_pod(&spec, &containers, &own, &overhead);
        assert_eq!(answer, expected, "1.{minor} {requests:?} {own:?}");
    }
}

#[test]
fn a_container_that_a_pod_does_not_have() {
    let containers = three_containers([Some(300), Some(100), None]);
    for (minor, container, own, expected) in [
        (29, "sidecar", 0, "600%"),
        // Requests 0: nothing is left to divide by.
        (28, "sidecar", 0, "no metrics returned matched known pods"),
        (34, "other", 0, "no metrics returned matched known pods"),
        (35, "other", 0, "container other not found in Pod pod"),
        // The container goes before the pod.
        (37, "app", 1000, "200%"),
    ] {
        let mut spec = hpa(minor, ResourceTarget::AverageUtilization(50));
        spec.metrics = vec![MetricSpec::ContainerResource {
            name: ResourceName::Cpu,
            container: container.to_owned(),
            target: ResourceTarget::AverageUtilization(50),
        }];
        let own: Vec<_> = (own > 0).then_some((ResourceName::Cpu, own)).into_iter().collect();
        assert_eq!(of_one_pod(&spec, &containers, &own, &[]), expected, "1.{minor} {container}");
    }
    let mut spec = hpa(29, ResourceTarget::AverageUtilization(50));
    spec.settings.rules = Rules::of(29, OFF);
    spec.metrics = vec![MetricSpec::ContainerResource {
        name: ResourceName::Cpu,
        container: "app".to_owned(),
        target: ResourceTarget::AverageUtilization(50),
    }];
    let text = "ContainerResource metric type is not supported: disabled by the feature gate";
    assert_eq!(of_one_pod(&spec, &containers, &[], &[]), text);
}

#[test]
fn zero_replicas() {
    let none = Pods::read("", 1);
    let external = |min, minor, gates| {
        let mut spec = Spec::new(min, 6);
        let (metric, target) = (MetricIdentifier::named("q"), ValueTarget::Value(15_000));
        spec.metrics = vec![MetricSpec::External { metric, target }];
        spec.settings.rules = Rules::of(minor, gates);
        spec
    };
    let sync = |spec: &Spec, scaled_to_zero: bool| {
        let mut state = State::default();
        state.status.conditions = vec![Condition {
            kind: ConditionType::ScaledToZero,
            status: scaled_to_zero,
            reason: "NotScaledToZero",
            message: "".into(),
            last_transition: ago(60),
        }];
        observe((0, 0), &none, &[Reading::Series(&[20_000])], |seen| {
            reconcile(spec, state, seen, NOW)
        })
    };
    for (min, minor, gates, own, expected, left) in [
        // Before 1.36 minReplicas alone decides; the condition is not looked at.
        (0, 35, FeatureGates::default(), false, 2, Some(false)),
        (1, 35, ON, true, 0, Some(true)),
        // Since then it must have been the HPA, and the gate be on.
        (0, 36, FeatureGates::default(), true, 0, None),
        (0, 36, ON, false, 0, Some(false)),
        (0, 36, ON, true, 2, Some(false)),
        (3, 36, ON, true, 3, Some(false)),
        (0, 37, FeatureGates::default(), true, 2, Some(false)),
        (0, 37, OFF, true, 0, None),
    ] {
        let step = sync(&external(min, minor, gates), own);
        let condition = step.state.status.condition(ConditionType::ScaledToZero);
        let answer = (step.decision.desired_replicas, condition.map(|it| it.status));
        assert_eq!(answer, (expected, left), "min {min}, 1.{minor}, {gates:?}, {own}");
    }
}

#[test]
fn what_a_failed_sync_shows() {
    let mut spec = hpa(28, ResourceTarget::AverageUtilization(50));
    let pods = Pods::read("30 50 70", 10);
    let mut state = old();
    state.status.current_metrics = vec![MetricStatus::AverageValue(7)];
    for (minor, expected) in [(28, MetricStatus::AverageValue(7)), (29, MetricStatus::Failed)] {
        spec.settings.rules = Rules::of(minor, FeatureGates::default());
        let step = observe((3, 3), &pods, &[Reading::Failed("boom")], |seen| {
            reconcile(&spec, state.clone(), seen, NOW)
        });
        assert_eq!(step.state.status.current_metrics, [expected], "1.{minor}");
    }
}

#[test]
fn conflicts() {
    let conflict = Refusal { error: "changed", is_conflict: true };
    let quota = Refusal { error: "quota", is_conflict: false };
    for (minor, refusals, error) in [
        (33, vec![conflict], Some("changed")),
        (34, vec![conflict; 4], None),
        (34, vec![conflict; 5], Some("changed")),
        (34, vec![conflict, quota], Some("quota")),
        (34, vec![quota, conflict], Some("quota")),
    ] {
        let spec = hpa(minor, ResourceTarget::AverageUtilization(50));
        let step = written(&spec, Writes { scale: &refusals, ..Writes::default() });
        let reason = "cpu resource utilization (percentage of request) above target";
        let text = match error {
            None => format!("New size: 6; reason: {reason}"),
            Some(error) => format!("New size: 6; reason: {reason}; error: {error}"),
        };
        assert_eq!(step.decision.events[0].message, text, "1.{minor} {refusals:?}");
        assert_eq!(step.decision.rescale, error.is_none(), "1.{minor} {refusals:?}");
    }
}

#[test]
fn the_generation_is_told() {
    for (minor, expected) in [(36, None), (37, Some(3))] {
        let mut spec = hpa(minor, ResourceTarget::AverageUtilization(50));
        spec.generation = 3;
        let step = written(&spec, Writes::default());
        assert_eq!(step.state.status.observed_generation, expected, "1.{minor}");
    }
}

#[test]
fn texts() {
    let pods = Pods::read("1", 1);
    let object = |minor| {
        let mut spec = hpa(minor, ResourceTarget::AverageValue(1));
        spec.metrics = vec![MetricSpec::Object {
            kind: "Ingress".to_owned(),
            name: "main".to_owned(),
            metric: MetricIdentifier::named("rps"),
            target: Some(ValueTarget::Value(1)),
        }];
        ask(&spec, &pods, Reading::Failed("boom")).expect_err("it failed")
    };
    assert_eq!(object(36), "unable to get metric rps: Ingress on default main/boom");
    assert_eq!(object(37), "unable to get metric rps on Ingress default/main: boom");

    let ambiguous = |minor| {
        let spec = hpa(minor, ResourceTarget::AverageValue(1));
        let hpas = ["shop/a", "shop/b", "shop/c"];
        let step = observe((1, 1), &pods, &[Reading::Samples(&[])], |seen| {
            let selector = Selector::Ambiguous { selector: "app=web", hpas: &hpas };
            reconcile(&spec, State::default(), &Observation { selector, ..*seen }, NOW)
        });
        step.decision.events[0].message.clone()
    };
    let pods = "pods by selector app=web are controlled by";
    assert_eq!(ambiguous(36), format!("{pods} multiple HPAs: [shop/a shop/b shop/c]"));
    assert_eq!(ambiguous(37), format!("{pods} more than one HPA (e.g. [shop/a shop/b])"));
}

fn hpa(minor: u32, target: ResourceTarget) -> Spec {
    let mut spec = Spec::new(1, 20);
    spec.settings.rules = Rules::of(minor, FeatureGates::default());
    spec.metrics = vec![MetricSpec::Resource { name: ResourceName::Cpu, target }];
    spec
}

/// An HPA whose only recommendation is outdated.
fn old() -> State {
    let recommendations = vec![Recommendation { replicas: 100, at: ago(3600) }];
    State { recommendations, ..State::default() }
}

/// A sync that wants 6 instead of 3.
fn written(spec: &Spec, writes: Writes<'_>) -> Step {
    let pods = Pods::read("100 100 100", 10);
    observe((3, 3), &pods, &[Reading::Samples(&pods.samples)], |seen| {
        reconcile(spec, old(), &Observation { writes, ..*seen }, NOW)
    })
}

/// The proposal and what is shown, or the innermost error.
fn ask(spec: &Spec, pods: &Pods, reading: Reading<'_>) -> Result<(i32, MetricStatus), String> {
    observe((3, 3), pods, &[reading], |seen| {
        let scale = Scale { spec_replicas: 3, status_replicas: 3 };
        let proposal = propose(spec, 0, scale, seen, NOW, &mut Trace::default());
        let text = |failure: Failure| failure.text(spec, 0, seen);
        proposal.map(|it| (it.replicas, it.status)).map_err(text)
    })
}

/// What is shown of one ready pod that uses 600m, or the end of the error.
fn of_one_pod(
    spec: &Spec,
    containers: &[Container],
    requests: &[(ResourceName, i64)],
    overhead: &[(ResourceName, i64)],
) -> String {
    let ready = ReadyCondition { status: ReadyStatus::True, last_transition: Some(ago(600)) };
    let pod = Pod {
        name: "pod",
        phase: PodPhase::Running,
        deleting: false,
        start_time: Some(ago(600)),
        ready: Some(ready),
        containers,
        requests,
        overhead,
    };
    let window = Duration::from_seconds(15);
    let sample = Sample { pod: Some(PodIndex::of(0)), value_milli: 600, timestamp: NOW, window };
    let seen = Observation {
        scale: Ok(Scale { spec_replicas: 1, status_replicas: 1 }),
        selector: Selector::Valid,
        pods: &[pod],
        metrics: &[Reading::Samples(&[sample])],
        writes: Writes::default(),
    };
    let scale = Scale { spec_replicas: 1, status_replicas: 1 };
    match propose(spec, 0, scale, &seen, NOW, &mut Trace::default()) {
        Ok(proposal) => match proposal.status {
            MetricStatus::Utilization { average_utilization, .. } => {
                format!("{average_utilization}%")
            }
            status => format!("{status:?}"),
        },
        Err(failure) => {
            let text = failure.text(spec, 0, &seen);
            text.strip_prefix("failed to get cpu utilization: ").unwrap_or(&text).to_owned()
        }
    }
}
