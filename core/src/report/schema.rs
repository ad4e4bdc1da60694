//! The JSON Schema of a report, made from its types.
//!
//! What is written down beside this file is what `cargo xtask schema` makes of it; a test holds
//! the two together. Fields that may be added under this version are not forbidden.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::{Report, VERSION};

/// The schema of [`Report`] as it is serialized, with its fields by name.
pub fn schema() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Report>().to_value();
    schema["$id"] = Value::from(format!("https://{VERSION}"));
    schema["properties"]["version"]["const"] = Value::from(VERSION);
    let sorted = sorted(schema);
    format!("{sorted:#}\n")
}

/// The same value with its fields by name, however the map keeps them.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields.into_iter().collect();
            fields.sort_by(|one, other| one.0.cmp(&other.0));
            let fields = fields.into_iter().map(|(name, it)| (name, sorted(it)));
            Value::Object(fields.collect::<Map<String, Value>>())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}
