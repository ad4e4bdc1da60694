//! What a Serve controller sees, wishes for and waits for.

use super::word;
use crate::explain::number::number;
use crate::explain::phrase::ServePhrase;
use crate::explain::template::{code, plain, say, value};
use crate::report::Message;

pub(in crate::explain) fn serve(phrase: &ServePhrase<'_>) -> Message {
    match *phrase {
        ServePhrase::Seen { function, series, since, requests } => say!(
            "{} since {}, over {} series: {} {} running or waiting.",
            code(function),
            plain(since),
            value(series),
            value(number(requests)),
            word(requests, "request", "requests"),
        ),
        ServePhrase::Forgotten { silent } => {
            say!("A handle has not reported for {}: its requests are forgotten.", value(silent))
        }
        ServePhrase::ColdStart { requests, wanted } => say!(
            "No replica runs and {} {}: {} at once, without waiting for {}.",
            value(number(requests)),
            word(requests, "request waits", "requests wait"),
            value(wanted),
            code("upscale_delay_s"),
        ),
        ServePhrase::NothingRuns { target } => {
            say!("No replica runs and no request waits: the target stays at {}.", value(target))
        }
        ServePhrase::Ratio { running, requests, target_each, desired } => say!(
            "{} × {} / ({} × {}) = {}",
            value(running),
            value(number(requests)),
            value(number(target_each)),
            value(running),
            value(number(desired)),
        ),
        ServePhrase::Scaled { factor, running, desired, wanted } => say!(
            "ceil({} + {} × ({} − {})) = {}",
            value(running),
            value(number(factor)),
            value(number(desired)),
            value(running),
            value(wanted),
        ),
        ServePhrase::OneLess => {
            say!("The factor alone would never lower the count: one replica fewer.")
        }
        ServePhrase::Steady { target } => {
            say!("The target is {} already: there is nothing to wait for.", value(target))
        }
        ServePhrase::NotBelowOne => {
            say!("Serve never goes from several replicas to none in one step: 1.")
        }
        ServePhrase::Waits { wanted, target, field, since, delay } => say!(
            "Wants {}; the target is {}. {} ({}) has been running since {}.",
            value(wanted),
            value(target),
            code(field),
            value(delay),
            value(since),
        ),
        ServePhrase::DelayOver { wanted, field, since, delay } => say!(
            "{} ({}), running since {}, is over: the target becomes {}, which is wanted now.",
            code(field),
            value(delay),
            value(since),
            value(wanted),
        ),
        ServePhrase::Gangs { gang, from, to } => {
            say!("{} rounded up to whole gangs of {}: {}.", value(from), value(gang), value(to))
        }
        ServePhrase::Limited { field, from, to } => {
            say!("Wants {}; {} holds it at {}.", value(from), code(field), value(to))
        }
    }
}
