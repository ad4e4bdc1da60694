//! Time as integer milliseconds since the start of a run.
//!
//! There is no clock here: an [`Instant`] is always handed in. Arithmetic saturates, so that no
//! user input can overflow it.

use std::fmt;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// A point in time, in milliseconds since the start of the run. May be negative: history that
/// began before the run.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(i64);

/// A length of time in milliseconds, never negative.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Duration(i64);

/// From one instant up to, not including, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins.
    pub from: Instant,
    /// Where it is over.
    pub until: Instant,
}

impl Stretch {
    /// Whether one of `stretches` holds `at`.
    pub fn any(stretches: &[Self], at: Instant) -> bool {
        stretches.iter().any(|it| it.from <= at && at < it.until)
    }
}

impl Instant {
    /// The start of a run.
    pub const ZERO: Self = Self(0);

    /// The instant `ms` milliseconds after the start of the run.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// The instant `seconds` seconds after the start of the run.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since the start of the run.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// The time since `earlier`; zero if `earlier` lies later.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_ms(self.0.saturating_sub(earlier.0))
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// `ms` milliseconds; a negative number counts as zero.
    pub const fn from_ms(ms: i64) -> Self {
        Self(if ms < 0 { 0 } else { ms })
    }

    /// `seconds` seconds; a negative number counts as zero.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self::from_ms(seconds.saturating_mul(1000))
    }

    /// Milliseconds.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// So many times as long; a negative number counts as zero.
    #[must_use]
    pub const fn times(self, count: i64) -> Self {
        Self::from_ms(self.0.saturating_mul(count))
    }
}

impl Add<Duration> for Instant {
    type Output = Self;
    fn add(self, length: Duration) -> Self {
        Self(self.0.saturating_add(length.0))
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;
    fn sub(self, length: Duration) -> Self {
        Self(self.0.saturating_sub(length.0))
    }
}

impl Add for Duration {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// `3m 00s`, `45s`, `1h 05m 00s`; below ten seconds with a fraction where there is one: `2.5s`.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write_ms(f, self.0.unsigned_abs())
    }
}

/// As [`Instant`] prints.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_ms(f, self.0.unsigned_abs())
    }
}

fn write_ms(f: &mut fmt::Formatter<'_>, ms: u64) -> fmt::Result {
    // From ten seconds on, people count whole ones.
    let ms = if ms < 10_000 { ms } else { ms.saturating_add(500) / 1000 * 1000 };
    let (total_seconds, rest) = (ms / 1000, ms % 1000);
    let (hours, minutes, seconds) =
        (total_seconds / 3600, total_seconds / 60 % 60, total_seconds % 60);
    let fraction = if rest == 0 {
        String::new()
    } else {
        format!(".{rest:03}").trim_end_matches('0').to_owned()
    };
    match (hours, minutes) {
        (0, 0) => write!(f, "{seconds}{fraction}s"),
        (0, _) => write!(f, "{minutes}m {seconds:02}{fraction}s"),
        _ => write!(f, "{hours}h {minutes:02}m {seconds:02}{fraction}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_prints_as_the_page_shows_it() {
        assert_eq!(Instant::from_seconds(180).to_string(), "3m 00s");
        assert_eq!(Instant::from_seconds(45).to_string(), "45s");
        assert_eq!(Instant::from_seconds(3900).to_string(), "1h 05m 00s");
        assert_eq!(Instant::from_ms(2500).to_string(), "2.5s");
        assert_eq!(Instant::from_ms(9995).to_string(), "9.995s");
        assert_eq!(Instant::from_ms(59_500).to_string(), "1m 00s");
        assert_eq!(Instant::from_ms(75_340).to_string(), "1m 15s");
        assert_eq!(Instant::from_seconds(-30).to_string(), "-30s");
    }

    #[test]
    fn arithmetic_saturates_instead_of_overflowing() {
        let end = Instant::from_ms(i64::MAX);
        assert_eq!(end + Duration::from_seconds(1), end);
        assert_eq!(Instant::ZERO.since(end), Duration::ZERO);
    }
}
