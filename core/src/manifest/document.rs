//! Text to documents: which kind each is, and what is said of the rest.

use std::collections::BTreeSet;

use super::validation::Refusal;
use super::workload::WorkloadKind;
use super::{
    Body, Document, Documents, Metadata, disruption_budget, hpa, job, keda, limit_range, metadata,
    names, not_manifest, ray, vertical_autoscaler, workload,
};
use crate::diagnostic::{Diagnostic, Fix, Label, Severity, TextEdit};
use crate::order;
use crate::yaml::{self, Entry, Fields, Findings, Node, Spanned, Value};

/// Group and kind of the document that holds load and assumptions.
const SCENARIO: (&str, &str) = ("tidetable.dev", "Scenario");

/// Reads a text of any number of YAML or JSON documents.
///
/// ```
/// # use tidetable_core::manifest;
/// let read = manifest::read("apiVersion: v1\nkind: Service\nmetadata: {name: web}\n");
/// assert_eq!(read.documents[0].name(), "web");
/// assert_eq!(read.diagnostics[0].message, "Service is not modelled: it is left out");
/// ```
pub fn read(text: &str) -> Documents {
    let mut parts = yaml::read(text);
    let mut read = Documents { text: text.to_owned(), ..Documents::default() };
    for part in parts.parts {
        let is_inside = |it: &Diagnostic| part.span.contains(it.span.start);
        if let Some(found) = not_manifest::printed(text, part.span, part.root.as_ref()) {
            parts.diagnostics.retain(|it| !is_inside(it));
            if found.severity == Severity::Info {
                read.printed.push(part.span);
            }
            read.diagnostics.push(found);
            continue;
        }
        if let Some(found) = not_manifest::by_text(text, part.span, part.root.as_ref()) {
            // What the parser says of a template is of no help.
            parts.diagnostics.retain(|it| !is_inside(it));
            if read.diagnostics.iter().all(|it| it.code != found.code) {
                read.diagnostics.push(found);
            }
            continue;
        }
        if let Some(root) = part.root {
            not_manifest::run_together(text, &root, &mut parts.diagnostics);
            object(text, root, &mut read);
        }
    }
    // What is left of the parser's errors in a document is a key set twice.
    for document in &mut read.documents {
        let own = parts.diagnostics.iter().filter(|it| document.span.contains(it.span.start));
        document.refused.extend(own.cloned());
    }
    read.diagnostics.append(&mut parts.diagnostics);
    overwritten(&mut read);
    limit_range::admit(&mut read.documents);
    keda::look_up(&mut read);
    unmodelled_kinds(&mut read);
    order::sort_by_key(&mut read.diagnostics, |it| it.span);
    read
}

/// One object, or the objects of a list. Lists in lists nest as deep as the tree does.
fn object(text: &str, root: Node, read: &mut Documents) {
    if let Value::Sequence(items) = root.value {
        for item in items {
            object(text, item, read);
        }
        return;
    }
    let word = |name| root.get(name).and_then(Node::text);
    let (Some(api_version), Some(kind)) = (word("apiVersion"), word("kind")) else {
        read.diagnostics.push(not_manifest::by_fields(&root));
        return;
    };
    let has_items = root.get("items").is_some_and(|it| matches!(it.value, Value::Sequence(_)));
    if kind.ends_with("List") && (api_version == "v1" || has_items) {
        for item in items_of(root) {
            object(text, item, read);
        }
        return;
    }
    let findings = Findings::default();
    let Some((api_version, kind, metadata, body)) = typed(text, &root, &findings) else { return };
    let (diagnostics, unmodelled) = findings.into_parts();
    let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
    let refused = diagnostics.iter().filter(is_error).cloned().collect();
    let span = root.span;
    let document = Document { api_version, kind, metadata, span, root, body, unmodelled, refused };
    read.diagnostics.extend(diagnostics);
    read.diagnostics.extend(unmodelled_fields(&document));
    read.documents.push(document);
}

/// The items of a list. In a DeploymentList those without a kind are Deployments.
///
/// Upstream: apimachinery 0.37 pkg/apis/meta/v1/unstructured/helpers.go `decodeToList`.
fn items_of(list: Node) -> Vec<Node> {
    let Value::Mapping(mut fields) = list.value else { return Vec::new() };
    let is_items = |it: &Entry| it.key == "items";
    let items = fields.iter().position(is_items).map(|at| fields.swap_remove(at).value.value);
    let Some(Value::Sequence(mut items)) = items else { return Vec::new() };
    fields.retain(|it| matches!(it.key.as_str(), "apiVersion" | "kind"));
    for field in &mut fields {
        if let Value::Scalar { text, .. } = &mut field.value.value
            && field.key == "kind"
        {
            text.truncate(text.len().saturating_sub("List".len()));
        }
    }
    let is_typed = fields.iter().any(|it| it.key == "kind" && it.value.text() != Some(""));
    for item in items.iter_mut().filter(|it| is_typed && it.get("kind").is_none()) {
        if let Value::Mapping(own) = &mut item.value {
            own.retain(|it| !matches!(it.key.as_str(), "apiVersion" | "kind"));
            own.extend(fields.iter().cloned());
        }
    }
    items
}

