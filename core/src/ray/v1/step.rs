//! One look of the autoscaler.
//!
//! Take over what Ray reports; hold still if the last look is less than 5 s ago or pods that are to
//! go are still there; end workers; plan; patch the RayCluster once. Each error counts; with more
//! than five the process ends, Kubernetes starts it anew, and it remembers nothing.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/autoscaler.py `StandardAutoscaler.update`,
//! autoscaler/_private/monitor.py `Monitor._run`.

use std::collections::BTreeMap;

use super::Bundles;
use super::load::{self, Report, report_of};
use super::placement_groups::{PlacementGroup, Strategy};
use super::provider::{ScaleRequest, safe_to_scale};
use super::scheduler::{Learned, Load, Node, Reply, Request, get_nodes_to_launch};
use super::terminate::Workers;
use crate::order;
use crate::ray::config::AutoscalingConfig;
use crate::ray::demand::{GangRequest, PlacementConstraint};
use crate::ray::observation::{NodeKind, Observation, PodId, PodSeen};
use crate::ray::resources::Name;
use crate::ray::step::{Decision, Drain, Launch};
use crate::ray::trace::{Cause, Source, StopCause, Stuck, Trace};
use crate::time::{Duration, Instant};

/// Least time between two looks (`AUTOSCALER_UPDATE_INTERVAL_S`).
const INTERVAL: Duration = Duration::from_seconds(5);
/// Errors that are lived with (`AUTOSCALER_MAX_NUM_FAILURES`).
const MOST_FAILURES: u32 = 5;

/// What the autoscaler remembers from look to look.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// In the order of pods.
    reports: Vec<Report>,
    last_look: Option<Instant>,
    failures: u32,
    learned: Learned,
}

/// One look: the answer, what is remembered, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// What to do.
    pub decision: Decision,
    /// For the next look.
    pub state: State,
    /// Why.
    pub trace: Trace,
}

/// What a look sees: all that v2 sees, and the replica of each pod that has a label `replicaIndex`.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// As v2 sees it. Refused drains, labels and selectors don't matter.
    pub common: Observation<'a>,
    /// Replicas whose pods are ended together.
    pub replica_indexes: &'a BTreeMap<PodId, Name>,
    /// Whether the configuration was read in this look.
    pub is_config_read: bool,
}

/// One look of the autoscaler. The head's Ray node must be among those seen.
///
/// A RayCluster that can't be read leaves the configuration as it was, so `config` is the last one
/// that could be read.
pub fn update(config: &AutoscalingConfig, state: State, seen: &Seen<'_>, now: Instant) -> Step {
    let mut look = Look { config, seen, now, step: Step { state, ..Step::default() } };
    if seen.is_config_read {
        look.step.state.learned = Learned::default();
    }
    load::update(&mut look.step.state.reports, seen.common.ray_nodes, now);
    if let Err(stuck) = look.run() {
        look.step.trace.push(Cause::Stuck(stuck.clone()));
        look.step.decision.stuck = Some(stuck);
        look.step.state.failures += 1;
        let (failures, most) = (look.step.state.failures, MOST_FAILURES);
        look.step.trace.push(Cause::Failures { failures, most });
        if failures > most {
            look.step.state = State::default();
        }
    }
    look.step
}

struct Look<'a> {
    config: &'a AutoscalingConfig,
    seen: &'a Seen<'a>,
    now: Instant,
    step: Step,
}

impl<'a> Look<'a> {
    /// Upstream: `StandardAutoscaler._update`.
    fn run(&mut self) -> Result<(), Stuck> {
        let common = &self.seen.common;
        if let Some(since) = self.step.state.last_look.map(|last| self.now.since(last))
            && since < INTERVAL
        {
            self.step.trace.push(Cause::TooSoon { since_ms: since.ms() });
            return Ok(());
        }
        self.step.state.last_look = Some(self.now);
        match safe_to_scale(common.groups, common.pods) {
            Ok(cleared) => self.step.decision.patches = cleared,
            Err(group) => {
                self.step.trace.push(Cause::PendingDeletes { group });
                return Ok(());
            }
        }
        let placement_groups: Vec<PlacementGroup> = common.gangs.iter().map(group_of).collect();
        let requests = self.resource_requests();
        let mut request = ScaleRequest::new(common.pods, self.seen.replica_indexes);
        let left = self.end_workers(&placement_groups, &requests, &mut request)?;
        let are_left = order::set(left.iter().map(|it| it.id));
        self.step.state.reports.retain(|report| are_left.contains(&report.pod));
        self.launch(&left, &placement_groups, &requests, &mut request);
        let patches = request.patch(common.groups, &mut self.step.trace)?;
        self.step.decision.patches.extend(patches);
        Ok(())
    }

