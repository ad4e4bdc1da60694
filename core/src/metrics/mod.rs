//! From what is true to what an HPA is given, and when: metrics-server for CPU and memory,
//! Prometheus and its adapter for everything else.
//!
//! The kubelet measures each container from time to time; every `resolution` metrics-server reads
//! the last measurement of each ([`point`]) and keeps it ([`Storage`]). Prometheus reads every
//! series by itself ([`prometheus`]); the adapter asks it when the HPA asks the adapter
//! ([`adapter`]).
//!
//! DIFFERENCE(metrics-phase): upstream measures each container at moments of its own, 10 to 20 s
//! apart at random; here all are measured at the same moments, `interval` apart, and `lag` before
//! metrics-server reads.
//!
//! Upstream: cAdvisor 0.60 lib/manager/container.go `housekeeping`; kubernetes 1.37
//! pkg/kubelet/metrics/collectors/resource_metrics.go.

pub mod adapter;
mod counter;
pub mod prometheus;
mod server;
mod usage;

pub use counter::Counter;
pub use server::{Point, Sample, Storage};
pub use usage::UsageHistory;

use crate::time::{Duration, Instant};

/// How metrics-server and the kubelet are set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Time between two reads.
    pub resolution: Duration,
    /// Age of what is read.
    pub lag: Duration,
    /// Time between two measurements of a container.
    pub interval: Duration,
}

/// A running pod at the moment of a read.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// When its containers started.
    pub started: Instant,
    /// What it used.
    pub usage: &'a UsageHistory,
}

/// The least time between two measurements of a container.
///
/// Upstream: kubernetes 1.37 pkg/kubelet/cadvisor/cadvisor_linux.go `defaultHousekeepingInterval`.
const LEAST_INTERVAL: Duration = Duration::from_seconds(10);

/// From the start of a container until it is first measured.
const DISCOVERY: Duration = Duration::from_ms(1);

impl Spec {
    /// When a container that started at `started` was last measured, as a read at `now` finds it:
    /// right after its start, then at each common moment, the first of them 10 s or more later.
    fn measured(&self, started: Instant, now: Instant) -> Option<Instant> {
        let interval = self.interval.ms().max(1);
        let late = self.lag.ms() / interval * interval;
        let newest = now.ms().saturating_sub(late);
        let into = (i128::from(newest) + i128::from(self.lag.ms())).rem_euclid(interval.into());
        let common = Instant::from_ms(newest.saturating_sub(into as i64));
        let first = started + DISCOVERY;
        if common >= started + LEAST_INTERVAL {
            return Some(common);
        }
        (first.ms() <= newest).then_some(first)
    }

    /// What a read at `now`, and any later one, does not go back behind.
    pub fn oldest(&self, now: Instant) -> Instant {
        now - self.lag - self.interval
    }
}

/// What a read at `now` finds of one pod; `None` if it was not measured yet.
///
/// What starts a container has used some CPU before it, so that no counter stands at 0.
pub fn point(spec: &Spec, pod: Observation<'_>, now: Instant) -> Option<Point> {
    let at = spec.measured(pod.started, now)?;
    Some(Point {
        started: pod.started,
        at,
        cpu_ns: server::through_text(pod.usage.cpu_ns(at).max(1)),
        memory_bytes: pod.usage.memory_bytes(at).unsigned_abs(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec = Spec {
        resolution: Duration::from_seconds(15),
        lag: Duration::from_seconds(8),
        interval: Duration::from_seconds(15),
    };

    /// 100m from its start on, 900m from 60 s on.
    fn step(started: Instant) -> UsageHistory {
        let mut usage = UsageHistory::new(started);
        usage.set(started, 100_000_000, 1000);
        usage.set(started.max(Instant::from_seconds(60)), 900_000_000, 2000);
        usage
    }

    /// CPU in milli-cores, moment and window in milliseconds, as answered after the read at
    /// `seconds`, if metrics-server reads every `resolution`.
    fn answered(spec: &Spec, seconds: i64, started_ms: i64) -> Option<(i64, i64, i64)> {
        let started = Instant::from_ms(started_ms);
        let usage = step(started);
        let mut storage = Storage::default();
        let mut at = 0;
        while at <= seconds {
            let pod = Observation { started, usage: &usage };
            let now = Instant::from_seconds(at);
            let point = (at * 1000 >= started_ms).then(|| point(spec, pod, now)).flatten();
            storage.store(&[point], spec.resolution);
            at += spec.resolution.ms() / 1000;
        }
        storage.sample().map(|it| (it.cpu_milli, it.timestamp.ms(), it.window.ms()))
    }

    #[test]
    fn a_step_is_seen_late_and_in_parts() {
        assert_eq!(answered(&SPEC, 60, 0), Some((100, 52_000, 15_000)));
        // Measured at 67 s over 52 s..67 s: (8 s * 100m + 7 s * 900m) / 15 s = 473.3m, rounded up.
        assert_eq!(answered(&SPEC, 75, 0), Some((474, 67_000, 15_000)));
        assert_eq!(answered(&SPEC, 90, 0), Some((900, 82_000, 15_000)));
    }

    #[test]
    fn a_minute_between_reads_is_the_window() {
        let spec = Spec { resolution: Duration::from_seconds(60), ..SPEC };
        // Over 52 s..112 s: (8 s * 100m + 52 s * 900m) / 60 s = 793.3m
        assert_eq!(answered(&spec, 120, 0), Some((794, 112_000, 60_000)));
        // Started at 90 s: measured at 112 s, 22 s old, less than a minute: since its start.
        assert_eq!(answered(&spec, 120, 90_000), Some((900, 112_000, 22_000)));
    }

    /// Measurements at 67 s, 82 s, 97 s, read 8 s later each.
    #[test]
    fn a_fresh_container_is_first_seen_after_18_to_33_seconds() {
        for (started_ms, first_read_s, timestamp_s, window_ms) in [
            // At 82 s it is 12 s old: from its start.
            (70_000, 90, 82, 12_000),
            (72_000, 90, 82, 10_000),
            // At 82 s it is 9 s old, and its first measurement was right after its start; at 97 s
            // it is 24 s old, so the two make a pair.
            (73_000, 105, 97, 23_999),
            // 15 s old is not fresh any more, but the first measurement is read at 75 s.
            (67_000, 90, 82, 14_999),
        ] {
            let before = first_read_s - 15;
            assert_eq!(answered(&SPEC, before, started_ms), None, "{started_ms} at {before} s");
            let after = answered(&SPEC, first_read_s, started_ms);
            let found = after.map(|(_, at, window)| (at, window));
            assert_eq!(found, Some((timestamp_s * 1000, window_ms)), "{started_ms}");
        }
    }

    #[test]
    fn a_lag_of_more_than_an_interval_is_kept() {
        let spec = Spec { lag: Duration::from_seconds(38), ..SPEC };
        assert_eq!(answered(&spec, 120, 0), Some((900, 82_000, 15_000)));
    }
}
