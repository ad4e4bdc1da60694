//! `status` of an HPA's manifest, as `kubectl get hpa -o yaml` prints it.
//!
//! A count of 0 is left out there; a metric that failed is an entry with an empty type.
//!
//! Upstream: api 0.37 autoscaling/v2/types.go `HorizontalPodAutoscalerStatus`,
//! autoscaling/v1/types.go.

use crate::kubectl::{Current, Source, Told, ToldCondition, ToldMetric};
use crate::manifest::Document;
use crate::manifest::hpa::SourceKind;
use crate::yaml::{Fields, Findings, Spanned};

/// What the status of `document` tells; `None` if it has none.
pub(super) fn read(document: &Document, findings: &Findings) -> Option<Told> {
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
    Some(told)
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
    match (percent, value.or(average)) {
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
