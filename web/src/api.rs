//! What JavaScript may call besides the entry points.

use tidetable_core::{predict, report::Language};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::worker;

/// The report on `text`, in the bytes that page and worker exchange.
#[wasm_bindgen]
pub fn predict_bytes(text: &str) -> Vec<u8> {
    worker::bytes(&predict(text, Language::En).report)
}
