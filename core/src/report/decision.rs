//! Who decided what, when and why.

use serde::{Deserialize, Serialize};

use super::{Message, Tone};
use crate::diagnostic::Fix;
use crate::source::Span;

/// One that decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Autoscaler {
    /// Stable, as `hpa/default/web` or `ray/default/inference/gpu-workers`.
    pub id: String,
    /// Which kind it is.
    pub kind: AutoscalerKind,
    /// What the decision track is called, as `HPA` (short).
    pub short_name: String,
    /// As `HPA ray-serve-hpa`.
    pub name: String,
    /// Whose colour it has.
    pub tone: Tone,
    /// The document that it stands in; `None` if nothing in the text made it.
    pub span: Option<Span>,
    /// One or two plain sentences: what it will do. The first thing that people read.
    pub verdict: Verdict,
    /// Every time it looked, changed or not.
    pub looks: Looks,
}

/// Kind of an autoscaler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum AutoscalerKind {
    /// Kubernetes HorizontalPodAutoscaler.
    Hpa,
    /// KEDA's operator: from zero, and to zero.
    Keda,
    /// Ray Serve's replica autoscaler.
    Serve,
    /// Ray's autoscaler in the head pod.
    Ray,
    /// KubeRay's operator: the pods of a RayCluster, or the RayClusters of a RayService.
    Operator,
    /// Whatever makes nodes.
    Nodes,
}

/// What an autoscaler will do, in plain words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The sentence.
    pub message: Message,
    /// The decision that it is about, an index into the report's decisions.
    pub decision: Option<usize>,
}

/// Every look of one autoscaler. All lists are equally long.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Looks {
    /// Milliseconds since the start of the run.
    pub at_ms: Vec<f64>,
    /// Replicas or workers before.
    pub from: Vec<f64>,
    /// Replicas or workers asked for.
    pub to: Vec<f64>,
}

/// A look that changed something, or from which on something else holds the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Index into the report's autoscalers.
    pub autoscaler: usize,
    /// Index into that autoscaler's looks; people count from 1.
    pub look: usize,
    /// Milliseconds since the start of the run.
    pub at_ms: f64,
    /// Whether a replica count was written; otherwise only the reason changed.
    pub acts: bool,
    /// Why.
    pub explanation: Explanation,
}

/// Why an autoscaler answered as it did at one look.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// As `HPA ray-serve-hpa · decision 13 at 3m 00s`.
    pub title: String,
    /// Replicas or workers before.
    pub from: f64,
    /// Replicas or workers asked for.
    pub to: f64,
    /// Beside the big numbers, as `wants 14, held by maxReplicas`; empty where nothing bound.
    pub note: Message,
    /// The chain, in the order the rules ran.
    pub steps: Vec<LedgerStep>,
    /// What other values would have led to, as `maxReplicas 9 → 8`, each with its change. Empty in
    /// a report: they are made for one look at a time.
    pub alternatives: Vec<Alternative>,
    /// As kubectl prints them; empty for autoscalers that have none.
    pub conditions: Vec<Condition>,
    /// Events as kubectl prints them: `Normal SuccessfulRescale New size: 5; reason: …`.
    pub events: Vec<String>,
}

impl Explanation {
    /// The last formula, or else what was seen first and what followed from it last; everything
    /// where no step has a result.
    pub fn in_short(&self) -> String {
        if let Some(step) = self.steps.iter().rev().find(|it| !it.formula.is_empty()) {
            return step.formula.to_string();
        }
        let told = |it: &LedgerStep| it.text.to_string();
        let Some(last) = self.steps.iter().rposition(|it| !it.result.is_empty()) else {
            return self.steps.iter().map(told).collect::<Vec<_>>().join(" ");
        };
        let first = self.steps.iter().take(last.min(1)).map(told);
        first.chain([told(&self.steps[last])]).collect::<Vec<_>>().join(" ")
    }
}

/// One rule at work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LedgerStep {
    /// Stable name of the rule, as `scale-up-limit`.
    pub rule: String,
    /// As `Scale-up policies`.
    pub title: String,
    /// On the right side, as `8` or `200 %`.
    pub result: String,
    /// The user's own numbers in upstream's formula, as `ceil(200 / 60 × 4) = 14`.
    pub formula: Message,
    /// A sentence.
    pub text: Message,
    /// Whether this rule decided the answer against what was wanted.
    pub binds: bool,
    /// The field of the text that the rule reads.
    pub span: Option<Span>,
    /// Where the rule stands upstream.
    pub source: Source,
    /// Chapter of the book that explains it, as `hpa/tolerance.html`, or empty.
    pub chapter: String,
    /// Every metric's proposal, on the step that leaves one count of them.
    pub metrics: Vec<MetricRow>,
    /// What each pod counted as, where the rule counts pods. Empty in a report: it is told for one
    /// look at a time.
    pub pods: Vec<PodGroup>,
}

/// One metric among several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MetricRow {
    /// As `cpu`.
    pub name: String,
    /// What it shows, as `200 %` or `500m`.
    pub current: String,
    /// What it should show, as `60 %`.
    pub target: String,
    /// The ratio that its proposal was made of, as `3.33`.
    pub ratio: String,
    /// How many replicas it asks for; empty if it failed.
    pub proposal: String,
    /// Why it gives no answer, as upstream says it, or empty.
    pub error: String,
    /// Whether its proposal is the one that counts.
    pub wins: bool,
}

/// Pods that counted as the same, for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PodGroup {
    /// As what.
    pub counted: PodCount,
    /// The same as a word or an amount: `100 %`.
    pub label: String,
    /// Why, as `not ready yet`.
    pub reason: String,
    /// Their names.
    pub pods: Vec<String>,
}

/// As what a pod counts for a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PodCount {
    /// With its sample.
    Counted,
    /// As using all that it should: all of its request, or the target if that is more.
    Full,
    /// As using nothing.
    Zero,
    /// Not at all.
    Ignored,
}

/// Where a rule stands upstream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// As `kubernetes 1.37`.
    pub project: String,
    /// As `pkg/controller/podautoscaler/horizontal.go`.
    pub path: String,
    /// As `convertDesiredReplicasWithBehaviorRate`.
    pub function: String,
}

/// Another value of one field and what the same look would have answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Alternative {
    /// As `maxReplicas 9 → 8`.
    pub message: Message,
    /// The change that does it.
    pub fix: Fix,
}

/// One condition of a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// As `ScalingLimited`.
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// As `TooManyReplicas`.
    pub reason: String,
    /// As upstream writes it.
    pub message: String,
}

/// A field that bound decisions for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Binding {
    /// Index into the report's autoscalers.
    pub autoscaler: usize,
    /// The field's value in the text.
    pub span: Span,
    /// As `binds from 3m 00s to 19m 15s`.
    pub message: Message,
    /// Milliseconds since the start of the run.
    pub from_ms: f64,
    /// Milliseconds since the start of the run.
    pub to_ms: f64,
    /// A value with which it would not bind, as `try 9`.
    pub fix: Option<Fix>,
}
