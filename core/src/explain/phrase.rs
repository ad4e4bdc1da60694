//! Everything that is said, as values: one variant for each thing to say, numbers only.
//!
//! [`en`](super::en) and [`ko`](super::ko) are exhaustive matches over these, so that a new rule
//! points at both languages.

use crate::hpa::{
    Direction, Limit, Pass, ScalingPolicy, SelectPolicy, SelectorProblem, Settings, Standing,
};
use crate::keda::{self, TriggerState};
use crate::report::Language;
use crate::report::Message;
use crate::time::{Duration, Instant};

/// Something to say.
pub(crate) trait Phrase {
    /// In English.
    fn en(&self) -> Message;

    /// In Korean.
    fn ko(&self) -> Message;

    /// In `language`.
    fn say(&self, language: Language) -> Message {
        match language {
            Language::En => self.en(),
            Language::Ko => self.ko(),
        }
    }

    /// In `language`, as plain text.
    fn text(&self, language: Language) -> String {
        self.say(language).to_string()
    }
}

/// Headings of the ledger.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Title<'a> {
    Scale,
    Bounds,
    Metric(&'a str),
    FilledIn,
    Proposal,
    SeveralMetrics,
    MetricsFailed,
    Stabilization,
    ScaleUpLimit,
    Policies(Direction),
    Limits,
    Written,
    Triggers,
    Activation,
    Cooldown,
    Demand,
    Plan,
    Launch,
    Resize,
    IdleNodes,
    Stop,
    GaveUp,
    Requests,
    ColdStart,
    Factor,
    Delay,
    Gangs,
    Pods,
    Status,
    Clusters,
    Job,
    ServeConfig,
    Capacity,
    Traffic,
}

/// What an HPA makes of its metrics. Amounts come as they are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MetricPhrase<'a> {
    PodsCounted {
        ready: usize,
        unready: usize,
        missing: usize,
        ignored: usize,
    },
    /// Samples of pods that the selector does not list.
    Unlisted {
        pods: usize,
    },
    UsageOfRequests {
        usage: &'a str,
        requests: &'a str,
        average: &'a str,
        pods: usize,
        pass: Pass,
    },
    /// `parts` are the containers that are added up, as `web 500m + proxy 100m`.
    RequestOfPod {
        whole: &'a str,
        parts: &'a str,
    },
    /// What the least and the most busy of the counted pods show.
    Spread {
        least: &'a str,
        most: &'a str,
    },
    AverageUsage {
        average: &'a str,
        target: &'a str,
        pods: usize,
        pass: Pass,
    },
    /// `given` is what the missing pods are given in all.
    PodsFilledIn {
        missing: usize,
        given: &'a str,
        unready: usize,
    },
    WithinTolerance {
        ratio: f64,
        low: f64,
        high: f64,
    },
    OutsideTolerance {
        ratio: f64,
        low: f64,
        high: f64,
    },
    Flipped {
        ratio: f64,
        filled: f64,
    },
    WrongDirection {
        refused: i32,
        current: i32,
    },
    FromZero,
    PerReplica,
    /// Where the proposal leaves the present count.
    Staircase {
        current: i32,
        fewer: Flight<'a>,
        more: Flight<'a>,
    },
    Failed(&'a str),
    /// Where the metrics API is asked.
    AskedAt(&'a str),
    SomeFailed {
        failed: usize,
        metrics: usize,
        proposal: Option<i32>,
        current: i32,
    },
    LargestWins {
        name: &'a str,
    },
    /// Metrics failed, and the winner scales all the same.
    FailedDoNotStop {
        failed: usize,
    },
}

/// Where a step of a staircase begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound<'a> {
    /// At this level.
    At(&'a str),
    /// Beyond it, seen from the present count.
    Beyond(&'a str),
}

/// Steps of a staircase in one direction: each a level and the count there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Flight<'a> {
    pub(crate) steps: &'a [(Bound<'a>, i32)],
    /// Whether some are left out before the last one.
    pub(crate) is_folded: bool,
}

/// As what a pod counted, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PodPhrase<'a> {
    /// The label of pods that count with their samples, and of those that do not count.
    Counted,
    Ignored,
    Why(Standing, &'a Settings),
}

