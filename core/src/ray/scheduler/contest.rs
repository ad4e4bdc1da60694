//! Which candidate takes its share of the requests next.
//!
//! Upstream tries every candidate on all remaining requests, keeps the best, and starts over. Here
//! nodes on which everything gives the same stand in one line and only the first is tried; a trial
//! holds until fewer requests are left than it places; and the best trial of each type is known
//! without looking at all of them. The answer is upstream's, for work that grows with the nodes
//! instead of their square.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `_sched_best_node`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};

use super::Availability;
use super::bracket::Bracket;
use super::context::Context;
use super::node::{Ledger, Node};
use super::request::Group;
use super::shapes::Shapes;
use super::trial::{Bench, Profile, Trial, try_schedule};
use crate::ray::resources::{Labels, Resources};
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
    /// The front's; nothing before it is tried.
    profile: Option<Profile>,
    /// What the front takes, by group.
    placed: Vec<(usize, u32)>,
    /// What is free and which labels are added when that is placed, once it was.
    filled: Option<(Resources, Labels)>,
    /// Its type, and its seat among the lines of that type.
    seat: (usize, usize),
}

impl Line<'_> {
    fn takes(&self, group: usize) -> u32 {
        let found = self.placed.binary_search_by_key(&group, |it| it.0);
        found.map_or(0, |at| self.placed[at].1)
    }
}

/// How the front of a line does, if it takes anything: its score and its position.
type Standing = Option<(Score, usize)>;

