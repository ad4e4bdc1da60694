//! What the operator has asked for and not seen yet: pods made and pods deleted.
//!
//! While one of a group is still listed, the group is left alone, so that what is on its way out is
//! not replaced twice; so it is while one that was made is not listed, for at most 30 s. A deletion counts for the group on whose behalf it was made, whichever group
//! the pod is of.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/expectations/scale_expectations.go.

use std::collections::{BTreeMap, BTreeSet};

use super::{Owner, Pod};
use crate::ray::observation::PodId;
use crate::time::{Duration, Instant};

/// How long a pod that was made is waited for.
///
/// Upstream: `ExpectationsTimeout`.
const PATIENCE: Duration = Duration::from_seconds(30);

/// What the operator remembers from pass to pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Pods that were deleted, and for whom.
    going: BTreeMap<PodId, Owner>,
    /// Pods that were made, for whom, and when.
    coming: BTreeMap<PodId, (Owner, Instant)>,
}

impl State {
    /// `pod` was deleted on behalf of `owner`; the last one to do so counts.
    pub fn expect_gone(&mut self, pod: PodId, owner: Owner) {
        self.coming.remove(&pod);
        self.going.insert(pod, owner);
    }

    /// `pod` was made for `owner` at `now`; to be told only if it may not be listed in the next
    /// pass.
    pub fn expect_made(&mut self, pod: PodId, owner: Owner, now: Instant) {
        self.coming.insert(pod, (owner, now));
    }

    /// Whether everything that was asked for on behalf of `owner` is seen; forgets what is.
    pub(super) fn is_satisfied(&mut self, owner: Owner, pods: &[Pod], now: Instant) -> bool {
        if self.going.is_empty() && self.coming.is_empty() {
            return true;
        }
        let pods: BTreeSet<PodId> = pods.iter().map(|it| it.id).collect();
        let listed = |id: PodId| pods.contains(&id);
        self.going.retain(|pod, of| *of != owner || listed(*pod));
        let comes = |pod: PodId, since: Instant| !listed(pod) && since + PATIENCE >= now;
        self.coming.retain(|pod, (of, since)| *of != owner || comes(*pod, *since));
        self.going.values().all(|of| *of != owner)
            && self.coming.values().all(|(of, _)| *of != owner)
    }
}
