//! What may be written at a place of the editor, and what a field means, as the editor takes it.

use serde::Serialize;
use tidetable_core::{Language, guide, source::Span};

use super::offsets::Offsets;
use crate::strings;

/// A word, or a field.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    name: String,
    kind: String,
    is_nested: bool,
    /// `default 30`, or nothing.
    default: String,
    about: String,
}

/// What may stand in the place of `span`, in UTF-16 units.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Suggestions {
    span: [usize; 2],
    entries: Vec<Entry>,
}

/// A field, whose key stands at `span`.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Description {
    span: [usize; 2],
    entry: Entry,
}

/// What may be written at the unit `at` of `text`.
pub(crate) fn suggest(text: &str, at: usize, language: Language) -> Option<Suggestions> {
    let offsets = Offsets::new(text);
    let found = guide::suggest(text, offsets.span(at, at).start, language)?;
    let entries = found.entries.into_iter().map(|it| entry(it, language)).collect();
    Some(Suggestions { span: units(&offsets, found.span), entries })
}

/// The field at the unit `at` of `text`.
pub(crate) fn describe(text: &str, at: usize, language: Language) -> Option<Description> {
    let offsets = Offsets::new(text);
    let (span, found) = guide::describe(text, offsets.span(at, at).start, language)?;
    Some(Description { span: units(&offsets, span), entry: entry(found, language) })
}

fn units(offsets: &Offsets, span: Span) -> [usize; 2] {
    [offsets.unit(span.start), offsets.unit(span.end)]
}

fn entry(it: guide::Entry, language: Language) -> Entry {
    let guide::Entry { name, kind, is_nested, default, about } = it;
    let word = strings::of(language).default_value;
    let default = if default.is_empty() { default } else { format!("{word} {default}") };
    Entry { name, kind, is_nested, default, about }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_utf_16() {
        let text = "# 한😀\nkind: HorizontalPodAutoscaler\nspec:\n  mi";
        let units = text.encode_utf16().count();
        let found = suggest(text, units, Language::En).expect("known");
        assert_eq!(found.span, [units - 2, units]);
        let min = found.entries.iter().find(|it| it.name == "minReplicas").expect("a field");
        assert_eq!((&*min.kind, &*min.default), ("integer", "default 1"));
    }
}
