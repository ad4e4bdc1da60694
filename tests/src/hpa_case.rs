//! The language of cases for the HPA, which the oracle in `oracle/hpa` reads too: one JSON line
//! each. Times are milliseconds relative to the sync. What is usual is left out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Asks the replica calculator about one metric.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CalculatorCase {
    /// The metric.
    #[serde(flatten)]
    pub metric: CaseMetric,
    /// What its API answers.
    #[serde(flatten)]
    pub reading: CaseReading,
    /// Feature gates that differ from the version's own.
    #[serde(skip_serializing_if = "is_default")]
    pub gates: BTreeMap<String, bool>,
    /// `scale.spec.replicas`.
    pub spec: i32,
    /// `scale.status.replicas`.
    pub status: i32,
    /// Tolerance downward.
    pub down: f64,
    /// Tolerance upward.
    pub up: f64,
    /// `--horizontal-pod-autoscaler-cpu-initialization-period`.
    pub initialization: i64,
    /// `--horizontal-pod-autoscaler-initial-readiness-delay`.
    pub delay: i64,
    /// The pods.
    pub pods: Vec<CasePod>,
}

/// What the replica calculator returns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CalculatorAnswer {
    /// Its error; the numbers are 0 then.
    #[serde(skip_serializing_if = "is_default")]
    pub error: String,
    /// The proposal.
    pub replicas: i32,
    /// Percent, for a utilization target.
    #[serde(skip_serializing_if = "is_default")]
    pub utilization: i32,
    /// What the status shows, in milli units.
    pub usage: i64,
}

/// One entry of `spec.metrics`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseMetric {
    /// `Resource`, `ContainerResource`, `Pods`, `Object`, `External` or [`UNKNOWN_SOURCE`].
    pub source: String,
    /// `cpu`, `memory` or [`OTHER_RESOURCE`].
    #[serde(skip_serializing_if = "is_default")]
    pub resource: String,
    /// For ContainerResource.
    #[serde(skip_serializing_if = "is_default")]
    pub container: String,
    /// `Utilization`, `AverageValue` or `Value`.
    pub target: String,
    /// The target, in percent or milli units.
    pub goal: i64,
    /// `target.type` names a field that is not set.
    #[serde(skip_serializing_if = "is_default")]
    pub mismatch: bool,
    /// Which series of a custom or external metric.
    #[serde(skip_serializing_if = "is_default")]
    pub selector: Option<CaseSelector>,
}

impl CaseMetric {
    /// Whether source and target fit together.
    pub fn is_whole(&self) -> bool {
        let targets: &[&str] = match self.source.as_str() {
            "Resource" | "ContainerResource" => &["Utilization", "AverageValue"],
            "Pods" => &["AverageValue"],
            "Object" | "External" => &["AverageValue", "Value"],
            // The controller does not look further.
            _ => return self.source == UNKNOWN_SOURCE,
        };
        let is_resource = self.source.ends_with("Resource");
        targets.contains(&self.target.as_str())
            && self.goal > 0
            && is_resource != self.resource.is_empty()
            && (self.source == "ContainerResource") != self.container.is_empty()
    }
}

/// A metric source that the controller does not know.
pub const UNKNOWN_SOURCE: &str = "Queue";

/// The one resource of cases that is neither cpu nor memory.
pub const OTHER_RESOURCE: &str = "example.com/licence";

/// A label selector.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseSelector {
    /// `matchLabels`.
    #[serde(skip_serializing_if = "is_default")]
    pub labels: BTreeMap<String, String>,
    /// `matchExpressions`.
    #[serde(skip_serializing_if = "is_default")]
    pub expressions: Vec<CaseExpression>,
}

/// One `matchExpressions` entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseExpression {
    /// The label.
    pub key: String,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    pub operator: String,
    /// For `In` and `NotIn`.
    #[serde(skip_serializing_if = "is_default")]
    pub values: Vec<String>,
}

/// What a metrics API answers, apart from the samples of pods.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseReading {
    /// Samples of pods that are not listed.
    #[serde(skip_serializing_if = "is_default")]
    pub extra: Vec<i64>,
    /// For Object.
    #[serde(skip_serializing_if = "is_default")]
    pub value: i64,
    /// For External.
    #[serde(skip_serializing_if = "is_default")]
    pub series: Vec<i64>,
    /// The request fails with this text.
    #[serde(skip_serializing_if = "is_default")]
    pub failed: String,
}

