//! The controller's passes, with the answers that upstream's code gives.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/rayjob_controller.go; each test names the
//! function that it is about.

use super::*;

fn at(seconds: i64) -> Instant {
    Instant::from_seconds(seconds)
}

fn ready() -> ClusterSeen {
    ClusterSeen { ready: true, has_head: true, workers_suspended: false }
}

fn found(status: JobStatus, ended: Option<i64>) -> JobSeen {
    JobSeen::Found { status, ended: ended.map(at), late: None }
}

fn done(seconds: i64) -> SubmitterSeen {
    SubmitterSeen { finished: Some(at(seconds)), failed: false }
}

/// `Reconcile`: New, Initializing without a cluster, not ready, ready, Running.
#[test]
fn an_attempt_waits_for_its_cluster_and_then_submits() {
    let spec = Spec::default();
    let mut seen = Observation::default();
    let step = reconcile(&spec, State::default(), &seen, at(5));
    assert_eq!(step.state.deployment, DeploymentStatus::Initializing);
    assert_eq!((step.state.started, step.state.cluster), (Some(at(5)), Some(0)));
    assert_eq!(step.actions, []);
    let step = reconcile(&spec, step.state, &seen, at(5));
    assert_eq!(step.actions, [Action::CreateCluster(0)]);
    assert_eq!(step.state.deployment, DeploymentStatus::Initializing);
    seen.cluster = Some(ClusterSeen { has_head: true, ..ClusterSeen::default() });
    let step = reconcile(&spec, step.state, &seen, at(8));
    assert_eq!((step.actions, step.again), (Vec::new(), Some(PERIOD)));
    seen.cluster = Some(ready());
    let step = reconcile(&spec, step.state, &seen, at(40));
    assert_eq!(step.actions, [Action::CreateSubmitter]);
    assert_eq!(step.state.deployment, DeploymentStatus::Running);
}

/// `createK8sJobIfNeed` is for `K8sJobMode` alone; `SubmitJob` for `HTTPMode`, if the dashboard
/// answers that there is no such job.
#[test]
fn each_mode_submits_in_its_own_way() {
    let initializing = State {
        deployment: DeploymentStatus::Initializing,
        cluster: Some(0),
        started: Some(at(0)),
        ..State::default()
    };
    let seen =
        Observation { cluster: Some(ready()), job: JobSeen::NotFound, ..Observation::default() };
    let next = |mode| {
        let spec = Spec { mode, ..Spec::default() };
        let step = reconcile(&spec, initializing.clone(), &seen, at(1));
        let then = reconcile(&spec, step.state.clone(), &seen, at(1));
        (step.actions, step.state.deployment, then.actions)
    };
    let running = DeploymentStatus::Running;
    assert_eq!(next(Mode::K8sJob), (vec![Action::CreateSubmitter], running, vec![]));
    assert_eq!(next(Mode::Http), (vec![], running, vec![Action::Submit]));
    assert_eq!(next(Mode::Sidecar), (vec![], running, vec![]));
    assert_eq!(next(Mode::Interactive), (vec![], DeploymentStatus::Waiting, vec![]));
}

/// `HasSubmitter`: the job and its submitter must both be over.
#[test]
fn a_job_is_over_when_its_submitter_is() {
    let spec = Spec::default();
    let mut seen = Observation {
        cluster: Some(ready()),
        submitter: Some(SubmitterSeen::default()),
        job: found(JobStatus::Succeeded, Some(60)),
    };
    let step = reconcile(&spec, State::running(false, at(0)), &seen, at(61));
    assert_eq!(step.state.deployment, DeploymentStatus::Running);
    assert_eq!((step.state.job, step.state.ended), (JobStatus::Succeeded, None));
    // 300 s after the job's end it is complete all the same
    // (`checkTransitionGracePeriodAndUpdateStatusIfNeeded`).
    let late = reconcile(&spec, step.state.clone(), &seen, at(359));
    assert_eq!(late.state.deployment, DeploymentStatus::Running);
    let late = reconcile(&spec, step.state.clone(), &seen, at(360));
    assert_eq!(late.state.deployment, DeploymentStatus::Complete);
    assert_eq!(late.state.reason, Some(Reason::GracePeriodExceeded));
    seen.submitter = Some(done(62));
    let step = reconcile(&spec, step.state, &seen, at(62));
    assert_eq!(step.state.deployment, DeploymentStatus::Complete);
    assert_eq!((step.state.ended, step.state.succeeded), (Some(at(62)), 1));
    let http = Spec { mode: Mode::Http, ..spec };
    let step = reconcile(&http, State::running(false, at(0)), &seen, at(61));
    assert_eq!(step.state.deployment, DeploymentStatus::Complete, "nobody else submits");
}

