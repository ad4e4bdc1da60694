//! metrics-server: how a pod's true CPU and memory become the sample that the HPA is given.
//!
//! Every `resolution` it reads each node and answers with what it read until the next time. What
//! it reads is `lag` old, and CPU is the mean over `window`. A container that started later than
//! the window is measured from its start, once that lies 10 s back; before, and for pods that do
//! not run, there is no sample.
//!
//! DIFFERENCE(metrics-phase): upstream measures each container at moments of its own, 10 to 20 s
//! apart at random; here `lag` and `window` are the same for all and are assumptions.
//!
//! Upstream: metrics-server 0.9 pkg/storage/pod.go `Store`, `GetMetrics`.

mod usage;

pub use usage::UsageHistory;

use crate::time::{Duration, Instant};

/// The shortest stretch that a fresh container is measured over.
///
/// Upstream: metrics-server 0.9 pkg/storage/pod.go `freshContainerMinMetricsResolution`.
const FRESH_CONTAINER: Duration = Duration::from_seconds(10);

/// How the pipeline is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Time between two reads.
    pub resolution: Duration,
    /// Age of what is read.
    pub lag: Duration,
    /// What CPU is averaged over.
    pub window: Duration,
}

/// A running pod at the moment of a read.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// When its containers started.
    pub started: Instant,
    /// What it used.
    pub usage: &'a UsageHistory,
}

/// What the metrics API answers for one pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Mean CPU over the window, in milli-cores, rounded up as `MilliValue` does.
    pub cpu_milli: i64,
    /// Memory at the moment of the sample, in bytes.
    pub memory_bytes: i64,
    /// When it was measured, in whole seconds as the API prints it.
    pub timestamp: Instant,
    /// The time it averages over.
    pub window: Duration,
}

/// What a read at `now` yields for one pod; `None` while it has no usable sample.
pub fn read(spec: &Spec, pod: Observation<'_>, now: Instant) -> Option<Sample> {
    let measured = now - spec.lag;
    let age = measured.since(pod.started);
    if measured < pod.started + FRESH_CONTAINER {
        return None;
    }
    let window = if age < spec.window { age } else { spec.window };
    let nano = pod.usage.mean_cpu_nano(measured - window, measured);
    Some(Sample {
        cpu_milli: nano_to_milli(nano),
        memory_bytes: pod.usage.memory_bytes(measured),
        timestamp: Instant::from_ms(measured.ms().div_euclid(1000).saturating_mul(1000)),
        window,
    })
}

/// Milli-cores, rounded up.
///
/// Upstream: kubernetes 1.37 staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go
/// `MilliValue`.
fn nano_to_milli(nano: i64) -> i64 {
    nano.saturating_add(999_999).div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec = Spec {
        resolution: Duration::from_seconds(15),
        lag: Duration::from_seconds(8),
        window: Duration::from_seconds(15),
    };

    /// 100m from 0 s on, 900m from 60 s on.
    fn step() -> UsageHistory {
        let mut usage = UsageHistory::new(Instant::ZERO);
        usage.set(Instant::ZERO, 100_000_000, 1000);
        usage.set(Instant::from_seconds(60), 900_000_000, 2000);
        usage
    }

    fn cpu_at(seconds: i64, started: i64) -> Option<(i64, i64, i64)> {
        let usage = step();
        let pod = Observation { started: Instant::from_seconds(started), usage: &usage };
        read(&SPEC, pod, Instant::from_seconds(seconds))
            .map(|it| (it.cpu_milli, it.timestamp.ms(), it.window.ms()))
    }

    #[test]
    fn a_step_is_seen_late_and_in_parts() {
        assert_eq!(cpu_at(60, 0), Some((100, 52_000, 15_000)));
        // Measured at 67 s over 52 s..67 s: (8 s * 100m + 7 s * 900m) / 15 s = 473.3m, rounded up.
        assert_eq!(cpu_at(75, 0), Some((474, 67_000, 15_000)));
        assert_eq!(cpu_at(90, 0), Some((900, 82_000, 15_000)));
    }

    #[test]
    fn a_fresh_container_is_measured_from_its_start() {
        assert_eq!(cpu_at(77, 60), None, "measured 9 s after its start");
        assert_eq!(cpu_at(78, 60), Some((900, 70_000, 10_000)));
    }

    #[test]
    fn the_timestamp_has_whole_seconds() {
        let usage = step();
        let pod = Observation { started: Instant::ZERO, usage: &usage };
        let sample = read(&SPEC, pod, Instant::from_ms(60_700)).unwrap();
        assert_eq!(sample.timestamp, Instant::from_seconds(52));
    }
}
