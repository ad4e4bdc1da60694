//! What the API server refuses in an HPA, in its words and order.
//!
//! Metadata, the bounds, the target, the metrics in turn, scaling to zero, `behavior`. What depends
//! on the release is listed in [`ApiRules`].
//!
//! Upstream: kubernetes 1.37 pkg/apis/autoscaling/validation/validation.go
//! `ValidateHorizontalPodAutoscaler`, pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go.

mod behavior;
mod metric;

use super::{Behavior, Hpa, Metric, ObjectReference};
use crate::diagnostic::{Diagnostic, Severity};
use crate::go::quoted;
use crate::manifest::validation::Refusal;
use crate::manifest::{ApiRules, Document, names};
use crate::source::Span;
use crate::yaml::{Findings, Spanned};

const REPLICAS: &str = "TT233";
const REFERENCE: &str = "TT234";
const SOURCE: &str = "TT235";
const TARGET: &str = "TT236";
const SCALE_TO_ZERO: &str = "TT237";
const BEHAVIOR: &str = "TT238";
const METADATA: &str = "TT239";
const DROPPED: &str = "TT240";

/// Everything that `rules` refuse in `hpa`, which stands in `document`, in upstream's order. Each
/// message is upstream's: `PATH: BODY`.
///
/// Where something could not be read, what is missing is not complained of.
pub fn refusals(document: &Document, hpa: &Hpa, rules: &ApiRules) -> Vec<Diagnostic> {
    let findings = Findings::default();
    let is_partial = hpa.is_unreadable;
    let refuse = Refusal { code: METADATA, rules: *rules, is_partial, findings: &findings };
    names::metadata(&document.metadata, document.kind.span, refuse);
    spec(hpa, refuse);
    findings.into_parts().0
}

/// What `rules` refuse of `edited` that they did not refuse of the HPA `before` the edit. One that
/// had a `minReplicas` of 0 may keep it without the gate, unless the edit `is_new`.
///
/// Upstream: kubernetes 1.37 pkg/apis/autoscaling/validation/validation.go
/// `ValidateHorizontalPodAutoscalerUpdate`; strategy.go
/// `validationOptionsForHorizontalPodAutoscaler`.
pub fn edit_refusals(
    document: &Document,
    before: &Hpa,
    edited: &Hpa,
    is_new: bool,
    rules: &ApiRules,
) -> Vec<Diagnostic> {
    let had_zero = before.min_replicas.is_some_and(|it| it.value == 0);
    let rules = ApiRules { scale_to_zero: rules.scale_to_zero || had_zero && !is_new, ..*rules };
    let known = refusals(document, before, &rules);
    let mut refused = refusals(document, edited, &rules);
    refused.retain(|it| known.iter().all(|known| known.message != it.message));
    refused
}

/// The fields that are accepted and lost, or that `rules` do not know yet.
pub fn dropped(hpa: &Hpa, rules: &ApiRules) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(behavior) = hpa.behavior.as_ref().filter(|_| !rules.own_tolerance) else {
        return found;
    };
    for (side, name) in [(&behavior.scale_up, "scaleUp"), (&behavior.scale_down, "scaleDown")] {
        let Some(tolerance) = side.as_ref().and_then(|it| it.tolerance.as_ref()) else { continue };
        let why = if rules.tolerance {
            "is dropped: the feature gate HPAConfigurableTolerance is off"
        } else {
            "is no field before Kubernetes 1.33: it is dropped"
        };
        let message = format!("`spec.behavior.{name}.tolerance` {why}");
        found.push(Diagnostic::new(DROPPED, Severity::Warning, tolerance.span, message));
    }
    found
}

/// Whether `refused` concerns `path` or what lies below it, so that there is no value to go on with.
pub fn refuses(refused: &[Diagnostic], path: &str) -> bool {
    let below = |it: &Diagnostic| {
        let message = it.message.strip_prefix('`').unwrap_or(&it.message);
        // What stands in quotes can be read all the same.
        it.code != "TT113"
            && message.strip_prefix(path).is_some_and(|rest| rest.starts_with(['.', ':', '[', '`']))
    };
    refused.iter().any(below)
}

/// Reports what is refused in a `behavior` that another kind hands to its HPA.
pub(in crate::manifest) fn refuse_behavior(written: &Behavior, findings: &Findings) {
    behavior::behavior(written, Refusal::of(BEHAVIOR, findings));
}

