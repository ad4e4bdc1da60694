//! `NewClusterWithIncrementalUpgrade`: how `target_capacity` and traffic move, and move back.
//!
//! The new cluster's `target_capacity` rises by `maxSurgePercent`, traffic follows it by
//! `stepSizePercent` every `intervalSeconds`, then the old one's falls, and so on. Going back is
//! the same the other way round, and asks nobody whether the old cluster is ready.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/rayservice_controller.go
//! `reconcileServeTargetCapacity`, `calculateTrafficRoutedPercent`, `reconcileRollbackState`.

use super::{Action, Cause, ClusterStatus, Observation, Options, Side, State, Step};
use crate::time::Instant;

/// An upgrade whose new cluster is not the goal any more turns back; one that is again goes on.
pub(super) fn turn_back_or_go_on(step: &mut Step, seen: &Observation<'_>, pending: &ClusterStatus) {
    if !step.state.upgrading {
        return;
    }
    let on_track = pending.made.as_ref().is_some_and(|it| it.of == *seen.goal);
    match (on_track, step.state.rolling_back) {
        (true, true) => step.trace.causes.push(Cause::RollbackCancelled),
        (false, false) => step.trace.causes.push(Cause::RollbackBegan),
        (true, false) | (false, true) => {}
    }
    step.state.rolling_back = !on_track;
}

/// Moves `target_capacity` of the cluster on `side`, if it is its turn.
///
/// Upstream: `checkIfNeedTargetCapacityUpdate` as well.
pub(super) fn move_capacity(options: Options, step: &mut Step, seen: &Observation<'_>, side: Side) {
    let rolling_back = step.state.rolling_back;
    let (Some(active), Some(pending)) = (&mut step.state.active, &mut step.state.pending) else {
        return;
    };
    if !seen.gateway_ready {
        step.trace.causes.push(Cause::GatewayNotReady);
        return;
    }
    let is_known = active.traffic.is_some() && pending.traffic.is_some();
    let is_done = active.target_capacity == Some(0) && pending.target_capacity == Some(100);
    if is_known && is_done {
        return;
    }
    let (old, new) =
        (*active.target_capacity.get_or_insert(100), *pending.target_capacity.get_or_insert(0));
    let (goes_to, traffic) =
        if rolling_back { (old, active.traffic) } else { (new, pending.traffic) };
    let traffic = traffic.unwrap_or(0);
    if goes_to != traffic {
        step.trace.causes.push(Cause::TrafficBehind { target_capacity: goes_to, traffic });
        return;
    }
    let surge = options.max_surge_percent;
    // While both have more than the whole, the one that traffic left gives way.
    let falls = old.saturating_add(new) > 100;
    let moves = if falls == rolling_back { Side::Pending } else { Side::Active };
    if moves != side {
        return;
    }
    let status = if side == Side::Active { active } else { pending };
    let from = if side == Side::Active { old } else { new };
    let to =
        if falls { from.saturating_sub(surge).max(0) } else { from.saturating_add(surge).min(100) };
    status.target_capacity = Some(to);
    let cluster = status.id;
    let action = Action::Capacity { cluster, target_capacity: to };
    step.act(action, Cause::CapacityMoved { cluster, from, to });
}

/// What the route sends to the old and to the new cluster, in percent.
pub(super) fn weights(
    options: Options,
    state: &State,
    pending_ready: bool,
    now: Instant,
) -> (i32, i32) {
    let active = state.active.as_ref();
    let pending = state.pending.as_ref();
    let old = active.and_then(|it| it.traffic).unwrap_or(100);
    let new = pending.and_then(|it| it.traffic).unwrap_or(0);
    let (to, traffic, capacity) = if state.rolling_back {
        (active, old, active.and_then(|it| it.target_capacity).unwrap_or(100))
    } else {
        (pending, new, pending.and_then(|it| it.target_capacity).unwrap_or(0))
    };
    let moved = to.and_then(|it| it.traffic_moved);
    let waits = moved.is_some_and(|it| now.since(it) < options.interval);
    if traffic == capacity || waits || !(state.rolling_back || pending_ready) {
        return (old, new);
    }
    let moved = traffic.saturating_add(options.step_size_percent).min(100).min(capacity);
    if state.rolling_back { (moved, 100 - moved) } else { (100 - moved, moved) }
}

/// Writes down what the route says.
///
/// Upstream: `calculateStatus`.
pub(super) fn remember(step: &mut Step, (old, new): (i32, i32), pending: bool, now: Instant) {
    // The API server keeps whole seconds.
    let now = Instant::from_ms(now.ms() - now.ms().rem_euclid(1000));
    let note = |status: &mut ClusterStatus, traffic: i32| {
        let before = status.traffic.replace(traffic);
        if before != Some(traffic) {
            status.traffic_moved = Some(now);
        }
        before
    };
    if let Some(active) = &mut step.state.active {
        note(active, old);
    }
    if let Some(status) = step.state.pending.as_mut().filter(|_| pending) {
        let before = note(status, new).unwrap_or(0);
        if before != new {
            let cause = Cause::TrafficMoved { from: before, to: new };
            step.act(Action::Traffic { pending: new }, cause);
        }
    }
}

/// Whether everything is back with the old cluster, so that the new one belongs to nobody.
pub(super) fn end_rollback(step: &mut Step) -> bool {
    let state = &mut step.state;
    let has = |it: &Option<ClusterStatus>, percent| {
        let both = it.as_ref().map(|it| (it.target_capacity, it.traffic));
        both == Some((Some(percent), Some(percent)))
    };
    if !state.rolling_back || !has(&state.active, 100) || !has(&state.pending, 0) {
        return false;
    }
    (state.rolling_back, state.upgrading) = (false, false);
    if let Some(new) = state.pending.take() {
        state.dangling.extend(new.made.is_some().then_some((new.id, None)));
        step.trace.causes.push(Cause::RollbackDone { cluster: new.id });
    }
    true
}
