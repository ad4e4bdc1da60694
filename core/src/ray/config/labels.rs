//! The syntax that Ray demands of a group's labels: Kubernetes' own.
//!
//! Upstream: ray 2.60.0 _private/label_utils.py `validate_node_label_syntax`.

use super::cluster::StringMap;
use super::error::ConfigError;
use crate::ray::resources::Labels;

/// The group's labels, if all of them are well formed.
pub(super) fn labels(group: &StringMap) -> Result<Labels, ConfigError> {
    let labels: Labels = group.iter().map(|(key, value)| (key, value)).collect();
    for (key, value) in labels.iter() {
        check_key(key)?;
        if !value.is_empty() && !is_name(value) {
            return Err(ConfigError::LabelValue(value.to_string()));
        }
    }
    Ok(labels)
}

fn check_key(key: &str) -> Result<(), ConfigError> {
    let name = match key.rsplit_once('/') {
        Some((prefix, name)) => {
            if prefix.len() > 253 || !is_prefix(prefix) {
                return Err(ConfigError::LabelPrefix(prefix.to_owned()));
            }
            name
        }
        None => key,
    };
    if is_name(name) { Ok(()) } else { Err(ConfigError::LabelKey(name.to_owned())) }
}

/// `(name?(\.name?)*)`: names between dots, each of which may be empty, and may itself hold dots.
fn is_prefix(prefix: &str) -> bool {
    let mut name_starts = vec![0];
    let mut seen = vec![false; prefix.len() + 2];
    while let Some(start) = name_starts.pop() {
        for end in start..=prefix.len().min(start + 63) {
            let Some(name) = prefix.get(start..end) else { continue };
            if !name.is_empty() && !is_name(name) {
                continue;
            }
            if end == prefix.len() {
                return true;
            }
            if prefix.as_bytes()[end] == b'.' && !seen[end + 1] {
                seen[end + 1] = true;
                name_starts.push(end + 1);
            }
        }
    }
    false
}

/// One to 63 letters, digits, `_`, `.` and `-`, with a letter or digit at both ends.
fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    bytes.len() <= 63
        && first.is_ascii_alphanumeric()
        && last.is_ascii_alphanumeric()
        && bytes.iter().all(inside)
}
