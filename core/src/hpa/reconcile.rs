//! One sync of the controller, from the scale it reads to the scale it writes.
//!
//! 1. Outside the bounds (or at zero) the count is settled without metrics.
//! 2. Otherwise the metrics recommend a count,
//! 3. earlier recommendations stabilize it,
//! 4. limits cut it, and
//! 5. if it differs from the present count, it is written.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `reconcileAutoscaler`,
//! `normalizeDesiredReplicas`, `normalizeDesiredReplicasWithBehaviors`.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::conditions::{Saying, set_condition};
use super::recommendation::recommend;
use super::{
    Cause, ConditionType, Limit, MetricSpec, Observation, Recommendation, Scale, Spec, State,
    Status, Trace, stabilize, stabilize_with_behavior, store_scale_event, within_behavior,
    within_limits,
};
use crate::time::Instant;

/// What one sync decided, and what it leaves behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What was decided.
    pub decision: Decision,
    /// What is remembered, the status with its conditions included.
    pub state: State,
    /// Why.
    pub trace: Trace,
}

/// What one sync decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// What `scale.spec.replicas` is after the sync. If the scale can't be read, the count that was
    /// desired before.
    pub desired_replicas: i32,
    /// Whether the count was written, that is, whether it changed.
    pub rescale: bool,
    /// Upstream's reason; empty if there is none. It is settled before stabilization and limits, so
    /// it may contradict the direction taken.
    pub reason: Cow<'static, str>,
    /// Events in the order in which they were sent.
    pub events: Vec<Event>,
}

/// An event of the controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `Warning`, or else `Normal`.
    pub is_warning: bool,
    /// One word.
    pub reason: &'static str,
    /// A sentence.
    pub message: String,
}

impl Event {
    pub(super) fn warning(reason: &'static str, message: String) -> Self {
        Self { is_warning: true, reason, message }
    }
}

/// What a sync gathers while it runs.
pub(super) struct Sync<'a> {
    pub(super) now: Instant,
    pub(super) status: &'a mut Status,
    pub(super) events: Vec<Event>,
    pub(super) trace: Trace,
}

impl Sync<'_> {
    /// Sets a condition.
    pub(super) fn say(
        &mut self,
        kind: ConditionType,
        status: bool,
        reason: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) {
        let saying = Saying::new(kind, status, reason, message);
        set_condition(&mut self.status.conditions, saying, self.now);
    }
}

/// The count that a sync wants, before it is written.
struct Wanted {
    replicas: i32,
    reason: Cow<'static, str>,
}

/// One sync.
///
/// # Panics
/// If `seen` has not one reading of the right kind for each metric of `spec`.
pub fn reconcile(spec: &Spec, state: State, seen: &Observation<'_>, now: Instant) -> Step {
    let State { mut recommendations, mut scale_events, mut status } = state;
    let mut sync = Sync { now, status: &mut status, events: Vec::new(), trace: Trace::default() };

    let scale = match seen.scale {
        Ok(scale) => scale,
        Err(text) => {
            sync.trace.push(Cause::ScaleUnavailable);
            sync.events.push(Event::warning("FailedGetScale", text.to_owned()));
            let message =
                format!("the HPA controller was unable to get the target's current scale: {text}");
            sync.say(ConditionType::AbleToScale, false, "FailedGetScale", message);
            let decision = Decision {
                desired_replicas: sync.status.desired_replicas,
                rescale: false,
                reason: Cow::Borrowed(""),
                events: sync.events,
            };
            let trace = sync.trace;
            return Step {
                decision,
                state: State { recommendations, scale_events, status },
                trace,
            };
        }
    };
    let current = scale.spec_replicas;
    let message = "the HPA controller was able to get the target's current scale";
    sync.say(ConditionType::AbleToScale, true, "SucceededGetScale", message);
    if recommendations.is_empty() {
        recommendations.push(Recommendation { replicas: current, at: now });
    }
    sync.status.current_replicas = current;
    sync.status.current_metrics.clear();

    let mut decision = Decision {
        desired_replicas: current,
        rescale: false,
        reason: Cow::Borrowed(""),
        events: Vec::new(),
    };
    let wanted = match branch(spec, current, sync.status) {
        Branch::Settled(cause, wanted) => {
            sync.trace.push(cause);
            Some(wanted)
        }
        Branch::Disabled => {
            sync.trace.push(Cause::ScalingDisabled { min_replicas: spec.min_replicas });
            let message = "scaling is disabled since the replica count of the target is zero";
            sync.say(ConditionType::ScalingActive, false, "ScalingDisabled", message);
            Some(Wanted { replicas: current, reason: Cow::Borrowed("") })
        }
        Branch::Metrics => {
            let memory = Memory { recommendations: &mut recommendations, events: &scale_events };
            follow_metrics(&mut sync, spec, scale, seen, memory)
        }
    };
    if let Some(wanted) = wanted {
        decision.reason = wanted.reason;
        if write(&mut sync, spec, current, wanted.replicas, &decision.reason, seen.update_error) {
            decision.rescale = wanted.replicas != current;
            decision.desired_replicas = wanted.replicas;
            sync.status.desired_replicas = wanted.replicas;
            if decision.rescale {
                let behavior = spec.behavior.as_ref();
                store_scale_event(behavior, &mut scale_events, current, wanted.replicas, now);
            }
        }
    }
    decision.events = sync.events;
    let trace = sync.trace;
    Step { decision, state: State { recommendations, scale_events, status }, trace }
}

