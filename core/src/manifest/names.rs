//! What names and labels may look like, in the API server's words.
//!
//! Upstream: apimachinery 0.37 pkg/api/validate/content, pkg/util/validation/validation.go,
//! pkg/api/validation/objectmeta.go.

use super::Metadata;
use super::go::quoted;
use super::validation::Refusal;
use crate::source::Span;

const NAME: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and \
                    end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or \
                    '123-abc', regex used for validation is \
                    '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric \
                           characters, '-', '_' or '.', and must start and end with an \
                           alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', \
                           regex used for validation is \
                           '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const DNS_LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric \
                         characters or '-', and must start and end with an alphanumeric character \
                         (e.g. 'my-name',  or '123-abc', regex used for validation is \
                         '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const DNS_SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case \
                             alphanumeric characters, '-' or '.', and must start and end with an \
                             alphanumeric character (e.g. 'example.com', regex used for validation \
                             is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const LONGEST_NAME: usize = 63;
const LONGEST_SUBDOMAIN: usize = 253;
const MOST_ANNOTATION_BYTES: usize = 256 * 1024;

/// Refuses what `metadata` of a namespaced object says wrong; `place` is where it would stand.
///
/// Finalizers and owners are not looked at.
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

/// Upstream: apimachinery 0.37 pkg/api/validate/content/kube.go `IsLabelKey`.
pub(super) fn qualified(text: &str, refuse: Refusal<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let name = match text.split_once('/') {
        None => text,
        Some((_, rest)) if rest.contains('/') => {
            let what = if refuse.rules.label_keys { "valid label key" } else { "qualified name" };
            return vec![format!(
                "a {what} {NAME} with an optional DNS subdomain prefix and '/' (e.g. \
                 'example.com/MyName')"
            )];
        }
        Some(("", name)) => {
            found.push("prefix part must be non-empty".to_owned());
            name
        }
        Some((prefix, name)) => {
            found = dns_subdomain_in(prefix, unit(refuse));
            for it in &mut found {
                it.insert_str(0, "prefix part ");
            }
            name
        }
    };
    if name.is_empty() {
        found.push("name part must be non-empty".to_owned());
    } else if name.len() > LONGEST_NAME {
        found.push(format!("name part {}", too_long(LONGEST_NAME, unit(refuse))));
    }
    if !is_name(name) {
        found.push(format!("name part {NAME}"));
    }
    found
}

/// Upstream: apimachinery 0.37 pkg/api/validate/content/kube.go `IsLabelValue`.
pub(super) fn label_value(text: &str, refuse: Refusal<'_>) -> Vec<String> {
    let mut found = Vec::new();
    if text.len() > LONGEST_NAME {
        found.push(too_long(LONGEST_NAME, unit(refuse)));
    }
    if !text.is_empty() && !is_name(text) {
        found.push(LABEL_VALUE.to_owned());
    }
    found
}

fn unit(refuse: Refusal<'_>) -> &'static str {
    if refuse.rules.label_keys { "bytes" } else { "characters" }
}

/// Upstream: apimachinery 0.37 pkg/util/validation/validation.go `IsDNS1123Label`.
pub(super) fn dns_label(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if text.len() > LONGEST_NAME {
        found.push(too_long(LONGEST_NAME, "characters"));
    }
    if !is_dns_label(text) {
        let has_dots = text.split('.').all(is_dns_label);
        found.push(if has_dots { "must not contain dots" } else { DNS_LABEL }.to_owned());
    }
    found
}

/// Upstream: apimachinery 0.37 pkg/util/validation/validation.go `IsDNS1123Subdomain`.
fn dns_subdomain(text: &str) -> Vec<String> {
    dns_subdomain_in(text, "characters")
}

fn dns_subdomain_in(text: &str, unit: &str) -> Vec<String> {
    let mut found = Vec::new();
    if text.len() > LONGEST_SUBDOMAIN {
        found.push(too_long(LONGEST_SUBDOMAIN, unit));
    }
    if !text.split('.').all(is_dns_label) {
        found.push(DNS_SUBDOMAIN.to_owned());
    }
    found
}

fn too_long(most: usize, unit: &str) -> String {
    format!("must be no more than {most} {unit}")
}

fn is_name(text: &str) -> bool {
    let is_inner = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.');
    text.bytes().all(is_inner) && begins_and_ends(text)
}

fn is_dns_label(text: &str) -> bool {
    let is_inner = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    text.bytes().all(is_inner) && begins_and_ends(text)
}

fn begins_and_ends(text: &str) -> bool {
    let ends = [text.bytes().next(), text.bytes().next_back()];
    ends.iter().all(|it| it.is_some_and(|it| it.is_ascii_alphanumeric()))
}
