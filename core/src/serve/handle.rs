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
        let mut near = 0;
        for &(replica, value) in &counts.running {
            near = find(&self.running, replica, near).unwrap_or_else(|| {
                self.running.push((replica, Vec::new()));
                self.running.len() - 1
            });
            insert(&mut self.running[near].1, Sample { at: now, value });
        }
        self.forget(now - config.look_back_period_s);
    }

    /// Writes `counts` down at each of `times`, which lie in order and not before now, as far as it
    /// is not forgotten at the last of them. All that the store has must be the same counts, as
    /// [`holds_only`](Self::holds_only) says.
    pub fn sample_all(&mut self, config: &Config, counts: &Counts, times: &[f64]) {
        let Some(&last) = times.last() else { return };
        let start = last - config.look_back_period_s;
        let known = self.queued.iter().flatten().map(|it| it.at);
        let times: Vec<f64> = known.chain(times.iter().copied()).filter(|at| *at > start).collect();
        let fill = |samples: &mut Vec<Sample>, value| {
            samples.clear();
            samples.extend(times.iter().map(|&at| Sample { at, value }));
        };
        fill(self.queued.get_or_insert_default(), counts.queued);
        let mut near = 0;
        for &(replica, value) in &counts.running {
            if let Some(index) = find(&self.running, replica, near) {
                fill(&mut self.running[index].1, value);
                near = index;
            }
        }
        self.forget(start);
    }

    /// What the handle tells at `now`: of what has no samples, the present count.
    pub fn report(
        &mut self,
        config: &Config,
        counts: &Counts,
        (handle, source): (HandleId, Source),
        now: f64,
    ) -> Report {
        let (queued, running) = (Vec::new(), Vec::new());
        let mut report = Report { handle, source, at: now, queued, running };
        self.report_into(&mut report, config, counts, now);
        report
    }

    /// As [`report`](Self::report), into a report of the same handle that is not needed any more.
    pub fn report_into(&mut self, report: &mut Report, config: &Config, counts: &Counts, now: f64) {
        self.forget(now - config.look_back_period_s);
        let tell = |into: &mut Vec<Sample>, known: Option<&Vec<Sample>>, value| match known {
            Some(known) => into.clone_from(known),
            None => *into = vec![Sample { at: now, value }],
        };
        report.at = now;
        tell(&mut report.queued, self.queued.as_ref(), counts.queued);
        report.running.truncate(counts.running.len());
        let mut near = 0;
        for (index, &(replica, value)) in counts.running.iter().enumerate() {
            if index == report.running.len() {
                report.running.push((replica, Vec::new()));
            }
            let found = find(&self.running, replica, near);
            near = found.unwrap_or(near);
            let (own, into) = &mut report.running[index];
            *own = replica;
            tell(into, found.map(|it| &self.running[it].1), value);
        }
    }

    /// How often it has written down what waits.
    pub fn len(&self) -> usize {
        self.queued.as_ref().map_or(0, Vec::len)
    }

    /// Whether it has written down nothing that counts.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether every sample that counts says the same as `counts`, and all series have as many.
    pub fn holds_only(&self, counts: &Counts) -> bool {
        let Some(queued) = &self.queued else { return false };
        let mut near = 0;
        all_say(queued, counts.queued, queued)
            && counts.running.iter().all(|&(replica, value)| {
                let found = find(&self.running, replica, near);
                near = found.unwrap_or(near);
                found.is_some_and(|it| all_say(&self.running[it].1, value, queued))
            })
    }

    /// Series whose last sample is older than `start` go; of the others, the samples up to it.
    fn forget(&mut self, start: f64) {
        let keep = |samples: &mut Vec<Sample>| {
            // A series whose last sample lies at the very start stays, without samples.
            let stays = samples.last().is_some_and(|it| it.at >= start);
            let begin = samples.iter().take_while(|it| it.at <= start).count();
            samples.copy_within(begin.., 0);
            samples.truncate(samples.len() - begin);
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

/// Where the series of `replica` stands; looked for from behind that of the one before.
fn find(series: &[(ReplicaId, Vec<Sample>)], replica: ReplicaId, near: usize) -> Option<usize> {
    let (before, after) = series.split_at(near.min(series.len()));
    let found = after.iter().position(|(it, _)| *it == replica).map(|it| it + before.len());
    found.or_else(|| before.iter().position(|(it, _)| *it == replica))
}

/// Keeps samples in the order of time.
fn insert(samples: &mut Vec<Sample>, sample: Sample) {
    if samples.last().is_none_or(|it| it.at <= sample.at) {
        samples.push(sample);
        return;
    }
    let at = samples.partition_point(|it| it.at <= sample.at);
    samples.insert(at, sample);
}
