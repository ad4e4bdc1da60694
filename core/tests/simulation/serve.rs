//! Ray Serve from requests to replicas. A handle samples at 0 s, 6 s and so on, and reports at 0 s,
//! 10 s and so on; a request takes 1 s, and a replica works on 5 at once.

use crate::check;

fn text(config: &str, options: &str, load: &str) -> String {
    format!(
        "apiVersion: ray.io/v1
kind: RayService
metadata: {{name: chat}}
spec:
  serveConfigV2: |
    applications:
    - name: chat
      import_path: chat:app
      deployments:
      - name: Model
        autoscaling_config: {{{config}}}
{options}
  rayClusterConfig:
    enableInTreeAutoscaling: true
    headGroupSpec:
      rayStartParams: {{num-cpus: '0'}}
      template: {{spec: {{containers: [{{name: h, image: ray, resources: {{limits: {{cpu: 1, \
         memory: 1Gi}}}}}}]}}}}
    workerGroupSpecs:
    - groupName: a
      replicas: 1
      minReplicas: 1
      maxReplicas: 10
      rayStartParams: {{}}
      template: {{spec: {{containers: [{{name: w, image: ray, resources: {{limits: {{cpu: 4, \
         memory: 1Gi}}}}}}]}}}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 2m30s
  load:
  - target: {{kind: RayService, name: chat}}
    step: {load}
  nodes:
    pool:
    - {{name: large, count: 4, cpu: 16, memory: 64Gi}}
  assumptions:
    request: {{serviceTime: 1s}}
    podStart: {{schedule: 0s, container: 0s}}
    ray: {{imagePull: 0s, rayStart: 20s, demandLag: 0s, operatorLag: 0s, replicaStart: 5s}}
"
    )
}

#[test]
fn a_target_follows_what_is_wanted_when_the_delay_is_over() {
    // From 60 s on 10 a second come, and one replica serves 5. At 60 s the handle reports
    // [36 s: 1, 60 s: 5]; the mean (24 + 5 x) / (24 + x) passes 2, what one replica should have,
    // after x = 8: the wish begins at 68.1 s. 30 s later the last report is of 90 s: 35, 65, 95, 125
    // for 6 s each and 155 for 8.1 s, in the mean 98.9, for which 50 replicas are wanted, and 10
    // allowed. They start at the next turn; 4 CPUs have room for three more, which run 5 s later.
    // Ray looks at 100 s, and its workers, 20 s later, for the rest.
    check(
        &text("min_replicas: 1, max_replicas: 10", "", "{at: 60s, from: 1, to: 10}"),
        "
        at | target replicas
        0s | 1 1
        98.1s | 10 1
        103.2s | 10 4
        125s | 10 10
        ",
    );
}

#[test]
fn from_nothing_a_replica_starts_once_a_waiting_request_was_sampled() {
    // The first request, at 62 s, makes the handle report at once, but what it reports is the
    // sample of 60 s. The sample of 66 s shows the five that wait; the next request, at 67 s, tells.
    check(
        &text("min_replicas: 0, max_replicas: 10", "", "{at: 61s, from: 0, to: 1}"),
        "
        at | target replicas
        0s | 0 0
        67s | 1 0
        72.1s | 1 1
        ",
    );
}

#[test]
fn no_more_replicas_to_a_node_than_allowed() {
    // As above, but one to a node: each of the nine more needs a worker of its own. Ten workers are
    // the most, so that all find one: launched at 100 s, there at 120 s.
    check(
        &text(
            "min_replicas: 1, max_replicas: 4",
            "        max_replicas_per_node: 1",
            "{at: 60s, from: 1, to: 10}",
        ),
        "
        at | target replicas requested:a
        0s | 1 1 1
        98.1s | 4 1 1
        100s | 4 1 4
        125s | 4 4 4
        ",
    );
}

/// One replica to a node, and one too many once 30 s are over.
fn one_too_many() -> String {
    text(
        "min_replicas: 1, max_replicas: 4, initial_replicas: 2, downscale_delay_s: 30",
        "        max_replicas_per_node: 1",
        "{at: 60s, from: 1, to: 1}",
    )
}

#[test]
fn a_worker_idles_once_its_proxy_has_drained() {
    // Told to stop at 30.1 s, the replica is gone at 32.1 s, and its node's proxy at 61.1 s. Idle
    // for 60 s at 121.1 s, the node is drained by the look of 125 s, and its pod deleted by the next.
    check(
        &one_too_many(),
        "
        at | target replicas requested:a
        0s | 2 1 2
        25s | 2 2 2
        30s | 1 2 2
        30.1s | 1 1 2
        130s | 1 1 1
        ",
    );
}

#[test]
fn without_proxies_on_workers_one_idles_with_its_last_replica() {
    // As above, but idle for 60 s at 92.1 s.
    check(
        &one_too_many()
            .replace("serveConfigV2: |\n", "serveConfigV2: |\n    proxy_location: HeadOnly\n"),
        "
        at | target replicas requested:a
        0s | 2 1 2
        25s | 2 2 2
        30s | 1 2 2
        30.1s | 1 1 2
        100s | 1 1 1
        ",
    );
}
