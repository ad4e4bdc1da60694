//! What v1 does where v2 does something else, rule by rule.
//!
//! Expected values are what Ray 2.60.0 did when it was run on these inputs.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tidetable_core::ray::v1::provider::{ScaleRequest, safe_to_scale};
use tidetable_core::ray::{GroupSeen, Name, NodeKind, Patch, PodId, PodSeen, Trace};
use tidetable_core::{Language, predict};
use tidetable_tests::ray_v1_scheduler::answer;

/// A head without CPUs and one type `w` of 4 CPUs.
fn case(max: i64, speed: f64) -> Value {
    json!({
        "types": [
            {"name": "headgroup", "min": 0, "max": 0, "res": [["CPU", 0.0]]},
            {"name": "w", "min": 0, "max": max, "res": [["CPU", 4.0]]},
        ],
        "max": max,
        "speed": speed,
        "nodes": [{"type": "headgroup", "kind": "head", "load": null}],
        "demands": [],
        "groups": [],
        "requests": [],
    })
}

fn with(mut case: Value, key: &str, value: Value) -> Value {
    case[key] = value;
    case
}

/// As `case`, with so many workers that run, full, and so many that don't yet.
fn workers(mut case: Value, running: usize, pending: usize) -> Value {
    let load = json!({"total": [["CPU", 4.0]], "available": [["CPU", 0.0]]});
    let nodes = case["nodes"].as_array_mut().unwrap();
    let worker = |load: &Value| json!({"type": "w", "kind": "worker", "load": load});
    nodes.extend((0..running).map(|_| worker(&load)));
    nodes.extend((0..pending).map(|_| worker(&Value::Null)));
    case
}

fn bundles(count: u32, cpus: f64) -> Value {
    json!([{"res": [["CPU", cpus]], "count": count}])
}

fn group(strategy: &str, count: usize) -> Value {
    let bundle = json!({"res": [["CPU", 4.0]], "placed": false});
    json!([{"strategy": strategy, "bundles": vec![bundle; count]}])
}

/// What is launched, and how many bundles are left.
#[track_caller]
fn check(case: &Value, launch: &[(&str, i64)], left: usize) {
    let answer = answer(case, &mut Trace::default());
    assert_eq!(answer["launch"], json!(launch), "{case}");
    assert_eq!(answer["unfulfilled"].as_array().map(Vec::len), Some(left), "{case}");
}

#[test]
fn conservative_has_five_on_the_way_or_as_many_as_run() {
    let forty = || with(case(100, 1.0), "demands", bundles(40, 4.0));
    check(&forty(), &[("w", 5)], 0);
    check(&workers(forty(), 8, 0), &[("w", 8)], 0);
    check(&workers(forty(), 0, 3), &[("w", 2)], 0);
    check(&workers(forty(), 0, 6), &[], 0);
}

#[test]
fn minimums_groups_and_request_resources_pass_the_limit() {
    let mut minimum = case(100, 1.0);
    minimum["types"][1]["min"] = 7.into();
    check(&minimum, &[("w", 7)], 0);
    check(&with(case(100, 1.0), "groups", group("PACK", 9)), &[("w", 9)], 0);
    check(&with(case(100, 1.0), "requests", bundles(9, 4.0)), &[("w", 9)], 0);
}

#[test]
fn what_does_not_fit_whole_is_launched_in_part() {
    let gpu = json!({"res": [["GPU", 1.0]], "count": 1});
    let one = json!({"res": [["CPU", 1.0]], "count": 8});
    check(&with(case(2, 1000.0), "requests", json!([one, gpu])), &[("w", 2)], 0);
    check(&with(case(2, 1000.0), "groups", group("PACK", 3)), &[("w", 2)], 1);
    check(&with(case(2, 1000.0), "groups", group("STRICT_SPREAD", 3)), &[], 0);
}

#[test]
fn of_equal_types_the_last_name_wins() {
    for names in [["a", "b"], ["b", "a"]] {
        let mut equal = with(case(10, 1000.0), "demands", bundles(4, 4.0));
        let node_type = |name| json!({"name": name, "min": 0, "max": 10, "res": [["CPU", 4.0]]});
        let head = equal["types"][0].clone();
        equal["types"] = json!([head, node_type(names[0]), node_type(names[1])]);
        check(&equal, &[("b", 4)], 0);
    }
}

#[test]
fn what_ray_reports_counts_more_than_the_raycluster() {
    let mut less = with(case(10, 1000.0), "demands", bundles(4, 1.0));
    let load = json!({"total": [["CPU", 2.0]], "available": [["CPU", 0.0]]});
    let nodes = less["nodes"].as_array_mut().unwrap();
    nodes.push(json!({"type": "w", "kind": "worker", "load": load}));
    check(&less, &[("w", 2)], 0);
}

#[test]
fn maximums_hold() {
    let mut contradiction = case(2, 1000.0);
    contradiction["types"][1]["min"] = 5.into();
    check(&contradiction, &[("w", 2)], 0);
    let whole = with(with(case(100, 1000.0), "demands", bundles(40, 4.0)), "max", 3.into());
    check(&whole, &[("w", 3)], 37);
    let mut small = case(10, 1000.0);
    small["types"][1]["res"] = json!([["X", 0.3]]);
    let demand = json!([{"res": [["X", 0.1]], "count": 3}]);
    check(&with(small, "demands", demand), &[], 3);
}

/// One group `w` with these numbers, and so many pods of it: 0, 1, 2 ...
struct Provider {
    group: GroupSeen,
    pods: Vec<PodSeen>,
    replicas: BTreeMap<PodId, Name>,
}

