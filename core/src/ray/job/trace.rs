//! Why the RayJob's controller did what it did.

use super::state::{JobStatus, Reason};
use super::{Deletes, Policy};
use crate::time::{Duration, Instant};

/// The rules that decided, in the order in which they ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// One after another.
    pub causes: Vec<Cause>,
}

/// One rule that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// An attempt begins: it gets a name for its cluster.
    Begins {
        /// Which attempt, from 1.
        attempt: u32,
    },
    /// `suspend`: what it has is to go.
    Suspends,
    /// Everything is gone, and stays so until `suspend` is taken back.
    Suspended,
    /// `now - started >= seconds`: it failed, and is not tried again.
    ActiveDeadline {
        /// `activeDeadlineSeconds`.
        limit: Duration,
    },
    /// The same before it ran.
    PreRunningDeadline {
        /// `preRunningDeadlineSeconds`.
        limit: Duration,
    },
    /// The RayCluster is made.
    ClusterMade {
        /// Its number.
        cluster: u32,
    },
    /// The RayCluster that `clusterSelector` names is not there.
    NoSuchCluster,
    /// The cluster is not ready yet: nothing is submitted, but by a sidecar.
    WaitsForCluster {
        /// Its number.
        cluster: u32,
        /// Whether a sidecar submits, which does not wait.
        sidecar: bool,
    },
    /// The Kubernetes Job that submits is made.
    SubmitterMade,
    /// The controller itself submits.
    SubmittedOverHttp,
    /// `InteractiveMode`: somebody is to submit.
    WaitsForUser,
    /// Ray says something new of the job.
    JobIs {
        /// What.
        status: JobStatus,
    },
    /// Ray says that the job failed since its supervisor did not start within `limit`.
    StartTimeout {
        /// `RAY_JOB_START_TIMEOUT_SECONDS`.
        limit: Duration,
    },
    /// The submitter ended with an error.
    SubmitterFailed,
    /// There is no head any more that the submitter was a container of.
    HeadGone,
    /// The submitter is done, but Ray's job is not, for longer than `limit`.
    SubmitterDoneTooLong {
        /// How long that may be.
        limit: Duration,
    },
    /// The job is over, but its submitter is not yet: both must be.
    WaitsForSubmitter,
    /// The job is over for longer than `limit`, and the submitter still is not.
    GracePeriod {
        /// How long that may be.
        limit: Duration,
    },
    /// It is complete.
    Completes {
        /// How the job ended.
        status: JobStatus,
    },
    /// It failed for good: `failed` attempts are more than `backoffLimit`, or no deadline is tried
    /// again.
    Fails {
        /// Why.
        reason: Option<Reason>,
        /// Attempts that failed.
        failed: u32,
        /// `backoffLimit`.
        limit: Option<i64>,
    },
    /// `failed < backoffLimit + 1`: it is tried again, on a cluster of its own.
    Retries {
        /// Attempts that failed.
        failed: u32,
        /// `backoffLimit`.
        limit: i64,
    },
    /// What the attempt had is deleted.
    Clears,
    /// It waits until that is gone.
    WaitsForDeletion,
    /// An existing cluster is never deleted.
    SelectedStays,
    /// No field says that anything goes: the cluster stays.
    NothingGoes,
    /// The policy is `DeleteNone`.
    PolicyNone,
    /// What goes does so at `at`, by `by`.
    DeletionDueAt {
        /// What goes.
        policy: Policy,
        /// Which field says so.
        by: Deletes,
        /// When.
        at: Instant,
    },
    /// Its time has come.
    DeletionDue {
        /// What goes.
        policy: Policy,
        /// Which field says so.
        by: Deletes,
    },
}
