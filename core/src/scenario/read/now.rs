//! `spec.now`: counts, metrics and history of an HPA at the moment.

use super::limits::{cut, report_missing};
use super::out_of_range;
use crate::scenario::{Now, Past};
use crate::yaml::scalar;
use crate::yaml::{Fields, Spanned};

/// HPAs that a Scenario may speak of.
const MOST_ENTRIES: usize = 200;
/// Metrics of one HPA, and entries of a history.
const MOST_NUMBERS: usize = 100;
/// Pods of one HPA.
const MOST_PODS: i32 = 5_000;

pub(super) fn entries(spec: &mut Fields<'_>) -> Vec<Now> {
    let findings = spec.findings();
    let Some(mut list) = spec.mappings("now") else { return Vec::new() };
    cut(findings, &mut list.value, list.span, MOST_ENTRIES);
    list.value.into_iter().filter_map(entry).collect()
}

fn entry(mut fields: Fields<'_>) -> Option<Now> {
    report_missing(&fields, "hpa");
    let hpa = fields.string("hpa");
    let mut now = Now {
        namespace: fields.string("namespace").map(|it| it.value),
        current_replicas: count(&mut fields, "currentReplicas"),
        recommendations: past(&mut fields, "recommendations", "replicas", 0),
        scale_events: past(&mut fields, "scaleEvents", "change", -MOST_PODS),
        scaled_to_zero: fields.bool("scaledToZero").map(|it| it.value),
        span: fields.span(),
        ..Now::default()
    };
    if let Some(mut pods) = fields.mapping("pods") {
        now.ready = count(&mut pods, "ready");
        now.not_ready = count(&mut pods, "notReady");
        now.missing = count(&mut pods, "missing");
    }
    let metrics = fields.list("metrics", |place, findings| {
        Some(if place.node.is_null() { None } else { scalar::text(place, findings) })
    });
    if let Some(mut metrics) = metrics {
        cut(fields.findings(), &mut metrics.value, metrics.span, MOST_NUMBERS);
        now.metrics = metrics.value;
    }
    now.hpa = hpa?;
    Some(now)
}

fn count(fields: &mut Fields<'_>, name: &'static str) -> Option<Spanned<i32>> {
    let found = fields.int32(name)?;
    if !(0..=MOST_PODS).contains(&found.value) {
        let message = format!("from 0 to {MOST_PODS} pods are counted");
        out_of_range(fields.findings(), found.span, message);
    }
    Some(found.map(|it| it.clamp(0, MOST_PODS)))
}

/// A history; an empty one says that there is none.
fn past(
    fields: &mut Fields<'_>,
    name: &'static str,
    number: &'static str,
    least: i32,
) -> Option<Vec<Past>> {
    let findings = fields.findings();
    let mut list = fields.mappings(name)?;
    cut(findings, &mut list.value, list.span, MOST_NUMBERS);
    let entry = |mut fields: Fields<'_>| {
        for field in [number, "ago"] {
            report_missing(&fields, field);
        }
        let (found, ago) = (fields.int32(number), fields.duration("ago"));
        let found = found?;
        if !(least..=MOST_PODS).contains(&found.value) {
            let message = format!("must lie between {least} and {MOST_PODS}");
            out_of_range(findings, found.span, message);
        }
        Some(Past { replicas: found.value.clamp(least, MOST_PODS), ago: ago?.value })
    };
    Some(list.value.into_iter().filter_map(entry).collect())
}
