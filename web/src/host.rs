//! The JavaScript around the page: CodeMirror, uPlot and the worker's address.
//!
//! `web/js/main.ts` puts these under the global name `Tidetable` before the page starts. The
//! worker and the book load the same WebAssembly module without them, so they are looked up when
//! they are called and not when the module loads.

use js_sys::{Array, Float64Array, Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Window, Worker};

#[wasm_bindgen]
extern "C" {
    /// A worker that runs `worker_main`.
    #[wasm_bindgen(js_namespace = Tidetable, js_name = startWorker)]
    pub(crate) fn start_worker() -> Worker;

    /// An empty chart inside `place`, as large as `place` at any time.
    #[wasm_bindgen(js_namespace = Tidetable, js_name = createChart)]
    pub(crate) fn create_chart(place: &Element) -> ChartView;

    /// Loads the editor and puts one into `place`, with the text, focus and selection of the
    /// plain text field that stands there until then.
    #[wasm_bindgen(js_namespace = Tidetable, js_name = createEditor, catch)]
    pub(crate) async fn create_editor(
        place: &Element,
        events: &EditorEvents,
    ) -> Result<JsValue, JsValue>;

    /// What an editor calls.
    #[wasm_bindgen(extends = Object)]
    pub(crate) type EditorEvents;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_edited(this: &EditorEvents, call: &Function);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_pointed(this: &EditorEvents, call: &Function);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_picked(this: &EditorEvents, call: &Function);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_suggest(this: &EditorEvents, call: &Function);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_describe(this: &EditorEvents, call: &Function);

    /// One uPlot chart.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) type ChartView;
    /// Draws `lists`: the instants, then the values of each series that `shape` describes.
    #[wasm_bindgen(method)]
    pub(crate) fn draw(this: &ChartView, shape: &JsValue, lists: &Array);
    /// Shows the time from `from` to `to`, in milliseconds.
    #[wasm_bindgen(method)]
    pub(crate) fn show(this: &ChartView, from: f64, to: f64);
    /// Takes it out of the page.
    #[wasm_bindgen(method)]
    pub(crate) fn remove(this: &ChartView);

    /// One CodeMirror editor. Places are UTF-16 offsets.
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) type EditorView;
    /// Replaces what differs from `text`, as one step that can be undone.
    #[wasm_bindgen(method, js_name = setText)]
    pub(crate) fn set_text(this: &EditorView, text: &str);
    /// Replaces all marks; each is a `queries::marks::Mark`.
    #[wasm_bindgen(method, js_name = setMarks)]
    pub(crate) fn set_marks(this: &EditorView, marks: &JsValue);
    /// Highlights the lines from `from` to `to`, or none.
    #[wasm_bindgen(method)]
    pub(crate) fn highlight(this: &EditorView, from: i32, to: i32);
    /// Moves the caret to `at` and shows it.
    #[wasm_bindgen(method, js_name = goTo)]
    pub(crate) fn go_to(this: &EditorView, at: u32);
    /// Takes it out of the page.
    #[wasm_bindgen(method)]
    pub(crate) fn remove(this: &EditorView);
}

/// The window that the page is in.
pub(crate) fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

/// A typed array for a chart.
pub(crate) fn numbers(values: &[f64]) -> Float64Array {
    Float64Array::from(values)
}
