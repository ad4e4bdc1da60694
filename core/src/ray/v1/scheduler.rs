//! How many nodes of each type to add.
//!
//! In this order: what a type's first node really has replaces what the RayCluster let expect;
//! minimums; `request_resources`, as if every node were idle, as far as it goes; STRICT_SPREAD
//! groups, one after the other, all or nothing; every other placement group and what waits, first
//! fit on what is free; new nodes for the rest; and at last the limit of nodes on their way, which
//! minimums, `request_resources` and placement groups pass.
//!
//! Nodes being launched, which upstream counts beside those that exist, are none on KubeRay: a
//! launch is over within the look.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/resource_demand_scheduler.py
//! `ResourceDemandScheduler.get_nodes_to_launch`.

use std::collections::BTreeSet;

use super::choice::{Choice, choose};
use super::counts::Counts;
use super::packing::{Bundle, pack};
use super::placement_groups::{Converted, convert};
use super::report;
use super::spread::reserve;
use super::{Bundles, PlacementGroup};
use crate::ray::config::{AutoscalingConfig, NodeType};
use crate::ray::observation::NodeKind;
use crate::ray::resources::{Name, Resources};
use crate::ray::trace::{Cause, Source, Trace};

/// Nodes of a type that may be on their way at once, however few run
/// (`AUTOSCALER_UPSCALING_INITIAL_NUM_NODES`).
const INITIAL_NODES: i64 = 5;

/// What a Ray node has, and what of it is free.
#[derive(Clone, Copy, Debug)]
pub struct Load<'a> {
    /// All it has.
    pub total: &'a Resources,
    /// What is free; everything it has is named.
    pub available: &'a Resources,
}

/// A node that exists.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// Its group.
    pub node_type: &'a Name,
    /// Head or worker.
    pub kind: NodeKind,
    /// What Ray on it reported; none if it never has.
    pub load: Option<Load<'a>>,
}

/// What nodes are planned for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Types and limits.
    pub config: &'a AutoscalingConfig,
    /// The nodes, in the order of the pods.
    pub nodes: &'a [Node<'a>],
    /// Tasks and actors that wait.
    pub demands: &'a [Bundles],
    /// Placement groups that wait.
    pub placement_groups: &'a [PlacementGroup],
    /// `request_resources`.
    pub resource_requests: &'a [Bundles],
}

/// What the scheduler answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Nodes to add by type, in the order of the types.
    pub launch: Vec<(Name, i64)>,
    /// Bundles of placement groups, then demands, that fit nowhere: position among both and
    /// number, as upstream orders them.
    pub unfulfilled: Vec<(usize, u32)>,
}

/// What running nodes showed of their types. It is forgotten when the RayCluster is read again,
/// which happens in every look in which it can be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learned {
    /// Of each type.
    resources: Vec<Resources>,
    /// The types whose numbers are those of a worker and stay.
    of_workers: BTreeSet<usize>,
}

/// Plans once.
pub fn get_nodes_to_launch(
    request: &Request<'_>,
    learned: &mut Learned,
    trace: &mut Trace,
) -> Reply {
    let types = types_as_they_run(request, learned, trace);
    let mut plan = Plan::new(request, types);
    let mut forced = plan.add_minimums(trace);
    forced.add_all(&plan.add_resource_requests(request, trace));
    let converted = convert(request.placement_groups);
    let spread = reserve(&mut plan, &converted.apart, trace);
    let mut bundles = converted.bundles();
    let most = plan.most_to_add();
    let groups_only = plan.new_nodes_for(most, &bundles).1;
    bundles.extend(waiting(request, &converted));
    let (packed, choice) = plan.new_nodes_for(most, &bundles);
    report::pass(&plan, Source::Demands, packed, &choice, trace);
    forced.add_all(&spread);
    let (mut wanted, mut passes_limit) = (forced.clone(), forced);
    wanted.add_all(&choice.add);
    passes_limit.add_all(&groups_only.add);
    Reply {
        launch: limit_launches(request, &plan.types, &wanted, &passes_limit, trace),
        unfulfilled: choice.left.iter().map(|it| (it.origin, it.count)).collect(),
    }
}

fn waiting<'a>(request: &Request<'a>, converted: &Converted<'_>) -> Vec<Bundle<'a>> {
    let before = converted.together.len();
    let demands = request.demands.iter().enumerate();
    demands.map(|(index, it)| it.bundle(before + index)).collect()
}

/// The types, with the CPUs, GPUs and memory that their first running worker has. The head's
/// numbers count only until a worker of its type is found.
///
/// Upstream: `_update_node_resources_from_runtime`.
fn types_as_they_run(
    request: &Request<'_>,
    learned: &mut Learned,
    trace: &mut Trace,
) -> Vec<NodeType> {
    let mut types = request.config.node_types.clone();
    for (node_type, resources) in types.iter_mut().zip(&learned.resources) {
        node_type.resources.clone_from(resources);
    }
    for node in request.nodes {
        let Some(index) = request.config.type_index(node.node_type) else { continue };
        let is_news = |it: &Load<'_>| !learned.of_workers.contains(&index) && !it.total.is_empty();
        let Some(load) = node.load.filter(is_news) else { continue };
        for name in ["CPU", "GPU", "memory"] {
            let Some(reported) = load.total.get(name) else { continue };
            let name: Name = name.into();
            let believed = types[index].resources.get(&name);
            types[index].resources.set(&name, reported);
            if believed != Some(reported) && node.kind == NodeKind::Worker {
                let (node_type, resource) = (node.node_type.clone(), name);
                let believed = believed.unwrap_or(0.0);
                trace.push(Cause::ReportedResource { node_type, resource, believed, reported });
            }
        }
        if node.kind == NodeKind::Worker {
            learned.of_workers.insert(index);
        }
    }
    learned.resources = types.iter().map(|it| it.resources.clone()).collect();
    types
}

