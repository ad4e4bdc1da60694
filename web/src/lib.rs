//! The Tidetable page: a Yew app, its worker and the widgets of the book.
//!
//! One WebAssembly module serves all three; each entry script in `web/js` loads it and calls its
//! own entry points here. The state of the page is text; a [`Report`](tidetable_core::Report) comes
//! back, and everything that is drawn is drawn from it.

pub mod api;
mod app;
mod host;
mod panes;
mod parts;
mod queries;
mod state;
mod strings;
mod tasks;
pub mod widgets;
mod worker;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the page (`web/js/main.ts`).
#[wasm_bindgen]
pub fn start() {
    yew::Renderer::<app::App>::new().render();
}

/// Starts the worker that predicts (`web/js/worker.ts`).
#[wasm_bindgen]
pub fn worker_main() {
    worker::listen();
}
