//! Reading the cases.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use tidetable_core::ray::{
    LabelConstraint, LabelSelector, Labels, Name, PlacementConstraint, ResourceDemand,
    ResourceRequest, Resources,
};

/// The cases of one engine, after the header. `TIDETABLE_CASES` names another file to read.
pub(crate) fn cases(engine: &str) -> Vec<Value> {
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
#[track_caller]
pub(crate) fn report(engine: &str, differences: &[String], cases: usize) {
    for difference in differences.iter().take(5) {
        eprintln!("{difference}\n");
    }
    assert!(differences.is_empty(), "{engine}: {} of {cases} differ", differences.len());
}

pub(crate) fn name(value: &Value) -> Name {
    Arc::from(value.as_str().unwrap())
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// `[[name, amount], ...]`.
pub(crate) fn resources(value: &Value) -> Resources {
    list(value).iter().map(|pair| (pair[0].as_str().unwrap(), pair[1].as_f64().unwrap())).collect()
}

/// `{key: value, ...}`.
pub(crate) fn labels(value: &Value) -> Labels {
    let labels = value.as_object().unwrap();
    labels.iter().map(|(key, value)| (key, value.as_str().unwrap())).collect()
}

pub(crate) fn request(value: &Value) -> ResourceRequest {
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

pub(crate) fn demands(value: &Value) -> Vec<ResourceDemand> {
    let demand = |value: &Value| ResourceDemand {
        request: request(value),
        count: value["count"].as_u64().unwrap() as u32,
    };
    list(value).iter().map(demand).collect()
}
