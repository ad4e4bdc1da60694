//! Ray's autoscaler, KubeRay's operator and the work, as they were seen together in upstream's own
//! code: a head without CPU, loops at 0 s, 5 s and so on, a pod that joins 20 s after it is made
//! unless the text says otherwise, and no lag between them.

use crate::check;

pub(crate) fn group(name: &str, more: &str) -> String {
    format!(
        "  - groupName: {name}
    maxReplicas: 100
    {more}
    rayStartParams: {{}}
    template: {{spec: {{containers: [{{name: w, image: ray, resources: {{limits: {{cpu: 1, \
         memory: 1Gi}}}}}}]}}}}
"
    )
}

pub(crate) fn text(groups: &str, options: &str, start: &str, work: &str) -> String {
    format!(
        "apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: batch}}
spec:
  enableInTreeAutoscaling: true
  autoscalerOptions: {{{options}}}
  headGroupSpec:
    rayStartParams: {{num-cpus: '0'}}
    template: {{spec: {{containers: [{{name: h, image: ray, resources: {{limits: {{cpu: 1, \
         memory: 1Gi}}}}}}]}}}}
  workerGroupSpecs:
{groups}---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 10m
  ray:
  - cluster: batch
    work:
{work}
  assumptions:
    podStart: {{schedule: 0s, container: 0s}}
    podStop: {{grace: 0s}}
    ray: {{imagePull: 0s, rayStart: {start}, demandLag: 0s, operatorLag: 0s}}
"
    )
}

#[test]
fn a_burst_goes_up_in_tens_and_down_after_the_idle_timeout() {
    // Idle since 80 s and 85 s: more than 60 s at 145 s and 150 s. A drained node is patched out
    // one loop later.
    check(
        &text(
            &group("a", ""),
            "",
            "20s",
            "    - {at: 0s, tasks: {count: 20, resources: {CPU: 1}, duration: 60s}}",
        ),
        "
          at | requested:a running:a pending work
          0s |          10         0      20    0
          5s |          20         0      20    0
         20s |          20        10      10   10
         25s |          20        20       0   20
         80s |          20        20       0   10
         85s |          20        20       0    0
        145s |          20        10       0    0
        150s |          10         0       0    0
        155s |           0         0       0    0
        ",
    );
}

#[test]
fn conservative_asks_for_one_more_in_each_loop() {
    check(
        &text(
            &group("a", ""),
            "upscalingMode: Conservative",
            "30s",
            "    - {at: 0s, actors: {count: 8, resources: {CPU: 1}}}",
        ),
        "
         at | requested:a
         0s | 1
         5s | 2
        10s | 3
        15s | 4
        20s | 5
        25s | 6
        30s | 7
        35s | 8
        ",
    );
}

#[test]
fn idle_workers_of_the_start_go_after_the_timeout() {
    // There since before the start, idle from 0 s on.
    check(
        &text(
            &group("a", "replicas: 5"),
            "",
            "10s",
            "    - {at: 0s, requestResources: {bundles: []}}",
        ),
        "
         at | requested:a running:a
         0s |           5         5
        65s |           5         0
        70s |           0         0
        ",
    );
}

#[test]
fn pods_that_nobody_needs_any_more_start_and_then_idle_out() {
    check(
        &text(
            &group("a", ""),
            "",
            "120s",
            "    - {at: 0s, requestResources: {bundles: [{CPU: 1}], count: 5, duration: 12s}}",
        ),
        "
          at | requested:a running:a
          0s |           5         0
        120s |           5         5
        185s |           5         0
        190s |           0         0
        ",
    );
}

#[test]
fn the_idle_clock_runs_while_request_resources_holds_a_node() {
    check(
        &text(
            &group("a", ""),
            "",
            "20s",
            "    - {at: 0s, requestResources: {bundles: [{CPU: 1}], count: 8, duration: 90s}}",
        ),
        "
         at | requested:a running:a
         0s |           8         0
        20s |           8         8
        90s |           8         0
        95s |           0         0
        ",
    );
}

#[test]
fn equal_groups_take_turns() {
    check(
        &text(
            &(group("a", "") + &group("b", "")),
            "",
            "20s",
            "    - {at: 0s, actors: {count: 6, resources: {CPU: 1}}}",
        ),
        "
         at | requested:a requested:b work
         0s |           3           3    0
        20s |           3           3    6
        ",
    );
}

