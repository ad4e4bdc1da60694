//! Changes to the Scenario inside the user's text, for the page's forms.
//!
//! Each function answers with edits that leave comments and everything else alone. Where the text
//! has no Scenario they add one at its end: the one that is `assumed`, with the change made. No
//! edit at all means that the place can't be found, or is written in a way that can't be edited.

use super::read::SHAPES;
use super::{LoadEntry, MetricEntry, is_scenario, write};
use crate::assumption::{Assumption, Value};
use crate::diagnostic::TextEdit;
use crate::order;
use crate::source::Span;
use crate::workload::Shape;
use crate::yaml::edit::{Step, steps};
use crate::yaml::{self, Node};

const ASSUMPTIONS: &str = "spec.assumptions";

/// Sets the field at `path` (`spec.load[0].step.to`) to `value`, YAML on one line.
pub fn set(text: &str, assumed: &str, path: &str, value: &str) -> Vec<TextEdit> {
    let change = |text: &str, root: &Node| {
        yaml::edit::set(text, root, &steps(path), value).into_iter().collect()
    };
    in_scenario(text, assumed, &change)
}

/// Adds `item`, YAML on one line, to the list at `path`, which is made if it is missing.
pub fn append(text: &str, assumed: &str, path: &str, item: &str) -> Vec<TextEdit> {
    let change = |text: &str, root: &Node| append_to(text, root, &steps(path), item);
    in_scenario(text, assumed, &change)
}

/// Takes the field or the list item at `path` away.
pub fn remove(text: &str, path: &str) -> Vec<TextEdit> {
    let Some(root) = find(text) else { return Vec::new() };
    let steps = steps(path);
    let edit = match steps.split_last() {
        Some((Step::Index(index), list)) => {
            at(&root, list).and_then(|list| remove_item(text, list, *index))
        }
        _ => yaml::edit::remove(text, &root, &steps),
    };
    edit.into_iter().collect()
}

/// Sets an assumption to `value`.
pub fn set_assumption(
    text: &str,
    assumed: &str,
    assumption: &Assumption,
    value: Value,
) -> Vec<TextEdit> {
    let written = match value {
        // Without quotes, 1.40 would be 1.4.
        Value::Version(version) => format!("\"{version}\""),
        _ => value.to_string(),
    };
    set(text, assumed, &format!("{ASSUMPTIONS}.{}", assumption.id), &written)
}

/// Takes an assumption's line away, so that its default holds again; with it the mappings around
/// it that would be left empty.
pub fn reset_assumption(text: &str, assumption: &Assumption) -> Vec<TextEdit> {
    let Some(root) = find(text) else { return Vec::new() };
    let mut path = steps(&format!("{ASSUMPTIONS}.{}", assumption.id));
    if at(&root, &path).is_none() {
        return Vec::new();
    }
    while path.len() > 2
        && at(&root, &path[..path.len() - 1]).is_some_and(|it| it.entries().len() == 1)
    {
        path.pop();
    }
    yaml::edit::remove(text, &root, &path).into_iter().collect()
}

/// Gives an entry of `spec.load` another shape, in the place of the one that it has.
pub fn set_shape(text: &str, entry: &LoadEntry, shape: &Shape) -> Vec<TextEdit> {
    let fields = write::shape(shape, "rps");
    replace_fields(text, ("spec.load", entry.span), |key| key != "target", &fields)
}

/// Gives an entry of `spec.metrics` a shape of its own, in the place of what it has.
pub fn set_metric_shape(text: &str, entry: &MetricEntry, shape: &Shape) -> Vec<TextEdit> {
    let fields = write::shape(shape, "value");
    let is_shape = |key: &str| matches!(key, "from" | "interpolate") || SHAPES.contains(&key);
    replace_fields(text, ("spec.metrics", entry.span), is_shape, &fields)
}

