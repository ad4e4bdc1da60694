//! A handle: it counts, samples and reports.
//!
//! Every 0.2 of the look-back period, but at least once a report, a handle writes down how many
//! requests wait with it and how many of its own run on each replica. What is older than the
//! look-back period is forgotten. Every `metrics_interval_s` it tells the controller what it has,
//! and at once if a request comes while there is no replica.
//!
//! Upstream: ray 2.60.0 serve/_private/router.py `RouterMetricsManager`,
//! serve/_private/metrics_utils.py `InMemoryMetricsStore`.

use super::config::Config;
use super::reports::{Report, Source};
use super::{HandleId, ReplicaId, Sample};

/// The part of the look-back period between two samples
/// (`RAY_SERVE_AUTOSCALING_METRIC_RECORD_INTERVAL_FACTOR`).
const SAMPLE_PART: f64 = 0.2;

/// Seconds between two samples.
pub fn sample_interval(config: &Config) -> f64 {
    (config.look_back_period_s * SAMPLE_PART).min(config.metrics_interval_s)
}

/// What a handle counts at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// Requests that wait with it.
    pub queued: f64,
    /// Requests of its own on each replica that it has ever sent one and still knows.
    pub running: Vec<(ReplicaId, f64)>,
}

/// What a handle has written down.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// `None` if nothing was written down, or nothing that still counts.
    queued: Option<Vec<Sample>>,
    running: Vec<(ReplicaId, Vec<Sample>)>,
}

impl Store {
    /// Writes `counts` down at `now`, and forgets what lies before the look-back period.
    pub fn sample(&mut self, config: &Config, counts: &Counts, now: f64) {
        insert(self.queued.get_or_insert_default(), Sample { at: now, value: counts.queued });
        for &(replica, value) in &counts.running {
            let found = self.running.iter().position(|(it, _)| *it == replica);
            let index = found.unwrap_or_else(|| {
                self.running.push((replica, Vec::new()));
                self.running.len() - 1
            });
            insert(&mut self.running[index].1, Sample { at: now, value });
        }
        self.forget(now - config.look_back_period_s);
    }

    /// What the handle tells at `now`: of what has no samples, the present count.
    pub fn report(
        &mut self,
        config: &Config,
        counts: &Counts,
        (handle, source): (HandleId, Source),
        now: f64,
    ) -> Report {
        self.forget(now - config.look_back_period_s);
        let present = |value| vec![Sample { at: now, value }];
        let running = counts.running.iter().map(|&(replica, value)| {
            let known = self.running.iter().find(|(it, _)| *it == replica);
            (replica, known.map_or_else(|| present(value), |(_, it)| it.clone()))
        });
        Report {
            handle,
            source,
            at: now,
            running: running.collect(),
            queued: self.queued.clone().unwrap_or_else(|| present(counts.queued)),
        }
    }

    /// Whether every sample that counts says the same as `counts`, and all series have as many.
    pub fn holds_only(&self, counts: &Counts) -> bool {
        let Some(queued) = &self.queued else { return false };
        let series = |replica| self.running.iter().find(|(it, _)| *it == replica);
        all_say(queued, counts.queued, queued)
            && counts.running.iter().all(|(replica, value)| {
                series(*replica).is_some_and(|(_, it)| all_say(it, *value, queued))
            })
    }

    /// Series whose last sample is older than `start` go; of the others, the samples up to it.
    fn forget(&mut self, start: f64) {
        let keep = |samples: &mut Vec<Sample>| {
            // A series whose last sample lies at the very start stays, without samples.
            let stays = samples.last().is_some_and(|it| it.at >= start);
            let begin = samples.partition_point(|it| it.at <= start);
            samples.drain(..begin);
            stays
        };
        self.queued.take_if(|it| !keep(it));
        self.running.retain_mut(|(_, samples)| keep(samples));
    }
}

/// Whether `samples` are all `value`, at the times of `others`.
pub(super) fn all_say(samples: &[Sample], value: f64, others: &[Sample]) -> bool {
    let first = samples.first().zip(others.first());
    first.is_some_and(|(own, other)| own.at == other.at)
        && samples.len() == others.len()
        && samples.iter().all(|it| it.value == value)
}

/// Keeps samples in the order of time.
fn insert(samples: &mut Vec<Sample>, sample: Sample) {
    let at = samples.partition_point(|it| it.at <= sample.at);
    samples.insert(at, sample);
}
