//! A Serve deployment at the present instant: requests that run and wait, and what its handle and
//! its controller know.
//!
//! Requests flow: with R replicas that run, at most R times what one works on at once are served
//! in the time of one; what is beyond waits at the handle.
//!
//! DIFFERENCE(serve-flow): requests spread evenly over the replicas that run and take exactly their
//! service time, so that how many run is a mean and not whole; what waits counts in whole requests.
//!
//! DIFFERENCE(serve-graph): which deployments a request passes through is in the application's
//! code; every deployment in the text gets every request of its RayService.
//!
//! DIFFERENCE(serve-other-handles): only the proxies' handle is there, no other application's and no
//! driver's.
//!
//! DIFFERENCE(serve-replica-metrics): that handle counts what runs, and not the replicas.
//!
//! Upstream: ray 2.60.0 serve/_private/request_router/request_router.py, serve/_private/router.py.

use super::World;
use super::backlog::Backlog;
use super::serve_replicas::Replica;
use crate::serve::{
    Bounds, Config, HandleId, Report, Reports, Source, State, TargetCapacity, adjusted, handle,
    merge,
};
use crate::sim::event::Event;
use crate::sim::model::{Scaling, Service};
use crate::sim::timeline::ServeLook;
use crate::time::{Duration, Instant};
use crate::workload::Rate;

/// A thousand-millionth of a request is what a [`Backlog`] counts in.
const REQUEST: i128 = 1_000_000_000;

/// The one handle of a deployment.
const HANDLE: (HandleId, Source) = (HandleId(0), Source::Elsewhere);

/// A Serve deployment at the present instant.
pub(in crate::sim) struct ServiceState<'m> {
    /// What it is, by the config that its cluster was last given.
    pub(in crate::sim) model: &'m Service,
    /// Whether its cluster has it.
    pub(in crate::sim) lives: bool,
    /// Whether a config is being applied: until as many replicas run as it asks for.
    pub(in crate::sim) deploying: bool,
    /// Whether its cluster is gone: nothing starts any more.
    pub(super) cut_off: bool,
    /// `target_capacity`.
    pub(in crate::sim) capacity: Option<TargetCapacity>,
    /// Its part of the requests, in percent.
    pub(super) share: i64,
    /// The target.
    pub(in crate::sim) target: i64,
    /// What the policy remembers.
    pub(in crate::sim) policy: State,
    /// What the controller was told.
    pub(in crate::sim) reports: Reports,
    /// The same as one series, while neither it nor what runs changes.
    pub(in crate::sim) merged: merge::Merged,
    /// Whether `merged` is out of date.
    pub(in crate::sim) is_stale: bool,
    /// A report that is not needed any more; the next one takes its room.
    spare: Report,
    /// What the handle has written down.
    pub(in crate::sim) store: handle::Store,
    /// When the handle samples and reports next.
    pub(in crate::sim) samples_at: Instant,
    pub(in crate::sim) reports_at: Instant,
    /// When the loop turns next with a chance of another answer.
    pub(in crate::sim) turns_at: Option<Instant>,
    /// A turn at which a wish began that has not lasted long yet.
    pub(in crate::sim) wish: Option<ServeLook>,
    /// Replicas that have room, those that run in the order in which they began to.
    pub(in crate::sim) replicas: Vec<Replica>,
    /// How many of them run and are not told to stop.
    pub(in crate::sim) running: u32,
    /// How many replicas it has had.
    pub(super) named: u32,
    rate: Rate,
    backlog: Backlog,
    rejected: i128,
}

impl<'m> ServiceState<'m> {
    pub(super) fn new(service: &'m Service, is_there: bool) -> Self {
        Self {
            model: service,
            lives: is_there,
            deploying: false,
            cut_off: false,
            capacity: service.capacity,
            share: if is_there { 100 } else { 0 },
            target: if is_there { first_target(service, service.capacity) } else { 0 },
            policy: State::default(),
            reports: Reports::default(),
            merged: merge::Merged::default(),
            is_stale: true,
            spare: Report {
                handle: HANDLE.0,
                source: HANDLE.1,
                at: 0.0,
                queued: Vec::new(),
                running: Vec::new(),
            },
            store: handle::Store::default(),
            samples_at: Instant::ZERO,
            reports_at: Instant::ZERO,
            turns_at: None,
            wish: None,
            replicas: Vec::new(),
            running: 0,
            named: 0,
            rate: if is_there { service.load.rate_at(Instant::ZERO) } else { Rate::ZERO },
            backlog: Backlog::default(),
            rejected: 0,
        }
    }

    /// The handle tells the controller at `now` what it has written down.
    pub(in crate::sim) fn report(&mut self, config: &Config, counts: &handle::Counts, now: f64) {
        self.store.report_into(&mut self.spare, config, counts, now);
        self.reports.exchange(&mut self.spare, now);
        self.is_stale = true;
    }

    /// A config is applied as soon as as many replicas run as are wanted.
    ///
    /// Upstream: ray 2.60.0 serve/_private/deployment_state.py `DeploymentState.check_curr_status`.
    pub(super) fn settle_deploy(&mut self) {
        let is_done = i64::from(self.running) == self.target;
        self.deploying &= !(is_done && self.replicas.iter().all(Replica::is_running));
    }
}

/// How many replicas a deployment has that is new.
///
/// Upstream: ray 2.60.0 serve/_private/autoscaling_state.py
/// `DeploymentAutoscalingState.register`.
pub(super) fn first_target(service: &Service, capacity: Option<TargetCapacity>) -> i64 {
    match &service.scaling {
        Scaling::Fixed(replicas) => adjusted(*replicas, capacity),
        Scaling::Auto(config) => {
            Bounds::of(config, capacity).clip(config.initial_replicas.unwrap_or(0))
        }
    }
}

