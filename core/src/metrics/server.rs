//! metrics-server: what it keeps of what it reads, and what it answers.
//!
//! It keeps two points of each container, the last one and one before, and answers with the CPU
//! used between them. A pod is answered for once each of its containers has both. A container that
//! has just started needs only one, if that lies 10 s or more after its start and less than one
//! `resolution`: then its start stands for the one before. A restart begins anew.
//!
//! Upstream: metrics-server 0.9 pkg/storage/pod.go, pkg/storage/types.go,
//! pkg/scraper/client/resource/decode.go.

use crate::time::{Duration, Instant};

/// The least age at which a container's start stands for a point.
///
/// Upstream: metrics-server 0.9 pkg/storage/pod.go `freshContainerMinMetricsResolution`.
const FRESH_CONTAINER: Duration = Duration::from_seconds(10);

/// The longest time between two moments that Go can tell: 2^63 - 1 nanoseconds.
const LONGEST: Duration = Duration::from_ms(i64::MAX / 1_000_000);

/// One measurement of one container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// When the container started.
    pub started: Instant,
    /// When it was measured.
    pub at: Instant,
    /// CPU used since the start, in nanoseconds of one core.
    pub cpu_ns: u64,
    /// Memory at that moment.
    pub memory_bytes: u64,
}

/// What is kept of one pod, by container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    containers: Vec<[Option<Point>; 2]>,
}

/// What the metrics API answers for one pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Mean CPU over the window, in milli-cores; each container's rounded up as `MilliValue` does.
    pub cpu_milli: i64,
    /// Memory at the moment of the sample, in bytes.
    pub memory_bytes: i64,
    /// When it was measured, in whole seconds as the API prints it; the earliest of the containers.
    pub timestamp: Instant,
    /// The time it averages over; that container's.
    pub window: Duration,
}

impl Storage {
    /// Takes one read: a point for each container that runs, at its place.
    ///
    /// A container without CPU or without memory makes the whole pod count as not read, and what
    /// is not read is forgotten.
    ///
    /// Upstream: metrics-server 0.9 pkg/storage/pod.go `Store`,
    /// pkg/scraper/client/resource/decode.go `checkContainerMetrics`.
    pub fn store(&mut self, read: &[Option<Point>], resolution: Duration) {
        let is_empty = |it: &Point| it.cpu_ns == 0 || it.memory_bytes == 0;
        if read.iter().flatten().any(is_empty) {
            self.containers.clear();
            return;
        }
        let has_prev = self.containers.iter().any(|[_, prev]| prev.is_some());
        self.containers.resize(read.len(), [None; 2]);
        for (kept, new) in self.containers.iter_mut().zip(read) {
            *kept = [*new, new.and_then(|new| before(new, *kept, has_prev, resolution))];
        }
    }

    /// What the API answers; `None` while there is nothing to say about the pod.
    ///
    /// Upstream: metrics-server 0.9 pkg/storage/pod.go `GetMetrics`.
    pub fn sample(&self) -> Option<Sample> {
        let mut sample: Option<Sample> = None;
        let mut earliest = Instant::from_ms(i64::MAX);
        for [last, prev] in &self.containers {
            let Some(last) = last else { continue };
            let prev = (*prev)?;
            // The others are answered for all the same.
            if last.started < prev.started || last.cpu_ns < prev.cpu_ns {
                continue;
            }
            let sum = sample.get_or_insert(Sample {
                cpu_milli: 0,
                memory_bytes: 0,
                timestamp: Instant::ZERO,
                window: Duration::ZERO,
            });
            let window = last.at.since(prev.at).min(LONGEST);
            let nano = ((last.cpu_ns - prev.cpu_ns) as f64 / seconds(window)) as i64;
            let memory = i64::try_from(last.memory_bytes).unwrap_or(i64::MAX);
            sum.cpu_milli = sum.cpu_milli.saturating_add(nano_to_milli(nano));
            sum.memory_bytes = sum.memory_bytes.saturating_add(memory);
            if last.at < earliest {
                earliest = last.at;
                let whole = last.at.ms().div_euclid(1000).saturating_mul(1000);
                (sum.timestamp, sum.window) = (Instant::from_ms(whole), window);
            }
        }
        sample
    }
}

/// The point that stands before `new`, given what was kept; `has_prev` says whether any container of
/// the pod had one.
///
/// If the others had one and this one had not, an empty point takes its place upstream, of the year
/// 1: as long ago as Go can tell.
fn before(
    new: Point,
    [last, prev]: [Option<Point>; 2],
    has_prev: bool,
    resolution: Duration,
) -> Option<Point> {
    let age = new.at.since(new.started);
    if new.started < new.at && age < resolution && age >= FRESH_CONTAINER {
        return Some(Point { at: new.started, cpu_ns: 0, ..new });
    }
    let last = last.filter(|last| new.started < last.at)?;
    if new.at > last.at {
        return Some(last);
    }
    let empty = || {
        let at = Instant::from_ms(i64::MIN);
        Point { started: at, at, cpu_ns: 0, memory_bytes: 0 }
    };
    prev.or_else(|| has_prev.then(empty)).filter(|prev| prev.at < new.at)
}

/// As Go's `Duration.Seconds`: whole seconds and the rest apart.
fn seconds(length: Duration) -> f64 {
    let (whole, rest) = (length.ms() / 1000, length.ms() % 1000);
    whole as f64 + (rest * 1_000_000) as f64 / 1e9
}

