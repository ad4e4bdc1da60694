//! The numbers of a decision as a form shows them and as the Scenario writes them.

use super::known::{Known, Number};
use super::subject::Subject;
use crate::assumption;
use crate::explain::hpa::metric_name;
use crate::explain::now_phrase::{MetricKind, NowLabel};
use crate::explain::number::milli;
use crate::explain::phrase::Phrase;
use crate::hpa::{MetricSpec, ResourceTarget, ValueTarget};
use crate::kubectl::Current;
use crate::report::{Language, NowInput};
use crate::scenario::Past;

/// Every number of `known`, the metrics first.
pub(super) fn inputs(subject: &Subject, known: &Known, language: Language) -> Vec<NowInput> {
    let mut inputs = Vec::new();
    for (index, (spec, value)) in subject.spec.metrics.iter().zip(&known.metrics).enumerate() {
        let (kind, target) = goal(spec);
        let name = metric_name(&subject.spec, index);
        let label = NowLabel::Metric { name: &name, kind };
        let field = format!("metrics[{index}]");
        inputs.push(input(field, &label, current(value.value), value, language));
        if let Some(last) = inputs.last_mut() {
            last.target = target;
        }
    }
    for (field, label, value) in [
        ("currentReplicas", NowLabel::CurrentReplicas, &known.current),
        ("pods.ready", NowLabel::Ready, &known.ready),
        ("pods.notReady", NowLabel::NotReady, &known.not_ready),
        ("pods.missing", NowLabel::Missing, &known.missing),
    ] {
        let text = value.value.to_string();
        inputs.push(input(field.to_owned(), &label, text, value, language));
    }
    let value = &known.recommendations;
    let text = past(&value.value, false);
    let label = NowLabel::Recommendations;
    inputs.push(input("recommendations".to_owned(), &label, text, value, language));
    if subject.spec.behavior.is_some() {
        let value = &known.scale_events;
        let text = past(&value.value, true);
        let label = NowLabel::ScaleEvents;
        inputs.push(input("scaleEvents".to_owned(), &label, text, value, language));
    }
    if known.current.value == 0 {
        let value = &known.scaled_to_zero;
        let text = value.value.to_string();
        let label = NowLabel::ScaledToZero;
        inputs.push(input("scaledToZero".to_owned(), &label, text, value, language));
    }
    inputs
}

fn input<T>(
    field: String,
    label: &NowLabel<'_>,
    text: String,
    value: &Number<T>,
    language: Language,
) -> NowInput {
    NowInput {
        field,
        label: label.text(language),
        value: text,
        target: String::new(),
        origin: value.origin,
        span: value.span,
    }
}

/// As kubectl prints it.
fn current(current: Current) -> String {
    match current {
        Current::Unknown => "<unknown>".to_owned(),
        Current::Utilization { percent, .. } => format!("{percent}%"),
        Current::Milli(value) => milli(value),
    }
}

/// `8 2m ago, 6 30s ago`.
fn past(past: &[Past], signed: bool) -> String {
    let one = |it: &Past| {
        let sign = if signed && it.replicas > 0 { "+" } else { "" };
        format!("{sign}{} {} ago", it.replicas, assumption::Value::Duration(it.ago))
    };
    past.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn goal(spec: &MetricSpec) -> (MetricKind, String) {
    match spec {
        MetricSpec::Resource { target, .. } | MetricSpec::ContainerResource { target, .. } => {
            match target {
                ResourceTarget::AverageUtilization(percent) => {
                    (MetricKind::Share, format!("{percent}%"))
                }
                ResourceTarget::AverageValue(value) => (MetricKind::Average, milli(*value)),
            }
        }
        MetricSpec::Pods { target_average_value_milli: value, .. } => {
            (MetricKind::Average, milli(*value))
        }
        MetricSpec::Object { target: None, .. } | MetricSpec::Unknown(_) => {
            (MetricKind::Value, String::new())
        }
        MetricSpec::Object { target: Some(target), .. } | MetricSpec::External { target, .. } => {
            match target {
                ValueTarget::Value(value) => (MetricKind::Value, milli(*value)),
                ValueTarget::AverageValue(value) => (MetricKind::PerReplica, milli(*value)),
            }
        }
    }
}
