//! A replica count in the manifest of something that an HPA scales.
//!
//! Each apply of the manifest sets the count back, and the HPA has to find it anew.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::yaml::edit::{self, steps};

pub(super) const RULE: Rule = Rule {
    code: "TT016",
    name: "replicas-under-hpa",
    severity: Severity::Info,
    chapter: "hpa/targets#replicas",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, hpa) in input.documents.hpas() {
        let Some((target, workload)) = input.documents.target_of(document, hpa) else { continue };
        // What kubectl get prints is what the HPA has set, not what someone applies.
        let is_live = target.root.entry("status").is_some();
        let Some(replicas) = workload.replicas.filter(|_| !is_live) else { continue };
        let message = "an HPA scales this: each apply sets the count back to this number";
        let finding =
            RULE.at(replicas.span, message).also(hpa.target.name.span, "this HPA scales it");
        let edit = edit::remove(input.text, &target.root, &steps("spec.replicas"));
        let fix = edit.map(|it| Fix::changes_decisions("leave the count to the HPA", vec![it]));
        found.push(fix.into_iter().fold(finding, Diagnostic::with));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    const HPA: &str = "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
---
";

    #[test]
    fn a_count_next_to_an_hpa_is_marked() {
        check(
            &RULE,
            &format!(
                "{HPA}\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: 3
            ^ an HPA scales this: each apply sets the count back to this number
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: other}}
spec:
  replicas: 3
"
            ),
        );
    }

    #[test]
    fn the_fix_removes_the_line() {
        let deployment = |replicas| {
            format!(
                "{HPA}apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n\
                 {replicas}  paused: false\n"
            )
        };
        assert_eq!(fixed(&RULE, &deployment("  replicas: 3\n")), deployment(""));
    }
}
