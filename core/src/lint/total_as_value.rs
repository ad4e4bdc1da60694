//! A backlog (a lag, a queue) with a target of type `Value`.
//!
//! `Value` multiplies the ready pods by total / target. More pods do not make the total smaller at
//! once, so the count is multiplied again at each look, up to `maxReplicas`. `AverageValue` asks
//! for total / target, whatever runs now.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `GetExternalMetricReplicas`, `getUsageRatioReplicaCount`, `GetExternalPerPodMetricReplicas`.

use super::metric_names::is_backlog;
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::hpa::SourceKind;

pub(super) const RULE: Rule = Rule {
    code: "TT028",
    name: "total-as-value",
    severity: Severity::Warning,
    chapter: "wrong/number#P18",
    check,
};

/// What is wrong with it.
pub(super) const MESSAGE: &str = "type Value multiplies the pods by total / target at each look: \
                                  a backlog wants AverageValue, the part for each pod";

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (_, hpa) in input.documents.hpas() {
        for source in hpa.metrics.iter().filter_map(|it| it.source()) {
            let target = &source.target;
            // The fields decide for External, `type` for Object.
            let is_value = match source.kind {
                SourceKind::External => target.average_value.is_none(),
                SourceKind::Object => target.kind.as_ref().is_some_and(|it| it.value == "Value"),
                SourceKind::Pods | SourceKind::Resource | SourceKind::ContainerResource => false,
            };
            let name = source.metric.as_ref().and_then(|it| it.name.as_ref());
            if let (true, Some(value), Some(name)) = (is_value, &target.value, name)
                && is_backlog(&name.value)
            {
                found.push(RULE.at(value.span, MESSAGE).also(name.span, "a backlog, by its name"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn a_backlog_is_shared_out_among_pods() {
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
  - type: External
    external:
      metric: {name: kafka_consumergroup_lag}
                     ~~~~~~~~~~~~~~~~~~~~~~~ a backlog, by its name
      target: {type: Value, value: 1k}
                                   ^^ type Value multiplies the pods by total / target at each \
look: a backlog wants AverageValue, the part for each pod
  - type: External
    external:
      metric: {name: kafka_consumergroup_lag}
      target: {type: AverageValue, averageValue: 1k}
  - type: External
    external:
      metric: {name: requests_per_second}
      target: {type: Value, value: 1k}
  - type: Pods
    pods: {metric: {name: queue_length}, target: {type: AverageValue, averageValue: 5}}
",
        );
    }
}
