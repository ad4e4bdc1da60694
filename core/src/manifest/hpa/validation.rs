//! What the API server refuses in an HPA, in its words.
//!
//! Upstream: kubernetes 1.37 pkg/apis/autoscaling/validation/validation.go
//! `ValidateHorizontalPodAutoscaler`; texts of 1.37 with its default feature gates, so that
//! `minReplicas: 0` is allowed.

use super::{Behavior, Hpa, Metric, ObjectReference, ScalingRules, Source, SourceKind, Target};
use crate::manifest::validation::Refusal;
use crate::quantity::Quantity;
use crate::source::Span;
use crate::yaml::{Findings, Spanned};

const REPLICAS: &str = "TT233";
const REFERENCE: &str = "TT234";
const SOURCE: &str = "TT235";
const TARGET: &str = "TT236";
const SCALE_TO_ZERO: &str = "TT237";
const BEHAVIOR: &str = "TT238";

/// Reports everything that is refused in what could be read.
pub(super) fn validate(hpa: &Hpa, findings: &Findings) {
    let refuse = |code| Refusal { code, findings };
    replicas(hpa, refuse(REPLICAS));
    reference(&hpa.target, "spec.scaleTargetRef", true, refuse(REFERENCE));
    for (index, metric) in hpa.metrics.iter().enumerate() {
        let path = format!("spec.metrics[{index}]");
        metric_source(metric, &path, refuse(SOURCE));
        if let Some(first) = metric.sources.first() {
            source(first, &format!("{path}.{}", first.kind.field()), findings);
        }
    }
    scale_to_zero(hpa, refuse(SCALE_TO_ZERO));
    if let Some(written) = &hpa.behavior {
        behavior(written, findings);
    }
}

/// Reports what is refused in a `behavior`, whoever wrote it.
pub(in crate::manifest) fn behavior(behavior: &Behavior, findings: &Findings) {
    let Behavior { scale_up, scale_down, .. } = behavior;
    for (rules, name) in [(scale_up, "scaleUp"), (scale_down, "scaleDown")] {
        if let Some(rules) = rules {
            let refuse = Refusal { code: BEHAVIOR, findings };
            scaling_rules(rules, &format!("spec.behavior.{name}"), refuse);
        }
    }
}

/// Reports that there is no upper bound.
pub(super) fn max_replicas_missing(place: Span, findings: &Findings) {
    Refusal { code: REPLICAS, findings }.required(place, "spec.maxReplicas", "");
}

fn replicas(hpa: &Hpa, refuse: Refusal<'_>) {
    let min = hpa.min_replicas;
    if let Some(min) = min.filter(|it| it.value < 0) {
        let detail = "must be greater than or equal to 0";
        refuse.invalid(min.span, "spec.minReplicas", min.value, detail);
    }
    // Zero counts as not set.
    let Some(max) = hpa.max_replicas else { return };
    if max.value == 0 {
        refuse.required(max.span, "spec.maxReplicas", "");
    } else if max.value < 0 {
        let detail = "must be greater than or equal to 1";
        refuse.invalid(max.span, "spec.maxReplicas", max.value, detail);
    }
    if min.is_some_and(|min| max.value < min.value) {
        let detail = "must be greater than or equal to `minReplicas`";
        refuse.invalid(max.span, "spec.maxReplicas", max.value, detail);
    }
}

fn reference(reference: &ObjectReference, path: &str, needs_group: bool, refuse: Refusal<'_>) {
    for (field, value) in [("kind", &reference.kind), ("name", &reference.name)] {
        let path = format!("{path}.{field}");
        if value.value.is_empty() {
            refuse.required(some_place(value.span, reference.span), &path, "");
        }
        path_segment(value, &path, refuse);
    }
    let version = &reference.api_version;
    let span = some_place(version.span, reference.span);
    let path = format!("{path}.apiVersion");
    let quoted = format!("\"{}\"", version.value);
    if version.value.matches('/').count() > 1 {
        let detail = format!("unexpected GroupVersion string: {}", version.value);
        refuse.invalid(span, &path, quoted, &detail);
    } else if needs_group
        && !version.value.contains('/')
        && reference.kind.value != "ReplicationController"
    {
        refuse.invalid(span, &path, quoted, "apiVersion must specify API group");
    }
}

fn some_place(span: Span, otherwise: Span) -> Span {
    if span == Span::default() { otherwise } else { span }
}

/// Upstream: apimachinery 0.37 pkg/api/validation/path/name.go `IsValidPathSegmentName`.
fn path_segment(name: &Spanned<String>, path: &str, refuse: Refusal<'_>) {
    let quoted = format!("\"{}\"", name.value);
    if matches!(name.value.as_str(), "." | "..") {
        refuse.invalid(name.span, path, &quoted, &format!("may not be '{}'", name.value));
        return;
    }
    for letter in ["/", "%"] {
        if name.value.contains(letter) {
            refuse.invalid(name.span, path, &quoted, &format!("may not contain '{letter}'"));
        }
    }
}

