//! What the browser remembers: language and theme. Without storage the page works all the same.

use tidetable_core::Language;
use web_sys::Storage;

use crate::{host, state::Theme};

const LANGUAGE: &str = "tidetable-language";
const THEME: &str = "tidetable-theme";

/// The remembered language, else the browser's.
pub(crate) fn language() -> Language {
    let remembered = storage().and_then(|it| it.get_item(LANGUAGE).ok().flatten());
    let tag = remembered.or_else(|| host::window().navigator().language()).unwrap_or_default();
    if tag.starts_with("ko") { Language::Ko } else { Language::En }
}

/// The remembered theme.
pub(crate) fn theme() -> Theme {
    let remembered = storage().and_then(|it| it.get_item(THEME).ok().flatten());
    Theme::named(&remembered.unwrap_or_default())
}

/// Remembers both and shows them.
pub(crate) fn remember(language: Language, theme: Theme) {
    if let Some(storage) = storage() {
        // Refused where storage is full or forbidden; then it lasts until the page closes.
        let _ = storage.set_item(LANGUAGE, language.tag());
        let _ = storage.set_item(THEME, theme.name());
    }
    show(language, theme);
}

/// Writes both onto `<html>`, where styles and screen readers look.
pub(crate) fn show(language: Language, theme: Theme) {
    let document = host::window().document();
    if let Some(root) = document.and_then(|it| it.document_element()) {
        let _ = root.set_attribute("lang", language.tag());
        let _ = root.set_attribute("data-theme", theme.name());
    }
}

fn storage() -> Option<Storage> {
    host::window().local_storage().ok().flatten()
}
