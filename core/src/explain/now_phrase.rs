//! What is said of an HPA at the moment: its verdict, where its numbers come from, and what is
//! assumed.

use super::phrase::Phrase;
use super::{en, ko};
use crate::hpa::Direction;
use crate::report::Message;
use crate::time::Duration;

/// Sentences.
#[derive(Clone, Debug)]
pub(crate) enum NowPhrase {
    /// Of the explanation.
    Title {
        name: String,
    },
    Goes {
        from: i32,
        to: i32,
    },
    Stays {
        count: i32,
    },
    /// A condition keeps it.
    Stands {
        count: i32,
        reason: String,
    },
    FromStatus,
    FromDescribe,
    FromTable,
    FromNothing,
    /// The manifest is not pasted.
    RulesFromText,
    GuessedMetrics,
    MoreMetrics {
        count: usize,
    },
    CountAfterRescale {
        from: i32,
        to: i32,
    },
    CountOfManifest {
        count: i32,
    },
    CountIsMin {
        count: i32,
    },
    Taken(Taken),
}

/// What is taken for granted of pods, metrics and history.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Taken {
    PodsReady { count: i32 },
    NewPodsNotReady { count: i32 },
    AtTarget,
    NoValue,
    RequestStandIn,
    RequestOfAverage { request: i64 },
    WholeOfAverage { average: i64, replicas: i32, whole: i64 },
    RemembersLastLook { replicas: i32, ago: Duration },
    ChangedAtLastLook { change: i32, ago: Duration },
    NothingRemembered { direction: Direction, window: Duration, current: i32 },
    NoChangesRemembered,
    ZeroByHand,
}

/// Names of numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NowLabel<'a> {
    Metric { name: &'a str, kind: MetricKind },
    CurrentReplicas,
    Ready,
    NotReady,
    Missing,
    Recommendations,
    ScaleEvents,
    ScaledToZero,
}

/// What a metric's value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetricKind {
    /// Percent of the requests.
    Share,
    /// An average over the pods.
    Average,
    /// One value.
    Value,
    /// One value divided by the replicas.
    PerReplica,
}

impl Phrase for NowPhrase {
    fn en(&self) -> Message {
        en::now(self)
    }

    fn ko(&self) -> Message {
        ko::now(self)
    }
}

impl Phrase for NowLabel<'_> {
    fn en(&self) -> Message {
        en::now_label(self)
    }

    fn ko(&self) -> Message {
        ko::now_label(self)
    }
}
