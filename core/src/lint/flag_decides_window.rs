//! A scale-down window left to a controller's flag that the Scenario has changed.
//!
//! `--horizontal-pod-autoscaler-downscale-stabilization` is one for all HPAs, and a managed cluster
//! does not let anyone set it. The field of the HPA goes before it. A `behavior` changes more than
//! the window: its default policies take the place of the limit without one.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
//! `maybeInitScaleDownStabilizationWindow`.

use super::{Input, Rule, with_fix};
use crate::assumption::Assumptions;
use crate::diagnostic::{Diagnostic, Severity};
use crate::yaml::edit::{self, steps};

pub(super) const RULE: Rule = Rule {
    code: "TT030",
    name: "flag-decides-window",
    severity: Severity::Info,
    chapter: "wrong/time#P24",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let window = input.scenario.assumptions.hpa.downscale_stabilization;
    let Some(flag) = input.scenario.set.get("hpa.downscaleStabilization") else { return };
    if window == Assumptions::default().hpa.downscale_stabilization {
        return;
    }
    for scaler in &input.scalers {
        let down = scaler.limits.behavior.as_ref().map(|it| it.scale_down.stabilization_window);
        if down.flatten().is_some() {
            continue;
        }
        let message = "no window of its own for scaling down: the controller's flag decides, which \
                       managed clusters do not let you set";
        let finding = RULE.at(scaler.document.metadata.name.span, message);
        let finding = finding.also(*flag, "the flag is changed here");
        let path = match (scaler.hpa, scaler.document.api_version.value.as_str()) {
            (None, _) => "spec.advanced.horizontalPodAutoscalerConfig.behavior",
            (Some(_), "autoscaling/v2") => "spec.behavior",
            (Some(_), _) => "",
        };
        let seconds = (window.ms() / 1000).min(3600).to_string();
        let path = [path, ".scaleDown.stabilizationWindowSeconds"].concat();
        let root = &scaler.document.root;
        let edit = (!path.starts_with('.'))
            .then(|| edit::set(input.text, root, &steps(&path), &seconds))
            .flatten();
        found.push(with_fix(finding, "write it into the HPA", edit));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn text(window: &str, behavior: &str, label: &str, mark: &str) -> String {
        format!(
            "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  assumptions:\n    hpa:\n      \
             downscaleStabilization: {window}\n{label}---\napiVersion: autoscaling/v2\nkind: \
             HorizontalPodAutoscaler\nmetadata: {{name: web}}\n{mark}spec:\n  maxReplicas: 5\n  \
             scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}\n{behavior}"
        )
    }

    const OWN: &str = "  behavior:\n    scaleDown:\n      stabilizationWindowSeconds: 60\n";

    #[test]
    fn a_changed_flag_is_no_field() {
        let label = "                              ~~ the flag is changed here\n";
        let mark = "                 ^^^ no window of its own for scaling down: the controller's flag \
                    decides, which managed clusters do not let you set\n";
        check(&RULE, &text("1m", "", label, mark));
        check(&RULE, &text("1m", OWN, "", ""));
        check(&RULE, &text("5m", "", "", ""));
    }

    #[test]
    fn the_fix_writes_the_field() {
        assert_eq!(fixed(&RULE, &text("1m", "", "", "")), text("1m", OWN, "", ""));
    }
}
