//! What metrics, limits and windows are called, and where they stand.

use crate::hpa::{Cause, Limit, MetricSpec, MetricStatus, Spec};
use crate::manifest::field::{Direction, Field};
use crate::sim::HpaLook;

/// Where the stabilization window is set: without `behavior` it is the controller's.
pub(super) fn window_name(spec: &Spec) -> &'static str {
    if spec.behavior.is_some() {
        "stabilizationWindowSeconds"
    } else {
        "--horizontal-pod-autoscaler-downscale-stabilization"
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
        None => String::new(),
    }
}

/// The error of a metric, as the event of that look tells it.
pub(super) fn failure_text(look: &HpaLook, metric: usize) -> String {
    let failed = look.trace.causes.iter().filter_map(|it| match it {
        Cause::MetricFailed { metric, .. } => Some(*metric),
        _ => None,
    });
    let position = failed.take_while(|it| *it != metric).count();
    let mut events = look.decision.events.iter().filter(|it| it.reason.starts_with("FailedGet"));
    events.nth(position).map_or_else(String::new, |it| it.message.clone())
}

/// What the HPA saw of its first utilization metric, in percent.
pub(crate) fn utilization_seen(look: &HpaLook) -> Option<f64> {
    look.status.current_metrics.iter().find_map(|it| match it {
        MetricStatus::Utilization { average_utilization, .. } => {
            Some(f64::from(*average_utilization))
        }
        MetricStatus::Failed | MetricStatus::AverageValue(_) | MetricStatus::Value(_) => None,
    })
}
