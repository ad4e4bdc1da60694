//! `status` of an HPA's manifest, as `kubectl get hpa -o yaml` prints it.
//!
//! A count of 0 is left out there; a metric that failed is an entry with an empty type.
//!
//! autoscaling/v1 carries metrics and conditions in annotations, and the CPU target in a field of its
//! own: reading it back puts that behind all other metrics of the spec, and leaves the status as it
//! was. So an entry belongs to the metric of its type and name; what has none (a metric that failed),
//! or one that the spec lacks, to the next of what is left.
//!
//! Upstream: api 0.37 autoscaling/v2/types.go `HorizontalPodAutoscalerStatus`,
//! autoscaling/v1/types.go; kubernetes 1.37 pkg/apis/autoscaling/v1/conversion.go.

use crate::hpa::MetricSpec;
use crate::kubectl::{Current, Source, Told, ToldCondition, ToldMetric};
use crate::manifest::Document;
use crate::manifest::hpa::SourceKind;
use crate::yaml::{Entry, Fields, Findings, Node, Spanned, Value, read_embedded};

/// Type and name of a metric.
type Name = (SourceKind, String);

/// What the status of `document`, which stands in `text` and has `specs` as metrics, tells; `None` if
/// it has none.
pub(super) fn read(
    document: &Document,
    specs: &[MetricSpec],
    text: &str,
    findings: &Findings,
) -> Option<Told> {
    let node = document.root.get("status")?;
    let mut fields = Fields::of(node, "status", findings)?;
    let span = document.root.entry("status").map_or(node.span, |it| it.key_span);
    if node.entries().is_empty() {
        return None;
    }
    let current = fields.int32("currentReplicas").unwrap_or(Spanned::new(0, span));
    let mut told = Told {
        source: Source::Status,
        name: document.metadata.name.clone(),
        namespace: document.metadata.namespace.as_ref().map(|it| it.value.clone()),
        current_replicas: Some(current),
        desired_replicas: Some(fields.int32("desiredReplicas").map_or(0, |it| it.value)),
        ..Told::default()
    };
    let entries = fields.mappings("currentMetrics").unwrap_or_default().value;
    let mut metrics: Vec<_> = entries.into_iter().map(metric).collect();
    if let Some(percent) = fields.int32("currentCPUUtilizationPercentage") {
        let current = Current::Utilization { percent: percent.value, average_milli: None };
        let told = ToldMetric { spec: None, is_guess: false, current, span: percent.span };
        metrics.push((told, Some((SourceKind::Resource, "cpu".to_owned()))));
    }
    let conditions = fields.mappings("conditions").unwrap_or_default().value;
    told.conditions = conditions.into_iter().filter_map(condition).collect();
    fields.pass_rest();
    if document.api_version.value == "autoscaling/v1" {
        from_annotations(document, text, &mut told, &mut metrics);
    }
    told.metrics = in_order_of(specs, metrics);
    Some(told)
}

/// The entries in the order of the spec; as they stand if these are more or fewer.
fn in_order_of(specs: &[MetricSpec], metrics: Vec<(ToldMetric, Option<Name>)>) -> Vec<ToldMetric> {
    let names: Vec<Option<Name>> = specs.iter().map(name_of).collect();
    // The controller leaves an entry without a name at the place of a metric that failed. Only an
    // older version of the API has another order.
    let is_in_order = metrics.iter().zip(&names).all(|((_, it), name)| it.is_none() || it == name);
    if metrics.len() != specs.len() || is_in_order {
        return metrics.into_iter().map(|it| it.0).collect();
    }
    let mut places: Vec<Option<ToldMetric>> = specs.iter().map(|_| None).collect();
    let mut rest = Vec::new();
    for (told, name) in metrics {
        let is_free = |it: &usize| name.is_some() && names[*it] == name && places[*it].is_none();
        match (0..specs.len()).find(is_free) {
            Some(place) => places[place] = Some(told),
            None => rest.push(told),
        }
    }
    let mut rest = rest.into_iter();
    places.into_iter().filter_map(|it| it.or_else(|| rest.next())).collect()
}

fn name_of(spec: &MetricSpec) -> Option<Name> {
    Some(match spec {
        MetricSpec::Resource { name, .. } => (SourceKind::Resource, name.to_string()),
        MetricSpec::ContainerResource { name, .. } => {
            (SourceKind::ContainerResource, name.to_string())
        }
        MetricSpec::Pods { metric, .. } => (SourceKind::Pods, metric.name.clone()),
        MetricSpec::Object { metric, .. } => (SourceKind::Object, metric.name.clone()),
        MetricSpec::External { metric, .. } => (SourceKind::External, metric.name.clone()),
        MetricSpec::Unknown(_) => return None,
    })
}

fn from_annotations(
    document: &Document,
    text: &str,
    told: &mut Told,
    metrics: &mut Vec<(ToldMetric, Option<Name>)>,
) {
    let findings = Findings::default();
    if let Some(tree) = annotation(document, text, "conditions", &findings)
        && let Some(mut fields) = Fields::of(&tree, "", &findings)
    {
        let entries = fields.mappings(LIST).unwrap_or_default().value;
        told.conditions = entries.into_iter().filter_map(condition).collect();
    }
    let Some(tree) = annotation(document, text, "current-metrics", &findings) else { return };
    let Some(mut fields) = Fields::of(&tree, "", &findings) else { return };
    let entries = fields.mappings(LIST).unwrap_or_default().value;
    *metrics = entries.into_iter().map(old_metric).collect();
}

/// What the list in an annotation is called here.
const LIST: &str = "list";

