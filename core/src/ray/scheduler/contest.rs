//! Which candidate takes its share of the requests next.
//!
//! Upstream tries every candidate on all remaining requests, keeps the best, and starts over. Here
//! nodes on which everything gives the same stand in one line and only the first is tried; a trial
//! holds until fewer requests are left than it places; and the best trial of each type is on top of
//! a heap. The answer is upstream's, for work that grows with the nodes instead of their square.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `_sched_best_node`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use super::Availability;
use super::context::Context;
use super::node::{Ledger, Node};
use super::request::Group;
use super::trial::{Trial, try_schedule};
use crate::ray::trace::{Score, Stuck};

/// A candidate; the lower position wins a tie.
pub(super) type Candidate<'a> = (usize, Node<'a>);

/// What all rounds of one pass share.
#[derive(Clone, Copy)]
pub(super) struct Pass<'c, 'a> {
    pub(super) context: &'c Context<'a>,
    /// In the order in which they are placed.
    pub(super) groups: &'c [Group<'a>],
    pub(super) ledger: Ledger,
}

/// Candidates that take the same.
struct Line<'a> {
    front: Option<Candidate<'a>>,
    behind: VecDeque<Candidate<'a>>,
    /// What the front takes; nothing before it is tried.
    trial: Option<Trial>,
    /// Counts trials, so that entries of older ones are known.
    trials: u32,
}

/// A trial in the order of a type's trials.
struct Ranked {
    score: Score,
    availability: Availability,
    priority: i64,
    position: usize,
    line: usize,
    trial: u32,
}

impl Ranked {
    /// Score, then recoverable availability, priority and availability; the earlier wins a tie.
    fn order(&self, other: &Self) -> Ordering {
        let key =
            |it: &Self| (it.score, it.availability.recoverable, it.priority, it.availability.cloud);
        let order = key(self).partial_cmp(&key(other)).unwrap_or(Ordering::Equal);
        order.then(other.position.cmp(&self.position))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.order(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order(other)
    }
}

/// The winner of a round.
pub(super) struct Winner<'a> {
    pub(super) position: usize,
    pub(super) node: Node<'a>,
    pub(super) trial: Trial,
    /// The best of another type: its type and score.
    pub(super) runner_up: Option<(Option<usize>, Score)>,
    line: usize,
}

/// All candidates of a pass.
pub(super) struct Contest<'c, 'a> {
    pass: Pass<'c, 'a>,
    lines: Vec<Line<'a>>,
    /// Lines by the fingerprint of their nodes.
    known: BTreeMap<u64, Vec<usize>>,
    /// The trials of each type, the best on top; those of nodes without a type come last.
    ranks: Vec<BinaryHeap<Ranked>>,
    /// Who takes how many of each group, the most on top: number, line, trial.
    takers: Vec<BinaryHeap<(u32, usize, u32)>>,
    /// Whether a request names a resource of one node, `node:<ip>`.
    nodes_are_named: bool,
}

