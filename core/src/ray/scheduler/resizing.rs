//! Pods that are resized in place: what they count as, and when they are asked to grow.
//!
//! A pod whose resize is under way counts with the size that was asked for. What fits on no node as
//! it is may fit on one that grows; then the pod is to have all that it may have, however little is
//! needed.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `from_schedule_request`, `_try_schedule`.

use std::sync::Arc;

use super::Request;
use super::contest::{Contest, Pass};
use super::context::Context;
use super::node::Node;
use super::placement::{Outcome, Room, Win, commit, take};
use crate::ray::observation::PodId;
use crate::ray::resize::ResizeStatus;
use crate::ray::trace::{Cause, Source, Stuck, Trace};

/// Gives every node the resize of its pod.
pub(super) fn attach(context: &mut Context<'_>, request: &Request<'_>) {
    if request.resizes.is_empty() {
        return;
    }
    let mut statuses: Vec<ResizeStatus> = request.resizes.iter().map(|it| (*it).clone()).collect();
    let find = |statuses: &[ResizeStatus], node: &Node<'_>| {
        let node_type = node.type_index.map(|at| &context.config.node_types[at]);
        node_type.and_then(|it| it.resize)?;
        statuses.iter().position(|it| Some(it.pod) == node.pod)
    };
    // Two rows may know one pod, whose status they share: the last raylet counts.
    for node in context.nodes.iter().filter(|it| it.runs_ray()) {
        let seen = node.instance.and_then(|it| request.instances[it].ray_node);
        if let (Some(at), Some(ray_node)) = (find(&statuses, node), seen) {
            statuses[at].notes.ray_node = Some(ray_node.id);
        }
    }
    let found: Vec<Option<usize>> =
        context.nodes.iter().map(|node| find(&statuses, node)).collect();
    let statuses: Vec<Arc<ResizeStatus>> = statuses.into_iter().map(Arc::new).collect();
    for (node, at) in context.nodes.iter_mut().zip(found) {
        node.resize = at.map(|at| Arc::clone(&statuses[at]));
    }
}

/// Nodes whose resize is under way have what was asked for.
pub(super) fn show_desired(nodes: &mut [Node<'_>]) {
    for node in nodes {
        if let Some(resize) = node.resize.clone().filter(|it| it.is_in_progress()) {
            node.set_total(resize.desired_cpu, resize.desired_memory as f64);
        }
    }
}

/// A node that may grow, as it is.
struct Original<'a> {
    pod: PodId,
    position: usize,
    node: Node<'a>,
}

/// Places what is left on nodes that may grow. They stand last afterwards, those that won first.
pub(super) fn on_growing<'a>(pass: Pass<'_, 'a>, outcome: &mut Outcome<'a>) -> Result<(), Stuck> {
    let may_grow = |node: &Node<'_>| node.resize.as_ref().is_some_and(|it| it.may_grow());
    if !outcome.nodes.iter().any(may_grow) {
        return Ok(());
    }
    let mut contest = Contest::new(pass);
    let mut originals: Vec<Original<'a>> = Vec::new();
    let mut positions = Vec::new();
    for (position, mut node) in outcome.take_existing() {
        let Some(resize) = node.resize.clone().filter(|it| it.may_grow()) else {
            outcome.keep(position, node);
            continue;
        };
        let original = Original { pod: resize.pod, position, node: node.clone() };
        // Upstream keeps them by pod, and loses the first of two rows that know the same.
        match originals.iter_mut().find(|it| it.pod == resize.pod) {
            Some(old) => {
                let old = std::mem::replace(old, original);
                outcome.lose(old.position, old.node);
            }
            None => originals.push(original),
        }
        node.set_total(resize.max_cpu(), resize.max_memory() as f64);
        contest.join(positions.len(), node);
        positions.push(position);
    }
    if outcome.unplaced() > 0 {
        contest.start(&outcome.left)?;
    }
    while outcome.unplaced() > 0 {
        let Some(mut winner) = contest.best(&outcome.left)? else { break };
        take(pass, &winner, Room::Grows, outcome);
        contest.follow(&winner, None, &outcome.left)?;
        commit(pass, &mut winner);
        let position = positions[winner.position];
        if let Some(resize) = winner.node.resize.as_mut().map(Arc::make_mut) {
            resize.queue(Some(resize.max_cpu()), Some(resize.max_memory()));
            forget(&mut originals, resize.pod, position, outcome);
        }
        outcome.keep(position, winner.node);
    }
    for Original { position, node, .. } in originals {
        outcome.keep(position, node);
    }
    Ok(())
}

/// The node that grew is no more what it was; another row of its pod is lost.
fn forget<'a>(
    originals: &mut Vec<Original<'a>>,
    pod: PodId,
    position: usize,
    outcome: &mut Outcome<'a>,
) {
    if let Some(at) = originals.iter().position(|it| it.pod == pod) {
        let old = originals.remove(at);
        outcome.lose(old.position, old.node);
    }
    if let Some(own) = outcome.find_again(position) {
        outcome.remember(position, &own);
    }
}

/// Says which pods grow.
pub(super) fn explain(source: Source, wins: &[Win<'_>], trace: &mut Trace) {
    let mut growing: Vec<(&Win<'_>, u32, u32)> = Vec::new();
    for win in wins.iter().filter(|it| it.room == Room::Grows) {
        match growing.iter_mut().find(|(first, ..)| first.type_name == win.type_name) {
            Some((_, placed, pods)) => {
                *placed = placed.saturating_add(win.placed);
                *pods += 1;
            }
            None => growing.push((win, win.placed, 1)),
        }
    }
    for (first, placed, pods) in growing {
        let node_type = first.type_name.clone();
        trace.push(Cause::Grows { source, node_type, placed, pods });
    }
}
