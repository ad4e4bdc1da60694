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
    pub submission_mode: Option<Spanned<String>>,
    /// `suspend`.
    pub suspend: Option<Spanned<bool>>,
    /// `submitterPodTemplate`.
    pub submitter_pod_template: Option<PodTemplate>,
}

/// Takes `spec`; `text` is the whole text, since `entrypointResources` is JSON inside it.
pub(in crate::manifest) fn job(root: &mut Fields<'_>, text: &str) -> Option<RayJob> {
    root.pass(&["status"]);
    let Some(mut spec) = root.mapping("spec") else {
        root.missing("spec");
        return None;
    };
    // The job runs to the end of the run.
    spec.known(&["activeDeadlineSeconds", "backoffLimit", "deletionStrategy"]);
    spec.known(&["preRunningDeadlineSeconds", "shutdownAfterJobFinishes"]);
    spec.known(&["ttlSecondsAfterFinished"]);
    spec.pass(&["entrypoint", "runtimeEnvYAML", "jobId", "metadata", "managedBy"]);
    spec.pass(&["submitterConfig"]);
    let job = RayJob {
        cluster_selector: Labels(spec.map("clusterSelector", scalar::string).unwrap_or_default()),
        entrypoint_num_cpus: spec.number("entrypointNumCpus"),
        entrypoint_num_gpus: spec.number("entrypointNumGpus"),
        entrypoint_custom: entrypoint_resources(&mut spec, text),
        submission_mode: spec.string("submissionMode"),
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

fn entrypoint_resources(spec: &mut Fields<'_>, text: &str) -> Vec<(Spanned<String>, Spanned<f64>)> {
    let findings = spec.findings();
    let tree = spec.take("entrypointResources").and_then(|it| read_embedded(text, it, findings));
    let fields = tree.as_ref().and_then(|it| Fields::of(it, "spec.entrypointResources", findings));
    fields.map(|mut it| it.rest(scalar::number)).unwrap_or_default()
}
