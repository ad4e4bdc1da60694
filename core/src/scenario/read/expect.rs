//! `spec.expect`: what must come of it.
//!
//! Each entry has one subject (`hpa`, `ray`, or neither for the whole run) and one number with one
//! bound: `{hpa: web, readyReplicas: {atLeast: 5}, by: 4m}`.

use super::limits::{cut, instant};
use super::one_of;
use crate::scenario::{Bound, Expectation, Measure, Subject};
use crate::time::Instant;
use crate::yaml::Fields;

/// Entries that a Scenario may have.
const MOST_ENTRIES: usize = 256;

const OF_RUN: [(&str, Measure); 2] = [
    ("unservedRequests", Measure::UnservedRequests),
    ("unschedulablePods", Measure::UnschedulablePods),
];
const OF_HPA: [(&str, Measure); 4] = [
    ("readyReplicas", Measure::ReadyReplicas),
    ("desiredReplicas", Measure::DesiredReplicas),
    ("unservedRequests", Measure::UnservedRequests),
    ("flaps", Measure::Flaps),
];
const OF_RAY: [(&str, Measure); 3] =
    [("workers", Measure::Workers), ("pending", Measure::Pending), ("flaps", Measure::Flaps)];

pub(super) fn entries(spec: &mut Fields<'_>, end: Instant) -> Vec<Expectation> {
    let findings = spec.findings();
    let Some(mut list) = spec.mappings("expect") else { return Vec::new() };
    cut(findings, &mut list.value, list.span, MOST_ENTRIES);
    list.value.into_iter().filter_map(|fields| entry(fields, end)).collect()
}

fn entry(mut fields: Fields<'_>, end: Instant) -> Option<Expectation> {
    let span = fields.span();
    let hpa = fields.string("hpa");
    let ray = fields.string("ray");
    if let (Some(_), Some(ray)) = (&hpa, &ray) {
        fields.findings().error("TT404", ray.span, "`hpa` and `ray` in one entry: make two of it");
    }
    let (subject, measures): (_, &[(&'static str, Measure)]) = match (hpa, ray) {
        (Some(hpa), _) => (Subject::Hpa(hpa.value), &OF_HPA),
        (None, Some(ray)) => (Subject::Ray(ray.value), &OF_RAY),
        (None, None) => (Subject::Run, &OF_RUN),
    };
    let by = instant(&mut fields, "by", end + crate::time::Duration::from_ms(1));
    let names: Vec<_> = measures.iter().map(|(name, _)| *name).collect();
    let name = one_of(&mut fields, &names)?;
    let (_, measure) = measures.iter().find(|(other, _)| *other == name)?;
    let mut limits = fields.mapping(name)?;
    let bound = match one_of(&mut limits, &["atMost", "atLeast"])? {
        "atMost" => Bound::AtMost(limits.int64("atMost")?.value),
        _ => Bound::AtLeast(limits.int64("atLeast")?.value),
    };
    Some(Expectation { subject, measure: *measure, bound, by: by.map(|it| it.value), span })
}
