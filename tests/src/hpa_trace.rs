//! Whether a trace alone leads to the decision: every formula of `hpa::Cause` done again with the
//! numbers that stand in it; and the names of all rules.

use tidetable_core::hpa::{
    Cause, Direction, Failure, Limit, PolicyKind, PolicyLimit, SelectorProblem, Spec, Step,
};

/// Names every rule once: for the list of all of them, and for the one that a cause shows.
macro_rules! rules {
    ($($pattern:pat => $name:literal),* $(,)?) => {
        /// Every rule that a trace can show.
        pub const RULES: &[&str] = &[$($name),*];

        /// The rule that `cause` shows.
        pub fn rule(cause: &Cause) -> &'static str {
            match cause {
                $($pattern => $name),*
            }
        }
    };
}

rules! {
    Cause::ScaleUnavailable => "scale unavailable",
    Cause::ScalingDisabled { .. } => "scaling disabled",
    Cause::AboveMax { .. } => "above maxReplicas",
    Cause::BelowMin { .. } => "below minReplicas",
    Cause::SelectorUnusable(SelectorProblem::Missing) => "selector missing",
    Cause::SelectorUnusable(SelectorProblem::Unparsable) => "selector unparsable",
    Cause::SelectorUnusable(SelectorProblem::Ambiguous) => "selector ambiguous",
    Cause::PodsGrouped { .. } => "pods grouped",
    Cause::Utilization { .. } => "utilization",
    Cause::AverageValue { .. } => "average value",
    Cause::PodsFilledIn { .. } => "pods filled in",
    Cause::Value { .. } => "value",
    Cause::ValuePerReplica { .. } => "value per replica",
    Cause::WithinTolerance { .. } => "within tolerance",
    Cause::Flipped { .. } => "flipped",
    Cause::WrongDirection { .. } => "wrong direction",
    Cause::Proposed { .. } => "proposed",
    Cause::ProposedFromZero { .. } => "proposed from zero",
    Cause::ProposedPerReplica { .. } => "proposed per replica",
    Cause::MetricFailed { failure: Failure::Unavailable, .. } => "metric unavailable",
    Cause::MetricFailed { failure: Failure::Empty, .. } => "metric empty",
    Cause::MetricFailed { failure: Failure::NoPods, .. } => "no pods",
    Cause::MetricFailed { failure: Failure::NoUsableSample, .. } => "no usable sample",
    Cause::MetricFailed { failure: Failure::MissingRequest { .. }, .. } => "request missing",
    Cause::MetricFailed { failure: Failure::MissingPodRequest { .. }, .. } => "pod request missing",
    Cause::MetricFailed { failure: Failure::ContainerNotFound { .. }, .. } => "container not found",
    Cause::MetricFailed { failure: Failure::NoRequests, .. } => "no requests",
    Cause::MetricFailed { failure: Failure::InvalidSelector, .. } => "selector of a metric",
    Cause::MetricFailed { failure: Failure::NoTarget, .. } => "no target",
    Cause::MetricFailed { failure: Failure::GateOff, .. } => "metric switched off",
    Cause::MetricFailed { failure: Failure::UnknownType, .. } => "metric of unknown type",
    Cause::MetricsFailed { .. } => "metrics failed",
    Cause::Recommended { .. } => "recommended",
    Cause::Stabilized { direction: Direction::Up, .. } => "stabilized on the way up",
    Cause::Stabilized { direction: Direction::Down, .. } => "stabilized on the way down",
    Cause::Limited { limit: Limit::MaxReplicas, .. } => "limited by maxReplicas",
    Cause::Limited { limit: Limit::MinReplicas, .. } => "limited by minReplicas",
    Cause::Limited { limit: Limit::ScaleUpFactor { .. }, .. } => "limited by the factor",
    Cause::Limited { limit: Limit::ScaleUpPolicy(PolicyLimit { policy: Some(_), .. }), .. } => "limited by a scale-up policy",
    Cause::Limited { limit: Limit::ScaleUpPolicy(PolicyLimit { policy: None, .. }), .. } => "scale-up disabled",
    Cause::Limited { limit: Limit::ScaleDownPolicy(PolicyLimit { policy: Some(_), .. }), .. } => "limited by a scale-down policy",
    Cause::Limited { limit: Limit::ScaleDownPolicy(PolicyLimit { policy: None, .. }), .. } => "scale-down disabled",
    Cause::Policy { direction: Direction::Up, .. } => "scale-up policies compared",
    Cause::Policy { direction: Direction::Down, .. } => "scale-down policies compared",
    Cause::RaisedToMin { .. } => "raised to minReplicas",
    Cause::UpdateFailed { .. } => "update failed",
}

