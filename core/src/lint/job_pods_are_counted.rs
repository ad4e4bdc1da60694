//! Pods of a Job, a CronJob or a lone Pod under the selector of what an HPA scales.
//!
//! Requests are summed over every pod that the selector returns, finished ones included: one
//! without a request fails the metric until it is deleted. With a request a finished pod has no
//! usage and counts as missing, which holds scale-downs back.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `calculateRequests` (walks all pods), `groupPods` (leaves out failed and deleted ones only); the
//! same in every release from 1.28.

use super::request_missing::lacking;
use super::subject::{self, spelled};
use super::{Input, Rule, Scaler};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Body;

pub(super) const RULE: Rule = Rule {
    code: "TT019",
    name: "job-pods-are-counted",
    severity: Severity::Warning,
    chapter: "wrong/no-decision#P4",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (other, pod) in subject::templates(input.documents) {
        if !matches!(other.body, Body::Pods(_)) {
            continue;
        }
        let counts = |it: &&Scaler<'_>| it.counts(other.namespace(), &pod.labels);
        let Some(scaler) = input.scalers.iter().find(counts) else { continue };
        let Some((target, _)) = scaler.target else { continue };
        let failed = scaler.utilizations.iter().find(|it| !lacking(input, pod, it).is_empty());
        let effect = match failed {
            Some(it) => [
                " request no ",
                spelled(it.resource),
                ": the metric of ",
                &scaler.title,
                " fails until they are deleted, even when they have finished",
            ]
            .concat(),
            None => [" are counted by ", &scaler.title, ": finished ones hold its scale-down back"]
                .concat(),
        };
        let message = ["pods of this ", &other.kind.value, &effect].concat();
        let selector = target.span_at("spec.selector");
        found.push(
            RULE.at(other.metadata.name.span, message).also(selector, "this selector matches them"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    const WEB: &str = "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
";

    #[test]
    fn a_finished_pod_without_a_request_fails_the_metric() {
        check(
            &RULE,
            &format!(
                "{WEB}  ~~~~~~~~ this selector matches them
  ~~~~~~~~ this selector matches them
  ~~~~~~~~ this selector matches them
---
apiVersion: batch/v1
kind: Job
metadata: {{name: migrate}}
                 ^^^^^^^ pods of this Job request no CPU: the metric of HPA web fails until they \
are deleted, even when they have finished
spec: {{template: {{metadata: {{labels: {{app: web}}}}, spec: {{containers: [{{name: m}}]}}}}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {{name: nightly}}
                 ^^^^^^^ pods of this CronJob are counted by HPA web: finished ones hold its \
scale-down back
spec:
  schedule: 0 0 * * *
  jobTemplate:
    spec:
      template:
        metadata: {{labels: {{app: web}}}}
        spec: {{containers: [{{name: m, resources: {{requests: {{cpu: 1}}}}}}]}}
---
apiVersion: v1
kind: Pod
metadata: {{name: test, labels: {{app: web}}}}
                 ^^^^ pods of this Pod request no CPU: the metric of HPA web fails until they are \
deleted, even when they have finished
spec: {{containers: [{{name: wget}}]}}
"
            ),
        );
    }

    #[test]
    fn a_job_with_labels_of_its_own_is_silent() {
        check(
            &RULE,
            &format!(
                "{WEB}---
apiVersion: batch/v1
kind: Job
metadata: {{name: migrate, labels: {{app: web}}}}
spec: {{template: {{metadata: {{labels: {{job: web}}}}, spec: {{containers: [{{name: m}}]}}}}}}
"
            ),
        );
    }
}
