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

/// Room that is used again for the next merge.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    changes: Vec<(f64, f64)>,
    total: Vec<Sample>,
    active: Vec<f64>,
    lengths: Vec<f64>,
}

/// What many series say together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Merged {
    /// Series that had samples.
    pub series: usize,
    /// Since when they were looked at.
    pub since: f64,
    /// The aggregate.
    pub value: f64,
}

/// Aggregates `series` at `now`; `None` if they say nothing, which counts as 0.
///
/// ```
/// use tidetable_core::serve::{Aggregation, Sample, merge::{Scratch, aggregate}};
///
/// let idle = [Sample { at: 100.0, value: 0.0 }];
/// let busy = [Sample { at: 100.0, value: 0.0 }, Sample { at: 105.0, value: 8.0 }];
/// let mut scratch = Scratch::default();
/// let alone = aggregate([busy.as_slice()], Aggregation::Mean, 110.0, &mut scratch);
/// assert_eq!(alone.map(|it| it.value), Some(4.0));
/// let both = [idle.as_slice(), busy.as_slice()];
/// let both = aggregate(both, Aggregation::Mean, 110.0, &mut scratch);
/// assert_eq!(both.map(|it| it.value), Some(8.0), "the zeros before the first change are gone");
/// ```
pub fn aggregate<'a>(
    series: impl IntoIterator<Item = &'a [Sample]>,
    function: Aggregation,
    now: f64,
    scratch: &mut Scratch,
) -> Option<Merged> {
    let mut series = series.into_iter().filter(|it| !it.is_empty());
    let first = series.next()?;
    let Some(second) = series.next() else {
        let end = end(first, now);
        return Some(Merged {
            series: 1,
            since: first[0].at,
            value: reduce(first, function, first[0].at, end, scratch),
        });
    };
    let (mut count, mut aligned) = (0, f64::NEG_INFINITY);
    scratch.changes.clear();
    for samples in [first, second].into_iter().chain(series) {
        count += 1;
        aligned = aligned.max(samples[0].at);
        add_changes(samples, &mut scratch.changes);
    }
    let mut total = std::mem::take(&mut scratch.total);
    add_up(&mut scratch.changes, &mut total);
    let merged = total.first().zip(total.last()).map(|(first, last)| {
        // Not rounded, as upstream has it, though what it is compared with is.
        let since = if aligned <= last.at { aligned.max(first.at) } else { first.at };
        // Without an aligned start, the largest and smallest value are those of all samples.
        let value = reduce(&total, function, since, end(&total, now), scratch);
        Merged { series: count, since, value }
    });
    scratch.total = total;
    merged
}

/// Each change of a series, from 0: by how much, at its time rounded to 10 ms. What changes is
/// looked for before times are rounded.
fn add_changes(samples: &[Sample], changes: &mut Vec<(f64, f64)>) {
    let mut before = 0.0;
    for sample in samples {
        let by = sample.value - before;
        if by != 0.0 {
            changes.push(((sample.at * 100.0 + 0.5).floor() / 100.0, by));
        }
        before = sample.value;
    }
}

/// The running total of `changes`, in the order of time. At the same time the first comes first.
fn add_up(changes: &mut [(f64, f64)], total: &mut Vec<Sample>) {
    changes.sort_by(|a, b| a.0.total_cmp(&b.0));
    total.clear();
    let mut sum = 0.0;
    for at_once in changes.chunk_by(|a, b| a.0 == b.0) {
        sum += at_once.iter().fold(0.0, |sum, (_, by)| sum + by);
        total.push(Sample { at: at_once[0].0, value: sum });
    }
}

/// The last value holds to `now`; for a moment, if it lies ahead.
fn end(total: &[Sample], now: f64) -> f64 {
    let last = total.last().map_or(now, |it| it.at);
    let held = now - last;
    last + if held <= 0.0 { 1e-3 } else { held }
}

fn reduce(
    total: &[Sample],
    function: Aggregation,
    since: f64,
    end: f64,
    scratch: &mut Scratch,
) -> f64 {
    let within = total.iter().filter(|it| it.at >= since).map(|it| it.value);
    match function {
        Aggregation::Mean => mean(total, since, end, scratch),
        Aggregation::Max => within.reduce(f64::max).unwrap_or(0.0),
        Aggregation::Min => within.reduce(f64::min).unwrap_or(0.0),
    }
}

/// The mean from `since` to `end`, weighted by time.
fn mean(total: &[Sample], since: f64, end: f64, scratch: &mut Scratch) -> f64 {
    if end <= since {
        return 0.0;
    }
    let Scratch { active, lengths, .. } = scratch;
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
