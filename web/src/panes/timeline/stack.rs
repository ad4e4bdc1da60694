//! Tracks and charts one above the other, with the cursor that runs through all of them.

use tidetable_core::report::Explanation;
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

use super::pointer::{self, Pointer};
use crate::{
    app::Message,
    parts::{ChartFigure, DecisionTrack, Placed, time_axis, time_cursor, use_property},
    queries::{axis::Range, numbers},
    state::{Picture, Selection, Shared},
    strings::use_strings,
};

#[derive(PartialEq, Properties)]
pub(super) struct StackProps {
    pub(super) picture: Picture,
    pub(super) selection: Option<Selection>,
    pub(super) explanation: Option<Shared<Explanation>>,
    pub(super) range: Range,
    pub(super) send: Callback<Message>,
}

/// One press of a zoom key.
const ZOOM_FACTOR: f64 = 0.5;
/// Looks that an arrow key with Shift passes.
const FAST_LOOKS: i32 = 10;

#[component]
pub(super) fn Stack(props: &StackProps) -> Html {
    let StackProps { picture, selection, explanation, range, send } = props;
    let strings = use_strings();
    let report = &picture.report;
    let area = use_node_ref();
    let width = use_width(&area);
    let pointer = use_mut_ref(Pointer::default);
    use_property(&area, "--tracks", report.autoscalers.len() as f64);
    let cursor_ms = selection.as_ref().map(|it| it.at_ms);
    let visible_cursor = cursor_ms.filter(|&it| range.contains(it));
    let change = explanation.as_ref().map(|it| change(it)).unwrap_or_default();
    let is_whole = *range == Range::whole(report.duration_ms);
    let on = |handle: fn(&mut Pointer, &PointerEvent, &Element, Range) -> Option<Message>| {
        let (pointer, area, range, send) = (pointer.clone(), area.clone(), *range, send.clone());
        move |event: PointerEvent| {
            let Some(area) = area.cast::<Element>() else { return };
            if let Some(message) = handle(&mut pointer.borrow_mut(), &event, &area, range) {
                send.emit(message);
            }
        }
    };
    let zoom_out = send.reform(|_: MouseEvent| Message::Zoomed(None));
    html! {
        <div class="stack-scroll" onkeydown={keys(props)}>
            <div
                class="stack"
                onpointerdown={on(pointer::down)}
                onpointermove={on(pointer::moved)}
                onpointerup={on(pointer::up)}
                onpointerleave={on(pointer::left)}
                ondblclick={zoom_out.clone()}
            >
                <div class="tracks" role="group" aria-label={strings.decisions}>
                    { for report.autoscalers.iter().enumerate().map(|(index, it)| html! {
                        <DecisionTrack
                            key={it.id.clone()}
                            report={report.clone()}
                            autoscaler={index}
                            range={*range}
                            {width}
                            selection={selection.clone()}
                            on_pick={send.reform(move |look| Message::LookPicked {
                                autoscaler: index,
                                look,
                            })}
                        />
                    }) }
                </div>
                <div class="charts" role="group" aria-label={strings.charts}>
                    { for report.charts.iter().enumerate().map(|(index, it)| html! {
                        <ChartFigure
                            key={it.id.clone()}
                            report={report.clone()}
                            chart={index}
                            range={*range}
                        />
                    }) }
                </div>
                <div class="time-axis">
                    { time_axis(*range, width) }
                    if let Some(at_ms) = visible_cursor {
                        { time_cursor(*range, at_ms, &change, report.duration_ms, strings) }
                    }
                </div>
                <div class="plot-area" ref={area} aria-hidden="true">
                    if let Some(at_ms) = visible_cursor {
                        <Placed share={range.share(at_ms)}>
                            <div class="cursor-line" />
                        </Placed>
                    }
                    <div class="hover-line"><span /></div>
                    <div class="zoom-box" />
                </div>
                if !is_whole {
                    <button type="button" class="reset-zoom" onclick={zoom_out}>
                        { strings.reset_zoom }
                    </button>
                }
            </div>
        </div>
    }
}

fn change(explanation: &Explanation) -> String {
    format!("{} → {}", numbers::tenth(explanation.from), numbers::tenth(explanation.to))
}

/// What the keys do while the focus is among tracks and charts.
fn keys(props: &StackProps) -> Callback<KeyboardEvent> {
    let duration_ms = props.picture.report.duration_ms;
    let range = props.range;
    let around =
        props.selection.as_ref().map_or(f64::midpoint(range.from, range.to), |it| it.at_ms);
    let send = props.send.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let target = event.target().and_then(|it| it.dyn_into::<HtmlElement>().ok());
        let is_on_mark = target.is_some_and(|it| it.class_list().contains("mark"));
        let zoomed = |factor| Message::Zoomed(Some(range.zoomed(factor, around, duration_ms)));
        let looks = if event.shift_key() { FAST_LOOKS } else { 1 };
        let message = match event.key().as_str() {
            "ArrowRight" if is_on_mark => Message::DecisionStepped { forward: true },
            "ArrowLeft" if is_on_mark => Message::DecisionStepped { forward: false },
            "ArrowRight" => Message::LooksStepped(looks),
            "ArrowLeft" => Message::LooksStepped(-looks),
            "PageDown" => Message::DecisionStepped { forward: true },
            "PageUp" => Message::DecisionStepped { forward: false },
            "Home" => Message::LooksStepped(i32::MIN),
            "End" => Message::LooksStepped(i32::MAX),
            "]" => Message::AutoscalerStepped { forward: true },
            "[" => Message::AutoscalerStepped { forward: false },
            "+" | "=" => zoomed(ZOOM_FACTOR),
            "-" | "−" => zoomed(1.0 / ZOOM_FACTOR),
            "Escape" => Message::Zoomed(None),
            _ => return,
        };
        event.prevent_default();
        send.emit(message);
    })
}

/// The width of `node` in pixels, at any time.
#[hook]
fn use_width(node: &NodeRef) -> f64 {
    let width = use_state(|| 540.0);
    let (node, set) = (node.clone(), width.setter());
    use_effect_with((), move |()| {
        let element = node.cast::<Element>();
        let measured = element.clone();
        let on_resize = Closure::<dyn FnMut()>::new(move || {
            if let Some(element) = &measured {
                set.set(element.get_bounding_client_rect().width().max(1.0));
            }
        });
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(on_resize);
        }
    });
    *width
}
