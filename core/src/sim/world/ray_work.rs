//! Tasks, actors and placement groups: waiting, running, done.
//!
//! Ray places what fits, in the order of arrival, on the first node that has room; what does not
//! fit waits and holds nobody up.
//!
//! DIFFERENCE(ray-placement): Ray's own scheduler prefers nodes below half of their utilization
//! and breaks ties at random; here the first node that joined comes first. Serve's replicas are
//! spread: each begins to look behind the node of the one before.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use super::World;
use super::cluster::{Amounts, ClusterState, WHOLE, amounts, is_implicit};
use crate::ray::{
    GangRequest, LabelConstraint, LabelSelector, Labels, Name, ResourceConstraint, ResourceDemand,
    ResourceRequest, Resources,
};
use crate::sim::event::Event;
use crate::sim::model::Service;
use crate::time::{Duration, Instant};
use crate::workload::{self, RayResources, Strategy, WorkKind};

/// What one task, actor or placement group is.
#[derive(Debug)]
pub(in crate::sim) struct Unit {
    /// Which of the cluster's works it belongs to.
    pub(in crate::sim) work: usize,
    /// What each bundle takes; a task or an actor is one bundle.
    bundles: Vec<Amounts>,
    /// As the autoscaler is told, one for each bundle.
    pub(in crate::sim) requests: Vec<ResourceRequest>,
    /// How bundles share nodes; `None` for tasks and actors.
    pub(in crate::sim) strategy: Option<Strategy>,
    /// How long it lasts; to the end, if absent.
    duration: Option<Duration>,
    /// The Serve deployment that it is a replica of.
    pub(in crate::sim) service: Option<usize>,
    /// The RayJob whose program it is.
    job: Option<usize>,
}

/// Equal units that wait, in the order of arrival.
#[derive(Clone, Debug)]
pub(in crate::sim) struct WaitingUnits {
    pub(in crate::sim) unit: Arc<Unit>,
    pub(in crate::sim) count: u32,
    /// Those of them that the autoscaler has been shown.
    seen: u32,
    /// The others: since when they wait, and how many. Together with `seen` they are `count`.
    recent: VecDeque<(Instant, u32)>,
}

impl WaitingUnits {
    fn add(&mut self, count: u32, now: Instant) {
        // Within [`workload::MOST_UNITS`], so this never saturates.
        self.count = self.count.saturating_add(count);
        self.recent.push_back((now, count));
    }

    /// One gets its room: the one that came first.
    fn take(&mut self) {
        self.count -= 1;
        if self.seen > 0 {
            self.seen -= 1;
        } else if let Some((_, count)) = self.recent.front_mut() {
            *count -= 1;
            if *count == 0 {
                self.recent.pop_front();
            }
        }
    }

    /// Those that came last wait no more: up to `count`, and how many that were.
    fn give_up(&mut self, count: u32) -> u32 {
        let count = count.min(self.count);
        self.count -= count;
        let mut left = count;
        while left > 0
            && let Some((_, last)) = self.recent.back_mut()
        {
            let taken = left.min(*last);
            *last -= taken;
            left -= taken;
            if *last == 0 {
                self.recent.pop_back();
            }
        }
        self.seen -= left;
        count
    }

    /// Whether the autoscaler was shown all of them, or is at once.
    pub(in crate::sim) fn is_known(&self) -> bool {
        self.unit.strategy.is_some() || self.recent.is_empty()
    }

    /// How many the autoscaler sees at `now`: those that have waited for `lag`.
    pub(in crate::sim) fn seen(&mut self, lag: Duration, now: Instant) -> u32 {
        while let Some((since, count)) = self.recent.front().copied()
            && since + lag <= now
        {
            self.seen = self.seen.saturating_add(count);
            self.recent.pop_front();
        }
        self.seen
    }
}

/// A unit that has or had its room.
#[derive(Debug)]
pub(in crate::sim) struct RunningUnit {
    unit: Arc<Unit>,
    /// For each bundle, the pod of the Ray node that it is on.
    pub(in crate::sim) pods: Vec<usize>,
    pub(in crate::sim) runs: bool,
}

