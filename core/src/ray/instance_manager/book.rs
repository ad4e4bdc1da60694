//! The book of instances: rows change in batches, and only as their states allow.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/instance_manager/instance_manager.py
//! `update_instance_manager_state`.

use super::instance::{Instance, InstanceId, InstanceStatus};
use crate::order;
use crate::ray::observation::{NodeKind, PodId, RayNodeId};
use crate::ray::provider::RequestId;
use crate::ray::resources::Name;
use crate::ray::trace::Stuck;
use crate::time::Instant;

/// A row goes to another state.
#[derive(Clone, Debug)]
pub(super) struct Update {
    /// Position of the row.
    pub(super) row: usize,
    pub(super) status: InstanceStatus,
    /// For ALLOCATED: the pod and its kind.
    pub(super) pod: Option<(PodId, NodeKind)>,
    /// For RAY_RUNNING: the raylet.
    pub(super) ray_node: Option<RayNodeId>,
    /// For REQUESTED: the request.
    pub(super) launch_request: Option<RequestId>,
}

impl Update {
    pub(super) fn to(row: usize, status: InstanceStatus) -> Self {
        Self { row, status, pod: None, ray_node: None, launch_request: None }
    }
}

/// Every node that was asked for or found, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::ray) struct Book {
    pub(in crate::ray) rows: Vec<Instance>,
    next: u64,
}

impl Book {
    /// Changes all rows of a batch, or none: the first illegal change refuses it. If a row occurs
    /// twice, its last change counts.
    pub(super) fn apply(&mut self, batch: &[Update], now: Instant) -> Result<(), Stuck> {
        let last = order::map(batch.iter().enumerate().map(|(at, update)| (update.row, at)));
        let last = |at: usize| last.get(&batch[at].row) == Some(&at);
        for (_, update) in batch.iter().enumerate().filter(|(at, _)| last(*at)) {
            let row = &self.rows[update.row];
            if !row.status.may_become(update.status) {
                return Err(Stuck::IllegalTransition {
                    node_type: row.node_type.clone(),
                    from: row.status,
                    to: update.status,
                });
            }
        }
        for (_, update) in batch.iter().enumerate().filter(|(at, _)| last(*at)) {
            let row = &mut self.rows[update.row];
            row.enter(update.status, now);
            if let Some((pod, kind)) = update.pod {
                row.pod = Some(pod);
                row.kind = Some(kind);
            }
            if update.ray_node.is_some() {
                row.ray_node = update.ray_node;
            }
            if update.launch_request.is_some() {
                row.launch_request = update.launch_request;
            }
        }
        Ok(())
    }

    /// Adds a row that is queued.
    pub(super) fn queue(&mut self, node_type: &Name, now: Instant) {
        let row = self.new_row(node_type, InstanceStatus::Queued, now);
        self.rows.push(row);
    }

    /// Adds a row for a pod that nobody asked for.
    pub(super) fn adopt(
        &mut self,
        node_type: &Name,
        pod: (PodId, NodeKind),
        ray_node: Option<RayNodeId>,
        now: Instant,
    ) {
        let mut row = self.new_row(node_type, InstanceStatus::Allocated, now);
        row.pod = Some(pod.0);
        row.kind = Some(pod.1);
        row.ray_node = ray_node;
        self.rows.push(row);
    }

    fn new_row(&mut self, node_type: &Name, status: InstanceStatus, now: Instant) -> Instance {
        let id = InstanceId(self.next);
        self.next += 1;
        let mut row = Instance {
            id,
            node_type: node_type.clone(),
            status,
            since: now,
            kind: None,
            pod: None,
            ray_node: None,
            launch_request: None,
            queued_at: Vec::new(),
            requested_at: Vec::new(),
        };
        row.enter(status, now);
        row
    }
}
