//! What is wrong with `metadata.ownerReferences` and `metadata.finalizers`, in the API server's
//! words.
//!
//! Upstream: apimachinery 0.37 pkg/api/validation/objectmeta.go `ValidateOwnerReferences`,
//! `ValidateFinalizers`; kubernetes 1.37 pkg/apis/core/validation/validation.go
//! `validateKubeFinalizerName`.

use super::metadata::{Metadata, Owner};
use super::names::qualified;
use super::validation::Refusal;
use crate::go::{json, list, quoted};

const OWNERS: &str = "metadata.ownerReferences";
const FINALIZERS: &str = "metadata.finalizers";

/// Finalizers that need no domain.
const STANDARD: [&str; 3] = ["kubernetes", ORPHAN, FOREGROUND];
const ORPHAN: &str = "orphan";
const FOREGROUND: &str = "foregroundDeletion";

/// Each owner in turn, then that at most one controls.
pub(super) fn owners(metadata: &Metadata, refuse: Refusal<'_>) {
    let mut controller: Option<String> = None;
    for (index, it) in metadata.owners.iter().enumerate() {
        owner(it, index, refuse);
        if it.controller != Some(true) {
            continue;
        }
        let own = format!("{}/{}", it.kind, it.name);
        let Some(first) = &controller else {
            controller = Some(own);
            continue;
        };
        let all: Vec<String> = metadata.owners.iter().map(as_json).collect();
        let detail = format!(
            "Only one reference can have Controller set to true. Found \"true\" in references for \
             {first} and {own}"
        );
        refuse.invalid(it.span, OWNERS, format!("[{}]", all.join(",")), &detail);
    }
}

fn owner(owner: &Owner, index: usize, refuse: Refusal<'_>) {
    let rules = refuse.rules;
    let path = if rules.owners_by_place { format!("{OWNERS}[{index}]") } else { OWNERS.to_owned() };
    let version = match owner.api_version.split_once('/') {
        None => Some(owner.api_version.as_str()),
        Some((_, rest)) if rest.contains('/') => None,
        Some((_, version)) => Some(version),
    };
    let lacks_version = version.is_none_or(str::is_empty);
    let path_of = |field: &str| format!("{path}.{field}");
    if rules.owners_by_place && owner.api_version.is_empty() {
        refuse.required(owner.span, &path_of("apiVersion"), "must not be empty");
    } else if lacks_version {
        let detail = if rules.owners_by_place {
            "must be <group>/<version> or <version>"
        } else {
            "version must not be empty"
        };
        refuse.invalid(owner.span, &path_of("apiVersion"), quoted(&owner.api_version), detail);
    }
    for (field, value) in [("kind", &owner.kind), ("name", &owner.name), ("uid", &owner.uid)] {
        if !value.is_empty() {
            continue;
        }
        if rules.owners_by_place {
            refuse.required(owner.span, &path_of(field), "must not be empty");
        } else {
            let name = if rules.short_owner_words { "" } else { field };
            let detail = format!("{name} must not be empty");
            refuse.invalid(owner.span, &path_of(field), "\"\"", detail.trim_start());
        }
    }
    let is_event = owner.kind == "Event" && matches!(&*owner.api_version, "v1" | "/v1");
    if is_event {
        let detail = "/v1, Kind=Event is disallowed from being an owner";
        refuse.invalid(owner.span, &path, as_json(owner), detail);
    }
}

/// As JSON. Before 1.34, upstream shows a Go value, with the addresses of its flags.
fn as_json(owner: &Owner) -> String {
    let text = |name: &str, value: &str| format!("\"{name}\":{}", json(value));
    let flag = |name: &str, value: Option<bool>| value.map(|it| format!("\"{name}\":{it}"));
    let mut fields = vec![
        text("apiVersion", &owner.api_version),
        text("kind", &owner.kind),
        text("name", &owner.name),
        text("uid", &owner.uid),
    ];
    fields.extend(flag("controller", owner.controller));
    fields.extend(flag("blockOwnerDeletion", owner.block_owner_deletion));
    format!("{{{}}}", fields.join(","))
}

pub(super) fn finalizers(metadata: &Metadata, refuse: Refusal<'_>) {
    let finalizers = &metadata.finalizers;
    for it in finalizers {
        refuse.name(it.span, FINALIZERS, &it.value, &qualified(&it.value, refuse));
    }
    let texts: Vec<&str> = finalizers.iter().map(|it| &*it.value).collect();
    if let Some(last) =
        finalizers.last().filter(|_| texts.contains(&ORPHAN) && texts.contains(&FOREGROUND))
    {
        let shown = list(&texts, refuse.rules.json_values);
        let detail = format!("finalizer {ORPHAN} and {FOREGROUND} cannot be both set");
        refuse.invalid(last.span, FINALIZERS, shown, &detail);
    }
    for (index, it) in finalizers.iter().enumerate() {
        if !it.value.contains('/') && !STANDARD.contains(&&*it.value) {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            refuse.invalid(it.span, &format!("{FINALIZERS}[{index}]"), quoted(&it.value), detail);
        }
    }
}
