//! What handles have told the controller.
//!
//! A handle's newest report replaces its older ones. Until the handle has been silent for twice
//! its interval, or the actor that it lives on is dead, the report counts in full.
//!
//! Upstream: ray 2.60.0 serve/_private/autoscaling_state.py `_HandleMetricStore`,
//! `DeploymentAutoscalingState.drop_stale_handle_metrics`, `_array_aggregate_total_requests`.

use super::config::Config;
use super::handle::{Counts, all_say};
use super::merge::Merged;
use super::trace::{Cause, Trace};
use super::{HandleId, ReplicaId, Sample};

/// Where a handle lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// On a proxy or a replica of Serve, an actor with this number: its death is noticed.
    Serve(u32),
    /// Somewhere else: only its silence is.
    Elsewhere,
}

/// What a handle tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Which handle.
    pub handle: HandleId,
    /// Where it lives.
    pub source: Source,
    /// When it was written.
    pub at: f64,
    /// Requests that wait at the handle.
    pub queued: Vec<Sample>,
    /// Requests that run, by replica.
    pub running: Vec<(ReplicaId, Vec<Sample>)>,
}

#[derive(Clone, Debug)]
struct Held {
    report: Report,
    /// By the controller's own clock.
    received: f64,
}

/// The newest report of each handle.
#[derive(Clone, Debug, Default)]
pub struct Reports {
    /// In the order in which handles were first heard of.
    held: Vec<Held>,
}

/// The shortest silence after which a handle is forgotten, in seconds
/// (`RAY_SERVE_MIN_HANDLE_METRICS_TIMEOUT_S`).
const LEAST_TIMEOUT: f64 = 10.0;

impl Reports {
    /// `report` arrives at `now`. Does nothing if one that is as new was here before.
    pub fn accept(&mut self, mut report: Report, now: f64) -> bool {
        self.exchange(&mut report, now)
    }

    /// As [`accept`](Self::accept); what is left in `report` is not needed any more.
    pub fn exchange(&mut self, report: &mut Report, now: f64) -> bool {
        match self.held.iter_mut().find(|it| it.report.handle == report.handle) {
            Some(held) if report.at > held.report.at => {
                std::mem::swap(&mut held.report, report);
                held.received = now;
            }
            Some(_) => return false,
            None => self.held.push(Held { report: report.clone(), received: now }),
        }
        true
    }

    /// Seconds of silence after which a handle is forgotten.
    pub fn timeout(config: &Config) -> f64 {
        (2.0 * config.metrics_interval_s).max(LEAST_TIMEOUT)
    }

    /// Forgets handles on actors that do not live, and those that were silent for too long.
    pub fn forget_silent(
        &mut self,
        config: &Config,
        lives: impl Fn(u32) -> bool,
        now: f64,
        trace: &mut Trace,
    ) {
        let timeout = Self::timeout(config);
        self.held.retain(|Held { report, received }| {
            let silent = now - received;
            let is_dead = matches!(report.source, Source::Serve(actor) if !lives(actor));
            let goes = is_dead || silent >= timeout;
            if goes {
                let (handle, dead) = (report.handle, is_dead);
                trace.causes.push(Cause::HandleForgotten { handle, silent, timeout, dead });
            }
            !goes
        });
    }

    /// How many handles have told something that counts.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nobody has told anything.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Whether all that was told is by one handle, and each sample says the same as `counts`.
    pub fn hold_only(&self, counts: &Counts) -> bool {
        let [Held { report, .. }] = self.held.as_slice() else { return false };
        let same = |((replica, samples), (own, value)): (&(ReplicaId, Vec<Sample>), &(_, f64))| {
            replica == own && all_say(samples, *value, &report.queued)
        };
        all_say(&report.queued, counts.queued, &report.queued)
            && report.running.len() == counts.running.len()
            && report.running.iter().zip(&counts.running).all(same)
    }

    /// When the handle that has been silent longest is forgotten, as far as silence goes.
    pub fn next_timeout(&self, config: &Config) -> Option<f64> {
        let oldest = self.held.iter().map(|it| it.received).reduce(f64::min)?;
        Some(oldest + Self::timeout(config))
    }

    /// Puts the requests that wait anywhere or run on replicas that `runs` knows into `merged`.
    ///
    /// Running requests of all handles come first, then what waits.
    pub fn merge(&self, runs: impl Fn(ReplicaId) -> bool, merged: &mut Merged) {
        let running = self.held.iter().flat_map(|it| &it.report.running);
        let running = running.filter(|(replica, _)| runs(*replica)).map(|(_, it)| it.as_slice());
        let queued = self.held.iter().map(|it| it.report.queued.as_slice());
        merged.merge(running.chain(queued));
    }
}

/// What `merged` shows at `now`, and why.
pub fn requests(merged: &mut Merged, config: &Config, now: f64, trace: &mut Trace) -> f64 {
    let function = config.aggregation;
    let Some(requests) = merged.aggregate(function, now) else { return 0.0 };
    let (series, since) = (merged.series(), merged.since());
    trace.causes.push(Cause::Aggregated { function, series, since, requests });
    requests
}
