//! A field of a text by its name: `Kind spec.path`, or `Kind/name spec.path`.

use crate::yaml::edit::{self, steps};
use crate::yaml::{self, Node, Value, edit::Step};

/// What the field holds, as it stands in the text.
///
/// # Errors
/// What is not there.
pub fn value(text: &str, field: &str) -> Result<String, String> {
    let parts = yaml::read(text);
    let (root, path) = find(&parts, field)?;
    let mut node = root;
    for step in &path {
        let next = match step {
            Step::Key(key) => node.get(key),
            Step::Index(index) => node.items().get(*index),
        };
        node = next.ok_or_else(|| format!("the text has no field `{field}`"))?;
    }
    match node.value {
        Value::Scalar { .. } => {
            Ok(text[node.span.start..node.span.end].trim_matches('"').to_owned())
        }
        _ => Err(format!("`{field}` is no number and no word")),
    }
}

/// The text with `value` (YAML on one line) in that field, which is added if it is not there.
///
/// # Errors
/// Why it can't be set.
pub fn with(text: &str, field: &str, value: &str) -> Result<String, String> {
    let parts = yaml::read(text);
    let (root, path) = find(&parts, field)?;
    let edit = edit::set(text, root, &path, value)
        .ok_or_else(|| format!("`{field}` can't be set in this text"))?;
    let mut text = text.to_owned();
    text.replace_range(edit.span.start..edit.span.end, &edit.text);
    Ok(text)
}

fn find<'text>(parts: &'text yaml::Parts, field: &str) -> Result<(&'text Node, Vec<Step>), String> {
    let (whose, path) = field
        .split_once(' ')
        .ok_or_else(|| format!("write `{field}` as `Kind spec.field` or `Kind/name spec.field`"))?;
    let (kind, name) =
        whose.split_once('/').map_or((whose, None), |(kind, name)| (kind, Some(name)));
    let text = |root: &Node, name| root.get(name).and_then(Node::text).map(str::to_owned);
    let is_it = |root: &&Node| {
        let own = root.get("metadata").and_then(|it| text(it, "name"));
        text(root, "kind").as_deref() == Some(kind)
            && name.is_none_or(|it| own.as_deref() == Some(it))
    };
    let mut found = parts.roots().filter(is_it);
    match (found.next(), found.next()) {
        (Some(root), None) => Ok((root, steps(path.trim()))),
        (None, _) => Err(format!("the text has no `{whose}`")),
        (Some(_), Some(_)) => Err(format!("the text has several `{whose}`: add its name")),
    }
}
