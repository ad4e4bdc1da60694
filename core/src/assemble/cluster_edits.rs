//! RayClusters that someone edits: what they say from when on.
//!
//! What an edit leaves depends on those before it, and is worked out once for each pair of the two
//! that comes up: an edit that repeats itself costs no more than one that does not.

use std::collections::BTreeMap;

use super::{Assembly, cluster};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::ray::{Edited, RayCluster, edited};
use crate::manifest::{Body, Document};
use crate::order;
use crate::scenario::{EditEntry, Scenario};
use crate::sim::ClusterChange;
use crate::time::Instant;
use crate::yaml::{Node, is_alike};

/// What an edit does to what the object said before: what it says then, and which of the model's
/// changes that is; nothing if it is refused.
type Outcome = Option<(usize, usize)>;

/// Adds the edits of the RayCluster in `document` to the model's last cluster.
pub(super) fn edit(document: &Document, scenario: &Scenario, assembly: &mut Assembly) {
    let Body::RayCluster(_) = &document.body else { return };
    let entries = scenario.cluster_edits_of(document.namespace(), document.name());
    let Some(cluster) = assembly.model.clusters.last_mut() else { return };
    let end = Instant::ZERO + scenario.duration;
    let mut times: Vec<(Instant, usize)> = Vec::new();
    for (number, (entry, _)) in entries.iter().enumerate() {
        times.extend(entry.times().take_while(|it| *it < end).map(|it| (it, number)));
    }
    order::sort_by_key(&mut times, |it| it.0);
    let mut objects: Vec<Node> = vec![document.root.clone()];
    let mut known: BTreeMap<(usize, usize), Outcome> = BTreeMap::new();
    let (mut object, mut found) = (0, Vec::new());
    for (at, number) in times {
        let outcome = *known.entry((object, number)).or_insert_with(|| {
            let (entry, patch) = entries[number];
            let edited = edited(&objects[object], patch, &document.metadata);
            found.extend(edited.found.iter().cloned());
            let Some(written) = &edited.cluster else {
                let message = "KubeRay refuses what this edit leaves: it is left out";
                found.push(Diagnostic::new("TT509", Severity::Warning, patch.span, message));
                return None;
            };
            let change = change(written, &edited, (number, entry));
            let place = cluster.changes.iter().position(|it| *it == change);
            let place = place.unwrap_or_else(|| {
                cluster.changes.push(change);
                cluster.changes.len() - 1
            });
            let next = objects.iter().position(|it| is_alike(it, &edited.root));
            let next = next.unwrap_or_else(|| {
                objects.push(edited.root.clone());
                objects.len() - 1
            });
            Some((next, place))
        });
        if let Some((next, change)) = outcome {
            object = next;
            cluster.edits.push((at, change));
        }
    }
    for it in found {
        if !assembly.diagnostics.contains(&it) {
            assembly.diagnostics.push(it);
        }
    }
}

fn change(
    written: &RayCluster,
    edited: &Edited,
    (number, entry): (usize, &EditEntry),
) -> ClusterChange {
    let of = |group: usize| edited.groups.iter().rev().find(|it| it.group == group).copied();
    let groups = written.worker_groups.iter().enumerate();
    ClusterChange {
        entry: number,
        autoscaler: written.is_autoscaling().then(|| cluster::believed(written)),
        suspend: written.suspend.map(|it| it.value),
        groups: groups.map(|(group, it)| cluster::change(it, of(group))).collect(),
        every: entry.again.map(|it| it.every),
    }
}

/// Why an edit of a RayCluster of that name changes nothing, if so.
pub(super) fn nothing<'a>(
    documents: impl Iterator<Item = &'a Document>,
    name: &str,
    namespace: Option<&str>,
) -> Option<String> {
    let is_named = |it: &&Document| {
        it.ray_cluster().is_some()
            && it.name() == name
            && namespace.is_none_or(|own| own == it.namespace())
    };
    let found = documents.filter(is_named);
    let found = found.min_by_key(|it| !matches!(it.body, Body::RayCluster(_)));
    match found.map(|it| &it.body) {
        Some(Body::RayCluster(_)) => None,
        Some(Body::RayService(_)) => Some(format!(
            "{name} is a RayService: `rayService` edits it. Its cluster alone can't be edited here: \
             nothing is edited"
        )),
        Some(_) => Some(format!(
            "{name} is a RayJob, whose cluster can't be edited here: nothing is edited"
        )),
        None => Some(format!("no RayCluster is called {name}: nothing is edited")),
    }
}

