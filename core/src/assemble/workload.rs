//! Deployments and the like, written or assumed.

use crate::assumption::Assumptions;
use crate::hpa::{Container, ContainerKind, ResourceName, aggregate_requests};
use crate::manifest::pod::{self, PodTemplate as WrittenTemplate};
use crate::manifest::workload::WorkloadKind;
use crate::manifest::{self, Document};
use crate::nodes::PodResources;
use crate::quantity::Quantity;
use crate::scenario::{Scenario, TargetKind};
use crate::sim::{PodTemplate, Probe, RequestCost, Start, Workload};
use crate::time::Duration;

/// A workload that stands in the text.
pub(super) fn written(
    document: &Document,
    workload: &manifest::Workload,
    scenario: &Scenario,
    image: usize,
) -> Workload {
    let kind = match workload.kind {
        WorkloadKind::Deployment => TargetKind::Deployment,
        WorkloadKind::StatefulSet => TargetKind::StatefulSet,
        WorkloadKind::ReplicaSet => TargetKind::ReplicaSet,
    };
    let (namespace, name) = (document.namespace(), document.name());
    let assumptions = scenario.assumptions_for(kind, namespace, name, None);
    let labels = workload.selector.match_labels.pairs();
    let selector: Vec<String> =
        labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
    Workload {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        replicas: workload.replicas.map_or(1, |it| it.value).max(0),
        selector: selector.join(","),
        load: scenario.load_of(kind, namespace, name),
        request: request_cost(assumptions),
        pod: template(&workload.template, assumptions, image),
    }
}

/// The Deployment that an HPA names and nobody pasted.
pub(super) fn assumed(
    namespace: &str,
    name: &str,
    replicas: i32,
    scenario: &Scenario,
    image: usize,
) -> Workload {
    let kind = TargetKind::Deployment;
    let assumptions = scenario.assumptions_for(kind, namespace, name, None);
    let own = &assumptions.deployment;
    let requests = vec![
        (ResourceName::Cpu, nano_to_milli(own.cpu_request_nano)),
        (ResourceName::Memory, own.memory_request_bytes.saturating_mul(1000)),
    ];
    let start = start(assumptions, Some(Probe { initial_delay: Duration::ZERO, period: PERIOD }));
    Workload {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        replicas,
        selector: format!("app={name}"),
        load: scenario.load_of(kind, namespace, name),
        request: request_cost(assumptions),
        pod: PodTemplate {
            containers: vec![Container {
                name: "app".to_owned(),
                kind: ContainerKind::App,
                requests,
            }],
            own_requests: Vec::new(),
            requests: PodResources {
                cpu_nano: own.cpu_request_nano,
                memory_bytes: own.memory_request_bytes,
                ..PodResources::default()
            },
            cpu_limit_nano: Some(own.cpu_limit_nano),
            idle_cpu_nano: assumptions.idle.cpu_nano,
            idle_memory_bytes: assumptions.idle.memory_bytes,
            image,
            start,
            grace: assumptions.pod_stop.grace,
        },
    }
}

/// `periodSeconds` of a probe that does not say.
const PERIOD: Duration = Duration::from_seconds(10);

fn request_cost(assumptions: &Assumptions) -> RequestCost {
    RequestCost {
        cpu_nanoseconds: assumptions.request.cpu_nanoseconds,
        service_time: assumptions.request.service_time,
        concurrency: assumptions.request.concurrency,
        memory_bytes: assumptions.request.memory_bytes,
    }
}

/// How long a pod of a Deployment takes to start.
fn start(assumptions: &Assumptions, probe: Option<Probe>) -> Start {
    Start {
        schedule: assumptions.pod_start.schedule,
        image_pull: assumptions.pod_start.image_pull,
        container: assumptions.pod_start.container,
        serve: assumptions.pod_start.readiness,
        probe,
    }
}

/// A pod template as the simulation takes it; a Ray pod's start is set by its caller.
pub(super) fn template(
    written: &WrittenTemplate,
    assumptions: &Assumptions,
    image: usize,
) -> PodTemplate {
    let probe = written
        .containers
        .iter()
        .filter_map(|it| it.readiness_probe)
        .max_by_key(|it| (it.initial_delay, it.period));
    let probe =
        probe.map(|it| Probe { initial_delay: it.initial_delay, period: it.period.max(SECOND) });
    let app = written.containers.iter().map(|it| container(it, ContainerKind::App));
    let init = written.init_containers.iter().map(|it| {
        let kind = if it.is_sidecar() { ContainerKind::Sidecar } else { ContainerKind::Init };
        container(it, kind)
    });
    let containers: Vec<Container> = app.chain(init).collect();
    PodTemplate {
        own_requests: own_requests(&written.resources, &containers),
        containers,
        requests: pod_requests(written),
        cpu_limit_nano: cpu_limit(written),
        idle_cpu_nano: assumptions.idle.cpu_nano,
        idle_memory_bytes: assumptions.idle.memory_bytes,
        image,
        start: start(assumptions, probe),
        grace: grace(written, assumptions),
    }
}

