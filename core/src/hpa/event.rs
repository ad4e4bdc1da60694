//! What a sync says while it runs: events, conditions, causes.
//!
//! Events are what the controller hands to its recorder; the recorder then merges repeats and drops
//! what comes too fast.

use std::borrow::Cow;

use super::conditions::{Saying, set_condition};
use super::{Cause, ConditionType, Status, Trace};
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

/// What a sync gathers while it runs.
pub(super) struct Sync {
    pub(super) now: Instant,
    pub(super) status: Status,
    pub(super) events: Vec<Event>,
    pub(super) trace: Trace,
}

impl Sync {
    /// Sets a condition.
    pub(super) fn say(
        &mut self,
        kind: ConditionType,
        status: bool,
        reason: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) {
        let saying = Saying::new(kind, status, reason, message);
        set_condition(&mut self.status.conditions, saying, self.now);
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
