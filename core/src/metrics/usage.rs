//! What a pod used, and when.
//!
//! CPU is constant between changes, so its sum is exact: integers, no rounding before the mean.

use crate::time::Instant;

/// CPU and memory of one pod over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageHistory {
    changes: Vec<Change>,
}

/// From `at` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    at: Instant,
    cpu_nano: i64,
    memory_bytes: i64,
    /// CPU used up to `at`, in nano-core milliseconds.
    used: i128,
}

impl UsageHistory {
    /// Nothing used up to `start`.
    pub fn new(start: Instant) -> Self {
        Self { changes: vec![Change { at: start, cpu_nano: 0, memory_bytes: 0, used: 0 }] }
    }

    /// From `at` on, not before the last change, CPU and memory are these.
    pub fn set(&mut self, at: Instant, cpu_nano: i64, memory_bytes: i64) {
        if let Some(last) = self.changes.last_mut() {
            if last.cpu_nano == cpu_nano && last.memory_bytes == memory_bytes {
                return;
            }
            if last.at >= at {
                (last.cpu_nano, last.memory_bytes) = (cpu_nano, memory_bytes);
                return;
            }
        }
        let used = self.used(at);
        self.changes.push(Change { at, cpu_nano, memory_bytes, used });
    }

    /// Drops what lies before `at`, which nobody asks for any more.
    pub fn forget_before(&mut self, at: Instant) {
        let keep = self.changes.partition_point(|it| it.at <= at).saturating_sub(1);
        self.changes.drain(..keep);
    }

    /// CPU used up to `at`, in nanoseconds of one core.
    pub fn cpu_ns(&self, at: Instant) -> u64 {
        u64::try_from(self.used(at) / 1000).unwrap_or(0)
    }

    /// Memory at `at`.
    pub fn memory_bytes(&self, at: Instant) -> i64 {
        self.last_change(at).map_or(0, |it| it.memory_bytes)
    }

    /// CPU used up to `at`, in nano-core milliseconds.
    fn used(&self, at: Instant) -> i128 {
        self.last_change(at)
            .map_or(0, |it| it.used + i128::from(it.cpu_nano) * i128::from(at.since(it.at).ms()))
    }

    fn last_change(&self, at: Instant) -> Option<&Change> {
        let after = self.changes.partition_point(|it| it.at <= at);
        self.changes[..after].last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgetting_keeps_every_later_answer() {
        let seconds = Instant::from_seconds;
        let mut usage = UsageHistory::new(seconds(0));
        for (at, cpu) in [(0, 5), (10, 7), (20, 11), (30, 13)] {
            usage.set(seconds(at), cpu, cpu);
        }
        let whole = usage.clone();
        usage.forget_before(seconds(15));
        assert_eq!(usage.changes.len(), 3);
        // 10 s * 5 + 10 s * 7 + 10 s * 11 + 5 s * 13 = 295
        assert_eq!([usage.cpu_ns(seconds(35)), whole.cpu_ns(seconds(35))], [295, 295]);
        assert_eq!(usage.memory_bytes(seconds(15)), 7);
    }
}