/// Writes `fields` in the place of those of an entry that `is_old` names.
fn replace_fields(
    text: &str,
    (list, span): (&str, Span),
    is_old: impl Fn(&str) -> bool,
    fields: &[(&str, String)],
) -> Vec<TextEdit> {
    let Some(root) = find(text) else { return Vec::new() };
    let entries = at(&root, &steps(list)).map_or(&[][..], Node::items);
    let Some(node) = entries.iter().find(|it| it.span == span) else { return Vec::new() };
    let old: Vec<_> = node.entries().iter().filter(|it| is_old(&it.key)).collect();
    let Some((first, others)) = old.split_first() else { return Vec::new() };
    let others = others.iter().map(|it| [Step::Key(it.key.clone())]);
    let mut edits: Vec<_> =
        others.filter_map(|path| yaml::edit::remove(text, node, &path)).collect();
    let (start, end) = (first.key_span.start, first.value.span.end.max(first.key_span.end));
    let line = text[..start].rfind('\n').map_or(0, |it| it + 1);
    let flow = text[node.span.start..].starts_with('{');
    let separator = if flow { ", ".to_owned() } else { format!("\n{}", " ".repeat(start - line)) };
    let fields = fields.iter().map(|(key, value)| format!("{key}: {value}"));
    let new = fields.collect::<Vec<_>>().join(&separator);
    edits.push(TextEdit { span: Span::new(start, end), text: new });
    order::sort_by_key(&mut edits, |it| it.span);
    edits
}

/// Adds a load for `target` (as [`Target::to_yaml`](super::Target::to_yaml) writes it).
pub fn add_load(text: &str, assumed: &str, target: &str, shape: &Shape) -> Vec<TextEdit> {
    let fields =
        write::shape(shape, "rps").into_iter().map(|(key, value)| format!(", {key}: {value}"));
    let item = format!("{{target: {target}{}}}", fields.collect::<String>());
    append(text, assumed, "spec.load", &item)
}

/// The first Scenario of `text`.
fn find(text: &str) -> Option<Node> {
    yaml::read(text).parts.into_iter().filter_map(|it| it.root).find(is_scenario)
}

pub(super) fn at<'doc>(root: &'doc Node, path: &[Step]) -> Option<&'doc Node> {
    path.iter().try_fold(root, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Index(index) => node.items().get(*index),
    })
}

pub(super) fn in_scenario(
    text: &str,
    assumed: &str,
    change: &dyn Fn(&str, &Node) -> Vec<TextEdit>,
) -> Vec<TextEdit> {
    if let Some(root) = find(text) {
        return change(text, &root);
    }
    let Some(root) = find(assumed) else { return Vec::new() };
    let edits = change(assumed, &root);
    if edits.is_empty() {
        return edits;
    }
    let new = apply(assumed, &edits);
    let new = if text.contains("\r\n") { new.replace('\n', "\r\n") } else { new };
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = match text {
        blank if blank.trim().is_empty() => String::new(),
        whole if whole.ends_with('\n') => format!("---{line_break}"),
        _ => format!("{line_break}---{line_break}"),
    };
    vec![TextEdit { span: Span::at(text.len()), text: before + &new }]
}

/// `text` after `edits`, which stand in its order. One that overlaps the one before is left out.
pub fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut new = String::new();
    let mut done = 0;
    for edit in edits {
        if edit.span.start < done {
            continue;
        }
        new.push_str(&text[done..edit.span.start]);
        new.push_str(&edit.text);
        done = edit.span.end;
    }
    new + &text[done..]
}

pub(super) fn append_to(text: &str, root: &Node, path: &[Step], item: &str) -> Vec<TextEdit> {
    let list = at(root, path);
    let Some((list, last)) = list.and_then(|it| Some((it, it.items().last()?))) else {
        return yaml::edit::set(text, root, path, &format!("[{item}]")).into_iter().collect();
    };
    if text[list.span.start..].starts_with('[') {
        return vec![TextEdit { span: Span::at(last.span.end), text: format!(", {item}") }];
    }
    let Some(dash) = dash_of(text, last) else { return Vec::new() };
    let line = text[..dash].rfind('\n').map_or(0, |it| it + 1);
    let end = text[last.span.end..].find(['\r', '\n']).map_or(text.len(), |it| last.span.end + it);
    let line_break = if text[end..].starts_with('\r') { "\r\n" } else { "\n" };
    let indent = " ".repeat(dash - line);
    vec![TextEdit { span: Span::at(end), text: format!("{line_break}{indent}- {item}") }]
}

