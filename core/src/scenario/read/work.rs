//! `spec.ray`: work for Ray clusters.

use super::limits::{count, cut, positive, report_missing, required_instant};
use super::{one_of, out_of_range};
use crate::order;
use crate::scenario::RayEntry;
use crate::time::{Duration, Instant};
use crate::workload::{LabelSelector, MOST_UNITS, RayResources, Strategy, Work, WorkKind, expand};
use crate::yaml::scalar::{self, Place};
use crate::yaml::{Fields, Findings, Spanned};

/// Clusters that a Scenario may have work for.
const MOST_CLUSTERS: usize = 16;
/// Kinds of work that a cluster may be given.
const MOST_WORK: usize = 256;
/// Tasks or actors of one submission.
const MOST_COUNT: u32 = 100_000;
/// Bundles of a placement group, or of a request.
const MOST_BUNDLES: usize = 1_000;
/// The largest amount of a resource: Ray keeps ten-thousandths in 64 bits.
const MOST_AMOUNT: f64 = 1e14;
/// The shortest time that something takes or repeats after.
const SHORTEST: Duration = Duration::from_seconds(1);

const KINDS: [&str; 4] = ["tasks", "actors", "placementGroups", "requestResources"];

const STRATEGIES: [(&str, Strategy); 4] = [
    ("PACK", Strategy::Pack),
    ("SPREAD", Strategy::Spread),
    ("STRICT_PACK", Strategy::StrictPack),
    ("STRICT_SPREAD", Strategy::StrictSpread),
];

pub(super) fn entries(spec: &mut Fields<'_>, end: Instant) -> Vec<RayEntry> {
    let findings = spec.findings();
    let Some(mut list) = spec.mappings("ray") else { return Vec::new() };
    cut(findings, &mut list.value, list.span, MOST_CLUSTERS);
    list.value.into_iter().filter_map(|fields| entry(fields, end)).collect()
}

fn entry(mut fields: Fields<'_>, end: Instant) -> Option<RayEntry> {
    let findings = fields.findings();
    report_missing(&fields, "cluster");
    let cluster = fields.string("cluster");
    let namespace = fields.string("namespace").map(|it| it.value);
    report_missing(&fields, "work");
    let mut work = Vec::new();
    if let Some(mut list) = fields.mappings("work") {
        cut(findings, &mut list.value, list.span, MOST_WORK);
        work.extend(list.value.into_iter().filter_map(|fields| item(fields, end)));
    }
    let cluster = cluster?;
    let (dated, is_cut) = expand(&work, end, MOST_UNITS);
    if is_cut {
        let last = dated.last().map_or(Instant::ZERO, |it| it.at);
        let message = format!(
            "limit reached: at most {MOST_UNITS} tasks, actors and groups, here by {last}; what \
             comes later is left out"
        );
        out_of_range(findings, cluster.span, message);
    }
    Some(RayEntry { cluster: cluster.value, namespace, span: cluster.span, work })
}

fn item(mut fields: Fields<'_>, end: Instant) -> Option<Work> {
    let at = required_instant(&mut fields, "at", end);
    let every = positive(&mut fields, "every", SHORTEST);
    let repeat_span = fields.key_span("repeat");
    let times = count(&mut fields, "repeat", (1, MOST_COUNT));
    if let (Some(span), None) = (repeat_span, every) {
        fields.findings().error("TT405", span, "`repeat` needs `every`: how long until the next");
    }
    let name = one_of(&mut fields, &KINDS)?;
    let inner = fields.mapping(name)?;
    let kind = match name {
        "tasks" => tasks(inner),
        "actors" => Some(actors(inner)),
        "placementGroups" => placement_groups(inner),
        _ => request_resources(inner),
    };
    Some(Work { kind: kind?, at: at?.value, every, times })
}

fn tasks(mut fields: Fields<'_>) -> Option<WorkKind> {
    let count = count_of(&mut fields);
    let (resources, labels) = (resources_of(&mut fields), labels_of(&mut fields));
    let fallback = selectors(&mut fields, "fallback").map(|it| it.value).unwrap_or_default();
    report_missing(&fields, "duration");
    let duration = positive(&mut fields, "duration", Duration::from_ms(1));
    Some(WorkKind::Tasks { count, resources, labels, fallback, duration: duration? })
}

