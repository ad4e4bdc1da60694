//! STRICT_SPREAD groups: a node for each bundle, all or nothing.
//!
//! Each group takes room on the nodes there are, and new nodes for the rest; the next group sees
//! both. Bundles that have a node already say nothing here, so a group that lost one may be planned
//! back onto a node that it is on.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/resource_demand_scheduler.py
//! `reserve_and_allocate_spread`.

use super::choice::choose;
use super::counts::Counts;
use super::packing::{Bundle, count, pack};
use super::report;
use super::scheduler::{Plan, Used};
use crate::ray::resources::Resources;
use crate::ray::trace::{Cause, Source, Trace};

/// Takes the room, and gives the nodes that were added.
pub(super) fn reserve(
    plan: &mut Plan,
    groups: &[(usize, Vec<Bundle<'_>>)],
    trace: &mut Trace,
) -> Counts {
    let mut added = Counts::default();
    for (gang, bundles) in groups {
        let here = pack(&plan.free, bundles, true);
        let choice = choose(&plan.types, &plan.counts, plan.most_to_add(), here.left.clone(), true);
        let new: Vec<Resources> = choice
            .add
            .iter()
            .flat_map(|(index, count)| (0..count).map(move |_| index))
            .map(|index| plan.types[index].resources.clone())
            .collect();
        let there = pack(&new, &here.left, true);
        let used = Used { placed: here.placed, nodes: here.used };
        report::pass(plan, Source::Gang(*gang), used, &choice, trace);
        if !there.left.is_empty() {
            let unplaced = count(&there.left);
            trace.push(Cause::GangDropped { gang: *gang, unplaced });
            continue;
        }
        plan.counts.add_all(&choice.add);
        added.add_all(&choice.add);
        plan.free = here.nodes;
        plan.free.extend(there.nodes);
    }
    added
}
