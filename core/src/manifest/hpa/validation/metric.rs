//! What is refused in an entry of `spec.metrics`.
//!
//! Upstream: kubernetes 1.37 pkg/apis/autoscaling/validation/validation.go `validateMetricSpec`.

use super::{REFERENCE, TARGET, path_segment, reference};
use crate::go::quoted;
use crate::label;
use crate::manifest::hpa::{Metric, ObjectReference, Source, SourceKind, Target};
use crate::manifest::names;
use crate::manifest::validation::Refusal;
use crate::quantity::Quantity;
use crate::yaml::Spanned;

pub(super) fn metric(metric: &Metric, path: &str, refuse: Refusal<'_>) {
    let type_path = format!("{path}.type");
    let written = refuse.or_empty(metric.kind.as_ref(), metric.span);
    let expected = SourceKind::ALL
        .into_iter()
        .find(|it| written.is_some_and(|(kind, _)| kind == it.type_name()));
    if let Some((kind, span)) = written
        && expected.is_none()
    {
        if kind.is_empty() {
            refuse.missing(span, &type_path, "must specify a metric source type");
        }
        let supported = ["ContainerResource", "External", "Object", "Pods", "Resource"];
        refuse.unsupported(span, &type_path, kind, &supported);
    }
    // Only the first of several is looked into.
    if let Some(first) = metric.sources.first() {
        source(first, &format!("{path}.{}", first.kind.field()), refuse);
    }
    if let Some((expected, (_, span))) = expected.zip(written)
        && !metric.sources.iter().any(|it| it.kind == expected)
    {
        let detail = "must populate information for the given metric source";
        refuse.missing(span, &format!("{path}.{}", expected.field()), detail);
    }
    if metric.sources.len() > 1 && written.is_some() {
        for extra in metric.sources.iter().filter(|it| Some(it.kind) != expected) {
            let detail = "must populate the given metric source only";
            refuse.forbidden(extra.key_span, &format!("{path}.{}", extra.kind.field()), detail);
        }
    }
}

fn source(source: &Source, path: &str, refuse: Refusal<'_>) {
    match source.kind {
        SourceKind::Object => {
            let absent = ObjectReference { span: source.key_span, ..Default::default() };
            let described = source.described_object.as_ref().unwrap_or(&absent);
            let path_of_object = format!("{path}.describedObject");
            reference(described, &path_of_object, false, refuse.code(REFERENCE));
            metric_name(source, path, refuse);
        }
        SourceKind::External | SourceKind::Pods => metric_name(source, path, refuse),
        SourceKind::ContainerResource => {
            resource_name(source, path, refuse);
            container(source, path, refuse);
        }
        SourceKind::Resource => resource_name(source, path, refuse),
    }
    target(source, &format!("{path}.target"), refuse.code(TARGET));
}

fn metric_name(source: &Source, path: &str, refuse: Refusal<'_>) {
    let path = format!("{path}.metric.name");
    match source.metric.as_ref().and_then(|it| it.name.as_ref()) {
        Some(name) if !name.value.is_empty() => path_segment(name, &path, refuse),
        Some(_) | None => refuse.missing(source.key_span, &path, "must specify a metric name"),
    }
}

fn container(source: &Source, path: &str, refuse: Refusal<'_>) {
    let path = format!("{path}.container");
    match source.container.as_ref().filter(|it| !it.value.is_empty()) {
        Some(it) => refuse.name(it.span, &path, &it.value, &label::dns_label(&it.value)),
        None => refuse.missing(source.key_span, &path, "must specify a container"),
    }
}

fn resource_name(source: &Source, path: &str, refuse: Refusal<'_>) {
    let path = format!("{path}.name");
    match source.resource.as_ref().filter(|it| !it.value.is_empty()) {
        Some(name) if source.kind == SourceKind::ContainerResource => {
            container_resource(name, &path, refuse);
        }
        Some(_) => {}
        None => refuse.missing(source.key_span, &path, "must specify a resource name"),
    }
}