/// A pod and its samples, one for each metric (or none).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CasePod {
    /// `Running` if empty.
    #[serde(skip_serializing_if = "is_default")]
    pub phase: String,
    /// Started an hour ago, ready 10 s later and since.
    #[serde(skip_serializing_if = "is_default")]
    pub steady: bool,
    /// Has a deletion timestamp.
    #[serde(skip_serializing_if = "is_default")]
    pub deleting: bool,
    /// `status.startTime`.
    #[serde(skip_serializing_if = "is_default")]
    pub start: Option<i64>,
    /// Status of the Ready condition; none if empty.
    #[serde(skip_serializing_if = "is_default")]
    pub ready: String,
    /// The Ready condition's last transition.
    #[serde(skip_serializing_if = "is_default")]
    pub since: Option<i64>,
    /// One for each container; they are called `c0`, `c1` and so on. Ordinary ones come first.
    #[serde(skip_serializing_if = "is_default")]
    pub requests: Vec<CaseContainer>,
    /// `spec.resources.requests` of the pod.
    #[serde(skip_serializing_if = "is_default")]
    pub whole: Option<CaseRequests>,
    /// `spec.overhead`.
    #[serde(skip_serializing_if = "is_default")]
    pub overhead: Option<CaseRequests>,
    /// One for each metric.
    pub samples: Vec<Option<CaseSample>>,
}

/// Start of a steady pod, relative to the sync.
pub const STEADY_START: i64 = -3_600_000;
/// Since when a steady pod is ready.
pub const STEADY_SINCE: i64 = -3_590_000;

/// A container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseContainer {
    /// What it requests.
    #[serde(flatten)]
    pub requests: CaseRequests,
    /// `sidecar` (an init container that restarts), `init`, or an ordinary one if empty.
    #[serde(skip_serializing_if = "is_default")]
    pub kind: String,
}

/// Requests in milli units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseRequests {
    /// `cpu`.
    #[serde(skip_serializing_if = "is_default")]
    pub cpu: Option<i64>,
    /// `memory`.
    #[serde(skip_serializing_if = "is_default")]
    pub memory: Option<i64>,
    /// [`OTHER_RESOURCE`].
    #[serde(skip_serializing_if = "is_default")]
    pub other: Option<i64>,
}

/// What a metrics API says of a pod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseSample {
    /// In milli units.
    pub value: i64,
    /// When it was taken.
    #[serde(skip_serializing_if = "is_default")]
    pub at: i64,
    /// What it averages over.
    #[serde(skip_serializing_if = "is_default")]
    pub window: i64,
}

/// One HPA over several syncs of the whole controller.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    /// Feature gates that differ from the version's own.
    #[serde(skip_serializing_if = "is_default")]
    pub gates: BTreeMap<String, bool>,
    /// `minReplicas`.
    pub min: i32,
    /// `maxReplicas`.
    pub max: i32,
    /// `spec.metrics`.
    pub metrics: Vec<CaseMetric>,
    /// `spec.behavior`.
    #[serde(skip_serializing_if = "is_default")]
    pub behavior: Option<CaseBehavior>,
    /// `--horizontal-pod-autoscaler-tolerance`.
    pub tolerance: f64,
    /// `--horizontal-pod-autoscaler-downscale-stabilization`.
    pub stabilization: i64,
    /// `--horizontal-pod-autoscaler-cpu-initialization-period`.
    pub initialization: i64,
    /// `--horizontal-pod-autoscaler-initial-readiness-delay`.
    pub delay: i64,
    /// What happens.
    pub syncs: Vec<CaseSync>,
}

/// `spec.behavior`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseBehavior {
    /// `scaleUp`.
    pub up: CaseRules,
    /// `scaleDown`.
    pub down: CaseRules,
}

/// Rules of one direction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseRules {
    /// Seconds.
    #[serde(skip_serializing_if = "is_default")]
    pub window: Option<i32>,
    /// `Max`, `Min` or `Disabled`.
    pub select: String,
    /// At least one.
    pub policies: Vec<CasePolicy>,
    /// A quantity in milli units.
    #[serde(skip_serializing_if = "is_default")]
    pub tolerance: Option<i64>,
}

impl CaseRules {
    /// Whether the API server would take it.
    pub fn is_whole(&self) -> bool {
        let is_whole = |it: &CasePolicy| {
            ["Pods", "Percent"].contains(&it.kind.as_str()) && it.value > 0 && it.period > 0
        };
        ["Max", "Min", "Disabled"].contains(&self.select.as_str())
            && !self.policies.is_empty()
            && self.policies.iter().all(is_whole)
    }
}

/// A scaling policy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CasePolicy {
    /// `Pods` or `Percent`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Pods or percent.
    pub value: i32,
    /// Seconds.
    pub period: i32,
}

