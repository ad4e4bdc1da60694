//! Deployments and the like, written or assumed.

use super::{Assembly, node_selector};
use crate::assumption::Assumptions;
use crate::deployment::{Share, Strategy};
use crate::hpa::{Container, ContainerKind, ResourceName, Rules, aggregate_requests};
use crate::manifest::pod::{self, PodTemplate as WrittenTemplate};
use crate::manifest::workload::{IntOrString, WorkloadKind};
use crate::manifest::{self, Body, Document, Documents, Labels, Selector};
use crate::nodes::{PodResources, Pools};
use crate::order;
use crate::quantity::Quantity;
use crate::scenario::{Scenario, TargetKind};
use crate::sim::{PodTemplate, Probe, RequestCost, Start, Workload};
use crate::source::Span;
use crate::time::Duration;
use crate::yaml::Spanned;

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
    Workload {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        replicas: workload.replicas.map_or(1, |it| it.value).max(0),
        resource: resource(kind),
        selector: selector_text(&workload.selector),
        selects: vec![image],
        edits: scenario.edits_of(kind, namespace, name),
        strategy: strategy(workload.strategy.as_ref()),
        min_ready: Duration::from_seconds(i64::from(
            workload.min_ready_seconds.map_or(0, |it| it.value).max(0),
        )),
        load: scenario.load_of(kind, namespace, name),
        has_queue: false,
        request: request_cost(assumptions),
        pod: template(&workload.template, assumptions, image, scenario),
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
        resource: resource(kind),
        selector: format!("app={name}"),
        selects: vec![image],
        edits: scenario.edits_of(kind, namespace, name),
        strategy: Strategy::default(),
        min_ready: Duration::ZERO,
        load: scenario.load_of(kind, namespace, name),
        has_queue: false,
        request: request_cost(assumptions),
        pod: PodTemplate {
            containers: vec![Container {
                name: "app".to_owned(),
                kind: ContainerKind::App,
                requests,
            }],
            own_requests: Vec::new(),
            overhead: Vec::new(),
            requests: PodResources {
                cpu_nano: own.cpu_request_nano,
                memory_bytes: own.memory_request_bytes,
                ..PodResources::default()
            },
            pools: Pools::default(),
            cpu_limit_nano: Some(own.cpu_limit_nano),
            idle_cpu_nano: assumptions.idle.cpu_nano,
            idle_memory_bytes: assumptions.idle.memory_bytes,
            image,
            start,
            grace: assumptions.pod_stop.grace,
        },
    }
}

/// What is not written, or can't be read, is as it is by default.
fn strategy(written: Option<&manifest::workload::Strategy>) -> Strategy {
    let Some(written) = written else { return Strategy::default() };
    if written.kind.as_ref().is_some_and(|it| it.value == "Recreate") {
        return Strategy::Recreate;
    }
    let share = |it: &Option<Spanned<IntOrString>>| {
        let share = it.as_ref().and_then(|it| Share::of(&it.value.text()));
        share.unwrap_or(Share::Percent(25))
    };
    Strategy::Rolling {
        surge: share(&written.max_surge),
        unavailable: share(&written.max_unavailable),
    }
}

/// A selector as `scale.status.selector` has it, by key.
///
/// Upstream: apimachinery 0.37 pkg/labels/selector.go `Requirement.String`.
fn selector_text(selector: &Selector) -> String {
    let labels = selector.match_labels.pairs().into_iter();
    let mut texts: Vec<(String, String)> =
        labels.map(|(key, value)| (key.clone(), format!("{key}={value}"))).collect();
    for it in &selector.match_expressions {
        let (key, mut values) = (&it.key, it.values.clone());
        order::sort(&mut values);
        let values = values.join(",");
        let text = match it.operator.as_str() {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "DoesNotExist" => format!("!{key}"),
            _ => key.clone(),
        };
        texts.push((key.clone(), text));
    }
    order::sort_by_key(&mut texts, |it| it.0.clone());
    let texts: Vec<String> = texts.into_iter().map(|it| it.1).collect();
    texts.join(",")
}

/// Gives each workload those whose pods its selector matches, whoever owns them, in the order of
/// the list.
///
/// An assumed workload has the label `app`, and selects by it.
pub(super) fn select(documents: &Documents, assembly: &mut Assembly) {
    let written = |index: &Option<usize>| match &documents.documents[(*index)?].body {
        Body::Workload(it) => Some(it),
        _ => None,
    };
    let (workloads, model) = (&assembly.workloads, &assembly.model.workloads);
    let matches = |own: usize, other: usize| {
        let app = |number: usize| ("app", model[number].name.as_str());
        let labels = written(&workloads[other]).map(|it| &it.template.labels);
        match (written(&workloads[own]), labels) {
            (Some(own), Some(labels)) => own.selector.matches(labels),
            (Some(own), None) => {
                let (key, value) = app(other);
                let spanned = |value: &str| Spanned::new(value.to_owned(), Span::default());
                own.selector.matches(&Labels(vec![(spanned(key), spanned(value))]))
            }
            (None, Some(labels)) => {
                let (key, value) = app(own);
                labels.get(key).is_some_and(|it| it.value == value)
            }
            (None, None) => app(own) == app(other),
        }
    };
    let selects: Vec<Vec<usize>> = (0..model.len())
        .map(|own| {
            let is_selected = |other: &usize| {
                *other == own
                    || model[*other].namespace == model[own].namespace && matches(own, *other)
            };
            (0..model.len()).filter(is_selected).collect()
        })
        .collect();
    for (workload, selects) in assembly.model.workloads.iter_mut().zip(selects) {
        workload.selects = selects;
    }
}

