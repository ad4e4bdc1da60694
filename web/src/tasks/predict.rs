//! Asks the worker. Only the newest text waits: whatever it overtook is never predicted.

use std::rc::Rc;

use tidetable_core::{Language, Report, predict_briefly};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{MessageEvent, Worker};
use yew::Callback;

use crate::{
    host,
    worker::{self, Answer, Asked},
};

/// The page's side of the worker.
pub(crate) struct Runner {
    worker: Worker,
    /// Whether the worker is at work, or not listening yet.
    busy: bool,
    /// The newest text, until the worker is free.
    waiting: Option<(Rc<str>, Asked)>,
    /// The newest look to explain, until the worker is free.
    waiting_explain: Option<Asked>,
    /// The newest text whose next decisions are asked for, until the worker is free.
    waiting_now: Option<Asked>,
    /// The newest instant whose placement is asked for, until the worker is free.
    waiting_place: Option<Asked>,
    /// The text that the worker predicts, with its revision.
    asked: Option<(u32, Rc<str>)>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Runner {
    /// Starts the worker; `answered` hears everything it says.
    pub(crate) fn new(answered: Callback<Answer>) -> Self {
        let worker = host::start_worker();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(answer) = worker::unpack(&event.data()) {
                answered.emit(answer);
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Self {
            worker,
            busy: true,
            waiting: None,
            waiting_explain: None,
            waiting_now: None,
            waiting_place: None,
            asked: None,
            _on_message: on_message,
        }
    }

    /// Predicts `text` as soon as the worker is free, unless a newer one comes.
    pub(crate) fn predict(&mut self, text: Rc<str>, asked: Asked) {
        self.waiting = Some((text, asked));
        (self.waiting_explain, self.waiting_place) = (None, None);
        self.go_on();
    }

    /// Explains a look as soon as the worker is free, unless a newer one is asked for.
    pub(crate) fn explain(&mut self, asked: Asked) {
        self.waiting_explain = Some(asked);
        self.go_on();
    }

    /// Asks for the next decisions as soon as the worker is free, unless a newer text comes.
    pub(crate) fn right_now(&mut self, asked: Asked) {
        self.waiting_now = Some(asked);
        self.go_on();
    }

    /// Asks who is where as soon as the worker is free, unless a newer instant comes.
    pub(crate) fn place(&mut self, asked: Asked) {
        self.waiting_place = Some(asked);
        self.go_on();
    }

    /// The worker listens now.
    pub(crate) fn ready(&mut self) {
        self.busy = false;
        self.go_on();
    }

    /// The worker has predicted `revision`: its text, or `None` if nobody waits for it.
    pub(crate) fn predicted(&mut self, revision: u32) -> Option<Rc<str>> {
        let text = self.asked.as_ref().filter(|it| it.0 == revision).map(|it| it.1.clone());
        self.busy = false;
        self.go_on();
        text
    }

    /// The worker has explained, or told the next decisions or who is where.
    pub(crate) fn told(&mut self) {
        self.busy = false;
        self.go_on();
    }

    fn go_on(&mut self) {
        if self.busy {
            return;
        }
        // These take a thousandth of a prediction's time.
        if let Some(asked) = self.waiting_now.take() {
            self.send(&asked);
        } else if let Some((text, asked)) = self.waiting.take() {
            if let Asked::Predict { revision, .. } = &asked {
                self.asked = Some((*revision, text));
            }
            self.send(&asked);
        } else if let Some(asked) = self.waiting_place.take() {
            self.send(&asked);
        } else if let Some(asked) = self.waiting_explain.take() {
            self.send(&asked);
        }
    }

    fn send(&mut self, asked: &Asked) {
        let message = serde_wasm_bindgen::to_value(asked).unwrap_or(JsValue::NULL);
        self.busy = self.worker.post_message(&message).is_ok();
    }
}

/// Predicts on the page's own thread, which is quick enough for an example: a report, and how
/// many milliseconds it took.
pub(crate) fn predict_here(text: &str, language: Language) -> (Report, f64) {
    let clock = host::window().performance();
    let now_ms = || clock.as_ref().map_or(0.0, web_sys::Performance::now);
    let begun = now_ms();
    let report = predict_briefly(text, language).report;
    (report, now_ms() - begun)
}
