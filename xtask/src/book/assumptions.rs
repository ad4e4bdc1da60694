//! The entries of a group of assumptions, from the core's table.

use anyhow::{Result, bail};
use tidetable_core::{
    assumption::{TABLE, Value},
    predict,
};

use super::{Language, markdown::running};

/// The answer to `{{#assumptions group}}`: a heading for each, and what is known of it.
pub(super) fn group(group: &str, language: Language) -> Result<String> {
    let told = predict("", language.spoken()).report.assumptions;
    let mut entries = Vec::new();
    for (it, told) in TABLE.iter().zip(told).filter(|(it, _)| it.group() == group) {
        // A size says what it is: `64Gi`.
        let unit = if matches!(it.default, Value::Bytes(_)) { "" } else { &told.unit };
        let default = format!("**{}** {unit}", it.default);
        let range = range(it.min, it.max, language);
        let (meaning, source) = (running(&told.meaning), running(&told.source));
        let text = match language {
            Language::English => {
                format!("Default {}, {range}. {meaning}. Source: {source}.", default.trim())
            }
            Language::Korean => {
                format!("기본값 {}, {range}. {meaning}. 근거: {source}.", default.trim())
            }
        };
        entries.push(format!("### `{id}` {{#{id}}}\n\n{text}\n", id = it.id));
    }
    if entries.is_empty() {
        bail!("there is no group `{group}`: there are {}", groups().join(", "));
    }
    Ok(entries.join("\n"))
}

/// All groups, in the order of the table.
pub(super) fn groups() -> Vec<String> {
    let mut groups: Vec<_> = TABLE.iter().map(|it| it.group().to_owned()).collect();
    groups.dedup();
    groups
}

/// What it may be.
fn range(min: Value, max: Value, language: Language) -> String {
    match (language, min) {
        (Language::English, Value::Switch(_)) => {
            "`true` or `false`; unset, as the release does".to_owned()
        }
        (Language::Korean, Value::Switch(_)) => {
            "`true` 또는 `false`이며 적지 않으면 버전을 따름".to_owned()
        }
        _ if min == max => match language {
            Language::English => "the only one".to_owned(),
            Language::Korean => "하나뿐임".to_owned(),
        },
        (Language::English, _) => format!("from {min} to {max}"),
        (Language::Korean, _) => format!("{min}에서 {max}까지"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_what_the_table_says() {
        let entries = group("podStop", Language::English).unwrap();
        let expected = "### `podStop.grace` {#podStop.grace}\n\nDefault **2s**, from 0s to 1h. From \
                        a pod's deletion until it is gone; it serves nothing in between. Source: ";
        assert!(entries.starts_with(expected), "{entries}");
        assert!(group("tide", Language::Korean).is_err());
    }
}
