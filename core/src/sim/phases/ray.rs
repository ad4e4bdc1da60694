//! A Ray autoscaler looks, and KubeRay's operator follows.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::ray::config::{AutoscalingConfig, Version};
use crate::ray::operator;
use crate::ray::{
    self, Cause, Decision, Drain, GangRequest, KeptBy, NodeKind, Patch, PodId, PodSeen, RayNode,
    RayNodeStatus, ResourceDemand, StopCause, Trace,
};
use crate::sim::event::Event;
use crate::sim::timeline::{Note, OperatorPass, RayLook};
use crate::sim::world::{
    ClusterState, LOOK_STEPS, MOST_PODS, MOST_STEPS, Owner, POD_STEPS, RayNodeState, WaitingUnits,
    World,
};
use crate::time::Instant;

/// What a node that is planned counts as in a look of the Ray autoscaler, in steps.
const PLAN_STEPS: u64 = 100;

/// What the autoscaler is told of the work that waits.
struct Demand {
    demands: Vec<ResourceDemand>,
    gangs: Vec<GangRequest>,
}

impl World<'_> {
    /// One look of the autoscaler of `cluster`.
    pub(in crate::sim) fn ray_looks(&mut self, cluster: usize, now: Instant) {
        let model = self.clusters[cluster].model;
        if !self.clusters[cluster].exists {
            return;
        }
        let is_configured = matches!(self.clusters[cluster].autoscaler_config(), Some(Ok(_)));
        let looks = self.has_head(cluster) && is_configured;
        let rests = self.ray_look(cluster, now);
        if rests && self.looks_may_rest() {
            self.rest_looks(cluster, looks, now);
        } else {
            self.queue.add(now + model.loop_interval, Event::RayLooks { cluster });
        }
    }

    /// Says whether the next look is the same, for as long as nobody changes the cluster.
    fn ray_look(&mut self, cluster: usize, now: Instant) -> bool {
        // It runs in the head's pod.
        let Some(Ok(config)) = self.clusters[cluster].autoscaler_config() else { return true };
        if !self.has_head(cluster) {
            return true;
        }
        let demand = self.demand(cluster, now);
        self.steps += self.ray_look_steps(cluster, &demand);
        if self.steps > MOST_STEPS {
            return false;
        }
        let before =
            self.may_repeat(cluster, now).then(|| self.clusters[cluster].autoscaler.clone());
        let (decision, trace) = self.update(cluster, config, &demand, now);
        let from = self.clusters[cluster].requested();
        self.clusters[cluster].refused_drains.clear();
        self.apply(cluster, &decision, now);
        if let Some(reason) = &decision.stuck {
            let name = self.model.clusters[cluster].name.clone();
            let (cluster, reason) = (name, reason.clone());
            self.note_once(now, Note::RayStuck { cluster, reason });
        }
        let to = self.clusters[cluster].requested();
        self.undraw(cluster);
        let rests = before.is_some_and(|it| it == self.clusters[cluster].autoscaler)
            && does_nothing(&decision)
            && !trace.causes.iter().any(depends_on_time);
        self.timeline.clusters[cluster].looks.push(RayLook {
            at: now,
            from,
            to,
            gangs: demand.gangs.len(),
            constrained: self.clusters[cluster].constraint.is_some(),
            demands: Rc::from(demand.demands),
            decision,
            trace,
        });
        rests
    }

    /// Whether a look at `cluster` that changes nothing may be one of many: no part of what it sees
    /// moves on by itself but the time of nodes that idle.
    fn may_repeat(&self, cluster: usize, now: Instant) -> bool {
        let state = &self.clusters[cluster];
        // A node that fell idle right now still counts as in use.
        let is_even = |it: &RayNodeState| {
            let is_head = matches!(self.pods[it.pod].owner, Owner::Head(_));
            is_head || !it.units.is_empty() || it.seen(now).idle_ms > 0
        };
        self.looks_may_rest()
            && state.model.version == Version::V2
            && state.refused_drains.is_empty()
            && state.resources.is_empty()
            && state.waiting.iter().all(WaitingUnits::is_known)
            && state.autoscaler.is_settled()
            && state.nodes.iter().all(is_even)
    }

    /// About how much a look has to do: every pod is looked at and every new one planned, for
    /// placement groups again and again; nodes that run are full for most tasks, but all of them
    /// are weighed for each node of a constraint.
    fn ray_look_steps(&self, cluster: usize, demand: &Demand) -> u64 {
        let state = &self.clusters[cluster];
        let pods = state.pods.len() as u64;
        let hosts = |count: i64| u64::try_from(count).unwrap_or(0);
        let least = state.groups.iter().fold(0, |sum: u64, it| {
            sum.saturating_add(hosts(it.min_replicas).saturating_mul(hosts(it.num_of_hosts)))
        });
        let most = MOST_PODS as u64;
        let tasks: u64 = demand.demands.iter().map(|it| u64::from(it.count)).sum();
        let bundles: usize = demand.gangs.iter().map(|it| it.requests.len()).sum();
        // What is beyond the limit of a run is, however far; no sum below overflows.
        let new = least.min(MOST_STEPS) + tasks.min(most) + (bundles as u64).min(most);
        let constraint = state.constraint.as_ref().map_or(0, |(_, it)| {
            let nodes: u64 = it.requests.iter().map(|it| u64::from(it.count)).sum();
            nodes.min(most) * (pods + 1) * (8 + it.requests.len() as u64) / 16
        });
        LOOK_STEPS
            + new * PLAN_STEPS
            + demand.gangs.len() as u64 * (pods + new) * POD_STEPS
            + (1 + demand.demands.len() as u64) * pods * POD_STEPS
            + constraint
    }

    /// The decision and why; what is to be remembered is.
    fn update(
        &mut self,
        cluster: usize,
        config: &AutoscalingConfig,
        demand: &Demand,
        now: Instant,
    ) -> (Decision, Trace) {
        let memory = std::mem::take(&mut self.clusters[cluster].autoscaler);
        let memory_v1 = std::mem::take(&mut self.clusters[cluster].autoscaler_v1);
        let state = &self.clusters[cluster];
        let pods: Vec<PodSeen> = state.pods.iter().map(|pod| self.ray_pod(state, *pod)).collect();
        let nodes: Vec<RayNode<'_>> = state.nodes.iter().map(|node| node.seen(now)).collect();
        let seen = ray::Observation {
            pods: &pods,
            groups: &state.groups,
            ray_nodes: &nodes,
            demands: &demand.demands,
            gangs: &demand.gangs,
            constraint: state.constraint.as_ref().map(|(_, constraint)| constraint),
            refused_drains: &state.refused_drains,
            resources: &state.resources,
        };
        match self.clusters[cluster].model.version {
            Version::V2 => {
                let step = ray::update(config, memory, &seen, now);
                self.clusters[cluster].autoscaler = step.state;
                (step.decision, step.trace)
            }
            Version::V1 => {
                // Only GKE's webhook for TPUs labels pods with their replica.
                let replica_indexes = &BTreeMap::new();
                // No edit that is followed makes a RayCluster unreadable.
                let is_config_read = true;
                let seen = ray::v1::Seen { common: seen, replica_indexes, is_config_read };
                // DIFFERENCE(v1-restart): a process that ended is back for the next look.
                let step = ray::v1::update(config, memory_v1, &seen, now);
                self.clusters[cluster].autoscaler_v1 = step.state;
                (step.decision, step.trace)
            }
        }
    }

    fn ray_pod(&self, state: &ClusterState<'_>, pod: usize) -> PodSeen {
        let it = &self.pods[pod];
        let (kind, group) = match it.owner {
            Owner::Worker(_, group) => (NodeKind::Worker, &state.groups[group].name),
            Owner::Head(_) | Owner::Workload(_) | Owner::Submitter(_) => {
                (NodeKind::Head, &state.head_group)
            }
        };
        let (id, deleting) = (PodId(pod as u32), it.deleting.is_some());
        PodSeen { id, group: Arc::clone(group), kind, deleting }
    }

    /// What waits, as the GCS reports it: tasks and actors with the assumed lag, placement groups
    /// at once.
    fn demand(&mut self, cluster: usize, now: Instant) -> Demand {
        let lag = self.clusters[cluster].model.demand_lag;
        let mut demand = Demand { demands: Vec::new(), gangs: Vec::new() };
        for waiting in &mut self.clusters[cluster].waiting {
            let unit = &waiting.unit;
            if unit.strategy.is_some() {
                let name = |it: u32| format!("{}-{it}", unit.work);
                demand.gangs.extend((0..waiting.count).map(|it| unit.gang(&name(it))));
                continue;
            }
            let Some(request) = unit.requests.first().cloned() else { continue };
            let count = waiting.seen(lag, now);
            if count == 0 {
                continue;
            }
            match demand.demands.iter_mut().find(|it| it.request == request) {
                Some(known) => known.count = known.count.saturating_add(count),
                None => demand.demands.push(ResourceDemand { request, count }),
            }
        }
        demand
    }

    fn apply(&mut self, cluster: usize, decision: &Decision, now: Instant) {
        for patch in &decision.patches {
            match patch {
                Patch::Replicas { group, replicas } => {
                    self.clusters[cluster].groups[*group].replicas = Some(*replicas);
                }
                Patch::WorkersToDelete { group, pods } => {
                    self.clusters[cluster].groups[*group].workers_to_delete.clone_from(pods);
                }
            }
        }
        for call in &decision.resizes {
            self.resize(cluster, call, now);
        }
        for drain in &decision.drains {
            self.drain(cluster, drain, now);
        }
        if !decision.patches.is_empty() {
            let acts = now + self.clusters[cluster].model.operator_lag;
            self.call_operator(cluster, acts);
        }
    }

    /// A raylet that idles stops at once; one that does not refuses an idle drain, and is stopped
    /// by any other. Whatever v1 drains is stopped.
    fn drain(&mut self, cluster: usize, drain: &Drain, now: Instant) {
        let state = &mut self.clusters[cluster];
        let Some(node) = state.nodes.iter().find(|it| it.id == drain.ray_node) else { return };
        let may_refuse = state.model.version == Version::V2;
        let idle_only = may_refuse && matches!(drain.cause, StopCause::Idle { .. });
        if node.status != RayNodeStatus::Running {
            return;
        }
        if idle_only && node.idle_since(now).is_none() {
            state.refused_drains.push(drain.ray_node);
            return;
        }
        let pod = node.pod;
        self.leave_ray(cluster, pod, now);
    }

    /// KubeRay's operator compares the RayCluster with the pods.
    pub(in crate::sim) fn operator_acts(&mut self, cluster: usize, now: Instant) {
        self.operator_called(cluster, now);
        if !self.clusters[cluster].exists {
            return;
        }
        self.steps += self.clusters[cluster].pods.len() as u64 / 2;
        let from = self.pods_that_stay(cluster);
        let step = self.operator_step(cluster, now);
        self.clusters[cluster].operator = step.state;
        let operator::Decision { delete, create, again } = step.decision;
        let ends = |it: &operator::Cause| matches!(it, operator::Cause::Suspending { pods: 1.. });
        if step.trace.causes.iter().any(ends) {
            self.suspend_ray(cluster, now);
        }
        // What ended a pass early is met again at once, unless the pass changed something.
        if again && !delete.is_empty() {
            let acts = now + self.clusters[cluster].model.operator_lag;
            self.call_operator(cluster, acts);
        }
        for PodId(pod) in delete {
            self.delete_ray_pod(cluster, pod as usize, now);
        }
        let count = |owner| create.iter().filter(|it| it.owner == owner).count() as i64;
        self.create_ray_pods(Owner::Head(cluster), count(operator::Owner::Head), now);
        for group in 0..self.clusters[cluster].groups.len() {
            let pods = count(operator::Owner::Group(group));
            self.create_ray_pods(Owner::Worker(cluster, group), pods, now);
        }
        self.follow_suspension(cluster, now);
        let (to, trace) = (self.pods_that_stay(cluster), step.trace);
        let is_told = |it: &OperatorPass| it.trace == trace && it.to == to;
        if from != to || !(trace.causes.is_empty() || is_waiting(&trace)) {
            let passes = &self.timeline.clusters[cluster].passes;
            if from != to || !passes.last().is_some_and(is_told) {
                self.steps += LOOK_STEPS;
                let pass = OperatorPass { at: now, from, to, trace };
                self.timeline.clusters[cluster].passes.push(pass);
            }
        }
    }

    /// Pods of the cluster that are not on their way out.
    fn pods_that_stay(&self, cluster: usize) -> usize {
        let pods = self.clusters[cluster].pods.iter();
        pods.filter(|it| self.pods[**it].deleting.is_none()).count()
    }

    fn operator_step(&mut self, cluster: usize, now: Instant) -> operator::Step {
        let memory = std::mem::take(&mut self.clusters[cluster].operator);
        let state = &self.clusters[cluster];
        let pods: Vec<operator::Pod> = state.pods.iter().map(|it| self.operator_pod(*it)).collect();
        let groups: Vec<operator::Group<'_>> = state
            .groups
            .iter()
            .enumerate()
            .map(|(group, seen)| {
                let suspend = state.suspends_group(group) || state.workers_suspended;
                operator::Group { seen, suspend }
            })
            .collect();
        let spec = operator::Spec { suspend: state.suspends(), ..state.model.operator };
        let seen = operator::Observation {
            groups: &groups,
            pods: &pods,
            suspension: state.suspension,
            ..Default::default()
        };
        operator::reconcile(&spec, memory, &seen, now)
    }

    fn operator_pod(&self, pod: usize) -> operator::Pod {
        let it = &self.pods[pod];
        let owner = match it.owner {
            Owner::Head(_) => operator::Owner::Head,
            Owner::Worker(_, group) => operator::Owner::Group(group),
            Owner::Workload(_) | Owner::Submitter(_) => operator::Owner::Nobody,
        };
        operator::Pod {
            id: PodId(pod as u32),
            owner,
            replica: Some(it.replica),
            index: None,
            ended: false,
            deleting: it.deleting.is_some(),
        }
    }

    pub(in crate::sim) fn delete_ray_pod(&mut self, cluster: usize, pod: usize, now: Instant) {
        if self.pods.get(pod).is_some_and(|it| !it.gone) {
            self.delete_pod(pod, now);
            self.leave_ray(cluster, pod, now);
        }
    }
}

/// Whether nothing comes of a decision.
fn does_nothing(decision: &Decision) -> bool {
    decision.patches.is_empty()
        && decision.drains.is_empty()
        && decision.resizes.is_empty()
        && decision.launches.is_empty()
        && decision.stuck.is_none()
}

/// Whether a cause is another one at the next look.
fn depends_on_time(cause: &Cause) -> bool {
    matches!(cause, Cause::Kept { by: KeptBy::IdleTimeout { .. }, .. } | Cause::Unavailable { .. })
}

/// Whether a pass only waited for pods that go.
fn is_waiting(trace: &operator::Trace) -> bool {
    let waits = |it: &operator::Cause| {
        matches!(it, operator::Cause::HeadGoes | operator::Cause::PodsGo { .. })
    };
    trace.causes.iter().all(waits)
}
