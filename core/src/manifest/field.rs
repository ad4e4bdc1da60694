//! Fields by name, so that a number in an explanation can point at its line.

use std::fmt;

use super::Document;
use crate::source::Span;
use crate::yaml::edit::{Step, steps};

/// A field that a decision can come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// An HPA's `scaleTargetRef`.
    ScaleTarget,
    /// An HPA's `minReplicas`.
    MinReplicas,
    /// An HPA's `maxReplicas`.
    MaxReplicas,
    /// The target of the metric at this place of `metrics`.
    MetricTarget(usize),
    /// An HPA's `behavior`, as a whole.
    Behavior,
    /// `stabilizationWindowSeconds` on the way up or down.
    StabilizationWindow(Direction),
    /// `selectPolicy` on the way up or down.
    SelectPolicy(Direction),
    /// The policy at this place on the way up or down.
    Policy(Direction, usize),
    /// `tolerance` on the way up or down.
    Tolerance(Direction),
    /// A workload's `replicas`.
    Replicas,
    /// `minReplicas` of the worker group at this place.
    GroupMinReplicas(usize),
    /// `maxReplicas` of the worker group at this place.
    GroupMaxReplicas(usize),
    /// `replicas` of the worker group at this place.
    GroupReplicas(usize),
    /// `numOfHosts` of the worker group at this place.
    GroupNumOfHosts(usize),
    /// `idleTimeoutSeconds` of the worker group at this place.
    GroupIdleTimeout(usize),
    /// `template` of the worker group at this place.
    GroupTemplate(usize),
    /// The cluster's `upscalingMode`.
    UpscalingMode,
    /// The cluster's `idleTimeoutSeconds`.
    IdleTimeout,
}

/// Which way the replica count goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// More replicas.
    Up,
    /// Fewer replicas.
    Down,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Up => "scaleUp",
            Self::Down => "scaleDown",
        })
    }
}

impl Document {
    /// Where `field` stands: its value, or what is nearest around it where it is left out.
    pub fn span_of(&self, field: &Field) -> Span {
        match field {
            Field::MetricTarget(index) => self.metric_target(*index),
            _ => self.span_at(&self.path_of(field)),
        }
    }

    /// Where `field` is written, as a path. In a ScaledObject the fields of its HPA have other
    /// places.
    pub fn path_of(&self, field: &Field) -> String {
        let scaled_object = matches!(self.body, super::Body::ScaledObject(_));
        let (min, max, behavior) = if scaled_object {
            let config = "spec.advanced.horizontalPodAutoscalerConfig.behavior";
            ("spec.minReplicaCount", "spec.maxReplicaCount", config)
        } else {
            ("spec.minReplicas", "spec.maxReplicas", "spec.behavior")
        };
        let cluster = self.ray_cluster().map_or("spec", |it| it.path.as_str());
        let group = |index: &usize, name| format!("{cluster}.workerGroupSpecs[{index}].{name}");
        match field {
            Field::ScaleTarget => "spec.scaleTargetRef".to_owned(),
            Field::MinReplicas => min.to_owned(),
            Field::MaxReplicas => max.to_owned(),
            Field::MetricTarget(_) => "spec.metrics".to_owned(),
            Field::Behavior => behavior.to_owned(),
            Field::StabilizationWindow(direction) => {
                format!("{behavior}.{direction}.stabilizationWindowSeconds")
            }
            Field::SelectPolicy(direction) => format!("{behavior}.{direction}.selectPolicy"),
            Field::Policy(direction, index) => {
                format!("{behavior}.{direction}.policies[{index}]")
            }
            Field::Tolerance(direction) => format!("{behavior}.{direction}.tolerance"),
            Field::Replicas => "spec.replicas".to_owned(),
            Field::GroupMinReplicas(index) => group(index, "minReplicas"),
            Field::GroupMaxReplicas(index) => group(index, "maxReplicas"),
            Field::GroupReplicas(index) => group(index, "replicas"),
            Field::GroupNumOfHosts(index) => group(index, "numOfHosts"),
            Field::GroupIdleTimeout(index) => group(index, "idleTimeoutSeconds"),
            Field::GroupTemplate(index) => group(index, "template"),
            Field::UpscalingMode => format!("{cluster}.autoscalerOptions.upscalingMode"),
            Field::IdleTimeout => format!("{cluster}.autoscalerOptions.idleTimeoutSeconds"),
        }
    }

    /// Where the value at `path` stands, or the key of the last mapping on the way to it.
    pub fn span_at(&self, path: &str) -> Span {
        let mut node = &self.root;
        let mut span = self.kind.span;
        for step in steps(path) {
            match step {
                Step::Key(key) => {
                    let Some(entry) = node.entry(&key).filter(|it| !it.value.is_null()) else {
                        return span;
                    };
                    (span, node) = (entry.key_span, &entry.value);
                }
                Step::Index(index) => {
                    let Some(item) = node.items().get(index) else { return span };
                    (span, node) = (item.span, item);
                }
            }
        }
        if node.text().is_some() { node.span } else { span }
    }

    fn metric_target(&self, index: usize) -> Span {
        let hpa = match &self.body {
            super::Body::Hpa(hpa) => hpa,
            super::Body::ScaledObject(it) => return it.metric_span(index),
            _ => return self.kind.span,
        };
        let Some((_, metric)) = hpa.accepted_metrics(&self.refused).nth(index) else {
            return hpa.spec_span;
        };
        let Some(target) = metric.source().map(|it| &it.target) else { return metric.span };
        let number = target.average_utilization.map(|it| it.span);
        let quantity = target.average_value.as_ref().or(target.value.as_ref());
        number.or(quantity.map(|it| it.span)).unwrap_or(target.span)
    }
}
