//! What takes too long, and Ray nodes that vanished.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/instance_manager/reconciler.py `_handle_missing_ray_nodes`,
//! `_handle_stuck_instances`.

use super::book::Update;
use super::instance::{Instance, InstanceStatus};
use super::look::Look;
use crate::ray::observation::NodeKind;
use crate::ray::trace::{Cause, Stuck};

/// Workers whose raylet the GCS no longer lists have stopped.
pub(super) fn note_missing_ray_nodes(look: &mut Look<'_>) -> Result<(), Stuck> {
    let missing = |row: &Instance| {
        let needs_ray_node = matches!(
            row.status,
            InstanceStatus::RayRunning
                | InstanceStatus::RayStopRequested
                | InstanceStatus::RayStopping
        );
        needs_ray_node
            && row.kind != Some(NodeKind::Head)
            && row.ray_node.is_some_and(|id| look.ray_node(id).is_none())
    };
    let batch = look.batch(missing, InstanceStatus::RayStopped);
    look.apply(&batch)
}

/// Rows that stayed in a state for longer than its timeout move on.
pub(super) fn give_up(look: &mut Look<'_>) -> Result<(), Stuck> {
    let timeouts = &look.config.timeouts;
    let order = [
        (InstanceStatus::Requested, timeouts.requested_s),
        (InstanceStatus::Allocated, timeouts.allocated_s),
        (InstanceStatus::Terminating, timeouts.terminating_s),
        (InstanceStatus::RayStopRequested, timeouts.stop_requested_s),
    ];
    let mut batch = Vec::new();
    for (status, timeout_s) in order {
        for (index, row) in look.book.rows.iter().enumerate() {
            if row.status != status || !row.has_timed_out(timeout_s, look.now) {
                continue;
            }
            let next = match status {
                InstanceStatus::Requested if row.requested_at.len() <= timeouts.request_retries => {
                    InstanceStatus::Queued
                }
                InstanceStatus::Requested => InstanceStatus::AllocationFailed,
                InstanceStatus::Allocated => InstanceStatus::AllocationTimeout,
                InstanceStatus::Terminating => InstanceStatus::TerminationFailed,
                _ => InstanceStatus::RayRunning,
            };
            let node_type = row.node_type.clone();
            look.trace.push(Cause::TimedOut { node_type, status, timeout_s, next });
            batch.push(Update::to(index, next));
        }
    }
    look.apply(&batch)?;
    for update in batch.iter().filter(|it| it.status == InstanceStatus::AllocationTimeout) {
        let name = look.book.rows[update.row].node_type.clone();
        look.unavailable.retain(|(old, _)| *old != name);
        look.unavailable.push((name, look.now));
    }
    Ok(())
}
