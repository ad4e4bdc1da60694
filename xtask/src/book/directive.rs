//! What a chapter may ask for in double braces.
//!
//! `{{#ask WIDGET QUESTION | Kind spec.field=value; …}}` becomes a number out of the prediction of a
//! widget of the same chapter (`core/src/widget/query.rs` lists the questions), after setting fields
//! to other values; `{{#compute NAME}}` a version that the core knows, `{{#diagnostic CODE}}`
//! the head of a finding's entry. The other kinds are lists out of the core for the reference:
//! `list` below. Fenced blocks are `block.rs`'s, `chooser/`'s, `told.rs`'s and `console.rs`'s.
//! Whatever can't be answered fails the build at its file and line.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, anyhow, bail};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, book::Book, errors};

use super::{
    Language, assumptions,
    block::{self, Asked},
    cases,
    chooser::{self, Chooser},
    complete, compute,
    console::{self, Files},
    diagnostic,
    fence::{self, Part},
    fidelity, fields, frame, glossary, releases, schema, still, told, views,
};
use crate::place;

/// The preprocessor for one language.
pub(super) struct Directives {
    pub(super) language: Language,
}

impl Preprocessor for Directives {
    fn name(&self) -> &'static str {
        "tidetable"
    }

    fn run(&self, _context: &PreprocessorContext, mut book: Book) -> errors::Result<Book> {
        let mut failure = None;
        book.for_each_chapter_mut(|chapter| {
            let Some(path) = chapter.source_path.clone() else { return };
            match expand(&chapter.content, self.language) {
                Ok(content) => chapter.content = content,
                Err((line, error)) => {
                    let tag = self.language.tag();
                    let place = format!("book/{tag}/src/{}:{line}", path.display());
                    failure.get_or_insert(error.context(place));
                }
            }
        });
        failure.map_or(Ok(book), Err)
    }
}

/// A problem and its line, from 1.
type Located = (usize, anyhow::Error);

/// What a block becomes.
enum Block {
    /// This.
    Done(String),
    /// What asks other blocks for numbers.
    Chooser(Chooser),
}

/// `content` with every block and every directive answered, or the line of what can't be.
fn expand(content: &str, language: Language) -> Result<String, Located> {
    let parts = fence::parts(content);
    complete::check(content).map_err(|error| (1, error))?;
    let mut widgets = BTreeMap::new();
    let (mut blocks, mut files, mut told) = (Vec::new(), Files::new(), Vec::new());
    for (line, part) in &parts {
        let Part::Block { info, content } = part else { continue };
        if let Some(name) = console::word(info, "file=") {
            files.insert(name.to_owned(), (*content).to_owned());
        }
        if info.split_whitespace().next() == Some("told") {
            told.push((*info, *content));
        }
        let (block, asked) = block(info, content, &files, language)
            .map_err(|(inside, error)| (line + inside, error))?;
        for (name, asked) in asked {
            if !name.is_empty() && widgets.insert(name.clone(), asked).is_some() {
                return Err((*line, anyhow!("two widgets are called `{name}`")));
            }
        }
        blocks.push(block);
    }
    if !told.is_empty() {
        told::complete(&told).map_err(|error| (1, error))?;
    }
    let mut blocks = blocks.into_iter();
    let mut result = String::new();
    for (line, part) in &parts {
        let answered = match part {
            Part::Text(text) => inline(text, &widgets, language),
            Part::Block { .. } => match blocks.next() {
                Some(Block::Chooser(it)) => {
                    it.page(language, &|text| inline(text, &widgets, language))
                }
                Some(Block::Done(html)) => Ok(html),
                None => Ok(String::new()),
            },
        };
        result.push_str(&answered.map_err(|(inside, error)| (line + inside, error))?);
    }
    Ok(result)
}

/// What a block becomes, and what it holds to be asked, by name.
fn block(
    info: &str,
    content: &str,
    files: &Files,
    language: Language,
) -> Result<(Block, Vec<(String, Asked)>), block::Located> {
    Ok(match info.split_whitespace().next() {
        Some("tidetable") => {
            let (html, asked) = block::widget(content, info, language)?;
            let name = asked.read.widget.as_ref().map_or("", |it| it.name.as_str()).to_owned();
            (Block::Done(html), vec![(name, asked)])
        }
        Some("chooser") => {
            let chooser = chooser::read(content, &|path| {
                Ok(fs::read_to_string(place::root().join("book").join(path))?)
            })?;
            let asked = chooser.asked().collect();
            (Block::Chooser(chooser), asked)
        }
        Some("yaml") => (Block::Done(block::yaml(content, info, files)?), Vec::new()),
        Some("told") => (Block::Done(told::block(content, info)?), Vec::new()),
        Some("console") => (Block::Done(console::block(content, info, files)?), Vec::new()),
        _ => (Block::Done(format!("```{info}\n{content}```\n")), Vec::new()),
    })
}

