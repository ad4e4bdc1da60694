//! Diagnostics as a compiler prints them: the line, what is wrong in it, and how to mend it.

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use tidetable_core::diagnostic::{Applicability, Diagnostic, Fix, Severity};

use crate::input::Text;

/// Prints diagnostics of one text.
#[derive(Debug)]
pub(crate) struct Printer {
    /// What has to be mended, and whatever has a fix.
    long: Renderer,
    /// What is only to know: one line, so that it does not bury the rest.
    short: Renderer,
}

impl Printer {
    /// With colours or without.
    pub(crate) fn new(colours: bool) -> Self {
        let long = if colours { Renderer::styled() } else { Renderer::plain() };
        Self { short: long.clone().short_message(true), long }
    }

    /// Every finding in its order, with blank lines around those of several lines.
    pub(crate) fn print(&self, text: &Text, diagnostics: &[Diagnostic]) -> String {
        let mut out = String::new();
        for it in diagnostics {
            if it.severity == Severity::Info && it.fixes.is_empty() {
                out += &self.short.render(&[finding(text, it)]);
                out.push('\n');
            } else {
                let mut groups = vec![finding(text, it)];
                groups.extend(it.fixes.iter().map(|fix| help(text, fix)));
                let blank = if out.is_empty() || out.ends_with("\n\n") { "" } else { "\n" };
                out += &format!("{blank}{}\n\n", self.long.render(&groups));
            }
        }
        out
    }
}

fn finding<'a>(text: &'a Text, diagnostic: &'a Diagnostic) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::NOTE,
    };
    let title = level.primary_title(&diagnostic.message).id(&diagnostic.code);
    let primary = (diagnostic.span, (AnnotationKind::Primary, None));
    let labels = diagnostic.labels.iter();
    let context = labels.map(|it| (it.span, (AnnotationKind::Context, Some(&*it.message))));
    let excerpts = text.excerpts(std::iter::once(primary).chain(context));
    title.elements(excerpts.into_iter().map(|it| {
        let marks = it.marks.into_iter();
        let annotations = marks.map(|(range, (kind, label))| kind.span(range).label(label));
        Snippet::source(it.source).path(it.name).line_start(it.first_line).annotations(annotations)
    }))
}

fn help<'a>(text: &'a Text, fix: &'a Fix) -> Group<'a> {
    let title = match fix.applicability {
        Applicability::Safe => fix.title.clone(),
        Applicability::ChangesDecisions => format!("{} (may change decisions)", fix.title),
    };
    let edits = fix.edits.iter().map(|it| (it.span, &*it.text));
    let excerpts = text.excerpts(edits);
    Level::HELP.secondary_title(title).elements(excerpts.into_iter().map(|it| {
        let patches = it.marks.into_iter().map(|(range, text)| Patch::new(range, text));
        Snippet::source(it.source).path(it.name).line_start(it.first_line).patches(patches)
    }))
}
