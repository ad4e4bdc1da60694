//! The conditions of an HPA: what it can do at the moment, and what holds it.
//!
//! A condition keeps its place in the list; its transition time moves only when its status changes,
//! not with a new reason.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `setConditionInList`.

use std::borrow::Cow;

use crate::time::Instant;

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its type.
    pub kind: ConditionType,
    /// `True` or `False`.
    pub status: bool,
    /// Upstream's reason, one word.
    pub reason: &'static str,
    /// Upstream's message.
    pub message: Cow<'static, str>,
    /// When the status last changed.
    pub last_transition: Instant,
}

impl Condition {
    /// Whether it says this, in whatever words.
    pub(super) fn says(&self, status: bool, reason: &str) -> bool {
        self.status == status && self.reason == reason
    }
}

/// Type of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConditionType {
    /// Whether the scale can be read and written, and whether stabilization holds it.
    AbleToScale,
    /// Whether the metrics give a count.
    ScalingActive,
    /// Whether a limit cut the count.
    ScalingLimited,
    /// Whether it was the HPA that scaled to zero.
    ScaledToZero,
}

impl ConditionType {
    /// How many there are.
    pub(super) const COUNT: usize = 4;

    /// As the API spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AbleToScale => "AbleToScale",
            Self::ScalingActive => "ScalingActive",
            Self::ScalingLimited => "ScalingLimited",
            Self::ScaledToZero => "ScaledToZero",
        }
    }
}

/// What a condition shall say.
pub(super) struct Saying {
    pub(super) kind: ConditionType,
    pub(super) status: bool,
    pub(super) reason: &'static str,
    pub(super) message: Cow<'static, str>,
}

impl Saying {
    pub(super) fn new(
        kind: ConditionType,
        status: bool,
        reason: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { kind, status, reason, message: message.into() }
    }
}

/// Sets the condition of that type, adding it at the end if it is new; gives back the old one if
/// that said something else.
pub(super) fn set_condition(
    conditions: &mut Vec<Condition>,
    saying: Saying,
    now: Instant,
) -> Option<Condition> {
    let Saying { kind, status, reason, message } = saying;
    let mut new = Condition { kind, status, reason, message, last_transition: now };
    let Some(old) = conditions.iter_mut().find(|condition| condition.kind == kind) else {
        conditions.push(new);
        return None;
    };
    if old.says(status, reason) && old.message == new.message {
        return None;
    }
    if old.status == status {
        new.last_transition = old.last_transition;
    }
    Some(std::mem::replace(old, new))
}
