//! What one trigger is found to be, and what stands in for it when it fails.

use super::{
    Copy, Cron, External, Fallback, FallbackBehavior, Observation, Reading, Record, Spec, State,
    Trigger, composite, milli,
};
use crate::time::Instant;

/// What the HPA is told when it asks for the metric of `trigger`: its value in milli units, or
/// `None` for an error.
///
/// Upstream: keda 2.21 pkg/scaling/scale_handler.go `GetScaledObjectMetrics`.
pub fn read(
    spec: &Spec,
    mut state: State,
    trigger: usize,
    seen: &Observation<'_>,
) -> (Option<i64>, State) {
    let external = match spec.triggers.get(trigger) {
        Some(Trigger::External(external)) => external,
        Some(Trigger::Composite(it)) => return composite::read(spec, state, it, seen),
        Some(Trigger::Resource) | None => return (None, state),
    };
    let mut copy = state.taken_copy();
    let record = read_one(spec, &mut copy, &mut state, trigger, external, seen);
    if spec.uses_hpa_observations() {
        keep(&mut state, trigger, record);
    }
    state.copy = Some(copy).filter(|_| record.value_milli.is_some());
    (record.value_milli, state)
}

/// What one trigger is found to be when somebody reads it.
pub(super) fn read_one(
    spec: &Spec,
    copy: &mut Copy,
    state: &mut State,
    trigger: usize,
    external: &External,
    seen: &Observation<'_>,
) -> Record {
    let counts = &mut [&mut copy.failures, &mut state.failures];
    let cached = state.records.get(trigger).copied().flatten().filter(|_| external.cached);
    match cached {
        // Its failures count here as well; what was found stays what the poll found.
        Some(record) if record.value_milli.is_some() => {
            count(spec, counts, trigger, false);
            record
        }
        Some(_) => substitute(spec, counts, trigger, external, seen),
        None => observe(spec, counts, trigger, external, seen),
    }
}

/// Failures in a row of each trigger: in the object at hand, and in the API, which gets what changes
/// there.
pub(super) type Counts<'a> = [&'a mut Vec<i32>; 2];

/// Asks the source, and applies the fallback.
///
/// Upstream: keda 2.21 pkg/scaling/scale_handler.go `observeMetric`.
pub(super) fn observe(
    spec: &Spec,
    counts: &mut Counts<'_>,
    trigger: usize,
    external: &External,
    seen: &Observation<'_>,
) -> Record {
    let found = match (&external.cron, seen.readings.get(trigger)) {
        (Some(cron), _) => cron
            .is_inside(seen.clock)
            .map(|inside| (if inside { cron.desired_replicas as f64 } else { 0.0 }, inside)),
        (None, Some(Reading::Value(value))) => {
            let told = external.kafka.map_or(*value, |it| it.bounded(*value));
            Some((told, *value > external.activation))
        }
        (None, Some(Reading::Empty)) if external.empty_is_zero => {
            Some((0.0, 0.0 > external.activation))
        }
        (None, Some(Reading::Empty | Reading::Failed) | None) => None,
    };
    let Some((value, active)) = found else {
        return substitute(spec, counts, trigger, external, seen);
    };
    count(spec, counts, trigger, false);
    Record { value_milli: Some(milli(value)), active, fallback: false, failures: 0 }
}

