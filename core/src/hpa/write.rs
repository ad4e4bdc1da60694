//! Writing what a sync decided: the scale, then the status.
//!
//! A write of the scale that conflicts with another one is tried again with the same count, which
//! is not computed anew; five attempts in all. Any other refusal ends the sync. The status is
//! written only if it changed, and once; what could not be written is not tried again.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `reconcileAutoscaler`,
//! `updateStatusIfNeeded`, `updateStatus`; client-go 0.37 util/retry/util.go `DefaultRetry`.

use super::event::{Event, Sync};
use super::{Cause, ConditionType, MetricSpec, Refusal, Rules, Spec, Writes};

/// Attempts to write the scale.
const MOST_ATTEMPTS: usize = 5;

/// Writes the count; says whether the scale now has it.
pub(super) fn write_scale(
    sync: &mut Sync,
    spec: &Spec,
    current: i32,
    replicas: i32,
    reason: &str,
    writes: Writes<'_>,
) -> bool {
    if let Some(Refusal { error, .. }) = refusal(writes.scale, spec.settings.rules) {
        sync.because(Cause::UpdateFailed { replicas });
        sync.warn(
            "FailedRescale",
            format!("New size: {replicas}; reason: {reason}; error: {error}"),
        );
        let message = format!("the HPA controller was unable to update the target scale: {error}");
        sync.say(ConditionType::AbleToScale, false, "FailedUpdateScale", message);
        return false;
    }
    let said = "the HPA controller was able to update the target scale to ";
    let (mut digits, sign) = ([0; 10], if replicas < 0 { "-" } else { "" });
    let count = decimal(&mut digits, replicas.unsigned_abs());
    let able = [said, sign, count].concat();
    let message = ["New size: ", sign, count, "; reason: ", reason].concat();
    sync.say(ConditionType::AbleToScale, true, "SucceededRescale", able);
    sync.events.push(Event { is_warning: false, reason: "SuccessfulRescale", message });
    say_scaled_to_zero(sync, spec, current, replicas);
    sync.status.last_scale_time = Some(sync.now);
    true
}

/// `count` in decimal digits: two texts have it, and neither needs room of its own for it.
fn decimal(digits: &mut [u8; 10], mut count: u32) -> &str {
    let mut start = digits.len();
    while count > 0 || start == digits.len() {
        start -= 1;
        digits[start] = b'0' + (count % 10) as u8;
        count /= 10;
    }
    std::str::from_utf8(&digits[start..]).unwrap_or_default()
}

/// The refusal that is left after all attempts.
fn refusal<'a>(refusals: &[Refusal<'a>], rules: Rules) -> Option<Refusal<'a>> {
    let most = if rules.conflict_retries { MOST_ATTEMPTS } else { 1 };
    let last = refusals.iter().take(most).position(|it| !it.is_conflict);
    match last {
        Some(index) => Some(refusals[index]),
        None => refusals.get(most - 1).copied(),
    }
}

/// Every change of the count says anew whether it was the HPA that went to zero.
fn say_scaled_to_zero(sync: &mut Sync, spec: &Spec, current: i32, replicas: i32) {
    let rules = spec.settings.rules;
    if !rules.scaled_to_zero_condition {
        return;
    }
    if !rules.scale_to_zero {
        sync.unsay(ConditionType::ScaledToZero);
        return;
    }
    let to_zero =
        current > 0 && replicas == 0 && spec.min_replicas == 0 && has_outside_metric(spec);
    let (reason, message) = if to_zero {
        ("ScaledToZero", "the HPA controller scaled the workload to zero")
    } else {
        ("NotScaledToZero", "the HPA controller did not scale the workload to zero")
    };
    sync.say(ConditionType::ScaledToZero, to_zero, reason, message);
}

/// Whether some metric can be read while there is no pod.
pub(super) fn has_outside_metric(spec: &Spec) -> bool {
    spec.metrics
        .iter()
        .any(|metric| matches!(metric, MetricSpec::Object { .. } | MetricSpec::External { .. }))
}

/// Writes the status if it changed; says whether it tried to.
pub(super) fn write_status(sync: &mut Sync, writes: Writes<'_>) -> bool {
    let is_changed = sync.is_changed();
    if let Some(error) = writes.status_error.filter(|_| is_changed) {
        sync.warn("FailedUpdateStatus", error);
    }
    is_changed
}
