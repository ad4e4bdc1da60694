//! Deployment, StatefulSet and ReplicaSet: what an HPA can scale.
//!
//! Upstream: api 0.37 apps/v1/types.go; kubernetes 1.37 pkg/apis/apps/validation/validation.go.

use super::ApiRules;
use super::metadata::{Selector, selector};
use super::pod::{PodTemplate, template};
use super::workload_rules::validate;
use crate::diagnostic::{Diagnostic, Severity};
use crate::go;
use crate::source::Span;
use crate::yaml::scalar::{self, Place, Plain};
use crate::yaml::{Fields, Findings, Spanned, Style, Value};

/// A Deployment, StatefulSet or ReplicaSet.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Which of the three.
    pub kind: WorkloadKind,
    /// `spec.replicas`; 1 if absent.
    pub replicas: Option<Spanned<i32>>,
    /// `spec.selector`.
    pub selector: Selector,
    /// `spec.template`.
    pub template: PodTemplate,
    /// `spec.minReadySeconds`.
    pub min_ready_seconds: Option<Spanned<i32>>,
    /// `spec.strategy` of a Deployment.
    pub strategy: Option<Strategy>,
    /// `spec.revisionHistoryLimit` of a Deployment.
    pub(super) revision_history_limit: Option<Spanned<i32>>,
    /// `spec.progressDeadlineSeconds` of a Deployment; 600 if absent.
    pub(super) progress_deadline_seconds: Option<Spanned<i32>>,
    /// `spec.podManagementPolicy` of a StatefulSet.
    pub(super) pod_management: Option<Spanned<String>>,
}

/// The kinds that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkloadKind {
    /// `Deployment`.
    Deployment,
    /// `StatefulSet`.
    StatefulSet,
    /// `ReplicaSet`.
    ReplicaSet,
}

/// How a Deployment replaces its pods.
#[derive(Clone, Debug)]
pub struct Strategy {
    /// `RollingUpdate` or `Recreate`.
    pub kind: Option<Spanned<String>>,
    /// `rollingUpdate.maxSurge`: a count or a percentage; 25% if absent.
    pub max_surge: Option<Spanned<IntOrString>>,
    /// `rollingUpdate.maxUnavailable`: a count or a percentage; 25% if absent.
    pub max_unavailable: Option<Spanned<IntOrString>>,
    /// Where `rollingUpdate` stands, if it does.
    pub(super) rolling_span: Option<Span>,
    /// Whether one of the two could not be read, so that it only seems to be missing.
    pub(super) is_unreadable: bool,
}

/// A count, or text that should be a percentage.
///
/// Upstream: apimachinery 0.37 pkg/util/intstr/intstr.go `IntOrString`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntOrString {
    /// A count.
    Int(i32),
    /// `25%`, or what should be.
    Text(String),
}

impl IntOrString {
    /// As it is written.
    pub fn text(&self) -> String {
        match self {
            Self::Int(count) => count.to_string(),
            Self::Text(text) => text.clone(),
        }
    }

    /// As JSON has it.
    pub(super) fn json(&self) -> String {
        match self {
            Self::Int(count) => count.to_string(),
            Self::Text(text) => go::json(text),
        }
    }

    /// The percentage, if it is one; as large as there are if it is larger.
    ///
    /// Upstream: kubernetes 1.37 pkg/apis/apps/validation/validation.go `getPercentValue`.
    pub(super) fn percent(&self) -> Option<i64> {
        let Self::Text(text) = self else { return None };
        let digits = text.strip_suffix('%').filter(|it| !it.is_empty())?;
        let is_number = digits.bytes().all(|it| it.is_ascii_digit());
        is_number.then(|| digits.parse().unwrap_or(i64::MAX))
    }

    /// The percentage or the count; 0 for text that is neither.
    ///
    /// Upstream: the same file `getIntOrPercentValue`.
    pub(super) fn number(&self) -> i64 {
        match self {
            Self::Int(count) => i64::from(*count),
            Self::Text(text) => self.percent().unwrap_or_else(|| text.parse().unwrap_or(0)),
        }
    }
}