/// Why `step` does not follow from its own trace, if it does not.
///
/// # Errors
/// The first cause whose numbers do not fit.
pub fn retrace(spec: &Spec, current_replicas: i32, step: &Step) -> Result<(), String> {
    let mut proposals: Vec<(usize, i32)> = Vec::new();
    let mut replicas = current_replicas;
    for cause in &step.trace.causes {
        let fits = match *cause {
            Cause::Proposed { metric, proposal, .. }
            | Cause::ProposedFromZero { metric, proposal, .. }
            | Cause::ProposedPerReplica { metric, proposal, .. }
            | Cause::WithinTolerance { metric, proposal, .. }
            | Cause::Flipped { metric, proposal, .. }
            | Cause::WrongDirection { metric, proposal, .. } => {
                proposals.push((metric, proposal));
                proposal_fits(cause)
            }
            Cause::Recommended { metric, replicas: recommended } => {
                replicas = recommended;
                // The first of the largest wins; a 0 gives way to whatever comes next.
                let winner = proposals
                    .iter()
                    .copied()
                    .reduce(|best, next| if best.1 == 0 || next.1 > best.1 { next } else { best });
                winner.is_some_and(|(index, it)| index == metric && it.max(0) == recommended)
            }
            Cause::AboveMax { max_replicas: to, .. } | Cause::BelowMin { min_replicas: to, .. } => {
                replicas = to;
                true
            }
            Cause::Stabilized { from, to, .. } | Cause::RaisedToMin { from, to } => {
                std::mem::replace(&mut replicas, to) == from
            }
            Cause::Limited { limit, from, to } => {
                std::mem::replace(&mut replicas, to) == from
                    && limit_fits(spec, current_replicas, limit, to)
            }
            Cause::Policy { direction, limit } => {
                let sign = if direction == Direction::Up { 1 } else { -1 };
                policy_fits(spec, current_replicas, limit, sign)
            }
            Cause::UpdateFailed { replicas: wanted } => {
                std::mem::replace(&mut replicas, current_replicas) == wanted
            }
            Cause::Utilization { .. }
            | Cause::AverageValue { .. }
            | Cause::Value { .. }
            | Cause::ValuePerReplica { .. } => ratio_fits(cause),
            Cause::ScaleUnavailable
            | Cause::ScalingDisabled { .. }
            | Cause::SelectorUnusable(_)
            | Cause::PodsGrouped { .. }
            | Cause::PodsFilledIn { .. }
            | Cause::MetricFailed { .. }
            | Cause::MetricsFailed { .. } => true,
        };
        if !fits {
            return Err(format!("{cause:?} does not fit"));
        }
    }
    let is_known = !matches!(step.trace.causes.as_slice(), [Cause::ScaleUnavailable]);
    if is_known && replicas != step.decision.desired_replicas {
        return Err(format!("the trace leads to {replicas}"));
    }
    Ok(())
}

fn ratio_fits(cause: &Cause) -> bool {
    match *cause {
        Cause::Utilization {
            usage_milli,
            requests_milli,
            pods,
            utilization,
            target,
            average_milli,
            ratio,
            ..
        } => {
            utilization == (usage_milli.wrapping_mul(100) / requests_milli) as i32
                && average_milli == usage_milli / pods as i64
                && same(ratio, f64::from(utilization) / f64::from(target))
        }
        Cause::AverageValue {
            usage_milli, samples, average_milli, target_milli, ratio, ..
        } => {
            average_milli == usage_milli / samples as i64
                && same(ratio, average_milli as f64 / target_milli as f64)
        }
        Cause::Value { usage_milli, target_milli, ratio, .. } => {
            same(ratio, usage_milli as f64 / target_milli as f64)
        }
        Cause::ValuePerReplica { usage_milli, target_milli, status_replicas, ratio, .. } => {
            let target = target_milli as f64 * f64::from(status_replicas);
            same(ratio, usage_milli as f64 / target)
        }
        _ => true,
    }
}

