//! The types of the report, from its JSON Schema.
//!
//! The descriptions are the comments of the types, in English; those in Korean are in
//! `book/ko/report.txt`, a line to a type or field. A description that is missing there, or is there
//! for nothing, fails the build.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tidetable_core::report::SCHEMA;

use super::{
    Language,
    markdown::{code, running, table},
};
use crate::place;

/// Its lines are `Type.field | Korean`.
const KOREAN: &str = "book/ko/report.txt";

/// The answer to `{{#schema Type}}`: a heading, what the type is, and its fields or its words.
pub(super) fn told(name: &str, language: Language) -> Result<String> {
    let schema: Value = serde_json::from_str(SCHEMA)?;
    let of = definition(&schema, name).with_context(|| {
        format!(
            "the report has no type `{name}`: it has {}",
            names().unwrap_or_default().join(", ")
        )
    })?;
    let korean = korean()?;
    let say = |path: &str, value: &Value| match language {
        Language::English => Ok(running(&comment(value))),
        Language::Korean => korean
            .get(path)
            .map(|it| running(it))
            .with_context(|| format!("{KOREAN} has no line `{path} | …`")),
    };
    let about = say(name, of)?;
    let head = format!("### {name} {{#{name}}}\n\n{about}\n\n");
    let words = match language {
        Language::English => (["Field", "Holds", "What"], ["Word", "What"]),
        Language::Korean => (["필드", "값", "뜻"], ["낱말", "뜻"]),
    };
    if let Some(all) = of["oneOf"].as_array() {
        let rows: Result<Vec<_>> = all
            .iter()
            .map(|it| {
                let word = it["const"].as_str().unwrap_or_default();
                Ok([code(word), say(&format!("{name}.{word}"), it)?])
            })
            .collect();
        return Ok(format!("{head}{}", table(words.1, &rows?)));
    }
    let Some(fields) = of["properties"].as_object() else {
        let is_list = of["type"] == "array";
        let list = match language {
            _ if !is_list => String::new(),
            Language::English => format!("A {}.\n", holds(of, language)),
            Language::Korean => format!("{}입니다.\n", holds(of, language)),
        };
        return Ok(format!("{head}{list}"));
    };
    // Those that are always there stand in the order of the type.
    let always = of["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let always: Vec<_> = always.collect();
    let others = fields.keys().map(String::as_str).filter(|it| !always.contains(it));
    let mut rows = Vec::new();
    for field in always.iter().copied().chain(others) {
        let about = say(&format!("{name}.{field}"), &fields[field])?;
        rows.push([code(field), holds(&fields[field], language), about]);
    }
    Ok(format!("{head}{}", table(words.0, &rows)))
}

/// All types, `Report` first.
pub(super) fn names() -> Result<Vec<String>> {
    let schema: Value = serde_json::from_str(SCHEMA)?;
    let types = schema["$defs"].as_object().context("the schema has no types")?;
    let mut names = vec!["Report".to_owned()];
    names.extend(types.keys().cloned());
    Ok(names)
}

fn definition<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    if name == "Report" { Some(schema) } else { schema["$defs"].get(name) }
}

/// What a field holds, with links to the types.
fn holds(value: &Value, language: Language) -> String {
    let korean = language == Language::Korean;
    if let Some(only) = value["const"].as_str() {
        return code(only);
    }
    if let Some(path) = value["$ref"].as_str() {
        let name = path.rsplit('/').next().unwrap_or_default();
        return format!("[{name}](#{name})");
    }
    let others = value["anyOf"].as_array().or(value["allOf"].as_array());
    if let Some(others) = others {
        let all: Vec<_> = others.iter().map(|it| holds(it, language)).collect();
        return all.join(if korean { " 또는 " } else { " or " });
    }
    let kinds = match &value["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let one = |kind: &str| match (kind, korean) {
        ("array", false) => format!("list of {}", holds(&value["items"], language)),
        ("array", true) => format!("{}의 목록", holds(&value["items"], language)),
        ("null", _) => "null".to_owned(),
        ("string", false) => "text".to_owned(),
        ("string", true) => "문자열".to_owned(),
        ("boolean", _) => "true, false".to_owned(),
        (_, false) => "number".to_owned(),
        (_, true) => "숫자".to_owned(),
    };
    kinds.into_iter().map(one).collect::<Vec<_>>().join(if korean { " 또는 " } else { " or " })
}

/// The Korean lines, each of which must describe something.
fn korean() -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(place::root().join(KOREAN)).context(KOREAN)?;
    let mut found = BTreeMap::new();
    for (line, text) in (1..).zip(text.lines()) {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let (path, about) = text
            .split_once(" | ")
            .with_context(|| format!("{KOREAN}:{line}: write `Type.field | …`"))?;
        found.insert(path.to_owned(), about.to_owned());
    }
    let paths = paths()?;
    if let Some(stale) = found.keys().find(|it| !paths.contains(it)) {
        bail!("{KOREAN} tells of `{stale}`, which the report has no more");
    }
    Ok(found)
}

/// The comment of a type or field, for readers of JSON.
fn comment(value: &Value) -> String {
    let text = value["description"].as_str().unwrap_or_default();
    text.replace('\n', " ").replace("`None`", "`null`")
}

/// Everything that has a description: types, fields, words.
fn paths() -> Result<Vec<String>> {
    let schema: Value = serde_json::from_str(SCHEMA)?;
    let mut paths = Vec::new();
    for name in names()? {
        let Some(of) = definition(&schema, &name) else { continue };
        let fields = of["properties"].as_object().into_iter().flat_map(|it| it.keys().cloned());
        let words = of["oneOf"].as_array().into_iter().flatten();
        let words = words.filter_map(|it| it["const"].as_str().map(str::to_owned));
        let inside: Vec<_> = fields.chain(words).map(|it| format!("{name}.{it}")).collect();
        paths.push(name);
        paths.extend(inside);
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_told_in_both_languages() {
        for name in names().unwrap() {
            let [english, korean] =
                [Language::English, Language::Korean].map(|it| told(&name, it).unwrap());
            assert!(english.starts_with(&format!("### {name} {{#{name}}}\n\n")), "{english}");
            assert_eq!(english.lines().count(), korean.lines().count());
        }
        assert!(told("Tide", Language::English).is_err());
    }

    #[test]
    fn a_field_links_to_its_type() {
        let told = told("Autoscaler", Language::English).unwrap();
        assert!(told.contains("| `looks` | [Looks](#Looks) | Every time it looked"), "{told}");
        assert!(told.contains("| `span` | [Span](#Span) or null |"), "{told}");
    }
}
