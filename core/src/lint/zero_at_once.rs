//! A ScaledObject that takes a fresh Deployment to zero at its first look.
//!
//! `cooldownPeriod` counts from the last time a trigger was active. As long as none ever was, only
//! `initialCooldownPeriod` holds KEDA back, and that is 0.
//!
//! Upstream: keda 2.21 pkg/scaling/executor/scale_scaledobjects.go `scaleToZeroOrIdle`.

use super::{Input, Rule, with_fix};
use crate::diagnostic::{Diagnostic, Severity};
use crate::yaml::edit::{self, steps};

pub(super) const RULE: Rule = Rule {
    code: "TT042",
    name: "zero-at-once",
    severity: Severity::Info,
    chapter: "wrong/others#P39",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, object) in input.documents.scaled_objects() {
        let goes_to_zero = object.min_replica_count.is_none_or(|it| it.value == 0);
        let waits = object.initial_cooldown_period.is_some_and(|it| it.value > 0);
        // Without another trigger KEDA never goes to zero.
        let mut others =
            object.triggers.iter().filter(|it| !matches!(&*it.kind.value, "cpu" | "memory"));
        if !goes_to_zero || waits || others.next().is_none() {
            continue;
        }
        let message = "until a trigger was active once, KEDA scales to 0 at its first look: \
                       cooldownPeriod counts from the last activity, initialCooldownPeriod is 0";
        let cooldown = object.cooldown_period.map_or(300, |it| it.value).to_string();
        let place = object.min_replica_count.map_or(document.metadata.name.span, |it| it.span);
        let path = steps("spec.initialCooldownPeriod");
        let edit = edit::set(input.text, &document.root, &path, &cooldown);
        let title = ["wait ", &cooldown, " s after its creation"].concat();
        found.push(with_fix(RULE.at(place, message), &title, edit));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn text(kind: &str, rest: &str, mark: &str) -> String {
        format!(
            "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {{name: web}}\n{mark}spec:\n  \
             scaleTargetRef: {{name: web}}\n  triggers: [{{type: {kind}, metadata: {{}}}}]\n{rest}"
        )
    }

    #[test]
    fn before_the_first_activity_nothing_waits() {
        let mark = "                 ^^^ until a trigger was active once, KEDA scales to 0 at its first \
                    look: cooldownPeriod counts from the last activity, initialCooldownPeriod is 0\n";
        check(&RULE, &text("kafka", "", mark));
        check(&RULE, &text("kafka", "  initialCooldownPeriod: 60\n", ""));
        check(&RULE, &text("kafka", "  minReplicaCount: 1\n", ""));
        check(&RULE, &text("cpu", "", ""));
    }

    #[test]
    fn the_fix_waits_as_long_as_later() {
        let before = text("kafka", "  cooldownPeriod: 60\n", "");
        let after = text("kafka", "  cooldownPeriod: 60\n  initialCooldownPeriod: 60\n", "");
        assert_eq!(fixed(&RULE, &before), after);
    }
}
