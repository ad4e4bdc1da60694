//! What can be written where: the fields that the reader knows, with a line about each.
//!
//! [`suggest`] says what may stand at a place of a text, [`describe`] what the field there means.
//! Both go by indentation and brackets, since a text in which someone types is seldom whole; what
//! a text means is for `manifest` and `scenario` alone. Only fields that are modelled are told: the
//! lists are beside this file, and those of the assumptions in their own table.

pub mod outline;
mod place;
mod table;
#[cfg(test)]
mod tests;

use crate::assumption;
use crate::order;
use crate::report::Language;
use crate::source::Span;
use place::{Part, Place};
use table::{Row, Table};

/// One word that may be written, or a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The word.
    pub name: String,
    /// What a field takes, as `integer`; empty for a value.
    pub kind: String,
    /// Whether a field holds further fields, or a list.
    pub is_nested: bool,
    /// What holds if it is absent, or empty.
    pub default: String,
    /// A line about it; empty for a value.
    pub about: String,
}

/// What may stand in the place of `span`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestions {
    /// What is written there so far.
    pub span: Span,
    /// The words, in the order of the API.
    pub entries: Vec<Entry>,
}

/// What may be written at `offset` of `text`; `None` where nothing is known.
///
/// ```
/// # use tidetable_core::{Language, guide::suggest};
/// let text = "kind: HorizontalPodAutoscaler\nspec:\n  maxReplicas: 5\n  mi";
/// let found = suggest(text, text.len(), Language::En).unwrap();
/// assert_eq!(&text[found.span.start..found.span.end], "mi");
/// assert_eq!(found.entries[1].name, "minReplicas");
/// assert_eq!(found.entries[1].default, "1");
/// ```
pub fn suggest(text: &str, offset: usize, language: Language) -> Option<Suggestions> {
    let place = place::at(text, offset)?;
    let entries = match place.part {
        Part::Key => fields_of(&place)?
            .into_iter()
            .filter(|it| !place.siblings.contains(&it.name))
            .map(|it| it.entry(language))
            .collect(),
        Part::Value => values_of(&place)?,
    };
    Some(Suggestions { span: place.span, entries })
}

/// The field at `offset` of `text`, whose key or value stands there, and where its key does.
pub fn describe(text: &str, offset: usize, language: Language) -> Option<(Span, Entry)> {
    let place = place::at(text, offset)?;
    let fields = fields_of(&place)?;
    let found = fields.into_iter().find(|it| it.name == place.key)?;
    Some((place.key_span, found.entry(language)))
}

/// A field, whichever table it is from.
struct Field {
    name: String,
    kind: String,
    is_list: bool,
    is_nested: bool,
    choices: Vec<String>,
    default: String,
    about: [String; 2],
}

impl Field {
    fn of(row: &Row<'_>) -> Self {
        Self {
            name: row.name.to_owned(),
            kind: row.kind.to_owned(),
            is_list: row.is_list,
            is_nested: row.is_list || row.is_mapping(),
            choices: row.words().map(str::to_owned).collect(),
            default: row.default.to_owned(),
            about: row.about.map(str::to_owned),
        }
    }

    fn entry(self, language: Language) -> Entry {
        let kind = kind_name(if self.is_list { "list" } else { &self.kind }, language);
        let [en, ko] = self.about;
        Entry {
            name: self.name,
            kind: kind.to_owned(),
            is_nested: self.is_nested,
            default: self.default,
            about: match language {
                Language::En => en,
                Language::Ko => ko,
            },
        }
    }
}

fn assumption_field(it: &assumption::Assumption) -> Field {
    let meaning = (it.words)().meaning;
    Field {
        name: it.name().to_owned(),
        kind: unit_kind(it.unit()).to_owned(),
        is_list: false,
        is_nested: false,
        choices: Vec::new(),
        default: it.default.to_string(),
        about: [meaning.en, meaning.ko].map(str::to_owned),
    }
}

/// What a field takes.
fn kind_name(kind: &str, language: Language) -> &str {
    match (language, kind) {
        (Language::En, "choice") => "word",
        (Language::En, "boolean") => "true or false",
        (Language::Ko, "choice") => "낱말",
        (Language::Ko, "boolean") => "true 또는 false",
        (Language::Ko, "integer") => "정수",
        (Language::Ko, "number") => "숫자",
        (Language::Ko, "text") => "문자열",
        (Language::Ko, "quantity") => "수량",
        (Language::Ko, "duration") => "시간",
        (Language::Ko, "list") => "목록",
        (Language::Ko, "mapping") => "매핑",
        (_, other) => other,
    }
}

