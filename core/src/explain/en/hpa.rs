//! What an HPA does around its metrics.

use crate::explain::phrase::HpaPhrase;
use crate::explain::template::{code, plain, say, strong, value};
use crate::hpa::{Direction, Limit, PolicyKind, PolicyLimit, ScalingPolicy};
use crate::report::Message;

pub(in crate::explain) fn hpa(phrase: &HpaPhrase<'_>) -> Message {
    match *phrase {
        HpaPhrase::ScaleUnavailable(error) => {
            say!("The target's scale can't be read, and the look ends here: {}", code(error))
        }
        HpaPhrase::ScalingDisabled { min } => say!(
            "There are 0 replicas, and not because the HPA scaled to zero: it does nothing until \
             someone scales up. minReplicas is {}.",
            value(min),
        ),
        HpaPhrase::AboveMax { current, max } => say!(
            "From {} straight to maxReplicas {}: no metric is read.",
            value(current),
            value(max),
        ),
        HpaPhrase::BelowMin { current, min } => say!(
            "From {} straight to minReplicas {}: no metric is read.",
            value(current),
            value(min),
        ),
        HpaPhrase::SelectorUnusable => {
            say!("The selector does not tell whose pods these are: no metric is read.")
        }
        HpaPhrase::Stabilized { direction, window, held_by, recommendation } => say!(
            "{} recommendation of the last {} is {}, from {}; it counts until {}.",
            plain(match direction {
                Direction::Down => "The highest",
                Direction::Up => "The lowest",
            }),
            value(window),
            value(recommendation),
            strong(held_by),
            strong(held_by + window),
        ),
        HpaPhrase::NotStabilized => say!("No recommendation within the window holds it."),
        HpaPhrase::Limited { limit, policy, from, to } => limited(limit, policy, from, to),
        HpaPhrase::NotLimited { min, max } => say!(
            "Between minReplicas {} and maxReplicas {}, and no faster than allowed.",
            value(min),
            value(max),
        ),
        HpaPhrase::RaisedToMin { to } => {
            say!("Up from zero, at least minReplicas {}.", value(to))
        }
        HpaPhrase::UpdateFailed => say!("The new count could not be written."),
        HpaPhrase::Wants { wanted, binding: Some(binding) } => {
            say!("wants {}, held by {}", value(wanted), code(binding))
        }
        HpaPhrase::Wants { wanted, binding: None } => say!("wants {}", value(wanted)),
    }
}

fn limited(limit: &Limit, policy: Option<ScalingPolicy>, from: i32, to: i32) -> Message {
    match limit {
        Limit::MaxReplicas => {
            say!("{} is more than maxReplicas: capped at {}.", value(from), value(to))
        }
        Limit::MinReplicas => {
            say!("{} is fewer than minReplicas: raised to {}.", value(from), value(to))
        }
        Limit::ScaleUpFactor { current_replicas } => say!(
            "{} is more than max(2 × {}, 4), the most that one look allows without behavior.",
            value(from),
            value(current_replicas),
        ),
        Limit::ScaleUpPolicy(limit) => by_policy("scaleUp", limit, policy, from),
        Limit::ScaleDownPolicy(limit) => by_policy("scaleDown", limit, policy, from),
    }
}

fn by_policy(side: &str, limit: &PolicyLimit, policy: Option<ScalingPolicy>, from: i32) -> Message {
    let (Some(index), Some(policy)) = (limit.policy, policy) else {
        return say!(
            "{} is Disabled: no change to {} in this direction.",
            code(format!("{side}.selectPolicy")),
            value(from),
        );
    };
    let unit = match policy.kind {
        PolicyKind::Pods if policy.value == 1 => " pod",
        PolicyKind::Pods => " pods",
        PolicyKind::Percent => " %",
    };
    say!(
        "{}, {} in {}, stops {} at {}: its period began with {}, since then {} added and {} \
         removed.",
        code(format!("{side}.policies[{index}]")),
        value(format!("{}{unit}", policy.value)),
        value(policy.period),
        value(from),
        value(limit.allowed),
        value(limit.period_start_replicas),
        plain(limit.added),
        plain(limit.removed),
    )
}
