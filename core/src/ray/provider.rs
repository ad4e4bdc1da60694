//! How pods are asked for and given back on KubeRay: by patching the RayCluster.
//!
//! A patch sets a group's `replicas` and names the pods to delete in `workersToDelete`. Desired
//! pods of a group are the larger of what it asks for (`max(replicas, minReplicas) * numOfHosts`)
//! and the pods that are there; launches add, deletions subtract, and the sum is rounded down to
//! whole replicas and held to `maxReplicas`. While a pod named in `workersToDelete` still exists,
//! nothing is patched, in no group.
//!
//! Idle suspension of the whole cluster is left out: the released operator has no field for it.
//!
//! Upstream: ray 2.60.0
//! autoscaler/v2/instance_manager/cloud_providers/kuberay/cloud_provider.py `KubeRayProvider`.

use std::collections::BTreeMap;

use super::observation::{GroupSeen, NodeKind, PodId, PodSeen};
use super::resources::Name;
use super::trace::{Cause, Trace};
use crate::order;

/// One change of the RayCluster. Groups are positions in `spec.workerGroupSpecs`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Patch {
    /// Replaces `replicas`.
    Replicas {
        /// Which group.
        group: usize,
        /// The new number.
        replicas: i64,
    },
    /// Replaces `scaleStrategy.workersToDelete`; empty once all of them are gone.
    WorkersToDelete {
        /// Which group.
        group: usize,
        /// The pods to delete.
        pods: Vec<PodId>,
    },
}

/// Numbers the requests for pods.
pub type RequestId = u64;

/// Pods that were asked for in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaunchError {
    /// The request.
    pub request: RequestId,
    /// Of which type.
    pub node_type: Name,
    /// How many.
    pub count: i64,
}

/// What went wrong, for the next look to see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProviderErrors {
    /// Pods that were asked for in vain.
    pub launches: Vec<LaunchError>,
    /// Pods whose deletion could not be asked for.
    pub terminations: Vec<PodId>,
}

/// The RayCluster during one look, as patched so far.
#[derive(Debug)]
pub struct Provider<'a> {
    /// The pods that are not being deleted: a look may ask for thousands of deletions, one by one.
    pods: BTreeMap<PodId, &'a PodSeen>,
    /// How many of them are workers, by group.
    workers: BTreeMap<&'a Name, i64>,
    groups: Vec<GroupSeen>,
    /// Requests that were dealt with; repeating one does nothing.
    pub handled: Vec<RequestId>,
    /// What was changed, in order.
    pub patches: Vec<Patch>,
    /// What went wrong.
    pub errors: ProviderErrors,
}

/// Pods by type.
type Counts = Vec<(Name, i64)>;

/// Why nothing could be patched.
enum Refusal {
    /// Deletions are under way in this group.
    PendingDeletes(Name),
    /// This group can't be patched.
    Group(Name),
}

/// Desired pods and deletions, by group name.
struct ScaleRequest {
    desired: Counts,
    to_delete: Vec<(Name, Vec<PodId>)>,
    finished_deletes: Vec<Name>,
}

impl<'a> Provider<'a> {
    /// The RayCluster and its pods at the start of a look.
    pub fn new(pods: &'a [PodSeen], groups: &[GroupSeen], handled: Vec<RequestId>) -> Self {
        let (groups, patches, errors) = (groups.to_vec(), Vec::new(), ProviderErrors::default());
        let pods = order::map(pods.iter().filter(|it| !it.deleting).map(|it| (it.id, it)));
        let mut workers = BTreeMap::new();
        for pod in pods.values().filter(|it| it.kind == NodeKind::Worker) {
            *workers.entry(&pod.group).or_default() += 1;
        }
        Self { pods, workers, groups, handled, patches, errors }
    }

