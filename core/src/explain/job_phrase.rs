//! What KubeRay's RayJob controller says: about the attempts of a RayJob, and about its end.

use super::phrase::Phrase;
use super::{en, ko};
use crate::report::Message;
use crate::time::{Duration, Instant};

/// One pass over a RayJob, or what became of it in a whole run. `cluster` is a RayCluster's name;
/// `status`, `reason`, `policy` and `field` are as upstream writes them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum JobPhrase<'a> {
    Begins {
        attempt: u32,
    },
    Suspends,
    Suspended,
    ActiveDeadline {
        limit: Duration,
    },
    PreRunningDeadline {
        limit: Duration,
    },
    ClusterMade {
        cluster: &'a str,
    },
    NoSuchCluster,
    WaitsForCluster {
        cluster: &'a str,
        sidecar: bool,
    },
    SubmitterMade,
    SubmittedOverHttp,
    WaitsForUser,
    JobIs {
        status: &'a str,
    },
    StartTimeout {
        limit: Duration,
    },
    SubmitterFailed,
    HeadGone,
    SubmitterDoneTooLong {
        limit: Duration,
    },
    WaitsForSubmitter,
    GracePeriod {
        limit: Duration,
    },
    Completes {
        status: &'a str,
    },
    Fails {
        reason: Option<&'a str>,
        failed: u32,
        limit: i64,
    },
    Retries {
        failed: u32,
        limit: i64,
    },
    Clears,
    WaitsForDeletion,
    SelectedStays,
    NothingGoes,
    PolicyNone,
    DeletionDueAt {
        policy: &'a str,
        field: &'a str,
        at: Instant,
    },
    DeletionDue {
        policy: &'a str,
        field: &'a str,
    },
    /// Of a whole run: it completes at that time.
    CompletesAt {
        at: Instant,
    },
    /// It fails for good.
    FailsAt {
        at: Instant,
        reason: Option<&'a str>,
    },
    /// Another attempt begins.
    TriedAgainAt {
        at: Instant,
    },
    /// What goes at that time.
    GoesAt {
        policy: &'a str,
        at: Instant,
    },
    /// It is not over by the end.
    NotOver,
}

impl Phrase for JobPhrase<'_> {
    fn en(&self) -> Message {
        en::job(self)
    }

    fn ko(&self) -> Message {
        ko::job(self)
    }
}
