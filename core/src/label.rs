//! What labels and names of objects may look like, and what is said of others.
//!
//! Upstream: apimachinery 0.37 pkg/api/validate/content, pkg/util/validation/validation.go.

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

pub(crate) const LONGEST_NAME: usize = 63;
pub(crate) const LONGEST_SUBDOMAIN: usize = 253;

/// What is wrong with a label's key. From 1.35 on it `is_label_key`; before, a qualified name.
///
/// Upstream: apimachinery 0.37 pkg/api/validate/content/kube.go `IsLabelKey`.
pub(crate) fn key(text: &str, is_label_key: bool) -> Vec<String> {
    let mut found = Vec::new();
    let name = match text.split_once('/') {
        None => text,
        Some((_, rest)) if rest.contains('/') => {
            let what = if is_label_key { "valid label key" } else { "qualified name" };
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
            found = dns_subdomain_in(prefix, unit(is_label_key));
            for it in &mut found {
                it.insert_str(0, "prefix part ");
            }
            name
        }
    };
    if name.is_empty() {
        found.push("name part must be non-empty".to_owned());
    } else if name.len() > LONGEST_NAME {
        found.push(format!("name part {}", too_long(LONGEST_NAME, unit(is_label_key))));
    }
    if !is_name(name) {
        found.push(format!("name part {NAME}"));
    }
    found
}

/// What is wrong with a label's value.
///
/// Upstream: apimachinery 0.37 pkg/api/validate/content/kube.go `IsLabelValue`.
pub(crate) fn value(text: &str, is_label_key: bool) -> Vec<String> {
    let mut found = Vec::new();
    if text.len() > LONGEST_NAME {
        found.push(too_long(LONGEST_NAME, unit(is_label_key)));
    }
    if !text.is_empty() && !is_name(text) {
        found.push(LABEL_VALUE.to_owned());
    }
    found
}

fn unit(is_label_key: bool) -> &'static str {
    if is_label_key { "bytes" } else { "characters" }
}

/// Upstream: apimachinery 0.37 pkg/util/validation/validation.go `IsDNS1123Label`.
pub(crate) fn dns_label(text: &str) -> Vec<String> {
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
pub(crate) fn dns_subdomain(text: &str) -> Vec<String> {
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
