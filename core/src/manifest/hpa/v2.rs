//! An HPA as `autoscaling/v2` writes it.

use super::{Hpa, ObjectReference, behavior, metric};
use crate::yaml::{Fields, Spanned};

/// Takes `spec` of an `autoscaling/v2` HPA.
pub(in crate::manifest) fn v2(root: &mut Fields<'_>) -> Hpa {
    let (mut spec, mut hpa) = common(root);
    let metrics = spec.mappings("metrics").unwrap_or_default().value;
    hpa.metrics =
        metrics.into_iter().map(|mut it| metric::metric(&mut it, metric::source)).collect();
    hpa.behavior = spec.mapping("behavior").map(|mut it| behavior::behavior(&mut it, true));
    hpa.is_unreadable = spec.findings().has_errors();
    hpa
}

/// What both versions say alike, and the rest of `spec`.
pub(super) fn common<'doc>(root: &mut Fields<'doc>) -> (Fields<'doc>, Hpa) {
    root.pass(&["status"]);
    let mut spec = root
        .mapping("spec")
        .unwrap_or_else(|| Fields::none(root.node(), "spec".to_owned(), root.findings()));
    let hpa = Hpa {
        target: reference(&mut spec, "scaleTargetRef")
            .unwrap_or_else(|| ObjectReference { span: spec.head(), ..ObjectReference::default() }),
        min_replicas: spec.int32("minReplicas"),
        max_replicas: spec.int32("maxReplicas"),
        metrics: Vec::new(),
        behavior: None,
        spec_span: spec.head(),
        is_unreadable: false,
    };
    (spec, hpa)
}

/// Takes the reference `name`.
pub(super) fn reference(fields: &mut Fields<'_>, name: &'static str) -> Option<ObjectReference> {
    let mut fields = fields.mapping(name)?;
    let span = fields.span();
    let absent = || Spanned::new(String::new(), span);
    Some(ObjectReference {
        api_version: fields.string("apiVersion").unwrap_or_else(absent),
        kind: fields.string("kind").unwrap_or_else(absent),
        name: fields.string("name").unwrap_or_else(absent),
        span,
    })
}
