//! The fenced blocks of a chapter: widgets, and YAML that must hold what it says.
//!
//! ```` ```tidetable ```` is manifests, Scenario and a `Widget` document: it becomes a live widget
//! around its computed tables. ```` ```tidetable hidden ```` only lends its numbers to sentences.
//! ```` ```yaml ```` must be without error and warning, but for those named after `finds=`; with
//! `file=NAME` it is a file for the command line.

use anyhow::{Result, anyhow, bail};
use tidetable_core::{
    diagnostic::{Diagnostic, Severity},
    predict,
    report::Language as Spoken,
    widget::{Read, draw, read},
};

use super::{Language, still};

/// A widget's text, for the questions of the same chapter.
pub(super) struct Asked {
    pub(super) read: Read,
}

/// A problem, and its line within the block, from 0.
pub(super) type Located = (usize, anyhow::Error);

/// What a `tidetable` block becomes, and what it holds.
pub(super) fn widget(
    content: &str,
    info: &str,
    language: Language,
) -> Result<(String, Asked), Located> {
    let read = read(content);
    if let Some(first) = read.diagnostics.first() {
        return Err(located(content, first));
    }
    let Some(widget) = &read.widget else { return Err((0, anyhow!("no `Widget` document"))) };
    if info != "tidetable" && info != "tidetable hidden" {
        return Err((0, anyhow!("write ```tidetable or ```tidetable hidden, not ```{info}")));
    }
    let panels = draw(&read.text, widget, None, language.spoken());
    let mut found = Vec::new();
    for panel in &panels {
        only_named(&panel.text, &panel.diagnostics, &widget.findings)?;
        found.extend_from_slice(&panel.diagnostics);
    }
    all_found(&found, &widget.findings)?;
    let hidden = info.ends_with("hidden");
    if !hidden && widget.caption.is_empty() {
        return Err((0, anyhow!("a widget needs a `caption`")));
    }
    let html = if hidden {
        String::new()
    } else {
        still::html(content, widget, &panels, language.spoken())
    };
    Ok((html, Asked { read }))
}

/// Checks a `yaml` block.
pub(super) fn yaml(content: &str, info: &str) -> Result<(), Located> {
    let mut named = Vec::new();
    for word in info.split_whitespace().skip(1).filter(|it| !it.starts_with("file=")) {
        let Some(codes) = word.strip_prefix("finds=") else {
            return Err((0, anyhow!("`{word}` is none of `finds=CODE,CODE` and `file=NAME`")));
        };
        named.extend(codes.split(',').map(str::to_owned));
    }
    let found = serious(predict(content, Spoken::En).report.diagnostics);
    only_named(content, &found, &named)?;
    all_found(&found, &named)
}

fn serious(mut all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    all.retain(|it| it.severity != Severity::Info);
    all
}

/// The text must have no findings but those that are named.
fn only_named(text: &str, found: &[Diagnostic], named: &[String]) -> Result<(), Located> {
    let other = found.iter().find(|it| !named.contains(&it.code));
    other.map_or(Ok(()), |it| Err(located(text, it)))
}

/// Every finding that is named must be there; of variants, in one at least.
fn all_found(found: &[Diagnostic], named: &[String]) -> Result<(), Located> {
    let missing = |code: &&String| !found.iter().any(|it| it.code == **code);
    match named.iter().find(missing) {
        Some(code) => Err((0, anyhow!("the text is said to have {code}, and has not"))),
        None => Ok(()),
    }
}

fn located(text: &str, found: &Diagnostic) -> Located {
    let line = text[..found.span.start.min(text.len())].matches('\n').count();
    (line, anyhow!("{}: {}", found.code, found.message))
}

/// The numbers that a question sets: `Kind/name spec.field=value`, several parted by `;`.
pub(super) fn settings(text: &str) -> Result<Vec<(String, String)>> {
    let mut set = Vec::new();
    for part in text.split(';').map(str::trim).filter(|it| !it.is_empty()) {
        match part.split_once('=') {
            Some((field, value)) => set.push((field.trim().to_owned(), value.trim().to_owned())),
            None => bail!("write `{part}` as `Kind spec.field=value`"),
        }
    }
    Ok(set)
}
