//! How long earlier recommendations hold the count.
//!
//! Every recommendation is remembered as the metrics gave it. Without `behavior` the highest of the
//! last five minutes counts, even when it lies above the present count. With `behavior` the lowest
//! of the scale-up window and the highest of the scale-down window bound the step, and the present
//! count is never left in the other direction.
//!
//! The one boundary differs: a recommendation exactly as old as the window still counts without
//! `behavior`, and no longer with it.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `stabilizeRecommendation`,
//! `stabilizeRecommendationWithBehaviors`.

use super::{Behavior, Cause, Direction, Recommendation, Settings, Trace};
use crate::time::{Duration, Instant};

/// Without `behavior`: the highest recommendation of the window. Remembers `recommended`.
pub fn stabilize(
    recommended: i32,
    window: Duration,
    recommendations: &mut Vec<Recommendation>,
    now: Instant,
    trace: &mut Trace,
) -> i32 {
    let cutoff = now - window;
    let mut highest = Recommendation { replicas: recommended, at: now };
    let mut outdated = None;
    for (index, earlier) in recommendations.iter().enumerate() {
        if earlier.at < cutoff {
            outdated = Some(index);
        } else if is_safer(*earlier, highest, recommended, Direction::Down) {
            highest = *earlier;
        }
    }
    remember(recommendations, outdated, recommended, now);
    let to = highest.replicas;
    push_cause(Direction::Down, window, highest, recommended, to, trace);
    to
}

/// With `behavior`: the present count, moved as far as both windows allow. Remembers `recommended`.
pub fn stabilize_with_behavior(
    current_replicas: i32,
    recommended: i32,
    behavior: &Behavior,
    settings: &Settings,
    recommendations: &mut Vec<Recommendation>,
    now: Instant,
    trace: &mut Trace,
) -> i32 {
    let up_window = behavior.scale_up.stabilization_window.unwrap_or(Duration::ZERO);
    let down_window = scale_down_window(behavior, settings);
    let (up_cutoff, down_cutoff) = (now - up_window, now - down_window);
    let fresh = Recommendation { replicas: recommended, at: now };
    let (mut lowest, mut highest) = (fresh, fresh);
    let mut outdated = None;
    for (index, earlier) in recommendations.iter().enumerate() {
        if earlier.at > up_cutoff && is_safer(*earlier, lowest, recommended, Direction::Up) {
            lowest = *earlier;
        }
        if earlier.at > down_cutoff && is_safer(*earlier, highest, recommended, Direction::Down) {
            highest = *earlier;
        }
        if earlier.at < up_cutoff && earlier.at < down_cutoff {
            outdated = Some(index);
        }
    }
    remember(recommendations, outdated, recommended, now);
    let to = current_replicas.max(lowest.replicas).min(highest.replicas);
    if recommended >= current_replicas {
        push_cause(Direction::Up, up_window, lowest, recommended, to, trace);
    } else {
        push_cause(Direction::Down, down_window, highest, recommended, to, trace);
    }
    to
}

/// The window on the way down: the field, or the controller's flag in whole seconds.
///
/// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
/// `maybeInitScaleDownStabilizationWindow`.
fn scale_down_window(behavior: &Behavior, settings: &Settings) -> Duration {
    let flag = Duration::from_seconds(settings.downscale_stabilization.ms() / 1000);
    behavior.scale_down.stabilization_window.unwrap_or(flag)
}

/// Whether `earlier` holds the count more than `held` does; of equal ones the newest counts.
fn is_safer(
    earlier: Recommendation,
    held: Recommendation,
    recommended: i32,
    direction: Direction,
) -> bool {
    let is_beyond = match direction {
        Direction::Up => earlier.replicas < held.replicas,
        Direction::Down => earlier.replicas > held.replicas,
    };
    let is_newer = earlier.replicas == held.replicas
        && earlier.replicas != recommended
        && earlier.at > held.at;
    is_beyond || is_newer
}

/// The new recommendation takes the place of the last outdated one, or is appended.
fn remember(
    recommendations: &mut Vec<Recommendation>,
    outdated: Option<usize>,
    replicas: i32,
    now: Instant,
) {
    let recommendation = Recommendation { replicas, at: now };
    match outdated {
        Some(index) => recommendations[index] = recommendation,
        None => recommendations.push(recommendation),
    }
}

fn push_cause(
    direction: Direction,
    window: Duration,
    held: Recommendation,
    from: i32,
    to: i32,
    trace: &mut Trace,
) {
    if from != to {
        let Recommendation { replicas: recommendation, at: held_by } = held;
        trace.push(Cause::Stabilized { direction, window, held_by, recommendation, from, to });
    }
}
