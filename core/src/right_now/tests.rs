//! What a metric without a value is said to fail with, and where the staircase has its steps.

use super::right_now;
use crate::Language;
use crate::report::Explanation;

fn hpa(max: i32, metric: &str, rest: &str) -> Explanation {
    let text = format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\n\
         spec:\n  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}\n  \
         maxReplicas: {max}\n  metrics:\n  - {metric}\n{rest}"
    );
    right_now(&text, Language::En).hpas.remove(0).explanation
}

fn typed(max: i32, metric: &str, replicas: i32, value: &str) -> Explanation {
    let now = format!(
        "---\napiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  now:\n  \
         - {{hpa: web, currentReplicas: {replicas}, metrics: ['{value}']}}\n"
    );
    hpa(max, metric, &now)
}

fn text_of(explanation: &Explanation, rule: &str) -> String {
    let step = explanation.steps.iter().find(|it| it.rule.starts_with(rule));
    step.map_or_else(|| panic!("no {rule}: {explanation:?}"), |it| it.text.to_string())
}

const CPU: &str =
    "{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}";
const OBJECT: &str = "{type: Object, object: {metric: {name: m}, describedObject: {apiVersion: \
     networking.k8s.io/v1, kind: Ingress, name: main}, target: {type: Value, value: 5}}}";
const PODS: &str =
    "{type: Pods, pods: {metric: {name: m}, target: {type: AverageValue, averageValue: 5}}}";

fn external(target: &str) -> String {
    format!("{{type: External, external: {{metric: {{name: q}}, target: {{{target}}}}}}}")
}

/// The texts are upstream's: kubernetes 1.37 pkg/controller/podautoscaler/metrics/client.go,
/// replica_calculator.go; custom-metrics-apiserver 1.33 pkg/provider/errors.go.
#[test]
fn without_a_value_a_metric_fails_with_upstreams_words() {
    let queue = external("type: Value, value: 5");
    for (metric, error) in [
        (
            CPU,
            "failed to get cpu utilization: unable to get metrics for resource cpu: no metrics \
             returned from resource metrics API",
        ),
        (PODS, "unable to get metric m: no metrics returned from custom metrics API"),
        (
            OBJECT,
            "unable to get metric m on Ingress default/main: unable to fetch metrics from custom \
             metrics API: the server could not find the metric m for ingresses.networking.k8s.io \
             main",
        ),
        (
            &*queue,
            "unable to get external metric default/q/nil: no metrics returned from external \
             metrics API",
        ),
    ] {
        let text = text_of(&typed(9, metric, 2, "<unknown>"), "metric-failed");
        assert!(text.contains(error), "{text}");
    }
}

#[test]
fn the_error_is_the_one_that_the_status_tells() {
    let error =
        "failed to get cpu utilization: missing request for cpu in container app of Pod web-1";
    let status = |reason: &str| {
        format!(
            "status:\n  currentReplicas: 2\n  desiredReplicas: 2\n  conditions:\n  - {{type: \
             ScalingActive, status: 'False', reason: {reason}, message: 'the HPA was unable to \
             compute the replica count: {error}'}}\n"
        )
    };
    let told = hpa(9, CPU, &status("FailedGetResourceMetric"));
    let text = text_of(&told, "metric-failed");
    assert!(text.contains(error) && !text.contains("no metrics returned"), "{text}");
    // It is another metric's.
    let text = text_of(&hpa(9, PODS, &status("FailedGetResourceMetric")), "metric-failed");
    assert!(text.contains("no metrics returned from custom metrics API"), "{text}");
}

#[test]
fn the_steps_of_a_large_value_lie_at_round_numbers() {
    // ceil(total / 500k) is 3 up to 1500k; up to 2200k the ratio is within 1.1, and from there on
    // up to 2500k it is 5.
    let average = typed(6, &external("type: AverageValue, averageValue: 500k"), 4, "500k");
    let text = text_of(&average, "proposal");
    let steps = "From 4 it goes to 3 at 1500k or less (2 at 1M, 1 at 500k), to 5 above 2200k (6 \
                 above 2500k).";
    assert!(text.ends_with(steps), "{text}");
    // 20 × 0.9 = 18, but 0.9 itself is within the tolerance; 20 × 0.85 = 17; beyond 1.1 × 20 = 22
    // it is 23.
    let value = text_of(&typed(23, &external("type: Value, value: 500k"), 20, "500k"), "proposal");
    assert!(value.contains("to 18 below 450k (17 at 425k,"), "{value}");
    assert!(value.ends_with("to 23 above 550k."), "{value}");
}
