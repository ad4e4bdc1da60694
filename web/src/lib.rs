//! The Tidetable page: a Yew app, its worker and the widgets of the book.
//!
//! One WebAssembly module serves all three; each entry script in `web/js` loads it and calls its own
//! entry points here.

use wasm_bindgen::prelude::wasm_bindgen;
use yew::{Html, component, html};

pub mod widgets;

/// The page's root.
#[component]
fn App() -> Html {
    html! {
        <main>
            <h1>{ "Tidetable" }</h1>
            <p>{ format!("Kubernetes {}", tidetable_core::upstream::KUBERNETES) }</p>
        </main>
    }
}

/// Starts the page (`web/js/main.ts`).
#[wasm_bindgen]
pub fn start() {
    yew::Renderer::<App>::new().render();
}

/// Starts the worker that predicts (`web/js/worker.ts`).
#[wasm_bindgen]
pub fn worker_main() {}
