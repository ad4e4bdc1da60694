//! The replica count that the pods' own samples ask for.
//!
//! One shape for two measures, [utilization](super::utilization) and [average](super::average):
//!
//! 1. form the ratio over the ready pods;
//! 2. if no pod needs filling in: within tolerance keep the count, else `ceil(ratio * ready)`;
//! 3. otherwise count missing pods as busy on the way down and as idle on the way up, unready ones
//!    as idle on the way up, and form the ratio again;
//! 4. keep the count if the new ratio is within tolerance, crossed 1, or would move the count
//!    against its own direction; else `ceil(ratio * samples)`.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `GetResourceReplicas`, `calcPlainMetricReplicas`.

use super::average::Average;
use super::convert::go_i32;
use super::pods::{Group, standing};
use super::utilization::Utilization;
use super::{Cause, Failure, MetricStatus, Pass, Pod, Sample, Settings, Tolerances, Trace};
use crate::time::Instant;

/// What the ratio is formed of.
pub(super) enum Measure {
    Utilization(Utilization),
    Average(Average),
}

/// A ratio, and what the status shows of it.
#[derive(Clone, Copy)]
pub(super) struct Measured {
    pub(super) ratio: f64,
    pub(super) status: MetricStatus,
    pub(super) cause: Cause,
}

/// The samples that count: those of listed pods by index, the others as a sum.
pub(super) struct Counted {
    pub(super) listed: Vec<Option<i64>>,
    pub(super) unlisted: usize,
    pub(super) unlisted_milli: i64,
}

impl Counted {
    pub(super) fn len(&self) -> usize {
        self.listed.iter().flatten().count() + self.unlisted
    }
}

/// What one metric is computed from.
pub(super) struct Context<'a> {
    pub(super) metric: usize,
    pub(super) current_replicas: i32,
    pub(super) pods: &'a [Pod<'a>],
    pub(super) settings: &'a Settings,
    pub(super) tolerances: Tolerances,
    pub(super) now: Instant,
}

/// The pods by group.
struct Groups {
    of: Vec<Group>,
}

impl Groups {
    fn count(&self, group: Group) -> usize {
        self.of.iter().filter(|&&it| it == group).count()
    }

    fn members(&self, group: Group) -> impl Iterator<Item = usize> {
        self.of.iter().enumerate().filter(move |&(_, &it)| it == group).map(|(index, _)| index)
    }
}

/// The proposal, and the metric's status. `measure` is asked for only once some sample counts.
pub(super) fn replicas(
    context: &Context<'_>,
    samples: &[Sample],
    is_cpu: bool,
    measure: impl FnOnce() -> Result<Measure, Failure>,
    trace: &mut Trace,
) -> Result<(i32, MetricStatus), Failure> {
    if context.pods.is_empty() {
        return Err(Failure::NoPods);
    }
    let (groups, mut counted) = take(context, samples, is_cpu, trace);
    if counted.len() == 0 {
        return Err(Failure::NoUsableSample);
    }
    let measure = measure()?;
    let metric = context.metric;
    let Measured { ratio, status, cause } = measure.ratio(metric, Pass::Measured, &counted)?;
    trace.push(cause);

    let (missing, unready) = (groups.count(Group::Missing), groups.count(Group::Unready));
    let scale_up_with_unready = unready > 0 && ratio > 1.0;
    if !scale_up_with_unready && missing == 0 {
        if let Some(kept) = within_tolerance(context, ratio, trace) {
            return Ok((kept, status));
        }
        let pods = groups.count(Group::Ready);
        let proposal = go_i32((ratio * pods as f64).ceil());
        trace.push(Cause::Proposed { metric, ratio, pods, proposal });
        return Ok((proposal, status));
    }

    fill_in(context, &measure, &groups, &mut counted, ratio, trace);
    let filled = measure.ratio(metric, Pass::FilledIn, &counted)?;
    trace.push(filled.cause);
    Ok((after_filling_in(context, ratio, filled.ratio, counted.len(), trace), status))
}

