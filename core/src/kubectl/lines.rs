//! Lines and cells of a text, each with its place.

use crate::source::Span;
use crate::yaml::Spanned;

/// One line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Blanks before its first letter.
    pub(crate) indent: usize,
    /// Without blanks around it.
    pub(crate) text: &'a str,
    /// Where its first letter stands.
    start: usize,
}

impl<'a> Line<'a> {
    pub(crate) fn span(&self) -> Span {
        Span::new(self.start, self.start + self.text.len())
    }

    /// Where `part`, which is a part of this line, stands.
    pub(crate) fn span_of(&self, part: &str) -> Span {
        let start = self.start + (part.as_ptr().addr() - self.text.as_ptr().addr());
        Span::new(start, start + part.len())
    }

    pub(crate) fn spanned(&self, part: &str) -> Spanned<String> {
        Spanned::new(part.to_owned(), self.span_of(part))
    }

    /// What stands behind `key:`.
    pub(crate) fn after(&self, key: &str) -> Option<&'a str> {
        self.text.strip_prefix(key)?.strip_prefix(':').map(str::trim)
    }
}

/// The lines of `span`.
pub(crate) fn lines(text: &str, span: Span) -> Vec<Line<'_>> {
    let mut start = span.start;
    text[span.start..span.end]
        .split_inclusive('\n')
        .map(|line| {
            let trimmed = line.trim_start();
            let indent = line.len() - trimmed.len();
            let found = Line { indent, text: trimmed.trim_end(), start: start + indent };
            start += line.len();
            found
        })
        .collect()
}
