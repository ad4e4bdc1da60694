//! In-place resize of pods (IPPR): how far each pod is, and what is asked of the API server for it.
//!
//! Nothing is remembered here from look to look: what a pod has ([`PodResources`]) and what was
//! noted on it ([`Notes`], the annotation `ray.io/ippr-status`) give its [`ResizeStatus`]. The
//! scheduler plans with it and queues a resize, [`Resizer`] asks for it, the kubelet grants it or
//! not, and once it has, the raylet is told.
//!
//! Which groups may be resized is [`config`](super::config); whether demand needs it is
//! [`scheduler`](super::scheduler).
//!
//! Upstream: ray 2.60.0
//! autoscaler/v2/instance_manager/cloud_providers/kuberay/ippr_provider.py `KubeRayIPPRProvider`.

mod amount;
mod pod;
mod resizer;
mod status;
#[cfg(test)]
mod tests;

pub use amount::Amount;
pub use pod::{Condition, Notes, PodResources, Requirements};
pub use resizer::{ResizeCall, Sizes};
pub use status::{Progress, ResizeStatus};

pub(super) use resizer::Resizer;