impl<'c, 'a> Contest<'c, 'a> {
    pub(super) fn new(pass: Pass<'c, 'a>) -> Self {
        let types = pass.context.config.node_types.len() + 1;
        let names = |group: &Group<'_>| {
            group.request.resources.iter().any(|(name, _)| name.starts_with("node:"))
        };
        Self {
            pass,
            lines: Vec::new(),
            known: BTreeMap::new(),
            ranks: (0..types).map(|_| BinaryHeap::new()).collect(),
            takers: pass.groups.iter().map(|_| BinaryHeap::new()).collect(),
            nodes_are_named: pass.groups.iter().any(names),
        }
    }

    /// Adds a candidate behind those that take the same. Positions must grow.
    pub(super) fn join(&mut self, position: usize, node: Node<'a>) {
        let ledger = self.pass.ledger;
        let same = self.known.entry(node.fingerprint(ledger)).or_default();
        let twin = |line: &&usize| {
            let front = self.lines[**line].front.as_ref();
            front.is_some_and(|(_, front)| node.is_twin_of(front, ledger, self.nodes_are_named))
        };
        if let Some(&line) = same.iter().find(twin) {
            self.lines[line].behind.push_back((position, node));
        } else {
            same.push(self.lines.len());
            self.lines.push(Line {
                front: Some((position, node)),
                behind: VecDeque::new(),
                trial: None,
                trials: 0,
            });
        }
    }

    /// Tries the front of every line.
    pub(super) fn start(&mut self, left: &[u32]) -> Result<(), Stuck> {
        (0..self.lines.len()).try_for_each(|line| self.try_front(line, left))
    }

    /// Takes the best candidate out; none if no candidate takes anything.
    pub(super) fn best(&mut self, left: &[u32]) -> Result<Option<Winner<'a>>, Stuck> {
        self.renew(left)?;
        for heap in &mut self.ranks {
            while heap.peek().is_some_and(|it| !is_valid(&self.lines, it)) {
                heap.pop();
            }
        }
        let tops = || self.ranks.iter().enumerate().filter_map(|(at, it)| Some((at, it.peek()?)));
        let Some((at, _)) = tops().max_by(|a, b| a.1.cmp(b.1)) else { return Ok(None) };
        let others = tops().filter(|it| it.0 != at);
        let runner_up = others.max_by(|a, b| a.1.cmp(b.1)).map(|(at, it)| {
            let types = self.pass.context.config.node_types.len();
            ((at < types).then_some(at), it.score)
        });
        let Some(Ranked { line, .. }) = self.ranks[at].pop() else { return Ok(None) };
        let it = &mut self.lines[line];
        let (Some((position, node)), Some(trial)) = (it.front.take(), it.trial.clone()) else {
            return Ok(None);
        };
        Ok(Some(Winner { position, node, trial, runner_up, line }))
    }

    /// Lets the next of the winner's line step forward, or `fresh` if nobody stands there.
    pub(super) fn follow(
        &mut self,
        winner: &Winner<'a>,
        fresh: Option<Candidate<'a>>,
        left: &[u32],
    ) -> Result<(), Stuck> {
        let line = &mut self.lines[winner.line];
        line.front = line.behind.pop_front().or(fresh);
        let Some((_, next)) = &line.front else { return Ok(()) };
        if next.has_same_placed(&winner.node, self.pass.ledger) {
            self.rank(winner.line);
            Ok(())
        } else {
            self.try_front(winner.line, left)
        }
    }

    /// The candidates that took nothing, by position.
    pub(super) fn rest(self) -> Vec<Candidate<'a>> {
        let lines = self.lines.into_iter();
        lines.flat_map(|line| line.front.into_iter().chain(line.behind)).collect()
    }

    /// Tries those again that would take more than is left.
    fn renew(&mut self, left: &[u32]) -> Result<(), Stuck> {
        for group in 0..left.len() {
            while let Some(&(count, line, trial)) = self.takers[group].peek() {
                let is_old = self.lines[line].trials != trial || self.lines[line].front.is_none();
                if !is_old && count <= left[group] {
                    break;
                }
                self.takers[group].pop();
                if !is_old {
                    self.try_front(line, left)?;
                }
            }
        }
        Ok(())
    }

    fn try_front(&mut self, line: usize, left: &[u32]) -> Result<(), Stuck> {
        let it = &mut self.lines[line];
        it.trials += 1;
        it.trial = None;
        let Some((_, node)) = &it.front else { return Ok(()) };
        let Some(trial) = try_schedule(node, self.pass.groups, left, self.pass.ledger)? else {
            return Ok(());
        };
        for &(group, count) in &trial.placed {
            self.takers[group].push((count, line, it.trials));
        }
        it.trial = Some(trial);
        self.rank(line);
        Ok(())
    }

    /// Puts the front of a line among its type's trials.
    fn rank(&mut self, line: usize) {
        let it = &self.lines[line];
        let (Some((position, node)), Some(trial)) = (&it.front, &it.trial) else { return };
        let types = self.pass.context.config.node_types.len();
        self.ranks[node.type_index.unwrap_or(types)].push(Ranked {
            score: trial.score,
            availability: self.pass.context.availability(node.type_index),
            priority: node.priority,
            position: *position,
            line,
            trial: it.trials,
        });
    }
}

fn is_valid(lines: &[Line<'_>], ranked: &Ranked) -> bool {
    let line = &lines[ranked.line];
    line.trials == ranked.trial
        && line.front.as_ref().is_some_and(|(position, _)| *position == ranked.position)
}
