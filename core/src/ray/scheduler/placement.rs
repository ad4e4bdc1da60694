//! Which request goes on which node: existing nodes first, then new ones.
//!
//! Again and again, every candidate takes as many of the remaining requests as fit, first fit in
//! their order; the candidate with the best score keeps them. Equal requests are one group here and
//! equal nodes are tried once, which gives upstream's answer for less work.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `_try_schedule`, `_sched_best_node`.

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::Availability;
use super::context::Context;
use super::node::{Ledger, Node};
use super::request::Group;
use super::trial::{Trial, can_fit_any, try_schedule};
use crate::order;
use crate::ray::resources::Name;
use crate::ray::trace::{Score, Stuck};

/// A node that won, for the trace.
pub(super) struct Win<'a> {
    pub(super) type_name: &'a Name,
    pub(super) is_new: bool,
    pub(super) placed: u32,
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
}

impl Outcome<'_> {
    pub(super) fn unplaced(&self) -> u32 {
        self.left.iter().fold(0, |sum, &count| sum.saturating_add(count))
    }
}

struct Candidate<'a> {
    /// Earlier wins a tie.
    position: usize,
    /// Which set of twins it comes from, if it has any.
    class: Option<usize>,
    node: Node<'a>,
    trial: Option<Trial>,
}

impl<'a> Candidate<'a> {
    fn new(position: usize, node: Node<'a>) -> Self {
        Self { position, class: None, node, trial: None }
    }
}

/// Places `groups`, which are in order, on `nodes` and on as many new nodes as it takes.
pub(super) fn place<'a>(
    context: &Context<'a>,
    nodes: Vec<Node<'a>>,
    groups: &[Group<'a>],
    ledger: Ledger,
) -> Result<Outcome<'a>, Stuck> {
    let left = groups.iter().map(|group| group.count).collect();
    let mut outcome = Outcome { nodes: Vec::new(), left, wins: Vec::new(), cluster_full: false };
    if outcome.unplaced() == 0 {
        outcome.nodes = nodes;
        return Ok(outcome);
    }
    let free_slots = context.free_slots(&nodes);
    let pass = Pass { context, groups, ledger };
    pass.on_existing(nodes, &mut outcome)?;
    pass.on_new(free_slots, &mut outcome)?;
    Ok(outcome)
}

struct Pass<'c, 'a> {
    context: &'c Context<'a>,
    groups: &'c [Group<'a>],
    ledger: Ledger,
}

