//! An HPA on a Deployment that is named like Ray Serve's replicas and was not pasted.
//!
//! KubeRay makes no Deployment for Serve replicas. Where such an HPA is meant for them, nothing
//! in the cluster answers to it.
//!
//! Upstream: kuberay ray-operator/controllers/ray/rayservice_controller.go (makes Services and
//! RayClusters only).

use super::{Input, Rule, Scaler};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT012",
    name: "serve-replica-is-no-deployment",
    severity: Severity::Warning,
    chapter: "wrong/no-decision#P7",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        if scaler.target.is_none() && is_about_serve(scaler) {
            found.push(RULE.at(
                scaler.target_span,
                "KubeRay makes no Deployment for Serve replicas: they are actors inside Ray pods; \
                 predicted as the Deployment it names",
            ));
        }
    }
}

/// Whether the target is a Deployment named after Serve and replicas, as in `ray-serve-replica`.
pub(super) fn is_about_serve(scaler: &Scaler<'_>) -> bool {
    let name = scaler.target_name.to_ascii_lowercase();
    let says =
        |words: &[&str]| words.iter().any(|it| name.split(['-', '.']).any(|part| part == *it));
    scaler.target_kind == "Deployment"
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
