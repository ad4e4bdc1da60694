//! Remembering the HPA's own changes, for the policies of `behavior`.
//!
//! A change is recorded only while the HPA has a `behavior`. It takes the place of the last event
//! that is older than the longest period of its own direction's policies; whether a policy of the
//! other direction would still need that event is not asked.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `storeScaleEvent`,
//! `markScaleEventsOutdated`, `getLongestPolicyPeriod`.

use super::{Behavior, ScaleEvent, ScaleEvents, ScalingRules};
use crate::time::{Duration, Instant};

/// Records the change from `previous` to `new` replicas.
pub fn store_scale_event(
    behavior: Option<&Behavior>,
    events: &mut ScaleEvents,
    previous: i32,
    new: i32,
    now: Instant,
) {
    let Some(behavior) = behavior else { return };
    if new > previous {
        store(&mut events.up, &behavior.scale_up, new.wrapping_sub(previous), now);
    } else {
        store(&mut events.down, &behavior.scale_down, previous.wrapping_sub(new), now);
    }
}

fn store(events: &mut Vec<ScaleEvent>, rules: &ScalingRules, replica_change: i32, now: Instant) {
    let longest = rules.policies.iter().map(|policy| policy.period).max();
    let cutoff = now - longest.unwrap_or(Duration::ZERO);
    for event in events.iter_mut().filter(|event| event.at < cutoff) {
        event.outdated = true;
    }
    let event = ScaleEvent { replica_change, at: now, outdated: false };
    match events.iter().rposition(|event| event.outdated) {
        Some(index) => events[index] = event,
        None => events.push(event),
    }
}
