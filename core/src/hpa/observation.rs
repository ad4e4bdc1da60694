//! What the controller sees in one sync: the scale, the pods, the metrics.
//!
//! Everything is borrowed, so that looking costs nothing. The API keeps `startTime`,
//! `lastTransitionTime` and the samples' timestamps in whole seconds; whoever fills these in
//! truncates.

use std::num::NonZeroUsize;

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
    /// What becomes of the writes.
    pub writes: Writes<'a>,
}

impl Observation<'_> {
    /// When a sync that decides at `now` has written the count.
    pub(super) fn written_at(&self, now: Instant, rescale: bool) -> Instant {
        if rescale { now + self.writes.scale_latency } else { now }
    }
}

/// What the API server answers to the writes of a sync, and how long calls take.
#[derive(Clone, Copy, Debug, Default)]
pub struct Writes<'a> {
    /// How long before the sync decides the scale was read: as long as the metrics took.
    pub after_read: Duration,
    /// The answers to attempts to write the scale, in their order; those after it succeed.
    pub scale: &'a [Refusal<'a>],
    /// How long it takes until the scale is written, all attempts together.
    pub scale_latency: Duration,
    /// Why writing the status fails, if it does.
    pub status_error: Option<&'a str>,
}

/// An attempt to write the scale that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal<'a> {
    /// The API server's words.
    pub error: &'a str,
    /// Whether the scale had changed since it was read (409 Conflict).
    pub is_conflict: bool,
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
        /// The HPAs, two at least, as `namespace/name`. Upstream's order is random, and newer
        /// releases name any two.
        hpas: &'a [&'a str],
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
    /// Its containers, then its init containers in their order.
    pub containers: &'a [Container],
    /// What it requests as a whole (`spec.resources.requests`), in milli units; mostly nothing.
    pub requests: &'a [(ResourceName, i64)],
    /// What its runtime class adds (`spec.overhead`), in milli units.
    pub overhead: &'a [(ResourceName, i64)],
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

impl PodPhase {
    /// The phases in which a pod counts once it has a sample.
    pub(super) const MAY_COUNT: u32 =
        Self::Running.bit() | Self::Succeeded.bit() | Self::Unknown.bit();

    /// The phase as a set of one.
    pub(super) const fn bit(self) -> u32 {
        1 << self as u32
    }
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
    /// Whether it stays.
    pub kind: ContainerKind,
    /// Its requests in milli units; the API server has copied limits into absent ones.
    pub requests: Vec<(ResourceName, i64)>,
}

/// Whether a container stays, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerKind {
    /// One of `spec.containers`.
    App,
    /// An init container with `restartPolicy: Always`.
    Sidecar,
    /// Any other init container. Only pod-level requests look at it.
    Init,
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

/// A place in [`Observation::pods`]. Takes one word where it may be missing, so that a hundred
/// samples are gone through quickly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodIndex(NonZeroUsize);

impl PodIndex {
    /// The place `index`, from 0.
    pub const fn of(index: usize) -> Self {
        Self(NonZeroUsize::MIN.saturating_add(index))
    }

    /// From 0.
    pub const fn get(self) -> usize {
        self.0.get() - 1
    }

    /// 0 if `found` is this place.
    pub(super) fn difference(self, found: Option<Self>) -> usize {
        found.map_or(0, |it| it.0.get()) ^ self.0.get()
    }
}

/// One pod's value of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The pod, or `None` for one that is not (or no longer) listed in [`Observation::pods`].
    pub pod: Option<PodIndex>,
    /// Sum over the containers, or the one container's value, in milli units.
    pub value_milli: i64,
    /// When it was taken.
    pub timestamp: Instant,
    /// The time it averages over, ending at `timestamp`.
    pub window: Duration,
}