/// The plan while it grows.
pub(super) struct Plan {
    pub(super) types: Vec<NodeType>,
    pub(super) counts: Counts,
    /// What is free, node by node: those that exist, then those that were added.
    pub(super) free: Vec<Resources>,
    /// Most workers.
    max_workers: i64,
}

impl Plan {
    /// Upstream: `calculate_node_resources`.
    fn new(request: &Request<'_>, types: Vec<NodeType>) -> Self {
        let (mut counts, mut free) = (Counts::default(), Vec::new());
        for node in request.nodes {
            let Some(index) = request.config.type_index(node.node_type) else { continue };
            let available = node.load.map_or(&types[index].resources, |it| it.available);
            free.push(available.clone());
            counts.add(index, 1);
        }
        let max_workers = request.config.max_nodes.saturating_sub(1);
        Self { types, counts, free, max_workers }
    }

    /// Room for more nodes in the cluster. The head counts.
    pub(super) fn most_to_add(&self) -> i64 {
        self.max_workers.saturating_add(1).saturating_sub(self.counts.total())
    }

    /// Nodes that are there from now on.
    fn add(&mut self, node_type: usize, count: i64) {
        self.counts.add(node_type, count);
        let resources = &self.types[node_type].resources;
        self.free.extend((0..count).map(|_| resources.clone()));
    }

    /// The head's own type must have one node more than it says.
    ///
    /// Upstream: `_add_min_workers_nodes`.
    fn add_minimums(&mut self, trace: &mut Trace) -> Counts {
        let mut added = Counts::default();
        for index in 0..self.types.len() {
            let it = &self.types[index];
            let head = i64::from(index == 0);
            let min_nodes = it.min_nodes.min(it.max_nodes - head) + head;
            let nodes = self.counts.get(index);
            if nodes >= min_nodes {
                continue;
            }
            trace.push(Cause::MinNodes { node_type: it.name.clone(), nodes, min_nodes });
            added.add(index, min_nodes - nodes);
            self.add(index, min_nodes - nodes);
        }
        added
    }

    /// Upstream: `_add_min_workers_nodes`.
    fn add_resource_requests(&mut self, request: &Request<'_>, trace: &mut Trace) -> Counts {
        let requests = request.resource_requests.iter().enumerate();
        let bundles: Vec<Bundle<'_>> = requests.map(|(origin, it)| it.bundle(origin)).collect();
        if bundles.is_empty() {
            return Counts::default();
        }
        let idle: Vec<Resources> = self
            .counts
            .iter()
            .flat_map(|(index, count)| (0..count).map(move |_| index))
            .map(|index| self.types[index].resources.clone())
            .collect();
        let packed = pack(&idle, &bundles, false);
        let used = Used { placed: packed.placed, nodes: packed.used };
        let choice = choose(&self.types, &self.counts, self.most_to_add(), packed.left, false);
        report::pass(self, Source::Constraint, used, &choice, trace);
        for (index, count) in choice.add.iter() {
            self.add(index, count);
        }
        choice.add
    }

    /// First fit on what is free, and new nodes for the rest.
    fn new_nodes_for<'a>(&self, most: i64, bundles: &[Bundle<'a>]) -> (Used, Choice<'a>) {
        let packed = pack(&self.free, bundles, false);
        let used = Used { placed: packed.placed, nodes: packed.used };
        (used, choose(&self.types, &self.counts, most, packed.left, false))
    }
}

/// Bundles that were placed, and on how many nodes.
#[derive(Clone, Copy)]
pub(super) struct Used {
    pub(super) placed: u32,
    pub(super) nodes: u32,
}

/// Nodes of a type that may be on their way: `max(5, int(speed * max(running, 1)))`, those that are
/// included. What passes the limit is launched in any case.
///
/// Upstream: `_get_concurrent_resource_demand_to_launch`, `_separate_running_and_pending_nodes`.
fn limit_launches(
    request: &Request<'_>,
    types: &[NodeType],
    wanted: &Counts,
    passes_limit: &Counts,
    trace: &mut Trace,
) -> Vec<(Name, i64)> {
    let speed = request.config.upscaling_speed;
    let mut launch = Vec::new();
    for (index, node_type) in types.iter().enumerate() {
        let queued = wanted.get(index);
        if queued <= 0 {
            continue;
        }
        let of_type = || request.nodes.iter().filter(|it| *it.node_type == node_type.name);
        let running = of_type().filter(|it| it.load.is_some()).count() as i64;
        let pending = of_type().count() as i64 - running;
        let limit = INITIAL_NODES.max((speed * running.max(1) as f64) as i64);
        let forced = passes_limit.get(index);
        let launched = queued.min((limit - pending).max(forced)).max(0);
        let name = node_type.name.clone();
        trace.push(Cause::PendingLimit {
            node_type: name.clone(),
            queued,
            running,
            pending,
            limit,
            forced,
            launched,
        });
        if launched > 0 {
            launch.push((name, launched));
        }
    }
    launch
}
