//! What a text tells of an HPA: the answer of its last look, as someone printed it.

use crate::hpa::{Behavior, MetricSpec};
use crate::source::Span;
use crate::yaml::Spanned;

/// Where it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// `status` of the manifest.
    #[default]
    Status,
    /// `kubectl describe hpa`.
    Describe,
    /// The table of `kubectl get hpa`.
    Table,
}

/// What is told of one HPA.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Where.
    pub source: Source,
    /// `metadata.name`.
    pub name: Spanned<String>,
    /// `metadata.namespace`, where it is told.
    pub namespace: Option<String>,
    /// Kind and name of what it scales.
    pub target: Option<(String, String)>,
    /// `spec.minReplicas`.
    pub min_replicas: Option<i32>,
    /// `spec.maxReplicas`.
    pub max_replicas: Option<i32>,
    /// `spec.behavior`, defaults filled in.
    pub behavior: Option<Behavior>,
    /// `status.currentReplicas`: the count *before* the last look's own change.
    pub current_replicas: Option<Spanned<i32>>,
    /// `status.desiredReplicas`.
    pub desired_replicas: Option<i32>,
    /// The metrics in the order of `spec.metrics`.
    pub metrics: Vec<ToldMetric>,
    /// How many more there are that are not told.
    pub more_metrics: usize,
    /// `status.conditions`.
    pub conditions: Vec<ToldCondition>,
}

impl Told {
    /// The condition of that type.
    pub fn condition(&self, kind: &str) -> Option<&ToldCondition> {
        self.conditions.iter().find(|it| it.kind == kind)
    }

    /// Whether it is about the HPA of that name: a text without a namespace is about any.
    pub fn is_about(&self, namespace: &str, name: &str) -> bool {
        self.name.value == name && self.namespace.as_deref().is_none_or(|it| it == namespace)
    }
}

/// One metric.
#[derive(Clone, Debug)]
pub struct ToldMetric {
    /// Its entry of `spec.metrics` as far as it is told; a status tells none.
    pub spec: Option<MetricSpec>,
    /// Whether the entry's type or name is a guess: a table names neither.
    pub is_guess: bool,
    /// What it shows.
    pub current: Current,
    /// Where that stands.
    pub span: Span,
}

/// What a metric shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Current {
    /// It failed, or was not read.
    Unknown,
    /// Percent of the requests, truncated, and the average where it is told.
    Utilization {
        /// Percent.
        percent: i32,
        /// Usage divided by the pods, in thousandths.
        average_milli: Option<i64>,
    },
    /// A value or an average, in thousandths.
    Milli(i64),
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldCondition {
    /// As `AbleToScale`.
    pub kind: String,
    /// Whether it is `True`.
    pub status: bool,
    /// As `ScaleDownStabilized`.
    pub reason: String,
    /// A sentence.
    pub message: String,
}
