//! Tasks, actors and placement groups: waiting, running, done.
//!
//! Ray places what fits, in the order of arrival, on the first node that has room; what does not
//! fit waits and holds nobody up.
//!
//! DIFFERENCE(ray-placement): Ray's own scheduler prefers nodes below half of their utilization
//! and breaks ties at random; here the first node that joined comes first.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::World;
use super::cluster::{Amounts, ClusterState, amounts};
use crate::ray::{
    GangRequest, LabelConstraint, LabelSelector, Labels, Name, ResourceConstraint, ResourceDemand,
    ResourceRequest, Resources,
};
use crate::sim::event::Event;
use crate::time::{Duration, Instant};
use crate::workload::{self, RayResources, Strategy, WorkKind};

/// What one task, actor or placement group is.
#[derive(Debug)]
pub(in crate::sim) struct Unit {
    /// What each bundle takes; a task or an actor is one bundle.
    bundles: Vec<Amounts>,
    /// As the autoscaler is told, one for each bundle.
    pub(in crate::sim) requests: Vec<ResourceRequest>,
    /// How bundles share nodes; `None` for tasks and actors.
    pub(in crate::sim) strategy: Option<Strategy>,
    /// How long it lasts; to the end, if absent.
    duration: Option<Duration>,
}

/// Equal units that wait.
#[derive(Clone, Debug)]
pub(in crate::sim) struct WaitingUnits {
    pub(in crate::sim) unit: Arc<Unit>,
    pub(in crate::sim) count: u32,
    pub(in crate::sim) since: Instant,
}

/// A unit that has or had its room.
#[derive(Debug)]
pub(in crate::sim) struct RunningUnit {
    unit: Arc<Unit>,
    /// For each bundle, the pod of the Ray node that it is on.
    pods: Vec<usize>,
    pub(in crate::sim) runs: bool,
}

impl Unit {
    fn new(
        bundles: &[RayResources],
        labels: &[workload::LabelSelector],
        strategy: Option<Strategy>,
        duration: Option<Duration>,
    ) -> Self {
        let request = |(index, bundle): (usize, &RayResources)| {
            let resources: Resources = bundle.iter().map(|(name, it)| (name, *it)).collect();
            let mut request = match strategy {
                Some(_) => ResourceRequest::bundle(resources),
                None => ResourceRequest::task(resources),
            };
            if let Some(labels) = labels.get(index).filter(|it| !it.is_empty()) {
                request.label_selectors = vec![selector(labels)];
            }
            request
        };
        let requests: Vec<_> = bundles.iter().enumerate().map(request).collect();
        let bundles = requests.iter().map(|it| amounts(&it.resources)).collect();
        Self { bundles, requests, strategy, duration }
    }

    /// As the autoscaler is told of a placement group called `group`.
    pub(in crate::sim) fn gang(&self, group: &str) -> GangRequest {
        let bundles = self.requests.iter().map(|it| it.resources.clone());
        let mut gang = match self.strategy {
            Some(Strategy::StrictPack) => GangRequest::strict_pack(group, bundles),
            Some(Strategy::StrictSpread) => GangRequest::strict_spread(group, bundles),
            Some(Strategy::Pack | Strategy::Spread) | None => GangRequest::pack(bundles),
        };
        for (request, own) in gang.requests.iter_mut().zip(&self.requests) {
            request.label_selectors.clone_from(&own.label_selectors);
        }
        gang
    }
}

/// `{zone: "in(a,b)", tier: "!spot"}` as constraints.
///
/// Upstream: ray 2.60.0 python/ray/_private/label_utils.py `validate_label_selector_value`.
fn selector(labels: &workload::LabelSelector) -> LabelSelector {
    let constraint = |(key, value): (&String, &String)| {
        let (negated, value) = match value.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, value.as_str()),
        };
        let list = value.strip_prefix("in(").and_then(|rest| rest.strip_suffix(')'));
        let values = list.unwrap_or(value).split(',').map(|it| it.trim().into()).collect();
        let key = key.as_str().into();
        if negated { LabelConstraint::NotIn(key, values) } else { LabelConstraint::In(key, values) }
    };
    LabelSelector(labels.iter().map(constraint).collect())
}