/// Sorts the pods into groups and drops the samples that do not count.
fn take(
    context: &Context<'_>,
    samples: &[Sample],
    is_cpu: bool,
    trace: &mut Trace,
) -> (Groups, Counted) {
    let mut by_pod: Vec<Option<&Sample>> = vec![None; context.pods.len()];
    let (mut unlisted, mut unlisted_milli) = (0, 0_i64);
    for sample in samples {
        if let Some(slot) = sample.pod.and_then(|pod| by_pod.get_mut(pod)) {
            *slot = Some(sample);
        } else {
            unlisted += 1;
            unlisted_milli = unlisted_milli.wrapping_add(sample.value_milli);
        }
    }
    let of: Vec<Group> = context
        .pods
        .iter()
        .zip(&by_pod)
        .map(|(pod, sample)| standing(pod, *sample, is_cpu, context.settings, context.now).group())
        .collect();
    let listed = by_pod
        .iter()
        .zip(&of)
        .map(|(sample, group)| match group {
            Group::Ready => sample.map(|sample| sample.value_milli),
            Group::Unready | Group::Missing | Group::Ignored => None,
        })
        .collect();
    let groups = Groups { of };
    trace.push(Cause::PodsGrouped {
        metric: context.metric,
        ready: groups.count(Group::Ready),
        unready: groups.count(Group::Unready),
        missing: groups.count(Group::Missing),
        ignored: groups.count(Group::Ignored),
        unlisted,
    });
    (groups, Counted { listed, unlisted, unlisted_milli })
}

/// Gives a value to missing pods, and on the way up to unready ones.
fn fill_in(
    context: &Context<'_>,
    measure: &Measure,
    groups: &Groups,
    counted: &mut Counted,
    ratio: f64,
    trace: &mut Trace,
) {
    let (mut missing, mut missing_milli, mut unready) = (0, 0_i64, 0);
    // At a ratio of exactly 1 missing pods stay out; NaN is on neither side.
    let (down, up) = (ratio < 1.0, ratio > 1.0);
    for pod in groups.members(Group::Missing).filter(|_| down || up) {
        let value = if down { measure.busy_value(pod) } else { 0 };
        counted.listed[pod] = Some(value);
        missing += 1;
        missing_milli = missing_milli.wrapping_add(value);
    }
    for pod in groups.members(Group::Unready).filter(|_| up) {
        counted.listed[pod] = Some(0);
        unready += 1;
    }
    let metric = context.metric;
    trace.push(Cause::PodsFilledIn { metric, ratio, missing, missing_milli, unready });
}

/// The proposal once missing and unready pods are counted.
fn after_filling_in(
    context: &Context<'_>,
    ratio: f64,
    filled_ratio: f64,
    pods: usize,
    trace: &mut Trace,
) -> i32 {
    let (metric, current) = (context.metric, context.current_replicas);
    if let Some(kept) = within_tolerance(context, filled_ratio, trace) {
        return kept;
    }
    if (ratio < 1.0 && filled_ratio > 1.0) || (ratio > 1.0 && filled_ratio < 1.0) {
        trace.push(Cause::Flipped { metric, ratio, filled_ratio, proposal: current });
        return current;
    }
    let ratio = filled_ratio;
    let proposal = go_i32((ratio * pods as f64).ceil());
    if (ratio < 1.0 && proposal > current) || (ratio > 1.0 && proposal < current) {
        let refused = proposal;
        trace.push(Cause::WrongDirection { metric, ratio, pods, refused, proposal: current });
        return current;
    }
    trace.push(Cause::Proposed { metric, ratio, pods, proposal });
    proposal
}

fn within_tolerance(context: &Context<'_>, ratio: f64, trace: &mut Trace) -> Option<i32> {
    let Tolerances { scale_down, scale_up, .. } = context.tolerances;
    let (metric, proposal) = (context.metric, context.current_replicas);
    context.tolerances.is_within(ratio).then(|| {
        trace.push(Cause::WithinTolerance { metric, ratio, scale_down, scale_up, proposal });
        proposal
    })
}

impl Measure {
    fn ratio(&self, metric: usize, pass: Pass, counted: &Counted) -> Result<Measured, Failure> {
        match self {
            Self::Utilization(utilization) => utilization.ratio(metric, pass, counted),
            Self::Average(average) => Ok(average.ratio(metric, pass, counted)),
        }
    }

    /// What a missing pod counts as on the way down.
    fn busy_value(&self, pod: usize) -> i64 {
        match self {
            Self::Utilization(utilization) => utilization.busy_value(pod),
            Self::Average(average) => average.target_milli,
        }
    }
}
