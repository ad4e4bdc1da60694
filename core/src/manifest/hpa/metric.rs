//! One entry of `spec.metrics`: its type and the source that belongs to it.

use super::{ObjectReference, v2::reference};
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::manifest::ApiRules;
use crate::manifest::metadata::{Selector, selector};
use crate::quantity::Quantity;
use crate::source::Span;
use crate::yaml::{Fields, Spanned};

/// One entry of `spec.metrics`.
#[derive(Clone, Debug, Default)]
pub struct Metric {
    /// Where it stands.
    pub span: Span,
    /// `type`.
    pub kind: Option<Spanned<String>>,
    /// The sources that are set, in the order in which upstream looks for them. Valid is exactly
    /// one, the one that `type` names.
    pub sources: Vec<Source>,
}

/// Where a metric's samples come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SourceKind {
    /// `object`.
    Object,
    /// `external`.
    External,
    /// `pods`.
    Pods,
    /// `resource`.
    #[default]
    Resource,
    /// `containerResource`.
    ContainerResource,
}

impl SourceKind {
    /// In the order in which upstream looks for them.
    pub const ALL: [Self; 5] =
        [Self::Object, Self::External, Self::Pods, Self::Resource, Self::ContainerResource];

    /// As `type` names it.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Object => "Object",
            Self::External => "External",
            Self::Pods => "Pods",
            Self::Resource => "Resource",
            Self::ContainerResource => "ContainerResource",
        }
    }

    /// Its field's name.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::External => "external",
            Self::Pods => "pods",
            Self::Resource => "resource",
            Self::ContainerResource => "containerResource",
        }
    }
}

/// The source of a metric.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Which of the five.
    pub kind: SourceKind,
    /// Where its key stands.
    pub key_span: Span,
    /// `name` of a resource or containerResource.
    pub resource: Option<Spanned<String>>,
    /// `container` of a containerResource.
    pub container: Option<Spanned<String>>,
    /// `describedObject` of an object.
    pub described_object: Option<ObjectReference>,
    /// `metric` of an object, pods or external.
    pub metric: Option<MetricIdentifier>,
    /// `target`.
    pub target: Target,
}

/// Name and selector of a custom or external metric.
#[derive(Clone, Debug)]
pub struct MetricIdentifier {
    /// `name`.
    pub name: Option<Spanned<String>>,
    /// `selector`.
    pub selector: Option<Selector>,
}

/// What a metric should be.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// Where it stands; its source's key if it is missing.
    pub span: Span,
    /// `type`.
    pub kind: Option<Spanned<String>>,
    /// `averageUtilization`, in percent.
    pub average_utilization: Option<Spanned<i32>>,
    /// `averageValue`.
    pub average_value: Option<Spanned<Quantity>>,
    /// `value`.
    pub value: Option<Spanned<Quantity>>,
    /// Whether a value of 0 may count as not set: autoscaling/v1 can't leave it out.
    pub is_zero_optional: bool,
}

impl Target {
    /// `value`, as `rules` take it.
    pub fn value_by(&self, rules: &ApiRules) -> Option<&Spanned<Quantity>> {
        let drops_zero = self.is_zero_optional && rules.zero_beside_average;
        self.value.as_ref().filter(|it| !drops_zero || it.value.signum() != 0)
    }
}

impl Metric {
    /// The source that `type` names.
    pub fn source(&self) -> Option<&Source> {
        let kind = self.kind.as_ref()?;
        self.sources.iter().find(|it| it.kind.type_name() == kind.value)
    }
}

/// Reads the source of one kind, as a version writes it.
pub(super) type ReadSource = fn(&mut Fields<'_>, SourceKind) -> Option<Source>;

/// Takes an entry of `metrics`.
pub(super) fn metric(fields: &mut Fields<'_>, source: ReadSource) -> Metric {
    let kind = fields.string("type");
    let sources = SourceKind::ALL.into_iter().filter_map(|kind| source(fields, kind)).collect();
    Metric { span: fields.span(), kind, sources }
}

pub(super) fn source(parent: &mut Fields<'_>, kind: SourceKind) -> Option<Source> {
    let key_span = parent.key_span(kind.field()).unwrap_or_default();
    let mut fields = parent.mapping(kind.field())?;
    let mut source = Source { kind, key_span, ..Source::default() };
    match kind {
        SourceKind::Resource => source.resource = fields.string("name"),
        SourceKind::ContainerResource => {
            source.resource = fields.string("name");
            source.container = fields.string("container");
        }
        SourceKind::Object => {
            source.described_object = reference(&mut fields, "describedObject");
            source.metric = identifier(&mut fields);
        }
        SourceKind::External | SourceKind::Pods => source.metric = identifier(&mut fields),
    }
    v2beta1_fields(&mut fields);
    source.target = match fields.mapping("target") {
        Some(mut fields) => target(&mut fields),
        None => Target { span: key_span, ..Target::default() },
    };
    Some(source)
}

/// Fields that only `autoscaling/v2beta1` has, and what they are there instead. They are what is left
/// where someone changes the version and nothing else.
///
/// Upstream: kubernetes 1.24 staging/src/k8s.io/api/autoscaling/v2beta1/types.go
/// `ResourceMetricSource`, `PodsMetricSource`, `ExternalMetricSource`.
fn v2beta1_fields(fields: &mut Fields<'_>) {
    for (name, kind) in [
        ("targetAverageUtilization", "Utilization, averageUtilization"),
        ("targetAverageValue", "AverageValue, averageValue"),
        ("targetValue", "Value, value"),
    ] {
        instead(fields, name, "target", |value| format!("target: {{type: {kind}: {value}}}"));
    }
    instead(fields, "metricName", "metric", |name| format!("metric: {{name: {name}}}"));
}

/// Names a field that is another one now, and writes that where there is none yet.
fn instead(fields: &mut Fields<'_>, name: &'static str, new: &str, write: impl Fn(&str) -> String) {
    let Some(entry) = fields.node().entry(name) else { return };
    let message = format!("`{name}` is a field of autoscaling/v2beta1 only: now it is `{new}`");
    let place = entry.key_span;
    let mut found = Diagnostic::new("TT112", Severity::Warning, place, message);
    let is_plain = |it: &&str| {
        !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || "._-".contains(it))
    };
    if let Some(value) = entry.value.text().filter(is_plain).filter(|_| !fields.has(new)) {
        let text = write(value);
        let span = Span::new(place.start, entry.value.span.end);
        let title = format!("write {text}");
        found = found.with(Fix::changes_decisions(title, vec![TextEdit { span, text }]));
    }
    fields.findings().push(found);
    fields.pass(&[name]);
}

fn target(fields: &mut Fields<'_>) -> Target {
    Target {
        span: fields.span(),
        kind: fields.string("type"),
        average_utilization: fields.int32("averageUtilization"),
        average_value: fields.quantity("averageValue"),
        value: fields.quantity("value"),
        is_zero_optional: false,
    }
}

fn identifier(fields: &mut Fields<'_>) -> Option<MetricIdentifier> {
    let mut metric = fields.mapping("metric")?;
    Some(MetricIdentifier {
        name: metric.string("name"),
        selector: selector(&mut metric, "selector"),
    })
}
