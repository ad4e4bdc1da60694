//! What an HPA was asked to do: defaulted and validated, in the API's words.
//!
//! Quantities are milli units, as the controller reads them (`MilliValue`): `0.5` cores are 500 and
//! one byte is 1000. Reading YAML, filling in defaults and refusing what the API server refuses is
//! done before; the defaults that need no text stand here as constructors.
//!
//! Upstream: kubernetes 1.37 staging/src/k8s.io/api/autoscaling/v2/types.go
//! `HorizontalPodAutoscalerSpec`, pkg/apis/autoscaling/v2/defaults.go.

use std::collections::BTreeMap;
use std::fmt;

use super::Rules;
use crate::time::Duration;

/// One HorizontalPodAutoscaler.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// Namespace of the HPA; it appears in error texts.
    pub namespace: String,
    /// Lower bound, from 0.
    pub min_replicas: i32,
    /// Upper bound, not below `min_replicas`.
    pub max_replicas: i32,
    /// `metadata.generation`: how often the spec was written.
    pub generation: i64,
    /// At least one; the largest proposal wins.
    pub metrics: Vec<MetricSpec>,
    /// How fast the count may move. Absent is not the same as `behavior: {}`: see
    /// [`limits`](super::limits) and [`behavior`](super::behavior).
    pub behavior: Option<Behavior>,
    /// Flags of the controller.
    pub settings: Settings,
}

impl Spec {
    /// An HPA as the API server completes it when only the bounds are given: CPU at 80 %.
    pub fn new(min_replicas: i32, max_replicas: i32) -> Self {
        Self {
            namespace: "default".to_owned(),
            generation: 1,
            min_replicas,
            max_replicas,
            metrics: vec![MetricSpec::Resource {
                name: ResourceName::Cpu,
                target: ResourceTarget::AverageUtilization(80),
            }],
            behavior: None,
            settings: Settings::default(),
        }
    }
}

/// A resource of pods and containers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResourceName {
    /// `cpu`. Only for this one does the readiness of pods matter.
    Cpu,
    /// `memory`.
    Memory,
    /// Any other name. The metrics API knows none, so such a metric fails.
    Other(String),
}

impl ResourceName {
    /// As the API spells it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for ResourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One entry of `spec.metrics`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetricSpec {
    /// Usage of whole pods.
    Resource {
        /// Which resource.
        name: ResourceName,
        /// How much of it.
        target: ResourceTarget,
    },
    /// Usage of one container of each pod.
    ContainerResource {
        /// Which resource.
        name: ResourceName,
        /// Which container.
        container: String,
        /// How much of it.
        target: ResourceTarget,
    },
    /// A custom metric of each pod.
    Pods {
        /// Which metric.
        metric: MetricIdentifier,
        /// Average over the pods, in milli units.
        target_average_value_milli: i64,
    },
    /// A custom metric of one other object.
    Object {
        /// Kind of the object.
        kind: String,
        /// Name of the object.
        name: String,
        /// Which metric.
        metric: MetricIdentifier,
        /// `None` if `target.type` names a field that is not set: the API server accepts that, and
        /// the controller then reports an error.
        target: Option<ValueTarget>,
    },
    /// A metric from outside the cluster, summed over its series.
    External {
        /// Which metric.
        metric: MetricIdentifier,
        /// The target; `averageValue` goes before `value`.
        target: ValueTarget,
    },
    /// A type that the controller does not know. The API server refuses it, so that only a release
    /// that knows less than the one before it meets one.
    Unknown(String),
}

/// Target of a Resource or ContainerResource metric. The fields decide, not `target.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceTarget {
    /// Percent of the requests, from 1.
    AverageUtilization(i32),
    /// Average over the pods, in milli units.
    AverageValue(i64),
}

/// Target of an Object or External metric, in milli units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueTarget {
    /// The value itself; the replica count follows its ratio.
    Value(i64),
    /// The value divided by the replica count.
    AverageValue(i64),
}

/// Name and label selector of a custom or external metric.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetricIdentifier {
    /// Its name.
    pub name: String,
    /// Which series of it.
    pub selector: Option<LabelSelector>,
}

impl MetricIdentifier {
    /// A metric without a selector.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), selector: None }
    }

    /// The selector as upstream prints it.
    pub(super) fn selector_text(&self) -> String {
        self.selector.as_ref().map_or_else(|| "nil".to_owned(), LabelSelector::to_string)
    }
}

/// A label selector, kept because upstream prints it in names and errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    /// `matchLabels`.
    pub match_labels: BTreeMap<String, String>,
    /// `matchExpressions`.
    pub match_expressions: Vec<LabelSelectorRequirement>,
}