/// `checkBackoffLimitAndUpdateStatusIfNeeded`: `failed < backoffLimit + 1`, but not after
/// `DeadlineExceeded`.
#[test]
fn what_failed_is_tried_again_on_another_cluster() {
    let spec = Spec { backoff_limit: Some(1), ..Spec::default() };
    let mut seen = Observation {
        cluster: Some(ready()),
        submitter: Some(done(60)),
        job: found(JobStatus::Failed, Some(60)),
    };
    let step = reconcile(&spec, State::running(false, at(0)), &seen, at(60));
    assert_eq!(step.state.deployment, DeploymentStatus::Retrying);
    assert_eq!((step.state.failed, step.state.ended), (1, None));
    let step = reconcile(&spec, step.state, &seen, at(60));
    assert_eq!(step.actions, [Action::DeleteCluster, Action::DeleteSubmitter]);
    assert_eq!(step.state.deployment, DeploymentStatus::Retrying);
    (seen.cluster, seen.submitter) = (None, None);
    let step = reconcile(&spec, step.state, &seen, at(61));
    assert_eq!((step.state.deployment, step.state.cluster), (DeploymentStatus::New, None));
    let step = reconcile(&spec, step.state, &seen, at(61));
    assert_eq!((step.state.started, step.state.cluster), (Some(at(61)), Some(1)));
    let again = State { deployment: DeploymentStatus::Running, ..step.state };
    (seen.cluster, seen.submitter) = (Some(ready()), Some(done(160)));
    let step = reconcile(&spec, again, &seen, at(160));
    assert_eq!(step.state.deployment, DeploymentStatus::Failed, "2 < 1 + 1 does not hold");
    assert_eq!((step.state.failed, step.state.ended), (2, Some(at(160))));
}

/// `checkActiveDeadlineAndUpdateStatusIfNeeded`, `checkPreRunningDeadlineAndUpdateStatusIfNeeded`:
/// `!now.Before(StartTime + limit)`.
#[test]
fn deadlines_count_from_the_attempt() {
    let limit = Some(Duration::from_seconds(90));
    let seen = Observation { cluster: Some(ready()), ..Observation::default() };
    let spec = Spec { backoff_limit: Some(3), active_deadline: limit, ..Spec::default() };
    let state = State::running(false, at(10));
    let step = reconcile(&spec, state.clone(), &seen, at(99));
    assert_eq!(step.state.deployment, DeploymentStatus::Running);
    let step = reconcile(&spec, state, &seen, at(100));
    assert_eq!(step.state.deployment, DeploymentStatus::Failed, "not tried again");
    assert_eq!(step.state.reason, Some(Reason::DeadlineExceeded));
    let spec = Spec { backoff_limit: Some(3), pre_running_deadline: limit, ..Spec::default() };
    let state = State {
        deployment: DeploymentStatus::Initializing,
        cluster: Some(0),
        started: Some(at(10)),
        ..State::default()
    };
    let step = reconcile(&spec, state, &seen, at(100));
    assert_eq!(step.state.deployment, DeploymentStatus::Retrying, "this one is");
    assert_eq!(step.state.reason, Some(Reason::PreRunningDeadlineExceeded));
}

fn over(job: JobStatus) -> State {
    let deployment = if job == JobStatus::Failed {
        DeploymentStatus::Failed
    } else {
        DeploymentStatus::Complete
    };
    State { deployment, job, ended: Some(at(100)), ..State::running(false, at(0)) }
}

/// `handleShutdownAfterJobFinishes`, `requeueDelayFor`: what is left and 2 s.
#[test]
fn the_cluster_goes_when_its_time_has_come() {
    let seen = Observation { cluster: Some(ready()), ..Observation::default() };
    let step = reconcile(&Spec::default(), over(JobStatus::Succeeded), &seen, at(500));
    assert_eq!((step.actions, step.again), (vec![], None), "no field says so");
    let spec = Spec { shutdown: true, ttl: Duration::from_seconds(60), ..Spec::default() };
    let step = reconcile(&spec, over(JobStatus::Succeeded), &seen, at(100));
    assert_eq!((step.actions, step.again), (vec![], Some(Duration::from_seconds(62))));
    let step = reconcile(&spec, step.state, &seen, at(162));
    assert_eq!(step.actions, [Action::DeleteCluster]);
    let spec = Spec { selects: true, ..spec };
    let step = reconcile(&spec, over(JobStatus::Succeeded), &seen, at(500));
    assert_eq!(step.actions, [], "an existing cluster is never deleted");
}

/// `handleLegacyDeletionPolicy`: by `JobStatus` alone.
#[test]
fn policies_depend_on_how_the_job_ended() {
    let seen = Observation { cluster: Some(ready()), ..Observation::default() };
    let deletion =
        Deletion::Policies { success: Policy::DeleteWorkers, failure: Policy::DeleteSelf };
    let spec = Spec { deletion: Some(deletion), ..Spec::default() };
    let actions = |job| reconcile(&spec, over(job), &seen, at(100)).actions;
    assert_eq!(actions(JobStatus::Succeeded), [Action::SuspendWorkers]);
    assert_eq!(actions(JobStatus::Failed), [Action::DeleteSelf]);
    assert_eq!(actions(JobStatus::Stopped), []);
}

