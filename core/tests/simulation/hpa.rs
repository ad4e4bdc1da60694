//! Requests, pods, metrics-server and the HPA together.

use tidetable_core::hpa::{Cause, ConditionType};
use tidetable_core::time::Instant;

use crate::{INSTANT_CALLS, Run, check, run};

/// A pod of 1 CPU that may use 2; a request takes 10 ms of CPU, so 100 rps use a core.
pub(crate) const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        resources: {requests: {cpu: 1}, limits: {cpu: 2}}
        readinessProbe: {periodSeconds: 10}
";

pub(crate) fn hpa(name: &str, kind: &str, target: &str, min: i32, max: i32) -> String {
    let api = if kind == "RayCluster" { "ray.io/v1" } else { "apps/v1" };
    format!(
        "---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: {name}}}
spec:
  scaleTargetRef: {{apiVersion: {api}, kind: {kind}, name: {target}}}
  minReplicas: {min}
  maxReplicas: {max}
  metrics:
  - type: Resource
    resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 50}}}}
"
    )
}

/// Samples are 8 s old and span 15 s, reads and looks come every 15 s and take no time. A pod's
/// container runs 2 s after its creation, and would answer its probe 5 s later.
fn scenario(load: &str) -> String {
    format!(
        "---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 12m
  load:
  - target: {{kind: Deployment, name: web}}
    points: [{load}]
    interpolate: step
  assumptions:
    request: {{cpu: 10ms}}
    {INSTANT_CALLS}
    idle: {{cpu: 0}}
    podStart: {{schedule: 0s, imagePull: 0s, container: 2s, readiness: 5s}}
    podStop: {{grace: 2s}}
"
    )
}

pub(crate) const RISE_AND_FALL: &str =
    "{at: 0s, rps: 40}, {at: 60s, rps: 160}, {at: 300s, rps: 40}";

/// | at | seen | what follows |
/// |---|---|---|
/// | 75 s | 52 to 67 s: (8 s × 400m + 7 s × 1600m) / 15 s = 960m, 96 % | ceil(1 × 1.92) = 2 |
/// | 85 s | the second pod, made at 75 s, could answer at 82 s; probes come at 75 + 10 n | ready |
/// | 90 s | 160 %; the new pod has no sample and counts as idle: 80 % of 2 pods | ceil(2 × 1.6) = 4 |
/// | 100 s | the third and fourth: 90 + 10 | ready |
/// | 105 s | 96 % of one pod is too much, 960m of four too little | stays |
/// | 120 s | 48 % of two pods, 40 % from then on: ceil(4 × 0.8) = 4 | stays |
/// | 315 s | 292 to 307 s: (8 s × 400m + 7 s × 100m) / 15 s = 260m: ceil(4 × 0.52) = 3 | held: 300 s |
/// | 330 s | 10 %: ceil(4 × 0.2) = 1 | held |
/// | 600 s | the 4 of 300 s is 300 s old and still counts | held |
/// | 615 s | the 3 of 315 s is the highest | 3 |
/// | 630 s | nothing but 1 since 330 s | 1 |
#[test]
fn a_step_of_load_goes_through_metrics_hpa_and_pod_start() {
    check(
        &[WEB, &hpa("web", "Deployment", "web", 1, 10), &scenario(RISE_AND_FALL)].concat(),
        "
          at | desired ready served
          0s |       1     1     40
         60s |       1     1    160
         75s |       2     1    160
         85s |       2     2    160
         90s |       4     2    160
        100s |       4     4    160
        300s |       4     4     40
        615s |       3     3     40
        630s |       1     1     40
        ",
    );
}

#[test]
fn max_replicas_holds_and_what_finds_no_room_is_lost() {
    // 500 rps on 2 pods that can do 200 each: 100 rps are lost.
    let load = "{at: 0s, rps: 40}, {at: 60s, rps: 500}";
    let run = check(
        &[WEB, &hpa("web", "Deployment", "web", 1, 2), &scenario(load)].concat(),
        "
         at | desired ready served
         0s |       1     1     40
        60s |       1     1    200
        75s |       2     1    200
        85s |       2     2    400
        ",
    );
    // 25 s × 300 rps + 635 s × 100 rps
    assert_eq!(run.timeline.workloads[0].unserved_nano, 71_000 * 1_000_000_000);
    assert_eq!(last(&run, 0, ConditionType::ScalingLimited), (true, "TooManyReplicas"));
}

