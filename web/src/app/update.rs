//! What each message does.

use std::rc::Rc;

use tidetable_core::{
    Language, Report,
    diagnostic::TextEdit,
    share::{self, Link},
};
use yew::html::Scope;

use super::{App, Message};
use crate::{
    queries::{
        axis::Range,
        broken, edits, examples, looks, marks,
        now::{self, is_about_now, now_edits},
        offsets::Offsets,
    },
    state::{Middle, Now, Picture, PlacedAt, Selection, Shared, State, Tab, Theme, View},
    strings,
    tasks::{address, download, files::FileError, predict, preferences},
    worker::{Answer, Asked},
};

/// The state of a page that has just opened.
pub(super) fn opened(language: Language, theme: Theme) -> State {
    preferences::show(language, theme);
    State {
        language,
        theme,
        text: Rc::from(""),
        revision: 0,
        example: None,
        latest: None,
        shown: None,
        selection: None,
        explanation: None,
        range: Range::default(),
        pointed: None,
        pointed_line: None,
        goal: None,
        tab: Tab::default(),
        middle: Middle::default(),
        now: None,
        placement_at_ms: None,
        placed: None,
        view: View::default(),
        notice: None,
    }
}

impl App {
    /// Opens what the address asks for, else the first example, which is predicted here and at
    /// once: a worker that starts would come later.
    pub(super) fn open_first(&mut self) {
        if !self.open_address() {
            self.open_example("");
        }
        if self.state.example.is_some() {
            let text = self.state.text.clone();
            let (report, elapsed_ms) = predict::predict_here(&text, self.state.language);
            let (revision, report) = (self.state.revision, Shared::new(report));
            self.show(Picture { text, revision, report, elapsed_ms });
        }
    }

    /// Does what `message` asks.
    pub(super) fn handle(&mut self, message: Message, link: &Scope<Self>) {
        let state = &mut self.state;
        match message {
            Message::Edited(text) => self.set_text(text),
            Message::Applied(edits) => self.apply(&edits),
            Message::FixPicked { mark, fix } => {
                let report = state.latest.as_ref().map(|it| it.report.clone());
                if let Some(found) = report.as_deref().and_then(|it| marks::fix(it, mark, fix)) {
                    self.apply(&found.edits);
                }
            }
            Message::ExampleChosen(id) => {
                address::set(&format!("#example={id}"));
                self.open_example(&id);
            }
            Message::AddressChanged => {
                self.open_address();
            }
            Message::FilesOpened(opened) => self.open_files(opened),
            Message::Answered(answer) => self.answered(*answer),
            Message::NowTyped { .. }
            | Message::NowCounted { .. }
            | Message::NowPasted(_)
            | Message::NowPicked(_) => {
                self.handle_now(message);
            }
            Message::LookPicked { .. }
            | Message::InstantPicked { .. }
            | Message::DecisionStepped { .. }
            | Message::LooksStepped(_)
            | Message::AutoscalerStepped { .. } => {
                self.state.placement_at_ms = None;
                self.select(|report, current| selected(&message, report, current));
            }
            Message::PlacementAt(at_ms) => {
                state.placement_at_ms = Some(at_ms);
                self.ask_placement();
            }
            Message::Zoomed(range) => {
                let duration_ms = state.shown.as_ref().map_or(0.0, |it| it.report.duration_ms);
                let whole = Range::whole(duration_ms);
                state.range = range.map_or(whole, |it| it.inside(duration_ms));
            }
            Message::Pointed(span) => state.pointed = span,
            Message::LinePointed(units) => {
                let text = state.shown.as_ref().map_or("", |it| &it.text);
                let span = units.map(|(from, to)| Offsets::new(text).span(from, to));
                state.pointed_line = span;
            }
            Message::WentTo(span) => {
                let count = state.goal.map_or(0, |(count, _)| count);
                state.goal = Some((count.wrapping_add(1), span));
                state.show_tab(Tab::Manifests);
            }
            Message::TabChosen(_)
            | Message::MiddleChosen(_)
            | Message::ViewChosen(_)
            | Message::LanguageChosen(_)
            | Message::ThemeSwitched => self.arrange(&message),
            Message::Shared => self.share(link),
            Message::LinkCopied(copied) => {
                let strings = strings::of(state.language);
                let text = if copied { strings.link_copied } else { strings.link_in_address };
                state.notice = Some(text);
            }
            Message::ReportDownloaded => self.download_report(),
            Message::ManifestsDownloaded => download::manifests(&state.text),
            Message::NoticeDismissed => state.notice = None,
        }
    }

    /// How the page is arranged.
    fn arrange(&mut self, message: &Message) {
        let state = &mut self.state;
        match *message {
            Message::TabChosen(tab) => state.show_tab(tab),
            Message::MiddleChosen(middle) => state.show_middle(middle),
            Message::ViewChosen(view) => state.show_view(view),
            Message::LanguageChosen(language) => {
                state.language = language;
                preferences::remember(state.language, state.theme);
                self.predict();
                return;
            }
            Message::ThemeSwitched => {
                state.theme = state.theme.next();
                preferences::remember(state.language, state.theme);
            }
            _ => {}
        }
        self.ask_now();
        self.ask_placement();
    }

