//! The `#` part of the page's address, and the clipboard.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::Callback;

use crate::host;

/// The `#` part.
pub(crate) fn hash() -> String {
    host::window().location().hash().unwrap_or_default()
}

/// Replaces the `#` part, without a step in the history and without an event.
pub(crate) fn set(hash: &str) {
    if let Ok(history) = host::window().history() {
        // Refused only for an address of another origin.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(hash));
    }
}

/// Copies the address; `copied` hears whether the browser allowed it.
pub(crate) fn copy(copied: Callback<bool>) {
    let address = host::window().location().href().unwrap_or_default();
    spawn_local(async move {
        // Absent where the page is not served over https or from this machine.
        let clipboard = js_sys::Reflect::get(&host::window().navigator(), &"clipboard".into());
        let has_clipboard = clipboard.is_ok_and(|it| !it.is_undefined());
        let done = has_clipboard && {
            let writing = host::window().navigator().clipboard().write_text(&address);
            JsFuture::from(writing).await.is_ok()
        };
        copied.emit(done);
    });
}
