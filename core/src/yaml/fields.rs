//! Reads a mapping field by field and names what nobody asked for.
//!
//! A kind takes its fields by name; [`Fields::known`] names those that the API has and Tidetable
//! leaves alone. Whatever remains when the [`Fields`] go out of scope is reported as unknown, so
//! that no field can be ignored silently. A field set to null counts as absent.

use std::cell::RefCell;

use super::scalar::{self, Place};
use super::{Entry, Node, Spanned, Value};
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::quantity::Quantity;
use crate::source::Span;
use crate::time::Duration;

/// What reading a document brings to light.
#[derive(Debug, Default)]
pub struct Findings {
    diagnostics: RefCell<Vec<Diagnostic>>,
    unmodelled: RefCell<Vec<Spanned<String>>>,
}

impl Findings {
    /// Adds a diagnostic.
    pub fn push(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    /// Adds an error at `span`.
    pub fn error(&self, code: &str, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::new(code, Severity::Error, span, message));
    }

    /// Whether there is an error among them.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.borrow().iter().any(|it| it.severity == Severity::Error)
    }

    /// What the first error says.
    pub fn first_error(&self) -> Option<String> {
        let found = self.diagnostics.borrow();
        let first = found.iter().find(|it| it.severity == Severity::Error);
        first.map(|it| it.message.clone())
    }

    /// The diagnostics, and the paths of the fields that are understood but not modelled.
    pub fn into_parts(self) -> (Vec<Diagnostic>, Vec<Spanned<String>>) {
        (self.diagnostics.into_inner(), self.unmodelled.into_inner())
    }
}

/// The fields of one mapping.
#[derive(Debug)]
pub struct Fields<'doc> {
    node: &'doc Node,
    path: String,
    taken: Vec<bool>,
    names: Vec<&'static str>,
    findings: &'doc Findings,
}

impl<'doc> Fields<'doc> {
    /// The fields of `node`, which stands at `path` (empty at the root). Null gives none;
    /// anything else that is no mapping gives none and a diagnostic.
    pub fn of(node: &'doc Node, path: impl Into<String>, findings: &'doc Findings) -> Option<Self> {
        let path = path.into();
        match &node.value {
            Value::Mapping(entries) => {
                let taken = vec![false; entries.len()];
                Some(Self { node, path, taken, names: Vec::new(), findings })
            }
            Value::Null => None,
            Value::Scalar { .. } | Value::Sequence(_) => {
                let what = if path.is_empty() { "this" } else { &path };
                let message = format!("`{what}` must be a mapping, this is {}", node.kind());
                findings.error("TT110", node.span, message);
                None
            }
        }
    }

    /// No fields at all, where `node` stands.
    pub fn none(node: &'doc Node, path: String, findings: &'doc Findings) -> Self {
        Self { node, path, taken: vec![true; node.entries().len()], names: Vec::new(), findings }
    }

