//! What the controller remembers from sync to sync.
//!
//! Recommendations and scale events live in the controller's memory and are gone after a restart;
//! the status is stored with the HPA. Nothing is ever removed from the lists: an outdated entry is
//! overwritten by the next one, at most one a sync.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
//! `timestampedRecommendation`, `timestampedScaleEvent`.

use super::{Condition, ConditionType};
use crate::time::Instant;

/// Everything that outlives a sync. The default is a new HPA.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// What was recommended before stabilization and limits; in no particular order.
    pub recommendations: Vec<Recommendation>,
    /// What was added and removed.
    pub scale_events: ScaleEvents,
    /// The HPA's status.
    pub status: Status,
}

impl State {
    /// The same HPA after the controller restarted: only the status is left.
    #[must_use]
    pub fn restarted(self) -> Self {
        Self { status: self.status, ..Self::default() }
    }

    /// Another HPA under the same name, of which the controller has not forgotten the first one.
    #[must_use]
    pub fn recreated(self) -> Self {
        Self { status: Status::default(), ..self }
    }
}

/// A replica count that the metrics asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// The count, before stabilization and limits.
    pub replicas: i32,
    /// When.
    pub at: Instant,
}

/// The controller's own changes of the count, by direction. In no particular order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScaleEvents {
    /// Replicas added.
    pub up: Vec<ScaleEvent>,
    /// Replicas removed.
    pub down: Vec<ScaleEvent>,
}

/// One change of the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScaleEvent {
    /// By how many replicas, not negative.
    pub replica_change: i32,
    /// When the new count was written.
    pub at: Instant,
    /// Older than the longest period of its direction's policies when it was last looked at; the
    /// next event takes its place.
    pub outdated: bool,
}

/// `status` of the HPA.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// The count *before* the last sync's own change.
    pub current_replicas: i32,
    /// The count after it.
    pub desired_replicas: i32,
    /// When the controller last changed the count. No decision reads it.
    pub last_scale_time: Option<Instant>,
    /// The generation that the last sync looked at, where the release tells.
    pub observed_generation: Option<i64>,
    /// One entry for each of `spec.metrics`, or none if they were not read.
    pub current_metrics: Vec<MetricStatus>,
    /// In order of first appearance.
    pub conditions: Vec<Condition>,
}

impl Status {
    /// The condition of type `kind`, if it was ever set.
    pub fn condition(&self, kind: ConditionType) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.kind == kind)
    }
}

/// What a metric showed, as the status gives it: without the pods that were filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricStatus {
    /// The metric failed; upstream leaves an empty entry.
    Failed,
    /// A utilization target.
    Utilization {
        /// Percent of the requests, truncated.
        average_utilization: i32,
        /// Usage divided by the pods, in milli units.
        average_value_milli: i64,
    },
    /// An average in milli units.
    AverageValue(i64),
    /// A value in milli units.
    Value(i64),
}
