//! Which upstream code the rules were taken from.

use serde::Serialize;

mod checked;

pub use checked::{Checked, CheckedRay, checked, checked_ray};

/// Kubernetes release whose HPA controller is reproduced.
pub const KUBERNETES: &str = "1.37";
/// Ray release whose autoscaler is reproduced.
pub const RAY: &str = "2.60.0";
/// KEDA release whose operator is reproduced.
pub const KEDA: &str = "2.21";
/// KubeRay release whose operator is reproduced; its rules were read from the development branch
/// that led to it (commit feeaf72f, 2026-08-19).
pub const KUBERAY: &str = "1.7";

/// The place in upstream's source that a rule was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// `kubernetes`, `ray` or `kuberay`.
    pub project: &'static str,
    /// Release.
    pub version: &'static str,
    /// Path inside the project's repository.
    pub path: &'static str,
    /// Function or type.
    pub function: &'static str,
}
