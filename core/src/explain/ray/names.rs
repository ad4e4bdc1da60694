//! What Ray itself calls states and errors.

use crate::ray::{InstanceStatus, Stuck};

/// As Ray's own protocol spells the state.
pub(crate) const fn status_name(status: InstanceStatus) -> &'static str {
    match status {
        InstanceStatus::Queued => "QUEUED",
        InstanceStatus::Requested => "REQUESTED",
        InstanceStatus::Allocated => "ALLOCATED",
        InstanceStatus::RayRunning => "RAY_RUNNING",
        InstanceStatus::RayStopRequested => "RAY_STOP_REQUESTED",
        InstanceStatus::RayStopping => "RAY_STOPPING",
        InstanceStatus::RayStopped => "RAY_STOPPED",
        InstanceStatus::Terminating => "TERMINATING",
        InstanceStatus::Terminated => "TERMINATED",
        InstanceStatus::AllocationFailed => "ALLOCATION_FAILED",
        InstanceStatus::AllocationTimeout => "ALLOCATION_TIMEOUT",
        InstanceStatus::TerminationFailed => "TERMINATION_FAILED",
    }
}

/// Upstream's exception, in short.
pub(crate) fn stuck_text(stuck: &Stuck) -> String {
    match stuck {
        Stuck::IllegalTransition { node_type, from, to } => format!(
            "AssertionError: Invalid status transition of {node_type} from {} to {}",
            status_name(*from),
            status_name(*to)
        ),
        Stuck::UnknownNodeType(name) => format!("KeyError: '{name}'"),
        Stuck::GroupNotFound(name) => format!("ValueError: '{name}' is not in list"),
        Stuck::PlannedNodeStopped(name) => {
            format!("AssertionError: a planned node of {name} had to go")
        }
        Stuck::TooManyHeads { left } => {
            format!("AssertionError: {left} nodes too many that can't be stopped")
        }
        Stuck::InvalidUtilization { .. } => "AssertionError: utilization above 1".to_owned(),
        Stuck::ConflictingLabel(name) => format!("AssertionError: two values for label {name}"),
        Stuck::PodWithoutSize(_) => "ValueError: Invalid number format: None".to_owned(),
        Stuck::RefusedByStoppedNode(_) => {
            "AssertionError: a stopped node refused to drain".to_owned()
        }
    }
}
