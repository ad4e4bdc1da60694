//! KubeRay's RayJob controller: which RayCluster a job has, who submits it, and what goes when it
//! is over.
//!
//! [`reconcile`] is one pass, of which there is one every [`PERIOD`] and one whenever something
//! changes. What it does follows from `jobDeploymentStatus`:
//!
//! | status | what happens |
//! |---|---|
//! | none | an attempt begins |
//! | `Initializing` | the cluster is made; once it is ready, the submitter |
//! | `Waiting` | somebody is to submit |
//! | `Running` | submitter and job are looked at, until both are over |
//! | `Retrying`, `Suspending` | what the attempt had is deleted |
//! | `Suspended` | nothing |
//! | `Complete`, `Failed` | `end.rs`: what is to go goes when its time has come |
//!
//! Calls that fail are left out. When passes happen, when a cluster is ready and how the job fares
//! is left to others.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/rayjob_controller.go `Reconcile`.

mod end;
mod start;
mod state;
#[cfg(test)]
mod tests;
mod trace;

pub use start::{START_TIMEOUT, START_TIMEOUT_VARIABLE, start_fails_at, start_timeout};
pub use state::{DeploymentStatus, JobStatus, Reason, State};
pub use trace::{Cause, Trace};

use crate::time::{Duration, Instant};

/// From the end of a pass to the next if nothing happens (`RayJobDefaultRequeueDuration`).
pub const PERIOD: Duration = Duration::from_seconds(3);

/// How long a job may be over before its submitter is
/// (`RAYJOB_DEPLOYMENT_STATUS_TRANSITION_GRACE_PERIOD_SECONDS`).
pub const GRACE: Duration = Duration::from_seconds(300);

/// How long a submitter may be done before its job is (`DefaultSubmitterFinishedTimeout`).
pub const SUBMITTER_TIMEOUT: Duration = Duration::from_seconds(30);

/// `submissionMode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A Kubernetes Job submits.
    #[default]
    K8sJob,
    /// The controller does.
    Http,
    /// Somebody does.
    Interactive,
    /// A container of the head's pod does.
    Sidecar,
}

impl Mode {
    /// Whether the job is over only when its submitter is.
    ///
    /// Upstream: ray-operator/controllers/ray/utils/util.go `HasSubmitter`.
    pub fn has_submitter(self) -> bool {
        matches!(self, Self::K8sJob | Self::Sidecar)
    }
}

/// What goes when a job is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// Nothing.
    DeleteNone,
    /// Every worker.
    DeleteWorkers,
    /// The RayCluster.
    DeleteCluster,
    /// The RayJob, and all that is its own.
    DeleteSelf,
}

impl Policy {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::DeleteNone => "DeleteNone",
            Self::DeleteWorkers => "DeleteWorkers",
            Self::DeleteCluster => "DeleteCluster",
            Self::DeleteSelf => "DeleteSelf",
        }
    }
}

/// One of `deletionRules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What goes.
    pub policy: Policy,
    /// When the job is over like this.
    pub condition: Condition,
    /// So long after its end.
    pub ttl: Duration,
}

/// Which end a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `jobStatus`.
    Job(JobStatus),
    /// `jobDeploymentStatus`.
    Deployment(DeploymentStatus),
}

/// `deletionStrategy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// `onSuccess` and `onFailure`, after `ttlSecondsAfterFinished`.
    Policies {
        /// The first.
        success: Policy,
        /// The second.
        failure: Policy,
    },
    /// `deletionRules`.
    Rules(Vec<Rule>),
}

/// Which field says that something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletes {
    /// `shutdownAfterJobFinishes`.
    Shutdown,
    /// `deletionStrategy`, by `onSuccess` or `onFailure`.
    Policies,
    /// `deletionRules`.
    Rules,
}

