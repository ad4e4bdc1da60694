//! Which pods a metric may count.
//!
//! For each pod the first rule that fits: deleted or failed pods are ignored; pending ones are
//! unready; pods without a sample are missing; for cpu alone, pods that are not ready or whose
//! sample reaches back into their start are unready; the rest are ready.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go `groupPods`.

use super::{
    MetricSpec, Observation, Pod, PodPhase, Reading, ReadyStatus, ResourceName, Sample, Settings,
    Spec, ValueTarget, value,
};
use crate::time::Instant;

/// What a pod counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Ready,
    Unready,
    Missing,
    Ignored,
}

/// How a pod stands towards one metric: the rule that settled whether it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It counts.
    Counts,
    /// Ignored: it is being deleted.
    Deleting,
    /// Ignored: it failed.
    Failed,
    /// Unready: it is pending.
    Pending,
    /// Missing: the metric has no sample of it.
    NoSample,
    /// Unready (cpu): it has no Ready condition or no start time yet.
    NoCondition,
    /// Unready (cpu): not ready, within the cpu initialization period.
    NotReady,
    /// Unready (cpu): within the cpu initialization period, and its sample reaches back before it
    /// became ready.
    SampleOfStart,
    /// Unready (cpu): the period is over, but it was never ready since its start.
    NeverReady,
    /// Not counted by the `value` of an Object or External metric: not running, or not ready.
    NotCounted,
}

impl Standing {
    pub(super) const fn group(self) -> Group {
        match self {
            Self::Counts => Group::Ready,
            Self::Deleting | Self::Failed | Self::NotCounted => Group::Ignored,
            Self::NoSample => Group::Missing,
            Self::Pending
            | Self::NoCondition
            | Self::NotReady
            | Self::SampleOfStart
            | Self::NeverReady => Group::Unready,
        }
    }
}

/// How each pod stands towards the metric with index `metric`, in the order of the observation;
/// nothing if the metric counts no pods, or was not read.
pub fn standings(
    spec: &Spec,
    metric: usize,
    seen: &Observation<'_>,
    now: Instant,
) -> Vec<Standing> {
    let is_cpu = match &spec.metrics[metric] {
        MetricSpec::Resource { name, .. } | MetricSpec::ContainerResource { name, .. } => {
            *name == ResourceName::Cpu
        }
        MetricSpec::Pods { .. } => false,
        MetricSpec::Object { target: Some(ValueTarget::Value(_)), .. }
        | MetricSpec::External { target: ValueTarget::Value(_), .. } => {
            let counts =
                |pod| if value::is_ready(pod) { Standing::Counts } else { Standing::NotCounted };
            return seen.pods.iter().map(counts).collect();
        }
        MetricSpec::Object { .. } | MetricSpec::External { .. } | MetricSpec::Unknown(_) => {
            return Vec::new();
        }
    };
    let Some(Reading::Samples(samples)) = seen.metrics.get(metric) else { return Vec::new() };
    let pods = seen.pods.iter().zip(by_pod(seen.pods, samples));
    pods.map(|(pod, sample)| standing(pod, sample, is_cpu, &spec.settings, now)).collect()
}

/// The sample of each pod, if it has one.
pub(super) fn by_pod<'a>(pods: &[Pod<'_>], samples: &'a [Sample]) -> Vec<Option<&'a Sample>> {
    let mut by_pod = vec![None; pods.len()];
    for sample in samples {
        if let Some(slot) = sample.pod.and_then(|pod| by_pod.get_mut(pod.get())) {
            *slot = Some(sample);
        }
    }
    by_pod
}

/// How `pod`, whose sample of the metric is `sample`, stands towards it.
pub(super) fn standing(
    pod: &Pod<'_>,
    sample: Option<&Sample>,
    is_cpu: bool,
    settings: &Settings,
    now: Instant,
) -> Standing {
    if pod.deleting {
        return Standing::Deleting;
    }
    if pod.phase == PodPhase::Failed {
        return Standing::Failed;
    }
    if pod.phase == PodPhase::Pending {
        return Standing::Pending;
    }
    let Some(sample) = sample else {
        return Standing::NoSample;
    };
    if is_cpu { of_cpu(pod, sample, settings, now) } else { Standing::Counts }
}

/// Whether the pod's cpu sample says more about its start than about its load.
///
/// While it may still be initializing, a pod counts only if it is ready and its sample was taken
/// one whole window after it became so. Later it is left out only if it never became ready, which
/// upstream guesses from a transition within the readiness delay.
pub(super) fn of_cpu(
    pod: &Pod<'_>,
    sample: &Sample,
    settings: &Settings,
    now: Instant,
) -> Standing {
    let (Some(ready), Some(start)) = (pod.ready, pod.start_time) else {
        return Standing::NoCondition;
    };
    let is_false = ready.status == ReadyStatus::False;
    if start > now - settings.cpu_initialization_period {
        let too_fresh = ready
            .last_transition
            .is_some_and(|transition| sample.timestamp < transition + sample.window);
        match (is_false, too_fresh) {
            (true, _) => Standing::NotReady,
            (false, true) => Standing::SampleOfStart,
            (false, false) => Standing::Counts,
        }
    } else {
        let readiness = start + settings.initial_readiness_delay;
        let never_ready = is_false && ready.last_transition.is_none_or(|it| readiness > it);
        if never_ready { Standing::NeverReady } else { Standing::Counts }
    }
}
