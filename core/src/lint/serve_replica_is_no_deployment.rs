//! An HPA on a Deployment that is named like Ray Serve's replicas and was not pasted.
//!
//! KubeRay makes no Deployment for Serve replicas. Where such an HPA is meant for them, nothing
//! in the cluster answers to it.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT012",
    name: "serve-replica-is-no-deployment",
    severity: Severity::Warning,
    chapter: "both/targets#serve",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, hpa) in input.documents.hpas() {
        if input.documents.target_of(document, hpa).is_none() && is_about_serve(&hpa.target) {
            found.push(RULE.at(
                hpa.target.name.span,
                "KubeRay makes no Deployment for Serve replicas: they are actors inside Ray pods; \
                 predicted as the Deployment it names",
            ));
        }
    }
}

/// Whether the target is a Deployment named after Serve and replicas, as in `ray-serve-replica`.
pub(super) fn is_about_serve(target: &crate::manifest::hpa::ObjectReference) -> bool {
    let name = target.name.value.to_ascii_lowercase();
    let says =
        |words: &[&str]| words.iter().any(|it| name.split(['-', '.']).any(|part| part == *it));
    target.kind.value == "Deployment"
        && says(&["serve", "rayserve"])
        && (says(&["ray", "rayserve"]) || says(&["replica", "replicas"]))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn serve_replicas_are_no_deployment() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ray-serve-hpa}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ray-serve-replica}
                                                                ^^^^^^^^^^^^^^^^^ KubeRay makes no \
Deployment for Serve replicas: they are actors inside Ray pods; predicted as the \
Deployment it names
  maxReplicas: 5
",
        );
    }

    #[test]
    fn a_deployment_that_was_pasted_exists_whatever_its_name() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: gateway}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ray-serve-gateway}
  maxReplicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ray-serve-gateway}
spec: {}
",
        );
    }
}