/// What `apiVersion`, `kind` and `metadata` say, and the body of that kind.
type Typed = (Spanned<String>, Spanned<String>, Metadata, Body);

fn typed(text: &str, root: &Node, findings: &Findings) -> Option<Typed> {
    let mut fields = Fields::of(root, "", findings)?;
    let api_version = fields.string("apiVersion")?;
    let kind = fields.string("kind")?;
    let (group, version) = api_version.value.split_once('/').unwrap_or(("", &api_version.value));
    let is_typed = is_typed(group, &kind.value);
    let metadata = if is_typed { metadata::metadata(&mut fields) } else { name_only(root) };
    // What an HPA lacks is said in the API server's words.
    if is_typed && group != "autoscaling" && metadata.name.value.is_empty() {
        fields.missing("metadata.name");
    }
    let body = match (group, kind.value.as_str()) {
        ("autoscaling", "HorizontalPodAutoscaler") => match version {
            "v1" => Some(Body::Hpa(Box::new(hpa::v1(&mut fields, &metadata, text)))),
            "v2" => Some(Body::Hpa(Box::new(hpa::v2(&mut fields)))),
            _ => {
                let is_alike = version == "v2beta2";
                let hpa = is_alike.then(|| Body::Hpa(Box::new(hpa::v2(&mut fields))));
                findings.push(retired(&api_version));
                hpa
            }
        },
        ("apps", name) => match workload_kind(name) {
            Some(of) => {
                if !metadata.name.value.is_empty() {
                    names::metadata(&metadata, kind.span, Refusal::of("TT211", findings));
                }
                workload::workload(&mut fields, of).map(|it| Body::Workload(Box::new(it)))
            }
            None => None,
        },
        ("ray.io", "RayCluster") => ray_cluster(&mut fields),
        ("ray.io", "RayService") => {
            ray::service(&mut fields, text).map(|it| Body::RayService(Box::new(it)))
        }
        ("keda.sh", "ScaledObject") => {
            keda::scaled_object(&mut fields, &metadata).map(|it| Body::ScaledObject(Box::new(it)))
        }
        ("ray.io", "RayJob") => ray::job(&mut fields, text).map(|it| Body::RayJob(Box::new(it))),
        ("policy", "PodDisruptionBudget") => disruption_budget::disruption_budget(&mut fields)
            .map(|it| Body::DisruptionBudget(Box::new(it))),
        ("autoscaling.k8s.io", "VerticalPodAutoscaler") => {
            let read = vertical_autoscaler::vertical_autoscaler(&mut fields);
            read.map(|it| Body::VerticalAutoscaler(Box::new(it)))
        }
        ("", "LimitRange") => {
            limit_range::limit_range(&mut fields).map(|it| Body::LimitRange(Box::new(it)))
        }
        ("", name @ "Pod") | ("batch", name @ ("Job" | "CronJob")) => {
            job::pods(&mut fields, name, &metadata).map(|it| Body::Pods(Box::new(it)))
        }
        ("", "Namespace") => Some(Body::Namespace),
        _ if (group, kind.value.as_str()) == SCENARIO => Some(Body::Scenario(root.clone())),
        _ => None,
    };
    if group == "ray.io" {
        ray::rules(&kind.value, root, &metadata, findings);
    }
    let mut body = body.unwrap_or(Body::Other);
    if let Some(cluster) = ray_cluster_of(&mut body) {
        cluster.resize = metadata.annotations.get("ray.io/ippr").cloned();
    }
    if matches!(body, Body::Other | Body::Scenario(_) | Body::Namespace) {
        fields.pass_rest();
    }
    Some((api_version, kind, metadata, body))
}

fn ray_cluster_of(body: &mut Body) -> Option<&mut ray::RayCluster> {
    match body {
        Body::RayCluster(cluster) => Some(cluster),
        Body::RayService(service) => service.cluster.as_mut(),
        Body::RayJob(job) => job.cluster.as_mut(),
        _ => None,
    }
}

fn ray_cluster(fields: &mut Fields<'_>) -> Option<Body> {
    fields.pass(&["status"]);
    let Some(spec) = fields.mapping("spec") else {
        fields.missing("spec");
        return None;
    };
    Some(Body::RayCluster(Box::new(ray::cluster(spec))))
}

