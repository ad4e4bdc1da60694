//! What each metric shows: typed, else told, else assumed to be at its target.

use super::known::Number;
use super::subject::Subject;
use crate::diagnostic::{Diagnostic, Severity};
use crate::explain::now_phrase::NowPhrase;
use crate::hpa::{MetricSpec, ResourceTarget, ValueTarget};
use crate::kubectl::{Amount, Current, ToldMetric, amount};
use crate::report::Origin;
use crate::yaml::Spanned;

/// What each metric of the spec shows.
pub(super) fn metrics(
    subject: &Subject,
    notes: &mut Vec<NowPhrase>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Number<Current>> {
    let specs = &subject.spec.metrics;
    let told = subject.told.as_ref();
    let shown = shown(subject, notes, diagnostics);
    specs
        .iter()
        .enumerate()
        .map(|(index, spec)| {
            let typed = subject.typed.as_ref().and_then(|(_, it)| it.metrics.get(index)?.as_ref());
            if let Some(value) = typed.and_then(|it| typed_metric(it, spec, diagnostics)) {
                return value;
            }
            if let Some(it) = shown.get(index) {
                if fits(it.current, spec) {
                    return Number::read(it.current, it.span);
                }
                let message = "this value does not fit the metric's target in the manifest";
                diagnostics.push(Diagnostic::new("TT604", Severity::Warning, it.span, message));
            }
            // A status without the metric: it failed or was not read.
            let current = if told.is_some() { Current::Unknown } else { at_target(spec) };
            Number::assumed(current)
        })
        .collect()
}

/// The metrics that are told, in the order of the spec.
fn shown<'a>(
    subject: &'a Subject,
    notes: &mut Vec<NowPhrase>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<&'a ToldMetric> {
    let Some(told) = &subject.told else { return Vec::new() };
    let (count, expected) = (told.metrics.len() + told.more_metrics, subject.spec.metrics.len());
    if !subject.is_printed && count > 0 && count != expected {
        let span = told.metrics.first().map_or(told.name.span, |it| it.span);
        let message = format!("this shows {count} metrics, the manifest has {expected}");
        diagnostics.push(Diagnostic::new("TT604", Severity::Warning, span, message));
    }
    if told.more_metrics > 0 {
        notes.push(NowPhrase::MoreMetrics { count: told.more_metrics });
    }
    if subject.is_printed && told.metrics.iter().any(|it| it.is_guess) {
        notes.push(NowPhrase::GuessedMetrics);
    }
    // Entries without rules are not in the spec that a text is the source of.
    told.metrics.iter().filter(|it| !subject.is_printed || it.spec.is_some()).collect()
}

/// Whether a metric with that target shows such a value.
fn fits(current: Current, spec: &MetricSpec) -> bool {
    match current {
        Current::Unknown => true,
        Current::Utilization { .. } => is_share(spec),
        Current::Milli(_) => !is_share(spec),
    }
}

/// Whether its target is a share of the requests.
pub(super) fn is_share(spec: &MetricSpec) -> bool {
    let target = match spec {
        MetricSpec::Resource { target, .. } | MetricSpec::ContainerResource { target, .. } => {
            target
        }
        MetricSpec::Pods { .. }
        | MetricSpec::Object { .. }
        | MetricSpec::External { .. }
        | MetricSpec::Unknown(_) => return false,
    };
    matches!(target, ResourceTarget::AverageUtilization(_))
}

fn typed_metric(
    typed: &Spanned<String>,
    spec: &MetricSpec,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Number<Current>> {
    let current = match (amount(&typed.value), is_share(spec)) {
        (Some(Amount::Unknown), _) => Current::Unknown,
        (Some(Amount::Percent(percent)), true) => {
            Current::Utilization { percent, average_milli: None }
        }
        // `45` for `45%`.
        (Some(Amount::Milli(milli)), true) if milli % 1000 == 0 => Current::Utilization {
            percent: i32::try_from(milli / 1000).unwrap_or(i32::MAX),
            average_milli: None,
        },
        (Some(Amount::Milli(milli)), false) => Current::Milli(milli),
        (_, true) => {
            let message = "a share of the requests is written as 45%";
            let found = Diagnostic::new("TT606", Severity::Error, typed.span, message);
            diagnostics.push(found);
            return None;
        }
        (_, false) => {
            let message = "a value is written as a quantity, 250m or 12";
            let found = Diagnostic::new("TT606", Severity::Error, typed.span, message);
            diagnostics.push(found);
            return None;
        }
    };
    Some(Number { value: current, origin: Origin::Typed, span: Some(typed.span) })
}

/// The value that asks for no change.
fn at_target(spec: &MetricSpec) -> Current {
    if is_share(spec) {
        let percent = i32::try_from(target(spec)).unwrap_or(i32::MAX);
        Current::Utilization { percent, average_milli: None }
    } else {
        Current::Milli(target(spec))
    }
}

/// A metric's target, in percent or thousandths.
pub(super) fn target(spec: &MetricSpec) -> i64 {
    let (resource, value) = match spec {
        MetricSpec::Resource { target, .. } | MetricSpec::ContainerResource { target, .. } => {
            (Some(target), None)
        }
        MetricSpec::Pods { target_average_value_milli: milli, .. } => return *milli,
        MetricSpec::Object { target, .. } => (None, target.as_ref()),
        MetricSpec::External { target, .. } => (None, Some(target)),
        MetricSpec::Unknown(_) => (None, None),
    };
    match (resource, value) {
        (Some(ResourceTarget::AverageUtilization(percent)), _) => i64::from(*percent),
        (Some(ResourceTarget::AverageValue(milli)), _)
        | (None, Some(ValueTarget::Value(milli) | ValueTarget::AverageValue(milli))) => *milli,
        (None, None) => 0,
    }
}
