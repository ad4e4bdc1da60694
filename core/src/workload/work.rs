//! Work for a Ray cluster: what a program submits, and when.
//!
//! A [`Work`] may repeat; [`expand`] turns a list of them into dated ones. How it becomes demand,
//! and where it runs, is for others.

use std::collections::BTreeMap;

use crate::order;
use crate::time::{Duration, Instant};

/// Ray resources by name (`CPU`, `GPU`, `memory`, custom ones), none negative.
pub type RayResources = BTreeMap<String, f64>;

/// Labels that a Ray node must carry, as `label_selector` takes them: `in(a,b)`, `!c`.
pub type LabelSelector = BTreeMap<String, String>;

/// Something submitted once, or again and again.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// What.
    pub kind: WorkKind,
    /// When, for the first time.
    pub at: Instant,
    /// Time from one submission to the next; once, if absent.
    pub every: Option<Duration>,
    /// How many submissions in all; until the end of the run, if absent. At least one.
    pub times: Option<u32>,
}

/// What a program submits.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkKind {
    /// Each runs once for `duration`.
    Tasks {
        /// How many.
        count: u32,
        /// What each needs.
        resources: RayResources,
        /// Which nodes may run it.
        labels: LabelSelector,
        /// And which others where there is no room on those, in order.
        fallback: Vec<LabelSelector>,
        /// How long each runs once it has started.
        duration: Duration,
    },
    /// Each holds its resources while it lives.
    Actors {
        /// How many.
        count: u32,
        /// What each needs.
        resources: RayResources,
        /// Which nodes may run it.
        labels: LabelSelector,
        /// And which others where there is no room on those, in order.
        fallback: Vec<LabelSelector>,
        /// How long each lives once it has started; until the end of the run, if absent.
        duration: Option<Duration>,
    },
    /// Each is placed whole or not at all.
    PlacementGroups {
        /// How many.
        count: u32,
        /// How bundles share nodes.
        strategy: Strategy,
        /// What each bundle reserves. At least one.
        bundles: Vec<RayResources>,
        /// Which nodes may hold each bundle: empty, or one for each bundle.
        bundle_labels: Vec<LabelSelector>,
        /// How long each stays once it is placed; until the end of the run, if absent.
        duration: Option<Duration>,
    },
    /// `request_resources`: the size the cluster must be able to hold. Each call replaces the one
    /// before.
    RequestResources {
        /// What must fit. Empty: nothing, which clears the request.
        bundles: Vec<RayResources>,
        /// How many times all of `bundles`.
        count: u32,
        /// When it is cleared again; never, if absent.
        duration: Option<Duration>,
    },
}

/// How the bundles of a placement group share nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// As few nodes as possible.
    Pack,
    /// As many nodes as possible.
    Spread,
    /// All on one node.
    StrictPack,
    /// Each on a node of its own.
    StrictSpread,
}

impl WorkKind {
    /// How many tasks, actors, groups or times.
    pub fn count(&self) -> u32 {
        match self {
            Self::Tasks { count, .. }
            | Self::Actors { count, .. }
            | Self::PlacementGroups { count, .. }
            | Self::RequestResources { count, .. } => *count,
        }
    }

    /// What it counts as towards [`MOST_UNITS`]: tasks, actors, and bundles of groups.
    fn units(&self) -> u64 {
        let bundles = match self {
            Self::PlacementGroups { bundles, .. } => bundles.len() as u64,
            Self::Tasks { .. } | Self::Actors { .. } | Self::RequestResources { .. } => 1,
        };
        u64::from(self.count()).saturating_mul(bundles)
    }
}

/// One submission. Ordered by time, then by place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dated {
    /// When.
    pub at: Instant,
    /// Which work, as an index into the list that was expanded.
    pub work: usize,
    /// Which submission of it, from 0.
    pub occurrence: u32,
}

/// Tasks, actors, bundles and requests that a run may be given, all submissions together.
pub const MOST_UNITS: u64 = 100_000;

/// Every submission of `works` up to `until` (excluded), in the order of time, then of the list.
///
/// Stops before the submission that would make more than `most` units ([`MOST_UNITS`]): what comes
/// later is left out, and the second value says so.
pub fn expand(works: &[Work], until: Instant, most: u64) -> (Vec<Dated>, bool) {
    let mut dated = Vec::new();
    let mut units: u64 = 0;
    let first = |(work, it): (usize, &Work)| Dated { at: it.at, work, occurrence: 0 };
    let mut next = order::set(works.iter().enumerate().map(first));
    while let Some(earliest) = next.pop_first().filter(|it| it.at < until) {
        let work = &works[earliest.work];
        // An empty submission counts too, so that this ends.
        units = units.saturating_add(work.kind.units().max(1));
        if units > most {
            return (dated, true);
        }
        dated.push(earliest);
        next.extend(again(work, earliest));
    }
    (dated, false)
}

fn again(work: &Work, last: Dated) -> Option<Dated> {
    let every = work.every.filter(|every| *every > Duration::ZERO)?;
    let occurrence = last.occurrence.checked_add(1)?;
    let at = last.at + every;
    let due = work.times.is_none_or(|times| occurrence < times) && at > last.at;
    due.then_some(Dated { at, occurrence, ..last })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(at_seconds: i64, every: Option<i64>, times: Option<u32>) -> Work {
        Work {
            kind: WorkKind::RequestResources { bundles: Vec::new(), count: 1, duration: None },
            at: Instant::from_seconds(at_seconds),
            every: every.map(Duration::from_seconds),
            times,
        }
    }

    fn seconds(works: &[Work], until: i64, most: u64) -> (Vec<(i64, usize)>, bool) {
        let (dated, cut) = expand(works, Instant::from_seconds(until), most);
        (dated.iter().map(|it| (it.at.ms() / 1000, it.work)).collect(), cut)
    }

    #[test]
    fn submissions_come_in_the_order_of_time_then_of_the_list() {
        let works = [request(60, Some(60), Some(3)), request(120, None, None)];
        assert_eq!(seconds(&works, 600, 9), (vec![(60, 0), (120, 0), (120, 1), (180, 0)], false));
    }

    #[test]
    fn without_a_number_of_times_it_repeats_until_the_end() {
        assert_eq!(seconds(&[request(0, Some(5), None)], 15, 9).0, [(0, 0), (5, 0), (10, 0)]);
        assert_eq!(seconds(&[request(15, None, None)], 15, 9).0, [], "the end is excluded");
    }

    #[test]
    fn a_limit_that_is_reached_is_said() {
        let works = [request(0, Some(1), None)];
        assert_eq!(seconds(&works, 3, 3), (vec![(0, 0), (1, 0), (2, 0)], false));
        assert_eq!(seconds(&works, 4, 3), (vec![(0, 0), (1, 0), (2, 0)], true));
        assert_eq!(seconds(&[request(0, Some(0), None)], 4, 3).0, [(0, 0)], "no period, no repeat");
    }
}
