//! From documents and a Scenario to what is simulated.
//!
//! Every gap is filled by an assumption and said out loud: an HPA without its Deployment gets one,
//! requests that nobody named come from the Scenario's assumptions. Nothing is decided here.

mod cluster;
mod hpa;
mod workload;

pub(crate) use hpa::limits;

use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{Body, Documents};
use crate::metrics;
use crate::nodes::{Node, PodResources};
use crate::scenario::{Scenario, TargetKind};
use crate::sim::Model;

/// Most nodes that are simulated.
const MOST_NODES: usize = 5_000;

/// What is simulated, and where each of it stands.
#[derive(Debug)]
pub struct Assembly {
    /// What is simulated.
    pub model: Model,
    /// For each HPA of the model, its document.
    pub hpas: Vec<usize>,
    /// For each HPA of the model, what it takes in place of what is refused.
    pub mended: Vec<Vec<Mended>>,
    /// For each workload of the model, its document; `None` if it is assumed.
    pub workloads: Vec<Option<usize>>,
    /// For each cluster of the model, its document.
    pub clusters: Vec<usize>,
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
            metrics: metrics::Spec {
                resolution: assumptions.metrics.resolution,
                lag: assumptions.metrics.lag,
                interval: assumptions.metrics.window,
            },
            nodes: nodes(scenario),
            workloads: Vec::new(),
            hpas: Vec::new(),
            clusters: Vec::new(),
        },
        hpas: Vec::new(),
        mended: Vec::new(),
        workloads: Vec::new(),
        clusters: Vec::new(),
        diagnostics: Vec::new(),
    };
    for (index, document) in documents.documents.iter().enumerate() {
        if let Body::Workload(workload) = &document.body {
            let image = assembly.model.workloads.len();
            let built = workload::written(document, workload, scenario, image);
            assembly.model.workloads.push(built);
            assembly.workloads.push(Some(index));
        }
        if let Some(cluster) = document.ray_cluster() {
            assembly.model.clusters.push(cluster::cluster(document, cluster, scenario));
            assembly.clusters.push(index);
        }
    }
    for (index, document) in documents.documents.iter().enumerate() {
        if let Body::Hpa(written) = &document.body {
            let target = hpa::target(documents, document, written, scenario, &mut assembly);
            let (built, mended) = hpa::hpa(document, written, scenario, target);
            assembly.model.hpas.push(built);
            assembly.mended.push(mended);
            assembly.hpas.push(index);
        }
    }
    unknown_targets(scenario, &mut assembly);
    assembly
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
            .map(|number| Node::new(format!("node-{number}"), allocatable.clone()))
            .collect();
    };
    for pool in pools {
        let allocatable = PodResources {
            cpu_nano: pool.cpu_nano,
            memory_bytes: pool.memory_bytes,
            extended: pool.resources.clone(),
        };
        for number in 1..=pool.count {
            if nodes.len() < MOST_NODES {
                nodes.push(Node::new(format!("{}-{number}", pool.name), allocatable.clone()));
            }
        }
    }
    nodes
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
        let message = if !known {
            format!("nothing in the text is called {}: this load goes nowhere", target.name)
        } else if target.kind == TargetKind::RayService {
            "requests to Ray Serve are not simulated yet: give the cluster its work under `ray`"
                .to_owned()
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
