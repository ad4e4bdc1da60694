//! Requests and nodes as numbers: what is compared many times in one pass has no names.
//!
//! A dimension is a resource of which some request of the pass takes something. Equal requests are
//! taken many at a time. The answer is that of taking one after the other, to the last bit: where
//! every difference is exact the count is a quotient, and otherwise each one is subtracted.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/resource_demand_scheduler.py `_fits`,
//! `_inplace_subtract`.

use super::node::Node;
use super::request::Group;
use super::trial::label_match;
use crate::order;
use crate::ray::demand::PlacementConstraint;
use crate::ray::resources::{Labels, Name, Resources};

/// Resources with this prefix are there, one of each, on every node.
const IMPLICIT_RESOURCE: &str = "node:__internal_implicit_resource_";
/// Dimensions that are sooner looked through than halved.
const FEW: usize = 8;
/// Binary digits of a float.
const DIGITS: i32 = 53;

/// How much of `name` there is where it is not named.
pub(super) fn unnamed(name: &str) -> f64 {
    if name.starts_with(IMPLICIT_RESOURCE) { 1.0 } else { 0.0 }
}

/// What one request takes of a dimension, more than nothing.
struct Need {
    dimension: usize,
    amount: f64,
    /// The exponent of its lowest digit.
    lowest: i32,
}

/// The requests of one group.
pub(super) struct Shape {
    needs: Vec<Need>,
    pub(super) names_gpu: bool,
    /// How well any node's labels match; none if that depends on the node.
    always: Option<usize>,
}

/// All groups of a pass.
pub(super) struct Shapes<'a> {
    /// The name of each dimension, sorted.
    names: Vec<&'a str>,
    pub(super) all: Vec<Shape>,
    /// Whether any dimension is there on every node, named or not.
    pub(super) any_unnamed: bool,
    /// Whether what is placed adds labels, which later requests of the pass see.
    pub(super) labels_change: bool,
}

impl<'a> Shapes<'a> {
    pub(super) fn new(groups: &[Group<'a>]) -> Self {
        let amounts = |group: &Group<'a>| group.request.resources.iter().filter(|it| it.1 > 0.0);
        let mut names: Vec<&str> =
            groups.iter().flat_map(|it| amounts(it).map(|(name, _)| &**name)).collect();
        order::sort(&mut names);
        names.dedup();
        let need = |(name, amount): (&Name, f64)| {
            let dimension = position(&names, name)?;
            Some(Need { dimension, amount, lowest: digits(amount).0 })
        };
        let shapes = groups.iter().map(|group| {
            let selectors = &group.request.label_selectors;
            Shape {
                needs: amounts(group).filter_map(need).collect(),
                names_gpu: group.request.resources.get("GPU").is_some(),
                always: selectors
                    .first()
                    .map_or(Some(0), |first| first.0.is_empty().then_some(selectors.len())),
            }
        });
        let adds_label = |it: &Group<'_>| {
            matches!(it.request.placement, Some(PlacementConstraint::AntiAffinity { .. }))
        };
        Self {
            all: shapes.collect(),
            any_unnamed: names.iter().any(|name| unnamed(name) > 0.0),
            labels_change: groups.iter().any(adds_label),
            names,
        }
    }

    /// The dimension of `name`, if any request takes of it.
    pub(super) fn dimension(&self, name: &str) -> Option<usize> {
        position(&self.names, name)
    }

    /// What is free in each dimension.
    pub(super) fn free(&self, available: &Resources) -> Vec<f64> {
        let mut free: Vec<f64> = self.names.iter().map(|name| unnamed(name)).collect();
        for (name, amount) in available.iter() {
            if let Some(dimension) = self.dimension(name) {
                free[dimension] = amount;
            }
        }
        free
    }

    /// How well the labels of `node` match those that a group asks for; none if it may not be there.
    pub(super) fn label_match(
        &self,
        group: usize,
        request: &Group<'_>,
        node: &Node<'_>,
        added: &Labels,
    ) -> Option<usize> {
        self.all[group].always.or_else(|| {
            let selectors = &request.request.label_selectors;
            Some(label_match(selectors, |key| node.label(added, key))).filter(|it| *it > 0)
        })
    }

    /// Whether labels decide which node takes what.
    pub(super) fn labels_matter(&self) -> bool {
        self.all.iter().any(|shape| shape.always.is_none())
    }
}

fn position(names: &[&str], name: &str) -> Option<usize> {
    // Lengths differ more often than letters.
    if names.len() <= FEW {
        names.iter().position(|it| *it == name)
    } else {
        names.binary_search(&name).ok()
    }
}

