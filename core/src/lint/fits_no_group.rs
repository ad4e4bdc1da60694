//! Work that no node of its cluster could hold, however many there were.
//!
//! A task, an actor or a bundle runs on one node, and so does a whole STRICT_PACK group; bundles of
//! a STRICT_SPREAD group need a node each. What fits nowhere waits for ever: the autoscaler reports
//! it as infeasible and starts nothing. Nodes that run from the beginning may have more than the
//! autoscaler sees, and then it need not wait for ever.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `_sched_gang_resource_requests`,
//! `_sched_resource_requests`; serve/_private/config.py `ReplicaConfig._validate_ray_actor_options`.

use super::ray_groups::{autoscaled, first_pods, place};
use super::{Input, Rule};
use crate::assemble;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::ray::{ActorOptions, RayCluster};
use crate::manifest::{Body, Document};
use crate::ray::config::{AutoscalingConfig, HEAD_GROUP, NodeType};
use crate::ray::{NodeKind, Resources};
use crate::source::Span;
use crate::workload::{RayResources, Strategy, WorkKind};

pub(super) const RULE: Rule = Rule {
    code: "TT038",
    name: "fits-no-group",
    severity: Severity::Warning,
    chapter: "ray/choosing#not-launched",
    check,
};

/// What must stand on one node, and where that is said.
type Wanted = (Span, RayResources);

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, cluster) in autoscaled(input) {
        let Ok(config) = assemble::believed(cluster) else { continue };
        let mut wanted = of_manifest(document);
        let first = found.len();
        for (span, kind) in work_of(input, document) {
            let (parts, nodes) = parts(kind);
            wanted.extend(parts.into_iter().map(|it| (span, it)));
            if nodes > config.max_nodes {
                let most = config.max_nodes.to_string();
                let message = [
                    "a STRICT_SPREAD group asks for ",
                    &nodes.to_string(),
                    " nodes, and the cluster can have ",
                    &most,
                ];
                found.push(RULE.at(span, message.concat()));
            }
        }
        let running = running(cluster, &config);
        for (span, resources) in wanted {
            if running.iter().any(|it| holds(it, &resources)) {
                continue;
            }
            let Some(finding) = misfit(span, &resources, cluster, &config) else { continue };
            if !found[first..].contains(&finding) {
                found.push(finding);
            }
        }
    }
}

/// What the nodes have that a cluster starts with.
fn running(cluster: &RayCluster, config: &AutoscalingConfig) -> Vec<Resources> {
    let head = [(HEAD_GROUP, &cluster.head, NodeKind::Head)];
    let groups = cluster.worker_groups.iter().filter(|it| first_pods(it) > 0);
    let groups = groups.map(|it| (it.title(), it, NodeKind::Worker));
    let all = head.into_iter().chain(groups);
    all.filter_map(|(name, group, kind)| {
        let believed = config.node_types.iter().find(|it| &*it.name == name)?;
        Some(assemble::running(group, kind, &believed.resources))
    })
    .collect()
}

fn holds(node: &Resources, wanted: &RayResources) -> bool {
    wanted.iter().all(|(name, amount)| node.get(name).unwrap_or(0.0) >= *amount)
}

/// What Serve deployments and a job's entrypoint ask for.
fn of_manifest(document: &Document) -> Vec<Wanted> {
    match &document.body {
        Body::RayService(service) => {
            let deployments = service.serve.applications.iter().flat_map(|it| &it.deployments);
            deployments.filter_map(|it| of_replica(&it.actor)).collect()
        }
        Body::RayJob(job) => {
            let (cpus, gpus) = (job.entrypoint_num_cpus, job.entrypoint_num_gpus);
            let Some(place) = gpus.or(cpus).map(|it| it.span) else { return Vec::new() };
            let amounts = [("CPU", cpus), ("GPU", gpus)];
            let stated = amounts.into_iter().filter_map(|(name, it)| Some((name, it?.value)));
            vec![(place, resources(stated))]
        }
        _ => Vec::new(),
    }
}

/// One replica: an actor with one CPU unless it says otherwise. What says nothing may still be
/// said in the code.
fn of_replica(actor: &ActorOptions) -> Option<Wanted> {
    let custom = actor.resources.first().map(|(_, amount)| amount.span);
    let stated = [actor.num_gpus, actor.memory, actor.num_cpus];
    let span = stated.into_iter().flatten().map(|it| it.span).next().or(custom)?;
    let named = [("GPU", actor.num_gpus), ("memory", actor.memory)];
    let named = named.into_iter().filter_map(|(name, it)| Some((name, it?.value)));
    let cpus = actor.num_cpus.map_or(1.0, |it| it.value);
    let custom = actor.resources.iter().map(|(name, it)| (name.value.as_str(), it.value));
    Some((span, resources(named.chain([("CPU", cpus)]).chain(custom))))
}

