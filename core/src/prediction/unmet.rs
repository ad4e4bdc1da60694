//! Metrics that somebody asks for and that the Scenario does not have, and how to say them.

use super::assumed_scenario;
use super::summary::taken_for;
use crate::assemble::Assembly;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::manifest::Documents;
use crate::manifest::field::Field;
use crate::scenario::edit;
use crate::yaml::edit::quote;

/// One note for each, with an edit that adds it.
pub(super) fn unmet(text: &str, documents: &Documents, assembly: &Assembly) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for it in &assembly.unmet {
        let document = &documents.documents[assembly.hpas[it.hpa]];
        let span = document.span_of(&Field::MetricTarget(it.metric));
        let item = match taken_for(&it.name) {
            Some(source) => format!("{{name: {}, from: {source}}}", quote(&it.name)),
            None => format!("{{name: {}, constant: 0}}", quote(&it.name)),
        };
        let name = &it.name;
        let message =
            format!("nothing answers for {name}: the Scenario can, with metrics: [{item}]");
        let edits = edit::append(text, &assumed_scenario(text), "spec.metrics", &item);
        let note = Diagnostic::new("TT505", Severity::Info, span, message);
        let fix = Fix::changes_decisions(format!("give {name} a value"), edits);
        found.push(if fix.edits.is_empty() { note } else { note.with(fix) });
    }
    found
}
