//! What happened since the last look: rows follow pods, Ray nodes and errors.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/instance_manager/reconciler.py `_sync_from`.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::book::Update;
use super::instance::{Instance, InstanceStatus};
use super::look::Look;
use crate::order;
use crate::ray::observation::{NodeKind, PodId, PodSeen, RayNode, RayNodeId, RayNodeStatus};
use crate::ray::trace::{Cause, Stuck};

/// How far from the row of one pod or Ray node that of the next is looked for, before all rows are.
const NEAR: usize = 8;

/// A row that `is_hit`, the nearest to `last`: rows mostly stand in the order of pods and Ray nodes,
/// or against it where the last pod of a list was given out first, so the next one is nearly always
/// a neighbour. No two rows know one raylet; whoever asks for a pod only asks whether a row has it.
fn find_near(rows: &[Instance], last: usize, is_hit: impl Fn(&Instance) -> bool) -> Option<usize> {
    let last = last.min(rows.len());
    let is_hit = |at: usize| rows.get(at).is_some_and(&is_hit).then_some(at);
    (0..=NEAR).find_map(|distance| {
        is_hit(last + distance).or_else(|| is_hit(last.checked_sub(distance)?))
    })
}

/// The last row of each `key`.
fn last_by<K: Ord>(rows: &[Instance], key: impl Fn(&Instance) -> Option<K>) -> BTreeMap<K, usize> {
    order::map(rows.iter().enumerate().filter_map(|(at, row)| Some((key(row)?, at))))
}

/// In upstream's order.
pub(super) fn sync(look: &mut Look<'_>) -> Result<(), Stuck> {
    allocate(look)?;
    note_gone_pods(look)?;
    note_failed_deletions(look)?;
    adopt_pods_of_ray_nodes(look);
    adopt_pods(look);
    follow_ray_nodes(look)?;
    note_refused_drains(look)
}

fn holds_pod(row: &Instance) -> bool {
    !matches!(row.status, InstanceStatus::Terminated | InstanceStatus::AllocationFailed)
}

/// Each REQUESTED row, the earliest first, takes a pod of its type that nobody has, the last of the
/// list first; without one it takes a launch error of its request.
///
/// Upstream: `_handle_cloud_instance_allocation`.
fn allocate(look: &mut Look<'_>) -> Result<(), Stuck> {
    let mut requested: Vec<usize> = look.rows_in(InstanceStatus::Requested);
    let mut failures = std::mem::take(&mut look.errors.launches);
    if requested.is_empty() {
        return Ok(());
    }
    let held = look.book.rows.iter().filter(|row| holds_pod(row)).filter_map(|row| row.pod);
    let held = order::set(held);
    let mut free: Vec<usize> =
        (0..look.pods.len()).filter(|&at| !held.contains(&look.pods[at].id)).collect();
    order::sort_by(&mut requested, |&a, &b| {
        look.book.rows[a].requested_at.cmp(&look.book.rows[b].requested_at)
    });
    let mut batch = Vec::new();
    for index in requested {
        let row = &look.book.rows[index];
        if let Some(at) = free.iter().rposition(|&at| look.pods[at].group == row.node_type) {
            let pod = look.pods[free.remove(at)];
            look.trace.push(Cause::Allocated { pod: pod.id, requested: true });
            let pod = Some((pod.id, pod.kind));
            batch.push(Update { pod, ..Update::to(index, InstanceStatus::Allocated) });
            continue;
        }
        let failure = failures.iter_mut().find(|it| {
            it.count > 0 && Some(it.request) == row.launch_request && it.node_type == row.node_type
        });
        if let Some(failure) = failure {
            failure.count -= 1;
            look.trace.push(Cause::LaunchFailed { node_type: row.node_type.clone() });
            batch.push(Update::to(index, InstanceStatus::AllocationFailed));
        }
    }
    look.apply(&batch)
}

/// Of several rows of one pod, whose raylet restarted, each look ends the last.
///
/// Upstream: `_handle_cloud_instance_terminated`, a dict by cloud instance.
fn note_gone_pods(look: &mut Look<'_>) -> Result<(), Stuck> {
    let gone = |row: &Instance| {
        row.status != InstanceStatus::Terminated && row.pod.is_some_and(|pod| !look.has_pod(pod))
    };
    let batch = last_of_each_pod(look, gone, InstanceStatus::Terminated);
    look.apply(&batch)
}

/// Updates of the rows that are `hit`, but of one pod only of the last.
fn last_of_each_pod(
    look: &Look<'_>,
    hit: impl Fn(&Instance) -> bool,
    status: InstanceStatus,
) -> Vec<Update> {
    let rows = &look.book.rows;
    let mut batch = look.batch(&hit, status);
    if batch.len() > 1 {
        let last = last_by(rows, |row| row.pod.filter(|_| hit(row)));
        batch.retain(|it| rows[it.row].pod.and_then(|pod| last.get(&pod)) == Some(&it.row));
    }
    batch
}

/// Upstream: `_handle_cloud_instance_termination_errors`, a dict by cloud instance as well.
fn note_failed_deletions(look: &mut Look<'_>) -> Result<(), Stuck> {
    let failed = std::mem::take(&mut look.errors.terminations);
    let hit = |row: &Instance| {
        row.status == InstanceStatus::Terminating
            && row.pod.is_some_and(|pod| failed.contains(&pod))
    };
    let batch = last_of_each_pod(look, hit, InstanceStatus::TerminationFailed);
    look.apply(&batch)
}

