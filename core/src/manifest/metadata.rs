//! `metadata`, labels and label selectors.

use crate::source::Span;
use crate::yaml::{Fields, Spanned, scalar};

/// Names and labels of an object.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// `name`, or else `generateName`; empty and without a place if both are missing.
    pub name: Spanned<String>,
    /// `generateName`.
    pub generate_name: Option<Spanned<String>>,
    /// `namespace`.
    pub namespace: Option<Spanned<String>>,
    /// `labels`.
    pub labels: Labels,
    /// `annotations`.
    pub annotations: Labels,
    /// `ownerReferences`.
    pub owners: Vec<Owner>,
    /// `finalizers`.
    pub finalizers: Vec<Spanned<String>>,
}

/// An entry of `ownerReferences`; what is absent is empty.
#[derive(Clone, Debug, Default)]
pub struct Owner {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `name`.
    pub name: String,
    /// `uid`.
    pub uid: String,
    /// `controller`.
    pub controller: Option<bool>,
    /// `blockOwnerDeletion`.
    pub block_owner_deletion: Option<bool>,
    /// The whole entry.
    pub span: Span,
}

/// Text by name, in the order of the manifest.
#[derive(Clone, Debug, Default)]
pub struct Labels(pub Vec<(Spanned<String>, Spanned<String>)>);

impl Labels {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Spanned<String>> {
        self.0.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }

    /// Text by name, without places.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect()
    }
}

/// Takes the field `name`, a mapping of text to text.
pub(super) fn labels(fields: &mut Fields<'_>, name: &'static str) -> Labels {
    Labels(fields.map(name, scalar::string).unwrap_or_default())
}

/// Takes `metadata`; what the API server adds to it counts as understood.
pub(super) fn metadata(root: &mut Fields<'_>) -> Metadata {
    let Some(mut fields) = root.mapping("metadata") else { return Metadata::default() };
    let generate_name = fields.string("generateName");
    let name = fields.string("name").filter(|it| !it.value.is_empty());
    fields.pass(&[
        "selfLink",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "clusterName",
        "managedFields",
    ]);
    Metadata {
        name: name.or_else(|| generate_name.clone()).unwrap_or_default(),
        generate_name,
        namespace: fields.string("namespace"),
        labels: labels(&mut fields, "labels"),
        annotations: labels(&mut fields, "annotations"),
        owners: owners(&mut fields),
        finalizers: fields.list("finalizers", scalar::string).unwrap_or_default().value,
    }
}

fn owners(metadata: &mut Fields<'_>) -> Vec<Owner> {
    let entries = metadata.mappings("ownerReferences").unwrap_or_default().value;
    let owner = |mut fields: Fields<'_>| {
        let mut text = |name| fields.string(name).unwrap_or_default().value;
        let [api_version, kind, name, uid] = ["apiVersion", "kind", "name", "uid"].map(&mut text);
        let mut flag = |name| fields.bool(name).map(|it| it.value);
        let [controller, block_owner_deletion] =
            ["controller", "blockOwnerDeletion"].map(&mut flag);
        let span = fields.span();
        Owner { api_version, kind, name, uid, controller, block_owner_deletion, span }
    };
    entries.into_iter().map(owner).collect()
}

/// A label selector.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// `matchLabels`.
    pub match_labels: Labels,
    /// `matchExpressions`.
    pub match_expressions: Vec<Requirement>,
}

/// One entry of `matchExpressions`.
#[derive(Clone, Debug, Default)]
pub struct Requirement {
    /// `key`.
    pub key: String,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    pub operator: String,
    /// `values`.
    pub values: Vec<String>,
    /// The whole entry.
    pub span: Span,
}

impl Selector {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.match_labels.0.is_empty() && self.match_expressions.is_empty()
    }

    /// Whether it selects a pod with these labels.
    ///
    /// Upstream: apimachinery 0.37 pkg/labels/selector.go `Requirement.Matches`.
    pub fn matches(&self, labels: &Labels) -> bool {
        let has = |key: &str, value: &str| labels.get(key).is_some_and(|it| it.value == value);
        self.match_labels.0.iter().all(|(key, value)| has(&key.value, &value.value))
            && self.match_expressions.iter().all(|it| it.matches(labels))
    }
}

impl Requirement {
    fn matches(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.key);
        let is_among = value.is_some_and(|it| self.values.contains(&it.value));
        match self.operator.as_str() {
            "In" => is_among,
            "NotIn" => !is_among,
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => false,
        }
    }
}

/// Takes the label selector `name`.
pub(super) fn selector(fields: &mut Fields<'_>, name: &'static str) -> Option<Selector> {
    let mut selector = fields.mapping(name)?;
    let match_labels = labels(&mut selector, "matchLabels");
    let mut match_expressions = Vec::new();
    for mut fields in selector.mappings("matchExpressions").unwrap_or_default().value {
        let values = fields.list("values", scalar::string).unwrap_or_default().value;
        match_expressions.push(Requirement {
            key: fields.string("key").unwrap_or_default().value,
            operator: fields.string("operator").unwrap_or_default().value,
            values: values.into_iter().map(|it| it.value).collect(),
            span: fields.span(),
        });
    }
    Some(Selector { match_labels, match_expressions })
}
