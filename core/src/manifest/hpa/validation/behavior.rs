//! What is refused in `spec.behavior`.
//!
//! Upstream: kubernetes 1.37 pkg/apis/autoscaling/validation/validation.go `validateScalingRules`,
//! `validateScalingPolicy`.

use crate::go::quoted;
use crate::manifest::hpa::{Behavior, ScalingPolicy, ScalingRules};
use crate::manifest::validation::Refusal;

const LONGEST_WINDOW_SECONDS: i32 = 3600;
const LONGEST_PERIOD_SECONDS: i32 = 1800;

pub(super) fn behavior(behavior: &Behavior, refuse: Refusal<'_>) {
    for (rules, name) in [(&behavior.scale_up, "scaleUp"), (&behavior.scale_down, "scaleDown")] {
        if let Some(rules) = rules {
            // The defaults of v2 come before validation, those of v1 do not.
            let needs_policies = rules.policies.is_some() || !behavior.is_completed;
            scaling_rules(rules, &format!("spec.behavior.{name}"), needs_policies, refuse);
        }
    }
}

fn scaling_rules(rules: &ScalingRules, path: &str, needs_policies: bool, refuse: Refusal<'_>) {
    if let Some(window) = rules.stabilization_window_seconds {
        let path = format!("{path}.stabilizationWindowSeconds");
        let detail = match window.value {
            ..0 => "must be greater than or equal to zero",
            0..=LONGEST_WINDOW_SECONDS => "",
            _ => "must be less than or equal to 3600",
        };
        if !detail.is_empty() {
            refuse.invalid(window.span, &path, window.value, detail);
        }
    }
    if let Some(select) = &rules.select_policy
        && !matches!(select.value.as_str(), "Disabled" | "Max" | "Min")
    {
        let path = format!("{path}.selectPolicy");
        refuse.unsupported(select.span, &path, &select.value, &["Disabled", "Max", "Min"]);
    }
    let policies = rules.policies.as_ref();
    let span = policies.map_or(rules.span, |it| it.span);
    let policies = policies.map_or(&[][..], |it| &it.value);
    let path_of_policies = format!("{path}.policies");
    if needs_policies && policies.is_empty() {
        refuse.missing(span, &path_of_policies, "must specify at least one Policy");
    }
    for (index, policy) in policies.iter().enumerate() {
        scaling_policy(policy, &format!("{path_of_policies}[{index}]"), refuse);
    }
    // One that is dropped is not looked at.
    if let Some(tolerance) = &rules.tolerance
        && tolerance.value.signum() < 0
        && refuse.rules.own_tolerance
    {
        let path = format!("{path}.tolerance");
        let value = quoted(&tolerance.value.to_string());
        refuse.invalid(tolerance.span, &path, value, "must be greater than or equal to 0");
    }
}

fn scaling_policy(policy: &ScalingPolicy, path: &str, refuse: Refusal<'_>) {
    if let Some((kind, span)) = refuse.or_empty(policy.kind.as_ref(), policy.span)
        && !matches!(kind, "Percent" | "Pods")
    {
        refuse.unsupported(span, &format!("{path}.type"), kind, &["Percent", "Pods"]);
    }
    let positive = "must be greater than zero";
    if let Some(value) = refuse.or_zero(policy.value, policy.span).filter(|it| it.value <= 0) {
        refuse.invalid(value.span, &format!("{path}.value"), value.value, positive);
    }
    let Some(period) = refuse.or_zero(policy.period_seconds, policy.span) else { return };
    let path = format!("{path}.periodSeconds");
    if period.value <= 0 {
        refuse.invalid(period.span, &path, period.value, positive);
    } else if period.value > LONGEST_PERIOD_SECONDS {
        let detail = "must be less than or equal to 1800";
        refuse.invalid(period.span, &path, period.value, detail);
    }
}