fn remove_item(text: &str, list: &Node, index: usize) -> Option<TextEdit> {
    let items = list.items();
    let item = items.get(index)?;
    let cut = |start, end| Some(TextEdit { span: Span::new(start, end), text: String::new() });
    if text[list.span.start..].starts_with('[') {
        return match (items.get(index + 1), index.checked_sub(1)) {
            (Some(next), _) => cut(item.span.start, next.span.start),
            (None, Some(before)) => cut(items[before].span.end, item.span.end),
            (None, None) => cut(item.span.start, item.span.end),
        };
    }
    let dash = dash_of(text, item)?;
    let line = text[..dash].rfind('\n').map_or(0, |it| it + 1);
    // A list inside a list's item shares its line: `- - a`.
    let alone = text[line..dash].trim().is_empty();
    let end = text[item.span.end..].find('\n').map_or(text.len(), |it| item.span.end + it + 1);
    alone.then(|| cut(line, end)).flatten()
}

/// Where the dash of a list's item stands, if on its first line.
fn dash_of(text: &str, item: &Node) -> Option<usize> {
    let line = text[..item.span.start].rfind('\n').map_or(0, |it| it + 1);
    let before = &text[line..item.span.start];
    let blank = before.trim_end();
    blank.ends_with('-').then(|| line + blank.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assumption::{Version, find as assumption};
    use crate::scenario::{Scenario, Subjects, assumed_text, read};
    use crate::time::{Duration, Instant};
    use crate::workload::{Interpolation, Point, Rate};

    const HEAD: &str = "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n";

    fn scenario(text: &str) -> Scenario {
        let read = read(yaml::read(text).roots());
        assert_eq!(read.diagnostics, [], "{text}");
        read.scenario.unwrap()
    }

    /// (what it shows, spec before, id, value or reset, spec after)
    const ASSUMPTIONS: &[(&str, &str, &str, Option<Value>, &str)] = &[
        (
            "a value in place, its comment stays",
            "  assumptions:\n    request: {cpu: 15ms} # measured\n",
            "request.cpu",
            Some(Value::CpuTime(20_000_000)),
            "  assumptions:\n    request: {cpu: 20ms} # measured\n",
        ),
        (
            "a new line in its group",
            "  assumptions:\n    hpa:\n      tolerance: 0.2\n  duration: 9m\n",
            "hpa.syncPeriod",
            Some(Value::Duration(Duration::from_seconds(90))),
            "  assumptions:\n    hpa:\n      tolerance: 0.2\n      syncPeriod: 1m30s\n  \
             duration: 9m\n",
        ),
        (
            "no assumptions yet",
            "  load: []\n",
            "idle.memory",
            Some(Value::Bytes(256 << 20)),
            "  load: []\n  assumptions:\n    idle:\n      memory: 256Mi\n",
        ),
        (
            "a version in quotes",
            "  load: []\n  assumptions: {}\n",
            "versions.kubernetes",
            Some(Value::Version(Version { major: 1, minor: 37 })),
            "  load: []\n  assumptions: {versions: {kubernetes: \"1.37\"}}\n",
        ),
        (
            "reset leaves the others",
            "  assumptions:\n    hpa:\n      tolerance: 0.2 # mine\n      syncPeriod: 30s\n",
            "hpa.tolerance",
            None,
            "  assumptions:\n    hpa:\n      syncPeriod: 30s\n",
        ),
        (
            "reset takes empty groups along",
            "  load: []\n  assumptions:\n    hpa:\n      tolerance: 0.2\n",
            "hpa.tolerance",
            None,
            "  load: []\n",
        ),
        ("reset of a default", "  load: []\n", "hpa.tolerance", None, "  load: []\n"),
    ];

    #[test]
    fn an_assumption_is_set_and_reset() {
        for (what, before, id, value, after) in ASSUMPTIONS {
            let text = format!("# mine\n{HEAD}{before}");
            let row = assumption(id).unwrap();
            let edits = match value {
                Some(value) => set_assumption(&text, "", row, *value),
                None => reset_assumption(&text, row),
            };
            let new = apply(&text, &edits);
            assert_eq!(new, format!("# mine\n{HEAD}{after}"), "{what}");
            let expected = value.unwrap_or(row.default);
            let read = read(yaml::read(&new).roots()).scenario.unwrap();
            assert_eq!((row.get)(&read.assumptions), expected, "{what}");
        }
    }

    #[test]
    fn a_text_without_a_scenario_gets_the_assumed_one() {
        let assumed = assumed_text(Subjects::default());
        let row = assumption("hpa.tolerance").unwrap();
        for (text, separator) in
            [("", ""), ("a: 1\n", "---\n"), ("a: 1", "\n---\n"), ("a: 1\r\n", "---\r\n")]
        {
            let edits = set_assumption(text, &assumed, row, Value::Ratio(0.2));
            let new = apply(text, &edits);
            assert!(new.starts_with(&format!("{text}{separator}apiVersion: ")), "{new:?}");
            assert_eq!(new.contains("\r\n"), text.contains("\r\n"));
            assert_eq!(scenario(&new).assumptions.hpa.tolerance, 0.2);
        }
    }

    fn every_shape() -> Vec<Shape> {
        let at = Instant::from_seconds;
        let rps = Rate::from_rps;
        let points = vec![
            Point { at: at(0), rate: rps(20.0) },
            Point { at: Instant::from_ms(90_500), rate: rps(0.5) },
        ];
        vec![
            Shape::Constant(rps(1.5)),
            Shape::Step { at: at(120), from: rps(20.0), to: rps(160.0), until: Some(at(840)) },
            Shape::Step { at: at(120), from: rps(20.0), to: rps(160.0), until: None },
            Shape::Ramp { from: rps(20.0), to: rps(200.0), start: at(120), end: at(600) },
            Shape::Spike {
                base: rps(20.0),
                peak: rps(400.0),
                at: at(300),
                rise: Duration::from_seconds(10),
                hold: Duration::from_seconds(60),
                fall: Duration::ZERO,
            },
            Shape::Wave {
                low: rps(10.0),
                high: rps(200.0),
                period: Duration::from_seconds(600),
                peak_at: at(300),
            },
            Shape::Points { points: points.clone(), interpolation: Interpolation::Step },
            Shape::Points { points, interpolation: Interpolation::Linear },
        ]
    }

    #[test]
    fn every_shape_can_take_the_place_of_every_other() {
        let entries = [
            "  load:\n  - target: {name: web} # ours\n    constant: 20 # now\n  \
             start: 2026-01-05T08:00\n",
            "  load:\n  - points: [{at: 1m, rps: 2}]\n    target: {name: web} # ours\n    \
             interpolate: linear\n  start: 2026-01-05T08:00\n",
            "  load:\n  - target: {name: web} # ours\n    step:\n      at: 1m\n      to: 7\n  \
             start: 2026-01-05T08:00\n",
            "  load: [{interpolate: linear, points: [{at: 1m, rps: 2}],\n    \
             target: {name: web}}] # ours\n  \
             start: 2026-01-05T08:00\n",
        ];
        for entry in entries {
            let text = format!("{HEAD}{entry}");
            for shape in every_shape() {
                let before = scenario(&text);
                let new = apply(&text, &set_shape(&text, &before.load[0], &shape));
                let after = scenario(&new);
                assert_eq!((&after.load[0].shape, after.start.is_some()), (&shape, true), "{new}");
                assert!(new.contains("# ours"), "{new}");
            }
        }
    }

    #[test]
    fn a_load_is_added_and_removed() {
        for spec in [
            "  duration: 20m\n",
            "  load: []\n",
            "  load:\n",
            "  load: [{target: {name: a}, constant: 1}] # one\n  start: 2026-01-05T08:00\n",
            "  load:\n  - target: {name: a} # one\n    constant: 1 # two\n  \
             start: 2026-01-05T08:00\n",
            "  load:\n    -   target: {name: a}\n        constant: 1\n    # last\n  \
             start: 2026-01-05T08:00\n",
        ] {
            let text = format!("{HEAD}{spec}");
            let count = read(yaml::read(&text).roots()).scenario.unwrap().load.len();
            for shape in every_shape() {
                let new =
                    apply(&text, &add_load(&text, "", "{kind: StatefulSet, name: b}", &shape));
                let after = scenario(&new);
                assert_eq!(after.load.len(), count + 1, "{new}");
                assert_eq!(
                    (&after.load[count].shape, &*after.load[count].target.name),
                    (&shape, "b")
                );
                for comment in ["# one", "# two", "# last", "start: 2026-01-05T08:00"] {
                    assert_eq!(text.contains(comment), new.contains(comment), "{new}");
                }
                let back = apply(&new, &remove(&new, &format!("spec.load[{count}]")));
                let back = read(yaml::read(&back).roots()).scenario.unwrap();
                assert_eq!(back.load.len(), count);
            }
        }
    }

    /// (what it shows, entry before, entry after, a step of 5 in the place of what it was)
    const METRIC_SHAPES: &[(&str, &str, &str)] = &[
        (
            "a source in block style, its comments stay",
            "  - name: a # ours\n    from: requests # so far\n    rate: 1m\n",
            "  - name: a # ours\n    constant: 5 # so far\n    rate: 1m\n",
        ),
        ("in one line", "  - {name: a, from: queueLength}\n", "  - {name: a, constant: 5}\n"),
        (
            "points, which have two fields",
            "  - name: a\n    interpolate: linear\n    points: [{at: 0s, value: 1}]\n    scrape: 5s\n",
            "  - name: a\n    constant: 5\n    scrape: 5s\n",
        ),
    ];

    #[test]
    fn a_metric_gets_numbers_of_its_own() {
        for (what, before, after) in METRIC_SHAPES {
            let before = format!("{HEAD}  load: []\n  metrics:\n{before}  # the end\n");
            let after = format!("{HEAD}  load: []\n  metrics:\n{after}  # the end\n");
            let entry = &scenario(&before).metrics[0];
            let edits = set_metric_shape(&before, entry, &Shape::Constant(Rate::from_rps(5.0)));
            assert_eq!(apply(&before, &edits), after, "{what}");
        }
        let points = vec![Point { at: Instant::ZERO, rate: Rate::from_rps(2.5) }];
        let shape = Shape::Points { points, interpolation: Interpolation::Step };
        let text = format!("{HEAD}  load: []\n  metrics: [{{name: a, from: requests}}]\n");
        let edits = set_metric_shape(&text, &scenario(&text).metrics[0], &shape);
        let points = "metrics: [{name: a, points: [{at: 0s, value: 2.5}]}]";
        assert!(apply(&text, &edits).contains(points));
    }

    #[test]
    fn a_metric_is_added_beside_the_comments_of_others() {
        let text = format!("{HEAD}  load: []\n  metrics:\n  - {{name: a, constant: 1}} # one\n");
        let edits = append(&text, "", "spec.metrics", "{name: b, from: requests}");
        assert_eq!(apply(&text, &edits), format!("{text}  - {{name: b, from: requests}}\n"));
        let none = format!("{HEAD}  load: [] # nothing\n");
        let edits = append(&none, "", "spec.metrics", "{name: b, from: requests}");
        let after = apply(&none, &edits);
        assert!(after.contains("# nothing"), "{after}");
        assert_eq!(scenario(&after).metrics[0].name.value, "b");
    }

    #[test]
    fn any_field_can_be_set() {
        let text =
            format!("{HEAD}  load:\n  - target: {{name: a}}\n    step: {{at: 1m, to: 2}} # up\n");
        let new = apply(&text, &set(&text, "", "spec.load[0].step.to", "9"));
        assert_eq!(new, text.replace("to: 2", "to: 9"));
        let new = apply(&text, &set(&text, "", "spec.duration", "10m"));
        assert_eq!(scenario(&new).duration, Duration::from_seconds(600));
        assert_eq!(set(&text, "", "spec.load[7].step.to", "9"), [], "no such entry");
    }
}
