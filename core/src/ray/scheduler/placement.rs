//! Which request goes on which node: existing nodes first, then those that may grow, then new ones.
//!
//! Again and again, every candidate takes as many of the remaining requests as fit, first fit in
//! their order; the candidate with the best score keeps them. Who that is, is [`contest`]. Equal
//! requests are one group here.
//!
//! [`contest`]: super::contest
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `_try_schedule`.

use super::contest::{Contest, Pass, Winner};
use super::context::Context;
use super::node::{Ledger, Node};
use super::request::Group;
use super::resizing;
use super::trial::{can_fit_any, label_match};
use crate::order;
use crate::ray::resources::Name;
use crate::ray::trace::{Score, Stuck};

/// Where a node's room comes from.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Room {
    /// It is there, or on its way.
    There,
    /// Its pod grows.
    Grows,
    /// It is new.
    New,
}

/// A node that won, for the trace.
pub(super) struct Win<'a> {
    pub(super) type_name: &'a Name,
    pub(super) room: Room,
    pub(super) placed: u32,
    /// How many of them by a fallback.
    pub(super) by_fallback: u32,
    pub(super) score: Score,
    pub(super) runner_up: Option<(&'a Name, Score)>,
}

/// What came of one pass.
pub(super) struct Outcome<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    /// Requests without room, for each group.
    pub(super) left: Vec<u32>,
    pub(super) wins: Vec<Win<'a>>,
    /// The cluster's maximum ended it.
    pub(super) cluster_full: bool,
    /// Where each node that existed before stood, in the order of `nodes`.
    positions: Vec<usize>,
    /// The existing nodes that won, as they were before.
    before: Vec<(usize, Node<'a>)>,
    /// Nodes that the pass loses: where they stood.
    lost: Vec<(usize, Node<'a>)>,
}

impl<'a> Outcome<'a> {
    pub(super) fn unplaced(&self) -> u32 {
        self.left.iter().fold(0, |sum, &count| sum.saturating_add(count))
    }

    /// The nodes as they were before the pass.
    pub(super) fn undone(self) -> Vec<Node<'a>> {
        let mut nodes: Vec<(usize, Node<'a>)> =
            self.positions.into_iter().zip(self.nodes).chain(self.lost).collect();
        order::sort_by_key(&mut nodes, |it| it.0);
        for (position, node) in self.before {
            nodes[position].1 = node;
        }
        nodes.into_iter().map(|it| it.1).collect()
    }

    /// The existing nodes and where they stood.
    pub(super) fn take_existing(&mut self) -> Vec<(usize, Node<'a>)> {
        std::mem::take(&mut self.positions)
            .into_iter()
            .zip(std::mem::take(&mut self.nodes))
            .collect()
    }

    /// Remembers a node as it was before the pass, unless it is known.
    pub(super) fn remember(&mut self, position: usize, node: &Node<'a>) {
        if self.before.iter().all(|it| it.0 != position) {
            self.before.push((position, node.clone()));
        }
    }

    /// A node that upstream loses; only what is undone brings it back.
    pub(super) fn lose(&mut self, position: usize, node: Node<'a>) {
        self.lost.push((position, node));
    }

    /// What was lost there, which is not.
    pub(super) fn find_again(&mut self, position: usize) -> Option<Node<'a>> {
        let at = self.lost.iter().position(|it| it.0 == position)?;
        Some(self.lost.swap_remove(at).1)
    }

    pub(super) fn keep(&mut self, position: usize, node: Node<'a>) {
        self.positions.push(position);
        self.nodes.push(node);
    }
}

/// Places `groups`, which are in order, on `nodes` and on as many new nodes as it takes.
pub(super) fn place<'a>(
    context: &Context<'a>,
    nodes: Vec<Node<'a>>,
    groups: &[Group<'a>],
    ledger: Ledger,
) -> Result<Outcome<'a>, Stuck> {
    let mut outcome = Outcome {
        nodes: Vec::with_capacity(nodes.len()),
        left: groups.iter().map(|group| group.count).collect(),
        wins: Vec::new(),
        cluster_full: false,
        positions: Vec::with_capacity(nodes.len()),
        before: Vec::new(),
        lost: Vec::new(),
    };
    if outcome.unplaced() == 0 {
        outcome.positions = (0..nodes.len()).collect();
        outcome.nodes = nodes;
        resizing::on_growing(Pass { context, groups, ledger }, &mut outcome)?;
        return Ok(outcome);
    }
    let free_slots = context.free_slots(&nodes);
    let pass = Pass { context, groups, ledger };
    on_existing(pass, nodes, &mut outcome)?;
    resizing::on_growing(pass, &mut outcome)?;
    on_new(pass, free_slots, &mut outcome)?;
    Ok(outcome)
}