impl Provider {
    fn new(replicas: Option<i64>, min: i64, max: i64, hosts: i64, pods: u32) -> Self {
        let pod = |id| PodSeen {
            id: PodId(id),
            group: "w".into(),
            kind: NodeKind::Worker,
            deleting: false,
        };
        let group = GroupSeen {
            name: "w".into(),
            replicas,
            min_replicas: min,
            max_replicas: Some(max),
            num_of_hosts: hosts,
            workers_to_delete: Vec::new(),
        };
        Self { group, pods: (0..pods).map(pod).collect(), replicas: BTreeMap::new() }
    }

    fn patch(&self, act: impl FnOnce(&mut ScaleRequest<'_>)) -> Vec<Patch> {
        let mut request = ScaleRequest::new(&self.pods, &self.replicas);
        act(&mut request);
        let groups = std::slice::from_ref(&self.group);
        request.patch(groups, &mut Trace::default()).unwrap()
    }

    fn launch(&self, count: i64) -> Vec<Patch> {
        self.patch(|request| request.create(&"w".into(), count))
    }

    fn end_first(&self) -> Vec<Patch> {
        self.patch(|request| request.terminate(&self.pods[0]))
    }
}

fn replicas(replicas: i64) -> Patch {
    Patch::Replicas { group: 0, replicas }
}

fn delete(pods: &[u32]) -> Patch {
    Patch::WorkersToDelete { group: 0, pods: pods.iter().map(|id| PodId(*id)).collect() }
}

#[test]
fn launches_start_from_the_pods_that_are_there() {
    assert_eq!(Provider::new(Some(1), 0, 10, 1, 1).launch(2), [replicas(3)]);
    assert_eq!(Provider::new(Some(1), 0, 3, 1, 1).launch(4), [replicas(3)]);
    assert_eq!(Provider::new(Some(0), 2, 10, 1, 0).launch(1), [replicas(1)]);
    assert_eq!(Provider::new(Some(0), 0, 10, 1, 3).launch(1), [replicas(4)]);
    assert_eq!(Provider::new(None, 0, 10, 1, 0).launch(1), [], "1 is what is missing");
}

#[test]
fn pods_of_several_hosts_are_taken_for_replicas() {
    assert_eq!(Provider::new(Some(0), 0, 10, 2, 0).launch(1), [replicas(1)]);
    assert_eq!(Provider::new(Some(0), 0, 10, 2, 0).launch(3), [replicas(3)]);
    let mut labelled = Provider::new(Some(1), 0, 10, 2, 2);
    labelled.replicas = [0, 1].map(|id| (PodId(id), "w-0".into())).into();
    assert_eq!(labelled.end_first(), [delete(&[0, 1])]);
}

#[test]
fn ended_pods_are_taken_off_those_that_are_there() {
    assert_eq!(Provider::new(Some(2), 2, 10, 1, 2).end_first(), [replicas(1), delete(&[0])]);
    assert_eq!(Provider::new(Some(5), 0, 10, 1, 2).end_first(), [replicas(1), delete(&[0])]);
}

#[test]
fn nothing_is_done_while_a_pod_that_is_to_go_is_there() {
    let mut provider = Provider::new(Some(1), 0, 10, 1, 1);
    provider.group.workers_to_delete = vec![PodId(0)];
    let safe = |it: &Provider| safe_to_scale(std::slice::from_ref(&it.group), &it.pods);
    assert_eq!(safe(&provider), Err("w".into()));
    provider.pods[0].deleting = true;
    assert_eq!(safe(&provider), Ok(vec![delete(&[])]));
}

/// Three tasks of a minute that ask for a GPU, and one node whose MIG slice KubeRay tells Ray of as
/// a GPU. The manifest shows the autoscaler none. v1 takes the number from the node that runs, and
/// asks for two more; v2 plans from the manifest, and the tasks run one after the other.
///
/// Upstream: kuberay 1.7 ray-operator/controllers/ray/utils/resources.go `IsGPUResourceKey`; ray
/// 2.60.0 autoscaler/_private/resource_demand_scheduler.py `_update_node_resources_from_runtime`.
#[test]
fn v1_learns_of_a_slice_of_a_gpu_from_the_node_that_has_it() {
    for (version, most) in [("v1", 3.0), ("v2", 1.0)] {
        let text = format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: mig}}
spec:
  enableInTreeAutoscaling: true
  autoscalerOptions: {{version: {version}}}
  headGroupSpec:
    rayStartParams: {{num-cpus: \"0\"}}
    template: {{spec: {{containers: [{{name: h, resources: {{limits: {{cpu: 2, memory: 4Gi}}}}}}]}}}}
  workerGroupSpecs:
  - groupName: mig
    minReplicas: 1
    maxReplicas: 4
    template:
      spec:
        containers:
        - name: w
          resources: {{limits: {{cpu: 4, memory: 16Gi, nvidia.com/mig-1g.5gb: 1}}}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 8m
  ray:
  - cluster: mig
    work: [{{at: 2m, tasks: {{count: 3, resources: {{GPU: 1}}, duration: 1m}}}}]
  nodes: {{pool: [{{name: a, count: 6, cpu: 8, memory: 64Gi, resources: {{nvidia.com/mig-1g.5gb: 1}}}}]}}
"
        );
        let report = predict(&text, Language::En).report;
        let asked = report.autoscalers[0].looks.to.iter().copied().fold(0.0, f64::max);
        assert_eq!((asked, report.totals.unplaced_ray_work), (most, 0), "{version}");
    }
}