fn resources<'a>(amounts: impl Iterator<Item = (&'a str, f64)>) -> RayResources {
    crate::order::map(amounts.map(|(name, amount)| (name.to_owned(), amount)))
}

/// The work that the Scenario has for the cluster of `document`, each with the cluster's name.
fn work_of<'run>(
    input: &Input<'run>,
    document: &'run Document,
) -> impl Iterator<Item = (Span, &'run WorkKind)> {
    let is_it = |name: &str, namespace: Option<&str>| {
        name == document.name() && namespace.is_none_or(|it| it == document.namespace())
    };
    let entries = input.scenario.ray.iter();
    let own = entries.filter(move |it| is_it(&it.cluster, it.namespace.as_deref()));
    own.flat_map(|entry| entry.work.iter().map(|it| (entry.span, &it.kind)))
}

/// What must stand on one node each, and how many nodes it takes at least.
fn parts(kind: &WorkKind) -> (Vec<RayResources>, i64) {
    match kind {
        WorkKind::Tasks { resources, .. } | WorkKind::Actors { resources, .. } => {
            (vec![resources.clone()], 1)
        }
        WorkKind::PlacementGroups { strategy: Strategy::StrictPack, bundles, .. } => {
            let mut sum = RayResources::new();
            for (name, amount) in bundles.iter().flatten() {
                *sum.entry(name.clone()).or_default() += amount;
            }
            (vec![sum], 1)
        }
        WorkKind::PlacementGroups { strategy: Strategy::StrictSpread, bundles, .. } => {
            (bundles.clone(), i64::try_from(bundles.len()).unwrap_or(i64::MAX))
        }
        WorkKind::RequestResources { bundles, .. }
        | WorkKind::PlacementGroups {
            strategy: Strategy::Pack | Strategy::Spread, bundles, ..
        } => (bundles.clone(), 1),
    }
}

/// What Ray nodes have without any manifest saying so.
const DETECTED: [&str; 3] = ["node:", "accelerator_type:", "object_store_memory"];

fn misfit(
    span: Span,
    wanted: &RayResources,
    cluster: &RayCluster,
    config: &AutoscalingConfig,
) -> Option<Diagnostic> {
    let is_stated = |name: &str| !DETECTED.iter().any(|it| name.starts_with(it));
    let wanted: Vec<(&str, f64)> = wanted
        .iter()
        .map(|(name, amount)| (name.as_str(), *amount))
        .filter(|(name, amount)| *amount > 0.0 && is_stated(name))
        .collect();
    let has = |it: &NodeType, name: &str| it.largest().get(name).unwrap_or(0.0);
    let types = &config.node_types;
    if types.iter().any(|it| wanted.iter().all(|(name, amount)| has(it, name) >= *amount)) {
        return None;
    }
    let richest = |name: &str| {
        types.iter().reduce(|best, it| if has(it, name) > has(best, name) { it } else { best })
    };
    for (name, amount) in &wanted {
        let Some(most) = richest(name).filter(|it| has(it, name) < *amount) else { continue };
        let asked = ["asks for ", &spelled(name, *amount), " on one node"].concat();
        let most_amount = has(most, name);
        if most_amount <= 0.0 {
            let message = [&asked, ", and no group has any ", name].concat();
            return Some(RULE.at(span, message));
        }
        let message = [&asked, ", and no group has more than ", &spelled(name, most_amount)];
        let label = ["one node has ", &spelled(name, most_amount), " here"].concat();
        let finding = RULE.at(span, message.concat());
        return Some(finding.also(place_of(cluster, most), label));
    }
    let all: Vec<String> = wanted.iter().map(|(name, amount)| spelled(name, *amount)).collect();
    let message =
        ["asks for ", &all.join(" and "), " on one node, and no group has all of it"].concat();
    Some(RULE.at(span, message))
}

/// Where the group of a node type is named.
fn place_of(cluster: &RayCluster, node_type: &NodeType) -> Span {
    let groups = cluster.worker_groups.iter();
    let own =
        groups.rev().find(|it| it.name.as_ref().is_some_and(|it| it.value == *node_type.name));
    place(own.unwrap_or(&cluster.head))
}