    /// What happens in *Right now*.
    fn handle_now(&mut self, message: Message) {
        let text = self.state.text.clone();
        match message {
            Message::NowTyped { hpa, namespace, field, typed } => {
                self.write(&now_edits(&text, &hpa, namespace.as_deref(), &field, &typed));
            }
            Message::NowCounted { span, typed } => {
                let is_known = self.state.now.as_ref().is_some_and(|it| it.text == text);
                if is_known && let Some(edit) = now::count_edit(span, &typed) {
                    self.write(&[edit]);
                }
            }
            Message::NowPasted(pasted) => self.write(&tidetable_core::paste(&text, &pasted)),
            Message::NowPicked(index) => {
                if let Some(now) = &mut self.state.now {
                    now.chosen = index;
                }
            }
            _ => {}
        }
    }

    /// The report, with the next decisions if they are of the same text.
    fn download_report(&self) {
        if let Some(picture) = &self.state.latest {
            let now = self.state.now.as_ref().filter(|it| it.text == picture.text);
            let right_now = now.map(|it| (*it.answer).clone());
            download::report(&Report { right_now, ..(*picture.report).clone() });
        }
    }

    fn open_files(&mut self, opened: Result<String, FileError>) {
        match opened {
            Ok(text) => {
                address::set("#");
                self.open_own(&text);
            }
            Err(error) => {
                self.state.notice = Some((strings::of(self.state.language).file_error)(error));
            }
        }
    }

    fn asked(&self) -> Asked {
        Asked::Predict {
            revision: self.state.revision,
            text: self.state.text.to_string(),
            language: self.state.language,
        }
    }

    fn predict(&mut self) {
        self.state.revision = self.state.revision.wrapping_add(1);
        let asked = self.asked();
        self.ask_now();
        self.runner.predict(self.state.text.clone(), asked);
    }

    /// Asks for the next decisions if they are shown and not of this text.
    fn ask_now(&mut self) {
        let state = &self.state;
        let is_known = state.now.as_ref().is_some_and(|it| it.revision == state.revision);
        if state.middle == Middle::RightNow && !is_known {
            self.runner.right_now(Asked::RightNow {
                revision: state.revision,
                text: state.text.to_string(),
                language: state.language,
            });
        }
    }

    /// Asks who is where if that is shown and not known of this instant.
    fn ask_placement(&mut self) {
        let state = &self.state;
        let Some(picture) = &state.shown else { return };
        let (revision, at_ms) = (picture.revision, state.placement_at_ms());
        let is_known =
            state.placed.as_ref().is_some_and(|it| (it.revision, it.at_ms) == (revision, at_ms));
        if state.middle == Middle::Placement && !is_known {
            self.runner.place(Asked::Place { revision, at_ms });
        }
    }

    fn set_text(&mut self, text: Rc<str>) {
        if self.state.text != text {
            self.state.text = text;
            self.predict();
        }
    }

    /// Edits hold for the text that was reported on; for a later one they would hit the wrong
    /// place.
    fn apply(&mut self, edits: &[TextEdit]) {
        let latest = self.state.latest.as_ref();
        if latest.is_some_and(|it| it.text == self.state.text) {
            self.write(edits);
        }
    }

    /// Edits of the text as it is.
    fn write(&mut self, edits: &[TextEdit]) {
        if let Some(text) = edits::apply(&self.state.text, edits) {
            self.set_text(Rc::from(text));
        }
    }

    fn open_example(&mut self, id: &str) {
        let (id, text) = examples::open(id);
        self.state.example = Some(id.to_owned());
        self.open_text(text);
    }

    /// Opens what the `#` part of the address asks for, if it asks for anything.
    fn open_address(&mut self) -> bool {
        let strings = strings::of(self.state.language);
        match share::read(&address::hash()) {
            Link::None => return false,
            Link::Example(id) => {
                if self.state.example.as_deref() != Some(&id) {
                    self.open_example(&id);
                }
            }
            Link::Text(text) => {
                self.open_own(&text);
            }
            Link::Broken(error) => {
                self.state.notice = Some((strings.link_broken)(error));
                return !self.state.text.is_empty();
            }
        }
        true
    }

    /// Opens a text that is no example.
    fn open_own(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        if *self.state.text != text {
            self.state.example = None;
            if is_about_now(&text) {
                self.state.show_middle(Middle::RightNow);
            }
            self.open_text(&text);
        }
    }

    fn open_text(&mut self, text: &str) {
        self.state.selection = None;
        self.state.shown = None;
        self.state.text = Rc::from(text);
        self.predict();
    }

