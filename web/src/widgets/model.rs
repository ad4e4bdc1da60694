//! What a widget knows: its text, its knobs, the cursor, and the last picture of a text that could
//! be read.

use std::ops::Deref;
use std::rc::Rc;

use tidetable_core::{
    diagnostic::{Diagnostic, Severity},
    report::Language,
    widget::{Panel, Widget, field, read},
};
use yew::Reducible;

use super::engine::Job;

/// The pictures, compared by where they lie: one answer is as good as itself only.
#[derive(Clone, Default)]
pub(super) struct Panels(Rc<[Panel]>);

impl PartialEq for Panels {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Panels {
    type Target = [Panel];

    fn deref(&self) -> &[Panel] {
        &self.0
    }
}

/// The state of one widget.
#[derive(Clone, PartialEq)]
pub(super) struct Model {
    pub(super) widget: Rc<Widget>,
    /// What the knobs stand at, in their order.
    pub(super) values: Rc<[String]>,
    /// What is to be drawn: manifests and Scenario as the reader left them.
    pub(super) job: Job,
    /// Of the last text without an unexpected error; none until the first is drawn.
    pub(super) panels: Panels,
    /// Why the present text is not drawn.
    pub(super) problem: Option<Diagnostic>,
}

/// What happens to it.
pub(super) enum Action {
    /// A knob, by its index, is turned to this value, as it stands in the text.
    Turn(usize, String),
    /// The text is edited.
    Edit(String),
    /// The cursor is moved.
    Cursor(f64),
    /// A job is drawn.
    Drawn(Vec<Panel>),
}

impl Model {
    pub(super) fn new(settings: &str, language: Language) -> Self {
        let read = read(settings);
        let (settings, text) = (settings.into(), read.text.into());
        let model = Self {
            widget: Rc::new(read.widget.unwrap_or_default()),
            values: Rc::default(),
            job: Job { settings, text, at_ms: None, language },
            panels: Panels::default(),
            problem: read.diagnostics.into_iter().next(),
        };
        Self { values: model.read_values(), ..model }
    }

    /// A text may have lost a knob's field.
    fn read_values(&self) -> Rc<[String]> {
        let value = |field: &String| field::value(&self.job.text, field).unwrap_or_default();
        self.widget.knobs.iter().map(|it| value(&it.field)).collect()
    }

    /// The text's first error that the widget does not have on purpose.
    fn unexpected(&self, panels: &[Panel]) -> Option<Diagnostic> {
        let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
        let mut errors = panels.iter().flat_map(|it| &it.diagnostics).filter(is_error);
        errors.find(|it| !self.widget.findings.contains(&it.code)).cloned()
    }
}

impl Reducible for Model {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut model = (*self).clone();
        match action {
            Action::Turn(index, value) => {
                let Some(knob) = self.widget.knobs.get(index) else { return self };
                // The field may be gone from a text that the reader edited.
                let Ok(text) = field::with(&self.job.text, &knob.field, &value) else {
                    return self;
                };
                model.job.text = text.into();
                if let Some(own) = Rc::make_mut(&mut model.values).get_mut(index) {
                    *own = value;
                }
            }
            Action::Edit(text) => {
                model.job.text = text.into();
                model.values = model.read_values();
            }
            Action::Cursor(at) => model.job.at_ms = Some(at),
            Action::Drawn(panels) => {
                let unexpected = self.unexpected(&panels);
                let is_first = self.panels.is_empty();
                // What is wrong with the settings themselves is said until something is changed.
                model.problem = unexpected.or(if is_first { model.problem } else { None });
                if model.problem.is_none() || is_first {
                    model.panels = Panels(panels.into());
                }
            }
        }
        Rc::new(model)
    }
}
