//! The next decision of each HPA, from its metrics as they are.

use serde::{Deserialize, Serialize};

use super::{Explanation, Message};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// What the HPAs of a text would do at their next look.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RightNow {
    /// The HPAs of the manifests in their order, then those that only kubectl printed.
    pub hpas: Vec<NowHpa>,
    /// The Ray clusters whose `ray status` is in the text, then the autoscaled ones without one, then
    /// what KubeRay does about RayClusters that have a status.
    pub clusters: Vec<NowCluster>,
    /// What can't be read of the status, of what kubectl printed, or of what was typed.
    pub diagnostics: Vec<Diagnostic>,
}

/// One Ray cluster at the moment, from what `ray status` printed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NowCluster {
    /// As `cluster/default/ray`; `cluster` if its manifest is not in the text; `operator/default/ray`
    /// for KubeRay.
    pub id: String,
    /// As `RayCluster ray` or `KubeRay ray`; empty if its manifest is not in the text.
    pub name: String,
    /// Where the status begins; the manifest, if there is no status.
    pub span: Span,
    /// What the autoscaler does at its next look, or KubeRay at its next pass, in a sentence.
    pub verdict: Message,
    /// Why; none if that can't be told.
    pub explanation: Option<Explanation>,
    /// The nodes that were told, by type.
    pub nodes: Vec<NowNodes>,
    /// What waits for a node.
    pub waiting: Vec<NowWaiting>,
    /// What the text does not tell.
    pub assumptions: Vec<Message>,
}

/// Work of one kind that waits, as `ray status` counts it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NowWaiting {
    /// As `Tasks or actors {CPU: 1}`.
    pub what: String,
    /// How many.
    pub count: i64,
    /// Where that number stands.
    pub span: Span,
}

/// Nodes of one type, as `ray status` counts them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NowNodes {
    /// The worker group, or `headgroup`.
    pub node_type: String,
    /// That do something.
    pub active: i64,
    /// That idle.
    pub idle: i64,
    /// That are launched, or have not joined.
    pub pending: i64,
    /// That failed lately.
    pub failed: i64,
}

/// One HPA at the moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NowHpa {
    /// As `hpa/default/web`.
    pub id: String,
    /// As `HPA web`.
    pub name: String,
    /// `metadata.name`, by which `spec.now` of the Scenario names it.
    pub hpa: String,
    /// `metadata.namespace`, where it is told.
    pub namespace: Option<String>,
    /// Where its rules stand.
    pub span: Span,
    /// What it does at its next look, in a sentence.
    pub verdict: Message,
    /// Why.
    pub explanation: Explanation,
    /// Every number that the decision was made from.
    pub inputs: Vec<NowInput>,
    /// Where the numbers come from, and what the text does not tell.
    pub assumptions: Vec<Message>,
    /// One for each metric that has a value.
    pub staircases: Vec<Staircase>,
}

/// A number that the decision was made from. It can be typed: see `spec.now` of the Scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NowInput {
    /// Path below the entry of `spec.now`, as `pods.ready` or `metrics[0]`.
    pub field: String,
    /// As `Ready pods`.
    pub label: String,
    /// As kubectl prints it.
    pub value: String,
    /// What a metric should be, as `80%`; otherwise empty.
    pub target: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it stands, unless it is assumed.
    pub span: Option<Span>,
}

/// Where a number comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Someone typed it.
    Typed,
    /// Read from a status or from what kubectl printed.
    Read,
    /// Nobody told it.
    #[default]
    Assumed,
}

/// What the next look would make of every value of one metric, all else being equal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Staircase {
    /// As `cpu`.
    pub metric: String,
    /// From the lowest values to the highest; steps far from the present value are left out.
    pub steps: Vec<Stair>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Stair {
    /// Values above this one, as kubectl prints it; `None`: from 0 on.
    pub above: Option<String>,
    /// Values up to this one; `None`: however large.
    pub up_to: Option<String>,
    /// What this metric asks for; `None` if it fails.
    pub proposal: Option<i32>,
    /// What the next look leaves.
    pub replicas: i32,
    /// Whether the present value lies on it.
    pub is_present: bool,
}
