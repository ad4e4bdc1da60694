//! One autoscaler over the whole run.

use super::word;
use crate::explain::number::{grouped, number};
use crate::explain::phrase::{HeldBy, Move, VerdictPhrase, What};
use crate::explain::template::{code, plain, say, strong};
use crate::report::Message;

pub(in crate::explain) fn verdict(phrase: &VerdictPhrase<'_>) -> Message {
    match *phrase {
        VerdictPhrase::RayAutoscaler { cluster } => say!("Ray autoscaler {}", plain(cluster)),
        VerdictPhrase::NoScale => {
            say!("Never acts: its target has {} to read or write.", strong("no scale"))
        }
        VerdictPhrase::Refused { error, more, mended } => {
            let mut message = say!("The API server refuses this HPA: {}", code(error));
            if more > 0 {
                message = message.and(say!(", and {} more", plain(more)));
            }
            match mended {
                None => message.and(say!(". It scales nothing.")),
                Some([]) => message.and(say!(". If it were accepted: ")),
                Some(fields) => {
                    let with = |(field, value): &(String, Option<i32>)| match value {
                        Some(value) => format!("with {field} {value}"),
                        None => format!("without {field}"),
                    };
                    let fields: Vec<String> = fields.iter().map(with).collect();
                    message.and(say!(". Predicted {}: ", plain(fields.join(", "))))
                }
            }
        }
        VerdictPhrase::LeftToHpa => say!("Never acts: every change is the HPA's."),
        VerdictPhrase::Failed { reason } => say!("Stands still: {}.", strong(reason)),
        VerdictPhrase::Stays { count, what, held } => {
            let message = say!("Stays at {}", strong(counted(count, what)));
            match held {
                Some(by) => message.and(say!(", ")).and(held_by(&by)),
                None => message.text("."),
            }
        }
        VerdictPhrase::Moves { moves, what, held } => moved(moves, what, held),
        VerdictPhrase::Unserved { requests } => {
            let verb = word(requests, "request is", "requests are");
            say!("{} {} not served.", strong(grouped(requests)), verb)
        }
        VerdictPhrase::Unplaced { count, resource } => {
            let verb = word(count, "waits", "wait");
            let message = say!("{} still {} at the end", strong(number(count)), verb);
            match resource {
                Some(resource) => message.and(say!(": too little {}.", strong(resource))),
                None => message.text("."),
            }
        }
        VerdictPhrase::WorkStarts { at } => {
            say!("Work that waited first starts at {}.", strong(at))
        }
    }
}

fn counted(count: f64, what: What) -> String {
    let noun = match what {
        What::Replicas => "replica",
        What::Workers => "worker",
    };
    format!("{} {noun}{}", number(count), if count == 1.0 { "" } else { "s" })
}

fn held_by(held: &HeldBy<'_>) -> Message {
    say!(
        "held by {}: it wants up to {} for {}.",
        strong(held.binding),
        strong(number(held.wanted)),
        plain(held.lasted),
    )
}

/// `1 → 5 replicas by 3m 00s, then held by maxReplicas: … Then 4 at 19m 30s, 2 at 25m 30s.`
fn moved(moves: &[Move], what: What, held: Option<(usize, HeldBy<'_>)>) -> Message {
    let mut message = Message::new();
    let mut begins = true;
    for (index, step) in moves.iter().enumerate() {
        let when = if step.began == step.at { "at" } else { "by" };
        message = message.and(match (index, begins) {
            (0, _) => say!("{} → {}", plain(number(step.from)), plain(counted(step.to, what))),
            (_, true) => say!(" Then {}", plain(number(step.to))),
            (_, false) => say!(", {}", plain(number(step.to))),
        });
        message = message.and(say!(" {} {}", plain(when), strong(step.at)));
        begins = false;
        if let Some((at, by)) = held
            && at == index
        {
            message = message.and(say!(", then ")).and(held_by(&by));
            begins = true;
        }
    }
    if begins { message } else { message.text(".") }
}
