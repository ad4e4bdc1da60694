//! Cases of Ray's autoscaler as JSON: the form in which upstream's Python answers them.
//!
//! A case that is not whole makes these functions panic; the oracle counts it as no case.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use tidetable_core::ray::{
    LabelConstraint, LabelSelector, Labels, Name, PlacementConstraint, ResourceDemand,
    ResourceRequest, Resources,
};

/// The cases of one kind, after the header. `TIDETABLE_CASES` names another folder to read.
///
/// # Panics
/// If the file is not what `cargo xtask oracle ray --write` writes.
pub fn cases(engine: &str) -> Vec<Value> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("cases/ray/{engine}.jsonl"));
    let path = std::env::var_os("TIDETABLE_CASES")
        .map_or(ours, |folder| Path::new(&folder).join(format!("{engine}.jsonl")));
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().unwrap();
    assert_eq!(header["upstream"], "ray 2.60.0");
    let cases: Vec<Value> = lines.collect();
    assert_eq!(header["cases"].as_u64(), Some(cases.len() as u64));
    cases
}

/// Prints the first cases that differ, and fails if there are any.
///
/// # Panics
/// If there are any.
#[track_caller]
pub fn report(engine: &str, differences: &[String], cases: usize) {
    for difference in differences.iter().take(5) {
        eprintln!("{difference}\n");
    }
    assert!(differences.is_empty(), "{engine}: {} of {cases} differ", differences.len());
}

/// A string.
///
/// # Panics
/// If it is none.
pub fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

/// A whole number.
///
/// # Panics
/// If it is none.
pub fn int(value: &Value) -> i64 {
    value.as_i64().expect("a whole number")
}

/// A number that is not negative, such as the position of a pod.
///
/// # Panics
/// If it is none.
pub fn index(value: &Value) -> u32 {
    u32::try_from(int(value)).expect("a number that is not negative")
}

/// Any number.
///
/// # Panics
/// If it is none.
pub fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// A name.
pub fn name(value: &Value) -> Name {
    Arc::from(text(value))
}

/// The elements; none if it is no list.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// `[[name, amount], ...]`.
pub fn resources(value: &Value) -> Resources {
    list(value).iter().map(|pair| (text(&pair[0]), number(&pair[1]))).collect()
}

/// `{key: value, ...}`.
///
/// # Panics
/// If it is none.
pub fn labels(value: &Value) -> Labels {
    let labels = value.as_object().expect("labels");
    labels.iter().map(|(key, value)| (key, text(value))).collect()
}

/// `{res, selectors, place}`.
pub fn request(value: &Value) -> ResourceRequest {
    let selector = |selector: &Value| {
        let constraint = |constraint: &Value| {
            let values = list(&constraint[2]).iter().map(name).collect();
            match constraint[1].as_i64() {
                Some(1) => LabelConstraint::In(name(&constraint[0]), values),
                _ => LabelConstraint::NotIn(name(&constraint[0]), values),
            }
        };
        LabelSelector(list(selector).iter().map(constraint).collect())
    };
    let place = &value["place"];
    let placement = place.is_array().then(|| {
        let (label, value) = (name(&place[1]), Arc::from(""));
        if place[0] == "affinity" {
            PlacementConstraint::Affinity { label, value }
        } else {
            PlacementConstraint::AntiAffinity { label, value }
        }
    });
    let label_selectors = list(&value["selectors"]).iter().map(selector).collect();
    ResourceRequest { resources: resources(&value["res"]), label_selectors, placement }
}

/// Requests with a `count`.
pub fn demands(value: &Value) -> Vec<ResourceDemand> {
    let demand =
        |value: &Value| ResourceDemand { request: request(value), count: index(&value["count"]) };
    list(value).iter().map(demand).collect()
}