/// Whether a node with `labels` will do for `request`.
fn labels_match(request: &ResourceRequest, labels: &Labels) -> bool {
    let holds = |constraint: &LabelConstraint| match constraint {
        LabelConstraint::In(key, values) => {
            labels.get(key).is_some_and(|value| values.contains(value))
        }
        LabelConstraint::NotIn(key, values) => {
            labels.get(key).is_none_or(|value| !values.contains(value))
        }
    };
    request.label_selectors.is_empty()
        || request.label_selectors.iter().any(|selector| selector.0.iter().all(holds))
}

impl ClusterState {
    /// The node for one bundle: the first that takes work, has room and is not `avoided`.
    /// `taken` is what earlier bundles of the same group would take.
    fn room_for(
        &self,
        unit: &Unit,
        bundle: usize,
        taken: &[(usize, usize)],
        allowed: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        (0..self.nodes.len()).find(|&index| {
            let node = &self.nodes[index];
            let already = |name: &Name| -> i64 {
                let own = taken.iter().filter(|(_, at)| *at == index);
                let amount = |(bundle, _): &(usize, usize)| {
                    let found = unit.bundles[*bundle].iter().find(|(it, _)| it == name);
                    found.map_or(0, |(_, amount)| *amount)
                };
                own.map(amount).sum()
            };
            let fits = |(name, amount): &(Name, i64)| {
                let free = node.free.iter().find(|(it, _)| it == name).map_or(0, |(_, free)| *free);
                *amount <= free - already(name)
            };
            allowed(index)
                && node.takes_work()
                && labels_match(&unit.requests[bundle], &node.labels)
                && unit.bundles[bundle].iter().all(fits)
        })
    }

    /// A node for each bundle of `unit`, or `None` if there is no room for all of them now.
    fn room(&self, unit: &Unit) -> Option<Vec<usize>> {
        let mut taken: Vec<(usize, usize)> = Vec::new();
        for bundle in 0..unit.bundles.len() {
            let used: BTreeSet<usize> = taken.iter().map(|(_, node)| *node).collect();
            let anywhere = || self.room_for(unit, bundle, &taken, |_| true);
            let on_used = || self.room_for(unit, bundle, &taken, |node| used.contains(&node));
            let on_fresh = || self.room_for(unit, bundle, &taken, |node| !used.contains(&node));
            let node = match unit.strategy {
                Some(Strategy::StrictPack) => return self.one_node_for_all(unit),
                None => anywhere(),
                Some(Strategy::Pack) => on_used().or_else(anywhere),
                Some(Strategy::Spread) => on_fresh().or_else(anywhere),
                Some(Strategy::StrictSpread) => on_fresh(),
            }?;
            taken.push((bundle, node));
        }
        Some(taken.into_iter().map(|(_, node)| node).collect())
    }

    fn one_node_for_all(&self, unit: &Unit) -> Option<Vec<usize>> {
        (0..self.nodes.len()).find_map(|node| {
            let mut taken = Vec::new();
            for bundle in 0..unit.bundles.len() {
                self.room_for(unit, bundle, &taken, |it| it == node)?;
                taken.push((bundle, node));
            }
            Some(vec![node; unit.bundles.len()])
        })
    }
}