/// What a RayJob says, defaulted and validated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// `submissionMode`.
    pub mode: Mode,
    /// `backoffLimit`.
    pub backoff_limit: Option<i64>,
    /// `activeDeadlineSeconds`.
    pub active_deadline: Option<Duration>,
    /// `preRunningDeadlineSeconds`.
    pub pre_running_deadline: Option<Duration>,
    /// `shutdownAfterJobFinishes`.
    pub shutdown: bool,
    /// `ttlSecondsAfterFinished`.
    pub ttl: Duration,
    /// `deletionStrategy`.
    pub deletion: Option<Deletion>,
    /// `suspend`.
    pub suspend: bool,
    /// `clusterSelector` names a cluster.
    pub selects: bool,
    /// `jobId` is given.
    pub has_job_id: bool,
}

/// The cluster that the status names, if the API server has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClusterSeen {
    /// `status.state` is `ready`: each pod that it asks for runs and is ready.
    pub ready: bool,
    /// It has a head pod.
    pub has_head: bool,
    /// All of its worker groups are suspended.
    pub workers_suspended: bool,
}

/// The submitter: a Kubernetes Job, or a container of the head's pod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SubmitterSeen {
    /// When it ended.
    pub finished: Option<Instant>,
    /// It ended with an error, and is not tried again.
    pub failed: bool,
}

/// What the cluster's dashboard says of the job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JobSeen {
    /// Nothing: nobody answers.
    #[default]
    Unreachable,
    /// There is no such job.
    NotFound,
    /// There is.
    Found {
        /// How far it is.
        status: JobStatus,
        /// When it ended.
        ended: Option<Instant>,
        /// How long it may wait for its supervisor, if it failed by waiting longer.
        late: Option<Duration>,
    },
}

/// What a pass sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// The cluster.
    pub cluster: Option<ClusterSeen>,
    /// The submitter.
    pub submitter: Option<SubmitterSeen>,
    /// The job.
    pub job: JobSeen,
}

/// What is done, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The RayCluster with that number is made.
    CreateCluster(u32),
    /// The Kubernetes Job that submits is.
    CreateSubmitter,
    /// The job is submitted.
    Submit,
    /// The RayCluster is deleted.
    DeleteCluster,
    /// The Kubernetes Job that submits is.
    DeleteSubmitter,
    /// All worker groups of the RayCluster are suspended.
    SuspendWorkers,
    /// The RayJob is deleted, and what it owns with it.
    DeleteSelf,
}

/// One pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub actions: Vec<Action>,
    /// What stands in the status afterwards.
    pub state: State,
    /// Why.
    pub trace: Trace,
    /// When the next pass is, if nothing happens before; none if there is none.
    pub again: Option<Duration>,
}

impl Step {
    fn act(&mut self, action: Action, cause: Cause) {
        self.actions.push(action);
        self.say(cause);
    }

    fn say(&mut self, cause: Cause) {
        self.trace.causes.push(cause);
    }

    fn fail(&mut self, reason: Reason) {
        self.state.deployment = DeploymentStatus::Failed;
        self.state.reason = Some(reason);
    }
}

/// Whether the status is written at the end of a pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Written,
    Unwritten,
}