#[test]
fn work_that_comes_back_in_time_keeps_a_node() {
    // The last one ends at 155 s: idle for 60 s at 215 s, which is not more than 60 s.
    check(
        &text(
            &group("a", ""),
            "",
            "20s",
            "    - at: 0s
      every: 50s
      repeat: 4
      tasks: {count: 1, resources: {CPU: 1}, duration: 5s}",
        ),
        "
          at | requested:a running:a
          0s |           1         0
         20s |           1         1
        220s |           1         0
        225s |           0         0
        ",
    );
}

#[test]
fn a_timeout_of_zero_ends_a_node_at_the_next_look() {
    // At 30 s it has been idle for 0 ms, which is not more than 0.
    check(
        &text(
            &group("a", "idleTimeoutSeconds: 0"),
            "version: v2",
            "20s",
            "    - {at: 0s, tasks: {count: 1, resources: {CPU: 1}, duration: 10s}}",
        ),
        "
         at | requested:a running:a
         0s |           1         0
        20s |           1         1
        35s |           1         0
        40s |           0         0
        ",
    );
}

#[test]
fn hosts_of_a_replica_come_and_go_together() {
    check(
        &text(
            &group("a", "numOfHosts: 2"),
            "",
            "20s",
            "    - {at: 0s, tasks: {count: 2, resources: {CPU: 1}, duration: 30s}}",
        ),
        "
          at | requested:a running:a work
          0s |           2         0    0
         20s |           2         2    2
         50s |           2         2    0
        115s |           2         0    0
        120s |           0         0    0
        ",
    );
}

#[test]
fn half_a_replica_is_never_made() {
    // One task needs one host; half of two is rounded down to no replica at all.
    check(
        &text(
            &group("a", "numOfHosts: 2"),
            "",
            "20s",
            "    - {at: 0s, actors: {count: 1, resources: {CPU: 1}}}",
        ),
        "
        at | requested:a running:a pending
        0s |           0         0       1
        ",
    );
}

#[test]
fn strict_spread_takes_a_node_for_each_bundle_and_waits_for_all() {
    check(
        &text(
            &group("a", ""),
            "",
            "20s",
            "    - at: 0s
      placementGroups:
        count: 1
        strategy: STRICT_SPREAD
        bundles: [{CPU: 0.5}, {CPU: 0.5}, {CPU: 0.5}]",
        ),
        "
         at | requested:a running:a pending work
         0s |           3         0       1    0
        20s |           3         3       0    1
        ",
    );
    // Packed, two of the halves share a node.
    check(
        &text(
            &group("a", ""),
            "",
            "20s",
            "    - at: 0s
      placementGroups:
        count: 1
        strategy: PACK
        bundles: [{CPU: 0.5}, {CPU: 0.5}, {CPU: 0.5}]",
        ),
        "
         at | requested:a running:a pending work
         0s |           2         0       1    0
        20s |           2         2       0    1
        ",
    );
}

#[test]
fn a_pod_grows_in_place_before_another_is_asked_for() {
    // One task runs at once on the worker's one CPU. Of the five that wait three fit on it with 4
    // CPUs; the other two want a second pod, planned at 4 as well. The kubelet grants the resize at
    // 1 s, Ray is told in the look at 5 s. The second pod joins with one CPU at 20 s, is to grow in
    // that look, and has grown by the next. Idle since 65 s: more than 60 s at 130 s.
    let text = text(
        &group("a", "replicas: 1\n    minReplicas: 1").replace("limits", "requests"),
        "",
        "20s",
        "    - {at: 0s, tasks: {count: 6, resources: {CPU: 1}, duration: 60s}}",
    );
    let annotation = "metadata: {name: batch, annotations: {ray.io/ippr: '{\"groups\": {\"a\": \
                      {\"max-cpu\": 4, \"max-memory\": \"2Gi\", \"resize-timeout\": 60}}}'}}";
    check(
        &text.replace("metadata: {name: batch}", annotation),
        "
          at | requested:a running:a pending work
          0s |           2         1       5    1
          5s |           2         1       2    4
         20s |           2         2       1    5
         25s |           2         2       0    6
         60s |           2         2       0    5
         65s |           2         2       0    2
         80s |           2         2       0    1
         85s |           2         2       0    0
        130s |           2         1       0    0
        135s |           1         1       0    0
        ",
    );
}
