//! Two HPAs whose targets differ and whose selectors take in the same pods.
//!
//! As soon as such a pod exists, each finds that its pods are controlled by more than one HPA and
//! stops with `AmbiguousSelector` (since Kubernetes 1.26).
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `validateAndParseSelector`,
//! `hpasControllingPodsUnderSelector`.

use super::subject::{self, Scaler};
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT020",
    name: "hpas-share-pods",
    severity: Severity::Error,
    chapter: "wrong/no-decision#P5",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    // For each HPA, one before it that counts a pod that it counts as well.
    let mut shared: Vec<Option<&Scaler<'_>>> = vec![None; input.scalers.len()];
    for (document, pod) in subject::templates(input.documents) {
        let mut first: Option<&Scaler<'_>> = None;
        for (index, scaler) in input.scalers.iter().enumerate() {
            if !scaler.is_first || !scaler.counts(document.namespace(), &pod.labels) {
                continue;
            }
            match first {
                None => first = Some(scaler),
                Some(_) => shared[index] = shared[index].or(first),
            }
        }
    }
    for (scaler, first) in input.scalers.iter().zip(shared) {
        let Some(first) = first else { continue };
        let message = [
            "the pods of ",
            &first.title,
            " and of this HPA are the same by their labels: both stop with AmbiguousSelector",
        ];
        found.push(
            RULE.at(scaler.target_span, message.concat())
                .also(first.target_span, "the selectors of both targets match the same pods"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn two_hpas_must_not_see_the_same_pods() {
        let deployment = |name: &str, labels: &str| {
            format!(
                "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  \
                 selector: {{matchLabels: {{app: {name}}}}}\n  template: {{metadata: {{labels: \
                 {{{labels}}}}}}}\n"
            )
        };
        let hpa = |name: &str, marks: &str| {
            format!(
                "---\napiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {{name: \
                 {name}}}\nspec:\n  maxReplicas: 5\n  scaleTargetRef: {{apiVersion: apps/v1, kind: \
                 Deployment, name: {name}}}\n{marks}"
            )
        };
        let blank = " ".repeat(64);
        check(
            &RULE,
            &[
                deployment("web", "app: web"),
                deployment("api", "app: api"),
                deployment("shared", "app: shared"),
                "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: web}}\nspec: \
                 {containers: [{name: c}]}\n"
                    .to_owned(),
                hpa("web", ""),
                hpa("api", ""),
            ]
            .concat(),
        );
        check(
            &RULE,
            &[
                deployment("web", "app: web").replace("{app: web}}\n", "{tier: front}}\n"),
                deployment("api", "app: api, tier: front"),
                hpa(
                    "web",
                    &format!("{blank}~~~ the selectors of both targets match the same pods\n"),
                ),
                hpa(
                    "api",
                    &format!(
                        "{blank}^^^ the pods of HPA web and of this HPA are the same by their \
                         labels: both stop with AmbiguousSelector\n"
                    ),
                ),
            ]
            .concat(),
        );
    }
}
