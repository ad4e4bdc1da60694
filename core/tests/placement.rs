//! Who is where at an instant, against arithmetic written out.

use tidetable_core::report::{Message, PlacedCluster, Placement, PodStage};
use tidetable_core::{Language, examples, predict};

fn example(id: &str) -> &'static str {
    examples::EXAMPLES.iter().find(|it| it.id == id).expect("an example").text()
}

fn at(text: &str, seconds: f64) -> Placement {
    predict(text, Language::En).placement(seconds * 1000.0)
}

fn lines(messages: &[Message]) -> Vec<String> {
    messages.iter().map(ToString::to_string).collect()
}

fn workers(cluster: &PlacedCluster) -> Vec<Vec<String>> {
    let workers = cluster.nodes.iter().filter(|it| it.group == "workers");
    workers.map(|it| lines(&it.holds)).collect()
}

/// The cluster `batch`: one worker of 4 CPUs at the start; sixty tasks of 1 CPU come at 60 s.
#[test]
fn tasks_sit_on_the_node_that_has_room_and_the_others_wait() {
    let text = example("ray-burst");
    let before = at(text, 30.0);
    let cluster = &before.clusters[0];
    assert_eq!(cluster.nodes.len(), 2, "head and one worker");
    assert_eq!(lines(&cluster.nodes[0].idle), ["Nothing is on it. The head is never stopped."]);
    assert_eq!(lines(&cluster.nodes[1].idle), ["Idle for 30s; it may be for 60 s."]);
    assert_eq!(workers(cluster), [Vec::<String>::new()]);

    let after = at(text, 60.0);
    let cluster = &after.clusters[0];
    assert_eq!(workers(cluster), [["4 tasks {CPU: 1}"]]);
    assert_eq!(lines(&cluster.waiting), ["56 tasks {CPU: 1}"], "60 - 4");
    let cpu = &cluster.nodes[1].resources[0];
    assert_eq!((&*cpu.name, cpu.share, cpu.text.to_string()), ("CPU", 1.0, "4 of 4".into()));
    assert_eq!(cluster.nodes[1].idle, []);
}

#[test]
fn an_idle_node_that_min_replicas_keeps_says_so() {
    // The first look after it has idled for more than 60 s would stop it.
    let text = example("ray-burst").replace("at: 1m", "at: 10m");
    let placement = at(&text, 90.0);
    let idle = lines(&placement.clusters[0].nodes[1].idle);
    assert_eq!(
        idle,
        ["Idle for 1m 30s; it may be for 60 s.", "1 idle node stays: minReplicas of the group."]
    );
}

/// A request, and for each kind of node whether it fits and what is said.
type Row = (String, Vec<(bool, Vec<String>)>);

#[test]
fn every_request_meets_every_kind_of_node() {
    let text = example("ray-burst")
        .replace("count: 20, resources: {CPU: 1}", "count: 20, resources: {CPU: 5, GPU: 1}");
    let placement = at(&text, 0.0);
    let matrix = &placement.clusters[0].feasibility;
    let groups: Vec<_> = matrix.groups.iter().map(|it| (&*it.name, &*it.resources)).collect();
    assert_eq!(
        groups,
        [("headgroup", "{CPU: 0, memory: 4Gi}"), ("workers", "{CPU: 4, memory: 8Gi}")]
    );
    let cells: Vec<Row> = matrix
        .rows
        .iter()
        .map(|row| {
            let cells = row.cells.iter().map(|it| (it.fits, lines(&it.lines)));
            (row.request.to_string(), cells.collect())
        })
        .collect();
    let short = |lines: &[&str]| (false, lines.iter().map(|it| (*it).to_owned()).collect());
    let expected: Vec<Row> = vec![
        (
            "task {CPU: 1}".into(),
            vec![short(&["CPU: needs 1, has 0"]), (true, vec!["4 on an empty node".into()])],
        ),
        (
            "task {CPU: 5, GPU: 1}".into(),
            vec![
                short(&["CPU: needs 5, has 0", "GPU: needs 1, has 0"]),
                short(&["CPU: needs 5, has 4", "GPU: needs 1, has 0"]),
            ],
        ),
    ];
    assert_eq!(cells, expected);
}

