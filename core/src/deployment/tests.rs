//! Passes of a Deployment's controller, from upstream's own tables.

use super::{ReplicaSet, Share, Spec, Strategy, rolling, scaling, sync};

fn spec(replicas: i32, surge: i32, unavailable: i32) -> Spec {
    let strategy =
        Strategy::Rolling { surge: Share::Count(surge), unavailable: Share::Count(unavailable) };
    Spec { replicas, strategy }
}

fn set(replicas: i32, available: i32) -> ReplicaSet {
    ReplicaSet { replicas, available, ..ReplicaSet::default() }
}

/// Upstream: kubernetes 1.37 pkg/controller/deployment/rolling_test.go
/// `TestDeploymentController_reconcileNewReplicaSet`.
#[test]
fn the_new_set_grows_as_far_as_the_surge_allows() {
    for (surge, old, new, expected) in
        [(0, 10, 0, 0), (2, 10, 0, 2), (2, 5, 0, 7), (2, 10, 2, 2), (2, 2, 11, 10)]
    {
        let mut grown = set(new, 0);
        let is_changed = rolling::grow(&spec(10, surge, 0), &mut grown, &[set(old, 0)]);
        assert_eq!((grown.replicas, is_changed), (expected, expected != new), "{surge} {old}");
    }
}

/// Upstream: kubernetes 1.37 pkg/controller/deployment/rolling_test.go
/// `TestDeploymentController_reconcileOldReplicaSets`; with neither surge nor unavailable pods one
/// pod may be unavailable.
#[test]
fn old_sets_shrink_as_far_as_enough_stay_available() {
    for (unavailable, old, available, new, expected) in
        [(0, 10, 10, 0, 9), (2, 10, 10, 0, 8), (2, 10, 8, 0, 8), (2, 10, 9, 0, 8), (2, 8, 8, 2, 8)]
    {
        let mut sets = [set(old, available)];
        rolling::shrink(&spec(10, 0, unavailable), &set(new, 0), &mut sets);
        assert_eq!(sets[0].replicas, expected, "{unavailable} {old} {available}");
    }
}

/// Before and after: `spec.replicas`, and the ReplicaSets with the oldest first.
///
/// Upstream: kubernetes 1.37 pkg/controller/deployment/sync_test.go `TestScale`.
#[test]
fn scaling_is_proportional() {
    type Case<'a> = (i32, &'a [i32], i32, &'a [i32]);
    let cases: [Case<'_>; 13] = [
        (10, &[10], 12, &[12]),
        (10, &[10], 5, &[5]),
        (5, &[3, 2], 10, &[6, 4]),
        (5, &[3, 2], 3, &[2, 1]),
        (9, &[1, 8], 4, &[0, 4]),
        (7, &[2, 3, 2], 10, &[3, 4, 3]),
        (13, &[3, 8, 2], 8, &[2, 5, 1]),
        (3, &[1, 1, 1], 4, &[1, 1, 2]),
        (3, &[1, 1, 1], 2, &[0, 1, 1]),
        (6, &[1, 2, 3], 0, &[0, 0, 0]),
        (6, &[0, 0, 0], 6, &[0, 0, 6]),
        // With a surge of 2.
        (10, &[6, 6], 20, &[11, 11]),
        // Saturated, but broken.
        (2, &[1, 2], 2, &[1, 2]),
    ];
    for (number, (from, before, to, after)) in cases.into_iter().enumerate() {
        let surge = [0, 2, 1][number.saturating_sub(10)];
        let written = spec(from, surge, surge % 2);
        let mut sets: Vec<ReplicaSet> = before.iter().map(|it| written.first_set(*it)).collect();
        scaling::scale(&Spec { replicas: to, ..written }, &mut sets);
        let sizes: Vec<i32> = sets.iter().map(|it| it.replicas).collect();
        assert_eq!(sizes, after, "{from} {before:?} to {to}");
    }
}

/// Each line: what is available of the old and the new one, and the sizes that follow at once.
#[track_caller]
fn check(spec: Spec, steps: &[([i32; 2], [i32; 2])]) {
    let old = spec.first_set(spec.replicas);
    let mut sets = [old, ReplicaSet::default()];
    sets[1] = spec.new_set(&sets[..1]);
    for (available, sizes) in steps {
        for (set, available) in sets.iter_mut().zip(available) {
            set.available = *available;
        }
        loop {
            if !sync(&spec, &mut sets) {
                break;
            }
            // Of the pods that go, those that are not available go first.
            for set in &mut sets {
                set.available = set.available.min(set.replicas);
            }
        }
        assert_eq!(sets.map(|it| it.replicas), *sizes, "{available:?}");
    }
}

#[test]
fn ten_pods_by_default() {
    // 25 % of 10: 3 more, 2 fewer; 13 pods at most, 8 available at least.
    let spec = Spec { replicas: 10, strategy: Strategy::default() };
    check(
        spec,
        &[
            // 3 new ones come, 2 old ones go, and 2 more new ones come for them.
            ([10, 0], [8, 5]),
            ([8, 1], [7, 6]),
            ([7, 6], [2, 10]),
            ([2, 10], [0, 10]),
        ],
    );
}

#[test]
fn one_pod_by_default_never_goes_before_the_new_one_is_there() {
    // 25 % of 1: 1 more, 0 fewer.
    let spec = Spec { replicas: 1, strategy: Strategy::default() };
    check(spec, &[([1, 0], [1, 1]), ([1, 1], [0, 1])]);
}

#[test]
fn recreating_waits_until_all_are_gone() {
    let spec = Spec { replicas: 3, strategy: Strategy::Recreate };
    let mut sets = [spec.first_set(3), spec.new_set(&[spec.first_set(3)])];
    sets[0].pods = 3;
    assert!(sync(&spec, &mut sets));
    assert_eq!(sets.map(|it| it.replicas), [0, 0]);
    assert!(!sync(&spec, &mut sets), "three are still there");
    sets[0].pods = 0;
    assert!(sync(&spec, &mut sets));
    assert_eq!(sets.map(|it| it.replicas), [0, 3]);
}

#[test]
fn shares() {
    let of = |text| Share::of(text).map(|it| (it.up(10), it.down(10)));
    assert_eq!(of("25%"), Some((3, 2)));
    assert_eq!(of("4"), Some((4, 4)));
    assert_eq!(Share::of("300%").map(|it| it.up(i32::MAX)), Some(i32::MAX));
    assert_eq!([of("-1"), of("a%"), of("")], [None; 3]);
}
