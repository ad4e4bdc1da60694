//! What could not be applied and which limits were reached, in words.

use super::Run;
use crate::explain::edit_phrase::EditPhrase;
use crate::explain::phrase::{NotePhrase, Phrase, RayPhrase};
use crate::explain::ray::stuck_text;
use crate::explain::ray_version_phrase::RayVersionPhrase;
use crate::nodes::Unschedulable;
use crate::ray::config::Version;
use crate::ray::version::Difference;
use crate::report::Message;
use crate::sim::Note;

/// Notes that a report holds; the first of each kind matter most.
const MOST_NOTES: usize = 50;

pub(super) fn notes(run: &Run) -> Vec<Message> {
    let notes = run.timeline.notes.iter().take(MOST_NOTES);
    let notes = notes.map(|(at, note)| Message::new().strong(at).text(": ").and(say(run, note)));
    ray_version(run).into_iter().chain(notes).collect()
}

/// What the chosen release of Ray does otherwise, where a Ray autoscaler decides.
fn ray_version(run: &Run) -> Vec<Message> {
    if run.ray_autoscalers().next().is_none() {
        return Vec::new();
    }
    let minor = run.scenario.assumptions.versions.ray.minor;
    let phrase = |difference| RayVersionPhrase { minor, difference }.say(run.language);
    Difference::of(minor).map(phrase).collect()
}

fn say(run: &Run, note: &Note) -> Message {
    let language = run.language;
    match note {
        Note::Unschedulable { pod, reason } => {
            let Unschedulable { resource, nodes, unmatched } = reason;
            let (nodes, unmatched) = (*nodes, *unmatched);
            NotePhrase::Unschedulable { pod, resource, nodes, unmatched }.say(language)
        }
        Note::PodLimit { most } => NotePhrase::PodLimit { most: *most }.say(language),
        Note::StepLimit => NotePhrase::StepLimit.say(language),
        Note::WorkLimit { cluster, most } => {
            NotePhrase::WorkLimit { cluster, most: *most }.say(language)
        }
        Note::WorkLost { cluster, count } => {
            NotePhrase::WorkLost { cluster, count: *count }.say(language)
        }
        Note::WorkSuspended { cluster, count } => {
            NotePhrase::WorkSuspended { cluster, count: *count }.say(language)
        }
        Note::Edited { cluster, fields, undone, every } => {
            let found = run.assembly.model.clusters.iter().find(|it| it.name == *cluster);
            let name = |group: usize| found?.groups.get(group).map(|it| it.name.as_str());
            let fields = fields.iter().map(|it| (it.group.and_then(name), it.to));
            let config = found.and_then(|it| it.autoscaler.as_ref()?.as_ref().ok());
            let is_v2 = found.is_some_and(|it| it.version == Version::V2);
            let waits = config.filter(|_| is_v2).map(|it| it.timeouts.waits_for_a_pod());
            let (fields, every) = (&fields.collect::<Vec<_>>(), *every);
            EditPhrase { cluster, fields, every, undone: *undone, waits }.say(language)
        }
        Note::RayConfig { cluster: _, error } => {
            RayPhrase::Config(&error.to_string()).say(language)
        }
        Note::RayStuck { cluster: _, reason } => {
            RayPhrase::Stuck(&stuck_text(reason)).say(language)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ray::version::{Difference, NEWEST_MINOR};
    use crate::{Language, examples, predict};

    #[test]
    fn an_older_release_of_ray_is_told_to_differ_where_ray_decides() {
        let notes = |id: &str, minor: u32| {
            let example = examples::EXAMPLES.iter().find(|it| it.id == id).expect("an example");
            let set = format!("spec:\n  assumptions: {{versions: {{ray: \"2.{minor}\"}}}}\n");
            let scenario = example.text().find("kind: Scenario").expect("a Scenario");
            let (before, after) = example.text().split_at(scenario);
            let text = format!("{before}{}", after.replacen("spec:\n", &set, 1));
            let report = predict(&text, Language::En).report;
            let told = report.notes.iter().map(ToString::to_string);
            told.filter(|it| it.starts_with("Ray 2.")).collect::<Vec<_>>()
        };
        assert_eq!(notes("ray-burst", NEWEST_MINOR), [""; 0]);
        assert_eq!(notes("slow-down-fast-up", 54), [""; 0], "no Ray in it");
        let all = notes("ray-burst", 54);
        assert_eq!(all.len(), Difference::ALL.len(), "{all:?}");
        assert_eq!(
            notes("ray-burst", 56),
            all[2..].iter().map(|it| it.replace("2.54", "2.56")).collect::<Vec<_>>()
        );
    }
}
