//! Go's conversions from floats to integers, as amd64 does them.
//!
//! Go leaves an out-of-range conversion to the machine. On amd64 it gives the smallest integer,
//! whatever the sign; the same holds for NaN. Rust saturates instead.

/// Go's `int32(value)`.
pub(super) fn go_i32(value: f64) -> i32 {
    // A value between MIN - 1 and MIN truncates to MIN; everything below becomes MIN as well.
    if value < 2_147_483_648.0 { value as i32 } else { i32::MIN }
}

/// Go's `int64(value)`.
pub(super) fn go_i64(value: f64) -> i64 {
    if value < 9_223_372_036_854_775_808.0 { value as i64 } else { i64::MIN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn out_of_range_is_the_smallest_integer() {
        for (value, expected) in [
            (2_147_483_647.9, i32::MAX),
            (2_147_483_648.0, i32::MIN),
            (-2_147_483_648.9, i32::MIN),
            (-2_147_483_649.0, i32::MIN),
            (f64::INFINITY, i32::MIN),
            (f64::NAN, i32::MIN),
            (-1.9, -1),
        ] {
            assert_eq!(go_i32(value), expected, "{value}");
        }
        assert_eq!(go_i64(9.3e18), i64::MIN);
        assert_eq!(go_i64(f64::NAN), i64::MIN);
        assert_eq!(go_i64(-9.3e18), i64::MIN);
        assert_eq!(go_i64(1.0e18), 1_000_000_000_000_000_000);
    }
}