impl<'a> Pass<'_, 'a> {
    fn on_existing(&self, nodes: Vec<Node<'a>>, outcome: &mut Outcome<'a>) -> Result<(), Stuck> {
        let mut exhausted = Vec::new();
        let mut active: Vec<Candidate<'a>> = Vec::new();
        // Twins wait behind the first of them.
        let mut twins: Vec<VecDeque<Candidate<'a>>> = Vec::new();
        for (position, node) in nodes.into_iter().enumerate() {
            if !node.runs_ray() {
                self.join_twins(&mut twins, Candidate::new(position, node));
            } else if can_fit_any(node.available(self.ledger), self.groups) {
                active.push(Candidate::new(position, node));
            } else {
                exhausted.push(node);
            }
        }
        active.extend(twins.iter_mut().filter_map(VecDeque::pop_front));
        let mut rest = Vec::new();
        while outcome.unplaced() > 0 {
            let Some(winner) = self.best(&mut active, &mut rest, false, outcome)? else { break };
            active.extend(winner.class.and_then(|class| twins[class].pop_front()));
            outcome.nodes.push(winner.node);
        }
        rest.extend(active);
        rest.extend(twins.into_iter().flatten());
        order::sort_by_key(&mut rest, |candidate| candidate.position);
        outcome.nodes.extend(rest.into_iter().map(|candidate| candidate.node));
        outcome.nodes.extend(exhausted);
        Ok(())
    }

    fn join_twins(&self, twins: &mut Vec<VecDeque<Candidate<'a>>>, mut candidate: Candidate<'a>) {
        let is_twin = |class: &VecDeque<Candidate<'a>>| {
            class.front().is_some_and(|first| first.node.is_twin_of(&candidate.node, self.ledger))
        };
        let class = twins.iter().position(is_twin).unwrap_or_else(|| {
            twins.push(VecDeque::new());
            twins.len() - 1
        });
        candidate.class = Some(class);
        twins[class].push_back(candidate);
    }

    fn on_new(&self, mut free_slots: Vec<i64>, outcome: &mut Outcome<'a>) -> Result<(), Stuck> {
        let types = &self.context.config.node_types;
        let fresh = |index: usize| Node::to_launch(index, &types[index]);
        let mut active: Vec<_> = (0..types.len())
            .filter(|&index| free_slots[index] > 0)
            .map(|index| Candidate::new(index, fresh(index)))
            .collect();
        let mut position = types.len();
        let mut rest = Vec::new();
        while outcome.unplaced() > 0 && !(active.is_empty() && rest.is_empty()) {
            if outcome.nodes.len() as i64 >= self.context.config.max_nodes {
                outcome.cluster_full = true;
                break;
            }
            let Some(winner) = self.best(&mut active, &mut rest, true, outcome)? else { break };
            if let Some(index) = winner.node.type_index {
                free_slots[index] -= 1;
                if free_slots[index] > 0 {
                    active.push(Candidate::new(position, fresh(index)));
                    position += 1;
                }
            }
            outcome.nodes.push(winner.node);
        }
        Ok(())
    }

    /// Takes the best candidate out of `active`, with what it holds. Candidates that take nothing
    /// never will, and go to `rest`.
    fn best(
        &self,
        active: &mut Vec<Candidate<'a>>,
        rest: &mut Vec<Candidate<'a>>,
        is_new: bool,
        outcome: &mut Outcome<'a>,
    ) -> Result<Option<Candidate<'a>>, Stuck> {
        let mut at = 0;
        while at < active.len() {
            let candidate = &mut active[at];
            if !candidate.trial.as_ref().is_some_and(|trial| trial.still_holds(&outcome.left)) {
                let trial = try_schedule(&candidate.node, self.groups, &outcome.left, self.ledger)?;
                candidate.trial = trial;
            }
            if candidate.trial.is_some() {
                at += 1;
            } else {
                rest.push(active.swap_remove(at));
            }
        }
        let better = |first: &Candidate<'a>, second: &Candidate<'a>| self.compare(first, second);
        let Some(best) = (0..active.len()).max_by(|&a, &b| better(&active[a], &active[b])) else {
            return Ok(None);
        };
        let mut winner = active.swap_remove(best);
        let others = active.iter().filter(|it| it.node.type_index != winner.node.type_index);
        let runner_up = others
            .max_by(|a, b| better(a, b))
            .and_then(|it| it.trial.as_ref().map(|trial| (it.node.type_name, trial.score)));
        if let Some(trial) = winner.trial.take() {
            outcome.wins.push(Win {
                type_name: winner.node.type_name,
                is_new,
                placed: trial.count(),
                score: trial.score,
                runner_up,
            });
            for &(group, count) in &trial.placed {
                outcome.left[group] -= count;
            }
            let placed = trial.placed.iter().map(|&(group, _)| self.groups[group].request);
            winner.node.commit(self.ledger, trial.available, trial.added_labels, placed);
        }
        Ok(Some(winner))
    }

    /// Score, then recoverable availability, priority and availability; the earlier wins a tie.
    fn compare(&self, first: &Candidate<'a>, second: &Candidate<'a>) -> Ordering {
        let key = |candidate: &Candidate<'a>| {
            let score = candidate.trial.as_ref().map(|trial| trial.score);
            let availability = self.context.availability(candidate.node.type_index);
            let Availability { recoverable, cloud } = availability;
            (score, recoverable, candidate.node.priority, cloud)
        };
        let order = key(first).partial_cmp(&key(second)).unwrap_or(Ordering::Equal);
        order.then(second.position.cmp(&first.position))
    }
}