/// Which way a sync takes.
enum Branch {
    /// The target was scaled to zero by hand.
    Disabled,
    /// Outside the bounds, straight back to them.
    Settled(Cause, Wanted),
    /// The metrics decide.
    Metrics,
}

fn branch(spec: &Spec, current_replicas: i32, status: &Status) -> Branch {
    let Spec { min_replicas, max_replicas, .. } = *spec;
    if current_replicas == 0 {
        let scaled_to_zero = is_scaled_to_zero(status);
        let wakes = scaled_to_zero && (min_replicas != 0 || has_outside_metric(spec));
        return if wakes { Branch::Metrics } else { Branch::Disabled };
    }
    if current_replicas > max_replicas {
        let reason = Cow::Borrowed("Current number of replicas above Spec.MaxReplicas");
        let cause = Cause::AboveMax { current_replicas, max_replicas };
        return Branch::Settled(cause, Wanted { replicas: max_replicas, reason });
    }
    if current_replicas < min_replicas {
        let cause = Cause::BelowMin { current_replicas, min_replicas };
        let wanted = Wanted { replicas: min_replicas, reason: Cow::Borrowed(BELOW_MIN) };
        return Branch::Settled(cause, wanted);
    }
    Branch::Metrics
}

const BELOW_MIN: &str = "Current number of replicas below Spec.MinReplicas";

/// Whether the HPA itself scaled the target to zero.
fn is_scaled_to_zero(status: &Status) -> bool {
    status.condition(ConditionType::ScaledToZero).is_some_and(|condition| condition.status)
}

/// Whether some metric can be read while there is no pod.
fn has_outside_metric(spec: &Spec) -> bool {
    spec.metrics
        .iter()
        .any(|metric| matches!(metric, MetricSpec::Object { .. } | MetricSpec::External { .. }))
}

/// What the rules on the way from a recommendation to a count look back at.
struct Memory<'a> {
    recommendations: &'a mut Vec<Recommendation>,
    events: &'a super::ScaleEvents,
}

/// The count that the metrics lead to; `None` if they failed and nothing may be done.
fn follow_metrics(
    sync: &mut Sync<'_>,
    spec: &Spec,
    scale: Scale,
    seen: &Observation<'_>,
    memory: Memory<'_>,
) -> Option<Wanted> {
    let current = scale.spec_replicas;
    let recommended = match recommend(sync, spec, scale, seen) {
        Ok(recommended) => recommended,
        Err(text) => {
            sync.events.push(Event::warning("FailedComputeMetricsReplicas", text));
            return None;
        }
    };
    let raw = recommended.replicas.max(0);
    let metric = recommended.metric;
    sync.trace.push(Cause::Recommended { metric, replicas: raw });
    let mut reason = match raw.cmp(&current) {
        Ordering::Greater => Cow::Owned(format!("{} above target", spec.metrics[metric].title())),
        Ordering::Less => Cow::Borrowed("All metrics below target"),
        Ordering::Equal => Cow::Borrowed(""),
    };
    let mut replicas = normalize(sync, spec, current, raw, memory);
    // The count is 0 here only if the HPA scaled to zero itself.
    if current == 0 && replicas < spec.min_replicas {
        sync.trace.push(Cause::RaisedToMin { from: replicas, to: spec.min_replicas });
        replicas = spec.min_replicas;
        if reason.is_empty() {
            reason = Cow::Borrowed(BELOW_MIN);
        }
    }
    Some(Wanted { replicas, reason })
}

/// Stabilization, then limits; sets AbleToScale and ScalingLimited.
fn normalize(sync: &mut Sync<'_>, spec: &Spec, current: i32, raw: i32, memory: Memory<'_>) -> i32 {
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
        sync.trace.push(Cause::Limited { limit, from: stabilized, to: replicas });
    }
    replicas
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

/// Writes the count if it differs; returns whether the scale now says `replicas`.
fn write(
    sync: &mut Sync<'_>,
    spec: &Spec,
    current: i32,
    replicas: i32,
    reason: &str,
    update_error: Option<&str>,
) -> bool {
    if replicas == current {
        return true;
    }
    if let Some(error) = update_error {
        sync.trace.push(Cause::UpdateFailed { replicas });
        let text = format!("New size: {replicas}; reason: {reason}; error: {error}");
        sync.events.push(Event::warning("FailedRescale", text));
        let message = format!("the HPA controller was unable to update the target scale: {error}");
        sync.say(ConditionType::AbleToScale, false, "FailedUpdateScale", message);
        return false;
    }
    let message = format!("the HPA controller was able to update the target scale to {replicas}");
    sync.say(ConditionType::AbleToScale, true, "SucceededRescale", message);
    let message = format!("New size: {replicas}; reason: {reason}");
    sync.events.push(Event { is_warning: false, reason: "SuccessfulRescale", message });
    let to_zero =
        current > 0 && replicas == 0 && spec.min_replicas == 0 && has_outside_metric(spec);
    let (reason, message) = if to_zero {
        ("ScaledToZero", "the HPA controller scaled the workload to zero")
    } else {
        ("NotScaledToZero", "the HPA controller did not scale the workload to zero")
    };
    sync.say(ConditionType::ScaledToZero, to_zero, reason, message);
    sync.status.last_scale_time = Some(sync.now);
    true
}
