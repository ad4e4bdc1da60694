//! What stands in a RayService's status, and what the controller itself keeps.
//!
//! Upstream: kuberay 1.6.1 ray-operator/apis/ray/v1/rayservice_types.go `RayServiceStatus`.

use super::{Side, Suspension};
use crate::time::Instant;

/// A RayCluster of a RayService, by the order in which they were foreseen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClusterId(pub u32);

/// A cluster's spec without what may change in place: replicas, their bounds, `workersToDelete`,
/// tolerations, scheduling gates and the cluster's own upgrade strategy. Equal parts have equal
/// numbers.
///
/// Upstream: kuberay 1.6.1 ray-operator/controllers/ray/utils/util.go
/// `GenerateHashWithoutReplicasAndWorkersToDelete`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// Everything outside the worker groups but `suspend`.
    pub rest: u32,
    /// `suspend`.
    pub suspend: bool,
    /// Worker groups.
    pub groups: Vec<u32>,
}

impl Fingerprint {
    /// Whether `self` is `old` with worker groups appended, or `old` itself.
    ///
    /// Upstream: `isClusterSpecHashEqual` with `partial`.
    pub fn extends(&self, old: &Self) -> bool {
        let same = (self.rest, self.suspend) == (old.rest, old.suspend);
        same && self.groups.starts_with(&old.groups)
    }
}

/// A RayCluster that the API server has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// What it was made of, or last updated to.
    pub of: Fingerprint,
}

/// `activeServiceStatus` or `pendingServiceStatus`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterStatus {
    /// Which cluster.
    pub id: ClusterId,
    /// The RayCluster; it is made the pass after it is foreseen.
    pub made: Option<Made>,
    /// `targetCapacity`, percent.
    pub target_capacity: Option<i32>,
    /// `trafficRoutedPercent`.
    pub traffic: Option<i32>,
    /// `lastTrafficMigratedTime`.
    pub traffic_moved: Option<Instant>,
    /// The Serve config that it was given, which the controller keeps.
    pub serve_config: Option<u32>,
}

/// What is remembered from pass to pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The cluster that serves.
    pub active: Option<ClusterStatus>,
    /// The one that is to.
    pub pending: Option<ClusterStatus>,
    /// Clusters that belong to nobody any more, and when they go, once that is known.
    pub dangling: Vec<(ClusterId, Option<Instant>)>,
    /// The condition `UpgradeInProgress`.
    pub upgrading: bool,
    /// The condition `RollbackInProgress`.
    pub rolling_back: bool,
    /// The conditions `Suspending` and `Suspended`.
    pub suspension: Suspension,
    /// How many clusters it has had.
    pub(super) named: u32,
}

impl State {
    /// That of a RayService whose first cluster, made of `of`, has long served `serve_config`.
    pub fn serving(of: Fingerprint, serve_config: u32) -> Self {
        let active = ClusterStatus {
            made: Some(Made { of }),
            target_capacity: Some(100),
            traffic: Some(100),
            serve_config: Some(serve_config),
            ..ClusterStatus::default()
        };
        Self { active: Some(active), named: 1, ..Self::default() }
    }

    /// That of a RayService that has long been suspended.
    pub fn suspended() -> Self {
        Self { suspension: Suspension::Suspended, ..Self::default() }
    }

    pub(super) fn side(&mut self, side: Side) -> Option<&mut ClusterStatus> {
        match side {
            Side::Active => self.active.as_mut(),
            Side::Pending => self.pending.as_mut(),
        }
    }
}
