//! Where pods with a nodeSelector run, and what is said of those that can't: numbers by arithmetic.

use super::assemble;
use crate::nodes::Unschedulable;
use crate::sim::{Note, Timeline, run};
use crate::{manifest, scenario};

/// The run, and the messages of TT515.
fn simulated(text: &str) -> (Timeline, Vec<String>) {
    let documents = manifest::read(text);
    let scenarios = documents.documents.iter().filter_map(|it| match &it.body {
        manifest::Body::Scenario(node) => Some(node),
        _ => None,
    });
    let read = scenario::read(scenarios);
    let found = [documents.diagnostics.as_slice(), read.diagnostics.as_slice()].concat();
    assert!(found.iter().all(|it| it.code == "TT407"), "{found:?}");
    let assembly = assemble(&documents, &read.scenario.unwrap());
    let found = assembly.diagnostics.into_iter().filter(|it| it.code == "TT515");
    (run(&assembly.model), found.map(|it| it.message).collect())
}

/// Deployments of so many pods, with 1 CPU each and this nodeSelector.
fn deployments(list: &[(&str, u32, &str)]) -> String {
    let text = |(name, replicas, selector): &(&str, u32, &str)| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  replicas: \
             {replicas}\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: \
             {{labels: {{app: {name}}}}}\n    spec:\n      nodeSelector: {selector}\n      \
             containers: [{{name: app, resources: {{requests: {{cpu: 1}}}}}}]\n---\n"
        )
    };
    list.iter().map(text).collect()
}

fn scenario(nodes: &str) -> String {
    format!("apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec: {{load: []{nodes}}}\n")
}

/// Two nodes in zone a and one in zone b, with 4 CPUs each.
const ZONES: &str = ", nodes: {pool: [{name: a, count: 2, cpu: 4, memory: 8Gi, labels: {zone: a}}, \
                     {name: b, count: 1, cpu: 4, memory: 8Gi, labels: {zone: b}}]}";

/// Pods that wait and nodes that have pods, when the run begins.
fn waiting_and_used(timeline: &Timeline) -> (f64, f64) {
    let first = |it: &crate::series::Series| it.points().first().map_or(-1.0, |it| it.1);
    (first(&timeline.unschedulable), first(&timeline.nodes_used))
}

/// Why pods found no node: what is short, on how many nodes, and how many their selector does not
/// match.
fn reasons(timeline: &Timeline) -> Vec<(String, usize, usize)> {
    let reason = |note: &Note| match note {
        Note::Unschedulable { reason, .. } => {
            let Unschedulable { resource, nodes, unmatched } = reason.clone();
            Some((resource, nodes, unmatched))
        }
        _ => None,
    };
    timeline.notes.iter().filter_map(|(_, note)| reason(note)).collect()
}

#[test]
fn a_deployment_runs_where_its_selector_matches() {
    let of = |selector: &str| {
        let text = deployments(&[("web", 6, selector)]) + &scenario(ZONES);
        let (timeline, said) = simulated(&text);
        assert_eq!(said, Vec::<String>::new());
        (waiting_and_used(&timeline), reasons(&timeline))
    };
    let cpu = |nodes, unmatched| vec![("cpu".to_owned(), nodes, unmatched)];
    // 6 pods of 1 CPU go to all of 3 nodes with 4; b has room for 4 of them, a for all.
    assert_eq!(of("{}"), ((0.0, 3.0), vec![]));
    assert_eq!(of("{zone: a}"), ((0.0, 2.0), vec![]));
    assert_eq!(of("{zone: b}"), ((2.0, 1.0), cpu(1, 2)));
    assert_eq!(of("{zone: c}"), ((6.0, 0.0), vec![(String::new(), 0, 3)]));
}

#[test]
fn a_pod_that_no_zone_takes_holds_up_nobody_else() {
    // b's 4 CPUs for x, one node of a for w: z, which no zone takes, is created before w.
    let list = [("x", 4, "{zone: b}"), ("z", 1, "{zone: c}"), ("w", 1, "{zone: a}")];
    let (timeline, _) = simulated(&(deployments(&list) + &scenario(ZONES)));
    assert_eq!(waiting_and_used(&timeline), (1.0, 2.0));
}

