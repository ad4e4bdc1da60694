//! The right side of a chart's heading: the names of its series, and what the note adds to them.

use tidetable_core::report::{Chart, Message, Part, PartRole, SeriesRole};

const BETWEEN: &str = " · ";

/// Whether a series is named beside the heading: limits and ghosts are named in the picture, and
/// a series that is alone by the heading itself.
pub(crate) fn is_named(chart: &Chart, role: SeriesRole) -> bool {
    let in_heading = |role: SeriesRole| match role {
        SeriesRole::Area | SeriesRole::Line | SeriesRole::Unserved => true,
        SeriesRole::Limit | SeriesRole::Ghost | SeriesRole::Band => false,
    };
    in_heading(role) && chart.series.iter().filter(|it| in_heading(it.role)).count() > 1
}

/// The chart's note without the words that only name a series.
pub(crate) fn note(chart: &Chart) -> Message {
    let names_series = |words: &str| {
        let words = words.trim();
        let mut names = chart.series.iter().map(|it| it.name.as_str());
        words.is_empty() || names.any(|name| name.ends_with(words))
    };
    let parts = chart.note.parts.iter().filter_map(|part| {
        if part.role != PartRole::Plain {
            return Some(part.clone());
        }
        let kept: Vec<&str> = part.text.split(BETWEEN).filter(|it| !names_series(it)).collect();
        let text = kept.join(BETWEEN);
        (!text.is_empty()).then(|| Part { text, ..part.clone() })
    });
    Message { parts: parts.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidetable_core::report::{Points, Series, Tone, Unit};

    fn chart(names: &[&str], note: Message) -> Chart {
        let series = |name: &&str| Series {
            id: (*name).to_owned(),
            name: (*name).to_owned(),
            role: SeriesRole::Line,
            tone: Tone::Hpa,
            points: Points::default(),
        };
        Chart {
            id: String::new(),
            title: String::new(),
            note,
            unit: Unit::Count,
            autoscaler: None,
            series: names.iter().map(series).collect(),
        }
    }

    #[test]
    fn a_note_does_not_repeat_the_names() {
        let cases = [
            (Message::new().text("desired · ready"), ""),
            (Message::new().text("served · ").strong("unserved 3,280"), "unserved 3,280"),
            (Message::new().text("ready · of 11"), "of 11"),
        ];
        let names = ["ready", "web desired", "served"];
        for (message, expected) in cases {
            assert_eq!(note(&chart(&names, message)).to_string(), expected);
        }
    }

    #[test]
    fn a_series_alone_is_named_by_the_heading() {
        assert!(!is_named(&chart(&["in use"], Message::new()), SeriesRole::Line));
        let two = chart(&["ready", "desired"], Message::new());
        assert!(is_named(&two, SeriesRole::Line));
        assert!(!is_named(&two, SeriesRole::Limit));
    }
}