/// One pass of the controller.
///
/// ```
/// use tidetable_core::ray::job::*;
/// use tidetable_core::time::{Duration, Instant};
///
/// let spec = Spec { backoff_limit: Some(1), ..Spec::default() };
/// let at = Instant::from_seconds;
/// let (status, ended) = (JobStatus::Failed, Some(at(60)));
/// let failed = JobSeen::Found { status, ended, late: None };
/// let cluster = ClusterSeen { ready: true, has_head: true, ..ClusterSeen::default() };
/// let submitter = SubmitterSeen { finished: Some(at(61)), failed: false };
/// let seen = Observation { cluster: Some(cluster), submitter: Some(submitter), job: failed };
/// let step = reconcile(&spec, State::running(false, at(0)), &seen, at(61));
/// assert_eq!(step.state.deployment, DeploymentStatus::Retrying, "1 < 1 + 1");
/// let step = reconcile(&spec, step.state, &seen, at(61));
/// assert_eq!(step.actions, [Action::DeleteCluster, Action::DeleteSubmitter]);
/// ```
pub fn reconcile(spec: &Spec, state: State, seen: &Observation, now: Instant) -> Step {
    let before = (state.job, state.deployment);
    let mut step = Step { state, again: Some(PERIOD), ..Step::default() };
    let end = match step.state.deployment {
        DeploymentStatus::New => {
            begin(&mut step, now);
            End::Written
        }
        DeploymentStatus::Initializing => initialize(spec, &mut step, seen, now),
        DeploymentStatus::Waiting => wait(spec, &mut step, now),
        DeploymentStatus::Running => run(spec, &mut step, seen, now),
        DeploymentStatus::Suspending | DeploymentStatus::Retrying => clear(spec, &mut step, seen),
        DeploymentStatus::Suspended if spec.suspend => {
            step.again = None;
            End::Unwritten
        }
        DeploymentStatus::Suspended => {
            step.state.deployment = DeploymentStatus::New;
            End::Written
        }
        DeploymentStatus::Complete | DeploymentStatus::Failed => {
            end::clean_up(spec, &mut step, seen, now);
            End::Unwritten
        }
    };
    if end == End::Written {
        count(spec, &mut step);
        let after = (step.state.job, step.state.deployment);
        if before != after && after.1.is_terminal() {
            step.state.ended = Some(stored(now));
        }
    }
    step
}

/// A time as the API server keeps it: in whole seconds.
///
/// Upstream: k8s.io/apimachinery pkg/apis/meta/v1/time.go `Time.MarshalJSON`.
fn stored(at: Instant) -> Instant {
    Instant::from_seconds(at.ms().div_euclid(1000))
}

/// Upstream: `initRayJobStatusIfNeed`.
fn begin(step: &mut Step, now: Instant) {
    let state = &mut step.state;
    if state.cluster.is_none() {
        state.cluster = Some(state.named);
        state.named += 1;
    }
    state.deployment = DeploymentStatus::Initializing;
    state.started = Some(stored(now));
    let attempt = state.failed + 1;
    step.say(Cause::Begins { attempt });
}

/// Upstream: `updateStatusToSuspendingIfNeeded`.
fn suspends(spec: &Spec, step: &mut Step) -> bool {
    if spec.suspend {
        step.state.deployment = DeploymentStatus::Suspending;
        step.say(Cause::Suspends);
    }
    spec.suspend
}

/// Whether `limit` has passed since the attempt began.
fn is_past(limit: Option<Duration>, step: &Step, now: Instant) -> Option<Duration> {
    let (limit, started) = (limit?, step.state.started?);
    (now >= started + limit).then_some(limit)
}

/// Upstream: `checkActiveDeadlineAndUpdateStatusIfNeeded`.
fn is_too_long(spec: &Spec, step: &mut Step, now: Instant) -> bool {
    let Some(limit) = is_past(spec.active_deadline, step, now) else { return false };
    step.fail(Reason::DeadlineExceeded);
    step.say(Cause::ActiveDeadline { limit });
    true
}

/// Upstream: `checkPreRunningDeadlineAndUpdateStatusIfNeeded`.
fn runs_too_late(spec: &Spec, step: &mut Step, now: Instant) -> bool {
    let Some(limit) = is_past(spec.pre_running_deadline, step, now) else { return false };
    step.fail(Reason::PreRunningDeadlineExceeded);
    step.say(Cause::PreRunningDeadline { limit });
    true
}