/// Ray nodes whose pod no row knows: a raylet that restarted, or one whose pod is gone already.
///
/// Upstream: `_handle_extra_cloud_instances_from_ray_nodes`.
fn adopt_pods_of_ray_nodes(look: &mut Look<'_>) {
    let rows = &look.book.rows;
    let raylets = OnceCell::new();
    let raylets = || raylets.get_or_init(|| last_by(rows, |row| row.ray_node));
    let waits = |row: &Instance| row.ray_node.is_none() && holds_pod(row);
    let pods = OnceCell::new();
    let pods = || pods.get_or_init(|| last_by(rows, |row| row.pod.filter(|_| waits(row))));
    let mut last = 0;
    let mut is_unknown = |ray_node: &RayNode<'_>| {
        let near = find_near(rows, last, |row| {
            row.ray_node == Some(ray_node.id) || (row.pod == Some(ray_node.pod) && waits(row))
        });
        last = near.unwrap_or(last);
        near.is_none()
            && !raylets().contains_key(&ray_node.id)
            && !pods().contains_key(&ray_node.pod)
    };
    let unknown: Vec<_> = look.seen.ray_nodes.iter().filter(|it| is_unknown(it)).collect();
    for ray_node in unknown {
        let kind = if ray_node.is_head() { NodeKind::Head } else { NodeKind::Worker };
        let (pod, id) = ((ray_node.pod, kind), Some(ray_node.id));
        look.book.adopt(ray_node.node_type, pod, id, look.now);
        look.trace.push(Cause::Allocated { pod: ray_node.pod, requested: false });
    }
}

/// Pods that no row knows: the head, and what somebody else asked for.
///
/// Upstream: `_handle_extra_cloud_instances_from_cloud_provider`.
fn adopt_pods(look: &mut Look<'_>) {
    let rows = &look.book.rows;
    let held = OnceCell::new();
    let held = || held.get_or_init(|| last_by(rows, |row| row.pod.filter(|_| holds_pod(row))));
    let mut last = 0;
    let mut is_unknown = |pod: &PodSeen| {
        let near = find_near(rows, last, |row| row.pod == Some(pod.id) && holds_pod(row));
        last = near.unwrap_or(last);
        near.is_none() && !held().contains_key(&pod.id)
    };
    let unknown: Vec<_> = look.pods.iter().copied().filter(|pod| is_unknown(pod)).collect();
    for pod in unknown {
        look.book.adopt(&pod.group, (pod.id, pod.kind), None, look.now);
        look.trace.push(Cause::Allocated { pod: pod.id, requested: false });
    }
}

/// Upstream: `_handle_ray_status_transition`.
fn follow_ray_nodes(look: &mut Look<'_>) -> Result<(), Stuck> {
    let rows = &look.book.rows;
    let raylets = OnceCell::new();
    let raylets = || raylets.get_or_init(|| last_by(rows, |row| row.ray_node));
    let held = OnceCell::new();
    let held = || held.get_or_init(|| last_by(rows, |row| row.pod.filter(|_| holds_pod(row))));
    let mut batch = Vec::new();
    let mut last = 0;
    for ray_node in look.seen.ray_nodes {
        // The row that knows the raylet, else the last one that holds its pod.
        let found = find_near(rows, last, |row| row.ray_node == Some(ray_node.id))
            .or_else(|| raylets().get(&ray_node.id).or_else(|| held().get(&ray_node.pod)).copied());
        let Some(index) = found else { continue };
        last = index;
        let next = match ray_node.status {
            RayNodeStatus::Running | RayNodeStatus::Idle => InstanceStatus::RayRunning,
            RayNodeStatus::Draining => InstanceStatus::RayStopping,
            RayNodeStatus::Dead => InstanceStatus::RayStopped,
        };
        let status = rows[index].status;
        if status == next || status.comes_after(next) {
            continue;
        }
        let ray_node = (next == InstanceStatus::RayRunning).then_some(ray_node.id);
        batch.push(Update { ray_node, ..Update::to(index, next) });
    }
    look.apply(&batch)?;
    for update in batch.iter().filter(|it| it.status == InstanceStatus::RayRunning) {
        let node_type = &look.book.rows[update.row].node_type;
        look.unavailable.retain(|(name, _)| name != node_type);
    }
    Ok(())
}

/// Upstream: `_handle_ray_stop_failed`.
fn note_refused_drains(look: &mut Look<'_>) -> Result<(), Stuck> {
    let mut batch = Vec::new();
    for index in look.rows_in(InstanceStatus::RayStopRequested) {
        let row = &look.book.rows[index];
        let refused = |id: &RayNodeId| look.seen.refused_drains.contains(id);
        let Some(id) = row.ray_node.filter(refused) else { continue };
        let running = look
            .ray_node(id)
            .is_some_and(|it| matches!(it.status, RayNodeStatus::Running | RayNodeStatus::Idle));
        if !running {
            return Err(Stuck::RefusedByStoppedNode(id));
        }
        let pod: Option<PodId> = row.pod;
        look.trace.causes.extend(pod.map(|pod| Cause::DrainRefused { pod }));
        let ray_node = Some(id);
        batch.push(Update { ray_node, ..Update::to(index, InstanceStatus::RayRunning) });
    }
    look.apply(&batch)
}
