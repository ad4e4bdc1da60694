//! How far the count may move without `spec.behavior`.
//!
//! Between `minReplicas` and `maxReplicas`, and in one sync at most to twice the present count or
//! to 4, whichever is more. There is no limit downward. The default policies of `behavior` do not
//! apply here.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
//! `convertDesiredReplicasWithRules`, `calculateScaleUpLimit`.

use super::Limit;
use super::convert::go_i32;

/// `stabilized` within the limits, and the limit that cut it.
///
/// ```
/// # use tidetable_core::hpa::{Limit, within_limits};
/// assert_eq!(within_limits(3, 7, 1, 10).0, 6, "at most twice as many");
/// assert_eq!(within_limits(1, 7, 1, 10).0, 4, "but up to 4 at once");
/// assert_eq!(within_limits(3, 7, 1, 5), (5, Some(Limit::MaxReplicas)));
/// ```
pub fn within_limits(
    current_replicas: i32,
    stabilized: i32,
    min_replicas: i32,
    max_replicas: i32,
) -> (i32, Option<Limit>) {
    let scale_up_limit = go_i32((2.0 * f64::from(current_replicas)).max(4.0));
    let (most, limit) = if max_replicas > scale_up_limit {
        (scale_up_limit, Limit::ScaleUpFactor { current_replicas })
    } else {
        (max_replicas, Limit::MaxReplicas)
    };
    if stabilized < min_replicas {
        (min_replicas, Some(Limit::MinReplicas))
    } else if stabilized > most {
        (most, Some(limit))
    } else {
        (stabilized, None)
    }
}
