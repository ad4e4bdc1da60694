//! Where the prediction departs from upstream, and what was compared with it, from the core.

use anyhow::{Context, Result, bail};
use tidetable_core::{
    fidelity::DIFFERENCES,
    upstream::{checked, checked_ray},
};

use super::{
    Language,
    markdown::{code, running, table},
};

/// The answer to `{{#difference id}}`: a heading, what happens here, why, and upstream's place.
pub(super) fn difference(id: &str, language: Language) -> Result<String> {
    let it = DIFFERENCES
        .iter()
        .find(|it| it.id == id)
        .with_context(|| format!("no `DIFFERENCE({id})`: core/src/fidelity.rs lists them"))?;
    let spoken = language.spoken();
    let (what, why) = (running(it.what.of(spoken)), running(it.why.of(spoken)));
    let upstream = running(it.upstream);
    let (because, at) = match language {
        Language::English => ("Why", "Upstream"),
        Language::Korean => ("이유", "원본"),
    };
    Ok(format!("#### `{id}` {{#{id}}}\n\n{what} *{because}:* {why} *{at}:* {upstream}.\n"))
}

/// All ids.
pub(super) fn ids() -> Vec<String> {
    DIFFERENCES.iter().map(|it| it.id.to_owned()).collect()
}

/// The answer to `{{#checked kubernetes}}` and `{{#checked ray}}`: the record as a table.
pub(super) fn record(of: &str, language: Language) -> Result<String> {
    Ok(match of {
        "kubernetes" => {
            let rows: Vec<_> = checked().map(kubernetes).collect();
            let head = match language {
                Language::English => {
                    ["Kubernetes", "Metrics", "HPAs", "Looks of these", "Seed", "Date"]
                }
                Language::Korean => {
                    ["Kubernetes", "메트릭", "HPA", "그 HPA들의 판단", "시드", "날짜"]
                }
            };
            table(head, &rows)
        }
        "ray" => {
            let rows: Vec<_> = checked_ray()
                .map(|it| [it.ray, it.kind, it.cases, it.decisions, it.seed, it.date])
                .map(|[ray, kind, rest @ ..]| {
                    let rest = rest.map(str::to_owned);
                    let [cases, decisions, seed, date] = rest;
                    [ray.to_owned(), code(kind), cases, decisions, seed, date]
                })
                .collect();
            let head = match language {
                Language::English => ["Ray", "Kind", "Questions", "Decisions", "Seed", "Date"],
                Language::Korean => ["Ray", "종류", "질문", "판단", "시드", "날짜"],
            };
            table(head, &rows)
        }
        _ => bail!("nothing is recorded of `{of}`: write kubernetes or ray"),
    })
}

fn kubernetes(it: tidetable_core::upstream::Checked) -> [String; 6] {
    [it.kubernetes, it.calculator, it.histories, it.syncs, it.seed, it.date].map(|it| match it {
        "0" => "–".to_owned(),
        other => other.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_in_both_languages() {
        for language in [Language::English, Language::Korean] {
            for id in ids() {
                let entry = difference(&id, language).unwrap();
                assert!(entry.starts_with(&format!("#### `{id}` {{#{id}}}\n\n")), "{entry}");
            }
        }
        assert!(difference("tide", Language::English).is_err());
        assert!(record("ray", Language::Korean).unwrap().starts_with("| Ray | 종류 |"));
    }
}
