//! A series in words, for those who can't see the chart.

use tidetable_core::{
    report::{Points, Unit},
    time::Instant,
};

use super::numbers;
use crate::strings::Strings;

/// A sentence longer than this helps nobody.
const CHANGES_MAX: usize = 24;

/// As `1 at 0s, 4 at 2m 45s, and 3 more changes`.
pub(crate) fn changes(points: &Points, unit: Unit, strings: &Strings) -> String {
    let pairs = points.at_ms.iter().zip(&points.values);
    let mut told: Vec<String> = pairs
        .take(CHANGES_MAX)
        .map(|(&at, &value)| format!("{}: {}", instant(at), with_unit(value, unit)))
        .collect();
    if points.at_ms.len() > CHANGES_MAX {
        told.push((strings.and_more_changes)(points.at_ms.len() - CHANGES_MAX));
    }
    told.join(", ")
}

/// As the rest of the page prints time: `3m 00s`.
pub(crate) fn instant(at_ms: f64) -> String {
    Instant::from_ms(at_ms.round() as i64).to_string()
}

/// A value as its axis prints it.
pub(crate) fn with_unit(value: f64, unit: Unit) -> String {
    match unit {
        Unit::RequestsPerSecond => format!("{} /s", numbers::tenth(value)),
        Unit::Percent => format!("{} %", numbers::whole(value)),
        Unit::Count => numbers::tenth(value),
        Unit::MilliCpu => format!("{}m", numbers::whole(value)),
        Unit::Bytes => format!("{} Mi", numbers::whole(value / 1_048_576.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidetable_core::Language;

    #[test]
    fn a_long_series_is_cut_and_says_so() {
        let strings = crate::strings::of(Language::En);
        let points = Points { at_ms: vec![0.0, 165_000.0], values: vec![1.0, 4.0] };
        assert_eq!(changes(&points, Unit::Count, strings), "0s: 1, 2m 45s: 4");
        let many: Vec<f64> = (0..30_u32).map(f64::from).collect();
        let points = Points { at_ms: many.clone(), values: many };
        assert!(changes(&points, Unit::Count, strings).ends_with("and 6 more changes"));
    }
}
