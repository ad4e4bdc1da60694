//! What KubeRay's operator refuses, and positions inside `serveConfigV2`.

use crate::diagnostic::Severity;
use crate::manifest::{self, Body, Field};

fn cluster(options: &str, group: &str) -> String {
    format!(
        "apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: ray}}
spec:
  enableInTreeAutoscaling: true
  autoscalerOptions: {{{options}}}
  headGroupSpec:
    rayStartParams: {{}}
    template: {{spec: {{containers: [{{name: head}}]}}}}
  workerGroupSpecs:
  - groupName: small
    template: {{spec: {{containers: [{{name: worker}}]}}}}
    {group}
"
    )
}

#[test]
fn what_the_operator_refuses_is_said_in_its_words() {
    for (options, group, expected) in [
        (
            "",
            "minReplicas: 3\n    maxReplicas: 1",
            "3 | worker group small has minReplicas 3 greater than maxReplicas 1",
        ),
        ("", "minReplicas: -1", "-1 | worker group small has negative minReplicas -1"),
        (
            "",
            "suspend: true",
            "true | worker group small cannot be suspended with Autoscaler enabled",
        ),
        (
            "",
            "rayStartParams: {num-cpus: \"1\"}\n    resources: {CPU: \"1\"}",
            "\"1\" | resource fields should not be set in both rayStartParams and Resources for \
             small group; please use only one",
        ),
        (
            "version: v2",
            "priority: 1",
            "1 | worker group small: priority is set, but RayVersion was not specified. Ray \
             version 2.56.0 or later is required",
        ),
        (
            "idleTimeoutSeconds: -1",
            "",
            "-1 | autoscalerOptions.idleTimeoutSeconds must be non-negative, got -1",
        ),
    ] {
        assert_eq!(errors(&cluster(options, group)), [expected]);
    }
    assert_eq!(errors(&cluster("version: v2", "idleTimeoutSeconds: 60")), [""; 0]);
}

#[test]
fn fields_of_a_group_are_found_again() {
    let text = cluster("", "minReplicas: 1\n    maxReplicas: 7");
    let read = manifest::read(&text);
    let at = |field| {
        let span = read.documents[0].span_of(&field);
        &text[span.start..span.end]
    };
    assert_eq!(at(Field::GroupMaxReplicas(0)), "7");
    assert!(at(Field::GroupNumOfHosts(0)).starts_with("groupName: small"));
}

const SERVICE: &str = "apiVersion: ray.io/v1
kind: RayService
metadata: {name: serve}
spec:
  serveConfigV2: STYLE
    # 설정
    applications:
    - name: app
      import_path: app:app
      deployments:
      - name: model
        num_replicas: auto
        autoscaling_config: {max_replicas: many}
        max_ongoing_request: 5
  rayClusterConfig:
    headGroupSpec: {template: {spec: {containers: [{name: head}]}}}
";

#[test]
fn positions_in_a_literal_serve_config_are_right() {
    let text = SERVICE.replace("STYLE", "|");
    let read = manifest::read(&text);
    let told: Vec<_> = read
        .diagnostics
        .iter()
        .map(|it| (&text[it.span.start..it.span.end], it.message.as_str()))
        .collect();
    let path = "spec.serveConfigV2.applications[0].deployments[0]";
    assert_eq!(
        told,
        [
            (
                "many",
                format!(
                    "`{path}.autoscaling_config.max_replicas` must be a whole number, not `many`"
                )
                .as_str()
            ),
            (
                "max_ongoing_request",
                format!("`max_ongoing_request` is no field of `{path}`").as_str()
            ),
        ]
    );
    let Body::RayService(service) = &read.documents[0].body else { panic!("a RayService") };
    let name = service.serve.applications[0].deployments[0].name.as_ref().unwrap();
    assert_eq!(&text[name.span.start..name.span.end], "model");
}

#[test]
fn positions_in_a_quoted_serve_config_are_those_of_the_scalar() {
    let text = SERVICE.replace("STYLE", "|");
    let start = text.find("|\n").unwrap();
    let end = text.find("  rayClusterConfig").unwrap();
    let quoted = "\"applications: [{name: app, import_path: a:b, deployments: [{name: m, \
                  num_replicas: many}]}]\"";
    let text = format!("{}{quoted}\n{}", &text[..start], &text[end..]);
    let found = manifest::read(&text).diagnostics;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(&text[found[0].span.start..found[0].span.end], quoted);
}

fn errors(text: &str) -> Vec<String> {
    let found = manifest::read(text).diagnostics;
    let errors = found.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| format!("{} | {}", &text[it.span.start..it.span.end], it.message)).collect()
}

/// A RayService with one deployment; errors are those of Serve.
fn deployment(fields: &str) -> Vec<String> {
    let text = format!(
        "apiVersion: ray.io/v1\nkind: RayService\nmetadata: {{name: serve}}\nspec:\n  serveConfigV2: \
         |\n    applications:\n    - import_path: a:b\n      deployments: [{{name: m, \
         {fields}}}]\n  rayClusterConfig:\n    headGroupSpec: {{template: {{spec: {{containers: [{{name: head}}]}}}}}}\n"
    );
    errors(&text)
}

