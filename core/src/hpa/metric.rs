//! One metric's answer.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `computeReplicasForMetric`
//! and the `computeStatusFor…` functions it calls.

use super::average::Average;
use super::per_pod::{self, Context, Measure};
use super::requests::Requests;
use super::utilization::Utilization;
use super::value::{self, Overflow};
use super::{
    Failure, MetricSpec, MetricStatus, Observation, Reading, ResourceName, ResourceTarget, Sample,
    Scale, Spec, Tolerances, Trace, ValueTarget, selector,
};
use crate::time::Instant;

/// How many replicas one metric asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricProposal {
    /// The count, before anything that all metrics share; may be negative.
    pub replicas: i32,
    /// What the status shows of it.
    pub status: MetricStatus,
}

/// Asks the metric with index `metric`, and adds the reasons to `trace`.
///
/// # Errors
/// Why the metric gives no count. [`Failure::text`] spells it out as upstream does.
///
/// # Panics
/// If the observation has no reading for the metric, or one of another kind.
pub fn propose(
    spec: &Spec,
    metric: usize,
    scale: Scale,
    seen: &Observation<'_>,
    now: Instant,
    trace: &mut Trace,
) -> Result<MetricProposal, Failure> {
    trace.make_room();
    let context = context(spec, metric, scale, seen, now);
    let rules = spec.settings.rules;
    let reading = seen.metrics[metric];
    let status_replicas = scale.status_replicas;
    let (replicas, status) = match &spec.metrics[metric] {
        MetricSpec::Resource { name, target } => {
            resource(&context, reading, name, None, *target, trace)?
        }
        MetricSpec::ContainerResource { .. } if !rules.container_metrics => {
            return Err(Failure::GateOff);
        }
        MetricSpec::ContainerResource { name, container, target } => {
            resource(&context, reading, name, Some(container), *target, trace)?
        }
        MetricSpec::Pods { metric, target_average_value_milli: target_milli } => {
            selector::check(metric, rules)?;
            let average = Average { target_milli: *target_milli };
            let measure = || Ok(Measure::Average(average));
            per_pod::replicas(&context, samples(reading)?, false, measure, trace)?
        }
        MetricSpec::Object { metric, target, .. } => {
            selector::check(metric, rules)?;
            let target = target.ok_or(Failure::NoTarget)?;
            let usage = object_value(reading)?;
            match target {
                ValueTarget::Value(target) => value::replicas(&context, usage, target, trace)?,
                ValueTarget::AverageValue(target) => value::replicas_per_replica(
                    &context,
                    status_replicas,
                    usage,
                    target,
                    Overflow::Wraps,
                    trace,
                ),
            }
        }
        MetricSpec::Unknown(_) => return Err(Failure::UnknownType),
        MetricSpec::External { metric, target } => {
            selector::check(metric, rules)?;
            let series = series(reading)?;
            match target {
                ValueTarget::Value(target) => value::replicas(
                    &context,
                    value::external_sum(series, rules.caps_value),
                    *target,
                    trace,
                )?,
                ValueTarget::AverageValue(target) => value::replicas_per_replica(
                    &context,
                    status_replicas,
                    value::external_sum_per_replica(series, rules.caps_average),
                    *target,
                    if rules.caps_average { Overflow::Capped } else { Overflow::Wraps },
                    trace,
                ),
            }
        }
    };
    Ok(MetricProposal { replicas, status })
}

/// What the metric with index `metric` is computed from.
pub(super) fn context<'a>(
    spec: &'a Spec,
    metric: usize,
    scale: Scale,
    seen: &Observation<'a>,
    now: Instant,
) -> Context<'a> {
    Context {
        metric,
        current_replicas: scale.spec_replicas,
        pods: seen.pods,
        settings: &spec.settings,
        tolerances: Tolerances::of(spec),
        now,
    }
}

fn resource(
    context: &Context<'_>,
    reading: Reading<'_>,
    name: &ResourceName,
    container: Option<&str>,
    target: ResourceTarget,
    trace: &mut Trace,
) -> Result<(i32, MetricStatus), Failure> {
    let is_cpu = *name == ResourceName::Cpu;
    let measure = || match target {
        ResourceTarget::AverageUtilization(target) => {
            let rules = context.settings.rules;
            let requests = Requests::of(context.pods, container, name, rules)?;
            Ok(Measure::Utilization(Utilization { target, requests }))
        }
        ResourceTarget::AverageValue(target_milli) => {
            Ok(Measure::Average(Average { target_milli }))
        }
    };
    per_pod::replicas(context, samples(reading)?, is_cpu, measure, trace)
}

fn samples(reading: Reading<'_>) -> Result<&[Sample], Failure> {
    match reading {
        Reading::Samples([]) => Err(Failure::Empty),
        Reading::Samples(samples) => Ok(samples),
        Reading::Failed(_) => Err(Failure::Unavailable),
        Reading::Value(_) | Reading::Series(_) => panic!("the metric needs samples of pods"),
    }
}

fn object_value(reading: Reading<'_>) -> Result<i64, Failure> {
    match reading {
        Reading::Value(value) => Ok(value),
        Reading::Failed(_) => Err(Failure::Unavailable),
        Reading::Samples(_) | Reading::Series(_) => panic!("an Object metric needs a value"),
    }
}

fn series(reading: Reading<'_>) -> Result<&[i64], Failure> {
    match reading {
        Reading::Series([]) => Err(Failure::Empty),
        Reading::Series(series) => Ok(series),
        Reading::Failed(_) => Err(Failure::Unavailable),
        Reading::Samples(_) | Reading::Value(_) => panic!("an External metric needs series"),
    }
}
