//! The Tidetable page: a Yew app, its worker and the widgets of the book.
//!
//! One WebAssembly module has three entries: [`start`] draws the page, [`worker_main`] predicts
//! beside it, and the book's widgets have one of their own. The state of the page is text; a
//! [`Report`](tidetable_core::Report) comes back, and everything that is drawn is drawn from it.

mod app;
mod host;
mod panes;
mod parts;
mod queries;
mod share;
mod state;
mod strings;
mod tasks;
mod worker;

use wasm_bindgen::prelude::*;

/// Draws the page into `#app`.
#[wasm_bindgen]
pub fn start() {
    let document = gloo_document();
    if let Some(root) = document.get_element_by_id("app") {
        root.set_text_content(None);
        yew::Renderer::<app::App>::with_root(root).render();
    }
}

/// Listens for texts and answers with reports; called once inside a worker.
#[wasm_bindgen]
pub fn worker_main() {
    worker::listen();
}

fn gloo_document() -> web_sys::Document {
    host::window().document().expect("a page has a document")
}
