//! What could not be applied and which limits were reached, in words.

use super::Run;
use crate::explain::phrase::{NotePhrase, Phrase, RayPhrase};
use crate::explain::ray::stuck_text;
use crate::report::Message;
use crate::sim::Note;

/// Notes that a report holds; the first of each kind matter most.
const MOST_NOTES: usize = 50;

pub(super) fn notes(run: &Run) -> Vec<Message> {
    let notes = run.timeline.notes.iter().take(MOST_NOTES);
    notes.map(|(at, note)| Message::new().strong(at).text(": ").and(say(run, note))).collect()
}

fn say(run: &Run, note: &Note) -> Message {
    let language = run.language;
    match note {
        Note::Unschedulable { pod, reason } => {
            let (resource, nodes) = (reason.resource.as_str(), reason.nodes);
            NotePhrase::Unschedulable { pod, resource, nodes }.say(language)
        }
        Note::PodLimit { most } => NotePhrase::PodLimit { most: *most }.say(language),
        Note::StepLimit => NotePhrase::StepLimit.say(language),
        Note::WorkLimit { cluster, most } => {
            NotePhrase::WorkLimit { cluster, most: *most }.say(language)
        }
        Note::WorkLost { cluster, count } => {
            NotePhrase::WorkLost { cluster, count: *count }.say(language)
        }
        Note::RayConfig { cluster: _, error } => {
            let text = format!("{}: {error}", error.exception());
            RayPhrase::Config(&text).say(language)
        }
        Note::RayStuck { cluster: _, reason } => {
            RayPhrase::Stuck(&stuck_text(reason)).say(language)
        }
    }
}
