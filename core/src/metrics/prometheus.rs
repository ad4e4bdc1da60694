//! Prometheus: one series as it was scraped, and what a query makes of it.
//!
//! A query reads the newest sample, unless that is older than the lookback or a later scrape found
//! the series gone; or `rate(…[range])`, which takes the samples of the range, whatever came after,
//! adds what resets hide, and extends the line to the edges of the range.
//!
//! Upstream: prometheus 3.14 promql/functions.go `extrapolatedRate`; promql/engine.go
//! `VectorSelector`, `MatrixSelector`: left-open, right-closed.

use std::collections::VecDeque;

use crate::time::{Duration, Instant};

/// How far a query looks back for a sample.
///
/// Upstream: prometheus 3.14 cmd/prometheus/main.go `--query.lookback-delta`.
pub const LOOKBACK: Duration = Duration::from_seconds(300);

/// How a series is scraped and queried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Time between two scrapes.
    pub scrape: Duration,
    /// The range of `rate(…)`; the newest sample counts if absent.
    pub range: Option<Duration>,
}

/// What was scraped of one series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// Milliseconds and value, by time.
    points: VecDeque<(i64, f64)>,
    /// Whether the last scrape did not find it.
    is_stale: bool,
}

impl Spec {
    /// How long a sample can still count.
    pub fn reach(&self) -> Duration {
        self.range.unwrap_or(LOOKBACK)
    }
}

impl Samples {
    /// A scrape at `now` found `value`, or nothing; what no query can reach any more is dropped.
    pub fn scrape(&mut self, spec: &Spec, now: Instant, value: Option<f64>) {
        self.is_stale = value.is_none();
        self.points.extend(value.map(|value| (now.ms(), value)));
        let oldest = (now - spec.reach()).ms();
        while self.points.front().is_some_and(|(at, _)| *at <= oldest) {
            self.points.pop_front();
        }
    }

    /// Whether any sample is left.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// What a query at `now` gives.
    pub fn query(&self, spec: &Spec, now: Instant) -> Option<f64> {
        if let Some(range) = spec.range {
            return self.rate(range, now);
        }
        let (at, value) = *self.points.back()?;
        let is_near = at > (now - LOOKBACK).ms();
        (is_near && !self.is_stale).then_some(value)
    }

    /// `rate(…[range])` at `now`, a second; `None` with fewer than two samples.
    fn rate(&self, range: Duration, now: Instant) -> Option<f64> {
        let start = (now - range).ms();
        let skipped = self.points.partition_point(|(at, _)| *at <= start);
        let count = self.points.len() - skipped;
        if count < 2 {
            return None;
        }
        let (first_at, first) = self.points[skipped];
        let (last_at, last) = *self.points.back()?;
        let mut increase = last - first;
        let mut before = first;
        for (_, value) in self.points.iter().skip(skipped + 1) {
            if *value < before {
                increase += before;
            }
            before = *value;
        }
        let seconds = |from: i64, to: i64| (to - from) as f64 / 1000.0;
        let sampled = seconds(first_at, last_at);
        let average = sampled / (count - 1) as f64;
        let threshold = average * 1.1;
        let mut to_start = seconds(start, first_at);
        if to_start >= threshold {
            to_start = average / 2.0;
        }
        // No counter was ever below zero.
        if increase > 0.0 && first >= 0.0 {
            let to_zero = sampled * (first / increase);
            if to_zero < to_start {
                to_start = to_zero;
            }
        }
        let mut to_end = seconds(last_at, now.ms());
        if to_end >= threshold {
            to_end = average / 2.0;
        }
        let factor = (sampled + to_start + to_end) / sampled / (range.ms() as f64 / 1000.0);
        Some(increase * factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(spec: &Spec, scraped: &[(i64, Option<f64>)]) -> Samples {
        let mut samples = Samples::default();
        for (at, value) in scraped {
            samples.scrape(spec, Instant::from_seconds(*at), *value);
        }
        samples
    }

    fn rate(range_s: i64, scraped: &[(i64, f64)], at: i64) -> Option<f64> {
        let range = Some(Duration::from_seconds(range_s));
        let spec = Spec { scrape: Duration::from_seconds(30), range };
        let scraped: Vec<_> = scraped.iter().map(|(at, value)| (*at, Some(*value))).collect();
        samples(&spec, &scraped).query(&spec, Instant::from_seconds(at))
    }

    /// By hand: increase × (sampled + to start + to end) / sampled / range.
    #[test]
    fn a_rate_is_extended_to_the_edges_of_its_range() {
        let line = [(0, 1000.0), (30, 1300.0), (60, 1600.0), (90, 1900.0), (120, 2200.0)];
        for (range, at, expected) in [
            // (0, 120]: 30..120, 30 s to the start, none to the end
            (120, 120, Some(900.0 * ((90.0 + 30.0 + 0.0) / 90.0 / 120.0))),
            // (10, 130]: 30..120, 20 s and 10 s
            (120, 130, Some(900.0 * ((90.0 + 20.0 + 10.0) / 90.0 / 120.0))),
            // (60, 180]: 90..120; 30 s is less than 1.1 × 30 s, 60 s is not, so 15 s
            (120, 180, Some(300.0 * ((30.0 + 30.0 + 15.0) / 30.0 / 120.0))),
            (30, 120, None),
            (120, 240, None),
        ] {
            assert_eq!(rate(range, &line, at), expected, "[{range}s] at {at}");
        }
    }

    #[test]
    fn a_rate_knows_resets_and_zero() {
        // 100 → 160, reset, 10 → 40: -60 + 160 = 100 over 90 s, none to zero as 100 × 90/100 = 90 s
        // is more than the 30 s to the start: 100 × (90 + 30 + 0)/90 / 120
        let reset = [(30, 100.0), (60, 160.0), (90, 10.0), (120, 40.0)];
        let expected = 100.0 * ((90.0 + 30.0) / 90.0 / 120.0);
        assert_eq!(rate(120, &reset, 120), Some(expected));
        // 2 → 20 within 90 s: zero lies 90 × 2/18 = 10 s before: 18 × (90 + 10)/90 / 120
        let fresh = [(30, 2.0), (60, 8.0), (90, 14.0), (120, 20.0)];
        let expected = 18.0 * ((90.0 + 90.0 * (2.0 / 18.0)) / 90.0 / 120.0);
        assert_eq!(rate(120, &fresh, 120), Some(expected));
    }

    #[test]
    fn the_newest_sample_counts_until_it_is_stale_or_five_minutes_old() {
        let spec = Spec { scrape: Duration::from_seconds(30), range: None };
        let value = |scraped: &[(i64, Option<f64>)], at_ms| {
            samples(&spec, scraped).query(&spec, Instant::from_ms(at_ms))
        };
        assert_eq!(value(&[(0, Some(1.0)), (30, Some(2.0))], 30_000), Some(2.0));
        assert_eq!(value(&[(30, Some(2.0))], 329_999), Some(2.0));
        assert_eq!(value(&[(30, Some(2.0))], 330_000), None);
        assert_eq!(value(&[(30, Some(2.0)), (60, None)], 60_000), None);
        assert_eq!(value(&[(30, Some(2.0)), (60, None), (90, Some(4.0))], 90_000), Some(4.0));
    }
}
