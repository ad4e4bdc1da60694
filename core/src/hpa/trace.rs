//! Why the HPA answered as it did: every rule that changed or withheld the answer, with its
//! numbers.
//!
//! The causes stand in the order in which the rules ran. Together with the formulas below they
//! suffice to redo the arithmetic by hand; nothing needs to be computed again to explain a
//! decision.

use crate::time::{Duration, Instant};

/// The causes of one sync.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// In the order in which the rules ran.
    pub causes: Vec<Cause>,
}

impl Trace {
    pub(super) fn push(&mut self, cause: Cause) {
        self.causes.push(cause);
    }

    /// Room for what one metric says, so that it is asked for once.
    pub(super) fn make_room(&mut self) {
        if self.causes.capacity() == 0 {
            self.causes = Vec::with_capacity(6);
        }
    }
}

/// One rule that was applied. `metric` is the index in `spec.metrics`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause {
    /// The target's scale can't be read; nothing else is looked at.
    ScaleUnavailable,
    /// `current_replicas` is 0 and it was not the HPA that scaled to zero (or `minReplicas` is 0
    /// and no Object or External metric could wake it): it keeps out until someone scales up.
    ScalingDisabled {
        /// `minReplicas`.
        min_replicas: i32,
    },
    /// `current_replicas > max_replicas`: straight to `max_replicas`; metrics are not read.
    AboveMax {
        /// `scale.spec.replicas`.
        current_replicas: i32,
        /// `maxReplicas`.
        max_replicas: i32,
    },
    /// `current_replicas < min_replicas`: straight to `min_replicas`; metrics are not read.
    BelowMin {
        /// `scale.spec.replicas`.
        current_replicas: i32,
        /// `minReplicas`.
        min_replicas: i32,
    },
    /// The pods can't be told by the scale's selector, so no metric is read.
    SelectorUnusable(SelectorProblem),
    /// Who counts: `ready` pods are averaged over, `unready` and `ignored` ones have their samples
    /// dropped, `missing` ones have none.
    PodsGrouped {
        /// Index in `spec.metrics`.
        metric: usize,
        /// Pods whose sample counts.
        ready: usize,
        /// Pending, or (cpu only) not ready or freshly started.
        unready: usize,
        /// Pods without a sample.
        missing: usize,
        /// Failed or being deleted.
        ignored: usize,
        /// Samples of pods that the selector does not list.
        unlisted: usize,
    },
    /// `utilization = usage_milli * 100 / requests_milli`, truncated to a whole percent;
    /// `ratio = utilization / target`; `average_milli = usage_milli / pods`, truncated.
    Utilization {
        /// Index in `spec.metrics`.
        metric: usize,
        /// Before or after filling in.
        pass: Pass,
        /// Sum of the samples.
        usage_milli: i64,
        /// Sum of the same pods' requests.
        requests_milli: i64,
        /// Pods in the sums.
        pods: usize,
        /// Percent, truncated.
        utilization: i32,
        /// `averageUtilization`.
        target: i32,
        /// Usage divided by the pods.
        average_milli: i64,
        /// `utilization / target`.
        ratio: f64,
    },
    /// `average_milli = usage_milli / samples`, truncated; `ratio = average_milli / target_milli`.
    AverageValue {
        /// Index in `spec.metrics`.
        metric: usize,
        /// Before or after filling in.
        pass: Pass,
        /// Sum of the samples.
        usage_milli: i64,
        /// Samples in the sum.
        samples: usize,
        /// Their average.
        average_milli: i64,
        /// `averageValue`.
        target_milli: i64,
        /// `average_milli / target_milli`.
        ratio: f64,
    },
    /// Pods without a usable sample were counted all the same. With `ratio < 1` each missing pod
    /// counts as `max(100, target)` percent of its request (or as the target value), with
    /// `ratio > 1` as 0; unready pods count as 0, and only with `ratio > 1`.
    PodsFilledIn {
        /// Index in `spec.metrics`.
        metric: usize,
        /// Before filling in.
        ratio: f64,
        /// Missing pods that were filled in.
        missing: usize,
        /// What these were given in all.
        missing_milli: i64,
        /// Unready pods that were counted as 0.
        unready: usize,
    },
    /// `ratio = usage_milli / target_milli` (Object and External with `value`).
    Value {
        /// Index in `spec.metrics`.
        metric: usize,
        /// The value, or the sum of the series.
        usage_milli: i64,
        /// `value`.
        target_milli: i64,
        /// `usage_milli / target_milli`.
        ratio: f64,
    },
    /// `ratio = usage_milli / (target_milli * status_replicas)` (Object and External with
    /// `averageValue`).
    ValuePerReplica {
        /// Index in `spec.metrics`.
        metric: usize,
        /// The value, or the sum of the series.
        usage_milli: i64,
        /// `averageValue`.
        target_milli: i64,
        /// `scale.status.replicas`.
        status_replicas: i32,
        /// As above.
        ratio: f64,
    },
    /// `1 - scale_down <= ratio <= 1 + scale_up`: the proposal is the present count.
    WithinTolerance {
        /// Index in `spec.metrics`.
        metric: usize,
        /// The last ratio.
        ratio: f64,
        /// Tolerance downward.
        scale_down: f64,
        /// Tolerance upward.
        scale_up: f64,
        /// The present count (of the status, for `averageValue` of Object and External).
        proposal: i32,
    },
    /// Filling in moved the ratio across 1: the proposal is the present count.
    Flipped {
        /// Index in `spec.metrics`.
        metric: usize,
        /// Before filling in.
        ratio: f64,
        /// After it.
        filled_ratio: f64,
        /// The present count.
        proposal: i32,
    },
    /// After filling in, `ceil(ratio * pods)` lies on the other side of the present count than the
    /// ratio says: the proposal is the present count.
    WrongDirection {
        /// Index in `spec.metrics`.
        metric: usize,
        /// After filling in.
        ratio: f64,
        /// Pods in the calculation.
        pods: usize,
        /// `ceil(ratio * pods)`.
        refused: i32,
        /// The present count.
        proposal: i32,
    },
    /// `proposal = ceil(ratio * pods)`, in doubles. `pods` are the ready pods, or after filling in
    /// all pods in the calculation.
    Proposed {
        /// Index in `spec.metrics`.
        metric: usize,
        /// The last ratio.
        ratio: f64,
        /// The factor.
        pods: usize,
        /// The metric's answer.
        proposal: i32,
    },
    /// From zero replicas: `proposal = ceil(ratio)`, without tolerance and without pods.
    ProposedFromZero {
        /// Index in `spec.metrics`.
        metric: usize,
        /// `usage / target`.
        ratio: f64,
        /// The metric's answer.
        proposal: i32,
    },
    /// `proposal = ceil(usage_milli / target_milli)`: how many targets fit into the value.
    ProposedPerReplica {
        /// Index in `spec.metrics`.
        metric: usize,
        /// The value, or the sum of the series.
        usage_milli: i64,
        /// `averageValue`.
        target_milli: i64,
        /// The metric's answer.
        proposal: i32,
    },
    /// The metric gave no answer.
    MetricFailed {
        /// Index in `spec.metrics`.
        metric: usize,
        /// Why.
        failure: Failure,
    },
    /// All metrics failed, or some did and the others want fewer than now: nothing is done.
    MetricsFailed {
        /// Metrics that failed.
        failed: usize,
        /// All metrics.
        metrics: usize,
        /// The largest proposal of those that did not, if any.
        proposal: Option<i32>,
        /// `scale.spec.replicas`.
        current_replicas: i32,
    },
    /// The largest proposal, the earlier metric if equal; a negative one counts as 0.
    Recommended {
        /// Index in `spec.metrics` of the winner.
        metric: usize,
        /// What the metrics ask for.
        replicas: i32,
    },
    /// A recommendation within the window was safer. Down: the highest of the window, up: the
    /// lowest; with `behavior` never past the present count.
    Stabilized {
        /// Which way the metrics wanted to go.
        direction: Direction,
        /// How far back recommendations count.
        window: Duration,
        /// When the newest recommendation of that value was made.
        held_by: Instant,
        /// That recommendation.
        recommendation: i32,
        /// Before.
        from: i32,
        /// After.
        to: i32,
    },
    /// What a policy of the direction in which the count is cut allows: one for each of them, in
    /// their order, before the [`Cause::Limited`] that names the one chosen of several, or
    /// `maxReplicas` or `minReplicas`.
    Policy {
        /// Which way the count was to move.
        direction: Direction,
        /// The policy, and what it alone would allow.
        limit: PolicyLimit,
    },
    /// A limit cut the count.
    Limited {
        /// Which.
        limit: Limit,
        /// Before.
        from: i32,
        /// After.
        to: i32,
    },
    /// Waking from zero, the count is at least `minReplicas`.
    RaisedToMin {
        /// Before.
        from: i32,
        /// `minReplicas`.
        to: i32,
    },
    /// The new count could not be written.
    UpdateFailed {
        /// The count that should have been.
        replicas: i32,
    },
}

