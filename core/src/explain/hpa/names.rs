//! What metrics and limits are called, where they stand, and how their amounts print.

use crate::explain::number::{bytes, is_exact, milli, percent};
use crate::explain::phrase::{Binding, Bound};
use crate::hpa::ValueTarget;
use crate::hpa::{
    Cause, Failure, Limit, MetricSpec, MetricStatus, ResourceName, ResourceTarget, Spec,
};
use crate::manifest::field::{Direction, Field};
use crate::report::Language;
use crate::sim::HpaLook;

/// What a limit is called beside the big numbers.
pub(super) const fn binding(limit: &Limit) -> Binding<'static> {
    match limit {
        Limit::ScaleUpFactor { .. } => Binding::Factor,
        _ => Binding::Field(limit_name(limit)),
    }
}

/// The field that a limit stands in.
pub(crate) const fn limit_name(limit: &Limit) -> &'static str {
    match limit {
        Limit::MaxReplicas => "maxReplicas",
        Limit::MinReplicas => "minReplicas",
        Limit::ScaleUpFactor { .. } => "max(2 × current, 4)",
        Limit::ScaleUpPolicy(_) => "behavior.scaleUp",
        Limit::ScaleDownPolicy(_) => "behavior.scaleDown",
    }
}

/// The field that a limit stands in, to point at.
pub(crate) fn limit_field(limit: &Limit) -> Option<Field> {
    match limit {
        Limit::MaxReplicas => Some(Field::MaxReplicas),
        Limit::MinReplicas => Some(Field::MinReplicas),
        Limit::ScaleUpFactor { .. } => None,
        Limit::ScaleUpPolicy(policy) => Some(policy_field(Direction::Up, policy.policy)),
        Limit::ScaleDownPolicy(policy) => Some(policy_field(Direction::Down, policy.policy)),
    }
}

fn policy_field(direction: Direction, policy: Option<usize>) -> Field {
    match policy {
        Some(index) => Field::Policy(direction, index),
        None => Field::SelectPolicy(direction),
    }
}

/// What a metric is called: `cpu`, or the custom metric's name.
pub(crate) fn metric_name(spec: &Spec, metric: usize) -> String {
    match spec.metrics.get(metric) {
        Some(MetricSpec::Resource { name, .. }) => name.to_string(),
        Some(MetricSpec::ContainerResource { name, container, .. }) => {
            format!("{name} ({container})")
        }
        Some(
            MetricSpec::Pods { metric, .. }
            | MetricSpec::Object { metric, .. }
            | MetricSpec::External { metric, .. },
        ) => metric.name.clone(),
        Some(MetricSpec::Unknown(kind)) => kind.clone(),
        None => String::new(),
    }
}

/// What a metric is formed of; each has functions of its own upstream.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Utilization,
    Average,
    ObjectValue,
    ObjectAverage,
    ExternalValue,
    ExternalAverage,
}

impl Kind {
    pub(super) fn of(spec: &Spec, metric: usize) -> Self {
        match spec.metrics.get(metric) {
            Some(
                MetricSpec::Resource { target: ResourceTarget::AverageUtilization(_), .. }
                | MetricSpec::ContainerResource {
                    target: ResourceTarget::AverageUtilization(_), ..
                },
            ) => Self::Utilization,
            Some(MetricSpec::Object { target: Some(ValueTarget::AverageValue(_)), .. }) => {
                Self::ObjectAverage
            }
            Some(MetricSpec::Object { .. }) => Self::ObjectValue,
            Some(MetricSpec::External { target: ValueTarget::AverageValue(_), .. }) => {
                Self::ExternalAverage
            }
            Some(MetricSpec::External { .. }) => Self::ExternalValue,
            Some(
                MetricSpec::Resource { .. }
                | MetricSpec::ContainerResource { .. }
                | MetricSpec::Pods { .. }
                | MetricSpec::Unknown(_),
            )
            | None => Self::Average,
        }
    }

    /// The rule that measures.
    pub(super) const fn metric_rule(self) -> &'static str {
        match self {
            Self::Utilization => "metric-utilization",
            Self::Average => "metric-average",
            Self::ObjectValue => "metric-object-value",
            Self::ObjectAverage => "metric-object-average",
            Self::ExternalValue => "metric-external-value",
            Self::ExternalAverage => "metric-external-average",
        }
    }

    /// The rule that fills in pods without a usable sample; only metrics of pods have it.
    pub(super) const fn filled_in_rule(self) -> &'static str {
        match self {
            Self::Utilization => "filled-in-utilization",
            _ => "filled-in-average",
        }
    }

    /// The rule that makes a count of it.
    pub(super) const fn proposal_rule(self) -> &'static str {
        match self {
            Self::Utilization => "proposal-utilization",
            Self::Average => "proposal-average",
            Self::ObjectValue => "proposal-object-value",
            Self::ObjectAverage => "proposal-object-average",
            Self::ExternalValue => "proposal-external-value",
            Self::ExternalAverage => "proposal-external-average",
        }
    }
}

/// An amount of a metric, as it prints: memory in binary units.
pub(super) fn amount(spec: &Spec, metric: usize, amount_milli: i64) -> String {
    if is_memory(spec, metric) { bytes(amount_milli) } else { milli(amount_milli) }
}

/// A level of a metric: percent for a utilization, else an amount.
pub(super) fn level(spec: &Spec, metric: usize, level: i64, language: Language) -> String {
    match Kind::of(spec, metric) {
        Kind::Utilization => percent(level, language),
        _ => amount(spec, metric, level),
    }
}