    /// `request_resources`, without what asks for nothing.
    fn resource_requests(&self) -> Vec<Bundles> {
        let requests = self.seen.common.constraint.map_or(&[][..], |it| &it.requests);
        let bundles = requests
            .iter()
            .map(|it| Bundles { resources: it.request.resources.clone(), count: it.count });
        bundles.filter(|it| !it.resources.is_empty() && it.count > 0).collect()
    }

    /// Ends workers; gives the pods that are left.
    fn end_workers(
        &mut self,
        placement_groups: &[PlacementGroup],
        resource_requests: &[Bundles],
        request: &mut ScaleRequest<'_>,
    ) -> Result<Vec<&'a PodSeen>, Stuck> {
        let seen: &'a Seen<'a> = self.seen;
        let pods = || seen.common.pods.iter().filter(|it| !it.deleting);
        let workers = Workers {
            config: self.config,
            pods: pods().filter(|it| it.kind == NodeKind::Worker).collect(),
            reports: &self.step.state.reports,
            placement_groups,
            resource_requests,
            now: self.now,
        };
        let ended = workers.ending(&mut self.step.trace)?;
        let drain = |(pod, cause): &(&PodSeen, StopCause)| {
            let report = report_of(&self.step.state.reports, pod.id)?;
            Some(Drain { ray_node: report.ray_node, pod: pod.id, cause: *cause })
        };
        let mut drains: Vec<Drain> = ended.iter().filter_map(drain).collect();
        order::sort_by_key(&mut drains, |it| it.ray_node);
        self.step.decision.drains = drains;
        for (pod, _) in &ended {
            request.terminate(pod);
        }
        let ended = order::set(ended.iter().map(|(pod, _)| pod.id));
        let is_left = |pod: &&PodSeen| !ended.contains(&pod.id);
        Ok(pods().filter(is_left).collect())
    }

    fn launch(
        &mut self,
        left: &[&'a PodSeen],
        placement_groups: &[PlacementGroup],
        resource_requests: &[Bundles],
        request: &mut ScaleRequest<'_>,
    ) {
        let common = &self.seen.common;
        let (demands, origins) = load::demands(common.demands, common.ray_nodes);
        let reports = &self.step.state.reports;
        let load = |pod: &PodSeen| {
            let report = report_of(reports, pod.id)?;
            Some(Load { total: &report.total, available: &report.available })
        };
        let node = |pod: &&'_ PodSeen| (pod.kind, load(pod));
        let loads: Vec<(NodeKind, Option<Load<'_>>)> = left.iter().map(node).collect();
        let nodes: Vec<Node<'_>> = left
            .iter()
            .zip(loads)
            .map(|(pod, (kind, load))| Node { node_type: &pod.group, kind, load })
            .collect();
        let before = self.step.trace.causes.len();
        let planned = Request {
            config: self.config,
            nodes: &nodes,
            demands: &demands,
            placement_groups,
            resource_requests,
        };
        let reply =
            get_nodes_to_launch(&planned, &mut self.step.state.learned, &mut self.step.trace);
        for (name, count) in &reply.launch {
            request.create(name, *count);
            let (node_type, count) = (name.clone(), *count);
            self.step.decision.launches.push(Launch { node_type, count });
        }
        self.tell(&reply, placement_groups, &origins, before);
    }

    /// What fits nowhere, in the words of the observation.
    fn tell(
        &mut self,
        reply: &Reply,
        placement_groups: &[PlacementGroup],
        origins: &[usize],
        before: usize,
    ) {
        let of_groups = super::placement_groups::origins(placement_groups);
        let decision = &mut self.step.decision;
        for &(origin, count) in &reply.unfulfilled {
            if let Some(group) = of_groups.get(origin) {
                decision.infeasible_gangs.push(*group);
            } else {
                let demand = origins[origin - of_groups.len()];
                decision.infeasible_demands.push((demand, count));
            }
        }
        for cause in &self.step.trace.causes[before..] {
            match cause {
                Cause::GangDropped { gang, .. } => decision.infeasible_gangs.push(*gang),
                Cause::Infeasible { source: Source::Constraint, .. } => {
                    decision.infeasible_constraint = true;
                }
                _ => {}
            }
        }
        order::sort(&mut decision.infeasible_gangs);
        decision.infeasible_gangs.dedup();
    }
}

fn group_of(gang: &GangRequest) -> PlacementGroup {
    let strategy = match gang.requests.first().and_then(|it| it.placement.as_ref()) {
        None => Strategy::Pack,
        Some(PlacementConstraint::Affinity { .. }) => Strategy::StrictPack,
        Some(PlacementConstraint::AntiAffinity { .. }) => Strategy::StrictSpread,
    };
    let bundles = gang.requests.iter().map(|it| it.resources.clone()).collect();
    PlacementGroup { strategy, bundles }
}
