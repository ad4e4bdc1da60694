//! Who is where at one instant: pods on Kubernetes' nodes, work on Ray's nodes, and what would fit.

use serde::{Deserialize, Serialize};

use super::{Message, Tone};

/// What is at one instant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Placement {
    /// When, in milliseconds.
    pub at_ms: f64,
    /// Kubernetes' nodes that have pods, by name.
    pub nodes: Vec<PlacedNode>,
    /// Nodes without a pod.
    pub empty_nodes: u32,
    /// Pods without a node.
    pub waiting: Vec<PlacedPod>,
    /// Ray clusters, in the order of the text.
    pub clusters: Vec<PlacedCluster>,
}

impl Placement {
    /// Whether Kubernetes' nodes tell more than Ray's: pods of a workload are on them, or wait.
    pub fn has_workloads(&self) -> bool {
        let mut pods = self.nodes.iter().flat_map(|it| &it.pods).chain(&self.waiting);
        self.clusters.is_empty() || pods.any(|it| it.tone == Tone::Hpa)
    }
}

/// One of Kubernetes' nodes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlacedNode {
    /// Its name.
    pub name: String,
    /// Its pods, in the order of creation.
    pub pods: Vec<PlacedPod>,
}

/// One pod.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlacedPod {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub tone: Tone,
    /// How far it has come.
    pub stage: PodStage,
}

/// How far a pod has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PodStage {
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlacedCluster {
    /// The RayCluster's name.
    pub name: String,
    /// Its Ray nodes, in the order in which they joined.
    pub nodes: Vec<PlacedRayNode>,
    /// What waits for room.
    pub waiting: Vec<Message>,
    /// What would fit where.
    pub feasibility: Feasibility,
    /// The autoscaler's book of nodes, oldest first.
    pub instances: Vec<PlacedInstance>,
}

/// One Ray node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlacedRayNode {
    /// Its pod.
    pub pod: String,
    /// Its group.
    pub group: String,
    /// The Kubernetes node that its pod is on.
    pub node: Option<String>,
    /// What it has, and how much of it is taken.
    pub resources: Vec<ResourceUse>,
    /// What is on it.
    pub holds: Vec<Message>,
    /// Where nothing is on it: for how long, and what keeps it.
    pub idle: Vec<Message>,
}

/// How much of a resource is taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceUse {
    /// As `CPU`.
    pub name: String,
    /// From 0 to 1.
    pub share: f64,
    /// As `3 of 8`.
    pub text: Message,
}

/// Each request of the text against each kind of node.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Feasibility {
    /// Kinds of node: the head, then the worker groups.
    pub groups: Vec<FeasibilityGroup>,
    /// One row a request.
    pub rows: Vec<FeasibilityRow>,
}

/// A kind of node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeasibilityGroup {
    /// Its name.
    pub name: String,
    /// What one node has, as `{CPU: 4}`.
    pub resources: String,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeasibilityRow {
    /// What is asked for.
    pub request: Message,
    /// One cell for each kind of node.
    pub cells: Vec<FeasibilityCell>,
}

/// One request on one kind of node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeasibilityCell {
    /// Whether an empty node has room for one.
    pub fits: bool,
    /// For how many, or what is short and by how much; one line each.
    pub lines: Vec<Message>,
}

/// A row of the autoscaler's book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlacedInstance {
    /// Its number.
    pub id: u64,
    /// Its group.
    pub group: String,
    /// As Ray spells it, `RAY_RUNNING`.
    pub status: String,
    /// Since when, in milliseconds.
    pub since_ms: f64,
    /// Its pod, once it has one.
    pub pod: Option<String>,
}
