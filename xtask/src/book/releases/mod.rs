//! What differs from release to release, from the core's own lists.
//!
//! Since when a rule holds is asked of the core; `kubernetes.rs` has a sentence for each. A rule
//! without a sentence, or a sentence without its rule, fails the build.

use anyhow::{Context, Result, bail};
use tidetable_core::{
    assumption::{TABLE, Value},
    hpa::{FeatureGates, Rules},
    manifest::ApiRules,
    predict,
    ray::version::{Difference, OLDEST_MINOR},
    upstream,
};

use super::{
    Language, cases,
    markdown::{code, running, table},
};

mod kubernetes;

use kubernetes::{API, CONTROLLER, Change};

/// The answer to `{{#releases upstream}}`, `controller`, `api`, `gates` and `ray`.
pub(super) fn told(of: &str, language: Language) -> Result<String> {
    match of {
        "upstream" => projects(language),
        "controller" => {
            changes(CONTROLLER, |minor| flags(&Rules::of(minor, FeatureGates::default())), language)
        }
        "api" => {
            changes(API, |minor| flags(&ApiRules::of(minor, FeatureGates::default())), language)
        }
        "gates" => Ok(gates(language)),
        "ray" => ray(language),
        _ => bail!("`{of}` is none of upstream, controller, api, gates and ray"),
    }
}

/// Every project: what runs here, what can be chosen, and whose answers the tests have.
fn projects(language: Language) -> Result<String> {
    let cases = cases::all()?;
    let chosen = |id: &str, here: &str| match TABLE.iter().find(|it| it.id == id) {
        Some(it) if it.min != it.max => format!("{} – {}", it.min, it.max),
        _ => here.to_owned(),
    };
    let rows = [
        ("Kubernetes", "kubernetes", upstream::KUBERNETES, "versions.kubernetes"),
        ("Ray", "ray", upstream::RAY, "versions.ray"),
        ("KubeRay", "kuberay", upstream::KUBERAY, "versions.kuberay"),
        ("KEDA", "keda", upstream::KEDA, ""),
        ("metrics-server", "metrics-server", "", ""),
        ("Prometheus", "prometheus", "", ""),
    ];
    let rows = rows.map(|(name, project, here, id)| {
        let answers = answers(&cases, project);
        [name.to_owned(), here.to_owned(), chosen(id, here), answers]
    });
    let head = match language {
        Language::English => ["Project", "Runs here", "To choose from", "Compared with"],
        Language::Korean => {
            ["프로젝트", "여기서 재현하는 버전", "고를 수 있는 버전", "비교한 버전"]
        }
    };
    Ok(table(head, &rows))
}

/// The releases of a project that answered, the newest first.
fn answers(cases: &[cases::Cases], project: &str) -> String {
    let named = cases.iter().flat_map(|it| it.upstream.split(", "));
    let own = named.filter_map(|it| it.strip_prefix(project)?.strip_prefix(' '));
    let mut versions: Vec<_> = own.collect();
    let number = |it: &str| it.split('.').map(|it| it.parse().unwrap_or(0)).collect::<Vec<u32>>();
    versions.sort_by_key(|it| std::cmp::Reverse(number(it)));
    versions.dedup();
    versions.join(", ")
}

/// What one release does, as the core names it.
fn flags(rules: &impl std::fmt::Debug) -> Vec<(String, bool)> {
    let text = format!("{rules:?}");
    let inside = text.split_once('{').map_or("", |it| it.1).trim_end_matches('}');
    let flags = inside.split(',').filter_map(|it| it.split_once(':'));
    flags.map(|(name, on)| (name.trim().to_owned(), on.trim() == "true")).collect()
}

