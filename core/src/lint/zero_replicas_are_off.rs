//! `minReplicas: 0` where the feature gate for it is off.
//!
//! The gate HPAScaleToZero is off by default before Kubernetes 1.37, and the API server then wants
//! at least 1: that is said as the API server says it, and here is why. From 1.37 the gate is on; an
//! Object or External metric is needed in any case.
//!
//! Upstream: kubernetes 1.37 pkg/features/kube_features.go `HPAScaleToZero`;
//! pkg/apis/autoscaling/validation/validation.go `ValidateHorizontalPodAutoscaler`.

use super::{Input, Rule, with_fix};
use crate::diagnostic::{Diagnostic, Severity};
use crate::yaml::edit::{self, steps};

pub(super) const RULE: Rule = Rule {
    code: "TT021",
    name: "zero-replicas-are-off",
    severity: Severity::Info,
    chapter: "wrong/no-decision#P9",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, hpa) in input.documents.hpas() {
        let Some(min) = hpa.min_replicas.filter(|it| it.value == 0) else { continue };
        if input.kubernetes.scale_to_zero {
            continue;
        }
        let message = "scaling to 0 needs the feature gate HPAScaleToZero, which is on by default \
                       from Kubernetes 1.37";
        let edit = edit::set(input.text, &document.root, &steps("spec.minReplicas"), "1");
        found.push(with_fix(RULE.at(min.span, message), "keep 1 pod", edit));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_at, fixed_at};
    use super::RULE;

    fn hpa(min: &str, mark: &str) -> String {
        format!(
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: \
             web}}\nspec:\n  minReplicas: {min}\n{mark}  maxReplicas: 5\n  scaleTargetRef: \
             {{apiVersion: apps/v1, kind: Deployment, name: web}}\n"
        )
    }

    #[test]
    fn zero_is_on_since_1_37() {
        let mark = "               ^ scaling to 0 needs the feature gate HPAScaleToZero, which is on \
                    by default from Kubernetes 1.37\n";
        check_at(36, &RULE, &hpa("0", mark));
        check_at(36, &RULE, &hpa("1", ""));
        check_at(37, &RULE, &hpa("0", ""));
    }

    #[test]
    fn the_fix_keeps_one() {
        assert_eq!(fixed_at(36, &RULE, &hpa("0", "")), hpa("1", ""));
    }
}
