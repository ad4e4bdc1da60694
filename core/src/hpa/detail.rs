//! One look from close by: what a trace sums up, pod by pod, and what would have changed it.
//!
//! Costs as much as many looks, so that it is made only for one that somebody asks about.

use super::requests::{parts, requests};
use super::{
    MetricSpec, Observation, Reading, ResourceName, ResourceTarget, Scale, Spec, Staircase,
    Standing, staircase, standings,
};
use crate::time::Instant;

/// What one look saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Names of the pods that the selector selects.
    pub pods: Vec<String>,
    /// One entry for each of `spec.metrics`.
    pub metrics: Vec<MetricDetail>,
}

/// What one look saw of one metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricDetail {
    /// How each of the pods stands; nothing if the metric counts no pods or was not read.
    pub standings: Vec<Standing>,
    /// What the counted pod that shows least shows, and the one that shows most, if they are more
    /// than a tenth of the target apart: percent, or milli units.
    pub spread: Option<(i64, i64)>,
    /// Where its proposal leaves the present count.
    pub stairs: Staircase,
    /// The containers that the first pod's request is added up from, in milli units; only for a
    /// utilization of whole pods.
    pub requests: Vec<(String, i64)>,
}

/// The detail of the look that `reconcile` would take.
pub fn detail(spec: &Spec, scale: Scale, seen: &Observation<'_>, now: Instant) -> Detail {
    Detail {
        pods: seen.pods.iter().map(|pod| pod.name.to_owned()).collect(),
        metrics: (0..spec.metrics.len())
            .map(|metric| {
                let standings = standings(spec, metric, seen, now);
                MetricDetail {
                    spread: spread(spec, metric, seen, &standings),
                    standings,
                    stairs: staircase(spec, metric, scale, seen, now),
                    requests: own_requests(spec, metric, seen),
                }
            })
            .collect(),
    }
}

fn spread(
    spec: &Spec,
    metric: usize,
    seen: &Observation<'_>,
    standings: &[Standing],
) -> Option<(i64, i64)> {
    let (target, shares) = match &spec.metrics[metric] {
        MetricSpec::Resource { name, target } => (target, requests_of(spec, seen, None, name)),
        MetricSpec::ContainerResource { name, container, target } => {
            (target, requests_of(spec, seen, Some(container), name))
        }
        MetricSpec::Pods { target_average_value_milli: target, .. } => {
            (&ResourceTarget::AverageValue(*target), None)
        }
        MetricSpec::Object { .. } | MetricSpec::External { .. } | MetricSpec::Unknown(_) => {
            return None;
        }
    };
    let level = |pod: usize, value: i64| match target {
        ResourceTarget::AverageValue(_) => Some(value),
        ResourceTarget::AverageUtilization(_) => {
            let request = shares.as_ref()?.get(pod)?;
            value.checked_mul(100)?.checked_div(*request)
        }
    };
    let Reading::Samples(samples) = seen.metrics.get(metric)? else { return None };
    let counted = samples.iter().filter_map(|sample| {
        let pod = sample.pod.filter(|pod| standings.get(pod.get()) == Some(&Standing::Counts))?;
        level(pod.get(), sample.value_milli)
    });
    let (least, most) = counted
        .map(|level| (level, level))
        .reduce(|(least, most), (level, _)| (least.min(level), most.max(level)))?;
    let target = match *target {
        ResourceTarget::AverageUtilization(target) => i64::from(target),
        ResourceTarget::AverageValue(target) => target,
    };
    (most.saturating_sub(least) > target / 10).then_some((least, most))
}

fn requests_of(
    spec: &Spec,
    seen: &Observation<'_>,
    container: Option<&str>,
    resource: &ResourceName,
) -> Option<Vec<i64>> {
    requests(seen.pods, container, resource, spec.settings.rules).ok()
}

fn own_requests(spec: &Spec, metric: usize, seen: &Observation<'_>) -> Vec<(String, i64)> {
    match (&spec.metrics[metric], seen.pods.first()) {
        (
            MetricSpec::Resource { name, target: ResourceTarget::AverageUtilization(_) },
            Some(pod),
        ) => parts(pod, name, spec.settings.rules),
        _ => Vec::new(),
    }
}
