//! Which pods a metric may count.
//!
//! For each pod the first rule that fits: deleted or failed pods are ignored; pending ones are
//! unready; pods without a sample are missing; for cpu alone, pods that are not ready or whose
//! sample reaches back into their start are unready; the rest are ready.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go `groupPods`.

use super::{Pod, PodPhase, ReadyStatus, Sample, Settings};
use crate::time::Instant;

/// What a pod counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Ready,
    Unready,
    Missing,
    Ignored,
}

/// The group of `pod`, whose sample of the metric is `sample`.
pub(super) fn group(
    pod: &Pod<'_>,
    sample: Option<&Sample>,
    is_cpu: bool,
    settings: &Settings,
    now: Instant,
) -> Group {
    if pod.deleting || pod.phase == PodPhase::Failed {
        return Group::Ignored;
    }
    if pod.phase == PodPhase::Pending {
        return Group::Unready;
    }
    let Some(sample) = sample else {
        return Group::Missing;
    };
    if is_cpu && cpu_is_unready(pod, sample, settings, now) {
        return Group::Unready;
    }
    Group::Ready
}

/// Whether the pod's cpu sample says more about its start than about its load.
///
/// While it may still be initializing, a pod counts only if it is ready and its sample was taken
/// one whole window after it became so. Later it is left out only if it never became ready, which
/// upstream guesses from a transition within the readiness delay.
fn cpu_is_unready(pod: &Pod<'_>, sample: &Sample, settings: &Settings, now: Instant) -> bool {
    let (Some(ready), Some(start)) = (pod.ready, pod.start_time) else {
        return true;
    };
    let is_false = ready.status == ReadyStatus::False;
    if start + settings.cpu_initialization_period > now {
        let too_fresh = ready
            .last_transition
            .is_some_and(|transition| sample.timestamp < transition + sample.window);
        is_false || too_fresh
    } else {
        is_false
            && ready
                .last_transition
                .is_none_or(|transition| start + settings.initial_readiness_delay > transition)
    }
}
