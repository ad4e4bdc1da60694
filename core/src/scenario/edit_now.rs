//! Edits of `spec.now`: one number of one HPA at a time.
//!
//! A field is set in place, so that comments stay. In the list of metrics, `~` stands for those that
//! nobody typed.

use super::edit::{append_to, at, in_scenario};
use crate::diagnostic::TextEdit;
use crate::yaml::Node;
use crate::yaml::edit::{self, Step, quote, steps};

/// Whom an edit is about.
#[derive(Clone, Copy, Debug)]
pub struct NowSubject<'a> {
    /// Its place in `spec.now`, if it has one.
    pub entry: Option<usize>,
    /// `metadata.name` of the HPA.
    pub hpa: &'a str,
    /// Its namespace, where it is told.
    pub namespace: Option<&'a str>,
}

/// Sets `field` (`pods.ready`, `metrics[0]`) to `value`, YAML on one line; `None` takes it away.
pub fn set_now(
    text: &str,
    assumed: &str,
    subject: NowSubject<'_>,
    field: &str,
    value: Option<&str>,
) -> Vec<TextEdit> {
    let change = |text: &str, root: &Node| {
        let Some(entry) = subject.entry else {
            let new = value.map(|it| new_entry(subject, field, it));
            let path = steps("spec.now");
            return new.map_or_else(Vec::new, |it| append_to(text, root, &path, &it));
        };
        let mut path = steps(&format!("spec.now[{entry}].{field}"));
        let edit = match (path.last(), value) {
            (Some(Step::Index(metric)), _) => {
                let metric = *metric;
                path.pop();
                return set_metric(text, root, &path, metric, value.unwrap_or("~"));
            }
            (_, Some(value)) => edit::set(text, root, &path, value),
            (_, None) => edit::remove(text, root, &path),
        };
        edit.into_iter().collect()
    };
    in_scenario(text, assumed, &change)
}

/// `{hpa: web, pods: {ready: 3}}`
fn new_entry(subject: NowSubject<'_>, field: &str, value: &str) -> String {
    let namespace = subject.namespace.map(|it| format!(", namespace: {}", quote(it)));
    let field = match (field.split_once('.'), field.split_once('[')) {
        (Some((outer, inner)), _) => format!("{outer}: {{{inner}: {value}}}"),
        (None, Some((list, index))) => {
            let before = index.trim_end_matches(']').parse().unwrap_or(0);
            format!("{list}: [{}{value}]", "~, ".repeat(before))
        }
        (None, None) => format!("{field}: {value}"),
    };
    format!("{{hpa: {}{}, {field}}}", quote(subject.hpa), namespace.unwrap_or_default())
}

/// An entry of the list that is too short gets `~` for those before it.
fn set_metric(text: &str, root: &Node, path: &[Step], metric: usize, value: &str) -> Vec<TextEdit> {
    let items = at(root, path).map_or(&[][..], Node::items);
    if let Some(item) = items.get(metric) {
        return edit::replace(text, item, value).into_iter().collect();
    }
    let new = |from: usize| (from..metric).map(|_| "~").chain([value]);
    if items.is_empty() {
        let list = format!("[{}]", new(0).collect::<Vec<_>>().join(", "));
        return edit::set(text, root, path, &list).into_iter().collect();
    }
    new(items.len()).flat_map(|it| append_to(text, root, path, it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::edit::apply;
    use crate::scenario::{Now, Subjects, assumed_text, read};
    use crate::yaml;

    const HEAD: &str = "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  load: []\n";

    fn now(text: &str) -> Vec<Now> {
        let read = read(yaml::read(text).roots());
        assert_eq!(read.diagnostics, [], "{text}");
        read.scenario.unwrap().now
    }

    /// (what it shows, `spec` before, entry, field, value, `spec` after)
    const EDITS: &[(&str, &str, Option<usize>, &str, Option<&str>, &str)] = &[
        (
            "a first number",
            "",
            None,
            "currentReplicas",
            Some("4"),
            "  now: [{hpa: web, namespace: shop, currentReplicas: 4}]\n",
        ),
        (
            "a second HPA",
            "  now:\n  - hpa: other\n",
            None,
            "pods.ready",
            Some("3"),
            "  now:\n  - hpa: other\n  - {hpa: web, namespace: shop, pods: {ready: 3}}\n",
        ),
        (
            "metrics before it are as they were read",
            "",
            None,
            "metrics[1]",
            Some("250m"),
            "  now: [{hpa: web, namespace: shop, metrics: [~, 250m]}]\n",
        ),
        (
            "a number in place, the comment stays",
            "  now:\n  - hpa: web\n    pods: {ready: 3} # at noon\n",
            Some(0),
            "pods.ready",
            Some("4"),
            "  now:\n  - hpa: web\n    pods: {ready: 4} # at noon\n",
        ),
        (
            "a metric in a list in brackets",
            "  now:\n  - {hpa: web, metrics: [45%]}\n",
            Some(0),
            "metrics[2]",
            Some("12"),
            "  now:\n  - {hpa: web, metrics: [45%, ~, 12]}\n",
        ),
        (
            "a metric in a list with dashes",
            "  now:\n  - hpa: web\n    metrics:\n    - 45% # of cpu\n",
            Some(0),
            "metrics[2]",
            Some("12"),
            "  now:\n  - hpa: web\n    metrics:\n    - 45% # of cpu\n    - ~\n    - 12\n",
        ),
        (
            "a metric as it was read again",
            "  now:\n  - {hpa: web, metrics: [45%, 12]}\n",
            Some(0),
            "metrics[0]",
            None,
            "  now:\n  - {hpa: web, metrics: [~, 12]}\n",
        ),
        (
            "a count as it was read again",
            "  now:\n  - {hpa: web, currentReplicas: 4}\n",
            Some(0),
            "currentReplicas",
            None,
            "  now:\n  - {hpa: web}\n",
        ),
    ];

    #[test]
    fn a_number_is_set_where_it_stands() {
        for (what, before, entry, field, value, after) in EDITS {
            let text = format!("{HEAD}{before}");
            let subject = NowSubject { entry: *entry, hpa: "web", namespace: Some("shop") };
            let edits = set_now(&text, "", subject, field, *value);
            let text = apply(&text, &edits);
            assert_eq!(text, format!("{HEAD}{after}"), "{what}");
            now(&text);
        }
    }

    #[test]
    fn the_first_number_writes_the_assumed_document() {
        let subject = NowSubject { entry: None, hpa: "a b", namespace: None };
        let assumed = assumed_text(Subjects::default());
        let text = apply("", &set_now("", &assumed, subject, "metrics[0]", Some("45%")));
        let now = now(&text);
        assert_eq!(now[0].hpa.value, "a b");
        assert_eq!(now[0].metrics[0].as_ref().map(|it| it.value.as_str()), Some("45%"));
    }
}
