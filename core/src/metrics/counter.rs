//! A number that only grows, at a rate that is constant between its changes: exact.

use crate::time::Instant;

/// What has been counted, and how fast it goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counter {
    /// Thousand-millionths counted up to `since`.
    nano: i128,
    since: Instant,
    /// Millionths a second from then on.
    rate_micro: i64,
}

impl Counter {
    /// Counts from `start` on.
    pub fn new(start: Instant) -> Self {
        Self { nano: 0, since: start, rate_micro: 0 }
    }

    /// From `at` on it grows by `rate_micro` millionths a second.
    pub fn set_rate(&mut self, at: Instant, rate_micro: i64) {
        self.nano = self.nano(at);
        (self.since, self.rate_micro) = (self.since.max(at), rate_micro);
    }

    /// What it grows by a second at present.
    pub fn rate(&self) -> f64 {
        self.rate_micro as f64 / 1e6
    }

    /// Thousand-millionths counted up to `at`.
    pub fn nano(&self, at: Instant) -> i128 {
        self.nano + i128::from(self.rate_micro) * i128::from(at.since(self.since).ms())
    }

    /// The whole number that an exporter shows at `at`.
    pub fn shown(&self, at: Instant) -> f64 {
        self.nano(at).div_euclid(1_000_000_000) as f64
    }
}
