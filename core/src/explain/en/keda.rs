//! What KEDA finds and does between zero and one.

use super::word;
use crate::explain::number::{milli, number};
use crate::explain::phrase::KedaPhrase;
use crate::explain::template::{code, plain, say, value};
use crate::keda::{Direction, TriggerState};
use crate::report::Message;

pub(in crate::explain) fn keda(phrase: &KedaPhrase<'_>) -> Message {
    match *phrase {
        KedaPhrase::Trigger { metric, state, activation, is_cron } => {
            trigger(metric, state, activation, is_cron)
        }
        KedaPhrase::OnlyResources => {
            say!("There are only CPU and memory triggers, which count as active.")
        }
        KedaPhrase::Forced => {
            say!("An annotation, {}, says that it is active.", code("force-activation"))
        }
        KedaPhrase::Activated { from, to } => say!(
            "A trigger is active: {} → {} {}. The HPA decides from here.",
            value(from),
            value(to),
            word(to, "replica", "replicas"),
        ),
        KedaPhrase::Paused(direction) => say!(
            "Nothing is done: {} holds it.",
            code(match direction {
                Direction::Out => "paused-scale-out",
                Direction::In => "paused-scale-in",
            }),
        ),
        KedaPhrase::PartlyFailed => say!(
            "A trigger is active, but another one fails: the workload stays up, and the time of \
             the last activity stays as it was."
        ),
        KedaPhrase::StaysActive => {
            say!("A trigger is active and the workload is up: the cooldown starts anew.")
        }
        KedaPhrase::Failed { fallback: true } => {
            say!("A trigger fails: nothing is done until the fallback stands in for it.")
        }
        KedaPhrase::Failed { fallback: false } => {
            say!("A trigger fails and there is no fallback: nothing is done.")
        }
        KedaPhrase::CoolingDown { until, period, initial } => say!(
            "No trigger is active. {} {} holds the workload up until after {}.",
            code(if initial { "initialCooldownPeriod" } else { "cooldownPeriod" }),
            value(period),
            value(until),
        ),
        KedaPhrase::Deactivated { from, to, idle, initial } => {
            let message = say!(
                "No trigger was active for long enough: {} → {}, at once, by {}.",
                value(from),
                value(to),
                code(if idle { "idleReplicaCount" } else { "minReplicaCount" }),
            );
            if initial {
                message.and(say!(
                    " None ever was, so that only {} counted.",
                    code("initialCooldownPeriod"),
                ))
            } else {
                message
            }
        }
        KedaPhrase::RaisedToMin { to } => {
            say!("Fewer replicas than {} {}: raised.", code("minReplicaCount"), value(to))
        }
        KedaPhrase::NothingToDo => {
            say!("No trigger is active, and nothing is left to do: the rest is the HPA's.")
        }
    }
}

fn trigger(metric: &str, state: TriggerState, activation: f64, is_cron: bool) -> Message {
    match state {
        TriggerState::Active { .. } if is_cron => say!("{} is within its time.", code(metric)),
        TriggerState::Inactive { .. } if is_cron => {
            say!("{} is outside of its time.", code(metric))
        }
        TriggerState::Active { value_milli } => say!(
            "{} is {}, above its activation threshold {}: active.",
            code(metric),
            value(milli(value_milli)),
            value(number(activation)),
        ),
        TriggerState::Inactive { value_milli } => say!(
            "{} is {}, not above its activation threshold {}: not active.",
            code(metric),
            value(milli(value_milli)),
            value(number(activation)),
        ),
        TriggerState::Read { value_milli } => {
            say!("{} is {}; the formula decides.", code(metric), value(milli(value_milli)))
        }
        TriggerState::Withheld => {
            say!("{} is not computed, since a trigger fails: not active.", code(metric))
        }
        TriggerState::NoResult => {
            say!("The formula of {} fails on these values: not active.", code(metric))
        }
        TriggerState::Failed { failures: 0 } => say!("{} can't be read.", code(metric)),
        TriggerState::Failed { failures } => say!(
            "{} can't be read, for the {}{} time in a row.",
            code(metric),
            value(failures),
            plain(ordinal(failures)),
        ),
        TriggerState::Fallback { failures, value_milli } => say!(
            "{} could not be read {} times in a row: the fallback stands in, {}, and counts as \
             active.",
            code(metric),
            value(failures),
            value(milli(value_milli)),
        ),
    }
}

/// `1st`, `2nd`, `3rd`, `11th`.
fn ordinal(number: i32) -> &'static str {
    match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}
