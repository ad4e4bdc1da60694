//! What the controller sees in one sync: the scale, the pods, the metrics.
//!
//! Everything is borrowed, so that looking costs nothing. The API keeps `startTime`,
//! `lastTransitionTime` and the samples' timestamps in whole seconds; whoever fills these in
//! truncates.

use super::ResourceName;
use crate::time::{Duration, Instant};

/// One look at the cluster.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// The target's scale, or why it can't be read.
    pub scale: Result<Scale, &'a str>,
    /// What became of the scale's selector.
    pub selector: Selector<'a>,
    /// The pods that the selector selects, whoever owns them.
    pub pods: &'a [Pod<'a>],
    /// One reading for each entry of `spec.metrics`, in the same order.
    pub metrics: &'a [Reading<'a>],
    /// Why writing a new count would fail, if it would.
    pub update_error: Option<&'a str>,
}

/// The target's scale subresource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// `scale.spec.replicas`: what is asked for. This is the *current* count of every rule.
    pub spec_replicas: i32,
    /// `scale.status.replicas`: what exists. Only AverageValue of Object and External reads it.
    pub status_replicas: i32,
}

/// What became of `scale.status.selector`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector<'a> {
    /// It selects pods for this HPA alone.
    Valid,
    /// The scale has none.
    Missing,
    /// It can't be parsed, for this reason.
    Unparsable(&'a str),
    /// Some pod is selected by this HPA and another one.
    Ambiguous {
        /// The selector as text.
        selector: &'a str,
        /// Two of the HPAs, as `namespace/name`. Upstream's choice and order are random.
        hpas: [&'a str; 2],
    },
}

/// A pod as the controller's cache has it.
#[derive(Clone, Copy, Debug)]
pub struct Pod<'a> {
    /// Its name; it appears in error texts.
    pub name: &'a str,
    /// Its phase.
    pub phase: PodPhase,
    /// Whether it has a deletion timestamp.
    pub deleting: bool,
    /// `status.startTime`.
    pub start_time: Option<Instant>,
    /// The condition of type Ready.
    pub ready: Option<ReadyCondition>,
    /// Its containers, followed by the init containers with `restartPolicy: Always`.
    pub containers: &'a [Container],
}

/// Phase of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PodPhase {
    /// Not scheduled, or not all containers started.
    Pending,
    /// At least one container runs.
    Running,
    /// Completed; counts like a running pod.
    Succeeded,
    /// Failed; does not count.
    Failed,
    /// Its node is lost; counts like a running pod.
    Unknown,
}

/// The condition of type Ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadyCondition {
    /// Its status.
    pub status: ReadyStatus,
    /// When the status last changed; `None` is Go's zero time, before everything.
    pub last_transition: Option<Instant>,
}

/// Status of the Ready condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadyStatus {
    /// Ready.
    True,
    /// Not ready.
    False,
    /// Nobody knows; never counts as unready.
    Unknown,
}

/// What a container of a pod requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Its requests in milli units; the API server has copied limits into absent ones.
    pub requests: Vec<(ResourceName, i64)>,
}

/// What a metrics API answered for one entry of `spec.metrics`.
#[derive(Clone, Copy, Debug)]
pub enum Reading<'a> {
    /// For Resource, ContainerResource and Pods metrics: at most one sample of a pod.
    Samples(&'a [Sample]),
    /// For Object metrics, in milli units.
    Value(i64),
    /// For External metrics: each series, in milli units.
    Series(&'a [i64]),
    /// The request failed, with this text.
    Failed(&'a str),
}

/// One pod's value of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Index in [`Observation::pods`], or `None` for a pod that is not (or no longer) listed there.
    pub pod: Option<usize>,
    /// Sum over the containers, or the one container's value, in milli units.
    pub value_milli: i64,
    /// When it was taken.
    pub timestamp: Instant,
    /// The time it averages over, ending at `timestamp`.
    pub window: Duration,
}