/// The better score; the earlier wins a tie.
fn compare(first: Standing, second: Standing) -> Ordering {
    let (Some(one), Some(other)) = (first, second) else {
        return first.is_some().cmp(&second.is_some());
    };
    let order = one.0.partial_cmp(&other.0).unwrap_or(Ordering::Equal);
    order.then(other.1.cmp(&one.1))
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
    shapes: Shapes<'a>,
    lines: Vec<Line<'a>>,
    /// How the lines do.
    standings: Vec<Standing>,
    /// Lines by the fingerprint of their nodes.
    known: BTreeMap<u64, Vec<usize>>,
    /// The lines of each type; those of nodes without a type come last.
    brackets: Vec<Bracket>,
    /// Who takes how many of each group, and maybe does no more.
    takers: Vec<BTreeMap<u32, Vec<usize>>>,
    /// Groups of which fewer are left than when their takers were last looked at.
    fewer: Vec<usize>,
    bench: Bench,
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
            shapes: Shapes::new(pass.groups),
            lines: Vec::new(),
            standings: Vec::new(),
            known: BTreeMap::new(),
            brackets: (0..types).map(|_| Bracket::default()).collect(),
            takers: pass.groups.iter().map(|_| BTreeMap::new()).collect(),
            fewer: Vec::new(),
            bench: Bench::default(),
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
            return;
        }
        let line = self.lines.len();
        same.push(line);
        let types = self.pass.context.config.node_types.len();
        let node_type = node.type_index.unwrap_or(types);
        self.standings.push(None);
        self.lines.push(Line {
            front: Some((position, node)),
            behind: VecDeque::new(),
            profile: None,
            placed: Vec::new(),
            filled: None,
            seat: (node_type, self.brackets[node_type].add(line)),
        });
    }

    /// Tries the front of every line.
    pub(super) fn start(&mut self, left: &[u32]) -> Result<(), Stuck> {
        (0..self.lines.len()).try_for_each(|line| self.try_front(line, left))
    }

    /// Takes the best candidate out; none if no candidate takes anything.
    pub(super) fn best(&mut self, left: &[u32]) -> Result<Option<Winner<'a>>, Stuck> {
        self.renew(left)?;
        let standings = &self.standings;
        let better = |one: usize, other: usize| {
            if compare(standings[one], standings[other]).is_lt() { other } else { one }
        };
        let context = self.pass.context;
        let types = context.config.node_types.len();
        let (mut first, mut second) = (None, None);
        for (at, bracket) in self.brackets.iter_mut().enumerate() {
            let Some(line) = bracket.best(better) else { continue };
            let Some((score, position)) = standings[line] else { continue };
            let node_type = (at < types).then_some(at);
            let availability = context.availability(node_type);
            let priority = node_type.map_or(0, |at| context.config.node_types[at].priority);
            let it = Best { score, availability, priority, position, node_type, line };
            if first.as_ref().is_none_or(|best| it.is_before(best)) {
                second = first.replace(it);
            } else if second.as_ref().is_none_or(|best| it.is_before(best)) {
                second = Some(it);
            }
        }
        let Some(best) = first else { return Ok(None) };
        let runner_up = second.map(|it| (it.node_type, it.score));
        Ok(self.take_out(best.line, best.score, runner_up))
    }

    fn take_out(
        &mut self,
        line: usize,
        score: Score,
        runner_up: Option<(Option<usize>, Score)>,
    ) -> Option<Winner<'a>> {
        let it = &mut self.lines[line];
        let (position, node) = it.front.take()?;
        let placed = it.placed.clone();
        self.fewer.extend(placed.iter().map(|it| it.0));
        let profile = it.profile.as_ref()?;
        let (pass, shapes) = (self.pass, &self.shapes);
        let (available, added_labels) =
            it.filled.get_or_insert_with(|| profile.filled(&node, pass, shapes, &placed)).clone();
        let trial = Trial { placed, available, added_labels, score };
        Some(Winner { position, node, trial, runner_up, line })
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
        let same = |it: &Node<'a>| it.has_same_placed(&winner.node, self.pass.ledger);
        if let Some((position, _)) = line.front.as_ref().filter(|it| same(&it.1)) {
            let standing = Some((winner.trial.score, *position));
            self.stand(winner.line, standing);
            return Ok(());
        }
        line.profile = None;
        self.try_front(winner.line, left)
    }

    /// The candidates that took nothing, by position.
    pub(super) fn rest(self) -> Vec<Candidate<'a>> {
        let lines = self.lines.into_iter();
        lines.flat_map(|line| line.front.into_iter().chain(line.behind)).collect()
    }

    /// Tries those again that would take more than is left.
    fn renew(&mut self, left: &[u32]) -> Result<(), Stuck> {
        for group in std::mem::take(&mut self.fewer) {
            while let Some(most) = self.takers[group].last_entry()
                && *most.key() > left[group]
            {
                let (count, lines) = most.remove_entry();
                for line in lines {
                    // Whoever takes another number by now is known under that one.
                    if self.lines[line].takes(group) == count {
                        self.try_front(line, left)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn try_front(&mut self, line: usize, left: &[u32]) -> Result<(), Stuck> {
        let it = &mut self.lines[line];
        it.filled = None;
        let before = std::mem::take(&mut it.placed);
        let Some((position, node)) = &it.front else {
            self.stand(line, None);
            return Ok(());
        };
        let profile = match it.profile.take() {
            Some(profile) => profile,
            None => Profile::of(node, self.pass, &self.shapes),
        };
        let (bench, placed) = (&mut self.bench, &mut it.placed);
        let candidate = (node, &profile);
        let score = try_schedule(candidate, self.pass, &self.shapes, left, bench, placed)?;
        it.profile = Some(profile);
        let mut old = before.into_iter().peekable();
        for &(group, count) in &it.placed {
            while old.next_if(|it| it.0 < group).is_some() {}
            // Known under the same number already.
            if old.next_if_eq(&(group, count)).is_none() {
                self.takers[group].entry(count).or_default().push(line);
            }
        }
        let standing = score.map(|score| (score, *position));
        self.stand(line, standing);
        Ok(())
    }

    fn stand(&mut self, line: usize, standing: Standing) {
        self.standings[line] = standing;
        let (node_type, seat) = self.lines[line].seat;
        self.brackets[node_type].change(seat);
    }
}

/// The best of one type.
struct Best {
    score: Score,
    availability: Availability,
    priority: i64,
    position: usize,
    node_type: Option<usize>,
    line: usize,
}

impl Best {
    /// Score, then recoverable availability, priority and availability; the earlier wins a tie.
    fn is_before(&self, other: &Self) -> bool {
        let key =
            |it: &Self| (it.score, it.availability.recoverable, it.priority, it.availability.cloud);
        let order = key(self).partial_cmp(&key(other)).unwrap_or(Ordering::Equal);
        order.then(other.position.cmp(&self.position)).is_gt()
    }
}
