//! The worker: predicts texts beside the page, so that typing never waits.
//!
//! It keeps the run of the last text, from which it explains any look that the page asks for.

mod wire;

pub(crate) use wire::{Answer, Asked, predicted, unpack};

use js_sys::Array;
use tidetable_core::{Prediction, predict};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Answers every message of the page, and says that it is ready.
pub(crate) fn listen() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let mut last: Option<(u32, Prediction)> = None;
    let answering = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Ok(asked) = serde_wasm_bindgen::from_value::<Asked>(event.data()) else { return };
        let (answer, transferred) = match asked {
            Asked::Predict { revision, text, language } => {
                let begun = now_ms(&answering);
                let prediction = predict(&text, language);
                let elapsed_ms = now_ms(&answering) - begun;
                let packed = wire::pack(revision, prediction.report.clone(), elapsed_ms);
                last = Some((revision, prediction));
                packed
            }
            Asked::Explain { revision, autoscaler, look } => {
                let explanation = last
                    .as_ref()
                    .filter(|(known, _)| *known == revision)
                    .and_then(|(_, prediction)| prediction.explain(autoscaler, look));
                let answer = Answer::Explained { revision, autoscaler, look, explanation };
                (wire::to_js(&answer), Array::new())
            }
        };
        // Fails only for what can't be cloned; an answer is made of plain values.
        let _ = answering.post_message_with_transfer(&answer, &transferred);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope.post_message(&wire::to_js(&Answer::Ready));
}

fn now_ms(scope: &DedicatedWorkerGlobalScope) -> f64 {
    scope.performance().map_or(0.0, |it| it.now())
}
