//! From documents and a Scenario to what is simulated.
//!
//! Every gap is filled by an assumption and said out loud: an HPA without its Deployment gets one,
//! requests that nobody named come from the Scenario's assumptions. Nothing is decided here.

mod cluster;
mod cluster_edits;
mod controller;
mod edits;
mod hpa;
mod keda;
mod metrics;
mod node_selector;
#[cfg(test)]
mod node_selector_tests;
mod ray_job;
#[cfg(test)]
mod ray_job_tests;
mod ray_pod;
mod ray_service;
#[cfg(test)]
mod ray_service_tests;
mod serve;
mod workload;

pub(crate) use hpa::{limits, no_such_kind};
pub use metrics::Unmet;

pub use cluster::{believed, running, version};

use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::keda::Source;
use crate::manifest::{Body, Document, Documents};
use crate::nodes::{Node, PodResources};
use crate::scenario::{Edit, HpaAction, Scenario, Target, TargetKind};
use crate::sim::{Hpa, HpaTarget, MetricSource, Model};
use crate::time::{Duration, Instant};

/// Most nodes that are simulated.
const MOST_NODES: usize = 5_000;

/// What is simulated, and where each of it stands.
#[derive(Debug)]
pub struct Assembly {
    /// What is simulated.
    pub model: Model,
    /// For each HPA of the model, its document.
    pub hpas: Vec<usize>,
    /// Documents of HPAs, and what each takes in place of what is refused.
    pub mended: Vec<(usize, Vec<Mended>)>,
    /// For each workload of the model, its document; `None` if it is assumed.
    pub workloads: Vec<Option<usize>>,
    /// For each cluster of the model, its document.
    pub clusters: Vec<usize>,
    /// For each Serve deployment of the model, where it stands: its document, its application and
    /// its place there; `None` if it stands in an edit.
    pub services: Vec<(usize, Option<serve::Place>)>,
    /// For each ScaledObject of the model, its document.
    pub scaled_objects: Vec<usize>,
    /// For each ScaledObject, and each of its triggers, where that reads.
    trigger_sources: Vec<Vec<Option<Source>>>,
    /// Metrics that somebody asks for and that the Scenario does not have.
    pub unmet: Vec<Unmet>,
    /// Targets of the Scenario that are nowhere, and limits.
    pub diagnostics: Vec<Diagnostic>,
}

/// What an HPA is simulated with in place of what the API server refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mended {
    /// Another value of a field of `spec`.
    Set(&'static str, i32),
    /// Without a field of `spec` or an entry of a list, as `metrics[1]`: its default counts.
    Without(String),
}

/// Puts `documents` and `scenario` together.
pub fn assemble(documents: &Documents, scenario: &Scenario) -> Assembly {
    let assumptions = &scenario.assumptions;
    let mut assembly = Assembly {
        model: Model {
            duration: scenario.duration,
            metrics: crate::metrics::Spec {
                resolution: assumptions.metrics.resolution,
                lag: assumptions.metrics.lag,
                interval: assumptions.metrics.window,
            },
            pipeline: metrics::pipeline(scenario),
            nodes: nodes(scenario),
            workloads: Vec::new(),
            hpas: Vec::new(),
            controller: controller::controller(scenario),
            clusters: Vec::new(),
            services: Vec::new(),
            ray_services: Vec::new(),
            ray_jobs: Vec::new(),
        },
        hpas: Vec::new(),
        mended: Vec::new(),
        workloads: Vec::new(),
        clusters: Vec::new(),
        services: Vec::new(),
        scaled_objects: Vec::new(),
        trigger_sources: Vec::new(),
        unmet: Vec::new(),
        diagnostics: Vec::new(),
    };
    for (index, document) in documents.documents.iter().enumerate() {
        if let Body::Workload(workload) = &document.body {
            let image = assembly.model.workloads.len();
            let built = workload::written(document, workload, scenario, image);
            assembly.model.workloads.push(built);
            assembly.workloads.push(Some(index));
        }
        ray_cluster(index, document, &documents.text, scenario, &mut assembly);
    }
    ray_job::selecting(documents, scenario, &mut assembly);
    for (index, document) in documents.documents.iter().enumerate() {
        match &document.body {
            Body::Hpa(written) => {
                let target = hpa::target(documents, document, written, scenario, &mut assembly);
                let (built, mended) = hpa::hpa(document, written, scenario, target);
                assembly.model.hpas.push(built);
                assembly.mended.push((index, mended));
                assembly.hpas.push(index);
            }
            Body::ScaledObject(written) => {
                keda::scaled_object(documents, index, written, scenario, &mut assembly);
            }
            _ => {}
        }
    }
    keda::set_clock(scenario, &mut assembly);
    workload::select(documents, &mut assembly);
    connect(scenario, &mut assembly);
    unknown_targets(scenario, &mut assembly);
    unknown_edits(documents, scenario, &mut assembly);
    edits::refuse(documents, scenario, &mut assembly);
    node_selector::report_unknown(documents, scenario, &mut assembly);
    assembly
}