    fn answered(&mut self, answer: Answer) {
        let state = &mut self.state;
        match answer {
            Answer::Ready => self.runner.ready(),
            Answer::Predicted { revision, report, elapsed_ms, .. } => {
                let text = self.runner.predicted(revision);
                // What was predicted here tells its findings in English.
                let is_same = |it: &Picture| {
                    it.revision == revision && it.report.diagnostics == report.diagnostics
                };
                if state.latest.as_ref().is_some_and(is_same) {
                    // Predicted here already while the worker started; its time is what counts.
                    for picture in [&mut state.latest, &mut state.shown].into_iter().flatten() {
                        picture.elapsed_ms = elapsed_ms;
                    }
                    self.explain();
                } else if let Some(text) = text {
                    let report = Shared::new(*report);
                    self.show(Picture { text, revision, report, elapsed_ms });
                }
            }
            Answer::RightNow { revision, now } => {
                self.runner.told();
                if revision == state.revision {
                    let text = state.text.clone();
                    state.now = Some(Now::renewed(state.now.as_ref(), (revision, text), *now));
                }
            }
            Answer::Placed { revision, at_ms, placement } => {
                self.runner.told();
                let is_shown = state.shown.as_ref().is_some_and(|it| it.revision == revision);
                if let Some(placement) = placement.filter(|_| is_shown) {
                    let answer = Shared::new(*placement);
                    state.placed = Some(PlacedAt { revision, at_ms, answer });
                }
            }
            // Only the book's widgets ask for that.
            Answer::Drawn { .. } => {}
            Answer::Explained { revision, autoscaler, look, explanation } => {
                self.runner.told();
                let asked = state.selection.as_ref();
                let is_asked =
                    asked.is_some_and(|it| (it.autoscaler, it.look) == (autoscaler, look));
                let is_shown = state.shown.as_ref().is_some_and(|it| it.revision == revision);
                if is_asked && is_shown {
                    state.explanation = explanation.map(Shared::new);
                }
            }
        }
    }

    /// Draws `picture`, unless it can't be drawn and there is a good one already.
    fn show(&mut self, picture: Picture) {
        let state = &mut self.state;
        state.latest = Some(picture.clone());
        if state.shown.is_some() && !broken::is_good(&picture.report) {
            return;
        }
        let report = &picture.report;
        let duration_before = state.shown.as_ref().map(|it| it.report.duration_ms);
        if duration_before != Some(report.duration_ms) {
            state.range = Range::whole(report.duration_ms);
        }
        state.selection = Selection::renewed(state.selection.as_ref(), report);
        state.shown = Some(picture);
        self.explain();
        self.ask_placement();
    }

    fn select(&mut self, choose: impl FnOnce(&Report, Option<&Selection>) -> Option<Selection>) {
        let Some(picture) = &self.state.shown else { return };
        if let Some(selection) = choose(&picture.report, self.state.selection.as_ref()) {
            self.state.selection = Some(selection);
            self.explain();
            self.ask_placement();
        }
    }

    /// Explains the selected look. A decision's explanation is in the report and shows at once; the
    /// worker follows with what would change it, and explains any other look.
    fn explain(&mut self) {
        let (Some(picture), Some(selection)) = (&self.state.shown, &self.state.selection) else {
            self.state.explanation = None;
            return;
        };
        let (autoscaler, look) = (selection.autoscaler, selection.look);
        let mut decisions = picture.report.decisions.iter();
        if let Some(decision) = decisions.find(|it| (it.autoscaler, it.look) == (autoscaler, look))
        {
            self.state.explanation = Some(Shared::new(decision.explanation.clone()));
        }
        let revision = picture.revision;
        self.runner.explain(Asked::Explain { revision, autoscaler, look });
    }

    fn share(&mut self, link: &Scope<Self>) {
        match share::write(&self.state.text) {
            Ok(hash) => {
                address::set(&hash);
                address::copy(link.callback(Message::LinkCopied));
            }
            Err(_) => {
                self.state.notice = Some(strings::of(self.state.language).link_too_large);
            }
        }
    }
}

/// The look that a message of the timeline or the stepper asks for.
fn selected(message: &Message, report: &Report, current: Option<&Selection>) -> Option<Selection> {
    match *message {
        Message::LookPicked { autoscaler, look } => Selection::picked(report, autoscaler, look),
        Message::InstantPicked { autoscaler, at_ms } => {
            let chosen = autoscaler.or(current.map(|it| it.autoscaler)).unwrap_or(0);
            Selection::at(report, chosen, at_ms)
        }
        Message::DecisionStepped { forward } => {
            let it = current?;
            let next = looks::neighbour(report, it.autoscaler, it.look, forward)?;
            Selection::picked(report, it.autoscaler, next.look)
        }
        Message::LooksStepped(count) => {
            let it = current?;
            let last = report.autoscalers.get(it.autoscaler)?.looks.at_ms.len().checked_sub(1)?;
            let look = it.look.saturating_add_signed(count as isize).min(last);
            Selection::picked(report, it.autoscaler, look)
        }
        Message::AutoscalerStepped { forward } => {
            let it = current?;
            let count = report.autoscalers.len();
            let step = if forward { 1 } else { count.checked_sub(1)? };
            let next = (it.autoscaler + step) % count;
            match looks::decision_at(report, next, it.at_ms) {
                Some(decision) => Selection::picked(report, next, decision.look),
                None => Selection::at(report, next, it.at_ms),
            }
        }
        _ => None,
    }
}
