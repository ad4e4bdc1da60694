//! Parser events to a tree: aliases and merge keys resolved, within a budget.
//!
//! The events arrive flat and the tree grows on a stack of its own, so depth costs no call stack;
//! [`MAX_DEPTH`] then bounds whatever walks or drops the finished tree.

use std::collections::BTreeMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError};

use super::{Entry, MAX_DEPTH, MAX_NODES, Node, Style, Value};
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::order;
use crate::source::Span;

/// Nodes that may still be made for this text.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MAX_NODES)
    }
}

/// The tree of the document at `span`, or why there is none.
pub(super) fn tree(
    text: &str,
    span: Span,
    budget: &mut Budget,
    found: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let part = &text[span.start..span.end];
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        block_scalar_eof_without_line_feed: true,
    };
    let mut builder =
        Builder { text, budget, found, open: Vec::new(), root: None, anchors: BTreeMap::new() };
    for event in Parser::new_from_str_with_options(part, options) {
        let accepted = match event {
            Ok((event, at)) => {
                let range = at.byte_range().unwrap_or_default();
                builder.accept(event, Span::new(range.start, range.end).moved(span.start))
            }
            Err(error) => Err(not_yaml(text, span, &error)),
        };
        if let Err(problem) = accepted {
            builder.found.push(*problem);
            return None;
        }
    }
    Some(builder.root.unwrap_or(Node { span, value: Value::Null }))
}

struct Builder<'run> {
    text: &'run str,
    budget: &'run mut Budget,
    found: &'run mut Vec<Diagnostic>,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: BTreeMap<usize, Anchored>,
}

/// A collection whose end has not come yet.
struct Open {
    start: Span,
    anchor: usize,
    /// Levels below it, itself included.
    height: usize,
    /// Nodes in it, itself included.
    size: usize,
    kind: OpenKind,
}

enum OpenKind {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, key: Option<Node> },
}

struct Anchored {
    node: Node,
    height: usize,
    size: usize,
}

/// Boxed: the good path should not carry a diagnostic's size.
type Accepted = Result<(), Box<Diagnostic>>;

