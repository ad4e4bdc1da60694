//! Which group a pod falls into: replica_calculator_test.go `TestGroupPods`.

use super::super::pods::standing;
use super::super::{Pod, PodIndex, PodPhase, ReadyCondition, ReadyStatus, Sample, Settings};
use super::{ago, seconds};
use crate::time::Duration;

#[test]
fn for_cpu_a_fresh_or_unready_pod_does_not_count() {
    super::check(
        "
        phase     | started | ready     | sample | group   | upstream
        Succeeded | 60      | none      | mem 0/60 | Ready   | memory looks at no condition
        Succeeded | 60      | none      | cpu 0/60 | Unready | no Ready condition
        Succeeded | none    | True 30   | cpu 0/60 | Unready | no start time
        Succeeded | 60      | True 30   | cpu 0/30 | Ready   | one window after the transition
        Succeeded | 60      | True 30   | cpu 0/31 | Unready | not one window after it
        Succeeded | 60      | True 30   | cpu 0/60 | Unready | sample reaches back into the start
        Running   | 119     | False 100 | cpu 0/15 | Unready | may still initialize
        Running   | 120     | True 0    | cpu 0/60 | Ready   | initialization is over (strict)
        Running   | 600     | False 594 | cpu 0/60 | Unready | was never ready
        Running   | 600     | False 590 | cpu 0/60 | Ready   | 10 s after the start (strict)
        Running   | 600     | False 591 | cpu 0/60 | Unready | 9 s after the start
        Running   | 600     | False 540 | cpu 0/60 | Ready   | was ready before
        Running   | 600     | False     | cpu 0/60 | Unready | transition unknown: before everything
        Running   | 60      | True      | cpu 0/60 | Ready   | transition unknown: long ago
        Running   | 60      | Unknown 59 | cpu 0/30 | Ready  | Unknown is never unready
        Running   | 180     | True 180  | cpu 120/60 | Ready | old samples count later
        Running   | 60      | none      | none   | Missing | no sample
        Pending   | 60      | none      | none   | Unready | pending, whatever the sample
        Pending   | 60      | none      | mem 0/60 | Unready | pending, whatever the resource
        Deleting  | 60      | True 30   | cpu 0/15 | Ignored | being deleted
        Pending deleting | 60 | none    | cpu 0/15 | Ignored | being deleted goes before pending
        Failed    | 60      | True 30   | cpu 0/15 | Ignored | failed
    ",
        group_of,
    );
}

fn group_of(cells: &[&str]) -> String {
    let [phase, started, ready, sample] = cells else { panic!("four cells: {cells:?}") };
    let ready = (*ready != "none").then(|| {
        let (status, since) = ready.split_once(' ').unwrap_or((ready, ""));
        let status = match status {
            "True" => ReadyStatus::True,
            "False" => ReadyStatus::False,
            _ => ReadyStatus::Unknown,
        };
        let last_transition = (!since.is_empty()).then(|| ago(seconds(since)));
        ReadyCondition { status, last_transition }
    });
    let pod = Pod {
        name: "pod",
        phase: match phase.trim_end_matches(" deleting") {
            "Pending" => PodPhase::Pending,
            "Succeeded" => PodPhase::Succeeded,
            "Failed" => PodPhase::Failed,
            _ => PodPhase::Running,
        },
        deleting: *phase == "Deleting" || phase.ends_with(" deleting"),
        start_time: (*started != "none").then(|| ago(seconds(started))),
        ready,
        containers: &[],
        requests: &[],
        overhead: &[],
    };
    let is_cpu = sample.starts_with("cpu");
    let sample = sample.split_once(' ').map(|(_, times)| {
        let (age, window) = times.split_once('/').expect("age/window");
        let window = Duration::from_seconds(seconds(window));
        Sample { pod: Some(PodIndex::of(0)), value_milli: 1, timestamp: ago(seconds(age)), window }
    });
    let settings = Settings {
        cpu_initialization_period: Duration::from_seconds(120),
        initial_readiness_delay: Duration::from_seconds(10),
        ..Settings::default()
    };
    format!("{:?}", standing(&pod, sample.as_ref(), is_cpu, &settings, super::NOW).group())
}
