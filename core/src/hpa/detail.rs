//! One look from close by: what a trace sums up, pod by pod, and what would have changed it.
//!
//! Costs as much as many looks, so that it is made only for one that somebody asks about.

use super::requests::parts;
use super::{
    MetricSpec, Observation, ResourceTarget, Scale, Spec, Staircase, Standing, staircase, standings,
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
            .map(|metric| MetricDetail {
                standings: standings(spec, metric, seen, now),
                stairs: staircase(spec, metric, scale, seen, now),
                requests: requests(spec, metric, seen),
            })
            .collect(),
    }
}

fn requests(spec: &Spec, metric: usize, seen: &Observation<'_>) -> Vec<(String, i64)> {
    match (&spec.metrics[metric], seen.pods.first()) {
        (
            MetricSpec::Resource { name, target: ResourceTarget::AverageUtilization(_) },
            Some(pod),
        ) => parts(pod, name, spec.settings.rules),
        _ => Vec::new(),
    }
}