impl RunningUnit {
    /// What of it is on the node of `pod`: the unit and a request, once for each bundle.
    pub(super) fn on(&self, pod: usize) -> impl Iterator<Item = (&Unit, &ResourceRequest)> {
        let bundles = self.unit.requests.iter().zip(&self.pods);
        let here = bundles.filter(move |(_, on)| **on == pod);
        here.map(|(request, _)| (&*self.unit, request))
    }
}

impl Unit {
    fn new(
        work: usize,
        requests: Vec<ResourceRequest>,
        strategy: Option<Strategy>,
        duration: Option<Duration>,
    ) -> Self {
        let bundles = requests.iter().map(|it| amounts(&it.resources)).collect();
        Self { work, bundles, requests, strategy, duration, service: None, job: None }
    }

    /// The supervisor of a RayJob's program.
    pub(super) fn entrypoint(work: usize, requests: Vec<ResourceRequest>, job: usize) -> Self {
        Self { job: Some(job), ..Self::new(work, requests, None, None) }
    }

    /// One replica of a Serve deployment, or one gang of them.
    pub(in crate::sim) fn replica(model: &Service, service: usize, work: usize) -> Self {
        // Upstream: serve/_private/deployment_scheduler.py `_prepare_gangs_for_deployment`.
        let gang = vec![replica_requests(model); model.gang.unwrap_or(1) as usize];
        let mut unit = Self::new(work, gang.concat(), model.strategy, None);
        unit.service = Some(service);
        unit
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

/// What one of `kind` asks for: one request, or one for each bundle.
pub fn requests_of(kind: &WorkKind) -> Vec<ResourceRequest> {
    match kind {
        WorkKind::Tasks { resources, labels, fallback, .. }
        | WorkKind::Actors { resources, labels, fallback, .. } => {
            let mut request = request(ResourceRequest::task, resources, Some(labels));
            request.label_selectors.extend(fallback.iter().map(selector));
            vec![request]
        }
        WorkKind::PlacementGroups { bundles, bundle_labels, .. } => {
            let bundles = bundles.iter().enumerate();
            let labels = |index| bundle_labels.get(index);
            bundles.map(|(at, it)| request(ResourceRequest::bundle, it, labels(at))).collect()
        }
        WorkKind::RequestResources { bundles, .. } => {
            bundles.iter().map(|it| request(ResourceRequest::bundle, it, None)).collect()
        }
    }
}

/// What one replica of a Serve deployment asks for.
///
/// Upstream: ray 2.60.0 serve/_private/deployment_scheduler.py
/// `ReplicaSchedulingRequest.required_resources`.
pub fn replica_requests(model: &Service) -> Vec<ResourceRequest> {
    let mut bundles = model.bundles.clone();
    if let (Some(most), Some(first)) = (model.max_replicas_per_node, bundles.first_mut()) {
        let name =
            format!("node:__internal_implicit_resource_{}:{}", model.application, model.name);
        first.insert(name, 1.0 / most.max(1) as f64);
    }
    let new =
        if model.strategy.is_some() { ResourceRequest::bundle } else { ResourceRequest::task };
    let bundles = bundles.iter().enumerate();
    bundles.map(|(at, it)| request(new, it, model.labels.get(at))).collect()
}

fn request(
    new: fn(Resources) -> ResourceRequest,
    bundle: &RayResources,
    labels: Option<&workload::LabelSelector>,
) -> ResourceRequest {
    let mut request = new(bundle.iter().map(|(name, it)| (name, *it)).collect());
    if let Some(labels) = labels.filter(|it| !it.is_empty()) {
        request.label_selectors = vec![selector(labels)];
    }
    request
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

/// The first selector of `request` that a node with `labels` matches: whichever it is, the node
/// will do. 0 if it has none.
fn matching(request: &ResourceRequest, labels: &Labels) -> Option<usize> {
    let holds = |constraint: &LabelConstraint| match constraint {
        LabelConstraint::In(key, values) => {
            labels.get(key).is_some_and(|value| values.contains(value))
        }
        LabelConstraint::NotIn(key, values) => {
            labels.get(key).is_none_or(|value| !values.contains(value))
        }
    };
    let mut selectors = request.label_selectors.iter();
    let found = selectors.position(|selector| selector.0.iter().all(holds));
    found.or_else(|| request.label_selectors.is_empty().then_some(0))
}

impl ClusterState<'_> {
    /// Whether `bundle` of `unit` fits on `node`, of which `free` is left.
    fn fits(&self, unit: &Unit, bundle: usize, node: usize, free: &Amounts) -> bool {
        let left = |name: &Name| {
            let absent = if is_implicit(name) { WHOLE } else { 0 };
            free.iter().find(|(it, _)| it == name).map_or(absent, |(_, it)| *it)
        };
        self.nodes[node].takes_work()
            && unit.bundles[bundle].iter().all(|(name, amount)| *amount <= left(name))
            && matching(&unit.requests[bundle], &self.nodes[node].labels).is_some()
    }

    /// A node for each bundle of `unit`, or `None` if there is no room for all of them now.
    fn room(&self, unit: &Unit) -> Option<Vec<usize>> {
        if unit.strategy == Some(Strategy::StrictPack) {
            return (0..self.nodes.len()).find_map(|node| self.room_on(unit, |it| it == node));
        }
        self.room_on(unit, |_| true)
    }

    /// The same on the `allowed` nodes: for each bundle the first that has room beside the bundles
    /// before it.
    fn room_on(&self, unit: &Unit, allowed: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
        // What the bundles so far leave free on the nodes that they use.
        let mut left: BTreeMap<usize, Amounts> = BTreeMap::new();
        let mut nodes = Vec::new();
        for bundle in 0..unit.bundles.len() {
            let fits = |node: &usize| {
                let free = left.get(node).unwrap_or(&self.nodes[*node].free);
                allowed(*node) && self.fits(unit, bundle, *node, free)
            };
            let anywhere = || (0..self.nodes.len()).find(fits);
            let on_used = || left.keys().copied().find(fits);
            let on_fresh = || (0..self.nodes.len()).find(|it| !left.contains_key(it) && fits(it));
            let node = match unit.strategy {
                None | Some(Strategy::StrictPack) => anywhere(),
                Some(Strategy::Pack) => on_used().or_else(anywhere),
                Some(Strategy::Spread) => on_fresh().or_else(anywhere),
                Some(Strategy::StrictSpread) => on_fresh(),
            }?;
            let free = left.entry(node).or_insert_with(|| self.nodes[node].free.clone());
            take(free, &unit.bundles[bundle]);
            nodes.push(node);
        }
        Some(nodes)
    }
}

fn take(free: &mut Amounts, needs: &Amounts) {
    for (name, amount) in needs {
        if let Some((_, free)) = free.iter_mut().find(|(it, _)| it == name) {
            *free = free.saturating_sub(*amount);
        }
    }
}

impl World<'_> {
    /// A submission arrives.
    pub(in crate::sim) fn submit(&mut self, cluster: usize, submission: usize, now: Instant) {
        let work = self.clusters[cluster].submissions[submission].work;
        if self.is_program_over(cluster) {
            return;
        }
        // Whoever submits to a RayService does so where it serves.
        let cluster = self.serving_cluster(cluster);
        let kind = &self.model.clusters[cluster].work[work].kind;
        if self.clusters[cluster].sleeps {
            // Nobody answers.
            return self.work_suspended(cluster, kind.count().into(), now);
        }
        let (strategy, duration) = match kind {
            WorkKind::Tasks { duration, .. } => (None, Some(*duration)),
            WorkKind::Actors { duration, .. } => (None, *duration),
            WorkKind::PlacementGroups { strategy, duration, .. } => (Some(*strategy), *duration),
            WorkKind::RequestResources { bundles, count, duration } => {
                return self
                    .request_resources(cluster, submission, bundles, *count, *duration, now);
            }
        };
        let unit = Unit::new(work, requests_of(kind), strategy, duration);
        self.wait(cluster, Arc::new(unit), kind.count(), now);
        self.place_work(cluster, now);
    }

    /// Units begin to wait.
    pub(in crate::sim) fn wait(
        &mut self,
        cluster: usize,
        unit: Arc<Unit>,
        count: u32,
        now: Instant,
    ) {
        let waiting = &mut self.clusters[cluster].waiting;
        let index = waiting.iter().position(|it| it.unit.work == unit.work).unwrap_or_else(|| {
            waiting.push(WaitingUnits { unit, count: 0, seen: 0, recent: VecDeque::new() });
            waiting.len() - 1
        });
        waiting[index].add(count, now);
    }

    /// Up to `count` units of `work` wait no more; how many that were.
    pub(in crate::sim) fn give_up(&mut self, cluster: usize, work: usize, count: u32) -> u32 {
        let waiting = &mut self.clusters[cluster].waiting;
        let found = waiting.iter_mut().find(|it| it.unit.work == work);
        let gone = found.map_or(0, |it| it.give_up(count));
        waiting.retain(|it| it.count > 0);
        gone
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
        let all = 0..self.clusters[cluster].nodes.len();
        self.place_work_on(cluster, all, now);
    }

    /// The same, if only `nodes` have more room than when it was last tried. What is placed whole
    /// or not at all may need them and others.
    pub(in crate::sim) fn place_work_on(
        &mut self,
        cluster: usize,
        nodes: Range<usize>,
        now: Instant,
    ) {
        for index in 0..self.clusters[cluster].waiting.len() {
            let unit = Arc::clone(&self.clusters[cluster].waiting[index].unit);
            if unit.strategy.is_some() {
                self.place_groups(cluster, index, &unit, now);
                continue;
            }
            if unit.service.is_some() {
                self.spread_replicas(cluster, index, &unit, now);
                continue;
            }
            let selectors = unit.requests[0].label_selectors.len().max(1);
            for selector in 0..selectors {
                self.place_units(cluster, index, &unit, (nodes.clone(), selector), now);
            }
        }
        self.clusters[cluster].waiting.retain(|it| it.count > 0);
        self.undraw(cluster);
    }

    /// Tasks and actors go on those of `nodes` whose first selector that matches is `selector`.
    ///
    /// Ray looks at all nodes with one selector before it looks at any with the next one, and
    /// doesn't wait for room where a fallback has some.
    fn place_units(
        &mut self,
        cluster: usize,
        index: usize,
        unit: &Arc<Unit>,
        (nodes, selector): (Range<usize>, usize),
        now: Instant,
    ) {
        // A node that is full for one is full for the next.
        for node in nodes {
            let state = &self.clusters[cluster];
            if state.waiting[index].count == 0 {
                break;
            }
            self.steps += 1;
            if matching(&unit.requests[0], &state.nodes[node].labels) != Some(selector) {
                continue;
            }
            while self.clusters[cluster].waiting[index].count > 0
                && self.clusters[cluster].has_room(unit, node)
            {
                self.clusters[cluster].waiting[index].take();
                self.run_unit(cluster, unit, &[node], now);
            }
        }
    }

    fn place_groups(&mut self, cluster: usize, index: usize, unit: &Arc<Unit>, now: Instant) {
        while self.clusters[cluster].waiting[index].count > 0 {
            self.steps += (self.clusters[cluster].nodes.len() * unit.bundles.len()) as u64;
            let Some(nodes) = self.clusters[cluster].room(unit) else { break };
            self.clusters[cluster].waiting[index].take();
            self.run_unit(cluster, unit, &nodes, now);
        }
    }

    /// Actors of Serve are spread: each goes to the next node that has room.
    ///
    /// Upstream: ray 2.60.0 src/ray/raylet/scheduling/policy/spread_scheduling_policy.cc.
    fn spread_replicas(&mut self, cluster: usize, index: usize, unit: &Arc<Unit>, now: Instant) {
        while self.clusters[cluster].waiting[index].count > 0 {
            let state = &self.clusters[cluster];
            let nodes = state.nodes.len();
            self.steps += nodes as u64;
            let start = state.spread_next;
            let fits = |node: &usize| state.has_room(unit, *node);
            let Some(node) = (0..nodes).map(|it| (start + it) % nodes).find(fits) else { break };
            self.clusters[cluster].spread_next = node + 1;
            self.clusters[cluster].waiting[index].take();
            self.run_unit(cluster, unit, &[node], now);
        }
    }

    fn run_unit(&mut self, cluster: usize, unit: &Arc<Unit>, nodes: &[usize], now: Instant) {
        let state = &mut self.clusters[cluster];
        let number = state.units.len();
        for (bundle, node) in unit.bundles.iter().zip(nodes) {
            state.nodes[*node].occupy(number, bundle);
        }
        let pods = nodes.iter().map(|node| state.nodes[*node].pod).collect();
        state.running += 1;
        state.units.push(RunningUnit { unit: Arc::clone(unit), pods, runs: true });
        if let Some(service) = unit.service {
            self.replica_placed(service, number, now);
        }
        if let Some(job) = unit.job {
            self.job_starts(job, now);
        }
        if let Some(duration) = unit.duration {
            self.queue.add(now + duration, Event::WorkEnds { cluster, unit: number });
        }
    }

    /// A unit is done, unless it was lost before.
    pub(in crate::sim) fn end_work(&mut self, cluster: usize, unit: usize, now: Instant) {
        if !self.clusters[cluster].units[unit].runs {
            return;
        }
        self.steps += self.clusters[cluster].nodes.len() as u64 / 8;
        let freed = self.clusters[cluster].give_back(unit, now);
        match freed[..] {
            [only] => self.place_work_on(cluster, only..only + 1, now),
            _ => self.place_work(cluster, now),
        }
    }

    /// Tasks, actors and placement groups of `cluster` end, also those that wait: all of them, or
    /// only the program of `job`.
    pub(in crate::sim) fn end_all_work(
        &mut self,
        cluster: usize,
        job: Option<usize>,
        now: Instant,
    ) {
        let goes =
            |unit: &Unit| unit.service.is_none() && job.is_none_or(|it| unit.job == Some(it));
        self.clusters[cluster].waiting.retain(|it| !goes(&it.unit));
        for number in 0..self.clusters[cluster].units.len() {
            let it = &self.clusters[cluster].units[number];
            if it.runs && goes(&it.unit) {
                self.clusters[cluster].give_back(number, now);
            }
        }
        self.steps += self.clusters[cluster].units.len() as u64 / 8;
        self.place_work(cluster, now);
    }

    /// What ran on `pod` waits again, from the start; says whether anything did.
    pub(super) fn lose_work(&mut self, cluster: usize, node: usize, now: Instant) -> bool {
        let lost: Vec<usize> = self.clusters[cluster].nodes[node].units.iter().copied().collect();
        let any = !lost.is_empty();
        for number in lost {
            // A program that is over has taken its work with it.
            if !self.clusters[cluster].units[number].runs {
                continue;
            }
            self.clusters[cluster].give_back(number, now);
            let unit = Arc::clone(&self.clusters[cluster].units[number].unit);
            if let Some(job) = unit.job {
                self.job_lost(job, now);
                continue;
            }
            // A replica that was about to go is not missed.
            if unit.service.is_none_or(|it| self.replica_lost(it, number, now)) {
                self.wait(cluster, unit, 1, now);
            }
        }
        any
    }
}

impl ClusterState<'_> {
    /// Whether a task or an actor fits on `node`.
    fn has_room(&self, unit: &Unit, node: usize) -> bool {
        self.fits(unit, 0, node, &self.nodes[node].free)
    }

    /// Ends a unit; gives the nodes that it was on.
    fn give_back(&mut self, number: usize, now: Instant) -> Vec<usize> {
        let RunningUnit { unit, pods, runs } = &mut self.units[number];
        *runs = false;
        self.running -= 1;
        let mut freed = Vec::new();
        for (bundle, pod) in unit.bundles.iter().zip(pods) {
            if let Some(node) = self.nodes.iter().position(|it| it.pod == *pod) {
                self.nodes[node].vacate(number, bundle, now);
                freed.push(node);
            }
        }
        freed
    }
}