/// What an HPA does around its metrics.
#[derive(Clone, Copy, Debug)]
pub(crate) enum HpaPhrase<'a> {
    ScaleUnavailable(&'a str),
    ScalingDisabled {
        min: i32,
    },
    AboveMax {
        current: i32,
        max: i32,
    },
    BelowMin {
        current: i32,
        min: i32,
    },
    SelectorUnusable(SelectorProblem),
    /// `kept` is the present count if that holds before the recommendation is reached. A
    /// recommendation before 0 is so old at a look at 0, which is right now.
    Stabilized {
        direction: Direction,
        window: Duration,
        held_by: Instant,
        recommendation: i32,
        kept: Option<i32>,
    },
    /// `direction` is none if the count stays anyway.
    NotStabilized {
        direction: Option<Direction>,
        window: Duration,
    },
    Limited {
        limit: &'a Limit,
        from: i32,
        to: i32,
    },
    /// The policy that a policy limit names.
    Policy {
        direction: Direction,
        index: usize,
        policy: ScalingPolicy,
        /// Of so many policies, and what chose it.
        policies: usize,
        select: SelectPolicy,
    },
    /// A policy that was not chosen.
    OtherPolicy {
        direction: Direction,
        index: usize,
        policy: ScalingPolicy,
        added: i32,
        removed: i32,
        allowed: i32,
    },
    NotLimited {
        min: i32,
        max: i32,
    },
    RaisedToMin {
        to: i32,
    },
    UpdateFailed,
    /// Beside the big numbers.
    Wants {
        wanted: i64,
        binding: Option<Binding<'a>>,
    },
    /// As well, where the window asks for the other way.
    Remembers {
        wanted: i64,
        asks: i64,
        binding: Option<Binding<'a>>,
    },
}

/// What holds a count, beside the big numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Binding<'a> {
    /// A field, as it is spelled.
    Field(&'a str),
    /// The window of earlier recommendations.
    Window,
    /// What one look may add without `behavior`.
    Factor,
    /// A metric that failed: nothing goes down then.
    FailedMetric,
}

/// What KEDA finds and does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KedaPhrase<'a> {
    Trigger { metric: &'a str, state: TriggerState, activation: f64, is_cron: bool },
    OnlyResources,
    Forced,
    Activated { from: i32, to: i32 },
    Paused(keda::Direction),
    PartlyFailed,
    StaysActive,
    Failed { fallback: bool },
    CoolingDown { until: Instant, period: Duration, initial: bool },
    Deactivated { from: i32, to: i32, idle: bool, initial: bool },
    RaisedToMin { to: i32 },
    NothingToDo,
}

