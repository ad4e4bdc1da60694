//! The report's JSON Schema: it is what the types say, and every example's report fits it.

use serde_json::{Map, Value};
use tidetable_core::examples::EXAMPLES;
use tidetable_core::report::{SCHEMA, schema};
use tidetable_core::{Language, predict};

#[test]
fn the_written_schema_is_what_the_types_say() {
    assert!(SCHEMA == schema(), "the report's types have changed: run `cargo xtask schema`");
}

#[test]
fn every_report_fits_the_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    for example in EXAMPLES {
        for language in [Language::En, Language::Ko] {
            let report = predict(example.text(), language).report;
            let report = serde_json::to_value(&report).expect("JSON");
            let mut problems = Vec::new();
            fits(&schema, &schema, &report, "", &mut problems);
            assert_eq!(problems, [""; 0], "{}", example.id);
        }
    }
}

#[test]
fn a_report_that_lacks_a_field_or_has_a_wrong_one_does_not_fit() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let report = predict("", Language::En).report;
    let mut report = serde_json::to_value(&report).expect("JSON");
    report["version"] = Value::from("tidetable.dev/report/v0");
    report["language"] = Value::from("de");
    report["durationMs"] = Value::from("long");
    report.as_object_mut().expect("fields").remove("totals");
    let mut problems = Vec::new();
    fits(&schema, &schema, &report, "", &mut problems);
    problems.sort();
    assert_eq!(
        problems,
        [
            "/: totals is missing",
            "/durationMs: not of type \"number\"",
            "/language: fits none of several",
            "/version: is not \"tidetable.dev/report/v1\"",
        ]
    );
}

/// Holds `value`, which stands at `path`, against the keywords that the schema uses.
fn fits(root: &Value, schema: &Value, value: &Value, path: &str, problems: &mut Vec<String>) {
    let Value::Object(keywords) = schema else { return };
    for (keyword, rule) in keywords {
        match keyword.as_str() {
            "$ref" => {
                let pointer = rule.as_str().and_then(|it| it.strip_prefix('#')).expect("a pointer");
                let target = root.pointer(pointer).expect("a definition");
                fits(root, target, value, path, problems);
            }
            "type" => {
                let types = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                if !types.iter().any(|it| is_of(value, it.as_str().expect("a type"))) {
                    problems.push(format!("{path}: not of type {rule}"));
                }
            }
            "const" if value != rule => problems.push(format!("{path}: is not {rule}")),
            "minimum" if value.as_f64().is_some_and(|it| it < rule.as_f64().expect("a number")) => {
                problems.push(format!("{path}: is less than {rule}"));
            }
            "oneOf" | "anyOf" => {
                let fitting = rule.as_array().expect("a list").iter().filter(|schema| {
                    let mut problems = Vec::new();
                    fits(root, schema, value, path, &mut problems);
                    problems.is_empty()
                });
                if fitting.count() == 0 {
                    problems.push(format!("{path}: fits none of several"));
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    fits(root, rule, item, &format!("{path}/{index}"), problems);
                }
            }
            "required" => {
                let none = Map::new();
                let fields = value.as_object().unwrap_or(&none);
                let names = rule.as_array().expect("a list").iter().filter_map(Value::as_str);
                for name in names.filter(|it| !fields.contains_key(*it)) {
                    problems.push(format!("{path}/: {name} is missing"));
                }
            }
            "properties" => {
                let properties = rule.as_object().expect("fields");
                for (name, field) in value.as_object().into_iter().flatten() {
                    match properties.get(name) {
                        Some(schema) => {
                            fits(root, schema, field, &format!("{path}/{name}"), problems);
                        }
                        None => problems.push(format!("{path}/{name}: is not described")),
                    }
                }
            }
            "$schema" | "$id" | "$defs" | "title" | "description" | "format" | "const"
            | "minimum" => {}
            other => panic!("the keyword {other} is not known here"),
        }
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not known here"),
    }
}