/// Takes `spec`.
pub(super) fn workload(root: &mut Fields<'_>, kind: WorkloadKind) -> Option<Workload> {
    root.pass(&["status"]);
    let Some(mut spec) = root.mapping("spec") else {
        root.missing("spec");
        return None;
    };
    let replicas = spec.int32("replicas");
    let mut pod_management = None;
    let (mut revision_history_limit, mut progress_deadline_seconds) = (None, None);
    let strategy = match kind {
        WorkloadKind::Deployment => {
            spec.known(&["paused"]);
            revision_history_limit = spec.int32("revisionHistoryLimit");
            progress_deadline_seconds = spec.int32("progressDeadlineSeconds");
            strategy(&mut spec)
        }
        WorkloadKind::StatefulSet => {
            pod_management = spec.string("podManagementPolicy");
            spec.known(&["volumeClaimTemplates", "podManagementPolicy", "updateStrategy"]);
            spec.pass(&["serviceName", "revisionHistoryLimit", "ordinals"]);
            spec.pass(&["persistentVolumeClaimRetentionPolicy"]);
            None
        }
        WorkloadKind::ReplicaSet => None,
    };
    let workload = Workload {
        kind,
        replicas,
        selector: selector(&mut spec, "selector").unwrap_or_default(),
        template: template(&mut spec, "template").unwrap_or_default(),
        min_ready_seconds: spec.int32("minReadySeconds"),
        strategy,
        revision_history_limit,
        progress_deadline_seconds,
        pod_management,
    };
    validate(&workload, &spec);
    Some(workload)
}

fn strategy(spec: &mut Fields<'_>) -> Option<Strategy> {
    let mut fields = spec.mapping("strategy")?;
    let kind = fields.string("type");
    let rolling_span = fields.key_span("rollingUpdate").filter(|_| fields.has("rollingUpdate"));
    let mut rolling = fields.mapping("rollingUpdate");
    let mut is_unreadable = false;
    let mut read = |name| {
        let rolling = rolling.as_mut()?;
        let value = rolling.read(name, int_or_string);
        is_unreadable |= value.is_none() && rolling.has(name);
        value
    };
    let (max_surge, max_unavailable) = (read("maxSurge"), read("maxUnavailable"));
    Some(Strategy { kind, max_surge, max_unavailable, rolling_span, is_unreadable })
}

/// A count or a percentage, as the API server decodes it.
fn int_or_string(place: &Place<'_>, findings: &Findings) -> Option<Spanned<IntOrString>> {
    let found = scalar::text(place, findings)?;
    let is_plain = matches!(place.node.value, Value::Scalar { style: Style::Plain, .. });
    let value = match scalar::plain(&found.value) {
        Plain::Int(count) if is_plain => i32::try_from(count).ok().map(IntOrString::Int),
        Plain::Number(_) | Plain::Bool(_) if is_plain => None,
        Plain::Int(_) | Plain::Number(_) | Plain::Bool(_) | Plain::Text => {
            Some(IntOrString::Text(found.value.clone()))
        }
    };
    if value.is_none() {
        let what = "must be a whole number or a percentage such as 25%";
        findings.push(place.problem("TT110", what));
    }
    Some(Spanned::new(value?, found.span))
}

/// The pod's own resources, if a release drops them.
pub(super) fn dropped(workload: &Workload, rules: &ApiRules) -> Option<Diagnostic> {
    let pod = &workload.template;
    if rules.pod_level_resources || pod.resources.names().next().is_none() {
        return None;
    }
    let message = format!(
        "`{}.spec.resources` is dropped: the feature gate PodLevelResources is off",
        pod.path
    );
    Some(Diagnostic::new("TT240", Severity::Warning, pod.resources_span, message))
}
