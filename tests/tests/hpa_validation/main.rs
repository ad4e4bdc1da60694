//! What is refused in an HPA, and what is filled in, against Kubernetes' own API server code.
//!
//! A text that the API server can't decode must have an error of ours, and only then. Of all
//! others the fields that are unknown or set twice, every refusal word for word and in order, and
//! the whole spec as a controller reads it are compared.

mod spec;

use std::io::BufRead;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use tidetable_core::assumption::Version;
use tidetable_core::diagnostic::{Diagnostic, Severity};
use tidetable_core::hpa::FeatureGates;
use tidetable_core::manifest::{self, ApiRules, Document, hpa};
use tidetable_core::{Language, predict};

/// First line of a file.
#[derive(Debug, Deserialize)]
struct Header {
    kubernetes: String,
    cases: usize,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    #[serde(flatten)]
    answer: Answer,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Answer {
    /// Only whether there is one is compared.
    undecodable: String,
    strict: Vec<String>,
    errors: Vec<String>,
    spec: Value,
    edit: Option<Edit>,
}

/// Other bounds for an HPA that is accepted, and what is refused then.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Edit {
    min: Option<i32>,
    max: Option<i32>,
    errors: Vec<String>,
}

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/hpa/validation.jsonl")
}

/// The committed file, or the one that the environment names.
fn path() -> PathBuf {
    std::env::var_os("HPA_VALIDATION_CASES").map_or_else(committed, PathBuf::from)
}

/// The header of a file of cases, and the cases.
fn cases(path: &Path) -> (Header, impl Iterator<Item = Case> + use<>) {
    let file = std::fs::File::open(path).expect("a file of cases");
    let mut lines = std::io::BufReader::new(file).lines().map(|it| it.expect("text"));
    let header = lines.next().expect("a header");
    let header = serde_json::from_str(&header).expect("a header");
    (header, lines.map(|it| serde_json::from_str(&it).expect("a case")))
}

#[test]
fn hpas_are_refused_and_completed_as_by_the_api_server() {
    let (header, cases) = cases(&path());
    let minor = Version::of(&header.kubernetes).minor;
    let rules = ApiRules::of(minor, FeatureGates::default());
    let (mut count, mut different) = (0, Vec::new());
    for case in cases {
        count += 1;
        let ours = ours(&case.text, &rules, case.answer.edit.as_ref());
        let upstreams = upstreams(case.answer);
        if ours != upstreams {
            let what = difference(&ours, &upstreams);
            different.push(format!("line {}:\n{}\n{what}", count + 1, case.text));
        }
    }
    assert_eq!(count, header.cases);
    let wrong = different.len();
    different.truncate(5);
    assert!(different.is_empty(), "{wrong} of {header:?} differ:\n{}", different.join("\n"));
}

/// Every fifth case, since each is a whole run.
#[test]
fn a_verdict_begins_with_the_refusal_where_the_api_server_refuses() {
    for case in cases(&committed()).1.step_by(5) {
        let answer = upstreams(case.answer);
        let is_refused = answer.undecodable == "yes"
            || !answer.errors.is_empty()
            || answer.strict.iter().any(|it| it == "set twice");
        let report = predict(&case.text, Language::En).report;
        // `kind` set twice may leave no HPA.
        if let Some(autoscaler) = report.autoscalers.first() {
            let verdict = autoscaler.verdict.message.to_string();
            let says_so = verdict.starts_with("The API server refuses this HPA: ");
            assert_eq!(says_so, is_refused, "{verdict}\n{}", case.text);
        } else {
            assert!(is_refused, "{}", case.text);
        }
    }
}

