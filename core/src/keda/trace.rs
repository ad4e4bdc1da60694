//! Why a poll ended as it did: every rule that decided, with its numbers.

use crate::time::{Duration, Instant};

/// The causes of one poll, in the order in which the rules ran.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// In that order.
    pub causes: Vec<Cause>,
}

/// One rule that was applied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause {
    /// What a trigger was found to be.
    Trigger {
        /// Index in `spec.triggers`.
        trigger: usize,
        /// What.
        state: TriggerState,
    },
    /// There are only CPU and memory triggers: always active.
    OnlyResources,
    /// An annotation says that it is active.
    Forced,
    /// Active, and the count is 0, or below `minReplicaCount` in idle mode.
    Activated {
        /// `spec.replicas` before.
        from: i32,
        /// After.
        to: i32,
    },
    /// An annotation holds this direction.
    Paused(Direction),
    /// Active, but a trigger failed: the time of the last activity stays.
    PartlyFailed,
    /// Active: the cooldown starts anew.
    StaysActive,
    /// A trigger failed: nothing is done while the fallback is awaited, or at all if there is none.
    Failed {
        /// Whether a fallback is set.
        fallback: bool,
    },
    /// Not active, but not for long enough.
    CoolingDown {
        /// From when on it may go down.
        until: Instant,
        /// How long it waits.
        period: Duration,
        /// Whether it never was active, so that the initial period counts.
        initial: bool,
    },
    /// Not active for long enough.
    Deactivated {
        /// `spec.replicas` before.
        from: i32,
        /// After.
        to: i32,
        /// Whether `idleReplicaCount` says so.
        idle: bool,
        /// Whether it never was active, so that only the initial period counted.
        initial: bool,
    },
    /// Not active and below `minReplicaCount`.
    RaisedToMin {
        /// `spec.replicas` before.
        from: i32,
        /// After.
        to: i32,
    },
    /// Not active, and nothing to do: it is down already, or the HPA decides.
    NothingToDo,
}

/// What a trigger was found to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TriggerState {
    /// Above its activation threshold.
    Active {
        /// In milli units.
        value_milli: i64,
    },
    /// At or below it.
    Inactive {
        /// In milli units.
        value_milli: i64,
    },
    /// The formula reads it; by itself it activates nothing.
    Read {
        /// In milli units.
        value_milli: i64,
    },
    /// A formula that is not asked, since a trigger fails.
    Withheld,
    /// A formula that fails on these values: not active, and the HPA is told nothing.
    NoResult,
    /// Its source does not answer.
    Failed {
        /// How often in a row; 0 if nobody counts.
        failures: i32,
    },
    /// Its source does not answer, and the fallback stands in for it: active.
    Fallback {
        /// How often in a row.
        failures: i32,
        /// What the HPA is told, in milli units.
        value_milli: i64,
    },
}

/// Which way the count goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More replicas.
    Out,
    /// Fewer replicas.
    In,
}