#[test]
fn what_serve_refuses_of_selectors_and_gangs_is_said_in_its_words() {
    // Upstream: the answers of `DeploymentSchema` of ray 2.60.0 to the same fields.
    let label = "ending with an alphanumeric character ([a-z0-9A-Z]) with dashes (-), underscores \
                 (_),dots (.), and alphanumerics between.";
    let value = |it: &str| {
        format!(
            "'{it}' | Value error, Invalid label selector value `{it}`. The label selector value \
             should contain optional operators and a label value. Supported operators are: ! and \
             {{'in'}}. Value must be 63 chars or less beginning and {label}"
        )
    };
    let many = "ray_actor_options: {label_selector: {zone: ";
    assert_eq!(deployment(&format!("{many}'!in(a, b)'}}}}")), [""; 0]);
    assert_eq!(deployment(&format!("{many}'a,b'}}}}")), [value("a,b")]);
    let bundles = "placement_group_bundles: [{CPU: 1}, {CPU: 1}, {CPU: 1}]";
    let selectors = "placement_group_bundle_label_selector";
    assert_eq!(deployment(&format!("{bundles}, {selectors}: [{{zone: a}}]")), [""; 0]);
    for (fields, answer) in [
        (
            "ray_actor_options: {label_selector: {-zone: a}}",
            "-zone | Value error, Invalid label key name `-zone`. Name must be 63 chars or less \
             beginning and ending with an alphanumeric character ([a-z0-9A-Z]) with dashes (-), \
             underscores (_),dots (.), and alphanumerics between.",
        ),
        (
            "placement_group_bundle_label_selector: [{zone: a}]",
            "[{zone: a}] | Value error, Setting bundle_label_selector is not allowed when \
             placement_group_bundles is not provided.",
        ),
        (
            "placement_group_bundles: [{CPU: 1}, {CPU: 1}, {CPU: 1}], \
             placement_group_bundle_label_selector: [{zone: a}, {zone: b}]",
            "[{zone: a}, {zone: b}] | Value error, The `placement_group_bundle_label_selector` \
             list must contain either a single selector (to apply to all bundles) or match the \
             number of `placement_group_bundles`. Got 2 selectors for 3 bundles.",
        ),
        (
            "num_replicas: 4, gang_scheduling_config: {gang_size: 0}",
            "0 | Input should be greater than or equal to 1",
        ),
        (
            "num_replicas: 5, gang_scheduling_config: {gang_size: 2}",
            "5 | Value error, num_replicas (5) must be a multiple of gang_size (2).",
        ),
        (
            "num_replicas: 4, max_replicas_per_node: 1, gang_scheduling_config: {gang_size: 2}",
            "1 | Value error, Setting max_replicas_per_node is not allowed when \
             gang_scheduling_config is provided.",
        ),
        (
            "num_replicas: 4, placement_group_bundles: [{CPU: 1}], placement_group_strategy: \
             SPREAD, gang_scheduling_config: {gang_size: 2}",
            "SPREAD | Value error, Setting placement_group_strategy is not allowed when \
             gang_scheduling_config is provided. Use \
             gang_scheduling_config.gang_placement_strategy instead.",
        ),
        (
            "num_replicas: 4, gang_scheduling_config: {gang_size: 2, gang_placement_strategy: \
             STRICT_PACK}",
            "STRICT_PACK | Input should be 'PACK' or 'SPREAD'",
        ),
        (
            "num_replicas: auto, autoscaling_config: {max_replicas: 8}, gang_scheduling_config: \
             {gang_size: 3}",
            "8 | Value error, autoscaling_config.max_replicas (8) must be a multiple of gang_size \
             (3).",
        ),
    ] {
        assert_eq!(deployment(fields), [answer], "{fields}");
    }
    let bounds = "autoscaling_config: {max_replicas: 8}, gang_scheduling_config: {gang_size: 3}";
    assert_eq!(deployment(bounds), [""; 0]);
}

/// Asked of `ServeDeploySchema` of ray 2.60.0; `AutoscalingConfig` of it takes no notice of the old
/// name, whose target is 2 then.
#[test]
fn what_serve_needs_and_what_it_no_longer_knows() {
    let said = |config: &str| {
        let text = format!(
            "apiVersion: ray.io/v1\nkind: RayService\nmetadata: {{name: a}}\nspec:\n  \
             serveConfigV2: |\n    {config}\n  rayClusterConfig: {{headGroupSpec: \
             {{rayStartParams: {{}}, template: {{spec: {{containers: [{{name: h}}]}}}}}}}}\n"
        );
        let found = crate::manifest::read(&text).diagnostics;
        found.into_iter().map(|it| format!("{} {}", it.code, it.message)).collect::<Vec<_>>()
    };
    assert_eq!(said("proxy_location: EveryNode"), ["TT247 applications: Field required"]);
    assert_eq!(said("applications: [{}]"), ["TT247 import_path: Field required"]);
    let deployment = |fields: &str| {
        said(&format!("applications: [{{import_path: 'a:b', deployments: [{{{fields}}}]}}]"))
    };
    assert_eq!(deployment("num_replicas: 1"), ["TT247 name: Field required"]);
    let old = "name: D, autoscaling_config: {target_num_ongoing_requests_per_replica: 7}";
    assert_eq!(
        deployment(old),
        ["TT112 `target_num_ongoing_requests_per_replica` is no field of \
             `spec.serveConfigV2.applications[0].deployments[0].autoscaling_config`"]
    );
}

#[test]
fn a_job_is_submitted_in_one_of_four_ways() {
    let told = |mode: &str| {
        errors(&format!(
            "apiVersion: ray.io/v1\nkind: RayJob\nmetadata: {{name: j}}\nspec:\n  submissionMode: \
             {mode}\n  rayClusterSpec:\n    headGroupSpec: {{template: {{spec: {{containers: \
             [{{name: head}}]}}}}}}\n"
        ))
    };
    for mode in ["K8sJobMode", "HTTPMode", "SidecarMode", "InteractiveMode"] {
        assert_eq!(told(mode), [""; 0]);
    }
    let modes = "K8sJobMode, HTTPMode, SidecarMode, InteractiveMode";
    assert_eq!(
        told("httpMode"),
        [format!("httpMode | `spec.submissionMode` must be one of {modes}")]
    );
}
