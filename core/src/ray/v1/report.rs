//! What a pass says about itself: where bundles went, and what the rest of them lack.

use super::choice::Choice;
use super::scheduler::{Plan, Used};
use crate::ray::demand::ResourceRequest;
use crate::ray::scheduler::{fits, shortage};
use crate::ray::trace::{Cause, Source, Trace};

/// Adds the causes of one pass, before the plan takes its nodes over.
pub(super) fn pass(
    plan: &Plan,
    source: Source,
    used: Used,
    choice: &Choice<'_>,
    trace: &mut Trace,
) {
    if used.placed > 0 {
        let Used { placed, nodes } = used;
        trace.push(Cause::FitsExisting { source, placed, nodes });
    }
    let name = |index: usize| plan.types[index].name.clone();
    for first in &choice.first {
        trace.push(Cause::NewNodes {
            source,
            node_type: name(first.node_type),
            nodes: choice.add.get(first.node_type) as u32,
            placed: first.placed,
            score: first.score,
            runner_up: first.runner_up.map(|(index, score)| (name(index), score)),
        });
    }
    if choice.cluster_full {
        let max_nodes = plan.most_to_add().saturating_add(plan.counts.total());
        trace.push(Cause::ClusterFull { source, max_nodes });
    }
    for (index, it) in plan.types.iter().enumerate().skip(1) {
        let is_full = plan.counts.get(index) + choice.add.get(index) >= it.max_nodes;
        if is_full && choice.left.iter().any(|left| fits(&it.resources, left.resources)) {
            let (node_type, max_nodes) = (it.name.clone(), it.max_nodes);
            trace.push(Cause::TypeFull { source, node_type, max_nodes });
        }
    }
    for left in &choice.left {
        let request = ResourceRequest::bundle(left.resources.clone());
        let shortage = shortage(&plan.types, &request);
        let (request, count) = (left.origin, left.count);
        trace.push(Cause::Infeasible { source, request, count, shortage });
    }
}
