//! What KubeRay's operator refuses in a RayCluster: it then reconciles nothing and says why.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/utils/validation.go
//! `ValidateRayClusterSpec`; the rules that bear on replica counts and resources.

use super::{Group, RayCluster, version};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::pod::Variable;
use crate::yaml::{Findings, Spanned};

const GROUP: &str = "TT221";
const RESOURCES: &str = "TT222";
const AUTOSCALER: &str = "TT223";

const AUTOSCALER_V2: &str = "RAY_enable_autoscaler_v2";

/// Reports everything that is refused.
pub(super) fn validate(cluster: &RayCluster, findings: &Findings) {
    let head = &cluster.head;
    if !head.span.is_empty() && head.template.containers.is_empty() {
        findings.error(GROUP, head.span, "headGroupSpec should have at least one container");
    }
    overlapping(head, "Head", findings);
    let v2 = V2::of(cluster);
    for group in &cluster.worker_groups {
        worker_group(cluster, group, findings);
        overlapping(group, group.title(), findings);
        needs_v2(cluster, group, &v2, findings);
    }
    duplicate_names(&cluster.worker_groups, findings);
    autoscaler(cluster, &v2, findings);
}

/// How autoscaler v2 was asked for.
struct V2<'cluster> {
    by_option: bool,
    /// The variable `RAY_enable_autoscaler_v2` of the head's container, whatever its value.
    variable: Option<&'cluster Variable>,
}

impl<'cluster> V2<'cluster> {
    fn of(cluster: &'cluster RayCluster) -> Self {
        let version = cluster.options.version.as_ref();
        let env = cluster.head.template.containers.first().map(|it| it.env.as_slice());
        let mut env = env.unwrap_or_default().iter();
        Self {
            by_option: version.is_some_and(|it| it.value == "v2"),
            variable: env.find(|it| it.name.value == AUTOSCALER_V2),
        }
    }

    fn by_variable(&self) -> bool {
        self.variable.is_some_and(|it| matches!(it.value.as_deref(), Some("1" | "true")))
    }
}

fn worker_group(cluster: &RayCluster, group: &Group, findings: &Findings) {
    let name = group.title();
    let place = group.name.as_ref().map_or(group.span, |it| it.span);
    if group.template.containers.is_empty() {
        findings.error(GROUP, place, "workerGroupSpec should have at least one container");
    }
    // The CRD fills in 0 and 2147483647, so that the operator never sees a bound unset.
    let (min, max) = (group.min_replicas, group.max_replicas);
    for (bound, field) in [(min, "minReplicas"), (max, "maxReplicas")] {
        if let Some(bound) = bound.filter(|it| it.value < 0) {
            let message = format!("worker group {name} has negative {field} {}", bound.value);
            findings.error(GROUP, bound.span, message);
        }
    }
    if let (Some(min), Some(max)) = (min, max)
        && min.value > max.value
    {
        let message = format!(
            "worker group {name} has minReplicas {} greater than maxReplicas {}",
            min.value, max.value
        );
        findings.error(GROUP, min.span, message);
    }
    if let Some(suspend) = group.suspend.filter(|it| it.value && cluster.is_autoscaling()) {
        let message = format!("worker group {name} cannot be suspended with Autoscaler enabled");
        findings.error(GROUP, suspend.span, message);
    }
}

/// Upstream: `validateRayGroupResources`, `validateRayGroupLabels`.
fn overlapping(group: &Group, name: &str, findings: &Findings) {
    let params = &group.ray_start_params;
    let named = ["num-cpus", "num-gpus", "memory", "resources"];
    let param = named.into_iter().find_map(|it| params.get(it).filter(|it| !it.value.is_empty()));
    if let Some(param) = param.filter(|_| !group.resources.0.is_empty()) {
        let message = format!(
            "resource fields should not be set in both rayStartParams and Resources for {name} \
             group; please use only one"
        );
        findings.error(RESOURCES, param.span, message);
    }
    if let Some(labels) = params.get("labels") {
        let message = format!(
            "rayStartParams['labels'] is not supported for {name} group; please use the top-level \
             Labels field instead"
        );
        findings.error(RESOURCES, labels.span, message);
    }
}