/// What the controller sees in one sync, and what happened before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CaseSync {
    /// Since the sync before.
    pub after: i64,
    /// `scale.spec.replicas`, set by someone else in between.
    #[serde(skip_serializing_if = "is_default")]
    pub spec: Option<i32>,
    /// `minReplicas`, edited in between.
    #[serde(skip_serializing_if = "is_default")]
    pub min: Option<i32>,
    /// `maxReplicas`, edited in between.
    #[serde(skip_serializing_if = "is_default")]
    pub max: Option<i32>,
    /// `spec.behavior`, edited in between.
    #[serde(skip_serializing_if = "is_default")]
    pub behavior: Option<CaseBehavior>,
    /// `spec.behavior` was removed, or put back.
    #[serde(skip_serializing_if = "is_default")]
    pub toggle: bool,
    /// The controller was restarted.
    #[serde(skip_serializing_if = "is_default")]
    pub restart: bool,
    /// The HPA was deleted and created anew, so quickly that the controller kept its memory of it.
    #[serde(skip_serializing_if = "is_default")]
    pub recreate: bool,
    /// Another HPA, `default/rival`, has the same selector.
    #[serde(skip_serializing_if = "is_default")]
    pub rival: bool,
    /// `scale.status.replicas`.
    pub status: i32,
    /// The pods.
    pub pods: Vec<CasePod>,
    /// One for each metric.
    pub readings: Vec<CaseReading>,
    /// `scale.status.selector`; the pods have the label `app=web`.
    pub selector: String,
    /// Reading the scale fails.
    #[serde(skip_serializing_if = "is_default")]
    pub get_error: String,
    /// Attempts to write the scale that meet a conflict.
    #[serde(skip_serializing_if = "is_default")]
    pub conflicts: u32,
    /// Writing the scale fails.
    #[serde(skip_serializing_if = "is_default")]
    pub update_error: String,
    /// Writing the status fails.
    #[serde(skip_serializing_if = "is_default")]
    pub status_error: String,
}

/// The state after a sync. Times are milliseconds since the first sync.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SyncAnswer {
    /// `scale.spec.replicas`.
    pub replicas: i32,
    /// `status.currentReplicas`.
    pub current: i32,
    /// `status.desiredReplicas`.
    pub desired: i32,
    /// `status.lastScaleTime`.
    #[serde(skip_serializing_if = "is_default")]
    pub last_scale: Option<i64>,
    /// `status.observedGeneration`.
    #[serde(skip_serializing_if = "is_default")]
    pub observed: Option<i64>,
    /// `status.currentMetrics`.
    #[serde(skip_serializing_if = "is_default")]
    pub metrics: Vec<CaseShown>,
    /// Conditions that differ from the sync before, or are new.
    #[serde(skip_serializing_if = "is_default")]
    pub conditions: Vec<CaseCondition>,
    /// Conditions that went.
    #[serde(skip_serializing_if = "is_default")]
    pub removed: Vec<String>,
    /// Events of the sync.
    #[serde(skip_serializing_if = "is_default")]
    pub events: Vec<CaseEvent>,
    /// Why the selector can't be parsed; of upstream's parser, which is not ours to reproduce.
    #[serde(skip_serializing_if = "is_default")]
    pub selector_error: String,
    /// Recommendation and time.
    pub recommendations: Vec<(i32, i64)>,
    /// Change, time, whether outdated.
    #[serde(skip_serializing_if = "is_default")]
    pub up: Vec<(i32, i64, u8)>,
    /// Change, time, whether outdated.
    #[serde(skip_serializing_if = "is_default")]
    pub down: Vec<(i32, i64, u8)>,
}

/// One entry of `status.currentMetrics`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseShown {
    /// Its source; empty if the metric failed.
    #[serde(rename = "type", skip_serializing_if = "is_default")]
    pub kind: String,
    /// `averageUtilization`.
    #[serde(skip_serializing_if = "is_default")]
    pub utilization: Option<i32>,
    /// `averageValue`.
    #[serde(skip_serializing_if = "is_default")]
    pub average: String,
    /// `value`.
    #[serde(skip_serializing_if = "is_default")]
    pub value: String,
}

/// A condition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseCondition {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// `True` or `False`.
    pub status: String,
    /// One word.
    pub reason: String,
    /// A sentence.
    pub message: String,
    /// `lastTransitionTime`.
    pub since: i64,
}

/// An event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseEvent {
    /// `Normal` or `Warning`.
    #[serde(rename = "type")]
    pub kind: String,
    /// One word.
    pub reason: String,
    /// A sentence.
    pub message: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
