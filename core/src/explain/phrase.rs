//! Everything that is said, as values: one variant for each thing to say, numbers only.
//!
//! [`en`](super::en) and [`ko`](super::ko) are exhaustive matches over these, so that a new rule
//! points at both languages.

use crate::hpa::{Direction, Limit, Pass};
use crate::report::Language;
use crate::report::Message;
use crate::time::{Duration, Instant};

/// One thing to say.
#[derive(Clone, Debug)]
pub(crate) enum Phrase<'a> {
    // Headings of the ledger.
    Scale,
    Bounds,
    Metric(&'a str),
    Proposal,
    FilledIn,
    SeveralMetrics,
    Stabilization,
    Policies,
    Limits,
    MetricsFailed,
    Written,

    // HPA: sentences of the ledger.
    ScaleUnavailable(&'a str),
    ScalingDisabled { min: i32 },
    AboveMax { current: i32, max: i32 },
    BelowMin { current: i32, min: i32 },
    SelectorUnusable,
    PodsCounted { ready: usize, unready: usize, missing: usize, ignored: usize },
    UsageOfRequests { usage: i64, requests: i64, pods: usize, pass: Pass },
    AverageUsage { average: &'a str, target: &'a str, pods: usize },
    PodsFilledIn { missing: usize, unready: usize, up: bool },
    WithinTolerance { ratio: f64, low: f64, high: f64 },
    OutsideTolerance { ratio: f64, low: f64, high: f64 },
    Flipped { ratio: f64, filled: f64 },
    WrongDirection { refused: i32, current: i32 },
    FromZero,
    PerReplica,
    MetricFailed(&'a str),
    AllFailed { failed: usize, metrics: usize, proposal: Option<i32>, current: i32 },
    LargestWins { name: &'a str },
    Stabilized { direction: Direction, window: Duration, held_by: Instant, recommendation: i32 },
    NotStabilized,
    Limited { limit: &'a Limit, to: i32 },
    NotLimited { min: i32, max: i32 },
    RaisedToMin { to: i32 },
    UpdateFailed,

    // Beside the big numbers.
    Wants { wanted: i64, binding: Option<&'a str> },

    // Ray: headings and sentences.
    RayDemand,
    RayPlan,
    RayLaunch,
    RayIdle,
    RayStop,
    RayStuckTitle,
    RayNothingWaits,
    RayWaits { count: u32, shape: &'a str },
    RayGangsWait { count: usize },
    RayConstraint,
    RayFitsExisting { placed: u32, nodes: u32 },
    RayNewNodes { nodes: u32, group: &'a str, placed: u32, runner_up: Option<&'a str> },
    RayMinNodes { group: &'a str, nodes: i64, min: i64 },
    RayTooMany { nodes: i64, max: i64 },
    RayTypeFull { group: &'a str, max: i64 },
    RayClusterFull { max: i64 },
    RayInfeasible { count: u32, shortage: Option<(&'a str, &'a str, f64, f64)> },
    RayDropped { unplaced: u32 },
    RayLaunchRate { group: &'a str, queued: i64, launched: i64, in_flight: i64, limit: i64 },
    RayPendingDeletes { group: &'a str },
    RayCapped { group: &'a str, wanted: i64, max: i64 },
    RayPartOfReplica { group: &'a str, hosts: i64, num_of_hosts: i64 },
    RayNotPatchable { group: &'a str },
    RayPatched { group: &'a str, replicas: i64 },
    RayNamed { group: &'a str, pods: usize },
    RayIdleKept { pods: usize, idle: Duration, timeout: f64 },
    RayKept { pods: usize, by: &'a KeptReason },
    RayStopped { pods: usize, group: &'a str, why: &'a StopReason },
    RayAllocated { pods: usize },
    RayLaunchFailed { group: &'a str },
    RayTimedOut { group: &'a str, status: &'a str, timeout_s: i64 },
    RayUnavailable { group: &'a str },
    RayDrainRefused,
    RayHeadNotRunning,
    RayStuck(&'a str),
    RayConfig(&'a str),

    // Verdicts.
    VerdictStays { replicas: f64, what: What },
    VerdictNoScale,
    VerdictFailed { reason: &'a str },
    VerdictMoves { moves: &'a [Move], what: What },
    VerdictHeld { binding: &'a str, wanted: f64, lasted: Duration },
    VerdictUnserved { requests: f64 },
    VerdictUnplaced { count: f64, resource: Option<&'a str> },
    VerdictWorkStarts { at: Instant },

    // Charts.
    ChartLoad(&'a str),
    ChartMetric(&'a str),
    ChartReplicas(&'a str),
    ChartWorkers(&'a str),
    ChartNodes,
    SeriesLoad,
    SeriesServed,
    SeriesUnserved,
    SeriesMetric(&'a str),
    SeriesTarget,
    SeriesBand { upper: bool },
    SeriesDesired,
    SeriesReady,
    SeriesMax { field: &'a str, value: f64 },
    SeriesWithoutCap,
    SeriesRequested(&'a str),
    SeriesRunning(&'a str),
    SeriesPending,
    SeriesNodesUsed,
    SeriesUnschedulable,
    NoteUnserved { requests: f64 },
    NoteTarget { target: i32, tolerance: f64 },
    NoteReplicas,
    NoteWorkers,
    NoteNodes { count: usize },

    // Bindings, expectations and notes.
    Binds { from: Instant, to: Instant },
    TryValue { value: i64 },
    Alternative { field: &'a str, value: &'a str, result: f64 },
    Unschedulable { pod: &'a str, resource: &'a str, nodes: usize },
    PodLimit { most: usize },
    StepLimit,
    WorkLimit { cluster: &'a str, most: u64 },
    DecisionTitle { name: &'a str, number: usize, at: Instant },
    RayAutoscaler { cluster: &'a str },
    Expected { what: &'a str, bound: &'a str, got: f64, met: bool },
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Replicas,
    Workers,
}

/// From one count to another, at last by `at`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Move {
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) at: Instant,
}

/// What keeps an idle node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeptReason {
    Demands,
    Constraint,
    MinNodes,
}

/// Why a node goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum StopReason {
    Idle { idle: Duration, timeout_s: f64 },
    MaxOfType { max: i64 },
    Max { max: i64 },
}

impl Phrase<'_> {
    /// The sentence in `language`.
    pub(crate) fn say(&self, language: Language) -> Message {
        match language {
            Language::En => super::en::say(self),
            Language::Ko => super::ko::say(self),
        }
    }

    /// The sentence in `language`, as plain text.
    pub(crate) fn text(&self, language: Language) -> String {
        self.say(language).to_string()
    }
}
