//! RayJobs: what each says, the clusters of its attempts, its submitter, and its program.
//!
//! The run finds the job running if its cluster is ready. How long its program runs, and how often
//! it fails, is assumed.
//! Its entrypoint is an actor, the job's supervisor: without resources of its own it sits on the
//! head and takes nothing, with some it goes wherever there is room, and the autoscaler sees it
//! wait like any other actor.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/rayjob_controller.go
//! `constructRayClusterForRayJob`, `createK8sJobIfNeed`, ray-operator/controllers/ray/common/job.go
//! `GetDefaultSubmitterContainer`; ray 2.60.0 dashboard/modules/job/job_manager.py
//! `JobManager.submit_job`.

use super::Assembly;
use super::cluster::ray_pod;
use super::ray_pod::{container, sized};
use crate::assumption::Assumptions;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::pod::{Container, PodTemplate as WrittenTemplate};
use crate::manifest::ray::{DeletionStrategy, RayCluster, RayJob};
use crate::manifest::{Body, Document, Documents};
use crate::ray::job::{self, Policy};
use crate::scenario::{Scenario, TargetKind};
use crate::sim::{Cluster, PodTemplate, RayJob as BuiltJob};
use crate::time::{Duration, Instant};
use crate::workload::{LabelSelector, RayResources, Work, WorkKind};
use crate::yaml::Spanned;

/// The label that names the cluster of a `clusterSelector`.
///
/// Upstream: ray-operator/controllers/ray/utils/constant.go `RayJobClusterSelectorKey`.
const SELECTOR: &str = "ray.io/cluster";

/// The most attempts that have a cluster.
const MOST_ATTEMPTS: i64 = 20;

/// The container that submits.
fn submitter() -> Container {
    container("ray-job-submitter", sized(("500m", "200Mi"), ("1", "1Gi")))
}

/// In `SidecarMode` the submitter is a container of the head's pod.
pub(super) fn sidecar(job: &RayJob) -> Option<Container> {
    (mode(job) == "SidecarMode").then(submitter)
}

fn mode(job: &RayJob) -> &str {
    job.submission_mode.as_ref().map_or("K8sJobMode", |it| it.value)
}

/// What the job makes of its cluster.
pub(super) fn run(job: &RayJob, cluster: &mut Cluster) {
    if job.suspend.is_some_and(|it| it.value) {
        // A RayJob that is suspended has no cluster.
        (cluster.operator.suspend, cluster.autoscaler) = (true, None);
    }
    cluster.operator.head_once = mode(job) == "SidecarMode";
}

/// A RayJob whose cluster, the model's last, is its own; further attempts have others.
pub(super) fn own(
    index: usize,
    document: &Document,
    written: &RayJob,
    scenario: &Scenario,
    assembly: &mut Assembly,
) {
    let Some(first) = assembly.model.clusters.len().checked_sub(1) else { return };
    let job = assembly.model.ray_jobs.len();
    let (namespace, name) = (document.namespace(), document.name());
    let assumptions = scenario.assumptions_for(TargetKind::RayJob, namespace, name, None);
    let mut built = job_of(document, written, document.ray_cluster(), assumptions, scenario);
    let cluster = &mut assembly.model.clusters[first];
    cluster.ray_job = Some(job);
    work_of(written, job, cluster);
    let attempts = built.spec.backoff_limit.unwrap_or(0).saturating_add(1);
    if attempts > MOST_ATTEMPTS {
        let span = written.backoff_limit.map_or(document.metadata.name.span, |it| it.span);
        let message = format!(
            "{attempts} attempts are allowed, of which {MOST_ATTEMPTS} are simulated: a further one \
             waits here for a cluster that nobody makes"
        );
        assembly.diagnostics.push(Diagnostic::new("TT514", Severity::Info, span, message));
    }
    built.clusters = vec![first];
    for attempt in 2..=attempts.clamp(1, MOST_ATTEMPTS) {
        let mut again = assembly.model.clusters[first].clone();
        again.name = format!("{}-{attempt}", again.name);
        again.later = true;
        built.clusters.push(assembly.model.clusters.len());
        assembly.model.clusters.push(again);
        assembly.clusters.push(index);
    }
    assembly.model.ray_jobs.push(built);
}

/// RayJobs that run on a cluster of the text.
pub(super) fn selecting(documents: &Documents, scenario: &Scenario, assembly: &mut Assembly) {
    for document in &documents.documents {
        let Body::RayJob(written) = &document.body else { continue };
        let selector = written.cluster_selector.0.iter().find(|(key, _)| *key.value == *SELECTOR);
        let Some((key, selected)) = selector.filter(|_| written.cluster.is_none()) else {
            continue;
        };
        let (namespace, name) = (document.namespace(), document.name());
        let is_it = |it: &Cluster| (&*it.namespace, &it.name) == (namespace, &selected.value);
        let Some(cluster) = assembly.model.clusters.iter().position(is_it) else {
            let message = format!(
                "RayCluster {namespace}/{} set in the clusterSelector is not found. It must be \
                 created manually",
                selected.value
            );
            let span = key.span;
            assembly.diagnostics.push(Diagnostic::new("TT513", Severity::Warning, span, message));
            continue;
        };
        let job = assembly.model.ray_jobs.len();
        let assumptions = scenario.assumptions_for(TargetKind::RayJob, namespace, name, None);
        let on = documents.documents[assembly.clusters[cluster]].ray_cluster();
        let built = job_of(document, written, on, assumptions, scenario);
        work_of(written, job, &mut assembly.model.clusters[cluster]);
        assembly.model.ray_jobs.push(BuiltJob { clusters: vec![cluster], ..built });
    }
}

