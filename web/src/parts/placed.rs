//! Positions that change with the data.
//!
//! The page's Content-Security-Policy refuses `style="…"` attributes, which Yew would write. So a
//! component sets a custom property through the CSSOM, and its style sheet does the rest.

use web_sys::HtmlElement;
use yew::prelude::*;

/// Keeps the custom property `name` of `node` at `value`.
#[hook]
pub(crate) fn use_property(node: &NodeRef, name: &'static str, value: f64) {
    let node = node.clone();
    use_effect_with(value, move |&value| {
        if let Some(element) = node.cast::<HtmlElement>() {
            // Fails only for a malformed name.
            let _ = element.style().set_property(name, &value.to_string());
        }
    });
}