/// The value that stands in for a source that does not answer.
///
/// Upstream: keda 2.21 pkg/fallback/fallback.go `GetMetricsWithFallback`, `doFallback`.
fn substitute(
    spec: &Spec,
    counts: &mut Counts<'_>,
    trigger: usize,
    external: &External,
    seen: &Observation<'_>,
) -> Record {
    let failures = count(spec, counts, trigger, true);
    let failed = Record { value_milli: None, active: false, fallback: false, failures };
    let stands_in = |it: &Fallback| it.is_valid() && failures > it.failure_threshold;
    let Some(fallback) = spec.fallback.filter(stands_in) else {
        return failed;
    };
    if fallback.behavior == FallbackBehavior::ScalingModifiers {
        // Nobody sees this value: the formula has `nil` in its place.
        return Record { value_milli: Some(-1000), ..failed };
    }
    let mut replicas = f64::from(fallback.replicas(seen.current_replicas));
    let composite = spec.composite();
    if !composite.map_or(external.is_average, |it| it.is_average) {
        if seen.ready_replicas == 0 {
            return failed;
        }
        replicas /= f64::from(seen.ready_replicas);
    }
    let target = composite.map_or(external.target_milli as f64 / 1000.0, |it| it.target);
    // A float-to-integer cast saturates here; upstream's wraps for targets of 9e15 and more.
    let value_milli = (target * 1000.0 * replicas) as i64;
    Record { value_milli: Some(value_milli), active: false, fallback: true, failures }
}

/// Counts a failure, or forgets those before. Without a fallback nothing is counted.
///
/// Upstream: keda 2.21 pkg/fallback/fallback.go `IncrementFailure`, `UpdateHealthStatus`.
fn count(spec: &Spec, counts: &mut Counts<'_>, trigger: usize, failed: bool) -> i32 {
    if spec.fallback.is_none_or(|it| !it.is_valid()) {
        return 0;
    }
    for list in counts.iter_mut().filter(|it| it.len() <= trigger) {
        list.resize(trigger + 1, 0);
    }
    let [own, api] = counts;
    let before = own[trigger];
    own[trigger] = if failed { before.saturating_add(1) } else { 0 };
    if own[trigger] != before {
        api[trigger] = own[trigger];
        // The API answers with the whole status.
        own.clone_from(api);
    }
    own[trigger]
}

/// Remembers what `trigger` was found to be.
pub(super) fn keep(state: &mut State, trigger: usize, record: Record) {
    if state.records.len() <= trigger {
        state.records.resize(trigger + 1, None);
    }
    state.records[trigger] = Some(record);
}

impl Fallback {
    /// Whether it may stand in for a trigger.
    ///
    /// Upstream: keda 2.21 pkg/fallback/fallback.go `HasValidFallback`.
    pub(super) fn is_valid(self) -> bool {
        self.failure_threshold >= 0 && self.replicas >= 0
    }

    fn replicas(self, current: i32) -> i32 {
        match self.behavior {
            FallbackBehavior::Static | FallbackBehavior::ScalingModifiers => self.replicas,
            FallbackBehavior::CurrentReplicas => current,
            FallbackBehavior::CurrentReplicasIfHigher => current.max(self.replicas),
            FallbackBehavior::CurrentReplicasIfLower => current.min(self.replicas),
        }
    }
}

impl Cron {
    /// Whether the next end comes before the next start; `None` where nobody knows the zone.
    ///
    /// A schedule that never fits again is upstream's zero time, before everything.
    ///
    /// Upstream: keda 2.21 pkg/scalers/cron_scaler.go `GetMetricsAndActivity`.
    pub(super) fn is_inside(&self, now: i64) -> Option<bool> {
        let zone = self.zone.as_ref()?;
        let never = i64::MIN;
        let start = self.start.next(zone, now).unwrap_or(never);
        let end = self.end.next(zone, now).unwrap_or(never);
        Some(if start < end { now > start && now < end } else { now > start || now < end })
    }
}

impl State {
    /// The copy that answers the HPA, made if there is none.
    pub(super) fn taken_copy(&mut self) -> Copy {
        self.copy.take().unwrap_or_else(|| {
            let failures = self.failures.clone();
            Copy { failures, is_polls: false }
        })
    }

    /// `now` as `status.lastActiveTime`.
    pub(super) fn touch(&mut self, now: Instant) {
        self.last_active = Some(Instant::from_ms(now.ms().div_euclid(1000).saturating_mul(1000)));
    }
}
