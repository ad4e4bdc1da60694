//! Why the RayService's controller did what it did.

use super::ClusterId;
use crate::time::Instant;

/// The rules that decided, in the order in which they ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// One after another.
    pub causes: Vec<Cause>,
}

/// One rule that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A cluster belongs to nobody any more: it goes in the first pass after `at`.
    DeletionScheduled {
        /// Which one.
        cluster: ClusterId,
        /// When.
        at: Instant,
    },
    /// Its time is over.
    DeletionDue {
        /// Which one.
        cluster: ClusterId,
    },
    /// The RayService asks for another cluster: a new one is foreseen.
    SpecChanged {
        /// The new one.
        cluster: ClusterId,
        /// One that was to serve and never will.
        given_up: Option<ClusterId>,
    },
    /// There is no cluster at all: the first one is foreseen.
    FirstCluster {
        /// Which one.
        cluster: ClusterId,
    },
    /// What was foreseen is made.
    ClusterMade {
        /// Which one.
        cluster: ClusterId,
        /// Whether its groups get no `replicas`, as in an incremental upgrade.
        without_replicas: bool,
    },
    /// It has no head pod, which ends the pass (`updateHeadPodServeLabel`).
    NoHead {
        /// Which one.
        cluster: ClusterId,
    },
    /// Only appended worker groups or `suspend` differ: the cluster is updated in place.
    UpdatedInPlace {
        /// Which one.
        cluster: ClusterId,
        /// Whether its groups get no `replicas`, as in an incremental upgrade.
        without_replicas: bool,
    },
    /// The Serve config is another one, or the cluster has none.
    Submitted {
        /// Which one.
        cluster: ClusterId,
        /// Whether it has had none so far.
        first: bool,
    },
    /// Gateway and route are not ready: no capacity moves.
    GatewayNotReady,
    /// Traffic has not caught up with the capacity: it moves first.
    TrafficBehind {
        /// `target_capacity` of the cluster that traffic goes to.
        target_capacity: i32,
        /// Its traffic, percent.
        traffic: i32,
    },
    /// `target_capacity` moves by up to `maxSurgePercent`: up while both are 100 or less together,
    /// otherwise down.
    CapacityMoved {
        /// Which one.
        cluster: ClusterId,
        /// Before.
        from: i32,
        /// After.
        to: i32,
    },
    /// Traffic moves by `stepSizePercent`, up to the capacity of where it goes.
    TrafficMoved {
        /// What the new cluster had.
        from: i32,
        /// What it has.
        to: i32,
    },
    /// The goal is not the new cluster's any more: everything goes back to the old one first.
    RollbackBegan,
    /// The goal is the new cluster's again.
    RollbackCancelled,
    /// Everything is back with the old cluster; the new one belongs to nobody any more.
    RollbackDone {
        /// The new one.
        cluster: ClusterId,
    },
    /// `suspend`: all that it owns is to go.
    Suspends,
    /// The cluster goes for that.
    SuspendDeletes {
        /// Which one.
        cluster: ClusterId,
    },
    /// It owns nothing, until `suspend` is taken back.
    Suspended,
    /// `suspend` was taken back.
    Resumes,
    /// It serves from now on.
    Promoted {
        /// The one before.
        old: Option<ClusterId>,
        /// It.
        new: ClusterId,
    },
}
