//! A text with edits applied.

use tidetable_core::diagnostic::TextEdit;
use tidetable_core::order;

/// `text` after `edits`; `None` if they overlap or don't fit the text.
pub(crate) fn apply(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    order::sort_by_key(&mut sorted, |it| it.span.start);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in sorted {
        out.push_str(text.get(done..edit.span.start)?);
        out.push_str(&edit.text);
        text.get(edit.span.start..edit.span.end)?;
        done = edit.span.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::apply;
    use tidetable_core::{diagnostic::TextEdit, source::Span};

    #[test]
    fn edits_apply_whole_or_not_at_all() {
        let edit =
            |start, end, text: &str| TextEdit { span: Span { start, end }, text: text.to_owned() };
        let text = "max: 5 한";
        assert_eq!(apply(text, &[edit(5, 6, "9")]).as_deref(), Some("max: 9 한"));
        let two = [edit(7, 10, "x"), edit(0, 0, "# \n")];
        assert_eq!(apply(text, &two).as_deref(), Some("# \nmax: 5 x"));
        assert_eq!(apply(text, &[edit(0, 3, "a"), edit(2, 4, "b")]), None, "they overlap");
        assert_eq!(apply(text, &[edit(8, 9, "a")]), None, "inside a character");
        assert_eq!(apply(text, &[edit(90, 91, "a")]), None, "past the end");
        assert_eq!(apply(text, &[edit(6, 5, "a")]), None, "backwards");
    }
}