/// Every change, by the release that brought it; the gates are as they are by default.
fn changes(
    texts: &[Change],
    of: impl Fn(u32) -> Vec<(String, bool)>,
    language: Language,
) -> Result<String> {
    let all: Vec<_> = (Rules::OLDEST_MINOR..=Rules::NEWEST_MINOR).map(|it| (it, of(it))).collect();
    let names: Vec<_> = all[0].1.iter().map(|it| it.0.as_str()).collect();
    if let Some(stale) = texts.iter().find(|it| !names.contains(&it.rule)) {
        bail!("xtask/src/book/releases/kubernetes.rs tells of `{}`, which is gone", stale.rule);
    }
    let mut rows = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let text = texts.iter().find(|it| it.rule == *name).with_context(|| {
            format!("tell in xtask/src/book/releases/kubernetes.rs what `{name}` is")
        })?;
        let moves = all.windows(2).filter(|it| it[0].1[index].1 != it[1].1[index].1);
        let since: Vec<_> = moves.map(|it| it[1].0).collect();
        rows.push((since, text));
    }
    rows.sort_by_key(|(since, text)| (since.first().copied().unwrap_or(0), text.rule));
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(since, text)| {
            let since: Vec<_> = since.iter().map(|it| format!("1.{it}")).collect();
            let mut since = if since.is_empty() { "–".to_owned() } else { since.join(", ") };
            if !text.pulls.is_empty() {
                since = format!("{since} ({})", text.pulls);
            }
            [since, running(if language == Language::English { text.en } else { text.ko })]
        })
        .collect();
    let head = match language {
        Language::English => ["Since", "What changed"],
        Language::Korean => ["버전", "바뀐 것"],
    };
    Ok(table(head, &rows))
}

/// What can be switched.
fn gates(language: Language) -> String {
    let rows = TABLE.iter().filter(|it| matches!(it.default, Value::Switch(_))).map(|it| {
        let words = (it.words)();
        let [meaning, source] = [words.meaning, words.source].map(|it| it.of(language.spoken()));
        let flag = format!("{}: ", source.split(": ").next().unwrap_or_default());
        let name = format!("[{}](assumptions.md#{})", code(it.name()), it.id);
        [name, running(meaning), running(source.trim_start_matches(&flag))]
    });
    let head = match language {
        Language::English => ["Gate", "What it decides", "By default"],
        Language::Korean => ["게이트", "정하는 것", "기본값"],
    };
    table(head, &rows.collect::<Vec<_>>())
}

/// A cluster, so that the core says what an older release does otherwise.
const CLUSTER: &str = include_str!("../../../../core/src/examples/ray-burst.yaml");

/// Each difference, in the words of the notes of a prediction.
fn ray(language: Language) -> Result<String> {
    let mut rows = Vec::new();
    for difference in Difference::ALL {
        let before = difference.since() - 1;
        let chosen = format!("  assumptions: {{versions: {{ray: \"2.{before}\"}}}}\n  ray:\n");
        let text = CLUSTER.replacen("  ray:\n", &chosen, 1);
        let notes = predict(&text, language.spoken()).report.notes;
        let place = Difference::of(before).position(|it| it == difference);
        let note = place.and_then(|it| notes.get(it)).map(ToString::to_string);
        let note = note.filter(|it| it.starts_with("Ray ")).unwrap_or_default();
        let (_, told) = note
            .split_once(": ")
            .with_context(|| format!("no note tells of {difference:?} for 2.{before}"))?;
        rows.push([format!("2.{}", difference.since()), running(told)]);
    }
    if rows.is_empty() {
        bail!("there are no differences from 2.{OLDEST_MINOR} on");
    }
    let head = match language {
        Language::English => ["Since", "What runs here, and what came before"],
        Language::Korean => ["버전", "여기서 따르는 규칙과 그 전의 규칙"],
    };
    Ok(table(head, &rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_list_is_told_in_both_languages() {
        for language in [Language::English, Language::Korean] {
            for of in ["upstream", "controller", "api", "gates", "ray"] {
                assert!(told(of, language).unwrap().lines().count() > 6, "{of}");
            }
        }
        assert!(told("tide", Language::English).is_err());
    }

    #[test]
    fn the_core_says_since_when() {
        let table = told("controller", Language::English).unwrap();
        let row = |of: &str| table.lines().find(|it| it.contains(of)).unwrap_or_default();
        assert!(row("The tolerance is an interval").starts_with("| 1.33 (#130797) |"), "{table}");
        assert!(row("HPAContainerMetrics").starts_with("| – |"), "{table}");
    }
}
