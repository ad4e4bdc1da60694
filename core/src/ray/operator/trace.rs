//! Why the operator made and deleted pods, or did not.

/// The rules that decided, in the order in which they ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// One after another.
    pub causes: Vec<Cause>,
}

/// One rule that decided. `group` is the group's number in the RayCluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The whole cluster goes to sleep: all pods are deleted, of which so many were not yet.
    Suspending {
        /// Pods.
        pods: usize,
    },
    /// The cluster sleeps, or will; nothing is done.
    Suspended,
    /// The upgrade strategy is `Recreate` and the spec is another one: all pods are deleted.
    SpecChanged {
        /// Pods that were not on their way out.
        pods: usize,
    },
    /// The deleted head is still there: nothing is done about it.
    HeadGoes,
    /// The head ended and is deleted; no group is looked at.
    HeadEnded,
    /// There is no head, and it must not be made again; no group is looked at.
    HeadNotMadeAgain,
    /// There is no head, so one is made.
    HeadMade,
    /// There are several heads, which only a person can have made; no group is looked at.
    SeveralHeads {
        /// How many.
        count: usize,
    },
    /// Deleted pods of the group are still there: it is left alone.
    PodsGo {
        /// Which one.
        group: usize,
    },
    /// The group is suspended: its pods are deleted.
    GroupSuspended {
        /// Which one.
        group: usize,
        /// Pods that were not on their way out.
        pods: usize,
    },
    /// Pods ended and are deleted. Without several hosts the pass ends here.
    PodsEnded {
        /// Which one.
        group: usize,
        /// How many, the others of their replicas included.
        pods: usize,
    },
    /// Pods of `workersToDelete` are deleted, with several hosts their whole replicas. Then the
    /// pass ends with several hosts.
    PodsNamed {
        /// Which one.
        group: usize,
        /// How many.
        pods: usize,
    },
    /// A replica that lacks hosts is deleted; the pass ends.
    ReplicaIncomplete {
        /// Which one.
        group: usize,
        /// How many hosts were left of it.
        pods: usize,
        /// `numOfHosts`.
        num_of_hosts: i64,
    },
    /// Missing pods are made.
    PodsMade {
        /// Which one.
        group: usize,
        /// How many pods the group should have.
        desired: i64,
        /// How many are made.
        pods: i64,
    },
    /// There are more pods than there should be.
    Surplus {
        /// Which one.
        group: usize,
        /// How many pods the group should have.
        desired: i64,
        /// How many too many.
        pods: i64,
        /// Whether they stay, since the autoscaler alone says which may go.
        kept: bool,
    },
}
