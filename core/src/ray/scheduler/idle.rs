//! Which nodes nobody needs any more.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `_enforce_idle_termination`.

use super::context::Context;
use super::limits::compare_for_termination;
use super::node::{Ledger, Node, Plan};
use super::pending::is_terminable_while_pending;
use crate::order;
use crate::ray::config::AutoscalingConfig;
use crate::ray::observation::PodId;
use crate::ray::trace::{Cause, KeptBy, StopCause, Trace};

/// Marks nodes that idled too long, unless demand, the constraint or the minimum keeps them.
pub(super) fn stop_idle(context: &mut Context<'_>, trace: &mut Trace) {
    let config = context.config;
    let mut candidates: Vec<usize> = Vec::new();
    for (index, node) in context.nodes.iter().enumerate() {
        if node.plan != Plan::Keep || node.is_head() {
            continue;
        }
        let Some(timeout_s) = timeout_of(config, node) else { continue };
        if node.idle_ms as f64 <= timeout_s * 1000.0 {
            let by = match node.idle_ms {
                0 => KeptBy::InUse,
                idle_ms => KeptBy::IdleTimeout { idle_ms, timeout_s },
            };
            keep(trace, node, by);
        } else {
            candidates.push(index);
        }
    }
    if candidates.is_empty() {
        return;
    }
    order::sort_by(&mut candidates, |&a, &b| {
        compare_for_termination(&context.nodes[a], &context.nodes[b])
    });
    let mut stays = context.shape();
    for index in candidates {
        let node = &mut context.nodes[index];
        let Some(node_type) = node.type_index else { continue };
        let (nodes, min_nodes) = (stays[node_type], config.node_types[node_type].min_nodes);
        if !node.placed(Ledger::Demand).is_empty() {
            keep(trace, node, KeptBy::Demands);
        } else if !node.placed(Ledger::Constraint).is_empty() {
            keep(trace, node, KeptBy::Constraint);
        } else if nodes <= min_nodes {
            keep(trace, node, KeptBy::MinNodes { nodes, min_nodes });
        } else if let Some(timeout_s) = timeout_of(config, node) {
            stays[node_type] -= 1;
            node.plan = Plan::Stop(StopCause::Idle { idle_ms: node.idle_ms, timeout_s });
        }
    }
}

/// How long it may idle; none if for ever.
fn timeout_of(config: &AutoscalingConfig, node: &Node<'_>) -> Option<f64> {
    if is_terminable_while_pending(node) {
        return config.pending_idle_timeout_s;
    }
    let own = node.type_index.and_then(|index| config.node_types[index].idle_timeout_s);
    Some(own.unwrap_or(config.idle_timeout_s))
}

fn keep(trace: &mut Trace, node: &Node<'_>, by: KeptBy) {
    let pod: Option<PodId> = node.pod.filter(|_| node.runs_ray());
    if let Some(pod) = pod {
        trace.push(Cause::Kept { pod, by });
    }
}
