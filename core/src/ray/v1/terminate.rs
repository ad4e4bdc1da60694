//! Which workers to end, before new ones are planned.
//!
//! Workers are walked through from the one used last to those that Ray never ran on. One whose
//! group left goes; the first ones of each type stay up to its minimum, as do those that
//! `request_resources` and waiting placement groups need; one above its type's maximum goes; one
//! idle for longer than the timeout goes. If the cluster still has too many, the last ones go.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/autoscaler.py
//! `terminate_nodes_to_enforce_config_constraints`, `_keep_worker_of_node_type`,
//! `_get_nodes_needed_for_request_resources`, `_sort_based_on_last_used`.

use super::load::{Report, report_of, seconds};
use super::packing::{Bundle, pack};
use super::placement_groups::convert;
use super::{Bundles, PlacementGroup};
use crate::order;
use crate::ray::config::AutoscalingConfig;
use crate::ray::observation::PodSeen;
use crate::ray::resources::Resources;
use crate::ray::trace::{Cause, KeptBy, StopCause, Stuck, Trace};
use crate::time::Instant;

/// What is looked at.
pub(super) struct Workers<'a> {
    pub(super) config: &'a AutoscalingConfig,
    /// In the order of the pods.
    pub(super) pods: Vec<&'a PodSeen>,
    /// In the order of pods too.
    pub(super) reports: &'a [Report],
    pub(super) placement_groups: &'a [PlacementGroup],
    pub(super) resource_requests: &'a [Bundles],
    pub(super) now: Instant,
}

impl<'a> Workers<'a> {
    /// Those to end, in the order in which upstream ends them.
    ///
    /// # Errors
    /// If a worker's group left while placement groups or `request_resources` wait.
    pub(super) fn ending(
        mut self,
        trace: &mut Trace,
    ) -> Result<Vec<(&'a PodSeen, StopCause)>, Stuck> {
        let reports = self.reports;
        let last_used =
            |pod: &PodSeen| report_of(reports, pod.id).map_or(-1.0, |it| it.last_used_s);
        order::sort_by(&mut self.pods, |a, b| last_used(b).total_cmp(&last_used(a)));
        let needed = self.needed()?;
        let mut kept = vec![0_i64; self.config.node_types.len()];
        let (mut ended, mut could_go) = (Vec::new(), Vec::new());
        for (pod, is_needed) in self.pods.iter().copied().zip(needed) {
            match self.fate(pod, is_needed, &kept) {
                Fate::Ends(cause) => ended.push((pod, cause)),
                Fate::Stays { by, may_go } => {
                    if let Some(by) = by {
                        trace.push(Cause::Kept { pod: pod.id, by });
                    }
                    if may_go {
                        could_go.push(pod);
                    }
                    if let Some(index) = self.config.type_index(&pod.group) {
                        kept[index] += 1;
                    }
                }
            }
        }
        let left = (self.pods.len() - ended.len()) as i64;
        let max_nodes = self.config.max_nodes;
        let too_many = left.saturating_sub(max_nodes.saturating_sub(1)).max(0);
        if too_many > 0 {
            trace.push(Cause::MaxNodes { nodes: left + 1, max_nodes });
            let first = could_go.len().saturating_sub(too_many as usize);
            let cause = StopCause::MaxNodes { max_nodes };
            ended.extend(could_go[first..].iter().map(|pod| (*pod, cause)));
        }
        for (pod, cause) in &ended {
            let (node_type, cause) = (pod.group.clone(), *cause);
            trace.push(Cause::Stopped { pod: Some(pod.id), node_type, cause });
        }
        Ok(ended)
    }

    fn fate(&self, pod: &PodSeen, is_needed: bool, kept: &[i64]) -> Fate {
        let Some(index) = self.config.type_index(&pod.group) else {
            return Fate::Ends(StopCause::GroupRemoved);
        };
        let it = &self.config.node_types[index];
        // The head is not one of its type's workers.
        let max_nodes = it.max_nodes - i64::from(index == 0);
        let nodes = kept[index] + 1;
        if nodes <= it.min_nodes.min(max_nodes) {
            let by = KeptBy::MinNodes { nodes, min_nodes: it.min_nodes };
            return Fate::Stays { by: Some(by), may_go: false };
        }
        if nodes > max_nodes {
            return Fate::Ends(StopCause::MaxNodesOfType { max_nodes });
        }
        if is_needed {
            return Fate::Stays { by: Some(KeptBy::Constraint), may_go: false };
        }
        let Some(report) = report_of(self.reports, pod.id) else {
            return Fate::Stays { by: None, may_go: true };
        };
        let (now, timeout_s) = (seconds(self.now), self.config.idle_timeout_s);
        let idle_ms = ((now - report.last_used_s) * 1000.0).round() as i64;
        if report.last_used_s < now - timeout_s {
            return Fate::Ends(StopCause::Idle { idle_ms, timeout_s });
        }
        let by = match idle_ms {
            0 => KeptBy::InUse,
            _ => KeptBy::IdleTimeout { idle_ms, timeout_s },
        };
        Fate::Stays { by: Some(by), may_go: true }
    }

    /// For each worker, whether placement groups and `request_resources` need it, were all nodes
    /// empty and as the RayCluster lets expect, the head first.
    fn needed(&self) -> Result<Vec<bool>, Stuck> {
        let converted = convert(self.placement_groups);
        let mut bundles: Vec<Bundle<'_>> = converted.bundles();
        let requests = self.resource_requests.iter().enumerate();
        bundles.extend(requests.map(|(origin, it)| it.bundle(origin)));
        if bundles.is_empty() && converted.apart.is_empty() {
            return Ok(vec![false; self.pods.len()]);
        }
        let types = &self.config.node_types;
        let mut whole = vec![types[0].resources.clone()];
        for pod in &self.pods {
            let index = self.config.type_index(&pod.group);
            let index = index.ok_or_else(|| Stuck::UnknownNodeType(pod.group.clone()))?;
            whole.push(types[index].resources.clone());
        }
        let mut free: Vec<Resources> = whole.clone();
        for (_, bundles) in &converted.apart {
            let packed = pack(&free, bundles, true);
            if packed.left.is_empty() {
                free = packed.nodes;
            }
        }
        let free = pack(&free, &bundles, false).nodes;
        let is_needed = |(whole, free): (&Resources, &Resources)| !whole.same_amounts(free);
        Ok(whole.iter().zip(&free).skip(1).map(is_needed).collect())
    }
}

/// What becomes of a worker.
enum Fate {
    Ends(StopCause),
    /// `may_go` if the cluster has too many.
    Stays {
        by: Option<KeptBy>,
        may_go: bool,
    },
}
