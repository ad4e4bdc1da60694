//! Quantities that add up exactly, as Python's decimals do.

use crate::ray::config::{ConfigError, to_attos};

/// Parts of one.
const ONE: i128 = 1_000_000_000_000_000_000;

/// A quantity in 10^-18, within what 128 bits hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i128);

impl Amount {
    /// Reads a Kubernetes quantity as Ray does.
    ///
    /// # Errors
    /// Where Ray can't read it.
    pub fn read(quantity: &str) -> Result<Self, ConfigError> {
        to_attos(quantity).map(Self)
    }

    /// Thousandths, as of a core.
    pub fn from_milli(milli: i64) -> Self {
        Self(i128::from(milli) * (ONE / 1000))
    }

    /// Whole ones, as bytes.
    pub fn from_whole(whole: i64) -> Self {
        Self(i128::from(whole) * ONE)
    }

    /// The shortest decimal number that is nearest to `number`: Python's `Decimal(str(number))`.
    pub fn from_float(number: f64) -> Self {
        Self(to_attos(&number.to_string()).unwrap_or(0))
    }

    /// The nearest float.
    pub fn to_float(self) -> f64 {
        let (whole, part) = (self.0 / ONE, (self.0 % ONE).unsigned_abs());
        let sign = if self.0 < 0 && whole == 0 { "-" } else { "" };
        format!("{sign}{whole}.{part:018}").parse().unwrap_or(0.0)
    }

    /// Without its fraction.
    pub fn to_whole(self) -> i64 {
        let most = i128::from(i64::MAX);
        (self.0 / ONE).clamp(-most, most) as i64
    }

    /// In 10^-9, within what 64 bits hold.
    pub fn to_nano(self) -> i64 {
        let most = i128::from(i64::MAX);
        (self.0 / 1_000_000_000).clamp(-most, most) as i64
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}
