//! What the pods request: the divisor of utilization.
//!
//! All pods that the selector selects must request the resource in every container (or in the one
//! container that the metric names), even those that are pending, failed or being deleted. One that
//! does not fails the whole metric.
//!
//! Pod-level requests (`spec.resources` of a pod) are not read yet.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `calculateRequests`, `calculatePodRequestsFromContainers`.

use super::{Failure, Pod, ResourceName};

/// Each pod's request of `resource`, in milli units.
pub(super) fn requests(
    pods: &[Pod<'_>],
    container: Option<&str>,
    resource: &ResourceName,
) -> Result<Vec<i64>, Failure> {
    pods.iter()
        .enumerate()
        .map(|(index, pod)| match container {
            Some(container) => container_request(index, pod, container, resource),
            None => pod_request(index, pod, resource),
        })
        .collect()
}

fn pod_request(index: usize, pod: &Pod<'_>, resource: &ResourceName) -> Result<i64, Failure> {
    (0..pod.containers.len()).try_fold(0_i64, |sum, container| {
        Ok(sum.wrapping_add(request(index, pod, container, resource)?))
    })
}

fn container_request(
    index: usize,
    pod: &Pod<'_>,
    name: &str,
    resource: &ResourceName,
) -> Result<i64, Failure> {
    match pod.containers.iter().position(|container| container.name == name) {
        Some(container) => request(index, pod, container, resource),
        None => Err(Failure::ContainerNotFound { pod: index }),
    }
}

fn request(
    index: usize,
    pod: &Pod<'_>,
    container: usize,
    resource: &ResourceName,
) -> Result<i64, Failure> {
    pod.containers[container]
        .requests
        .iter()
        .find(|(name, _)| name == resource)
        .map(|&(_, milli)| milli)
        .ok_or(Failure::MissingRequest { pod: index, container })
}
