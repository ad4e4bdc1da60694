//! When a ratio is close enough to 1 to do nothing.
//!
//! The band is closed on both sides: exactly 110 % of the target still does nothing at a tolerance
//! of 0.1. Each direction may have its own.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `Tolerances.isWithin`, horizontal.go `tolerancesForHpa`.

use super::Spec;

/// The tolerances of one HPA.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerances {
    /// Downward, as a share of the target.
    pub scale_down: f64,
    /// Upward, as a share of the target.
    pub scale_up: f64,
}

impl Tolerances {
    /// Those of `spec`: `behavior` first, then the controller's flag.
    pub fn of(spec: &Spec) -> Self {
        let flag = spec.settings.tolerance;
        let behavior = spec.behavior.as_ref();
        Self {
            scale_down: behavior.and_then(|it| it.scale_down.tolerance).unwrap_or(flag),
            scale_up: behavior.and_then(|it| it.scale_up.tolerance).unwrap_or(flag),
        }
    }

    /// Whether `ratio` lies in the band.
    ///
    /// ```
    /// # use tidetable_core::hpa::Tolerances;
    /// let tolerances = Tolerances { scale_down: 0.1, scale_up: 0.1 };
    /// assert!(tolerances.is_within(1.1), "exactly 110 % of the target does nothing");
    /// assert!(!tolerances.is_within(111.0 / 100.0));
    /// ```
    pub fn is_within(self, ratio: f64) -> bool {
        (1.0 - self.scale_down) <= ratio && ratio <= (1.0 + self.scale_up)
    }
}