/// Whether a ratio was formed before or after missing and unready pods were filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Over the pods with samples that count; this is what the status shows.
    Measured,
    /// With the others filled in.
    FilledIn,
}

/// Which way a count moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More replicas.
    Up,
    /// Fewer replicas.
    Down,
}

/// What is wrong with the scale's selector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectorProblem {
    /// There is none.
    Missing,
    /// It can't be parsed.
    Unparsable,
    /// Another HPA selects some of the same pods.
    Ambiguous,
}

/// Why a metric gave no answer. `pod` is the index in the observation's pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The metric's selector is none, so that nothing is asked.
    InvalidSelector,
    /// The metrics API answered with an error.
    Unavailable,
    /// The metrics API answered with an empty list.
    Empty,
    /// The selector selects no pods.
    NoPods,
    /// No sample is left once unready and ignored pods are dropped.
    NoUsableSample,
    /// A container does not request the resource; utilization needs all requests.
    MissingRequest {
        /// The pod.
        pod: usize,
        /// The container, by its index in the pod.
        container: usize,
    },
    /// A pod requests something as a whole, but neither it nor its containers this resource.
    MissingPodRequest {
        /// The pod.
        pod: usize,
    },
    /// A pod has no container of that name.
    ContainerNotFound {
        /// The pod.
        pod: usize,
    },
    /// The requests of the pods with samples add up to 0.
    NoRequests,
    /// `target.type` names a field that is not set.
    NoTarget,
    /// ContainerResource metrics are switched off.
    GateOff,
    /// The controller does not know the metric's type.
    UnknownType,
}