/// What a Ray autoscaler wants.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RayPlanPhrase<'a> {
    NothingWaits,
    Waits { count: u32, shape: &'a str },
    GangsWait { count: usize },
    Constraint,
    FitsExisting { placed: u32, nodes: u32 },
    Fallback { group: &'a str, placed: u32 },
    NewNodes { nodes: u32, group: &'a str, placed: u32, runner_up: Option<&'a str> },
    MinNodes { group: &'a str, nodes: i64, min: i64 },
    TooManyOfType { group: &'a str, nodes: i64, max: i64 },
    TooMany { nodes: i64, max: i64 },
    TypeFull { group: &'a str, max: i64 },
    ClusterFull { max: i64 },
    Infeasible { count: u32, shortage: Option<Shortage<'a>> },
    Dropped { unplaced: u32 },
    Unavailable { group: &'a str },
    HeadNotRunning,
    Reported { group: &'a str, resource: &'a str, believed: f64, reported: f64 },
}

/// Why the closest group can't take something.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shortage<'a> {
    Resource { group: &'a str, resource: &'a str, needed: f64, has: f64 },
    Labels { group: &'a str },
    Full { group: &'a str },
}

/// What a Ray autoscaler does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RayPhrase<'a> {
    LaunchRate { group: &'a str, queued: i64, launched: i64, in_flight: i64, limit: i64 },
    PendingLimit { group: &'a str, queued: i64, launched: i64, pending: i64, limit: i64 },
    LaunchFailed { group: &'a str },
    Allocated { pods: usize },
    TimedOut { group: &'a str, status: &'a str, timeout_s: i64 },
    IdleKept { pods: usize, idle: Duration, timeout: f64 },
    Kept { pods: usize, by: KeptReason },
    Stopped { pods: usize, group: &'a str, why: StopReason },
    DrainRefused,
    Stuck(&'a str),
    Failures { failures: u32, most: u32 },
    TooSoon { since: Duration },
    Config(&'a str),
}

/// Pods that a Ray autoscaler resizes in place. Sizes come as they are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RayResizePhrase<'a> {
    Grows { group: &'a str, placed: u32, pods: u32 },
    Asked { pods: usize, from: &'a str, to: &'a str },
    Suggested { most: &'a str },
    Failed { pods: usize, timed_out: bool },
    Done { pods: usize, to: &'a str },
}

/// What a Serve controller makes of the requests that it sees.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ServePhrase<'a> {
    Seen { function: &'a str, series: usize, since: Instant, requests: f64 },
    Forgotten { silent: Duration },
    ColdStart { requests: f64, wanted: i64 },
    NothingRuns { target: i64 },
    Ratio { running: u32, requests: f64, target_each: f64, desired: f64 },
    Scaled { factor: f64, running: u32, desired: f64, wanted: i64 },
    OneLess,
    Steady { target: i64 },
    NotBelowOne,
    Waits { wanted: i64, target: i64, field: &'a str, since: Instant, delay: Duration },
    DelayOver { wanted: i64, field: &'a str, since: Instant, delay: Duration },
    Gangs { gang: i64, from: i64, to: i64 },
    Limited { field: &'a str, from: i64, to: i64 },
}

/// What a Ray autoscaler writes into its RayCluster.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RayPatchPhrase<'a> {
    PendingDeletes {
        group: &'a str,
    },
    Capped {
        group: &'a str,
        wanted: i64,
        max: i64,
    },
    PartOfReplica {
        group: &'a str,
        hosts: i64,
        num_of_hosts: i64,
    },
    NotPatchable {
        group: &'a str,
    },
    Patched {
        group: &'a str,
        replicas: i64,
    },
    /// Pods named in `workersToDelete`; none clears it.
    Named {
        group: &'a str,
        pods: usize,
    },
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
    GroupRemoved,
}

/// One autoscaler over the whole run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum VerdictPhrase<'a> {
    RayAutoscaler {
        cluster: &'a str,
    },
    NoScale,
    /// The API server's first complaint, and how many more there are. What follows is predicted
    /// with other values of fields, or without them; nothing can be if there is no list.
    Refused {
        error: &'a str,
        more: usize,
        mended: Option<&'a [(String, Option<i32>)]>,
    },
    /// KubeRay's first complaint about a RayCluster, and how many more there are. What follows is
    /// predicted as if there were none.
    RefusedByKubeRay {
        error: &'a str,
        more: usize,
    },
    /// KEDA never writes a count.
    LeftToHpa,
    /// The condition's reason; `at_end`: after moves that were told.
    Failed {
        reason: &'a str,
        at_end: bool,
    },
    /// Ray's exception, where it can't read its RayCluster.
    Unconfigured {
        exception: &'a str,
    },
    Stays {
        count: f64,
        what: What,
        held: Option<HeldBy<'a>>,
    },
    /// A Ray autoscaler whose cluster has no head, for whatever reason.
    NoHead {
        suspended: bool,
    },
    /// It changes nothing, others do.
    Left {
        from: f64,
        to: f64,
        what: What,
    },
    /// At least one move; `held` tells from which move on something holds the count. `more` moves
    /// are not told.
    Moves {
        moves: &'a [Move],
        what: What,
        held: Option<(usize, HeldBy<'a>)>,
        more: usize,
    },
    Unserved {
        requests: f64,
    },
    /// Requests that wait at once, at most.
    Queued {
        most: f64,
    },
    Unplaced {
        count: f64,
        why: Option<Lack<'a>>,
    },
    WorkStarts {
        at: Instant,
    },
}

/// Why work still waits at the end, if there is one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack<'a> {
    /// No group has enough of this resource.
    Resource(&'a str),
    /// This group would take it, and is full.
    Room(&'a str),
    /// No group has the labels.
    Labels,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Replicas,
    Workers,
    Pods,
}

/// From one count to another, beginning at `began` and there at `at`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Move {
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) began: Instant,
    pub(crate) at: Instant,
}

impl Move {
    pub(crate) fn is_up(&self) -> bool {
        self.to > self.from
    }

    /// Whether it does not begin where `previous` ended: somebody else set the count between.
    pub(crate) fn starts_anew(&self, previous: Option<&Self>) -> bool {
        previous.is_none_or(|it| it.to != self.from)
    }
}

/// The field that holds a count, the most that is wanted, and for how long too much is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HeldBy<'a> {
    pub(crate) binding: &'a str,
    pub(crate) wanted: f64,
    /// Whether it would want still more, had the run not ended at that number.
    pub(crate) or_more: bool,
    pub(crate) lasted: Duration,
}

/// What charts and their series are called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ChartPhrase<'a> {
    Load(&'a str),
    Metric(&'a str),
    MetricValue(&'a str),
    Queue(&'a str),
    Replicas(&'a str),
    Workers(&'a str),
    Nodes,
    SeriesLoad,
    SeriesServed,
    SeriesUnserved,
    SeriesMetric(&'a str),
    SeriesTarget,
    SeriesBand { upper: bool },
    SeriesDesired,
    SeriesReady,
    SeriesMax { field: &'a str, value: Option<f64> },
    SeriesWithoutCap,
    SeriesRequested(&'a str),
    SeriesRunning(&'a str),
    SeriesPending,
    SeriesNodesUsed,
    SeriesUnschedulable,
    NoteUnserved { requests: f64 },
    SeriesWaiting,
    NoteQueue,
    Requests(&'a str),
    SeriesQueued,
    SeriesOngoing,
    NoteRequests,
    SeriesReplicasRun,
    SeriesStarting,
    NoteServeReplicas,
    NoteTarget { target: &'a str, down: f64, up: f64 },
    NoteReplicas,
    NoteWorkers,
    NoteNodes { count: usize },
}

/// Bindings, expectations, decisions and what could not be simulated.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NotePhrase<'a> {
    Binds { from: Instant, to: Instant },
    TryValue { value: i64 },
    Alternative { field: &'a str, value: &'a str, result: f64 },
    Unschedulable { pod: &'a str, resource: &'a str, nodes: usize, unmatched: usize },
    PodLimit { most: usize },
    StepLimit,
    WorkLimit { cluster: &'a str, most: u64 },
    WorkLost { cluster: &'a str, count: u64 },
    WorkSuspended { cluster: &'a str, count: u64 },
    DecisionTitle { name: &'a str, number: usize, at: Instant },
    Expected { what: &'a str, bound: &'a str, when: Option<When>, got: f64, met: bool },
}

/// When something is expected.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    By(Instant),
    From(Instant),
}

/// Lets both languages say each kind of phrase.
macro_rules! said {
    ($($phrase:ty, $say_en:path, $say_ko:path;)*) => {
        $(impl Phrase for $phrase {
            fn en(&self) -> Message {
                $say_en(self)
            }

            fn ko(&self) -> Message {
                $say_ko(self)
            }
        })*
    };
}

use super::{en, ko};

said! {
    Title<'_>, en::title, ko::title;
    MetricPhrase<'_>, en::metric, ko::metric;
    PodPhrase<'_>, en::pod, ko::pod;
    HpaPhrase<'_>, en::hpa, ko::hpa;
    KedaPhrase<'_>, en::keda, ko::keda;
    ServePhrase<'_>, en::serve, ko::serve;
    RayPlanPhrase<'_>, en::ray_plan, ko::ray_plan;
    RayPhrase<'_>, en::ray, ko::ray;
    RayResizePhrase<'_>, en::ray_resize, ko::ray_resize;
    RayPatchPhrase<'_>, en::ray_patch, ko::ray_patch;
    VerdictPhrase<'_>, en::verdict, ko::verdict;
    ChartPhrase<'_>, en::chart, ko::chart;
    NotePhrase<'_>, en::note, ko::note;
}
