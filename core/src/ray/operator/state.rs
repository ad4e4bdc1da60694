//! Deletions that the operator has asked for and not seen yet.
//!
//! While one of a group is still listed, the group is left alone, so that what is on its way out is
//! not replaced twice. A deletion counts for the group on whose behalf it was made, whichever group
//! the pod is of.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/expectations/scale_expectations.go.

use std::collections::BTreeMap;

use super::{Owner, Pod};
use crate::ray::observation::PodId;

/// What the operator remembers from pass to pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Pods that were deleted, and for whom.
    going: BTreeMap<PodId, Owner>,
}

impl State {
    /// `pod` was deleted on behalf of `owner`; the last one to do so counts.
    pub fn expect_gone(&mut self, pod: PodId, owner: Owner) {
        self.going.insert(pod, owner);
    }

    /// Whether everything that was deleted on behalf of `owner` is gone; forgets what is.
    pub(super) fn is_satisfied(&mut self, owner: Owner, pods: &[Pod]) -> bool {
        if self.going.is_empty() {
            return true;
        }
        let listed = |id: PodId| pods.iter().any(|it| it.id == id);
        self.going.retain(|pod, of| *of != owner || listed(*pod));
        self.going.values().all(|of| *of != owner)
    }
}
