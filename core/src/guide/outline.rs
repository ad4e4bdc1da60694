//! All fields of a kind at once, for a page that lists them.
//!
//! The same lists as everywhere in [`guide`](super); those of the assumptions are in their own table.

use super::kind_name;
use super::table::{Row, Table};
use crate::report::Language;

/// A field of a kind, or of a part that several fields share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// From the kind's root, as `spec.load[].target`; from the part's own, as `kind`.
    pub path: String,
    /// What it takes, as `integer`.
    pub kind: String,
    /// The part that lists its fields, as `workload`; or empty.
    pub part: String,
    /// The words that it may be, if there are only those.
    pub words: Vec<String>,
    /// What holds if it is absent, or empty.
    pub default: String,
    /// A line about it.
    pub about: String,
}

/// Every field of `name`: a kind, as `Scenario`, or a part, as `part workload`; in the order of the
/// lists. `None` where there is no such list.
///
/// ```
/// # use tidetable_core::{Language, guide::outline};
/// let lines = outline::of("Scenario", Language::En).unwrap();
/// let target = lines.iter().find(|it| it.path == "spec.load[].target").unwrap();
/// assert_eq!(target.part, "workload");
/// assert_eq!(outline::of("part workload", Language::En).unwrap()[0].path, "kind");
/// ```
pub fn of(name: &str, language: Language) -> Option<Vec<Line>> {
    let table = Table::read();
    let mut around: Vec<&Row<'_>> = Vec::new();
    let mut lines = Vec::new();
    for row in table.section(name)? {
        around.truncate((row.depth / 2).saturating_sub(1));
        around.push(row);
        lines.push(line(&around, row, language));
    }
    Some(lines)
}

fn line(around: &[&Row<'_>], row: &Row<'_>, language: Language) -> Line {
    let step = |it: &&Row<'_>| format!("{}{}", it.name, if it.is_list { "[]" } else { "" });
    let path: Vec<String> = around.iter().map(step).collect();
    let part = row.kind.strip_prefix('@').unwrap_or_default();
    let [en, ko] = row.about;
    Line {
        path: path.join("."),
        kind: kind_name(if part.is_empty() { row.kind } else { "mapping" }, language).to_owned(),
        part: part.to_owned(),
        words: row.words().map(str::to_owned).collect(),
        default: row.default.to_owned(),
        about: match language {
            Language::En => en,
            Language::Ko => ko,
        }
        .to_owned(),
    }
}