fn on_existing<'a>(
    pass: Pass<'_, 'a>,
    nodes: Vec<Node<'a>>,
    outcome: &mut Outcome<'a>,
) -> Result<(), Stuck> {
    let mut exhausted = Vec::new();
    let mut contest = Contest::new(pass);
    for (position, node) in nodes.into_iter().enumerate() {
        if node.runs_ray() && !can_fit_any(node.available(pass.ledger), pass.groups) {
            exhausted.push((position, node));
        } else {
            contest.join(position, node);
        }
    }
    contest.start(&outcome.left)?;
    while outcome.unplaced() > 0 {
        let Some(mut winner) = contest.best(&outcome.left)? else { break };
        outcome.before.push((winner.position, winner.node.clone()));
        take(pass, &winner, Room::There, outcome);
        contest.follow(&winner, None, &outcome.left)?;
        commit(pass, &mut winner);
        outcome.keep(winner.position, winner.node);
    }
    let mut rest = contest.rest();
    order::sort_by_key(&mut rest, |candidate| candidate.0);
    for (position, node) in rest.into_iter().chain(exhausted) {
        outcome.keep(position, node);
    }
    Ok(())
}

fn on_new<'a>(
    pass: Pass<'_, 'a>,
    mut free_slots: Vec<i64>,
    outcome: &mut Outcome<'a>,
) -> Result<(), Stuck> {
    if outcome.unplaced() == 0 {
        return Ok(());
    }
    let config = pass.context.config;
    let fresh = |index: usize| Node::to_grow(index, &config.node_types[index]);
    let mut contest = Contest::new(pass);
    let types = (0..config.node_types.len()).filter(|&index| free_slots[index] > 0);
    let mut candidates = 0;
    for index in types {
        contest.join(index, fresh(index));
        candidates += 1;
    }
    contest.start(&outcome.left)?;
    let mut position = config.node_types.len();
    while outcome.unplaced() > 0 && candidates > 0 {
        if outcome.nodes.len() as i64 >= config.max_nodes {
            outcome.cluster_full = true;
            break;
        }
        let Some(mut winner) = contest.best(&outcome.left)? else { break };
        let next = winner.node.type_index.and_then(|index| {
            free_slots[index] -= 1;
            (free_slots[index] > 0).then(|| (position, fresh(index)))
        });
        position += 1;
        candidates -= usize::from(next.is_none());
        take(pass, &winner, Room::New, outcome);
        contest.follow(&winner, next, &outcome.left)?;
        commit(pass, &mut winner);
        outcome.nodes.push(winner.node);
    }
    Ok(())
}

/// Takes what the winner holds off what is left.
pub(super) fn take<'a>(
    pass: Pass<'_, 'a>,
    winner: &Winner<'a>,
    room: Room,
    outcome: &mut Outcome<'a>,
) {
    let types = &pass.context.config.node_types;
    let trial = &winner.trial;
    outcome.wins.push(Win {
        type_name: winner.node.type_name,
        room,
        placed: trial.count(),
        by_fallback: by_fallback(pass, winner),
        score: trial.score,
        runner_up: winner
            .runner_up
            .and_then(|(index, score)| Some((&types.get(index?)?.name, score))),
    });
    for &(group, count) in &trial.placed {
        outcome.left[group] -= count;
    }
}

/// How many of the requests that the winner holds match its labels by a fallback alone.
fn by_fallback(pass: Pass<'_, '_>, winner: &Winner<'_>) -> u32 {
    let is_one = |group: usize| {
        let selectors = &pass.groups[group].request.label_selectors;
        selectors.len() > 1
            && label_match(&selectors[..1], |key| {
                winner.node.label(&winner.trial.added_labels, key)
            }) == 0
    };
    let placed = winner.trial.placed.iter().filter(|(group, _)| is_one(*group));
    placed.fold(0, |sum, (_, count)| sum.saturating_add(*count))
}

/// Puts on the winner's node what it holds.
pub(super) fn commit<'a>(pass: Pass<'_, 'a>, winner: &mut Winner<'a>) {
    let trial = &mut winner.trial;
    let placed = trial.placed.iter().map(|&(group, _)| pass.groups[group].request);
    let available = std::mem::take(&mut trial.available);
    let labels = std::mem::take(&mut trial.added_labels);
    winner.node.commit(pass.ledger, available, labels, placed);
}
