//! Sorting, compiled once.
//!
//! The standard library's stable sort is compiled anew for each type and each order, 4 KB a time:
//! a tenth of the page's module. Here one copy sorts positions, and the items follow. Collecting
//! into a map or a set sorts too; [`map`] and [`set`] insert one by one.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts; equal items keep their order.
///
/// ```
/// let mut words = ["pear", "fig", "plum"];
/// tidetable_core::order::sort_by(&mut words, |a, b| a.len().cmp(&b.len()));
/// assert_eq!(words, ["fig", "pear", "plum"]);
/// ```
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    if items.len() > 1 {
        let mut from = sorted_positions(items.len(), &mut |a, b| compare(&items[a], &items[b]));
        arrange(&mut from, &mut |a, b| items.swap(a, b));
    }
}

/// Sorts by a key; items with equal keys keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts; equal items keep their order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// The map of `pairs`; of equal keys the last one counts.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

/// The set of `items`.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

fn sorted_positions(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..count).collect();
    positions.sort_by(|&a, &b| compare(a, b));
    positions
}

/// Swaps until each place holds the item that was at `from[place]`: round each cycle once.
fn arrange(from: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..from.len() {
        let mut place = start;
        while from[place] != start {
            let next = from[place];
            swap(place, next);
            from[place] = place;
            place = next;
        }
        from[place] = place;
    }
}

#[cfg(test)]
mod tests {
    use super::{sort, sort_by_key};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(
            items in prop::collection::vec((0_u8..9, any::<u8>()), 0..60),
        ) {
            let (mut stable, mut whole) = (items.clone(), items.clone());
            sort_by_key(&mut stable, |it| it.0);
            sort(&mut whole);
            let (mut expected_stable, mut expected_whole) = (items.clone(), items);
            expected_stable.sort_by_key(|it| it.0);
            expected_whole.sort_unstable();
            prop_assert_eq!(stable, expected_stable);
            prop_assert_eq!(whole, expected_whole);
        }
    }
}
