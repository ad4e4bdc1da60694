//! What a pod requests: the scheduler counts it, and the HPA divides by it.

use tidetable_core::hpa::ResourceName;

use super::run;

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
