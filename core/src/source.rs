//! Places in the user's text: byte spans, lines and columns.
//!
//! Columns come in two counts, because editors disagree: UTF-8 bytes here, UTF-16 units in
//! browsers. A [`LineIndex`] answers both from one pass over the text.

use serde::{Deserialize, Serialize};

/// A stretch of text: byte offsets, `start` included, `end` excluded.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// The place before byte `offset`, zero bytes long.
    pub const fn at(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// The same stretch, `offset` bytes further on.
    #[must_use]
    pub const fn moved(self, offset: usize) -> Self {
        Self { start: self.start + offset, end: self.end + offset }
    }

    /// The shortest stretch that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `offset` lies inside, or at the end.
    pub const fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A place as people count it: line and column from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
    length: usize,
}

impl LineIndex {
    /// Reads `text` once. `\n`, `\r\n` and a lone `\r` each end a line.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (offset, &byte) in bytes.iter().enumerate() {
            let ends = byte == b'\n' || (byte == b'\r' && bytes.get(offset + 1) != Some(&b'\n'));
            if ends {
                starts.push(offset + 1);
            }
        }
        Self { starts, length: text.len() }
    }

    /// Line (from 0) that holds byte `offset`.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// Offset of the first byte of `line` (from 0), or the end of the text.
    pub fn line_start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.length)
    }

    /// Line and column as people count them. An offset inside a character counts as its start.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.line(offset);
        Position { line: line + 1, column: self.prefix(text, offset).chars().count() + 1 }
    }

    /// Column in UTF-16 units, from 0, as browsers and language servers count.
    pub fn utf16_column(&self, text: &str, offset: usize) -> usize {
        self.prefix(text, offset).encode_utf16().count()
    }

    fn prefix<'text>(&self, text: &'text str, offset: usize) -> &'text str {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let start = self.line_start(self.line(end)).min(end);
        &text[start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_counts_once() {
        let text = "a\nb\r\nc\rd";
        let index = LineIndex::new(text);
        let lines: Vec<_> = text.char_indices().map(|(at, _)| index.line(at)).collect();
        //                      a  \n b  \r \n c  \r d
        assert_eq!(lines, vec![0, 0, 1, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn columns_count_characters_and_utf16_units() {
        let text = "이름: 🌊x";
        let index = LineIndex::new(text);
        let x = text.find('x').unwrap();
        assert_eq!(index.position(text, x), Position { line: 1, column: 6 });
        assert_eq!(index.utf16_column(text, x), 6, "the wave takes two units");
        assert_eq!(index.position(text, 1), Position { line: 1, column: 1 }, "inside a character");
        assert_eq!(index.position(text, 999).column, 7, "past the end counts as the end");
    }
}
