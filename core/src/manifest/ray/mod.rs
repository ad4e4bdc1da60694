//! RayCluster, RayService and RayJob, `ray.io/v1`.
//!
//! Upstream: kuberay 1.7 ray-operator/apis/ray/v1/{raycluster,rayservice,rayjob}_types.go.

mod cluster;
mod cluster_edit;
mod job;
mod job_rules;
mod label_syntax;
mod rules;
mod serve;
mod serve_rules;
mod service;
mod service_rules;
mod validation;
mod version;

#[cfg(test)]
mod tests;

pub use cluster::{AutoscalerOptions, Group, RayCluster};
pub use cluster_edit::{Edited, GroupEdit, edited};
pub use job::{DeletionRule, DeletionStrategy, RayJob};
pub use serve::{
    ActorOptions, AutoscalingConfig, GangScheduling, NumReplicas, Selector, ServeApplication,
    ServeDeployment,
};
pub use service::{RayService, UpgradeOptions, patched};

pub(super) use cluster::cluster;
pub(super) use job::job;
pub(super) use rules::rules;
pub(super) use service::service;
