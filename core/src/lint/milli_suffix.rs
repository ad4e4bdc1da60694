//! A target of a time or of memory, or a container's memory, with the suffix `m`, which is no minute
//! and no megabyte.
//!
//! Quantities are printed in thousandths: `50m` is 0.05, of whatever unit the metric has.
//!
//! Upstream: apimachinery 0.37 pkg/api/resource/suffix.go `newSuffixer`;
//! kubernetes 1.37 pkg/api/pod/warnings.go `warningsForPodSpecAndMeta` (`fractional byte value`).

use super::metric_names::unit;
use super::subject::templates;
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT029",
    name: "milli-suffix",
    severity: Severity::Info,
    chapter: "wrong/number#P19",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (_, hpa) in input.documents.hpas() {
        for source in hpa.metrics.iter().filter_map(|it| it.source()) {
            let name = source.metric.as_ref().and_then(|it| it.name.as_ref());
            let is_memory = source.resource.as_ref().is_some_and(|it| it.value == "memory");
            let memory = is_memory.then_some("bytes");
            let Some(unit) = name.and_then(|it| unit(&it.value)).or(memory) else { continue };
            for quantity in source.target.average_value.iter().chain(&source.target.value) {
                let text = &input.text[quantity.span.start..quantity.span.end];
                let text = text.trim_matches(['"', '\'']);
                if !text.ends_with('m') {
                    continue;
                }
                let message = spelled_out(text, quantity.value.milli_value(), unit);
                found.push(RULE.at(quantity.span, message));
            }
        }
    }
    for (_, pod) in templates(input.documents) {
        for container in pod.containers.iter().chain(&pod.init_containers) {
            for list in [&container.resources.requests, &container.resources.limits] {
                let Some(memory) = list.get("memory") else { continue };
                let milli = memory.quantity.milli_value();
                if memory.text.ends_with('m') && milli % 1000 != 0 {
                    found.push(RULE.at(memory.span, spelled_out(&memory.text, milli, "bytes")));
                }
            }
        }
    }
}

/// With as many decimals as there are.
fn spelled_out(text: &str, milli: i64, unit: &str) -> String {
    let plain = (milli as f64 / 1000.0).to_string();
    [text, " is ", &plain, " ", unit, " here: m stands for thousandths"].concat()
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn memory_in_thousandths_of_a_byte() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
  metrics:
  - {type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 200m}}}
                                                                                         ^^^^ 200m \
is 0.2 bytes here: m stands for thousandths
  - {type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 200m}}}
  - {type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 200Mi}}}
",
        );
    }

    #[test]
    fn memory_of_a_container_in_thousandths_of_a_byte() {
        check(
            &RULE,
            "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        resources:
          requests: {cpu: 500m, memory: 512m}
                                        ^^^^ 512m is 0.512 bytes here: m stands for thousandths
          limits: {memory: 512Mi}
",
        );
    }

    #[test]
    fn a_time_in_thousandths_is_spelled_out() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
  metrics:
  - type: Pods
    pods:
      metric: {name: request_latency_seconds}
      target: {type: AverageValue, averageValue: 50m}
                                                 ^^^ 50m is 0.05 s here: m stands for thousandths
  - type: Object
    object:
      metric: {name: p99_ms}
      describedObject: {kind: Service, name: web}
      target: {type: Value, value: \"1500m\"}
                                   ^^^^^^^ 1500m is 1.5 ms here: m stands for thousandths
  - type: Pods
    pods: {metric: {name: latency_seconds}, target: {type: AverageValue, averageValue: 0.05}}
  - type: Pods
    pods: {metric: {name: queue_items}, target: {type: AverageValue, averageValue: 1500m}}
",
        );
    }
}
