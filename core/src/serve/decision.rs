//! From requests to a target.
//!
//! Three counts matter: the replicas that run (R), the target (T), and what is wanted. What is
//! wanted follows from R; whether it waits, from T. When the delay is over, what is wanted at that
//! moment is taken, not the most or the mean of the time before.
//!
//! Upstream: ray 2.60.0 serve/autoscaling_policy.py `_apply_autoscaling_config`,
//! `_core_replica_queue_length_policy`, `_apply_scaling_factors`, `_apply_delay_logic`,
//! serve/_private/gang_scheduling_autoscaling_policy.py.

use std::cmp::Ordering;

use super::bounds::{Bounds, TargetCapacity};
use super::config::Config;
use super::trace::{Cause, Limit, Trace};
use super::{Direction, Observation, State, Step, Waiting};

/// Added to the time that a wish has waited, in seconds: two large clock readings do not quite
/// differ by what lies between them.
const DELAY_TOLERANCE: f64 = 1e-6;

/// What a target is decided by.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The deployment's config.
    pub config: &'a Config,
    /// `target_capacity` of the whole Serve config.
    pub capacity: Option<TargetCapacity>,
}

/// One turn of the loop, with Serve's own policy.
///
/// With more requests and all else the same, what is wished for and what is answered never gets
/// less.
///
/// ```
/// use tidetable_core::serve::{Config, Context, Observation, State, step};
///
/// let config = Config { max_replicas: 100, ..Config::default() };
/// let context = Context { config: &config, capacity: None };
/// let seen = Observation { running: 1, target: 1, requests: 20.0 };
/// let first = step(context, State::default(), seen, 0.0, Vec::new());
/// assert_eq!(first.target, 1, "upscale_delay_s");
/// let last = step(context, first.state, seen, 30.0, Vec::new());
/// assert_eq!(last.target, 10);
/// ```
pub fn step(
    context: Context<'_>,
    mut state: State,
    seen: Observation,
    now: f64,
    causes: Vec<Cause>,
) -> Step {
    let Context { config, capacity } = context;
    let mut trace = Trace { causes };
    let seen = as_gangs(config, seen);
    let wanted = if let Some(wanted) = cold_start(config, &seen, &mut trace) {
        wanted
    } else {
        let desired = desired(config, &seen, &mut trace);
        shape_desired(config, &mut state, &seen, desired, now, &mut trace)
    };
    let wanted = round_to_gangs(config, wanted, &mut trace);
    let target = clip(Bounds::of(config, capacity), wanted, &mut trace);
    Step { target, state, trace }
}

/// The last gang counts as one replica, so that it may go.
fn as_gangs(config: &Config, seen: Observation) -> Observation {
    let is_last =
        config.gang_size > 1 && config.min_replicas == 0 && seen.target == config.gang_size;
    Observation { target: if is_last { 1 } else { seen.target }, ..seen }
}

/// Nothing runs and requests wait: no delay.
fn cold_start(config: &Config, seen: &Observation, trace: &mut Trace) -> Option<i64> {
    if seen.running != 0 || seen.requests <= 0.0 {
        return None;
    }
    let factor = config.upscaling_factor;
    let wanted = whole(factor).max(seen.target);
    let Observation { requests, target, .. } = *seen;
    trace.causes.push(Cause::ColdStart { requests, factor, target, wanted });
    Some(wanted)
}

/// Serve's own policy.
fn desired(config: &Config, seen: &Observation, trace: &mut Trace) -> f64 {
    let Observation { running, target, requests } = *seen;
    if running == 0 {
        trace.causes.push(Cause::NothingRuns { target });
        return target as f64;
    }
    let target_each = config.target_ongoing_requests;
    let replicas = f64::from(running);
    // The replicas do not cancel: each step rounds.
    let desired = replicas * (requests / (target_each * replicas));
    trace.causes.push(Cause::Ratio { running, requests, target_each, desired });
    desired
}

/// What Serve makes of any policy's answer: factors, then the delay.
pub fn shape_desired(
    config: &Config,
    state: &mut State,
    seen: &Observation,
    desired: f64,
    now: f64,
    trace: &mut Trace,
) -> i64 {
    let wanted = scaled(config, seen.running, desired, trace);
    if seen.running == 0 && wanted > 0 {
        return wanted;
    }
    delayed(config, state, wanted.max(0), seen.target, now, trace)
}

fn scaled(config: &Config, running: u32, desired: f64, trace: &mut Trace) -> i64 {
    if running == 0 {
        return whole(desired);
    }
    let replicas = f64::from(running);
    let delta = desired - replicas;
    let (direction, factor) = if delta > 0.0 {
        (Direction::Up, config.upscaling_factor)
    } else {
        (Direction::Down, config.downscaling_factor)
    };
    let wanted = whole(replicas + factor * delta);
    if factor != 1.0 && delta != 0.0 {
        trace.causes.push(Cause::Scaled { direction, factor, running, desired, wanted });
    }
    let is_stuck = whole(desired) < i64::from(running) && wanted == i64::from(running);
    if is_stuck {
        trace.causes.push(Cause::OneLess { running, wanted: wanted - 1 });
        return wanted - 1;
    }
    wanted
}

fn delayed(
    config: &Config,
    state: &mut State,
    mut wanted: i64,
    target: i64,
    now: f64,
    trace: &mut Trace,
) -> i64 {
    let to_zero = wanted < target && target == 1;
    let (direction, delay) = match wanted.cmp(&target) {
        Ordering::Greater => (Direction::Up, config.upscale_delay_s),
        Ordering::Less => {
            let own = config.downscale_to_zero_delay_s.filter(|_| to_zero);
            (Direction::Down, own.unwrap_or(config.downscale_delay_s))
        }
        Ordering::Equal => {
            state.waiting = None;
            trace.causes.push(Cause::Steady { target });
            return target;
        }
    };
    if direction == Direction::Down && !to_zero && wanted < 1 {
        wanted = 1;
        trace.causes.push(Cause::NotBelowOne);
    }
    let waiting = state.waiting.filter(|it| it.direction == direction);
    let since = waiting.map_or(now, |it| it.since);
    if now - since + DELAY_TOLERANCE >= delay {
        state.waiting = None;
        let over = Cause::DelayOver { direction, target, wanted, since, delay, to_zero };
        trace.causes.push(over);
        return wanted;
    }
    state.waiting = Some(Waiting { direction, since });
    trace.causes.push(Cause::Waits { direction, target, wanted, since, delay, to_zero });
    target
}

fn round_to_gangs(config: &Config, wanted: i64, trace: &mut Trace) -> i64 {
    let gang = config.gang_size;
    if gang <= 1 || wanted <= 0 {
        return wanted;
    }
    // Upstream divides as floats.
    let to = whole(wanted as f64 / gang as f64).saturating_mul(gang);
    if to != wanted {
        trace.causes.push(Cause::GangRounded { gang, from: wanted, to });
    }
    to
}

fn clip(bounds: Bounds, wanted: i64, trace: &mut Trace) -> i64 {
    let to = bounds.clip(wanted);
    if to != wanted {
        let limit = if to > wanted { bounds.lower_is } else { Limit::MaxReplicas };
        trace.causes.push(Cause::Limited { limit, from: wanted, to });
    }
    to
}

/// `math.ceil`. What no `i64` can hold is beyond every bound all the same.
fn whole(count: f64) -> i64 {
    count.ceil() as i64
}
