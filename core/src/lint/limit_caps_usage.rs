//! Limits that keep usage within the tolerance of the target.
//!
//! A container can't use more CPU than its limit and is killed beyond its memory limit, so that
//! usage / requests ends at limits / requests. Where that is no more than the target and its
//! tolerance, the metric never asks for more pods.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/metrics/utilization.go
//! `GetResourceUtilizationRatio`; replica_calculator.go `Tolerances.isWithin`.

use super::subject::{spelled, sums};
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::hpa::Tolerances;

pub(super) const RULE: Rule = Rule {
    code: "TT053",
    name: "limit-caps-usage",
    severity: Severity::Warning,
    chapter: "wrong/time#P30",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some((_, workload)) = scaler.pods() else { continue };
        let pod = &workload.template;
        // What holds for the pod as a whole is another sum.
        if pod.resources.names().next().is_some() {
            continue;
        }
        let tolerances = Tolerances::of(&scaler.limits);
        for utilization in scaler.utilizations.iter().filter(|it| it.percent > 0) {
            let containers = input.counted(pod, utilization.container);
            let (Some(request), Some(limit)) = sums(&containers, utilization.resource) else {
                continue;
            };
            if request <= 0 || limit < request {
                continue;
            }
            let most = i128::from(limit) * 100 / i128::from(request);
            let ratio = most as f64 / f64::from(utilization.percent);
            if ratio > 1.0 && !tolerances.is_within(ratio) {
                continue;
            }
            let hundredths = most * 100 / i128::from(utilization.percent);
            let because = if limit == request { "limits equal requests" } else { "of the limits" };
            let subject = if scaler.metrics == 1 {
                "HPA never scales up"
            } else {
                "metric never asks for more pods"
            };
            let message = format!(
                "{} usage can't exceed {most} % of requests because {because}, so the ratio is at \
                 most {}.{:02} and this {subject}",
                spelled(utilization.resource),
                hundredths / 100,
                hundredths % 100
            );
            let mut finding = RULE.at(utilization.span, message);
            for container in containers {
                if let Some(limit) = container.resources.limits.get(utilization.resource) {
                    finding = finding.also(limit.span, "usage ends here");
                }
            }
            found.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn text(percent: i32, limit: &str, mark: &str, label: &str) -> String {
        format!(
            "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  maxReplicas: 5
  targetCPUUtilizationPercentage: {percent}
{mark}---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    spec:
      containers:
      - name: app
        resources:
          requests: {{cpu: 1}}
          limits: {limit}
{label}"
        )
    }

    #[test]
    fn usage_that_ends_at_the_target_never_asks_for_more() {
        let mark = "                                  ^^^ CPU usage can't exceed 100 % of requests \
                    because limits equal requests, so the ratio is at most 1.00 and this HPA never \
                    scales up\n";
        check(&RULE, &text(100, "{cpu: 1}", mark, "                        ~ usage ends here\n"));
        // 110 % of 100 lies within the tolerance, 111 % does not.
        let mark = mark
            .replace("exceed 100", "exceed 110")
            .replace("limits equal requests", "of the limits")
            .replace("1.00", "1.10");
        let label = "                        ~~~~~ usage ends here\n";
        check(&RULE, &text(100, "{cpu: 1100m}", &mark, label));
        check(&RULE, &text(100, "{cpu: 1110m}", "", ""));
        check(&RULE, &text(80, "{cpu: 1}", "", ""));
        check(&RULE, &text(100, "{memory: 1Gi}", "", ""));
    }
}
