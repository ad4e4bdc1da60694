//! Ray's autoscaler v2 on KubeRay, as pure steps.
//!
//! [`config::derive`] reads what the autoscaler believes off a RayCluster; [`update`] is one look of
//! it (upstream looks every 5 s): from pods, Ray nodes and waiting demand to patches of the
//! RayCluster and drains. The operator's half is KubeRay's own: which pods to make and delete for
//! the patched RayCluster.
//!
//! Left to others: when the looks happen, how long pods take, which task runs where.
//! In-place pod resize (the annotation `ray.io/ippr`), idle suspension of the whole cluster, launch
//! hashes and node updaters are not reproduced; KubeRay has the latter two switched off.
//!
//! Upstream: ray 2.60.0 autoscaler/v2, autoscaler/_private/kuberay; kuberay 1.7
//! ray-operator/controllers/ray.

pub mod config;
mod demand;
mod instance_manager;
mod observation;
mod resources;
mod step;
mod trace;

pub use demand::{
    GangRequest, LabelConstraint, LabelSelector, PlacementConstraint, ResourceConstraint,
    ResourceDemand, ResourceRequest,
};
pub use instance_manager::{Instance, InstanceId, InstanceStatus};
pub use observation::{
    GroupSeen, NodeKind, Observation, PodId, PodSeen, RayNode, RayNodeId, RayNodeStatus,
};
pub use resources::{Labels, Name, Resources};
pub use step::{Decision, Drain, Launch, Patch, State, Step, update};
pub use trace::{Cause, KeptBy, Score, Shortage, Source, StopCause, Stuck, Trace};