/// `handleDeletionRules`, `selectMostImpactfulRule`, `isDeletionActionCompleted`.
#[test]
fn of_the_rules_that_are_due_the_one_that_deletes_most_comes_first() {
    let rule = |policy, seconds| Rule {
        policy,
        condition: Condition::Job(JobStatus::Succeeded),
        ttl: Duration::from_seconds(seconds),
    };
    let rules = vec![
        rule(Policy::DeleteWorkers, 10),
        rule(Policy::DeleteCluster, 20),
        Rule {
            policy: Policy::DeleteSelf,
            condition: Condition::Deployment(DeploymentStatus::Complete),
            ttl: Duration::from_seconds(50),
        },
    ];
    let spec = Spec { deletion: Some(Deletion::Rules(rules)), ..Spec::default() };
    let mut seen = Observation { cluster: Some(ready()), ..Observation::default() };
    let pass = |seen: &Observation, now| {
        let step = reconcile(&spec, over(JobStatus::Succeeded), seen, at(now));
        (step.actions, step.again.map(Duration::ms))
    };
    assert_eq!(pass(&seen, 100), (vec![], Some(12_000)));
    assert_eq!(pass(&seen, 112), (vec![Action::SuspendWorkers], Some(10_000)));
    seen.cluster = Some(ClusterSeen { workers_suspended: true, ..ready() });
    assert_eq!(pass(&seen, 112), (vec![], Some(10_000)), "done");
    seen.cluster = Some(ready());
    assert_eq!(pass(&seen, 125), (vec![Action::DeleteCluster], Some(27_000)), "both were due");
    seen.cluster = None;
    assert_eq!(pass(&seen, 152), (vec![Action::DeleteSelf], None));
}

/// `updateStatusToSuspendingIfNeeded`, then `deleteClusterResources`; `Suspended` is not requeued.
#[test]
fn a_job_that_is_suspended_has_nothing() {
    let spec = Spec { suspend: true, shutdown: true, ..Spec::default() };
    let mut seen = Observation { cluster: Some(ready()), ..Observation::default() };
    let step = reconcile(&spec, State::running(false, at(0)), &seen, at(9));
    assert_eq!(step.state.deployment, DeploymentStatus::Suspending);
    let step = reconcile(&spec, step.state, &seen, at(9));
    assert_eq!(step.actions, [Action::DeleteCluster]);
    seen.cluster = None;
    let step = reconcile(&spec, step.state, &seen, at(10));
    assert_eq!(step.state.deployment, DeploymentStatus::Suspended);
    let step = reconcile(&spec, step.state, &seen, at(11));
    assert_eq!((step.actions, step.again), (vec![], None));
    let step = reconcile(&Spec::default(), step.state, &seen, at(12));
    assert_eq!(step.state.deployment, DeploymentStatus::New);
}

/// `checkSubmitterAndUpdateStatusIfNeeded`,
/// `checkSubmitterFinishedTimeoutAndUpdateStatusIfNeeded`.
#[test]
fn a_submitter_that_ends_early_fails_the_job() {
    let spec = Spec { mode: Mode::Sidecar, ..Spec::default() };
    let failed = Some(SubmitterSeen { finished: Some(at(60)), failed: true });
    let mut seen = Observation {
        cluster: Some(ready()),
        submitter: failed,
        job: found(JobStatus::Running, None),
    };
    let state = State { job: JobStatus::Running, ..State::running(false, at(0)) };
    let reason = |seen: &Observation, state: &State, now| {
        let step = reconcile(&spec, state.clone(), seen, at(now));
        (step.state.deployment, step.state.reason)
    };
    let is = |reason| (DeploymentStatus::Failed, Some(reason));
    assert_eq!(reason(&seen, &state, 60), is(Reason::SubmissionFailed));
    let known = State { job: JobStatus::Failed, ..state.clone() };
    assert_eq!(reason(&seen, &known, 60), is(Reason::AppFailed));
    seen.submitter = Some(done(60));
    assert_eq!(reason(&seen, &state, 89).0, DeploymentStatus::Running);
    assert_eq!(reason(&seen, &state, 90), is(Reason::GracePeriodExceeded), "30 s");
    seen.cluster = Some(ClusterSeen { has_head: false, ..ready() });
    assert_eq!(reason(&seen, &state, 60), is(Reason::AppFailed), "Ray head pod not found.");
    let (job, submitter) = (JobSeen::NotFound, Some(done(60)));
    let seen = Observation { cluster: Some(ready()), submitter, job };
    assert_eq!(reason(&seen, &state, 61), is(Reason::AppFailed), "Ray job not found");
}

/// Ray's message is kept: why the job failed is said.
#[test]
fn a_job_that_did_not_start_in_time_has_failed() {
    let limit = START_TIMEOUT;
    let job = JobSeen::Found { status: JobStatus::Failed, ended: Some(at(901)), late: Some(limit) };
    let seen = Observation { cluster: Some(ready()), submitter: Some(done(901)), job };
    let state = State { job: JobStatus::Pending, ..State::running(false, at(0)) };
    let step = reconcile(&Spec::default(), state, &seen, at(901));
    assert_eq!(step.state.reason, Some(Reason::AppFailed));
    let said = [Cause::JobIs { status: JobStatus::Failed }, Cause::StartTimeout { limit }];
    assert_eq!(step.trace.causes[..2], said);
}
