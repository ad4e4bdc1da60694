//! What a pod requests: the scheduler counts it, and the HPA divides by it.

use tidetable_core::hpa::ResourceName;

use super::{INSTANT_CALLS, run};

/// (release, `spec` of the pods, CPU that the scheduler counts in milli-cores, CPU that the pod
/// requests as a whole)
const CASES: &[(&str, &str, i64, Option<i64>)] = &[
    (
        "1.37",
        "containers: [{name: a, resources: {requests: {cpu: 100m}}}, \
              {name: b, resources: {limits: {cpu: 200m}}}]",
        300,
        None,
    ),
    // An init container runs alone, but for the sidecars before it: max(200, 500).
    (
        "1.37",
        "containers: [{name: a, resources: {requests: {cpu: 200m}}}], \
              initContainers: [{name: i, resources: {requests: {cpu: 500m}}}]",
        500,
        None,
    ),
    // max(200 + 100, 100 + 300)
    (
        "1.37",
        "containers: [{name: a, resources: {requests: {cpu: 200m}}}], \
              initContainers: [{name: s, restartPolicy: Always, resources: {requests: {cpu: 100m}}}, \
              {name: i, resources: {requests: {cpu: 300m}}}]",
        400,
        None,
    ),
    // max(200 + 100, 300): the sidecar starts after the init container.
    (
        "1.37",
        "containers: [{name: a, resources: {requests: {cpu: 200m}}}], \
              initContainers: [{name: i, resources: {requests: {cpu: 300m}}}, \
              {name: s, restartPolicy: Always, resources: {requests: {cpu: 100m}}}]",
        300,
        None,
    ),
    (
        "1.37",
        "resources: {requests: {cpu: 1}}, \
              containers: [{name: a, resources: {requests: {cpu: 200m}}}]",
        1000,
        Some(1000),
    ),
    (
        "1.33",
        "resources: {requests: {cpu: 1}}, \
              containers: [{name: a, resources: {requests: {cpu: 200m}}}]",
        200,
        None,
    ),
    // Limits of the pod fill its requests in: with what the containers request, or else themselves.
    (
        "1.37",
        "resources: {limits: {cpu: 2}}, \
              containers: [{name: a, resources: {requests: {cpu: 200m}}}]",
        200,
        Some(200),
    ),
    ("1.37", "resources: {limits: {cpu: 2}}, containers: [{name: a}]", 2000, Some(2000)),
    (
        "1.37",
        "resources: {requests: {memory: 1Gi}}, \
              containers: [{name: a, resources: {requests: {cpu: 200m}}}]",
        200,
        None,
    ),
    (
        "1.37",
        "runtimeClassName: kata, overhead: {cpu: 50m}, \
              containers: [{name: a, resources: {requests: {cpu: 200m}}}]",
        250,
        None,
    ),
];

#[test]
fn a_pod_requests_what_it_says_itself_or_what_its_containers_need_at_once() {
    for (release, spec, counted, own) in CASES {
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  selector: \
             {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    \
             spec: {{{spec}}}\n---\napiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec: \
             {{duration: 1m, load: [{{target: {{kind: Deployment, name: web}}, constant: 1}}], assumptions: {{versions: {{kubernetes: \"{release}\"}}}}}}\n"
        );
        let pod = &run(&text).assembly.model.workloads[0].pod;
        assert_eq!(pod.requests.cpu_nano, counted * 1_000_000, "{release}: {spec}");
        let cpu = pod.own_requests.iter().find(|it| it.0 == ResourceName::Cpu);
        assert_eq!(cpu.map(|it| it.1), *own, "{release}: {spec}");
    }
}

/// Pods that answer 100 rps with a core, and an HPA whose target is 50 % of what they request.
fn scaled(release: &str, pods: &str, min: i32, scenario: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{{pods}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  minReplicas: {min}
  maxReplicas: 20
  metrics:
  - type: Resource
    resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 50}}}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 4m
  {scenario}
  assumptions:
    versions: {{kubernetes: \"{release}\"}}
    request: {{cpu: 10ms}}
    idle: {{cpu: 0}}
    {INSTANT_CALLS}
"
    )
}

const CONTAINER: &str = "containers: [{name: a, resources: {requests: {cpu: 200m}}}]";
const OWN: &str = "resources: {requests: {cpu: 800m}}";
const OVERHEAD: &str = "runtimeClassName: kata, overhead: {cpu: 200m}";

/// Six pods on a node of 4 CPU; and 96 rps, which use 960m however many pods share them, so that
/// half of what each requests is used at 960m / (request / 2) pods.
///
/// | pods | scheduler counts | fit on 4 CPU | HPA divides by | replicas |
/// |---|---|---|---|---|
/// | own requests and overhead | 800m + 200m | 4 | 800m + 200m | ceil(1.92) = 2 |
/// | own requests | 800m | 5 | 800m | ceil(2.4) = 3 |
/// | overhead | 200m + 200m | 10 | 200m: added up from the containers | ceil(9.6) = 10 |
/// | both, where a pod can't request for itself | 200m + 200m | 10 | 200m | ceil(9.6) = 10 |
/// | neither | 200m | 20 | 200m | ceil(9.6) = 10 |
#[test]
fn a_run_counts_own_requests_and_overhead_where_upstream_does() {
    let all = [OWN, OVERHEAD, CONTAINER].join(", ");
    let own = [OWN, CONTAINER].join(", ");
    let overhead = [OVERHEAD, CONTAINER].join(", ");
    for (release, pods, waiting, replicas) in [
        ("1.37", all.as_str(), 2.0, 2.0),
        ("1.37", &own, 1.0, 3.0),
        ("1.37", &overhead, 0.0, 10.0),
        ("1.33", &all, 0.0, 10.0),
        ("1.37", CONTAINER, 0.0, 10.0),
    ] {
        let load = |rps: i32| {
            format!("load: [{{target: {{kind: Deployment, name: web}}, constant: {rps}}}]")
        };
        let node = "\n  nodes: {pool: [{name: node, count: 1, cpu: 4, memory: 8Gi}]}";
        let six = run(&scaled(release, pods, 6, &(load(0) + node)));
        let last = |it: &[(_, f64)]| it.last().map(|it| it.1);
        assert_eq!(last(six.series("unschedulable").points()), Some(waiting), "{release} {pods}");
        assert_eq!(last(six.series("ready").points()), Some(6.0 - waiting), "{release} {pods}");
        let busy = run(&scaled(release, pods, 1, &load(96)));
        assert_eq!(last(busy.series("desired").points()), Some(replicas), "{release} {pods}");
    }
}
