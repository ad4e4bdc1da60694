//! What a widget knows: its text, its knobs, the cursor, and the last picture of a text that could
//! be read.

use std::ops::Deref;
use std::rc::Rc;

use tidetable_core::{
    diagnostic::{Diagnostic, Severity},
    report::Language,
    source::LineIndex,
    tell_findings,
    widget::{Panel, Picture, Widget, field, read},
};
use yew::Reducible;

use super::engine::{Job, Text};
use super::{chart, staircase};

/// A panel and what it shares with the others, compared by where it lies.
#[derive(Clone)]
pub(super) struct Shown(Rc<Scaled>);

/// A panel in the scale of all variants.
pub(super) struct Scaled {
    pub(super) panel: Panel,
    /// How far each picture goes, to the right and up.
    pub(super) tops: Rc<[[f64; 2]]>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Shown {
    type Target = Scaled;

    fn deref(&self) -> &Scaled {
        &self.0
    }
}

/// One for each variant.
pub(super) type Panels = Rc<[Shown]>;

/// What is drawn of one variant: its verdicts and then its pictures, each of the answer that it was
/// drawn from.
pub(super) type Pieces = Rc<[Shown]>;

fn pieces(shown: &Shown) -> Pieces {
    std::iter::repeat_n(shown, 1 + shown.panel.pictures.len()).cloned().collect()
}

/// Whether the piece `index` looks the same in both.
fn looks_same(index: usize, one: &Scaled, other: &Scaled) -> bool {
    let (panel, new) = (&one.panel, &other.panel);
    let Some(picture) = index.checked_sub(1) else { return panel.verdicts == new.verdicts };
    panel.pictures.get(picture) == new.pictures.get(picture)
        && one.tops.get(picture) == other.tops.get(picture)
        && [panel.end_ms, panel.at_ms] == [new.end_ms, new.at_ms]
        && panel.marks == new.marks
        && panel.reasons.as_ref().map(|it| it.from) == new.reasons.as_ref().map(|it| it.from)
}

/// How far each picture goes, to the right and up, over all variants, so that these can be compared.
fn tops(panels: &[Panel]) -> Vec<[f64; 2]> {
    let mut tops: Vec<[f64; 2]> = Vec::new();
    for panel in panels {
        for (index, picture) in panel.pictures.iter().enumerate() {
            let own = match picture {
                Picture::Chart(chart) => [0.0, chart::top(chart)],
                Picture::Staircase(stairs, present, _) => staircase::tops(stairs, present),
                _ => [0.0; 2],
            };
            match tops.get_mut(index) {
                Some([right, top]) => [*right, *top] = [right.max(own[0]), top.max(own[1])],
                None => tops.push(own),
            }
        }
    }
    tops
}

/// The panels of an answer.
fn shown(panels: Vec<Panel>) -> Panels {
    let tops: Rc<[[f64; 2]]> = tops(&panels).into();
    panels.into_iter().map(|panel| Shown(Rc::new(Scaled { panel, tops: tops.clone() }))).collect()
}

fn on_line(found: Diagnostic, text: &str) -> (Diagnostic, usize) {
    let line = LineIndex::new(text).line(found.span.start) + 1;
    (found, line)
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
    pub(super) latest: Panels,
    /// What the pictures show of each variant; they follow `latest` frame by frame.
    pub(super) pictured: Rc<[Pieces]>,
    /// Those of which the formulas show.
    pub(super) told: Panels,
    /// How often something was drawn.
    pub(super) frames: u32,
    /// Why the present text is not drawn, and in which of its lines, from 1.
    pub(super) problem: Option<(Diagnostic, usize)>,
}

/// What happens to it.
pub(super) enum Action {
    /// A knob, by its index, is turned to this value, as it stands in the text.
    Turn(usize, String),
    /// The text is edited.
    Edit(String),
    /// The cursor is moved.
    Cursor(f64),
    /// A job is drawn: the next frame has room for so many pieces.
    Drawn(Vec<Panel>, usize),
    /// And the next one for so many more, or for the words.
    More(usize),
}

impl Model {
    pub(super) fn new(settings: &str, language: Language) -> Self {
        let (settings_text, read) = (settings, read(settings));
        let (settings, text) = (settings.into(), Text::new(&read.text));
        let model = Self {
            widget: Rc::new(read.widget.unwrap_or_default()),
            values: Rc::default(),
            job: Job { settings, text, at_ms: None, language },
            latest: Panels::default(),
            pictured: Rc::default(),
            told: Panels::default(),
            frames: 0,
            problem: read.diagnostics.into_iter().next().map(|it| {
                let mut found = [it];
                tell_findings(&mut found, language);
                let [found] = found;
                on_line(found, settings_text)
            }),
        };
        Self { values: model.read_values(), ..model }
    }

