//! What a sync reads, writes and says apart from its count: horizontal_test.go.

use super::super::{
    Condition, ConditionType, Observation, Reading, Refusal, Selector, State, Writes, reconcile,
};
use super::pods::{Pods, observe};
use super::sync::{hpa, remembered};
use super::{NOW, ago};
use crate::time::{Duration, Instant};

#[test]
fn what_has_not_changed_is_not_written() {
    let (spec, pods) = (hpa("2..6 cpu 30"), Pods::read("40 30h 30h", 10));
    let sync = |state: State, writes: Writes<'_>| {
        observe((2, 2), &pods, &[Reading::Samples(&pods.samples)], |seen| {
            reconcile(&spec, state, &Observation { writes, ..*seen }, NOW)
        })
    };
    let first = sync(remembered("old"), Writes::default());
    assert!(first.decision.writes_status, "a new HPA");
    let second = sync(first.state.clone(), Writes::default());
    assert!(!second.decision.writes_status, "AvoidUnnecessaryUpdates");
    // What could not be written is tried again, because it still differs.
    let refused = Writes { status_error: Some("conflict"), ..Writes::default() };
    let first = sync(remembered("old"), refused);
    assert!(first.decision.writes_status);
    assert_eq!(first.decision.events[0].reason, "FailedUpdateStatus");
    assert_eq!(first.state.status, remembered("old").status);
    assert!(sync(first.state, Writes::default()).decision.writes_status);
}

#[test]
fn a_scale_or_a_selector_that_cannot_be_read_keeps_the_count() {
    let (spec, pods) = (hpa("2..6 cpu 30"), Pods::read("30 50 70", 10));
    let sync = |change: fn(&mut Observation<'_>)| {
        observe((3, 3), &pods, &[Reading::Samples(&pods.samples)], |seen| {
            let mut seen = *seen;
            change(&mut seen);
            let mut state = remembered("old");
            state.status.desired_replicas = 3;
            reconcile(&spec, state, &seen, NOW)
        })
    };
    let parse = "couldn't convert selector into a corresponding internal selector object: bad";
    let compute = "FailedComputeMetricsReplicas";
    for (change, condition, reason, message, events) in [
        (
            (|seen| seen.selector = Selector::Missing) as fn(&mut Observation<'_>),
            ConditionType::ScalingActive,
            "InvalidSelector",
            "the HPA target's scale is missing a selector",
            vec![("SelectorRequired", "selector is required"), (compute, "selector is required")],
        ),
        (
            |seen| seen.selector = Selector::Unparsable("bad"),
            ConditionType::ScalingActive,
            "InvalidSelector",
            parse,
            vec![("InvalidSelector", parse), (compute, parse)],
        ),
        (
            |seen| seen.scale = Err("not found"),
            ConditionType::AbleToScale,
            "FailedGetScale",
            "the HPA controller was unable to get the target's current scale: not found",
            vec![("FailedGetScale", "not found")],
        ),
    ] {
        let step = sync(change);
        let found = step.state.status.condition(condition).expect("it was set");
        assert!(!found.status);
        assert_eq!((found.reason, found.message.as_ref()), (reason, message));
        let sent = step.decision.events.iter().map(|it| (it.reason, it.message.as_str()));
        assert_eq!(sent.collect::<Vec<_>>(), events);
        assert_eq!((step.decision.desired_replicas, step.decision.rescale), (3, false), "{reason}");
    }
}

#[test]
fn when_it_last_scaled_does_not_matter() {
    let (spec, pods) = (hpa("2..6 cpu 30"), Pods::read("30 50 70", 10));
    let mut state = remembered("old");
    state.status.last_scale_time = Some(NOW);
    let step = observe((3, 3), &pods, &[Reading::Samples(&pods.samples)], |seen| {
        reconcile(&spec, state, seen, NOW)
    });
    assert_eq!(step.decision.desired_replicas, 5, "NoBackoffUpscaleCM");
}

#[test]
fn a_scale_event_is_of_the_moment_after_the_write() {
    let (spec, pods) = (hpa("2..6 cpu 30 default"), Pods::read("30 50 70", 10));
    let writes = Writes { scale_latency: Duration::from_ms(20), ..Writes::default() };
    let step = observe((3, 3), &pods, &[Reading::Samples(&pods.samples)], |seen| {
        reconcile(&spec, remembered("old"), &Observation { writes, ..*seen }, NOW)
    });
    let after = NOW + Duration::from_ms(20);
    assert_eq!(step.state.scale_events.up[0].at, after);
    assert_eq!(step.state.status.last_scale_time, Some(after));
    let newest = step.state.recommendations.iter().map(|it| it.at).max();
    assert_eq!(newest, Some(NOW), "but a recommendation is of the moment before");
}

#[test]
fn a_count_that_cannot_be_written_changes_nothing() {
    let spec = hpa("2..6 cpu 30 default");
    let pods = Pods::read("30 50 70", 10);
    let step = observe((3, 3), &pods, &[Reading::Samples(&pods.samples)], |seen| {
        let mut seen = *seen;
        let refusals = [Refusal { error: "quota", is_conflict: false }];
        seen.writes.scale = &refusals;
        reconcile(&spec, remembered("old"), &seen, NOW)
    });
    assert!(!step.decision.rescale);
    assert_eq!(step.decision.desired_replicas, 3);
    assert!(step.state.scale_events.up.is_empty());
    let reason = "cpu resource utilization (percentage of request) above target";
    assert_eq!(
        step.decision.events[0].message,
        format!("New size: 5; reason: {reason}; error: quota")
    );
}

#[test]
fn a_transition_time_moves_only_with_the_status() {
    let spec = hpa("2..6 cpu 30");
    let pods = Pods::read("30 30 30", 10);
    let sync = |state: State, levels: &Pods, now: Instant| {
        observe((3, 3), &pods, &[Reading::Samples(&levels.samples)], |seen| {
            reconcile(&spec, state, seen, now)
        })
        .state
    };
    let limited = |state: &State| -> Option<Condition> {
        state.status.condition(ConditionType::ScalingLimited).cloned()
    };
    let first = sync(remembered("old"), &pods, ago(30));
    let second = sync(first.clone(), &pods, ago(15));
    assert_eq!(limited(&first), limited(&second));
    let busy = Pods::read("300 300 300", 10);
    let third = sync(second, &busy, NOW);
    let limited = limited(&third).expect("it was set");
    assert_eq!((limited.reason, limited.last_transition), ("TooManyReplicas", NOW));
}
