//! A tolerance wider than one step of the replica count.
//!
//! Nothing happens while usage / target lies within the tolerance. With many pods one more is a
//! small share, so that the band hides the whole step: the HPA waits until it needs two.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `Tolerances.isWithin`, `GetResourceReplicas`.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::hpa::Tolerances;

pub(super) const RULE: Rule = Rule {
    code: "TT023",
    name: "tolerance-hides-a-step",
    severity: Severity::Info,
    chapter: "hpa/tolerance",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some(first) = scaler.utilizations.first().filter(|it| it.percent > 0) else { continue };
        let target = f64::from(first.percent);
        let tolerances = Tolerances::of(&scaler.limits);
        if tolerances.scale_up > 10.0 {
            continue;
        }
        // The first whole percentage beyond the band.
        let mut acts = (target * (1.0 + tolerances.scale_up)) as i64;
        while tolerances.is_within(acts as f64 / target) {
            acts += 1;
        }
        // ceil(replicas * acts / target) is two more as soon as replicas * (acts - target) > target.
        let over = acts.saturating_sub(i64::from(first.percent));
        if over <= 0 {
            continue;
        }
        let replicas = i64::from(first.percent) / over + 1;
        if replicas + 2 > i64::from(scaler.limits.max_replicas) {
            continue;
        }
        let message = [
            "acts only above ",
            &(acts - 1).to_string(),
            " %: from ",
            &replicas.to_string(),
            " replicas on the tolerance hides the step to one more",
        ];
        found.push(RULE.at(first.span, message.concat()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_at};
    use super::RULE;

    fn hpa(max: i32, behavior: &str, mark: &str) -> String {
        format!(
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: \
             web}}\nspec:\n  maxReplicas: {max}\n  scaleTargetRef: {{apiVersion: apps/v1, kind: \
             Deployment, name: web}}\n{behavior}  metrics:\n  - type: Resource\n    resource: {{name: \
             cpu, target: {{type: Utilization, averageUtilization: 80}}}}\n{mark}"
        )
    }

    #[test]
    fn many_replicas_go_up_two_at_a_time() {
        // 9 * 89 / 80 = 10.01, so 9 become 11; 8 * 89 / 80 = 8.9, so 8 become 9.
        let mark = [
            &" ".repeat(74),
            "^^ acts only above 88 %: from 9 replicas on the tolerance hides the step to one more\n",
        ]
        .concat();
        check(&RULE, &hpa(11, "", &mark));
        check(&RULE, &hpa(10, "", ""));
    }

    #[test]
    fn a_tolerance_of_its_own_counts_where_the_release_has_it() {
        let own = "  behavior: {scaleUp: {tolerance: 0.01}}\n";
        // From 81 % on: 80 * 81 / 80 = 81, 81 * 81 / 80 = 82.01.
        check_at(35, &RULE, &hpa(82, own, ""));
        let mark = [
            &" ".repeat(74),
            "^^ acts only above 80 %: from 81 replicas on the tolerance hides the step to one more\n",
        ]
        .concat();
        check_at(35, &RULE, &hpa(83, own, &mark));
    }
}
