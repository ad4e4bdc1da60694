//! A selector that takes in the pods of another workload.
//!
//! An HPA finds its pods by the labels of its target's selector, not by who owns them: those of
//! the other workload are counted, and one of theirs without a request fails the metric.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `GetResourceReplicas` (`podLister.Pods(namespace).List(selector)`).

use super::{Input, Rule, Scaler, subject};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Body;

pub(super) const RULE: Rule = Rule {
    code: "TT018",
    name: "selector-takes-other-pods",
    severity: Severity::Warning,
    chapter: "wrong/no-decision#P3",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (other, pod) in subject::templates(input.documents) {
        // Pods that end are another matter.
        if !matches!(other.body, Body::Workload(_)) {
            continue;
        }
        // The same name is the same workload, written once more.
        let is_own = |it: &Scaler<'_>| it.is_on(other);
        let counts = |it: &&Scaler<'_>| !is_own(it) && it.counts(other.namespace(), &pod.labels);
        let Some(scaler) = input.scalers.iter().find(counts) else { continue };
        // Two HPAs stop altogether, which is said elsewhere.
        let Some((target, _)) = scaler.target.filter(|_| !input.scalers.iter().any(is_own)) else {
            continue;
        };
        let message = [
            &scaler.title,
            " counts these pods too: the selector of ",
            scaler.target_kind,
            " ",
            scaler.target_name,
            " matches their labels",
        ];
        let selector = target.span_at("spec.selector");
        found.push(
            RULE.at(other.metadata.name.span, message.concat())
                .also(selector, "this selector matches both"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn pods_of_another_deployment_with_the_same_labels_are_counted() {
        check(
            &RULE,
            "\
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
  ~~~~~~~~ this selector matches both
  template: {metadata: {labels: {app: web, tier: front}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: canary}
                 ^^^^^^ HPA web counts these pods too: the selector of Deployment web matches \
their labels
spec:
  selector: {matchLabels: {app: web, tier: canary}}
  template: {metadata: {labels: {app: web, tier: canary}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: other}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template: {metadata: {labels: {app: api}}}
",
        );
    }
}