/// Upstream: `getOrCreateRayClusterInstance`.
fn cluster(spec: &Spec, step: &mut Step, seen: &Observation) -> Option<ClusterSeen> {
    if seen.cluster.is_some() {
        return seen.cluster;
    }
    let number = step.state.cluster.unwrap_or(0);
    if spec.selects {
        step.say(Cause::NoSuchCluster);
        return None;
    }
    step.act(Action::CreateCluster(number), Cause::ClusterMade { cluster: number });
    Some(ClusterSeen::default())
}

fn initialize(spec: &Spec, step: &mut Step, seen: &Observation, now: Instant) -> End {
    if suspends(spec, step) || is_too_long(spec, step, now) || runs_too_late(spec, step, now) {
        return End::Written;
    }
    let Some(cluster) = cluster(spec, step, seen) else { return End::Unwritten };
    if !step.state.has_dashboard {
        if !cluster.ready {
            let cluster = step.state.cluster.unwrap_or(0);
            step.say(Cause::WaitsForCluster { cluster, sidecar: spec.mode == Mode::Sidecar });
            return End::Written;
        }
        step.state.has_dashboard = true;
    }
    if spec.mode == Mode::Interactive {
        step.state.deployment = DeploymentStatus::Waiting;
        step.say(Cause::WaitsForUser);
        return End::Written;
    }
    if spec.mode == Mode::K8sJob && seen.submitter.is_none() {
        step.act(Action::CreateSubmitter, Cause::SubmitterMade);
    }
    step.state.deployment = DeploymentStatus::Running;
    End::Written
}

fn wait(spec: &Spec, step: &mut Step, now: Instant) -> End {
    if runs_too_late(spec, step, now) {
        return End::Written;
    }
    if !spec.has_job_id {
        return End::Unwritten;
    }
    step.state.deployment = DeploymentStatus::Running;
    End::Written
}

/// Upstream: `checkTransitionGracePeriodAndUpdateStatusIfNeeded`.
fn is_past_grace(step: &mut Step, now: Instant) -> bool {
    let is_over = step.state.job.is_terminal();
    let Some(ended) = step.state.job_ended.filter(|it| is_over && now >= *it + GRACE) else {
        return false;
    };
    debug_assert!(ended <= now);
    step.say(Cause::GracePeriod { limit: GRACE });
    step.state.deployment = over(step.state.job);
    step.state.reason = Some(Reason::GracePeriodExceeded);
    true
}

/// Where a job that is over leads.
fn over(job: JobStatus) -> DeploymentStatus {
    if job == JobStatus::Failed { DeploymentStatus::Failed } else { DeploymentStatus::Complete }
}

fn run(spec: &Spec, step: &mut Step, seen: &Observation, now: Instant) -> End {
    if suspends(spec, step) || is_too_long(spec, step, now) || is_past_grace(step, now) {
        return End::Written;
    }
    let Some(cluster) = cluster(spec, step, seen) else { return End::Unwritten };
    let mut finished = None;
    if spec.mode.has_submitter() {
        match submitter(spec, step, seen, cluster, now) {
            Ok(it) => finished = it,
            Err(end) => return end,
        }
    }
    let (status, ended, late) = match seen.job {
        JobSeen::NotFound if spec.mode == Mode::Http => {
            step.act(Action::Submit, Cause::SubmittedOverHttp);
            return End::Unwritten;
        }
        JobSeen::NotFound if finished.is_some() => {
            // "Submitter completed but Ray job not found in RayCluster."
            step.fail(Reason::AppFailed);
            step.say(Cause::SubmitterFailed);
            return End::Written;
        }
        JobSeen::NotFound | JobSeen::Unreachable => return End::Unwritten,
        JobSeen::Found { status, ended, late } => (status, ended, late),
    };
    if status != step.state.job {
        step.say(Cause::JobIs { status });
        if let Some(limit) = late {
            step.say(Cause::StartTimeout { limit });
        }
    }
    let is_over = status.is_terminal() && (finished.is_some() || !spec.mode.has_submitter());
    if is_over {
        step.state.deployment = over(status);
    } else if status.is_terminal() {
        step.say(Cause::WaitsForSubmitter);
    }
    let has_failed = is_over && status == JobStatus::Failed;
    step.state.reason = has_failed.then_some(Reason::AppFailed);
    step.state.job = status;
    step.state.job_ended = ended.map(stored).or(step.state.job_ended);
    End::Written
}

