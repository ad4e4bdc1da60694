//! Whole lives of RayJobs: what upstream's passes come to, with the times worked out.

use super::assemble;
use crate::diagnostic::Diagnostic;
use crate::ray::job::DeploymentStatus;
use crate::sim::{ClusterTrack, Model, Timeline, run};
use crate::time::Instant;
use crate::{manifest, scenario};

/// Head and worker of 2 and 4 CPUs; the program runs for 61 s.
fn text(fields: &str, scenario_fields: &str, autoscaling: bool) -> String {
    format!(
        "apiVersion: ray.io/v1\nkind: RayJob\nmetadata: {{name: a}}\nspec:\n  {fields}\n  \
         rayClusterSpec:\n    enableInTreeAutoscaling: {autoscaling}\n    headGroupSpec:\n      \
         rayStartParams: {{num-cpus: '0'}}\n      template: {{spec: {{containers: [{{name: h, \
         resources: {{limits: {{cpu: 2, memory: 4Gi}}}}}}]}}}}\n    workerGroupSpecs:\n    - \
         groupName: w\n      replicas: 1\n      minReplicas: 1\n      maxReplicas: 4\n      \
         rayStartParams: {{}}\n      template: {{spec: {{containers: [{{name: w, resources: \
         {{limits: {{cpu: 4, memory: 8Gi}}}}}}]}}}}\n---\n\
         apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 10m\n  \
         {scenario_fields}\n  nodes: {{pool: [{{name: large, count: 2, cpu: 16, memory: 64Gi}}]}}\n"
    )
}

fn read(fields: &str, scenario_fields: &str, autoscaling: bool) -> (Model, Vec<Diagnostic>) {
    built(&text(fields, scenario_fields, autoscaling))
}

fn built(text: &str) -> (Model, Vec<Diagnostic>) {
    let documents = manifest::read(text);
    let scenarios = documents.documents.iter().filter_map(|it| match &it.body {
        manifest::Body::Scenario(node) => Some(node),
        _ => None,
    });
    let read = scenario::read(scenarios);
    let found = [documents.diagnostics.as_slice(), read.diagnostics.as_slice()].concat();
    let assembly = assemble(&documents, &read.scenario.unwrap());
    (assembly.model, [found, assembly.diagnostics].concat())
}

fn lived(fields: &str, assumed: &str) -> Timeline {
    let scenario = format!("assumptions: {{ray: {{{assumed}}}}}");
    let (model, found) = read(fields, &scenario, true);
    // Without an assumption nothing happens, which is said.
    let errors: Vec<_> = found.iter().filter(|it| it.code != "TT407").collect();
    assert_eq!(errors, Vec::<&Diagnostic>::new());
    run(&model)
}

