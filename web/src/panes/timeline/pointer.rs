//! The pointer over tracks and charts: it shows an instant, picks one, or drags out a stretch.
//!
//! What follows the pointer is moved through the CSSOM and not drawn again by Yew: it must keep
//! up with the hand.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, PointerEvent};

use crate::{
    app::Message,
    queries::{axis::Range, summary},
};

/// Where a press began, as a share of the width and in pixels.
#[derive(Default)]
pub(super) struct Pointer {
    pressed: Option<(f64, f64)>,
}

/// A press that moves less than this is a click, in pixels.
const CLICK_PX: f64 = 5.0;

/// A press begins.
pub(super) fn down(
    pointer: &mut Pointer,
    event: &PointerEvent,
    area: &Element,
    _range: Range,
) -> Option<Message> {
    let is_on_button = target(event).is_some_and(|it| matches!(it.closest("button"), Ok(Some(_))));
    if event.button() == 0 && event.is_primary() && !is_on_button {
        pointer.pressed = Some((share(event, area), f64::from(event.client_x())));
    }
    None
}

/// The pointer moves.
pub(super) fn moved(
    pointer: &mut Pointer,
    event: &PointerEvent,
    area: &Element,
    range: Range,
) -> Option<Message> {
    let at = share(event, area);
    let dragged = pointer.pressed.filter(|&(_, begun_px)| is_drag(event, begun_px));
    show_box(area, dragged.map(|(begun, _)| (begun.min(at), begun.max(at))));
    let is_hovering = event.pointer_type() == "mouse";
    show_line(area, is_hovering.then_some((at, range.at(at))));
    None
}

/// A press ends: a stretch was dragged out, or an instant picked.
pub(super) fn up(
    pointer: &mut Pointer,
    event: &PointerEvent,
    area: &Element,
    range: Range,
) -> Option<Message> {
    let (begun, begun_px) = pointer.pressed.take()?;
    show_box(area, None);
    let at = share(event, area);
    if is_drag(event, begun_px) {
        let stretch = Range { from: range.at(begun.min(at)), to: range.at(begun.max(at)) };
        return Some(Message::Zoomed(Some(stretch)));
    }
    let chart = target(event).and_then(|it| it.closest("[data-autoscaler]").ok().flatten());
    let autoscaler = chart.and_then(|it| it.get_attribute("data-autoscaler")?.parse().ok());
    Some(Message::InstantPicked { autoscaler, at_ms: range.at(at) })
}

/// The pointer left.
pub(super) fn left(
    pointer: &mut Pointer,
    _event: &PointerEvent,
    area: &Element,
    _range: Range,
) -> Option<Message> {
    pointer.pressed = None;
    show_box(area, None);
    show_line(area, None);
    None
}

fn target(event: &PointerEvent) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn is_drag(event: &PointerEvent, begun_px: f64) -> bool {
    (f64::from(event.client_x()) - begun_px).abs() >= CLICK_PX
}

fn share(event: &PointerEvent, area: &Element) -> f64 {
    let bounds = area.get_bounding_client_rect();
    ((f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0)).clamp(0.0, 1.0)
}

fn show_line(area: &Element, at: Option<(f64, f64)>) {
    let Some(line) = part(area, ".hover-line") else { return };
    set(&line, "--shown", if at.is_some() { "1" } else { "0" });
    if let Some((share, at_ms)) = at {
        set(&line, "--at", &share.to_string());
        if let Some(label) = part(&line, "span") {
            label.set_text_content(Some(&summary::instant((at_ms / 1000.0).round() * 1000.0)));
        }
    }
}

fn show_box(area: &Element, edges: Option<(f64, f64)>) {
    let Some(area_box) = part(area, ".zoom-box") else { return };
    let (from, to) = edges.unwrap_or((0.0, 0.0));
    set(&area_box, "--shown", if edges.is_some() { "1" } else { "0" });
    set(&area_box, "--from", &from.to_string());
    set(&area_box, "--to", &to.to_string());
}

fn part(parent: &Element, selector: &str) -> Option<HtmlElement> {
    parent.query_selector(selector).ok()??.dyn_into().ok()
}

fn set(element: &HtmlElement, name: &str, value: &str) {
    // Fails only for a malformed name.
    let _ = element.style().set_property(name, value);
}
