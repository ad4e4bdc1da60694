//! A RayCluster with its own `status`, as `kubectl get raycluster -o yaml` or `-o json` prints it.
//!
//! Upstream: kuberay 1.6.1 ray-operator/apis/ray/v1/raycluster_types.go `RayClusterStatus`.

use crate::assemble::Assembly;
use crate::explain::kuberay_now::{ClusterNow, GroupNow, explain};
use crate::manifest::ray::RayCluster;
use crate::manifest::{Body, Document, Documents};
use crate::ray::operator::{
    GroupSize, PodAmounts, all_desired_pods, desired_amounts, desired_pods, pod_amounts,
};
use crate::ray::{GroupSeen, Name};
use crate::report::{Condition, Language, NowCluster};
use crate::sim::Cluster;
use crate::yaml::{Fields, Findings, Node};

/// Most groups whose pods are told.
const MOST_GROUPS: usize = 100;

/// One for each RayCluster that has a status.
pub(super) fn operators(
    documents: &Documents,
    assembly: &Assembly,
    language: Language,
) -> Vec<NowCluster> {
    let clusters = assembly.model.clusters.iter().zip(&assembly.clusters);
    let told = clusters.filter_map(|(cluster, document)| {
        let document = &documents.documents[*document];
        let Body::RayCluster(written) = &document.body else { return None };
        let now = read(document, written, cluster)?;
        let (verdict, explanation) = explain(&now, language);
        Some(NowCluster {
            id: format!("operator/{}/{}", cluster.namespace, cluster.name),
            name: now.name,
            span: now.span,
            verdict,
            explanation: Some(explanation),
            ..NowCluster::default()
        })
    });
    told.collect()
}

/// The status, and the spec's own counts; `None` without a status.
fn read(document: &Document, written: &RayCluster, cluster: &Cluster) -> Option<ClusterNow> {
    let entry = document.root.entry("status")?;
    let findings = Findings::default();
    let mut fields = Fields::of(&entry.value, "status", &findings)?;
    if entry.value.entries().is_empty() {
        return None;
    }
    let mut count = |name| fields.int32(name).map_or(0, |it| i64::from(it.value));
    let (desired, available) = (count("desiredWorkerReplicas"), count("availableWorkerReplicas"));
    let ready = count("readyWorkerReplicas");
    let mut text = |name| fields.string(name).map(|it| it.value).unwrap_or_default();
    let (state, reason) = (text("state"), text("reason"));
    let conditions = fields.mappings("conditions").unwrap_or_default().value;
    let seen: Vec<GroupSeen> = cluster.groups.iter().map(seen).collect();
    let amounts: Vec<PodAmounts> =
        written.worker_groups.iter().map(|it| asked(&it.template.containers)).collect();
    let sizes: Vec<GroupSize<'_>> = seen
        .iter()
        .zip(&amounts)
        .zip(&cluster.groups)
        .map(|((seen, pod), it)| GroupSize { seen, suspend: it.suspend, pod })
        .collect();
    let own = desired_amounts(&asked(&written.head.template.containers), &sizes);
    Some(ClusterNow {
        name: format!("KubeRay {}", cluster.name),
        span: entry.key_span,
        state: (!state.is_empty()).then_some((state, reason)),
        desired,
        available,
        ready,
        generations: generations(document, &mut fields),
        amounts: differing(&mut fields, &own),
        conditions: conditions.into_iter().filter_map(condition).collect(),
        groups: groups(document, written, &sizes),
        wanted: all_desired_pods(&sizes),
        autoscaling: cluster.operator.autoscaling,
        suspended: cluster.operator.suspend,
    })
}

fn seen(group: &crate::sim::Group) -> GroupSeen {
    GroupSeen {
        name: Name::from(group.name.as_str()),
        replicas: Some(group.replicas),
        min_replicas: group.min_replicas,
        max_replicas: Some(group.max_replicas),
        num_of_hosts: group.num_of_hosts,
        workers_to_delete: Vec::new(),
    }
}

/// What a pod asks for.
fn asked(containers: &[crate::manifest::pod::Container]) -> PodAmounts {
    let lists =
        containers.iter().map(|it| (it.resources.requests.pairs(), it.resources.limits.pairs()));
    let lists: Vec<_> = lists.collect();
    pod_amounts(lists.iter().map(|(requests, limits)| (requests, limits)))
}

