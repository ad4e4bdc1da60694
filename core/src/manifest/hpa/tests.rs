//! What the API server refuses, as kubectl shows it, and what it accepts.

use crate::diagnostic::Severity;
use crate::manifest;

const TARGET: &str = "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}";
const CPU: &str =
    "{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}";

/// (fields of `spec` besides the target, `marked text | message` of each error)
const REFUSED: &[(&str, &[&str])] = &[
    ("maxReplicas: 0", &["0 | spec.maxReplicas: Required value"]),
    (
        "maxReplicas: -1",
        &["-1 | spec.maxReplicas: Invalid value: -1: must be greater than or equal to 1"],
    ),
    (
        "minReplicas: 5\nmaxReplicas: 3",
        &["3 | spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`"],
    ),
    (
        "minReplicas: -1\nmaxReplicas: 3",
        &["-1 | spec.minReplicas: Invalid value: -1: must be greater than or equal to 0"],
    ),
    (
        "minReplicas: 0\nmaxReplicas: 3",
        &["0 | spec.metrics: Forbidden: must specify at least one Object or External metric to \
           support scaling to zero replicas"],
    ),
    (
        "maxReplicas: 3\nmetrics: [{type: resource}]",
        &["resource | spec.metrics[0].type: Unsupported value: \"resource\": supported values: \
           \"ContainerResource\", \"External\", \"Object\", \"Pods\", \"Resource\""],
    ),
    (
        "maxReplicas: 3\nmetrics: [{type: Pods}]",
        &["Pods | spec.metrics[0].pods: Required value: must populate information for the given \
           metric source"],
    ),
    (
        "maxReplicas: 3\nmetrics: [{type: Resource, resource: {name: cpu, target: {type: \
         Utilization, averageUtilization: 0}}}]",
        &["0 | spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be \
           greater than 0"],
    ),
    (
        "maxReplicas: 3\nmetrics: [{type: Resource, resource: {name: cpu, target: {type: \
         AverageValue}}}]",
        &["{type: AverageValue} | spec.metrics[0].resource.target.averageUtilization: Required \
           value: must set either a target raw value or a target utilization"],
    ),
    (
        "maxReplicas: 3\nmetrics: [{type: Pods, pods: {metric: {name: a/b}, target: {type: \
         AverageValue, averageValue: 0}}}]",
        &[
            "a/b | spec.metrics[0].pods.metric.name: Invalid value: \"a/b\": may not contain '/'",
            "0 | spec.metrics[0].pods.target.averageValue: Invalid value: \"0\": must be positive",
        ],
    ),
    (
        "maxReplicas: 3\nbehavior: {scaleUp: {stabilizationWindowSeconds: 3601, policies: []}}",
        &[
            "3601 | spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 3601: must be \
             less than or equal to 3600",
            "[] | spec.behavior.scaleUp.policies: Required value: must specify at least one Policy",
        ],
    ),
    (
        "maxReplicas: 3\nbehavior: {scaleDown: {tolerance: -0.01, policies: [{type: Percent, \
         value: 10, periodSeconds: 3600}]}}",
        &[
            "-0.01 | spec.behavior.scaleDown.tolerance: Invalid value: \"-10m\": must be greater \
             than or equal to 0",
            "3600 | spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 3600: must \
             be less than or equal to 1800",
        ],
    ),
];

#[test]
fn what_the_api_server_refuses_is_said_in_its_words() {
    for (spec, expected) in REFUSED {
        assert_eq!(errors(&v2(TARGET, spec)), *expected, "{spec}");
    }
}

#[test]
fn a_target_needs_kind_name_and_group() {
    let text = v2("scaleTargetRef: {apiVersion: v1, kind: Pod%, name: a/b}", "maxReplicas: 3");
    let path = "spec.scaleTargetRef";
    assert_eq!(
        errors(&text),
        [
            format!(
                "v1 | {path}.apiVersion: Invalid value: \"v1\": apiVersion must specify API group"
            ),
            format!("Pod% | {path}.kind: Invalid value: \"Pod%\": may not contain '%'"),
            format!("a/b | {path}.name: Invalid value: \"a/b\": may not contain '/'"),
        ]
    );
}

#[test]
fn oddities_that_the_api_server_accepts_are_no_errors() {
    for spec in [
        "minReplicas: null\nmaxReplicas: 3",
        "maxReplicas: 3\nbehavior: {}",
        "minReplicas: 3\nmaxReplicas: 3",
        "maxReplicas: 3\nbehavior: {scaleUp: {selectPolicy: Disabled, tolerance: 0}}",
        "minReplicas: 0\nmaxReplicas: 3\nmetrics: [{type: External, external: {metric: {name: q}, \
         target: {type: Value, averageValue: 500m}}}]",
    ] {
        assert_eq!(errors(&v2(TARGET, spec)), [""; 0], "{spec}");
    }
}

#[test]
fn what_kubectl_get_prints_is_understood() {
    let text = format!(
        "{}status:\n  currentReplicas: 3\n  conditions: []\n",
        v2(TARGET, &format!("maxReplicas: 3\nmetrics: [{CPU}]"))
    );
    let text = text.replace(
        "{name: web}\nspec",
        "\n  name: web\n  uid: 1-2\n  creationTimestamp: null\n  managedFields: [{a: b}]\nspec",
    );
    assert_eq!(manifest::read(&text).diagnostics, []);
}

#[test]
fn an_unknown_field_is_named_with_what_was_meant() {
    let text = v2(TARGET, "maxReplicas: 3\nminReplica: 2\nmetric: []\n");
    let found = manifest::read(&text).diagnostics;
    let told: Vec<_> = found
        .iter()
        .map(|it| (it.message.as_str(), it.fixes.first().map(|it| it.edits[0].text.as_str())))
        .collect();
    assert_eq!(
        told,
        [
            ("`minReplica` is no field of `spec`", Some("minReplicas")),
            ("`metric` is no field of `spec`", Some("metrics")),
        ]
    );
    assert!(found.iter().all(|it| it.severity == Severity::Warning));
}

#[test]
fn version_1_is_one_cpu_metric() {
    let text = v2(TARGET, "maxReplicas: 3\ntargetCPUUtilizationPercentage: 0\n");
    let text = text.replace("autoscaling/v2", "autoscaling/v1");
    assert_eq!(
        errors(&text),
        ["0 | spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be \
          greater than 0"]
    );
}

fn v2(target: &str, spec: &str) -> String {
    let spec = spec.trim_end().replace('\n', "\n  ");
    format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\n\
         spec:\n  {target}\n  {spec}\n"
    )
}

fn errors(text: &str) -> Vec<String> {
    let found = manifest::read(text).diagnostics;
    let errors = found.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| format!("{} | {}", &text[it.span.start..it.span.end], it.message)).collect()
}
