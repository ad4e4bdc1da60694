//! What a run cost, and what was asked of it.

use serde::{Deserialize, Serialize};

use super::Message;
use crate::source::Span;

/// Sums over the whole run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Requests that arrived.
    pub requests: f64,
    /// Requests that no ready pod had room for.
    pub unserved_requests: f64,
    /// Hours that pods existed, from their creation on, workers of Ray included.
    pub pod_hours: f64,
    /// Hours that nodes had at least one pod. A fixed pool is always there; this is what of it was
    /// needed.
    pub node_hours: f64,
    /// Times that a replica count turned round: up after down or down after up.
    pub flaps: u32,
    /// Looks of all autoscalers.
    pub looks: u32,
    /// Tasks, actors and placement groups that never found room.
    pub unplaced_ray_work: u32,
}

/// One line of the Scenario's `expect`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Expectation {
    /// Where it stands.
    pub span: Span,
    /// Whether the run met it.
    pub met: bool,
    /// What was asked and what came.
    pub message: Message,
}
