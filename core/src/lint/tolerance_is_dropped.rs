//! A tolerance in the HPA's behavior that the selected Kubernetes release does not take.
//!
//! The field came with 1.33 behind the gate HPAConfigurableTolerance, which is off by default until
//! 1.35: the API server then drops the field without a word, and the controller's flag holds.
//!
//! Upstream: kubernetes 1.37 pkg/features/kube_features.go `HPAConfigurableTolerance`;
//! pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go `dropDisabledFields`.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT024",
    name: "tolerance-is-dropped",
    severity: Severity::Warning,
    chapter: "hpa/tolerance",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    if input.kubernetes.own_tolerance {
        return;
    }
    for (_, hpa) in input.documents.hpas() {
        let Some(behavior) = &hpa.behavior else { continue };
        for rules in [&behavior.scale_up, &behavior.scale_down].into_iter().flatten() {
            let Some(tolerance) = &rules.tolerance else { continue };
            let message = "this Kubernetes drops it: the feature gate HPAConfigurableTolerance is on \
                           by default from 1.35";
            found.push(RULE.at(tolerance.span, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check_at;
    use super::RULE;

    #[test]
    fn a_tolerance_is_taken_since_1_35() {
        let hpa = |mark: &str| {
            format!(
                "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: \
                 web}}\nspec:\n  maxReplicas: 5\n  scaleTargetRef: {{apiVersion: apps/v1, kind: \
                 Deployment, name: web}}\n  behavior: {{scaleUp: {{tolerance: 0.05}}}}\n{mark}"
            )
        };
        let mark = "                                  ^^^^ this Kubernetes drops it: the feature gate \
                    HPAConfigurableTolerance is on by default from 1.35\n";
        check_at(34, &RULE, &hpa(mark));
        check_at(35, &RULE, &hpa(""));
    }
}
