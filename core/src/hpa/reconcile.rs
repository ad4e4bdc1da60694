//! One sync of the controller, from the scale it reads to the scale it writes.
//!
//! 1. Outside the bounds (or at zero) the count is settled without metrics.
//! 2. Otherwise the metrics recommend a count,
//! 3. earlier recommendations stabilize it,
//! 4. limits cut it, and
//! 5. if it differs from the present count, it is written.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `reconcileAutoscaler`,
//! `shouldComputeMetricsForZeroReplicas`, `setStatus`.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::event::{Event, Sync};
use super::normalize::{Memory, normalize};
use super::recommendation::recommend;
use super::write::{has_outside_metric, write_scale, write_status};
use super::{
    Cause, ConditionType, Observation, Recommendation, Scale, Spec, State, Status, Trace,
    store_scale_event,
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
    /// Whether a write of the status was tried: it is not if the status is the same as before.
    pub writes_status: bool,
    /// Upstream's reason; empty if there is none. It is settled before stabilization and limits, so
    /// it may contradict the direction taken.
    pub reason: Cow<'static, str>,
    /// Events in the order in which they were sent.
    pub events: Vec<Event>,
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
    let State { recommendations, scale_events, status } = state;
    let mut memory = State { recommendations, scale_events, status: Status::default() };
    // It is needed again only if the new one can't be written.
    let stored = seen.writes.status_error.map(|_| status.clone());
    let mut sync = Sync::begin(status, now);
    let mut decision = Decision {
        desired_replicas: sync.status.desired_replicas,
        rescale: false,
        writes_status: false,
        reason: Cow::Borrowed(""),
        events: Vec::new(),
    };
    match seen.scale {
        Err(text) => {
            sync.because(Cause::ScaleUnavailable);
            sync.warn("FailedGetScale", text);
            let message =
                format!("the HPA controller was unable to get the target's current scale: {text}");
            sync.say(ConditionType::AbleToScale, false, "FailedGetScale", message);
            sync.keep_metrics();
            decision.writes_status = write_status(&mut sync, seen.writes);
        }
        Ok(scale) => {
            sync.now = now - seen.writes.after_read;
            let message = "the HPA controller was able to get the target's current scale";
            sync.say(ConditionType::AbleToScale, true, "SucceededGetScale", message);
            if memory.recommendations.is_empty() {
                let recommendation = Recommendation { replicas: scale.spec_replicas, at: sync.now };
                memory.recommendations.push(recommendation);
            }
            sync.now = now;
            follow(&mut sync, spec, scale, seen, &mut memory, &mut decision);
        }
    }
    decision.events = sync.events;
    memory.status = stored.unwrap_or(sync.status);
    Step { decision, state: memory, trace: sync.trace }
}

/// A sync whose scale could be read.
fn follow(
    sync: &mut Sync,
    spec: &Spec,
    scale: Scale,
    seen: &Observation<'_>,
    memory: &mut State,
    decision: &mut Decision,
) {
    let current = scale.spec_replicas;
    let rules = spec.settings.rules;
    sync.status.current_replicas = current;
    sync.status.observed_generation = rules.generation.then_some(spec.generation);
    decision.desired_replicas = current;

    let wanted = match branch(spec, current, sync) {
        Branch::Settled(wanted) => Ok(wanted),
        Branch::Metrics => {
            let State { recommendations, scale_events: events, .. } = memory;
            follow_metrics(sync, spec, scale, seen, Memory { recommendations, events })
        }
    };
    let mut failure = None;
    match wanted {
        Err(text) => {
            keep_metrics(sync, spec);
            failure = Some(text);
        }
        Ok(Wanted { replicas, reason }) => {
            decision.reason = reason;
            decision.rescale = replicas != current;
            // The condition, `lastScaleTime` and the event are of the moment after the write.
            sync.now = seen.written_at(sync.now, decision.rescale);
            let writes = seen.writes;
            if decision.rescale
                && !write_scale(sync, spec, current, replicas, &decision.reason, writes)
            {
                decision.rescale = false;
                keep_metrics(sync, spec);
            } else {
                decision.desired_replicas = replicas;
                sync.status.desired_replicas = replicas;
            }
            if decision.rescale {
                let (behavior, events) = (spec.behavior.as_ref(), &mut memory.scale_events);
                store_scale_event(behavior, events, current, replicas, sync.now);
            }
        }
    }
    decision.writes_status = write_status(sync, seen.writes);
    if let Some(text) = failure {
        sync.warn("FailedComputeMetricsReplicas", text);
    }
}