#[test]
fn an_hpa_whose_limits_are_crossed_runs_at_its_minimum() {
    // The API server refuses it; the larger of the two is taken for both.
    check(
        &[WEB, &hpa("web", "Deployment", "web", 3, 2), &scenario("{at: 0s, rps: 40}")].concat(),
        "
         at | desired
         0s |       3
        ",
    );
}

/// With instant calls and `more` of the Scenario's own.
pub(crate) fn scenario_with(load: &str, more: &str) -> String {
    scenario(load).replace("  assumptions:\n", &format!("{more}  assumptions:\n"))
}

#[test]
fn before_1_37_a_new_hpa_waits_for_one_period() {
    let text = scenario("{at: 0s, rps: 40}");
    for (minor, at) in [(36, 15), (37, 0)] {
        let version = format!("  assumptions:\n    versions: {{kubernetes: \"1.{minor}\"}}\n");
        let text = text.replace("  assumptions:\n", &version);
        let run = run(&[WEB, &hpa("web", "Deployment", "web", 3, 5), &text].concat());
        assert_eq!(run.timeline.hpas[0].looks[0].at, Instant::from_seconds(at), "1.{minor}");
    }
}

#[test]
fn an_edit_is_looked_at_at_once_where_generations_are_told() {
    // 500 rps are 200 % of each pod: at 0 s ceil(1 × 4) = 4, but 2 at most. From 100 s on 5 are
    // allowed: twice 2, then with the new pods as idle ceil(4 × 100 / 50) = 8.
    let edit = "  edits: [{at: 100s, hpa: web, maxReplicas: 5}]\n";
    let text = scenario_with("{at: 0s, rps: 500}", edit);
    let web = [WEB, &hpa("web", "Deployment", "web", 1, 2)].concat();
    check(
        &(web.clone() + &text),
        "
              at | desired
              0s |       2
        100.005s |       4
            105s |       5
        ",
    );
    let off = "  assumptions:\n    featureGates: {HPAGeneration: false}\n";
    check(
        &(web + &text.replace("  assumptions:\n", off)),
        "
          at | desired
          0s |       2
        105s |       4
        120s |       5
        ",
    );
}

#[test]
fn another_controller_knows_nothing_of_before() {
    // As above, but the 4 that it finds at 400 s is all that it remembers; at 700 s that is 300 s
    // old and still counts, at 715 s it is gone.
    let text = scenario_with(RISE_AND_FALL, "  controllerRestarts: [400s]\n");
    check(
        &[WEB, &hpa("web", "Deployment", "web", 1, 10), &text].concat(),
        "
          at | desired ready served
          0s |       1     1     40
         60s |       1     1    160
         75s |       2     1    160
         85s |       2     2    160
         90s |       4     2    160
        100s |       4     4    160
        300s |       4     4     40
        715s |       1     1     40
        ",
    );
}

#[test]
fn an_edit_of_nothing_is_told() {
    let edit = "  edits: [{at: 5m, hpa: wbe, minReplicas: 2}]\n";
    let text = scenario_with("{at: 0s, rps: 40}", edit);
    let run = run(&[WEB, &hpa("web", "Deployment", "web", 1, 2), &text].concat());
    let found: Vec<_> = run.assembly.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(found, ["no HPA is called wbe: nothing is edited"]);
}

#[test]
fn a_ray_cluster_has_no_scale() {
    let hpa = hpa("ray", "RayCluster", "batch", 1, 5);
    let run = run(&[&hpa, "---\n", WEB, &scenario("{at: 0s, rps: 40}")].concat());
    let looks = &run.timeline.hpas[0].looks;
    assert_eq!(looks.len(), 12 * 4);
    assert!(looks.iter().all(|it| !it.decision.rescale));
    assert_eq!(last(&run, 0, ConditionType::AbleToScale), (false, "FailedGetScale"));
    assert_eq!(run.table(&["desired"]), "at | desired\n0s | 1");
}

