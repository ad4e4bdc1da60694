//! Addresses of the book's chapters.

use tidetable_core::Language;

/// The address of `chapter` (`hpa/tolerance.html` or `hpa/tolerance#edges`), seen from the page.
pub(crate) fn chapter(language: Language, chapter: &str) -> String {
    let (path, fragment) = chapter.split_once('#').map_or((chapter, None), |(a, b)| (a, Some(b)));
    let path = path.strip_suffix(".html").unwrap_or(path);
    let fragment = fragment.map(|it| format!("#{it}")).unwrap_or_default();
    format!("{}{path}.html{fragment}", front(language))
}

/// The address of the book itself.
pub(crate) fn front(language: Language) -> String {
    format!("book/{}/", language.tag())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_is_a_page_of_the_book() {
        let cases = [
            ("hpa/tolerance.html", "book/ko/hpa/tolerance.html"),
            ("hpa/metrics#requests", "book/ko/hpa/metrics.html#requests"),
        ];
        for (name, expected) in cases {
            assert_eq!(chapter(Language::Ko, name), expected);
        }
    }
}
