//! Everything that can happen to the page.

use std::rc::Rc;

use tidetable_core::{Language, diagnostic::TextEdit, source::Span};

use crate::{
    queries::axis::Range,
    state::{Middle, Tab, View},
    tasks::files::FileError,
    worker::Answer,
};

/// One thing that happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    // The text.
    /// Someone typed; the editor shows it already.
    Edited(Rc<str>),
    /// A fix, a chip or a form changes the text.
    Applied(Vec<TextEdit>),
    /// A fix of a mark in the editor, by its place in `queries::marks`.
    FixPicked { mark: usize, fix: usize },
    /// An example was chosen from the menu.
    ExampleChosen(String),
    /// Files were opened, or dropped on the page.
    FilesOpened(Result<String, FileError>),
    /// The `#` part of the address changed, as by a link or the back button.
    AddressChanged,

    // The worker.
    /// It is ready, or has a report or an explanation.
    Answered(Box<Answer>),

    // Right now.
    /// A number of an HPA was typed; an empty text takes it back.
    NowTyped { hpa: String, namespace: Option<String>, field: String, typed: String },
    /// How many wait was typed: a number of the pasted status, at its place.
    NowCounted { span: Span, typed: String },
    /// What kubectl or Ray printed was pasted.
    NowPasted(String),
    /// The why column shall explain this HPA or cluster, by its place in the answer.
    NowPicked(usize),

    // Looking around in the picture.
    /// A mark: one look of one autoscaler.
    LookPicked { autoscaler: usize, look: usize },
    /// An instant of the timeline, on a chart of an autoscaler or on none's.
    InstantPicked { autoscaler: Option<usize>, at_ms: f64 },
    /// The next or the previous decision of the same autoscaler.
    DecisionStepped { forward: bool },
    /// So many looks further, or back.
    LooksStepped(i32),
    /// The next or the previous autoscaler: its decision at that time.
    AutoscalerStepped { forward: bool },
    /// An instant whose placement shall be shown, in milliseconds.
    PlacementAt(f64),
    /// Another part of the run; `None` for the whole.
    Zoomed(Option<Range>),

    // Editor and why column point at each other.
    /// A place in the text that something in the why column comes from.
    Pointed(Option<Span>),
    /// A line of the editor, in UTF-16 units.
    LinePointed(Option<(usize, usize)>),
    /// Show this place in the editor.
    WentTo(Span),

    // How the page is arranged.
    /// A tab of the left column.
    TabChosen(Tab),
    /// Timeline, Placement or Right now.
    MiddleChosen(Middle),
    /// A view of the bottom bar.
    ViewChosen(View),
    /// English or Korean.
    LanguageChosen(Language),
    /// The next theme.
    ThemeSwitched,

    // Taking things along.
    /// Put a link into the address and the clipboard.
    Shared,
    /// Whether the clipboard took it.
    LinkCopied(bool),
    /// Save the report as JSON.
    ReportDownloaded,
    /// Save the text.
    ManifestsDownloaded,
    /// The line of news was read.
    NoticeDismissed,
}
