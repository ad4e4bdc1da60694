//! The scheduler's plan becomes rows that stop, rows that go and rows that wait.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/instance_manager/reconciler.py `_scale_cluster`,
//! `_terminate_instances`; subscribers/cloud_resource_monitor.py, subscribers/ray_stopper.py.

use super::book::Update;
use super::instance::{Instance, InstanceStatus};
use super::look::Look;
use crate::ray::observation::{NodeKind, PodId};
use crate::ray::resize::ResizeStatus;
use crate::ray::scheduler::{Availability, InstanceSeen, Reply, Request, schedule};
use crate::ray::step::Drain;
use crate::ray::trace::{Cause, Stuck};

/// Plans, and takes the plan over if Ray runs on the head.
pub(super) fn scale(look: &mut Look<'_>) -> Result<(), Stuck> {
    let availabilities = availabilities(look);
    let instances: Vec<InstanceSeen<'_>> = look
        .book
        .rows
        .iter()
        .map(|row| InstanceSeen {
            node_type: &row.node_type,
            status: row.status,
            kind: row.kind,
            pod: row.pod,
            ray_node: row.ray_node.and_then(|id| look.ray_node(id)),
        })
        .collect();
    let resizes: Vec<&ResizeStatus> = look.resizer.statuses().collect();
    let request = Request {
        config: look.config,
        availabilities: &availabilities,
        instances: &instances,
        demands: look.seen.demands,
        gangs: look.seen.gangs,
        constraint: look.seen.constraint,
        resizes: &resizes,
    };
    let mut reply = schedule(&request, &mut look.pending, look.now, &mut look.trace)?;
    let head_runs =
        look.book.rows.iter().any(|row| {
            row.kind == Some(NodeKind::Head) && row.status == InstanceStatus::RayRunning
        });
    if head_runs {
        look.resizer.ask(std::mem::take(&mut reply.to_resize), &mut look.trace);
        stop(look, &reply)?;
        for (node_type, count) in &reply.to_launch {
            for _ in 0..*count {
                look.book.queue(node_type, look.now);
            }
        }
    } else {
        look.trace.push(Cause::HeadNotRunning);
    }
    look.decision.infeasible_demands = reply.infeasible_demands;
    look.decision.infeasible_gangs = reply.infeasible_gangs;
    look.decision.infeasible_constraint = reply.infeasible_constraint;
    Ok(())
}

/// QUEUED rows are dropped, pods without Ray deleted, everything else is asked to drain.
fn stop(look: &mut Look<'_>, reply: &Reply) -> Result<(), Stuck> {
    let mut batch = Vec::new();
    let mut drains = Vec::new();
    let mut pods = Vec::new();
    for termination in &reply.to_terminate {
        let Some(index) = termination.instance else {
            return Err(Stuck::PlannedNodeStopped(termination.node_type.clone()));
        };
        let row = &look.book.rows[index];
        let next = match row.status {
            InstanceStatus::Queued => InstanceStatus::Terminated,
            InstanceStatus::Allocated => {
                pods.extend(row.pod);
                InstanceStatus::Terminating
            }
            _ => {
                if let (Some(ray_node), Some(pod)) = (row.ray_node, row.pod) {
                    drains.push(Drain { ray_node, pod, cause: termination.cause });
                }
                InstanceStatus::RayStopRequested
            }
        };
        batch.push(Update::to(index, next));
    }
    look.apply(&batch)?;
    look.decision.drains = drains;
    if !pods.is_empty() {
        look.resizer.read_again(&mut look.trace);
        look.provider.terminate(&pods, &mut look.trace);
    }
    Ok(())
}

/// Pods on which Ray stopped, did not start in time, or whose deletion failed, are deleted.
pub(super) fn terminate(look: &mut Look<'_>) -> Result<(), Stuck> {
    let to_terminate = |row: &Instance| {
        matches!(
            row.status,
            InstanceStatus::RayStopped
                | InstanceStatus::AllocationTimeout
                | InstanceStatus::TerminationFailed
        )
    };
    // A raylet that restarted leaves a stale row: its pod serves another one.
    let is_stale = |row: &Instance| {
        let serves_another = |other: &Instance| {
            other.pod == row.pod
                && !to_terminate(other)
                && !matches!(
                    other.status,
                    InstanceStatus::Terminated | InstanceStatus::AllocationFailed
                )
        };
        row.status == InstanceStatus::RayStopped && look.book.rows.iter().any(serves_another)
    };
    let mut batch = Vec::new();
    let mut pods: Vec<PodId> = Vec::new();
    for (index, row) in look.book.rows.iter().enumerate().filter(|(_, row)| to_terminate(row)) {
        if is_stale(row) {
            batch.push(Update::to(index, InstanceStatus::Terminated));
            continue;
        }
        batch.push(Update::to(index, InstanceStatus::Terminating));
        pods.extend(row.pod.filter(|pod| !pods.contains(pod)));
    }
    look.apply(&batch)?;
    if !pods.is_empty() {
        look.resizer.read_again(&mut look.trace);
        look.provider.terminate(&pods, &mut look.trace);
    }
    Ok(())
}

/// How likely each type can be had; empty if nothing failed.
///
/// Upstream compares failures by their Unix time, of which only the order shows: the last failure
/// scores 0, an earlier one a little more, and a type without failure 1.
fn availabilities(look: &mut Look<'_>) -> Vec<Availability> {
    let Some(last) = look.unavailable.iter().map(|(_, at)| *at).max() else { return Vec::new() };
    let recovery_s = look.config.availability_recovery_s;
    let mut availabilities = vec![Availability::default(); look.config.node_types.len()];
    for (name, at) in &look.unavailable {
        let elapsed_ms = look.now.since(*at).ms();
        let elapsed_s = elapsed_ms as f64 / 1000.0;
        let too_early = elapsed_s < (recovery_s * 0.1).min(10.0);
        let recoverable = if too_early { 0.0 } else { (elapsed_s / recovery_s).min(1.0) };
        // DIFFERENCE(failure-clock): upstream divides Unix times; a run has none, but its
        // milliseconds order failures the same way.
        let cloud = last.since(*at).ms() as f64 * 1e-12;
        if let Some(index) = look.config.type_index(name) {
            availabilities[index] = Availability { recoverable, cloud };
        }
        let node_type = name.clone();
        look.trace.push(Cause::Unavailable { node_type, elapsed_ms, recoverable });
    }
    availabilities
}
