//! Reading the cases of KubeRay's operator.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tidetable_core::ray::Name;

/// The cases of one file, after the header, which has to name KubeRay. `KUBERAY_CASES` names
/// another folder.
pub(crate) fn cases(file: &str, at_least: usize) -> Vec<Value> {
    let text = std::fs::read_to_string(path(file)).expect("a file of cases");
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().expect("a header");
    assert!(header["upstream"].as_str().unwrap().starts_with("kuberay 1."), "{header}");
    let cases: Vec<Value> = lines.collect();
    assert_eq!(header["cases"].as_u64(), Some(cases.len() as u64));
    assert!(cases.len() >= at_least);
    cases
}

fn path(file: &str) -> PathBuf {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/kuberay");
    std::env::var_os("KUBERAY_CASES").map_or_else(own, PathBuf::from).join(file)
}

/// The release that answered, as `kuberay 1.6.1`.
pub(crate) fn upstream(file: &str) -> String {
    let text = std::fs::read_to_string(path(file)).expect("a file of cases");
    let header = text.lines().next().expect("a header");
    let header: Value = serde_json::from_str(header).unwrap();
    header["upstream"].as_str().unwrap().to_owned()
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(crate) fn flag(value: &Value) -> bool {
    value.as_bool().unwrap_or_default()
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub(crate) fn name(value: &Value) -> Name {
    text(value).into()
}

/// Prints the first cases that differ, and fails if there are any.
#[track_caller]
pub(crate) fn report(what: &str, differences: &[String], cases: usize) {
    for difference in differences.iter().take(5) {
        eprintln!("{difference}\n");
    }
    assert!(differences.is_empty(), "{what}: {} of {cases} differ", differences.len());
}