/// The list that an annotation holds, if it can be read.
fn annotation(document: &Document, text: &str, name: &str, findings: &Findings) -> Option<Node> {
    let key = format!("autoscaling.alpha.kubernetes.io/{name}");
    let scalar = document.root.get("metadata")?.get("annotations")?.get(&key)?;
    let tree = read_embedded(text, scalar, findings)?;
    let span = scalar.span;
    let entry = Entry { key: LIST.to_owned(), key_span: span, value: tree };
    Some(Node { span, value: Value::Mapping(vec![entry]) })
}

/// A metric as autoscaling/v1 writes it.
fn old_metric(mut fields: Fields<'_>) -> (ToldMetric, Option<Name>) {
    let span = fields.head();
    let mut told = ToldMetric { spec: None, is_guess: false, current: Current::Unknown, span };
    let mut named = None;
    for kind in SourceKind::ALL {
        let Some(mut source) = fields.mapping(kind.field()) else { continue };
        let mut milli = |name| source.quantity(name).map(|it| it.value.milli_value());
        let average = milli("currentAverageValue").or_else(|| milli("averageValue"));
        // It can't be left out there: 0 beside an average means nothing.
        let value = milli("currentValue");
        let percent = source.int32("currentAverageUtilization").map(|it| it.value);
        let name = source.string("metricName").or_else(|| source.string("name"));
        named = name.map(|it| (kind, it.value));
        told.span = source.span();
        told.current = match (percent, average.or(value)) {
            (Some(percent), _) => Current::Utilization { percent, average_milli: average },
            (None, Some(milli)) => Current::Milli(milli),
            (None, None) => Current::Unknown,
        };
        source.pass_rest();
    }
    fields.pass_rest();
    (told, named)
}

fn metric(mut fields: Fields<'_>) -> (ToldMetric, Option<Name>) {
    let span = fields.head();
    let mut told = ToldMetric { spec: None, is_guess: false, current: Current::Unknown, span };
    let mut named = None;
    for kind in SourceKind::ALL {
        let Some(mut source) = fields.mapping(kind.field()) else { continue };
        let metric = source.mapping("metric").and_then(|mut it| it.string("name"));
        let name = metric.or_else(|| source.string("name"));
        named = name.map(|it| (kind, it.value));
        if let Some(current) = source.mapping("current") {
            told.span = current.span();
            told.current = value(current);
        }
        source.pass_rest();
    }
    fields.pass_rest();
    (told, named)
}

fn value(mut fields: Fields<'_>) -> Current {
    let average = fields.quantity("averageValue").map(|it| it.value.milli_value());
    let percent = fields.int32("averageUtilization").map(|it| it.value);
    let value = fields.quantity("value").map(|it| it.value.milli_value());
    // A controller writes one of the two; after a detour through autoscaling/v1 there is a 0 as well.
    match (percent, average.or(value)) {
        (Some(percent), _) => Current::Utilization { percent, average_milli: average },
        (None, Some(milli)) => Current::Milli(milli),
        (None, None) => Current::Unknown,
    }
}

fn condition(mut fields: Fields<'_>) -> Option<ToldCondition> {
    let mut text = |name| fields.string(name).map(|it| it.value).unwrap_or_default();
    let told = ToldCondition {
        kind: text("type"),
        status: text("status") == "True",
        reason: text("reason"),
        message: text("message"),
    };
    fields.pass_rest();
    (!told.kind.is_empty()).then_some(told)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::hpa::{MetricIdentifier, MetricSpec, ResourceName, ResourceTarget, ValueTarget};
    use crate::kubectl::Current;
    use crate::yaml::Findings;

    /// Written by hand after upstream's conversion: the CPU target goes behind the metrics of the
    /// annotation, the entries of the status stay in the order of autoscaling/v2.
    #[test]
    fn annotations_tell_what_autoscaling_v1_has_no_fields_for() {
        let text = "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: web\n  \
             annotations:\n    autoscaling.alpha.kubernetes.io/conditions: '[{\"type\":\"AbleToScale\",\
             \"status\":\"True\",\"reason\":\"ReadyForNewScale\",\"message\":\"m\"}]'\n    \
             autoscaling.alpha.kubernetes.io/current-metrics: '[{\"type\":\"Resource\",\"resource\":\
             {\"name\":\"cpu\",\"currentAverageUtilization\":70,\"currentAverageValue\":\"350m\"}},\
             {\"type\":\"External\",\"external\":{\"metricName\":\"queue\",\"currentValue\":\"0\",\
             \"currentAverageValue\":\"2500m\"}}]'\nspec:\n  targetCPUUtilizationPercentage: 80\nstatus:\n  \
             currentReplicas: 3\n  desiredReplicas: 4\n";
        let documents = crate::manifest::read(text);
        let findings = Findings::default();
        let metrics = [
            MetricSpec::External {
                metric: MetricIdentifier { name: "queue".to_owned(), selector: None },
                target: ValueTarget::AverageValue(1000),
            },
            MetricSpec::Resource {
                name: ResourceName::Cpu,
                target: ResourceTarget::AverageUtilization(80),
            },
        ];
        let told = read(&documents.documents[0], &metrics, text, &findings).expect("a status");
        let currents: Vec<Current> = told.metrics.iter().map(|it| it.current).collect();
        let cpu = Current::Utilization { percent: 70, average_milli: Some(350) };
        assert_eq!(currents, [Current::Milli(2500), cpu]);
        let [condition] = &told.conditions[..] else { panic!("{:?}", told.conditions) };
        assert_eq!((&*condition.kind, condition.status), ("AbleToScale", true));
    }
}
