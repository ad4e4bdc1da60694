//! HorizontalPodAutoscaler, `autoscaling/v2` and `autoscaling/v1`.
//!
//! Values as they are written; [`Hpa::defaults`] lists what the API server fills in, and
//! [`refusals`] what it refuses, which depends on the release.
//!
//! Upstream: api 0.37 autoscaling/v2/types.go, autoscaling/v1/types.go.

pub(super) mod behavior;
mod defaults;
mod json;
mod metric;
mod v1;
mod v2;
mod validation;

#[cfg(test)]
mod tests;

pub use behavior::{Behavior, ScalingPolicy, ScalingRules};
pub use defaults::Default;
pub use metric::{Metric, MetricIdentifier, Source, SourceKind, Target};
pub(super) use v1::v1;
pub(super) use v2::v2;
pub(super) use validation::refuse_behavior;
pub use validation::{dropped, edit_refusals, refusals, refuses};

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::Spanned;

/// A HorizontalPodAutoscaler.
#[derive(Clone, Debug)]
pub struct Hpa {
    /// `spec.scaleTargetRef`.
    pub target: ObjectReference,
    /// `spec.minReplicas`; 1 if absent.
    pub min_replicas: Option<Spanned<i32>>,
    /// `spec.maxReplicas`; the API server refuses an HPA without it.
    pub max_replicas: Option<Spanned<i32>>,
    /// `spec.metrics`; CPU at 80 % if empty.
    pub metrics: Vec<Metric>,
    /// `spec.behavior`. Absent is not the same as empty.
    pub behavior: Option<Behavior>,
    /// Where `maxReplicas` stands, or where `spec` begins.
    pub max_span: Span,
    /// Where `spec` begins, for what is missing in it.
    pub spec_span: Span,
    /// Whether something could not be read, so that it only seems to be missing.
    pub is_unreadable: bool,
}

impl Hpa {
    /// The same with other bounds.
    #[must_use]
    pub fn with(&self, bounds: Bounds) -> Self {
        let new = |bound: Option<i32>| bound.map(|it| Spanned::new(it, self.spec_span));
        let mut edited = self.clone();
        edited.min_replicas = new(bounds.min).or(self.min_replicas);
        edited.max_replicas = new(bounds.max).or(self.max_replicas);
        edited
    }

    /// The entries of `metrics` in which nothing is refused, each with its place among all.
    pub fn accepted_metrics(
        &self,
        refused: &[Diagnostic],
    ) -> impl Iterator<Item = (usize, &Metric)> {
        let is_accepted = |index: &usize| !refuses(refused, &format!("spec.metrics[{index}]"));
        self.metrics.iter().enumerate().filter(move |(index, _)| is_accepted(index))
    }
}

/// New bounds of an HPA; what is absent stays as it was.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bounds {
    /// `minReplicas`.
    pub min: Option<i32>,
    /// `maxReplicas`.
    pub max: Option<i32>,
}

/// `scaleTargetRef` or `describedObject`.
#[derive(Clone, Debug, Default)]
pub struct ObjectReference {
    /// `apiVersion`.
    pub api_version: Spanned<String>,
    /// `kind`.
    pub kind: Spanned<String>,
    /// `name`.
    pub name: Spanned<String>,
    /// The whole reference, or the place where it is missing.
    pub span: Span,
}
