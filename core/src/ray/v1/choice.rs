//! Which nodes to add for bundles that fit on none there is: one node after the other, each of the
//! type that suits what is left best.
//!
//! Types that suit it equally well are told apart by name: the last in the alphabet wins, always.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/resource_demand_scheduler.py `get_nodes_for`,
//! `_resource_based_utilization_scorer`.

use std::cmp::Ordering;

use super::counts::Counts;
use super::packing::{Bundle, count, pack, subtract};
use crate::math::cube;
use crate::ray::config::NodeType;
use crate::ray::resources::Resources;
use crate::ray::scheduler::fits;
use crate::ray::trace::Score;

/// Nodes to add.
pub(super) struct Choice<'a> {
    pub(super) add: Counts,
    /// What they don't hold.
    pub(super) left: Vec<Bundle<'a>>,
    /// For each type that was chosen: type, score of the first time, and the best other type then.
    pub(super) first: Vec<First>,
    /// The cluster's maximum ended it.
    pub(super) cluster_full: bool,
}

/// A type when it was chosen for the first time.
pub(super) struct First {
    pub(super) node_type: usize,
    pub(super) score: Score,
    pub(super) runner_up: Option<(usize, Score)>,
    /// Bundles on the nodes of the type.
    pub(super) placed: u32,
}

/// Chooses at most `most` nodes for `bundles`; with `apart`, one for each.
pub(super) fn choose<'a>(
    types: &[NodeType],
    existing: &Counts,
    most: i64,
    bundles: Vec<Bundle<'a>>,
    apart: bool,
) -> Choice<'a> {
    let (mut add, mut left, mut first) = (Counts::default(), bundles, Vec::<First>::new());
    while !left.is_empty() && add.total() < most {
        let one = [Bundle { count: 1, ..left[0] }];
        let tried: &[Bundle<'_>] = if apart { &one } else { &left };
        let may_grow = |it: &usize| existing.get(*it) + add.get(*it) < types[*it].max_nodes;
        let mut scores: Vec<(usize, Score)> = (0..types.len())
            .filter(may_grow)
            .filter_map(|it| Some((it, score(&types[it].resources, tried)?)))
            .collect();
        let better = |a: &(usize, Score), b: &(usize, Score)| compare(types, a, b);
        let Some(at) = (0..scores.len()).max_by(|&a, &b| better(&scores[a], &scores[b])) else {
            break;
        };
        let (best, score) = scores.swap_remove(at);
        if !first.iter().any(|it| it.node_type == best) {
            let runner_up = scores.into_iter().max_by(better);
            first.push(First { node_type: best, score, runner_up, placed: 0 });
        }
        add.add(best, 1);
        let before = count(&left);
        if apart {
            left[0].count -= 1;
            if left[0].count == 0 {
                left.remove(0);
            }
        } else {
            left = pack(std::slice::from_ref(&types[best].resources), &left, false).left;
        }
        let placed = before - count(&left);
        if let Some(it) = first.iter_mut().find(|it| it.node_type == best) {
            it.placed = it.placed.saturating_add(placed);
        }
    }
    let cluster_full = !left.is_empty() && add.total() >= most;
    Choice { add, left, first, cluster_full }
}

fn compare(types: &[NodeType], first: &(usize, Score), second: &(usize, Score)) -> Ordering {
    let by_score = first.1.partial_cmp(&second.1).unwrap_or(Ordering::Equal);
    by_score.then_with(|| types[first.0].name.cmp(&types[second.0].name))
}

/// How well an empty node with `resources` suits `bundles`; none if it takes none of them.
///
/// Resources of which it has less than 1 don't count. Whether a GPU is wanted is asked of all
/// bundles, not only of those that would fit.
fn score(resources: &Resources, bundles: &[Bundle<'_>]) -> Option<Score> {
    let mut remaining = resources.clone();
    let mut fitted = false;
    for bundle in bundles {
        let mut count = bundle.count;
        while count > 0 && fits(&remaining, bundle.resources) {
            fitted = true;
            // What takes nothing fits any number of times.
            let takes_nothing = bundle.resources.iter().all(|(_, amount)| amount == 0.0);
            subtract(&mut remaining, bundle.resources);
            count = if takes_nothing { 0 } else { count - 1 };
        }
    }
    if !fitted {
        return None;
    }
    let asks_for = |name: &str| {
        bundles.iter().any(|it| it.resources.get(name).is_some_and(|amount| amount > 0.0))
    };
    let (mut least, mut sum, mut count, mut matching) = (f64::INFINITY, 0.0, 0_u32, 0);
    for (name, total) in resources.iter().filter(|(_, total)| *total >= 1.0) {
        matching += usize::from(asks_for(name));
        let utilization = (total - remaining.get(name).unwrap_or(0.0)) / total;
        let weighted = total * cube(utilization);
        least = if weighted < least { weighted } else { least };
        sum += weighted;
        count += 1;
    }
    let has_gpu = resources.get("GPU").is_some_and(|gpus| gpus > 0.0);
    (count > 0).then(|| Score {
        label_match: 0,
        gpu_ok: !has_gpu || bundles.iter().any(|it| it.resources.get("GPU").is_some()),
        matching_resources: matching,
        least_utilization: least,
        mean_utilization: sum / f64::from(count),
    })
}