/// `8 GPU`, `16 GiB memory`.
fn spelled(name: &str, amount: f64) -> String {
    const GIB: f64 = (1_u64 << 30) as f64;
    if name == "memory" {
        // Two decimals tell which is less.
        return format!("{} GiB memory", (amount / GIB * 100.0).round() / 100.0);
    }
    format!("{amount} {name}")
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn cluster(label: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: ray}}
spec:
  enableInTreeAutoscaling: true
  headGroupSpec:
    rayStartParams: {{num-cpus: \"0\"}}
    template: {{spec: {{containers: [{{name: head}}]}}}}
  workerGroupSpecs:
  - groupName: cpus
    maxReplicas: 3
    template: {{spec: {{containers: [{{name: w, resources: {{limits: {{cpu: 16}}}}}}]}}}}
  - groupName: gpus
{label}    maxReplicas: 2
    template: {{spec: {{containers: [{{name: w, resources: {{limits: {{cpu: 4, nvidia.com/gpu: 4}}}}}}]}}}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  ray:
  - cluster: ray
"
        )
    }

    fn work(label: &str, mark: &str, kind: &str) -> String {
        [&cluster(label), mark, "    work: [{at: 0s, ", kind, "}]\n"].concat()
    }

    #[test]
    fn what_fits_no_node_is_named() {
        let label = "               ~~~~ one node has 4 GPU here\n";
        let mark = |text: &str| ["             ^^^ ", text, "\n"].concat();
        let pack = "placementGroups: {strategy: STRICT_PACK, bundles: [{GPU: 4}, {GPU: 4}]}";
        let short = mark("asks for 8 GPU on one node, and no group has more than 4 GPU");
        check(&RULE, &work(label, &short, pack));
        check(&RULE, &work("", "", &pack.replace("STRICT_PACK", "PACK")));
        let both = mark("asks for 8 CPU and 1 GPU on one node, and no group has all of it");
        let tasks = "tasks: {count: 1, resources: {CPU: 8, GPU: 1}, duration: 1m}";
        check(&RULE, &work("", &both, tasks));
        check(&RULE, &work("", "", &tasks.replace("CPU: 8", "CPU: 4")));
        let none = mark("asks for 1 X on one node, and no group has any X");
        check(&RULE, &work("", &none, "requestResources: {bundles: [{X: 1}]}"));
    }

    #[test]
    fn a_node_that_runs_may_have_more_than_the_autoscaler_sees() {
        let mig = |field: &str, mark: &str| {
            let tasks = "tasks: {count: 1, resources: {GPU: 2}, duration: 1m}";
            let slices = ["nvidia.com/mig-1g.5gb: 2}}}]}}\n    ", field];
            work("", mark, tasks).replace("nvidia.com/gpu: 4}}}]}}", &slices.concat())
        };
        let none = "             ^^^ asks for 2 GPU on one node, and no group has any GPU\n";
        check(&RULE, &mig("minReplicas: 0", none));
        check(&RULE, &mig("minReplicas: 1", ""));
    }

    #[test]
    fn a_strict_spread_needs_a_node_for_each_bundle() {
        // Three and two nodes, and the head.
        let spread = |bundles: usize| {
            let bundles = vec!["{CPU: 1}"; bundles].join(", ");
            ["placementGroups: {strategy: STRICT_SPREAD, bundles: [", &bundles, "]}"].concat()
        };
        let mark = "             ^^^ a STRICT_SPREAD group asks for 7 nodes, and the cluster can have \
                    6\n";
        check(&RULE, &work("", mark, &spread(7)));
        check(&RULE, &work("", "", &spread(6)));
    }

    #[test]
    fn a_replica_of_serve_is_one_actor() {
        let service = |gpus: &str, mark: &str, label: &str| {
            format!(
                "\
apiVersion: ray.io/v1
kind: RayService
metadata: {{name: llm}}
spec:
  serveConfigV2: |
    applications:
    - deployments:
      - name: model
        ray_actor_options: {{num_gpus: {gpus}}}
{mark}  rayClusterConfig:
    enableInTreeAutoscaling: true
    headGroupSpec:
      template: {{spec: {{containers: [{{name: h, resources: {{limits: {{cpu: 1}}}}}}]}}}}
    workerGroupSpecs:
    - groupName: gpus
{label}      template:
        spec: {{containers: [{{name: w, resources: {{limits: {{cpu: 4, nvidia.com/gpu: 1}}}}}}]}}
"
            )
        };
        let mark = "                                      ^ asks for 2 GPU on one node, and no group has \
                    more than 1 GPU\n";
        let label = "                 ~~~~ one node has 1 GPU here\n";
        check(&RULE, &service("2", mark, label));
        check(&RULE, &service("0.5", "", ""));
    }
}
