//! The `Widget` document of a text.
//!
//! Reading can't fail: what can't be read is named and left out.
//!
//! | code | what |
//! |---|---|
//! | TT701 | a setting that names what is not there: a field, a variant's value, a chart |
//! | TT702 | a text without a Widget, or with several |

use super::field;
use crate::diagnostic::{Diagnostic, Severity};
use crate::order;
use crate::scenario::API_VERSION;
use crate::source::Span;
use crate::time::Instant;
use crate::yaml::{self, Fields, Findings, Node, Spanned, scalar};

/// `kind` of the document.
pub const KIND: &str = "Widget";

/// What to show of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Widget {
    /// `metadata.name`, by which sentences of the same chapter ask it for numbers; or empty.
    pub name: String,
    /// What it shows, in a few words: the heading, and the name for a screen reader.
    pub caption: String,
    /// What is drawn, from top to bottom.
    pub show: Vec<View>,
    /// Which charts: their kind (`replicas`), or more of their id; all if empty.
    pub charts: Vec<String>,
    /// Where the cursor stands at first; otherwise where something is decided first.
    pub at: Option<Instant>,
    /// What the reader can turn.
    pub knobs: Vec<Knob>,
    /// The same text with other values, side by side; none: the text alone.
    pub compare: Vec<Variant>,
    /// Codes of the warnings and errors that the text has on purpose.
    pub findings: Vec<String>,
}

/// One thing that a widget can draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Charts over time, with every decision.
    Chart,
    /// Every step of the decision at the cursor.
    Why,
    /// What the next look makes of each value of a metric.
    Staircase,
    /// All metrics of the decision at the cursor, and which one wins.
    Metrics,
    /// What each pod counted as, over time.
    Pods,
    /// Who is on which node at the cursor.
    Nodes,
    /// Which request fits on which kind of Ray node at the cursor.
    Fit,
    /// Where the seconds went between load and ready.
    Delays,
}

impl View {
    /// Every view, by the word that the document has for it.
    pub const ALL: [(&'static str, Self); 8] = [
        ("chart", Self::Chart),
        ("why", Self::Why),
        ("staircase", Self::Staircase),
        ("metrics", Self::Metrics),
        ("pods", Self::Pods),
        ("nodes", Self::Nodes),
        ("fit", Self::Fit),
        ("delays", Self::Delays),
    ];
}

/// A field that the reader can turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    /// The field, as `HorizontalPodAutoscaler/web spec.maxReplicas`.
    pub field: String,
    /// What it is called.
    pub label: String,
    /// What it can be.
    pub range: Range,
    /// What stands behind the number, in the text as well: `m`, `%`, `s`.
    pub suffix: String,
}

/// What a knob can be set to.
#[derive(Clone, Debug, PartialEq)]
pub enum Range {
    /// From the first to the second in steps of the third.
    Numbers(f64, f64, f64),
    /// One of these.
    Words(Vec<String>),
}

/// The text with other values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// What it is called.
    pub label: String,
    /// Fields and their values, as YAML on one line.
    pub set: Vec<(String, String)>,
}

/// What reading a text gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// The settings; `None` without a `Widget` document.
    pub widget: Option<Widget>,
    /// The text without that document.
    pub text: String,
    /// What is wrong with the settings, by its place in the whole text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the `Widget` document of `text`, and takes it out.
///
/// ```
/// use tidetable_core::widget::{View, read};
///
/// let text = "apiVersion: tidetable.dev/v1alpha1\nkind: Widget\nspec: {show: [why]}\n";
/// let read = read(text);
/// assert_eq!(read.widget.unwrap().show, [View::Why]);
/// assert_eq!(read.text, "");
/// ```
pub fn read(text: &str) -> Read {
    let parts = yaml::read(text);
    let findings = Findings::default();
    let mut found = parts.parts.iter().filter_map(|it| it.root.as_ref().filter(|it| is_widget(it)));
    let Some(root) = found.next() else {
        // Perhaps it is there and is no YAML.
        let mut diagnostics = parts.diagnostics.clone();
        let message = "add a document `kind: Widget` that says what to show";
        diagnostics.push(Diagnostic::new("TT702", Severity::Error, Span::at(0), message));
        return Read { widget: None, text: text.to_owned(), diagnostics };
    };
    for second in found {
        findings.error("TT702", second.span, "a text has one Widget: this one is not used");
    }
    let widget = document(root, &findings).unwrap_or_default();
    let text_without = without(text, root);
    check_fields(&widget, &text_without, root, &findings);
    let (mut diagnostics, _) = findings.into_parts();
    order::sort_by_key(&mut diagnostics, |it| it.span);
    Read { widget: Some(widget), text: text_without, diagnostics }
}