/// When the submitter ended, or how the pass does.
///
/// Upstream: `checkSubmitterAndUpdateStatusIfNeeded`,
/// `checkSubmitterFinishedTimeoutAndUpdateStatusIfNeeded`.
fn submitter(
    spec: &Spec,
    step: &mut Step,
    seen: &Observation,
    cluster: ClusterSeen,
    now: Instant,
) -> Result<Option<Instant>, End> {
    if spec.mode == Mode::Sidecar && !cluster.has_head {
        step.fail(Reason::AppFailed);
        step.say(Cause::HeadGone);
        return Err(End::Written);
    }
    // Without its Kubernetes Job a pass ends with an error.
    let absent = (spec.mode == Mode::Sidecar).then(SubmitterSeen::default);
    let SubmitterSeen { finished, failed } = seen.submitter.or(absent).ok_or(End::Unwritten)?;
    if failed {
        let is_known = step.state.job == JobStatus::Failed;
        step.fail(if is_known { Reason::AppFailed } else { Reason::SubmissionFailed });
        step.say(Cause::SubmitterFailed);
    }
    if finished.is_some_and(|it| now >= it + SUBMITTER_TIMEOUT) {
        step.state.job = JobStatus::Failed;
        step.fail(Reason::GracePeriodExceeded);
        step.say(Cause::SubmitterDoneTooLong { limit: SUBMITTER_TIMEOUT });
        return Err(End::Written);
    }
    if failed { Err(End::Written) } else { Ok(finished) }
}

/// Upstream: `deleteClusterResources`, `deleteSubmitterJob`.
fn clear(spec: &Spec, step: &mut Step, seen: &Observation) -> End {
    let keeps_cluster = spec.selects || seen.cluster.is_none();
    let keeps_submitter =
        matches!(spec.mode, Mode::Http | Mode::Sidecar) || seen.submitter.is_none();
    if !(keeps_cluster && keeps_submitter) {
        step.say(Cause::Clears);
        if !keeps_cluster {
            step.actions.push(Action::DeleteCluster);
        }
        if !keeps_submitter {
            step.actions.push(Action::DeleteSubmitter);
        }
        step.say(Cause::WaitsForDeletion);
        return End::Unwritten;
    }
    let State { deployment, started, ended, failed, succeeded, named, .. } = step.state;
    let suspending = deployment == DeploymentStatus::Suspending;
    if suspending {
        step.say(Cause::Suspended);
    }
    let deployment = if suspending { DeploymentStatus::Suspended } else { DeploymentStatus::New };
    step.state = State { deployment, started, ended, failed, succeeded, named, ..State::default() };
    End::Written
}

/// Counts attempts, and sees whether there is another one.
///
/// Upstream: `checkBackoffLimitAndUpdateStatusIfNeeded`.
fn count(spec: &Spec, step: &mut Step) {
    let state = &mut step.state;
    let status = state.job;
    if state.deployment == DeploymentStatus::Complete {
        state.succeeded += u32::from(status == JobStatus::Succeeded);
        step.say(Cause::Completes { status });
        return;
    }
    if state.deployment != DeploymentStatus::Failed {
        return;
    }
    state.failed += 1;
    let (failed, reason) = (state.failed, state.reason);
    let may_retry = reason != Some(Reason::DeadlineExceeded);
    match spec.backoff_limit {
        Some(limit) if may_retry && i64::from(failed) < limit + 1 => {
            state.deployment = DeploymentStatus::Retrying;
            step.say(Cause::Retries { failed, limit });
        }
        limit => step.say(Cause::Fails { reason, failed, limit }),
    }
}