fn spec(hpa: &Hpa, refuse: Refusal<'_>) {
    let bounds = refuse.code(REPLICAS);
    if !refuse.rules.declarative {
        lower_bound(hpa, bounds);
        upper_bound(hpa, bounds);
    }
    bounds_agree(hpa, bounds);
    reference(&hpa.target, "spec.scaleTargetRef", true, refuse.code(REFERENCE));
    for (index, it) in hpa.metrics.iter().enumerate() {
        metric::metric(it, &format!("spec.metrics[{index}]"), refuse.code(SOURCE));
    }
    scale_to_zero(hpa, refuse.code(SCALE_TO_ZERO));
    if let Some(it) = &hpa.behavior {
        behavior::behavior(it, refuse.code(BEHAVIOR));
    }
    if refuse.rules.declarative {
        lower_bound(hpa, bounds);
        upper_bound(hpa, bounds);
    }
}

fn lower_bound(hpa: &Hpa, refuse: Refusal<'_>) {
    let least = i32::from(!refuse.rules.scale_to_zero);
    if let Some(min) = hpa.min_replicas.filter(|it| it.value < least) {
        let detail = format!("must be greater than or equal to {least}");
        refuse.invalid(min.span, "spec.minReplicas", min.value, &detail);
    }
}

fn upper_bound(hpa: &Hpa, refuse: Refusal<'_>) {
    let path = "spec.maxReplicas";
    let Some(max) = refuse.or_zero(hpa.max_replicas, hpa.max_span) else { return };
    let ApiRules { zero_max_is_missing, declarative, .. } = refuse.rules;
    match max.value {
        1.. => {}
        0 if declarative => refuse.required(max.span, path, ""),
        0 if zero_max_is_missing => {
            refuse.required(max.span, path, "must be set and greater than 0");
        }
        _ if zero_max_is_missing => {
            refuse.invalid(max.span, path, max.value, "must be greater than or equal to 1");
        }
        _ => refuse.invalid(max.span, path, max.value, "must be greater than 0"),
    }
}

fn bounds_agree(hpa: &Hpa, refuse: Refusal<'_>) {
    let Some(max) = refuse.or_zero(hpa.max_replicas, hpa.max_span) else { return };
    if hpa.min_replicas.is_none() && refuse.is_partial {
        return;
    }
    if hpa.min_replicas.map_or(1, |it| it.value) > max.value {
        let detail = "must be greater than or equal to `minReplicas`";
        refuse.invalid(max.span, "spec.maxReplicas", max.value, detail);
    }
}

/// A reference to what is scaled (which must lie in a group) or described.
fn reference(reference: &ObjectReference, path: &str, is_target: bool, refuse: Refusal<'_>) {
    let place =
        |it: &Spanned<String>| if it.span == Span::default() { reference.span } else { it.span };
    for (field, value) in [("kind", &reference.kind), ("name", &reference.name)] {
        let path = format!("{path}.{field}");
        if value.value.is_empty() {
            refuse.missing(place(value), &path, "");
        }
        path_segment(value, &path, refuse);
    }
    let version = &reference.api_version;
    let is_absent = refuse.is_partial && version.value.is_empty();
    if !refuse.rules.api_version || is_absent {
        return;
    }
    let detail = match version.value.split_once('/') {
        Some((_, rest)) if rest.contains('/') => {
            format!("unexpected GroupVersion string: {}", version.value)
        }
        Some((group, _)) if !group.is_empty() => return,
        _ if !is_target || reference.kind.value == "ReplicationController" => return,
        _ => "apiVersion must specify API group".to_owned(),
    };
    let path = format!("{path}.apiVersion");
    refuse.invalid(place(version), &path, quoted(&version.value), &detail);
}

/// Upstream: apimachinery 0.37 pkg/api/validate/content/path.go `IsPathSegmentName`.
fn path_segment(name: &Spanned<String>, path: &str, refuse: Refusal<'_>) {
    let refuse = |detail: &str| refuse.invalid(name.span, path, quoted(&name.value), detail);
    match name.value.as_str() {
        "." => refuse("may not be '.'"),
        ".." => refuse("may not be '..'"),
        text => {
            for letter in ["/", "%"].into_iter().filter(|it| text.contains(it)) {
                refuse(&format!("may not contain '{letter}'"));
            }
        }
    }
}

fn scale_to_zero(hpa: &Hpa, refuse: Refusal<'_>) {
    let Some(min) = hpa.min_replicas.filter(|it| it.value == 0) else { return };
    let counts = |metric: &Metric| {
        metric.kind.as_ref().is_some_and(|it| matches!(it.value.as_str(), "Object" | "External"))
    };
    if !hpa.metrics.iter().any(counts) && !refuse.is_partial {
        let detail = "must specify at least one Object or External metric to support scaling to \
                      zero replicas";
        refuse.forbidden(min.span, "spec.metrics", detail);
    }
}
