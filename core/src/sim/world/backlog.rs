//! Requests that came and that nobody has served: lost, or waiting in a queue.
//!
//! Requests flow: at constant rates between two changes, so that what waits is exact, and so is the
//! moment at which nothing waits any more.
//!
//! DIFFERENCE(even-arrivals): jobs arrive and end evenly spaced; each is worked on for exactly its
//! service time.

use std::collections::VecDeque;

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

    /// Whole requests that wait or are worked on at `now`, if one takes `service_time`: those that
    /// came and that were not `begun` so long ago.
    pub(in crate::sim) fn length(self, begun: &Begun, now: Instant, service_time: Duration) -> i64 {
        const REQUEST: i128 = 1_000_000_000;
        let now = now.max(self.since);
        let it = self.at(now);
        let done = begun.up_to(now - service_time).min(it.arrived - it.unserved);
        let length = it.arrived.div_euclid(REQUEST) - done.div_euclid(REQUEST);
        i64::try_from(length).unwrap_or(i64::MAX)
    }
}

/// How many requests were begun, at each of the last changes.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Begun(VecDeque<Change>);

/// From `at` on, `served` are begun in a second.
#[derive(Clone, Copy, Debug)]
struct Change {
    at: Instant,
    /// Thousand-millionths of a request, up to `at`.
    begun: i128,
    served: i64,
}

impl Begun {
    /// Remembers that `backlog` flows differently now, for as long as one request takes.
    pub(in crate::sim) fn note(&mut self, backlog: &Backlog, service_time: Duration) {
        let Backlog { arrived, unserved, since: at, served, .. } = *backlog;
        if self.0.back().is_some_and(|it| it.served == served) {
            return;
        }
        if self.0.back().is_some_and(|it| it.at == at) {
            self.0.pop_back();
        }
        self.0.push_back(Change { at, begun: arrived - unserved, served });
        while self.0.get(1).is_some_and(|it| it.at <= at - service_time) {
            self.0.pop_front();
        }
    }

    /// How many were begun up to `when`. What flowed first has flowed since ever.
    fn up_to(&self, when: Instant) -> i128 {
        let change = self.0.iter().rfind(|it| it.at <= when).or_else(|| self.0.front());
        change.map_or(0, |it| {
            it.begun + i128::from(it.served) * i128::from(when.ms().saturating_sub(it.at.ms()))
        })
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
        let (mut backlog, mut begun) = (Backlog::default(), Begun::default());
        backlog.flow(10 * RPS, 0);
        begun.note(&backlog, second);
        assert_eq!(backlog.length(&begun, at(60), second), 600);
        backlog.advance(at(60));
        backlog.flow(10 * RPS, 30 * RPS);
        begun.note(&backlog, second);
        // 600 at 20 a second less
        assert_eq!(backlog.empties_in(), Some(Duration::from_seconds(30)));
        // after 10 s: 400 wait, 30 are worked on
        assert_eq!(backlog.length(&begun, at(70), second), 430);
        backlog.advance(at(90));
        assert_eq!((backlog.unserved, backlog.empties_in()), (0, None));
        backlog.flow(10 * RPS, 10 * RPS);
        begun.note(&backlog, second);
        assert_eq!(backlog.length(&begun, at(100), second), 10, "none waits, 10 are worked on");
    }

    /// One job a minute, 2 s each: seen at the minute it has just come, otherwise it is done.
    #[test]
    fn a_job_now_and_then_is_there_or_not() {
        let (mut backlog, mut begun) = (Backlog::default(), Begun::default());
        let service_time = Duration::from_seconds(2);
        backlog.flow(16_667, 16_667);
        begun.note(&backlog, service_time);
        let length = |seconds| backlog.length(&begun, Instant::from_seconds(seconds), service_time);
        assert_eq!([length(59), length(60), length(61), length(63), length(90)], [0, 1, 1, 0, 0]);
    }

    /// 120 jobs of 15 s at once. One worker begins 1 in 15 s, from 60 s on there are four.
    #[test]
    fn no_more_jobs_are_there_than_came() {
        let at = Instant::from_seconds;
        let service_time = Duration::from_seconds(15);
        let (mut backlog, mut begun) = (Backlog::default(), Begun::default());
        let mut flow = |backlog: &mut Backlog, now, rate, workers: i64| {
            backlog.advance(now);
            backlog.flow(rate, workers * RPS / 15);
            begun.note(backlog, service_time);
            backlog.length(&begun, now, service_time)
        };
        flow(&mut backlog, at(0), 120 * RPS, 0);
        assert_eq!(flow(&mut backlog, at(1), 0, 1), 120);
        // In 59 s 59 / 15 = 3.93 are begun, of which 44 / 15 = 2.93 have ended: 118 are there.
        // So they are where four workers come: they begin what waits.
        assert_eq!(flow(&mut backlog, at(60), 0, 4), 118);
        // 15 s later 3.93 have ended; after 30 s 15 × 4 / 15 = 4 more.
        assert_eq!(flow(&mut backlog, at(75), 0, 4), 117);
        assert_eq!(flow(&mut backlog, at(90), 0, 4), 113);
        // Nobody begins any more: those that are worked on end within 15 s.
        assert_eq!(flow(&mut backlog, at(105), 0, 0), 109);
        assert_eq!(flow(&mut backlog, at(120), 0, 0), 105);
        assert_eq!(flow(&mut backlog, at(180), 0, 0), 105);
    }
}
