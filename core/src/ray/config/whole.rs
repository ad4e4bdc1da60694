//! Whole numbers of any length, as Python reads and prints them.

use std::fmt;

/// A whole number: Python's have no limit, and only their value as a float and their text matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Whole {
    negative: bool,
    /// Decimal digits, without leading zeros; `0` for zero.
    digits: String,
}

impl Whole {
    /// The number with these decimal digits.
    pub(super) fn new(negative: bool, digits: &str) -> Self {
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Self { negative: false, digits: "0".to_owned() };
        }
        Self { negative, digits: digits.to_owned() }
    }

    /// Reads what Python's `int()` reads: spaces around, a sign, single underscores between digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, number) = match text.strip_prefix(['+', '-']) {
            Some(number) => (text.starts_with('-'), number),
            None => (false, text),
        };
        let parts_are_digits = number
            .split('_')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        parts_are_digits.then(|| Self::new(negative, &number.replace('_', "")))
    }

    /// Whether it lies below zero.
    pub(super) fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether it lies above zero.
    pub(super) fn is_positive(&self) -> bool {
        !self.negative && self.digits != "0"
    }

    /// The nearest float.
    pub(super) fn to_f64(&self) -> f64 {
        let size: f64 = self.digits.parse().unwrap_or(f64::INFINITY);
        if self.negative { -size } else { size }
    }
}

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        f.write_str(&self.digits)
    }
}
