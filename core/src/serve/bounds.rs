//! Between which counts a target may lie.
//!
//! Upstream: ray 2.60.0 serve/_private/autoscaling_state.py `DeploymentAutoscalingState`,
//! serve/_private/utils.py `get_capacity_adjusted_num_replicas`,
//! serve/_private/application_state.py `calculate_target_capacity_direction`.

use super::config::Config;
use super::trace::Limit;

/// `target_capacity`: a part of the usual replicas, while a service moves to another cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TargetCapacity {
    /// Percent, 0 to 100.
    pub percent: f64,
    /// Whether it was less before, or more.
    pub direction: CapacityDirection,
}

/// Which way `target_capacity` moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapacityDirection {
    /// Also when a config that has one is applied for the first time.
    Up,
    /// Less than before.
    Down,
}

impl TargetCapacity {
    /// What a config with `percent` makes of the capacity before it. `known` is whether the config
    /// before had the same applications.
    ///
    /// Upstream: ray 2.60.0 serve/_private/controller.py `calculate_target_capacity_direction`.
    pub fn next(before: Option<Self>, percent: Option<f64>, known: bool) -> Option<Self> {
        let percent = percent?;
        let direction = match before {
            _ if !known => CapacityDirection::Up,
            Some(before) if before.percent == percent => before.direction,
            Some(before) if before.percent < percent => CapacityDirection::Up,
            Some(_) | None => CapacityDirection::Down,
        };
        Some(Self { percent, direction })
    }
}

/// The fewest and the most replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The fewest.
    pub lower: i64,
    /// The most.
    pub upper: i64,
    /// What the lower bound comes from.
    pub lower_is: Limit,
}

impl Bounds {
    /// Those of `config`, of which only a part may be wanted.
    ///
    /// ```
    /// use tidetable_core::serve::{Bounds, CapacityDirection, Config, TargetCapacity};
    ///
    /// let config = Config { min_replicas: 3, max_replicas: 9, ..Config::default() };
    /// let half = TargetCapacity { percent: 50.0, direction: CapacityDirection::Down };
    /// let bounds = Bounds::of(&config, Some(half));
    /// assert_eq!((bounds.lower, bounds.upper), (2, 5), "halves are rounded up");
    /// ```
    pub fn of(config: &Config, capacity: Option<TargetCapacity>) -> Self {
        let rises = capacity.is_some_and(|it| it.direction == CapacityDirection::Up);
        let (lower, lower_is) = match config.initial_replicas {
            Some(initial) if rises => (initial, Limit::InitialReplicas),
            _ => (config.min_replicas, Limit::MinReplicas),
        };
        Self {
            lower: adjusted(lower, capacity),
            upper: adjusted(config.max_replicas, capacity),
            lower_is,
        }
    }

    /// `count`, or the bound that it is beyond.
    pub fn clip(&self, count: i64) -> i64 {
        self.lower.max(self.upper.min(count))
    }
}

/// The part of `count` that `capacity` leaves; none only of none.
pub fn adjusted(count: i64, capacity: Option<TargetCapacity>) -> i64 {
    let Some(percent) = capacity.map(|it| it.percent).filter(|it| *it != 100.0) else {
        return count;
    };
    if percent == 0.0 || count == 0 {
        return 0;
    }
    // Upstream divides the float product by 100 as a decimal number and rounds halves up. Where
    // it turns to the next one, 100 n + 50, is whole, so that the product's fraction is idle.
    let product = (count as f64 * percent).floor() as i128;
    let rounded = (product + 50) / 100;
    i64::try_from(rounded).unwrap_or(i64::MAX).max(1)
}
