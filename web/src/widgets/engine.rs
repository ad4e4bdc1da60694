//! Who predicts for the widgets: one worker for all of a page, so that a finger on a slider never
//! waits; or, where a page allows no worker, this thread.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::{events::EventListener, timers::callback::Timeout};
use tidetable_core::{report::Language, widget::Panel};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{MessageEvent, Worker};
use yew::Callback;

use crate::worker::{self, Answer, Asked};

/// What to draw.
#[derive(Clone, PartialEq)]
pub(super) struct Job {
    /// The text that the widget came with: it holds the settings.
    pub(super) settings: Rc<str>,
    /// What to predict.
    pub(super) text: Text,
    /// Where the reader put the cursor, in milliseconds.
    pub(super) at_ms: Option<f64>,
    pub(super) language: Language,
}

/// A text whose knobs were turned: reading it at each step is left to whoever predicts.
#[derive(Clone, PartialEq)]
pub(super) struct Text {
    /// As it came, or as the reader wrote it.
    pub(super) base: Rc<str>,
    /// Fields turned since: a line for each, and one for its value.
    pub(super) turned: Rc<str>,
}

impl Text {
    pub(super) fn new(base: &str) -> Self {
        Self { base: base.into(), turned: "".into() }
    }

    /// The whole of it, as it stands now.
    pub(super) fn whole(&self) -> String {
        worker::with_all(&self.base, &self.turned)
    }
}

/// A job and who waits for its pictures.
struct Waiting {
    revision: u32,
    job: Job,
    drawn: Callback<Vec<Panel>>,
}

#[derive(Default)]
struct Engine {
    worker: Option<Worker>,
    listeners: Vec<EventListener>,
    waiting: Vec<Waiting>,
    last: u32,
}

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::default();
}

/// Lets `worker` do the work of this page; only the first one that is named does.
pub(super) fn use_worker(worker: Worker) {
    ENGINE.with_borrow_mut(|engine| {
        if !engine.listeners.is_empty() {
            return;
        }
        let heard = EventListener::new(&worker, "message", |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            if let Some(Answer::Drawn { revision, panels }) = worker::unpack(&event.data()) {
                answered(revision, panels);
            }
        });
        // It was forbidden, or could not be loaded.
        let failed = EventListener::new(&worker, "error", |_| without_worker());
        engine.listeners = vec![heard, failed];
        engine.worker = Some(worker);
    });
}

/// Draws `job` as soon as it can be. Who asks again before that gets both, in order.
pub(super) fn draw(job: Job, drawn: Callback<Vec<Panel>>) {
    ENGINE.with_borrow_mut(|engine| {
        engine.last = engine.last.wrapping_add(1);
        let waiting = Waiting { revision: engine.last, job, drawn };
        if !engine.send(&waiting) {
            here(waiting.revision);
        }
        engine.waiting.push(waiting);
    });
}

impl Engine {
    fn send(&self, Waiting { revision, job, .. }: &Waiting) -> bool {
        let Some(worker) = &self.worker else { return false };
        let Job { settings, text, at_ms, language } = job;
        let (settings, turned) = (settings.to_string(), text.turned.to_string());
        let (revision, at_ms, language) = (*revision, *at_ms, *language);
        let text = text.base.to_string();
        let asked = Asked::Draw { revision, settings, text, turned, at_ms, language };
        let message = serde_wasm_bindgen::to_value(&asked).unwrap_or(JsValue::NULL);
        worker.post_message(&message).is_ok()
    }
}

/// Draws on this thread, after whatever the page has to do first.
fn here(revision: u32) {
    let draw = move || {
        let job = ENGINE.with_borrow(|engine| {
            engine.waiting.iter().find(|it| it.revision == revision).map(|it| it.job.clone())
        });
        let Some(Job { settings, text, at_ms, language }) = job else { return };
        answered(revision, worker::draw(&settings, &text.whole(), at_ms, language));
    };
    Timeout::new(0, draw).forget();
}

/// Does `next` after the next frame is painted, which it tells how many milliseconds that took.
pub(super) fn after_frame(next: impl FnOnce(f64) + 'static) {
    let now = || gloo::utils::window().performance().map_or(0.0, |it| it.now());
    let painted = Closure::once_into_js(move || {
        let begun = now();
        Timeout::new(0, move || next(now() - begun)).forget();
    });
    let asked = gloo::utils::window().request_animation_frame(painted.unchecked_ref());
    debug_assert!(asked.is_ok(), "a window has frames");
}

fn answered(revision: u32, panels: Vec<Panel>) {
    let found = ENGINE.with_borrow_mut(|engine| {
        let index = engine.waiting.iter().position(|it| it.revision == revision)?;
        Some(engine.waiting.remove(index))
    });
    // Whoever hears it may ask again.
    if let Some(found) = found {
        found.drawn.emit(panels);
    }
}

fn without_worker() {
    ENGINE.with_borrow_mut(|engine| {
        engine.worker = None;
        for it in &engine.waiting {
            here(it.revision);
        }
    });
}
