//! The one result: what the page, the command line, the book and the tests all read.
//!
//! A [`Report`] is plain, versioned data in the language that was asked for. Inner types of the
//! simulation stay free to change; here they are turned into the promised shape. Nothing is
//! decided or computed here that the simulation did not already know.

mod chart;
mod decision;
mod message;
mod now;
mod placement;
#[cfg(feature = "schema")]
mod schema;
mod totals;

pub use chart::{Chart, Gap, Points, Series, SeriesRole, Tone, Unit};
pub use decision::{
    Alternative, Autoscaler, AutoscalerKind, Binding, Condition, Decision, Explanation, LedgerStep,
    Looks, MetricRow, PodCount, PodGroup, Source, Verdict,
};
pub use message::{Language, Message, Part, PartRole};
pub use now::{
    NowCluster, NowHpa, NowInput, NowNodes, NowWaiting, Origin, RightNow, Stair, Staircase,
};
pub use placement::{
    Feasibility, FeasibilityCell, FeasibilityGroup, FeasibilityRow, PlacedCluster, PlacedInstance,
    PlacedNode, PlacedPod, PlacedRayNode, Placement, PodStage, ResourceUse,
};
#[cfg(feature = "schema")]
pub use schema::schema;
pub use totals::{Expectation, Totals};

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// The shape of this report. Fields may be added under one name; none changes its meaning.
pub const VERSION: &str = "tidetable.dev/report/v1";

/// The shape in JSON Schema, as `cargo xtask schema` makes it from the types.
pub const SCHEMA: &str = include_str!("v1.schema.json");

/// What a text leads to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Names this shape.
    pub version: String,
    /// Language of every text in here.
    pub language: Language,
    /// Upstream releases whose rules were used.
    pub upstream: Upstream,
    /// How far the prediction looks, in milliseconds.
    pub duration_ms: f64,
    /// What was found in the text, in its order.
    pub documents: Vec<DocumentSummary>,
    /// What is wrong with the text, in its order.
    pub diagnostics: Vec<Diagnostic>,
    /// Who decides: one entry for each HorizontalPodAutoscaler, ScaledObject, Ray autoscaler, Serve
    /// deployment, and whatever KubeRay keeps.
    pub autoscalers: Vec<Autoscaler>,
    /// Decisions that changed something or began to be held by something else, by time.
    pub decisions: Vec<Decision>,
    /// Charts from top to bottom, all over the same time.
    pub charts: Vec<Chart>,
    /// Fields of the text that bound a decision, and when.
    pub bindings: Vec<Binding>,
    /// What it cost.
    pub totals: Totals,
    /// What the Scenario asked of the result.
    pub expectations: Vec<Expectation>,
    /// Every assumption that was used, with its value.
    pub assumptions: Vec<AssumptionValue>,
    /// The next decision of each HPA from its metrics as they are; only where it was asked for.
    pub right_now: Option<RightNow>,
    /// What could not be applied, and limits that were reached: `3m 00s: …`.
    pub notes: Vec<Message>,
}

/// Upstream releases whose rules were used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Upstream {
    /// Kubernetes, as `1.37`.
    pub kubernetes: String,
    /// Ray, as `2.60.0`.
    pub ray: String,
    /// KubeRay.
    pub kuberay: String,
    /// KEDA.
    pub keda: String,
}

/// One document of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DocumentSummary {
    /// As the document says, as `HorizontalPodAutoscaler`.
    pub kind: String,
    /// `metadata.name`, or empty.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// Whether Tidetable predicts with it.
    pub modelled: bool,
    /// Fields that exist upstream and are not modelled.
    pub fields_not_modelled: Vec<String>,
    /// What the API server fills in, as `spec.minReplicas: 1`.
    pub defaults: Vec<String>,
}

/// One assumption as it was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssumptionValue {
    /// Path below `spec.assumptions` of the Scenario, as `podStart.imagePull`.
    pub id: String,
    /// Group heading, as `Pod start`.
    pub group: String,
    /// What it means, in a sentence.
    pub meaning: String,
    /// As it would be written in the Scenario, as `5s`.
    pub value: String,
    /// As it would be written if nobody had set it.
    pub default: String,
    /// Unit to show beside a plain number, or empty.
    pub unit: String,
    /// Where the default comes from.
    pub source: String,
    /// Where the text sets it; `None` while it is the default.
    pub span: Option<Span>,
}
