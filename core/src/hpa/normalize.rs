//! From what the metrics recommend to a count: stabilization, then limits, and what is said of
//! both.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `normalizeDesiredReplicas`,
//! `normalizeDesiredReplicasWithBehaviors`.

use super::behavior::policy_limits;
use super::event::Sync;
use super::{
    Behavior, Cause, ConditionType, Direction, Limit, Recommendation, ScaleEvents, SelectPolicy,
    Spec, stabilize, stabilize_with_behavior, within_behavior, within_limits,
};

/// What is looked back at.
pub(super) struct Memory<'a> {
    pub(super) recommendations: &'a mut Vec<Recommendation>,
    pub(super) events: &'a ScaleEvents,
}

/// The count after both; sets AbleToScale and ScalingLimited.
pub(super) fn normalize(
    sync: &mut Sync,
    spec: &Spec,
    current: i32,
    raw: i32,
    memory: Memory<'_>,
) -> i32 {
    let Memory { recommendations, events } = memory;
    let (now, settings) = (sync.now, &spec.settings);
    let stabilized = match &spec.behavior {
        None => {
            let window = settings.downscale_stabilization;
            stabilize(raw, window, recommendations, now, &mut sync.trace)
        }
        Some(behavior) => stabilize_with_behavior(
            current,
            raw,
            behavior,
            settings,
            recommendations,
            now,
            &mut sync.trace,
        ),
    };
    let (reason, message) = if stabilized == raw {
        ("ReadyForNewScale", "recommended size matches current size")
    } else if spec.behavior.is_some() && raw >= current {
        (
            "ScaleUpStabilized",
            "recent recommendations were lower than current one, applying the lowest recent \
             recommendation",
        )
    } else {
        (
            "ScaleDownStabilized",
            "recent recommendations were higher than current one, applying the highest recent \
             recommendation",
        )
    };
    sync.say(ConditionType::AbleToScale, true, reason, message);

    let bounds = (spec.min_replicas, spec.max_replicas);
    let (replicas, limit) = match &spec.behavior {
        None => within_limits(current, stabilized, bounds.0, bounds.1),
        Some(behavior) => within_behavior(current, stabilized, bounds, behavior, events, now),
    };
    let (reason, message) = limited_text(limit);
    sync.say(ConditionType::ScalingLimited, replicas != stabilized, reason, message);
    if let Some(limit) = limit {
        if let Some(behavior) = &spec.behavior {
            note_policies(sync, behavior, limit, current, events);
        }
        sync.because(Cause::Limited { limit, from: stabilized, to: replicas });
    }
    replicas
}

/// What the policies allow, where one of several cut the count, or a bound did so before them.
fn note_policies(
    sync: &mut Sync,
    behavior: &Behavior,
    limit: Limit,
    current: i32,
    events: &ScaleEvents,
) {
    let (rules, direction) = match limit {
        Limit::ScaleUpPolicy(_) | Limit::MaxReplicas => (&behavior.scale_up, Direction::Up),
        Limit::ScaleDownPolicy(_) | Limit::MinReplicas => (&behavior.scale_down, Direction::Down),
        Limit::ScaleUpFactor { .. } => return,
    };
    let is_bound = matches!(limit, Limit::MaxReplicas | Limit::MinReplicas);
    let is_disabled = rules.select_policy == SelectPolicy::Disabled;
    if !is_disabled && (is_bound || rules.policies.len() > 1) {
        for limit in policy_limits(rules, current, events, sync.now, direction) {
            sync.because(Cause::Policy { direction, limit });
        }
    }
}

fn limited_text(limit: Option<Limit>) -> (&'static str, &'static str) {
    match limit {
        None => ("DesiredWithinRange", "the desired count is within the acceptable range"),
        Some(Limit::MaxReplicas) => {
            ("TooManyReplicas", "the desired replica count is more than the maximum replica count")
        }
        Some(Limit::MinReplicas) => {
            ("TooFewReplicas", "the desired replica count is less than the minimum replica count")
        }
        Some(Limit::ScaleUpFactor { .. } | Limit::ScaleUpPolicy(_)) => (
            "ScaleUpLimit",
            "the desired replica count is increasing faster than the maximum scale rate",
        ),
        Some(Limit::ScaleDownPolicy(_)) => (
            "ScaleDownLimit",
            "the desired replica count is decreasing faster than the maximum scale rate",
        ),
    }
}
