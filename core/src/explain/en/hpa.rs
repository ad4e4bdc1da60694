//! What an HPA does around its metrics.

use crate::explain::phrase::{Binding, HpaPhrase};
use crate::explain::template::{code, plain, say, strong, value};
use crate::hpa::{
    Direction, Limit, PolicyKind, PolicyLimit, ScalingPolicy, SelectPolicy, SelectorProblem,
};
use crate::report::Message;
use crate::time::{Duration, Instant};

pub(in crate::explain) fn hpa(phrase: &HpaPhrase<'_>) -> Message {
    match *phrase {
        HpaPhrase::ScaleUnavailable(error) => {
            say!("The target's scale can't be read, and the look ends here: {}", code(error))
        }
        HpaPhrase::ScalingDisabled { min } => say!(
            "There are 0 replicas, and not because the HPA scaled to zero: it does nothing until \
             someone scales up. Raising minReplicas, now {}, does not wake it.",
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
        HpaPhrase::SelectorUnusable(problem) => unusable(problem),
        HpaPhrase::Stabilized { direction, window, held_by, recommendation, kept } => {
            let message = stabilized(direction, window, held_by, recommendation);
            match kept {
                Some(kept) => message.and(say!(" Until then {} stays.", value(kept))),
                None => message,
            }
        }
        HpaPhrase::NotStabilized { direction, window } => not_stabilized(direction, window),
        HpaPhrase::Limited { limit, from, to } => limited(limit, from, to),
        HpaPhrase::Policy { direction, index, policy, policies, select } => {
            by_policy(direction, index, policy, policies, select)
        }
        HpaPhrase::OtherPolicy { direction, index, policy, added, removed, allowed } => {
            named(direction, index, policy).and(say!(
                " would allow {} ({} added, {} removed).",
                value(allowed),
                plain(added),
                plain(removed),
            ))
        }
        HpaPhrase::NotLimited { min, max } => say!(
            "Between minReplicas {} and maxReplicas {}, and no faster than allowed.",
            value(min),
            value(max),
        ),
        HpaPhrase::RaisedToMin { to } => {
            say!("Up from zero, at least minReplicas {}.", value(to))
        }
        HpaPhrase::UpdateFailed => say!("The new count could not be written."),
        HpaPhrase::Wants { wanted, binding } => held(say!("wants {}", value(wanted)), binding),
        HpaPhrase::Remembers { wanted, asks, binding } => held(
            say!(
                "wants {}; the stabilization window still asks for {}",
                value(wanted),
                value(asks)
            ),
            binding,
        ),
    }
}

fn held(message: Message, binding: Option<Binding<'_>>) -> Message {
    match binding {
        None => message,
        Some(Binding::Field(field)) => message.and(say!(", held by {}", code(field))),
        Some(Binding::Window) => message.text(", held by the stabilization window"),
        Some(Binding::FailedMetric) => message.text(", held by a failed metric"),
        Some(Binding::Factor) => message.text(", at most doubled in one look"),
    }
}

fn unusable(problem: SelectorProblem) -> Message {
    match problem {
        SelectorProblem::Missing => {
            say!("The scale has no selector, so that no pod is known: no metric is read.")
        }
        SelectorProblem::Unparsable => {
            say!("The scale's selector can't be parsed: no metric is read.")
        }
        SelectorProblem::Ambiguous => say!(
            "Another HPA selects some of the same pods: both stand still, and no metric is \
             read."
        ),
    }
}

fn stabilized(
    direction: Direction,
    length: Duration,
    held_by: Instant,
    recommendation: i32,
) -> Message {
    let which = plain(match direction {
        Direction::Down => "The highest",
        Direction::Up => "The lowest",
    });
    let (window, was) = (value(length), value(recommendation));
    let (at, until) = (strong(held_by), strong(held_by + length));
    if held_by < Instant::ZERO {
        let ago = strong(Instant::ZERO.since(held_by));
        say!(
            "{} recommendation of the last {} was {}, {} ago; it leaves the window in {}.",
            which,
            window,
            was,
            ago,
            until,
        )
    } else {
        say!(
            "{} recommendation of the last {} was {} at {}; it leaves the window at {}.",
            which,
            window,
            was,
            at,
            until,
        )
    }
}

fn not_stabilized(direction: Option<Direction>, window: Duration) -> Message {
    let (way, safer) = match direction {
        None => return say!("The count stays: nothing to wait for."),
        Some(Direction::Up) => ("up", "lower"),
        Some(Direction::Down) => ("down", "higher"),
    };
    if window == Duration::ZERO {
        return say!("The window on the way {} is {}: no wait.", plain(way), value(window));
    }
    say!("No recommendation of the last {} was {}.", value(window), plain(safer))
}

fn limited(limit: &Limit, from: i32, to: i32) -> Message {
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
        Limit::ScaleUpPolicy(limit) => in_period(["scaleUp", "at most"], limit, from, to),
        Limit::ScaleDownPolicy(limit) => in_period(["scaleDown", "at least"], limit, from, to),
    }
}

fn in_period([side, bound]: [&str; 2], limit: &PolicyLimit, from: i32, to: i32) -> Message {
    if limit.policy.is_none() {
        return say!(
            "{} is Disabled: no change to {} in this direction.",
            code(format!("{side}.selectPolicy")),
            value(from),
        );
    }
    say!(
        "The policies allow {} {}, not {}: the period began with {}, since then {} added and {} \
         removed.",
        plain(bound),
        value(to),
        value(from),
        value(limit.period_start_replicas),
        plain(limit.added),
        plain(limit.removed),
    )
}

fn by_policy(
    direction: Direction,
    index: usize,
    policy: ScalingPolicy,
    policies: usize,
    select: SelectPolicy,
) -> Message {
    let message = named(direction, index, policy);
    let chosen = match select {
        SelectPolicy::Min => "smallest",
        SelectPolicy::Max | SelectPolicy::Disabled => "largest",
    };
    match policies {
        1 => message.text("."),
        _ => message.and(say!(", the {} change of {} policies.", plain(chosen), value(policies))),
    }
}

fn named(direction: Direction, index: usize, policy: ScalingPolicy) -> Message {
    let side = match direction {
        Direction::Up => "scaleUp",
        Direction::Down => "scaleDown",
    };
    let unit = match policy.kind {
        PolicyKind::Pods if policy.value == 1 => " pod",
        PolicyKind::Pods => " pods",
        PolicyKind::Percent => " %",
    };
    say!(
        "{}: {} in {}",
        code(format!("{side}.policies[{index}]")),
        value(format!("{}{unit}", policy.value)),
        value(policy.period),
    )
}