/// Upstream: kubernetes 1.37 pkg/apis/core/validation/validation.go `ValidateContainerResourceName`.
fn container_resource(name: &Spanned<String>, path: &str, refuse: Refusal<'_>) {
    let text = name.value.as_str();
    let malformed = names::qualified(text, refuse);
    let is_bare = refuse.rules.bare_resource_names;
    let shown = if is_bare { text.to_owned() } else { refuse.word(text) };
    for detail in &malformed {
        let is_word = refuse.rules.declarative;
        let shown = if is_word { refuse.word(text) } else { quoted(text) };
        refuse.invalid(name.span, path, shown, detail);
    }
    let is_huge = text.starts_with("hugepages-");
    if text.contains('/') {
        let is_native = text.contains("kubernetes.io/");
        let is_extended = !text.starts_with("requests.")
            && names::qualified(&format!("requests.{text}"), refuse).is_empty();
        if !is_native && !is_extended {
            let detail = "doesn't follow extended resource name standard";
            refuse.invalid(name.span, path, shown, detail);
        }
        return;
    }
    if malformed.is_empty() && !is_huge && !STANDARD.contains(&text) && !is_quota_of_huge(text) {
        let detail = "must be a standard resource type or fully qualified";
        refuse.invalid(name.span, path, &shown, detail);
    }
    if !is_huge && !matches!(text, "cpu" | "memory" | "ephemeral-storage") {
        refuse.invalid(name.span, path, shown, "must be a standard resource for containers");
    }
}

fn is_quota_of_huge(text: &str) -> bool {
    text.starts_with("requests.hugepages-")
}

/// Upstream: kubernetes 1.37 pkg/apis/core/helper/helpers.go `standardResources`.
const STANDARD: [&str; 20] = [
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "storage",
    "requests.storage",
    "services.nodeports",
    "services.loadbalancers",
];

fn target(source: &Source, path: &str, refuse: Refusal<'_>) {
    let target = &source.target;
    target_fields(target, path, refuse);
    let utilization = target.average_utilization.is_some();
    let (average, value) = (target.average_value.as_ref(), target.value_by(&refuse.rules));
    let average_path = format!("{path}.averageValue");
    match source.kind {
        SourceKind::Object if average.is_none() && value.is_none() => {
            let detail = "must set either a target value or averageValue";
            refuse.missing(target.span, &average_path, detail);
        }
        SourceKind::External => match (value, average) {
            (None, None) => {
                let detail = "must set either a target value for metric or a per-pod target";
                refuse.missing(target.span, &average_path, detail);
            }
            (Some(value), Some(_)) => {
                let detail = "may not set both a target value for metric and a per-pod target";
                refuse.forbidden(value.span, &format!("{path}.value"), detail);
            }
            (Some(_), None) | (None, Some(_)) => {}
        },
        SourceKind::Pods if average.is_none() => {
            let detail = "must specify a positive target averageValue";
            refuse.missing(target.span, &average_path, detail);
        }
        SourceKind::Resource | SourceKind::ContainerResource => match (utilization, average) {
            (false, None) => {
                let detail = "must set either a target raw value or a target utilization";
                refuse.missing(target.span, &format!("{path}.averageUtilization"), detail);
            }
            (true, Some(average)) => {
                let detail = "may not set both a target raw value and a target utilization";
                refuse.forbidden(average.span, &average_path, detail);
            }
            (true, None) | (false, Some(_)) => {}
        },
        SourceKind::Object | SourceKind::Pods => {}
    }
}

fn target_fields(target: &Target, path: &str, refuse: Refusal<'_>) {
    if let Some((kind, span)) = refuse.or_empty(target.kind.as_ref(), target.span) {
        let type_path = format!("{path}.type");
        if kind.is_empty() {
            refuse.missing(span, &type_path, "must specify a metric target type");
        }
        if !matches!(kind, "Utilization" | "Value" | "AverageValue") {
            let detail = "must be either Utilization, Value, or AverageValue";
            refuse.invalid(span, &type_path, refuse.word(kind), detail);
        }
    }
    positive(target.value_by(&refuse.rules), &format!("{path}.value"), refuse);
    positive(target.average_value.as_ref(), &format!("{path}.averageValue"), refuse);
    if let Some(percent) = target.average_utilization.filter(|it| it.value < 1) {
        let path = format!("{path}.averageUtilization");
        refuse.invalid(percent.span, &path, percent.value, "must be greater than 0");
    }
}

fn positive(quantity: Option<&Spanned<Quantity>>, path: &str, refuse: Refusal<'_>) {
    if let Some(it) = quantity.filter(|it| it.value.signum() <= 0) {
        let is_dumped = !refuse.rules.json_values;
        let shown = if is_dumped { it.value.go_fields() } else { quoted(&it.value.to_string()) };
        refuse.invalid(it.span, path, shown, "must be positive");
    }
}
