//! KubeRay's half: which pods of a RayCluster to make and to delete.
//!
//! [`reconcile`] is one pass of the operator over a whole cluster, the head first, then group by
//! group. A pass ends early wherever upstream returns an error; the groups after it then wait for
//! the next one. In a group: nothing happens while pods that were deleted earlier are still there;
//! pods that ended go, and nothing else in that pass; pods named in `workersToDelete` go, even
//! below the minimum; then all missing pods are made at once. With autoscaling on, pods above the
//! desired number stay: only the autoscaler says which may go.
//!
//! | question | file |
//! |---|---|
//! | how many pods a group should have, and what they ask for in all | `replicas.rs` |
//! | groups of several hosts, whose replicas live and die as a whole | `multi_host.rs` |
//! | what a pod is made of, and how Ray is started in it | `build.rs` |
//! | what is remembered from pass to pass | `state.rs` |
//! | why | `trace.rs` |
//!
//! How long the operator takes to notice, and how long a pod takes to go, is left to others.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/raycluster_controller.go `reconcilePods`.

pub mod build;
mod multi_host;
mod node;
mod replicas;
mod state;
mod trace;

use std::collections::BTreeSet;

pub use node::node_resources;
pub use replicas::{
    GroupSize, PodAmounts, all_desired_pods, desired_amounts, desired_pods, least_amounts,
    least_pods, most_pods, pod_amounts,
};
pub use state::State;
pub use trace::{Cause, Trace};

use super::observation::{GroupSeen, PodId};
use crate::time::Instant;

/// What of a RayCluster and of the operator decides, beside the groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// `enableInTreeAutoscaling`.
    pub autoscaling: bool,
    /// `ENABLE_RANDOM_POD_DELETE=true` in the operator's own environment.
    pub random_delete: bool,
    /// `suspend`.
    pub suspend: bool,
    /// `ray.io/disable-provisioned-head-restart`: the head is not made again. RayJobs in
    /// `SidecarMode` have it.
    pub head_once: bool,
}

/// Where a pod belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// It is the head, or one of several.
    Head,
    /// A worker of the group with this number.
    Group(usize),
    /// A worker of a group that the RayCluster does not have any more: nobody looks at it.
    Nobody,
}

/// A pod that the API server still lists, terminating or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pod {
    /// Which one.
    pub id: PodId,
    /// Where it belongs.
    pub owner: Owner,
    /// The replica it belongs to; matters only with several hosts.
    pub replica: Option<u32>,
    /// Number of its replica within the group, from 0.
    pub index: Option<u32>,
    /// Whether it ended for good, see [`has_ended`].
    pub ended: bool,
    /// Whether it has a `deletionTimestamp`.
    pub deleting: bool,
}

/// `status.phase` of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodPhase {
    /// Not all containers have run yet.
    Pending,
    /// At least one container runs, or is about to again.
    Running,
    /// All containers ended well.
    Succeeded,
    /// At least one container ended badly, and none will run again.
    Failed,
    /// The node does not answer.
    Unknown,
}

/// Whether the operator deletes such a pod: it ended, or Ray's container did and may not restart.
///
/// Upstream: kuberay 1.7 ray-operator/controllers/ray/raycluster_controller.go `shouldDeletePod`.
pub const fn has_ended(phase: PodPhase, restarts: bool, ray_terminated: bool) -> bool {
    match phase {
        PodPhase::Failed | PodPhase::Succeeded => true,
        PodPhase::Running => ray_terminated && !restarts,
        PodPhase::Pending | PodPhase::Unknown => false,
    }
}

/// The suspend condition in a RayCluster's status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Suspension {
    /// Neither.
    #[default]
    None,
    /// `RayClusterSuspending`.
    Suspending,
    /// `RayClusterSuspended`.
    Suspended,
}

/// The condition after a pass that found it to be `before`.
///
/// A cluster that sleeps wakes only once `suspend` is written as false: one without the field
/// sleeps on.
///
/// Upstream: kuberay 1.7 ray-operator/controllers/ray/raycluster_controller.go `calculateStatus`.
pub const fn next_suspension(
    before: Suspension,
    suspend: Option<bool>,
    no_pods: bool,
) -> Suspension {
    match (before, suspend) {
        (Suspension::Suspending, _) if no_pods => Suspension::Suspended,
        (Suspension::Suspended, Some(false)) => Suspension::None,
        (Suspension::None, Some(true)) => Suspension::Suspending,
        (unchanged, _) => unchanged,
    }
}

/// A worker group: what the autoscaler reads and patches, and what it does not know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group<'a> {
    /// As it stands in the RayCluster.
    pub seen: &'a GroupSeen,
    /// `suspend`.
    pub suspend: bool,
}