/// The cluster of a document that has one, and what comes with it.
fn ray_cluster(
    index: usize,
    document: &Document,
    text: &str,
    scenario: &Scenario,
    assembly: &mut Assembly,
) {
    let Some(cluster) = document.ray_cluster() else { return };
    assembly.model.clusters.push(cluster::cluster(document, cluster, scenario));
    assembly.clusters.push(index);
    cluster_edits::edit(document, scenario, assembly);
    match &document.body {
        Body::RayService(service) => {
            serve::services(index, document, service, scenario, assembly);
            ray_service::edited(index, document, text, scenario, assembly);
        }
        Body::RayJob(job) => ray_job::own(index, document, job, scenario, assembly),
        _ => {}
    }
}

/// Gives everybody who asks for a metric what the Scenario has, once every workload is there.
fn connect(scenario: &Scenario, assembly: &mut Assembly) {
    let mut made = metrics::Made::default();
    for number in 0..assembly.model.hpas.len() {
        let hpa = &assembly.model.hpas[number];
        if !hpa.sources.is_empty() {
            continue;
        }
        let sources = match hpa.target {
            HpaTarget::Workload(workload) => {
                metrics::sources(number, workload, &mut made, scenario, assembly)
            }
            HpaTarget::NoScale(_) | HpaTarget::Refused => {
                vec![MetricSource::Server; hpa.spec.metrics.len()]
            }
        };
        assembly.model.hpas[number].sources = sources;
    }
    for number in 0..assembly.scaled_objects.len() {
        keda::connect(number, &mut made, scenario, assembly);
    }
    made.report_unused(scenario, assembly);
}

/// The nodes that there are: the Scenario's pools, or the assumed one.
fn nodes(scenario: &Scenario) -> Vec<Node> {
    let mut nodes = Vec::new();
    let Some(pools) = &scenario.nodes else {
        let assumed = &scenario.assumptions.node;
        let allocatable = PodResources {
            cpu_nano: assumed.cpu_nano,
            memory_bytes: assumed.memory_bytes,
            extended: [("nvidia.com/gpu".to_owned(), assumed.gpu)].into(),
        };
        let count = usize::try_from(assumed.count).unwrap_or(0).min(MOST_NODES);
        return (1..=count)
            .map(|number| Node::new(format!("node-{number}"), 0, allocatable.clone()))
            .collect();
    };
    for (index, pool) in pools.iter().enumerate() {
        let allocatable = PodResources {
            cpu_nano: pool.cpu_nano,
            memory_bytes: pool.memory_bytes,
            extended: pool.resources.clone(),
        };
        for number in 1..=pool.count {
            if nodes.len() < MOST_NODES {
                let name = format!("{}-{number}", pool.name);
                nodes.push(Node::new(name, index, allocatable.clone()));
            }
        }
    }
    nodes
}

