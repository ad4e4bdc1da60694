//! What one look sees: pods and the RayCluster from the Kubernetes API, nodes and demand from the
//! GCS.
//!
//! Pods and Ray nodes are numbers here. Upstream uses names and hex ids, but only ever asks whether
//! two are equal.

use super::demand::{GangRequest, ResourceConstraint, ResourceDemand};
use super::resize::PodResources;
use super::resources::{Labels, Name, Resources};

/// One pod of the cluster; a new pod never takes an old pod's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodId(pub u32);

/// One raylet that registered; a restarted raylet is a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RayNodeId(pub u32);

/// Head or worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Carries the GCS and the autoscaler.
    Head,
    /// Everything else.
    Worker,
}

/// A pod as the Kubernetes API lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct PodSeen {
    /// Which one.
    pub id: PodId,
    /// Label `ray.io/group`; the head's is [`HEAD_GROUP`](super::config::HEAD_GROUP).
    pub group: Name,
    /// Label `ray.io/node-type`.
    pub kind: NodeKind,
    /// Whether it has a `deletionTimestamp`.
    pub deleting: bool,
}

/// A worker group as it stands in the RayCluster.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSeen {
    /// `groupName`.
    pub name: Name,
    /// `replicas`; the API server defaults it to 0.
    pub replicas: Option<i64>,
    /// `minReplicas`.
    pub min_replicas: i64,
    /// `maxReplicas`.
    pub max_replicas: Option<i64>,
    /// `numOfHosts`: pods of one replica.
    pub num_of_hosts: i64,
    /// `scaleStrategy.workersToDelete`.
    pub workers_to_delete: Vec<PodId>,
}

/// The state of a Ray node in the GCS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RayNodeStatus {
    /// Has work.
    Running,
    /// Has none.
    Idle,
    /// Takes no new work and will stop.
    Draining,
    /// Stopped.
    Dead,
}

/// A Ray node as the GCS reports it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RayNode<'a> {
    /// Which one.
    pub id: RayNodeId,
    /// Its pod.
    pub pod: PodId,
    /// The group it was started as.
    pub node_type: &'a Name,
    /// All it has, `node:<ip>` and `object_store_memory` included.
    pub total: &'a Resources,
    /// What is free; a resource that is used up may be missing.
    pub available: &'a Resources,
    /// Labels it was started with.
    pub labels: &'a Labels,
    /// Labels of the placement groups that it carries.
    pub dynamic_labels: &'a Labels,
    /// How long it has been idle, in milliseconds.
    pub idle_ms: i64,
    /// Its state.
    pub status: RayNodeStatus,
}

impl RayNode<'_> {
    /// Upstream: ray 2.60.0 autoscaler/v2/utils.py `is_head_node`.
    pub(super) fn is_head(&self) -> bool {
        self.total.get("node:__internal_head__").is_some()
    }
}

/// Everything one look sees.
#[derive(Clone, Copy, Debug, Default)]
pub struct Observation<'a> {
    /// Pods, in the order of the list call.
    pub pods: &'a [PodSeen],
    /// Worker groups, in the RayCluster's order.
    pub groups: &'a [GroupSeen],
    /// Ray nodes; dead ones stay listed for a while.
    pub ray_nodes: &'a [RayNode<'a>],
    /// Tasks and actors that wait.
    pub demands: &'a [ResourceDemand],
    /// Placement groups that wait.
    pub gangs: &'a [GangRequest],
    /// `request_resources`.
    pub constraint: Option<&'a ResourceConstraint>,
    /// Idle drains that the raylet refused since the last look.
    pub refused_drains: &'a [RayNodeId],
    /// What the pods are made of; those of groups that can't be resized in place may be left out.
    pub resources: &'a [PodResources],
}
