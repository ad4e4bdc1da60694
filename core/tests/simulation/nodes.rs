//! Pods that need nodes, and nodes that are full.

use tidetable_core::sim::Note;

use crate::{INSTANT_CALLS, check};

fn text(nodes: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: 1
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers: [{{name: web, resources: {{requests: {{cpu: 1}}, limits: {{cpu: 1}}}}}}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  minReplicas: 4
  maxReplicas: 10
  metrics:
  - type: Resource
    resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 80}}}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 5m
  load: [{{target: {{kind: Deployment, name: web}}, constant: 1}}]
  nodes: {{pool: [{nodes}]}}
  assumptions: {{podStart: {{schedule: 1s, imagePull: 10s, container: 2s}}, {INSTANT_CALLS}}}
"
    )
}

#[test]
fn pods_beyond_a_fixed_pool_wait_and_are_named() {
    // The minimum asks for 3 more at 0 s. web-1 finds the image that web-0 brought and runs at
    // 0 + 1 + 2 s; without a probe it is ready at once. The others have no room for their CPU.
    let run = check(
        &text("{name: small, count: 1, cpu: 2, memory: 8Gi}"),
        "
        at | desired ready unschedulable
        0s |       4     1             2
        3s |       4     2             2
        ",
    );
    let named: Vec<_> = run
        .timeline
        .notes
        .iter()
        .map(|(at, note)| match note {
            Note::Unschedulable { pod, reason } => {
                (at.ms(), pod.as_str(), reason.resource.as_str(), reason.nodes)
            }
            _ => panic!("{note:?}"),
        })
        .collect();
    assert_eq!(named, [(0, "web-2", "cpu", 1)], "the first stands for those like it");
}

#[test]
fn each_node_pulls_an_image_once_and_one_after_the_other() {
    // Nodes of one CPU: each new pod is the first on its node, and pulls: 0 + 1 + 10 + 2 s.
    check(
        &text("{name: small, count: 4, cpu: 1, memory: 8Gi}"),
        "
         at | desired ready unschedulable
         0s |       4     1             0
        13s |       4     4             0
        ",
    );
}

#[test]
fn without_nodes_nothing_runs() {
    check(
        &text("{name: small, count: 0, cpu: 1, memory: 8Gi}"),
        "
        at | desired ready unschedulable
        0s |       4     0             4
        ",
    );
}

/// Two workers of 2 CPU fit on one node; a Deployment and a Ray cluster share it.
#[test]
fn a_worker_gets_the_room_that_a_deployment_gives_back() {
    let text = "apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: batch}
spec:
  enableInTreeAutoscaling: true
  headGroupSpec:
    rayStartParams: {num-cpus: '0'}
    template: {spec: {containers: [{name: h, resources: {limits: {cpu: 1, memory: 1Gi}}}]}}
  workerGroupSpecs:
  - groupName: a
    maxReplicas: 4
    rayStartParams: {}
    template: {spec: {containers: [{name: w, resources: {limits: {cpu: 2, memory: 1Gi}}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, resources: {requests: {cpu: 1}}}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 3
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 8m
  ray:
  - cluster: batch
    work: [{at: 10s, actors: {count: 2, resources: {CPU: 2}}}]
  nodes: {pool: [{name: one, count: 1, cpu: 6500m, memory: 64Gi}]}
  assumptions:
    idle: {cpu: 0}
    podStart: {schedule: 0s, container: 0s}
    podStop: {grace: 3s}
    hpa: {getScale: 0s, getMetric: 0s, putScale: 0s, putStatus: 0s}
    ray: {imagePull: 0s, rayStart: 20s, demandLag: 0s, operatorLag: 0s}
";
    // 1 + 3 CPU are taken, and the autoscaler's 500m, so one worker of two fits. Nobody asks anything of the Deployment: its
    // present count of 3 is remembered at 0 s, holds for 300 s, and at 315 s one pod is left. Three
    // seconds later two CPU are free, and the second worker joins 20 s after that.
    check(
        text,
        "
          at | desired requested:a running:a pending unschedulable
          0s |       3           0         0       0             0
         10s |       3           2         0       2             1
         30s |       3           2         1       1             1
        315s |       1           2         1       1             1
        318s |       1           2         1       1             0
        338s |       1           2         2       0             0
        ",
    );
}

#[test]
fn without_a_head_there_is_no_autoscaler_and_no_work() {
    // The head asks for 8 of 6 CPU. The worker that the minimum asks for runs, but joins nothing.
    let text = "apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: batch}
spec:
  enableInTreeAutoscaling: true
  headGroupSpec:
    rayStartParams: {num-cpus: '0'}
    template: {spec: {containers: [{name: h, resources: {limits: {cpu: 8, memory: 1Gi}}}]}}
  workerGroupSpecs:
  - groupName: a
    minReplicas: 1
    maxReplicas: 4
    rayStartParams: {}
    template: {spec: {containers: [{name: w, resources: {limits: {cpu: 2, memory: 1Gi}}}]}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 5m
  ray:
  - cluster: batch
    work: [{at: 10s, actors: {count: 2, resources: {CPU: 2}}}]
  nodes: {pool: [{name: one, count: 1, cpu: 6, memory: 64Gi}]}
";
    let run = check(
        text,
        "
         at | requested:a running:a pending unschedulable
         0s |           1         0       0             1
        10s |           1         0       2             1
        ",
    );
    assert!(run.timeline.clusters[0].looks.is_empty());
}
