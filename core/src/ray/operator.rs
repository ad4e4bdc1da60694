//! KubeRay's half: which pods of a worker group to make and to delete.
//!
//! With autoscaling on, in this order: pods that failed go, and nothing else happens in that pass;
//! pods named in `workersToDelete` go, even below the minimum; then all missing pods are made at
//! once. Pods above the desired number stay: only the autoscaler says which may go. A pod that is
//! still terminating counts as one of the group. In a group of several hosts a replica lives and
//! dies as a whole.
//!
//! How long the operator takes to notice is left to others.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/raycluster_controller.go `reconcilePods`,
//! ray-operator/controllers/ray/utils/util.go `GetWorkerGroupDesiredReplicas`.

use std::collections::BTreeMap;

use super::observation::{GroupSeen, PodId};

/// A pod of the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerPod {
    /// Which one.
    pub id: PodId,
    /// The replica it belongs to; matters only with several hosts.
    pub replica: u32,
    /// Whether it ended for good: phase Failed or Succeeded, or Ray's container ended and
    /// may not restart.
    pub failed: bool,
}

/// What to do with the group's pods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodChanges {
    /// Pods to delete.
    pub delete: Vec<PodId>,
    /// Pods to make; whole replicas with several hosts.
    pub create: i64,
}

/// `replicas` held between the minimum and the maximum, times the hosts. The RayCluster itself is
/// not rewritten.
pub fn desired_pods(group: &GroupSeen) -> i64 {
    let replicas = group.replicas.unwrap_or(group.min_replicas).max(group.min_replicas);
    let replicas = group.max_replicas.map_or(replicas, |max| replicas.min(max));
    replicas.max(0).saturating_mul(hosts(group))
}

/// One pass over one group, with every pod that the API server still lists for it.
///
/// ```
/// use tidetable_core::ray::{GroupSeen, PodId, operator::{WorkerPod, reconcile}};
/// let group = GroupSeen {
///     name: "w".into(),
///     replicas: Some(0),
///     min_replicas: 3,
///     max_replicas: Some(5),
///     num_of_hosts: 1,
///     workers_to_delete: vec![PodId(1)],
/// };
/// let pod = |id| WorkerPod { id: PodId(id), replica: id, failed: false };
/// let changes = reconcile(&group, &[pod(1), pod(2)]);
/// assert_eq!(changes.delete, [PodId(1)]);
/// assert_eq!(changes.create, 2); // the minimum counts, although `replicas` stays 0
/// ```
pub fn reconcile(group: &GroupSeen, pods: &[WorkerPod]) -> PodChanges {
    if hosts(group) > 1 {
        return reconcile_replicas(group, pods);
    }
    let failed: Vec<PodId> = pods.iter().filter(|pod| pod.failed).map(|pod| pod.id).collect();
    if !failed.is_empty() {
        return PodChanges { delete: failed, create: 0 };
    }
    let named = |pod: &&WorkerPod| group.workers_to_delete.contains(&pod.id);
    let delete: Vec<PodId> = pods.iter().filter(named).map(|pod| pod.id).collect();
    let create = desired_pods(group) - (pods.len() - delete.len()) as i64;
    PodChanges { delete, create: create.max(0) }
}

/// Upstream: kuberay 1.7 ray-operator/controllers/ray/raycluster_controller.go
/// `reconcileMultiHostWorkerGroup`.
fn reconcile_replicas(group: &GroupSeen, pods: &[WorkerPod]) -> PodChanges {
    let mut replicas: BTreeMap<u32, Vec<&WorkerPod>> = BTreeMap::new();
    for pod in pods {
        replicas.entry(pod.replica).or_default().push(pod);
    }
    let mut delete = Vec::new();
    let mut drop_if = |is_hit: &dyn Fn(&[&WorkerPod]) -> bool| {
        let before = delete.len();
        replicas.retain(|_, pods| {
            let hit = is_hit(pods);
            if hit {
                delete.extend(pods.iter().map(|pod| pod.id));
            }
            !hit
        });
        (delete.len() - before, replicas.len() as i64)
    };
    drop_if(&|pods| (pods.len() as i64) < hosts(group));
    let (unhealthy, _) = drop_if(&|pods| pods.iter().any(|pod| pod.failed));
    if unhealthy > 0 {
        return PodChanges { delete, create: 0 };
    }
    let (_, left) =
        drop_if(&|pods| pods.iter().any(|pod| group.workers_to_delete.contains(&pod.id)));
    let create = desired_pods(group).saturating_sub(left.saturating_mul(hosts(group)));
    PodChanges { delete, create: create.max(0) }
}

fn hosts(group: &GroupSeen) -> i64 {
    group.num_of_hosts.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(replicas: i64, num_of_hosts: i64, workers_to_delete: &[u32]) -> GroupSeen {
        GroupSeen {
            name: "w".into(),
            replicas: Some(replicas),
            min_replicas: 1,
            max_replicas: Some(3),
            num_of_hosts,
            workers_to_delete: workers_to_delete.iter().map(|&id| PodId(id)).collect(),
        }
    }

    /// Pods `0..count`, those in `failed` failed, `hosts` to a replica.
    fn pods(count: u32, hosts: u32, failed: &[u32]) -> Vec<WorkerPod> {
        (0..count)
            .map(|id| WorkerPod {
                id: PodId(id),
                replica: id / hosts,
                failed: failed.contains(&id),
            })
            .collect()
    }

    fn changes(delete: &[u32], create: i64) -> PodChanges {
        PodChanges { delete: delete.iter().map(|&id| PodId(id)).collect(), create }
    }

    #[test]
    fn replicas_are_held_between_minimum_and_maximum() {
        assert_eq!(
            [0, 1, 2, 9].map(|replicas| desired_pods(&group(replicas, 1, &[]))),
            [1, 1, 2, 3]
        );
        assert_eq!(desired_pods(&group(2, 4, &[])), 8);
        assert_eq!(desired_pods(&GroupSeen { replicas: None, ..group(0, 1, &[]) }), 1);
    }

    #[test]
    fn a_group_of_single_pods() {
        assert_eq!(reconcile(&group(2, 1, &[]), &pods(0, 1, &[])), changes(&[], 2));
        assert_eq!(reconcile(&group(1, 1, &[]), &pods(3, 1, &[])), changes(&[], 0), "none goes");
        assert_eq!(reconcile(&group(3, 1, &[]), &pods(2, 1, &[1])), changes(&[1], 0));
        assert_eq!(reconcile(&group(1, 1, &[0]), &pods(1, 1, &[])), changes(&[0], 1));
    }

    #[test]
    fn a_replica_of_several_hosts_goes_as_a_whole() {
        assert_eq!(reconcile(&group(2, 2, &[]), &pods(2, 2, &[])), changes(&[], 2));
        assert_eq!(reconcile(&group(1, 2, &[1]), &pods(4, 2, &[])), changes(&[0, 1], 0));
        assert_eq!(reconcile(&group(2, 2, &[]), &pods(4, 2, &[3])), changes(&[2, 3], 0));
        assert_eq!(reconcile(&group(2, 2, &[]), &pods(3, 2, &[])), changes(&[2], 2));
    }
}