/// Its program is work of the cluster, if it asks for something.
fn work_of(written: &RayJob, job: usize, cluster: &mut Cluster) {
    let resources = entrypoint(written);
    if !resources.is_empty() {
        let labels = LabelSelector::new();
        let fallback = Vec::new();
        let kind = WorkKind::Actors { count: 1, resources, labels, fallback, duration: None };
        cluster.entrypoints.push((cluster.work.len(), job));
        cluster.work.push(Work { kind, at: Instant::ZERO, every: None, times: None });
    }
}

fn job_of(
    document: &Document,
    written: &RayJob,
    on: Option<&RayCluster>,
    assumptions: &Assumptions,
    scenario: &Scenario,
) -> BuiltJob {
    let runs = assumptions.ray.job_runs;
    BuiltJob {
        namespace: document.namespace().to_owned(),
        name: document.name().to_owned(),
        spec: spec(written),
        clusters: Vec::new(),
        submitter: submitter_pod(written, assumptions, scenario),
        start_timeout: on.map_or(Some(job::START_TIMEOUT), start_timeout),
        runs: (runs > Duration::ZERO).then_some(runs),
        failures: u32::try_from(assumptions.ray.job_failures).unwrap_or(0),
    }
}

/// What the head's container says of it; of variables of one name the last counts.
fn start_timeout(on: &RayCluster) -> Option<Duration> {
    let env = on.head.template.containers.first().map_or(&[][..], |it| &it.env);
    let said = env.iter().rfind(|it| it.name.value == job::START_TIMEOUT_VARIABLE);
    let value = said.and_then(|it| it.value.as_deref());
    value.map_or(Some(job::START_TIMEOUT), job::start_timeout)
}

/// Upstream: kuberay 1.6.1 ray-operator/apis/ray/v1/rayjob_types.go `RayJobSpec`.
fn spec(written: &RayJob) -> job::Spec {
    let seconds = |it: Option<Spanned<i32>>| Some(Duration::from_seconds(it?.value.into()));
    let flag = |it: Option<Spanned<bool>>| it.is_some_and(|it| it.value);
    job::Spec {
        mode: match mode(written) {
            "HTTPMode" => job::Mode::Http,
            "InteractiveMode" => job::Mode::Interactive,
            "SidecarMode" => job::Mode::Sidecar,
            _ => job::Mode::K8sJob,
        },
        backoff_limit: Some(written.backoff_limit.map_or(0, |it| it.value.into())),
        active_deadline: seconds(written.active_deadline),
        pre_running_deadline: seconds(written.pre_running_deadline),
        shutdown: flag(written.shutdown),
        ttl: seconds(written.ttl).unwrap_or_default(),
        deletion: written.deletion.as_ref().map(deletion),
        suspend: flag(written.suspend),
        selects: written.cluster.is_none(),
        has_job_id: written.has_job_id,
    }
}

fn deletion(written: &DeletionStrategy) -> job::Deletion {
    if written.rules.is_empty() {
        let of = |it: &Option<Spanned<String>>| it.as_ref().map_or(Policy::DeleteNone, policy);
        let (success, failure) = (of(&written.success), of(&written.failure));
        return job::Deletion::Policies { success, failure };
    }
    let rules = written.rules.iter().filter_map(|it| {
        let condition = match (&it.job_status, &it.deployment_status) {
            (Some(word), _) => job::Condition::Job(job_status(&word.value)?),
            (None, Some(word)) => job::Condition::Deployment(deployment_status(&word.value)?),
            (None, None) => return None,
        };
        let ttl = Duration::from_seconds(it.ttl.map_or(0, |it| it.value.into()));
        Some(job::Rule { policy: policy(it.policy.as_ref()?), condition, ttl })
    });
    job::Deletion::Rules(rules.collect())
}

fn policy(word: &Spanned<String>) -> Policy {
    let all = [Policy::DeleteSelf, Policy::DeleteCluster, Policy::DeleteWorkers];
    all.into_iter().find(|it| it.name() == word.value).unwrap_or(Policy::DeleteNone)
}

/// Only an end is one that a rule can be about.
fn job_status(word: &str) -> Option<job::JobStatus> {
    use job::JobStatus as S;
    [S::Succeeded, S::Failed, S::Stopped].into_iter().find(|it| it.name() == word)
}

fn deployment_status(word: &str) -> Option<job::DeploymentStatus> {
    use job::DeploymentStatus as S;
    [S::Complete, S::Failed].into_iter().find(|it| it.name() == word)
}

/// The pod of the Kubernetes Job that submits, which waits for the job's end.
fn submitter_pod(job: &RayJob, assumptions: &Assumptions, scenario: &Scenario) -> PodTemplate {
    let written = job.submitter_pod_template.clone();
    let default = || WrittenTemplate { containers: vec![submitter()], ..Default::default() };
    let mut pod = ray_pod(&written.unwrap_or_else(default), assumptions, scenario);
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
        let job = &model.ray_jobs[0];
        let submits = job.spec.mode == crate::ray::job::Mode::K8sJob && !job.spec.suspend;
        let submitter = if submits { job.submitter.requests.cpu_nano } else { 0 };
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
