//! A container that may use ten times what it requests, or more.
//!
//! The percentage is one of the request, so it can reach 1000 % and the HPA aims at a small part
//! of what a pod could do.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/metrics/utilization.go
//! `GetResourceUtilizationRatio`.

use super::subject::{spelled, sums};
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT027",
    name: "request-far-below-limit",
    severity: Severity::Info,
    chapter: "wrong/number#P16",
    check,
};

/// How many times the request a limit may be.
const TIMES: i64 = 10;

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some((_, workload)) = scaler.pods() else { continue };
        for utilization in &scaler.utilizations {
            let resource = utilization.resource;
            let containers = input.counted(&workload.template, utilization.container);
            let (Some(request), Some(limit)) = sums(&containers, resource) else { continue };
            let Some(place) = containers.iter().find_map(|it| it.resources.request(resource))
            else {
                continue;
            };
            if request <= 0 || limit / request < TIMES {
                continue;
            }
            let most = i128::from(limit) * 100 / i128::from(request);
            let message = [
                "usage can reach ",
                &most.to_string(),
                " % of this ",
                spelled(resource),
                " request, and the HPA aims at ",
                &utilization.percent.to_string(),
                " %",
            ];
            let label = "this is a share of the request, not of the limit";
            found.push(RULE.at(place.span, message.concat()).also(utilization.span, label));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn text(limit: &str, mark: &str, label: &str) -> String {
        format!(
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  maxReplicas: 5
  metrics:
  - type: Resource
    resource: {{name: memory, target: {{type: Utilization, averageUtilization: 80}}}}
{label}---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    spec:
      containers:
      - name: app
        resources:
          limits: {{memory: {limit}}}
          requests:
            memory: 64Mi
{mark}"
        )
    }

    #[test]
    fn ten_times_the_request_is_far() {
        let mark = "                    ^^^^ usage can reach 1600 % of this memory request, and the \
                    HPA aims at 80 %\n";
        let label = "                                                                             \
                     ~~ this is a share of the request, not of the limit\n";
        check(&RULE, &text("1Gi", mark, label));
        check(&RULE, &text("639Mi", "", ""));
    }
}