#[test]
fn two_hpas_on_one_deployment_stop_each_other() {
    // At 0 s both see fewer than their minimum, and read no selector: 2, then 4. At 15 s the first
    // registers alone: 40 % and three pods without a sample, taken as on target: (400m + 3 × 500m)
    // / 4 = 47 %, within the tolerance. From the second's turn on there are two.
    let hpas = hpa("one", "Deployment", "web", 2, 10) + &hpa("two", "Deployment", "web", 4, 10);
    let run = run(&[WEB, &hpas, &scenario(RISE_AND_FALL)].concat());
    assert_eq!(run.table(&["desired"]), "at | desired\n0s | 4");
    let reasons = |hpa: usize, look: usize| {
        let status = &run.timeline.hpas[hpa].looks[look].status;
        status.condition(ConditionType::ScalingActive).map(|it| it.reason)
    };
    assert_eq!([reasons(0, 0), reasons(1, 0)], [None, None]);
    assert_eq!(
        [reasons(0, 1), reasons(1, 1)],
        [Some("ValidMetricFound"), Some("AmbiguousSelector")]
    );
    assert_eq!([reasons(0, 2), reasons(1, 2)], [Some("AmbiguousSelector"); 2]);
    assert_eq!([0, 1].map(|it| last(&run, it, ConditionType::ScalingActive).0), [false; 2]);
}

#[test]
fn the_same_name_in_another_namespace_is_another_workload() {
    let other = WEB.replace("{name: web}\nspec", "{name: web, namespace: other}\nspec");
    let hpas = hpa("web", "Deployment", "web", 1, 10)
        + &hpa("web", "Deployment", "web", 2, 10)
            .replace("{name: web}\nspec", "{name: web, namespace: other}\nspec");
    let scenario = scenario("{at: 0s, rps: 160}")
        .replace("kind: Deployment, name: web", "kind: Deployment, name: web, namespace: default");
    let run = run(&[WEB, "---\n", &other, &hpas, &scenario].concat());
    let most = |it: usize| run.timeline.workloads[it].desired.max();
    assert_eq!(run.assembly.model.workloads.len(), 2);
    // 160 % of 50 % is ceil(1 × 3.2) = 4 pods; the other has no load, and its minimum of 2.
    assert_eq!([most(0), most(1)], [4.0, 2.0]);
}

#[test]
fn a_list_and_json_and_v1_are_the_same_as_documents() {
    let plain =
        run(&[WEB, &hpa("web", "Deployment", "web", 1, 10), &scenario(RISE_AND_FALL)].concat());
    let json = r#"{"apiVersion": "v1", "kind": "List", "items": [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{
                "name": "web", "readinessProbe": {"periodSeconds": 10},
                "resources": {"requests": {"cpu": 1}, "limits": {"cpu": "2"}}}]}}}},
        {"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler",
         "metadata": {"name": "web"}, "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
            "minReplicas": 1, "maxReplicas": 10, "targetCPUUtilizationPercentage": 50}}]}
"#;
    let listed = run(&[json, &scenario(RISE_AND_FALL)].concat());
    let names = ["desired", "ready", "served"];
    assert_eq!(listed.table(&names), plain.table(&names));
}

/// Status and reason of a condition at the last look of an HPA.
#[track_caller]
pub(crate) fn last(run: &Run, hpa: usize, kind: ConditionType) -> (bool, &'static str) {
    let look = run.timeline.hpas[hpa].looks.last().expect("it looks");
    let found = look.status.condition(kind).expect("the condition is set");
    (found.status, found.reason)
}

#[test]
fn a_metric_that_no_adapter_serves_fails_at_every_look() {
    let pods = "  - type: Pods
    pods: {metric: {name: rps}, target: {type: AverageValue, averageValue: 10}}
";
    let metrics = hpa("web", "Deployment", "web", 1, 10);
    let metrics = metrics.split("  - type: Resource").next().unwrap_or_default();
    let run = run(&[WEB, metrics, pods, &scenario(RISE_AND_FALL)].concat());
    let failed = |it: &Cause| matches!(it, Cause::MetricsFailed { .. });
    let looks = &run.timeline.hpas[0].looks;
    assert!(looks.iter().all(|it| it.trace.causes.iter().any(failed) && !it.decision.rescale));
    assert_eq!(last(&run, 0, ConditionType::ScalingActive), (false, "FailedGetPodsMetric"));
}
