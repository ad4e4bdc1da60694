//! What JavaScript may call besides the entry points.

use tidetable_core::{predict, report::Language};
use wasm_bindgen::{JsError, prelude::wasm_bindgen};

/// The report on `text` as JSON.
///
/// # Errors
/// If the report can't be written as JSON.
#[wasm_bindgen]
pub fn predict_json(text: &str) -> Result<String, JsError> {
    Ok(serde_json::to_string(&predict(text, Language::En).report)?)
}
