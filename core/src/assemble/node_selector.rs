//! The pools of the Scenario whose nodes a pod may get, and what of its nodeSelector can't be told.
//!
//! Without pools the nodes are assumed: they are whatever the pods need, so nothing is compared and
//! nothing is said.

use std::collections::BTreeMap;

use super::Assembly;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{Body, Document, Documents, Labels};
use crate::nodes::{self, Pools};
use crate::scenario::Scenario;

/// Where `selector` lets a pod run.
pub(super) fn pools(selector: &Labels, scenario: &Scenario) -> Pools {
    if selector.0.is_empty() { Pools::default() } else { selected(selector, scenario) }
}

/// Few texts have a selector: the page loads this later.
#[inline(never)]
fn selected(selector: &Labels, scenario: &Scenario) -> Pools {
    let pairs: Vec<_> =
        selector.0.iter().map(|(key, value)| (key.value.as_str(), value.value.as_str())).collect();
    Pools::selected(&pairs, &labels(scenario))
}

/// The labels of each pool.
fn labels(scenario: &Scenario) -> Vec<&BTreeMap<String, String>> {
    scenario.nodes.iter().flatten().map(|it| &it.labels).collect()
}

/// Tells once of each key of a nodeSelector that no pool states.
pub(super) fn report_unknown(documents: &Documents, scenario: &Scenario, assembly: &mut Assembly) {
    if scenario.nodes.as_ref().is_some_and(|it| !it.is_empty()) {
        report_keys(documents, scenario, assembly);
    }
}

/// Few Scenarios have pools: the page loads this later.
#[inline(never)]
fn report_keys(documents: &Documents, scenario: &Scenario, assembly: &mut Assembly) {
    let labels = labels(scenario);
    let mut told: Vec<&str> = Vec::new();
    let selectors = documents.documents.iter().flat_map(selectors);
    for (key, _) in selectors.flat_map(|it| &it.0) {
        let name = key.value.as_str();
        if told.contains(&name) || nodes::states(&labels, name) {
            continue;
        }
        told.push(name);
        let message = format!(
            "no pool of the Scenario says which nodes have the label {name}: all are taken to match"
        );
        assembly.diagnostics.push(Diagnostic::new("TT515", Severity::Info, key.span, message));
    }
}

/// The nodeSelectors of the pods that are simulated.
fn selectors(document: &Document) -> Vec<&Labels> {
    let mut templates = Vec::new();
    match &document.body {
        Body::Workload(workload) => templates.push(&workload.template),
        Body::RayJob(job) => templates.extend(&job.submitter_pod_template),
        _ => {}
    }
    if let Some(cluster) = document.ray_cluster() {
        templates.push(&cluster.head.template);
        templates.extend(cluster.worker_groups.iter().map(|it| &it.template));
    }
    templates.into_iter().map(|it| &it.node_selector).collect()
}