    /// Asks for `shape`: so many pods of each type.
    pub fn launch(&mut self, shape: &[(Name, i64)], request: RequestId, trace: &mut Trace) {
        if self.handled.contains(&request) {
            return;
        }
        let rejected = match self.scale(shape, &[], trace) {
            Ok(rejected) => {
                self.handled.push(request);
                rejected
            }
            Err(refusal) => {
                explain(refusal, trace);
                shape.to_vec()
            }
        };
        for (node_type, count) in rejected {
            let requested = shape.iter().find(|(name, _)| *name == node_type);
            let count = count.min(requested.map_or(0, |(_, count)| *count));
            if count > 0 {
                self.errors.launches.push(LaunchError { request, node_type, count });
            }
        }
    }

    /// Asks for these pods to be deleted.
    pub fn terminate(&mut self, pods: &[PodId], trace: &mut Trace) {
        if let Err(refusal) = self.scale(&[], pods, trace) {
            explain(refusal, trace);
            self.errors.terminations.extend(pods);
        }
    }

    /// Patches the RayCluster; returns the pods that `maxReplicas` kept from being asked for.
    fn scale(
        &mut self,
        to_launch: &[(Name, i64)],
        to_delete: &[PodId],
        trace: &mut Trace,
    ) -> Result<Counts, Refusal> {
        let request = self.scale_request(to_launch, to_delete)?;
        let (patches, rejected) = self.patches_for(&request, trace)?;
        for patch in &patches {
            match patch {
                Patch::Replicas { group, replicas } => {
                    self.groups[*group].replicas = Some(*replicas);
                }
                Patch::WorkersToDelete { group, pods } => {
                    self.groups[*group].workers_to_delete.clone_from(pods);
                }
            }
        }
        self.patches.extend(patches);
        Ok(rejected)
    }

    /// Upstream: `_initialize_scale_request`, `_get_workers_delete_info`.
    fn scale_request(
        &self,
        to_launch: &[(Name, i64)],
        to_delete: &[PodId],
    ) -> Result<ScaleRequest, Refusal> {
        let named = order::set(self.groups.iter().flat_map(|it| it.workers_to_delete.iter()));
        let named_pods = || named.iter().filter_map(|it| self.pods.get(it));
        let mut desired: Counts = Vec::new();
        for group in &self.groups {
            let Some(replicas) = group.replicas else {
                return Err(Refusal::Group(group.name.clone()));
            };
            let is_worker =
                |pod: &&&PodSeen| pod.kind == NodeKind::Worker && pod.group == group.name;
            let leaving = named_pods().filter(is_worker).count() as i64;
            let observed = self.workers.get(&group.name).map_or(0, |count| count - leaving);
            let asked = replicas.max(group.min_replicas).saturating_mul(group.num_of_hosts);
            *count_of(&mut desired, &group.name) = asked.max(observed);
        }
        for (node_type, count) in to_launch {
            let desired = count_of(&mut desired, node_type);
            *desired = desired.saturating_add(*count);
        }
        let mut deletions: Vec<(Name, Vec<PodId>)> = Vec::new();
        for &id in to_delete {
            let Some(pod) = self.pods.get(&id) else { continue };
            if pod.kind == NodeKind::Head || named.contains(&id) {
                continue;
            }
            let desired = count_of(&mut desired, &pod.group);
            *desired -= 1;
            if *desired < 0 {
                return Err(Refusal::Group(pod.group.clone()));
            }
            match deletions.iter_mut().find(|(name, _)| *name == pod.group) {
                Some((_, pods)) => pods.push(id),
                None => deletions.push((pod.group.clone(), vec![id])),
            }
        }
        let finished_deletes = self.finished_deletes()?;
        Ok(ScaleRequest { desired, to_delete: deletions, finished_deletes })
    }

    /// Groups whose named pods are all gone; an error if one still exists.
    fn finished_deletes(&self) -> Result<Vec<Name>, Refusal> {
        let mut finished: Vec<Name> = Vec::new();
        for group in self.groups.iter().filter(|group| !group.workers_to_delete.is_empty()) {
            if group.workers_to_delete.iter().any(|it| self.pods.contains_key(it)) {
                return Err(Refusal::PendingDeletes(group.name.clone()));
            }
            if !finished.contains(&group.name) {
                finished.push(group.name.clone());
            }
        }
        Ok(finished)
    }

