//! KEDA's operator: who wakes a workload up, who puts it to sleep, and what its HPA is told.
//!
//! Every `pollingInterval` the operator asks each trigger. If one is active, a workload at zero (or
//! at its idle count) is raised to `minReplicaCount`, at least 1; if none is, and the last activity
//! is longer ago than `cooldownPeriod`, it goes down to `idleReplicaCount`, or `minReplicaCount`
//! where that is 0. In between the HPA decides, which asks the operator for each metric when it
//! needs it ([`read`]).
//!
//! Upstream: keda 2.21 pkg/scaling/scale_handler.go, pkg/scaling/executor/scale_scaledobjects.go,
//! pkg/fallback/fallback.go.

mod composite;
pub mod cron;
pub mod formula;
mod kafka;
mod observe;
mod poll;
#[cfg(test)]
mod tests;
mod trace;
mod value;
pub mod zone;

pub use composite::Composite;
pub use kafka::Kafka;
pub use observe::read;
pub use poll::poll;
pub use trace::{Cause, Direction, Trace, TriggerState};
pub use value::milli;

use crate::time::{Duration, Instant};

/// One ScaledObject, with the defaults filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// Time between two polls.
    pub polling_interval: Duration,
    /// Since the last activity, until the workload may go down.
    pub cooldown_period: Duration,
    /// Since the ScaledObject exists, until the workload may go down if it never was active.
    pub initial_cooldown_period: Duration,
    /// The count while nothing is active, if idle mode is on.
    pub idle_replicas: Option<i32>,
    /// `minReplicaCount`.
    pub min_replicas: i32,
    /// In the order of the HPA's metrics; a formula over some of them comes last.
    pub triggers: Vec<Trigger>,
    /// What the HPA is told when a trigger keeps failing.
    pub fallback: Option<Fallback>,
    /// Whether scaling in is held by an annotation.
    pub paused_scale_in: bool,
    /// Whether scaling out is held by an annotation.
    pub paused_scale_out: bool,
    /// Whether an annotation says that it is active.
    pub force_activation: bool,
}

/// What a trigger contributes.
#[expect(clippy::large_enum_variant, reason = "a text has few, and none is moved often")]
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// CPU or memory: a metric of the HPA, which KEDA does not read.
    Resource,
    /// An external metric.
    External(External),
    /// The metric that a formula makes of the external ones.
    Composite(Composite),
}

/// An external metric of a trigger.
#[derive(Clone, Debug, PartialEq)]
pub struct External {
    /// What the HPA asks for, `s0-prometheus`.
    pub metric: String,
    /// What the HPA aims at, in milli units.
    pub target_milli: i64,
    /// Whether the target is an average over the replicas.
    pub is_average: bool,
    /// Active above this.
    pub activation: f64,
    /// Whether no value counts as 0 and not as a failure.
    pub empty_is_zero: bool,
    /// Whether the HPA is told what the last poll found.
    pub cached: bool,
    /// Of a cron trigger: when it is active, and what it then asks for.
    pub cron: Option<Cron>,
    /// Of a Kafka trigger: what bounds the lag.
    pub kafka: Option<Kafka>,
}

/// When a cron trigger is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    /// When it begins.
    pub start: cron::Schedule,
    /// When it ends.
    pub end: cron::Schedule,
    /// Whose clock it goes by; `None` if nobody knows it, which makes the trigger fail.
    pub zone: Option<zone::Zone>,
    /// What it asks for in between.
    pub desired_replicas: i64,
}

/// `fallback`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// Failures in a row that are still told as such; below 0 nothing ever stands in.
    pub failure_threshold: i32,
    /// The replicas that the HPA is led to.
    pub replicas: i32,
    /// What counts beside `replicas`.
    pub behavior: FallbackBehavior,
}

/// `fallback.behavior`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FallbackBehavior {
    /// `replicas`.
    #[default]
    Static,
    /// What there is.
    CurrentReplicas,
    /// What there is, if that is more.
    CurrentReplicasIfHigher,
    /// What there is, if that is less.
    CurrentReplicasIfLower,
    /// The trigger is `nil` in the formula.
    ScalingModifiers,
}

/// What the operator remembers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// `status.lastActiveTime`, in whole seconds as the API keeps it.
    pub last_active: Option<Instant>,
    /// For each trigger: how often in a row it failed, as `status.health` has it.
    pub failures: Vec<i32>,
    /// The same as the copy has it that answers the HPA, while there is one.
    pub copy: Option<Copy>,
    /// For each trigger: what was last found.
    pub records: Vec<Option<Record>>,
}

/// The ScaledObject that the operator keeps beside its scalers: made when somebody asks and there is
/// none, thrown away when one fails.
///
/// What a poll changes does not reach a copy that a read has made, so that a trigger that recovered
/// for a poll alone goes on being counted from before.
///
/// Upstream: keda 2.21 pkg/scaling/scale_handler.go `performGetScalersCache`, `ClearScalersCache`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copy {
    /// For each trigger: how often in a row it failed.
    pub failures: Vec<i32>,
    /// Whether it is the one that polls refresh.
    pub is_polls: bool,
}

/// What a trigger was last found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// The metric in milli units; `None` if it failed.
    pub value_milli: Option<i64>,
    /// Whether its source is active.
    pub active: bool,
    /// Whether the value stands in for a source that fails.
    pub fallback: bool,
    /// Failures in a row up to now.
    pub failures: i32,
}

/// What a trigger's source answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// A number.
    Value(f64),
    /// There is no such series.
    Empty,
    /// It does not answer.
    Failed,
}

/// What the operator sees.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// `spec.replicas` of the target.
    pub current_replicas: i32,
    /// Its ready pods.
    pub ready_replicas: i32,
    /// One for each trigger; those of CPU, memory and cron are not looked at.
    pub readings: &'a [Reading],
    /// What cron triggers go by, in seconds since 1970-01-01 00:00 in Greenwich.
    pub clock: i64,
    /// Whether the HPA reads its metrics at present.
    pub hpa_active: bool,
}

/// What one poll leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The replicas that the operator writes, if it writes any.
    pub replicas: Option<i32>,
    /// What it remembers from now on.
    pub state: State,
    /// Why.
    pub trace: Trace,
}

impl Spec {
    /// Whether polls contribute nothing but a status, so that the operator goes by what the HPA
    /// asked for.
    ///
    /// Upstream: keda 2.21 apis/keda/v1alpha1/scaledobject_types.go `UsesHPAObservations`.
    fn uses_hpa_observations(&self) -> bool {
        let cached = |it: &Trigger| matches!(it, Trigger::External(External { cached: true, .. }));
        self.min_replicas != 0
            && self.idle_replicas.is_none()
            && !self.triggers.iter().any(cached)
            && self.composite().is_none()
    }

    /// The metric of a formula.
    fn composite(&self) -> Option<&Composite> {
        self.triggers.iter().find_map(|it| match it {
            Trigger::Composite(composite) => Some(composite),
            Trigger::Resource | Trigger::External(_) => None,
        })
    }
}
