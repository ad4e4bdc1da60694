//! Many series become one number.
//!
//! Each series is a step function: a value holds until the next one. With two or more, only the
//! changes count: each series starts from 0, and a sample that repeats the value before it, or
//! begins with 0, says nothing. Times are rounded to 10 ms, changes at the same time are added.
//! One series alone is taken as it is.
//!
//! Upstream: ray 2.60.0 serve/_private/autoscaling_metrics_merge.py, which is what runs as long as
//! handles report columns (`RAY_SERVE_COLUMNAR_AUTOSCALING_METRICS`, on unless told otherwise).

use super::Sample;
use super::config::Aggregation;
use super::sum::{dot, pairwise};

/// What many series say together.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    series: usize,
    /// Since when all of them say something.
    since: f64,
    total: Vec<Sample>,
    // Room that is used again.
    active: Vec<f64>,
    lengths: Vec<f64>,
}

impl Merged {
    /// Takes `series` in place of what was here.
    ///
    /// ```
    /// use tidetable_core::serve::{Aggregation, Sample, merge::Merged};
    ///
    /// let idle = [Sample { at: 100.0, value: 0.0 }];
    /// let busy = [Sample { at: 100.0, value: 0.0 }, Sample { at: 105.0, value: 8.0 }];
    /// let mut merged = Merged::default();
    /// merged.merge([busy.as_slice()]);
    /// assert_eq!(merged.aggregate(Aggregation::Mean, 110.0), Some(4.0));
    /// merged.merge([idle.as_slice(), busy.as_slice()]);
    /// let both = merged.aggregate(Aggregation::Mean, 110.0);
    /// assert_eq!(both, Some(8.0), "the zeros before the first change are gone");
    /// ```
    pub fn merge<'a>(&mut self, series: impl IntoIterator<Item = &'a [Sample]>) {
        let mut series = series.into_iter().filter(|it| !it.is_empty());
        self.total.clear();
        let Some(first) = series.next() else { return };
        (self.series, self.since) = (1, first[0].at);
        let Some(second) = series.next() else {
            self.total.extend_from_slice(first);
            return;
        };
        (self.series, self.since) = (0, f64::NEG_INFINITY);
        for samples in [first, second].into_iter().chain(series) {
            self.series += 1;
            self.since = self.since.max(samples[0].at);
            add_changes(samples, &mut self.total);
        }
        add_up(&mut self.total);
        // Not rounded, as upstream has it, though what it is compared with is. If it is later than
        // every change, all changes count.
        if let (Some(first), Some(last)) = (self.total.first(), self.total.last()) {
            self.since = if self.since <= last.at { self.since.max(first.at) } else { first.at };
        }
    }

    /// How many series there were.
    pub fn series(&self) -> usize {
        self.series
    }

    /// Since when they are looked at.
    pub fn since(&self) -> f64 {
        self.since
    }

    /// One number at `now`; `None` if the series say nothing, which counts as 0.
    pub fn aggregate(&mut self, function: Aggregation, now: f64) -> Option<f64> {
        let since = self.since;
        let end = end(self.total.last()?.at, now);
        let within = self.total.iter().filter(|it| it.at >= since).map(|it| it.value);
        Some(match function {
            Aggregation::Mean => self.mean(since, end),
            Aggregation::Max => within.reduce(f64::max).unwrap_or(0.0),
            Aggregation::Min => within.reduce(f64::min).unwrap_or(0.0),
        })
    }

    /// The mean from `since` to `end`, weighted by time.
    fn mean(&mut self, since: f64, end: f64) -> f64 {
        if end <= since {
            return 0.0;
        }
        let Self { total, active, lengths, .. } = self;
        active.clear();
        lengths.clear();
        let after = total.partition_point(|it| it.at <= since);
        let mut from = since;
        let mut value = if after == 0 { 0.0 } else { total[after - 1].value };
        for sample in &total[after..] {
            active.push(value);
            lengths.push(sample.at - from);
            (from, value) = (sample.at, sample.value);
        }
        active.push(value);
        lengths.push(end - from);
        dot(active, lengths) / pairwise(lengths)
    }
}

/// Adds each change of a series, from 0, to the others of its time, rounded to 10 ms. What changes
/// is looked for before times are rounded.
fn add_changes(samples: &[Sample], changes: &mut Vec<Sample>) {
    let (mut before, mut near) = (0.0, 0);
    for sample in samples {
        let by = sample.value - before;
        before = sample.value;
        if by == 0.0 {
            continue;
        }
        let at = (sample.at * 100.0 + 0.5).floor() / 100.0;
        // Most series change at the same times, one after the other.
        if changes[..near].last().is_some_and(|it| it.at > at) {
            near = 0;
        }
        near += changes[near..].iter().take_while(|it| it.at < at).count();
        match changes.get_mut(near) {
            Some(it) if it.at == at => it.value += by,
            _ => changes.insert(near, Sample { at, value: by }),
        }
    }
}

/// Changes in the order of time become what all of them add up to.
fn add_up(changes: &mut [Sample]) {
    let mut sum = 0.0;
    for change in changes {
        sum += change.value;
        change.value = sum;
    }
}

/// The last value holds to `now`; for a moment, if it lies ahead.
fn end(last: f64, now: f64) -> f64 {
    let held = now - last;
    last + if held <= 0.0 { 1e-3 } else { held }
}
