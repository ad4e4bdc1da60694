//! Prints every workload with the report that native code gives, as a JSON list.
//!
//! `tests/wasm` compares these reports with those of the WebAssembly module.

use tidetable_tests::workloads::{WORKLOADS, report_json};

fn main() {
    let list: Vec<_> = WORKLOADS
        .iter()
        .map(|it| {
            serde_json::json!({
                "name": it.name,
                "text": it.text,
                "report": report_json(it.text),
            })
        })
        .collect();
    println!("{}", serde_json::Value::from(list));
}
