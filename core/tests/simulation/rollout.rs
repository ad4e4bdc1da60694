//! A Deployment replaces its pods.

use crate::{INSTANT_CALLS, check};

/// Containers run 2 s after their pod is made and the image is there, and would answer 5 s later;
/// probes come every 10 s from then on when the pod was made. A pod that goes takes 2 s.
fn text(spec: &str, more: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  {spec}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers:
      - name: web
        resources: {{requests: {{cpu: 1}}}}
        readinessProbe: {{periodSeconds: 10}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 10m
  load: [{{target: {{name: web}}, constant: 0}}]
  assumptions:
    {INSTANT_CALLS}
    podStart: {{schedule: 0s, imagePull: 20s, container: 2s, readiness: 5s}}
    podStop: {{grace: 2s}}
    node: {{count: 1, cpu: 64}}
  {more}
"
    )
}

const RESTART: &str = "edits: [{at: 60s, target: {name: web}, rollout: restart}]";

/// 25 % of 4: at most 5 pods, at least 3 available.
///
/// | at | old and new ReplicaSet |
/// |---|---|
/// | 60 s | 4 and 1; one old pod may go, and another new one comes: 3 and 2 |
/// | 70 s | the first new pod is ready: 2 and 3; the second: 1 and 4 |
/// | 80 s | the third is ready: 0 and 4 |
#[test]
fn a_rollout_by_default() {
    check(
        &text("replicas: 4", RESTART),
        "
         at | desired ready pods
         0s |       4     4    4
        60s |       4     3    6
        62s |       4     3    5
        70s |       4     3    7
        72s |       4     3    5
        80s |       4     4    5
        82s |       4     4    4
        ",
    );
}

/// 25 % of 1: at most 2 pods, at least 1 available. The new pod is ready at 70 s; with an image
/// that the node pulls for 20 s, it answers at 87 s and the probe of 90 s succeeds; with
/// `minReadySeconds: 25` it is available at 95 s.
#[test]
fn the_old_pod_goes_once_the_new_one_is_available() {
    let image = RESTART.replace("restart", "image");
    let table = |until: i64| {
        format!("at | desired ready pods\n0s | 1 1 1\n60s | 1 1 2\n70s | 1 2 2\n{until}s | 1 1 1")
    };
    let at_once = |until: i64| table(until).replace("70s | 1 2 2\n", "");
    check(&text("replicas: 1", RESTART), &at_once(72));
    check(&text("replicas: 1", &image), &at_once(92));
    let wait = table(97).replace("97s", "95s | 1 1 2\n97s");
    check(&text("replicas: 1\n  minReadySeconds: 25", RESTART), &wait);
}

/// `maxSurge: 0` and `maxUnavailable: 1`: one after the other.
#[test]
fn without_a_surge_a_pod_goes_first() {
    let strategy = "{rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}";
    check(
        &text(&format!("replicas: 2\n  strategy: {strategy}"), RESTART),
        "
         at | desired ready pods
         0s |       2     2    2
        60s |       2     1    3
        62s |       2     1    2
        70s |       2     1    3
        72s |       2     1    2
        80s |       2     2    2
        ",
    );
}

#[test]
fn recreate_waits_for_the_last_old_pod() {
    check(
        &text("replicas: 2\n  strategy: {type: Recreate}", RESTART),
        "
         at | desired ready pods
         0s |       2     2    2
        60s |       2     0    2
        72s |       2     2    2
        ",
    );
}

/// An average of 218 / 20 = 10.9 is within the tolerance. At 60 s, 25 % of 20: 15 old pods and 10
/// new ones; 218 / 25 = 8.7 is out of it, and ceil(218 / 10) = 22. The Deployment scales at once,
/// up to 22 + 6 = 28: of the 3 more, round(15 × 28 / 25) - 15 = 2 are old and 1 new. At 70 s the 11
/// new ones and 2 old ones are ready: 28 pods, of which 17 have to be. Then 218 / 22 = 9.9.
#[test]
fn an_hpa_counts_the_surge() {
    let hpa = "---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 1
  maxReplicas: 100
  metrics:
  - type: External
    external: {metric: {name: orders}, target: {type: AverageValue, averageValue: 10}}
";
    let more = format!("metrics: [{{name: orders, constant: 218}}]\n  {RESTART}");
    check(
        &[text("replicas: 20", &more), hpa.to_owned()].concat(),
        "
         at | desired
         0s |      20
        60s |      22
        ",
    );
}