/// Which limit cut the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `maxReplicas`.
    MaxReplicas,
    /// `minReplicas`.
    MinReplicas,
    /// Without `behavior`: `max(2 * current_replicas, 4)` in one sync.
    ScaleUpFactor {
        /// `scale.spec.replicas`.
        current_replicas: i32,
    },
    /// `behavior.scaleUp`; see [`PolicyLimit`].
    ScaleUpPolicy(PolicyLimit),
    /// `behavior.scaleDown`; see [`PolicyLimit`].
    ScaleDownPolicy(PolicyLimit),
}

/// What a policy allows.
///
/// `period_start_replicas = current_replicas - added + removed`, with the changes younger than the
/// policy's period. Up: `period_start_replicas + value`, or
/// `ceil(period_start_replicas * (1 + value / 100))`. Down: `- value`, or
/// `period_start_replicas * (1 - value / 100)` truncated. If that lies on the wrong side of the
/// present count, the present count is the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyLimit {
    /// Index in the direction's policies; `None` if `selectPolicy` is `Disabled`.
    pub policy: Option<usize>,
    /// Replicas added within the policy's period.
    pub added: i32,
    /// Replicas removed within the policy's period.
    pub removed: i32,
    /// Replicas when the period began.
    pub period_start_replicas: i32,
    /// What the policy allows.
    pub allowed: i32,
}