    /// Upstream: `_submit_scale_request`.
    fn patches_for(
        &self,
        request: &ScaleRequest,
        trace: &mut Trace,
    ) -> Result<(Vec<Patch>, Counts), Refusal> {
        let mut patches = Vec::new();
        let mut rejected = Vec::new();
        for (name, hosts) in &request.desired {
            let index = self.index_of(name)?;
            let group = &self.groups[index];
            let num_of_hosts = group.num_of_hosts;
            let whole = hosts.checked_div_euclid(num_of_hosts);
            let Some(wanted) = whole else { return Err(Refusal::Group(name.clone())) };
            let rounded_off = hosts.wrapping_rem_euclid(num_of_hosts);
            if rounded_off > 0 {
                let (group, hosts) = (name.clone(), *hosts);
                trace.push(Cause::PartOfReplica { group, hosts, num_of_hosts, rounded_off });
            }
            let replicas = wanted.min(group.max_replicas.unwrap_or(wanted));
            if replicas < wanted {
                let pods = (wanted - replicas).saturating_mul(num_of_hosts);
                trace.push(Cause::CappedByMaxReplicas {
                    group: name.clone(),
                    wanted,
                    max_replicas: replicas,
                    rejected: pods,
                });
                rejected.push((name.clone(), pods));
            }
            if group.replicas != Some(replicas) {
                patches.push(Patch::Replicas { group: index, replicas });
            }
        }
        for (name, pods) in &request.to_delete {
            patches
                .push(Patch::WorkersToDelete { group: self.index_of(name)?, pods: pods.clone() });
        }
        for name in &request.finished_deletes {
            if !request.to_delete.iter().any(|(other, _)| other == name) {
                let group = self.index_of(name)?;
                patches.push(Patch::WorkersToDelete { group, pods: Vec::new() });
            }
        }
        Ok((patches, rejected))
    }

    fn index_of(&self, name: &Name) -> Result<usize, Refusal> {
        let index = self.groups.iter().position(|group| group.name == *name);
        index.ok_or_else(|| Refusal::Group(name.clone()))
    }
}

/// The count under `name`, zero if it is new.
fn count_of<'v>(counts: &'v mut Counts, name: &Name) -> &'v mut i64 {
    let index = counts.iter().position(|(old, _)| old == name).unwrap_or_else(|| {
        counts.push((name.clone(), 0));
        counts.len() - 1
    });
    &mut counts[index].1
}

