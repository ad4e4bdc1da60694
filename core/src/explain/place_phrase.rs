//! What is said of a Ray node, of what is on it, and of what would fit on it.

use super::phrase::Phrase;
use super::{en, ko};
use crate::report::Message;
use crate::time::{Duration, Instant};
use crate::workload::Strategy;

/// Sentences and lines.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PlacePhrase<'a> {
    /// So many of a kind; `shape` is what one takes.
    Work { count: Option<u32>, kind: PlacedKind<'a>, shape: &'a str },
    /// A resource and how much of it is taken.
    Taken { used: &'a str, total: &'a str },
    /// Nothing is on the node, and the autoscaler never stops it.
    HeadStays,
    /// Nothing is on the node, and nobody stops it.
    NobodyStops { idle: Duration },
    /// Nothing is on the node.
    Idle { idle: Duration, timeout_s: f64 },
    /// Serve's proxy drains on it.
    Proxy { until: Instant },
    /// Ray has stopped on it.
    Stopped,
    /// An empty node has room for so many.
    Fits { count: u32, is_most: bool },
    /// It has less than one takes.
    Short { resource: &'a str, needs: &'a str, has: &'a str },
    /// Its labels are others.
    OtherLabels,
}

/// What sits on a Ray node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlacedKind<'a> {
    /// Tasks.
    Task,
    /// Actors.
    Actor,
    /// Bundles of placement groups.
    Bundle(Strategy),
    /// Replicas of this Serve deployment.
    Replica(&'a str),
    /// What `request_resources` asks for.
    Requested,
}

impl PlacedKind<'_> {
    /// As Ray spells the strategy.
    pub(super) const fn strategy(strategy: Strategy) -> &'static str {
        match strategy {
            Strategy::Pack => "PACK",
            Strategy::Spread => "SPREAD",
            Strategy::StrictPack => "STRICT_PACK",
            Strategy::StrictSpread => "STRICT_SPREAD",
        }
    }
}

impl Phrase for PlacePhrase<'_> {
    fn en(&self) -> Message {
        en::place(self)
    }

    fn ko(&self) -> Message {
        ko::place(self)
    }
}
