//! Text that is no manifest: says what it is and what to paste instead.

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::yaml::{Node, Value, split};

/// What a part of the text is, if it is no manifest by the look of it. `failed` says that it is
/// no YAML either; what else is found out then is only in the way.
pub(super) fn by_text(text: &str, span: Span, root: Option<&Node>) -> Option<Diagnostic> {
    let part = &text[span.start..span.end];
    let first = split::first_line(text, span);
    if part.contains("{{") && root.is_none_or(|it| has_template(text, it)) {
        let at = span.start + part.find("{{").unwrap_or_default();
        let line = part[at - span.start..].lines().next().unwrap_or_default().trim_end();
        let message = "this is a template, not a manifest yet: paste what `helm template` prints";
        return Some(error("TT301", Span::new(at, at + line.len()), message));
    }
    let first_line = &text[first.start..first.end];
    if first_line.starts_with("Name:") && part.lines().any(|it| it.starts_with("Namespace:")) {
        let message =
            "this is what `kubectl describe` prints: paste what `kubectl get -o yaml` prints";
        return Some(error("TT302", first, message));
    }
    let is_table = first_line.starts_with("NAME ") && first_line == first_line.to_uppercase();
    if is_table {
        let message = "this is the table of `kubectl get`: paste what `kubectl get -o yaml` prints";
        return Some(error("TT302", first, message));
    }
    match root.map(|it| &it.value) {
        Some(Value::Scalar { .. }) => {
            let message = "this is text, not a manifest: a manifest begins with `apiVersion:`";
            Some(error("TT303", first, message))
        }
        Some(Value::Sequence(_)) => None,
        Some(Value::Mapping(_) | Value::Null) | None => None,
    }
}

/// What a mapping without `kind` or `apiVersion` is.
pub(super) fn by_fields(root: &Node) -> Diagnostic {
    let has = |name| root.entry(name).is_some();
    let span = root.entries().first().map_or(root.span, |it| it.key_span);
    let (code, message) = if has("applications") {
        ("TT304", "this is a Serve config: put it under `serveConfigV2` of a RayService")
    } else if has("resources") && (has("patches") || has("namespace") || has("images")) {
        ("TT305", "this is a kustomization: paste what `kubectl kustomize` prints")
    } else if has("kind") {
        let message = "`apiVersion` must be set";
        let span = root.entry("kind").map_or(span, |it| it.key_span);
        return error("TT117", span, message);
    } else if has("apiVersion") {
        ("TT117", "`kind` must be set")
    } else if has("spec") || has("metadata") {
        let message = "this is part of a manifest, such as a patch: without `apiVersion` and `kind` \
                       it can't be read";
        ("TT306", message)
    } else {
        let message = "this is no manifest (Helm values, perhaps): without `apiVersion` and `kind` \
                       it can't be read";
        ("TT307", message)
    };
    error(code, span, message)
}

/// Whether a template's braces stand where YAML reads them: as a value or a key. Those inside
/// a block of text are text.
fn has_template(text: &str, root: &Node) -> bool {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Null => {}
            Value::Scalar { .. } => {
                let is_templated = |words: &[&str]| {
                    let source = &text[node.span.start..node.span.end];
                    source.contains("{{") && words.iter().any(|it| source.contains(it))
                };
                let line_only = !text[node.span.start..node.span.end].contains('\n');
                if line_only && is_templated(&[".Values", ".Release", ".Chart", "include "]) {
                    return true;
                }
            }
            Value::Sequence(items) => open.extend(items),
            Value::Mapping(entries) => {
                if text[node.span.start..].starts_with("{{") {
                    return true;
                }
                open.extend(entries.iter().map(|it| &it.value));
            }
        }
    }
    false
}

fn error(code: &str, span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(code, Severity::Error, span, message)
}
