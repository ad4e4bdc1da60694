//! What v1 remembers of each node: the last thing that Ray on it reported.
//!
//! A node that Ray lists as dead keeps its last numbers until its pod is gone, and its time of last
//! use stands still.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/load_metrics.py `LoadMetrics`,
//! autoscaler/_private/monitor.py `update_load_metrics`, `parse_resource_demands`.

use super::Bundles;
use crate::ray::demand::ResourceDemand;
use crate::ray::observation::{PodId, RayNode, RayNodeId, RayNodeStatus};
use crate::ray::resources::Resources;
use crate::ray::scheduler::fits;
use crate::time::Instant;

/// Most bundles of each kind that are planned for (`AUTOSCALER_MAX_RESOURCE_DEMAND_VECTOR_SIZE`).
const MOST_BUNDLES: u32 = 1000;

/// The last report of one node. Upstream keeps it by IP address, and each pod has its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Report {
    pub(super) pod: PodId,
    pub(super) ray_node: RayNodeId,
    pub(super) total: Resources,
    pub(super) available: Resources,
    /// When it last had work, in seconds.
    pub(super) last_used_s: f64,
}

/// `now` as upstream's clock tells it.
pub(super) fn seconds(now: Instant) -> f64 {
    now.since(Instant::ZERO).ms() as f64 / 1000.0
}

/// Takes over what nodes that are alive report; `reports` are in the order of pods.
pub(super) fn update(reports: &mut Vec<Report>, nodes: &[RayNode<'_>], now: Instant) {
    for node in nodes.iter().filter(|it| it.status != RayNodeStatus::Dead) {
        let mut available = node.available.clone();
        for (name, _) in node.total.iter() {
            if available.get(name).is_none() {
                available.set(name, 0.0);
            }
        }
        let report = Report {
            pod: node.pod,
            ray_node: node.id,
            total: node.total.clone(),
            available,
            last_used_s: seconds(now) - node.idle_ms as f64 / 1000.0,
        };
        match place_of(reports, node.pod) {
            Ok(at) => reports[at] = report,
            Err(at) => reports.insert(at, report),
        }
    }
}

/// The report of `pod`, among `reports` in the order of pods.
pub(super) fn report_of(reports: &[Report], pod: PodId) -> Option<&Report> {
    place_of(reports, pod).ok().map(|at| &reports[at])
}

fn place_of(reports: &[Report], pod: PodId) -> Result<usize, usize> {
    reports.binary_search_by_key(&pod, |it| it.pod)
}

/// The demands that are planned for, and the position of each in the observation: what some node
/// could take if it were empty, then what none could, at most 1000 of each. Counting stops with the
/// shape that makes it more than 1000.
pub(super) fn demands(
    demands: &[ResourceDemand],
    nodes: &[RayNode<'_>],
) -> (Vec<Bundles>, Vec<usize>) {
    let alive = || nodes.iter().filter(|it| it.status != RayNodeStatus::Dead);
    let mut shown: [Vec<(usize, u32)>; 2] = [Vec::new(), Vec::new()];
    let mut all: u32 = 0;
    for (index, demand) in demands.iter().enumerate() {
        let infeasible = !alive().any(|it| fits(it.total, &demand.request.resources));
        shown[usize::from(infeasible)].push((index, demand.count));
        all = all.saturating_add(demand.count);
        if all > MOST_BUNDLES {
            break;
        }
    }
    let (mut bundles, mut origins) = (Vec::new(), Vec::new());
    for shown in shown {
        let mut room = MOST_BUNDLES;
        for (index, count) in shown {
            let count = count.min(room);
            room -= count;
            if count > 0 {
                let resources = demands[index].request.resources.clone();
                bundles.push(Bundles { resources, count });
                origins.push(index);
            }
        }
    }
    (bundles, origins)
}