/// How errors of the API name objects of that kind.
pub(super) const fn resource(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::StatefulSet => "statefulsets.apps",
        TargetKind::ReplicaSet => "replicasets.apps",
        _ => "deployments.apps",
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
    let it = &assumptions.pod_start;
    Start {
        schedule: it.schedule,
        image_pull: it.image_pull,
        container: it.container,
        serve: it.readiness,
        probe,
        cpu_nano: it.cpu_nano,
        cpu_for: if it.cpu_for == Duration::ZERO { it.readiness } else { it.cpu_for },
    }
}

/// A pod template as the simulation takes it; a Ray pod's start is set by its caller.
pub(super) fn template(
    written: &WrittenTemplate,
    assumptions: &Assumptions,
    image: usize,
    scenario: &Scenario,
) -> PodTemplate {
    // Without a readiness probe a container is ready as soon as its startup probe succeeds: kubernetes
    // 1.37 pkg/kubelet/prober/prober_manager.go `UpdatePodStatus`.
    let probe = written
        .containers
        .iter()
        .filter_map(|it| it.readiness_probe.or(it.startup_probe))
        .max_by_key(|it| (it.initial_delay, it.period));
    let probe =
        probe.map(|it| Probe { initial_delay: it.initial_delay, period: it.period.max(SECOND) });
    let app = written.containers.iter().map(|it| container(it, ContainerKind::App));
    let init = written.init_containers.iter().map(|it| {
        let kind = if it.is_sidecar() { ContainerKind::Sidecar } else { ContainerKind::Init };
        container(it, kind)
    });
    let containers: Vec<Container> = app.chain(init).collect();
    let minor = assumptions.versions.kubernetes.minor;
    let has_own = Rules::of(minor, assumptions.feature_gates).pod_level_requests;
    let own = has_own.then_some(&written.resources);
    let own_requests = own.map(|it| own_requests(it, &containers)).unwrap_or_default();
    let overhead = milli(&written.overhead);
    PodTemplate {
        requests: pod_requests(&own_requests, &overhead, &containers),
        pools: node_selector::pools(&written.node_selector, scenario),
        own_requests,
        overhead,
        containers,
        cpu_limit_nano: cpu_limit(written, own),
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
    let is_pod_level = |it: &(ResourceName, i64)| match &it.0 {
        ResourceName::Cpu | ResourceName::Memory => true,
        ResourceName::Other(name) => name.starts_with("hugepages-"),
    };
    let mut requests = milli(&own.requests);
    requests.retain(is_pod_level);
    if own.limits.0.is_empty() {
        return requests;
    }
    for resource in [ResourceName::Cpu, ResourceName::Memory] {
        if let Some(milli) = aggregate_requests(containers, &resource) {
            add_once(&mut requests, resource, milli);
        }
    }
    for (name, limit) in milli(&own.limits).into_iter().filter(is_pod_level) {
        add_once(&mut requests, name, limit);
    }
    requests
}

fn milli(list: &pod::ResourceList) -> Vec<(ResourceName, i64)> {
    let amount = |it: &pod::Resource| (resource_name(&it.name.value), it.quantity.milli_value());
    list.0.iter().map(amount).collect()
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

/// What the scheduler counts: what the pod requests as a whole, or its containers together; the
/// overhead of its runtime comes on top.
///
/// Upstream: kubernetes 1.37 staging/src/k8s.io/component-helpers/resource/helpers.go `PodRequests`.
fn pod_requests(
    own: &[(ResourceName, i64)],
    overhead: &[(ResourceName, i64)],
    containers: &[Container],
) -> PodResources {
    let mut total = PodResources::default();
    let of_containers = containers.iter().flat_map(|it| &it.requests);
    let mut seen: Vec<&ResourceName> = Vec::new();
    for (name, _) in own.iter().chain(overhead).chain(of_containers) {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let find = |list: &[(ResourceName, i64)]| {
            list.iter().find(|(it, _)| it == name).map(|(_, milli)| *milli)
        };
        let milli = find(own).or_else(|| aggregate_requests(containers, name)).unwrap_or(0);
        let milli = milli.max(0).saturating_add(find(overhead).unwrap_or(0).max(0));
        let whole = milli.saturating_add(999) / 1000;
        match name {
            ResourceName::Cpu => total.cpu_nano = milli.saturating_mul(1_000_000),
            ResourceName::Memory => total.memory_bytes = whole,
            // DIFFERENCE(disk): nodes have no size of disk, so it holds nobody up.
            ResourceName::Other(name) if name == "ephemeral-storage" => {}
            ResourceName::Other(name) => {
                total.extended.insert(name.clone(), whole);
            }
        }
    }
    total
}

/// The limit of the first container, which serves, or of the whole pod if that is less.
fn cpu_limit(written: &WrittenTemplate, own: Option<&pod::Resources>) -> Option<i64> {
    let first = written.containers.first().and_then(|it| it.resources.limits.get("cpu"));
    let limits = [first, own.and_then(|it| it.limits.get("cpu"))];
    limits.into_iter().flatten().map(|it| nano(&it.quantity)).min()
}

fn nano(quantity: &Quantity) -> i64 {
    quantity.milli_value().max(0).saturating_mul(1_000_000)
}

fn nano_to_milli(nano: i64) -> i64 {
    nano.saturating_add(999_999) / 1_000_000
}
