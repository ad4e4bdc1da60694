//! The fenced blocks of a chapter: widgets, and YAML that must hold what it says.
//!
//! ```` ```tidetable ```` is manifests, Scenario and a `Widget` document: it becomes a live widget
//! around its computed tables. ```` ```tidetable hidden ```` only lends its numbers to sentences.
//! ```` ```yaml ```` must be without error and warning, but for those named after `finds=`; with
//! `file=NAME` it is a file for the command line, and `hidden` is not shown. `scenario=NAME` holds
//! fields of a Scenario's `spec`, checked with the manifests of that file.

use anyhow::{Result, anyhow, bail};
use tidetable_core::{
    diagnostic::{Diagnostic, Severity},
    predict,
    report::Language as Spoken,
    widget::{Read, draw, read},
};

use super::{Language, console::Files, still};

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

/// Checks a `yaml` block, and gives back what is shown of it.
pub(super) fn yaml(content: &str, info: &str, files: &Files) -> Result<String, Located> {
    let (mut named, mut before) = (Vec::new(), String::new());
    let mut text = content.to_owned();
    for word in info.split_whitespace().skip(1) {
        match word.split_once('=') {
            Some(("finds", codes)) => named.extend(codes.split(',').map(str::to_owned)),
            Some(("file", _)) => {}
            Some(("scenario", name)) => {
                let Some(file) = files.get(name) else {
                    return Err((0, anyhow!("this chapter has no block with file={name}")));
                };
                before = format!("{file}{SCENARIO}");
                let lines = content.lines().map(|it| format!("  {it}\n"));
                text = format!("{before}{}", lines.collect::<String>());
            }
            None if word == "hidden" => {}
            _ => {
                let words = "`finds=CODE,CODE`, `file=NAME`, `scenario=NAME` and `hidden`";
                return Err((0, anyhow!("`{word}` is none of {words}")));
            }
        }
    }
    let found = serious(predict(&text, Spoken::En).report.diagnostics);
    let moved = |(line, error): Located| (line.saturating_sub(before.matches('\n').count()), error);
    only_named(&text, &found, &named).map_err(moved)?;
    all_found(&found, &named)?;
    let is_shown = info.split_whitespace().all(|it| it != "hidden");
    Ok(if is_shown { format!("```yaml\n{content}```\n") } else { String::new() })
}

/// What stands around fields that are shown without their document.
const SCENARIO: &str = "---\napiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n";

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
