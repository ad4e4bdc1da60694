//! An HPA that the API server refuses: the verdict says so, and with what it is predicted all the
//! same; where nothing is left to predict with, nothing scales.

use tidetable_core::assemble::assemble;
use tidetable_core::manifest::{self, ApiRules};
use tidetable_core::scenario::Scenario;
use tidetable_core::yaml::edit;
use tidetable_core::{Language, predict};

/// (fields of `spec`, verdict up to what would happen, whether the HPA looks)
const REFUSED: &[(&str, &str, bool)] = &[
    (
        "minReplicas: 5, maxReplicas: 3",
        "The API server refuses this HPA: spec.maxReplicas: Invalid value: 3: must be greater than \
         or equal to `minReplicas`. Predicted with maxReplicas 5: ",
        true,
    ),
    (
        "maxReplicas: '3'",
        "The API server refuses this HPA: `spec.maxReplicas` must be a number: in quotes it is \
         text. If it were accepted: ",
        true,
    ),
    (
        "maxReplicas: 3, behavior: {scaleUp: {selectPolicy: Most, stabilizationWindowSeconds: -1}}",
        "The API server refuses this HPA: spec.behavior.scaleUp.stabilizationWindowSeconds: \
         Invalid value: -1: must be greater than or equal to zero, and 1 more. Predicted without \
         behavior.scaleUp.stabilizationWindowSeconds, without behavior.scaleUp.selectPolicy: ",
        true,
    ),
    (
        "maxReplicas: 3, metrics: [{type: Pods}, {type: Resource, resource: {name: cpu, target: \
         {type: Utilization, averageUtilization: 50}}}]",
        "The API server refuses this HPA: spec.metrics[0].pods: Required value: must populate \
         information for the given metric source. Predicted without metrics[0]: ",
        true,
    ),
    (
        "minReplicas: 0, maxReplicas: 3",
        "The API server refuses this HPA: spec.metrics: Forbidden: must specify at least one \
         Object or External metric to support scaling to zero replicas. Predicted with \
         minReplicas 1: ",
        true,
    ),
    (
        "maxReplicas: 3, metrics: [{type: Resource, resource: {name: cpu, target: {type: \
         Utilization, averageUtilization: 0}}}]",
        "The API server refuses this HPA: spec.metrics[0].resource.target.averageUtilization: \
         Invalid value: 0: must be greater than 0. It scales nothing.",
        false,
    ),
];

fn manifest(target: &str, spec: &str) -> String {
    format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\n\
         spec: {{scaleTargetRef: {target}, {spec}}}\n"
    )
}

const TARGET: &str = "{apiVersion: apps/v1, kind: Deployment, name: web}";

#[test]
fn a_refused_hpa_is_named_first_and_predicted_as_far_as_it_can_be() {
    for (spec, expected, looks) in REFUSED {
        let report = predict(&manifest(TARGET, spec), Language::En).report;
        let autoscaler = &report.autoscalers[0];
        let verdict = autoscaler.verdict.message.to_string();
        assert!(verdict.starts_with(expected), "{spec}:\n{verdict}");
        assert_eq!(verdict.len() > expected.len(), *looks, "{spec}:\n{verdict}");
        assert_eq!(!autoscaler.looks.at_ms.is_empty(), *looks, "{spec}");
    }
}

#[test]
fn without_a_target_there_is_nothing_to_scale() {
    let report = predict(&manifest("{kind: Deployment}", "maxReplicas: 3"), Language::Ko).report;
    let verdict = report.autoscalers[0].verdict.message.to_string();
    let expected = "API 서버가 이 HPA를 거부합니다: spec.scaleTargetRef.name: Required value 외 1건. \
                    아무것도 스케일링하지 않습니다.";
    assert_eq!(verdict, expected);
}

