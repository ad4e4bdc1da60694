//! The fields of a document, from the lists that the editor completes from.

use anyhow::{Context, Result, bail};
use tidetable_core::guide::outline::{self, Line};

use super::{
    Language,
    markdown::{code, running, table},
};

/// The answer to `{{#fields Scenario spec.load}}` and `{{#fields part workload}}`: what stands below
/// a field of a kind, or in a part that several fields share.
pub(super) fn fields(what: &str, language: Language) -> Result<String> {
    let (name, below) = match what.split_once(' ') {
        Some(("part", _)) | None => (what, ""),
        Some((kind, below)) => (kind, below),
    };
    let lines = outline::of(name, language.spoken())
        .with_context(|| format!("no list of fields is called `{name}`"))?;
    let rows: Vec<_> = lines.iter().filter_map(|it| row(it, below, language)).collect();
    if rows.is_empty() {
        bail!("`{name}` has no fields below `{below}`: write a path as `spec.load[]`");
    }
    let head = match language {
        Language::English => ["Field", "Takes", "What"],
        Language::Korean => ["필드", "값", "뜻"],
    };
    Ok(table(head, &rows))
}

/// The row of a field that lies below `below`; of a whole `spec` only what lies right below it,
/// with links to the others.
fn row(line: &Line, below: &str, language: Language) -> Option<[String; 3]> {
    let rest = line.path.strip_prefix(below)?;
    let rest = rest.strip_prefix("[]").unwrap_or(rest);
    let path = if below.is_empty() { rest } else { rest.strip_prefix('.')? };
    let mut takes = line.kind.clone();
    if below == "spec" {
        if path.contains('.') {
            return None;
        }
        if sections().contains(&format!("Scenario {}", line.path.trim_end_matches("[]"))) {
            takes = format!("[{takes}](#{})", path.trim_end_matches("[]"));
        }
    } else if sections().contains(&format!("part {}", line.part)) {
        takes = format!("[{takes}](#{})", line.part);
    } else if !line.words.is_empty() {
        takes = line.words.iter().map(|it| code(it)).collect::<Vec<_>>().join(", ");
    }
    let mut about = running(&line.about);
    if !line.default.is_empty() {
        let default = code(&line.default);
        about = match language {
            Language::English => format!("{about} Default: {default}."),
            Language::Korean => format!("{}. 기본값: {default}.", about.trim_end_matches('.')),
        };
    }
    Some([code(path), takes, about])
}

/// What a chapter that lists `Scenario` must ask for: what stands directly below its `spec` and has
/// fields of its own, and each part.
pub(super) fn sections() -> Vec<String> {
    let lines = outline::of("Scenario", Language::English.spoken()).unwrap_or_default();
    let bare = |it: &Line| it.path.trim_end_matches("[]").to_owned();
    let has_more = |it: &&Line| {
        let inside = format!("{}.", it.path);
        it.path.matches('.').count() == 1 && lines.iter().any(|it| it.path.starts_with(&inside))
    };
    let mut wanted: Vec<_> =
        lines.iter().filter(has_more).map(|it| format!("Scenario {}", bare(it))).collect();
    let mut parts: Vec<_> = lines.iter().filter(|it| !it.part.is_empty()).collect();
    parts.sort_by(|one, other| one.part.cmp(&other.part));
    parts.dedup_by(|one, other| one.part == other.part);
    wanted.extend(parts.iter().map(|it| format!("part {}", it.part)));
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_tells_what_it_takes() {
        let table = fields("Scenario spec.load", Language::English).unwrap();
        assert!(table.contains("| `target` | [mapping](#workload) | Which workload. |"), "{table}");
        let row = "| `interpolate` | `step`, `linear` | Between the points. Default: `step`. |";
        assert!(table.contains(row), "{table}");
        let table = fields("part step", Language::Korean).unwrap();
        assert!(table.contains("| `from` | 숫자 | 이전 값. 기본값: `0`. |"), "{table}");
        let table = fields("Scenario spec", Language::English).unwrap();
        assert!(table.contains("| `load[]` | [mapping](#load) |"), "{table}");
        assert!(!table.contains("target"), "{table}");
        assert!(fields("Scenario spec.tide", Language::English).is_err());
        assert!(fields("part tide", Language::English).is_err());
    }

    #[test]
    fn sections_are_those_with_fields() {
        let sections = sections();
        let is_there = |it: &str| sections.iter().any(|own| own == it);
        assert!(is_there("Scenario spec.load") && is_there("part workload"), "{sections:?}");
        assert!(!is_there("Scenario spec.duration"), "{sections:?}");
    }
}
