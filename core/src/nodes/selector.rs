//! Which nodes a pod's nodeSelector matches.
//!
//! Nodes of a pool have the same labels, and keep them: a selector is compared once with each pool,
//! before the run.
//!
//! DIFFERENCE(node-labels): real nodes have many labels of which a Scenario tells a few. A key that
//! no pool states is taken as matching everywhere; upstream no node would match it.
//!
//! Upstream: component-helpers 0.37 scheduling/corev1/nodeaffinity/nodeaffinity.go
//! `RequiredNodeAffinity.Match`; apimachinery 0.37 pkg/labels/selector.go `Requirement.Matches`;
//! kubernetes 1.37 pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go `Filter`.

use std::collections::BTreeMap;

type Labels = BTreeMap<String, String>;

/// The pools whose nodes a pod may get: by default all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pools(Option<Vec<bool>>);

impl Pools {
    /// Those of `pools`, given by their labels, that have every pair of `selector`.
    pub fn selected(selector: &[(&str, &str)], pools: &[&Labels]) -> Self {
        let known: Vec<_> = selector.iter().filter(|(key, _)| states(pools, key)).collect();
        let has_all = |labels: &&Labels| {
            known.iter().all(|(key, value)| labels.get(*key).is_some_and(|it| it == value))
        };
        Self((!known.is_empty()).then(|| pools.iter().map(has_all).collect()))
    }

    /// Whether the pool of this number is one of them.
    pub(super) fn has(&self, pool: usize) -> bool {
        self.0.as_ref().is_none_or(|it| it.get(pool).is_some_and(|it| *it))
    }
}

/// Whether one of `pools`, given by their labels, has a label of this key.
pub fn states(pools: &[&Labels], key: &str) -> bool {
    pools.iter().any(|labels| labels.contains_key(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_must_be_equal_but_for_keys_that_no_pool_states() {
        let labels = |pairs: &[(&str, &str)]| -> Labels {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let pools = [
            labels(&[("zone", "a"), ("disk", "ssd")]),
            labels(&[("zone", "b"), ("disk", "ssd")]),
            labels(&[("zone", "b")]),
            labels(&[]),
        ];
        let pools: Vec<&Labels> = pools.iter().collect();
        let check = |selector: &[(&str, &str)], expected: [bool; 4]| {
            let found = Pools::selected(selector, &pools);
            assert_eq!([0, 1, 2, 3].map(|it| found.has(it)), expected, "{selector:?}");
        };
        check(&[], [true; 4]);
        check(&[("zone", "b")], [false, true, true, false]);
        check(&[("zone", "b"), ("disk", "ssd")], [false, true, false, false]);
        check(&[("zone", "c")], [false; 4]);
        check(&[("zone", "")], [false; 4]); // not the same as no label
        check(&[("arch", "arm64")], [true; 4]);
        check(&[("arch", "arm64"), ("zone", "a")], [true, false, false, false]);
        assert_eq!(Pools::selected(&[("zone", "b")], &[]), Pools::default());
    }
}
