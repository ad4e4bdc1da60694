//! What is said of a Ray cluster at the moment: its verdict, and what is taken for granted.

use super::phrase::Phrase;
use super::{en, ko};
use crate::report::Message;

/// Sentences.
#[derive(Clone, Debug)]
pub(crate) enum RayNowPhrase {
    /// Pods of its worker groups.
    PodsGo {
        from: i64,
        to: i64,
    },
    PodsStay {
        count: i64,
    },
    NodesDrain {
        count: usize,
    },
    /// The autoscaler gives up half way.
    Stuck {
        reason: String,
    },
    NeedsCluster,
    NeedsStatus,
    /// A heading for a number: what one of them takes is `shape`.
    Waits {
        kind: WaitingKind,
        shape: String,
    },
    FromRayStatus,
    ActiveIsFull,
    JustIdle {
        timeout: f64,
    },
    HeadRuns,
    PendingHasPods {
        count: i64,
    },
    RequestsOfMany,
    GroupsAlike,
    PlannedByV2,
    /// What the status of a RayCluster counts: pods of workers.
    StatusCounts {
        desired: i64,
        available: i64,
        ready: i64,
    },
    ClusterState {
        state: String,
        reason: String,
    },
    OldGeneration {
        observed: i64,
        own: i64,
    },
    /// A quantity of the status that is not the spec's.
    AmountDiffers {
        field: &'static str,
        told: String,
        own: String,
    },
    SpecAsks {
        wanted: i64,
        groups: String,
    },
    OperatorMakes {
        pods: i64,
        group: Option<String>,
    },
    OperatorDeletes {
        pods: i64,
    },
    OperatorKeeps {
        pods: i64,
    },
    OperatorWaits {
        pods: i64,
        desired: i64,
    },
    OperatorDone {
        desired: i64,
    },
}

/// What waits.
#[derive(Clone, Debug)]
pub(crate) enum WaitingKind {
    Tasks,
    Groups {
        strategy: String,
    },
    /// What `request_resources` asks for.
    Requested,
}

impl Phrase for RayNowPhrase {
    fn en(&self) -> Message {
        en::ray_now(self)
    }

    fn ko(&self) -> Message {
        ko::ray_now(self)
    }
}