/// `observedGeneration` and `metadata.generation`, where they are told and differ.
fn generations(document: &Document, fields: &mut Fields<'_>) -> Option<(i64, i64)> {
    let observed = fields.int64("observedGeneration")?.value;
    let findings = Findings::default();
    let metadata = document.root.get("metadata")?;
    let own = Fields::of(metadata, "metadata", &findings)?.int64("generation")?.value;
    (observed != own).then_some((observed, own))
}

/// Quantities of the status that are not those of the spec. `replicas` counts there as it is
/// written, whatever the bounds.
///
/// Upstream: kuberay 1.6.1 ray-operator/controllers/ray/utils/util.go `CalculateDesiredResources`.
fn differing(
    fields: &mut Fields<'_>,
    own: &PodAmounts,
) -> Vec<(&'static str, String, String, crate::source::Span)> {
    let mut found = Vec::new();
    for (field, resource) in
        [("desiredCPU", "cpu"), ("desiredMemory", "memory"), ("desiredTPU", "google.com/tpu")]
    {
        let Some(told) = fields.quantity(field) else { continue };
        let own = own.get(resource).copied().unwrap_or(0);
        let told_milli = i128::from(told.value.milli_value());
        if told_milli != own {
            found.push((field, thousandths(told_milli), thousandths(own), told.span));
        }
    }
    found
}

/// `2500` thousandths as `2500m`, `2000` as `2`.
fn thousandths(milli: i128) -> String {
    if milli % 1000 == 0 { (milli / 1000).to_string() } else { format!("{milli}m") }
}

fn condition(mut fields: Fields<'_>) -> Option<Condition> {
    let mut text = |name| fields.string(name).map(|it| it.value).unwrap_or_default();
    let (kind, status) = (text("type"), text("status"));
    let (reason, message) = (text("reason"), text("message"));
    (!kind.is_empty()).then_some(Condition { kind, status, reason, message })
}

