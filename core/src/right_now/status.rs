//! `status` of an HPA's manifest, as `kubectl get hpa -o yaml` prints it.
//!
//! A count of 0 is left out there; a metric that failed is an entry with an empty type.
//!
//! autoscaling/v1 carries metrics and conditions in annotations, and the CPU target behind all other
//! metrics, wherever it stood.
//!
//! Upstream: api 0.37 autoscaling/v2/types.go `HorizontalPodAutoscalerStatus`,
//! autoscaling/v1/types.go; kubernetes 1.37 pkg/apis/autoscaling/v1/conversion.go.

use crate::kubectl::{Current, Source, Told, ToldCondition, ToldMetric};
use crate::manifest::Document;
use crate::manifest::hpa::SourceKind;
use crate::yaml::{Entry, Fields, Findings, Node, Spanned, Value, read_embedded};

/// What the status of `document`, which stands in `text`, tells; `None` if it has none.
pub(super) fn read(document: &Document, text: &str, findings: &Findings) -> Option<Told> {
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
    for entry in fields.mappings("currentMetrics").unwrap_or_default().value {
        told.metrics.push(metric(entry));
    }
    if let Some(percent) = fields.int32("currentCPUUtilizationPercentage") {
        let current = Current::Utilization { percent: percent.value, average_milli: None };
        told.metrics.push(ToldMetric { spec: None, is_guess: false, current, span: percent.span });
    }
    let conditions = fields.mappings("conditions").unwrap_or_default().value;
    told.conditions = conditions.into_iter().filter_map(condition).collect();
    fields.pass_rest();
    if document.api_version.value == "autoscaling/v1" {
        from_annotations(document, text, &mut told);
    }
    Some(told)
}

fn from_annotations(document: &Document, text: &str, told: &mut Told) {
    let findings = Findings::default();
    if let Some(tree) = annotation(document, text, "conditions", &findings)
        && let Some(mut fields) = Fields::of(&tree, "", &findings)
    {
        let entries = fields.mappings(LIST).unwrap_or_default().value;
        told.conditions = entries.into_iter().filter_map(condition).collect();
    }
    let Some(tree) = annotation(document, text, "current-metrics", &findings) else { return };
    let Some(mut fields) = Fields::of(&tree, "", &findings) else { return };
    told.metrics.clear();
    let mut cpu = None;
    let has_cpu_target = document.root.get("spec").is_some_and(|it| it.get(CPU_TARGET).is_some());
    for entry in fields.mappings(LIST).unwrap_or_default().value {
        let (metric, is_cpu) = old_metric(entry);
        if is_cpu && has_cpu_target && cpu.is_none() {
            cpu = Some(metric);
        } else {
            told.metrics.push(metric);
        }
    }
    told.metrics.extend(cpu);
}

/// The target of autoscaling/v1 itself.
const CPU_TARGET: &str = "targetCPUUtilizationPercentage";
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

/// A metric as autoscaling/v1 writes it, and whether it is CPU in percent of the requests.
fn old_metric(mut fields: Fields<'_>) -> (ToldMetric, bool) {
    let span = fields.head();
    let mut told = ToldMetric { spec: None, is_guess: false, current: Current::Unknown, span };
    let mut is_cpu = false;
    for kind in SourceKind::ALL {
        let Some(mut source) = fields.mapping(kind.field()) else { continue };
        let mut milli = |name| source.quantity(name).map(|it| it.value.milli_value());
        let average = milli("currentAverageValue").or_else(|| milli("averageValue"));
        // It can't be left out there: 0 beside an average means nothing.
        let value = milli("currentValue");
        let percent = source.int32("currentAverageUtilization").map(|it| it.value);
        let is_named_cpu = source.string("name").is_some_and(|it| it.value == "cpu");
        is_cpu = kind == SourceKind::Resource && is_named_cpu && percent.is_some();
        told.span = source.span();
        told.current = match (percent, average.or(value)) {
            (Some(percent), _) => Current::Utilization { percent, average_milli: average },
            (None, Some(milli)) => Current::Milli(milli),
            (None, None) => Current::Unknown,
        };
        source.pass_rest();
    }
    fields.pass_rest();
    (told, is_cpu)
}

fn metric(mut fields: Fields<'_>) -> ToldMetric {
    let span = fields.head();
    let mut told = ToldMetric { spec: None, is_guess: false, current: Current::Unknown, span };
    for kind in SourceKind::ALL {
        let source = fields.mapping(kind.field());
        if let Some(current) = source.and_then(|mut source| {
            let current = source.mapping("current");
            source.pass_rest();
            current
        }) {
            told.span = current.span();
            told.current = value(current);
        }
    }
    fields.pass_rest();
    told
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
        let told = read(&documents.documents[0], text, &findings).expect("a status");
        let currents: Vec<Current> = told.metrics.iter().map(|it| it.current).collect();
        let cpu = Current::Utilization { percent: 70, average_milli: Some(350) };
        assert_eq!(currents, [Current::Milli(2500), cpu]);
        let [condition] = &told.conditions[..] else { panic!("{:?}", told.conditions) };
        assert_eq!((&*condition.kind, condition.status), ("AbleToScale", true));
    }
}