impl Shape {
    pub(super) fn fits(&self, free: &[f64]) -> bool {
        self.needs.iter().all(|need| need.amount <= free[need.dimension])
    }

    /// The dimensions of which it takes.
    pub(super) fn dimensions(&self) -> impl Iterator<Item = usize> {
        self.needs.iter().map(|need| need.dimension)
    }

    /// Takes as many as fit, at least one and at most `most`; tells how many.
    pub(super) fn take(&self, free: &mut [f64], most: u32) -> u32 {
        let fewest = |most, need: &Need| need.fit_into(free[need.dimension], most);
        let count = self.needs.iter().fold(most, fewest);
        self.give(free, count);
        count
    }

    /// Takes `count`, which fit.
    pub(super) fn give(&self, free: &mut [f64], count: u32) {
        for need in &self.needs {
            let free = &mut free[need.dimension];
            *free = need.less(*free, count);
        }
    }
}

impl Need {
    /// Whether taking from `free`, however often, never rounds: both are multiples of a number of
    /// which `free` is less than 2^53.
    fn is_exact(&self, free: f64) -> bool {
        let (lowest, highest) = digits(free);
        highest - lowest.min(self.lowest) < DIGITS
    }

    /// How many fit into `free`, at most `most`.
    fn fit_into(&self, free: f64, most: u32) -> u32 {
        if !self.is_exact(free) {
            let (mut left, mut count) = (free, 0);
            while count < most && self.amount <= left {
                left -= self.amount;
                count += 1;
            }
            return count;
        }
        let quotient = free / self.amount;
        let count = if quotient < f64::from(most) { quotient as u32 } else { most };
        // The quotient may have been rounded up to the next whole number.
        if f64::from(count) * self.amount > free { count - 1 } else { count }
    }

    /// What `count`, which fit, leave of `free`.
    fn less(&self, free: f64, count: u32) -> f64 {
        if count > 1 && self.is_exact(free) {
            return free - f64::from(count) * self.amount;
        }
        (0..count).fold(free, |left, _| left - self.amount)
    }
}

/// The exponents of the lowest and the highest digit of `number`, which is not negative.
fn digits(number: f64) -> (i32, i32) {
    let bits = number.to_bits();
    let (exponent, fraction) = ((bits >> 52) as i32, bits & ((1 << 52) - 1));
    let (exponent, fraction) =
        if exponent == 0 { (1, fraction) } else { (exponent, fraction | 1 << 52) };
    let lowest = exponent + fraction.trailing_zeros() as i32;
    (lowest, exponent + 63 - fraction.leading_zeros() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_by_one(mut free: f64, amount: f64, most: u32) -> (u32, f64) {
        let mut count = 0;
        while count < most && amount <= free {
            free -= amount;
            count += 1;
        }
        (count, free)
    }

    #[track_caller]
    fn check(free: f64, amount: f64, most: u32) {
        let shape = Shape {
            needs: vec![Need { dimension: 0, amount, lowest: digits(amount).0 }],
            names_gpu: false,
            always: None,
        };
        let mut left = [free];
        let count = if shape.fits(&left) { shape.take(&mut left, most) } else { 0 };
        let (expected, expected_left) = one_by_one(free, amount, most);
        assert_eq!(
            (count, left[0].to_bits()),
            (expected, expected_left.to_bits()),
            "{free} {amount} {most}"
        );
    }

    #[test]
    fn many_at_once_leave_what_one_after_the_other_does() {
        let amounts =
            [0.1, 0.25, 0.3, 1.0, 3.0, 1e8, 1e9, 1e-7, 123.456, 5e-324, 1e-300, f64::EPSILON];
        let mut seed = 1_u64;
        for round in 0..20_000_usize {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let part = (seed >> 11) as f64 / (1_u64 << 53) as f64;
            let amount = amounts[round % amounts.len()];
            let whole = amount * ((seed >> 40) % 200) as f64;
            for free in [whole, amount * part * 200.0, part, part * 64.0, 1.0 - amount] {
                if free >= 0.0 {
                    check(free, amount, (seed >> 50) as u32 % 300);
                }
            }
        }
    }

    #[test]
    fn a_quotient_that_rounds_up_is_one_too_many() {
        let below = 3.0_f64.next_down();
        assert_eq!(one_by_one(below, 1.0, 9), (2, below - 2.0));
        check(below, 1.0, 9);
        check(3.0, 1.0, 9);
        check(0.3, 0.1, 9); // 0.3 - 0.1 - 0.1 is below 0.1
        check(9_007_199_254_740_991.0, 3.0, 1000);
        check(9_007_199_254_740_994.0, 3.0, 1000); // beyond 2^53
    }
}
