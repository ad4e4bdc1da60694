//! A chart's series on one common list of instants, as uPlot takes them.

use tidetable_core::order;
use tidetable_core::report::Chart;

/// The instants at which anything in `chart` changes, then each series' values at those. Values
/// before a series' first point are NaN.
pub(crate) fn of(chart: &Chart, duration_ms: f64) -> Vec<Vec<f64>> {
    let mut at_ms: Vec<f64> =
        chart.series.iter().flat_map(|it| it.points.at_ms.iter().copied()).collect();
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
            value
        });
        lists.push(values.collect());
    }
    lists[0] = at_ms;
    lists
}

#[cfg(test)]
mod tests {
    use super::of;
    use tidetable_core::report::{Chart, Message, Points, Series, SeriesRole, Tone, Unit};

    #[test]
    fn every_series_has_a_value_at_every_change_of_any() {
        let series = |at_ms: &[f64], values: &[f64]| Series {
            id: String::new(),
            name: String::new(),
            role: SeriesRole::Line,
            tone: Tone::Hpa,
            points: Points { at_ms: at_ms.to_vec(), values: values.to_vec() },
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
    }
}
