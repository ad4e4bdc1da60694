//! Where a metric's proposal leaves the present count: the steps of the staircase that usage climbs,
//! from `minReplicas` to `maxReplicas`. Of a long flight the nearest steps are told, and the last.
//!
//! Not a formula of its own: the controller's [`propose`] is asked again and again, with every
//! sample of the metric at the same level, so that tolerance, rounding and the pods that do not
//! count are its own.

use super::metric::context;
use super::per_pod::{self, Measure};
use super::requests::{Requests, requests};
use super::utilization::Utilization;
use super::{
    Direction, MetricSpec, Observation, Reading, ResourceName, ResourceTarget, Sample, Scale, Spec,
    Trace, ValueTarget, propose,
};
use crate::search::least;
use crate::time::Instant;

/// The most steps of a flight that are told.
const MOST_TREADS: usize = 8;
/// The same for a workload with many pods, each of whose levels takes its time.
const FEW_TREADS: usize = 2;
const MANY_PODS: usize = 500;

/// Where one metric's proposal changes. Levels are what the metric shows: percent of the requests,
/// or milli units of its average or value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staircase {
    /// Down to `minReplicas`: the highest level at which so few replicas are proposed.
    pub fewer: Flight,
    /// Up to `maxReplicas`: the lowest level at which so many replicas are proposed.
    pub more: Flight,
}

/// Steps in one direction, from the present count outward.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flight {
    /// Each with another proposal than the one before it. None is there if the count can't go that
    /// way.
    pub treads: Vec<Tread>,
    /// Whether steps are left out before the last one.
    pub is_folded: bool,
}

/// A level, and how many replicas are proposed there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tread {
    /// Percent, or milli units.
    pub level: i64,
    /// The proposal at exactly this level.
    pub proposal: i32,
}

/// The staircase around the present count for the metric with index `metric`, as long as the pods
/// stay as `seen`. Nothing from zero replicas, where any level above 0 asks for some.
pub fn staircase(
    spec: &Spec,
    metric: usize,
    scale: Scale,
    seen: &Observation<'_>,
    now: Instant,
) -> Staircase {
    let current = scale.spec_replicas;
    let Some((levels, kind)) = levels(spec, metric, seen) else { return Staircase::default() };
    if current <= 0 || levels.target <= 0 {
        return Staircase::default();
    }
    let at = |level: i64| kind.propose(spec, metric, scale, seen, now, level);
    let most = if seen.pods.len() > MANY_PODS { FEW_TREADS } else { MOST_TREADS };
    Staircase {
        fewer: flight(current, spec.min_replicas, Direction::Down, most, |_, bound| {
            highest_below(bound, levels, &at)
        }),
        more: flight(current, spec.max_replicas, Direction::Up, most, |from, bound| {
            lowest_above(from, bound, levels, &at)
        }),
    }
}

/// The steps from `current` to `end`. `next` is the step beyond a count that lies behind a level.
fn flight(
    current: i32,
    end: i32,
    direction: Direction,
    most: usize,
    next: impl Fn(Option<i64>, i32) -> Option<Tread>,
) -> Flight {
    // The count before the last one, beyond which the end of the flight lies.
    let before_end = match direction {
        Direction::Up => end.saturating_sub(1),
        Direction::Down => end.saturating_add(1),
    };
    let is_before = |count: i32| match direction {
        Direction::Up => count < end,
        Direction::Down => count > end,
    };
    let mut flight = Flight::default();
    let (mut from, mut count) = (None, current);
    while is_before(count) {
        let Some(step) = next(from, count) else { break };
        if flight.treads.len() + 1 == most && is_before(step.proposal) {
            let last = next(from, before_end);
            flight.is_folded = last.is_some();
            flight.treads.extend(last);
            break;
        }
        flight.treads.push(step);
        (from, count) = (Some(step.level), step.proposal);
    }
    flight
}

/// The highest level at which fewer than `count` replicas are proposed, if there is one.
fn highest_below(count: i32, levels: Levels, at: &impl Fn(i64) -> Option<i32>) -> Option<Tread> {
    let is_fewer = |level: i64| at(level).is_some_and(|it| it < count);
    let end = if is_fewer(0) { first(0, levels, |level| !is_fewer(level)) } else { None };
    let level = end? - 1;
    Some(Tread { level, proposal: at(level)? })
}

/// The lowest level above `from` at which more than `count` replicas are proposed.
///
/// Above the target fewer are wanted only while pods are missing; below it, more only while there
/// are too many. Neither is a step of the staircase.
fn lowest_above(
    from: Option<i64>,
    count: i32,
    levels: Levels,
    at: &impl Fn(i64) -> Option<i32>,
) -> Option<Tread> {
    let is_more = |level: i64| at(level).is_some_and(|it| it > count);
    let from = from.unwrap_or(if levels.counts_pods { levels.target } else { 0 });
    let level = if is_more(from) { None } else { first(from, levels, is_more) }?;
    Some(Tread { level, proposal: at(level)? })
}

