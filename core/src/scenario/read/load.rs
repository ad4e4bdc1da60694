//! `spec.load`: requests per second.

use super::limits::{
    cut, instant, positive, rate, report_missing, required_instant, required_rate,
};
use super::one_of;
use crate::scenario::{LoadEntry, Target, TargetKind};
use crate::time::{Duration, Instant};
use crate::workload::{Interpolation, Point, Shape};
use crate::yaml::{Fields, Spanned};

/// Entries that a Scenario may have.
const MOST_ENTRIES: usize = 64;
/// Points that one entry may have: a week of minutes.
const MOST_POINTS: usize = 10_080;
/// The shortest wave, see [`Shape::Wave`].
const SHORTEST_PERIOD: Duration = Duration::from_seconds(60);

/// The fields that a shape is written as.
pub(in crate::scenario) const SHAPES: [&str; 6] =
    ["constant", "step", "ramp", "spike", "wave", "points"];

/// What can be given a load.
pub(super) const SERVICES: [(&str, TargetKind); 4] = [
    ("Deployment", TargetKind::Deployment),
    ("StatefulSet", TargetKind::StatefulSet),
    ("ReplicaSet", TargetKind::ReplicaSet),
    ("RayService", TargetKind::RayService),
];

pub(super) fn entries(spec: &mut Fields<'_>, end: Instant) -> Vec<LoadEntry> {
    let findings = spec.findings();
    let Some(mut list) = spec.mappings("load") else { return Vec::new() };
    cut(findings, &mut list.value, list.span, MOST_ENTRIES);
    list.value.into_iter().filter_map(|fields| entry(fields, end)).collect()
}

fn entry(mut fields: Fields<'_>, end: Instant) -> Option<LoadEntry> {
    let span = fields.span();
    report_missing(&fields, "target");
    let target = fields.mapping("target").and_then(|it| target(it, &SERVICES));
    let shape = one_of(&mut fields, &SHAPES).and_then(|it| shape(&mut fields, it, "rps", end));
    Some(LoadEntry { target: target?, shape: shape?, span })
}

/// A workload by kind and name.
pub(super) fn target(mut fields: Fields<'_>, kinds: &[(&str, TargetKind)]) -> Option<Target> {
    let kind = if fields.has("kind") {
        fields.choice("kind", kinds).map(|it| it.value)
    } else {
        Some(kinds[0].1)
    };
    report_missing(&fields, "name");
    let name = fields.string("name");
    let namespace = fields.string("namespace").map(|it| it.value);
    let application = if kind.is_none_or(|it| it == TargetKind::RayService) {
        fields.string("application").map(|it| it.value)
    } else {
        None
    };
    let (kind, name) = (kind?, name?);
    Some(Target { kind, name: name.value, namespace, application, span: name.span })
}

/// The shape that the field `name` is. Each point of a list has a `value` of that name.
pub(super) fn shape(
    fields: &mut Fields<'_>,
    name: &'static str,
    value: &'static str,
    end: Instant,
) -> Option<Shape> {
    match name {
        "constant" => rate(fields, name).map(Shape::Constant),
        "step" => step(fields.mapping(name)?, end),
        "ramp" => ramp(fields.mapping(name)?, end),
        "spike" => spike(fields.mapping(name)?, end),
        "wave" => wave(fields.mapping(name)?),
        _ => points(fields, value, end),
    }
}

fn step(mut fields: Fields<'_>, end: Instant) -> Option<Shape> {
    let at = required_instant(&mut fields, "at", end);
    let from = rate(&mut fields, "from").unwrap_or_default();
    let to = required_rate(&mut fields, "to");
    let until = instant(&mut fields, "until", Instant::from_ms(i64::MAX));
    let (at, to) = (at?, to?);
    if let Some(until) = until.filter(|it| it.value <= at.value) {
        let message = format!("`until` must lie after `at`, which is {}", at.value);
        fields.findings().error("TT405", until.span, message);
    }
    Some(Shape::Step { at: at.value, from, to, until: until.map(|it| it.value) })
}

fn ramp(mut fields: Fields<'_>, end: Instant) -> Option<Shape> {
    let from = rate(&mut fields, "from").unwrap_or_default();
    let to = required_rate(&mut fields, "to");
    let start = instant(&mut fields, "start", end).map_or(Instant::ZERO, |it| it.value);
    report_missing(&fields, "end");
    // A ramp may well lead beyond the run.
    let stop = instant(&mut fields, "end", Instant::from_ms(i64::MAX));
    let (to, stop) = (to?, stop?);
    if stop.value < start {
        let message = format!("`end` must not lie before `start`, which is {start}");
        fields.findings().error("TT405", stop.span, message);
    }
    Some(Shape::Ramp { from, to, start, end: stop.value.max(start) })
}

fn spike(mut fields: Fields<'_>, end: Instant) -> Option<Shape> {
    let base = rate(&mut fields, "base").unwrap_or_default();
    let peak = required_rate(&mut fields, "peak");
    let at = required_instant(&mut fields, "at", end);
    let [rise, hold, fall] =
        ["rise", "hold", "fall"].map(|name| fields.duration(name).map(|it| it.value));
    let none = Duration::ZERO;
    let hold = hold.unwrap_or(Duration::from_seconds(60));
    Some(Shape::Spike {
        base,
        peak: peak?,
        at: at?.value,
        rise: rise.unwrap_or(none),
        hold,
        fall: fall.unwrap_or(none),
    })
}

fn wave(mut fields: Fields<'_>) -> Option<Shape> {
    let low = required_rate(&mut fields, "low");
    let high = required_rate(&mut fields, "high");
    let day = Duration::from_seconds(24 * 3600);
    let period = positive(&mut fields, "period", SHORTEST_PERIOD).unwrap_or(day);
    let half = Instant::from_ms(period.ms() / 2);
    // A peak beyond the run still says where the wave stands within it.
    let peak_at = instant(&mut fields, "peakAt", Instant::from_ms(i64::MAX));
    let peak_at = peak_at.map_or(half, |it| it.value);
    Some(Shape::Wave { low: low?, high: high?, period, peak_at })
}

fn points(fields: &mut Fields<'_>, value: &'static str, end: Instant) -> Option<Shape> {
    let words = [("step", Interpolation::Step), ("linear", Interpolation::Linear)];
    let interpolation = fields.choice("interpolate", &words).map(|it| it.value);
    let interpolation = interpolation.unwrap_or(Interpolation::Step);
    let findings = fields.findings();
    let mut list = fields.mappings("points")?;
    cut(findings, &mut list.value, list.span, MOST_POINTS);
    let mut points: Vec<Point> = Vec::new();
    for mut fields in list.value {
        let at = required_instant(&mut fields, "at", end);
        let rate = required_rate(&mut fields, value);
        let (Some(Spanned { value: at, span }), Some(rate)) = (at, rate) else { continue };
        match points.last() {
            Some(last) if last.at >= at => {
                let message =
                    format!("points go forward in time, the one before is at {}", last.at);
                findings.error("TT405", span, message);
            }
            _ => points.push(Point { at, rate }),
        }
    }
    Some(Shape::Points { points, interpolation })
}
