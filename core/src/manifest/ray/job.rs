//! A RayJob: a cluster and the program that runs on it.

use super::cluster::{RayCluster, cluster};
use crate::manifest::metadata::Labels;
use crate::yaml::{Fields, Spanned, scalar};

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
    /// `entrypointResources`: JSON.
    pub entrypoint_resources: Option<Spanned<String>>,
    /// `submissionMode`.
    pub submission_mode: Option<Spanned<String>>,
    /// `suspend`.
    pub suspend: Option<Spanned<bool>>,
    /// `shutdownAfterJobFinishes`.
    pub shutdown_after_job_finishes: Option<Spanned<bool>>,
    /// `ttlSecondsAfterFinished`.
    pub ttl_seconds_after_finished: Option<Spanned<i32>>,
}

/// Takes `spec`.
pub(in crate::manifest) fn job(root: &mut Fields<'_>) -> Option<RayJob> {
    root.pass(&["status"]);
    let Some(mut spec) = root.mapping("spec") else {
        root.missing("spec");
        return None;
    };
    spec.known(&["activeDeadlineSeconds", "backoffLimit", "deletionStrategy"]);
    spec.known(&["preRunningDeadlineSeconds", "submitterPodTemplate"]);
    spec.pass(&["entrypoint", "runtimeEnvYAML", "jobId", "metadata", "managedBy"]);
    spec.pass(&["submitterConfig"]);
    let job = RayJob {
        cluster_selector: Labels(spec.map("clusterSelector", scalar::string).unwrap_or_default()),
        entrypoint_num_cpus: spec.number("entrypointNumCpus"),
        entrypoint_num_gpus: spec.number("entrypointNumGpus"),
        entrypoint_resources: spec.string("entrypointResources"),
        submission_mode: spec.string("submissionMode"),
        suspend: spec.bool("suspend"),
        shutdown_after_job_finishes: spec.bool("shutdownAfterJobFinishes"),
        ttl_seconds_after_finished: spec.int32("ttlSecondsAfterFinished"),
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
