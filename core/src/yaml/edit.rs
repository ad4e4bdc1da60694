//! Text edits that change one field and leave comments, order and style alone.
//!
//! An edit replaces a value in place, adds a line (or a pair, between braces) after the last
//! field of its mapping, or takes a field's lines away. Fixes and the page's forms use them.

use super::scalar::{Plain, plain};
use super::{Entry, Node, Style, Value};
use crate::diagnostic::TextEdit;
use crate::source::Span;

/// One step from a node to a node inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The field of that name.
    Key(String),
    /// The item at that place, from 0.
    Index(usize),
}

/// The steps of `path`, as in `spec.metrics[0].type`. Keys with dots need [`Step`]s.
pub fn steps(path: &str) -> Vec<Step> {
    let mut found = Vec::new();
    for part in path.split('.') {
        let mut pieces = part.split('[');
        let key = pieces.next().unwrap_or_default();
        if !key.is_empty() {
            found.push(Step::Key(key.to_owned()));
        }
        let indexes = pieces.filter_map(|it| it.strip_suffix(']')?.parse().ok());
        found.extend(indexes.map(Step::Index));
    }
    found
}

/// Text as a YAML scalar: in quotes where it would mean something else without.
pub fn quote(text: &str) -> String {
    let is_bare = !text.is_empty()
        && text.chars().all(|it| it.is_ascii_alphanumeric() || "-_./".contains(it))
        && !text.starts_with('-')
        && !matches!(text.to_ascii_lowercase().as_str(), "null" | "true" | "false")
        && plain(text) == Plain::Text;
    if is_bare {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            it if it.is_control() => quoted.extend(["\\U", &format!("{:08X}", u32::from(it))]),
            it => quoted.push(it),
        }
    }
    quoted.push('"');
    quoted
}

/// Puts `value` (YAML on one line) in the place of a scalar or of a collection in braces.
pub fn replace(text: &str, node: &Node, value: &str) -> Option<TextEdit> {
    let span = match &node.value {
        Value::Scalar { style: Style::Literal | Style::Folded, .. } => {
            // The header stands before the text: `|`, `>-` and the like.
            let header = text[..node.span.start].rfind(['|', '>'])?;
            Span::new(header, node.span.end)
        }
        Value::Null | Value::Scalar { .. } => node.span,
        Value::Sequence(_) | Value::Mapping(_) if is_flow(text, node) => node.span,
        Value::Sequence(_) | Value::Mapping(_) => return None,
    };
    Some(TextEdit { span, text: value.to_owned() })
}

/// Sets the field at `path` below `root` to `value` (YAML on one line), and adds the mappings
/// around it that are missing. None if a list on the way is too short or something else is there.
pub fn set(text: &str, root: &Node, path: &[Step], value: &str) -> Option<TextEdit> {
    let mut node = root;
    for (at, step) in path.iter().enumerate() {
        node = match step {
            Step::Index(index) => node.items().get(*index)?,
            Step::Key(key) => {
                let Value::Mapping(_) = node.value else { return None };
                let Some(entry) = node.entry(key) else {
                    return insert(text, node, &path[at..], value);
                };
                let rest = &path[at + 1..];
                if entry.value.is_null() {
                    return set_null(text, node, entry, rest, value);
                }
                &entry.value
            }
        };
    }
    replace(text, node, value)
}

/// Takes the field at `path` below `root` away with its lines. None if it is not there.
pub fn remove(text: &str, root: &Node, path: &[Step]) -> Option<TextEdit> {
    let (Step::Key(last), parents) = path.split_last()? else { return None };
    let mut node = root;
    for step in parents {
        node = match step {
            Step::Index(index) => node.items().get(*index)?,
            Step::Key(key) => node.get(key)?,
        };
    }
    let entries = node.entries();
    let index = entries.iter().position(|it| it.key == *last)?;
    let entry = &entries[index];
    let (start, end) = (entry.key_span.start, entry_end(text, entry));
    let next = entries.get(index + 1).map(|it| it.key_span.start).filter(|it| *it > start);
    let previous = index.checked_sub(1).map(|it| entry_end(text, &entries[it]));
    let cut = |start, end| Some(TextEdit { span: Span::new(start, end), text: String::new() });
    if is_flow(text, node) {
        return match (next, previous) {
            (Some(next), _) => cut(start, next),
            (None, Some(previous)) => cut(previous, end),
            (None, None) => cut(start, end),
        };
    }
    let line = line_start(text, start);
    if text[line..start].trim().is_empty() {
        return cut(line, after_line(text, end));
    }
    match next {
        Some(next) => cut(start, next),
        None => Some(TextEdit { span: Span::new(start, end), text: "{}".to_owned() }),
    }
}

