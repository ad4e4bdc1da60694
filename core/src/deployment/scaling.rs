//! Another `spec.replicas`, while a rollout runs or not: each ReplicaSet gets its share.
//!
//! Upstream: kubernetes 1.37 pkg/controller/deployment/sync.go `scale`.

use std::cmp::Reverse;

use super::{ReplicaSet, Spec, Strategy};
use crate::order;

/// Brings `sets`, the last of which is the new one, to `spec.replicas` together.
pub(super) fn scale(spec: &Spec, sets: &mut [ReplicaSet]) {
    let Some(last) = sets.len().checked_sub(1) else { return };
    let mut active: Vec<usize> = (0..sets.len()).filter(|it| sets[*it].replicas > 0).collect();
    if active.len() < 2 {
        // Upstream: `FindActiveOrLatest`
        let set = &mut sets[active.first().copied().unwrap_or(last)];
        if set.replicas != spec.replicas {
            spec.write(set, spec.replicas);
        }
        return;
    }
    let new = sets[last];
    if [new.replicas, new.desired, new.available] == [spec.replicas; 3] {
        // Upstream: `IsSaturated`
        for set in sets[..last].iter_mut().filter(|it| it.replicas > 0) {
            spec.write(set, 0);
        }
        return;
    }
    if spec.strategy == Strategy::Recreate {
        return;
    }
    let allowed = if spec.replicas > 0 { spec.most() } else { 0 };
    let total = active.iter().fold(0_i32, |sum, it| sum.saturating_add(sets[*it].replicas));
    let add = allowed.saturating_sub(total);
    if add > 0 {
        order::sort_by_key(&mut active, |it| (Reverse(sets[*it].replicas), Reverse(*it)));
    } else if add < 0 {
        order::sort_by_key(&mut active, |it| (Reverse(sets[*it].replicas), *it));
    }
    let mut added = 0;
    let mut sizes: Vec<i32> = Vec::new();
    for it in &active {
        let more = proportion(spec, &sets[*it], add, added);
        added += more;
        sizes.push(sets[*it].replicas.saturating_add(more));
    }
    if add != 0 {
        sizes[0] = sizes[0].saturating_add(add - added).max(0);
    }
    for (it, size) in active.into_iter().zip(sizes) {
        spec.write(&mut sets[it], size);
    }
}

/// Upstream: kubernetes 1.37 pkg/controller/deployment/util/deployment_util.go
/// `GetReplicaSetProportion`.
fn proportion(spec: &Spec, set: &ReplicaSet, add: i32, added: i32) -> i32 {
    if add == added {
        return 0;
    }
    let left = add - added;
    if add > 0 { fraction(spec, set).min(left) } else { fraction(spec, set).max(left) }
}

/// Upstream: kubernetes 1.37 pkg/controller/deployment/util/deployment_util.go
/// `getReplicaSetFraction`; the product is one of 32 bits.
fn fraction(spec: &Spec, set: &ReplicaSet) -> i32 {
    if spec.replicas == 0 {
        return -set.replicas;
    }
    if set.most == 0 {
        return 0;
    }
    let product = set.replicas.wrapping_mul(spec.most());
    let size = f64::from(product) / f64::from(set.most);
    // Go's RoundToInt32: half away from zero.
    let rounded = if size < 0.0 { size - 0.5 } else { size + 0.5 };
    (rounded as i32).saturating_sub(set.replicas)
}
