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
use super::pods::{Group, by_pod, of_cpu, standing};
use super::requests::Requests;
use super::utilization::Utilization;
use super::{
    Cause, Failure, MetricStatus, Pass, Pod, PodIndex, PodPhase, Sample, Settings, Standing,
    Tolerances, Trace,
};
use crate::time::Instant;

/// What the ratio is formed of.
pub(super) enum Measure {
    Utilization(Utilization),
    Average(Average),
}

/// A ratio, whose cause the trace has, and what the status shows of it.
#[derive(Clone, Copy)]
pub(super) struct Measured {
    pub(super) ratio: f64,
    pub(super) status: MetricStatus,
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

/// How many pods each group has, and where it matters which ones.
#[derive(Default)]
struct Groups {
    counts: [usize; 4],
    /// The group of each pod, where their requests differ.
    of: Vec<Group>,
}

impl Groups {
    fn count(&self, group: Group) -> usize {
        self.counts[group as usize]
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
    let (mut groups, mut counted) = (Groups::default(), Counted::default());
    take(context, samples, is_cpu, &mut groups, &mut counted);
    trace.push(Cause::PodsGrouped {
        metric: context.metric,
        ready: counted.listed,
        unready: groups.count(Group::Unready),
        missing: groups.count(Group::Missing),
        ignored: groups.count(Group::Ignored),
        unlisted: counted.unlisted,
    });
    if counted.listed + counted.unlisted == 0 {
        return Err(Failure::NoUsableSample);
    }
    let measure = measure()?;
    if measure.tells_pods_apart() {
        groups.of = group_of_each(context, samples, is_cpu);
    }
    counted.requests_milli = measure.requests(&groups, Group::Ready);
    let (metric, ready) = (context.metric, counted.listed);
    let Measured { ratio, status } = measure.ratio(metric, Pass::Measured, &counted, trace)?;

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
    let filled = measure.ratio(metric, Pass::FilledIn, &counted, trace)?;
    let pods = counted.listed + counted.unlisted;
    Ok((after_filling_in(context, ratio, filled.ratio, pods, trace), status))
}

/// Sorts the pods into groups and drops the samples that do not count. Both are filled in where they
/// stay: handing them back is a tenth of a decision.
fn take(
    context: &Context<'_>,
    samples: &[Sample],
    is_cpu: bool,
    groups: &mut Groups,
    counted: &mut Counted,
) {
    if let Some(listed_milli) = sum_of_all(context, samples, is_cpu) {
        groups.counts[Group::Ready as usize] = samples.len();
        (counted.listed, counted.listed_milli) = (samples.len(), listed_milli);
    } else {
        (*groups, *counted) = sort(context, samples, is_cpu);
    }
}

/// The sum of the samples if there is one of each pod, in the pods' order, and all of them count:
/// most looks see that, and one pass without a table tells.
fn sum_of_all(context: &Context<'_>, samples: &[Sample], is_cpu: bool) -> Option<i64> {
    let pods = context.pods;
    if samples.len() != pods.len() {
        return None;
    }
    // Without a branch, since hardly any pod is another: what is wrong anywhere leaves a mark.
    let (mut sum, mut displaced, mut deleting, mut phases) = (0_i64, 0, false, 0);
    for (index, (pod, sample)) in pods.iter().zip(samples).enumerate() {
        displaced |= PodIndex::of(index).difference(sample.pod);
        deleting |= pod.deleting;
        phases |= pod.phase.bit();
        sum = sum.wrapping_add(sample.value_milli);
    }
    let counts = displaced == 0 && !deleting && phases & !PodPhase::MAY_COUNT == 0;
    let counts_as_cpu = |(pod, sample): (&Pod<'_>, &Sample)| {
        of_cpu(pod, sample, context.settings, context.now) == Standing::Counts
    };
    let counts = counts && (!is_cpu || pods.iter().zip(samples).all(counts_as_cpu));
    counts.then_some(sum)
}

/// What is counted pod by pod.
#[derive(Default)]
struct Tally {
    counts: [usize; 4],
    ready_milli: i64,
}

impl Tally {
    fn add(&mut self, group: Group, sample: Option<&Sample>) {
        self.counts[group as usize] += 1;
        if let (Group::Ready, Some(sample)) = (group, sample) {
            self.ready_milli = self.ready_milli.wrapping_add(sample.value_milli);
        }
    }
}

fn sort(context: &Context<'_>, samples: &[Sample], is_cpu: bool) -> (Groups, Counted) {
    let (tally, unlisted) = tally_in_order(context, samples, is_cpu)
        .unwrap_or_else(|| (tally_by_table(context, samples, is_cpu), samples));
    let is_listed = |sample: &Sample| sample.pod.is_some_and(|pod| pod.get() < context.pods.len());
    let mut counted = Counted {
        listed: tally.counts[Group::Ready as usize],
        listed_milli: tally.ready_milli,
        ..Counted::default()
    };
    for sample in unlisted.iter().filter(|sample| !is_listed(sample)) {
        counted.unlisted += 1;
        counted.unlisted_milli = counted.unlisted_milli.wrapping_add(sample.value_milli);
    }
    (Groups { counts: tally.counts, of: Vec::new() }, counted)
}

/// The tally, and the samples of pods that are not listed, if all others come in the pods' order.
fn tally_in_order<'a>(
    context: &Context<'_>,
    samples: &'a [Sample],
    is_cpu: bool,
) -> Option<(Tally, &'a [Sample])> {
    let (mut tally, mut rest) = (Tally::default(), samples);
    for (index, pod) in context.pods.iter().enumerate() {
        let mut sample = None;
        if let [first, others @ ..] = rest
            && first.pod == Some(PodIndex::of(index))
        {
            (sample, rest) = (Some(first), others);
        }
        let group = standing(pod, sample, is_cpu, context.settings, context.now).group();
        tally.add(group, sample);
    }
    let is_listed = |sample: &Sample| sample.pod.is_some_and(|pod| pod.get() < context.pods.len());
    (!rest.iter().any(is_listed)).then_some((tally, rest))
}

fn tally_by_table(context: &Context<'_>, samples: &[Sample], is_cpu: bool) -> Tally {
    let mut tally = Tally::default();
    for (pod, sample) in context.pods.iter().zip(by_pod(context.pods, samples)) {
        let group = standing(pod, sample, is_cpu, context.settings, context.now).group();
        tally.add(group, sample);
    }
    tally
}

fn group_of_each(context: &Context<'_>, samples: &[Sample], is_cpu: bool) -> Vec<Group> {
    let group =
        |(pod, sample)| standing(pod, sample, is_cpu, context.settings, context.now).group();
    context.pods.iter().zip(by_pod(context.pods, samples)).map(group).collect()
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
    let mut requests_milli = counted.requests_milli;
    if down || up {
        missing = groups.count(Group::Missing);
        missing_milli = if down { measure.busy_missing(groups) } else { 0 };
        requests_milli = requests_milli.wrapping_add(measure.requests(groups, Group::Missing));
    }
    if up {
        unready = groups.count(Group::Unready);
        requests_milli = requests_milli.wrapping_add(measure.requests(groups, Group::Unready));
    }
    counted.requests_milli = requests_milli;
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
    fn ratio(
        &self,
        metric: usize,
        pass: Pass,
        counted: &Counted,
        trace: &mut Trace,
    ) -> Result<Measured, Failure> {
        match self {
            Self::Utilization(utilization) => utilization.ratio(metric, pass, counted, trace),
            Self::Average(average) => Ok(average.ratio(metric, pass, counted, trace)),
        }
    }

    /// Whether it matters which pods are in a group, and not only how many.
    fn tells_pods_apart(&self) -> bool {
        matches!(self, Self::Utilization(Utilization { requests: Requests::Each(_), .. }))
    }

    /// What the pods of a group request together, if that matters.
    fn requests(&self, groups: &Groups, group: Group) -> i64 {
        match self {
            Self::Utilization(it) => sum(&it.requests, groups, group, |request| request),
            Self::Average(_) => 0,
        }
    }

    /// What the missing pods count as together on the way down.
    fn busy_missing(&self, groups: &Groups) -> i64 {
        let group = Group::Missing;
        match self {
            Self::Utilization(it) => {
                sum(&it.requests, groups, group, |request| it.busy_value(request))
            }
            Self::Average(it) => it.target_milli.wrapping_mul(groups.count(group) as i64),
        }
    }
}

/// The sum of a number for each pod of a group, made of what the pod requests. It wraps, so that
/// so many times a number is the same as the number added so often.
fn sum(requests: &Requests, groups: &Groups, group: Group, number: impl Fn(i64) -> i64) -> i64 {
    match requests {
        Requests::Alike(request) => number(*request).wrapping_mul(groups.count(group) as i64),
        Requests::Each(requests) => {
            let members = requests.iter().zip(&groups.of).filter(|(_, it)| **it == group);
            members.fold(0, |sum, (request, _)| sum.wrapping_add(number(*request)))
        }
    }
}