/// Running text with every directive answered, or the line, from 0, of the one that can't be.
fn inline(content: &str, widgets: &Widgets, language: Language) -> Result<String, Located> {
    let mut result = String::new();
    let mut rest = content;
    while let Some(start) = rest.find("{{#") {
        let line = content[..content.len() - rest.len() + start].matches('\n').count();
        let after = &rest[start + 3..];
        let answer = split(after)
            .context("`{{#` has no `}}`")
            .and_then(|(inside, after)| Ok((answer(inside, widgets, language)?, after)));
        let (text, after) = answer.map_err(|error| (line, error))?;
        result.push_str(&rest[..start]);
        result.push_str(&text);
        rest = after;
    }
    result.push_str(rest);
    Ok(result)
}

/// What stands before `}}` and after it. Of several braces the last two close, so that a value may
/// be `{}`.
fn split(after: &str) -> Option<(&str, &str)> {
    let start = after.find("}}")?;
    let braces = after[start..].bytes().take_while(|it| *it == b'}').count();
    let (inside, rest) = after.split_at(start + braces);
    Some((&inside[..start + braces - 2], rest))
}

/// The widgets of a chapter by their names.
type Widgets = BTreeMap<String, block::Asked>;

fn answer(inside: &str, widgets: &Widgets, language: Language) -> Result<String> {
    let mut words = inside.split_whitespace();
    let (Some(kind), Some(name)) = (words.next(), words.next()) else {
        bail!(
            "`{{{{#{inside}}}}}` needs a kind and a name, as in `{{{{#compute kubernetes.version}}}}`"
        );
    };
    match kind {
        "ask" => ask(inside, name, widgets, language),
        "compute" => compute::value(name).map(str::to_owned),
        "diagnostic" => diagnostic::head(name, language),
        _ => list(kind, inside.trim_start().trim_start_matches(kind).trim(), language),
    }
    .with_context(|| format!("{{{{#{inside}}}}}"))
}

/// What the reference lists.
fn list(kind: &str, name: &str, language: Language) -> Result<String> {
    match kind {
        "assumptions" => assumptions::group(name, language),
        "difference" => fidelity::difference(name, language),
        "checked" if name == "cases" => cases::told(language),
        "checked" => fidelity::record(name, language),
        "releases" => releases::told(name, language),
        "fields" => fields::fields(name, language),
        "schema" => schema::told(name, language),
        "glossary" => glossary::told(name, language),
        "views" => views::told(name, language),
        "size" => frame::size(name),
        _ => bail!(
            "`#{kind}` is none of `#ask`, `#compute`, `#diagnostic`, `#assumptions`, \
             `#difference`, `#checked`, `#releases`, `#fields`, `#schema`, `#glossary`, `#views` \
             and `#size`"
        ),
    }
}

/// `ask WIDGET QUESTION | Kind spec.field=value; …`.
fn ask(inside: &str, name: &str, widgets: &Widgets, language: Language) -> Result<String> {
    let Asked { read } = widgets.get(name).with_context(|| {
        let all: Vec<_> = widgets.keys().map(String::as_str).collect();
        format!("this chapter has no widget `{name}`: it has {}", all.join(", "))
    })?;
    let (asked, set) = inside.split_once('|').unwrap_or((inside, ""));
    let question = asked.trim().trim_start_matches("ask").trim_start();
    let question = question.strip_prefix(name).unwrap_or_default().trim();
    let widget = read.widget.clone().unwrap_or_default();
    let set = block::settings(set)?;
    let found =
        tidetable_core::widget::query::ask(&read.text, &widget, &set, question, language.spoken());
    found.map(|it| still::escape(&it)).map_err(|error| anyhow!(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_from_the_core() {
        let text = "kubernetes {{#compute kubernetes.version}} has";
        let expected = format!("kubernetes {} has", tidetable_core::upstream::KUBERNETES);
        assert_eq!(expand(text, Language::English).unwrap(), expected);
    }

    #[test]
    fn a_value_may_end_with_a_brace() {
        assert_eq!(
            split("ask a b | HPA spec.c={}}} and {{#d}}"),
            Some(("ask a b | HPA spec.c={}", " and {{#d}}"))
        );
        assert_eq!(split("ask a }"), None);
    }

    #[test]
    fn what_cannot_be_answered_names_its_line() {
        for wrong in [
            "{{#compute tide.height}}",
            "{{#ask nobody asks}}",
            "{{#diagnostic TT999}}",
            "{{#draw it}}",
            "{{#",
        ] {
            let (line, _) = expand(&format!("one\ntwo {wrong}"), Language::Korean).unwrap_err();
            assert_eq!(line, 2, "{wrong}");
        }
    }
}