    /// Where the mapping stands.
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// Where it stands in the document, as `spec.metrics[0]`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The mapping itself.
    pub fn node(&self) -> &'doc Node {
        self.node
    }

    /// Where diagnostics go.
    pub fn findings(&self) -> &'doc Findings {
        self.findings
    }

    /// Where the key of field `name` stands; does not take the field.
    pub fn key_span(&self, name: &str) -> Option<Span> {
        self.node.entry(name).map(|it| it.key_span)
    }

    /// Whether field `name` is set to something.
    pub fn has(&self, name: &str) -> bool {
        self.node.get(name).is_some()
    }

    /// Takes field `name` as it is.
    pub fn take(&mut self, name: &'static str) -> Option<&'doc Node> {
        self.mark(name).map(|it| &it.value).filter(|it| !it.is_null())
    }

    /// Takes field `name` and reads it with `reader`.
    pub fn read<T>(
        &mut self,
        name: &'static str,
        reader: impl Fn(&Place<'_>, &Findings) -> Option<T>,
    ) -> Option<T> {
        let node = self.take(name)?;
        reader(&Place { node, parent: &self.path, name }, self.findings)
    }

    /// A whole number of 32 bits.
    pub fn int32(&mut self, name: &'static str) -> Option<Spanned<i32>> {
        self.read(name, scalar::int32)
    }

    /// A whole number of 64 bits.
    pub fn int64(&mut self, name: &'static str) -> Option<Spanned<i64>> {
        self.read(name, scalar::int64)
    }

    /// A finite number.
    pub fn number(&mut self, name: &'static str) -> Option<Spanned<f64>> {
        self.read(name, scalar::number)
    }

    /// `true` or `false`.
    pub fn bool(&mut self, name: &'static str) -> Option<Spanned<bool>> {
        self.read(name, scalar::bool)
    }

    /// Text. A number or bool without quotes is reported, as the API server would refuse it.
    pub fn string(&mut self, name: &'static str) -> Option<Spanned<String>> {
        self.read(name, scalar::string)
    }

    /// A Kubernetes quantity: `500m`, `1.5Gi`, `2`.
    pub fn quantity(&mut self, name: &'static str) -> Option<Spanned<Quantity>> {
        self.read(name, scalar::quantity)
    }

    /// A length of time: `15s`, `5m`, `1h30m`.
    pub fn duration(&mut self, name: &'static str) -> Option<Spanned<Duration>> {
        self.read(name, scalar::duration)
    }

    /// One of a few words, each with what it stands for.
    pub fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        words: &[(&str, T)],
    ) -> Option<Spanned<T>> {
        self.read(name, |place, findings| scalar::choice(place, words, findings))
    }

    /// The fields of the mapping `name`.
    pub fn mapping(&mut self, name: &'static str) -> Option<Fields<'doc>> {
        let node = self.take(name)?;
        Fields::of(node, scalar::join(&self.path, name), self.findings)
    }

    /// The items of the list `name`, each read with `reader`; those it can't read are left out.
    pub fn list<T>(
        &mut self,
        name: &'static str,
        reader: impl Fn(&Place<'_>, &Findings) -> Option<T>,
    ) -> Option<Spanned<Vec<T>>> {
        let (span, items) = self.items(name)?;
        let path = scalar::join(&self.path, name);
        let read = items.iter().enumerate().filter_map(|(index, node)| {
            reader(&Place { node, parent: &path, name: &format!("[{index}]") }, self.findings)
        });
        Some(Spanned::new(read.collect(), span))
    }

    /// The items of the list `name`, each as the fields of a mapping; null is one without fields.
    pub fn mappings(&mut self, name: &'static str) -> Option<Spanned<Vec<Fields<'doc>>>> {
        let (span, items) = self.items(name)?;
        let path = scalar::join(&self.path, name);
        let read = items.iter().enumerate().filter_map(|(index, node)| {
            let path = format!("{path}[{index}]");
            if node.is_null() {
                return Some(Fields::none(node, path, self.findings));
            }
            Fields::of(node, path, self.findings)
        });
        Some(Spanned::new(read.collect(), span))
    }

    /// The mapping `name` with keys of the user's choice, each value read with `reader`.
    pub fn map<T>(
        &mut self,
        name: &'static str,
        reader: impl Fn(&Place<'_>, &Findings) -> Option<T>,
    ) -> Option<Vec<(Spanned<String>, T)>> {
        let mut fields = self.mapping(name)?;
        Some(fields.rest(reader))
    }

    /// All fields that are not taken yet, with the user's keys, each read with `reader`, which gets
    /// to see null.
    pub fn rest<T>(
        &mut self,
        reader: impl Fn(&Place<'_>, &Findings) -> Option<T>,
    ) -> Vec<(Spanned<String>, T)> {
        let mut read = Vec::new();
        for (entry, taken) in self.node.entries().iter().zip(&mut self.taken) {
            if std::mem::replace(taken, true) {
                continue;
            }
            let place = Place { node: &entry.value, parent: &self.path, name: &entry.key };
            if let Some(value) = reader(&place, self.findings) {
                read.push((Spanned::new(entry.key.clone(), entry.key_span), value));
            }
        }
        read
    }

    /// Fields that the API has and Tidetable does not model: listed as such where they are set.
    pub fn known(&mut self, names: &[&'static str]) {
        for &name in names {
            if let Some(entry) = self.mark(name).filter(|it| !it.value.is_null()) {
                let path = scalar::join(&self.path, name);
                let unmodelled = Spanned::new(path, entry.key_span);
                self.findings.unmodelled.borrow_mut().push(unmodelled);
            }
        }
    }

    /// Fields without any bearing on scaling: understood and passed over.
    pub fn pass(&mut self, names: &[&'static str]) {
        for &name in names {
            self.mark(name);
        }
    }

    /// Reports field `name` if it is set: it once was one, and nothing came of it.
    pub fn retired(&mut self, name: &str, why: &str) {
        let entries = self.node.entries();
        let Some(index) = entries.iter().position(|it| it.key == name) else { return };
        self.taken[index] = true;
        let message = format!("`{name}` is no field of `{}` any more: {why}", self.path);
        let place = entries[index].key_span;
        self.findings.push(Diagnostic::new("TT112", Severity::Warning, place, message));
    }

    /// Accepts whatever else is there.
    pub fn pass_rest(&mut self) {
        self.taken.fill(true);
    }

    /// Reports that field `name` must be set.
    pub fn missing(&self, name: &str) {
        let path = scalar::join(&self.path, name);
        let span = self.key_span(name).unwrap_or_else(|| self.head());
        self.findings.error("TT117", span, format!("`{path}` must be set"));
    }

    /// The first key, to point at the mapping as a whole without marking all of it.
    pub fn head(&self) -> Span {
        self.node.entries().first().map_or(self.node.span, |it| it.key_span)
    }

    fn mark(&mut self, name: &'static str) -> Option<&'doc Entry> {
        self.names.push(name);
        let index = self.node.entries().iter().position(|it| it.key == name)?;
        self.taken[index] = true;
        Some(&self.node.entries()[index])
    }

    fn items(&mut self, name: &'static str) -> Option<(Span, &'doc [Node])> {
        let node = self.take(name)?;
        if let Value::Sequence(items) = &node.value {
            return Some((node.span, items));
        }
        let path = scalar::join(&self.path, name);
        let message = format!("`{path}` must be a list, this is {}", node.kind());
        self.findings.error("TT110", node.span, message);
        None
    }

    fn unknown(&self, entry: &Entry) -> Diagnostic {
        let owner = if self.path.is_empty() { "this document" } else { &self.path };
        let message = format!("`{}` is no field of `{owner}`", entry.key);
        let found = Diagnostic::new("TT112", Severity::Warning, entry.key_span, message);
        let Some(near) = scalar::nearest(&entry.key, &self.names) else { return found };
        let quoted = entry.key_span.len() != entry.key.len();
        let text = if quoted { format!("\"{near}\"") } else { near.to_owned() };
        let edits = vec![TextEdit { span: entry.key_span, text }];
        found.with(Fix::changes_decisions(format!("rename it to {near}"), edits))
    }
}

/// Names the fields that nobody asked for.
impl Drop for Fields<'_> {
    fn drop(&mut self) {
        for (entry, taken) in self.node.entries().iter().zip(&self.taken) {
            if !taken {
                self.findings.push(self.unknown(entry));
            }
        }
    }
}
