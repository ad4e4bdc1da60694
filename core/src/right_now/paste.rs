//! Where pasted text goes: beside the manifests, in the place of what was pasted before it.
//!
//! The state of the page is one text. What kubectl printed is a document of it like any other, so
//! that links, files and the command line carry it as well.

use crate::diagnostic::TextEdit;
use crate::manifest::{self, Document, Documents};
use crate::ray_status;
use crate::source::Span;

/// Puts `pasted` into `text`: what kubectl printed of HPAs in the place of what it printed earlier,
/// the manifest of an HPA in the place of its older one, everything else at the end.
///
/// ```
/// use tidetable_core::{paste, scenario::edit::apply};
///
/// let table = |replicas| format!("NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE\n\
///     web Deployment/web cpu: 45%/80% 1 10 {replicas} 5d\n");
/// let text = apply("kind: A\napiVersion: v1\n", &paste("kind: A\napiVersion: v1\n", &table(4)));
/// assert_eq!(text, format!("kind: A\napiVersion: v1\n---\n{}", table(4)));
/// assert_eq!(apply(&text, &paste(&text, &table(5))), text.replace("4 5d", "5 5d"));
/// ```
pub fn paste(text: &str, pasted: &str) -> Vec<TextEdit> {
    let pasted = pasted.trim_end();
    if pasted.trim_start().is_empty() {
        return Vec::new();
    }
    let documents = manifest::read(text);
    let new = manifest::read(pasted);
    let is_ray = |text: &str, span: &Span| ray_status::find(text, *span).is_some();
    let old = new.printed.first().and_then(|new| {
        let is_alike = |old: &&Span| is_ray(text, old) == is_ray(pasted, new);
        documents.printed.iter().rev().find(is_alike)
    });
    if let Some(old) = old {
        let before = if text[old.start..].starts_with(['\n', '\r']) { "\n" } else { "" };
        return vec![TextEdit { span: *old, text: format!("{before}{pasted}\n") }];
    }
    if let Some(old) = older(text, &documents, &new) {
        return vec![TextEdit { span: old, text: pasted.trim_start().to_owned() }];
    }
    let before = match text {
        blank if blank.trim().is_empty() => "",
        whole if whole.ends_with('\n') => "---\n",
        _ => "\n---\n",
    };
    vec![TextEdit { span: Span::at(text.len()), text: format!("{before}{pasted}\n") }]
}

/// The whole document of the HPA that `new` is all about.
fn older(text: &str, documents: &Documents, new: &Documents) -> Option<Span> {
    let [only] = &new.documents[..] else { return None };
    new.hpas().next()?;
    let namespace = |it: &Document| it.metadata.namespace.as_ref().map(|it| it.value.clone());
    let (old, _) = documents.hpas().find(|(it, _)| {
        let (one, other) = (namespace(it), namespace(only));
        it.name() == only.name() && (one == other || one.is_none() || other.is_none())
    })?;
    // One of a list is indented, or stands in brackets.
    let is_alone = text[..old.span.start].chars().next_back().is_none_or(|it| it == '\n');
    (is_alone && text[old.span.start..].starts_with(|it: char| it.is_alphabetic()))
        .then_some(old.span)
}

#[cfg(test)]
mod tests {
    use super::paste;
    use crate::scenario::edit::apply;

    fn after(text: &str, pasted: &str) -> String {
        apply(text, &paste(text, pasted))
    }

    fn hpa(name: &str, max: i32) -> String {
        format!(
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: {name}}}\n\
             spec:\n  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}\n  \
             maxReplicas: {max}\n"
        )
    }

    #[test]
    fn the_manifest_of_an_hpa_takes_the_place_of_its_older_one() {
        let other = "---\nkind: A\napiVersion: v1\n";
        let text = hpa("web", 5) + other;
        assert_eq!(after(&text, &hpa("web", 9)), hpa("web", 9) + other);
        let both = after(&text, &hpa("late", 9));
        assert_eq!(both, format!("{text}---\n{}", hpa("late", 9)));
        // Among the items of a list it would have to be indented.
        let list = format!("- {}", hpa("web", 5).trim_end().replace('\n', "\n  "));
        assert_eq!(after(&list, &hpa("web", 9)), format!("{list}\n---\n{}", hpa("web", 9)));
    }

    #[test]
    fn nothing_pasted_changes_nothing() {
        assert_eq!(after("a: 1\n", "  \n"), "a: 1\n");
        assert_eq!(after("", "a: 1"), "a: 1\n");
        assert_eq!(after("a: 1", "b: 2"), "a: 1\n---\nb: 2\n");
    }
}
