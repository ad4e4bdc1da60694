//! A `cooldownPeriod` on a ScaledObject that never goes to zero.
//!
//! KEDA waits it out before it sets the count to 0 (or to `idleReplicaCount`). From many pods to
//! one it is the HPA that goes down, after its own stabilization window of five minutes.
//!
//! Upstream: keda 2.21 pkg/scaling/executor/scale_scaledobjects.go `RequestScale`,
//! `scaleToZeroOrIdle`.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT041",
    name: "cooldown-without-effect",
    severity: Severity::Warning,
    chapter: "wrong/others#P38",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (_, object) in input.documents.scaled_objects() {
        let (Some(cooldown), Some(min)) = (object.cooldown_period, object.min_replica_count) else {
            continue;
        };
        if min.value < 1 || object.idle_replica_count.is_some() {
            continue;
        }
        let message = "no effect: KEDA waits this long only before going to 0. How fast the HPA goes \
                       down is its stabilization window, 5 minutes unless behavior says otherwise";
        found.push(RULE.at(cooldown.span, message).also(min.span, "it never goes to 0"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn a_cooldown_is_for_zero() {
        let text = |rest: &str, mark: &str, label: &str| {
            format!(
                "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {{name: web}}\nspec:\n  \
                 scaleTargetRef: {{name: web}}\n  triggers: []\n  cooldownPeriod: 60\n{mark}  \
                 minReplicaCount: {rest}\n{label}"
            )
        };
        let mark = "                  ^^ no effect: KEDA waits this long only before going to 0. How \
                    fast the HPA goes down is its stabilization window, 5 minutes unless behavior says \
                    otherwise\n";
        check(&RULE, &text("1", mark, "                   ~ it never goes to 0\n"));
        check(&RULE, &text("0", "", ""));
        check(&RULE, &text("2\n  idleReplicaCount: 0", "", ""));
    }
}
