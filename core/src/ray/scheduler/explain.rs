//! What a pass says about itself: where requests went, and what the rest of them lack.

use super::context::Context;
use super::placement::{Outcome, Room, Win};
use super::request::Group;
use super::resizing;
use super::trial::{fits, free, labels_match};
use crate::ray::config::NodeType;
use crate::ray::demand::ResourceRequest;
use crate::ray::resources::Name;
use crate::ray::trace::{Cause, Shortage, Source, Trace};

/// Adds the causes of one pass to the trace.
pub(super) fn pass(
    context: &Context<'_>,
    source: Source,
    groups: &[Group<'_>],
    outcome: &Outcome<'_>,
    trace: &mut Trace,
) {
    if groups.is_empty() {
        return;
    }
    placed(source, &outcome.wins, trace);
    if outcome.unplaced() == 0 {
        return;
    }
    if outcome.cluster_full {
        trace.push(Cause::ClusterFull { source, max_nodes: context.config.max_nodes });
    }
    let free_slots = context.free_slots(&outcome.nodes);
    let left = || groups.iter().zip(&outcome.left).filter(|(_, count)| **count > 0);
    for (index, node_type) in context.config.node_types.iter().enumerate().skip(1) {
        let fits_left = || left().any(|(group, _)| would_fit(node_type, group.request));
        if free_slots[index] <= 0 && fits_left() {
            let (node_type, max_nodes) = (node_type.name.clone(), node_type.max_nodes);
            trace.push(Cause::TypeFull { source, node_type, max_nodes });
        }
    }
    for (group, &count) in left() {
        let shortage = shortage(&context.config.node_types, group.request);
        trace.push(Cause::Infeasible { source, request: group.origin, count, shortage });
    }
}

fn placed(source: Source, wins: &[Win<'_>], trace: &mut Trace) {
    let existing = || wins.iter().filter(|win| win.room == Room::There);
    let nodes = existing().count() as u32;
    if nodes > 0 {
        let placed = existing().fold(0, |sum: u32, win| sum.saturating_add(win.placed));
        trace.push(Cause::FitsExisting { source, placed, nodes });
    }
    resizing::explain(source, wins, trace);
    let new: Vec<&Win<'_>> = wins.iter().filter(|win| win.room == Room::New).collect();
    let mut types: Vec<&Win<'_>> = Vec::new();
    for win in &new {
        if !types.iter().any(|first| first.type_name == win.type_name) {
            types.push(win);
        }
    }
    for first in types {
        let same = || new.iter().filter(|win| win.type_name == first.type_name);
        trace.push(Cause::NewNodes {
            source,
            node_type: first.type_name.clone(),
            nodes: same().count() as u32,
            placed: same().fold(0, |sum: u32, win| sum.saturating_add(win.placed)),
            score: first.score,
            runner_up: first.runner_up.map(|(name, score)| (name.clone(), score)),
        });
    }
    fallbacks(source, wins, trace);
}

/// What matches the labels of its node by a fallback alone, by type.
fn fallbacks(source: Source, wins: &[Win<'_>], trace: &mut Trace) {
    let mut types: Vec<(&Name, u32)> = Vec::new();
    for win in wins.iter().filter(|win| win.by_fallback > 0) {
        match types.iter_mut().find(|(name, _)| *name == win.type_name) {
            Some((_, placed)) => *placed = placed.saturating_add(win.by_fallback),
            None => types.push((win.type_name, win.by_fallback)),
        }
    }
    for (node_type, placed) in types {
        trace.push(Cause::Fallback { source, node_type: node_type.clone(), placed });
    }
}

fn would_fit(node_type: &NodeType, request: &ResourceRequest) -> bool {
    labels_match(request, |key| node_type.labels.get(key))
        && fits(&node_type.largest(), &request.resources)
}

/// What `request` lacks on the worker type that comes closest: fewest resources short, labels that
/// match before labels that don't, then the largest share of what is short.
pub(in crate::ray) fn shortage(
    node_types: &[NodeType],
    request: &ResourceRequest,
) -> Option<Shortage> {
    let short = |node_type: &NodeType| {
        let resources = request.resources.iter();
        resources.filter(|(name, amount)| *amount > free(&node_type.largest(), name)).count()
    };
    let share = |node_type: &NodeType| {
        let resources = request.resources.iter().filter(|(_, amount)| *amount > 0.0);
        resources.map(|(name, amount)| (free(&node_type.largest(), name) / amount).min(1.0)).sum()
    };
    let rank = |it: &NodeType| (short(it), !labels_match(request, |key| it.labels.get(key)));
    let workers = node_types.iter().skip(1);
    let closest = workers.min_by(|one, other| {
        let shares: [f64; 2] = [share(one), share(other)];
        rank(one).cmp(&rank(other)).then(shares[1].total_cmp(&shares[0]))
    })?;
    let largest = closest.largest();
    let has = |name: &str| free(&largest, name);
    let lacking = request.resources.iter().find(|(name, amount)| *amount > has(name));
    Some(Shortage {
        node_type: closest.name.clone(),
        resource: lacking.map(|(name, _)| name.clone()),
        needed: lacking.map_or(0.0, |(_, amount)| amount),
        has: lacking.map_or(0.0, |(name, _)| has(name)),
        labels_match: labels_match(request, |key| closest.labels.get(key)),
    })
}