fn proposal_fits(cause: &Cause) -> bool {
    match *cause {
        Cause::Proposed { ratio, pods, proposal, .. } => is_ceil(ratio * pods as f64, proposal),
        Cause::ProposedFromZero { ratio, proposal, .. } => is_ceil(ratio, proposal),
        Cause::ProposedPerReplica { usage_milli, target_milli, proposal, .. } => {
            is_ceil(usage_milli as f64 / target_milli as f64, proposal)
        }
        Cause::WithinTolerance { ratio, scale_down, scale_up, .. } => {
            let is_in = 1.0 - scale_down <= ratio && ratio <= 1.0 + scale_up;
            // Before 1.33 the distance counts, and no number is not too far away.
            is_in || (1.0 - ratio).abs() <= scale_up || ratio.is_nan()
        }
        Cause::Flipped { ratio, filled_ratio, .. } => (ratio < 1.0) == (filled_ratio > 1.0),
        Cause::WrongDirection { ratio, pods, refused, proposal, .. } => {
            is_ceil(ratio * pods as f64, refused) && (ratio < 1.0) == (refused > proposal)
        }
        _ => true,
    }
}

/// Beyond `int32` upstream caps or wraps, depending on the source.
fn is_ceil(value: f64, proposal: i32) -> bool {
    let fits = value.ceil() >= f64::from(i32::MIN) && value.ceil() <= f64::from(i32::MAX);
    if fits {
        f64::from(proposal) == value.ceil()
    } else {
        [i32::MIN, i32::MAX].contains(&proposal)
    }
}

fn limit_fits(spec: &Spec, current: i32, limit: Limit, to: i32) -> bool {
    match limit {
        Limit::MaxReplicas => to == spec.max_replicas,
        Limit::MinReplicas => to == spec.min_replicas,
        Limit::ScaleUpFactor { current_replicas } => {
            let limit = (2.0 * f64::from(current)).max(4.0);
            current_replicas == current && is_converted(limit, to)
        }
        Limit::ScaleUpPolicy(policy) => {
            to == policy.allowed.max(current) && policy_fits(spec, current, policy, 1)
        }
        Limit::ScaleDownPolicy(policy) => {
            to == policy.allowed.min(current) && policy_fits(spec, current, policy, -1)
        }
    }
}

fn policy_fits(spec: &Spec, current: i32, limit: PolicyLimit, sign: i32) -> bool {
    let behavior = spec.behavior.as_ref().expect("a policy cut the count");
    let rules = if sign > 0 { &behavior.scale_up } else { &behavior.scale_down };
    let PolicyLimit { policy, added, removed, period_start_replicas: start, allowed } = limit;
    let Some(policy) = policy.map(|index| rules.policies[index]) else {
        return allowed == current;
    };
    let percent = f64::from(start) * (1.0 + f64::from(sign) * (f64::from(policy.value) / 100.0));
    start == current.wrapping_sub(added).wrapping_add(removed)
        && match policy.kind {
            PolicyKind::Pods => allowed == start.wrapping_add(sign * policy.value),
            PolicyKind::Percent if sign > 0 => is_converted(percent.ceil(), allowed),
            PolicyKind::Percent => is_converted(percent.trunc(), allowed),
        }
}

/// Whether `count` is the whole number `value`; on amd64 one beyond `int32` becomes the smallest.
fn is_converted(value: f64, count: i32) -> bool {
    let fits = value >= f64::from(i32::MIN) && value <= f64::from(i32::MAX);
    if fits { f64::from(count) == value } else { count == i32::MIN }
}

/// The same double, or both not a number.
fn same(one: f64, other: f64) -> bool {
    one == other || (one.is_nan() && other.is_nan())
}
