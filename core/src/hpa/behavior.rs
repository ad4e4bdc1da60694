//! How fast the count may move: `spec.behavior`.
//!
//! Takes a recommendation that stabilization has already smoothed and holds it between the
//! scale-down limit and the scale-up limit, then between `minReplicas` and `maxReplicas`. Each
//! policy counts from the replicas at the start of its period: what was added within the period is
//! taken off first, what was removed is put back. Only the HPA's own changes count.
//!
//! Smoothing over time is [`stabilize_with_behavior`](super::stabilize_with_behavior).
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
//! `convertDesiredReplicasWithBehaviorRate`.

use super::convert::go_i32;
use super::{
    Behavior, Direction, Limit, PolicyKind, PolicyLimit, ScaleEvent, ScaleEvents, ScalingPolicy,
    ScalingRules, SelectPolicy,
};
use crate::time::{Duration, Instant};

/// `stabilized` within the limits of `behavior`, and the limit that cut it.
///
/// `minReplicas` is not looked at on the way up, nor `maxReplicas` on the way down.
pub fn within_behavior(
    current_replicas: i32,
    stabilized: i32,
    (min_replicas, max_replicas): (i32, i32),
    behavior: &Behavior,
    events: &ScaleEvents,
    now: Instant,
) -> (i32, Option<Limit>) {
    if stabilized > current_replicas {
        let policy = scale_up_limit(&behavior.scale_up, current_replicas, events, now);
        let allowed = policy.allowed.max(current_replicas);
        let (most, limit) = if max_replicas > allowed {
            (allowed, Limit::ScaleUpPolicy(policy))
        } else {
            (max_replicas, Limit::MaxReplicas)
        };
        if stabilized > most {
            return (most, Some(limit));
        }
    } else if stabilized < current_replicas {
        let policy = scale_down_limit(&behavior.scale_down, current_replicas, events, now);
        let allowed = policy.allowed.min(current_replicas);
        let (least, limit) = if min_replicas < allowed {
            (allowed, Limit::ScaleDownPolicy(policy))
        } else {
            (min_replicas, Limit::MinReplicas)
        };
        if stabilized < least {
            return (least, Some(limit));
        }
    }
    (stabilized, None)
}

/// The most replicas that `rules` allow at `now`.
///
/// Lies below `current_replicas` if more was added within the period than the policies allow; the
/// caller then holds still. A percent policy rounds up, so that a single pod can grow at all.
///
/// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
/// `calculateScaleUpLimitWithScalingRules`.
///
/// ```
/// # use tidetable_core::{hpa::{ScaleEvents, ScalingRules, scale_up_limit}, time::Instant};
/// let rules = ScalingRules::default_scale_up(); // 4 pods or 100 % in 15 s, the larger
/// let limit = scale_up_limit(&rules, 3, &ScaleEvents::default(), Instant::ZERO);
/// assert_eq!(limit.allowed, 7);
/// ```
pub fn scale_up_limit(
    rules: &ScalingRules,
    current_replicas: i32,
    events: &ScaleEvents,
    now: Instant,
) -> PolicyLimit {
    select(rules, current_replicas, events, now, Direction::Up)
}

/// The fewest replicas that `rules` allow at `now`.
///
/// Lies above `current_replicas` if more was removed within the period than the policies allow. A
/// percent policy truncates what remains, and may come out negative.
///
/// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
/// `calculateScaleDownLimitWithBehaviors`.
pub fn scale_down_limit(
    rules: &ScalingRules,
    current_replicas: i32,
    events: &ScaleEvents,
    now: Instant,
) -> PolicyLimit {
    select(rules, current_replicas, events, now, Direction::Down)
}

/// The policy that counts: the one with the largest or the smallest change, the first if equal.
fn select(
    rules: &ScalingRules,
    current_replicas: i32,
    events: &ScaleEvents,
    now: Instant,
    direction: Direction,
) -> PolicyLimit {
    let wants_highest = match (rules.select_policy, direction) {
        (SelectPolicy::Disabled, _) => None,
        (SelectPolicy::Max, Direction::Up) | (SelectPolicy::Min, Direction::Down) => Some(true),
        (SelectPolicy::Max, Direction::Down) | (SelectPolicy::Min, Direction::Up) => Some(false),
    };
    let chosen = wants_highest.and_then(|wants_highest| {
        policy_limits(rules, current_replicas, events, now, direction).reduce(|chosen, next| {
            let is_better = if wants_highest {
                next.allowed > chosen.allowed
            } else {
                next.allowed < chosen.allowed
            };
            if is_better { next } else { chosen }
        })
    });
    chosen.unwrap_or(PolicyLimit {
        policy: None,
        added: 0,
        removed: 0,
        period_start_replicas: current_replicas,
        allowed: current_replicas,
    })
}

/// What each of the policies allows, in their order.
pub(super) fn policy_limits(
    rules: &ScalingRules,
    current_replicas: i32,
    events: &ScaleEvents,
    now: Instant,
    direction: Direction,
) -> impl Iterator<Item = PolicyLimit> {
    rules.policies.iter().enumerate().map(move |(index, policy)| {
        let added = change_within(policy.period, &events.up, now);
        let removed = change_within(policy.period, &events.down, now);
        let period_start_replicas = current_replicas.wrapping_sub(added).wrapping_add(removed);
        let allowed = allowed(*policy, period_start_replicas, direction);
        PolicyLimit { policy: Some(index), added, removed, period_start_replicas, allowed }
    })
}

/// What one policy allows, counted from the start of its period.
fn allowed(policy: ScalingPolicy, period_start_replicas: i32, direction: Direction) -> i32 {
    let start = f64::from(period_start_replicas);
    let share = f64::from(policy.value) / 100.0;
    match (policy.kind, direction) {
        (PolicyKind::Pods, Direction::Up) => period_start_replicas.wrapping_add(policy.value),
        (PolicyKind::Pods, Direction::Down) => period_start_replicas.wrapping_sub(policy.value),
        (PolicyKind::Percent, Direction::Up) => go_i32((start * (1.0 + share)).ceil()),
        (PolicyKind::Percent, Direction::Down) => go_i32(start * (1.0 - share)),
    }
}

/// The changes younger than `period`; one exactly that old no longer counts.
///
/// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
/// `getReplicasChangePerPeriod`.
fn change_within(period: Duration, events: &[ScaleEvent], now: Instant) -> i32 {
    let cutoff = now - period;
    events
        .iter()
        .filter(|event| event.at > cutoff)
        .fold(0, |sum, event| sum.wrapping_add(event.replica_change))
}
