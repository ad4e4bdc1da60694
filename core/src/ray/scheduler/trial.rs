//! What one node would take of the requests that are left, and how well they suit it.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `try_schedule`, `_try_schedule_one`,
//! `_compute_score`; autoscaler/_private/resource_demand_scheduler.py `_fits`,
//! `_inplace_subtract`.

use super::node::{Ledger, Node};
use super::request::Group;
use crate::math::cube;
use crate::ray::demand::{LabelConstraint, LabelSelector, PlacementConstraint, ResourceRequest};
use crate::ray::resources::{Labels, Name, Resources};
use crate::ray::trace::{Score, Stuck};

/// Resources with this prefix are there, one of each, on every node.
const IMPLICIT_RESOURCE: &str = "node:__internal_implicit_resource_";

/// What one node would take.
#[derive(Clone)]
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
    let unnamed = if name.starts_with(IMPLICIT_RESOURCE) { 1.0 } else { 0.0 };
    available.get(name).unwrap_or(unnamed)
}

/// Fills `node` with what is `left`, first fit; none if it takes nothing.
pub(super) fn try_schedule(
    node: &Node<'_>,
    groups: &[Group<'_>],
    left: &[u32],
    ledger: Ledger,
) -> Result<Option<Trial>, Stuck> {
    let mut filling: Option<Filling> = None;
    let mut placed = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let mut count = 0;
        while count < left[index] {
            let (available, labels) = match &filling {
                Some(filling) => (&filling.available, &filling.labels),
                None => (node.available(ledger), &node.added_labels),
            };
            if !may_take(node, labels, available, group.request) {
                break;
            }
            filling.get_or_insert_with(|| Filling::of(node, ledger)).take(node, group.request)?;
            count += 1;
        }
        if count > 0 {
            placed.push((index, count));
        }
    }
    let Some(Filling { available, labels }) = filling else {
        // Upstream scores what takes nothing as well, and may fail at it.
        return check(node, node.available(ledger)).map(|()| None);
    };
    let all: Vec<&ResourceRequest> = node
        .placed(ledger)
        .iter()
        .copied()
        .chain(placed.iter().map(|&(group, _)| groups[group].request))
        .collect();
    let score = score(node, &labels, &available, &all)?;
    Ok(Some(Trial { placed, available, added_labels: labels, score }))
}

/// A node while it is being filled.
struct Filling {
    available: Resources,
    labels: Labels,
}

impl Filling {
    fn of(node: &Node<'_>, ledger: Ledger) -> Self {
        Self { available: node.available(ledger).clone(), labels: node.added_labels.clone() }
    }

    fn take(&mut self, node: &Node<'_>, request: &ResourceRequest) -> Result<(), Stuck> {
        for (name, amount) in request.resources.iter() {
            if amount == 0.0 {
                continue;
            }
            if self.available.get(name).is_none() {
                self.available.set(name, 1.0);
            }
            self.available.subtract(name, amount);
        }
        if let Some(PlacementConstraint::AntiAffinity { label, value }) = &request.placement {
            if node.label(&self.labels, label).is_some_and(|old| old != value) {
                return Err(Stuck::ConflictingLabel(label.clone()));
            }
            self.labels.set(label, value);
        }
        Ok(())
    }
}

fn may_take(
    node: &Node<'_>,
    added: &Labels,
    available: &Resources,
    request: &ResourceRequest,
) -> bool {
    if !labels_match(request, |key| node.label(added, key)) {
        return false;
    }
    if let Some(PlacementConstraint::AntiAffinity { label, value }) = &request.placement
        && node.label(added, label) == Some(value)
    {
        return false;
    }
    fits(available, &request.resources)
}

/// Whether a node with these labels may hold the request at all.
pub(super) fn labels_match<'n>(
    request: &ResourceRequest,
    label: impl Fn(&str) -> Option<&'n Name>,
) -> bool {
    request.label_selectors.is_empty() || label_match(&request.label_selectors, label) > 0
}

/// `selectors - index` of the first selector that matches; 0 if none does.
fn label_match<'n>(selectors: &[LabelSelector], label: impl Fn(&str) -> Option<&'n Name>) -> usize {
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

/// Whether no more is free than there is.
fn check(node: &Node<'_>, available: &Resources) -> Result<(), Stuck> {
    for (name, total) in node.total.iter().filter(|(_, total)| *total != 0.0) {
        let Some(free) = available.get(name) else { continue };
        if !(0.0..=1.0).contains(&((total - free) / total)) {
            return Err(Stuck::InvalidUtilization(node.type_name.clone()));
        }
    }
    Ok(())
}

fn score(
    node: &Node<'_>,
    labels: &Labels,
    available: &Resources,
    placed: &[&ResourceRequest],
) -> Result<Score, Stuck> {
    let asks_for = |name: &str| {
        placed.iter().any(|it| it.resources.get(name).is_some_and(|amount| amount > 0.0))
    };
    let has_gpu = node.total.get("GPU").is_some_and(|gpus| gpus > 0.0);
    let any_gpu_request = placed.iter().any(|it| it.resources.get("GPU").is_some());
    let (mut least, mut sum, mut count) = (f64::INFINITY, 0.0, 0_u32);
    for (name, total) in node.total.iter() {
        if total == 0.0 {
            continue;
        }
        let Some(free) = available.get(name) else { continue };
        let utilization = (total - free) / total;
        if !(0.0..=1.0).contains(&utilization) {
            return Err(Stuck::InvalidUtilization(node.type_name.clone()));
        }
        let weighted = total * cube(utilization);
        least = if weighted < least { weighted } else { least };
        sum += weighted;
        count += 1;
    }
    Ok(Score {
        label_match: placed
            .iter()
            .map(|it| label_match(&it.label_selectors, |key| node.label(labels, key)))
            .find(|&score| score > 0)
            .unwrap_or(0),
        gpu_ok: !has_gpu || any_gpu_request,
        matching_resources: node.total.iter().filter(|(name, _)| asks_for(name)).count(),
        least_utilization: if count == 0 { 0.0 } else { least },
        mean_utilization: if count == 0 { 0.0 } else { sum / f64::from(count) },
    })
}
