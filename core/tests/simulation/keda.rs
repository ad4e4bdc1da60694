//! KEDA and the HPA that it makes, together.

use tidetable_core::hpa::{ConditionType, MetricSpec};
use tidetable_core::keda::{Cause, TriggerState};

use crate::{INSTANT_CALLS, check, run};

/// Ten jobs at once, one second each: ten a second for each pod, which is ready 2 s after its
/// creation.
fn text(replicas: i32, spec: &str, scenario: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: worker}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: worker}}}}
  template:
    metadata: {{labels: {{app: worker}}}}
    spec: {{containers: [{{name: worker, resources: {{requests: {{cpu: 100m}}}}}}]}}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {{name: worker}}
spec:
  scaleTargetRef: {{name: worker}}
  maxReplicaCount: 10
  {spec}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  {scenario}
  assumptions:
    request: {{cpu: 1ms, serviceTime: 1s, concurrency: 10}}
    {INSTANT_CALLS}
    podStart: {{schedule: 0s, imagePull: 0s, container: 2s, readiness: 0s}}
"
    )
}

const JOBS: &str = "{type: redis, metadata: {address: 'r:6379', listName: jobs, listLength: '10'}}";

/// 20 jobs a second from 45 s to 345 s.
///
/// | at | |
/// |---|---|
/// | 60 s | the poll finds 300: 0 → 1; the HPA finds 300 / 10 = 30, and may go to 4 |
/// | 62 s | four pods are ready, 340 wait, 20 a second less |
/// | 75 s | 80 wait, 40 are worked on: 12, and it may go to 8 |
/// | 77 s | eight are ready, 40 wait, 60 a second less: none after 667 ms |
/// | 90 s | 20 are worked on: 2; the 30 of 60 s stands for 5 minutes, so up to the maximum |
/// | 330 s | the last poll that finds some |
/// | 360 s | 330 s + 60 s is not over |
/// | 390 s | it is: at once from 10 to 0; the 12 of 75 s held until 375 s |
#[test]
fn a_queue_wakes_workers_and_lets_them_sleep() {
    let text = text(
        0,
        &format!("cooldownPeriod: 60\n  triggers: [{JOBS}]"),
        "duration: 10m
  load: [{target: {name: worker}, step: {at: 45s, from: 0, to: 20, until: 345s}}]
  metrics: [{name: s0-redis-jobs, from: queueLength}]",
    );
    let run = check(
        &text,
        "
             at | desired waiting
             0s |       0       0
            60s |       4     300
            62s |       4     340
            75s |       8      80
            77s |       8      40
        77.667s |       8       0
            90s |      10       0
           390s |       0       0
        ",
    );
    assert_eq!(run.timeline.workloads[0].arrived_nano, 6_000 * 1_000_000_000);
    assert_eq!(run.timeline.workloads[0].unserved_nano, 0);
    let moves: Vec<_> = run.timeline.keda[0]
        .iter()
        .filter(|it| it.from != it.to)
        .map(|it| (it.at.ms() / 1000, it.from, it.to))
        .collect();
    assert_eq!(moves, [(60, 0, 1), (390, 10, 0)]);
}

/// The queue does not answer from 125 s to 245 s. Failures: the HPA at 135 s, the poll and the HPA
/// at 150 s, the HPA at 165 s: that is the fourth, so it is told 6 × 10, and may go to 4 at first. At
/// 255 s it finds 5 again, which are worked on; the 6 of 240 s holds up to 540 s.
#[test]
fn a_fallback_stands_in_for_a_source_that_does_not_answer() {
    let text = text(
        1,
        &format!("fallback: {{failureThreshold: 3, replicas: 6}}\n  triggers: [{JOBS}]"),
        "duration: 12m
  load: [{target: {name: worker}, constant: 5}]
  metrics: [{name: s0-redis-jobs, from: queueLength, outage: [{from: 125s, for: 120s}]}]",
    );
    let run = check(
        &text,
        "
          at | desired
          0s |       1
        165s |       4
        180s |       6
        555s |       1
        ",
    );
    let look = |seconds: i64| {
        run.timeline.hpas[0].looks.iter().find(|it| it.at.ms() == seconds * 1000).unwrap()
    };
    let condition = look(150).status.condition(ConditionType::ScalingActive).unwrap();
    assert!(
        condition.message.ends_with(
            "unable to fetch metrics from external metrics API: rpc error: code = Unknown desc = \
             error when getting metric values metric:s0-redis-jobs encountered error"
        ),
        "{}",
        condition.message
    );
    let poll = run.timeline.keda[0].iter().find(|it| it.at.ms() == 180_000).unwrap();
    let state = TriggerState::Fallback { failures: 5, value_milli: 60_000 };
    assert_eq!(poll.trace.causes[0], Cause::Trigger { trigger: 0, state });
}

