//! Where in a document a place of the text is, as far as indentation and brackets tell.

use crate::source::Span;

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// `kind` of the document, or empty.
    pub(super) kind: String,
    /// The keys that it is in; lists have none.
    pub(super) parents: Vec<String>,
    /// The key there.
    pub(super) key: String,
    /// Where that stands.
    pub(super) key_span: Span,
    /// Whether it is in the key or in what the key is set to.
    pub(super) part: Part,
    /// The word there, up to its end.
    pub(super) span: Span,
    /// Other keys of the same mapping.
    pub(super) siblings: Vec<String>,
}

/// What of a field stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Key,
    Value,
}

/// One line.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    /// Where it starts in the whole text.
    start: usize,
    text: &'a str,
    /// The column of its first dash.
    dash: Option<usize>,
    /// The column of what follows indentation and dashes.
    column: usize,
}

impl<'a> Line<'a> {
    fn of(start: usize, text: &'a str) -> Self {
        let mut column = text.len() - text.trim_start_matches(' ').len();
        let mut dash = None;
        while let Some(rest) = text[column..].strip_prefix('-')
            && (rest.is_empty() || rest.starts_with(' '))
        {
            dash = dash.or(Some(column));
            column += 1 + rest.len() - rest.trim_start_matches(' ').len();
        }
        Self { start, text, dash, column }
    }

    /// Its key, if it has one.
    fn key(&self) -> Option<&'a str> {
        let rest = &self.text[self.column..];
        let end = key_end(rest)?;
        Some(unquoted(&rest[..end]))
    }

    fn is_blank(&self) -> bool {
        let rest = &self.text[self.column..];
        (rest.trim().is_empty() && self.dash.is_none()) || rest.starts_with('#')
    }
}

/// Where the colon after a key stands; what opens with a bracket is no key.
fn key_end(text: &str) -> Option<usize> {
    if text.starts_with(['{', '[', '#', '|', '>', '&', '*']) {
        return None;
    }
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') if at == 0 => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, ':') if text[at + 1..].is_empty() || text[at + 1..].starts_with(' ') => {
                return Some(at);
            }
            (None, '#') if text[..at].ends_with(' ') => return None,
            _ => {}
        }
    }
    None
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

/// Where `offset` of `text` is.
pub(super) fn at(text: &str, offset: usize) -> Option<Place> {
    if offset > text.len() || !text.is_char_boundary(offset) {
        return None;
    }
    let lines = document(text, offset);
    let (index, depth) = logical_line(&lines, offset)?;
    let line = lines[index];
    let column = (offset - line.start).min(line.text.len());
    if depth == 0 && is_comment(&line.text[..column]) {
        return None;
    }
    let kind = lines.iter().find(|it| it.column == 0 && it.key() == Some("kind"));
    let kind = kind.map_or("", |it| unquoted(it.text.split_once(':').map_or("", |it| it.1)));
    let kind = kind.split(" #").next().unwrap_or_default().trim().to_owned();
    let own = Own::of(text, &line, offset)?;
    // Typed at the start of a line, it belongs where the caret stands.
    let at = if line.is_blank() { column } else { line.column };
    let (mut parents, siblings) = around(&lines, index, at);
    let siblings = own.siblings.unwrap_or(siblings);
    parents.extend(own.parents);
    let Own { key, key_span, part, span, .. } = own;
    Some(Place { kind, parents, key, key_span, part, span, siblings })
}

fn is_comment(before: &str) -> bool {
    before.trim_start().starts_with('#') || before.contains(" #")
}

/// The lines of the document that `offset` is in.
fn document(text: &str, offset: usize) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for raw in text.split_inclusive('\n') {
        let line = raw.trim_end_matches(['\n', '\r']);
        let is_end = line == "---" || line.starts_with("--- ") || line == "...";
        if is_end && start > offset {
            return lines;
        }
        if is_end {
            lines.clear();
        } else {
            lines.push(Line::of(start, line));
        }
        start += raw.len();
    }
    if text.is_empty() || text.ends_with('\n') {
        lines.push(Line::of(start, ""));
    }
    lines
}

/// The line on which what is around `offset` begins, over all lines that brackets hold together,
/// and how many brackets are open there.
fn logical_line(lines: &[Line<'_>], offset: usize) -> Option<(usize, usize)> {
    let (mut first, mut depth) = (0, 0_usize);
    for (index, line) in lines.iter().enumerate() {
        if depth == 0 {
            first = index;
        }
        if offset <= line.start + line.text.len() {
            return (offset >= line.start).then_some((first, depth));
        }
        depth = opened(&line.text[line.column..], depth);
    }
    None
}

/// How many brackets are open after `text`. Those in plain words do not count.
fn opened(text: &str, before: usize) -> usize {
    let key = if before == 0 { key_end(text) } else { None };
    let value = key.map_or(text, |it| &text[it + 1..]);
    if before == 0 && !value.trim_start().starts_with(['{', '[']) {
        return 0;
    }
    let mut depth = before;
    let mut quote = None;
    for letter in value.chars() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => depth = depth.saturating_sub(1),
            (None, '#') => break,
            _ => {}
        }
    }
    depth
}

