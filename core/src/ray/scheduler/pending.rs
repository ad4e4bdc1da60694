//! How long nodes on which Ray has not started have been unneeded: the scheduler's only memory.
//!
//! The GCS knows no idle time of them. For each type the time is kept since when at least one, two,
//! three ... of them have been unneeded, whichever they are.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `_update_pending_nodes_idle_duration`,
//! `_release_terminated_pending_nodes_idle_duration`.

use super::context::Context;
use super::node::{Ledger, Node, Plan};
use crate::order;
use crate::ray::instance_manager::InstanceStatus;
use crate::ray::resources::Name;
use crate::ray::trace::StopCause;
use crate::time::Instant;

/// Since when so many nodes of a type have been unneeded, the longest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PendingUnneeded(Vec<(Name, Vec<Instant>)>);

/// A node that can be dropped without draining it. One that was just asked for cannot: the request
/// is on its way.
pub(super) fn is_terminable_while_pending(node: &Node<'_>) -> bool {
    matches!(node.status, Some(InstanceStatus::Queued | InstanceStatus::Allocated))
}

impl PendingUnneeded {
    /// Gives every unneeded pending node its idle time; those that are the least far get the most.
    pub(super) fn update(&mut self, context: &mut Context<'_>, now: Instant) {
        let mut unneeded: Vec<(usize, Vec<usize>)> = Vec::new();
        for (index, node) in context.nodes.iter().enumerate() {
            let needed = [Ledger::Demand, Ledger::Constraint]
                .iter()
                .any(|&ledger| !node.placed(ledger).is_empty());
            let Some(node_type) = node.type_index else { continue };
            if node.plan != Plan::Keep
                || node.is_head()
                || !is_terminable_while_pending(node)
                || needed
            {
                continue;
            }
            match unneeded.iter_mut().find(|(old, _)| *old == node_type) {
                Some((_, nodes)) => nodes.push(index),
                None => unneeded.push((node_type, vec![index])),
            }
        }
        let before = std::mem::take(&mut self.0);
        for (node_type, mut nodes) in unneeded {
            let name = &context.config.node_types[node_type].name;
            let mut since = before
                .iter()
                .find(|(old, _)| old == name)
                .map_or_else(Vec::new, |(_, since)| since.clone());
            since.resize(nodes.len(), now);
            order::sort_by_key(&mut nodes, |&index| context.nodes[index].status);
            for (&index, &since) in nodes.iter().zip(&since) {
                context.nodes[index].idle_ms = now.since(since).ms();
            }
            self.0.push((name.clone(), since));
        }
    }

    /// Drops the times of nodes that are stopped for them, so that no other inherits them.
    pub(super) fn release(&mut self, context: &Context<'_>) {
        for node in &context.nodes {
            let idle = matches!(node.plan, Plan::Stop(StopCause::Idle { .. }));
            if !idle || !is_terminable_while_pending(node) {
                continue;
            }
            if let Some((_, since)) = self.0.iter_mut().find(|(name, _)| name == node.type_name)
                && !since.is_empty()
            {
                since.remove(0);
            }
        }
    }
}
