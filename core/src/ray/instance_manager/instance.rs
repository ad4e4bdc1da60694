//! One row of the book: a node from the wish for it to its end.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/instance_manager/common.py `InstanceUtil`.

use crate::ray::observation::{NodeKind, PodId, RayNodeId};
use crate::ray::provider::RequestId;
use crate::ray::resources::Name;
use crate::time::{Duration, Instant};

/// Where an instance stands. RAY_INSTALLING and RAY_INSTALL_FAILED are left out: on KubeRay the pod
/// starts Ray by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InstanceStatus {
    /// Wanted, not asked for yet.
    Queued,
    /// The RayCluster was patched; no pod seen yet.
    Requested,
    /// A pod exists; Ray has not joined from it.
    Allocated,
    /// Ray runs on it.
    RayRunning,
    /// Asked to drain.
    RayStopRequested,
    /// Draining.
    RayStopping,
    /// Ray stopped; the pod is still there.
    RayStopped,
    /// The pod is to be deleted.
    Terminating,
    /// The pod is gone, or was never asked for.
    Terminated,
    /// The pod was not made.
    AllocationFailed,
    /// Ray did not join from the pod in time.
    AllocationTimeout,
    /// The pod could not be deleted; tried again.
    TerminationFailed,
}

impl InstanceStatus {
    /// Whether an instance may go from here to `next`.
    ///
    /// Upstream: ray 2.60.0 autoscaler/v2/instance_manager/common.py `get_valid_transitions`.
    pub fn may_become(self, next: Self) -> bool {
        use InstanceStatus as S;
        match self {
            S::Queued => matches!(next, S::Requested | S::Terminated),
            S::Requested => matches!(next, S::Allocated | S::Queued | S::AllocationFailed),
            S::Allocated => matches!(
                next,
                S::RayRunning
                    | S::AllocationTimeout
                    | S::RayStopping
                    | S::RayStopped
                    | S::Terminating
                    | S::Terminated
            ),
            S::RayRunning => matches!(
                next,
                S::RayStopRequested
                    | S::RayStopping
                    | S::RayStopped
                    | S::Terminating
                    | S::Terminated
            ),
            S::RayStopRequested => {
                matches!(next, S::RayStopping | S::RayStopped | S::RayRunning | S::Terminated)
            }
            S::RayStopping => matches!(next, S::RayStopped | S::Terminating | S::Terminated),
            S::RayStopped | S::AllocationTimeout | S::TerminationFailed => {
                matches!(next, S::Terminating | S::Terminated)
            }
            S::Terminating => matches!(next, S::Terminated | S::TerminationFailed),
            S::Terminated | S::AllocationFailed => false,
        }
    }

    /// Whether an instance gets here from `other`, perhaps by way of other states.
    ///
    /// Upstream: ray 2.60.0 autoscaler/v2/instance_manager/common.py `get_reachable_statuses`, for
    /// the states that follow a Ray node.
    pub(super) fn comes_after(self, other: Self) -> bool {
        let order = |status: Self| match status {
            Self::RayRunning | Self::RayStopRequested => Some(0),
            Self::RayStopping => Some(1),
            Self::RayStopped => Some(2),
            Self::Terminating | Self::TerminationFailed | Self::Terminated => Some(3),
            Self::Queued
            | Self::Requested
            | Self::Allocated
            | Self::AllocationFailed
            | Self::AllocationTimeout => None,
        };
        match (order(self), order(other)) {
            // A refused drain leads from RAY_STOP_REQUESTED back to RAY_RUNNING.
            (Some(own), Some(others)) => own > others || (own == 0 && others == 0),
            _ => false,
        }
    }

    /// Whether Ray runs here or may still come to run: only then the scheduler counts the node.
    ///
    /// Upstream: ray 2.60.0 autoscaler/v2/instance_manager/common.py `is_ray_running_reachable`.
    pub fn may_run_ray(self) -> bool {
        matches!(
            self,
            Self::Queued
                | Self::Requested
                | Self::Allocated
                | Self::RayRunning
                | Self::RayStopRequested
        )
    }
}

/// Numbers instances in the order in which they were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InstanceId(pub u64);

/// A node from the wish for it to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// Which one.
    pub id: InstanceId,
    /// Its node type.
    pub node_type: Name,
    /// Where it stands.
    pub status: InstanceStatus,
    /// Since when.
    pub since: Instant,
    /// Head or worker; not known before there is a pod.
    pub kind: Option<NodeKind>,
    /// Its pod, once there is one.
    pub pod: Option<PodId>,
    /// Its raylet, once it joined.
    pub ray_node: Option<RayNodeId>,
    /// The request it was asked for with.
    pub(super) launch_request: Option<RequestId>,
    /// When it was queued, each time.
    pub(super) queued_at: Vec<Instant>,
    /// When it was asked for, each time.
    pub(super) requested_at: Vec<Instant>,
}

impl Instance {
    /// Whether it has been in its state for more than `timeout_s`, measured strictly.
    ///
    /// Upstream: ray 2.60.0 autoscaler/v2/instance_manager/common.py `has_timeout`.
    pub(super) fn has_timed_out(&self, timeout_s: i64, now: Instant) -> bool {
        now.since(self.since) > Duration::from_seconds(timeout_s)
    }

    pub(super) fn enter(&mut self, status: InstanceStatus, now: Instant) {
        self.status = status;
        self.since = now;
        match status {
            InstanceStatus::Queued => self.queued_at.push(now),
            InstanceStatus::Requested => self.requested_at.push(now),
            _ => {}
        }
    }
}