/// Everything that one pass sees.
#[derive(Clone, Copy, Debug, Default)]
pub struct Observation<'a> {
    /// Worker groups, in the RayCluster's order.
    pub groups: &'a [Group<'a>],
    /// The cluster's pods. Upstream's list comes in any order; the first surplus pods go.
    pub pods: &'a [Pod],
    /// The suspend condition in its status.
    pub suspension: Suspension,
    /// The condition `RayClusterProvisioned`: all pods were ready once.
    pub provisioned: bool,
    /// With the upgrade strategy `Recreate`: whether the head was made for another spec.
    pub spec_changed: bool,
}

/// A pod to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewPod {
    /// Where it will belong.
    pub owner: Owner,
    /// Number of its replica within the group.
    pub index: u32,
    /// Which host of its replica it is.
    pub host: u32,
}

/// The most pods that one pass lists: `replicas` may be two thousand millions, and nobody makes
/// these.
pub const MOST_NEW_PODS: usize = 10_000;

/// What to do with the pods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Pods to delete, in upstream's order; some may be on their way out already.
    pub delete: Vec<PodId>,
    /// Pods to make, [`MOST_NEW_PODS`] at most; the trace has their whole number.
    pub create: Vec<NewPod>,
    /// Whether the pass ended with an error, so that the next one follows at once and the groups
    /// after it were not looked at.
    pub again: bool,
}

/// One pass.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// What to do.
    pub decision: Decision,
    /// What to remember.
    pub state: State,
    /// Why.
    pub trace: Trace,
}

/// One pass over the cluster.
///
/// ```
/// use tidetable_core::{ray::{GroupSeen, PodId, operator::*}, time::Instant};
/// let seen = GroupSeen {
///     name: "w".into(),
///     replicas: Some(0),
///     min_replicas: 3,
///     max_replicas: Some(5),
///     num_of_hosts: 1,
///     workers_to_delete: vec![PodId(1)],
/// };
/// let pod = |id, owner| Pod {
///     id: PodId(id),
///     owner,
///     replica: None,
///     index: Some(id),
///     ended: false,
///     deleting: false,
/// };
/// let pods = [pod(0, Owner::Head), pod(1, Owner::Group(0)), pod(2, Owner::Group(0))];
/// let groups = [Group { seen: &seen, suspend: false }];
/// let seen = Observation { groups: &groups, pods: &pods, ..Observation::default() };
/// let spec = Spec { autoscaling: true, ..Spec::default() };
/// let step = reconcile(&spec, State::default(), &seen, Instant::ZERO);
/// assert_eq!(step.decision.delete, [PodId(1)]);
/// // The minimum counts, although `replicas` stays 0; number 2 is in use.
/// assert_eq!(step.decision.create.iter().map(|it| it.index).collect::<Vec<_>>(), [0, 1]);
/// ```
pub fn reconcile(spec: &Spec, state: State, seen: &Observation<'_>, now: Instant) -> Step {
    let step = Step { state, ..Step::default() };
    let mut pass = Pass { spec, seen, now, step };
    pass.run();
    pass.step
}

/// The pass ends here.
struct Ends;

/// A pass under way.
struct Pass<'a> {
    spec: &'a Spec,
    seen: &'a Observation<'a>,
    now: Instant,
    step: Step,
}

