//! `spec.metrics`: what HPAs and KEDA's triggers find; `spec.outages`: when they find nothing;
//! `spec.start`: what time it is.

use super::limits::{cut, positive, report_missing, required_instant};
use super::load::{SERVICES, SHAPES, shape, target};
use super::one_of;
use crate::keda::cron::clock;
use crate::order;
use crate::scenario::{MetricEntry, MetricSource, Outage, Service};
use crate::time::{Duration, Instant, Stretch};
use crate::yaml::{Fields, scalar};

/// Entries that a Scenario may have, metrics and outages each.
const MOST_ENTRIES: usize = 64;

/// The shortest time between two scrapes.
const SHORTEST_SCRAPE: Duration = Duration::from_seconds(5);
/// The longest range of a rate.
const LONGEST_RATE: Duration = Duration::from_seconds(30 * 60);

pub(super) fn entries(spec: &mut Fields<'_>, end: Instant) -> Vec<MetricEntry> {
    let findings = spec.findings();
    let Some(mut list) = spec.mappings("metrics") else { return Vec::new() };
    cut(findings, &mut list.value, list.span, MOST_ENTRIES);
    list.value.into_iter().filter_map(|fields| entry(fields, end)).collect()
}

fn entry(mut fields: Fields<'_>, end: Instant) -> Option<MetricEntry> {
    let span = fields.span();
    report_missing(&fields, "name");
    let name = fields.string("name");
    let labels = fields.map("labels", scalar::string).unwrap_or_default();
    let labels = order::map(labels.into_iter().map(|(key, value)| (key.value, value.value)));
    let target = fields.mapping("target").and_then(|it| target(it, &SERVICES));
    let source = source(&mut fields, end);
    let scrape = positive(&mut fields, "scrape", SHORTEST_SCRAPE);
    let rate = fields.duration("rate");
    let outages = stretches(&mut fields, end);
    let source = source?;
    if let Some(rate) = rate.filter(|it| it.value > LONGEST_RATE) {
        super::out_of_range(fields.findings(), rate.span, "must be 30m or shorter");
    }
    if let Some(rate) = rate.filter(|_| source == MetricSource::QueueLength) {
        let message = "the length of a queue has no rate: it is no counter";
        fields.findings().error("TT405", rate.span, message);
    }
    let rate = rate.map(|it| it.value.min(LONGEST_RATE));
    Some(MetricEntry { name: name?, labels, target, source, scrape, rate, outages, span })
}

fn source(fields: &mut Fields<'_>, end: Instant) -> Option<MetricSource> {
    let mut names = vec!["from"];
    names.extend(SHAPES);
    let name = one_of(fields, &names)?;
    let per_pod = fields.bool("perPod");
    if name != "from" {
        let per_pod = per_pod.is_some_and(|it| it.value);
        return Some(MetricSource::Shape { shape: shape(fields, name, "value", end)?, per_pod });
    }
    let words = [("requests", false), ("queueLength", true)];
    let is_queue = fields.choice("from", &words)?.value;
    if let Some(per_pod) = per_pod {
        let message = "`perPod` belongs to a metric with numbers of its own";
        fields.findings().error("TT405", per_pod.span, message);
    }
    Some(if is_queue { MetricSource::QueueLength } else { MetricSource::Requests })
}

/// `outage: [{from: 5m, for: 2m}]`
fn stretches(fields: &mut Fields<'_>, end: Instant) -> Vec<Stretch> {
    let findings = fields.findings();
    let Some(mut list) = fields.mappings("outage") else { return Vec::new() };
    cut(findings, &mut list.value, list.span, MOST_ENTRIES);
    list.value.into_iter().filter_map(|mut it| stretch(&mut it, end)).collect()
}

/// `from` and `for`; without the latter, to the end.
fn stretch(fields: &mut Fields<'_>, end: Instant) -> Option<Stretch> {
    let from = required_instant(fields, "from", end);
    let length = fields.duration("for").map(|it| it.value);
    let from = from?.value;
    Some(Stretch { from, until: length.map_or(end.max(from), |it| from + it) })
}

pub(super) fn outages(spec: &mut Fields<'_>, end: Instant) -> Vec<Outage> {
    const SERVICES: [(&str, Service); 4] = [
        ("metrics-server", Service::MetricsServer),
        ("prometheus", Service::Prometheus),
        ("adapter", Service::Adapter),
        ("keda", Service::Keda),
    ];
    let findings = spec.findings();
    let Some(mut list) = spec.mappings("outages") else { return Vec::new() };
    cut(findings, &mut list.value, list.span, MOST_ENTRIES);
    let outage = |mut fields: Fields<'_>| {
        report_missing(&fields, "of");
        let of = fields.choice("of", &SERVICES);
        let stretch = stretch(&mut fields, end);
        Some(Outage { of: of?.value, stretch: stretch? })
    };
    list.value.into_iter().filter_map(outage).collect()
}

/// `2026-01-05T08:00`, or `2026-01-05T08:00Z`, or `2026-01-05T08:00+09:00`: seconds, and whether
/// they are counted from Greenwich.
pub(super) fn start(spec: &mut Fields<'_>) -> Option<(i64, bool)> {
    let text = spec.read("start", scalar::text)?;
    let found = instant(&text.value);
    if found.is_none() {
        let message =
            format!("must be a date and a time such as 2026-01-05T08:00, not `{}`", text.value);
        spec.findings().error("TT409", text.span, message);
    }
    found
}

fn instant(text: &str) -> Option<(i64, bool)> {
    if let Some(utc) = text.strip_suffix('Z') {
        return Some((clock(utc)?, true));
    }
    let offset_at = text.len().checked_sub(6).filter(|it| *it > 10 && text.is_char_boundary(*it));
    let (local, offset) = text.split_at(offset_at.unwrap_or(text.len()));
    let sign = match offset.chars().next() {
        Some('+') => 1,
        Some('-') => -1,
        _ => return Some((clock(text)?, false)),
    };
    let midnight = clock("1970-01-01")?;
    let offset = clock(&format!("1970-01-01T{}", &offset[1..]))? - midnight;
    Some((clock(local)? - sign * offset, true))
}