#[test]
fn a_metric_that_is_left_out_does_not_move_the_line_of_the_next() {
    let spec = "maxReplicas: 3, metrics: [{type: Pods}, {type: Resource, resource: {name: cpu, \
                target: {type: Utilization, averageUtilization: 57}}}]";
    let text = manifest(TARGET, spec);
    let report = predict(&text, Language::En).report;
    let steps = report.decisions.iter().flat_map(|it| &it.explanation.steps);
    let places: Vec<&str> =
        steps.filter_map(|it| it.span).map(|it| &text[it.start..it.end]).collect();
    assert!(places.contains(&"57"), "{places:?}");
}

/// The HPA of `text` as it is simulated.
fn simulated(text: &str) -> tidetable_core::hpa::Spec {
    let mut documents = manifest::read(text);
    assert_eq!(documents.judge(&ApiRules::default()), []);
    let scenario = Scenario::empty();
    assemble(&documents, &scenario).model.hpas.remove(0).spec
}

#[test]
fn what_is_filled_in_is_what_is_simulated() {
    for spec in [
        "maxReplicas: 3",
        "maxReplicas: 3, behavior: {}",
        "maxReplicas: 3, behavior: {scaleUp: {selectPolicy: Min}, scaleDown: {tolerance: 0.2}}",
        "maxReplicas: 3, behavior: {scaleDown: {policies: [{type: Pods, value: 1, periodSeconds: 9}]}}",
    ] {
        let mut text = manifest(TARGET, spec);
        let before = simulated(&text);
        let documents = manifest::read(&text);
        let (_, hpa) = documents.hpas().next().unwrap();
        let defaults = hpa.defaults();
        assert!(!defaults.is_empty());
        for filled in defaults {
            let documents = manifest::read(&text);
            let root = &documents.documents[0].root;
            let edit = edit::set(&text, root, &edit::steps(&filled.path), filled.value).unwrap();
            text.replace_range(edit.span.start..edit.span.end, &edit.text);
        }
        assert_eq!(simulated(&text), before, "{text}");
        let documents = manifest::read(&text);
        assert!(documents.hpas().next().unwrap().1.defaults().is_empty(), "{text}");
    }
}

/// A group whose minimum is above its maximum: KubeRay's own words stand at the minimum and before
/// both verdicts. The autoscaler v2 fails on it; v1 plans on.
#[test]
fn a_ray_cluster_that_kuberay_refuses_is_named_before_it_is_predicted() {
    let text = |version: &str| {
        format!(
            "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {{name: r}}\nspec:\n  \
             enableInTreeAutoscaling: true\n  autoscalerOptions: {{version: {version}}}\n  \
             headGroupSpec: {{template: {{spec: {{containers: [{{name: h, resources: {{limits: \
             {{cpu: 1}}}}}}]}}}}}}\n  workerGroupSpecs:\n  - groupName: a\n    minReplicas: 5\n    \
             maxReplicas: 2\n    template: {{spec: {{containers: [{{name: w, resources: {{limits: \
             {{cpu: 4}}}}}}]}}}}\n  - groupName: b\n    minReplicas: 0\n    maxReplicas: 9\n    \
             template: {{spec: {{containers: [{{name: w, resources: {{limits: {{cpu: 4}}}}}}]}}}}\n"
        )
    };
    let refused = "KubeRay refuses this: worker group a has minReplicas 5 greater than maxReplicas \
                   2. It makes and deletes no pods of it. If it were accepted: ";
    for (version, starts) in [("v2", "Never acts: it can't read its RayCluster"), ("v1", "5 → ")]
    {
        let text = text(version);
        let report = predict(&text, Language::En).report;
        let found = report.diagnostics.iter().find(|it| it.code == "TT221").unwrap();
        assert_eq!(&text[found.span.start..found.span.end], "5");
        let verdict = report.autoscalers[0].verdict.message.to_string();
        assert!(verdict.starts_with(&format!("{refused}{starts}")), "{version}: {verdict}");
        for operator in report.autoscalers.iter().filter(|it| it.id.starts_with("operator/")) {
            let verdict = operator.verdict.message.to_string();
            assert!(verdict.starts_with(refused), "{version}: {verdict}");
        }
    }
}