impl Pass<'_> {
    fn run(&mut self) {
        if self.whole_cluster().is_err() || self.head().is_err() {
            return;
        }
        for group in 0..self.seen.groups.len() {
            if self.worker_group(group).is_err() {
                return;
            }
        }
    }

    fn say(&mut self, cause: Cause) {
        self.step.trace.causes.push(cause);
    }

    /// Upstream returns an error.
    fn fail(&mut self) -> Result<(), Ends> {
        self.step.decision.again = true;
        Err(Ends)
    }

    /// Deletes a pod, and remembers that it has to be gone before `owner` is looked at again.
    fn delete(&mut self, pod: PodId, owner: Owner) {
        self.step.decision.delete.push(pod);
        self.step.state.expect_gone(pod, owner);
    }

    /// Deletes all pods that `is_hit`, unless all of them are on their way out.
    ///
    /// Upstream: `deleteAllPods`.
    fn delete_all(&mut self, is_hit: impl Fn(&Pod) -> bool) -> usize {
        let hit = || self.seen.pods.iter().filter(|it| is_hit(it));
        let active = hit().filter(|it| !it.deleting).count();
        if active > 0 {
            self.step.decision.delete.extend(hit().map(|it| it.id));
        }
        active
    }

    fn whole_cluster(&mut self) -> Result<(), Ends> {
        match self.seen.suspension {
            Suspension::Suspending => {
                let pods = self.delete_all(|_| true);
                self.say(Cause::Suspending { pods });
                return Err(Ends);
            }
            Suspension::None if !self.spec.suspend => {}
            Suspension::None | Suspension::Suspended => {
                self.say(Cause::Suspended);
                return Err(Ends);
            }
        }
        let has_head = self.seen.pods.iter().any(|it| it.owner == Owner::Head);
        if self.seen.spec_changed && has_head {
            let pods = self.delete_all(|_| true);
            self.step.state = State::default();
            self.say(Cause::SpecChanged { pods });
            return Err(Ends);
        }
        Ok(())
    }

    fn head(&mut self) -> Result<(), Ends> {
        let mut heads = self.seen.pods.iter().filter(|it| it.owner == Owner::Head);
        if !self.step.state.is_satisfied(Owner::Head, self.seen.pods, self.now) {
            self.say(Cause::HeadGoes);
            return Ok(());
        }
        match (heads.next(), heads.count()) {
            (Some(head), 0) if head.ended => {
                self.delete(head.id, Owner::Head);
                self.say(Cause::HeadEnded);
                self.fail()
            }
            (Some(_), 0) => Ok(()),
            (None, _) if self.seen.provisioned && self.spec.head_once => {
                self.say(Cause::HeadNotMadeAgain);
                Err(Ends)
            }
            (None, _) => {
                let head = NewPod { owner: Owner::Head, index: 0, host: 0 };
                self.step.decision.create.push(head);
                self.say(Cause::HeadMade);
                Ok(())
            }
            (Some(_), others) => {
                self.say(Cause::SeveralHeads { count: others + 1 });
                self.fail()
            }
        }
    }

    fn worker_group(&mut self, group: usize) -> Result<(), Ends> {
        let Group { seen, suspend } = self.seen.groups[group];
        let owner = Owner::Group(group);
        if !self.step.state.is_satisfied(owner, self.seen.pods, self.now) {
            self.say(Cause::PodsGo { group });
            return Ok(());
        }
        if suspend {
            let pods = self.delete_all(|it| it.owner == owner);
            self.say(Cause::GroupSuspended { group, pods });
            return Ok(());
        }
        if seen.num_of_hosts > 1 {
            return self.multi_host(group, seen);
        }
        let own = || self.seen.pods.iter().filter(|it| it.owner == owner);
        let ended: Vec<PodId> = own().filter(|it| it.ended).map(|it| it.id).collect();
        if !ended.is_empty() {
            self.say(Cause::PodsEnded { group, pods: ended.len() });
            for pod in ended {
                self.delete(pod, owner);
            }
            return self.fail();
        }
        let deleted = self.delete_named(group, seen);
        let running: Vec<&Pod> = own().filter(|it| !deleted.contains(&it.id)).collect();
        self.balance(group, seen, &running);
        Ok(())
    }

    /// Pods in `workersToDelete` go, whichever group they are of.
    fn delete_named(&mut self, group: usize, seen: &GroupSeen) -> BTreeSet<PodId> {
        let there: BTreeSet<PodId> = match seen.workers_to_delete.as_slice() {
            [] => BTreeSet::new(),
            _ => self.seen.pods.iter().map(|it| it.id).collect(),
        };
        let is_there = |id: &&PodId| there.contains(*id);
        let named: Vec<PodId> = seen.workers_to_delete.iter().filter(is_there).copied().collect();
        if !named.is_empty() {
            self.say(Cause::PodsNamed { group, pods: named.len() });
        }
        for pod in &named {
            self.delete(*pod, Owner::Group(group));
        }
        named.into_iter().collect()
    }

    /// Missing pods are made; surplus ones go if nobody else decides about them.
    fn balance(&mut self, group: usize, seen: &GroupSeen, running: &[&Pod]) {
        let desired = desired_pods(seen);
        let missing = desired - running.len() as i64;
        if missing > 0 {
            let used: BTreeSet<u32> = running.iter().filter_map(|it| it.index).collect();
            let free = (0..).filter(|it| !used.contains(it)).take(missing as usize);
            let new = free.map(|index| NewPod { owner: Owner::Group(group), index, host: 0 });
            self.make(new);
            self.say(Cause::PodsMade { group, desired, pods: missing });
        } else if missing < 0 {
            let surplus = (-missing).min(running.len() as i64);
            let kept = self.keeps_surplus();
            self.say(Cause::Surplus { group, desired, pods: surplus, kept });
            if !kept {
                for pod in &running[..surplus as usize] {
                    self.delete(pod.id, Owner::Group(group));
                }
            }
        }
    }

    /// Pods are made, as far as the list reaches.
    fn make(&mut self, new: impl Iterator<Item = NewPod>) {
        let create = &mut self.step.decision.create;
        let room = MOST_NEW_PODS.saturating_sub(create.len());
        create.extend(new.take(room));
    }

    /// Whether the autoscaler alone says which pods may go.
    const fn keeps_surplus(&self) -> bool {
        self.spec.autoscaling && !self.spec.random_delete
    }
}
