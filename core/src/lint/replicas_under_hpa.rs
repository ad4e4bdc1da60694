//! A replica count in the manifest of something that an HPA scales.
//!
//! Each apply of the manifest sets the count back, and the HPA has to find it anew; a count of 0
//! switches the HPA off. The count goes in two steps: what the last client-side apply wrote is
//! removed with the field, and a Deployment without a count has 1. So it goes from the last-applied
//! annotation first.
//!
//! Upstream: kubernetes website, tasks/run-application/horizontal-pod-autoscale, "Migrating
//! Deployments and StatefulSets to horizontal autoscaling"; kubernetes 1.37
//! pkg/controller/podautoscaler/horizontal.go `reconcileAutoscaler` (`ScalingDisabled`).

use super::{Input, Rule, with_fix};
use crate::diagnostic::{Diagnostic, Severity};
use crate::yaml::edit::{self, steps};

pub(super) const RULE: Rule = Rule {
    code: "TT016",
    name: "replicas-under-hpa",
    severity: Severity::Info,
    chapter: "wrong/others#P36",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some((target, workload)) = scaler.pods() else { continue };
        // What kubectl get prints is what the HPA has set, not what someone applies.
        let is_live = target.root.entry("status").is_some();
        let Some(replicas) = workload.replicas.filter(|_| !is_live) else { continue };
        let message = if replicas.value == 0 {
            "an HPA scales this: each apply of 0 ends all pods and switches the HPA off"
        } else {
            "an HPA scales this: each apply sets the count back to this number"
        };
        let label = [scaler.title.as_str(), " scales it"].concat();
        let finding = RULE.at(replicas.span, message).also(scaler.target_span, label);
        let edit = edit::remove(input.text, &target.root, &steps("spec.replicas"));
        let kind = scaler.target_kind.to_ascii_lowercase();
        let title =
            ["remove it, after kubectl apply edit-last-applied ", &kind, "/", target.name()];
        found.push(with_fix(finding, &title.concat(), edit));
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
        let scales = [&" ".repeat(64), "~~~ HPA web scales it\n  maxReplicas"].concat();
        check(
            &RULE,
            &format!(
                "{}\
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
",
                HPA.replace("  maxReplicas", &scales)
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
