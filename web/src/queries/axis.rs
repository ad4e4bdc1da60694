//! The time axis: which part of the run is shown, and where its ticks stand.

/// The part of the run that the charts show, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Range {
    /// From here.
    pub(crate) from: f64,
    /// Up to here.
    pub(crate) to: f64,
}

/// The closest that one can look: a stretch of this length.
const LENGTH_MS_MIN: f64 = 10_000.0;

impl Range {
    /// The whole of a run.
    pub(crate) fn whole(duration_ms: f64) -> Self {
        Self { from: 0.0, to: duration_ms.max(1.0) }
    }

    pub(crate) fn length(self) -> f64 {
        self.to - self.from
    }

    /// Where `at_ms` lies: 0 at the left edge, 1 at the right.
    pub(crate) fn share(self, at_ms: f64) -> f64 {
        (at_ms - self.from) / self.length()
    }

    /// What lies at `share` of the width.
    pub(crate) fn at(self, share: f64) -> f64 {
        self.from + share.clamp(0.0, 1.0) * self.length()
    }

    pub(crate) fn contains(self, at_ms: f64) -> bool {
        self.from <= at_ms && at_ms <= self.to
    }

    /// `factor` times as long, with `around` at the same place, inside the run.
    pub(crate) fn zoomed(self, factor: f64, around: f64, duration_ms: f64) -> Self {
        let around = around.clamp(self.from, self.to);
        let left = around - (around - self.from) * factor;
        Self { from: left, to: left + self.length() * factor }.inside(duration_ms)
    }

    /// The same stretch, not too short, moved into the run.
    pub(crate) fn inside(self, duration_ms: f64) -> Self {
        let whole = Self::whole(duration_ms);
        let length = self.length().max(LENGTH_MS_MIN).min(whole.to);
        let from = self.from.min(whole.to - length).max(0.0);
        Self { from, to: from + length }
    }
}

/// Distances between ticks that people count in, in seconds.
const STEPS_S: [u32; 19] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    604_800,
];

/// The instants that get a label: at most `count_max` of them.
pub(crate) fn ticks(range: Range, count_max: f64) -> Vec<f64> {
    let wanted = range.length() / count_max.max(1.0);
    let steps = STEPS_S.iter().map(|&seconds| f64::from(seconds) * 1000.0);
    let step = steps.into_iter().find(|&step| step >= wanted).unwrap_or(range.length().max(1.0));
    let first = (range.from / step).ceil();
    let last = (range.to / step).floor();
    let count = (last - first + 1.0).clamp(0.0, 1000.0) as u32;
    (0..count).map(|index| (first + f64::from(index)) * step).collect()
}

/// A tick's label, as `5m`, `1h 30m`, `45s` or `2m 30s`.
pub(crate) fn tick_label(at_ms: f64) -> String {
    let seconds = (at_ms / 1000.0).round() as i64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, seconds) {
        (0, 0, 0) => "0m".to_owned(),
        (0, 0, _) => format!("{seconds}s"),
        (0, _, 0) => format!("{minutes}m"),
        (0, _, _) => format!("{minutes}m {seconds:02}s"),
        (_, 0, 0) => format!("{hours}h"),
        (_, _, 0) => format!("{hours}h {minutes:02}m"),
        (_, _, _) => format!("{hours}h {minutes:02}m {seconds:02}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: f64, to: f64, count_max: f64) -> Vec<String> {
        ticks(Range { from, to }, count_max).into_iter().map(tick_label).collect()
    }

    #[test]
    fn ticks_stand_at_round_times() {
        assert_eq!(labels(0.0, 1_800_000.0, 7.0), ["0m", "5m", "10m", "15m", "20m", "25m", "30m"]);
        assert_eq!(labels(61_000.0, 95_000.0, 3.0), ["1m 15s", "1m 30s"]);
        assert_eq!(labels(0.0, 14_400_000.0, 3.0), ["0m", "2h", "4h"]);
        assert_eq!(labels(0.0, 0.0, 5.0), ["0m"]);
    }

    #[test]
    fn zooming_keeps_the_instant_in_place_and_stays_in_the_run() {
        let whole = Range::whole(1_000_000.0);
        let half = whole.zoomed(0.5, 400_000.0, 1_000_000.0);
        assert_eq!(half, Range { from: 200_000.0, to: 700_000.0 });
        assert_eq!(half.zoomed(4.0, 200_000.0, 1_000_000.0), whole);
        let close = whole.zoomed(0.000_001, 999_999.0, 1_000_000.0);
        assert_eq!(close, Range { from: 990_000.0, to: 1_000_000.0 });
    }
}
