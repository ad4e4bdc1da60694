//! A Ray cluster at the present instant: its RayCluster object, its nodes, what waits and runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::proxy::Proxy;
use super::ray_work::{RunningUnit, WaitingUnits};
use super::resize::pod_resources;
use super::{Owner, World};
use crate::ray::config::{AutoscalingConfig, ConfigError};
use crate::ray::operator::Suspension;
use crate::ray::resize::{PodResources, Sizes};
use crate::ray::{
    self, GroupSeen, Labels, Name, PodId, RayNode, RayNodeId, RayNodeStatus, ResourceConstraint,
    Resources,
};
use crate::sim::event::Event;
use crate::sim::model::{Cluster, ClusterChange, Group};
use crate::time::Instant;
use crate::workload::{Dated, MOST_UNITS, expand};

/// A RayCluster, and what Ray makes of it.
pub(in crate::sim) struct ClusterState<'m> {
    /// What it is made of.
    pub(in crate::sim) model: &'m Cluster,
    /// Whether the API server has it.
    pub(in crate::sim) exists: bool,
    /// The autoscaler's name for the head's group.
    pub(in crate::sim) head_group: Name,
    /// The worker groups as they stand in the RayCluster.
    pub(in crate::sim) groups: Vec<GroupSeen>,
    /// What the autoscaler remembers.
    pub(in crate::sim) autoscaler: ray::State,
    /// What it remembers if it is v1.
    pub(in crate::sim) autoscaler_v1: ray::v1::State,
    /// What KubeRay's operator remembers.
    pub(in crate::sim) operator: ray::operator::State,
    /// Ray nodes in the order in which they joined; dead ones until their pod is gone.
    pub(in crate::sim) nodes: Vec<RayNodeState>,
    /// Pods that are not gone, the head first.
    pub(in crate::sim) pods: Vec<usize>,
    /// What waits for room, in the order of arrival.
    pub(in crate::sim) waiting: Vec<WaitingUnits>,
    /// What runs or ran, by number.
    pub(in crate::sim) units: Vec<RunningUnit>,
    /// How many of them run.
    pub(in crate::sim) running: usize,
    /// What `request_resources` last asked for, and which call it was.
    pub(in crate::sim) constraint: Option<(usize, ResourceConstraint)>,
    /// Drains that were refused since the last look.
    pub(in crate::sim) refused_drains: Vec<RayNodeId>,
    /// What pods are made of that may be resized in place.
    pub(in crate::sim) resources: Vec<PodResources>,
    /// What the last edit made of it, if someone edited it.
    pub(in crate::sim) change: Option<&'m ClusterChange>,
    /// Edits that were told of, and whether they undid a launch.
    pub(in crate::sim) told: BTreeSet<(usize, bool)>,
    /// The suspend condition in its status.
    pub(in crate::sim) suspension: Suspension,
    /// `suspend`, as it was made: an update in place leaves it alone.
    made_suspended: bool,
    /// Whether it was suspended and has had no head since.
    pub(in crate::sim) sleeps: bool,
    /// Whether all worker groups were suspended, by the policy `DeleteWorkers`.
    pub(in crate::sim) workers_suspended: bool,
    /// When the operator is to look, as far as it was last asked to.
    operator_due: Option<Instant>,
    /// Every submission to come, by time.
    pub(in crate::sim) submissions: Vec<Dated>,
    /// Where the next actor that is spread begins to look.
    pub(in crate::sim) spread_next: usize,
    /// How many pods it has had.
    named: usize,
    /// How many replicas of worker groups it has had.
    replicas_named: u32,
    /// How many Ray nodes it has had.
    joined: u32,
}

/// One Ray node.
pub(in crate::sim) struct RayNodeState {
    pub(in crate::sim) id: RayNodeId,
    pub(in crate::sim) pod: usize,
    pub(in crate::sim) group: Name,
    total: Resources,
    /// What is free, for the autoscaler.
    available: Resources,
    /// What is free, in Ray's own units.
    pub(in crate::sim) free: Amounts,
    pub(in crate::sim) labels: Labels,
    /// Tasks, actors and placement groups on it, by number.
    pub(in crate::sim) units: BTreeSet<usize>,
    pub(super) proxy: Proxy,
    idle_since: Instant,
    pub(in crate::sim) status: RayNodeStatus,
}

/// Amounts by resource in ten-thousandths, as Ray itself counts them.
///
/// Upstream: ray 2.60.0 src/ray/common/scheduling/fixed_point.h `kResourceUnitScaling`.
pub(in crate::sim) type Amounts = Vec<(Name, i64)>;