/// The keys around the line `index`, whose key is at column `at`, and those beside it.
fn around(lines: &[Line<'_>], index: usize, at: usize) -> (Vec<String>, Vec<String>) {
    let mut parents = Vec::new();
    let mut siblings = Vec::new();
    let mut limit = at;
    // Columns up to that one are those of a parent, once a dash is passed.
    let mut parent_max = lines[index].dash;
    for line in lines[..index].iter().rev().filter(|it| !it.is_blank()) {
        let key = line.key();
        let is_inside = match parent_max {
            Some(dash) => line.column > dash || line.dash == Some(dash),
            None => line.column > limit,
        };
        if is_inside {
            continue;
        }
        if parent_max.is_none() && line.column == limit {
            if parents.is_empty() {
                siblings.extend(key.map(str::to_owned));
            }
            parent_max = line.dash;
            continue;
        }
        let Some(key) = key else { continue };
        parents.push(key.to_owned());
        limit = line.column;
        parent_max = line.dash;
    }
    for line in lines[index + 1..].iter().filter(|it| !it.is_blank()) {
        if line.column < at || line.dash.is_some_and(|it| it < at) {
            break;
        }
        if line.column == at {
            siblings.extend(line.key().map(str::to_owned));
        }
    }
    parents.reverse();
    (parents, siblings)
}

/// What the logical line itself tells.
struct Own {
    /// Keys of the brackets around the place.
    parents: Vec<String>,
    /// The keys before it in the innermost brackets, if there are any.
    siblings: Option<Vec<String>>,
    key: String,
    key_span: Span,
    part: Part,
    span: Span,
}

/// A bracket that is open: the key that it is the value of, and the keys in it so far.
struct Open {
    owner: String,
    keys: Vec<String>,
}

impl Own {
    fn of(text: &str, line: &Line<'_>, offset: usize) -> Option<Self> {
        let begin = (line.start + line.column).min(offset);
        let mut open: Vec<Open> = Vec::new();
        let mut key: Option<(String, Span)> = None;
        // Where the word begins that is being read.
        let mut word = begin;
        let mut quote = None;
        for (at, letter) in text[begin..offset].char_indices() {
            let at = begin + at;
            let next = text[at + letter.len_utf8()..].chars().next();
            match (quote, letter) {
                (None, '"' | '\'') if text[word..at].trim().is_empty() => quote = Some(letter),
                (Some(closing), letter) if closing == letter => quote = None,
                (None, ':') if next.is_none_or(char::is_whitespace) && key.is_none() => {
                    let span = trimmed(text, word, at);
                    key = Some((unquoted(&text[word..at]).to_owned(), span));
                    word = at + 1;
                }
                (None, '{' | '[') if text[word..at].trim().is_empty() => {
                    let owner = key.take().map_or_else(String::new, |it| it.0);
                    open.push(Open { owner, keys: Vec::new() });
                    word = at + 1;
                }
                (None, ',') if !open.is_empty() => {
                    let known = key.take().map(|it| it.0);
                    open.last_mut()?.keys.extend(known);
                    word = at + 1;
                }
                (None, '}' | ']') if !open.is_empty() => {
                    open.pop();
                    // What follows belongs to nothing until the next comma.
                    key = None;
                    word = at + 1;
                }
                _ => {}
            }
        }
        let end = word_end(text, offset, !open.is_empty());
        let span = trimmed(text, word, end);
        let span = if span.start > offset { Span::at(offset) } else { span };
        let siblings = open.last().map(|it| it.keys.clone());
        let parents = open.into_iter().map(|it| it.owner).filter(|it| !it.is_empty()).collect();
        let (key, key_span, part) = match key {
            Some((key, key_span)) => (key, key_span, Part::Value),
            None => (unquoted(&text[span.start..span.end]).to_owned(), span, Part::Key),
        };
        Some(Self { parents, siblings, key, key_span, part, span })
    }
}

/// Where the word at `offset` ends.
fn word_end(text: &str, offset: usize, in_brackets: bool) -> usize {
    let is_end = |letter: char| {
        matches!(letter, ':' | '\n' | '\r' | ' ' | '#')
            || in_brackets && matches!(letter, ',' | '}' | ']' | '{' | '[')
    };
    text[offset..].find(is_end).map_or(text.len(), |it| offset + it)
}

/// From `start` to `end` without blanks around.
fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let part = &text[start..end];
    let start = start + (part.len() - part.trim_start().len());
    Span::new(start, start + part.trim().len())
}
