//! The replica count that one value asks for: Object and External metrics.
//!
//! With `value`, the ratio to the target times the pods that are ready. With `averageValue`, how
//! many targets fit into the value, whatever the pods do; only the tolerance looks at the status
//! count.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `getUsageRatioReplicaCount`, `GetObjectPerPodMetricReplicas`, `GetExternalMetricReplicas`,
//! `GetExternalPerPodMetricReplicas`.

use super::convert::{go_i32, go_i64};
use super::per_pod::Context;
use super::{
    Cause, Failure, MetricStatus, Pod, PodPhase, ReadyCondition, ReadyStatus, Tolerances, Trace,
};

/// The sum of all series for a `value` target, where `caps` ending at the largest number.
pub(super) fn external_sum(series: &[i64], caps: bool) -> i64 {
    let mut sum = 0_i64;
    for &value in series {
        if caps && value > 0 && sum > i64::MAX - value {
            return i64::MAX;
        }
        sum = sum.wrapping_add(value);
    }
    sum
}

/// The sum of all series for an `averageValue` target. Where it `caps`, a sum below zero is taken
/// for an overflow, even when the values are negative themselves.
pub(super) fn external_sum_per_replica(series: &[i64], caps: bool) -> i64 {
    let mut sum = 0_i64;
    for &value in series {
        sum = sum.wrapping_add(value);
        if caps && sum < 0 {
            return i64::MAX;
        }
    }
    sum
}

/// The proposal for a `value` target.
pub(super) fn replicas(
    context: &Context<'_>,
    usage_milli: i64,
    target_milli: i64,
    trace: &mut Trace,
) -> Result<(i32, MetricStatus), Failure> {
    let (metric, current) = (context.metric, context.current_replicas);
    let status = MetricStatus::Value(usage_milli);
    let ratio = usage_milli as f64 / target_milli as f64;
    trace.push(Cause::Value { metric, usage_milli, target_milli, ratio });
    if current == 0 {
        let proposal = go_i32(ratio.ceil());
        trace.push(Cause::ProposedFromZero { metric, ratio, proposal });
        return Ok((proposal, status));
    }
    if context.tolerances.is_within(ratio) {
        within_tolerance(context, ratio, current, trace);
        return Ok((current, status));
    }
    if context.pods.is_empty() {
        return Err(Failure::NoPods);
    }
    let pods = context.pods.iter().map(|pod| usize::from(is_ready(pod))).sum();
    let wanted = ratio * pods as f64;
    let caps = context.settings.rules.caps_value;
    let proposal =
        if caps && wanted > f64::from(i32::MAX) { i32::MAX } else { go_i32(wanted.ceil()) };
    trace.push(Cause::Proposed { metric, ratio, pods, proposal });
    Ok((proposal, status))
}

/// Where a result beyond `int32` ends; the two sources differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Overflow {
    /// Object: the conversion wraps.
    Wraps,
    /// External: the result is capped.
    Capped,
}

/// The proposal for an `averageValue` target.
pub(super) fn replicas_per_replica(
    context: &Context<'_>,
    status_replicas: i32,
    usage_milli: i64,
    target_milli: i64,
    overflow: Overflow,
    trace: &mut Trace,
) -> (i32, MetricStatus) {
    let metric = context.metric;
    let usage = usage_milli as f64;
    let ratio = usage / (target_milli as f64 * f64::from(status_replicas));
    trace.push(Cause::ValuePerReplica {
        metric,
        usage_milli,
        target_milli,
        status_replicas,
        ratio,
    });
    let proposal = if context.tolerances.is_beyond(ratio) {
        let wanted = (usage / target_milli as f64).ceil();
        let capped = overflow == Overflow::Capped && wanted > f64::from(i32::MAX);
        let proposal = if capped { i32::MAX } else { go_i32(wanted) };
        trace.push(Cause::ProposedPerReplica { metric, usage_milli, target_milli, proposal });
        proposal
    } else {
        within_tolerance(context, ratio, status_replicas, trace);
        status_replicas
    };
    let shown = if overflow == Overflow::Capped && usage >= i64::MAX as f64 {
        i64::MAX
    } else {
        go_i64((usage / f64::from(status_replicas)).ceil())
    };
    (proposal, MetricStatus::AverageValue(shown))
}

fn within_tolerance(context: &Context<'_>, ratio: f64, proposal: i32, trace: &mut Trace) {
    let Tolerances { scale_down, scale_up, .. } = context.tolerances;
    let metric = context.metric;
    trace.push(Cause::WithinTolerance { metric, ratio, scale_down, scale_up, proposal });
}

pub(super) fn is_ready(pod: &Pod<'_>) -> bool {
    // Without a branch, since most pods are.
    let is_true = matches!(pod.ready, Some(ReadyCondition { status: ReadyStatus::True, .. }));
    (pod.phase == PodPhase::Running) & is_true
}
