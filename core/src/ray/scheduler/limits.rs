//! Fewest and most nodes, of each type and in all.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `_enforce_min_workers_per_type`,
//! `_enforce_max_workers_per_type`, `_enforce_max_workers_global`, `_select_nodes_to_terminate`.

use std::cmp::Ordering;

use super::context::Context;
use super::node::{Node, Plan};
use crate::order;
use crate::ray::trace::{Cause, StopCause, Stuck, Trace};

/// Adds what is missing to each type's minimum, ahead of the nodes that are there.
pub(super) fn add_missing(context: &mut Context<'_>, trace: &mut Trace) {
    let shape = context.shape();
    let mut added = Vec::new();
    for (index, node_type) in context.config.node_types.iter().enumerate() {
        let (nodes, min_nodes) = (shape[index], node_type.min_nodes);
        if nodes < min_nodes {
            let node_type_name = node_type.name.clone();
            trace.push(Cause::MinNodes { node_type: node_type_name, nodes, min_nodes });
            added.extend((nodes..min_nodes).map(|_| Node::to_launch(index, node_type)));
        }
    }
    if !added.is_empty() {
        added.append(&mut context.nodes);
        context.nodes = added;
    }
}

/// Marks the nodes above each type's maximum. Nodes stand grouped by type afterwards.
pub(super) fn stop_excess_of_types(
    context: &mut Context<'_>,
    trace: &mut Trace,
) -> Result<(), Stuck> {
    if is_grouped_and_within_limits(context) {
        return Ok(());
    }
    let mut types: Vec<(usize, Vec<Node<'_>>)> = Vec::new();
    for node in std::mem::take(&mut context.nodes) {
        let Some(index) = node.type_index else {
            return Err(Stuck::UnknownNodeType(node.type_name.clone()));
        };
        match types.iter_mut().find(|(old, _)| *old == index) {
            Some((_, nodes)) => nodes.push(node),
            None => types.push((index, vec![node])),
        }
    }
    let mut stopped = Vec::new();
    let mut kept = Vec::new();
    for (index, nodes) in types {
        let node_type = &context.config.node_types[index];
        let (count, max_nodes) = (nodes.len() as i64, node_type.max_nodes);
        if count <= max_nodes {
            kept.extend(nodes);
            continue;
        }
        let name = node_type.name.clone();
        trace.push(Cause::MaxNodesOfType { node_type: name, nodes: count, max_nodes });
        let cause = StopCause::MaxNodesOfType { max_nodes };
        let (mut to_stop, remaining) = select(nodes, count - max_nodes, cause);
        stopped.append(&mut to_stop);
        kept.extend(remaining);
    }
    stopped.append(&mut kept);
    context.nodes = stopped;
    Ok(())
}

/// Whether nothing is to be marked and the nodes stand grouped already.
fn is_grouped_and_within_limits(context: &Context<'_>) -> bool {
    let types = &context.config.node_types;
    let mut counts = vec![0_i64; types.len()];
    let mut last = None;
    context.nodes.iter().all(|node| {
        let Some(index) = node.type_index else { return false };
        let returns = last != Some(index) && counts[index] > 0;
        counts[index] += 1;
        last = Some(index);
        !returns && counts[index] <= types[index].max_nodes
    })
}

/// Marks the nodes above the cluster's maximum.
pub(super) fn stop_excess_of_cluster(
    context: &mut Context<'_>,
    trace: &mut Trace,
) -> Result<(), Stuck> {
    let max_nodes = context.config.max_nodes;
    let stays = |node: &Node<'_>| !matches!(node.plan, Plan::Stop(_));
    let count = context.nodes.iter().filter(|node| stays(node)).count() as i64;
    let excess = count.saturating_sub(max_nodes);
    if max_nodes == 0 || excess <= 0 {
        return Ok(());
    }
    trace.push(Cause::MaxNodes { nodes: count, max_nodes });
    let (kept, mut stopped): (Vec<_>, Vec<_>) =
        std::mem::take(&mut context.nodes).into_iter().partition(stays);
    let (mut to_stop, mut remaining) = select(kept, excess, StopCause::MaxNodes { max_nodes });
    let left = excess - to_stop.len() as i64;
    if left > 0 {
        return Err(Stuck::TooManyHeads { left });
    }
    // Upstream adds one shared object for all missing nodes of a type: marking one marks them all.
    for node in remaining.iter_mut().filter(|node| node.plan == Plan::Launch) {
        if let Some(twin) =
            to_stop.iter().find(|it| it.instance.is_none() && it.type_index == node.type_index)
        {
            node.plan = twin.plan;
        }
    }
    stopped.append(&mut to_stop);
    stopped.append(&mut remaining);
    context.nodes = stopped;
    Ok(())
}

/// The `count` nodes that go first, and the rest with the head at its end.
fn select(
    mut nodes: Vec<Node<'_>>,
    count: i64,
    cause: StopCause,
) -> (Vec<Node<'_>>, Vec<Node<'_>>) {
    order::sort_by(&mut nodes, compare_for_termination);
    let head = nodes.iter().position(Node::is_head).map(|index| nodes.remove(index));
    let count = usize::try_from(count).unwrap_or(0).min(nodes.len());
    let mut remaining = nodes.split_off(count);
    remaining.extend(head);
    for node in &mut nodes {
        node.plan = Plan::Stop(cause);
    }
    (nodes, remaining)
}

/// Without Ray first, then longest idle, then least used.
pub(super) fn compare_for_termination(first: &Node<'_>, second: &Node<'_>) -> Ordering {
    let key = |node: &Node<'_>| (node.runs_ray(), node.idle_ms.saturating_neg());
    key(first).cmp(&key(second)).then_with(|| {
        let (first, second) = (first.mean_utilization(), second.mean_utilization());
        first.partial_cmp(&second).unwrap_or(Ordering::Equal)
    })
}
