//! What is wrong with the selector of a custom or external metric.
//!
//! The API server takes any; the controller finds out each time that it is about to ask for the
//! metric, and then does not ask. Of several labels that are wrong upstream names any one, since it
//! goes through them in the order of a map; here it is the first by name.
//!
//! Upstream: apimachinery 0.37 pkg/apis/meta/v1/helpers.go `LabelSelectorAsSelector`,
//! pkg/labels/selector.go `NewRequirement`.

use super::{Failure, LabelSelector, LabelSelectorRequirement, MetricIdentifier, Rules};
use crate::go::{list, quoted};
use crate::label;

/// Fails if the metric's selector is none.
pub(super) fn check(metric: &MetricIdentifier, rules: Rules) -> Result<(), Failure> {
    match &metric.selector {
        Some(selector) if error(selector, rules).is_some() => Err(Failure::InvalidSelector),
        Some(_) | None => Ok(()),
    }
}

/// Upstream's error.
pub(super) fn error(selector: &LabelSelector, rules: Rules) -> Option<String> {
    let of_label = |(key, value): (&String, &String)| {
        together(parts(key, std::slice::from_ref(value), None, rules))
    };
    let of_expression = |it: &LabelSelectorRequirement| {
        let LabelSelectorRequirement { key, operator, values } = it;
        let detail = match operator.as_str() {
            "In" | "NotIn" => values
                .is_empty()
                .then_some("for 'in', 'notin' operators, values set can't be empty"),
            "Exists" | "DoesNotExist" => (!values.is_empty())
                .then_some("values set must be empty for exists and does not exist"),
            _ => {
                return Some(format!(
                    "{} is not a valid label selector operator",
                    quoted(operator)
                ));
            }
        };
        together(parts(key, values, detail, rules))
    };
    selector
        .match_labels
        .iter()
        .find_map(of_label)
        .or_else(|| selector.match_expressions.iter().find_map(of_expression))
}

/// All that is wrong with one requirement; `of_values` is what is wrong with how many there are.
fn parts(key: &str, values: &[String], of_values: Option<&str>, rules: Rules) -> Vec<String> {
    let mut parts = Vec::new();
    let of_key = label::key(key, rules.label_keys);
    if !of_key.is_empty() {
        parts.push(format!("key: Invalid value: {}: {}", quoted(key), of_key.join("; ")));
    }
    if let Some(detail) = of_values {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let values = list(&values, rules.json_values);
        parts.push(format!("values: Invalid value: {values}: {detail}"));
    }
    for (index, value) in values.iter().enumerate() {
        let of_value = label::value(value, rules.label_keys);
        if !of_value.is_empty() {
            let (value, details) = (quoted(value), of_value.join("; "));
            parts.push(format!("values[{index}][{key}]: Invalid value: {value}: {details}"));
        }
    }
    parts
}

/// Several errors as one, as upstream's `Aggregate` prints them.
fn together(mut errors: Vec<String>) -> Option<String> {
    match errors.len() {
        0 => None,
        1 => errors.pop(),
        _ => Some(format!("[{}]", errors.join(", "))),
    }
}
