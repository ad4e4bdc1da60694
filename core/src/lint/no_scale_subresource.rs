//! An HPA or ScaledObject on something that has no `scale` subresource.
//!
//! RayCluster, RayService and RayJob have none: the HPA gets `FailedGetScale` and does nothing, and
//! KEDA makes no HPA. Ray scales with its own autoscalers. DaemonSets and Jobs have none either.
//!
//! Upstream: kuberay ray-operator/apis/ray/v1 (no `+kubebuilder:subresource:scale`); kubernetes 1.37
//! pkg/controller/podautoscaler/horizontal.go `scaleForResourceMappings`; keda 2.21
//! controllers/keda/scaledobject_controller.go `checkTargetResourceIsScalable`.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT011",
    name: "no-scale-subresource",
    severity: Severity::Error,
    chapter: "wrong/no-decision#P6",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let kind = scaler.target_kind;
        let Some(instead) = instead(kind) else { continue };
        let effect = if scaler.hpa.is_some() {
            " has no scale subresource, so this HPA fails with FailedGetScale: "
        } else {
            " has no scale subresource, so KEDA makes no HPA: "
        };
        found.push(RULE.at(scaler.target_kind_span, ["a ", kind, effect, instead].concat()));
    }
}

/// What to do about a kind without a scale.
pub(super) fn instead(kind: &str) -> Option<&'static str> {
    match kind {
        "RayCluster" | "RayJob" => {
            Some("set enableInTreeAutoscaling and let Ray's autoscaler scale it")
        }
        "RayService" => Some("set autoscaling_config in serveConfigV2 and let Ray Serve scale it"),
        "DaemonSet" => Some("it runs one pod on each node"),
        "Job" | "CronJob" | "Pod" => Some("scale a Deployment or a StatefulSet"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn a_ray_resource_is_no_target() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ray}
spec:
  scaleTargetRef:
    apiVersion: ray.io/v1
    kind: RayCluster
          ^^^^^^^^^^ a RayCluster has no scale subresource, so this HPA fails with FailedGetScale: \
set enableInTreeAutoscaling and let Ray's autoscaler scale it
    name: ray
  maxReplicas: 5
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: agent}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: DaemonSet, name: agent}
                                              ^^^^^^^^^ a DaemonSet has no scale subresource, so \
this HPA fails with FailedGetScale: it runs one pod on each node
  maxReplicas: 5
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: ray}
spec:
  scaleTargetRef: {apiVersion: ray.io/v1, kind: RayService, name: ray}
                                                ^^^^^^^^^^ a RayService has no scale subresource, \
so KEDA makes no HPA: set autoscaling_config in serveConfigV2 and let Ray Serve scale it
",
        );
    }
}
