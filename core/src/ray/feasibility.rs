//! Which node type has room for which request, and how many times; or what it is short of.
//!
//! For the eye: nothing is decided with it. It asks of one empty node of a type what the scheduler
//! asks of it, with the same comparisons of the same floats.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/resource_demand_scheduler.py `_fits`,
//! `_inplace_subtract`; autoscaler/v2/scheduler.py `_satisfies_label_constraints`.

use super::demand::{LabelConstraint, LabelSelector, ResourceRequest};
use super::resources::{Labels, Name, Resources};

/// The most requests that are counted on one node.
pub const MOST_FITS: u32 = 10_000;

/// Upstream's prefix of resources that every node has one of.
const IMPLICIT: &str = "node:__internal_implicit_resource_";

/// Whether one empty node of a type has room for a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Fit {
    /// For so many of it, up to [`MOST_FITS`].
    Fits(u32),
    /// Not for one: of each of these it has less than one takes.
    Short(Vec<Short>),
    /// It has the resources, and none of the request's selectors matches its labels.
    OtherLabels,
}

/// A resource that is short.
#[derive(Clone, Debug, PartialEq)]
pub struct Short {
    /// Which.
    pub resource: Name,
    /// What one request takes.
    pub needs: f64,
    /// What an empty node has.
    pub has: f64,
}

/// Whether an empty node with `total` and `labels` has room for `request`.
pub fn fit(request: &ResourceRequest, total: &Resources, labels: &Labels) -> Fit {
    let short: Vec<Short> = request
        .resources
        .iter()
        .map(|(name, needs)| Short { resource: name.clone(), needs, has: amount(total, name) })
        .filter(|it| it.needs > it.has)
        .collect();
    if !short.is_empty() {
        return Fit::Short(short);
    }
    let selectors = &request.label_selectors;
    if !selectors.is_empty() && !selectors.iter().any(|it| matches(it, labels)) {
        return Fit::OtherLabels;
    }
    Fit::Fits(count(&request.resources, total))
}

/// How many times `needs` can be taken from `total`, one after the other as the scheduler does.
fn count(needs: &Resources, total: &Resources) -> u32 {
    let mut left: Vec<(f64, f64)> =
        needs.iter().map(|(name, needs)| (needs, amount(total, name))).collect();
    let mut count = 0;
    while count < MOST_FITS && left.iter().all(|(needs, has)| needs <= has) {
        for (needs, has) in &mut left {
            *has -= *needs;
        }
        count += 1;
    }
    count
}

fn amount(total: &Resources, name: &str) -> f64 {
    let implicit = if name.starts_with(IMPLICIT) { 1.0 } else { 0.0 };
    total.get(name).unwrap_or(implicit)
}

fn matches(selector: &LabelSelector, labels: &Labels) -> bool {
    selector.0.iter().all(|constraint| match constraint {
        LabelConstraint::In(key, values) => labels.get(key).is_some_and(|it| values.contains(it)),
        LabelConstraint::NotIn(key, values) => {
            labels.get(key).is_none_or(|it| !values.contains(it))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(needs: &[(&str, f64)], total: &[(&str, f64)]) -> Fit {
        let request = ResourceRequest::task(needs.iter().copied().collect::<Resources>());
        fit(&request, &total.iter().copied().collect(), Labels::NONE)
    }

    #[test]
    fn a_request_fits_as_often_as_its_scarcest_resource_lasts() {
        // 8 CPU: four times 2; 1 GPU: once.
        assert_eq!(fits(&[("CPU", 2.0)], &[("CPU", 8.0)]), Fit::Fits(4));
        assert_eq!(
            fits(&[("CPU", 2.0), ("GPU", 1.0)], &[("CPU", 8.0), ("GPU", 1.0)]),
            Fit::Fits(1)
        );
        assert_eq!(fits(&[], &[]), Fit::Fits(MOST_FITS), "nothing is asked for");
        assert_eq!(fits(&[("GPU", 0.0)], &[]), Fit::Fits(MOST_FITS), "none is asked for");
    }

    /// facts: twenty tasks of 0.2 CPU are planned on two nodes of 4, since plain floats are taken
    /// from each other: 4 - 19 × 0.2 leaves a little less than 0.2.
    #[test]
    fn fractions_are_counted_as_floats() {
        assert_eq!(fits(&[("CPU", 0.2)], &[("CPU", 4.0)]), Fit::Fits(19));
        assert_eq!(fits(&[("CPU", 0.2)], &[("CPU", 1.0)]), Fit::Fits(5));
    }

    #[test]
    fn every_resource_that_is_short_is_told() {
        let short = |resource: &str, needs, has| Short { resource: resource.into(), needs, has };
        assert_eq!(
            fits(&[("CPU", 8.0), ("GPU", 1.0), ("memory", 1.0)], &[("CPU", 4.0), ("memory", 2.0)]),
            Fit::Short(vec![short("CPU", 8.0, 4.0), short("GPU", 1.0, 0.0)]),
        );
    }

    #[test]
    fn a_selector_wants_its_label() {
        let zone = |values: &[&str]| {
            LabelSelector(vec![LabelConstraint::In(
                "zone".into(),
                values.iter().map(|it| (*it).into()).collect(),
            )])
        };
        let mut request = ResourceRequest::bundle([("CPU", 1.0)]);
        let total = [("CPU", 2.0)].into();
        let labels: Labels = [("zone", "b")].into_iter().collect();
        request.label_selectors = vec![zone(&["a"])];
        assert_eq!(fit(&request, &total, &labels), Fit::OtherLabels);
        request.label_selectors.push(zone(&["b", "c"]));
        assert_eq!(fit(&request, &total, &labels), Fit::Fits(2), "the second selector matches");
    }

    #[test]
    fn implicit_resources_are_on_every_node() {
        let name = "node:__internal_implicit_resource_app:model";
        assert_eq!(fits(&[(name, 0.5)], &[]), Fit::Fits(2));
    }
}