/// Where a sync ends early, older releases go on showing what they read the last time.
fn keep_metrics(sync: &mut Sync, spec: &Spec) {
    if !spec.settings.rules.shows_failed_metrics {
        sync.keep_metrics();
    }
}

/// Which way a sync takes.
enum Branch {
    /// At zero, or outside the bounds and straight back to them.
    Settled(Wanted),
    /// The metrics decide.
    Metrics,
}

fn branch(spec: &Spec, current_replicas: i32, sync: &mut Sync) -> Branch {
    let Spec { min_replicas, max_replicas, .. } = *spec;
    let settled =
        |replicas, reason| Branch::Settled(Wanted { replicas, reason: Cow::Borrowed(reason) });
    if current_replicas == 0 {
        if wakes(spec, &sync.status) {
            return Branch::Metrics;
        }
        sync.because(Cause::ScalingDisabled { min_replicas });
        let message = "scaling is disabled since the replica count of the target is zero";
        sync.say(ConditionType::ScalingActive, false, "ScalingDisabled", message);
        let rules = spec.settings.rules;
        if rules.scaled_to_zero_condition && !rules.scale_to_zero {
            sync.unsay(ConditionType::ScaledToZero);
        }
        return settled(0, "");
    }
    if current_replicas > max_replicas {
        sync.because(Cause::AboveMax { current_replicas, max_replicas });
        return settled(max_replicas, "Current number of replicas above Spec.MaxReplicas");
    }
    if current_replicas < min_replicas {
        sync.because(Cause::BelowMin { current_replicas, min_replicas });
        return settled(min_replicas, BELOW_MIN);
    }
    Branch::Metrics
}

const BELOW_MIN: &str = "Current number of replicas below Spec.MinReplicas";

/// Whether a sync that finds so many replicas asks for metrics.
pub fn reads_metrics(spec: &Spec, status: &Status, current_replicas: i32) -> bool {
    match current_replicas {
        0 => wakes(spec, status),
        current => (spec.min_replicas..=spec.max_replicas).contains(&current),
    }
}

/// Whether the metrics are read although there is no replica.
fn wakes(spec: &Spec, status: &Status) -> bool {
    let rules = spec.settings.rules;
    if !rules.scaled_to_zero_condition {
        return spec.min_replicas == 0;
    }
    // Whether the HPA itself scaled the target to zero.
    let own = status.condition(ConditionType::ScaledToZero).is_some_and(|it| it.status);
    rules.scale_to_zero && own && (spec.min_replicas != 0 || has_outside_metric(spec))
}

/// The count that the metrics lead to; why not, if they failed and nothing may be done.
fn follow_metrics(
    sync: &mut Sync,
    spec: &Spec,
    scale: Scale,
    seen: &Observation<'_>,
    memory: Memory<'_>,
) -> Result<Wanted, String> {
    let current = scale.spec_replicas;
    let recommended = recommend(sync, spec, scale, seen)?;
    let raw = recommended.replicas.max(0);
    let metric = recommended.metric;
    sync.because(Cause::Recommended { metric, replicas: raw });
    let mut reason = match raw.cmp(&current) {
        Ordering::Greater => {
            let title = spec.metrics[metric].name();
            let [start, name, end] = title.pieces();
            Cow::Owned([start, name, end, " above target"].concat())
        }
        Ordering::Less => Cow::Borrowed("All metrics below target"),
        Ordering::Equal => Cow::Borrowed(""),
    };
    let mut replicas = normalize(sync, spec, current, raw, memory);
    // The count is 0 here only if the HPA scaled to zero itself.
    if current == 0 && replicas < spec.min_replicas {
        sync.because(Cause::RaisedToMin { from: replicas, to: spec.min_replicas });
        replicas = spec.min_replicas;
        if reason.is_empty() {
            reason = Cow::Borrowed(BELOW_MIN);
        }
    }
    Ok(Wanted { replicas, reason })
}