/// The groups that are not suspended, with the pods that they name.
fn groups(document: &Document, written: &RayCluster, sizes: &[GroupSize<'_>]) -> Vec<GroupNow> {
    let nodes = document.root.get("spec").and_then(|it| it.get("workerGroupSpecs"));
    let nodes = nodes.map(Node::items).unwrap_or_default();
    let named = |node: &Node| {
        let names = node.get("scaleStrategy").and_then(|it| it.get("workersToDelete"));
        names.map_or(0, |it| it.items().len())
    };
    let groups = sizes.iter().zip(&written.worker_groups).enumerate();
    groups
        .filter(|(_, (size, _))| !size.suspend)
        .take(MOST_GROUPS)
        .map(|(index, (size, group))| GroupNow {
            name: size.seen.name.to_string(),
            pods: desired_pods(size.seen),
            named: nodes.get(index).map_or(0, named),
            span: group.name.as_ref().map_or(group.span, |it| it.span),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::{Language, right_now};

    /// A group of `replicas` one-CPU pods beside a head of one CPU; `status` is what kubectl prints.
    fn text(autoscaling: bool, group: &str, status: &str) -> String {
        format!(
            "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {{name: ray, generation: 4}}\nspec:\n  \
             enableInTreeAutoscaling: {autoscaling}\n  headGroupSpec: {{template: {{spec: {{containers: \
             [{{name: h, resources: {{limits: {{cpu: 1, memory: 1Gi}}}}}}]}}}}}}\n  \
             workerGroupSpecs:\n  - {{groupName: w, minReplicas: 0, maxReplicas: 9, {group}, \
             template: {{spec: {{containers: [{{name: w, resources: {{limits: {{cpu: 1, memory: \
             1Gi}}}}}}]}}}}}}\nstatus: {{{status}}}\n"
        )
    }

    /// What the operator does, and what else is told, a line for each step.
    #[track_caller]
    fn check(text: &str, verdict: &str, steps: &[&str]) {
        let now = right_now(text, Language::En);
        assert_eq!(now.diagnostics, [], "{text}");
        let own = now.clusters.iter().find(|it| it.id == "operator/default/ray").unwrap();
        assert_eq!(own.verdict.to_string(), verdict);
        let explanation = own.explanation.as_ref().unwrap();
        let told: Vec<_> = explanation.steps.iter().map(|it| it.text.to_string()).collect();
        assert_eq!(told, steps);
        let ko = right_now(text, Language::Ko);
        let own = ko.clusters.iter().find(|it| it.id == "operator/default/ray").unwrap();
        assert_ne!(own.verdict.to_string(), verdict);
    }

    #[test]
    fn pods_that_the_spec_asks_for_and_the_status_does_not_are_made() {
        // desiredCPU: 1 of the head and 3 of the workers when it was written.
        let status = "desiredWorkerReplicas: 3, availableWorkerReplicas: 2, readyWorkerReplicas: 1, \
                      desiredCPU: '4', desiredMemory: 6Gi, observedGeneration: 3, state: ready, \
                      conditions: [{type: HeadPodReady, status: 'True', reason: HeadPodRunningAndReady}]";
        let text = text(true, "replicas: 5", status);
        check(
            &text,
            "Makes 2 pods of w at its next pass.",
            &[
                "When the operator last wrote it, it wanted 3 worker pods: 2 ran, 1 of them ready. \
                 The cluster was ready. It is of generation 3, the spec of 4.",
                "desiredCPU is 4, and the pods of the spec ask for 6.",
                "The spec asks for 5 worker pods: w 5.",
                "Makes 2 pods of w at its next pass.",
            ],
        );
        let now = right_now(&text, Language::En);
        let own = now.clusters.iter().find(|it| it.id.starts_with("operator")).unwrap();
        let conditions = &own.explanation.as_ref().unwrap().conditions;
        assert_eq!((conditions[0].kind.as_str(), conditions.len()), ("HeadPodReady", 1));
        // What autoscales, and has no `ray status`, still asks for one.
        assert_eq!(now.clusters.len(), 2);
    }

    #[test]
    fn surplus_pods_go_only_without_an_autoscaler() {
        let status = "desiredWorkerReplicas: 5, availableWorkerReplicas: 5, readyWorkerReplicas: 5";
        let before =
            "When the operator last wrote it, it wanted 5 worker pods: 5 ran, 5 of them ready.";
        let asks = "The spec asks for 2 worker pods: w 2.";
        let deletes = "Deletes 3 pods at its next pass: the first of its list.";
        check(&text(false, "replicas: 2", status), deletes, &[before, asks, deletes]);
        let keeps = "Keeps 3 pods more than the spec asks for: with autoscaling on they stay until \
                     workersToDelete names them.";
        check(&text(true, "replicas: 2", status), keeps, &[before, asks, keeps]);
    }

    #[test]
    fn pods_that_are_named_go() {
        let status = "desiredWorkerReplicas: 2, availableWorkerReplicas: 2, readyWorkerReplicas: 2";
        let before =
            "When the operator last wrote it, it wanted 2 worker pods: 2 ran, 2 of them ready.";
        let named = "2 pods of w are in workersToDelete: deleted, even below minReplicas.";
        let group = "replicas: 2, scaleStrategy: {workersToDelete: [ray-w-a, ray-w-b]}";
        check(
            &text(true, group, status),
            named,
            &[
                before,
                "The spec asks for 2 worker pods: w 2.",
                named,
                "All 2 worker pods that are asked for run.",
            ],
        );
    }

    #[test]
    fn what_does_not_run_yet_is_waited_for() {
        let status = "desiredWorkerReplicas: 2, availableWorkerReplicas: 1";
        let waits = "1 of 2 worker pods does not run yet: it is pending, or could not be made.";
        check(
            &text(true, "replicas: 2", status),
            waits,
            &[
                "When the operator last wrote it, it wanted 2 worker pods: 1 ran, 0 of them ready.",
                "The spec asks for 2 worker pods: w 2.",
                waits,
            ],
        );
    }

    #[test]
    fn json_is_read_and_without_a_status_nothing_is_told() {
        let json = r#"{"apiVersion": "ray.io/v1", "kind": "RayCluster", "metadata": {"name": "ray"},
            "spec": {"headGroupSpec": {"template": {"spec": {"containers": [{"name": "h"}]}}},
            "workerGroupSpecs": []}, "status": {"state": "ready"}}"#;
        let now = right_now(json, Language::En);
        assert_eq!(now.clusters.len(), 1, "{now:?}");
        assert_eq!(
            now.clusters[0].verdict.to_string(),
            "All 0 worker pods that are asked for run."
        );
        let now = right_now(&json.replace("{\"state\": \"ready\"}", "{}"), Language::En);
        assert_eq!(now.clusters, []);
    }
}