/// At 5 minutes it is eight o'clock. From 10 minutes on the trigger is not active; 5 minutes after
/// the last poll that found it active, at 570 s, KEDA takes all away.
#[test]
fn a_cron_trigger_goes_by_the_clock_of_the_scenario() {
    let cron = "triggers: [{type: cron, metadata: {timezone: Asia/Seoul, start: 0 8 * * *, end: 5 8 \
                * * *, desiredReplicas: '4'}}]";
    let scenario = "duration: 16m\n  start: 2026-01-05T07:55\n  load: []";
    check(
        &text(0, cron, scenario),
        "
          at | desired
          0s |       0
        300s |       4
        870s |       0
        ",
    );
}

#[test]
fn a_fresh_deployment_sleeps_after_the_initial_cooldown() {
    let scenario = "duration: 5m
  load: []
  metrics: [{name: s0-redis-jobs, from: queueLength}]";
    for (initial, slept_at) in [("", 0), ("initialCooldownPeriod: 100\n  ", 120)] {
        let text = text(3, &format!("{initial}triggers: [{JOBS}]"), scenario);
        let moves = run(&text).timeline.keda[0].clone();
        let slept = moves.iter().find(|it| it.to == 0).unwrap();
        assert_eq!((slept.at.ms() / 1000, slept.from), (slept_at, 3), "{initial}");
    }
}

#[test]
fn prometheus_without_a_series_is_zero_and_the_hpa_is_kedas() {
    let spec = "minReplicaCount: 2
  advanced:
    horizontalPodAutoscalerConfig: {name: own, behavior: {scaleDown: {selectPolicy: Min}}}
  triggers:
  - {type: memory, metricType: Utilization, metadata: {value: '70'}}
  - {type: prometheus, metadata: {serverAddress: 'http://p', query: up, threshold: '2.5'}}
  - {type: cpu, metricType: Utilization, metadata: {value: '60', containerName: worker}}";
    let run = run(&text(1, spec, "duration: 5m\n  load: []"));
    let hpa = &run.assembly.model.hpas[0];
    assert_eq!((&*hpa.name, hpa.spec.min_replicas, hpa.spec.max_replicas), ("own", 2, 10));
    let names: Vec<_> = hpa
        .spec
        .metrics
        .iter()
        .map(|it| match it {
            MetricSpec::External { metric, .. } => metric.name.clone(),
            MetricSpec::ContainerResource { name, container, .. } => format!("{container}/{name}"),
            other => other.title(),
        })
        .collect();
    let memory = "memory resource utilization (percentage of request)";
    assert_eq!(names, ["worker/cpu", "s1-prometheus", memory]);
    let first = &run.timeline.keda[0][0];
    assert_eq!((first.from, first.to), (1, 2), "below the minimum");
    let state = TriggerState::Inactive { value_milli: 0 };
    assert_eq!(first.trace.causes[0], Cause::Trigger { trigger: 1, state });
}

#[test]
fn a_paused_object_leaves_the_count_that_it_names() {
    let jobs = format!("triggers: [{JOBS}]");
    let text = text(1, &jobs, "duration: 5m\n  load: []").replace(
        "kind: ScaledObject\nmetadata: {name: worker",
        "kind: ScaledObject\nmetadata: {annotations: {autoscaling.keda.sh/paused-replicas: '4'}, \
         name: worker",
    );
    let run = run(&text);
    assert_eq!((run.timeline.hpas.len(), run.timeline.keda.len()), (0, 0));
    assert_eq!(run.table(&["desired"]), "at | desired\n0s | 4");
}
