//! An HPA that targets a Ray resource.
//!
//! RayCluster, RayService and RayJob have no `scale` subresource: the HPA gets `FailedGetScale`
//! and does nothing. Ray scales with its own autoscalers.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT011",
    name: "no-scale-subresource",
    severity: Severity::Error,
    chapter: "both/targets#ray",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (_, hpa) in input.documents.hpas() {
        let kind = &hpa.target.kind;
        let instead = match kind.value.as_str() {
            "RayCluster" | "RayJob" => {
                "set enableInTreeAutoscaling and let Ray's autoscaler scale it"
            }
            "RayService" => "set autoscaling_config in serveConfigV2 and let Ray Serve scale it",
            _ => continue,
        };
        let message = format!(
            "a {} has no scale subresource, so this HPA fails with FailedGetScale: {instead}",
            kind.value
        );
        found.push(RULE.at(kind.span, message));
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
",
        );
    }
}
