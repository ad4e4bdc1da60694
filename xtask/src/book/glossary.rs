//! The words of the book, in both languages, from one list.
//!
//! `book/glossary.txt` holds groups (`[hpa]`) of entries, five lines to one, parted by blank lines:
//!
//! ```text
//! stabilization-window: stabilization window | 안정화 윈도우
//! upstream: `behavior.scaleDown.stabilizationWindowSeconds`
//! see: hpa/stabilization.md
//! en: How far back …
//! ko: …
//! ```
//!
//! The first word is the anchor. `upstream` is the name in code or YAML, or nothing.

use std::fs;

use anyhow::{Context, Result, bail};

use super::{Language, markdown::running};
use crate::place;

const FILE: &str = "book/glossary.txt";

/// One word.
#[derive(Debug, Default, PartialEq, Eq)]
struct Entry {
    group: String,
    anchor: String,
    /// English and Korean.
    names: [String; 2],
    upstream: String,
    see: String,
    about: [String; 2],
}

/// The answer to `{{#glossary group}}`, by name.
pub(super) fn told(group: &str, language: Language) -> Result<String> {
    let mut own: Vec<_> = read()?.into_iter().filter(|it| it.group == group).collect();
    if own.is_empty() {
        bail!("{FILE} has no group `{group}`: it has {}", groups()?.join(", "));
    }
    let index = usize::from(language == Language::Korean);
    own.sort_by_key(|it| it.names[index].to_lowercase());
    let entries: Result<Vec<_>> = own.iter().map(|it| entry(it, language)).collect();
    Ok(entries?.join("\n"))
}

/// The heading of a chapter.
fn title(chapter: &str, language: Language) -> Result<String> {
    let page = chapter.split('#').next().unwrap_or_default();
    let path = format!("book/{}/src/{page}", language.tag());
    let text = fs::read_to_string(place::root().join(&path)).with_context(|| path.clone())?;
    let heading = text.lines().next().and_then(|it| it.strip_prefix("# "));
    heading.map(str::to_owned).with_context(|| format!("{path}: open it with `# Title`"))
}

fn entry(it: &Entry, language: Language) -> Result<String> {
    let index = usize::from(language == Language::Korean);
    let Entry { anchor, names, upstream, see, about, .. } = it;
    let (name, other) = (running(&names[index]), running(&names[1 - index]));
    let mut beside = Vec::new();
    if name != other {
        beside.push(other);
    }
    if !upstream.is_empty() {
        beside.push(running(upstream));
    }
    let mut text = running(&about[index]);
    if !see.is_empty() {
        text = format!("{text} [{}](../{see})", title(see, language)?);
    }
    if !beside.is_empty() {
        text = format!("{}: {text}", beside.join(" · "));
    }
    Ok(format!("### {name} {{#{anchor}}}\n\n{text}\n"))
}

/// All groups, in the order of the file.
pub(super) fn groups() -> Result<Vec<String>> {
    let mut groups: Vec<_> = read()?.into_iter().map(|it| it.group).collect();
    groups.dedup();
    Ok(groups)
}

fn read() -> Result<Vec<Entry>> {
    parse(&fs::read_to_string(place::root().join(FILE)).context(FILE)?)
}

fn parse(text: &str) -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut group = "";
    for (number, line) in (1..).zip(text.lines()) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            group = name;
            continue;
        }
        let (key, value) =
            line.split_once(": ").with_context(|| format!("{FILE}:{number}: `key: value`"))?;
        let last = entries.last_mut();
        match (key, last) {
            ("upstream", Some(it)) => value.clone_into(&mut it.upstream),
            ("see", Some(it)) => value.clone_into(&mut it.see),
            ("en", Some(it)) => value.clone_into(&mut it.about[0]),
            ("ko", Some(it)) => value.clone_into(&mut it.about[1]),
            _ => {
                let names = value.split_once(" | ");
                let (en, ko) = names
                    .with_context(|| format!("{FILE}:{number}: `anchor: English | 한국어`"))?;
                if entries.iter().any(|it| it.anchor == key) {
                    bail!("{FILE}:{number}: `{key}` is there already");
                }
                let names = [en.to_owned(), ko.to_owned()];
                let (group, anchor) = (group.to_owned(), key.to_owned());
                entries.push(Entry { group, anchor, names, ..Entry::default() });
            }
        }
    }
    for it in &entries {
        let chapter = it.see.split('#').next().unwrap_or_default();
        if it.about.iter().any(String::is_empty) || it.group.is_empty() {
            bail!("{FILE}: `{}` needs a group, `en` and `ko`", it.anchor);
        }
        let is_there = |tag| place::root().join(format!("book/{tag}/src/{chapter}")).is_file();
        let is_chapter = is_there("en") && is_there("ko");
        if !chapter.is_empty() && !is_chapter {
            bail!("{FILE}: `{}` sees {chapter}, which is no chapter", it.anchor);
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[a]\nlook: look | 판단\nsee: hpa/loop.md\nen: One.\nko: 하나.\n";

    #[test]
    fn an_entry_has_both_names() {
        let look = &parse(TEXT).unwrap()[0];
        let english = entry(look, Language::English).unwrap();
        assert!(english.starts_with("### look {#look}\n\n판단: One. ["), "{english}");
        assert!(english.ends_with("](../hpa/loop.md)\n"), "{english}");
        let korean = entry(look, Language::Korean).unwrap();
        assert!(korean.starts_with("### 판단 {#look}\n\nlook: 하나. ["), "{korean}");
    }

    #[test]
    fn what_is_wrong_is_told() {
        for wrong in [
            "look: look | 판단\nen: One.\nko: 하나.\n",
            "[a]\nlook: look\nen: One.\nko: 하나.\n",
            "[a]\nlook: look | 판단\nen: One.\n",
            "[a]\nlook: look | 판단\nsee: hpa/tide.md\nen: One.\nko: 하나.\n",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse(&format!("{TEXT}{TEXT}")).is_err(), "twice");
    }
}
