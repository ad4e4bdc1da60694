//! YAML inside a YAML scalar: `serveConfigV2`, or JSON in an annotation.
//!
//! The source of a literal block is itself YAML, indented: it is read where it stands, and every
//! span comes out right. In folded and quoted scalars the text differs from the source, so
//! positions are clamped to the whole scalar.

use super::{Findings, Node, Style, Value, build};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// The tree inside `scalar`, a scalar of `text`. Null if it is empty, none if it can't be read.
pub fn read_embedded(text: &str, scalar: &Node, findings: &Findings) -> Option<Node> {
    let Value::Scalar { text: inner, style } = &scalar.value else { return None };
    let mut budget = build::Budget::default();
    let mut found = Vec::new();
    let tree = if *style == Style::Literal {
        // Blanks before the first line belong to its indentation.
        let line_start = text[..scalar.span.start].rfind('\n').map_or(0, |at| at + 1);
        let span = Span::new(line_start, scalar.span.end);
        build::tree(text, span, &mut budget, &mut found)
    } else {
        let span = Span::new(0, inner.len());
        let mut tree = build::tree(inner, span, &mut budget, &mut found);
        if let Some(tree) = &mut tree {
            clamp(tree, scalar.span);
        }
        for diagnostic in &mut found {
            clamp_diagnostic(diagnostic, scalar.span);
        }
        tree
    };
    for diagnostic in found {
        findings.push(diagnostic);
    }
    tree
}

/// The tree is at most `MAX_DEPTH` levels deep, so the recursion is bounded.
fn clamp(node: &mut Node, span: Span) {
    node.span = span;
    match &mut node.value {
        Value::Null | Value::Scalar { .. } => {}
        Value::Sequence(items) => items.iter_mut().for_each(|it| clamp(it, span)),
        Value::Mapping(entries) => {
            for entry in entries {
                entry.key_span = span;
                clamp(&mut entry.value, span);
            }
        }
    }
}

fn clamp_diagnostic(diagnostic: &mut Diagnostic, span: Span) {
    diagnostic.span = span;
    diagnostic.labels.iter_mut().for_each(|it| it.span = span);
    // The edits' offsets mean the inner text.
    diagnostic.fixes.clear();
}
