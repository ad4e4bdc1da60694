//! An HPA as `autoscaling/v1` writes it: one CPU target, and the rest in annotations.
//!
//! Go's decoder reads the annotations: keys in any case, and one value of the wrong type makes it
//! ignore the whole annotation, silently.
//!
//! Upstream: kubernetes 1.37 pkg/apis/autoscaling/v1/conversion.go
//! `Convert_v1_HorizontalPodAutoscaler_To_autoscaling_HorizontalPodAutoscaler`.

use super::json::is_json;
use super::metric::{Metric, MetricIdentifier, Source, SourceKind, Target, metric};
use super::v2::{common, reference};
use super::{Behavior, Hpa, behavior};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::metadata::{Metadata, selector};
use crate::quantity::Quantity;
use crate::yaml::{Entry, Fields, Findings, Node, Spanned, Style, Value, read_embedded};

const PREFIX: &str = "autoscaling.alpha.kubernetes.io/";

/// Takes `spec` of an `autoscaling/v1` HPA, and its annotations.
pub(in crate::manifest) fn v1(root: &mut Fields<'_>, metadata: &Metadata, text: &str) -> Hpa {
    let (mut spec, mut hpa) = common(root);
    let percent = spec.int32("targetCPUUtilizationPercentage");
    let findings = spec.findings();
    hpa.is_unreadable = findings.has_errors();
    hpa.metrics = annotation(root.node(), metadata, "metrics", text, findings, |fields| {
        let entries = fields.mappings("metrics").unwrap_or_default().value;
        entries.into_iter().map(|mut it| metric(&mut it, source)).collect()
    })
    .unwrap_or_default();
    hpa.metrics.extend(percent.map(cpu_utilization));
    let behavior = annotation(root.node(), metadata, "behavior", text, findings, |fields| {
        fields.mapping("behavior").map(|mut it| behavior::behavior(&mut it, false))
    });
    let says_something = |it: &Behavior| it.scale_up.is_some() || it.scale_down.is_some();
    hpa.behavior = behavior.flatten().filter(says_something);
    hpa
}