/// When the status became which, in milliseconds.
fn statuses(timeline: &Timeline) -> Vec<(i64, &'static str)> {
    let mut seen: Vec<(i64, &'static str)> = Vec::new();
    for look in &timeline.ray_jobs[0] {
        if seen.last().is_none_or(|it| it.1 != look.status.name()) {
            seen.push((look.at.ms(), look.status.name()));
        }
    }
    seen
}

fn ms(at: Option<Instant>) -> Option<i64> {
    at.map(Instant::ms)
}

/// What waits or runs at `at`, in milliseconds.
fn units(cluster: &ClusterTrack, at: i64) -> f64 {
    let at = Instant::from_ms(at);
    cluster.pending.at(at).unwrap_or(0.0) + cluster.running_work.at(at).unwrap_or(0.0)
}

#[test]
fn a_job_runs_to_the_end_unless_something_else_is_assumed() {
    let timeline = lived("shutdownAfterJobFinishes: true", "");
    assert_eq!(statuses(&timeline), []);
    assert_eq!(timeline.clusters[0].deleted, None);
}

#[test]
fn attempts_that_are_not_simulated_are_said() {
    let codes = |fields: &str| {
        let (_, found) = read(fields, "load: []", true);
        found.into_iter().map(|it| it.code).filter(|it| it == "TT514").count()
    };
    assert_eq!(codes("backoffLimit: 19"), 0, "20 attempts");
    assert_eq!(codes("backoffLimit: 20"), 1);
}

/// 61 s, `ttlSecondsAfterFinished`, and the 2 s of `requeueDelayFor`.
#[test]
fn the_cluster_goes_after_its_time_to_live() {
    let fields = "shutdownAfterJobFinishes: true\n  ttlSecondsAfterFinished: 30";
    let timeline = lived(fields, "jobRuns: 61s");
    assert_eq!(statuses(&timeline), [(61_000, "Complete")]);
    assert_eq!(ms(timeline.clusters[0].deleted), Some(93_000));
    // The submitter's pod is done with the program, its cluster's are gone after their grace.
    assert_eq!(timeline.pods.at(Instant::from_seconds(70)), Some(2.0));
    assert_eq!(timeline.pods.points().last().map(|it| it.1), Some(0.0));
    // Nobody tells the operator that a job which it submitted itself is over: it asks every 3 s.
    let http = format!("submissionMode: HTTPMode\n  {fields}");
    let timeline = lived(&http, "jobRuns: 61s");
    assert_eq!(statuses(&timeline), [(63_000, "Complete")]);
    assert_eq!(ms(timeline.clusters[0].deleted), Some(95_000));
}

/// The second cluster: 1 s until the operator makes its pods, 20 ms to be scheduled, 2 s for the
/// container, 10 s for Ray; the image is there. Then the submitter's 20 ms and 2 s, and the program.
#[test]
fn what_failed_begins_anew_on_another_cluster() {
    let timeline = lived("backoffLimit: 1", "jobRuns: 61s, jobFailures: 1");
    let (failed, ready) = (61_000, 61_000 + 1_000 + 12_020);
    let over = ready + 2_020 + 61_000;
    assert_eq!(ms(timeline.clusters[0].deleted), Some(failed));
    assert_eq!(ms(timeline.clusters[1].made), Some(failed));
    let seen = statuses(&timeline);
    assert_eq!(seen[..2], [(failed, "Retrying"), (failed, "Initializing")]);
    assert_eq!(seen.last(), Some(&(over, "Complete")));
    // With no attempt left it failed for good, and its cluster stays.
    let timeline = lived("backoffLimit: 0", "jobRuns: 61s, jobFailures: 1");
    assert_eq!(statuses(&timeline), [(61_000, "Failed")]);
    assert_eq!(timeline.clusters.len(), 1);
    assert_eq!(timeline.clusters[0].deleted, None);
}

/// The Scenario's work belongs to the program: it ends with it, and comes again with the next one.
#[test]
fn work_ends_with_its_program() {
    let work = "ray: [{cluster: a, work: [{at: 30s, tasks: {count: 6, resources: {CPU: 1}, \
                duration: 5m}}]}]\n  assumptions: {ray: {jobRuns: 61s, jobFailures: 1}}";
    let (model, _) = read("backoffLimit: 1", work, true);
    let timeline = run(&model);
    let first = &timeline.clusters[0];
    let work = |at: i64| (units(first, at), units(&timeline.clusters[1], at));
    assert_eq!(work(29_000), (0.0, 0.0));
    assert_eq!(work(40_000), (6.0, 0.0));
    assert_eq!(work(62_000), (0.0, 0.0));
    // The second program begins at 76.04 s, and its work 30 s later.
    assert_eq!(work(106_039), (0.0, 0.0));
    assert_eq!(work(106_041), (0.0, 6.0));
    assert_eq!(work(138_000), (0.0, 0.0));
}

/// Passes that only wait are every 3 s: the first that sees 100 s is at 102 s.
#[test]
fn a_job_that_is_too_old_is_not_tried_again() {
    let timeline = lived("backoffLimit: 3\n  activeDeadlineSeconds: 100", "");
    assert_eq!(statuses(&timeline), [(102_000, "Failed")]);
    assert_eq!(timeline.clusters[1].made, None);
}

#[test]
fn a_cluster_that_never_turns_ready_misses_its_deadline() {
    // Two nodes of 16 CPUs have no room for a head of 17.
    let text = "apiVersion: ray.io/v1\nkind: RayJob\nmetadata: {name: a}\nspec:\n  \
                submissionMode: InteractiveMode\n  preRunningDeadlineSeconds: 20\n  \
                rayClusterSpec:\n    headGroupSpec:\n      rayStartParams: {}\n      template: \
                {spec: {containers: [{name: h, resources: {limits: {cpu: 17, memory: 4Gi}}}]}}\n---\n\
                apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 5m\n  nodes: \
                {pool: [{name: large, count: 2, cpu: 16, memory: 64Gi}]}\n";
    let timeline = run(&built(text).0);
    assert_eq!(statuses(&timeline), [(0, "Initializing"), (21_000, "Failed")]);
}

/// `DeleteWorkers` 10 s after the end, `DeleteCluster` 40 s after it; each pass 2 s later than due.
#[test]
fn deletion_rules_take_one_thing_after_the_other() {
    let rule = |policy: &str, seconds: i64| {
        format!("{{policy: {policy}, condition: {{jobStatus: SUCCEEDED, ttlSeconds: {seconds}}}}}")
    };
    let rules = [rule("DeleteWorkers", 10), rule("DeleteCluster", 40)].join(", ");
    let fields = format!("deletionStrategy: {{deletionRules: [{rules}]}}");
    let (model, _) = read(&fields, "assumptions: {ray: {jobRuns: 61s}}", false);
    let timeline = run(&model);
    let running = timeline.clusters[0].groups[0].running.points();
    // The operator acts 1 s after the change, at 74 s.
    let gone = running.iter().find(|it| it.1 == 0.0).map(|it| it.0.ms());
    assert_eq!(gone, Some(61_000 + 12_000 + 1_000));
    assert_eq!(ms(timeline.clusters[0].deleted), Some(61_000 + 42_000));
}

/// In `SidecarMode` the submitter is in the head's pod, and ends with 1 if the job failed.
#[test]
fn a_sidecar_is_over_with_its_program() {
    let timeline = lived("submissionMode: SidecarMode", "jobRuns: 61s, jobFailures: 1");
    assert_eq!(statuses(&timeline), [(61_000, "Failed")]);
    let timeline =
        lived("submissionMode: SidecarMode\n  backoffLimit: 1", "jobRuns: 61s, jobFailures: 1");
    // The program begins as soon as the head's Ray runs, 1 + 12.02 s after the cluster is made.
    assert_eq!(statuses(&timeline).last(), Some(&(61_000 + 13_020 + 61_000, "Complete")));
}

#[test]
fn a_job_may_run_on_a_cluster_of_the_text() {
    let cluster = "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {name: shared}\nspec:\n  \
                   enableInTreeAutoscaling: true\n  headGroupSpec:\n    rayStartParams: {num-cpus: \
                   '0'}\n    template: {spec: {containers: [{name: h, resources: {limits: {cpu: 2, \
                   memory: 4Gi}}}]}}\n  workerGroupSpecs:\n  - groupName: w\n    maxReplicas: 4\n    \
                   rayStartParams: {}\n    template: {spec: {containers: [{name: w, resources: \
                   {limits: {cpu: 4, memory: 8Gi}}}]}}\n---\n";
    let job = "apiVersion: ray.io/v1\nkind: RayJob\nmetadata: {name: a}\nspec:\n  clusterSelector: \
               {ray.io/cluster: shared}\n  entrypointNumCpus: 3\n---\n";
    let scenario = "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 10m\n  \
                    assumptions: {ray: {jobRuns: 1m}}\n";
    let (model, found) = built(&format!("{cluster}{job}{scenario}"));
    assert_eq!(found, []);
    let timeline = run(&model);
    let requested = timeline.clusters[0].groups[0].requested.points();
    // A worker comes for the program, and goes when it has idled for a minute after it.
    assert_eq!(requested.iter().map(|it| it.1).collect::<Vec<_>>(), [0.0, 1.0, 0.0]);
    assert_eq!(timeline.ray_jobs[0].last().map(|it| it.status), Some(DeploymentStatus::Complete));
    assert_eq!(timeline.clusters[0].deleted, None);
    let (_, found) = built(&format!("{job}{scenario}"));
    assert_eq!(found.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["TT513"]);
}

/// No node has what the entrypoint asks for. The monitor looks 1 s, 2 s … after the submission, and
/// 901 s are the first that are more than 900.
#[test]
fn an_entrypoint_that_does_not_start_in_time_fails() {
    let nowhere = "entrypointResources: '{\"tpu\": 1}'";
    let text = |fields: &str| {
        text(&format!("{fields}\n  {nowhere}"), "load: []", true)
            .replace("duration: 10m", "duration: 40m")
    };
    let seen = |text: &str| statuses(&run(&built(text).0));
    assert_eq!(seen(&text("backoffLimit: 0")), [(901_000, "Failed")]);
    // Nobody tells the operator that a job which it submitted itself failed: it asks every 3 s.
    assert_eq!(seen(&text("submissionMode: HTTPMode")), [(903_000, "Failed")]);
    // The second attempt is submitted 15.04 s later, as above, and waits as long.
    let twice = seen(&text("backoffLimit: 1"));
    assert_eq!(twice.first(), Some(&(901_000, "Retrying")));
    assert_eq!(twice.last(), Some(&(901_000 + 15_040 + 901_000, "Failed")));
    // The head's variable counts, of several with this name the last one.
    let set = |value: &str| {
        let env = "{name: RAY_JOB_START_TIMEOUT_SECONDS, value: ";
        let head = format!("{{name: h, env: [{env}'5'}}, {env}'{value}'}}], ");
        text("backoffLimit: 0").replace("{name: h, ", &head)
    };
    assert_eq!(seen(&set("100")), [(101_000, "Failed")]);
    assert_eq!(seen(&set("inf")), []);
}

/// The autoscaler's look at 5 s asks for a worker, the operator makes it 1 s later, and after 12.02 s
/// it is there. The program begins, and its work 30 s after it.
#[test]
fn work_begins_with_its_program() {
    let work = "ray: [{cluster: a, work: [{at: 30s, tasks: {count: 6, resources: {CPU: 1}, \
                duration: 5m}}]}]";
    let from_zero = |fields: &str| {
        let text = text(fields, work, true);
        text.replace("replicas: 1\n      minReplicas: 1", "replicas: 0\n      minReplicas: 0")
    };
    let timeline = run(&built(&from_zero("entrypointNumCpus: 1")).0);
    let begins = 5_000 + 1_000 + 12_020 + 30_000;
    assert_eq!(units(&timeline.clusters[0], begins - 1), 1.0, "the entrypoint");
    assert_eq!(units(&timeline.clusters[0], begins), 7.0);
    // What never begins submits nothing.
    let timeline = run(&built(&from_zero("entrypointResources: '{\"tpu\": 1}'")).0);
    assert_eq!(units(&timeline.clusters[0], 599_000), 1.0);
    // Nobody knows when somebody submits a job: it is as the Scenario says.
    let timeline = run(&built(&from_zero("submissionMode: InteractiveMode")).0);
    assert_eq!(units(&timeline.clusters[0], 29_999), 0.0);
    assert_eq!(units(&timeline.clusters[0], 30_000), 6.0);
}

/// An entrypoint with resources is one actor in each attempt.
#[test]
fn an_entrypoint_is_submitted_once() {
    let fields = "entrypointNumCpus: 1\n  backoffLimit: 1";
    let timeline = lived(fields, "jobRuns: 61s, jobFailures: 1");
    assert_eq!(units(&timeline.clusters[0], 60_000), 1.0);
    assert_eq!(units(&timeline.clusters[1], 120_000), 1.0);
}

/// A machine of 8 CPUs: the head takes 2.5, a worker 4; another worker finds no room.
fn small(fields: &str, scenario_fields: &str) -> String {
    let text = text(fields, scenario_fields, true);
    let text =
        text.replace("replicas: 1\n      minReplicas: 1", "replicas: 2\n      minReplicas: 2");
    text.replace("count: 2, cpu: 16", "count: 1, cpu: 8")
}

/// `Reconcile`, `JobDeploymentStatusInitializing`: "Wait for the RayCluster.Status.State to be ready".
#[test]
fn nothing_is_submitted_before_the_whole_cluster_is_ready() {
    let work = "ray: [{cluster: a, work: [{at: 30s, tasks: {count: 6, resources: {CPU: 1}, \
                duration: 5m}}]}]\n  assumptions: {ray: {jobRuns: 61s}}";
    for mode in ["K8sJobMode", "HTTPMode"] {
        let timeline = run(&built(&small(&format!("submissionMode: {mode}"), work)).0);
        assert_eq!(statuses(&timeline), [(0, "Initializing")], "{mode}");
        assert_eq!(timeline.pods.at(Instant::from_seconds(599)), Some(3.0), "{mode}");
        assert_eq!(units(&timeline.clusters[0], 599_000), 0.0, "{mode}");
    }
    // A sidecar submits as soon as the head answers. When it is done the head is ready no more.
    let timeline = run(&built(&small("submissionMode: SidecarMode", work)).0);
    assert_eq!(statuses(&timeline), [(0, "Initializing")]);
    assert_eq!(units(&timeline.clusters[0], 31_000), 6.0);
    assert_eq!(units(&timeline.clusters[0], 61_000), 0.0);
}

/// The submitter asks for 0.5 CPUs, and a machine of 6.6 has 0.1 left beside head and worker.
#[test]
fn nothing_is_submitted_without_room_for_the_submitter() {
    let text = text("backoffLimit: 0", "assumptions: {ray: {jobRuns: 61s}}", true);
    let timeline = run(&built(&text.replace("count: 2, cpu: 16", "count: 1, cpu: 6600m")).0);
    assert_eq!(statuses(&timeline), []);
    assert_eq!(timeline.unschedulable.at(Instant::from_seconds(599)), Some(1.0));
    let timeline = run(&built(&text.replace("count: 2, cpu: 16", "count: 1, cpu: 7")).0);
    assert_eq!(statuses(&timeline), [(61_000, "Complete")]);
}

/// The first job has the machine until 61 s and the 2 s of its pods' grace are over. Then the
/// second one's pods start in 12.02 s, its submitter in 2.02 s, and its program runs for 61 s.
#[test]
fn a_cluster_that_turns_ready_later_is_submitted_to_then() {
    let fields = "shutdownAfterJobFinishes: true";
    let first = text(fields, "assumptions: {ray: {jobRuns: 61s}}", true);
    let first = first.replace("count: 2, cpu: 16", "count: 1, cpu: 8");
    let (job, scenario) = first.split_once("---\n").unwrap();
    let second = job.replace("metadata: {name: a}", "metadata: {name: b}");
    let mut timeline = run(&built(&format!("{job}---\n{second}---\n{scenario}")).0);
    let ready = 61_000 + 2_000 + 12_020;
    timeline.ray_jobs.remove(0);
    let seen = statuses(&timeline);
    let over = ready + 2_020 + 61_000;
    assert_eq!(seen, [(0, "Initializing"), (ready, "Running"), (over, "Complete")]);
}

/// Of a cluster that is not its own the controller is told nothing: it asks every 3 s. The workers
/// are gone 2.5 s after the operator deletes them at 61 s, and the head alone is then all that there
/// is to be. The submitter starts in 2.02 s.
#[test]
fn a_cluster_of_the_text_must_be_ready_once() {
    let job = text("backoffLimit: 0", "load: []", false);
    let cluster = job.split_once("---\n").unwrap().0.replace("kind: RayJob", "kind: RayCluster");
    let cluster = cluster.replace("  backoffLimit: 0\n", "").replace("  rayClusterSpec:\n", "");
    let cluster = cluster.replace("replicas: 1\n      minReplicas: 1", "replicas: 2");
    let text = format!(
        "{cluster}---\napiVersion: ray.io/v1\nkind: RayJob\nmetadata: {{name: j}}\nspec:\n  \
         clusterSelector: {{ray.io/cluster: a}}\n---\napiVersion: tidetable.dev/v1alpha1\nkind: \
         Scenario\nspec:\n  duration: 10m\n  assumptions: {{podStop: {{grace: 2500ms}}, ray: {{jobRuns: 61s}}}}\n  edits: [{{at: \
         60s, rayCluster: a, spec: {{workerGroupSpecs: [{{groupName: w, replicas: 0}}]}}}}]\n  nodes: \
         {{pool: [{{name: small, count: 1, cpu: 8, memory: 64Gi}}]}}\n"
    );
    let (model, found) = built(&text);
    assert_eq!(found, []);
    let seen = statuses(&run(&model));
    assert_eq!(seen[..2], [(0, "Initializing"), (66_000, "Running")]);
    assert_eq!(seen[2..], [(66_000 + 2_020 + 61_000, "Complete")]);
}