fn is_widget(root: &Node) -> bool {
    let text = |name| root.get(name).and_then(Node::text);
    text("kind") == Some(KIND)
        && text("apiVersion").is_some_and(|it| it.starts_with("tidetable.dev"))
}

/// The text without the document of `root`, so that it can be opened anywhere.
fn without(text: &str, root: &Node) -> String {
    let mut kept = Vec::new();
    for span in yaml::split::documents(text) {
        let document = &text[span.start..span.end];
        let is_it = span.start <= root.span.start && root.span.end <= span.end;
        if !is_it && !document.trim().is_empty() {
            kept.push(document.trim_matches('\n'));
        }
    }
    let mut text = kept.join("\n---\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn document(root: &Node, findings: &Findings) -> Option<Widget> {
    let mut fields = Fields::of(root, "", findings)?;
    fields.pass(&["kind"]);
    if let Some(version) = fields.string("apiVersion").filter(|it| it.value != API_VERSION) {
        findings.error("TT406", version.span, format!("only {API_VERSION} is known"));
    }
    let mut widget = Widget::default();
    if let Some(mut metadata) = fields.mapping("metadata") {
        widget.name = metadata.string("name").map_or(String::new(), |it| it.value);
    }
    let Some(mut spec) = fields.mapping("spec") else {
        fields.missing("spec");
        return Some(widget);
    };
    widget.caption = text_of(&mut spec, "caption");
    let view = |place: &scalar::Place<'_>, findings: &Findings| {
        scalar::choice(place, &View::ALL, findings).map(|it| it.value)
    };
    widget.show = spec.list("show", view).map_or(vec![View::Chart], |it| it.value);
    widget.charts = words(&mut spec, "charts");
    widget.findings = words(&mut spec, "findings");
    widget.at = spec.duration("at").map(|it| Instant::ZERO + it.value);
    for fields in spec.mappings("knobs").map_or(Vec::new(), |it| it.value) {
        widget.knobs.extend(knob(fields));
    }
    for mut fields in spec.mappings("compare").map_or(Vec::new(), |it| it.value) {
        let label = text_of(&mut fields, "label");
        let set = fields.map("set", plain_text).unwrap_or_default();
        let set = set.into_iter().map(|(field, value)| (field.value, value)).collect();
        widget.compare.push(Variant { label, set });
    }
    Some(widget)
}

/// A scalar as it would stand in the text.
fn plain_text(place: &scalar::Place<'_>, findings: &Findings) -> Option<String> {
    scalar::text(place, findings).map(|it| it.value)
}

fn text_of(fields: &mut Fields<'_>, name: &'static str) -> String {
    fields.read(name, plain_text).unwrap_or_default()
}

fn words(fields: &mut Fields<'_>, name: &'static str) -> Vec<String> {
    fields.list(name, plain_text).map_or(Vec::new(), |it: Spanned<_>| it.value)
}

fn knob(mut fields: Fields<'_>) -> Option<Knob> {
    let field = text_of(&mut fields, "field");
    let label = text_of(&mut fields, "label");
    let suffix = text_of(&mut fields, "suffix");
    let choices = words(&mut fields, "choices");
    let mut number = |name| fields.number(name).map(|it| it.value);
    let (from, to, step) = (number("from"), number("to"), number("step"));
    let range = match (from, to) {
        _ if !choices.is_empty() => Range::Words(choices),
        (Some(from), Some(to)) if from < to => {
            Range::Numbers(from, to, step.filter(|it| *it > 0.0).unwrap_or(1.0))
        }
        _ => {
            let message = "a knob needs `from` below `to`, or `choices`";
            fields.findings().error("TT701", fields.head(), message);
            return None;
        }
    };
    let label = if label.is_empty() { field.clone() } else { label };
    Some(Knob { field, label, range, suffix })
}

/// Every field that the settings name must be there, once.
fn check_fields(widget: &Widget, text: &str, root: &Node, findings: &Findings) {
    let knobs = widget.knobs.iter().map(|it| (&it.field, None));
    let sets = widget.compare.iter().flat_map(|it| &it.set);
    for (name, value) in knobs.chain(sets.map(|(field, value)| (field, Some(value)))) {
        let problem = match value {
            None => field::value(text, name).err(),
            Some(value) => field::with(text, name, value).err(),
        };
        if let Some(problem) = problem {
            findings.error("TT701", root.span, problem);
        }
    }
}
