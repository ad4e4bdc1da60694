//! One autoscaler over the whole run.

use super::word;
use crate::explain::number::{grouped, number};
use crate::explain::phrase::{HeldBy, Lack, Move, VerdictPhrase, What};
use crate::explain::template::{code, plain, say, strong};
use crate::report::Message;

#[expect(clippy::too_many_lines, reason = "one sentence for each phrase")]
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
        VerdictPhrase::RefusedByKubeRay { error, more } => {
            let mut message = say!("KubeRay refuses this: {}", code(error));
            if more > 0 {
                message = message.and(say!(", and {} more", plain(more)));
            }
            message.and(say!(". It makes and deletes no pods of it. If it were accepted: "))
        }
        VerdictPhrase::LeftToHpa => say!("Never acts: every change is the HPA's."),
        VerdictPhrase::Failed { reason, at_end } => {
            let end = if at_end { " at the end" } else { "" };
            say!("Stands still{}: {} ({}).", plain(end), plain(why(reason)), strong(reason))
        }
        VerdictPhrase::Unconfigured { exception } => {
            say!("Never acts: it can't read its RayCluster ({}).", strong(exception),)
        }
        VerdictPhrase::Stays { count, what, held } => {
            let message = say!("Stays at {}", strong(counted(count, what)));
            match held {
                Some(by) => message.and(say!(", ")).and(held_by(&by)),
                None => message.text("."),
            }
        }
        VerdictPhrase::NoHead { suspended: true } => {
            say!("Never looks: the cluster is suspended and has no head.")
        }
        VerdictPhrase::NoHead { suspended: false } => say!("Never looks: its head does not run."),
        VerdictPhrase::Left { from, to, what } => say!(
            "Changes nothing: what takes the count from {} to {} is not its own.",
            strong(number(from)),
            strong(counted(to, what)),
        ),
        VerdictPhrase::Moves { moves, what, held, more } => {
            let message = moved(moves, what, held);
            match more {
                0 => message,
                1 => message.text(" One more move follows."),
                _ => message.and(say!(" {} more moves follow.", plain(more))),
            }
        }
        VerdictPhrase::Unserved { requests } => {
            let verb = word(requests, "request is", "requests are");
            say!("{} {} not served.", strong(grouped(requests)), verb)
        }
        VerdictPhrase::Queued { most } => {
            let verb = word(most, "request waits", "requests wait");
            say!("Up to {} {} at once.", strong(grouped(most)), verb)
        }
        VerdictPhrase::Unplaced { count, why } => {
            let verb = word(count, "waits", "wait");
            let message = say!("{} still {} at the end", strong(number(count)), verb);
            match why {
                Some(Lack::Resource(resource)) => {
                    message.and(say!(": no worker group has enough {}.", strong(resource)))
                }
                Some(Lack::Room(group)) => {
                    message.and(say!(": {} is at its maxReplicas.", strong(group)))
                }
                Some(Lack::Labels) => message.text(": no worker group has the labels."),
                None => message.text("."),
            }
        }
        VerdictPhrase::WorkStarts { at } => {
            say!("The first work that waited starts at {}.", strong(at))
        }
    }
}

fn counted(count: f64, what: What) -> String {
    let noun = match what {
        What::Replicas => "replica",
        What::Workers => "worker",
        What::Pods => "pod",
    };
    format!("{} {noun}{}", number(count), if count == 1.0 { "" } else { "s" })
}

fn held_by(held: &HeldBy<'_>) -> Message {
    let wanted = strong(number(held.wanted));
    let (held, lasted, or_more) = (strong(held.binding), plain(held.lasted), held.or_more);
    if or_more {
        return say!(
            "held by {} for {}; without it there would be {} or more.",
            held,
            lasted,
            wanted
        );
    }
    say!("held by {} for {}; without it there would be up to {}.", held, lasted, wanted)
}

/// Why an HPA can't act, by the reason in its condition.
fn why(reason: &str) -> &'static str {
    match reason {
        "AmbiguousSelector" => "another HPA selects the same pods",
        "InvalidSelector" => "its target has no usable selector",
        "ScalingDisabled" => "its target was scaled to 0 by someone else",
        "TriggerError" => "a trigger can't be read",
        _ => "a metric can't be read",
    }
}

/// `1 → 5 replicas by 3m 00s, then held by maxReplicas: … Then down to 4 at 19m 30s, 2 at 25m 30s.`
/// Where somebody else set the count between: `4 → 7 replicas by 2m 30s; 4 → 9 by 4m 00s.`
fn moved(moves: &[Move], what: What, held: Option<(usize, HeldBy<'_>)>) -> Message {
    let mut message = Message::new();
    let (mut begins, mut was_up) = (true, None);
    for (index, step) in moves.iter().enumerate() {
        let when = if step.began == step.at { "at" } else { "by" };
        let way = if step.is_up() { "up" } else { "down" };
        let turns = was_up.is_some_and(|it| it != step.is_up());
        let previous = index.checked_sub(1).and_then(|it| moves.get(it));
        message = message.and(match (index, begins, turns) {
            (0, ..) => say!("{} → {}", plain(number(step.from)), plain(counted(step.to, what))),
            (_, begins, _) if step.starts_anew(previous) => {
                let link = if begins { " Then" } else { ";" };
                let (from, to) = (number(step.from), number(step.to));
                say!("{} {} → {}", plain(link), plain(from), plain(to))
            }
            (_, true, _) => say!(" Then {} to {}", plain(way), plain(number(step.to))),
            (_, false, true) => say!("; {} to {}", plain(way), plain(number(step.to))),
            (_, false, false) => say!(", {}", plain(number(step.to))),
        });
        message = message.and(say!(" {} {}", plain(when), strong(step.at)));
        (begins, was_up) = (false, Some(step.is_up()));
        if let Some((at, by)) = held
            && at == index
        {
            message = message.and(say!(", then ")).and(held_by(&by));
            begins = true;
        }
    }
    if begins { message } else { message.text(".") }
}
