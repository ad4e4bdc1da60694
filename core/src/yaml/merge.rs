//! One tree laid over another, and whether two say the same.

use super::{Entry, Node, Value};

/// `base` with `patch` laid over it: mappings are merged, null deletes, all else replaces. Each
/// value keeps the place that it stands at.
///
/// Upstream: RFC 7396, JSON Merge Patch; `kubectl patch --type merge`.
///
/// ```
/// # use tidetable_core::yaml::{self, merge};
/// let read = yaml::read("{a: 1, b: {c: 2, d: [3, 4]}}\n---\n{a: null, b: {d: [5]}, e: 6}\n");
/// let roots: Vec<_> = read.roots().collect();
/// let merged = merge(roots[0], roots[1]);
/// assert!(merged.get("a").is_none());
/// let b = merged.get("b").unwrap();
/// assert_eq!(b.get("c").and_then(|it| it.text()), Some("2"));
/// assert_eq!(b.get("d").map(|it| it.items().len()), Some(1));
/// ```
pub fn merge(base: &Node, patch: &Node) -> Node {
    // As deep as a tree may be, so that the recursion is bounded.
    let Value::Mapping(changes) = &patch.value else { return patch.clone() };
    let mut entries: Vec<Entry> = base.entries().to_vec();
    for change in changes {
        let known = entries.iter().position(|it| it.key == change.key);
        match (known, change.value.is_null()) {
            (Some(at), true) => {
                entries.remove(at);
            }
            (Some(at), false) => entries[at].value = merge(&entries[at].value, &change.value),
            (None, true) => {}
            (None, false) => {
                let nothing = Node { span: change.value.span, value: Value::Null };
                let value = merge(&nothing, &change.value);
                entries.push(Entry { value, ..change.clone() });
            }
        }
    }
    Node { span: base.span, value: Value::Mapping(entries) }
}

/// Whether both say the same, wherever they stand: the order of keys and keys without a value make
/// no difference, how a scalar is written does.
///
/// ```
/// # use tidetable_core::yaml::{self, is_alike};
/// let read = yaml::read("{a: 1, b: [x]}\n---\n{b: [x], a: 1, c: null}\n---\n{a: 1, b: []}\n");
/// let roots: Vec<_> = read.roots().collect();
/// assert!(is_alike(roots[0], roots[1]) && !is_alike(roots[0], roots[2]));
/// ```
pub fn is_alike(one: &Node, other: &Node) -> bool {
    let set = |it: &Node| it.entries().iter().filter(|it| !it.value.is_null()).count();
    match (&one.value, &other.value) {
        (Value::Null, Value::Null) => true,
        (Value::Scalar { text, .. }, Value::Scalar { text: other, .. }) => text == other,
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, it)| is_alike(one, it))
        }
        (Value::Mapping(entries), Value::Mapping(_)) => {
            let has = |it: &Entry| other.get(&it.key).is_some_and(|its| is_alike(&it.value, its));
            set(one) == set(other) && entries.iter().filter(|it| !it.value.is_null()).all(has)
        }
        _ => false,
    }
}
