//! A chart's series on one common list of instants, as uPlot takes them.

use tidetable_core::order;
use tidetable_core::report::{Chart, Gap};

const JUST_AFTER_MS: f64 = 1.0;

/// The instants at which anything in `chart` changes, then each series' values at those. Values
/// before a series' first point, and in its gaps, are NaN.
pub(crate) fn of(chart: &Chart, duration_ms: f64) -> Vec<Vec<f64>> {
    let mut at_ms: Vec<f64> =
        chart.series.iter().flat_map(|it| it.points.at_ms.iter().copied()).collect();
    // A step is drawn up to the last instant that has a value: the gap begins just after it.
    let gaps = chart.series.iter().flat_map(|it| &it.points.gaps);
    at_ms.extend(gaps.flat_map(|it| {
        [it.from_ms, it.from_ms + JUST_AFTER_MS, it.until_ms.unwrap_or(duration_ms)]
    }));
    at_ms.extend([0.0, duration_ms]);
    order::sort_by(&mut at_ms, f64::total_cmp);
    at_ms.dedup();
    let mut lists = vec![Vec::new()];
    for series in &chart.series {
        let points = &series.points;
        let mut next = 0;
        let mut value = f64::NAN;
        let values = at_ms.iter().map(|&at| {
            while points.at_ms.get(next).is_some_and(|&point| point <= at) {
                value = points.values.get(next).copied().unwrap_or(value);
                next += 1;
            }
            let is_gap = |it: &Gap| it.holds(at) && (it.from_ms < at || at == 0.0);
            if points.gaps.iter().any(is_gap) { f64::NAN } else { value }
        });
        lists.push(values.collect());
    }
    lists[0] = at_ms;
    lists
}

#[cfg(test)]
mod tests {
    use super::of;
    use tidetable_core::report::{Chart, Gap, Message, Points, Series, SeriesRole, Tone, Unit};

    #[test]
    fn every_series_has_a_value_at_every_change_of_any() {
        let series = |at_ms: &[f64], values: &[f64]| Series {
            id: String::new(),
            name: String::new(),
            role: SeriesRole::Line,
            tone: Tone::Hpa,
            points: Points { at_ms: at_ms.to_vec(), values: values.to_vec(), gaps: vec![] },
        };
        let chart = Chart {
            id: String::new(),
            title: String::new(),
            note: Message::new(),
            unit: Unit::Count,
            autoscaler: None,
            series: vec![series(&[0.0, 20.0], &[1.0, 2.0]), series(&[10.0], &[7.0])],
        };
        let lists = of(&chart, 30.0);
        assert_eq!(lists[0], [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(lists[1], [1.0, 1.0, 2.0, 2.0]);
        assert!(lists[2][0].is_nan());
        assert_eq!(lists[2][1..], [7.0, 7.0, 7.0]);
        // Nothing from 0 to 5 and from 12 on.
        let mut gappy = chart.clone();
        let gap = |from_ms, until_ms| Gap { from_ms, until_ms };
        gappy.series[0].points.gaps = vec![gap(0.0, Some(5.0)), gap(12.0, None)];
        let lists = of(&gappy, 30.0);
        assert_eq!(lists[0], [0.0, 1.0, 5.0, 10.0, 12.0, 13.0, 20.0, 30.0]);
        let told: Vec<i32> =
            lists[1].iter().map(|it| if it.is_nan() { -1 } else { *it as i32 }).collect();
        assert_eq!(told, [-1, -1, 1, 1, 1, -1, -1, -1]);
    }
}