/// What the annotation `name` says, unless the API server ignores it, which is said.
fn annotation<T>(
    root: &Node,
    metadata: &Metadata,
    name: &'static str,
    text: &str,
    findings: &Findings,
    read: impl Fn(&mut Fields<'_>) -> T,
) -> Option<T> {
    let key = format!("{PREFIX}{name}");
    let span = metadata.annotations.get(&key)?.span;
    let scalar = root.get("metadata")?.get("annotations")?.get(&key)?;
    let own = Findings::default();
    let mut reason = "it is not JSON".to_owned();
    let mut value = None;
    let tree =
        scalar.text().filter(|it| is_json(it)).and_then(|_| read_embedded(text, scalar, &own));
    if let Some(mut tree) = tree {
        as_decoded(&mut tree, "");
        let entry = Entry { key: name.to_owned(), key_span: span, value: tree };
        let wrapper = Node { span, value: Value::Mapping(vec![entry]) };
        value = Fields::of(&wrapper, "", &own).map(|mut it| read(&mut it));
        if let Some(first) = own.first_error() {
            reason = first;
            value = None;
        }
    }
    if value.is_none() {
        let message = format!("the API server ignores this annotation: {reason}");
        findings.push(Diagnostic::new("TT232", Severity::Warning, span, message));
    }
    value
}

/// Names of fields in the annotations, as ours are called.
const NAMES: [&str; 32] = [
    "type",
    "object",
    "pods",
    "resource",
    "containerResource",
    "external",
    "target",
    "kind",
    "name",
    "apiVersion",
    "metricName",
    "targetValue",
    "selector",
    "averageValue",
    "targetAverageValue",
    "targetAverageUtilization",
    "container",
    "metricSelector",
    "matchLabels",
    "matchExpressions",
    "key",
    "operator",
    "values",
    "scaleUp",
    "scaleDown",
    "stabilizationWindowSeconds",
    "selectPolicy",
    "policies",
    "value",
    "periodSeconds",
    "tolerance",
    "behavior",
];

/// Turns the value of field `name` into what Go's decoder takes it for: keys in our letters, a
/// quantity's number as it is written, and no integer that has a point or an exponent.
fn as_decoded(node: &mut Node, name: &str) {
    match &mut node.value {
        Value::Null => {}
        Value::Scalar { text, style } => {
            if name.ends_with("Value") || name == "tolerance" {
                *style = Style::Quoted;
            } else if text.contains(['.', 'e', 'E']) && *style == Style::Plain {
                node.value = Value::Sequence(Vec::new());
            }
        }
        Value::Sequence(items) => items.iter_mut().for_each(|it| as_decoded(it, name)),
        Value::Mapping(entries) if name == "matchLabels" => {
            for entry in entries {
                as_decoded(&mut entry.value, "");
            }
        }
        Value::Mapping(entries) => {
            for Entry { key, value, .. } in entries {
                if let Some(name) = NAMES.iter().find(|it| it.eq_ignore_ascii_case(key)) {
                    (*name).clone_into(key);
                }
                as_decoded(value, key);
            }
        }
    }
}

fn source(parent: &mut Fields<'_>, kind: SourceKind) -> Option<Source> {
    let key_span = parent.key_span(kind.field()).unwrap_or_default();
    let mut fields = parent.mapping(kind.field())?;
    let span = fields.span();
    let mut source = Source { kind, key_span, ..Source::default() };
    let mut target = Target { span, ..Target::default() };
    let selector_name = if kind == SourceKind::External { "metricSelector" } else { "selector" };
    match kind {
        SourceKind::Resource | SourceKind::ContainerResource => {
            source.resource = fields.string("name");
            if kind == SourceKind::ContainerResource {
                source.container = fields.string("container");
            }
            target.average_utilization = fields.int32("targetAverageUtilization");
            target.average_value = fields.quantity("targetAverageValue");
        }
        SourceKind::Pods => {
            target.average_value = Some(or_zero(&mut fields, "targetAverageValue"));
        }
        SourceKind::Object => {
            source.described_object = reference(&mut fields, "target");
            target.value = Some(or_zero(&mut fields, "targetValue"));
            target.average_value = fields.quantity("averageValue");
            target.is_zero_optional = target.average_value.is_some();
        }
        SourceKind::External => {
            target.value = fields.quantity("targetValue");
            target.average_value = fields.quantity("targetAverageValue");
        }
    }
    if !matches!(kind, SourceKind::Resource | SourceKind::ContainerResource) {
        let name = fields.string("metricName");
        source.metric =
            Some(MetricIdentifier { name, selector: selector(&mut fields, selector_name) });
    }
    target.kind = Some(Spanned::new(type_of(kind, &target).to_owned(), span));
    source.target = target;
    Some(source)
}

/// The type of target that version 1 leaves unsaid.
fn type_of(kind: SourceKind, target: &Target) -> &'static str {
    match kind {
        SourceKind::Resource | SourceKind::ContainerResource
            if target.average_utilization.is_some() =>
        {
            "Utilization"
        }
        SourceKind::External if target.value.is_some() => "Value",
        SourceKind::Object if target.average_value.is_none() => "Value",
        _ => "AverageValue",
    }
}

/// A quantity that version 1 can't leave out.
fn or_zero(fields: &mut Fields<'_>, name: &'static str) -> Spanned<Quantity> {
    let span = fields.span();
    fields.quantity(name).unwrap_or_else(|| Spanned::new(Quantity::unset(), span))
}

/// The CPU metric that `targetCPUUtilizationPercentage` stands for.
fn cpu_utilization(percent: Spanned<i32>) -> Metric {
    let span = percent.span;
    let word = |text: &str| Some(Spanned::new(text.to_owned(), span));
    let target = Target {
        span,
        kind: word("Utilization"),
        average_utilization: Some(percent),
        ..Target::default()
    };
    let source = Source { key_span: span, resource: word("cpu"), target, ..Source::default() };
    Metric { span, kind: word("Resource"), sources: vec![source] }
}
