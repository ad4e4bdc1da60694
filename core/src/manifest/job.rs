//! Job, CronJob and Pod: pods that nobody scales, and that an HPA may count all the same.
//!
//! Only their pods are read.
//!
//! Upstream: api 0.37 batch/v1/types.go `JobSpec`, `CronJobSpec`; core/v1/types.go `Pod`.

use super::Metadata;
use super::pod::{PodTemplate, pod_spec, template};
use crate::yaml::Fields;

/// Takes the pods of `kind`: a Job, a CronJob, else a Pod.
pub(super) fn pods(root: &mut Fields<'_>, kind: &str, metadata: &Metadata) -> Option<PodTemplate> {
    root.pass(&["status"]);
    if kind == "Pod" {
        let mut pod = PodTemplate { span: root.span(), ..PodTemplate::default() };
        pod.labels.clone_from(&metadata.labels);
        pod.annotations.clone_from(&metadata.annotations);
        pod_spec(root, &mut pod);
        return Some(pod);
    }
    let mut spec = root.mapping("spec")?;
    if kind == "Job" {
        let pods = template(&mut spec, "template");
        spec.pass_rest();
        return pods;
    }
    let mut job = spec.mapping("jobTemplate");
    spec.pass_rest();
    let mut job_spec = job.as_mut()?.mapping("spec");
    job?.pass_rest();
    let pods = template(job_spec.as_mut()?, "template");
    job_spec?.pass_rest();
    pods
}
