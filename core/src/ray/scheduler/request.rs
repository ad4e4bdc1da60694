//! The order in which requests are placed, and bundles that must share a node.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `_sort_resource_request`,
//! autoscaler/v2/utils.py `combine_requests_with_affinity`.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::order;
use crate::ray::demand::{
    GangRequest, LabelConstraint, LabelSelector, PlacementConstraint, ResourceDemand,
    ResourceRequest,
};
use crate::ray::resources::{Name, Resources};

/// Equal requests.
#[derive(Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) request: &'a ResourceRequest,
    pub(super) count: u32,
    /// Position among the source's requests.
    pub(super) origin: usize,
}

/// The groups of these demands, in the order in which they are placed.
pub(super) fn groups_of(demands: &[ResourceDemand]) -> Vec<Group<'_>> {
    let groups = demands.iter().enumerate().map(|(origin, demand)| Group {
        request: &demand.request,
        count: demand.count,
        origin,
    });
    in_order(groups.collect())
}

/// Largest first: by placement constraint, by constraints of the first selector, by number of
/// resources, by their sum (so bytes outweigh CPUs), by name and amount. Equal ones keep their
/// order.
pub(super) fn in_order(mut groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    if groups.len() > 1 {
        order::sort_by(&mut groups, |first, second| compare(second.request, first.request));
    }
    groups
}

fn compare(first: &ResourceRequest, second: &ResourceRequest) -> Ordering {
    let sizes = |request: &ResourceRequest| {
        let selected = request.label_selectors.first().map_or(0, |selector| selector.0.len());
        (usize::from(request.placement.is_some()), selected, request.resources.len())
    };
    let sum = |request: &ResourceRequest| request.resources.iter().map(|(_, it)| it).sum::<f64>();
    sizes(first)
        .cmp(&sizes(second))
        .then_with(|| sum(first).partial_cmp(&sum(second)).unwrap_or(Ordering::Equal))
        .then_with(|| compare_items(&first.resources, &second.resources))
}

/// By name, then amount.
pub(in crate::ray) fn compare_items(first: &Resources, second: &Resources) -> Ordering {
    let sorted = |resources: &Resources| {
        let mut items: Vec<(Name, f64)> =
            resources.iter().map(|(name, amount)| (name.clone(), amount)).collect();
        order::sort_by(&mut items, |a, b| a.0.cmp(&b.0));
        items
    };
    sorted(first).partial_cmp(&sorted(second)).unwrap_or(Ordering::Equal)
}

/// A placement group whose bundles that must share a node are one request.
pub(super) struct Gang<'a> {
    /// Position in the observation.
    pub(super) origin: usize,
    requests: Vec<Cow<'a, ResourceRequest>>,
}

impl Gang<'_> {
    pub(super) fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for (origin, request) in self.requests.iter().enumerate() {
            match groups.last_mut() {
                Some(last) if last.request == &**request => last.count += 1,
                _ => groups.push(Group { request, count: 1, origin }),
            }
        }
        in_order(groups)
    }
}

/// The gangs in the order in which they are placed: most placement constraints first, then most
/// bundles.
pub(super) fn gangs_in_order(gangs: &[GangRequest]) -> Vec<Gang<'_>> {
    let constraints = |gang: &GangRequest| {
        gang.requests.iter().filter(|request| request.placement.is_some()).count()
    };
    let mut order: Vec<usize> = (0..gangs.len()).collect();
    order::sort_by_key(&mut order, |&at| {
        std::cmp::Reverse((constraints(&gangs[at]), gangs[at].requests.len()))
    });
    order
        .into_iter()
        .map(|origin| Gang { origin, requests: combined(&gangs[origin].requests) })
        .collect()
}

/// Bundles with the same affinity and the same selectors are summed into one request, after all
/// the others.
fn combined(requests: &[ResourceRequest]) -> Vec<Cow<'_, ResourceRequest>> {
    let mut separate = Vec::new();
    let mut together: Vec<(Vec<Vec<LabelConstraint>>, ResourceRequest)> = Vec::new();
    for request in requests {
        if !matches!(request.placement, Some(PlacementConstraint::Affinity { .. })) {
            separate.push(Cow::Borrowed(request));
            continue;
        }
        let key: Vec<_> = request.label_selectors.iter().map(sorted_values).collect();
        let same = together
            .iter_mut()
            .find(|(old, sum)| *old == key && sum.placement == request.placement);
        match same {
            Some((_, sum)) => {
                for (name, amount) in request.resources.iter() {
                    let before = sum.resources.get(name).unwrap_or(0.0);
                    sum.resources.set(name, before + amount);
                }
            }
            None => together.push((key, request.clone())),
        }
    }
    separate.extend(together.into_iter().map(|(_, sum)| Cow::Owned(sum)));
    separate
}

fn sorted_values(selector: &LabelSelector) -> Vec<LabelConstraint> {
    let sorted = |values: &[Name]| {
        let mut values = values.to_vec();
        order::sort(&mut values);
        values
    };
    let constraint = |constraint: &LabelConstraint| match constraint {
        LabelConstraint::In(key, values) => LabelConstraint::In(key.clone(), sorted(values)),
        LabelConstraint::NotIn(key, values) => LabelConstraint::NotIn(key.clone(), sorted(values)),
    };
    selector.0.iter().map(constraint).collect()
}
