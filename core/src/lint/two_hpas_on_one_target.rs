//! Two HPAs that scale the same target.
//!
//! Both see the same pods, find them ambiguous and stop with `AmbiguousSelector`.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT015",
    name: "two-hpas-on-one-target",
    severity: Severity::Error,
    chapter: "hpa/targets#ambiguous",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let hpas: Vec<_> = input.documents.hpas().collect();
    for (index, (document, hpa)) in hpas.iter().enumerate() {
        let same = |(other, it): &&(&crate::manifest::Document, &crate::manifest::Hpa)| {
            other.namespace() == document.namespace()
                && other.name() != document.name()
                && it.target.kind.value == hpa.target.kind.value
                && it.target.name.value == hpa.target.name.value
        };
        if let Some((_, first)) = hpas[..index].iter().find(same) {
            let message = "a second HPA on this target: both stop with AmbiguousSelector. \
                           Put all metrics into one HPA";
            let finding = RULE.at(hpa.target.name.span, message);
            found.push(finding.also(first.target.name.span, "the first HPA on it"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn the_second_hpa_on_a_target_is_marked() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: up}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
---
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: down}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                                                                ^^^ a second HPA on this target: \
both stop with AmbiguousSelector. Put all metrics into one HPA
  maxReplicas: 5
---
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: other, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
",
        );
    }
}
