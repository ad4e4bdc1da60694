//! Nodes that are up, that stay and that go: one sentence for each reason.

use crate::explain::ledger::Ledger;
use crate::explain::phrase::{KeptReason, Phrase, RayPhrase, StopReason, Title};
use crate::ray::{KeptBy, StopCause};
use crate::time::Duration;

/// What happened to nodes, counted.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) allocated: usize,
    /// Nodes, the longest idle time, and the timeout.
    by_idle: Option<(usize, i64, f64)>,
    by: [usize; 3],
    stopped: Vec<(String, StopReason, usize)>,
}

impl Kept {
    pub(super) fn add(&mut self, by: KeptBy) {
        match by {
            KeptBy::IdleTimeout { idle_ms, timeout_s } => {
                let (pods, longest, _) = self.by_idle.unwrap_or((0, 0, timeout_s));
                self.by_idle = Some((pods + 1, longest.max(idle_ms), timeout_s));
            }
            KeptBy::InUse => {}
            KeptBy::Demands => self.by[0] += 1,
            KeptBy::Constraint => self.by[1] += 1,
            KeptBy::MinNodes { .. } => self.by[2] += 1,
        }
    }

    pub(super) fn stop(&mut self, group: &str, cause: StopCause) {
        let why = stop_reason(cause);
        match self.stopped.last_mut() {
            Some((last, reason, count)) if last == group && same_kind(*reason, why) => {
                *count += 1;
                *reason = why;
            }
            _ => self.stopped.push((group.to_owned(), why, 1)),
        }
    }

    pub(super) fn say(self, ledger: &mut Ledger) {
        let language = ledger.language;
        if self.allocated > 0 {
            let text = RayPhrase::Allocated { pods: self.allocated };
            ledger.say("ray-observe", Title::Launch, &text).gives(self.allocated);
        }
        for (group, why, pods) in self.stopped {
            let text = RayPhrase::Stopped { pods, group: &group, why };
            let rule = match why {
                StopReason::Idle { .. } => "ray-idle",
                StopReason::MaxOfType { .. } | StopReason::GroupRemoved => "ray-max",
                StopReason::Max { .. } => "ray-max-cluster",
            };
            ledger.say(rule, Title::Stop, &text).gives(format!("−{pods}"));
        }
        if self.by_idle.is_none() && self.by == [0; 3] {
            return;
        }
        let step = ledger.step("ray-idle", Title::IdleNodes);
        if let Some((pods, idle_ms, timeout)) = self.by_idle {
            let idle = Duration::from_ms(idle_ms);
            step.says(RayPhrase::IdleKept { pods, idle, timeout }.say(language));
        }
        let reasons = [KeptReason::Demands, KeptReason::Constraint, KeptReason::MinNodes];
        for (pods, by) in self.by.into_iter().zip(reasons).filter(|(pods, _)| *pods > 0) {
            step.says(RayPhrase::Kept { pods, by }.say(language));
        }
    }
}

fn same_kind(one: StopReason, other: StopReason) -> bool {
    std::mem::discriminant(&one) == std::mem::discriminant(&other)
}

fn stop_reason(cause: StopCause) -> StopReason {
    match cause {
        StopCause::Idle { idle_ms, timeout_s } => {
            StopReason::Idle { idle: Duration::from_ms(idle_ms), timeout_s }
        }
        StopCause::MaxNodesOfType { max_nodes } => StopReason::MaxOfType { max: max_nodes },
        StopCause::MaxNodes { max_nodes } => StopReason::Max { max: max_nodes },
        StopCause::GroupRemoved => StopReason::GroupRemoved,
    }
}
