//! An HPA as `autoscaling/v2` writes it.

use super::{Hpa, ObjectReference, behavior, metric};
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::source::Span;
use crate::yaml::{Fields, Spanned};

/// Takes `spec` of an `autoscaling/v2` HPA.
pub(in crate::manifest) fn v2(root: &mut Fields<'_>) -> Hpa {
    let (mut spec, mut hpa) = common(root);
    v1_target(&mut spec);
    let metrics = spec.mappings("metrics").unwrap_or_default().value;
    hpa.metrics =
        metrics.into_iter().map(|mut it| metric::metric(&mut it, metric::source)).collect();
    hpa.behavior = spec.mapping("behavior").map(|mut it| behavior::behavior(&mut it, true));
    hpa.is_unreadable = spec.findings().has_errors();
    hpa
}

/// `targetCPUUtilizationPercentage`, which only `autoscaling/v1` has.
fn v1_target(spec: &mut Fields<'_>) {
    const NAME: &str = "targetCPUUtilizationPercentage";
    let Some(entry) = spec.node().entry(NAME) else { return };
    let has_metrics = spec.has("metrics");
    let effect = if has_metrics { "`metrics` counts" } else { "CPU at 80 % is the target" };
    let message = format!("`{NAME}` is a field of autoscaling/v1 only: {effect}");
    let place = entry.key_span;
    let mut found = Diagnostic::new("TT112", Severity::Warning, place, message);
    let percent = entry.value.text().and_then(|it| it.parse::<i32>().ok());
    if let Some(percent) = percent.filter(|_| !has_metrics) {
        let text = format!(
            "metrics: [{{type: Resource, resource: {{name: cpu, target: {{type: Utilization, \
             averageUtilization: {percent}}}}}}}]"
        );
        let span = Span::new(place.start, entry.value.span.end);
        let edits = vec![TextEdit { span, text }];
        found = found.with(Fix::changes_decisions("say it as a metric", edits));
    }
    spec.findings().push(found);
    spec.pass(&[NAME]);
}

/// What both versions say alike, and the rest of `spec`.
pub(super) fn common<'doc>(root: &mut Fields<'doc>) -> (Fields<'doc>, Hpa) {
    root.pass(&["status"]);
    let mut spec = root
        .mapping("spec")
        .unwrap_or_else(|| Fields::none(root.node(), "spec".to_owned(), root.findings()));
    let hpa = Hpa {
        target: reference(&mut spec, "scaleTargetRef")
            .unwrap_or_else(|| ObjectReference { span: spec.head(), ..ObjectReference::default() }),
        min_replicas: spec.int32("minReplicas"),
        max_replicas: spec.int32("maxReplicas"),
        metrics: Vec::new(),
        behavior: None,
        max_span: spec.key_span("maxReplicas").unwrap_or_else(|| spec.head()),
        spec_span: spec.head(),
        is_unreadable: false,
    };
    (spec, hpa)
}

/// Takes the reference `name`.
pub(super) fn reference(fields: &mut Fields<'_>, name: &'static str) -> Option<ObjectReference> {
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