fn is_typed(group: &str, kind: &str) -> bool {
    match group {
        "autoscaling" => kind == "HorizontalPodAutoscaler",
        "apps" => workload_kind(kind).is_some(),
        "keda.sh" => kind == "ScaledObject",
        "ray.io" => matches!(kind, "RayCluster" | "RayService" | "RayJob"),
        "policy" => kind == "PodDisruptionBudget",
        "autoscaling.k8s.io" => kind == "VerticalPodAutoscaler",
        "batch" => matches!(kind, "Job" | "CronJob"),
        "" => matches!(kind, "LimitRange" | "Pod" | "Namespace"),
        _ => false,
    }
}

fn workload_kind(kind: &str) -> Option<WorkloadKind> {
    match kind {
        "Deployment" => Some(WorkloadKind::Deployment),
        "StatefulSet" => Some(WorkloadKind::StatefulSet),
        "ReplicaSet" => Some(WorkloadKind::ReplicaSet),
        _ => None,
    }
}

/// The name of an object whose kind is not read; whatever else it says is not looked at.
fn name_only(root: &Node) -> Metadata {
    let field = |name| {
        let node = root.get("metadata")?.get(name)?;
        Some(Spanned::new(node.text()?.to_owned(), node.span))
    };
    Metadata {
        name: field("name").unwrap_or_default(),
        namespace: field("namespace"),
        ..Metadata::default()
    }
}

fn retired(api_version: &Spanned<String>) -> Diagnostic {
    let version = &api_version.value;
    let message =
        format!("no matches for kind \"HorizontalPodAutoscaler\" in version \"{version}\"");
    let edit = TextEdit { span: api_version.span, text: "autoscaling/v2".to_owned() };
    Diagnostic::new("TT231", Severity::Error, api_version.span, message)
        .with(Fix::changes_decisions("write autoscaling/v2", vec![edit]))
}

/// One line for all the fields of a document that are not modelled.
fn unmodelled_fields(document: &Document) -> Option<Diagnostic> {
    let mut names: Vec<&str> = Vec::new();
    for path in &document.unmodelled {
        let after_spec = path.value.rsplit("spec.").next().unwrap_or_default();
        let name = after_spec.rsplit("].").next().unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() || document.body.is_only_checked() {
        return None;
    }
    let message = format!("without effect on the prediction: {}", names.join(", "));
    Some(Diagnostic::new("TT308", Severity::Info, document.kind.span, message))
}

/// An object that stands in the text twice is one: what is applied later overwrites the earlier.
fn overwritten(read: &mut Documents) {
    let key = |it: &Document| {
        let group = it.api_version.value.split_once('/').map_or("", |it| it.0);
        let is_scaled = matches!(
            it.body,
            Body::Hpa(_)
                | Body::Workload(_)
                | Body::RayCluster(_)
                | Body::RayService(_)
                | Body::RayJob(_)
                | Body::ScaledObject(_)
        );
        let is_named = it.metadata.generate_name.is_none() && !it.name().is_empty();
        (is_scaled && is_named).then(|| {
            let [group, kind] = [group, it.kind.value.as_str()].map(str::to_owned);
            [group, kind, it.namespace().to_owned(), it.name().to_owned()]
        })
    };
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    let mut kept = Vec::with_capacity(read.documents.len());
    for document in std::mem::take(&mut read.documents).into_iter().rev() {
        if key(&document).is_none_or(|it| seen.insert(it)) {
            kept.push(document);
            continue;
        }
        let (kind, name) = (&document.kind.value, document.name());
        let message = format!("{kind} {name} stands below once more: what is applied later counts");
        let place = document.metadata.name.span;
        found.push(Diagnostic::new("TT311", Severity::Warning, place, message));
    }
    kept.reverse();
    read.documents = kept;
    read.diagnostics.extend(found);
}

/// One line for each kind that is not read.
fn unmodelled_kinds(read: &mut Documents) {
    let mut found: Vec<(&str, Diagnostic)> = Vec::new();
    for document in &read.documents {
        let (kind, span) = (document.kind.value.as_str(), document.kind.span);
        let (group, _) = document.api_version.value.split_once('/').unwrap_or_default();
        let is_only_checked = document.body.is_only_checked();
        let is_unknown = matches!(document.body, Body::Other) && !is_typed(group, kind);
        if !is_only_checked && !is_unknown {
            continue;
        }
        if let Some((_, first)) = found.iter_mut().find(|(name, _)| *name == kind) {
            let label = Label { span, message: "and here".to_owned() };
            first.labels.push(label);
        } else {
            let what = if is_only_checked {
                " is only checked against what scales: it does not change the prediction"
            } else {
                " is not modelled: it is left out"
            };
            let message = [kind, what].concat();
            found.push((kind, Diagnostic::new("TT309", Severity::Info, span, message)));
        }
    }
    read.diagnostics.extend(found.into_iter().map(|(_, diagnostic)| diagnostic));
}
