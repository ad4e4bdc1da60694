//! First fit: bundles in upstream's order, each onto the first node that has room.
//!
//! Equal bundles are one [`Bundle`] with a count. A node that has no room for one has none for its
//! equals, so each node is looked at once for all of them; the answer is upstream's.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/resource_demand_scheduler.py `get_bin_pack_residual`,
//! `_fits`, `_inplace_subtract`.

use std::cmp::Ordering;

use crate::order;
use crate::ray::resources::Resources;
use crate::ray::scheduler::{compare_items, fits};

/// Equal bundles.
#[derive(Clone, Copy)]
pub(super) struct Bundle<'a> {
    pub(super) resources: &'a Resources,
    pub(super) count: u32,
    /// Position among what the source asked for.
    pub(super) origin: usize,
}

/// What came of packing.
pub(super) struct Packed<'a> {
    /// What fits nowhere, in the order in which it was tried.
    pub(super) left: Vec<Bundle<'a>>,
    /// What is free on the nodes afterwards.
    pub(super) nodes: Vec<Resources>,
    /// How many bundles were placed, and on how many nodes.
    pub(super) placed: u32,
    pub(super) used: u32,
}

/// How many bundles these are.
pub(super) fn count(bundles: &[Bundle<'_>]) -> u32 {
    bundles.iter().fold(0, |sum, it| sum.saturating_add(it.count))
}

/// Packs `bundles` onto `nodes`; with `apart`, no two of them onto one node.
pub(super) fn pack<'a>(nodes: &[Resources], bundles: &[Bundle<'a>], apart: bool) -> Packed<'a> {
    let mut packed = Packed { left: Vec::new(), nodes: nodes.to_vec(), placed: 0, used: 0 };
    let mut used = vec![false; nodes.len()];
    for bundle in in_order(bundles) {
        let placed = place(&mut packed.nodes, &mut used, bundle, apart);
        packed.placed = packed.placed.saturating_add(placed);
        if placed < bundle.count {
            packed.left.push(Bundle { count: bundle.count - placed, ..bundle });
        }
    }
    packed.used = used.iter().map(|it| u32::from(*it)).sum();
    packed
}

/// Places equal bundles; how many.
///
/// A node without any resource takes nothing, not even what asks for nothing, and ends the search:
/// upstream tests the node it found for truth, and an empty dictionary is false.
fn place(nodes: &mut [Resources], used: &mut [bool], bundle: Bundle<'_>, apart: bool) -> u32 {
    let (mut placed, mut lost) = (0, 0);
    for (node, used) in nodes.iter_mut().zip(used) {
        if apart && *used {
            continue;
        }
        while placed + lost < bundle.count && fits(node, bundle.resources) {
            let is_empty = node.is_empty();
            if is_empty && !apart {
                return placed;
            }
            *used = true;
            if is_empty {
                lost += 1;
            } else {
                subtract(node, bundle.resources);
                placed += 1;
            }
            if apart {
                break;
            }
        }
        if placed + lost == bundle.count {
            break;
        }
    }
    placed
}

/// Takes `wanted`, which fits, off `node`.
pub(super) fn subtract(node: &mut Resources, wanted: &Resources) {
    for (name, amount) in wanted.iter() {
        if amount == 0.0 {
            continue;
        }
        if node.get(name).is_none() {
            node.set(name, 1.0);
        }
        node.subtract(name, amount);
    }
}

/// Largest first: by number of resources, by their sum (so bytes outweigh CPUs), by name and
/// amount. Equal ones keep their order.
fn in_order<'a>(bundles: &[Bundle<'a>]) -> Vec<Bundle<'a>> {
    let mut sorted = bundles.to_vec();
    order::sort_by(&mut sorted, |first, second| compare(second.resources, first.resources));
    sorted
}

fn compare(first: &Resources, second: &Resources) -> Ordering {
    let sum = |resources: &Resources| resources.iter().map(|(_, it)| it).sum::<f64>();
    let by_sum = || sum(first).partial_cmp(&sum(second)).unwrap_or(Ordering::Equal);
    let by_len = first.len().cmp(&second.len());
    by_len.then_with(by_sum).then_with(|| compare_items(first, second))
}
