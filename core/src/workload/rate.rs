//! Requests per second, exactly.

use std::fmt;
use std::ops::Add;

use crate::time::Duration;

/// Millionths of a request per second, never negative.
///
/// An integer, so that adding loads gives the same answer in any order; a millionth, because
/// request rates of cron-like work reach down to a few a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(i64);

impl Rate {
    /// Nobody comes.
    pub const ZERO: Self = Self(0);

    /// The most that a load may ask for: ten million requests per second.
    pub const MAX: Self = Self(10_000_000_000_000);

    /// `micro` millionths of a request per second, kept between zero and [`Rate::MAX`].
    pub const fn from_micro(micro: i64) -> Self {
        if micro < 0 {
            Self::ZERO
        } else if micro > Self::MAX.0 {
            Self::MAX
        } else {
            Self(micro)
        }
    }

    /// `rps` requests per second, rounded to the nearest millionth. Not a number counts as zero.
    pub fn from_rps(rps: f64) -> Self {
        // A float-to-integer cast saturates, and takes NaN to zero.
        Self::from_micro((rps * 1e6 + 0.5).floor() as i64)
    }

    /// Millionths of a request per second.
    pub const fn micro(self) -> i64 {
        self.0
    }

    /// Requests per second.
    pub fn rps(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// What arrives in `length`, in thousand-millionths of a request: exact, nothing is rounded.
    ///
    /// ```
    /// # use tidetable_core::{time::Duration, workload::Rate};
    /// let requests = Rate::from_rps(0.5).nano_requests(Duration::from_ms(3));
    /// assert_eq!(requests, 1_500_000); // 0.0015 requests
    /// ```
    pub const fn nano_requests(self, length: Duration) -> i128 {
        self.0 as i128 * length.ms() as i128
    }
}

impl Add for Rate {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::from_micro(self.0.saturating_add(other.0))
    }
}

/// `160`, `0.5`: requests per second, without the unit.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{rest:06}");
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_number_stays_within_the_limits() {
        for (rps, micro) in [
            (20.0, 20_000_000),
            (0.000_000_4, 0),
            (0.000_000_5, 1),
            (-3.0, 0),
            (f64::NAN, 0),
            (f64::NEG_INFINITY, 0),
            (1e308, Rate::MAX.micro()),
            (f64::INFINITY, Rate::MAX.micro()),
        ] {
            assert_eq!(Rate::from_rps(rps).micro(), micro, "{rps}");
        }
        assert_eq!(Rate::MAX + Rate::MAX, Rate::MAX);
    }

    #[test]
    fn a_rate_prints_without_trailing_zeros() {
        for (micro, text) in [(0, "0"), (160_000_000, "160"), (500_000, "0.5"), (1, "0.000001")] {
            assert_eq!(Rate::from_micro(micro).to_string(), text);
        }
    }
}
