//! How numbers are printed.

use tidetable_core::math::decimals;

/// A whole number with its thousands apart: `2,310`.
pub(crate) fn whole(value: f64) -> String {
    let digits = decimals(value.abs(), 0);
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0.0 && digits != "0" {
        out.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// One digit after the point where that says something: `1.9`, `12`.
pub(crate) fn tenth(value: f64) -> String {
    if value.abs() >= 100.0 || value.fract() == 0.0 { whole(value) } else { decimals(value, 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_for_people() {
        let cases = [(0.0, "0"), (999.4, "999"), (2310.0, "2,310"), (-1_234_567.0, "-1,234,567")];
        for (value, expected) in cases {
            assert_eq!(whole(value), expected);
        }
        assert_eq!([tenth(1.94), tenth(12.0), tenth(1234.5)], ["1.9", "12", "1,234"]);
    }
}
