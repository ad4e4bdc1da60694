//! What the oracle's cases do not spell out.

use super::config::{ConfigError, Written};
use super::sum::{dot, pairwise};

#[test]
fn short_sums_are_plain() {
    // 0.1 + 0.2 + 0.3 from the left, and each product rounded by itself.
    assert_eq!(pairwise(&[0.1, 0.2, 0.3]), (0.1 + 0.2) + 0.3);
    assert_eq!(dot(&[0.1, 0.2, 0.3], &[3.0, 5.0, 7.0]), 0.1 * 3.0 + 0.2 * 5.0 + 0.3 * 7.0);
}

#[test]
fn nine_values_are_added_in_pairs() {
    let values = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    let sum = ((0.1 + 0.2) + (0.3 + 0.4)) + ((0.5 + 0.6) + (0.7 + 0.8)) + 0.9;
    assert_eq!(pairwise(&values), sum);
}

#[test]
fn auto_raises_the_most_replicas() {
    let written = Written { auto: true, ..Written::default() };
    let config = written.complete().unwrap();
    assert_eq!((config.min_replicas, config.max_replicas), (1, 100));
    assert_eq!(Written::default().complete().unwrap().max_replicas, 1);
}

#[test]
fn old_factors_stand_in_for_new_ones() {
    let written = Written {
        smoothing_factor: Some(0.5),
        upscale_smoothing_factor: Some(0.7),
        downscaling_factor: Some(0.3),
        downscale_smoothing_factor: Some(0.4),
        ..Written::default()
    };
    let config = written.complete().unwrap();
    assert_eq!((config.upscaling_factor, config.downscaling_factor), (0.7, 0.3));
    let plain = Written { smoothing_factor: Some(0.5), ..Written::default() };
    let config = plain.complete().unwrap();
    assert_eq!((config.upscaling_factor, config.downscaling_factor), (0.5, 0.5));
}

#[test]
fn counts_are_compared_only_if_each_is_fine() {
    let written = Written {
        min_replicas: Some(-1),
        max_replicas: Some(0),
        look_back_period_s: Some(f64::NAN),
        aggregation_function: Some("Median".to_owned()),
        ..Written::default()
    };
    let fields: Vec<_> = written.complete().unwrap_err().iter().map(ConfigError::field).collect();
    let expected = ["min_replicas", "max_replicas", "look_back_period_s", "aggregation_function"];
    assert_eq!(fields, expected);
}