/// What one replica can serve, in millionths of a request per second.
fn room_micro(service: &Service) -> i128 {
    let milliseconds = i128::from(service.service_time.ms().max(1));
    i128::from(service.max_ongoing_requests.max(0)) * REQUEST / milliseconds
}

impl World<'_> {
    /// The load of `service` takes the value that it has from now on.
    pub(in crate::sim) fn serve_load_changes(&mut self, service: usize, now: Instant) {
        if !self.services[service].lives {
            return;
        }
        let load = &self.services[service].model.load;
        if let Some(next) = load.next_change(now) {
            self.queue.add(next, Event::ServeLoadChanges { service });
        }
        self.take_share(service, now);
    }

    /// Its part of the requests comes from now on.
    pub(super) fn take_share(&mut self, service: usize, now: Instant) {
        self.count_serve_requests(service, now);
        let state = &mut self.services[service];
        let whole = i128::from(state.model.load.rate_at(now).micro());
        let part = whole * i128::from(state.share) / 100;
        state.rate = Rate::from_micro(i64::try_from(part).unwrap_or(i64::MAX));
        self.settle_service(service, now);
    }

    /// Adds up what came since the last time; what finds the queue full is turned away.
    pub(in crate::sim) fn count_serve_requests(&mut self, service: usize, now: Instant) {
        let most = self.services[service].model.max_queued_requests;
        let state = &mut self.services[service];
        state.backlog.advance(now);
        if let Some(most) = most {
            let beyond = (state.backlog.unserved - i128::from(most) * REQUEST).max(0);
            state.backlog.unserved -= beyond;
            state.rejected += beyond;
        }
        let track = &mut self.timeline.services[service];
        (track.arrived_nano, track.rejected_nano) = (state.backlog.arrived, state.rejected);
    }

    /// Spreads the present load over the replicas that run, and draws it.
    pub(in crate::sim) fn settle_service(&mut self, service: usize, now: Instant) {
        self.count_serve_requests(service, now);
        let model = self.services[service].model;
        let state = &mut self.services[service];
        let rate = state.rate.micro();
        let room = room_micro(model) * i128::from(state.running);
        let served = if state.backlog.unserved > 0 { room } else { room.min(rate.into()) };
        let served = i64::try_from(served).unwrap_or(i64::MAX);
        state.backlog.flow(rate, served);
        if let Some(wait) = state.backlog.empties_in() {
            self.queue.add(now + wait, Event::ServeQueueEmpties { service });
        }
        let track = &mut self.timeline.services[service];
        track.load.set(now, rate as f64 / 1e6);
        track.served.set(now, served as f64 / 1e6);
        self.draw_service(service, now);
    }

    /// Draws the counts that change by themselves.
    pub(in crate::sim) fn draw_service(&mut self, service: usize, now: Instant) {
        let (queued, each) = (self.serve_queued(service), self.serve_ongoing(service));
        let waiting = self.replicas_waiting(service);
        let state = &self.services[service];
        let placed = state.replicas.iter().filter(|it| !it.runs && it.stops.is_none()).count();
        let track = &mut self.timeline.services[service];
        track.target.set(now, state.target as f64);
        track.running.set(now, f64::from(state.running));
        track.starting.set(now, f64::from(waiting) + placed as f64);
        track.ongoing.set(now, if state.running > 0 { each } else { 0.0 });
        track.queued.set(now, queued);
    }

    /// What the handle counts; the requests must have been counted up to now.
    pub(in crate::sim) fn serve_counts(&self, service: usize) -> handle::Counts {
        let each = self.serve_ongoing(service);
        let state = &self.services[service];
        let mut running = Vec::with_capacity(state.replicas.len());
        running.extend(state.replicas.iter().filter(|it| it.is_running()).map(|it| (it.id, each)));
        handle::Counts { queued: self.serve_queued(service), running }
    }

    /// How many requests wait, in whole ones.
    fn serve_queued(&self, service: usize) -> f64 {
        (self.services[service].backlog.unserved / REQUEST) as f64
    }

    /// How many requests run on each replica that runs.
    fn serve_ongoing(&self, service: usize) -> f64 {
        let state = &self.services[service];
        let model = state.model;
        let room = room_micro(model) * i128::from(state.running);
        if state.backlog.unserved > 0 || i128::from(state.rate.micro()) > room {
            return model.max_ongoing_requests as f64;
        }
        let ongoing = state.rate.micro() as f64 * model.service_time.ms() as f64 / 1e9;
        ongoing / f64::from(state.running.max(1))
    }

    /// Whether requests are served as they come, so that nothing waits and nothing will.
    pub(in crate::sim) fn is_steady(&self, service: usize) -> bool {
        let state = &self.services[service];
        let room = room_micro(state.model) * i128::from(state.running);
        state.backlog.unserved == 0 && i128::from(state.rate.micro()) <= room
    }

    /// When the next request comes, if requests come evenly spaced.
    pub(in crate::sim) fn next_request(&self, service: usize, now: Instant) -> Option<Instant> {
        let state = &self.services[service];
        let rate = i128::from(state.rate.micro());
        if rate == 0 {
            return None;
        }
        let missing = REQUEST - state.backlog.arrived.rem_euclid(REQUEST);
        let ms = i64::try_from((missing + rate - 1) / rate).unwrap_or(i64::MAX);
        Some(now + Duration::from_ms(ms))
    }
}