/// `resources` in Ray's own units.
pub(in crate::sim) fn amounts(resources: &Resources) -> Amounts {
    let fixed = |amount: f64| (amount * 10_000.0).round() as i64;
    resources.iter().map(|(name, amount)| (Arc::clone(name), fixed(amount))).collect()
}

/// One of a resource, in Ray's own units.
pub(super) const WHOLE: i64 = 10_000;

/// Whether every node has one of the resource without saying so.
///
/// Upstream: ray 2.60.0 src/ray/common/scheduling/scheduling_ids.h `kImplicitResourcePrefix`.
pub(super) fn is_implicit(name: &str) -> bool {
    name.starts_with("node:__internal_implicit_resource_")
}

impl<'m> ClusterState<'m> {
    pub(super) fn new(cluster: &'m Cluster) -> Self {
        let suspended = cluster.operator.suspend;
        Self {
            model: cluster,
            exists: !cluster.later,
            head_group: ray::config::HEAD_GROUP.into(),
            groups: cluster.groups.iter().map(group_seen).collect(),
            autoscaler: ray::State::default(),
            autoscaler_v1: ray::v1::State::default(),
            operator: ray::operator::State::default(),
            nodes: Vec::new(),
            pods: Vec::new(),
            waiting: Vec::new(),
            units: Vec::new(),
            running: 0,
            constraint: None,
            refused_drains: Vec::new(),
            resources: Vec::new(),
            change: None,
            told: BTreeSet::new(),
            made_suspended: suspended,
            suspension: if suspended { Suspension::Suspended } else { Suspension::None },
            sleeps: false,
            workers_suspended: false,
            operator_due: None,
            submissions: Vec::new(),
            spread_next: 0,
            named: 0,
            replicas_named: 0,
            joined: 0,
        }
    }

    /// Foresees the submissions up to `end`; says whether some were left out.
    pub(in crate::sim) fn foresee(&mut self, cluster: &Cluster, end: Instant) -> bool {
        let (submissions, cut) = expand(&cluster.work, end, MOST_UNITS);
        self.submissions = submissions;
        cut
    }

    /// What the autoscaler believes of the RayCluster as it now is.
    pub(in crate::sim) fn autoscaler_config(
        &self,
    ) -> Option<&'m Result<AutoscalingConfig, ConfigError>> {
        self.change.map_or(self.model.autoscaler.as_ref(), |it| it.autoscaler.as_ref())
    }

    /// `suspend`, if it is written.
    pub(in crate::sim) fn suspend_field(&self) -> Option<bool> {
        self.change.map_or(Some(self.made_suspended), |it| it.suspend)
    }

    /// Whether it is to have no pods.
    pub(in crate::sim) fn suspends(&self) -> bool {
        self.suspend_field() == Some(true)
    }

    /// Whether that group is to have none.
    pub(in crate::sim) fn suspends_group(&self, group: usize) -> bool {
        let edited = self.change.and_then(|it| it.groups.get(group)).map(|it| it.suspend);
        let written = || self.model.groups.get(group).is_some_and(|it| it.suspend);
        edited.unwrap_or_else(written)
    }

    /// What the RayCluster asks of its worker groups, in pods.
    pub(in crate::sim) fn requested(&self) -> Vec<i64> {
        self.groups.iter().map(ray::operator::desired_pods).collect()
    }
}

pub(super) fn group_seen(group: &Group) -> GroupSeen {
    GroupSeen {
        name: group.name.as_str().into(),
        replicas: Some(group.replicas),
        min_replicas: group.min_replicas,
        max_replicas: Some(group.max_replicas),
        num_of_hosts: group.num_of_hosts,
        workers_to_delete: Vec::new(),
    }
}

impl RayNodeState {
    /// Since when nothing is on it; `None` if something is.
    pub(in crate::sim) fn idle_since(&self, now: Instant) -> Option<Instant> {
        let since = match self.proxy {
            Proxy::None | Proxy::Serves => self.idle_since,
            Proxy::Drains(until) => self.idle_since.max(until),
        };
        (self.units.is_empty() && since <= now).then_some(since)
    }

    /// Until when a proxy without replicas keeps it.
    pub(in crate::sim) fn drains_until(&self, now: Instant) -> Option<Instant> {
        match self.proxy {
            Proxy::Drains(until) if now < until => Some(until),
            Proxy::None | Proxy::Serves | Proxy::Drains(_) => None,
        }
    }