impl Builder<'_> {
    fn accept(&mut self, event: Event<'_>, span: Span) -> Accepted {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_string = tag.is_some_and(|it| it.is_yaml_core_schema_tag("str"));
                let node = self.scalar(text.into_owned(), style, is_string, span);
                self.spend(1, span)?;
                self.finish(node, anchor, 1, 1);
                Ok(())
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(span, anchor, OpenKind::Sequence(Vec::new()))
            }
            Event::MappingStart(_, anchor, _) => {
                self.open(span, anchor, OpenKind::Mapping { entries: Vec::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => Err(error(
                "TT105",
                span,
                format!("`*{name}` refers to an anchor that is not set before it in this document"),
            )),
            _ => Ok(()),
        }
    }

    fn spend(&mut self, nodes: usize, span: Span) -> Accepted {
        self.budget.0 = self.budget.0.checked_sub(nodes).ok_or_else(|| {
            let message =
                format!("with its aliases resolved this text has more than {MAX_NODES} values");
            error("TT104", span, message)
        })?;
        Ok(())
    }

    fn scalar(&self, text: String, style: ScalarStyle, is_string: bool, span: Span) -> Node {
        let style = match style {
            ScalarStyle::Plain if is_string => Style::Quoted,
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let span = if matches!(style, Style::Literal | Style::Folded) {
            // The parser's span reaches to the next token; the blanks between belong to nobody.
            let source = &self.text[span.start..span.end];
            Span::new(span.start, span.start + source.trim_end().len())
        } else {
            span
        };
        let is_null =
            style == Style::Plain && (matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"));
        let value = if is_null { Value::Null } else { Value::Scalar { text, style } };
        Node { span, value }
    }

    fn open(&mut self, start: Span, anchor: usize, kind: OpenKind) -> Accepted {
        self.spend(1, start)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(start));
        }
        self.open.push(Open { start, anchor, height: 1, size: 1, kind });
        Ok(())
    }

    fn close(&mut self, end: Span) -> Accepted {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let (value, children_end) = match open.kind {
            OpenKind::Sequence(items) => {
                let children_end = items.last().map(|it| it.span.end);
                (Value::Sequence(items), children_end)
            }
            OpenKind::Mapping { entries, .. } => {
                let children_end = entries.last().map(|it| it.value.span.end.max(it.key_span.end));
                (Value::Mapping(self.merged(entries, end)?), children_end)
            }
        };
        // A block collection ends where its last value does; the parser names the next token.
        let end = if end.is_empty() { children_end.unwrap_or(open.start.end) } else { end.end };
        let span = Span::new(open.start.start, end.max(open.start.end));
        self.finish(Node { span, value }, open.anchor, open.height, open.size);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Accepted {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(error("TT105", span, "this alias refers to a value that contains it"));
        };
        let (height, size) = (anchored.height, anchored.size);
        if self.open.len() + height > MAX_DEPTH {
            return Err(too_deep(span));
        }
        self.spend(size, span)?;
        let node = self.anchors[&anchor].node.clone();
        self.finish(node, 0, height, size);
        Ok(())
    }

    /// Hands a complete node to the collection that is open, or makes it the root.
    fn finish(&mut self, node: Node, anchor: usize, height: usize, size: usize) {
        if anchor != 0 {
            // The copy counts, or a chain of anchors around one another would be for free.
            self.budget.0 = self.budget.0.saturating_sub(size);
            self.anchors.insert(anchor, Anchored { node: node.clone(), height, size });
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        parent.height = parent.height.max(height + 1);
        parent.size = parent.size.saturating_add(size);
        match &mut parent.kind {
            OpenKind::Sequence(items) => items.push(node),
            OpenKind::Mapping { entries, key } => match key.take() {
                None => *key = Some(node),
                Some(key) => match key.value {
                    Value::Scalar { text, .. } => {
                        entries.push(Entry { key: text, key_span: key.span, value: node });
                    }
                    Value::Null => {
                        let key_text = self.text[key.span.start..key.span.end].to_owned();
                        entries.push(Entry { key: key_text, key_span: key.span, value: node });
                    }
                    Value::Sequence(_) | Value::Mapping(_) => {
                        let message = "a key must be a single value, this is a collection";
                        self.found.push(*error("TT106", key.span, message));
                    }
                },
            },
        }
    }

    /// Each key once: a second one is reported and wins, a merge key's fields fill the gaps.
    fn merged(&mut self, entries: Vec<Entry>, end: Span) -> Result<Vec<Entry>, Box<Diagnostic>> {
        let is_merge =
            |it: &Entry| it.key == "<<" && self.text[it.key_span.start..].starts_with("<<");
        if is_plain(&entries, is_merge) {
            return Ok(entries);
        }
        let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
        let mut merges = Vec::new();
        let mut index = BTreeMap::new();
        for entry in entries {
            if is_merge(&entry) {
                merges.push(entry);
            } else if let Some(&first) = index.get(entry.key.as_str()) {
                let first: &mut Entry = &mut kept[first];
                let message = format!("`{}` is set twice: this one counts", entry.key);
                self.found.push(
                    error("TT107", entry.key_span, message).also(first.key_span, "set here first"),
                );
                *first = entry;
            } else {
                index.insert(entry.key.clone(), kept.len());
                kept.push(entry);
            }
        }
        let mut seen = order::set(index.into_keys());
        for merge in merges {
            let Entry { key_span, value, .. } = merge;
            let sources = match value.value {
                Value::Sequence(items) => items,
                Value::Mapping(_) | Value::Null | Value::Scalar { .. } => vec![value],
            };
            for source in sources {
                let Value::Mapping(fields) = source.value else {
                    let message = "`<<` merges mappings, this is none";
                    self.found.push(*error("TT106", key_span, message));
                    continue;
                };
                self.spend(fields.len(), end)?;
                kept.extend(fields.into_iter().filter(|it| seen.insert(it.key.clone())));
            }
        }
        Ok(kept)
    }
}

/// Whether `entries` are few and without merge keys and keys set twice: nearly all are.
fn is_plain(entries: &[Entry], is_merge: impl Fn(&Entry) -> bool) -> bool {
    let is_new = |(at, it): (usize, &Entry)| entries[..at].iter().all(|other| other.key != it.key);
    entries.len() <= 16 && !entries.iter().any(is_merge) && entries.iter().enumerate().all(is_new)
}

fn error(code: &str, span: Span, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(code, Severity::Error, span, message))
}

