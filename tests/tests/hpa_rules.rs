//! Every rule of a trace is at work in some sync: of upstream's histories, or of those below.

use std::collections::BTreeSet;

use tidetable_core::hpa::{
    Behavior, Condition, ConditionType, Container, ContainerKind, LabelSelector,
    LabelSelectorRequirement, MetricIdentifier, MetricSpec, Observation, Pod, PodIndex, PodPhase,
    Reading, ReadyCondition, ReadyStatus, ResourceName, ResourceTarget, Sample, Scale, Selector,
    Spec, State, ValueTarget, Writes, reconcile,
};
use tidetable_core::time::{Duration, Instant};
use tidetable_tests::hpa_case::History;
use tidetable_tests::hpa_cases::each_question;
use tidetable_tests::hpa_engine::Run;
use tidetable_tests::hpa_trace::{RULES, rule};

const NOW: Instant = Instant::from_seconds(3600);

#[test]
fn every_rule_is_at_work_in_some_sync() {
    let mut found = BTreeSet::new();
    each_question::<History>(|history, answers, minor| {
        let mut run = Run::of(history, minor);
        for (sync, answer) in history.syncs.iter().zip(answers) {
            run.sync(sync, &answer.selector_error).expect("a trace that leads to the decision");
        }
        found.append(&mut run.rules);
    });
    for (metric, reading, binds) in unanswerable() {
        found.extend(rules(metric, reading, 3, binds));
    }
    let external = MetricSpec::External {
        metric: MetricIdentifier::named("queue"),
        target: ValueTarget::AverageValue(1000),
    };
    found.extend(rules(external, Reading::Series(&[1000]), 0, "raised to minReplicas"));
    let missing: Vec<_> = RULES.iter().filter(|it| !found.contains(**it)).collect();
    assert_eq!(missing, Vec::<&&str>::new());
}

/// Metrics that random histories ask for seldom or never, with the rule that each shows.
fn unanswerable() -> [(MetricSpec, Reading<'static>, &'static str); 5] {
    const SAMPLES: &[Sample] = &[Sample {
        pod: Some(PodIndex::of(0)),
        value_milli: 100,
        timestamp: NOW,
        window: Duration::from_seconds(15),
    }];
    let target = ResourceTarget::AverageUtilization(50);
    let samples = Reading::Samples(SAMPLES);
    let object = MetricSpec::Object {
        kind: "Service".to_owned(),
        name: "web".to_owned(),
        metric: MetricIdentifier::named("requests"),
        target: None,
    };
    let container = MetricSpec::ContainerResource {
        name: ResourceName::Cpu,
        container: "web".to_owned(),
        target,
    };
    let requirement = LabelSelectorRequirement {
        operator: "Near".to_owned(),
        ..LabelSelectorRequirement::default()
    };
    let selector =
        LabelSelector { match_expressions: vec![requirement], ..LabelSelector::default() };
    let external = MetricSpec::External {
        metric: MetricIdentifier { name: "queue".to_owned(), selector: Some(selector) },
        target: ValueTarget::Value(1000),
    };
    [
        (external, Reading::Series(&[1000]), "selector of a metric"),
        (object, Reading::Value(1000), "no target"),
        (container, samples, "metric switched off"),
        (MetricSpec::Unknown("Gauge".to_owned()), samples, "metric of unknown type"),
        (MetricSpec::Resource { name: ResourceName::Cpu, target }, samples, "pod request missing"),
    ]
}

/// The rules of one sync of an HPA with 2 to 9 replicas that scaled its target to zero before. The
/// one pod asks for memory as a whole, and for cpu nowhere.
#[track_caller]
fn rules(
    metric: MetricSpec,
    reading: Reading<'_>,
    replicas: i32,
    binds: &str,
) -> Vec<&'static str> {
    let mut spec = Spec::new(2, 9);
    spec.metrics = vec![metric];
    // Without it, minReplicas is a limit of its own.
    spec.behavior = Some(Behavior::default());
    spec.settings.rules.container_metrics = false;
    spec.settings.rules.pod_level_requests = true;
    let kind = ContainerKind::App;
    let containers = [Container { name: "web".to_owned(), kind, requests: Vec::new() }];
    let ready = ReadyCondition { status: ReadyStatus::True, last_transition: Some(Instant::ZERO) };
    let pod = Pod {
        name: "web-0",
        phase: PodPhase::Running,
        deleting: false,
        start_time: Some(Instant::ZERO),
        ready: Some(ready),
        containers: &containers,
        requests: &[(ResourceName::Memory, 1000)],
        overhead: &[],
    };
    let seen = Observation {
        scale: Ok(Scale { spec_replicas: replicas, status_replicas: replicas }),
        selector: Selector::Valid,
        pods: &[pod],
        metrics: &[reading],
        writes: Writes::default(),
    };
    let mut state = State::default();
    state.status.conditions.push(Condition {
        kind: ConditionType::ScaledToZero,
        status: true,
        reason: "ScaledToZero",
        message: "".into(),
        last_transition: Instant::ZERO,
    });
    let step = reconcile(&spec, state, &seen, NOW);
    let found: Vec<_> = step.trace.causes.iter().map(rule).collect();
    assert!(found.contains(&binds), "{binds} is not among {found:?}");
    found
}
