//! The worker: predicts texts beside the page, so that typing never waits.
//!
//! It keeps the runs that the page may be showing, from which it explains any look.

mod wire;

pub(crate) use wire::{Answer, Asked, bytes, unpack};

use tidetable_core::{
    Language, Prediction, predict_briefly, right_now, tell_findings,
    widget::{self, Panel},
};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::queries::broken;

/// Answers every message of the page, and says that it is ready.
pub(crate) fn listen() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let mut runs = Runs::default();
    let answering = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Ok(asked) = serde_wasm_bindgen::from_value::<Asked>(event.data()) else { return };
        let (answer, transferred) = match asked {
            Asked::Predict { revision, text, language } => {
                let begun = now_ms(&answering);
                let prediction = predict_briefly(&text, language);
                let elapsed_ms = now_ms(&answering) - begun;
                let mut report = prediction.report.clone();
                tell_findings(&mut report.diagnostics, language);
                let packed = wire::pack(revision, report, elapsed_ms);
                runs.add(revision, prediction);
                packed
            }
            Asked::RightNow { revision, text, language } => {
                let now = Box::new(right_now(&text, language));
                wire::to_js(&Answer::RightNow { revision, now })
            }
            Asked::Explain { revision, autoscaler, look } => {
                let run = runs.find(revision);
                let explanation = run.and_then(|it| it.explain(autoscaler, look));
                wire::to_js(&Answer::Explained { revision, autoscaler, look, explanation })
            }
            Asked::Place { revision, at_ms } => {
                let run = runs.find(revision);
                let placement = run.map(|it| Box::new(it.placement(at_ms)));
                wire::to_js(&Answer::Placed { revision, at_ms, placement })
            }
            Asked::Draw { revision, settings, text, turned, at_ms, language } => {
                let panels = draw(&settings, &with_all(&text, &turned), at_ms, language);
                wire::to_js(&Answer::Drawn { revision, panels })
            }
        };
        // Fails only for what can't be cloned; an answer is made of plain values.
        let _ = answering.post_message_with_transfer(&answer, &transferred);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let (ready, transferred) = wire::to_js(&Answer::Ready);
    let _ = scope.post_message_with_transfer(&ready, &transferred);
}

/// `text` with fields at other values: a line for each field and one for its value. A field that it
/// lacks is left out.
pub(crate) fn with_all(text: &str, turned: &str) -> String {
    let mut text = text.to_owned();
    let mut lines = turned.split('\n');
    while let (Some(field), Some(value)) = (lines.next(), lines.next()) {
        text = widget::field::with(&text, field, value).unwrap_or(text);
    }
    text
}

/// What the widget of `settings` shows of `text`, and nothing that it doesn't: the page's thread has
/// to read it.
pub(crate) fn draw(
    settings: &str,
    text: &str,
    at_ms: Option<f64>,
    language: Language,
) -> Vec<Panel> {
    let widget = widget::read(settings).widget.unwrap_or_default();
    let mut panels = widget::draw(text, &widget, at_ms, language);
    for panel in &mut panels {
        panel.text = String::new();
        for mark in &mut panel.marks {
            (mark.note.parts, mark.why) = (Vec::new(), String::new());
        }
        if let Some(reasons) = &mut panel.reasons {
            (reasons.alternatives, reasons.conditions) = (Vec::new(), Vec::new());
            reasons.events = Vec::new();
            for step in &mut reasons.steps {
                step.text.parts = Vec::new();
            }
        }
    }
    panels
}

/// The last good run, and one after it that is not: the page still shows the good one then.
#[derive(Default)]
struct Runs {
    last: Option<(u32, Prediction)>,
    good: Option<(u32, Prediction)>,
}

impl Runs {
    fn add(&mut self, revision: u32, prediction: Prediction) {
        if broken::is_good(&prediction.report) {
            (self.last, self.good) = (None, Some((revision, prediction)));
        } else {
            self.last = Some((revision, prediction));
        }
    }

    fn find(&self, revision: u32) -> Option<&Prediction> {
        let mut runs = [&self.last, &self.good].into_iter().flatten();
        runs.find(|(known, _)| *known == revision).map(|(_, prediction)| prediction)
    }
}

fn now_ms(scope: &DedicatedWorkerGlobalScope) -> f64 {
    scope.performance().map_or(0.0, |it| it.now())
}
