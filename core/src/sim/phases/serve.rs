//! Handles of Serve sample and report; the loop of its controller turns.
//!
//! The loop turns every 0.1 s, but only turns that can answer otherwise than the one before are
//! simulated. Between two reports or changes of what runs, the requests that the controller sees
//! go only one way: towards the last sample. So do the replicas that it wishes for. If both ends
//! of a stretch of turns agree on the way, with room for rounding, all turns between do.
//!
//! DIFFERENCE(serve-clock): upstream's loop takes 0.1 s and its own work, and its clock is Unix
//! time; here it turns at whole tenths of a second of the run, without work.
//!
//! DIFFERENCE(serve-one-handle): one handle stands for those of all proxies; its samples and
//! reports begin with the run, and it never falls silent.
//!
//! Upstream: ray 2.60.0 serve/_private/controller.py `run_control_loop_step`.

use super::rest::is_everything_simulated;
use crate::serve::{self, Config, Context, Direction, Observation, State, Trace, Waiting, handle};
use crate::sim::event::Event;
use crate::sim::model::Scaling;
use crate::sim::timeline::ServeLook;
use crate::sim::world::{LOOK_STEPS, World};
use crate::time::{Duration, Instant};

/// From one turn to the next (`RAY_SERVE_CONTROL_LOOP_INTERVAL_S`).
pub(super) const TURN_MS: i64 = 100;
/// What rounding may do to a mean, many times over.
const ROUNDING: f64 = 1e-11;
/// How long a wish lasts before it is told.
const TOLD: Duration = Duration::from_seconds(1);
/// The least time between two samples or reports, so that no text makes a run endless.
const LEAST_MS: i64 = 10;
/// What one look at the requests counts as, in steps.
const SEEN_STEPS: u64 = 15;

pub(super) fn seconds(at: Instant) -> f64 {
    at.ms() as f64 / 1000.0
}

/// A length in seconds; a text may say anything.
pub(super) fn length(seconds: f64) -> Duration {
    Duration::from_ms(((seconds * 1000.0).round() as i64).max(LEAST_MS))
}

/// The first turn at or after `at`.
fn turn_from(at: Instant) -> Instant {
    Instant::from_ms(at.ms().saturating_add(TURN_MS - 1).div_euclid(TURN_MS) * TURN_MS)
}

/// Whether a wish that was told is given up, or turns.
fn is_over(before: State, after: State, now: Instant) -> bool {
    let lasted = |it: Waiting| seconds(now) - it.since >= seconds(Instant::ZERO + TOLD);
    before.waiting.is_some_and(lasted) && after.waiting.is_none()
}

