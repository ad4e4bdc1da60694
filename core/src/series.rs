//! A number over time: constant between its changes.

use crate::time::{Duration, Instant};

/// Change points by time; no two neighbours have the same value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    points: Vec<(Instant, f64)>,
}

impl Series {
    /// From `at` on, not before the last change, it is `value`. A second value at the same instant
    /// replaces the first.
    pub fn set(&mut self, at: Instant, value: f64) {
        if self.points.last().is_some_and(|(last, _)| *last == at) {
            self.points.pop();
        }
        if self.points.last().is_none_or(|(_, last)| *last != value) {
            self.points.push((at, value));
        }
    }

    /// The change points.
    pub fn points(&self) -> &[(Instant, f64)] {
        &self.points
    }

    /// The value at `at`, `None` before the first point.
    pub fn at(&self, at: Instant) -> Option<f64> {
        let after = self.points.partition_point(|(point, _)| *point <= at);
        after.checked_sub(1).map(|index| self.points[index].1)
    }

    /// The largest value, 0 if there is none.
    pub fn max(&self) -> f64 {
        self.points.iter().fold(0.0, |max, (_, value)| if *value > max { *value } else { max })
    }

    /// The value times the hours that it lasted, up to `end`.
    pub fn hours(&self, end: Instant) -> f64 {
        let ends = self.points.iter().skip(1).map(|(at, _)| *at).chain([end]);
        let weighted = |((at, value), until): (&(Instant, f64), Instant)| {
            value * until.min(end).since(*at).ms() as f64
        };
        self.points.iter().zip(ends).map(weighted).sum::<f64>()
            / Duration::from_seconds(3600).ms() as f64
    }

    /// How often it turned round up to `end`: up after down, or down after up.
    pub fn turns(&self, end: Instant) -> u32 {
        let points = &self.points[..self.points.partition_point(|(at, _)| *at <= end)];
        let turns =
            |three: &&[(Instant, f64)]| (three[1].1 > three[0].1) != (three[2].1 > three[1].1);
        points.windows(3).filter(turns).count() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: &[(i64, f64)]) -> Series {
        let mut series = Series::default();
        for (seconds, value) in points {
            series.set(Instant::from_seconds(*seconds), *value);
        }
        series
    }

    #[test]
    fn only_changes_are_kept() {
        let seen =
            series(&[(0, 1.0), (5, 1.0), (10, 2.0), (10, 3.0), (20, 3.0), (30, 4.0), (30, 3.0)]);
        assert_eq!(seen, series(&[(0, 1.0), (10, 3.0)]));
        assert_eq!(seen.at(Instant::from_seconds(-1)), None);
        assert_eq!(seen.at(Instant::from_seconds(9)), Some(1.0));
        assert_eq!(seen.at(Instant::from_seconds(10)), Some(3.0));
    }

    #[test]
    fn hours_and_turns() {
        let seen = series(&[(0, 2.0), (1800, 4.0), (3600, 1.0), (5400, 2.0)]);
        // half an hour each of 2, 4 and 1, a quarter of 2
        assert_eq!(seen.hours(Instant::from_seconds(6300)), 1.0 + 2.0 + 0.5 + 0.5);
        // half an hour of 2, a quarter of 4
        assert_eq!(seen.hours(Instant::from_seconds(2700)), 1.0 + 1.0);
        assert_eq!(seen.turns(Instant::from_seconds(5400)), 2);
        assert_eq!(seen.turns(Instant::from_seconds(5399)), 1);
    }
}
