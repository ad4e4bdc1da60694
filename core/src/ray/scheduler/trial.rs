//! What one node would take of the requests that are left, and how well they suit it.
//!
//! A candidate is tried many times in one pass; what stays the same from one trial to the next is
//! its [`Profile`]. Resources are positions there, as in [`shapes`](super::shapes).
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `try_schedule`, `_try_schedule_one`,
//! `_compute_score`; autoscaler/_private/resource_demand_scheduler.py `_fits`,
//! `_inplace_subtract`.

use super::contest::Pass;
use super::node::Node;
use super::request::Group;
use super::shapes::{Shapes, unnamed};
use crate::math::cube;
use crate::ray::demand::{LabelConstraint, LabelSelector, PlacementConstraint, ResourceRequest};
use crate::ray::resources::{Labels, Name, Resources};
use crate::ray::trace::{Score, Stuck};

/// What one node would take.
pub(super) struct Trial {
    /// Group and number, in the order in which they were placed.
    pub(super) placed: Vec<(usize, u32)>,
    /// What would be free afterwards.
    pub(super) available: Resources,
    /// Its added labels afterwards.
    pub(super) added_labels: Labels,
    pub(super) score: Score,
}

impl Trial {
    pub(super) fn count(&self) -> u32 {
        self.placed.iter().fold(0, |sum, &(_, count)| sum.saturating_add(count))
    }
}

/// Whether one of the shapes fits, placement and labels aside.
pub(super) fn can_fit_any(available: &Resources, groups: &[Group<'_>]) -> bool {
    groups.iter().any(|group| fits(available, &group.request.resources))
}

/// Whether a request for `wanted` fits. There is no tolerance.
pub(in crate::ray) fn fits(available: &Resources, wanted: &Resources) -> bool {
    wanted.iter().all(|(name, amount)| amount <= free(available, name))
}

/// How much of `name` is free.
pub(super) fn free(available: &Resources, name: &str) -> f64 {
    available.get(name).unwrap_or_else(|| unnamed(name))
}

/// A candidate as numbers.
pub(super) struct Profile {
    free: Vec<f64>,
    terms: Vec<Term>,
    has_gpu: bool,
    /// Whether anything that was placed before names GPUs.
    named_gpu: bool,
    /// How well labels match what was placed before.
    matched: usize,
    /// How well they match each group, none where it may not be; empty if they change, or decide
    /// nothing.
    matches: Vec<Option<usize>>,
}

/// What a resource of a node adds to its score.
struct Term {
    total: f64,
    dimension: Option<usize>,
    /// Before anything is taken; none if it does not count, an error if more is free than there is.
    /// What is placed may mend that.
    weighted: Option<Result<f64, Stuck>>,
    /// Whether something that was placed before takes of it.
    asked_for: bool,
}

impl Profile {
    pub(super) fn of(node: &Node<'_>, pass: Pass<'_, '_>, shapes: &Shapes<'_>) -> Self {
        let (available, placed) = (node.available(pass.ledger), node.placed(pass.ledger));
        let mut terms = Vec::with_capacity(node.total.len());
        for (name, total) in node.total.iter() {
            let asks = |it: &&ResourceRequest| it.resources.get(name).is_some_and(|it| it > 0.0);
            let free = available.get(name).filter(|_| total != 0.0);
            terms.push(Term {
                total,
                dimension: shapes.dimension(name),
                weighted: free.map(|free| weigh(node, total, free)),
                asked_for: placed.iter().any(asks),
            });
        }
        let added = &node.added_labels;
        let matches = if shapes.labels_matter() && !shapes.labels_change {
            let groups = pass.groups.iter().enumerate();
            groups.map(|(index, it)| shapes.label_match(index, it, node, added)).collect()
        } else {
            Vec::new()
        };
        Self {
            free: shapes.free(available),
            terms,
            has_gpu: node.total.get("GPU").is_some_and(|gpus| gpus > 0.0),
            named_gpu: placed.iter().any(|it| it.resources.get("GPU").is_some()),
            matched: first_match(node, added, placed.iter().copied()),
            matches,
        }
    }

    /// What is left and which labels were added when `placed` is placed.
    pub(super) fn filled(
        &self,
        node: &Node<'_>,
        pass: Pass<'_, '_>,
        shapes: &Shapes<'_>,
        placed: &[(usize, u32)],
    ) -> (Resources, Labels) {
        let mut free = self.free.clone();
        for &(group, count) in placed {
            shapes.all[group].give(&mut free, count);
        }
        let mut available = node.available(pass.ledger).clone();
        available.renew(|name| Some(free[shapes.dimension(name)?]));
        let mut labels = node.added_labels.clone();
        let requests = || placed.iter().map(|it| pass.groups[it.0].request);
        if shapes.any_unnamed {
            // What was there without being named is named once something is taken of it.
            for (name, _) in requests().flat_map(|it| it.resources.iter()).filter(|it| it.1 > 0.0) {
                if let Some(dimension) = shapes.dimension(name) {
                    available.set(name, free[dimension]);
                }
            }
        }
        for request in requests() {
            if let Some(PlacementConstraint::AntiAffinity { label, value }) = &request.placement {
                labels.set(label, value);
            }
        }
        (available, labels)
    }
}

/// Room for one trial after the other.
#[derive(Default)]
pub(super) struct Bench {
    free: Vec<f64>,
    touched: Vec<bool>,
}

/// Fills a candidate with what is `left`, first fit: `placed` becomes what it takes, and the answer
/// how that suits it; none if it takes nothing.
pub(super) fn try_schedule(
    (node, profile): (&Node<'_>, &Profile),
    pass: Pass<'_, '_>,
    shapes: &Shapes<'_>,
    left: &[u32],
    bench: &mut Bench,
    placed: &mut Vec<(usize, u32)>,
) -> Result<Option<Score>, Stuck> {
    placed.clear();
    bench.free.clone_from(&profile.free);
    bench.touched.clear();
    bench.touched.resize(profile.free.len(), false);
    let mut labels: Option<Labels> = None;
    let (mut matched, mut names_gpu) = (profile.matched, profile.named_gpu);
    for (index, (group, shape)) in pass.groups.iter().zip(&shapes.all).enumerate() {
        let mut most = left[index];
        let added = labels.as_ref().unwrap_or(&node.added_labels);
        if let Some(PlacementConstraint::AntiAffinity { label, value }) = &group.request.placement {
            // The first of them adds the label that keeps off the second.
            most = most.min(u32::from(node.label(added, label) != Some(value)));
        }
        if most == 0 || !shape.fits(&bench.free) {
            continue;
        }
        let own = match profile.matches.get(index) {
            Some(known) => *known,
            None => shapes.label_match(index, group, node, added),
        };
        let Some(own) = own else { continue };
        let count = shape.take(&mut bench.free, most);
        shape.dimensions().for_each(|it| bench.touched[it] = true);
        placed.push((index, count));
        add_label(node, &mut labels, group.request)?;
        names_gpu |= shape.names_gpu;
        matched = if matched == 0 { own } else { matched };
    }
    if placed.is_empty() {
        // Upstream scores what takes nothing as well.
        let mut weights = profile.terms.iter().filter_map(|it| it.weighted.as_ref());
        return weights.find_map(|it| it.as_ref().err()).map_or(Ok(None), |it| Err(it.clone()));
    }
    if let Some(labels) = &labels {
        let before = node.placed(pass.ledger).iter().copied();
        let now = placed.iter().map(|&(group, _)| pass.groups[group].request);
        matched = first_match(node, labels, before.chain(now));
    }
    score(node, profile, bench, (matched, names_gpu)).map(Some)
}

/// Adds the label of a request that keeps off others of its placement group.
fn add_label(
    node: &Node<'_>,
    labels: &mut Option<Labels>,
    request: &ResourceRequest,
) -> Result<(), Stuck> {
    let Some(PlacementConstraint::AntiAffinity { label, value }) = &request.placement else {
        return Ok(());
    };
    let labels = labels.get_or_insert_with(|| node.added_labels.clone());
    if node.label(labels, label).is_some_and(|old| old != value) {
        return Err(Stuck::ConflictingLabel(label.clone()));
    }
    labels.set(label, value);
    Ok(())
}

/// Whether a node with these labels may hold the request at all.
pub(super) fn labels_match<'n>(
    request: &ResourceRequest,
    label: impl Fn(&str) -> Option<&'n Name>,
) -> bool {
    request.label_selectors.is_empty() || label_match(&request.label_selectors, label) > 0
}

/// `selectors - index` of the first selector that matches; 0 if none does.
pub(super) fn label_match<'n>(
    selectors: &[LabelSelector],
    label: impl Fn(&str) -> Option<&'n Name>,
) -> usize {
    let is_one_of =
        |key: &Name, values: &[Name]| label(key).is_some_and(|value| values.contains(value));
    let matches = |selector: &LabelSelector| {
        selector.0.iter().all(|constraint| match constraint {
            LabelConstraint::In(key, values) => is_one_of(key, values),
            LabelConstraint::NotIn(key, values) => !is_one_of(key, values),
        })
    };
    selectors.iter().position(matches).map_or(0, |index| selectors.len() - index)
}

