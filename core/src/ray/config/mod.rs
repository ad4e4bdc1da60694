//! From the RayCluster to what the autoscaler believes about it.
//!
//! [`derive`] turns the worker groups into node types: how many there may be, and which Ray
//! resources one node of each will have. The belief is all the autoscaler plans with: a resource it
//! cannot read off the group is a resource it cannot start a node for.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/kuberay/autoscaling_config.py
//! `_derive_autoscaling_config_from_ray_cr`, autoscaler/v2/instance_manager/config.py
//! `AutoscalingConfig`.

mod cluster;
mod derive;
mod error;
mod json;
mod labels;
mod quantity;
mod resize;
mod resources;
mod start_params;
mod tpu;
mod whole;

pub use cluster::{AutoscalerOptions, ClusterSpec, GroupSpec, StringMap, WorkerGroup};
pub use derive::{derive, derive_v1};
pub use error::{ConfigError, ResizeError};
pub use resize::{ResizeLimits, check_resize};

pub(super) use quantity::to_attos;

use std::borrow::Cow;

use super::resources::{Labels, Name, Resources};
use crate::time::Duration;

/// Which of Ray's two autoscalers runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// `StandardAutoscaler`; only where it is asked for.
    V1,
    /// The instance manager.
    #[default]
    V2,
}

/// Whether the autoscaler can read what the start parameter `name` is set to.
///
/// # Errors
/// Where upstream's derivation would fail, if it gets as far as reading the parameter.
pub fn check_start_param(name: &str, text: &str) -> Result<(), ConfigError> {
    match name {
        "num-cpus" | "num-gpus" | "memory" => resources::integer(text).map(drop),
        "resources" => start_params::custom_resources(text).map(drop),
        _ => Ok(()),
    }
}

/// What the autoscaler calls the head's node type.
pub const HEAD_GROUP: &str = "headgroup";

/// A kind of node that the autoscaler can start: one worker group, or the head.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeType {
    /// The group's name.
    pub name: Name,
    /// Fewest nodes: `minReplicas * numOfHosts`; 0 for the head.
    pub min_nodes: i64,
    /// Most nodes: `maxReplicas * numOfHosts`; 1 for the head.
    pub max_nodes: i64,
    /// What one node is believed to have.
    pub resources: Resources,
    /// Labels that one node will have.
    pub labels: Labels,
    /// The group's own `idleTimeoutSeconds`.
    pub idle_timeout_s: Option<f64>,
    /// The group's `priority`: decides between types that fit equally well.
    pub priority: i64,
    /// How far its pods may be resized in place, if they may.
    pub resize: Option<ResizeLimits>,
}

impl NodeType {
    /// What one node may come to have, once its pod is resized in place.
    pub fn largest(&self) -> Cow<'_, Resources> {
        let mut largest = Cow::Borrowed(&self.resources);
        if let Some(limits) = self.resize {
            for (name, most) in [("CPU", limits.max_cpu), ("memory", limits.max_memory as f64)] {
                if most > largest.get(name).unwrap_or(0.0) {
                    largest.to_mut().set(&name.into(), most);
                }
            }
        }
        largest
    }
}

/// How long an instance may stay in a state, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeouts {
    /// REQUESTED, until it is queued again.
    pub requested_s: i64,
    /// How often a request is repeated before it counts as failed.
    pub request_retries: usize,
    /// ALLOCATED (the pod exists but Ray has not joined), until the pod is deleted.
    pub allocated_s: i64,
    /// TERMINATING, until the deletion is tried again.
    pub terminating_s: i64,
    /// RAY_STOP_REQUESTED, until the node counts as running again.
    pub stop_requested_s: i64,
}

impl Timeouts {
    /// How long a pod that was asked for is waited for in all. A request that is repeated patches
    /// nothing: its number is known.
    ///
    /// Upstream: ray 2.60.0 autoscaler/v2/instance_manager/reconciler.py `_handle_stuck_requested_instance`,
    /// cloud_providers/kuberay/cloud_provider.py `launch` (`_requests`).
    pub const fn waits_for_a_pod(&self) -> Duration {
        Duration::from_seconds(self.requested_s).times(self.request_retries as i64 + 1)
    }
}

impl Default for Timeouts {
    /// Upstream: ray 2.60.0 autoscaler/v2/instance_manager/config.py `InstanceReconcileConfig`.
    fn default() -> Self {
        Self {
            requested_s: 600,
            request_retries: 3,
            allocated_s: 3600,
            terminating_s: 300,
            stop_requested_s: 300,
        }
    }
}

/// All that the autoscaler knows of the cluster's limits.
#[derive(Clone, Debug, PartialEq)]
pub struct AutoscalingConfig {
    /// The head's type first, then the groups in the RayCluster's order; names are unique.
    pub node_types: Vec<NodeType>,
    /// Most nodes in all, the head included.
    pub max_nodes: i64,
    /// How long a node may idle, where its type does not say.
    pub idle_timeout_s: f64,
    /// `Conservative` is 1, anything else 1000: nodes of a type to ask for at once, for each that
    /// runs.
    pub upscaling_speed: f64,
    /// Most nodes asked for and not yet seen (`AUTOSCALER_MAX_CONCURRENT_LAUNCHES`, 10).
    pub max_concurrent_launches: i64,
    /// How long a pod that has not started Ray may be unneeded
    /// (`RAY_AUTOSCALER_PENDING_NODE_IDLE_TIMEOUT_S`); upstream's default is never to stop it.
    pub pending_idle_timeout_s: Option<f64>,
    /// Time in which a node type that could not be allocated regains its standing
    /// (`RAY_AUTOSCALER_AVAILABILITY_RECOVERY_S`, 600).
    pub availability_recovery_s: f64,
    /// How long an instance may stay in a state.
    pub timeouts: Timeouts,
}

impl AutoscalingConfig {
    /// Position of the type called `name`.
    pub(super) fn type_index(&self, name: &str) -> Option<usize> {
        self.node_types.iter().position(|node_type| &*node_type.name == name)
    }
}
