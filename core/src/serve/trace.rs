//! Why Serve answered as it did: numbers only, in the order in which the rules run.

use super::config::Aggregation;
use super::{Direction, HandleId};

/// Everything that had a part in one answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// In the order of the rules.
    pub causes: Vec<Cause>,
}

/// What holds a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `min_replicas`.
    MinReplicas,
    /// `initial_replicas`, as long as `target_capacity` rises.
    InitialReplicas,
    /// `max_replicas`.
    MaxReplicas,
}

/// One rule that had a part in an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause {
    /// A handle has not reported for too long, or its actor is dead: its counts are forgotten.
    HandleForgotten {
        /// Which.
        handle: HandleId,
        /// Seconds without a report, and how many are allowed.
        silent: f64,
        /// The limit.
        timeout: f64,
        /// Whether its actor is dead.
        dead: bool,
    },
    /// The requests that all series together show.
    Aggregated {
        /// How.
        function: Aggregation,
        /// Series that had samples.
        series: usize,
        /// Since when they are looked at.
        since: f64,
        /// The result.
        requests: f64,
    },
    /// Nothing runs and requests wait: replicas are wanted at once.
    ColdStart {
        /// Requests that wait.
        requests: f64,
        /// `upscaling_factor`.
        factor: f64,
        /// The target so far.
        target: i64,
        /// The answer.
        wanted: i64,
    },
    /// Nothing runs and nothing waits: the target stays as it is.
    NothingRuns {
        /// The target so far.
        target: i64,
    },
    /// `running * (requests / (target * running))`.
    Ratio {
        /// Replicas that run.
        running: u32,
        /// Requests that wait or run.
        requests: f64,
        /// `target_ongoing_requests`.
        target_each: f64,
        /// The answer, not rounded.
        desired: f64,
    },
    /// A factor other than 1 stretches or shortens the way.
    Scaled {
        /// Which of the two factors.
        direction: Direction,
        /// The factor.
        factor: f64,
        /// Replicas that run.
        running: u32,
        /// Without it.
        desired: f64,
        /// With it.
        wanted: i64,
    },
    /// A small factor would hold the count for ever: one replica less.
    OneLess {
        /// Replicas that run.
        running: u32,
        /// The answer.
        wanted: i64,
    },
    /// The target is what is wanted: nothing waits any more.
    Steady {
        /// The target.
        target: i64,
    },
    /// More than one replica never goes to none at once.
    NotBelowOne,
    /// The wish waits.
    Waits {
        /// Which way.
        direction: Direction,
        /// The target.
        target: i64,
        /// What is wanted now.
        wanted: i64,
        /// Since when.
        since: f64,
        /// For how long, in seconds.
        delay: f64,
        /// Whether the delay is the one for the way from one to none.
        to_zero: bool,
    },
    /// The wish has waited long enough: what is wanted now becomes the target.
    DelayOver {
        /// Which way.
        direction: Direction,
        /// The target before.
        target: i64,
        /// What is wanted now.
        wanted: i64,
        /// Since when it waited.
        since: f64,
        /// For how long it had to, in seconds.
        delay: f64,
        /// Whether the delay is the one for the way from one to none.
        to_zero: bool,
    },
    /// Rounded up to whole gangs.
    GangRounded {
        /// Replicas of a gang.
        gang: i64,
        /// Before.
        from: i64,
        /// After.
        to: i64,
    },
    /// A bound holds the count.
    Limited {
        /// Which.
        limit: Limit,
        /// Before.
        from: i64,
        /// After.
        to: i64,
    },
}
