//! What KubeRay's operator says: about the pods of a RayCluster, and about the RayClusters of a
//! RayService.

use super::phrase::Phrase;
use super::{en, ko};
use crate::report::Message;
use crate::time::Instant;

/// One pass over a RayCluster. `group` is a group's name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PodsPhrase<'a> {
    Suspending { pods: usize },
    Suspended,
    SpecChanged { pods: usize },
    HeadGoes,
    HeadEnded,
    HeadNotMadeAgain,
    HeadMade,
    SeveralHeads { count: usize },
    PodsGo { group: &'a str },
    GroupSuspended { group: &'a str, pods: usize },
    PodsEnded { group: &'a str, pods: usize },
    PodsNamed { group: &'a str, pods: usize },
    ReplicaIncomplete { group: &'a str, pods: usize, num_of_hosts: i64 },
    PodsMade { group: &'a str, desired: i64, pods: i64 },
    Surplus { group: &'a str, desired: i64, pods: i64, kept: bool },
}

/// One pass over a RayService. `cluster` is a RayCluster's name; empty if it was never made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum UpgradePhrase<'a> {
    DeletionScheduled {
        cluster: &'a str,
        at: Instant,
    },
    DeletionDue {
        cluster: &'a str,
    },
    SpecChanged {
        given_up: Option<&'a str>,
    },
    FirstCluster,
    ClusterMade {
        cluster: &'a str,
        without_replicas: bool,
    },
    NoHead {
        cluster: &'a str,
    },
    UpdatedInPlace {
        cluster: &'a str,
        without_replicas: bool,
    },
    Submitted {
        cluster: &'a str,
        first: bool,
    },
    GatewayNotReady,
    TrafficBehind {
        target_capacity: i32,
        traffic: i32,
    },
    CapacityMoved {
        cluster: &'a str,
        from: i32,
        to: i32,
    },
    TrafficMoved {
        from: i32,
        to: i32,
    },
    RollbackBegan,
    RollbackCancelled,
    RollbackDone {
        cluster: &'a str,
    },
    Suspends,
    SuspendDeletes {
        cluster: &'a str,
    },
    Suspended,
    Resumes,
    Promoted {
        old: Option<&'a str>,
        new: &'a str,
    },
    /// Of a whole run: `cluster` takes over at that time.
    TakesOver {
        cluster: &'a str,
        at: Instant,
    },
    /// `cluster` is deleted at that time.
    Deleted {
        cluster: &'a str,
        at: Instant,
    },
    /// `cluster` was made and does not serve alone by the end.
    NotOver {
        cluster: &'a str,
    },
    /// The clusters stay; what changes is in them.
    InPlace,
    /// Edits that change nothing.
    NothingChanges,
    NeverMade,
}

impl Phrase for PodsPhrase<'_> {
    fn en(&self) -> Message {
        en::pods(self)
    }

    fn ko(&self) -> Message {
        ko::pods(self)
    }
}

impl Phrase for UpgradePhrase<'_> {
    fn en(&self) -> Message {
        en::upgrade(self)
    }

    fn ko(&self) -> Message {
        ko::upgrade(self)
    }
}
