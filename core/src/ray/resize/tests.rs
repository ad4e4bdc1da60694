//! One pod of upstream's own example: `_apply_resize_suggestion` works it out in a comment.

use super::pod::status;
use super::*;
use crate::ray::config::{AutoscalingConfig, ClusterSpec, GroupSpec, WorkerGroup, derive};
use crate::ray::trace::{Stuck, Trace};
use crate::ray::{NodeKind, Observation, PodId, PodSeen, RayNodeId};
use crate::time::Instant;

const GI: i64 = 1024 * 1024 * 1024;

fn both(cpu: &str, memory: &str) -> Requirements {
    Requirements { cpu: Amount::read(cpu).ok(), memory: Amount::read(memory).ok() }
}

/// Limit 4 cores and 8Gi, request 1 core and 2Gi; 8 cores and 20Gi were asked for at 100 s.
fn asked_for() -> PodResources {
    PodResources {
        pod: PodId(1),
        requests: both("5", "14Gi"),
        limits: both("8", "20Gi"),
        actual_requests: Some(both("1", "2Gi")),
        actual_limits: Some(both("4", "8Gi")),
        other_requests: Vec::new(),
        condition: None,
        notes: Notes { ray_node: Some(RayNodeId(7)), resizing_at_s: Some(100), ..Notes::default() },
    }
}

fn config() -> AutoscalingConfig {
    let requests = vec![("cpu".into(), "1".into()), ("memory".into(), "2Gi".into())];
    let spec = GroupSpec { requests, ..GroupSpec::default() };
    let groups = r#"{"groups": {"w": {"max-cpu": 8, "max-memory": "20Gi", "resize-timeout": 60}}}"#;
    let group = WorkerGroup {
        name: "w".into(),
        min_replicas: Some(0),
        max_replicas: Some(9),
        num_of_hosts: None,
        spec: spec.clone(),
    };
    derive(&ClusterSpec {
        head: spec,
        worker_groups: vec![group],
        resize: Some(groups.into()),
        ..ClusterSpec::default()
    })
    .unwrap()
}

fn read(pod: &PodResources, seconds: i64) -> ResizeStatus {
    let limits = config().node_types[1].resize.unwrap();
    status(pod, limits, Instant::from_seconds(seconds), &mut Trace::default()).unwrap()
}

fn pending(reason: &str, message: &str) -> Condition {
    Condition::Pending { reason: reason.into(), message: Some(message.into()) }
}

#[test]
fn a_node_with_less_left_gets_a_smaller_request() {
    let mut pod = asked_for();
    let text = "Node didn't have enough resource: cpu, requested: 8000, used: 5000, capacity: 9000";
    pod.condition = Some(pending("Deferred", text));
    // 9 - 5 = 4 cores are left for the request; the limit exceeds it by 4 - 1 = 3.
    let found = read(&pod, 101);
    assert_eq!((found.desired_cpu, found.desired_memory), (7.0, 20 * GI));
    assert_eq!(found.progress, Progress::New);
    // 10Gi - 6Gi = 4Gi, and the limit exceeds the request by 8Gi - 2Gi = 6Gi.
    let (used, capacity) = (6 * GI, 10 * GI);
    pod.condition = Some(pending(
        "Deferred",
        &format!(
            "Node didn't have enough resource: memory, requested: 1, used: {used}, capacity: {capacity}"
        ),
    ));
    assert_eq!(read(&pod, 101).desired_memory, 10 * GI);
    // Another container of the pod takes 1Gi of it.
    pod.other_requests.push(both("0", "1Gi"));
    assert_eq!(read(&pod, 101).desired_memory, 9 * GI);
    pod.condition = Some(pending("Deferred", "no"));
    assert_eq!(read(&pod, 101).progress, Progress::Deferred);
}

#[test]
fn a_resize_that_takes_too_long_is_taken_back_for_good() {
    // 100 s + 60 s: not yet at 160 s.
    assert!(read(&asked_for(), 160).notes.last_failed_at_s.is_none());
    let failed = read(&asked_for(), 161);
    assert_eq!((failed.desired_cpu, failed.desired_memory), (4.0, 8 * GI));
    assert_eq!(failed.notes.last_failed_at_s, Some(161));
    assert!(failed.is_to_send() && !failed.may_grow());
}

#[test]
fn the_gap_between_limit_and_request_stays() {
    let mut pod = asked_for();
    (pod.requests, pod.limits) = (both("1", "2Gi"), both("4", "8Gi"));
    pod.notes.resizing_at_s = None;
    let config = config();
    let resources = [pod];
    let pods =
        [PodSeen { id: PodId(1), group: "w".into(), kind: NodeKind::Worker, deleting: false }];
    let seen = Observation { pods: &pods, resources: &resources, ..Observation::default() };
    let (now, mut trace) = (Instant::from_seconds(9), Trace::default());
    let mut resizer = Resizer::new(&config, &seen, now, &mut trace).unwrap();
    let mut status = resizer.statuses().next().unwrap().clone();
    assert!(status.may_grow() && status.queue(Some(8.0), Some(20 * GI)));
    resizer.ask(vec![status], &mut trace);
    let ResizeCall::Pod { limits, requests, .. } = &resizer.calls[0] else { panic!("a resize") };
    assert_eq!(*limits, (Some(8.0), Some(20 * GI)));
    assert_eq!(*requests, Sizes { cpu: 5.0, memory: 14 * GI });
    let ResizeCall::Notes { notes, .. } = &resizer.calls[1] else { panic!("notes") };
    assert_eq!(notes.resizing_at_s, Some(9));
}

#[test]
fn a_pod_without_memory_ends_the_look() {
    let mut pod = asked_for();
    (pod.actual_requests, pod.actual_limits) = (Some(both("1", "")), Some(both("4", "")));
    let limits = config().node_types[1].resize.unwrap();
    let read = status(&pod, limits, Instant::ZERO, &mut Trace::default());
    assert_eq!(read, Err(Stuck::PodWithoutSize(PodId(1))));
}