/// One `matchExpressions` entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelectorRequirement {
    /// The label.
    pub key: String,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    pub operator: String,
    /// For `In` and `NotIn`.
    pub values: Vec<String>,
}

/// Go's `%+v` of the generated type.
///
/// Upstream: kubernetes 1.37 staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/generated.pb.go
/// `(*LabelSelector).String`.
impl fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("&LabelSelector{MatchLabels:map[string]string{")?;
        for (key, value) in &self.match_labels {
            write!(f, "{key}: {value},")?;
        }
        f.write_str("},MatchExpressions:[]LabelSelectorRequirement{")?;
        for LabelSelectorRequirement { key, operator, values } in &self.match_expressions {
            let values = values.join(" ");
            write!(
                f,
                "LabelSelectorRequirement{{Key:{key},Operator:{operator},Values:[{values}],}},"
            )?;
        }
        f.write_str("},}")
    }
}

/// `spec.behavior`, both directions filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Behavior {
    /// Rules on the way up.
    pub scale_up: ScalingRules,
    /// Rules on the way down.
    pub scale_down: ScalingRules,
}

/// What `behavior: {}` means.
impl Default for Behavior {
    fn default() -> Self {
        Self {
            scale_up: ScalingRules::default_scale_up(),
            scale_down: ScalingRules::default_scale_down(),
        }
    }
}

/// Rules of one direction.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalingRules {
    /// How far back recommendations are remembered. `None` is the controller's
    /// [`Settings::downscale_stabilization`] on the way down and nothing on the way up.
    pub stabilization_window: Option<Duration>,
    /// Which policy counts when there are several.
    pub select_policy: SelectPolicy,
    /// At least one.
    pub policies: Vec<ScalingPolicy>,
    /// Share of the target; `None` is the controller's [`Settings::tolerance`]. A quantity is
    /// converted as `mantissa * 10^scale` in doubles, so `9m` is 0.009000000000000001.
    pub tolerance: Option<f64>,
}

impl ScalingRules {
    /// 4 pods or 100 % in 15 s, the larger.
    pub fn default_scale_up() -> Self {
        let period = Duration::from_seconds(15);
        Self {
            stabilization_window: Some(Duration::ZERO),
            select_policy: SelectPolicy::Max,
            policies: vec![ScalingPolicy::pods(4, period), ScalingPolicy::percent(100, period)],
            tolerance: None,
        }
    }

    /// 100 % in 15 s.
    pub fn default_scale_down() -> Self {
        Self {
            stabilization_window: None,
            select_policy: SelectPolicy::Max,
            policies: vec![ScalingPolicy::percent(100, Duration::from_seconds(15))],
            tolerance: None,
        }
    }
}

/// Which of several policies counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectPolicy {
    /// The largest change.
    Max,
    /// The smallest change.
    Min,
    /// No change in this direction.
    Disabled,
}

/// At most `value` pods or percent within `period`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScalingPolicy {
    /// What `value` counts.
    pub kind: PolicyKind,
    /// From 1.
    pub value: i32,
    /// Whole seconds, 1 to 1800.
    pub period: Duration,
}

impl ScalingPolicy {
    /// At most `value` pods within `period`.
    pub const fn pods(value: i32, period: Duration) -> Self {
        Self { kind: PolicyKind::Pods, value, period }
    }

    /// At most `value` percent within `period`.
    pub const fn percent(value: i32, period: Duration) -> Self {
        Self { kind: PolicyKind::Percent, value, period }
    }
}

/// What a policy's value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    /// Pods.
    Pods,
    /// Percent of the replicas at the start of the period.
    Percent,
}

/// Flags of kube-controller-manager that a decision depends on.
///
/// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/config/v1alpha1/defaults.go
/// `RecommendedDefaultHPAControllerConfiguration`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// `--horizontal-pod-autoscaler-downscale-stabilization`.
    pub downscale_stabilization: Duration,
    /// `--horizontal-pod-autoscaler-tolerance`, as a share of the target.
    pub tolerance: f64,
    /// `--horizontal-pod-autoscaler-cpu-initialization-period`.
    pub cpu_initialization_period: Duration,
    /// `--horizontal-pod-autoscaler-initial-readiness-delay`.
    pub initial_readiness_delay: Duration,
    /// What the release does.
    pub rules: Rules,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            downscale_stabilization: Duration::from_seconds(300),
            tolerance: 0.1,
            cpu_initialization_period: Duration::from_seconds(300),
            initial_readiness_delay: Duration::from_seconds(30),
            rules: Rules::default(),
        }
    }
}