/// Edits of something that is not there, or that do not last.
fn unknown_edits(documents: &Documents, scenario: &Scenario, assembly: &mut Assembly) {
    let model = &assembly.model;
    for entry in &scenario.edits {
        let (span, nothing) = match &entry.edit {
            Edit::Hpa { action, name, namespace, .. } => (
                name.span,
                edit_of_nothing(entry.at, *action, &name.value, namespace.as_deref(), model),
            ),
            Edit::RayService { name, namespace, .. } => {
                let of_service = |it: usize| {
                    let document = &documents.documents[it];
                    matches!(document.body, Body::RayService(_))
                        && document.name() == name.value
                        && namespace.as_deref().is_none_or(|own| own == document.namespace())
                };
                let known = assembly.clusters.iter().any(|it| of_service(*it));
                let message =
                    || format!("no RayService is called {}: nothing is edited", name.value);
                (name.span, (!known).then(message))
            }
            Edit::RayCluster { name, namespace, .. } => {
                let all = documents.documents.iter();
                (name.span, cluster_edits::nothing(all, &name.value, namespace.as_deref()))
            }
            Edit::Scale { target, .. } | Edit::Rollout { target, .. } => {
                let resource = workload::resource(target.kind);
                let known = model.workloads.iter().any(|it| {
                    it.resource == resource && target.is(target.kind, &it.namespace, &it.name)
                });
                let Target { kind, name, .. } = target;
                let kind = kind.as_str();
                let done =
                    if matches!(entry.edit, Edit::Scale { .. }) { "scaled" } else { "rolled out" };
                let message = || format!("no {kind} is called {name}: nothing is {done}");
                (target.span, (!known).then(message))
            }
        };
        if let Some(message) = nothing {
            let found = Diagnostic::new("TT509", Severity::Warning, span, message);
            assembly.diagnostics.push(found);
        }
    }
}

/// Why an edit of an HPA changes nothing, if so.
fn edit_of_nothing(
    at: Instant,
    action: HpaAction,
    name: &str,
    namespace: Option<&str>,
    model: &Model,
) -> Option<String> {
    let is_it =
        |it: &(usize, &Hpa)| it.1.name == name && namespace.is_none_or(|own| own == it.1.namespace);
    let Some((index, hpa)) = model.hpas.iter().enumerate().find(is_it) else {
        return Some(format!("no HPA is called {name}: nothing is edited"));
    };
    if model.pipeline.scaled_objects.iter().any(|it| it.hpa == index) {
        return Some(format!("KEDA makes {name}, and undoes edits of it: nothing is edited"));
    }
    let before = at - Duration::from_ms(1);
    match (action, hpa.exists(before)) {
        (HpaAction::Create, true) => Some(format!("{name} is there already: nothing is created")),
        (HpaAction::Edit | HpaAction::Delete, false) => {
            Some(format!("{name} is not there at that time: nothing is edited"))
        }
        _ => None,
    }
}

/// Load and work for something that is not there.
fn unknown_targets(scenario: &Scenario, assembly: &mut Assembly) {
    if scenario.assumed {
        return;
    }
    let model = &assembly.model;
    for entry in &scenario.load {
        let target = &entry.target;
        let own = |namespace: &str, name: &str| {
            target.name == name && target.namespace.as_deref().is_none_or(|it| it == namespace)
        };
        let known = match target.kind {
            TargetKind::Deployment | TargetKind::StatefulSet | TargetKind::ReplicaSet => {
                model.workloads.iter().any(|it| own(&it.namespace, &it.name))
            }
            TargetKind::RayService | TargetKind::RayCluster | TargetKind::RayJob => {
                model.clusters.iter().any(|it| own(&it.namespace, &it.name))
            }
        };
        let is_served = model.services.iter().any(|it| {
            let cluster = &model.clusters[it.cluster];
            own(&cluster.namespace, &cluster.name)
        });
        let message = if !known {
            format!("nothing in the text is called {}: this load goes nowhere", target.name)
        } else if target.kind == TargetKind::RayService && !is_served {
            "serveConfigV2 has no deployment that Serve accepts: this load goes nowhere".to_owned()
        } else {
            continue;
        };
        let found = Diagnostic::new("TT501", Severity::Warning, target.span, message);
        assembly.diagnostics.push(found);
    }
    for entry in &scenario.ray {
        let known = model.clusters.iter().any(|it| {
            it.name == entry.cluster
                && entry.namespace.as_deref().is_none_or(|own| own == it.namespace)
        });
        if !known {
            let message =
                format!("no Ray cluster is called {}: this work goes nowhere", entry.cluster);
            let found = Diagnostic::new("TT502", Severity::Warning, entry.span, message);
            assembly.diagnostics.push(found);
        }
    }
}
