//! The nodes while a look is planned, and how many of each type may be added.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `ScheduleContext`.

use super::Availability;
use super::node::{Node, Plan};
use crate::ray::config::AutoscalingConfig;

pub(super) struct Context<'a> {
    pub(super) config: &'a AutoscalingConfig,
    /// For each type; empty if nothing ever failed.
    pub(super) availabilities: &'a [Availability],
    /// Their order decides ties, and changes with every pass.
    pub(super) nodes: Vec<Node<'a>>,
}

impl Context<'_> {
    /// `max_nodes` of each type less the nodes that are there, those that are to go included.
    pub(super) fn free_slots(&self, nodes: &[Node<'_>]) -> Vec<i64> {
        let mut slots: Vec<i64> = self.config.node_types.iter().map(|it| it.max_nodes).collect();
        for index in nodes.iter().filter_map(|node| node.type_index) {
            slots[index] = slots[index].saturating_sub(1);
        }
        slots
    }

    /// How many nodes of each type stay.
    pub(super) fn shape(&self) -> Vec<i64> {
        let mut shape = vec![0; self.config.node_types.len()];
        for node in &self.nodes {
            if let Some(index) = node.type_index
                && !matches!(node.plan, Plan::Stop(_))
            {
                shape[index] += 1;
            }
        }
        shape
    }

    pub(super) fn availability(&self, node_type: Option<usize>) -> Availability {
        node_type.and_then(|index| self.availabilities.get(index)).copied().unwrap_or_default()
    }
}
