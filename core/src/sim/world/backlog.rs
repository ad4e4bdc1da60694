//! Requests that came and that nobody has served: lost, or waiting in a queue.
//!
//! Requests flow: at constant rates between two changes, so that what waits is exact, and so is the
//! moment at which nothing waits any more.
//!
//! DIFFERENCE(even-arrivals): jobs arrive and end evenly spaced; each is worked on for exactly its
//! service time.

use crate::time::{Duration, Instant};

/// What came and what is left of it. All in thousand-millionths of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::sim) struct Backlog {
    /// All that came up to `since`.
    pub(in crate::sim) arrived: i128,
    /// What nobody has served by `since`.
    pub(in crate::sim) unserved: i128,
    since: Instant,
    /// Millionths of a request per second that arrive from then on.
    rate: i64,
    /// And that are served.
    served: i64,
}

impl Backlog {
    /// From the last change on, `rate` arrives and `served` is served.
    pub(in crate::sim) fn flow(&mut self, rate: i64, served: i64) {
        (self.rate, self.served) = (rate, served);
    }

    /// Goes on to `now`.
    pub(in crate::sim) fn advance(&mut self, now: Instant) {
        *self = self.at(now);
    }

    fn at(self, now: Instant) -> Self {
        let length = i128::from(now.since(self.since).ms());
        let (arrives, served) = (i128::from(self.rate), i128::from(self.served));
        Self {
            arrived: self.arrived + arrives * length,
            unserved: (self.unserved + (arrives - served) * length).max(0),
            since: self.since.max(now),
            ..self
        }
    }

    /// How long until nothing is left, if it gets less.
    pub(in crate::sim) fn empties_in(&self) -> Option<Duration> {
        let faster = i128::from(self.served) - i128::from(self.rate);
        if self.unserved <= 0 || faster <= 0 {
            return None;
        }
        let ms = (self.unserved + faster - 1) / faster;
        Some(Duration::from_ms(i64::try_from(ms).unwrap_or(i64::MAX)))
    }

    /// Whole requests that wait or are worked on at `now`, if one takes `service_time`.
    pub(in crate::sim) fn length(self, now: Instant, service_time: Duration) -> i64 {
        const REQUEST: i128 = 1_000_000_000;
        let it = self.at(now);
        let in_work = i128::from(it.served) * i128::from(service_time.ms());
        let done = it.arrived - it.unserved - in_work;
        let length = it.arrived.div_euclid(REQUEST) - done.div_euclid(REQUEST);
        i64::try_from(length).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RPS: i64 = 1_000_000;

    /// 10 a second come and nobody is there for a minute; then 30 a second are served.
    #[test]
    fn what_waits_is_arrivals_minus_what_is_served() {
        let second = Duration::from_seconds(1);
        let at = Instant::from_seconds;
        let mut backlog = Backlog::default();
        backlog.flow(10 * RPS, 0);
        assert_eq!(backlog.length(at(60), second), 600);
        backlog.advance(at(60));
        backlog.flow(10 * RPS, 30 * RPS);
        // 600 at 20 a second less
        assert_eq!(backlog.empties_in(), Some(Duration::from_seconds(30)));
        // after 10 s: 400 wait, 30 are worked on
        assert_eq!(backlog.length(at(70), second), 430);
        backlog.advance(at(90));
        assert_eq!((backlog.unserved, backlog.empties_in()), (0, None));
        backlog.flow(10 * RPS, 10 * RPS);
        assert_eq!(backlog.length(at(100), second), 10, "none waits, 10 are worked on");
    }

    /// One job a minute, 2 s each: seen at the minute it has just come, otherwise it is done.
    #[test]
    fn a_job_now_and_then_is_there_or_not() {
        let mut backlog = Backlog::default();
        backlog.flow(16_667, 16_667);
        let length =
            |seconds| backlog.length(Instant::from_seconds(seconds), Duration::from_seconds(2));
        assert_eq!([length(59), length(60), length(61), length(63), length(90)], [0, 1, 1, 0, 0]);
    }
}
