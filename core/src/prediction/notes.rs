//! What could not be applied and which limits were reached, in words.

use super::Run;
use crate::explain::Phrase;
use crate::explain::ray::stuck_text;
use crate::report::Message;
use crate::sim::Note;

/// Notes that a report holds; the first of each kind matter most.
const MOST_NOTES: usize = 50;

pub(super) fn notes(run: &Run) -> Vec<Message> {
    let notes = run.timeline.notes.iter().take(MOST_NOTES);
    notes
        .map(|(at, note)| {
            let mut message = Message::new().strong(at).text(": ");
            message.parts.extend(say(run, note).parts);
            message
        })
        .collect()
}

fn say(run: &Run, note: &Note) -> Message {
    let language = run.language;
    match note {
        Note::Unschedulable { pod, reason } => {
            let (resource, nodes) = (reason.resource.as_str(), reason.nodes);
            Phrase::Unschedulable { pod, resource, nodes }.say(language)
        }
        Note::PodLimit { most } => Phrase::PodLimit { most: *most }.say(language),
        Note::StepLimit => Phrase::StepLimit.say(language),
        Note::WorkLimit { cluster, most } => {
            Phrase::WorkLimit { cluster, most: *most }.say(language)
        }
        Note::RayConfig { cluster: _, error } => {
            let text = format!("{}: {error}", error.exception());
            Phrase::RayConfig(&text).say(language)
        }
        Note::RayStuck { cluster: _, reason } => {
            Phrase::RayStuck(&stuck_text(reason)).say(language)
        }
    }
}
