//! How many replicas Ray Serve wants of a deployment.
//!
//! Handles (the proxies' and other replicas' routers) count the requests that wait with them and
//! those that run, and tell the controller now and then ([`handle`]). The controller adds the
//! counts up ([`merge`]), divides by the target, and moves its own target after a delay
//! ([`step`]). Its loop turns every 0.1 s.
//!
//! All times are seconds as floats and all sums keep upstream's order, so that answers agree with
//! upstream bit for bit. Starting replicas is somebody else's.
//!
//! A policy of the user's own, of a deployment or of a whole application, is code that no manifest
//! shows; Serve applies the same factors, delays and bounds to what it returns
//! ([`shape_desired`]).
//!
//! Upstream: ray 2.60.0 serve/autoscaling_policy.py, serve/_private/autoscaling_state.py.

mod bounds;
pub mod config;
mod decision;
pub mod handle;
pub mod merge;
mod reports;
mod sum;
mod trace;

#[cfg(test)]
mod tests;

pub use bounds::{Bounds, CapacityDirection, TargetCapacity, adjusted};
pub use config::{Aggregation, Config};
pub use decision::{Context, shape_desired, step};
pub use reports::{Report, Reports, Source, requests};
pub use trace::{Cause, Limit, Trace};

/// One value of a series, seen at a time in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// When.
    pub at: f64,
    /// How many requests.
    pub value: f64,
}

/// A replica, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReplicaId(pub u32);

/// A handle, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HandleId(pub u32);

/// Which way a target moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More replicas.
    Up,
    /// Fewer.
    Down,
}

/// A wish that waits for its delay to pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiting {
    /// What is wished for.
    pub direction: Direction,
    /// Since when, without a break.
    pub since: f64,
}

/// What is remembered between two turns of the loop.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    /// The wish that waits, if any.
    pub waiting: Option<Waiting>,
}

/// What is seen of a deployment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// Replicas that run.
    pub running: u32,
    /// The target that replicas are started and stopped for.
    pub target: i64,
    /// Requests that wait or run, aggregated.
    pub requests: f64,
}

/// One turn of the loop.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The target from now on.
    pub target: i64,
    /// What to remember.
    pub state: State,
    /// Why.
    pub trace: Trace,
}