    /// A text may have lost a knob's field.
    fn read_values(&self) -> Rc<[String]> {
        let text = self.job.text.whole();
        let value = |field: &String| field::value(&text, field).unwrap_or_default();
        self.widget.knobs.iter().map(|it| value(&it.field)).collect()
    }

    /// Sets a field of the text; not one that is gone from a text which the reader edited.
    fn turn(&mut self, field: &str, value: &str) -> bool {
        let text = &mut self.job.text;
        let lines: Vec<&str> = text.turned.split('\n').collect();
        let mut lines: Vec<&[&str]> = lines.chunks_exact(2).collect();
        let known = lines.len();
        lines.retain(|it| it[0] != field);
        // Reading the text takes long: only the first time.
        let is_new = lines.len() == known;
        let is_line = !field.contains('\n') && !value.contains('\n');
        if !is_line || is_new && field::with(&text.whole(), field, value).is_err() {
            return false;
        }
        let own = [field, value];
        lines.push(&own);
        text.turned = lines.concat().join("\n").into();
        true
    }

    /// Whether all of the latest answer is drawn.
    pub(super) fn is_whole(&self) -> bool {
        self.told == self.latest
    }

    /// Lets the next `room` pieces follow the latest answer, or else the words.
    fn draw_more(&mut self, room: usize) {
        let all: Rc<[Pieces]> = self.latest.iter().map(pieces).collect();
        let shape = |it: &[Pieces]| it.iter().map(|it| it.len()).collect::<Vec<_>>();
        if shape(&all) != shape(&self.pictured) {
            self.pictured = all;
            return;
        }
        let mut left = room;
        for (old, new) in Rc::make_mut(&mut self.pictured).iter_mut().zip(&*all) {
            for index in 0..new.len() {
                if left > 0 && !looks_same(index, &old[index], &new[index]) {
                    Rc::make_mut(old)[index] = new[index].clone();
                    left -= 1;
                }
            }
        }
        if left == room {
            self.told = self.latest.clone();
        }
    }

    /// The text's first error that the widget does not have on purpose.
    fn unexpected(&self, panels: &[Panel]) -> Option<(Diagnostic, usize)> {
        let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
        let mut errors = panels.iter().flat_map(|it| &it.diagnostics).filter(is_error);
        let found = errors.find(|it| !self.widget.findings.contains(&it.code))?;
        Some(on_line(found.clone(), &self.job.text.whole()))
    }
}

impl Reducible for Model {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut model = (*self).clone();
        match action {
            Action::Turn(index, value) => {
                let Some(knob) = self.widget.knobs.get(index) else { return self };
                if !model.turn(&knob.field, &value) {
                    return self;
                }
                if let Some(own) = Rc::make_mut(&mut model.values).get_mut(index) {
                    *own = value;
                }
            }
            Action::Edit(text) => {
                model.job.text = Text::new(&text);
                model.values = model.read_values();
            }
            Action::Cursor(at) => model.job.at_ms = Some(at),
            Action::Drawn(panels, room) => {
                let unexpected = self.unexpected(&panels);
                let is_first = self.latest.is_empty();
                // What is wrong with the settings themselves is said until something is changed.
                model.problem = unexpected.or(if is_first { model.problem } else { None });
                if model.problem.is_none() || is_first {
                    model.latest = shown(panels);
                    model.draw_more(room);
                    if is_first {
                        model.told = model.latest.clone();
                    }
                }
                model.frames += 1;
            }
            Action::More(room) => {
                model.draw_more(room);
                model.frames += 1;
            }
        }
        Rc::new(model)
    }
}
