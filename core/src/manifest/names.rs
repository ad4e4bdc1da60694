//! What is wrong with `metadata`, in the API server's words; what names and labels may look like
//! says [`label`](crate::label).
//!
//! Upstream: apimachinery 0.37 pkg/api/validation/objectmeta.go.

use super::validation::Refusal;
use super::{Metadata, owners};
use crate::go::quoted;
use crate::label::{self, LONGEST_NAME, dns_label, dns_subdomain};
use crate::source::Span;

const MOST_ANNOTATION_BYTES: usize = 256 * 1024;

/// Refuses what `metadata` of a namespaced object says wrong; `place` is where it would stand.
///
/// Upstream: apimachinery 0.37 pkg/api/validation/objectmeta.go `ValidateObjectMetaAccessor`.
pub(super) fn metadata(metadata: &Metadata, place: Span, refuse: Refusal<'_>) {
    let name = &metadata.name;
    if let Some(prefix) = metadata.generate_name.as_ref().filter(|it| !it.value.is_empty()) {
        let found = dns_subdomain(&masked(&prefix.value));
        refuse.name(prefix.span, "metadata.generateName", &prefix.value, &found);
        if prefix.span == name.span {
            let generated = generated(&prefix.value);
            refuse.name(prefix.span, "metadata.name", &generated, &dns_subdomain(&generated));
        }
    }
    if name.value.is_empty() {
        refuse.required(place, "metadata.name", "name or generateName is required");
    } else if metadata.generate_name.as_ref().is_none_or(|it| it.span != name.span) {
        refuse.name(name.span, "metadata.name", &name.value, &dns_subdomain(&name.value));
    }
    if let Some(it) = metadata.namespace.as_ref().filter(|it| !it.value.is_empty()) {
        refuse.name(it.span, "metadata.namespace", &it.value, &dns_label(&it.value));
    }
    for (key, value) in &metadata.labels.0 {
        let path = "metadata.labels";
        refuse.name(key.span, path, &key.value, &qualified(&key.value, refuse));
        refuse.name(value.span, path, &value.value, &label_value(&value.value, refuse));
    }
    let mut bytes = 0;
    for (key, value) in &metadata.annotations.0 {
        bytes += key.value.len() + value.value.len();
        let lower = key.value.to_lowercase();
        refuse.name(key.span, "metadata.annotations", &key.value, &qualified(&lower, refuse));
    }
    if let Some((key, _)) = metadata.annotations.0.first().filter(|_| bytes > MOST_ANNOTATION_BYTES)
    {
        let must = if refuse.rules.too_long_may_not {
            "may not be more than"
        } else {
            "must have at most"
        };
        let detail = format!("{must} {MOST_ANNOTATION_BYTES} bytes");
        refuse.push(key.span, format!("metadata.annotations: Too long: {detail}"));
    }
    owners::owners(metadata, refuse);
    owners::finalizers(metadata, refuse);
}

/// A prefix of a name may end in a dash.
///
/// Upstream: apimachinery 0.37 pkg/api/validation/generic.go `maskTrailingDash`, which drops the
/// letter before it, too.
fn masked(prefix: &str) -> String {
    let mut masked = prefix.to_owned();
    if prefix.len() > 1 && prefix.ends_with('-') && prefix.is_ascii() {
        masked.truncate(prefix.len() - 2);
        masked.push('a');
    }
    masked
}

/// A name as it would be generated; upstream's last five letters are random.
///
/// Upstream: apiserver 0.37 pkg/storage/names/generate.go `GenerateName`.
fn generated(prefix: &str) -> String {
    let most = prefix.floor_char_boundary(LONGEST_NAME - 5);
    format!("{}xxxxx", &prefix[..most])
}

impl Refusal<'_> {
    /// `PATH: Invalid value: "TEXT": DETAIL` for each of `details`.
    pub(super) fn name(self, span: Span, path: &str, text: &str, details: &[String]) {
        for detail in details {
            self.invalid(span, path, quoted(text), detail);
        }
    }
}

/// What is wrong with a label's key, as the release words it.
pub(super) fn qualified(text: &str, refuse: Refusal<'_>) -> Vec<String> {
    label::key(text, refuse.rules.label_keys)
}

/// What is wrong with a label's value, as the release words it.
pub(super) fn label_value(text: &str, refuse: Refusal<'_>) -> Vec<String> {
    label::value(text, refuse.rules.label_keys)
}
