//! What stands in a RayJob's status.
//!
//! Upstream: kuberay 1.6.1 ray-operator/apis/ray/v1/rayjob_types.go `RayJobStatus`.

use crate::time::Instant;

/// `jobDeploymentStatus`: how far the controller is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeploymentStatus {
    /// Nothing is known yet.
    #[default]
    New,
    /// The cluster is made and not ready yet.
    Initializing,
    /// `InteractiveMode`: somebody is to submit a job.
    Waiting,
    /// The job is submitted, or about to be.
    Running,
    /// It is over; it did not fail.
    Complete,
    /// It failed, and is not tried again.
    Failed,
    /// What it has is deleted, for `suspend`.
    Suspending,
    /// It has nothing, until `suspend` is taken back.
    Suspended,
    /// What it has is deleted, for another attempt.
    Retrying,
}

impl DeploymentStatus {
    /// As the API server writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "",
            Self::Initializing => "Initializing",
            Self::Waiting => "Waiting",
            Self::Running => "Running",
            Self::Complete => "Complete",
            Self::Failed => "Failed",
            Self::Suspending => "Suspending",
            Self::Suspended => "Suspended",
            Self::Retrying => "Retrying",
        }
    }

    /// Whether the job is over for good.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Complete | Self::Failed)
    }
}

/// `jobStatus`: what Ray says of the job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JobStatus {
    /// Nothing yet.
    #[default]
    New,
    /// Its supervisor waits for room.
    Pending,
    /// It runs.
    Running,
    /// Somebody stopped it.
    Stopped,
    /// It ended well.
    Succeeded,
    /// It did not.
    Failed,
}

impl JobStatus {
    /// As Ray writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "",
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Stopped => "STOPPED",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }

    /// Upstream: `IsJobTerminal`.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Stopped | Self::Succeeded | Self::Failed)
    }
}

/// `reason` of a job that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The program failed.
    AppFailed,
    /// Submitting it did.
    SubmissionFailed,
    /// `activeDeadlineSeconds`.
    DeadlineExceeded,
    /// `preRunningDeadlineSeconds`.
    PreRunningDeadlineExceeded,
    /// It was over, or its submitter was, and the other did not follow.
    GracePeriodExceeded,
}

impl Reason {
    /// As the API server writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::AppFailed => "AppFailed",
            Self::SubmissionFailed => "SubmissionFailed",
            Self::DeadlineExceeded => "DeadlineExceeded",
            Self::PreRunningDeadlineExceeded => "PreRunningDeadlineExceeded",
            Self::GracePeriodExceeded => "JobDeploymentStatusTransitionGracePeriodExceeded",
        }
    }
}

/// What is remembered from pass to pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// `jobDeploymentStatus`.
    pub deployment: DeploymentStatus,
    /// `jobStatus`.
    pub job: JobStatus,
    /// `reason`.
    pub reason: Option<Reason>,
    /// `rayClusterName`: the cluster with that number, counted from 0.
    pub cluster: Option<u32>,
    /// `dashboardURL` is known: the cluster was ready once.
    pub has_dashboard: bool,
    /// `startTime`: of this attempt.
    pub started: Option<Instant>,
    /// `endTime`.
    pub ended: Option<Instant>,
    /// `rayJobInfo.endTime`: when the job ended, by Ray.
    pub job_ended: Option<Instant>,
    /// `failed`: attempts that did.
    pub failed: u32,
    /// `succeeded`.
    pub succeeded: u32,
    /// How many clusters it has had.
    pub(super) named: u32,
}

impl State {
    /// That of a RayJob whose first attempt began at `now`, and whose cluster is ready. It runs, or
    /// waits for somebody to submit.
    pub fn running(waits: bool, now: Instant) -> Self {
        let (deployment, job) = if waits {
            (DeploymentStatus::Waiting, JobStatus::New)
        } else {
            (DeploymentStatus::Running, JobStatus::New)
        };
        let (cluster, started) = (Some(0), Some(now));
        Self { deployment, job, cluster, has_dashboard: true, started, named: 1, ..Self::default() }
    }

    /// That of a RayJob whose first attempt began at `now`, and whose cluster is made and was never
    /// ready.
    pub fn initializing(now: Instant) -> Self {
        let state = Self::running(false, now);
        Self { deployment: DeploymentStatus::Initializing, has_dashboard: false, ..state }
    }

    /// That of a RayJob that has long been suspended.
    pub fn suspended() -> Self {
        Self { deployment: DeploymentStatus::Suspended, ..Self::default() }
    }
}
