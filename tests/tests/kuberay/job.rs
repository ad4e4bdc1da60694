//! RayJobs from their creation on, pass by pass: what is done, and what stands in the status.

use serde_json::{Value, json};
use tidetable_core::ray::job::{
    Action, ClusterSeen, Condition, Deletion, DeploymentStatus, JobSeen, JobStatus, Mode,
    Observation, Policy, Rule, Spec, State, Step, SubmitterSeen, reconcile,
};
use tidetable_core::time::{Duration, Instant};

use crate::cases::{cases, flag, list, report, text};

/// Ours against upstream's, and that every kind of thing happens in the cases.
#[test]
fn every_pass_over_a_job_does_what_kuberay_does() {
    let cases = cases("job.jsonl", 1);
    let mut differences = Vec::new();
    let mut kinds = std::collections::BTreeMap::<&str, usize>::new();
    for case in &cases {
        differences.extend(difference(case));
        for pass in list(&case["passes"]) {
            for did in list(&pass["did"]) {
                *kinds.entry(text(did)).or_default() += 1;
            }
            *kinds.entry(text(&pass["status"]["deployment"])).or_default() += 1;
            *kinds.entry(text(&pass["status"]["reason"])).or_default() += 1;
        }
    }
    report("histories of RayJobs", &differences, cases.len());
    if cases.len() >= 60 {
        for kind in [
            "create cluster",
            "create submitter",
            "delete cluster",
            "delete submitter",
            "delete self",
            "update cluster",
            "submit",
            "Complete",
            "Failed",
            "Retrying",
            "Suspended",
            "Waiting",
            "AppFailed",
            "SubmissionFailed",
            "DeadlineExceeded",
            "PreRunningDeadlineExceeded",
            "JobDeploymentStatusTransitionGracePeriodExceeded",
        ] {
            assert!(kinds.contains_key(kind), "{kind}: {kinds:?}");
        }
    }
}

fn instant(value: &Value) -> Option<Instant> {
    value.as_i64().map(Instant::from_ms)
}

fn seconds(value: &Value) -> Option<Duration> {
    value.as_i64().map(Duration::from_seconds)
}

fn policy(value: &Value) -> Policy {
    let all =
        [Policy::DeleteNone, Policy::DeleteWorkers, Policy::DeleteCluster, Policy::DeleteSelf];
    all.into_iter().find(|it| it.name() == text(value)).expect("a policy")
}

fn job_status(name: &str) -> JobStatus {
    use JobStatus as S;
    let all = [S::New, S::Pending, S::Running, S::Stopped, S::Succeeded, S::Failed];
    all.into_iter().find(|it| it.name() == name).expect("a status of a job")
}

fn rule(value: &Value) -> Rule {
    let condition = &value["condition"];
    let kind = match (text(&condition["jobStatus"]), text(&condition["jobDeploymentStatus"])) {
        ("", "Complete") => Condition::Deployment(DeploymentStatus::Complete),
        ("", "Failed") => Condition::Deployment(DeploymentStatus::Failed),
        (status, _) => Condition::Job(job_status(status)),
    };
    let ttl = seconds(&condition["ttlSeconds"]).unwrap_or_default();
    Rule { policy: policy(&value["policy"]), condition: kind, ttl }
}

fn spec(value: &Value) -> Spec {
    let strategy = &value["deletionStrategy"];
    let rules = list(&strategy["deletionRules"]);
    let deletion = if !rules.is_empty() {
        Some(Deletion::Rules(rules.iter().map(rule).collect()))
    } else if strategy.is_object() {
        let of = |name: &str| policy(&strategy[name]["policy"]);
        Some(Deletion::Policies { success: of("onSuccess"), failure: of("onFailure") })
    } else {
        None
    };
    Spec {
        mode: match text(&value["submissionMode"]) {
            "K8sJobMode" => Mode::K8sJob,
            "HTTPMode" => Mode::Http,
            "InteractiveMode" => Mode::Interactive,
            "SidecarMode" => Mode::Sidecar,
            other => panic!("{other}"),
        },
        backoff_limit: value["backoffLimit"].as_i64(),
        active_deadline: seconds(&value["activeDeadlineSeconds"]),
        pre_running_deadline: seconds(&value["preRunningDeadlineSeconds"]),
        shutdown: flag(&value["shutdownAfterJobFinishes"]),
        ttl: seconds(&value["ttlSecondsAfterFinished"]).unwrap_or_default(),
        deletion,
        suspend: false,
        selects: value["clusterSelector"].is_object(),
        has_job_id: !text(&value["jobId"]).is_empty(),
    }
}

fn seen(pass: &Value) -> Observation {
    let (cluster, submitter, job) = (&pass["cluster"], &pass["submitter"], &pass["job"]);
    Observation {
        cluster: cluster.is_object().then(|| ClusterSeen {
            ready: flag(&cluster["ready"]),
            has_head: flag(&cluster["head"]),
            workers_suspended: flag(&cluster["suspended"]),
        }),
        submitter: submitter.is_object().then(|| SubmitterSeen {
            finished: instant(&submitter["finished"]),
            failed: flag(&submitter["failed"]),
        }),
        job: match text(&job["status"]) {
            "?" => JobSeen::Unreachable,
            "-" => JobSeen::NotFound,
            status => JobSeen::Found {
                status: job_status(status),
                ended: instant(&job["ended"]),
                late: None,
            },
        },
    }
}

/// The first pass that differs.
fn difference(case: &Value) -> Option<String> {
    let mut spec = spec(&case["spec"]);
    let mut state = State::default();
    for (index, pass) in list(&case["passes"]).iter().enumerate() {
        spec.suspend = flag(&pass["suspend"]);
        let before = state.clone();
        let now = instant(&pass["at"]).expect("a time");
        let step = reconcile(&spec, state, &seen(pass), now);
        let did: Vec<&str> = step.actions.iter().copied().map(action).collect();
        // After an error upstream's queue says when.
        let again = step.again.filter(|_| !flag(&pass["failed"])).map(Duration::ms);
        let ours = (json!(did), status(&step.state), json!(again));
        let theirs = (pass["did"].clone(), pass["status"].clone(), pass["again"].clone());
        if ours != theirs {
            let trace = &step.trace;
            return Some(format!(
                "pass {index} {spec:?}\n before {before:?}\n seen {pass}\n ours {ours:?}\n \
                 {trace:?}"
            ));
        }
        let Step { state: next, .. } = step;
        state = next;
    }
    None
}

fn action(action: Action) -> &'static str {
    match action {
        Action::CreateCluster(_) => "create cluster",
        Action::CreateSubmitter => "create submitter",
        Action::Submit => "submit",
        Action::DeleteCluster => "delete cluster",
        Action::DeleteSubmitter => "delete submitter",
        Action::SuspendWorkers => "update cluster",
        Action::DeleteSelf => "delete self",
    }
}

/// The API server stores whole seconds.
fn status(state: &State) -> Value {
    let stored = |it: Option<Instant>| it.map(|it| it.ms() / 1000 * 1000);
    json!({
        "deployment": state.deployment.name(),
        "job": state.job.name(),
        "reason": state.reason.map_or("", |it| it.name()),
        "cluster": state.cluster,
        "dashboard": state.has_dashboard,
        "started": stored(state.started),
        "ended": stored(state.ended),
        "job_ended": stored(state.job_ended),
        "failed": state.failed,
        "succeeded": state.succeeded,
    })
}
