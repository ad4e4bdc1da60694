//! A Prometheus Adapter's query that answers nothing as long as a counter has not counted.
//!
//! A counter such as the 502s of a service has no series before the first one. The query is then
//! empty, and an External metric without a value is an error, not 0: the HPA holds still with
//! `FailedGetExternalMetric`.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/metrics/client.go `GetExternalMetric` ("no
//! metrics returned from external metrics API").

use super::{Input, Rule, adapter_rules};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT022",
    name: "query-without-zero",
    severity: Severity::Info,
    chapter: "wrong/no-decision#P10",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for rule in adapter_rules::read_rules(input) {
        let counts = ["rate(", "increase("].iter().any(|it| rule.query.contains(it));
        if rule.is_external && counts && !rule.query.contains("vector(0)") {
            let message = "empty until the counter has counted: the metric fails then instead of \
                           being 0. Add `or vector(0)`";
            found.push(RULE.at(rule.span, message).also(rule.read_at, "this metric reads it"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn a_counter_that_has_not_counted_is_no_zero() {
        let text = |query: &str, mark: &str, label: &str| {
            format!(
                "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  maxReplicas: 5
  metrics:
  - type: External
    external: {{metric: {{name: bad_gateways}}, target: {{type: Value, value: 1}}}}
{label}---
apiVersion: v1
kind: ConfigMap
metadata: {{name: adapter-config}}
data:
  config.yaml: |
    externalRules:
    - seriesQuery: requests_total
      name: {{as: bad_gateways}}
      metricsQuery: {query}
{mark}    - seriesQuery: other_total
      metricsQuery: rate(other_total[1m])
"
            )
        };
        let label = "                              ~~~~~~~~~~~~ this metric reads it\n";
        let mark = "                    ^^^^^^^^^^^^^^^^^^^^^^^^ empty until the counter has \
                    counted: the metric fails then instead of being 0. Add `or vector(0)`\n";
        check(&RULE, &text("rate(requests_total[1m])", mark, label));
        check(&RULE, &text("rate(requests_total[1m]) or vector(0)", "", ""));
        check(&RULE, &text("requests_in_flight", "", ""));
    }
}
