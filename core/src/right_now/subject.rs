//! Which HPAs there are, and what is told of each.
//!
//! An HPA whose manifest is not in the text has the rules that kubectl printed of it.

use super::status;
use crate::assemble::{Assembly, limits};
use crate::diagnostic::{Diagnostic, Severity};
use crate::hpa::{MetricSpec, Spec};
use crate::kubectl::{self, Source, Told};
use crate::manifest::{Body, Document, Documents, Metadata};
use crate::scenario::{Now, Scenario};
use crate::sim::{self, HpaTarget};
use crate::source::Span;
use crate::yaml::{Findings, Node, Spanned, Value};

/// One HPA.
pub(super) struct Subject {
    /// Its document; one without fields, where kubectl printed it, if its manifest is not pasted.
    pub(super) document: Document,
    /// Its rules.
    pub(super) spec: Spec,
    /// Index of what it scales in the model; `Err` if that has no scale.
    pub(super) target: Result<Option<usize>, String>,
    /// `metadata.name`.
    pub(super) name: String,
    /// The selector of its target.
    pub(super) selector: String,
    /// All HPAs of its target, itself included, if there are several.
    pub(super) rivals: Vec<String>,
    /// What is told of it.
    pub(super) told: Option<Told>,
    /// What was typed of it, and its place in the Scenario.
    pub(super) typed: Option<(usize, Now)>,
    /// Whether its rules are those that kubectl printed.
    pub(super) is_printed: bool,
}

/// What kubectl printed of HPAs.
fn printed(text: &str, documents: &Documents, diagnostics: &mut Vec<Diagnostic>) -> Vec<Told> {
    let mut printed = Vec::new();
    for span in &documents.printed {
        let mut read = kubectl::read(text, *span);
        diagnostics.append(&mut read.diagnostics);
        printed.append(&mut read.told);
    }
    printed.truncate(kubectl::MOST_HPAS);
    printed
}

/// The HPAs of one target, if there are several.
fn rivals(assembly: &Assembly, target: &HpaTarget) -> Vec<String> {
    let rivals = assembly.model.hpas.iter().filter(|it| it.target == *target);
    let rivals: Vec<String> = rivals.map(|it| format!("{}/{}", it.namespace, it.name)).collect();
    if rivals.len() < 2 { Vec::new() } else { rivals }
}

/// The HPAs of the manifests in their order, then those that kubectl alone tells of.
pub(super) fn subjects(
    text: &str,
    documents: &Documents,
    scenario: &Scenario,
    assembly: &Assembly,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Subject> {
    let printed = printed(text, documents, diagnostics);
    let findings = Findings::default();
    let mut subjects: Vec<Subject> = Vec::new();
    let mut is_used = vec![false; printed.len()];
    for (index, hpa) in assembly.hpas.iter().zip(&assembly.model.hpas) {
        let document = &documents.documents[*index];
        let is_hpa = matches!(document.body, Body::Hpa(_));
        let mut told =
            if is_hpa { status::read(document, &hpa.spec.metrics, text, &findings) } else { None };
        for (it, is_used) in printed.iter().zip(&mut is_used) {
            if it.is_about(&hpa.namespace, &hpa.name) {
                *is_used = true;
                // A description tells more than a table.
                if told.as_ref().is_none_or(|it| it.source != Source::Describe) {
                    told = Some(it.clone());
                }
            }
        }
        subjects.extend(written(document, hpa, told, scenario, assembly));
    }
    diagnostics.append(&mut findings.into_parts().0);
    for (told, is_used) in printed.into_iter().zip(is_used) {
        let namespace = told.namespace.as_deref().unwrap_or("default");
        let known = subjects
            .iter_mut()
            .find(|it| it.is_printed && told.is_about(it.document.namespace(), it.document.name()));
        if is_used {
            continue;
        }
        match known {
            Some(known) if told.source == Source::Describe => {
                known.spec = spec(&told, scenario);
                known.told = Some(told);
            }
            Some(_) => {}
            None => subjects.push(Subject {
                document: document(&told),
                spec: spec(&told, scenario),
                target: Ok(None),
                name: told.name.value.clone(),
                selector: String::new(),
                rivals: Vec::new(),
                typed: typed(scenario, namespace, &told.name.value),
                told: Some(told),
                is_printed: true,
            }),
        }
    }
    unknown(scenario, &subjects, diagnostics);
    subjects
}

/// An HPA whose manifest is in the text; `None` if the API server refuses it.
fn written(
    document: &Document,
    hpa: &sim::Hpa,
    told: Option<Told>,
    scenario: &Scenario,
    assembly: &Assembly,
) -> Option<Subject> {
    let target = match &hpa.target {
        HpaTarget::Workload(workload) => Ok(Some(*workload)),
        HpaTarget::NoScale(error) => Err(error.clone()),
        HpaTarget::Refused => return None,
    };
    let workload = target.as_ref().ok().and_then(|it| assembly.model.workloads.get((*it)?));
    let rivals = if workload.is_some() { rivals(assembly, &hpa.target) } else { Vec::new() };
    Some(Subject {
        typed: typed(scenario, &hpa.namespace, &hpa.name),
        spec: hpa.spec.clone(),
        selector: workload.map_or_else(String::new, |it| it.selector.clone()),
        target,
        name: hpa.name.clone(),
        rivals,
        told,
        is_printed: false,
        document: document.clone(),
    })
}

fn typed(scenario: &Scenario, namespace: &str, name: &str) -> Option<(usize, Now)> {
    let found = scenario.now.iter().enumerate().find(|(_, it)| it.is_about(namespace, name));
    found.map(|(index, it)| (index, it.clone()))
}

/// The rules that kubectl printed.
fn spec(told: &Told, scenario: &Scenario) -> Spec {
    let (min, max) = (told.min_replicas.unwrap_or(1), told.max_replicas.unwrap_or(i32::MAX));
    let mut spec = limits(min, max, None, scenario);
    if let Some(namespace) = &told.namespace {
        spec.namespace.clone_from(namespace);
    }
    let metrics: Vec<MetricSpec> = told.metrics.iter().filter_map(|it| it.spec.clone()).collect();
    if !metrics.is_empty() {
        spec.metrics = metrics;
    }
    spec.behavior.clone_from(&told.behavior);
    spec
}

/// A document without fields: whatever points into it points at what kubectl printed.
fn document(told: &Told) -> Document {
    let span = told.name.span;
    let word = |text: &str| Spanned::new(text.to_owned(), span);
    Document {
        api_version: word("autoscaling/v2"),
        kind: word("HorizontalPodAutoscaler"),
        metadata: Metadata {
            name: told.name.clone(),
            namespace: told.namespace.as_deref().map(word),
            ..Metadata::default()
        },
        span,
        root: Node { span, value: Value::Null },
        body: Body::Other,
        unmodelled: Vec::new(),
        refused: Vec::new(),
    }
}

/// Entries of `spec.now` about an HPA that is not there.
fn unknown(scenario: &Scenario, subjects: &[Subject], diagnostics: &mut Vec<Diagnostic>) {
    for (index, now) in scenario.now.iter().enumerate() {
        let is_used = |it: &Subject| it.typed.as_ref().is_some_and(|(used, _)| *used == index);
        if !subjects.iter().any(is_used) {
            let message = format!("no HPA is called {}: this is not used", now.hpa.value);
            diagnostics.push(Diagnostic::new("TT605", Severity::Warning, at(now), message));
        }
    }
}

fn at(now: &Now) -> Span {
    if now.hpa.span.is_empty() { now.span } else { now.hpa.span }
}
