//! One poll: which triggers are active, and what follows for the count.

use super::composite::Found;
use super::observe::{keep, observe};
use super::{
    Cause, Copy, Direction, Observation, Record, Spec, State, Step, Trace, Trigger, TriggerState,
};
use crate::time::Instant;

/// One poll of the ScaledObject that was created at `created`.
///
/// Upstream: keda 2.21 pkg/scaling/scale_handler.go `checkScalers`, `getScaledObjectState`.
pub fn poll(
    spec: &Spec,
    mut state: State,
    seen: &Observation<'_>,
    created: Instant,
    now: Instant,
) -> Step {
    let mut trace = Trace::default();
    let (mut active, mut failed) = (false, false);
    let observed = spec.uses_hpa_observations() && seen.hpa_active;
    let mut own = state.failures.clone();
    let mut api = std::mem::take(&mut state.failures);
    let makes_copy = state.copy.as_ref().is_none_or(|it| it.is_polls);
    let mut found = Found::default();
    let composite = spec.composite();
    for (index, trigger) in spec.triggers.iter().enumerate() {
        let external = match trigger {
            Trigger::Resource => continue,
            Trigger::External(external) => external,
            Trigger::Composite(it) => {
                let (is_active, state) = it.poll(spec, &found, &own);
                active = is_active;
                trace.push(Cause::Trigger { trigger: index, state });
                continue;
            }
        };
        let kept = state.records.get(index).copied().flatten().filter(|_| observed);
        let record = match kept {
            Some(record) => record,
            None => observe(spec, &mut [&mut own, &mut api], index, external, seen),
        };
        if external.cached {
            keep(&mut state, index, record);
        }
        failed |= record.value_milli.is_none();
        active |= record.value_milli.is_some() && (record.active || record.fallback);
        found.add(index, record);
        let state = match (composite, record.value_milli) {
            (Some(_), Some(value_milli)) if !record.fallback => TriggerState::Read { value_milli },
            _ => trigger_state(record),
        };
        trace.push(Cause::Trigger { trigger: index, state });
    }
    state.failures = api;
    if makes_copy {
        state.copy = Some(Copy { failures: own, is_polls: true });
    }
    if failed {
        state.copy = None;
    }
    if !failed && spec.triggers.iter().all(|it| *it == Trigger::Resource) {
        active = true;
        trace.push(Cause::OnlyResources);
    }
    if spec.force_activation {
        trace.push(Cause::Forced);
    }
    let replicas = if active || spec.force_activation {
        while_active(spec, &mut state, seen.current_replicas, failed, now, &mut trace)
    } else {
        while_inactive(spec, &state, seen.current_replicas, failed, [created, now], &mut trace)
    };
    Step { replicas, state, trace }
}

fn trigger_state(record: Record) -> TriggerState {
    let failures = record.failures;
    match record.value_milli {
        None => TriggerState::Failed { failures },
        Some(value_milli) if record.fallback => TriggerState::Fallback { failures, value_milli },
        Some(value_milli) if record.active => TriggerState::Active { value_milli },
        Some(value_milli) => TriggerState::Inactive { value_milli },
    }
}

/// Upstream: keda 2.21 pkg/scaling/executor/scale_scaledobjects.go `RequestScale`,
/// `scaleFromZeroOrIdle`.
fn while_active(
    spec: &Spec,
    state: &mut State,
    current: i32,
    failed: bool,
    now: Instant,
    trace: &mut Trace,
) -> Option<i32> {
    let is_idle = spec.idle_replicas.is_some() && current < spec.min_replicas;
    if is_idle || current == 0 {
        if spec.paused_scale_out {
            trace.push(Cause::Paused(Direction::Out));
            return None;
        }
        let to = spec.min_replicas.max(1);
        state.touch(now);
        trace.push(Cause::Activated { from: current, to });
        return Some(to);
    }
    if failed {
        trace.push(Cause::PartlyFailed);
        return None;
    }
    state.touch(now);
    trace.push(Cause::StaysActive);
    None
}

/// Upstream: keda 2.21 pkg/scaling/executor/scale_scaledobjects.go `RequestScale`,
/// `scaleToZeroOrIdle`.
fn while_inactive(
    spec: &Spec,
    state: &State,
    current: i32,
    failed: bool,
    [created, now]: [Instant; 2],
    trace: &mut Trace,
) -> Option<i32> {
    let fallback = spec.fallback.map(|it| it.replicas);
    if failed && fallback != Some(0) {
        trace.push(Cause::Failed { fallback: fallback.is_some() });
        return None;
    }
    let above_idle = spec.idle_replicas.is_some_and(|idle| current > idle);
    if above_idle || (current > 0 && spec.min_replicas == 0) {
        if spec.paused_scale_in {
            trace.push(Cause::Paused(Direction::In));
            return None;
        }
        let (since, period) = match state.last_active {
            Some(last) => (last, spec.cooldown_period),
            None => (created, spec.initial_cooldown_period),
        };
        let (until, initial) = (since + period, state.last_active.is_none());
        if until >= now {
            trace.push(Cause::CoolingDown { until, period, initial });
            return None;
        }
        let to = spec.idle_replicas.unwrap_or(spec.min_replicas);
        let idle = spec.idle_replicas.is_some();
        trace.push(Cause::Deactivated { from: current, to, idle, initial });
        return Some(to);
    }
    if spec.idle_replicas.is_none() && current < spec.min_replicas {
        trace.push(Cause::RaisedToMin { from: current, to: spec.min_replicas });
        return Some(spec.min_replicas);
    }
    trace.push(Cause::NothingToDo);
    None
}

impl Trace {
    fn push(&mut self, cause: Cause) {
        self.causes.push(cause);
    }
}
