//! What can't change is not simulated.
//!
//! The autoscaler of a Ray cluster rests after a look that did nothing and that would say the same
//! again: its next looks are counted until someone takes the cluster to change it. The handle of a
//! Serve deployment rests while all that it has written down, and would write down, is the same: no
//! turn of the controller's loop can answer otherwise before a delay is over. What it would have
//! sampled and reported last is made up for when it is wanted.
//!
//! A result is the same bytes without any of this; `prediction/resting_tests.rs` compares them.

use super::serve::{length, seconds};
use crate::serve::{Config, handle};
use crate::sim::event::{Event, Phase};
use crate::sim::model::{Model, Scaling, Service};
use crate::sim::world::{LOOK_STEPS, MOST_STEPS, World};
use crate::time::{Duration, Instant};

/// Who rests.
pub(in crate::sim) struct Rests<'m> {
    /// Whether Ray autoscalers may: with too many looks, a report would have no end.
    looks_may: bool,
    clusters: Vec<Option<RestingLooks>>,
    services: Vec<Option<RestingHandle<'m>>>,
}

/// A Ray autoscaler that rests.
#[derive(Clone, Copy)]
struct RestingLooks {
    /// Its last look.
    since: Instant,
    every: Duration,
    /// Whether it looks at all: without a head it does not.
    looks: bool,
}

/// A handle that rests.
struct RestingHandle<'m> {
    service: &'m Service,
    /// What it counts all the time.
    counts: handle::Counts,
}

impl Rests<'_> {
    /// Nobody rests yet.
    pub(in crate::sim) fn new(model: &Model) -> Self {
        let clusters = model.clusters.iter().filter(|it| matches!(it.autoscaler, Some(Ok(_))));
        let looks = clusters.map(|it| model.duration.ms() / it.loop_interval.ms().max(1));
        let looks = looks.fold(0, i64::saturating_add);
        Self {
            looks_may: looks.unsigned_abs() <= MOST_STEPS / LOOK_STEPS / 2,
            clusters: vec![None; model.clusters.len()],
            services: model.services.iter().map(|_| None).collect(),
        }
    }
}

#[cfg(test)]
thread_local! {
    static EVERYTHING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// What `run` gives if nothing rests and no turn is passed over in all that it simulates.
#[cfg(test)]
pub(crate) fn without_rest<T>(run: impl FnOnce() -> T) -> T {
    EVERYTHING.set(true);
    let result = run();
    EVERYTHING.set(false);
    result
}

/// Whether everything is simulated: for tests alone.
pub(super) fn is_everything_simulated() -> bool {
    #[cfg(test)]
    return EVERYTHING.get();
    #[cfg(not(test))]
    false
}

/// How many times of `first`, `first` + `every` … have passed at `now`; `now` itself counts if
/// `is_over`.
fn passed(first: Instant, every: Duration, now: Instant, is_over: bool) -> i64 {
    let length = now.since(first).ms() - i64::from(!is_over);
    if now < first || length < 0 { 0 } else { length / every.ms().max(1) + 1 }
}

impl World<'_> {
    /// Whether Ray autoscalers may rest.
    pub(super) fn looks_may_rest(&self) -> bool {
        self.rests.looks_may && !is_everything_simulated()
    }

    /// The autoscaler of `cluster`, which looked at `now`, rests.
    pub(super) fn rest_looks(&mut self, cluster: usize, looks: bool, now: Instant) {
        let every = self.clusters[cluster].model.loop_interval;
        self.rests.clusters[cluster] = Some(RestingLooks { since: now, every, looks });
        self.clusters.forget(cluster);
    }

    fn wake_looks(&mut self, cluster: usize, now: Instant, is_over: bool) {
        let Some(RestingLooks { since, every, looks }) = self.rests.clusters[cluster].take() else {
            return;
        };
        let missed = passed(since + every, every, now, is_over);
        if looks {
            self.timeline.clusters[cluster].looks.repeat(missed as usize, every);
        }
        self.queue.add(since + every.times(missed + 1), Event::RayLooks { cluster });
    }

    /// Whether the handle of `service` rests.
    pub(super) fn handle_rests(&self, service: usize) -> bool {
        self.rests.services[service].is_some()
    }

    /// Lets the handle of `service` rest after the turn at `now`, if nothing can change by itself.
    pub(super) fn rest_handle(&mut self, service: usize, config: &Config, now: Instant) {
        let state = &self.services[service];
        if is_everything_simulated() || state.wish.is_some() || !self.is_steady(service) {
            return;
        }
        let counts = self.serve_counts(service);
        if !state.store.holds_only(&counts) || !state.reports.hold_only(&counts) {
            return;
        }
        let next = now + Duration::from_ms(super::serve::TURN_MS);
        if !self.stays(service, config, next, next) {
            return;
        }
        if let Some(over) = self.delay_over(service, config) {
            self.turn_at(service, over.max(next));
        }
        let service_model = self.services[service].model;
        self.rests.services[service] = Some(RestingHandle { service: service_model, counts });
        self.services.forget(service);
    }

    /// The handle of `service` has done by `now` all that it would have; at `now` itself too if
    /// that `is_over`.
    pub(super) fn wake_handle(&mut self, service: usize, now: Instant, is_over: bool) {
        let Some(RestingHandle { service: model, counts }) = self.rests.services[service].take()
        else {
            return;
        };
        let Scaling::Auto(config) = &model.scaling else { return };
        let state = &mut self.services[service];
        let sample_every = length(handle::sample_interval(config));
        let report_every = length(config.metrics_interval_s);
        let samples = passed(state.samples_at, sample_every, now, is_over);
        let reports = passed(state.reports_at, report_every, now, is_over);
        let (sampled, reported) = (state.samples_at, state.reports_at);
        let times = |from: i64, to: i64| -> Vec<f64> {
            (from..to).map(|it| seconds(sampled + sample_every.times(it))).collect()
        };
        let told = if reports > 0 {
            let last = reported + report_every.times(reports - 1);
            let told = passed(sampled, sample_every, last, true).min(samples);
            // What lies before the look-back period is forgotten again.
            let wanted = length(config.look_back_period_s).ms() / sample_every.ms() + 2;
            state.store.sample_all(config, &counts, &times((told - wanted).max(0), told));
            state.report(config, &counts, seconds(last));
            told
        } else {
            0
        };
        state.store.sample_all(config, &counts, &times(told, samples));
        state.samples_at = state.samples_at + sample_every.times(samples);
        state.reports_at = state.reports_at + report_every.times(reports);
        let next = state.samples_at.min(state.reports_at);
        self.queue.add(next, Event::HandleWakes { service });
        self.services.forget(service);
    }

    /// Whoever was taken to be changed in an event of `phase` rests no longer.
    pub(in crate::sim) fn wake_touched(&mut self, phase: Phase, now: Instant) {
        if self.services.is_touched() {
            for service in self.services.take_touched() {
                self.wake_handle(service, now, phase >= Phase::Metrics);
            }
        }
        if self.clusters.is_touched() {
            for cluster in self.clusters.take_touched() {
                self.wake_looks(cluster, now, phase >= Phase::Ray);
            }
        }
    }

    /// The run ends at `end`: all looks before it are counted.
    pub(in crate::sim) fn wake_all_looks(&mut self, end: Instant) {
        for cluster in 0..self.clusters.len() {
            self.wake_looks(cluster, end, false);
        }
    }
}