#[test]
fn a_key_that_no_pool_states_matches_and_is_said_once() {
    let list = [("x", 1, "{arch: arm64}"), ("w", 1, "{arch: amd64, zone: b}")];
    let text = deployments(&list);
    let (timeline, said) = simulated(&(text.clone() + &scenario(ZONES)));
    assert_eq!(waiting_and_used(&timeline), (0.0, 2.0), "x on the first of a, w on b");
    let expected = "no pool of the Scenario says which nodes have the label arch: all are taken to \
                    match";
    assert_eq!(said, [expected]);
    let (timeline, said) = simulated(&(text + &scenario("")));
    assert_eq!((waiting_and_used(&timeline).0, said), (0.0, vec![]), "assumed nodes match");
}

#[test]
fn a_gpu_group_of_ray_takes_the_gpus_of_its_selector_alone() {
    let cluster = |selector: &str| {
        format!(
            "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {{name: ml}}\nspec:\n  \
             headGroupSpec:\n    rayStartParams: {{}}\n    template: {{spec: {{nodeSelector: {{gpu: \
             none}}, containers: [{{name: h, resources: {{limits: {{cpu: 2, memory: 4Gi}}}}}}]}}}}\n  \
             workerGroupSpecs:\n  - groupName: w\n    replicas: 3\n    minReplicas: 3\n    \
             maxReplicas: 3\n    rayStartParams: {{}}\n    template: {{spec: {{nodeSelector: \
             {selector}, containers: [{{name: w, resources: {{limits: {{cpu: 2, memory: 4Gi, \
             nvidia.com/gpu: 1}}}}}}]}}}}\n---\n"
        )
    };
    // 2 GPUs of one kind on a node, 8 of the other; the head's node has none.
    let pools = scenario(
        ", nodes: {pool: [{name: l4, count: 1, cpu: 16, memory: 64Gi, resources: {nvidia.com/gpu: \
         2}, labels: {gpu: l4}}, {name: h100, count: 1, cpu: 16, memory: 64Gi, resources: \
         {nvidia.com/gpu: 8}, labels: {gpu: h100}}, {name: cpu, count: 1, cpu: 16, memory: 64Gi, \
         labels: {gpu: none}}]}",
    );
    let of = |selector: &str| {
        let (timeline, _) = simulated(&(cluster(selector) + &pools));
        (waiting_and_used(&timeline), reasons(&timeline))
    };
    assert_eq!(of("{gpu: h100}"), ((0.0, 2.0), vec![]));
    let gpu = vec![("nvidia.com/gpu".to_owned(), 1, 2)];
    assert_eq!(of("{gpu: l4}"), ((1.0, 2.0), gpu.clone()), "3 workers, 2 GPUs");
    assert_eq!(of("{gpu: none}"), ((3.0, 1.0), gpu), "1 node without GPUs, 2 of another label");
    let key = "cloud.google.com/gke-accelerator";
    assert_eq!(of(&format!("{{{key}: l4}}")).0, (0.0, 3.0), "no pool states that key");
}

#[test]
fn a_submitter_of_a_ray_job_has_a_selector_of_its_own() {
    let job = |zone: &str| {
        format!(
            "apiVersion: ray.io/v1\nkind: RayJob\nmetadata: {{name: a}}\nspec:\n  entrypoint: python \
             a.py\n  submitterPodTemplate: {{spec: {{restartPolicy: Never, nodeSelector: {{zone: \
             {zone}}}, containers: [{{name: s, resources: {{requests: {{cpu: 1}}}}}}]}}}}\n  \
             rayClusterSpec:\n    headGroupSpec:\n      rayStartParams: {{}}\n      template: {{spec: \
             {{nodeSelector: {{zone: b}}, containers: [{{name: h, resources: {{limits: {{cpu: 2, \
             memory: 4Gi}}}}}}]}}}}\n---\n"
        )
    };
    let of = |zone: &str| waiting_and_used(&simulated(&(job(zone) + &scenario(ZONES))).0);
    // 2 + 1 of b's 4 CPUs; on another node; nowhere.
    assert_eq!([of("b"), of("a"), of("c")], [(0.0, 1.0), (0.0, 2.0), (1.0, 1.0)]);
}
