//! Numbers as KEDA hands them to the HPA.

/// `value` in thousandths, to the nearest; 0 for what is negative or no number.
///
/// Upstream: keda 2.21 pkg/scalers/scaler.go `quantityFromFloat64`.
///
/// ```
/// # use tidetable_core::keda::milli;
/// assert_eq!(milli(1.9999), 2000); // the Prometheus Adapter would say 1999
/// assert_eq!(milli(-1.0), 0);
/// ```
pub fn milli(value: f64) -> i64 {
    if !value.is_finite() || value < 0.0 {
        return 0;
    }
    // The decimal digits decide, not a multiplication that rounds by itself.
    let digits: String = format!("{value:.3}").chars().filter(|it| *it != '.').collect();
    digits.parse().unwrap_or(i64::MAX)
}