fn metric_source(metric: &Metric, path: &str, refuse: Refusal<'_>) {
    let type_path = format!("{path}.type");
    let kind = metric.kind.as_ref().map_or("", |it| it.value.as_str());
    let span = metric.kind.as_ref().map_or(metric.span, |it| it.span);
    if kind.is_empty() {
        refuse.required(span, &type_path, "must specify a metric source type");
    }
    let Some(expected) = SourceKind::ALL.into_iter().find(|it| it.type_name() == kind) else {
        let supported = ["ContainerResource", "External", "Object", "Pods", "Resource"];
        refuse.unsupported(span, &type_path, kind, &supported);
        return;
    };
    let expected = expected.field();
    if !metric.sources.iter().any(|it| it.kind.field() == expected) {
        let detail = "must populate information for the given metric source";
        refuse.required(span, &format!("{path}.{expected}"), detail);
    }
    if metric.sources.len() > 1 {
        for extra in metric.sources.iter().filter(|it| it.kind.field() != expected) {
            let detail = "must populate the given metric source only";
            refuse.forbidden(extra.key_span, &format!("{path}.{}", extra.kind.field()), detail);
        }
    }
}

fn source(source: &Source, path: &str, findings: &Findings) {
    let refuse = Refusal { code: SOURCE, findings };
    match source.kind {
        SourceKind::Object => {
            let absent = ObjectReference { span: source.key_span, ..Default::default() };
            let described = source.described_object.as_ref().unwrap_or(&absent);
            let refuse = Refusal { code: REFERENCE, findings };
            reference(described, &format!("{path}.describedObject"), false, refuse);
            metric_name(source, path, Refusal { code: SOURCE, findings });
        }
        SourceKind::External | SourceKind::Pods => metric_name(source, path, refuse),
        SourceKind::ContainerResource => {
            if source.container.as_ref().is_none_or(|it| it.value.is_empty()) {
                let path = format!("{path}.container");
                refuse.required(source.key_span, &path, "must specify a container");
            }
            resource_name(source, path, refuse);
        }
        SourceKind::Resource => resource_name(source, path, refuse),
    }
    target(source, &format!("{path}.target"), Refusal { code: TARGET, findings });
}

fn metric_name(source: &Source, path: &str, refuse: Refusal<'_>) {
    let path = format!("{path}.metric.name");
    match source.metric.as_ref().and_then(|it| it.name.as_ref()) {
        Some(name) if !name.value.is_empty() => path_segment(name, &path, refuse),
        Some(_) | None => refuse.required(source.key_span, &path, "must specify a metric name"),
    }
}

fn resource_name(source: &Source, path: &str, refuse: Refusal<'_>) {
    let path = format!("{path}.name");
    let Some(name) = source.resource.as_ref().filter(|it| !it.value.is_empty()) else {
        refuse.required(source.key_span, &path, "must specify a resource name");
        return;
    };
    let is_standard = matches!(name.value.as_str(), "cpu" | "memory" | "ephemeral-storage")
        || name.value.starts_with("hugepages-")
        || name.value.contains('/');
    if source.kind == SourceKind::ContainerResource && !is_standard {
        let quoted = format!("\"{}\"", name.value);
        let detail = "must be a standard resource type or fully qualified";
        refuse.invalid(name.span, &path, &quoted, detail);
        refuse.invalid(name.span, &path, &quoted, "must be a standard resource for containers");
    }
}

fn target(source: &Source, path: &str, refuse: Refusal<'_>) {
    let target = &source.target;
    target_fields(target, path, refuse);
    let (utilization, average, value) = (
        target.average_utilization.map(|it| it.span),
        target.average_value.as_ref().map(|it| it.span),
        target.value.as_ref().map(|it| it.span),
    );
    if target.is_unreadable {
        return;
    }
    let average_path = format!("{path}.averageValue");
    match source.kind {
        SourceKind::Object if average.is_none() && value.is_none() => {
            let detail = "must set either a target value or averageValue";
            refuse.required(target.span, &average_path, detail);
        }
        SourceKind::External => match (value, average) {
            (None, None) => {
                let detail = "must set either a target value for metric or a per-pod target";
                refuse.required(target.span, &average_path, detail);
            }
            (Some(value), Some(_)) => {
                let detail = "may not set both a target value for metric and a per-pod target";
                refuse.forbidden(value, &format!("{path}.value"), detail);
            }
            (Some(_), None) | (None, Some(_)) => {}
        },
        SourceKind::Pods if average.is_none() => {
            let detail = "must specify a positive target averageValue";
            refuse.required(target.span, &average_path, detail);
        }
        SourceKind::Resource | SourceKind::ContainerResource => match (utilization, average) {
            (None, None) => {
                let detail = "must set either a target raw value or a target utilization";
                refuse.required(target.span, &format!("{path}.averageUtilization"), detail);
            }
            (Some(_), Some(average)) => {
                let detail = "may not set both a target raw value and a target utilization";
                refuse.forbidden(average, &average_path, detail);
            }
            (Some(_), None) | (None, Some(_)) => {}
        },
        SourceKind::Object | SourceKind::Pods => {}
    }
}