fn actors(mut fields: Fields<'_>) -> WorkKind {
    let count = count_of(&mut fields);
    let (resources, labels) = (resources_of(&mut fields), labels_of(&mut fields));
    let fallback = selectors(&mut fields, "fallback").map(|it| it.value).unwrap_or_default();
    let duration = positive(&mut fields, "duration", Duration::from_ms(1));
    WorkKind::Actors { count, resources, labels, fallback, duration }
}

fn placement_groups(mut fields: Fields<'_>) -> Option<WorkKind> {
    let count = count_of(&mut fields);
    let strategy = fields.choice("strategy", &STRATEGIES);
    let strategy = strategy.map_or(Strategy::Pack, |it| it.value);
    let duration = positive(&mut fields, "duration", Duration::from_ms(1));
    report_missing(&fields, "bundles");
    let bundles = bundles_of(&mut fields);
    let span = fields.key_span("bundleLabelSelector");
    let labels = selectors(&mut fields, "bundleLabelSelector");
    let bundle_labels = labels.map(|it| it.value).unwrap_or_default();
    let bundles = bundles?;
    if bundles.is_empty() {
        out_of_range(fields.findings(), fields.head(), "a placement group has at least one bundle");
        return None;
    }
    if let Some(span) = span.filter(|_| bundle_labels.len() != bundles.len()) {
        let message = format!("needs one selector for each of the {} bundles", bundles.len());
        fields.findings().error("TT405", span, message);
        return None;
    }
    Some(WorkKind::PlacementGroups { count, strategy, bundles, bundle_labels, duration })
}

fn request_resources(mut fields: Fields<'_>) -> Option<WorkKind> {
    let count = count_of(&mut fields);
    let duration = positive(&mut fields, "duration", SHORTEST);
    report_missing(&fields, "bundles");
    let bundles = bundles_of(&mut fields)?;
    Some(WorkKind::RequestResources { bundles, count, duration })
}

fn count_of(fields: &mut Fields<'_>) -> u32 {
    count(fields, "count", (1, MOST_COUNT)).unwrap_or(1)
}

/// `resources`; one CPU if absent, as a Ray task has.
fn resources_of(fields: &mut Fields<'_>) -> RayResources {
    match fields.map("resources", amount) {
        Some(pairs) => order::map(pairs.into_iter().map(|(name, amount)| (name.value, amount))),
        None => order::map([("CPU".to_owned(), 1.0)]),
    }
}

fn bundles_of(fields: &mut Fields<'_>) -> Option<Vec<RayResources>> {
    let findings = fields.findings();
    let mut list = fields.list("bundles", |place, findings| {
        let mut fields = Fields::of(place.node, place.path(), findings)?;
        let pairs = fields.rest(amount);
        Some(order::map(pairs.into_iter().map(|(name, amount)| (name.value, amount))))
    })?;
    cut(findings, &mut list.value, list.span, MOST_BUNDLES);
    Some(list.value)
}

/// How much of a resource: a number, or a quantity such as `4Gi` of memory.
fn amount(place: &Place<'_>, findings: &Findings) -> Option<f64> {
    let found = scalar::quantity(place, findings)?;
    let amount = found.value.as_approximate_f64();
    if amount < 0.0 {
        out_of_range(findings, found.span, "a resource is zero or more");
    } else if amount > MOST_AMOUNT {
        out_of_range(findings, found.span, format!("limit reached: at most {MOST_AMOUNT}"));
    }
    Some(amount.clamp(0.0, MOST_AMOUNT))
}

/// A list of label selectors.
fn selectors(fields: &mut Fields<'_>, name: &'static str) -> Option<Spanned<Vec<LabelSelector>>> {
    let findings = fields.findings();
    let mut list = fields.list(name, |place, findings| {
        Some(labels_in(Fields::of(place.node, place.path(), findings)))
    })?;
    cut(findings, &mut list.value, list.span, MOST_BUNDLES);
    Some(list)
}

fn labels_of(fields: &mut Fields<'_>) -> LabelSelector {
    labels_in(fields.mapping("labelSelector"))
}

fn labels_in(fields: Option<Fields<'_>>) -> LabelSelector {
    let pairs = fields.map(|mut it| it.rest(scalar::string)).unwrap_or_default();
    order::map(pairs.into_iter().map(|(key, value)| (key.value, value.value)))
}
