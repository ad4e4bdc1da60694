//! Bindings, expectations, decisions and what could not be simulated.

use super::word;
use crate::explain::number::{grouped, number};
use crate::explain::phrase::{NotePhrase, When};
use crate::explain::template::{code, plain, say, strong, value};
use crate::report::Message;

pub(in crate::explain) fn note(phrase: &NotePhrase<'_>) -> Message {
    match *phrase {
        NotePhrase::Binds { from, to } => {
            say!("binds from {} to {}", strong(from), strong(to))
        }
        NotePhrase::TryValue { value } => say!("try {}", plain(value)),
        NotePhrase::Alternative { field, value, result } => {
            say!("{} {} → {}", plain(field), plain(value), strong(number(result)))
        }
        NotePhrase::Unschedulable { pod, resource, nodes, unmatched } => {
            unschedulable(pod, resource, nodes, unmatched)
        }
        NotePhrase::PodLimit { most } => {
            say!("At most {} pods at once are simulated.", value(grouped(most as f64)))
        }
        NotePhrase::StepLimit => say!(
            "The run ends here: more happens than can be simulated. Try a shorter duration or \
             longer intervals."
        ),
        NotePhrase::WorkLimit { cluster, most } => say!(
            "{} gets more than {} tasks, actors and placement groups: later ones are left out.",
            code(cluster),
            value(grouped(most as f64)),
        ),
        NotePhrase::WorkLost { cluster, count } => say!(
            "{} is deleted, and with it {} tasks, actors or placement groups of it.",
            code(cluster),
            value(grouped(count as f64)),
        ),
        NotePhrase::WorkSuspended { cluster, count } => say!(
            "{} is suspended and has no head: {} {} of it {} lost.",
            code(cluster),
            value(grouped(count as f64)),
            plain(if count == 1 {
                "task, actor or placement group"
            } else {
                "tasks, actors or placement groups"
            }),
            plain(if count == 1 { "is" } else { "are" }),
        ),
        NotePhrase::DecisionTitle { name, number, at } => {
            say!("{} · decision {} at {}", plain(name), plain(number), plain(at))
        }
        NotePhrase::Expected { what, bound, when, got, met } => say!(
            "{} {}{}: {}{}",
            plain(what),
            plain(bound),
            plain(match when {
                Some(When::By(at)) => format!(" by {at}"),
                Some(When::From(at)) => format!(" from {at} on"),
                None => String::new(),
            }),
            strong(number(got)),
            plain(if met { "" } else { ", not met" }),
        ),
    }
}

/// Why `pod` waits for a node.
fn unschedulable(pod: &str, resource: &str, nodes: usize, unmatched: usize) -> Message {
    let has = word(nodes, "node has", "nodes have");
    match (resource, unmatched) {
        ("", 0) => say!("{} finds no node: there are none.", code(pod)),
        ("", _) => say!(
            "{} finds no node: {} {} not match its {}.",
            code(pod),
            value(unmatched),
            word(unmatched, "node does", "nodes do"),
            code("nodeSelector"),
        ),
        (_, 0) => say!(
            "{} finds no node: {} {} too little {}.",
            code(pod),
            value(nodes),
            has,
            code(resource),
        ),
        (_, _) => say!(
            "{} finds no node: {} {} too little {}, {} {} not match its {}.",
            code(pod),
            value(nodes),
            has,
            code(resource),
            value(unmatched),
            word(unmatched, "does", "do"),
            code("nodeSelector"),
        ),
    }
}