    /// As the GCS reports it.
    pub(in crate::sim) fn seen(&self, now: Instant) -> RayNode<'_> {
        let idle_since = self.idle_since(now);
        RayNode {
            id: self.id,
            pod: PodId(self.pod as u32),
            node_type: &self.group,
            total: &self.total,
            available: &self.available,
            labels: &self.labels,
            dynamic_labels: Labels::NONE,
            idle_ms: idle_since.map_or(0, |it| now.since(it).ms()),
            status: match self.status {
                RayNodeStatus::Running if idle_since.is_some() => RayNodeStatus::Idle,
                status => status,
            },
        }
    }

    /// Whether new work may be placed on it.
    pub(in crate::sim) fn takes_work(&self) -> bool {
        self.status == RayNodeStatus::Running
    }

    /// Ray counts with `to` from now on; what is in use stays.
    ///
    /// Upstream: ray 2.60.0 src/ray/raylet/node_manager.cc `HandleResizeLocalResourceInstances`.
    pub(in crate::sim) fn resize(&mut self, to: Sizes) {
        for (name, to) in [("CPU", to.cpu), ("memory", to.memory as f64)] {
            let name = &Name::from(name);
            let total = self.total.get(name).unwrap_or(0.0);
            let at = self.free.iter().position(|(it, _)| it == name).unwrap_or_else(|| {
                self.free.push((Arc::clone(name), 0));
                self.free.len() - 1
            });
            let free = &mut self.free[at].1;
            let more = (((to - total) * WHOLE as f64).round() as i64).max(-*free);
            *free = free.saturating_add(more);
            self.available.set(name, *free as f64 / WHOLE as f64);
            self.total.set(name, total + more as f64 / WHOLE as f64);
        }
    }

    /// Unit `number` takes what it needs.
    pub(in crate::sim) fn occupy(&mut self, number: usize, needs: &Amounts) {
        self.change_free(needs, -1);
        self.units.insert(number);
    }

    /// Unit `number` gives it back.
    pub(in crate::sim) fn vacate(&mut self, number: usize, needs: &Amounts, now: Instant) {
        self.change_free(needs, 1);
        self.units.remove(&number);
        self.idle_since = now;
    }

    fn change_free(&mut self, needs: &Amounts, sign: i64) {
        for (name, amount) in needs {
            if is_implicit(name) && self.free.iter().all(|(it, _)| it != name) {
                self.free.push((Arc::clone(name), WHOLE));
            }
            if let Some((name, free)) = self.free.iter_mut().find(|(it, _)| it == name) {
                *free = free.saturating_add(sign * amount);
                self.available.set(name, *free as f64 / 10_000.0);
            }
        }
    }
}