/// Where the levels of one proposal end, as it prints.
pub(super) struct Edge {
    level: String,
    /// Whether the level itself is not one of them.
    is_beyond: bool,
}

impl Edge {
    pub(super) fn bound(&self) -> Bound<'_> {
        if self.is_beyond { Bound::Beyond(&self.level) } else { Bound::At(&self.level) }
    }
}

/// `level` as the last of the levels with one proposal. Where it prints in thousandths and its
/// neighbour, the first of the other levels, `outward` (1 or -1) from it, does not, that is told:
/// above 550k, not 550000001m or more.
pub(super) fn edge(
    spec: &Spec,
    metric: usize,
    edge: i64,
    outward: i64,
    language: Language,
) -> Edge {
    let is_plain = |milli: i64| match Kind::of(spec, metric) {
        Kind::Utilization => true,
        _ if is_memory(spec, metric) => is_exact(milli),
        _ => milli % 1000 == 0,
    };
    let neighbour = edge.saturating_add(outward);
    if !is_plain(edge) && is_plain(neighbour) {
        return Edge { level: level(spec, metric, neighbour, language), is_beyond: true };
    }
    let about = if is_memory(spec, metric) && !is_plain(edge) { "≈ " } else { "" };
    Edge { level: format!("{about}{}", level(spec, metric, edge, language)), is_beyond: false }
}

fn is_memory(spec: &Spec, metric: usize) -> bool {
    matches!(
        spec.metrics.get(metric),
        Some(
            MetricSpec::Resource { name: ResourceName::Memory, .. }
                | MetricSpec::ContainerResource { name: ResourceName::Memory, .. }
        )
    )
}

/// The target of a metric, as it prints.
pub(crate) fn target(spec: &Spec, metric: usize, language: Language) -> String {
    let target = match spec.metrics.get(metric) {
        Some(
            MetricSpec::Resource { target, .. } | MetricSpec::ContainerResource { target, .. },
        ) => match *target {
            ResourceTarget::AverageUtilization(target) => i64::from(target),
            ResourceTarget::AverageValue(target) => target,
        },
        Some(MetricSpec::Pods { target_average_value_milli: target, .. }) => *target,
        Some(
            MetricSpec::Object { target: Some(target), .. } | MetricSpec::External { target, .. },
        ) => match *target {
            ValueTarget::Value(target) | ValueTarget::AverageValue(target) => target,
        },
        Some(MetricSpec::Object { target: None, .. } | MetricSpec::Unknown(_)) | None => {
            return String::new();
        }
    };
    level(spec, metric, target, language)
}

/// Where the controller asks for a metric that is not a resource, below the API server.
///
/// Upstream: kubernetes 1.37 staging/src/k8s.io/metrics/pkg/client/custom_metrics
/// `versioned_client.go`, external_metrics `client.go`; the plural of a kind as
/// staging/src/k8s.io/apimachinery/pkg/api/meta `UnsafeGuessKindToResource` guesses it.
pub(super) fn api_path(spec: &Spec, metric: usize) -> Option<String> {
    let namespace = &spec.namespace;
    let custom = format!("/apis/custom.metrics.k8s.io/v1beta2/namespaces/{namespace}");
    match spec.metrics.get(metric)? {
        MetricSpec::Pods { metric, .. } => Some(format!("{custom}/pods/*/{}", metric.name)),
        MetricSpec::Object { kind, name, metric, .. } => {
            let kind = kind.to_lowercase();
            let plural = match (kind.strip_suffix('y'), kind.ends_with('s')) {
                (Some(stem), _) => format!("{stem}ies"),
                (None, true) => format!("{kind}es"),
                (None, false) => format!("{kind}s"),
            };
            Some(format!("{custom}/{plural}/{name}/{}", metric.name))
        }
        MetricSpec::External { metric, .. } => {
            let api = "/apis/external.metrics.k8s.io/v1beta1";
            Some(format!("{api}/namespaces/{namespace}/{}", metric.name))
        }
        MetricSpec::Resource { .. }
        | MetricSpec::ContainerResource { .. }
        | MetricSpec::Unknown(_) => None,
    }
}

/// The error of a metric, as the event of that look tells it.
pub(super) fn failure_text(look: &HpaLook, metric: usize) -> String {
    let failed = || {
        look.trace.causes.iter().filter_map(|it| match it {
            Cause::MetricFailed { metric, failure } => Some((*metric, *failure)),
            _ => None,
        })
    };
    // A metric that is switched off has no event.
    if failed().any(|it| it == (metric, Failure::GateOff)) {
        return "HPAContainerMetrics=false".to_owned();
    }
    let before = failed().take_while(|(it, _)| *it != metric);
    let position = before.filter(|(_, failure)| *failure != Failure::GateOff).count();
    let is_failure =
        |reason: &str| reason.starts_with("FailedGet") || reason == "InvalidMetricSourceType";
    let mut events = look.decision.events.iter().filter(|it| is_failure(it.reason));
    events.nth(position).map_or_else(String::new, |it| it.message.clone())
}

/// What the HPA saw of a metric: percent for a utilization; millicores, bytes or the value itself
/// otherwise.
pub(crate) fn value_seen(look: &HpaLook, metric: usize) -> Option<f64> {
    Some(match look.status.current_metrics.get(metric)? {
        MetricStatus::Utilization { average_utilization, .. } => f64::from(*average_utilization),
        MetricStatus::AverageValue(milli) | MetricStatus::Value(milli) => *milli as f64 / 1000.0,
        MetricStatus::Failed => return None,
    })
}
