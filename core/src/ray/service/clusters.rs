//! Which RayClusters are made, updated in place, replaced and deleted.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/rayservice_controller.go
//! `cleanUpRayClusterInstance`, `reconcileRayCluster`, `shouldPrepareNewCluster`.

use super::{
    Action, Cause, ClusterId, ClusterStatus, Fingerprint, Made, Observation, Spec, State, Step,
    Strategy,
};
use crate::time::Instant;

/// The pass that first finds a cluster to belong to nobody sets its time; the first one beyond
/// that time deletes it.
pub(super) fn clean_up(spec: &Spec, step: &mut Step, now: Instant) {
    for (cluster, time) in std::mem::take(&mut step.state.dangling) {
        match time {
            None => {
                let at = now + spec.deletion_delay;
                step.trace.causes.push(Cause::DeletionScheduled { cluster, at });
                step.state.dangling.push((cluster, Some(at)));
            }
            Some(at) if now > at => {
                step.act(Action::Delete(cluster), Cause::DeletionDue { cluster });
            }
            Some(_) => step.state.dangling.push((cluster, time)),
        }
    }
}

/// Makes what was foreseen, and does nothing else then; otherwise updates what may be updated.
/// Says whether a cluster was made.
pub(super) fn make_or_update(spec: &Spec, step: &mut Step, seen: &Observation<'_>) -> bool {
    let is_incremental = matches!(spec.strategy, Strategy::Incremental(_));
    // Upstream asks for an active cluster only, so that one updated in place loses its replicas
    // as well.
    let without_replicas = is_incremental && step.state.active.is_some();
    if let Some(pending) = step.state.pending.as_mut().filter(|it| it.made.is_none()) {
        let cluster = pending.id;
        pending.made = Some(Made { of: seen.goal.clone() });
        step.act(
            Action::Create { cluster, without_replicas },
            Cause::ClusterMade { cluster, without_replicas },
        );
        return true;
    }
    let upgrading = step.state.upgrading;
    let state = &mut step.state;
    let mut updated = Vec::new();
    for status in state.active.iter_mut().filter(|_| !upgrading).chain(&mut state.pending) {
        let Some(made) = status.made.as_mut() else { continue };
        if differs_in_place(seen.goal, &made.of) {
            made.of.clone_from(seen.goal);
            updated.push(status.id);
        }
    }
    for cluster in updated {
        step.act(
            Action::Update { cluster, without_replicas },
            Cause::UpdatedInPlace { cluster, without_replicas },
        );
    }
    false
}

/// Upstream: `shouldUpdateCluster`.
fn differs_in_place(goal: &Fingerprint, of: &Fingerprint) -> bool {
    goal.suspend != of.suspend || (goal != of && goal.extends(of))
}

/// Whether a new cluster is needed, given those that the pass found or made.
pub(super) fn wants_new(
    spec: &Spec,
    state: &State,
    seen: &Observation<'_>,
    active: Option<&ClusterStatus>,
    pending: Option<&ClusterStatus>,
) -> bool {
    if state.rolling_back {
        return false;
    }
    match pending.or(active).and_then(|it| it.made.as_ref()) {
        None => true,
        Some(made) => !seen.goal.extends(&made.of) && spec.strategy != Strategy::None,
    }
}

/// A new cluster gets its name; the one that was to serve, if any, belongs to nobody any more.
pub(super) fn foresee(spec: &Spec, step: &mut Step) {
    let state = &mut step.state;
    let cluster = ClusterId(state.named);
    state.named = state.named.saturating_add(1);
    // Upstream means to start a second cluster at 0 as well, but only if an upgrade is going on
    // already. Otherwise it stays unset until traffic can be routed.
    let target_capacity = match (spec.strategy, &state.active) {
        (Strategy::Incremental(_), None) => Some(100),
        (Strategy::Incremental(_), Some(_)) if state.upgrading => Some(0),
        _ => None,
    };
    let new = ClusterStatus { id: cluster, target_capacity, ..ClusterStatus::default() };
    let before = state.pending.replace(new).filter(|it| it.made.is_some()).map(|it| it.id);
    state.dangling.extend(before.map(|it| (it, None)));
    let cause = match (&state.active, before) {
        (None, None) => Cause::FirstCluster { cluster },
        (_, given_up) => Cause::SpecChanged { cluster, given_up },
    };
    step.trace.causes.push(cause);
}
