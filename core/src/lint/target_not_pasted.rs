//! An HPA whose target is not among the documents.
//!
//! The prediction then assumes a Deployment; its requests decide what a percentage means.

use super::{Input, Rule, no_scale_subresource, serve_replica_is_no_deployment, subject};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT013",
    name: "target-not-pasted",
    severity: Severity::Info,
    chapter: "hpa/requests#requests",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let is_workload = matches!(scaler.target_kind, "Deployment" | "StatefulSet" | "ReplicaSet");
        // A ScaledObject on another kind is left out.
        let is_said_elsewhere = (scaler.scaled_object.is_some() && !is_workload)
            || no_scale_subresource::instead(scaler.target_kind).is_some()
            || scaler.hpa.is_some_and(|it| subject::has_no_such_kind(&it.target))
            || serve_replica_is_no_deployment::is_about_serve(scaler)
            || scaler.target_name.is_empty();
        if is_said_elsewhere || scaler.target.is_some() {
            continue;
        }
        let elsewhere = input
            .documents
            .workloads()
            .map(|it| it.0)
            .find(|it| it.kind.value == scaler.target_kind && it.name() == scaler.target_name);
        // Of a kind that is not read.
        let is_other = input.documents.documents.iter().any(|it| scaler.is_on(it));
        let namespace = scaler.document.namespace();
        let namespace = if elsewhere.is_some() { [" of namespace ", namespace] } else { ["", ""] };
        let message = [
            scaler.target_kind,
            " ",
            scaler.target_name,
            namespace[0],
            namespace[1],
            if is_other { " is not modelled" } else { " is not in this text" },
            ": an assumed Deployment is predicted",
        ];
        let mut finding = RULE.at(scaler.target_span, message.concat());
        if let Some(other) = elsewhere {
            let label = ["this one is of namespace ", other.namespace()].concat();
            finding = finding.also(other.metadata.name.span, label);
        }
        found.push(finding);
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
                                                                ^^^ Deployment web of namespace \
shop is not in this text: an assumed Deployment is predicted
  maxReplicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
                 ~~~ this one is of namespace default
spec: {}
",
        );
    }

    #[test]
    fn a_scaled_object_has_a_target_too() {
        check(
            &RULE,
            "\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: queue}
spec:
  scaleTargetRef: {name: worker}
                         ^^^^^^ Deployment worker is not in this text: an assumed Deployment is \
predicted
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: other}
spec:
  scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: worker}
",
        );
    }

    #[test]
    fn a_target_of_a_kind_that_is_not_read_is_there() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web}
                                                                          ^^^ Rollout web is not \
modelled: an assumed Deployment is predicted
  maxReplicas: 5
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
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
