//! The syntax of Ray's label selectors, and what Ray says of a wrong one.
//!
//! Upstream: ray 2.60.0 _private/label_utils.py `validate_label_key`,
//! `validate_label_selector_value`.

/// The longest name or value.
const LONGEST: usize = 63;
/// The longest prefix of a key.
const LONGEST_PREFIX: usize = 253;

/// What is wrong with a key.
pub(super) fn key_error(key: &str) -> Option<String> {
    let (prefix, name) = key.rsplit_once('/').map_or((None, key), |(it, name)| (Some(it), name));
    if let Some(prefix) = prefix.filter(|it| !is_prefix(it)) {
        return Some(format!(
            "Invalid label key prefix `{prefix}`. Prefix must be a series of DNS labels separated \
             by dots (.), not longer than 253 characters in total."
        ));
    }
    (!is_label(name)).then(|| {
        format!(
            "Invalid label key name `{name}`. Name must be 63 chars or less beginning and ending \
             with an alphanumeric character ([a-z0-9A-Z]) with dashes (-), underscores (_),dots \
             (.), and alphanumerics between."
        )
    })
}

/// What is wrong with a value of a selector: `a`, `!a`, `in(a, b)`, `!in(a,b)`; `(a)` will do.
pub(super) fn selector_error(value: &str) -> Option<String> {
    let rest = value.strip_prefix('!').unwrap_or(value);
    let list = rest.strip_prefix("in").unwrap_or(rest).strip_prefix('(');
    let is_list = list.and_then(|it| it.strip_suffix(')')).is_some_and(|it| {
        let mut items = it.split(',');
        items.next().is_some_and(is_label)
            && items.all(|it| is_label(it.strip_prefix(' ').unwrap_or(it)))
    });
    if value.is_empty() || is_list || is_label(rest) {
        return None;
    }
    Some(format!(
        "Invalid label selector value `{value}`. The label selector value should contain optional \
         operators and a label value. Supported operators are: ! and {{'in'}}. Value must be 63 \
         chars or less beginning and ending with an alphanumeric character ([a-z0-9A-Z]) with \
         dashes (-), underscores (_),dots (.), and alphanumerics between."
    ))
}

/// `LABEL_REGEX`.
fn is_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_edge = |it: Option<&u8>| it.is_some_and(u8::is_ascii_alphanumeric);
    let inner = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.' | b'-');
    bytes.len() <= LONGEST
        && is_edge(bytes.first())
        && is_edge(bytes.last())
        && bytes.iter().all(inner)
}

/// `LABEL_PREFIX_REGEX`: labels, or nothing, between dots; a label may hold dots itself.
fn is_prefix(text: &str) -> bool {
    if text.len() > LONGEST_PREFIX || !text.is_ascii() {
        return false;
    }
    // Where a piece may begin.
    let mut starts = vec![0];
    for end in 0..=text.len() {
        let ends = starts.iter().any(|start| {
            let piece = text.get(*start..end).unwrap_or_default();
            *start <= end && (piece.is_empty() || is_label(piece))
        });
        if end == text.len() {
            return ends;
        }
        if ends && text.as_bytes()[end] == b'.' {
            starts.push(end + 1);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{is_label, is_prefix, key_error, selector_error};

    #[test]
    fn selectors_are_told_apart_as_rays_pattern_does() {
        // Upstream: the examples beside `LABEL_SELECTOR_REGEX`.
        for fine in ["spot", "!GPU", "213521", "in(A123, B456, C789)", "!in(spot, on-demand)"] {
            assert_eq!(selector_error(fine), None, "{fine}");
        }
        for wrong in ["-spot", "spot_", "in()", "in(spot,", "in(H100, TPU!GPU)", "!!!in(H100, TPU)"]
        {
            assert!(selector_error(wrong).is_some(), "{wrong}");
        }
        assert_eq!(selector_error("(a,b)"), None);
        assert!(selector_error("in(a,  b)").is_some());
        assert!(is_label(&"a".repeat(63)) && !is_label(&"a".repeat(64)));
    }

    #[test]
    fn a_prefix_is_labels_between_dots() {
        // Answers of `validate_label_key` of ray 2.60.0 to these prefixes.
        for fine in ["ray.io", "ray..io", "a-.b", ""] {
            assert!(is_prefix(fine), "{fine}");
        }
        for wrong in ["a-", "-a", "a_.", "sub.$$.example"] {
            assert!(!is_prefix(wrong), "{wrong}");
        }
        assert!(key_error("-zone").is_some());
    }
}
