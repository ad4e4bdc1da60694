//! Scale-up policies that need more than ten minutes from `minReplicas` to `maxReplicas`.
//!
//! A policy is a limit: it never makes a step, it holds one back. What was added within its period
//! counts against it, however much the metrics ask for.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
//! `calculateScaleUpLimitWithScalingRules`.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::hpa::{ScaleEvents, SelectPolicy, Spec, store_scale_event, within_behavior};
use crate::time::{Duration, Instant};

pub(super) const RULE: Rule = Rule {
    code: "TT051",
    name: "slow-scale-up",
    severity: Severity::Info,
    chapter: "wrong/time#P25",
    check,
};

/// What is still fast.
const FAST: Duration = Duration::from_seconds(600);
/// How many looks are followed.
const MOST_LOOKS: usize = 3_000;

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let period = input.scenario.assumptions.hpa.sync_period;
    for scaler in &input.scalers {
        let written = scaler.hpa.map(|it| &it.behavior);
        let written = written.or_else(|| scaler.scaled_object.map(|it| &it.behavior));
        let Some(rules) = written.and_then(|it| it.as_ref()?.scale_up.as_ref()) else { continue };
        let Some((from, replicas, time)) = climb(&scaler.limits, period) else { continue };
        let reached = replicas >= scaler.limits.max_replicas;
        if reached && time <= FAST {
            continue;
        }
        let place = rules.policies.as_ref().map_or(rules.span, |it| it.span);
        let (from, to, time) = (from.to_string(), replicas.to_string(), time.to_string());
        let message = if replicas == 0 {
            "a percentage of 0 pods is 0: from zero these policies never start one".to_owned()
        } else if reached {
            ["at best these policies take ", &time, " from ", &from, " to ", &to, " replicas"]
                .concat()
        } else {
            ["at best these policies get from ", &from, " to ", &to, " replicas in ", &time]
                .concat()
        };
        found.push(RULE.at(place, message));
    }
}

/// From how many replicas to how many it goes, and how long that takes, if the metrics ask for the
/// most all the time. None where scaling up is switched off.
fn climb(limits: &Spec, period: Duration) -> Option<(i32, i32, Duration)> {
    let behavior = limits.behavior.as_ref()?;
    if behavior.scale_up.select_policy == SelectPolicy::Disabled {
        return None;
    }
    let bounds = (limits.min_replicas, limits.max_replicas);
    let (mut replicas, mut now) = (bounds.0, Instant::ZERO);
    let mut events = ScaleEvents::default();
    for _ in 0..MOST_LOOKS {
        let (next, _) = within_behavior(replicas, bounds.1, bounds, behavior, &events, now);
        if next > replicas {
            store_scale_event(Some(behavior), &mut events, replicas, next, now);
            replicas = next;
        }
        if replicas >= bounds.1 {
            break;
        }
        now = now + period;
    }
    Some((bounds.0, replicas, now.since(Instant::ZERO)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn hpa(min: i32, max: i32, up: &str, mark: &str) -> String {
        format!(
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: \
             web}}\nspec:\n  minReplicas: {min}\n  maxReplicas: {max}\n  scaleTargetRef: \
             {{apiVersion: apps/v1, kind: Deployment, name: web}}\n  behavior: {{scaleUp: {up}}}\n{mark}"
        )
    }

    #[test]
    fn the_time_to_the_top_is_counted_in_looks() {
        let mark = |what: &str| format!("{}{} {what}\n", " ".repeat(33), "^".repeat(43));
        let two = "{policies: [{type: Pods, value: 2, periodSeconds: 60}]}";
        // The first 2 at once, then 2 every 60 s: 1 + 2 + 2 * 11 = 25 after 11 minutes.
        let slow = mark("at best these policies take 11m 00s from 1 to 25 replicas");
        check(&RULE, &hpa(1, 25, two, &slow));
        check(&RULE, &hpa(1, 23, two, ""));
        // 3,000 looks, 15 s apart, 2 pods in each fourth.
        let endless = mark("at best these policies get from 1 to 1501 replicas in 12h 30m 00s");
        check(&RULE, &hpa(1, 5_000, two, &endless));
        check(&RULE, &hpa(1, 5_000, "{selectPolicy: Disabled}", ""));
        check(&RULE, &hpa(1, 1_000, "{stabilizationWindowSeconds: 60}", ""));
    }

    #[test]
    fn a_percentage_of_nothing_is_nothing() {
        let percent = "{policies: [{type: Percent, value: 900, periodSeconds: 15}]}";
        let mark = format!(
            "{}{} a percentage of 0 pods is 0: from zero these policies never start one\n",
            " ".repeat(33),
            "^".repeat(48)
        );
        check(&RULE, &hpa(0, 10, percent, &mark));
        check(&RULE, &hpa(1, 10, percent, ""));
    }
}
