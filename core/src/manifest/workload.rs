//! Deployment, StatefulSet and ReplicaSet: what an HPA can scale.
//!
//! Upstream: api 0.37 apps/v1/types.go; kubernetes 1.37 pkg/apis/apps/validation/validation.go.

use super::ApiRules;
use super::metadata::{Selector, selector};
use super::pod::{PodTemplate, template};
use super::validation::Refusal;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::yaml::{Fields, Spanned, scalar};

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
    /// `rollingUpdate.maxSurge`: a count or a percentage.
    pub max_surge: Option<Spanned<String>>,
    /// `rollingUpdate.maxUnavailable`: a count or a percentage.
    pub max_unavailable: Option<Spanned<String>>,
}

/// Takes `spec`.
pub(super) fn workload(root: &mut Fields<'_>, kind: WorkloadKind) -> Option<Workload> {
    root.pass(&["status"]);
    let Some(mut spec) = root.mapping("spec") else {
        root.missing("spec");
        return None;
    };
    let replicas = spec.int32("replicas");
    let strategy = match kind {
        WorkloadKind::Deployment => {
            spec.pass(&["revisionHistoryLimit", "progressDeadlineSeconds"]);
            spec.known(&["paused"]);
            strategy(&mut spec)
        }
        WorkloadKind::StatefulSet => {
            spec.known(&["volumeClaimTemplates", "podManagementPolicy", "updateStrategy"]);
            spec.pass(&["serviceName", "revisionHistoryLimit", "ordinals"]);
            spec.pass(&["persistentVolumeClaimRetentionPolicy"]);
            None
        }
        WorkloadKind::ReplicaSet => None,
    };
    let selector_span = spec.key_span("selector");
    let workload = Workload {
        kind,
        replicas,
        selector: selector(&mut spec, "selector").unwrap_or_default(),
        template: template(&mut spec, "template").unwrap_or_default(),
        min_ready_seconds: spec.int32("minReadySeconds"),
        strategy,
    };
    validate(&workload, selector_span, &spec);
    Some(workload)
}

fn strategy(spec: &mut Fields<'_>) -> Option<Strategy> {
    let mut fields = spec.mapping("strategy")?;
    let kind = fields.string("type");
    let mut rolling = fields.mapping("rollingUpdate");
    let mut read = |name| rolling.as_mut().and_then(|rolling| rolling.read(name, scalar::text));
    Some(Strategy { kind, max_surge: read("maxSurge"), max_unavailable: read("maxUnavailable") })
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

fn validate(workload: &Workload, selector_span: Option<Span>, spec: &Fields<'_>) {
    let refusal = Refusal::of("TT211", spec.findings());
    if let Some(replicas) = workload.replicas.filter(|it| it.value < 0) {
        let detail = "must be greater than or equal to 0";
        refusal.invalid(replicas.span, "spec.replicas", replicas.value, detail);
    }
    let Some(selector_span) = selector_span else {
        refusal.required(spec.head(), "spec.selector", "");
        return;
    };
    if !workload.selector.matches(&workload.template.labels) {
        let detail = "`selector` does not match template `labels`";
        let labels = workload.template.labels.pairs();
        let labels: Vec<_> =
            labels.iter().map(|(key, value)| format!("\"{key}\":\"{value}\"")).collect();
        let labels = format!("{{{}}}", labels.join(","));
        refusal.invalid(selector_span, "spec.template.metadata.labels", labels, detail);
    }
    if workload.template.containers.is_empty() {
        let span =
            if workload.template.span.is_empty() { spec.head() } else { workload.template.span };
        refusal.required(span, "spec.template.spec.containers", "");
    }
}