/// The levels that a metric may have.
#[derive(Clone, Copy)]
struct Levels {
    target: i64,
    /// Beyond it sums overflow.
    most: i64,
    /// Whether the proposal depends on how many pods there are.
    counts_pods: bool,
}

/// How a level becomes a reading.
enum Kind {
    /// Each pod's request with the divisor that all of them have left out, so that a percentage
    /// comes out exactly.
    Utilization {
        shares: Vec<i64>,
        target: i32,
    },
    Samples,
    Value,
    Series,
}

fn levels(spec: &Spec, metric: usize, seen: &Observation<'_>) -> Option<(Levels, Kind)> {
    let (resource, container, target) = match &spec.metrics[metric] {
        MetricSpec::Resource { name, target } => (name, None, *target),
        MetricSpec::ContainerResource { name, container, target } => {
            (name, Some(&**container), *target)
        }
        MetricSpec::Pods { target_average_value_milli: target, .. } => {
            return Some((averages(*target, seen), Kind::Samples));
        }
        MetricSpec::Object { target, .. } => return Some((values((*target)?), Kind::Value)),
        MetricSpec::External { target, .. } => return Some((values(*target), Kind::Series)),
        MetricSpec::Unknown(_) => return None,
    };
    match target {
        ResourceTarget::AverageValue(target) => Some((averages(target, seen), Kind::Samples)),
        ResourceTarget::AverageUtilization(target) => {
            let mut shares = requests(seen.pods, container, resource, spec.settings.rules).ok()?;
            let divisor = shares.iter().fold(0, |divisor, request| common(divisor, *request));
            for share in &mut shares {
                *share /= divisor.max(1);
            }
            let sum = shares.iter().fold(1_i64, |sum, it| sum.saturating_add(it.saturating_abs()));
            let most = (i64::MAX / sum / 10_000).min(i64::from(i32::MAX));
            let levels = Levels { target: i64::from(target), most, counts_pods: true };
            Some((levels, Kind::Utilization { shares, target }))
        }
    }
}

/// The largest number that divides both.
fn common(one: i64, other: i64) -> i64 {
    let (mut one, mut other) = (one.saturating_abs(), other.saturating_abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

fn averages(target: i64, seen: &Observation<'_>) -> Levels {
    let most = i64::MAX / (seen.pods.len() as i64 + 1);
    Levels { target, most, counts_pods: true }
}

fn values(target: ValueTarget) -> Levels {
    match target {
        ValueTarget::Value(target) => Levels { target, most: i64::MAX, counts_pods: true },
        ValueTarget::AverageValue(target) => Levels { target, most: i64::MAX, counts_pods: false },
    }
}

impl Kind {
    /// What is proposed with every sample at `level`.
    fn propose(
        &self,
        spec: &Spec,
        metric: usize,
        scale: Scale,
        seen: &Observation<'_>,
        now: Instant,
        level: i64,
    ) -> Option<i32> {
        let samples = self.samples(seen.metrics[metric], level);
        let mut trace = Trace::default();
        if let Self::Utilization { shares, target } = self {
            let requests = shares.iter().map(|share| share.wrapping_mul(100)).collect();
            let requests = Requests::Each(requests);
            let measure = Measure::Utilization(Utilization { target: *target, requests });
            let is_cpu = is_cpu(&spec.metrics[metric]);
            let context = context(spec, metric, scale, seen, now);
            let answer = per_pod::replicas(&context, &samples, is_cpu, || Ok(measure), &mut trace);
            return answer.ok().map(|(replicas, _)| replicas);
        }
        let mut metrics = seen.metrics.to_vec();
        metrics[metric] = match self {
            Self::Value => Reading::Value(level),
            Self::Series => Reading::Series(std::slice::from_ref(&level)),
            Self::Samples | Self::Utilization { .. } => Reading::Samples(&samples),
        };
        let seen = Observation { metrics: &metrics, ..*seen };
        propose(spec, metric, scale, &seen, now, &mut trace).ok().map(|it| it.replicas)
    }

    /// The samples of `reading`, each at `level`.
    fn samples(&self, reading: Reading<'_>, level: i64) -> Vec<Sample> {
        let Reading::Samples(samples) = reading else { return Vec::new() };
        let value = |sample: &Sample| match (self, sample.pod) {
            (Self::Utilization { shares, .. }, Some(pod)) => {
                shares.get(pod.get()).map_or(0, |share| share.wrapping_mul(level))
            }
            _ => level,
        };
        samples.iter().map(|it| Sample { value_milli: value(it), ..*it }).collect()
    }
}

fn is_cpu(metric: &MetricSpec) -> bool {
    matches!(
        metric,
        MetricSpec::Resource { name: ResourceName::Cpu, .. }
            | MetricSpec::ContainerResource { name: ResourceName::Cpu, .. }
    )
}

/// The lowest level above `from` at which `is_there`, which it is from there on.
fn first(from: i64, levels: Levels, is_there: impl Fn(i64) -> bool) -> Option<i64> {
    let distance = least(levels.most - from, levels.target, &|distance| is_there(from + distance));
    Some(from + distance?)
}