impl World<'_> {
    /// A submission arrives.
    pub(in crate::sim) fn submit(&mut self, cluster: usize, submission: usize, now: Instant) {
        let dated = self.clusters[cluster].submissions[submission];
        let unit = match &self.model.clusters[cluster].work[dated.work].kind {
            WorkKind::Tasks { resources, labels, duration, .. } => {
                let (bundle, labels) = ([resources.clone()], [labels.clone()]);
                Unit::new(&bundle, &labels, None, Some(*duration))
            }
            WorkKind::Actors { resources, labels, duration, .. } => {
                let (bundle, labels) = ([resources.clone()], [labels.clone()]);
                Unit::new(&bundle, &labels, None, *duration)
            }
            WorkKind::PlacementGroups { strategy, bundles, bundle_labels, duration, .. } => {
                Unit::new(bundles, bundle_labels, Some(*strategy), *duration)
            }
            WorkKind::RequestResources { bundles, count, duration } => {
                return self
                    .request_resources(cluster, submission, bundles, *count, *duration, now);
            }
        };
        let count = self.model.clusters[cluster].work[dated.work].kind.count();
        let state = &mut self.clusters[cluster];
        state.waiting.push(WaitingUnits { unit: Arc::new(unit), count, since: now });
        self.place_work(cluster, now);
    }

    /// `request_resources` is called: what it asks for replaces what the last call asked for.
    fn request_resources(
        &mut self,
        cluster: usize,
        call: usize,
        bundles: &[RayResources],
        count: u32,
        duration: Option<Duration>,
        now: Instant,
    ) {
        let request = |bundle: &RayResources| {
            let resources: Resources = bundle.iter().map(|(name, it)| (name, *it)).collect();
            ResourceDemand { request: ResourceRequest::bundle(resources), count }
        };
        let requests: Vec<_> = bundles.iter().map(request).collect();
        let constraint = (!requests.is_empty()).then_some((call, ResourceConstraint { requests }));
        self.clusters[cluster].constraint = constraint;
        if let Some(duration) = duration {
            self.queue.add(now + duration, Event::ConstraintEnds { cluster, call });
        }
    }

    /// `request_resources` call `call` is taken back, unless another one replaced it.
    pub(in crate::sim) fn end_constraint(&mut self, cluster: usize, call: usize) {
        let constraint = &mut self.clusters[cluster].constraint;
        if constraint.as_ref().is_some_and(|(it, _)| *it == call) {
            *constraint = None;
        }
    }

    /// Gives room to all that waits and fits.
    pub(in crate::sim) fn place_work(&mut self, cluster: usize, now: Instant) {
        let mut index = 0;
        while index < self.clusters[cluster].waiting.len() {
            let unit = Arc::clone(&self.clusters[cluster].waiting[index].unit);
            while self.clusters[cluster].waiting[index].count > 0 {
                let Some(nodes) = self.clusters[cluster].room(&unit) else { break };
                self.clusters[cluster].waiting[index].count -= 1;
                self.run_unit(cluster, &unit, &nodes, now);
            }
            index += 1;
        }
        self.clusters[cluster].waiting.retain(|it| it.count > 0);
        self.draw_cluster(cluster, now);
    }

    fn run_unit(&mut self, cluster: usize, unit: &Arc<Unit>, nodes: &[usize], now: Instant) {
        let state = &mut self.clusters[cluster];
        for (bundle, node) in unit.bundles.iter().zip(nodes) {
            state.nodes[*node].occupy(bundle, 1, now);
        }
        let number = state.units.len();
        let pods = nodes.iter().map(|node| state.nodes[*node].pod).collect();
        state.running += 1;
        state.units.push(RunningUnit { unit: Arc::clone(unit), pods, runs: true });
        if let Some(duration) = unit.duration {
            self.queue.add(now + duration, Event::WorkEnds { cluster, unit: number });
        }
    }

    /// A unit is done, unless it was lost before.
    pub(in crate::sim) fn end_work(&mut self, cluster: usize, unit: usize, now: Instant) {
        if !self.clusters[cluster].units[unit].runs {
            return;
        }
        self.clusters[cluster].give_back(unit, now);
        self.place_work(cluster, now);
    }

    /// What ran on `pod` waits again, from the start.
    pub(super) fn lose_work(&mut self, cluster: usize, pod: usize, now: Instant) {
        let state = &mut self.clusters[cluster];
        for unit in 0..state.units.len() {
            if state.units[unit].runs && state.units[unit].pods.contains(&pod) {
                let lost = Arc::clone(&state.units[unit].unit);
                state.give_back(unit, now);
                state.waiting.push(WaitingUnits { unit: lost, count: 1, since: now });
            }
        }
    }
}

impl ClusterState {
    fn give_back(&mut self, unit: usize, now: Instant) {
        let RunningUnit { unit, pods, runs } = &mut self.units[unit];
        *runs = false;
        self.running -= 1;
        for (bundle, pod) in unit.bundles.iter().zip(pods) {
            if let Some(node) = self.nodes.iter_mut().find(|it| it.pod == *pod) {
                node.occupy(bundle, -1, now);
            }
        }
    }
}