impl World<'_> {
    /// A deployment as it stands when the run begins: its first replicas have long been there, as
    /// far as they have room, and so has the first load.
    pub(in crate::sim) fn begin_service(&mut self, service: usize) {
        let model = self.services[service].model;
        self.timeline.services[service].lived = true;
        let target = u32::try_from(self.services[service].target).unwrap_or(u32::MAX);
        if target > 0 {
            self.start_replicas(service, target, Instant::ZERO);
        }
        let state = &mut self.services[service];
        for replica in &mut state.replicas {
            replica.runs = true;
        }
        state.running = state.replicas.len() as u32;
        self.queue.add(Instant::ZERO, Event::ServeLoadChanges { service });
        let Scaling::Auto(config) = &model.scaling else { return };
        let every = length(handle::sample_interval(config));
        let before = (config.look_back_period_s * 1000.0 / every.ms() as f64).ceil() as i64;
        for back in (1..=before.clamp(1, 1000)).rev() {
            self.handle_samples(service, config, Instant::ZERO - every.times(back));
        }
        self.queue.add(Instant::ZERO, Event::HandleWakes { service });
    }

    /// The handle samples, reports, or both, in this order.
    pub(in crate::sim) fn handle_wakes(&mut self, service: usize, now: Instant) {
        if self.handle_rests(service) {
            return;
        }
        let Scaling::Auto(config) = &self.services[service].model.scaling else { return };
        let state = &self.services[service];
        // A deployment that went and came back may still be woken for its first time.
        let is_due = state.samples_at == now || state.reports_at == now;
        if !state.lives || !is_due {
            return;
        }
        self.count_serve_requests(service, now);
        if self.services[service].samples_at == now {
            self.services[service].samples_at = now + length(handle::sample_interval(config));
            self.handle_samples(service, config, now);
            self.draw_service(service, now);
            // Whoever comes to a deployment without replicas makes the handle report at once.
            if self.services[service].running == 0
                && let Some(at) = self.next_request(service, now)
                && at < self.services[service].samples_at
            {
                self.queue.add(at, Event::FirstRequest { service });
            }
        }
        if self.services[service].reports_at == now {
            self.services[service].reports_at = now + length(config.metrics_interval_s);
            self.handle_reports(service, config, now);
        }
        let state = &self.services[service];
        let next = state.samples_at.min(state.reports_at);
        self.queue.add(next, Event::HandleWakes { service });
    }

    fn handle_samples(&mut self, service: usize, config: &Config, now: Instant) {
        let counts = self.serve_counts(service);
        self.steps += counts.running.len() as u64;
        self.services[service].store.sample(config, &counts, seconds(now));
    }

    /// A request comes while nothing runs: what the handle has written down is told at once. The
    /// request itself is not part of it before the next sample.
    ///
    /// Upstream: serve/_private/router.py `RouterMetricsManager.wrap_queued_request`.
    pub(in crate::sim) fn first_request(&mut self, service: usize, now: Instant) {
        self.wake_handle(service, now, false);
        let Scaling::Auto(config) = &self.services[service].model.scaling else { return };
        if self.services[service].lives && self.services[service].running == 0 {
            self.handle_reports(service, config, now);
        }
    }

    fn handle_reports(&mut self, service: usize, config: &Config, now: Instant) {
        self.count_serve_requests(service, now);
        let counts = self.serve_counts(service);
        let state = &mut self.services[service];
        self.steps += state.store.len() as u64 * (1 + counts.running.len()) as u64 / 4;
        state.report(config, &counts, seconds(now));
        self.wake_controller(service, now);
    }

    /// Something changed: the next turn of the loop may answer otherwise.
    pub(in crate::sim) fn wake_controller(&mut self, service: usize, now: Instant) {
        if let Scaling::Auto(_) = self.services[service].model.scaling {
            self.turn_at(service, turn_from(now.max(Instant::ZERO)));
        }
    }

    pub(super) fn turn_at(&mut self, service: usize, at: Instant) {
        let state = &mut self.services[service];
        if state.turns_at.is_none_or(|known| at < known) {
            state.turns_at = Some(at);
            self.queue.add(at, Event::ServeTurns { service });
        }
    }

    /// One turn of the loop.
    pub(in crate::sim) fn serve_turns(&mut self, service: usize, now: Instant) {
        // A turn that was foreseen for later stays in the queue when an earlier one is.
        if self.services[service].turns_at != Some(now) || !self.services[service].lives {
            return;
        }
        self.wake_handle(service, now, true);
        self.services[service].turns_at = None;
        let model = self.services[service].model;
        let Scaling::Auto(config) = &model.scaling else { return };
        let mut trace = Trace::default();
        let seen = self.serve_seen(service, config, now, &mut trace);
        let context = Context { config, capacity: self.services[service].capacity };
        let state = &mut self.services[service];
        let step = serve::step(context, state.policy, seen, seconds(now), trace.causes);
        let (before, from) = (state.policy, state.target);
        (state.policy, state.target) = (step.state, step.target);
        self.keep_wish(service, before, step.state, now);
        if step.target != from || is_over(before, step.state, now) {
            self.steps += LOOK_STEPS;
            let (to, trace) = (step.target, step.trace);
            self.timeline.services[service].looks.push(ServeLook { at: now, from, to, trace });
        } else if step.state.waiting != before.waiting && step.state.waiting.is_some() {
            let (to, trace) = (step.target, step.trace);
            self.services[service].wish = Some(ServeLook { at: now, from, to, trace });
        }
        if step.target != from {
            // Replicas are started and stopped by the turn after the one that decides.
            self.queue.add(now + Duration::from_ms(TURN_MS), Event::ServeScales { service });
            self.draw_service(service, now);
        }
        if let Some(next) = self.next_turn(service, config, now) {
            self.turn_at(service, next);
        }
        // A wish that lasts is told by the first turn that can, before anybody forgets it.
        if let Some(wish) = &self.services[service].wish {
            let told = wish.at + TOLD;
            self.turn_at(service, told);
        }
        self.rest_handle(service, config, now);
    }

    /// A turn at which a wish began is told once the wish has lasted a while: where requests meet
    /// the target exactly, rounding makes wishes that last for one turn, many times a second.
    fn keep_wish(&mut self, service: usize, before: State, after: State, now: Instant) {
        let Some(look) = self.services[service].wish.take() else { return };
        if now.since(look.at) >= TOLD {
            self.steps += LOOK_STEPS;
            self.timeline.services[service].looks.push(look);
        } else if after.waiting == before.waiting {
            self.services[service].wish = Some(look);
        }
    }

    fn serve_seen(
        &mut self,
        service: usize,
        config: &Config,
        now: Instant,
        trace: &mut Trace,
    ) -> Observation {
        self.steps += SEEN_STEPS;
        let state = &mut self.services[service];
        if std::mem::take(&mut state.is_stale) {
            let replicas = &state.replicas;
            let runs = |id| replicas.iter().any(|it| it.id == id && it.is_running());
            state.reports.merge(runs, &mut state.merged);
        }
        let requests = serve::requests(&mut state.merged, config, seconds(now), trace);
        Observation { running: state.running, target: state.target, requests }
    }

    /// The first turn after `now` that may answer otherwise, if nothing else happens before.
    fn next_turn(&mut self, service: usize, config: &Config, now: Instant) -> Option<Instant> {
        let first = now + Duration::from_ms(TURN_MS);
        if is_everything_simulated() {
            return Some(first);
        }
        let over = self.delay_over(service, config);
        if over.is_some_and(|it| it <= first) {
            return Some(first);
        }
        // The next report wakes the loop anyway.
        let report = turn_from(self.services[service].reports_at).max(first);
        let last = over.map_or(report, |it| report.min(it));
        if self.stays(service, config, first, last) {
            return over.filter(|it| *it == last);
        }
        if !self.stays(service, config, first, first) {
            return Some(first);
        }
        // From both ends: up to `good` no turn differs, at `bad` one may.
        let (mut good, mut bad) = (first, last);
        loop {
            let between = (bad.ms() - good.ms()) / TURN_MS;
            if between <= 1 {
                return Some(bad);
            }
            let tried = good + Duration::from_ms(between / 2 * TURN_MS);
            if self.stays(service, config, first, tried) {
                good = tried;
            } else {
                bad = tried;
            }
        }
    }

    /// Whether every turn from `first` to `last` leaves target and wish as they are, as long as no
    /// delay is over.
    pub(super) fn stays(
        &mut self,
        service: usize,
        config: &Config,
        first: Instant,
        last: Instant,
    ) -> bool {
        // Nobody reads why; the room for it is used again and again.
        let mut trace = Trace { causes: std::mem::take(&mut self.spare_causes) };
        let from = self.serve_seen(service, config, first, &mut trace);
        let to = self.serve_seen(service, config, last, &mut trace);
        let (low, high) = (from.requests.min(to.requests), from.requests.max(to.requests));
        let context = Context { config, capacity: self.services[service].capacity };
        let policy = self.services[service].policy;
        let mut causes = trace.causes;
        let stays = [low - low * ROUNDING, high + high * ROUNDING].into_iter().all(|requests| {
            let seen = Observation { requests, ..from };
            causes.clear();
            let step =
                serve::step(context, policy, seen, seconds(first), std::mem::take(&mut causes));
            causes = step.trace.causes;
            step.target == from.target && step.state == policy
        });
        causes.clear();
        self.spare_causes = causes;
        stays
    }

    /// The turn before which the present wish can't have waited long enough.
    pub(super) fn delay_over(&self, service: usize, config: &Config) -> Option<Instant> {
        let state = &self.services[service];
        let waiting = state.policy.waiting?;
        let is_last_gang = config.min_replicas == 0 && state.target == config.gang_size;
        let own = config.downscale_to_zero_delay_s.filter(|_| state.target == 1 || is_last_gang);
        let delay = match waiting.direction {
            Direction::Up => config.upscale_delay_s,
            Direction::Down => own.unwrap_or(config.downscale_delay_s),
        };
        // A turn early, for rounding: that turn looks for itself.
        let ms = ((waiting.since + delay) * 1000.0) as i64;
        Some(turn_from(Instant::from_ms(ms.saturating_sub(TURN_MS / 2))))
    }
}
