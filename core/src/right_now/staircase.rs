//! What the next look makes of every value of one metric: the values at which it changes.
//!
//! Each answer is a whole look; [`least`] finds the first value with another one.

use super::look::Scene;
use super::metrics::{is_share, target};
use crate::explain::number::milli;
use crate::hpa::{Cause, MetricSpec};
use crate::kubectl::Current;
use crate::report::{Stair, Staircase};
use crate::search::least;

/// Most steps to either side of the present value.
const MOST_STEPS: usize = 5;
/// The same for a workload with many pods.
const FEW_STEPS: usize = 2;

/// What one look answers: the metric's own proposal, and the count that is left.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Answer {
    proposal: Option<i32>,
    replicas: i32,
}

/// The staircase of metric `metric`, whose value is `present`; `None` if it has none.
pub(super) fn staircase(
    scene: &Scene<'_>,
    metric: usize,
    spec: &MetricSpec,
    present: Current,
    name: &str,
) -> Option<Staircase> {
    let value = match present {
        Current::Unknown => return None,
        Current::Utilization { percent, .. } => i64::from(percent),
        Current::Milli(milli) => milli,
    };
    let is_share = is_share(spec);
    // Beyond that, percentages do not fit upstream's type, nor do sums.
    let highest = if is_share { i64::from(i32::MAX) } else { i64::MAX / (1 << 20) };
    let value = value.clamp(0, highest);
    let current = |value: i64| {
        if is_share {
            let percent = i32::try_from(value).unwrap_or(i32::MAX);
            Current::Utilization { percent, average_milli: None }
        } else {
            Current::Milli(value)
        }
    };
    let answer = |value: i64| {
        let step = scene.with(metric, current(value));
        let proposal = step.trace.causes.iter().rev().find_map(|it| proposal_of(it, metric));
        Answer { proposal, replicas: step.decision.desired_replicas }
    };
    let print = |value: i64| if is_share { format!("{value}%") } else { milli(value) };
    let step = |(first, last): (i64, i64), answer: Answer, is_present| Stair {
        above: (first > 0).then(|| print(first - 1)),
        up_to: (last < highest).then(|| print(last)),
        proposal: answer.proposal,
        replicas: answer.replicas,
        is_present,
    };
    let here = answer(value);
    let pods = scene.pod_count();
    let stride = (target(spec) / pods.max(1) / 4).max(1);
    // A look at thousands of pods takes its time.
    let steps = if pods > 500 { FEW_STEPS } else { MOST_STEPS };
    let search = Search { answer: &answer, stride, steps };
    let down = side(value, here, 0, &search);
    let up = side(value, here, highest, &search);
    let mut steps: Vec<Stair> =
        down[1..].iter().rev().map(|it| step((it.1, it.0), it.2, false)).collect();
    steps.push(step((down[0].1, up[0].1), here, true));
    steps.extend(up[1..].iter().map(|it| step((it.0, it.1), it.2, false)));
    Some(Staircase { metric: name.to_owned(), steps })
}

/// The steps from `at`, whose answer is `own`, toward `end`: nearest and farthest value, answer.
fn side(at: i64, own: Answer, end: i64, search: &Search<'_>) -> Vec<(i64, i64, Answer)> {
    let back = if end < at { 1 } else { -1 };
    let (mut at, mut own) = (at, own);
    let mut steps = Vec::new();
    while steps.len() <= search.steps {
        let next = change(at, own, end, search);
        steps.push((at, next.map_or(end, |it| it + back), own));
        let Some(next) = next else { break };
        (at, own) = (next, (search.answer)(next));
    }
    steps
}

/// The first value from `at` toward `end` whose answer is not `own`.
fn change(at: i64, own: Answer, end: i64, search: &Search<'_>) -> Option<i64> {
    let sign = if end < at { -1 } else { 1 };
    let is_other = |distance: i64| (search.answer)(at + sign * distance) != own;
    Some(at + sign * least((end - at).abs(), search.stride, &is_other)?)
}

/// How to look for a change.
struct Search<'a> {
    answer: &'a dyn Fn(i64) -> Answer,
    /// How far to go first.
    stride: i64,
    /// How many steps to find.
    steps: usize,
}

/// What `cause` says that `metric` asks for.
fn proposal_of(cause: &Cause, metric: usize) -> Option<i32> {
    match *cause {
        Cause::Proposed { metric: own, proposal, .. }
        | Cause::ProposedFromZero { metric: own, proposal, .. }
        | Cause::ProposedPerReplica { metric: own, proposal, .. }
        | Cause::WithinTolerance { metric: own, proposal, .. }
        | Cause::Flipped { metric: own, proposal, .. }
        | Cause::WrongDirection { metric: own, proposal, .. }
            if own == metric =>
        {
            Some(proposal)
        }
        _ => None,
    }
}
