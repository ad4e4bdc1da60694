//! What a sync says while it runs: events, conditions, causes.
//!
//! Events are what the controller hands to its recorder; the recorder then merges repeats and drops
//! what comes too fast.

use std::borrow::Cow;

use super::conditions::{Saying, set_condition};
use super::{Cause, Condition, ConditionType, Status, Trace};
use crate::time::Instant;

/// An event of the controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `Warning`, or else `Normal`.
    pub is_warning: bool,
    /// One word.
    pub reason: &'static str,
    /// A sentence.
    pub message: String,
}

/// Whether `text` is `pieces` in a row.
fn is_made_of(text: &str, pieces: &[&str]) -> bool {
    let rest = pieces.iter().try_fold(text, |rest, piece| rest.strip_prefix(piece));
    rest == Some("")
}

/// What a sync gathers while it runs.
pub(super) struct Sync {
    pub(super) now: Instant,
    pub(super) status: Status,
    /// The status before the sync, without its conditions.
    before: Status,
    /// How many conditions there were, and those of them that the sync set, by type.
    conditions_before: usize,
    replaced: [Option<Condition>; ConditionType::COUNT],
    pub(super) events: Vec<Event>,
    pub(super) trace: Trace,
}

impl Sync {
    /// Begins at `now` with the status that is stored. The metrics are read anew.
    pub(super) fn begin(mut stored: Status, now: Instant) -> Self {
        let conditions = std::mem::take(&mut stored.conditions);
        let status = Status { conditions, current_metrics: Vec::new(), ..stored };
        let conditions_before = status.conditions.len();
        let trace = Trace { causes: Vec::with_capacity(8) };
        let (before, replaced) = (stored, [const { None }; ConditionType::COUNT]);
        Self { now, status, before, conditions_before, replaced, events: Vec::new(), trace }
    }

    /// Whether the status differs from the one before the sync.
    pub(super) fn is_changed(&self) -> bool {
        let Self { status, before, .. } = self;
        let is_other = |it: &Condition| status.condition(it.kind) != Some(it);
        status.conditions.len() != self.conditions_before
            || self.replaced.iter().flatten().any(is_other)
            || status.current_metrics != before.current_metrics
            || status.current_replicas != before.current_replicas
            || status.desired_replicas != before.desired_replicas
            || status.last_scale_time != before.last_scale_time
            || status.observed_generation != before.observed_generation
    }

    /// Shows the metrics that were shown before.
    pub(super) fn keep_metrics(&mut self) {
        self.status.current_metrics.clone_from(&self.before.current_metrics);
    }

    /// Sets a condition.
    pub(super) fn say(
        &mut self,
        kind: ConditionType,
        status: bool,
        reason: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) {
        let saying = Saying::new(kind, status, reason, message);
        let replaced = set_condition(&mut self.status.conditions, saying, self.now);
        let first = &mut self.replaced[kind as usize];
        if first.is_none() {
            *first = replaced;
        }
    }

    /// Sets a condition whose message is `pieces` in a row. They are put together only if that is
    /// news: most looks say what the look before said.
    pub(super) fn say_pieces(
        &mut self,
        kind: ConditionType,
        status: bool,
        reason: &'static str,
        pieces: &[&str],
    ) {
        let is_old = |it: &Condition| it.says(status, reason) && is_made_of(&it.message, pieces);
        if !self.status.condition(kind).is_some_and(is_old) {
            self.say(kind, status, reason, pieces.concat());
        }
    }

    /// Takes a condition away.
    pub(super) fn unsay(&mut self, kind: ConditionType) {
        if let Some(index) = self.status.conditions.iter().position(|it| it.kind == kind) {
            self.replaced[kind as usize].get_or_insert(self.status.conditions.remove(index));
        }
    }

    /// Sends a warning.
    pub(super) fn warn(&mut self, reason: &'static str, message: impl Into<String>) {
        self.events.push(Event { is_warning: true, reason, message: message.into() });
    }

    /// Notes why.
    pub(super) fn because(&mut self, cause: Cause) {
        self.trace.push(cause);
    }
}