/// Every field of the mapping that `place` is in.
fn fields_of(place: &Place) -> Option<Vec<Field>> {
    let table = Table::read();
    if place.parents.is_empty() {
        return Some(root_fields());
    }
    if place.kind == "Scenario"
        && let Some(rest) = below_assumptions(&place.parents)
    {
        return assumed(rest);
    }
    let rows = table.below(&place.kind, &place.parents)?;
    Some(rows.iter().map(Field::of).collect())
}

/// What every document has.
fn root_fields() -> Vec<Field> {
    let field = |name: &str, kind: &str, en: &str, ko: &str| Field {
        name: name.to_owned(),
        kind: kind.to_owned(),
        is_list: false,
        is_nested: kind == "mapping",
        choices: Vec::new(),
        default: String::new(),
        about: [en.to_owned(), ko.to_owned()],
    };
    vec![
        field("apiVersion", "text", "Group and version of the kind.", "종류의 그룹과 버전"),
        field("kind", "text", "What the document is.", "문서의 종류"),
        field("metadata", "mapping", "Name, namespace, labels.", "이름, 네임스페이스, 레이블"),
        field("spec", "mapping", "What is asked for.", "요청하는 내용"),
    ]
}

/// The path below `spec.assumptions`, or below those of an override.
fn below_assumptions(parents: &[String]) -> Option<&[String]> {
    let parents = parents.strip_prefix(&["spec".to_owned()])?;
    let parents = parents.strip_prefix(&["overrides".to_owned()]).unwrap_or(parents);
    parents.strip_prefix(&["assumptions".to_owned()])
}

/// Groups of assumptions, or those of a group.
fn assumed(rest: &[String]) -> Option<Vec<Field>> {
    let all = assumption::TABLE.iter();
    match rest {
        [] => {
            let mut groups: Vec<&str> = all.map(assumption::Assumption::group).collect();
            groups.dedup();
            let group = |name: &str| Field {
                name: name.to_owned(),
                kind: "mapping".to_owned(),
                is_list: false,
                is_nested: true,
                choices: Vec::new(),
                default: String::new(),
                about: [String::new(), String::new()],
            };
            Some(groups.into_iter().map(group).collect())
        }
        [group] => {
            let own = all.filter(|it| it.group() == group);
            Some(own.map(assumption_field).collect())
        }
        _ => None,
    }
}

const fn unit_kind(unit: assumption::Unit) -> &'static str {
    match unit {
        assumption::Unit::Duration | assumption::Unit::CpuTime => "duration",
        assumption::Unit::Cpu | assumption::Unit::Bytes => "quantity",
        assumption::Unit::Count => "integer",
        assumption::Unit::Ratio => "number",
        assumption::Unit::Version => "text",
        assumption::Unit::Switch => "boolean",
    }
}

/// Words that may be the value at `place`.
fn values_of(place: &Place) -> Option<Vec<Entry>> {
    let word = |name: String| Entry {
        name,
        kind: String::new(),
        is_nested: false,
        default: String::new(),
        about: String::new(),
    };
    if place.parents.is_empty() {
        let table = Table::read();
        let kinds = table.kinds();
        let mut words: Vec<String> = match place.key.as_str() {
            "kind" => kinds.iter().map(|(kind, _)| (*kind).to_owned()).collect(),
            "apiVersion" if place.kind.is_empty() => {
                kinds.iter().map(|(_, version)| (*version).to_owned()).collect()
            }
            "apiVersion" => {
                let own = kinds.iter().filter(|(kind, _)| *kind == place.kind);
                own.map(|(_, version)| (*version).to_owned()).collect()
            }
            _ => return None,
        };
        order::sort(&mut words);
        words.dedup();
        return Some(words.into_iter().map(word).collect());
    }
    let field = fields_of(place)?.into_iter().find(|it| it.name == place.key)?;
    let words = match field.kind.as_str() {
        "boolean" => vec!["true".to_owned(), "false".to_owned()],
        "choice" => field.choices,
        _ => return None,
    };
    Some(words.into_iter().map(word).collect())
}
