//! A RayJob: a cluster and the program that runs on it.

use super::cluster::{RayCluster, cluster};
use crate::manifest::metadata::Labels;
use crate::manifest::pod::{PodTemplate, template};
use crate::yaml::{Fields, Spanned, read_embedded, scalar};

/// A RayJob's spec.
#[derive(Clone, Debug, Default)]
pub struct RayJob {
    /// `rayClusterSpec`; none if `clusterSelector` names a running cluster.
    pub cluster: Option<RayCluster>,
    /// `clusterSelector`.
    pub cluster_selector: Labels,
    /// `entrypointNumCpus`: what the job's own supervisor asks for.
    pub entrypoint_num_cpus: Option<Spanned<f64>>,
    /// `entrypointNumGpus`.
    pub entrypoint_num_gpus: Option<Spanned<f64>>,
    /// `entrypointResources`, which is JSON: amounts by name.
    pub entrypoint_custom: Vec<(Spanned<String>, Spanned<f64>)>,
    /// `submissionMode`.
    pub submission_mode: Option<Spanned<&'static str>>,
    /// `suspend`.
    pub suspend: Option<Spanned<bool>>,
    /// `submitterPodTemplate`.
    pub submitter_pod_template: Option<PodTemplate>,
    /// `jobId` is given.
    pub has_job_id: bool,
    /// `backoffLimit`.
    pub backoff_limit: Option<Spanned<i32>>,
    /// `activeDeadlineSeconds`.
    pub active_deadline: Option<Spanned<i32>>,
    /// `preRunningDeadlineSeconds`.
    pub pre_running_deadline: Option<Spanned<i32>>,
    /// `shutdownAfterJobFinishes`.
    pub shutdown: Option<Spanned<bool>>,
    /// `ttlSecondsAfterFinished`.
    pub ttl: Option<Spanned<i32>>,
    /// `deletionStrategy`.
    pub deletion: Option<DeletionStrategy>,
}

/// `deletionStrategy`, as it is written; words are checked by `job_rules.rs`.
#[derive(Clone, Debug, Default)]
pub struct DeletionStrategy {
    /// `onSuccess.policy`.
    pub success: Option<Spanned<String>>,
    /// `onFailure.policy`.
    pub failure: Option<Spanned<String>>,
    /// `deletionRules`.
    pub rules: Vec<DeletionRule>,
}

/// One of `deletionRules`.
#[derive(Clone, Debug, Default)]
pub struct DeletionRule {
    /// `policy`.
    pub policy: Option<Spanned<String>>,
    /// `condition.jobStatus`.
    pub job_status: Option<Spanned<String>>,
    /// `condition.jobDeploymentStatus`.
    pub deployment_status: Option<Spanned<String>>,
    /// `condition.ttlSeconds`.
    pub ttl: Option<Spanned<i32>>,
}

/// Any other word is accepted by the API server, and the job then never submitted.
///
/// Upstream: kuberay 1.6.1 ray-operator/apis/ray/v1/rayjob_types.go `JobSubmissionMode`.
const MODES: [(&str, &str); 4] = [
    ("K8sJobMode", "K8sJobMode"),
    ("HTTPMode", "HTTPMode"),
    ("SidecarMode", "SidecarMode"),
    ("InteractiveMode", "InteractiveMode"),
];

/// Takes `spec`; `text` is the whole text, since `entrypointResources` is JSON inside it.
pub(in crate::manifest) fn job(root: &mut Fields<'_>, text: &str) -> Option<RayJob> {
    root.pass(&["status"]);
    let Some(mut spec) = root.mapping("spec") else {
        root.missing("spec");
        return None;
    };
    // Submitting never fails.
    spec.known(&["submitterConfig"]);
    spec.pass(&["entrypoint", "runtimeEnvYAML", "metadata", "managedBy"]);
    let job = RayJob {
        has_job_id: spec.string("jobId").is_some_and(|it| !it.value.is_empty()),
        backoff_limit: spec.int32("backoffLimit"),
        active_deadline: spec.int32("activeDeadlineSeconds"),
        pre_running_deadline: spec.int32("preRunningDeadlineSeconds"),
        shutdown: spec.bool("shutdownAfterJobFinishes"),
        ttl: spec.int32("ttlSecondsAfterFinished"),
        deletion: spec.mapping("deletionStrategy").map(deletion),
        cluster_selector: Labels(spec.map("clusterSelector", scalar::string).unwrap_or_default()),
        entrypoint_num_cpus: spec.number("entrypointNumCpus"),
        entrypoint_num_gpus: spec.number("entrypointNumGpus"),
        entrypoint_custom: entrypoint_resources(&mut spec, text),
        submission_mode: spec.choice("submissionMode", &MODES),
        suspend: spec.bool("suspend"),
        submitter_pod_template: template(&mut spec, "submitterPodTemplate"),
        cluster: spec.mapping("rayClusterSpec").map(cluster),
    };
    if job.cluster.is_none() && job.cluster_selector.0.is_empty() {
        spec.findings().error(
            "TT224",
            spec.head(),
            "one of RayClusterSpec or ClusterSelector must be set",
        );
    }
    Some(job)
}

fn deletion(mut fields: Fields<'_>) -> DeletionStrategy {
    let mut policy = |name| fields.mapping(name).and_then(|mut it| it.string("policy"));
    let (success, failure) = (policy("onSuccess"), policy("onFailure"));
    let rules = fields.mappings("deletionRules").map(|it| it.value).unwrap_or_default();
    DeletionStrategy { success, failure, rules: rules.into_iter().map(rule).collect() }
}

fn rule(mut fields: Fields<'_>) -> DeletionRule {
    let policy = fields.string("policy");
    let mut condition = fields.mapping("condition");
    let mut word = |name| condition.as_mut().and_then(|it| it.string(name));
    let (job_status, deployment_status) = (word("jobStatus"), word("jobDeploymentStatus"));
    let ttl = condition.as_mut().and_then(|it| it.int32("ttlSeconds"));
    DeletionRule { policy, job_status, deployment_status, ttl }
}

fn entrypoint_resources(spec: &mut Fields<'_>, text: &str) -> Vec<(Spanned<String>, Spanned<f64>)> {
    let findings = spec.findings();
    let tree = spec.take("entrypointResources").and_then(|it| read_embedded(text, it, findings));
    let fields = tree.as_ref().and_then(|it| Fields::of(it, "spec.entrypointResources", findings));
    fields.map(|mut it| it.rest(scalar::number)).unwrap_or_default()
}
