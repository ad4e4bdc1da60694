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
use super::pods::{Group, of_cpu, standing};
use super::utilization::Utilization;
use super::{
    Cause, Failure, MetricStatus, Pass, Pod, Sample, Settings, Standing, Tolerances, Trace,
};
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

/// The samples that count, added up. The sums wrap, as upstream's do.
#[derive(Clone, Copy, Default)]
pub(super) struct Counted {
    /// Samples of listed pods.
    pub(super) listed: usize,
    pub(super) listed_milli: i64,
    /// What the same pods request, for utilization.
    pub(super) requests_milli: i64,
    /// Samples of pods that are not listed.
    pub(super) unlisted: usize,
    pub(super) unlisted_milli: i64,
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

/// The pods by group, and how many each has.
struct Groups {
    /// Nothing if all of them are ready.
    of: Vec<Group>,
    counts: [usize; 4],
}

impl Groups {
    fn count(&self, group: Group) -> usize {
        self.counts[group as usize]
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
    if counted.listed + counted.unlisted == 0 {
        return Err(Failure::NoUsableSample);
    }
    let measure = measure()?;
    counted.requests_milli = measure.requests(&groups);
    let (metric, ready) = (context.metric, counted.listed);
    let Measured { ratio, status, cause } = measure.ratio(metric, Pass::Measured, &counted)?;
    trace.push(cause);

    let (missing, unready) = (groups.count(Group::Missing), groups.count(Group::Unready));
    let scale_up_with_unready = unready > 0 && ratio > 1.0;
    if !scale_up_with_unready && missing == 0 {
        if let Some(kept) = within_tolerance(context, ratio, trace) {
            return Ok((kept, status));
        }
        let pods = ready;
        let proposal = go_i32((ratio * pods as f64).ceil());
        trace.push(Cause::Proposed { metric, ratio, pods, proposal });
        return Ok((proposal, status));
    }

    fill_in(context, &measure, &groups, &mut counted, ratio, trace);
    let filled = measure.ratio(metric, Pass::FilledIn, &counted)?;
    trace.push(filled.cause);
    let pods = counted.listed + counted.unlisted;
    Ok((after_filling_in(context, ratio, filled.ratio, pods, trace), status))
}

/// Sorts the pods into groups and drops the samples that do not count.
fn take(
    context: &Context<'_>,
    samples: &[Sample],
    is_cpu: bool,
    trace: &mut Trace,
) -> (Groups, Counted) {
    let (groups, counted) = match sum_of_all(context, samples, is_cpu) {
        Some(listed_milli) => {
            let listed = samples.len();
            let groups = Groups { of: Vec::new(), counts: [listed, 0, 0, 0] };
            (groups, Counted { listed, listed_milli, ..Counted::default() })
        }
        None => sort(context, samples, is_cpu),
    };
    trace.push(Cause::PodsGrouped {
        metric: context.metric,
        ready: counted.listed,
        unready: groups.count(Group::Unready),
        missing: groups.count(Group::Missing),
        ignored: groups.count(Group::Ignored),
        unlisted: counted.unlisted,
    });
    (groups, counted)
}

/// The sum of the samples if there is one of each pod, in the pods' order, and all of them count:
/// most looks see that, and one pass without a table tells.
fn sum_of_all(context: &Context<'_>, samples: &[Sample], is_cpu: bool) -> Option<i64> {
    let pods = context.pods;
    if samples.len() != pods.len() {
        return None;
    }
    let (mut sum, mut counts) = (0_i64, true);
    for (index, (pod, sample)) in pods.iter().zip(samples).enumerate() {
        // Without a branch, since hardly any pod is another.
        counts &= sample.pod == Some(index);
        counts &= !pod.deleting & pod.phase.may_count();
        sum = sum.wrapping_add(sample.value_milli);
    }
    let counts_as_cpu = |(pod, sample): (&Pod<'_>, &Sample)| {
        of_cpu(pod, sample, context.settings, context.now) == Standing::Counts
    };
    let counts = counts && (!is_cpu || pods.iter().zip(samples).all(counts_as_cpu));
    counts.then_some(sum)
}

fn sort(context: &Context<'_>, samples: &[Sample], is_cpu: bool) -> (Groups, Counted) {
    let mut by_pod: Vec<Option<&Sample>> = vec![None; context.pods.len()];
    let mut counted = Counted::default();
    for sample in samples {
        if let Some(slot) = sample.pod.and_then(|pod| by_pod.get_mut(pod)) {
            *slot = Some(sample);
        } else {
            counted.unlisted += 1;
            counted.unlisted_milli = counted.unlisted_milli.wrapping_add(sample.value_milli);
        }
    }
    let mut counts = [0; 4];
    let group = |(pod, sample): (&Pod<'_>, Option<&Sample>)| {
        let group = standing(pod, sample, is_cpu, context.settings, context.now).group();
        counts[group as usize] += 1;
        if let (Group::Ready, Some(sample)) = (group, sample) {
            counted.listed_milli = counted.listed_milli.wrapping_add(sample.value_milli);
        }
        group
    };
    let groups = Groups { of: context.pods.iter().zip(by_pod).map(group).collect(), counts };
    counted.listed = groups.count(Group::Ready);
    (groups, counted)
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
        counted.requests_milli = counted.requests_milli.wrapping_add(measure.request(pod));
        missing += 1;
        missing_milli = missing_milli.wrapping_add(value);
    }
    for pod in groups.members(Group::Unready).filter(|_| up) {
        counted.requests_milli = counted.requests_milli.wrapping_add(measure.request(pod));
        unready += 1;
    }
    counted.listed += missing + unready;
    counted.listed_milli = counted.listed_milli.wrapping_add(missing_milli);
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

    /// What the ready pods request, if that matters.
    fn requests(&self, groups: &Groups) -> i64 {
        let Self::Utilization(Utilization { requests, .. }) = self else { return 0 };
        if groups.of.is_empty() {
            return requests.iter().copied().fold(0, i64::wrapping_add);
        }
        let of_ready =
            |(request, group): (&i64, &Group)| if *group == Group::Ready { *request } else { 0 };
        requests.iter().zip(&groups.of).map(of_ready).fold(0, i64::wrapping_add)
    }

    /// What a pod requests, if that matters.
    fn request(&self, pod: usize) -> i64 {
        match self {
            Self::Utilization(utilization) => utilization.requests[pod],
            Self::Average(_) => 0,
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
