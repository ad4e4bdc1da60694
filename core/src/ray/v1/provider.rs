//! One patch of the RayCluster for each look, at its end.
//!
//! It starts from the pods there are, not from `replicas`, and counts pods where the RayCluster
//! counts replicas: a group of several hosts gets that many times too much. Every group with pods
//! is compared, and one that is not in the RayCluster makes the whole patch fail.
//!
//! Upstream: ray 2.60.0 autoscaler/batching_node_provider.py `BatchingNodeProvider`,
//! autoscaler/_private/kuberay/node_provider.py `KubeRayNodeProvider`.

use std::collections::{BTreeMap, BTreeSet};

use crate::ray::observation::{GroupSeen, NodeKind, PodId, PodSeen};
use crate::ray::provider::Patch;
use crate::ray::resources::Name;
use crate::ray::trace::{Cause, Stuck, Trace};

/// What is asked of the RayCluster in one look.
pub struct ScaleRequest<'a> {
    pods: &'a [PodSeen],
    /// The replica of each pod, where something labels it with `replicaIndex` (GKE's webhook for
    /// TPUs): its pods are ended together.
    replica_indexes: &'a BTreeMap<PodId, Name>,
    /// Pods wanted by group, in the order in which upstream meets the groups.
    desired: Vec<(Name, i64)>,
    /// In the order in which they were asked for; and the same, to be found.
    to_delete: Vec<PodId>,
    deleted: BTreeSet<PodId>,
    is_needed: bool,
}

impl<'a> ScaleRequest<'a> {
    /// As many pods of each group as are there.
    pub fn new(pods: &'a [PodSeen], replica_indexes: &'a BTreeMap<PodId, Name>) -> Self {
        let mut request = Self {
            pods,
            replica_indexes,
            desired: Vec::new(),
            to_delete: Vec::new(),
            deleted: BTreeSet::new(),
            is_needed: false,
        };
        for pod in pods.iter().filter(|it| !it.deleting && it.kind == NodeKind::Worker) {
            request.want(&pod.group, 1);
        }
        request
    }

    fn want(&mut self, group: &Name, more: i64) {
        match self.desired.iter_mut().find(|(name, _)| name == group) {
            Some((_, count)) => *count = count.saturating_add(more),
            None => self.desired.push((group.clone(), more)),
        }
    }

    /// `count` more pods of `group`. Upstream: `create_node`.
    pub fn create(&mut self, group: &Name, count: i64) {
        self.want(group, count);
        self.is_needed = true;
    }

    /// Ends `pod`, and the rest of its replica, which is not subtracted. Upstream:
    /// `terminate_node`.
    pub fn terminate(&mut self, pod: &PodSeen) {
        if !self.deleted.insert(pod.id) {
            return;
        }
        self.want(&pod.group, -1);
        self.to_delete.push(pod.id);
        if let Some(replica) = self.replica_indexes.get(&pod.id) {
            for other in self.pods.iter().filter(|it| !it.deleting) {
                let is_of_it = self.replica_indexes.get(&other.id) == Some(replica);
                if is_of_it && self.deleted.insert(other.id) {
                    self.to_delete.push(other.id);
                }
            }
        }
        self.is_needed = true;
    }

    /// The patch; nothing if nothing was asked for.
    ///
    /// # Errors
    /// If a group that is named has no entry in the RayCluster.
    ///
    /// Upstream: `post_process`, `_scale_request_to_patch_payload`.
    pub fn patch(&self, groups: &[GroupSeen], trace: &mut Trace) -> Result<Vec<Patch>, Stuck> {
        let mut patches = Vec::new();
        if !self.is_needed {
            return Ok(patches);
        }
        let position = |name: &Name| {
            let found = groups.iter().position(|it| it.name == *name);
            found.ok_or_else(|| Stuck::GroupNotFound(name.clone()))
        };
        let mut caps = Vec::new();
        for (name, wanted) in &self.desired {
            let group = position(name)?;
            let (wanted, most) = (*wanted, groups[group].max_replicas.unwrap_or(i64::MAX));
            let replicas = wanted.min(most);
            if replicas < wanted {
                let rejected = wanted - replicas;
                let (name, max_replicas) = (name.clone(), most);
                caps.push(Cause::CappedByMaxReplicas {
                    group: name,
                    wanted,
                    max_replicas,
                    rejected,
                });
            }
            if replicas != groups[group].replicas.unwrap_or(1) {
                patches.push(Patch::Replicas { group, replicas });
            }
        }
        let mut deletions: Vec<(usize, Vec<PodId>)> = Vec::new();
        let group_of: BTreeMap<PodId, &Name> =
            self.pods.iter().rev().map(|it| (it.id, &it.group)).collect();
        for id in &self.to_delete {
            let Some(group) = group_of.get(id) else { continue };
            let group = position(group)?;
            match deletions.iter_mut().find(|(it, _)| *it == group) {
                Some((_, pods)) => pods.push(*id),
                None => deletions.push((group, vec![*id])),
            }
        }
        let delete = |(group, pods)| Patch::WorkersToDelete { group, pods };
        patches.extend(deletions.into_iter().map(delete));
        for cause in caps {
            trace.push(cause);
        }
        Ok(patches)
    }
}

/// Patches that empty `workersToDelete`; none at all while a pod that one names is still there.
///
/// # Errors
/// The first group whose pods are.
///
/// Upstream: `safe_to_scale`.
pub fn safe_to_scale(groups: &[GroupSeen], pods: &[PodSeen]) -> Result<Vec<Patch>, Name> {
    let there: BTreeSet<PodId> = pods.iter().filter(|it| !it.deleting).map(|it| it.id).collect();
    let is_there = |id: &PodId| there.contains(id);
    if let Some(group) = groups.iter().find(|it| it.workers_to_delete.iter().any(is_there)) {
        return Err(group.name.clone());
    }
    let named = groups.iter().enumerate().filter(|(_, it)| !it.workers_to_delete.is_empty());
    Ok(named.map(|(group, _)| Patch::WorkersToDelete { group, pods: Vec::new() }).collect())
}
