//! HorizontalPodAutoscaler, `autoscaling/v2` and `autoscaling/v1`.
//!
//! Values as they are written; defaults are filled in when a policy's own type is made of them.
//!
//! Upstream: api 0.37 autoscaling/v2/types.go, autoscaling/v1/types.go.

pub(super) mod behavior;
mod metric;
mod validation;

#[cfg(test)]
mod tests;

pub use behavior::{Behavior, ScalingPolicy, ScalingRules};
pub use metric::{Metric, MetricIdentifier, Source, SourceKind, Target};

use super::metadata::Metadata;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::yaml::{Fields, Spanned};

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
    /// Where `spec` begins, for what is missing in it.
    pub spec_span: Span,
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

/// Takes `spec` of an `autoscaling/v2` HPA.
pub(super) fn v2(root: &mut Fields<'_>) -> Option<Hpa> {
    let (mut spec, mut hpa) = common(root)?;
    let metrics = spec.mappings("metrics").unwrap_or_default().value;
    hpa.metrics = metrics.into_iter().map(|mut it| metric::metric(&mut it)).collect();
    hpa.behavior = behavior::behavior(&mut spec);
    validation::validate(&hpa, spec.findings());
    Some(hpa)
}

/// Takes `spec` of an `autoscaling/v1` HPA.
///
/// Upstream: kubernetes 1.37 pkg/apis/autoscaling/v1/conversion.go.
pub(super) fn v1(root: &mut Fields<'_>, metadata: &Metadata) -> Option<Hpa> {
    let (mut spec, mut hpa) = common(root)?;
    if let Some(percent) = spec.int32("targetCPUUtilizationPercentage") {
        hpa.metrics.push(Metric::cpu_utilization(percent));
    }
    for name in ["metrics", "behavior"] {
        let annotation = format!("autoscaling.alpha.kubernetes.io/{name}");
        if let Some(value) = metadata.annotations.get(&annotation) {
            let message =
                format!("{name} in an annotation are not read: write this HPA as autoscaling/v2");
            let found = Diagnostic::new("TT232", Severity::Warning, value.span, message);
            spec.findings().push(found);
        }
    }
    validation::validate(&hpa, spec.findings());
    Some(hpa)
}

fn common<'doc>(root: &mut Fields<'doc>) -> Option<(Fields<'doc>, Hpa)> {
    root.pass(&["status"]);
    let Some(mut spec) = root.mapping("spec") else {
        root.missing("spec");
        return None;
    };
    if !spec.has("maxReplicas") {
        validation::max_replicas_missing(spec.head(), spec.findings());
    }
    let hpa = Hpa {
        target: reference(&mut spec, "scaleTargetRef")
            .unwrap_or_else(|| ObjectReference { span: spec.head(), ..ObjectReference::default() }),
        min_replicas: spec.int32("minReplicas"),
        max_replicas: spec.int32("maxReplicas"),
        metrics: Vec::new(),
        behavior: None,
        spec_span: spec.head(),
    };
    Some((spec, hpa))
}

/// Takes the reference `name`.
fn reference(fields: &mut Fields<'_>, name: &'static str) -> Option<ObjectReference> {
    let mut fields = fields.mapping(name)?;
    let span = fields.span();
    let absent = || Spanned::new(String::new(), span);
    Some(ObjectReference {
        api_version: fields.string("apiVersion").unwrap_or_else(absent),
        kind: fields.string("kind").unwrap_or_else(absent),
        name: fields.string("name").unwrap_or_else(absent),
        span,
    })
}
