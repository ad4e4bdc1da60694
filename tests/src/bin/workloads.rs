//! Prints every workload with the report that native code gives, as a JSON list of bytes.
//!
//! `tests/wasm` compares these reports with those of the WebAssembly module.

use tidetable_tests::workloads::{report_bytes, workloads};

fn main() {
    let list: Vec<_> = workloads()
        .into_iter()
        .map(|it| {
            serde_json::json!({
                "name": it.name,
                "text": it.text,
                "report": report_bytes(it.text),
            })
        })
        .collect();
    println!("{}", serde_json::Value::from(list));
}
