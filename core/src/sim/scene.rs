//! What is at one instant, for looking at: who is on which node, what waits, and what the
//! autoscaler's book says.
//!
//! A copy that nobody decides with; it never changes the run.

use super::world::Owner;
use crate::ray::{Instance, ResourceRequest, Resources};
use crate::time::{Duration, Instant};

/// What is at the end of one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// When.
    pub at: Instant,
    /// Pods that are not gone, in the order of creation.
    pub pods: Vec<ScenePod>,
    /// One for each cluster of the model.
    pub clusters: Vec<SceneCluster>,
}

/// One pod.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenePod {
    /// Its number in the run, by which Ray's instances name it.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub owner: Owner,
    /// Its node, as an index into the model's nodes.
    pub node: Option<usize>,
    /// How far it has come.
    pub stage: Stage,
}

/// How far a pod has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No node yet.
    Waiting,
    /// On its node; its containers do not run yet.
    Starting,
    /// Its containers run; it is not ready.
    Running,
    /// Ready.
    Ready,
    /// Deleted, and not gone yet.
    Leaving,
}

/// One Ray cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneCluster {
    /// Ray nodes that have joined and whose pods are not gone, in the order in which they joined.
    pub nodes: Vec<SceneRayNode>,
    /// What waits for room.
    pub waiting: Vec<SceneWork>,
    /// What the autoscaler knows of each node.
    pub instances: Vec<Instance>,
}

/// One Ray node.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneRayNode {
    /// The number of its pod.
    pub pod: u32,
    /// Its group.
    pub group: String,
    /// Whether Ray still runs on it.
    pub runs: bool,
    /// What it has.
    pub total: Resources,
    /// What is free.
    pub free: Resources,
    /// How long it has been idle; `None` while something is on it.
    pub idle: Option<Duration>,
    /// Until when Serve's proxy keeps it, after its last replica.
    pub proxy_until: Option<Instant>,
    /// What is on it.
    pub holds: Vec<Held>,
}

/// What a unit of work belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// One of the cluster's works.
    Work(usize),
    /// One of the model's Serve deployments, of which it is a replica.
    Service(usize),
}

/// Equal tasks, actors, replicas or bundles on one node.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// What they belong to.
    pub origin: Origin,
    /// How many.
    pub count: u32,
    /// What one of them takes.
    pub resources: Resources,
}

/// Equal tasks, actors, replicas or placement groups that wait.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneWork {
    /// What they belong to.
    pub origin: Origin,
    /// How many.
    pub count: u32,
    /// What one of them asks for: one request, or one for each bundle.
    pub requests: Vec<ResourceRequest>,
}