/// Upstream: `validateWorkerGroupIdleTimeout`, `validateWorkerGroupPriority`.
fn needs_v2(cluster: &RayCluster, group: &Group, v2: &V2<'_>, findings: &Findings) {
    let is_v2 = v2.by_option || v2.by_variable();
    let name = group.title();
    if let Some(timeout) = group.idle_timeout_seconds {
        if timeout.value < 0 {
            let message = format!(
                "worker group {name}: idleTimeoutSeconds must be non-negative, got {}",
                timeout.value
            );
            findings.error(GROUP, timeout.span, message);
        } else if !is_v2 {
            let message = format!(
                "worker group {name}: idleTimeoutSeconds is set, but autoscaler v2 is not enabled. \
                 Please set .spec.autoscalerOptions.version to 'v2' (or set {AUTOSCALER_V2} \
                 environment variable to 'true' in the head pod if using KubeRay < 1.4.0)"
            );
            findings.error(AUTOSCALER, timeout.span, message);
        }
    }
    let Some(priority) = group.priority.filter(|it| it.value != 0) else { return };
    let message = match &cluster.ray_version {
        None => not_said(name),
        Some(version) if version.value.is_empty() => not_said(name),
        Some(version) if version::parse(&version.value).is_err() => format!(
            "worker group {name}: priority is set, but RayVersion format is invalid: {}, {}",
            version.value,
            version::parse(&version.value).err().unwrap_or_default()
        ),
        Some(version) if is_before_2_56(&version.value) => format!(
            "worker group {name}: priority is set, but minimum Ray version is 2.56.0, got {}",
            version.value
        ),
        Some(_) if !is_v2 => format!(
            "worker group {name}: priority is set to {}, but autoscaler v2 is not enabled. \
             Priority is only supported with autoscaler v2 enabled",
            priority.value
        ),
        Some(_) => return,
    };
    findings.error(AUTOSCALER, priority.span, message);
}

fn not_said(group: &str) -> String {
    format!(
        "worker group {group}: priority is set, but RayVersion was not specified. Ray version \
         2.56.0 or later is required"
    )
}

/// A version that can't be read is told of on its own.
fn is_before_2_56(text: &str) -> bool {
    version::parse(text).is_ok_and(|it| version::is_before(&it, &[2, 56, 0]))
}

/// Upstream: kuberay 1.7 ray-operator/pkg/webhooks/v1/raycluster_webhook.go
/// `validateWorkerGroups`.
fn duplicate_names(groups: &[Group], findings: &Findings) {
    let mut seen: Vec<&Spanned<String>> = Vec::new();
    for name in groups.iter().filter_map(|it| it.name.as_ref()) {
        match seen.iter().find(|it| it.value == name.value) {
            Some(first) => {
                let message = "worker group names must be unique";
                let found = Diagnostic::new(GROUP, Severity::Error, name.span, message);
                findings.push(found.also(first.span, "the first group of this name"));
            }
            None => seen.push(name),
        }
    }
}

fn autoscaler(cluster: &RayCluster, v2: &V2<'_>, findings: &Findings) {
    let options = &cluster.options;
    if let Some(timeout) = options.idle_timeout_seconds.filter(|it| it.value < 0) {
        let message = format!(
            "autoscalerOptions.idleTimeoutSeconds must be non-negative, got {}",
            timeout.value
        );
        findings.error(AUTOSCALER, timeout.span, message);
    }
    match (cluster.is_autoscaling(), v2.variable) {
        (false, Some(Variable { name, value: Some(value), .. })) if v2.by_variable() => {
            let message = format!(
                "environment variable {AUTOSCALER_V2} cannot be set to '{value}' when \
                 enableInTreeAutoscaling is false. Please set enableInTreeAutoscaling: true to \
                 use autoscaler v2"
            );
            findings.error(AUTOSCALER, name.span, message);
        }
        (true, Some(_)) => {
            if let Some(version) = &options.version {
                let message = format!(
                    "both .spec.autoscalerOptions.version and head Pod env var {AUTOSCALER_V2} \
                     are set, please only use the former"
                );
                findings.error(AUTOSCALER, version.span, message);
            }
        }
        (false, Some(_)) | (_, None) => {}
    }
    if cluster.is_autoscaling() && v2.by_option {
        restart_policies(cluster, findings);
    }
}

fn restart_policies(cluster: &RayCluster, findings: &Findings) {
    for group in std::iter::once(&cluster.head).chain(&cluster.worker_groups) {
        let policy = group.template.restart_policy.as_ref();
        if let Some(policy) = policy.filter(|it| !matches!(it.value.as_str(), "" | "Never")) {
            let owner = match &group.name {
                Some(name) => format!("worker group {}", name.value),
                None => "head Pod".to_owned(),
            };
            let message = format!(
                "restartPolicy for {owner} should be Never or unset when using autoscaler V2"
            );
            findings.error(AUTOSCALER, policy.span, message);
        }
    }
}
