//! The line between two columns, which can be dragged.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::host;

/// Which column's width it sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The editor's.
    Left,
    /// The why column's.
    Right,
}

#[derive(PartialEq, Properties)]
pub(crate) struct DividerProps {
    pub(crate) side: Side,
    pub(crate) label: &'static str,
    /// The column's width before anyone drags, in percent of the page.
    pub(crate) percent: f64,
}

const PERCENT_MIN: f64 = 16.0;
const PERCENT_MAX: f64 = 44.0;
const KEY_STEP: f64 = 2.0;

#[component]
pub(crate) fn Divider(props: &DividerProps) -> Html {
    let DividerProps { side, label, percent } = *props;
    let width = use_state(|| percent);
    use_effect_with((*width, percent), move |&(now, before)| {
        if now != before {
            set_width(side, now);
        }
    });
    let to = {
        let width = width.clone();
        move |percent: f64| width.set(percent.clamp(PERCENT_MIN, PERCENT_MAX))
    };
    let onpointerdown = |event: PointerEvent| {
        event.prevent_default();
        if let Some(target) = event.target().and_then(|it| it.dyn_into::<Element>().ok()) {
            // Fails only for a pointer that has left already.
            let _ = target.set_pointer_capture(event.pointer_id());
        }
    };
    let onpointermove = {
        let to = to.clone();
        move |event: PointerEvent| {
            if event.buttons() & 1 == 1 {
                let share = f64::from(event.client_x()) / page_width() * 100.0;
                to(if side == Side::Left { share } else { 100.0 - share });
            }
        }
    };
    let onkeydown = {
        let now = *width;
        move |event: KeyboardEvent| {
            let wider = if side == Side::Left { KEY_STEP } else { -KEY_STEP };
            match event.key().as_str() {
                "ArrowRight" => to(now + wider),
                "ArrowLeft" => to(now - wider),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let side_name = if side == Side::Left { "left" } else { "right" };
    html! {
        <div
            class="divider"
            data-side={side_name}
            role="separator"
            tabindex="0"
            aria-label={label}
            aria-orientation="vertical"
            aria-valuemin={PERCENT_MIN.to_string()}
            aria-valuemax={PERCENT_MAX.to_string()}
            aria-valuenow={width.round().to_string()}
            {onpointerdown}
            {onpointermove}
            {onkeydown}
        />
    }
}

fn page_width() -> f64 {
    let width = host::window().inner_width().ok().and_then(|it| it.as_f64());
    width.unwrap_or(1.0).max(1.0)
}

fn set_width(side: Side, percent: f64) {
    let root = host::window().document().and_then(|it| it.document_element());
    if let Some(root) = root.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let name = if side == Side::Left { "--left-width" } else { "--right-width" };
        // Fails only for a malformed name.
        let _ = root.style().set_property(name, &format!("{percent}%"));
    }
}