/// The lines in which two answers differ.
fn difference(ours: &Answer, upstreams: &Answer) -> String {
    let lines = |it: &Answer| -> Vec<String> {
        format!("{it:#?}").lines().map(|it| it.trim().to_owned()).collect()
    };
    let (ours, upstreams) = (lines(ours), lines(upstreams));
    let only = |mark: &str, these: &[String], others: &[String]| {
        let only = these.iter().filter(|it| !others.contains(it));
        only.map(|it| format!("{mark}: {it}")).collect::<Vec<_>>().join("\n")
    };
    [only("ours", &ours, &upstreams), only("upstream's", &upstreams, &ours)].join("\n")
}

fn upstreams(mut answer: Answer) -> Answer {
    if !answer.undecodable.is_empty() {
        return undecodable();
    }
    for complaint in &mut answer.strict {
        if complaint.contains("already set in map") || complaint.contains("duplicate field") {
            "set twice".clone_into(complaint);
        }
    }
    answer.strict.sort();
    answer.strict.dedup();
    answer
}

fn undecodable() -> Answer {
    Answer { undecodable: "yes".to_owned(), ..Answer::default() }
}

fn ours(text: &str, rules: &ApiRules, edit: Option<&Edit>) -> Answer {
    let read = manifest::read(text);
    let has = |it: &&Diagnostic, code| it.code == code;
    let wrong = |it: &Diagnostic| it.severity == Severity::Error && it.code != "TT107";
    if read.diagnostics.iter().any(wrong) {
        return undecodable();
    }
    let unknown = read.diagnostics.iter().filter(|it| has(it, "TT112")).map(unknown_field);
    let mut strict: Vec<String> = unknown.collect();
    if read.diagnostics.iter().any(|it| has(&it, "TT107")) {
        strict.push("set twice".to_owned());
    }
    let Some((document, written)) = read.hpas().next() else { return undecodable() };
    // Annotations are not decoded strictly.
    if !rules.tolerance && document.api_version.value == "autoscaling/v2" {
        let path = |it: &Diagnostic| it.message.split('`').nth(1).map(str::to_owned);
        let dropped = hpa::dropped(written, rules).iter().filter_map(path).collect::<Vec<_>>();
        strict.extend(dropped.iter().map(|it| format!("unknown field \"{it}\"")));
    }
    strict.sort();
    strict.dedup();
    let mut errors: Vec<String> = Vec::new();
    for found in hpa::refusals(document, written, rules) {
        if !errors.contains(&found.message) {
            errors.push(found.message);
        }
    }
    sort_where_upstream_iterates_maps(&mut errors);
    let spec = spec::stored(written, rules);
    let edit = edit.map(|it| edited(document, written, it, rules));
    Answer { undecodable: String::new(), strict, errors, spec, edit }
}

fn edited(document: &Document, written: &hpa::Hpa, edit: &Edit, rules: &ApiRules) -> Edit {
    let new = written.with(hpa::Bounds { min: edit.min, max: edit.max });
    let mut errors: Vec<String> = Vec::new();
    for found in hpa::edit_refusals(document, written, &new, false, rules) {
        if !errors.contains(&found.message) {
            errors.push(found.message);
        }
    }
    Edit { errors, ..edit.clone() }
}

/// "`b` is no field of `a`" as upstream says it: `unknown field "a.b"`.
fn unknown_field(found: &Diagnostic) -> String {
    let names: Vec<&str> = found.message.split('`').collect();
    let owner = names.get(3).copied().filter(|it| *it != "this document").unwrap_or_default();
    let dot = if owner.is_empty() { "" } else { "." };
    format!("unknown field \"{owner}{dot}{}\"", names[1])
}

/// As `ordered` of the oracle does it.
fn sort_where_upstream_iterates_maps(errors: &mut [String]) {
    fn group(text: &str) -> &str {
        for field in ["metadata.labels: ", "metadata.annotations: "] {
            if text.starts_with(field) {
                return field;
            }
        }
        if text.ends_with(": Forbidden: must populate the given metric source only") {
            return text.split(']').next().unwrap_or_default();
        }
        ""
    }
    for run in
        errors.chunk_by_mut(|one, other| !group(one).is_empty() && group(one) == group(other))
    {
        run.sort();
    }
}
