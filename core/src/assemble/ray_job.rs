//! What a RayJob adds to its cluster: its submitter, and what its entrypoint holds.
//!
//! The run finds the job running, and it runs to the end. Its entrypoint is an actor, the job's
//! supervisor: without resources of its own it sits on the head and takes nothing, with some it
//! goes wherever there is room, and the autoscaler sees it wait like any other actor.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/rayjob_controller.go
//! `constructRayClusterForRayJob`, `createK8sJobIfNeed`, ray-operator/controllers/ray/common/job.go
//! `GetDefaultSubmitterContainer`; ray 2.60.0 dashboard/modules/job/job_manager.py
//! `JobManager.submit_job`.

use super::cluster::ray_pod;
use super::ray_pod::{container, sized};
use crate::assumption::Assumptions;
use crate::manifest::pod::{Container, PodTemplate as WrittenTemplate};
use crate::manifest::ray::RayJob;
use crate::sim::{Cluster, PodTemplate};
use crate::time::{Duration, Instant};
use crate::workload::{LabelSelector, RayResources, Work, WorkKind};

/// The container that submits.
fn submitter() -> Container {
    container("ray-job-submitter", sized(("500m", "200Mi"), ("1", "1Gi")))
}

/// In `SidecarMode` the submitter is a container of the head's pod.
pub(super) fn sidecar(job: &RayJob) -> Option<Container> {
    (mode(job) == "SidecarMode").then(submitter)
}

fn mode(job: &RayJob) -> &str {
    job.submission_mode.as_ref().map_or("K8sJobMode", |it| it.value.as_str())
}

/// Lets the job run on its cluster.
pub(super) fn run(job: &RayJob, assumptions: &Assumptions, cluster: &mut Cluster) {
    if job.suspend.is_some_and(|it| it.value) {
        // A RayJob that is suspended has no cluster.
        (cluster.operator.suspend, cluster.autoscaler) = (true, None);
        return;
    }
    cluster.operator.head_once = mode(job) == "SidecarMode";
    cluster.submitter = (mode(job) == "K8sJobMode").then(|| submitter_pod(job, assumptions));
    let resources = entrypoint(job);
    if !resources.is_empty() {
        let labels = LabelSelector::new();
        let fallback = Vec::new();
        let kind = WorkKind::Actors { count: 1, resources, labels, fallback, duration: None };
        cluster.work.push(Work { kind, at: Instant::ZERO, every: None, times: None });
    }
}

/// The pod of the Kubernetes Job that submits, which waits for the job's end.
fn submitter_pod(job: &RayJob, assumptions: &Assumptions) -> PodTemplate {
    let written = job.submitter_pod_template.clone();
    let default = || WrittenTemplate { containers: vec![submitter()], ..Default::default() };
    let mut pod = ray_pod(&written.unwrap_or_else(default), assumptions);
    pod.start.serve = Duration::ZERO;
    pod
}

/// What the supervisor asks for; it takes no CPU unless it is told to.
fn entrypoint(job: &RayJob) -> RayResources {
    let mut resources = RayResources::new();
    let named = [("CPU", job.entrypoint_num_cpus), ("GPU", job.entrypoint_num_gpus)];
    let named = named.into_iter().filter_map(|(name, it)| Some((name.to_owned(), it?.value)));
    let custom = job.entrypoint_custom.iter().map(|(name, it)| (name.value.clone(), it.value));
    resources.extend(named.chain(custom).filter(|(_, amount)| *amount > 0.0));
    resources
}

#[cfg(test)]
mod tests {
    use crate::assemble::assemble;
    use crate::manifest;
    use crate::scenario::{Scenario, Subjects};
    use crate::sim::{Model, run};
    use crate::workload::WorkKind;

    /// One node of 16 CPUs; head and worker have 2 and 4 of them.
    fn model(fields: &str) -> Model {
        let text = format!(
            "apiVersion: ray.io/v1\nkind: RayJob\nmetadata: {{name: a}}\nspec:\n  {fields}\n  \
             rayClusterSpec:\n    enableInTreeAutoscaling: true\n    headGroupSpec:\n      \
             rayStartParams: {{num-cpus: '0'}}\n      template: {{spec: {{containers: [{{name: h, \
             resources: {{limits: {{cpu: 2, memory: 4Gi}}}}}}]}}}}\n    workerGroupSpecs:\n    - \
             groupName: w\n      replicas: 0\n      minReplicas: 0\n      maxReplicas: 4\n      \
             rayStartParams: {{}}\n      template: {{spec: {{containers: [{{name: w, resources: \
             {{limits: {{cpu: 4, memory: 8Gi}}}}}}]}}}}\n"
        );
        let documents = manifest::read(&text);
        let mut model = assemble(&documents, &Scenario::assumed(Subjects::default())).model;
        for node in &mut model.nodes {
            (node.allocatable.cpu_nano, node.allocatable.memory_bytes) = (16_000_000_000, 64 << 30);
        }
        model
    }

    /// CPUs that the pods of the first instant ask for, in thousandths, and how many these are.
    fn taken(fields: &str) -> (i64, f64) {
        let model = model(fields);
        let cluster = &model.clusters[0];
        let pods = run(&model).pods.at(crate::time::Instant::ZERO).unwrap_or(0.0);
        let head = if cluster.operator.suspend { 0 } else { cluster.head.pod.requests.cpu_nano };
        let submitter = cluster.submitter.as_ref().map_or(0, |it| it.requests.cpu_nano);
        ((head + submitter) / 1_000_000, pods)
    }

    #[test]
    fn each_mode_has_its_submitter() {
        // The head's 2000m, the autoscaler's 500m, the submitter's 500m: in a pod of its own, in
        // the head's, or nowhere.
        assert_eq!(taken("entrypoint: python a.py"), (3000, 2.0));
        assert_eq!(taken("submissionMode: SidecarMode"), (3000, 1.0));
        assert_eq!(taken("submissionMode: HTTPMode"), (2500, 1.0));
        assert_eq!(taken("submissionMode: InteractiveMode"), (2500, 1.0));
        let own = "submitterPodTemplate: {spec: {containers: [{name: s, resources: {requests: {cpu: \
                   1}}}]}}";
        assert_eq!(taken(own), (3500, 2.0));
        assert_eq!(taken("suspend: true\n  shutdownAfterJobFinishes: true"), (0, 0.0));
    }

    #[test]
    fn an_entrypoint_with_resources_waits_for_a_worker() {
        let asked = |fields: &str| {
            let model = model(fields);
            match model.clusters[0].work.first().map(|it| it.kind.clone()) {
                Some(WorkKind::Actors { resources, .. }) => resources.into_iter().collect(),
                _ => Vec::new(),
            }
        };
        assert_eq!(asked("entrypoint: python a.py"), []);
        assert_eq!(asked("entrypointNumCpus: 0"), [], "as if it were absent");
        let both = "entrypointNumCpus: 1.5\n  entrypointResources: '{\"tpu\": 2}'";
        assert_eq!(asked(both), [("CPU".to_owned(), 1.5), ("tpu".to_owned(), 2.0)]);
        // The head has no CPU for Ray, so one worker of 4 comes and stays.
        let timeline = run(&model("entrypointNumCpus: 1"));
        let requested = &timeline.clusters[0].groups[0].requested;
        assert_eq!(requested.points().last().map(|it| it.1), Some(1.0));
    }
}