/// Adds `path` with `value` as the last field of `mapping`.
fn insert(text: &str, mapping: &Node, path: &[Step], value: &str) -> Option<TextEdit> {
    let keys = keys(path)?;
    let last = mapping.entries().iter().map(|it| entry_end(text, it)).max();
    if is_flow(text, mapping) {
        let json = text[mapping.span.start + 1..].trim_start().starts_with('"');
        let pair = flow_pair(&keys, value, json);
        return Some(match last {
            Some(end) => TextEdit { span: Span::at(end), text: format!(", {pair}") },
            None => TextEdit { span: Span::at(mapping.span.start + 1), text: pair },
        });
    }
    // What stands before the first key (`- `, say) counts as indentation of the others.
    let first = mapping.entries().first()?.key_span.start;
    let indent = text[line_start(text, first)..first].chars().count();
    let end = line_end(text, mapping.span.end.max(last?));
    let lines = block_lines(&keys, value, indent, line_break(text));
    Some(TextEdit { span: Span::at(end), text: lines })
}

/// Sets the field `entry` of `mapping`, which is null, or a field below it.
fn set_null(
    text: &str,
    mapping: &Node,
    entry: &Entry,
    below: &[Step],
    value: &str,
) -> Option<TextEdit> {
    let keys = keys(below)?;
    let span = entry.value.span;
    let span = if span.is_empty() { Span::at(entry_end(text, entry)) } else { span };
    let colon = if text[..span.start].trim_end().ends_with(':') { "" } else { ":" };
    let new = if keys.is_empty() {
        value.to_owned()
    } else if is_flow(text, mapping) || !entry.value.span.is_empty() {
        let json = text[entry.key_span.start..].starts_with('"');
        format!("{{{}}}", flow_pair(&keys, value, json))
    } else {
        let key = entry.key_span.start;
        let indent = text[line_start(text, key)..key].chars().count();
        let end = line_end(text, span.end);
        let lines = block_lines(&keys, value, indent + 2, line_break(text));
        return Some(TextEdit { span: Span::at(end), text: lines });
    };
    let blank = if text[..span.start].ends_with([' ', '\n']) { "" } else { " " };
    Some(TextEdit { span, text: format!("{colon}{blank}{new}") })
}

fn keys(path: &[Step]) -> Option<Vec<&str>> {
    let keys = path.iter().map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    });
    keys.collect()
}

/// `a: {b: value}`
fn flow_pair(keys: &[&str], value: &str, json: bool) -> String {
    let name = |key: &str| if json { format!("\"{key}\"") } else { quote(key) };
    let is_text = plain(value) == Plain::Text && !value.starts_with(['"', '{', '[']);
    let mut pair = if json && is_text { format!("\"{value}\"") } else { value.to_owned() };
    for (level, key) in keys.iter().rev().enumerate() {
        pair = if level == 0 { pair } else { format!("{{{pair}}}") };
        pair = format!("{}: {pair}", name(key));
    }
    pair
}

/// A line for each key, each two blanks further in than the one before.
fn block_lines(keys: &[&str], value: &str, indent: usize, line_break: &str) -> String {
    let mut lines = String::new();
    for (level, key) in keys.iter().enumerate() {
        lines.push_str(line_break);
        lines.push_str(&" ".repeat(indent + 2 * level));
        lines.push_str(&quote(key));
        lines.push(':');
    }
    lines.push(' ');
    lines.push_str(value);
    lines
}

/// Where a field ends: after its value, or after the colon that no value follows.
fn entry_end(text: &str, entry: &Entry) -> usize {
    let key_end = entry.key_span.end;
    // The value of an alias stands elsewhere, before its key.
    let end = if entry.value.span.start < key_end { key_end } else { entry.value.span.end };
    if end > key_end {
        return end;
    }
    let rest = &text[key_end..];
    let blanks = rest.len() - rest.trim_start_matches(' ').len();
    if rest[blanks..].starts_with(':') { key_end + blanks + 1 } else { key_end }
}

fn is_flow(text: &str, node: &Node) -> bool {
    text[node.span.start..].starts_with(['{', '['])
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// The end of the line that holds `offset`, before its line break.
fn line_end(text: &str, offset: usize) -> usize {
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    if text[offset..end].ends_with('\r') { end - 1 } else { end }
}

fn after_line(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1)
}

fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        Some(_) | None => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    /// (what it shows, before, path, value, after)
    const SET: &[(&str, &str, &str, &str, &str)] = &[
        ("a scalar in place", "a: 1 # one\nb: 2\n", "a", "7", "a: 7 # one\nb: 2\n"),
        (
            "deep",
            "a:\n  b:\n  - c: 1\n  - c: 2\n",
            "a.b[1].c",
            "7",
            "a:\n  b:\n  - c: 1\n  - c: 7\n",
        ),
        ("quotes go", "a: \"1\"\n", "a", "7", "a: 7\n"),
        ("a new line", "a:\n  b: 1 # one\nc: 2\n", "a.d", "7", "a:\n  b: 1 # one\n  d: 7\nc: 2\n"),
        ("no line break at the end", "a: 1", "b", "7", "a: 1\nb: 7"),
        (
            "Windows lines",
            "a: 1\r\nc:\r\n  d: 1\r\n",
            "c.e",
            "7",
            "a: 1\r\nc:\r\n  d: 1\r\n  e: 7\r\n",
        ),
        ("missing mappings", "a: 1\n", "b.c.d", "7", "a: 1\nb:\n  c:\n    d: 7\n"),
        ("a list's item", "- a: 1\n- b: 2\n", "[0].c", "7", "- a: 1\n  c: 7\n- b: 2\n"),
        ("braces", "a: {b: 1}\n", "a.c", "7", "a: {b: 1, c: 7}\n"),
        ("braces, deeper", "a: {b: 1}\n", "a.c.d", "7", "a: {b: 1, c: {d: 7}}\n"),
        ("empty braces", "a: {}\n", "a.c", "7", "a: {c: 7}\n"),
        ("JSON", "{\"a\": {\"b\": 1}}", "a.c", "7", "{\"a\": {\"b\": 1, \"c\": 7}}"),
        ("nothing there", "a:\nb: 1\n", "a", "7", "a: 7\nb: 1\n"),
        ("a tilde there", "a: ~\n", "a", "7", "a: 7\n"),
        ("below nothing", "a: # none\nb: 1\n", "a.c", "7", "a: # none\n  c: 7\nb: 1\n"),
        ("below a tilde", "a: ~\n", "a.c", "7", "a: {c: 7}\n"),
        (
            "after a block scalar",
            "a:\n  b: |\n    x\n\nc: 1\n",
            "a.d",
            "7",
            "a:\n  b: |\n    x\n  d: 7\n\nc: 1\n",
        ),
        ("a block scalar in place", "a: |\n  x\n  y\nb: 1\n", "a", "7", "a: 7\nb: 1\n"),
        ("a list in braces", "a: [1, 2]\n", "a", "[]", "a: []\n"),
        ("after an alias", "a: &x {b: 1}\nc: *x\n", "d", "7", "a: &x {b: 1}\nc: *x\nd: 7\n"),
    ];

    #[test]
    fn a_field_is_set_and_the_rest_stays() {
        for &(what, before, path, value, after) in SET {
            let read = yaml::read(before);
            let root = read.parts[0].root.as_ref().unwrap();
            let edit = set(before, root, &steps(path), value).unwrap();
            assert_eq!(apply(before, &edit), after, "{what}");
        }
    }

    /// (what it shows, before, path, after)
    const REMOVE: &[(&str, &str, &str, &str)] = &[
        ("a line", "a: 1\nb: 2 # two\nc: 3\n", "b", "a: 1\nc: 3\n"),
        ("with what is below", "a:\n  b: 1\n  c: 2\nd: 3\n", "a", "d: 3\n"),
        ("the last line", "a: 1\nb: 2", "b", "a: 1\n"),
        ("first of a list's item", "- a: 1\n  b: 2\n", "[0].a", "- b: 2\n"),
        ("only one of a list's item", "- a: 1\n- b: 2\n", "[0].a", "- {}\n- b: 2\n"),
        ("in braces, first", "{a: 1, b: 2}\n", "a", "{b: 2}\n"),
        ("in braces, last", "{a: 1, b: 2}\n", "b", "{a: 1}\n"),
        ("in braces, only one", "a: {b: 1}\n", "a.b", "a: {}\n"),
        ("without a value", "a:\nb: 2\n", "a", "b: 2\n"),
    ];

    #[test]
    fn a_field_is_removed_with_its_lines() {
        for &(what, before, path, after) in REMOVE {
            let read = yaml::read(before);
            let root = read.parts[0].root.as_ref().unwrap();
            let edit = remove(before, root, &steps(path)).unwrap();
            assert_eq!(apply(before, &edit), after, "{what}");
        }
    }

    #[test]
    fn text_is_quoted_where_it_would_mean_something_else() {
        for (text, quoted) in [
            ("web", "web"),
            ("apps/v1", "apps/v1"),
            ("80", "\"80\""),
            ("yes", "\"yes\""),
            ("null", "\"null\""),
            ("a: b", "\"a: b\""),
            ("a\"b\n", "\"a\\\"b\\n\""),
            ("", "\"\""),
        ] {
            assert_eq!(quote(text), quoted);
        }
    }

    fn apply(text: &str, edit: &TextEdit) -> String {
        format!("{}{}{}", &text[..edit.span.start], edit.text, &text[edit.span.end..])
    }
}