fn explain(refusal: Refusal, trace: &mut Trace) {
    trace.push(match refusal {
        Refusal::PendingDeletes(group) => Cause::PendingDeletes { group },
        Refusal::Group(group) => Cause::GroupNotPatchable { group },
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, replicas (-1 if missing), minimum, maximum, hosts, pods to delete.
    type Row<'t> = (&'t str, i64, i64, i64, i64, &'t [u32]);

    /// Pods are given by their groups and numbered from 1; the head is 0.
    fn run(groups: &[Row<'_>], pods: &[&str], calls: &[Call]) -> String {
        let groups: Vec<GroupSeen> = groups
            .iter()
            .map(|&(name, replicas, min_replicas, max, num_of_hosts, delete)| GroupSeen {
                name: name.into(),
                replicas: (replicas >= 0).then_some(replicas),
                min_replicas,
                max_replicas: Some(max),
                num_of_hosts,
                workers_to_delete: delete.iter().map(|&id| PodId(id)).collect(),
            })
            .collect();
        let head = ("headgroup", NodeKind::Head);
        let workers = pods.iter().map(|&group| (group, NodeKind::Worker));
        let pods: Vec<PodSeen> = std::iter::once(head)
            .chain(workers)
            .zip(0..)
            .map(|((group, kind), id)| PodSeen {
                id: PodId(id),
                group: group.into(),
                kind,
                deleting: false,
            })
            .collect();
        let mut provider = Provider::new(&pods, &groups, Vec::new());
        let mut trace = Trace::default();
        for call in calls {
            match *call {
                Call::Launch(group, count, request) => {
                    provider.launch(&[(group.into(), count)], request, &mut trace);
                }
                Call::Terminate(pod) => provider.terminate(&[PodId(pod)], &mut trace),
            }
        }
        let patch = |patch: &Patch| match patch {
            Patch::Replicas { replicas, .. } => format!("replicas {replicas}"),
            Patch::WorkersToDelete { pods, .. } => {
                format!("delete {:?}", pods.iter().map(|pod| pod.0).collect::<Vec<_>>())
            }
        };
        let errors = provider.errors.launches.iter().map(|it| format!("error {}", it.count));
        let failed = provider.errors.terminations.iter().map(|pod| format!("error pod {}", pod.0));
        let patches = provider.patches.iter().map(patch);
        patches.chain(errors).chain(failed).collect::<Vec<_>>().join(", ")
    }

    enum Call {
        Launch(&'static str, i64, RequestId),
        Terminate(u32),
    }
    use Call::{Launch, Terminate};

    #[test]
    fn a_launch_raises_replicas() {
        let launch = |group, pods: &[&str], count| run(&[group], pods, &[Launch("w", count, 1)]);
        assert_eq!(launch(("w", 1, 0, 10, 1, &[]), &["w"], 2), "replicas 3"); // P1
        assert_eq!(launch(("w", 1, 0, 3, 1, &[]), &["w"], 4), "replicas 3, error 2"); // P2
        assert_eq!(launch(("w", 0, 2, 10, 1, &[]), &[], 1), "replicas 3"); // P3
        assert_eq!(launch(("w", 0, 0, 10, 1, &[]), &["w", "w", "w"], 1), "replicas 4"); // P4
        assert_eq!(launch(("w", 0, 0, 10, 2, &[]), &[], 1), ""); // P5
        assert_eq!(launch(("w", 0, 0, 10, 2, &[]), &[], 3), "replicas 1"); // P6
        assert_eq!(launch(("w", -1, 0, 10, 1, &[]), &[], 1), "error 1"); // P13
        let twice = [Launch("w", 1, 1), Launch("w", 1, 1)];
        assert_eq!(run(&[("w", 0, 0, 10, 1, &[])], &[], &twice), "replicas 1"); // P15
    }

    #[test]
    fn a_deletion_names_the_pod_and_lowers_replicas() {
        let terminate = |group, pods: &[&str], pod| run(&[group], pods, &[Terminate(pod)]);
        let two = ["w", "w"];
        assert_eq!(terminate(("w", 1, 0, 10, 2, &[]), &two, 1), "replicas 0, delete [1]"); // P7
        assert_eq!(terminate(("w", 2, 2, 10, 1, &[]), &two, 1), "replicas 1, delete [1]"); // P8
        assert_eq!(terminate(("w", 5, 0, 10, 1, &[]), &two, 1), "replicas 4, delete [1]"); // P12
        assert_eq!(terminate(("w", 2, 0, 10, 1, &[]), &two, 0), ""); // P14
    }

    #[test]
    fn a_deletion_under_way_blocks_every_group() {
        let launch = [Launch("w", 1, 1)];
        let pending = ("w", 1, 0, 10, 1, &[1][..]);
        assert_eq!(run(&[pending], &["w", "w"], &launch), "error 1"); // P9
        let other = ("other", 1, 0, 10, 1, &[1][..]);
        let groups = [other, ("w", 1, 0, 10, 1, &[])];
        assert_eq!(run(&groups, &["other", "w"], &launch), "error 1"); // P10
        let gone = ("w", 1, 0, 10, 1, &[9][..]);
        assert_eq!(run(&[gone], &["w"], &launch), "replicas 2, delete []"); // P11
    }
}