/// CPU as the kubelet writes it down and metrics-server reads it again: seconds, as a float.
///
/// Upstream: kubernetes 1.37 pkg/kubelet/metrics/collectors/resource_metrics.go
/// `collectContainerCPUMetrics`; metrics-server 0.9 pkg/scraper/client/resource/decode.go
/// `parseContainerCPUMetrics`.
pub(super) fn through_text(cpu_ns: u64) -> u64 {
    ((cpu_ns as f64 / 1e9) * 1e9) as u64
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

    /// Start and moment in seconds, CPU in core seconds.
    fn point(started: i64, at: i64, cpu_s: u64) -> Point {
        Point {
            started: Instant::from_seconds(started),
            at: Instant::from_seconds(at),
            cpu_ns: cpu_s * 1_000_000_000,
            memory_bytes: 4 << 20,
        }
    }

    fn sample(milli: i64, at: i64, window: i64, containers: i64) -> Sample {
        Sample {
            cpu_milli: milli,
            memory_bytes: containers * (4 << 20),
            timestamp: Instant::from_seconds(at),
            window: Duration::from_seconds(window),
        }
    }

    type Read = &'static [(i64, i64, u64)];

    /// Each read is a list of containers; what is answered after the last one. Read every 60 s.
    ///
    /// Upstream: metrics-server 0.9 pkg/storage/pod_test.go.
    #[test]
    fn what_is_answered_after_some_reads() {
        const LONG_AGO: i64 = -1_000_000_000;
        let cases: &[(&str, &[Read], Option<Sample>)] = &[
            ("one batch is not enough", &[&[(0, 120, 1)]], None),
            ("two are", &[&[(0, 120, 1)], &[(0, 125, 6)]], Some(sample(1000, 125, 5, 1))),
            ("a batch without it", &[&[(0, 120, 1)], &[(0, 125, 6)], &[]], None),
            (
                "the earliest container gives the time",
                &[&[(0, 110, 1), (0, 115, 2)], &[(0, 120, 6), (0, 125, 7)]],
                Some(sample(1000, 120, 10, 2)),
            ),
            ("the same point again", &[&[(0, 110, 1)], &[(0, 110, 1)]], None),
            (
                "a restart, and 10 s since",
                &[&[(0, 10, 1)], &[(15, 25, 5)]],
                Some(sample(500, 25, 10, 1)),
            ),
            ("a counter that went down", &[&[(0, 110, 20)], &[(0, 120, 10)]], None),
            ("older than both", &[&[(0, 1115, 20)], &[(0, 1125, 40)], &[(0, 115, 10)]], None),
            (
                "between the two",
                &[&[(0, 115, 10)], &[(0, 125, 50)], &[(0, 120, 35)]],
                Some(sample(5000, 120, 5, 1)),
            ),
            ("fresh, 10 s old", &[&[(0, 10, 10)]], Some(sample(1000, 10, 10, 1))),
            ("fresh, start after the point", &[&[(0, -10, 10)]], None),
            ("fresh, 9 s old", &[&[(0, 9, 10)]], None),
            (
                "without a start",
                &[&[(LONG_AGO, 120, 1)], &[(LONG_AGO, 125, 6)]],
                Some(sample(1000, 125, 5, 1)),
            ),
            ("a container that joins", &[&[(0, 110, 1)], &[(0, 120, 6), (0, 120, 8)]], None),
        ];
        for (what, reads, expected) in cases {
            let mut storage = Storage::default();
            for read in *reads {
                let read: Vec<_> =
                    read.iter().map(|(start, at, cpu)| Some(point(*start, *at, *cpu))).collect();
                storage.store(&read, Duration::from_seconds(60));
            }
            assert_eq!(storage.sample(), *expected, "{what}");
        }
    }

    #[test]
    fn a_container_without_cpu_or_memory_drops_the_pod() {
        let resolution = Duration::from_seconds(15);
        let (one, two) = (point(0, 100, 1), point(0, 115, 2));
        for empty in [Point { cpu_ns: 0, ..two }, Point { memory_bytes: 0, ..two }] {
            let mut storage = Storage::default();
            for read in [one, two, empty, point(0, 130, 3)] {
                storage.store(&[Some(read)], resolution);
            }
            assert_eq!(storage.sample(), None, "two new points are needed");
            storage.store(&[Some(point(0, 145, 4))], resolution);
            // 1 s of a core over 15 s
            assert_eq!(storage.sample(), Some(sample(67, 145, 15, 1)));
        }
    }

    #[test]
    fn cpu_is_truncated_to_nanocores_and_rounded_up_to_millicores() {
        let resolution = Duration::from_seconds(15);
        for (cpu_ns, milli) in [(1, 1), (15_000_000, 1), (15_000_015, 2), (15_000_014, 1)] {
            let mut storage = Storage::default();
            let first = Point { cpu_ns: 7, ..point(0, 100, 0) };
            let second = Point { cpu_ns: 7 + cpu_ns, ..point(0, 115, 0) };
            for read in [first, second] {
                storage.store(&[Some(read)], resolution);
            }
            let got = storage.sample().map(|it| it.cpu_milli);
            // 1 ns over 15 s is 0 nanocores.
            let expected = if cpu_ns == 1 { 0 } else { milli };
            assert_eq!(got, Some(expected), "{cpu_ns}");
        }
    }
}