/// The autoscaler looks every 5 s; at 60 s it sees what was reported before and asks for ten nodes
/// at most each time.
#[test]
fn the_book_of_instances_is_shown_as_ray_spells_it() {
    let text = example("ray-burst");
    let statuses = |seconds: f64| {
        let placement = at(text, seconds);
        let mut statuses: Vec<String> =
            placement.clusters[0].instances.iter().map(|it| it.status.clone()).collect();
        statuses.sort();
        statuses.dedup();
        statuses
    };
    assert_eq!(statuses(30.0), ["RAY_RUNNING"]);
    let growing = at(text, 66.0);
    let asked: Vec<_> = growing.clusters[0]
        .instances
        .iter()
        .filter(|it| it.status == "REQUESTED" || it.status == "ALLOCATED")
        .collect();
    assert_eq!(asked.len(), 10, "at most ten are on their way");
    assert!(asked.iter().all(|it| it.group == "workers" && it.since_ms >= 60_000.0));
}

#[test]
fn every_pod_is_on_one_node_or_waits_for_one() {
    for example in examples::EXAMPLES {
        let prediction = predict(example.text(), Language::En);
        for share in [0.0, 0.1, 0.35, 0.6, 1.0] {
            let at_ms = (prediction.report.duration_ms * share).floor();
            let placement = prediction.placement(at_ms);
            assert_eq!(placement.at_ms, at_ms);
            let on_nodes = placement.nodes.iter().flat_map(|it| &it.pods);
            let mut names: Vec<&str> =
                on_nodes.clone().chain(&placement.waiting).map(|it| &*it.name).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{} at {at_ms}", example.id);
            assert!(on_nodes.clone().all(|it| it.stage != PodStage::Waiting));
            assert!(placement.waiting.iter().all(|it| it.stage == PodStage::Waiting));
            for node in placement.clusters.iter().flat_map(|it| &it.nodes) {
                assert!(names.binary_search(&&*node.pod).is_ok(), "{} has a pod", node.pod);
                assert!(node.resources.iter().all(|it| (0.0..=1.0).contains(&it.share)));
            }
        }
    }
}

#[test]
fn instants_beyond_the_run_are_its_ends() {
    let prediction = predict(example("ray-burst"), Language::En);
    assert_eq!(prediction.placement(-5.0), prediction.placement(0.0));
    assert_eq!(prediction.placement(f64::INFINITY).at_ms, prediction.report.duration_ms);
    assert_eq!(prediction.placement(f64::NAN).at_ms, 0.0);
}

/// Two replicas, one on the head and one on the worker, and nothing to do for them. The worker's is
/// wanted no more after 30 s and told to stop a turn later, at 30.1 s; its proxy is gone 31 s after
/// that, at 61.1 s. The last one, on the head, is wanted no more 30 s later.
#[test]
fn a_proxy_that_drains_keeps_its_worker_and_is_not_told_of_the_head() {
    let text = "\
apiVersion: ray.io/v1
kind: RayService
metadata: {name: chat}
spec:
  serveConfigV2: |
    applications:
    - name: chat
      import_path: chat:app
      deployments:
      - name: Model
        max_replicas_per_node: 1
        autoscaling_config: {min_replicas: 0, max_replicas: 4, initial_replicas: 2, \
downscale_delay_s: 30}
  rayClusterConfig:
    enableInTreeAutoscaling: true
    headGroupSpec:
      rayStartParams: {num-cpus: '1'}
      template: {spec: {containers: [{name: h, resources: {limits: {cpu: 1, memory: 1Gi}}}]}}
    workerGroupSpecs:
    - groupName: workers
      replicas: 1
      minReplicas: 1
      maxReplicas: 10
      rayStartParams: {}
      template: {spec: {containers: [{name: w, resources: {limits: {cpu: 1, memory: 1Gi}}}]}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 5m
  load: []
";
    let idle = |seconds| {
        let cluster = &at(text, seconds).clusters[0];
        cluster.nodes.iter().map(|it| (it.holds.len(), lines(&it.idle))).collect::<Vec<_>>()
    };
    assert_eq!(idle(20.0), [(1, vec![]), (1, vec![])]);
    let drains = "Serve's proxy drains on it until 1m 01s; then it can idle.".to_owned();
    assert_eq!(idle(40.0), [(1, vec![]), (0, vec![drains])]);
    let head = "Nothing is on it. The head is never stopped.".to_owned();
    let worker = "Idle for 8.9s; it may be for 60 s.".to_owned();
    assert_eq!(idle(70.0), [(0, vec![head]), (0, vec![worker])], "70 - 61.1");
}
