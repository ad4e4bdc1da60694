//! Ray's autoscaler v2 on KubeRay, as pure steps.
//!
//! [`config::derive`] reads what the autoscaler believes off a RayCluster; [`update`] is one look of
//! it (upstream looks every 5 s): from pods, Ray nodes and waiting demand to patches of the
//! RayCluster and drains. [`operator`] is KubeRay's half: which pods to make and delete for
//! the patched RayCluster.
//!
//! Left to others: when the looks happen, how long pods take, which task runs where.
//! Idle suspension of the whole cluster, launch hashes and node updaters are not reproduced; KubeRay
//! has the latter two switched off.
//!
//! Twenty tasks wait, one to a node: ten pods are asked for at once, whatever the upscaling mode.
//!
//! ```
//! use tidetable_core::{ray::*, time::Instant};
//! use tidetable_core::ray::config::{ClusterSpec, GroupSpec, HEAD_GROUP, WorkerGroup, derive};
//!
//! let cpu = |cpu: &str| GroupSpec {
//!     limits: vec![("cpu".to_owned(), cpu.to_owned())],
//!     ..GroupSpec::default()
//! };
//! let workers = WorkerGroup {
//!     name: "w".to_owned(),
//!     min_replicas: Some(0),
//!     max_replicas: Some(100),
//!     num_of_hosts: None,
//!     spec: cpu("1"),
//! };
//! let cluster = ClusterSpec { head: cpu("1"), worker_groups: vec![workers], ..Default::default() };
//! let config = derive(&cluster)?;
//!
//! let (head, group): (Name, Name) = (HEAD_GROUP.into(), "w".into());
//! let total = Resources::from([("CPU", 1.0), ("node:__internal_head__", 1.0)]);
//! let available = Resources::from([("node:__internal_head__", 1.0)]);
//! let seen = Observation {
//!     pods: &[PodSeen {
//!         id: PodId(0),
//!         group: head.clone(),
//!         kind: NodeKind::Head,
//!         deleting: false,
//!     }],
//!     groups: &[GroupSeen {
//!         name: group,
//!         replicas: Some(0),
//!         min_replicas: 0,
//!         max_replicas: Some(100),
//!         num_of_hosts: 1,
//!         workers_to_delete: Vec::new(),
//!     }],
//!     ray_nodes: &[RayNode {
//!         id: RayNodeId(0),
//!         pod: PodId(0),
//!         node_type: &head,
//!         total: &total,
//!         available: &available,
//!         labels: Labels::NONE,
//!         dynamic_labels: Labels::NONE,
//!         idle_ms: 0,
//!         status: RayNodeStatus::Running,
//!     }],
//!     demands: &[ResourceDemand { request: ResourceRequest::task([("CPU", 1.0)]), count: 20 }],
//!     ..Observation::default()
//! };
//! let step = update(&config, State::default(), &seen, Instant::ZERO);
//! assert_eq!(step.decision.patches, [Patch::Replicas { group: 0, replicas: 10 }]);
//! assert_eq!(step.state.instances().len(), 21); // the head, ten asked for, ten in the queue
//! # Ok::<(), tidetable_core::ray::config::ConfigError>(())
//! ```
//!
//! Upstream: ray 2.60.0 autoscaler/v2, autoscaler/_private/kuberay; kuberay 1.7
//! ray-operator/controllers/ray.

pub mod config;
mod demand;
pub mod feasibility;
mod instance_manager;
pub mod job;
mod observation;
pub mod operator;
pub mod provider;
pub mod resize;
mod resources;
pub mod scheduler;
pub mod service;
mod step;
mod trace;
pub mod v1;
pub mod version;

pub use demand::{
    GangRequest, LabelConstraint, LabelSelector, PlacementConstraint, ResourceConstraint,
    ResourceDemand, ResourceRequest,
};
pub use instance_manager::{Instance, InstanceId, InstanceStatus};
pub use observation::{
    GroupSeen, NodeKind, Observation, PodId, PodSeen, RayNode, RayNodeId, RayNodeStatus,
};
pub use provider::Patch;
pub use resources::{Labels, Name, Resources};
pub use step::{Decision, Drain, Launch, State, Step, update};
pub use trace::{Cause, KeptBy, Score, Shortage, Source, StopCause, Stuck, Trace};
