//! What a widget knows: its text, the cursor, and the last picture of a text that could be read.

use std::rc::Rc;

use tidetable_core::{
    diagnostic::{Diagnostic, Severity},
    report::Language,
    widget::{Panel, Widget, draw, field, read},
};
use yew::Reducible;

/// The state of one widget.
#[derive(Clone, PartialEq)]
pub(super) struct Model {
    pub(super) widget: Rc<Widget>,
    /// Manifests and Scenario, as the reader left them.
    pub(super) text: Rc<str>,
    /// Where the reader put the cursor, in milliseconds.
    pub(super) at_ms: Option<f64>,
    /// Of the last text without an unexpected error.
    pub(super) panels: Rc<[Panel]>,
    /// Why the present text is not drawn.
    pub(super) problem: Option<Diagnostic>,
    pub(super) language: Language,
}

/// What a reader does.
pub(super) enum Action {
    /// A knob, by its index, is turned to this value, as it stands in the text.
    Turn(usize, String),
    /// The text is edited.
    Edit(String),
    /// The cursor is moved.
    Cursor(f64),
}

impl Model {
    pub(super) fn new(text: &str, language: Language) -> Self {
        let read = read(text);
        let widget = read.widget.unwrap_or_default();
        let panels = draw(&read.text, &widget, None, language);
        let problem = read.diagnostics.into_iter().next();
        let model = Self {
            widget: Rc::new(widget),
            text: read.text.into(),
            at_ms: None,
            panels: panels.into(),
            problem,
            language,
        };
        let unexpected = model.unexpected(&model.panels).cloned();
        Self { problem: model.problem.clone().or(unexpected), ..model }
    }

    /// The text's first error that the widget does not have on purpose.
    fn unexpected<'a>(&self, panels: &'a [Panel]) -> Option<&'a Diagnostic> {
        let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
        let mut errors = panels.iter().flat_map(|it| &it.diagnostics).filter(is_error);
        errors.find(|it| !self.widget.findings.contains(&it.code))
    }

    /// The same with another text or cursor; keeps the last picture if the text can't be read.
    fn drawn(mut self) -> Self {
        let panels = draw(&self.text, &self.widget, self.at_ms, self.language);
        self.problem = self.unexpected(&panels).cloned();
        if self.problem.is_none() {
            self.panels = panels.into();
        }
        self
    }
}

impl Reducible for Model {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut model = (*self).clone();
        match action {
            Action::Turn(knob, value) => {
                let Some(knob) = self.widget.knobs.get(knob) else { return self };
                // The field may be gone from a text that the reader edited.
                let Ok(text) = field::with(&self.text, &knob.field, &value) else { return self };
                model.text = text.into();
            }
            Action::Edit(text) => model.text = text.into(),
            Action::Cursor(at) => model.at_ms = Some(at),
        }
        Rc::new(model.drawn())
    }
}