const SECOND: Duration = Duration::from_seconds(1);

/// The assumed time, but never longer than the kubelet waits.
fn grace(written: &WrittenTemplate, assumptions: &Assumptions) -> Duration {
    let most = written.termination_grace_period_seconds.map_or(30, |it| it.value);
    assumptions.pod_stop.grace.min(Duration::from_seconds(most))
}

fn container(container: &pod::Container, kind: ContainerKind) -> Container {
    let mut requests: Vec<(ResourceName, i64)> = Vec::new();
    for name in container.resources.names() {
        let Some(request) = container.resources.request(name) else { continue };
        add_once(&mut requests, resource_name(name), request.quantity.milli_value());
    }
    Container { name: container.name.value.clone(), kind, requests }
}

/// What the pod requests as a whole. If it has limits of its own, what it does not request is
/// filled in: what its containers request together, or else the limit.
///
/// Upstream: kubernetes 1.37 pkg/apis/core/v1/defaults.go `defaultPodRequests`.
fn own_requests(own: &pod::Resources, containers: &[Container]) -> Vec<(ResourceName, i64)> {
    let mut requests: Vec<(ResourceName, i64)> = Vec::new();
    for it in &own.requests.0 {
        add_once(&mut requests, resource_name(&it.name.value), it.quantity.milli_value());
    }
    if own.limits.0.is_empty() {
        return requests;
    }
    for resource in [ResourceName::Cpu, ResourceName::Memory] {
        if let Some(milli) = aggregate_requests(containers, &resource) {
            add_once(&mut requests, resource, milli);
        }
    }
    for it in &own.limits.0 {
        add_once(&mut requests, resource_name(&it.name.value), it.quantity.milli_value());
    }
    requests
}

fn add_once(requests: &mut Vec<(ResourceName, i64)>, name: ResourceName, milli: i64) {
    if requests.iter().all(|(known, _)| *known != name) {
        requests.push((name, milli));
    }
}

fn resource_name(name: &str) -> ResourceName {
    match name {
        "cpu" => ResourceName::Cpu,
        "memory" => ResourceName::Memory,
        other => ResourceName::Other(other.to_owned()),
    }
}

/// What the scheduler counts: containers and sidecars together, or an ordinary init container if
/// that is larger.
///
/// Upstream: kubernetes 1.37 staging/src/k8s.io/component-helpers/resource/helpers.go `PodRequests`.
fn pod_requests(written: &WrittenTemplate) -> PodResources {
    let mut total = PodResources::default();
    for container in written.running_containers() {
        add(&mut total, container, i64::saturating_add);
    }
    for container in written.init_containers.iter().filter(|it| !it.is_sidecar()) {
        add(&mut total, container, i64::max);
    }
    let mut whole = pod::Container { resources: written.resources.clone(), ..Default::default() };
    whole.resources.limits.0.clear();
    add(&mut total, &whole, |_, own| own);
    total
}

fn add(total: &mut PodResources, container: &pod::Container, join: impl Fn(i64, i64) -> i64) {
    let mut seen: Vec<&str> = Vec::new();
    for name in container.resources.names() {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        // DIFFERENCE(disk): nodes have no size of disk, so it holds nobody up.
        if name == "ephemeral-storage" {
            continue;
        }
        let Some(request) = container.resources.request(name) else { continue };
        let slot = match name {
            "cpu" => &mut total.cpu_nano,
            "memory" => &mut total.memory_bytes,
            other => total.extended.entry(other.to_owned()).or_insert(0),
        };
        let amount = match name {
            "cpu" => nano(&request.quantity),
            _ => request.quantity.value(),
        };
        *slot = join(*slot, amount.max(0));
    }
}

/// The limit of the first container, which serves, or of the whole pod if that is less.
fn cpu_limit(written: &WrittenTemplate) -> Option<i64> {
    let first = written.containers.first().and_then(|it| it.resources.limits.get("cpu"));
    let limits = [first, written.resources.limits.get("cpu")];
    limits.into_iter().flatten().map(|it| nano(&it.quantity)).min()
}

fn nano(quantity: &Quantity) -> i64 {
    quantity.milli_value().max(0).saturating_mul(1_000_000)
}

fn nano_to_milli(nano: i64) -> i64 {
    nano.saturating_add(999_999) / 1_000_000
}
