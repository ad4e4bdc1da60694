//! An HPA whose target is not among the documents.
//!
//! The prediction then assumes a Deployment; its requests decide what a percentage means.

use super::{Input, Rule, serve_replica_is_no_deployment};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT013",
    name: "target-not-pasted",
    severity: Severity::Info,
    chapter: "hpa/targets#assumed",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, hpa) in input.documents.hpas() {
        let target = &hpa.target;
        let is_said_elsewhere = target.kind.value.starts_with("Ray")
            || serve_replica_is_no_deployment::is_about_serve(target)
            || target.name.value.is_empty();
        if is_said_elsewhere || input.documents.target_of(document, hpa).is_some() {
            continue;
        }
        let message = format!(
            "{} {} is not in this text: an assumed Deployment is predicted",
            target.kind.value, target.name.value
        );
        found.push(RULE.at(target.name.span, message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn a_target_in_another_namespace_is_another_object() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                                                                ^^^ Deployment web is not in this \
text: an assumed Deployment is predicted
  maxReplicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {}
",
        );
    }

    #[test]
    fn a_target_that_is_there_is_silent() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {}
",
        );
    }
}
