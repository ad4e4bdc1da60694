//! Edits of `spec.now`: one number of one HPA at a time.
//!
//! A field is set in place, so that comments stay. In the list of metrics, `~` stands for those that
//! nobody typed.

use super::edit::{append_to, at, in_scenario};
use crate::diagnostic::TextEdit;
use crate::yaml::Node;
use crate::yaml::edit::{self, Step, quote, steps};

/// Sets `field` (`pods.ready`, `metrics[0]`) of what is known of an HPA to what someone typed; an
/// empty text takes it away, so that it is read or assumed again.
///
/// ```
/// use tidetable_core::scenario::{edit::apply, set_now};
///
/// let text = "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  now: [{hpa: web}]\n";
/// let edits = set_now(text, "", ("web", None), "recommendations", "8 2m ago, 6 30s ago");
/// assert!(apply(text, &edits).ends_with(
///     "{hpa: web, recommendations: [{replicas: 8, ago: 2m}, {replicas: 6, ago: 30s}]}]\n"));
/// ```
pub fn set_now(
    text: &str,
    assumed: &str,
    hpa: (&str, Option<&str>),
    field: &str,
    typed: &str,
) -> Vec<TextEdit> {
    let value = value(field, typed.trim());
    let change = |text: &str, root: &Node| {
        let Some(entry) = entry(root, hpa) else {
            let new = value.as_ref().map(|it| new_entry(hpa, field, it));
            let path = steps("spec.now");
            return new.map_or_else(Vec::new, |it| append_to(text, root, &path, &it));
        };
        let mut path = steps(&format!("spec.now[{entry}].{field}"));
        let edit = match (path.last(), &value) {
            (Some(Step::Index(metric)), _) => {
                let metric = *metric;
                path.pop();
                return set_metric(text, root, &path, metric, value.as_deref().unwrap_or("~"));
            }
            (_, Some(value)) => edit::set(text, root, &path, value),
            (_, None) => edit::remove(text, root, &path),
        };
        edit.into_iter().collect()
    };
    in_scenario(text, assumed, &change)
}

/// The entry of `spec.now` about that HPA.
fn entry(root: &Node, (hpa, namespace): (&str, Option<&str>)) -> Option<usize> {
    let entries = at(root, &steps("spec.now"))?.items();
    let text = |node: &Node, key| node.get(key).and_then(Node::text).map(str::to_owned);
    entries.iter().position(|it| {
        let own = text(it, "namespace");
        text(it, "hpa").as_deref() == Some(hpa)
            && own.is_none_or(|own| namespace.is_none_or(|it| it == own))
    })
}

/// What someone typed as YAML on one line; `None` for nothing.
fn value(field: &str, typed: &str) -> Option<String> {
    let number = match field {
        _ if typed.is_empty() => return None,
        "recommendations" => "replicas",
        "scaleEvents" => "change",
        _ => return Some(scalar(typed)),
    };
    if typed == "none" || typed == "-" {
        return Some("[]".to_owned());
    }
    let past = |it: &str| {
        let mut words = it.split_whitespace();
        let (count, ago) = (words.next()?, words.next()?);
        let count: i32 = count.parse().ok()?;
        matches!(words.next(), None | Some("ago" | "전"))
            .then(|| format!("{{{number}: {count}, ago: {}}}", scalar(ago)))
    };
    let entries: Option<Vec<String>> = typed.split(',').map(past).collect();
    Some(entries.map_or_else(|| quote(typed), |it| format!("[{}]", it.join(", "))))
}

fn scalar(typed: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "._%<>".contains(it);
    let digits = typed.strip_prefix('-').unwrap_or(typed);
    let is_plain = digits.chars().all(is_plain) && !digits.starts_with(['%', '>']);
    if is_plain && !digits.is_empty() { typed.to_owned() } else { quote(typed) }
}

