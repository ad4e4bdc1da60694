//! Reading the cases of KubeRay's operator.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The cases of one file, after the header, which has to name KubeRay. `KUBERAY_CASES` names
/// another folder.
pub(crate) fn cases(file: &str, at_least: usize) -> Vec<Value> {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/kuberay");
    let folder = std::env::var_os("KUBERAY_CASES").map_or_else(own, PathBuf::from);
    let text = std::fs::read_to_string(folder.join(file)).expect("a file of cases");
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().expect("a header");
    assert!(header["upstream"].as_str().unwrap().starts_with("kuberay 1."), "{header}");
    let cases: Vec<Value> = lines.collect();
    assert_eq!(header["cases"].as_u64(), Some(cases.len() as u64));
    assert!(cases.len() >= at_least);
    cases
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(crate) fn flag(value: &Value) -> bool {
    value.as_bool().unwrap_or_default()
}
