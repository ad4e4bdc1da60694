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
    /// Whether both are the ends of an interval, [`Rules::tolerance_interval`](super::Rules).
    pub is_interval: bool,
}

impl Tolerances {
    /// Those of `spec`: `behavior` first, then the controller's flag.
    pub fn of(spec: &Spec) -> Self {
        let flag = spec.settings.tolerance;
        let rules = spec.settings.rules;
        let behavior = spec.behavior.as_ref().filter(|_| rules.own_tolerance);
        Self {
            scale_down: behavior.and_then(|it| it.scale_down.tolerance).unwrap_or(flag),
            scale_up: behavior.and_then(|it| it.scale_up.tolerance).unwrap_or(flag),
            is_interval: rules.tolerance_interval,
        }
    }

    /// Whether `ratio` lies in the band.
    ///
    /// ```
    /// # use tidetable_core::hpa::Tolerances;
    /// let tolerances = Tolerances { scale_down: 0.1, scale_up: 0.1, is_interval: true };
    /// assert!(tolerances.is_within(1.1), "exactly 110 % of the target does nothing");
    /// assert!(!tolerances.is_within(111.0 / 100.0));
    /// let before_1_33 = Tolerances { is_interval: false, ..tolerances };
    /// assert!(!before_1_33.is_within(1.1), "|1 - 1.1| is 0.10000000000000009");
    /// ```
    pub fn is_within(self, ratio: f64) -> bool {
        if self.is_interval {
            (1.0 - self.scale_down) <= ratio && ratio <= (1.0 + self.scale_up)
        } else {
            (1.0 - ratio).abs() <= self.scale_up
        }
    }

    /// Whether `ratio` lies outside the band, as `averageValue` of Object and External asks. Of no
    /// number (a value of 0 for no replicas), older releases say neither.
    pub(super) fn is_beyond(self, ratio: f64) -> bool {
        if self.is_interval { !self.is_within(ratio) } else { (1.0 - ratio).abs() > self.scale_up }
    }
}
