//! A rollout: the new ReplicaSet grows as far as the surge allows, the old ones shrink as far as
//! enough pods stay available.
//!
//! Upstream: kubernetes 1.37 pkg/controller/deployment/rolling.go, recreate.go.

use super::{ReplicaSet, Spec, Strategy};

/// One pass of a rollout; the last of `sets` is the new one.
pub(super) fn roll(spec: &Spec, sets: &mut [ReplicaSet]) {
    let Some((new, old)) = sets.split_last_mut() else { return };
    if spec.strategy == Strategy::Recreate {
        recreate(spec, new, old);
    } else if !grow(spec, new, old) {
        shrink(spec, new, old);
    }
}

/// The size of the new ReplicaSet, which has `now`, beside `others`.
///
/// Upstream: kubernetes 1.37 pkg/controller/deployment/util/deployment_util.go `NewRSNewReplicas`.
pub(super) fn grown(spec: &Spec, others: &[ReplicaSet], now: i32) -> i32 {
    let room = i64::from(spec.most()) - total(others) - i64::from(now);
    if room <= 0 {
        return now;
    }
    let wanted = i64::from(spec.replicas) - i64::from(now);
    now.saturating_add(room.min(wanted) as i32)
}

fn total(sets: &[ReplicaSet]) -> i64 {
    sets.iter().map(|it| i64::from(it.replicas)).sum()
}

/// Upstream: kubernetes 1.37 pkg/controller/deployment/rolling.go `reconcileNewReplicaSet`.
pub(super) fn grow(spec: &Spec, new: &mut ReplicaSet, old: &[ReplicaSet]) -> bool {
    if new.replicas == spec.replicas {
        return false;
    }
    let size =
        if new.replicas > spec.replicas { spec.replicas } else { grown(spec, old, new.replicas) };
    new.replicas != size && spec.write(new, size)
}

/// First the pods that are not available anyway, then others.
///
/// Upstream: kubernetes 1.37 pkg/controller/deployment/rolling.go `reconcileOldReplicaSets`,
/// `cleanupUnhealthyReplicas`, `scaleDownOldReplicaSetsForRollingUpdate`.
pub(super) fn shrink(spec: &Spec, new: &ReplicaSet, old: &mut [ReplicaSet]) {
    let least = i64::from(spec.least());
    let all = total(old) + i64::from(new.replicas);
    let unavailable = i64::from(new.replicas) - i64::from(new.available);
    let mut may = all - least - unavailable;
    if total(old) == 0 || may <= 0 {
        return;
    }
    for set in old.iter_mut().filter(|it| it.replicas > 0) {
        let unhealthy = i64::from(set.replicas) - i64::from(set.available);
        let fewer = may.min(unhealthy).max(0);
        may -= fewer;
        if fewer > 0 {
            spec.write(set, set.replicas - fewer as i32);
        }
    }
    let available: i64 = old.iter().chain([new]).map(|it| i64::from(it.available)).sum();
    let mut may = available - least;
    for set in old.iter_mut().filter(|it| it.replicas > 0) {
        let fewer = may.min(i64::from(set.replicas)).max(0);
        may -= fewer;
        if fewer > 0 {
            spec.write(set, set.replicas - fewer as i32);
        }
    }
}

/// All old pods go, and only then the new ones come.
///
/// Upstream: kubernetes 1.37 pkg/controller/deployment/recreate.go `rolloutRecreate`.
fn recreate(spec: &Spec, new: &mut ReplicaSet, old: &mut [ReplicaSet]) {
    let mut is_changed = false;
    for set in old.iter_mut().filter(|it| it.replicas > 0) {
        is_changed |= spec.write(set, 0);
    }
    if !is_changed && old.iter().all(|it| it.pods == 0) && new.replicas != spec.replicas {
        spec.write(new, spec.replicas);
    }
}
