//! A container with a limit and no request, or with a request that its namespace gives it.
//!
//! When a pod is made, the limit becomes the request; a LimitRange fills in what is missing then.
//! The percentage of an HPA is one of that number, which no line of the manifest shows.
//!
//! Upstream: kubernetes 1.37 pkg/apis/core/v1/defaults.go `SetDefaults_Pod`;
//! plugin/pkg/admission/limitranger/admission.go `mergeContainerResources`.

use super::subject::spelled;
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT026",
    name: "request-from-limit",
    severity: Severity::Info,
    chapter: "wrong/number#P16",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some((_, workload)) = scaler.pods() else { continue };
        for utilization in &scaler.utilizations {
            let resource = utilization.resource;
            for container in input.counted(&workload.template, utilization.container) {
                let resources = &container.resources;
                let Some(given) = resources.request(resource) else { continue };
                if resources.requests.get(resource).is_some() {
                    continue;
                }
                let is_limit = resources.limits.get(resource).is_some();
                let message = [
                    "this container requests no ",
                    spelled(resource),
                    if is_limit { ": its limit of " } else { ": the LimitRange's " },
                    &given.text,
                    " becomes the request",
                ];
                let percent = [&utilization.percent.to_string(), " % is a share of it"].concat();
                let finding = RULE.at(container.name.span, message.concat());
                let finding = finding.also(given.span, "this becomes the request");
                found.push(finding.also(utilization.span, percent));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn what_stands_in_for_a_request_is_named() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
  targetCPUUtilizationPercentage: 70
                                  ~~ 70 % is a share of it
                                  ~~ 70 % is a share of it
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: limited
              ^^^^^^^ this container requests no CPU: its limit of 1 becomes the request
        resources: {limits: {cpu: 1}}
                                  ~ this becomes the request
      - name: plain
              ^^^^^ this container requests no CPU: the LimitRange's 100m becomes the request
      - name: written
        resources: {limits: {cpu: 1}, requests: {cpu: 500m}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: defaults}
spec: {limits: [{type: Container, defaultRequest: {cpu: 100m}}]}
                                                        ~~~~ this becomes the request
",
        );
    }
}