fn target_fields(target: &Target, path: &str, refuse: Refusal<'_>) {
    let kind = target.kind.as_ref().map_or("", |it| it.value.as_str());
    let span = target.kind.as_ref().map_or(target.span, |it| it.span);
    let type_path = format!("{path}.type");
    if kind.is_empty() {
        refuse.required(span, &type_path, "must specify a metric target type");
    }
    if !matches!(kind, "Utilization" | "Value" | "AverageValue") {
        let detail = "must be either Utilization, Value, or AverageValue";
        refuse.invalid(span, &type_path, format!("\"{kind}\""), detail);
    }
    positive(target.value.as_ref(), &format!("{path}.value"), refuse);
    positive(target.average_value.as_ref(), &format!("{path}.averageValue"), refuse);
    if let Some(percent) = target.average_utilization.filter(|it| it.value < 1) {
        let path = format!("{path}.averageUtilization");
        refuse.invalid(percent.span, &path, percent.value, "must be greater than 0");
    }
}

fn positive(quantity: Option<&Spanned<Quantity>>, path: &str, refuse: Refusal<'_>) {
    if let Some(it) = quantity.filter(|it| it.value.signum() <= 0) {
        refuse.invalid(it.span, path, format!("\"{}\"", it.value), "must be positive");
    }
}

fn scale_to_zero(hpa: &Hpa, refuse: Refusal<'_>) {
    let Some(min) = hpa.min_replicas.filter(|it| it.value == 0) else { return };
    let counts = |metric: &Metric| {
        metric.kind.as_ref().is_some_and(|it| matches!(it.value.as_str(), "Object" | "External"))
    };
    if !hpa.metrics.iter().any(counts) {
        let detail = "must specify at least one Object or External metric to support scaling to \
                      zero replicas";
        refuse.forbidden(min.span, "spec.metrics", detail);
    }
}

fn scaling_rules(rules: &ScalingRules, path: &str, refuse: Refusal<'_>) {
    if let Some(window) = rules.stabilization_window_seconds {
        let path = format!("{path}.stabilizationWindowSeconds");
        if window.value < 0 {
            let detail = "must be greater than or equal to zero";
            refuse.invalid(window.span, &path, window.value, detail);
        } else if window.value > 3600 {
            let detail = "must be less than or equal to 3600";
            refuse.invalid(window.span, &path, window.value, detail);
        }
    }
    if let Some(select) = &rules.select_policy
        && !matches!(select.value.as_str(), "Disabled" | "Max" | "Min")
    {
        let path = format!("{path}.selectPolicy");
        refuse.unsupported(select.span, &path, &select.value, &["Disabled", "Max", "Min"]);
    }
    if let Some(policies) = &rules.policies {
        let path = format!("{path}.policies");
        if policies.value.is_empty() {
            refuse.required(policies.span, &path, "must specify at least one Policy");
        }
        for (index, policy) in policies.value.iter().enumerate() {
            scaling_policy(policy, &format!("{path}[{index}]"), refuse);
        }
    }
    if let Some(tolerance) = rules.tolerance.as_ref().filter(|it| it.value.signum() < 0) {
        let path = format!("{path}.tolerance");
        let quoted = format!("\"{}\"", tolerance.value);
        refuse.invalid(tolerance.span, &path, quoted, "must be greater than or equal to 0");
    }
}

fn scaling_policy(policy: &super::ScalingPolicy, path: &str, refuse: Refusal<'_>) {
    let kind = policy.kind.as_ref().map_or("", |it| it.value.as_str());
    if !matches!(kind, "Percent" | "Pods") {
        let span = policy.kind.as_ref().map_or(policy.span, |it| it.span);
        refuse.unsupported(span, &format!("{path}.type"), kind, &["Percent", "Pods"]);
    }
    let absent = Spanned::new(0, policy.span);
    let value = policy.value.unwrap_or(absent);
    if value.value <= 0 {
        let path = format!("{path}.value");
        refuse.invalid(value.span, &path, value.value, "must be greater than zero");
    }
    let period = policy.period_seconds.unwrap_or(absent);
    let path = format!("{path}.periodSeconds");
    if period.value <= 0 {
        refuse.invalid(period.span, &path, period.value, "must be greater than zero");
    } else if period.value > 1800 {
        let detail = "must be less than or equal to 1800";
        refuse.invalid(period.span, &path, period.value, detail);
    }
}
