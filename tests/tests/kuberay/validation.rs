//! What the operator refuses in RayClusters, RayJobs and RayServices, in its words.

use serde_json::Value;
use tidetable_core::diagnostic::Severity;
use tidetable_core::manifest;

use crate::cases::{cases, report, text, upstream};

/// Upstream stops at the first error and says which kind of object it is in; a finding says it by
/// its place.
const PREFIXES: [&str; 4] = [
    "The RayJob metadata is invalid: ",
    "The RayJob spec is invalid: ",
    "The RayService metadata is invalid: ",
    "The RayService spec is invalid: ",
];

#[test]
fn what_the_operator_refuses_is_found_in_its_words() {
    let cases = cases("validation.jsonl", 300);
    let upstream = upstream("validation.jsonl");
    let mut differences = Vec::new();
    for case in &cases {
        if let Err(why) = compare(case, &upstream) {
            differences.push(format!("{why}\n{}", case["object"]));
        }
    }
    report("validation", &differences, cases.len());
}

/// What the release before did not look at.
fn is_new(message: &str, upstream: &str) -> bool {
    upstream.starts_with("kuberay 1.6")
        && (message.contains(": priority is set") || message.contains("equal to maxSurgePercent"))
}

fn compare(case: &Value, upstream: &str) -> Result<(), String> {
    let read = manifest::read(&case["object"].to_string());
    let ours: Vec<&str> = read
        .diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Error)
        .map(|it| it.message.as_str())
        .filter(|it| !is_new(it, upstream))
        .collect();
    let mut refused = false;
    for error in ["name_error", "spec_error", "upgrade_error"] {
        let mut error = text(&case[error]);
        for prefix in PREFIXES {
            error = error.strip_prefix(prefix).unwrap_or(error);
        }
        refused |= !error.is_empty();
        // Errors of several rules stand on a line each; labels are said one by one.
        let is_labels = error.starts_with("invalid label ");
        let separator = if is_labels { "; invalid" } else { "\n" };
        for line in error.split(separator).filter(|it| !it.is_empty()) {
            let line = if line.starts_with(" label ") { &format!("invalid{line}") } else { line };
            if !ours.contains(&line) {
                return Err(format!("missing: {line}\nours: {ours:?}"));
            }
        }
    }
    if !refused && !ours.is_empty() {
        return Err(format!("upstream refuses nothing, ours: {ours:?}"));
    }
    Ok(())
}