#[cfg(test)]
mod tests {
    use crate::Language;
    use crate::diagnostic::Diagnostic;

    /// What is said of these edits, and where each stands.
    fn said(edits: &str) -> Vec<String> {
        let group = |name: &str| {
            format!(
                "  - groupName: {name}\n    minReplicas: 2\n    maxReplicas: 9\n    rayStartParams: \
                 {{}}\n    template: {{spec: {{containers: [{{name: w, resources: {{limits: {{cpu: \
                 1, memory: 1Gi}}}}}}]}}}}\n"
            )
        };
        let head = "  headGroupSpec:\n    rayStartParams: {}\n    template: {spec: {containers: \
                    [{name: h, resources: {limits: {cpu: 1, memory: 1Gi}}}]}}\n";
        let text = format!(
            "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {{name: batch}}\nspec:\n  \
             enableInTreeAutoscaling: true\n{head}  workerGroupSpecs:\n{}{}---\napiVersion: \
             ray.io/v1\nkind: RayJob\nmetadata: {{name: job}}\nspec:\n  entrypoint: run\n  \
             rayClusterSpec:\n    headGroupSpec: {{rayStartParams: {{}}, template: {{spec: \
             {{containers: [{{name: h, resources: {{limits: {{cpu: 1}}}}}}]}}}}}}\n---\napiVersion: \
             tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 10m\n  load: []\n  \
             edits:\n{edits}",
            group("a"),
            group("b"),
        );
        let report = crate::predict(&text, Language::En).report;
        let scenario = text.find("kind: Scenario").expect("it is there");
        let found = report.diagnostics.iter().filter(|it| it.span.start > scenario);
        let place = |it: &Diagnostic| text[it.span.start..it.span.end].to_owned();
        found.map(|it| format!("{} {}: {}", it.code, place(it), it.message)).collect()
    }

    #[test]
    fn what_a_run_does_not_follow_is_named_and_what_only_repeats_the_manifest_is_not() {
        let edit = |spec: &str| said(&format!("  - {{at: 1m, rayCluster: batch, spec: {spec}}}\n"));
        assert_eq!(
            edit(
                "{enableInTreeAutoscaling: true, workerGroupSpecs: [{groupName: b, maxReplicas: \
                  3, rayStartParams: {}}]}"
            ),
            [""; 0]
        );
        assert_eq!(
            edit("{rayVersion: 2.61.0, workerGroupSpecs: [{groupName: b, numOfHosts: 2}]}"),
            [
                "TT509 rayVersion: `spec.rayVersion`: a run does not follow a change of this, it \
                 stays",
                "TT509 numOfHosts: `spec.workerGroupSpecs[0].numOfHosts`: a run does not follow a \
                 change of this, it stays",
            ]
        );
        assert_eq!(
            edit("{workerGroupSpecs: [{groupName: c, replicas: 1}, {replicas: 2}]}"),
            [
                "TT509 {groupName: c, replicas: 1}: no worker group is called c, and a run adds \
                 none: nothing is edited",
                "TT509 {replicas: 2}: `groupName` says which group this is about: nothing is edited",
            ]
        );
    }

    #[test]
    fn what_kuberay_refuses_is_left_out() {
        // Upstream: kuberay 1.7 ray-operator/controllers/ray/utils/validation.go
        // `ValidateRayClusterSpec`. The minimum of the manifest is 2.
        let spec = "{workerGroupSpecs: [{groupName: b, maxReplicas: 1}]}";
        let edit = format!("  - {{at: 1m, every: 10s, rayCluster: batch, spec: {spec}}}\n");
        assert_eq!(
            said(&edit),
            [
                format!(
                    "TT221 {spec}: worker group b has minReplicas 2 greater than maxReplicas 1"
                ),
                format!("TT509 {spec}: KubeRay refuses what this edit leaves: it is left out"),
            ]
        );
    }

    #[test]
    fn an_edit_of_no_cluster_says_so() {
        let edit = |name: &str| said(&format!("  - {{at: 1m, rayCluster: {name}, spec: {{}}}}\n"));
        assert_eq!(
            edit("other"),
            ["TT509 other: no RayCluster is called other: nothing is edited"]
        );
        assert_eq!(
            edit("job"),
            ["TT509 job: job is a RayJob, whose cluster can't be edited here: nothing is edited"]
        );
    }
}