impl World<'_> {
    /// The model's group that a Ray pod belongs to.
    pub(in crate::sim) fn ray_group(&self, owner: Owner) -> Option<(usize, &Group)> {
        match owner {
            Owner::Workload(_) | Owner::Submitter(_) => None,
            Owner::Head(cluster) => Some((cluster, &self.clusters[cluster].model.head)),
            Owner::Worker(cluster, group) => {
                Some((cluster, &self.clusters[cluster].model.groups[group]))
            }
        }
    }

    /// `pod` can join its cluster: the head at once, and with it all workers that wait for it; a
    /// worker as soon as there is a head.
    ///
    /// Upstream: kuberay ray-operator/controllers/ray/common/pod.go `DefaultWorkerPodTemplate`
    /// (`wait-gcs-ready`).
    pub(in crate::sim) fn join_ray(&mut self, pod: usize, now: Instant) {
        let owner = self.pods[pod].owner;
        let Some((cluster, _)) = self.ray_group(owner) else { return };
        let old = self.clusters[cluster].nodes.len();
        if let Owner::Head(_) = owner {
            self.add_ray_node(pod, now);
            let workers: Vec<usize> = self.clusters[cluster]
                .pods
                .iter()
                .copied()
                .filter(|it| *it != pod && self.pods[*it].serves)
                .filter(|it| self.pods[*it].deleting.is_none())
                .collect();
            for worker in workers {
                self.add_ray_node(worker, now);
            }
        } else if self.has_head(cluster) {
            self.add_ray_node(pod, now);
        }
        let new = old..self.clusters[cluster].nodes.len();
        self.place_work_on(cluster, new, now);
    }

    /// Whether the head runs: with it, the autoscaler.
    pub(in crate::sim) fn has_head(&self, cluster: usize) -> bool {
        let first = self.clusters[cluster].nodes.first();
        first.is_some_and(|it| {
            it.status != RayNodeStatus::Dead && matches!(self.pods[it.pod].owner, Owner::Head(_))
        })
    }

    fn add_ray_node(&mut self, pod: usize, now: Instant) {
        let owner = self.pods[pod].owner;
        let Some((cluster, group)) = self.ray_group(owner) else { return };
        let mut total = group.resources.clone();
        total.set(&format!("node:{}", self.pods[pod].name).into(), 1.0);
        if let Owner::Head(_) = owner {
            total.set(&"node:__internal_head__".into(), 1.0);
        }
        let (name, labels) = (group.name.as_str().into(), group.labels.clone());
        let state = &mut self.clusters[cluster];
        state.sleeps &= !matches!(owner, Owner::Head(_));
        state.nodes.push(RayNodeState {
            id: RayNodeId(state.joined),
            pod,
            group: name,
            available: total.clone(),
            free: amounts(&total),
            total,
            labels,
            units: BTreeSet::new(),
            proxy: Proxy::None,
            idle_since: now,
            status: RayNodeStatus::Running,
        });
        state.joined += 1;
        self.pods[pod].joined = Some(now);
    }

    /// The Ray node of `pod` is dead; what ran on it waits again.
    pub(in crate::sim) fn leave_ray(&mut self, cluster: usize, pod: usize, now: Instant) {
        let state = &mut self.clusters[cluster];
        let Some(node) = state.nodes.iter().position(|it| it.pod == pod) else { return };
        state.nodes[node].status = RayNodeStatus::Dead;
        // A placement group that is lost leaves room on other nodes.
        if self.lose_work(cluster, node, now) {
            self.place_work(cluster, now);
        }
        self.undraw(cluster);
    }

    /// `count` more pods of a group; those of one replica share a number. Fewer if there are too
    /// many pods already.
    pub(in crate::sim) fn create_ray_pods(
        &mut self,
        owner: Owner,
        count: i64,
        now: Instant,
    ) -> Vec<usize> {
        let Some((cluster, group)) = self.ray_group(owner) else { return Vec::new() };
        let (prefix, hosts) =
            (format!("{}-{}", self.model.clusters[cluster].name, group.name), group.num_of_hosts);
        let sizes = group.resize;
        let mut created = Vec::new();
        for number in 0..count {
            let name = format!("{prefix}-{}", self.clusters[cluster].named);
            let Some(pod) = self.create_pod(owner, name, now) else { break };
            let state = &mut self.clusters[cluster];
            state.replicas_named += u32::from(number % hosts.max(1) == 0);
            state.named += 1;
            state.pods.push(pod);
            state.resources.extend(sizes.map(|sizes| pod_resources(pod, sizes)));
            self.pods[pod].replica = state.replicas_named;
            created.push(pod);
        }
        created
    }

    /// The operator is to look at `at`. It is asked once for an instant, however much happens in
    /// it, as its queue holds each RayCluster once.
    pub(in crate::sim) fn call_operator(&mut self, cluster: usize, at: Instant) {
        if self.clusters[cluster].operator_due.replace(at) != Some(at) {
            self.queue.add(at, Event::OperatorActs { cluster });
        }
    }

    /// The operator looks at `now`: from here on it can be asked again.
    pub(in crate::sim) fn operator_called(&mut self, cluster: usize, now: Instant) {
        self.clusters[cluster].operator_due.take_if(|it| *it == now);
    }

    /// Something about what `cluster` has changed.
    pub(in crate::sim) fn undraw(&mut self, cluster: usize) {
        self.undrawn.insert(cluster);
    }

    /// Draws what the cluster has at the end of this instant.
    pub(in crate::sim) fn draw_cluster(&mut self, cluster: usize, now: Instant) {
        let state = &self.clusters[cluster];
        let track = &mut self.timeline.clusters[cluster];
        let mut running = vec![0_u32; track.groups.len()];
        for node in state.nodes.iter().filter(|it| it.status != RayNodeStatus::Dead) {
            if let Owner::Worker(_, group) = self.pods[node.pod].owner {
                running[group] += 1;
            }
        }
        for (index, requested) in state.requested().into_iter().enumerate() {
            let requested = if state.exists { requested } else { 0 };
            track.groups[index].requested.set(now, requested as f64);
            track.groups[index].running.set(now, f64::from(running[index]));
        }
        let pending: u64 = state.waiting.iter().map(|it| u64::from(it.count)).sum();
        track.pending.set(now, pending as f64);
        track.running_work.set(now, state.running as f64);
    }
}
