//! Every metric's proposal side by side.

use super::names;
use crate::explain::number::{number, ratio};
use crate::hpa::{Cause, MetricStatus, Spec, Tolerances};
use crate::report::{Language, MetricRow};
use crate::sim::HpaLook;

/// One row for each metric of the look, in the order of the spec.
pub(super) fn rows(spec: &Spec, look: &HpaLook, language: Language) -> Vec<MetricRow> {
    (0..spec.metrics.len()).map(|metric| row(spec, look, metric, language)).collect()
}

fn row(spec: &Spec, look: &HpaLook, metric: usize, language: Language) -> MetricRow {
    let status = look.status.current_metrics.get(metric);
    let mut row = MetricRow {
        name: names::metric_name(spec, metric),
        current: status.map_or_else(String::new, |it| current(spec, metric, *it, language)),
        target: names::target(spec, metric, language),
        ..MetricRow::default()
    };
    for cause in &look.trace.causes {
        match *cause {
            Cause::Utilization { metric: own, ratio, .. }
            | Cause::AverageValue { metric: own, ratio, .. }
            | Cause::Value { metric: own, ratio, .. }
            | Cause::ValuePerReplica { metric: own, ratio, .. }
                if own == metric =>
            {
                row.ratio = beside_tolerance(spec, ratio);
            }
            Cause::WithinTolerance { metric: own, proposal, .. }
            | Cause::Flipped { metric: own, proposal, .. }
            | Cause::WrongDirection { metric: own, proposal, .. }
            | Cause::Proposed { metric: own, proposal, .. }
            | Cause::ProposedFromZero { metric: own, proposal, .. }
            | Cause::ProposedPerReplica { metric: own, proposal, .. }
                if own == metric =>
            {
                row.proposal = number(f64::from(proposal));
            }
            Cause::MetricFailed { metric: own, .. } if own == metric => {
                row.error = names::failure_text(look, metric);
            }
            Cause::Recommended { metric: own, .. } => row.wins = own == metric,
            _ => {}
        }
    }
    row
}

/// A ratio with as many decimals as tell it from the tolerance.
pub(super) fn beside_tolerance(spec: &Spec, value: f64) -> String {
    let tolerances = Tolerances::of(spec);
    ratio(value, [1.0 - tolerances.scale_down, 1.0 + tolerances.scale_up])
}

fn current(spec: &Spec, metric: usize, status: MetricStatus, language: Language) -> String {
    match status {
        MetricStatus::Failed => String::new(),
        MetricStatus::Utilization { average_utilization, .. } => {
            names::level(spec, metric, i64::from(average_utilization), language)
        }
        MetricStatus::AverageValue(milli) | MetricStatus::Value(milli) => {
            names::amount(spec, metric, milli)
        }
    }
}
