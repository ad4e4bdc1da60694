//! What a chapter may ask for in double braces.
//!
//! `{{#compute NAME key=value …}}` becomes a number from the core, `{{#widget NAME key=value …}}` a
//! live widget around a table, `{{#diagnostic CODE}}` the head of a finding's entry. Whatever can't be answered fails the build at its file and line.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, book::Book, errors};

use super::{Language, compute, diagnostic, widget};

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

/// The named numbers of a directive.
pub(super) struct Arguments(BTreeMap<String, i32>);

impl Arguments {
    pub(super) fn number(&self, name: &str) -> Result<i32> {
        self.0.get(name).copied().with_context(|| format!("add `{name}=…`, a whole number"))
    }

    fn parse<'a>(words: impl Iterator<Item = &'a str>) -> Result<Self> {
        let mut numbers = BTreeMap::new();
        for word in words {
            let (name, value) =
                word.split_once('=').with_context(|| format!("write `{word}` as `name=number`"))?;
            let value =
                value.parse().with_context(|| format!("`{value}` is not a whole number"))?;
            numbers.insert(name.to_owned(), value);
        }
        Ok(Self(numbers))
    }
}

/// `content` with every directive answered, or the line of the one that can't be.
fn expand(content: &str, language: Language) -> Result<String, (usize, anyhow::Error)> {
    let mut result = String::new();
    let mut rest = content;
    while let Some(start) = rest.find("{{#") {
        let line = content[..content.len() - rest.len() + start].matches('\n').count() + 1;
        let after = &rest[start + 3..];
        let answer = after
            .split_once("}}")
            .context("`{{#` has no `}}`")
            .and_then(|(inside, after)| Ok((answer(inside, language)?, after)));
        let (text, after) = answer.map_err(|error| (line, error))?;
        result.push_str(&rest[..start]);
        result.push_str(&text);
        rest = after;
    }
    result.push_str(rest);
    Ok(result)
}

fn answer(inside: &str, language: Language) -> Result<String> {
    let mut words = inside.split_whitespace();
    let (Some(kind), Some(name)) = (words.next(), words.next()) else {
        bail!(
            "`{{{{#{inside}}}}}` needs a kind and a name, as in `{{{{#compute kubernetes.version}}}}`"
        );
    };
    let arguments = Arguments::parse(words)?;
    match kind {
        "compute" => compute::value(name, &arguments),
        "widget" => widget::html(name, &arguments, language),
        "diagnostic" => diagnostic::head(name, language),
        _ => bail!("`#{kind}` is none of `#compute`, `#widget` and `#diagnostic`"),
    }
    .with_context(|| format!("{{{{#{inside}}}}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_from_the_core() {
        let text =
            "from {{#compute tolerance.lower target=60}} to {{#compute tolerance.upper target=60}}";
        assert_eq!(expand(text, Language::English).unwrap(), "from 54 to 66");
    }

    #[test]
    fn what_cannot_be_answered_names_its_line() {
        for wrong in [
            "{{#compute tide.height}}",
            "{{#widget tolerance}}",
            "{{#diagnostic TT999}}",
            "{{#draw it}}",
            "{{#",
        ] {
            let (line, _) = expand(&format!("one\ntwo {wrong}"), Language::Korean).unwrap_err();
            assert_eq!(line, 2, "{wrong}");
        }
    }
}
