//! What the API server refuses, as kubectl shows it, and what it accepts.

use crate::diagnostic::{Diagnostic, Severity};
use crate::hpa::FeatureGates;
use crate::manifest::{self, ApiRules};

const TARGET: &str = "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}";
const CPU: &str =
    "{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}";

/// (fields of `spec` besides the target, `marked text | message` of each error)
const REFUSED: &[(&str, &[&str])] = &[
    (
        "maxReplicas: 0",
        &[
            "0 | spec.maxReplicas: Invalid value: 0: must be greater than or equal to \
             `minReplicas`",
            "0 | spec.maxReplicas: Required value",
        ],
    ),
    (
        "maxReplicas: -1",
        &[
            "-1 | spec.maxReplicas: Invalid value: -1: must be greater than or equal to \
             `minReplicas`",
            "-1 | spec.maxReplicas: Invalid value: -1: must be greater than or equal to 1",
        ],
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
            "3600 | spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 3600: must \
             be less than or equal to 1800",
            "-0.01 | spec.behavior.scaleDown.tolerance: Invalid value: \"-10m\": must be greater \
             than or equal to 0",
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
            format!("Pod% | {path}.kind: Invalid value: \"Pod%\": may not contain '%'"),
            format!("a/b | {path}.name: Invalid value: \"a/b\": may not contain '/'"),
            format!(
                "v1 | {path}.apiVersion: Invalid value: \"v1\": apiVersion must specify API group"
            ),
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
    assert_eq!(found(&text, &ApiRules::default()), []);
}

#[test]
fn an_unknown_field_is_named_with_what_was_meant() {
    let text = v2(TARGET, "maxReplicas: 3\nminReplica: 2\nmetric: []\n");
    let found = found(&text, &ApiRules::default());
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

/// (releases, field of `spec` besides `maxReplicas`, errors)
const BY_RELEASE: &[(std::ops::RangeInclusive<u32>, &str, &[&str])] = &[
    (
        28..=35,
        "maxReplicas: 0\nminReplicas: 0",
        &[
            "minReplicas: Invalid value: 0: must be greater than or equal to 1",
            "maxReplicas: Invalid value: 0: must be greater than 0",
        ],
    ),
    (
        36..=36,
        "maxReplicas: 0\nminReplicas: 0",
        &[
            "minReplicas: Invalid value: 0: must be greater than or equal to 1",
            "maxReplicas: Required value: must be set and greater than 0",
        ],
    ),
    (37..=37, "maxReplicas: 0\nminReplicas: 0", &["maxReplicas: Required value"]),
    (28..=34, "behavior: {scaleUp: {tolerance: -1}}", &[]),
    (
        35..=37,
        "behavior: {scaleUp: {tolerance: -1}}",
        &["behavior.scaleUp.tolerance: Invalid value: \"-1\": must be greater than or equal to 0"],
    ),
    (
        28..=33,
        "metrics: [{type: Pods, pods: {metric: {name: m}, target: {type: AverageValue, \
               averageValue: -0.5}}}]",
        &["metrics[0].pods.target.averageValue: Invalid value: \
         resource.Quantity{i:resource.int64Amount{value:-5, scale:-1}, \
         d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:\"\", Format:\"DecimalSI\"}: must be \
         positive"],
    ),
    (
        34..=37,
        "metrics: [{type: Pods, pods: {metric: {name: m}, target: {type: AverageValue, \
               averageValue: -0.5}}}]",
        &["metrics[0].pods.target.averageValue: Invalid value: \"-500m\": must be positive"],
    ),
];

#[test]
fn every_release_refuses_in_its_own_way() {
    for (releases, spec, expected) in BY_RELEASE {
        for minor in releases.clone() {
            let max = if spec.contains("maxReplicas") { "" } else { "maxReplicas: 3\n" };
            let text = v2(TARGET, &format!("{max}{spec}"));
            let found = found(&text, &ApiRules::of(minor, FeatureGates::default()));
            let errors = found.iter().filter(|it| it.severity == Severity::Error);
            let errors: Vec<_> = errors.map(|it| it.message.trim_start_matches("spec.")).collect();
            let errors: Vec<_> =
                errors.into_iter().filter(|it| !it.starts_with("metrics:")).collect();
            assert_eq!(errors, *expected, "1.{minor}: {spec}");
        }
    }
}

#[test]
fn a_target_needs_a_group_from_1_34_on() {
    let text =
        v2("scaleTargetRef: {apiVersion: v1, kind: Deployment, name: web}", "maxReplicas: 3");
    for minor in 28..=37 {
        let found = found(&text, &ApiRules::of(minor, FeatureGates::default()));
        assert_eq!(found.len(), usize::from(minor >= 34), "1.{minor}");
    }
}

#[test]
fn a_tolerance_that_is_dropped_is_named() {
    let text = v2(TARGET, "maxReplicas: 3\nbehavior: {scaleDown: {tolerance: 0.05}}");
    let told = |minor, gate| {
        let gates = FeatureGates { configurable_tolerance: gate, ..FeatureGates::default() };
        let found = found(&text, &ApiRules::of(minor, gates));
        found.first().map(|it| it.message.rsplit(": it").next().unwrap_or_default().to_owned())
    };
    let path = "`spec.behavior.scaleDown.tolerance` is";
    let off = format!("{path} dropped: the feature gate HPAConfigurableTolerance is off");
    assert!(told(32, Some(true)).is_some_and(|it| it.contains("is dropped")));
    assert_eq!(told(34, None), Some(off.clone()));
    assert_eq!(told(34, Some(true)), None);
    assert_eq!(told(35, None), None);
    assert_eq!(told(35, Some(false)), Some(off));
}

#[test]
fn what_can_not_be_read_is_not_called_missing() {
    let text = v2(TARGET, "maxReplicas: ten\nminReplicas: -1\nmetrics: [{type: Pods}]");
    let path = "spec.minReplicas";
    assert_eq!(
        errors(&text),
        [
            "ten | `spec.maxReplicas` must be a whole number, not `ten`".to_owned(),
            format!("-1 | {path}: Invalid value: -1: must be greater than or equal to 0"),
        ]
    );
}

#[test]
fn names_and_labels_are_held_against_their_rules() {
    let text = v2(TARGET, "maxReplicas: 3").replace(
        "{name: web}",
        "{name: Web_1, namespace: a.b, labels: {a/b/c: x, app: -x}, annotations: {K!: \"\"}}",
    );
    let begins: Vec<String> =
        errors(&text).iter().map(|it| it.chars().take(64).collect()).collect();
    assert_eq!(
        begins,
        [
            "Web_1 | metadata.name: Invalid value: \"Web_1\": a lowercase RFC 1",
            "a.b | metadata.namespace: Invalid value: \"a.b\": must not contain",
            "a/b/c | metadata.labels: Invalid value: \"a/b/c\": a valid label k",
            "-x | metadata.labels: Invalid value: \"-x\": a valid label must be",
            "K! | metadata.annotations: Invalid value: \"K!\": name part must c",
        ]
    );
}

const ANNOTATED: &str = r#"
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata:
  name: web
  annotations:
    autoscaling.alpha.kubernetes.io/metrics: |
      [{"type":"Pods","pods":{"metricName":"rps","targetAverageValue":"5"}},
       {"type":"Object","object":{"target":{"kind":"Ingress","name":"main"},
        "metricName":"hits","targetValue":"0","averageValue":"10"}}]
    autoscaling.alpha.kubernetes.io/behavior: '{"ScaleUp":{"SelectPolicy":"Min"}}'
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 3
  targetCPUUtilizationPercentage: 50
"#;

#[test]
fn version_1_carries_metrics_and_behavior_in_annotations() {
    let read = manifest::read(ANNOTATED);
    let (_, hpa) = read.hpas().next().unwrap();
    let kinds: Vec<_> =
        hpa.metrics.iter().map(|it| it.kind.as_ref().unwrap().value.as_str()).collect();
    assert_eq!(kinds, ["Pods", "Object", "Resource"], "CPU comes last");
    let average = hpa.metrics[0].source().unwrap().target.average_value.as_ref().unwrap();
    assert_eq!(&ANNOTATED[average.span.start..average.span.end], "\"5\"", "stands where it is");
    // What an annotation leaves out is filled in after validation: here, policies.
    let policies = "'{\"ScaleUp\":{\"SelectPolicy\":\"Min\"}}' | spec.behavior.scaleUp.policies: \
                    Required value: must specify at least one Policy";
    assert_eq!(errors(ANNOTATED), [policies]);
    let old = found(ANNOTATED, &ApiRules::of(35, FeatureGates::default()));
    assert!(
        old[0].message.ends_with("object.target.value: Invalid value: \"0\": must be positive")
    );
}

#[test]
fn an_annotation_that_go_can_not_decode_is_ignored_as_a_whole() {
    for (annotation, why) in [
        ("[{type: Pods}]", "it is not JSON"),
        ("[{\"type\":5}]", "`metrics[0].type` must be text, without quotes this is a number"),
        ("{}", "`metrics` must be a list, this is a mapping"),
    ] {
        let text = format!(
            "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: web\n  \
             annotations:\n    autoscaling.alpha.kubernetes.io/metrics: '{annotation}'\nspec:\n  \
             {TARGET}\n  maxReplicas: 3\n"
        );
        let told: Vec<_> =
            found(&text, &ApiRules::default()).into_iter().map(|it| it.message).collect();
        assert_eq!(told, [format!("the API server ignores this annotation: {why}")]);
        let read = manifest::read(&text);
        assert!(read.hpas().next().unwrap().1.metrics.is_empty(), "CPU at 80 % then");
    }
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

/// What is found in `text`, in the order of reading and then of the API server.
fn found(text: &str, rules: &ApiRules) -> Vec<Diagnostic> {
    let mut read = manifest::read(text);
    let judged = read.judge(rules);
    read.diagnostics.into_iter().chain(judged).collect()
}

fn errors(text: &str) -> Vec<String> {
    let found = found(text, &ApiRules::default());
    let errors = found.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| format!("{} | {}", &text[it.span.start..it.span.end], it.message)).collect()
}

fn written(spec: &str) -> (String, Vec<Diagnostic>) {
    let text = format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\n\
         spec:\n  {TARGET}\n{spec}"
    );
    let mut documents = manifest::read(&text);
    let mut found = std::mem::take(&mut documents.diagnostics);
    found.extend(documents.judge(&ApiRules::default()));
    (text, found)
}

#[test]
fn what_is_left_of_version_2beta1_is_rewritten() {
    let (mut text, found) = written(
        "  maxReplicas: 3\n  metrics:\n  - type: Resource\n    resource:\n      name: cpu\n      \
         targetAverageUtilization: 80\n  - type: Pods\n    pods: {metricName: rps, \
         targetAverageValue: 100m}\n  - type: External\n    external:\n      metricName: \
         q|lag\n      targetValue: 5\n",
    );
    let left: Vec<&str> =
        found.iter().filter(|it| it.code == "TT112").map(|it| it.message.as_str()).collect();
    assert_eq!(
        left,
        [
            "`targetAverageUtilization` is a field of autoscaling/v2beta1 only: now it is `target`",
            "`metricName` is a field of autoscaling/v2beta1 only: now it is `metric`",
            "`targetAverageValue` is a field of autoscaling/v2beta1 only: now it is `target`",
            "`metricName` is a field of autoscaling/v2beta1 only: now it is `metric`",
            "`targetValue` is a field of autoscaling/v2beta1 only: now it is `target`",
        ]
    );
    let mut edits: Vec<_> = found.iter().flat_map(|it| &it.fixes).map(|it| &it.edits[0]).collect();
    // What would have to be quoted is left to its writer.
    assert_eq!(edits.len(), 4);
    edits.sort_by_key(|it| it.span.start);
    for edit in edits.into_iter().rev() {
        text.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    let documents = manifest::read(&text);
    let (_, hpa) = documents.hpas().next().unwrap();
    let targets: Vec<_> = hpa.metrics.iter().map(|it| &it.sources[0].target).collect();
    let kinds: Vec<_> = targets.iter().map(|it| it.kind.as_ref().unwrap().value.as_str()).collect();
    assert_eq!(kinds, ["Utilization", "AverageValue", "Value"], "{text}");
    assert_eq!(targets[0].average_utilization.map(|it| it.value), Some(80));
    assert_eq!(targets[1].average_value.as_ref().unwrap().value.milli_value(), 100);
    assert_eq!(targets[2].value.as_ref().unwrap().value.milli_value(), 5000);
    let name = hpa.metrics[1].sources[0].metric.as_ref().unwrap().name.as_ref().unwrap();
    assert_eq!(name.value, "rps");
}

#[test]
fn the_target_of_version_1_is_said_to_be_that() {
    let (text, found) = written("  maxReplicas: 3\n  targetCPUUtilizationPercentage: 50\n");
    let expected = "`targetCPUUtilizationPercentage` is a field of autoscaling/v1 only: CPU at \
                    80 % is the target";
    assert_eq!((found.len(), &*found[0].message), (1, expected), "{found:?}");
    let edit = &found[0].fixes[0].edits[0];
    let mut fixed = text;
    fixed.replace_range(edit.span.start..edit.span.end, &edit.text);
    let documents = manifest::read(&fixed);
    assert_eq!(documents.diagnostics, [], "{fixed}");
    let (_, hpa) = documents.hpas().next().unwrap();
    let target = &hpa.metrics[0].sources[0].target;
    assert_eq!(target.average_utilization.map(|it| it.value), Some(50));

    let metrics = format!("  maxReplicas: 3\n  metrics: [{CPU}]\n");
    let (_, found) = written(&format!("{metrics}  targetCPUUtilizationPercentage: 50\n"));
    assert!(found[0].message.ends_with("`metrics` counts"), "{found:?}");
    assert!(found[0].fixes.is_empty());
}

#[test]
fn a_bound_without_a_value_is_marked_where_it_stands() {
    let (text, found) = written("  maxReplicas:\n");
    let marked: Vec<&str> = found.iter().map(|it| &text[it.span.start..it.span.end]).collect();
    assert_eq!(marked, ["maxReplicas", "maxReplicas"], "{found:?}");
}
