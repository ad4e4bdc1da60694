//! What a Serve controller sees, wishes for and waits for.

use super::word;
use crate::explain::number::number;
use crate::explain::phrase::ServePhrase;
use crate::explain::template::{code, plain, say, value};
use crate::report::Message;

pub(in crate::explain) fn serve(phrase: &ServePhrase<'_>) -> Message {
    match *phrase {
        ServePhrase::Seen { function, series, since, requests } => say!(
            "{} of {} series since {}: {} {} that run or wait.",
            code(function),
            value(series),
            plain(since),
            value(number(requests)),
            word(requests, "request", "requests"),
        ),
        ServePhrase::Forgotten { silent } => {
            say!("A handle has not reported for {}: its requests are forgotten.", value(silent))
        }
        ServePhrase::ColdStart { requests, wanted } => say!(
            "Nothing runs and {} {}: {} at once, without {}.",
            value(number(requests)),
            word(requests, "request waits", "requests wait"),
            value(wanted),
            code("upscale_delay_s"),
        ),
        ServePhrase::NothingRuns { target } => {
            say!("Nothing runs and nothing waits: the target stays at {}.", value(target))
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
            say!("The factor alone would hold the count for ever: one replica less.")
        }
        ServePhrase::Steady { target } => {
            say!("The target is {} already: no wish waits.", value(target))
        }
        ServePhrase::NotBelowOne => {
            say!("From more than one replica the way never leads to none at once: 1.")
        }
        ServePhrase::Waits { wanted, target, field, since, delay } => say!(
            "Wants {}, has a target of {}. {} {} runs since {}.",
            value(wanted),
            value(target),
            code(field),
            value(delay),
            value(since),
        ),
        ServePhrase::DelayOver { wanted, field, since, delay } => say!(
            "{} {} is over since it began at {}: what is wanted now counts, {}.",
            code(field),
            value(delay),
            value(since),
            value(wanted),
        ),
        ServePhrase::Gangs { gang, from, to } => {
            say!("{} is rounded up to whole gangs of {}: {}.", value(from), value(gang), value(to))
        }
        ServePhrase::Limited { field, from, to } => {
            say!("Wants {}, held by {} at {}.", value(from), code(field), value(to))
        }
    }
}