/// The same for the first of these requests that is matched at all.
fn first_match<'r>(
    node: &Node<'_>,
    added: &Labels,
    mut requests: impl Iterator<Item = &'r ResourceRequest>,
) -> usize {
    let own = |it: &ResourceRequest| label_match(&it.label_selectors, |key| node.label(added, key));
    requests.find_map(|it| Some(own(it)).filter(|&it| it > 0)).unwrap_or(0)
}

fn score(
    node: &Node<'_>,
    profile: &Profile,
    bench: &Bench,
    (label_match, names_gpu): (usize, bool),
) -> Result<Score, Stuck> {
    let (mut least, mut sum, mut count) = (f64::INFINITY, 0.0, 0_u32);
    let mut matching_resources = 0;
    for term in &profile.terms {
        let taken = term.dimension.filter(|it| bench.touched[*it]);
        matching_resources += usize::from(term.asked_for || taken.is_some());
        let weighted = match taken {
            Some(_) if term.total == 0.0 => None,
            Some(dimension) => Some(weigh(node, term.total, bench.free[dimension])?),
            None => term.weighted.clone().transpose()?,
        };
        let Some(weighted) = weighted else { continue };
        least = if weighted < least { weighted } else { least };
        sum += weighted;
        count += 1;
    }
    Ok(Score {
        label_match,
        gpu_ok: !profile.has_gpu || names_gpu,
        matching_resources,
        least_utilization: if count == 0 { 0.0 } else { least },
        mean_utilization: if count == 0 { 0.0 } else { sum / f64::from(count) },
    })
}

/// `total * utilization³`.
fn weigh(node: &Node<'_>, total: f64, free: f64) -> Result<f64, Stuck> {
    let utilization = (total - free) / total;
    if !(0.0..=1.0).contains(&utilization) {
        return Err(Stuck::InvalidUtilization(node.type_name.clone()));
    }
    Ok(total * cube(utilization))
}