/// `{hpa: web, pods: {ready: 3}}`
fn new_entry((hpa, namespace): (&str, Option<&str>), field: &str, value: &str) -> String {
    let namespace = namespace.map(|it| format!(", namespace: {}", quote(it)));
    let field = match (field.split_once('.'), field.split_once('[')) {
        (Some((outer, inner)), _) => format!("{outer}: {{{inner}: {value}}}"),
        (None, Some((list, index))) => {
            let before = index.trim_end_matches(']').parse().unwrap_or(0);
            format!("{list}: [{}{value}]", "~, ".repeat(before))
        }
        (None, None) => format!("{field}: {value}"),
    };
    format!("{{hpa: {}{}, {field}}}", quote(hpa), namespace.unwrap_or_default())
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

    /// (what it shows, `spec` before, field, typed, `spec` after)
    const EDITS: &[(&str, &str, &str, &str, &str)] = &[
        (
            "a first number",
            "",
            "currentReplicas",
            "4",
            "  now: [{hpa: web, namespace: shop, currentReplicas: 4}]\n",
        ),
        (
            "a second HPA",
            "  now:\n  - hpa: other\n",
            "pods.ready",
            "3",
            "  now:\n  - hpa: other\n  - {hpa: web, namespace: shop, pods: {ready: 3}}\n",
        ),
        (
            "metrics before it are as they were read",
            "",
            "metrics[1]",
            "250m",
            "  now: [{hpa: web, namespace: shop, metrics: [~, 250m]}]\n",
        ),
        (
            "a number in place, the comment stays",
            "  now:\n  - hpa: web\n    pods: {ready: 3} # at noon\n",
            "pods.ready",
            "4",
            "  now:\n  - hpa: web\n    pods: {ready: 4} # at noon\n",
        ),
        (
            "a metric in a list in brackets",
            "  now:\n  - {hpa: web, metrics: [45%]}\n",
            "metrics[2]",
            "12",
            "  now:\n  - {hpa: web, metrics: [45%, ~, 12]}\n",
        ),
        (
            "a metric in a list with dashes",
            "  now:\n  - hpa: web\n    metrics:\n    - 45% # of cpu\n",
            "metrics[2]",
            "12",
            "  now:\n  - hpa: web\n    metrics:\n    - 45% # of cpu\n    - ~\n    - 12\n",
        ),
        (
            "a metric as it was read again",
            "  now:\n  - {hpa: web, metrics: [45%, 12]}\n",
            "metrics[0]",
            "",
            "  now:\n  - {hpa: web, metrics: [~, 12]}\n",
        ),
        (
            "a count as it was read again",
            "  now:\n  - {hpa: web, currentReplicas: 4}\n",
            "currentReplicas",
            "",
            "  now:\n  - {hpa: web}\n",
        ),
    ];

    #[test]
    fn a_number_is_set_where_it_stands() {
        for (what, before, field, typed, after) in EDITS {
            let text = format!("{HEAD}{before}");
            let edits = set_now(&text, "", ("web", Some("shop")), field, typed);
            let text = apply(&text, &edits);
            assert_eq!(text, format!("{HEAD}{after}"), "{what}");
            now(&text);
        }
    }

    #[test]
    fn what_someone_types_stays_one_value() {
        for (field, typed, expected) in [
            ("metrics[0]", " 45% ", "metrics: [45%]"),
            ("metrics[0]", "<unknown>", "metrics: [<unknown>]"),
            ("metrics[0]", "1] # x", "metrics: [\"1] # x\"]"),
            ("pods.ready", "}", "pods: {ready: \"}\"}"),
            ("scaledToZero", "true", "scaledToZero: true"),
            ("recommendations", "none", "recommendations: []"),
            ("recommendations", "8 2m", "recommendations: [{replicas: 8, ago: 2m}]"),
            ("scaleEvents", "+4 10s ago", "scaleEvents: [{change: 4, ago: 10s}]"),
            ("scaleEvents", "-2 1m 30s", "scaleEvents: \"-2 1m 30s\""),
        ] {
            let text = apply(HEAD, &set_now(HEAD, "", ("web", None), field, typed));
            assert!(text.ends_with(&format!("now: [{{hpa: web, {expected}}}]\n")), "{text}");
        }
    }

    #[test]
    fn the_first_number_writes_the_assumed_document() {
        let assumed = assumed_text(Subjects::default());
        let text = apply("", &set_now("", &assumed, ("a b", None), "metrics[0]", "45%"));
        let now = now(&text);
        assert_eq!(now[0].hpa.value, "a b");
        assert_eq!(now[0].metrics[0].as_ref().map(|it| it.value.as_str()), Some("45%"));
    }
}
