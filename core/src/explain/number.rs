//! How numbers are printed, in every language.

use std::fmt::Display;

use crate::math::decimals;
use crate::quantity::Quantity;
use crate::report::Language;

/// Without decimals where there are none, otherwise with two at most: `14`, `13.33`.
pub(crate) fn number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if !value.is_finite() {
        return "∞".to_owned();
    }
    if value == value.trunc() {
        return grouped(value);
    }
    let text = decimals(value, 2);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A whole number with thousands apart: `2,310`.
pub(crate) fn grouped(value: f64) -> String {
    let digits = decimals(value.abs(), 0);
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value <= -0.5 { format!("-{text}") } else { text }
}

/// As Kubernetes prints it: `500m`, `2`, `1536Mi` stays in thousandths where it has a fraction.
pub(crate) fn milli(value: i64) -> String {
    Quantity::from_milli(value).to_string()
}

/// A ratio beside the bounds that it was compared with: as many decimals as tell them apart.
pub(crate) fn ratio(value: f64, bounds: [f64; 2]) -> String {
    let text = number(value);
    if bounds.iter().any(|bound| *bound != value && number(*bound) == text) {
        return decimals(value, 4);
    }
    text
}

/// Bytes as people write memory: `512Mi`, `255.9Mi`; without a unit where they are few.
pub(crate) fn bytes(milli: i64) -> String {
    let bytes = milli as f64 / 1000.0;
    let (mut amount, mut unit) = (bytes, "");
    for larger in ["Ki", "Mi", "Gi", "Ti"] {
        if amount.abs() < 1024.0 {
            break;
        }
        (amount, unit) = (amount / 1024.0, larger);
    }
    let text = decimals(amount, 1);
    format!("{}{unit}", text.strip_suffix(".0").unwrap_or(&text))
}

/// Whether [`bytes`] prints so many thousandths of a byte without rounding.
pub(crate) fn is_exact(milli: i64) -> bool {
    let mut unit = 1000_u64;
    for _ in 0..4 {
        if milli.unsigned_abs() < 1024 * unit {
            break;
        }
        unit *= 1024;
    }
    (u128::from(milli.unsigned_abs()) * 10).is_multiple_of(u128::from(unit))
}

/// `85 %`, and `85%` in Korean.
pub(crate) fn percent(value: impl Display, language: Language) -> String {
    match language {
        Language::En => format!("{value} %"),
        Language::Ko => format!("{value}%"),
    }
}

/// Two shares as one margin: `± 10 %`, or `− 5 % + 10 %` where they differ.
pub(crate) fn either_side(down: f64, up: f64, language: Language) -> String {
    let (less, more) = (number(down * 100.0), number(up * 100.0));
    if less == more {
        return format!("± {}", percent(more, language));
    }
    format!("− {} + {}", percent(less, language), percent(more, language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_people_write_them() {
        for (value, text) in
            [(14.0, "14"), (40.0 / 3.0, "13.33"), (2310.0, "2,310"), (1.1, "1.1"), (-4.0, "-4")]
        {
            assert_eq!(number(value), text);
        }
        assert_eq!(grouped(1_234_567.0), "1,234,567");
        assert_eq!(number(f64::INFINITY), "∞");
        assert_eq!(milli(500), "500m");
        assert_eq!(milli(2000), "2");
        assert_eq!(number(f64::NAN), "NaN");
        assert_eq!(ratio(1.1034, [0.9, 1.1]), "1.1034");
        assert_eq!(ratio(1.1, [0.9, 1.1]), "1.1");
        assert_eq!(ratio(1.5, [0.9, 1.1]), "1.5");
        for (amount, text) in
            [(512 << 20, "512Mi"), (3 << 29, "1.5Gi"), (268_330_000, "255.9Mi"), (100, "100")]
        {
            assert_eq!(bytes(amount * 1000), text);
        }
        for (milli, exact) in [(100, true), (150, false), (524_288_000, true), (1_000_001, false)] {
            assert_eq!(is_exact(milli), exact, "{milli}");
        }
        assert!(is_exact((3 << 29) * 1000) && !is_exact(268_330_000_000));
        assert_eq!(either_side(0.1, 0.1, Language::En), "± 10 %");
        assert_eq!(either_side(0.05, 0.1, Language::En), "− 5 % + 10 %");
        assert_eq!(either_side(0.05, 0.1, Language::Ko), "− 5% + 10%");
    }
}
