//! A series in words, for those who can't see the chart.

use tidetable_core::{
    order,
    report::{Points, Unit},
    time::Instant,
};

use super::numbers;
use crate::strings::Strings;

/// A sentence longer than this helps nobody.
const CHANGES_MAX: usize = 24;

/// As `1 at 0s, 4 at 2m 45s, and 3 more changes`.
pub(crate) fn changes(points: &Points, unit: Unit, strings: &Strings) -> String {
    let gaps = points.gaps.iter().map(|it| (it.from_ms, None));
    let ends = points.gaps.iter().filter_map(|it| {
        let at = it.until_ms?;
        let before = points.at_ms.partition_point(|it| *it <= at).checked_sub(1)?;
        Some((at, points.values.get(before).copied()))
    });
    let pairs = points.at_ms.iter().zip(&points.values);
    let pairs = pairs.map(|(at, value)| (*at, Some(*value)));
    let pairs = pairs.filter(|(at, _)| !points.gaps.iter().any(|it| it.holds(*at)));
    let mut all: Vec<(f64, Option<f64>)> = pairs.chain(gaps).chain(ends).collect();
    order::sort_by(&mut all, |a, b| a.0.total_cmp(&b.0));
    all.dedup();
    let told = all.iter().take(CHANGES_MAX).map(|(at, value)| {
        let value = value.map_or_else(|| strings.no_value.to_owned(), |it| with_unit(it, unit));
        format!("{}: {value}", instant(*at))
    });
    let mut told: Vec<String> = told.collect();
    if all.len() > CHANGES_MAX {
        told.push((strings.and_more_changes)(all.len() - CHANGES_MAX));
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
    use tidetable_core::{Language, report::Gap};

    #[test]
    fn a_long_series_is_cut_and_says_so() {
        let strings = crate::strings::of(Language::En);
        let points = Points { at_ms: vec![0.0, 165_000.0], values: vec![1.0, 4.0], gaps: vec![] };
        assert_eq!(changes(&points, Unit::Count, strings), "0s: 1, 2m 45s: 4");
        let many: Vec<f64> = (0..30_u32).map(f64::from).collect();
        let points = Points { at_ms: many.clone(), values: many, gaps: vec![] };
        assert!(changes(&points, Unit::Count, strings).ends_with("and 6 more changes"));
        let gaps =
            vec![Gap { from_ms: 5e3, until_ms: Some(2e4) }, Gap { from_ms: 3e4, until_ms: None }];
        let points = Points { at_ms: vec![0.0, 1e4, 2e4], values: vec![1.0, 2.0, 3.0], gaps };
        let told = changes(&points, Unit::Count, strings);
        assert_eq!(told, "0s: 1, 5s: not there, 20s: 3, 30s: not there");
    }
}
