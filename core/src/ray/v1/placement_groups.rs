//! Placement groups as bundles: only STRICT_SPREAD stays a group.
//!
//! PACK and SPREAD become plain bundles, so that a part of the group may start nodes. STRICT_PACK
//! becomes one bundle, the sum of all. Bundles that have a node already are left out; a STRICT_PACK
//! group of which every bundle has one still is a bundle, of nothing.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/resource_demand_scheduler.py
//! `placement_groups_to_resource_demands`.

use std::borrow::Cow;

use super::packing::Bundle;
use crate::ray::resources::Resources;

/// How the bundles of a placement group share nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// As few nodes as possible.
    Pack,
    /// As many nodes as possible.
    Spread,
    /// One node.
    StrictPack,
    /// A node for each.
    StrictSpread,
}

/// A placement group that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacementGroup {
    /// How its bundles share nodes.
    pub strategy: Strategy,
    /// Its bundles without a node.
    pub bundles: Vec<Resources>,
}

/// Placement groups, converted.
pub(super) struct Converted<'a> {
    /// Bundles that may go anywhere, and the group that each is from.
    pub(super) together: Vec<(usize, Cow<'a, Resources>)>,
    /// STRICT_SPREAD groups: position and bundles.
    pub(super) apart: Vec<(usize, Vec<Bundle<'a>>)>,
}

impl Converted<'_> {
    /// The bundles that may go anywhere.
    pub(super) fn bundles(&self) -> Vec<Bundle<'_>> {
        self.together
            .iter()
            .enumerate()
            .map(|(origin, (_, resources))| Bundle { resources, count: 1, origin })
            .collect()
    }
}

/// For each bundle that may go anywhere, the position of its group.
pub(super) fn origins(groups: &[PlacementGroup]) -> Vec<usize> {
    convert(groups).together.into_iter().map(|(index, _)| index).collect()
}

/// Converts them.
pub(super) fn convert(groups: &[PlacementGroup]) -> Converted<'_> {
    let (mut together, mut apart) = (Vec::new(), Vec::new());
    for (index, group) in groups.iter().enumerate() {
        match group.strategy {
            Strategy::Pack | Strategy::Spread => {
                together.extend(group.bundles.iter().map(|it| (index, Cow::Borrowed(it))));
            }
            Strategy::StrictPack => together.push((index, Cow::Owned(sum(&group.bundles)))),
            Strategy::StrictSpread => {
                let bundle = |(origin, resources)| Bundle { resources, count: 1, origin };
                apart.push((index, group.bundles.iter().enumerate().map(bundle).collect()));
            }
        }
    }
    Converted { together, apart }
}

fn sum(bundles: &[Resources]) -> Resources {
    let mut sum = Resources::default();
    for (name, amount) in bundles.iter().flat_map(Resources::iter) {
        sum.set(name, sum.get(name).unwrap_or(0.0) + amount);
    }
    sum
}
