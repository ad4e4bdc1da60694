//! What the pods request: the divisor of utilization.
//!
//! All pods that the selector selects must request the resource in every container (or in the one
//! container that the metric names), even those that are pending, failed or being deleted. One that
//! does not fails the whole metric. A pod that requests cpu, memory or huge pages for itself
//! (`spec.resources`) is asked for that instead, unless the metric names a container; what it does
//! not say itself is then added up from its containers as the scheduler adds it up.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `calculateRequests`, `calculatePodLevelRequests`, `calculatePodRequestsFromContainers`;
//! staging/src/k8s.io/component-helpers/resource/helpers.go `PodRequests`.

use super::{Container, ContainerKind, Failure, Pod, ResourceName, Rules};

/// What each pod requests, in milli units.
pub(super) enum Requests {
    /// Every pod the same.
    Alike(i64),
    /// Each pod its own.
    Each(Vec<i64>),
}

impl Requests {
    /// Each pod's request of `resource`.
    pub(super) fn of(
        pods: &[Pod<'_>],
        container: Option<&str>,
        resource: &ResourceName,
        rules: Rules,
    ) -> Result<Self, Failure> {
        match pods.split_first() {
            Some((first, others)) if are_alike(first, others) => {
                Ok(Self::Alike(pod_request(0, first, container, resource, rules)?))
            }
            _ => Ok(Self::Each(requests(pods, container, resource, rules)?)),
        }
    }
}

/// Each pod's request of `resource`, in milli units.
pub(super) fn requests(
    pods: &[Pod<'_>],
    container: Option<&str>,
    resource: &ResourceName,
    rules: Rules,
) -> Result<Vec<i64>, Failure> {
    let mut requests = Vec::with_capacity(pods.len());
    while let Some(pod) = pods.get(requests.len()) {
        let index = requests.len();
        let request = pod_request(index, pod, container, resource, rules)?;
        // Pods of one template share what they borrow, and so request the same.
        let alike = pods[index..].iter().take_while(|it| is_same_template(it, pod)).count();
        requests.resize(index + alike, request);
    }
    Ok(requests)
}

fn pod_request(
    index: usize,
    pod: &Pod<'_>,
    container: Option<&str>,
    resource: &ResourceName,
    rules: Rules,
) -> Result<i64, Failure> {
    match container {
        Some(container) => container_request(index, pod, container, resource, rules),
        None if asks_as_a_whole(pod, rules) => pod_level_request(index, pod, resource),
        None => sum_of_containers(index, pod, resource, rules),
    }
}

/// Whether all are of the template of `first`; without a branch, since most often they are.
fn are_alike(first: &Pod<'_>, others: &[Pod<'_>]) -> bool {
    others.iter().fold(true, |alike, pod| alike & is_same_template(pod, first))
}

fn is_same_template(one: &Pod<'_>, other: &Pod<'_>) -> bool {
    std::ptr::eq(one.containers, other.containers)
        & std::ptr::eq(one.requests, other.requests)
        & std::ptr::eq(one.overhead, other.overhead)
}

/// What a pod requests of `resource`, or one container of it, in milli units; `None` if the metric
/// fails by it.
pub fn request_of(
    pod: &Pod<'_>,
    container: Option<&str>,
    resource: &ResourceName,
    rules: Rules,
) -> Option<i64> {
    requests(&[*pod], container, resource, rules).ok()?.pop()
}

fn asks_as_a_whole(pod: &Pod<'_>, rules: Rules) -> bool {
    rules.pod_level_requests && pod.requests.iter().any(|it| is_pod_level(&it.0))
}

/// The containers that a pod's request of `resource` is added up from, each with its own; nothing
/// if the pod is asked as a whole.
pub(super) fn parts(pod: &Pod<'_>, resource: &ResourceName, rules: Rules) -> Vec<(String, i64)> {
    if asks_as_a_whole(pod, rules) {
        return Vec::new();
    }
    let part = |index: usize| {
        let container = &pod.containers[index];
        Some((container.name.clone(), find(&container.requests, resource)?))
    };
    counted(pod, rules).filter_map(part).collect()
}

fn sum_of_containers(
    index: usize,
    pod: &Pod<'_>,
    resource: &ResourceName,
    rules: Rules,
) -> Result<i64, Failure> {
    let mut sum = 0_i64;
    for container in counted(pod, rules) {
        sum = sum.wrapping_add(request(index, pod, container, resource)?);
    }
    Ok(sum)
}

fn container_request(
    index: usize,
    pod: &Pod<'_>,
    name: &str,
    resource: &ResourceName,
    rules: Rules,
) -> Result<i64, Failure> {
    let mut found = counted(pod, rules).filter(|container| pod.containers[*container].name == name);
    match found.next() {
        Some(container) => request(index, pod, container, resource),
        None if rules.container_must_exist => Err(Failure::ContainerNotFound { pod: index }),
        None => Ok(0),
    }
}

/// Indexes of the containers whose requests count.
fn counted<'a>(pod: &'a Pod<'_>, rules: Rules) -> impl Iterator<Item = usize> + use<'a> {
    let counts = move |container: &usize| match pod.containers[*container].kind {
        ContainerKind::App => true,
        ContainerKind::Sidecar => rules.sidecar_requests,
        ContainerKind::Init => false,
    };
    (0..pod.containers.len()).filter(counts)
}

fn request(
    index: usize,
    pod: &Pod<'_>,
    container: usize,
    resource: &ResourceName,
) -> Result<i64, Failure> {
    find(&pod.containers[container].requests, resource)
        .ok_or(Failure::MissingRequest { pod: index, container })
}

/// What the pod says itself, or what its containers take together; overhead comes on top.
fn pod_level_request(index: usize, pod: &Pod<'_>, resource: &ResourceName) -> Result<i64, Failure> {
    let own = find(pod.requests, resource).filter(|_| is_pod_level(resource));
    let request = own.or_else(|| aggregate_requests(pod.containers, resource));
    match (request, find(pod.overhead, resource)) {
        (None, None) => Err(Failure::MissingPodRequest { pod: index }),
        (request, overhead) => Ok(request.unwrap_or(0).wrapping_add(overhead.unwrap_or(0))),
    }
}

/// What containers and sidecars take together, or the most that an init container takes beside the
/// sidecars before it; in milli units, `None` if none of them requests the resource.
///
/// Upstream: kubernetes 1.37 staging/src/k8s.io/component-helpers/resource/helpers.go
/// `AggregateContainerRequests`.
pub fn aggregate_requests(containers: &[Container], resource: &ResourceName) -> Option<i64> {
    let (mut running, mut sidecars, mut starting) = (None, None, None);
    for container in containers {
        let request = find(&container.requests, resource);
        match container.kind {
            ContainerKind::App => running = add(running, request),
            ContainerKind::Sidecar => {
                running = add(running, request);
                sidecars = add(sidecars, request);
                starting = starting.max(sidecars);
            }
            ContainerKind::Init => starting = starting.max(add(sidecars, request)),
        }
    }
    running.max(starting)
}

fn add(sum: Option<i64>, request: Option<i64>) -> Option<i64> {
    match (sum, request) {
        (None, it) | (it, None) => it,
        (Some(sum), Some(request)) => Some(sum.wrapping_add(request)),
    }
}

fn find(requests: &[(ResourceName, i64)], resource: &ResourceName) -> Option<i64> {
    requests.iter().find(|(name, _)| name == resource).map(|&(_, milli)| milli)
}

/// Whether a pod may request the resource for itself.
///
/// Upstream: kubernetes 1.37 staging/src/k8s.io/component-helpers/resource/helpers.go
/// `IsSupportedPodLevelResource`.
fn is_pod_level(resource: &ResourceName) -> bool {
    match resource {
        ResourceName::Cpu | ResourceName::Memory => true,
        ResourceName::Other(name) => name.starts_with("hugepages-"),
    }
}
