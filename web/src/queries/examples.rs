//! The examples menu.

use tidetable_core::{
    Language,
    examples::{EXAMPLES, find},
};

/// Ids and titles, in the menu's order.
pub(crate) fn all(language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
    EXAMPLES.iter().map(move |it| {
        let title = match language {
            Language::En => it.title.en,
            Language::Ko => it.title.ko,
        };
        (it.id, title)
    })
}

/// The id and the text of an example; of the first for an unknown id.
pub(crate) fn open(id: &str) -> (&'static str, &'static str) {
    let example = find(id).unwrap_or(&EXAMPLES[0]);
    (example.id, example.text())
}