fn too_deep(span: Span) -> Box<Diagnostic> {
    error("TT102", span, format!("nested more than {MAX_DEPTH} levels deep"))
}

/// The parser's complaint, moved to the user's text; indentation by tabs is told by name.
fn not_yaml(text: &str, span: Span, problem: &ScanError) -> Box<Diagnostic> {
    let offset = span.start + problem.marker().byte_offset().unwrap_or(0);
    let offset = text.floor_char_boundary(offset.min(span.end));
    // Of a tab behind a value the parser names the value.
    let tabs_end = if problem.info().contains("tab") { span.end } else { offset };
    if let Some(foreign) = tabs(text, span, tabs_end).or_else(|| foreign(text, span, offset)) {
        return foreign;
    }
    let line = text[offset..span.end].lines().next().unwrap_or_default().trim_end();
    let at = if line.is_empty() {
        let before = text[span.start..offset].trim_end();
        let last = before.char_indices().next_back().map_or(0, |(at, _)| at);
        Span::new(span.start + last, span.start + before.len())
    } else {
        Span::new(offset, offset + line.len())
    };
    if matches!(problem.kind(), ErrorKind::RecursionLimitExceeded) {
        return too_deep(at);
    }
    error("TT101", at, format!("this is not valid YAML: {}", problem.info()))
}

/// The first line up to `offset` that is indented by tabs, with a fix for all of them.
fn tabs(text: &str, span: Span, offset: usize) -> Option<Box<Diagnostic>> {
    let mut edits = Vec::new();
    let mut at = span.start;
    for line in text[span.start..span.end].split_inclusive('\n') {
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line[..blanks].contains('\t') && !line.trim().is_empty() {
            edits.push(TextEdit {
                span: Span::new(at, at + blanks),
                text: line[..blanks].replace('\t', "  "),
            });
        }
        at += line.len();
    }
    let first = edits.first()?.span;
    if first.start > offset {
        return None;
    }
    let problem = error("TT108", first, "a tab can't indent YAML: use spaces");
    Some(Box::new(problem.with(Fix::safe("indent with spaces", edits))))
}

/// A letter up to the line of `offset` that only looks like one of YAML's: a no-break or wide space
/// that indents, or a wide colon behind a key. The fix is for all of them.
fn foreign(text: &str, span: Span, offset: usize) -> Option<Box<Diagnostic>> {
    const SPACES: [char; 2] = ['\u{a0}', '\u{3000}'];
    let mut edits = Vec::new();
    let mut at = span.start;
    for line in text[span.start..span.end].split_inclusive('\n') {
        let blanks = line.len() - line.trim_start_matches([' ', SPACES[0], SPACES[1]]).len();
        if line[..blanks].contains(SPACES) && !line.trim().is_empty() {
            let spaces = line[..blanks].replace(SPACES[0], " ").replace(SPACES[1], "  ");
            edits.push(TextEdit { span: Span::new(at, at + blanks), text: spaces });
        }
        let key = line.find('：').filter(|it| !line[..*it].contains([':', '#', '"', '\'']));
        if let Some(colon) = key.map(|it| at + it) {
            let end = colon + '：'.len_utf8();
            let is_last = text[end..].starts_with([' ', '\r', '\n']) || end == text.len();
            let colon_and_blank = if is_last { ":" } else { ": " };
            edits.push(TextEdit { span: Span::new(colon, end), text: colon_and_blank.to_owned() });
        }
        at += line.len();
    }
    let first = edits.first()?.span;
    let line_end = text[offset..].find('\n').map_or(text.len(), |it| offset + it);
    if first.start > line_end {
        return None;
    }
    let (what, title) = if text[first.start..].starts_with('：') {
        ("`：` is no colon of YAML: write `:`", "write `:`")
    } else {
        ("a no-break space can't indent YAML: use spaces", "indent with spaces")
    };
    Some(Box::new(error("TT101", first, what).with(Fix::safe(title, edits))))
}
