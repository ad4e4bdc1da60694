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

#[derive(PartialEq, Properties)]
pub(crate) struct PlacedProps {
    /// 0 at the left edge of the plots, 1 at the right: `--at` for what is inside.
    pub(crate) share: f64,
    pub(crate) children: Html,
}

/// Something at an instant. It has no box of its own.
#[component]
pub(crate) fn Placed(props: &PlacedProps) -> Html {
    let node = use_node_ref();
    use_property(&node, "--at", props.share);
    html! { <div class="placed" ref={node}>{ props.children.clone() }</div> }
}
