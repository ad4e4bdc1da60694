//! Fields with limits of their own: rates, times and counts.
//!
//! A number beyond a limit is reported and taken as the limit, so that no text can make a run
//! endless or a sum overflow.

use super::out_of_range;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::time::{Duration, Instant};
use crate::workload::Rate;
use crate::yaml::{Fields, Findings, Spanned};

/// Requests per second, or the value of a metric.
pub(super) fn rate(fields: &mut Fields<'_>, name: &'static str) -> Option<Rate> {
    let number = fields.number(name)?;
    let is_metric = fields.path().starts_with("spec.metrics");
    let (what, unit) = if is_metric { ("metric", "") } else { ("load", " requests per second") };
    if number.value < 0.0 {
        let message = format!("a {what} is zero or more{unit}");
        out_of_range(fields.findings(), number.span, message);
    } else if number.value > Rate::MAX.rps() {
        let message = format!("limit reached: at most {}{unit}", Rate::MAX);
        out_of_range(fields.findings(), number.span, message);
    }
    Some(Rate::from_rps(number.value))
}

/// A rate that must be set.
pub(super) fn required_rate(fields: &mut Fields<'_>, name: &'static str) -> Option<Rate> {
    report_missing(fields, name);
    rate(fields, name)
}

/// A time after the start of the run. One at or after its end is reported, for nothing happens
/// then.
pub(super) fn instant(
    fields: &mut Fields<'_>,
    name: &'static str,
    end: Instant,
) -> Option<Spanned<Instant>> {
    let found = fields.duration(name)?.map(|it| Instant::ZERO + it);
    if found.value >= end {
        let message = format!("lies beyond the run, which ends at {end}");
        let late = Diagnostic::new("TT403", Severity::Warning, found.span, message);
        fields.findings().push(late);
    }
    Some(found)
}

/// A time that must be set.
pub(super) fn required_instant(
    fields: &mut Fields<'_>,
    name: &'static str,
    end: Instant,
) -> Option<Spanned<Instant>> {
    report_missing(fields, name);
    instant(fields, name, end)
}

/// A length of time longer than zero.
pub(super) fn positive(
    fields: &mut Fields<'_>,
    name: &'static str,
    least: Duration,
) -> Option<Duration> {
    let found = fields.duration(name)?;
    if found.value < least {
        out_of_range(fields.findings(), found.span, format!("must be {least} or longer"));
    }
    Some(found.value.max(least))
}

/// A whole number from `least` to `most`.
pub(super) fn count(
    fields: &mut Fields<'_>,
    name: &'static str,
    (least, most): (u32, u32),
) -> Option<u32> {
    let found = fields.int64(name)?;
    let range = i64::from(least)..=i64::from(most);
    if found.value > *range.end() {
        let message = format!("limit reached: at most {most}");
        out_of_range(fields.findings(), found.span, message);
    } else if found.value < *range.start() {
        out_of_range(fields.findings(), found.span, format!("must be {least} or more"));
    }
    Some(found.value.clamp(*range.start(), *range.end()) as u32)
}

/// The first `most` of a list; says where it was cut.
pub(super) fn cut<T>(findings: &Findings, list: &mut Vec<T>, span: Span, most: usize) {
    if list.len() > most {
        let message = format!("limit reached: at most {most} entries, the others are not used");
        out_of_range(findings, span, message);
        list.truncate(most);
    }
}

/// Reports field `name` unless it is set.
pub(super) fn report_missing(fields: &Fields<'_>, name: &str) {
    if !fields.has(name) {
        fields.missing(name);
    }
}
