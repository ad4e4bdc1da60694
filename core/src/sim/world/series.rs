//! A series at the present instant: what is true, what Prometheus has of it, whether the adapter
//! knows it.

use super::workload::WorkloadState;
use super::{WARM, World};
use crate::metrics::adapter::Registry;
use crate::metrics::prometheus::Samples;
use crate::metrics::{Counter, prometheus};
use crate::sim::pipeline::{Series, Truth};
use crate::time::{Duration, Instant, Stretch};

/// A series at the present instant.
#[derive(Clone, Debug)]
pub(in crate::sim) struct SeriesState {
    /// As one number: measured before the workload, where requests come in.
    total: Counted,
    /// Pod by pod, of those that run; only if somebody asks for it so.
    pods: Vec<(usize, Counted)>,
    registry: Registry,
}

/// One number, and what was scraped of it.
#[derive(Clone, Debug, Default)]
struct Counted {
    counter: Counter,
    samples: Samples,
}

impl Counted {
    fn new(start: Instant) -> Self {
        Self { counter: Counter::new(start), samples: Samples::default() }
    }

    fn scrape(&mut self, spec: &prometheus::Spec, now: Instant, is_up: bool) {
        let value = || match spec.range {
            Some(_) => self.counter.shown(now),
            None => self.counter.rate(),
        };
        let value = is_up.then(value);
        self.samples.scrape(spec, now, value);
    }
}

impl SeriesState {
    pub(super) fn new() -> Self {
        Self {
            total: Counted::new(Instant::ZERO - WARM),
            pods: Vec::new(),
            registry: Registry::new(Instant::ZERO),
        }
    }
}

impl World<'_> {
    /// What is true of `series` from `now` on.
    pub(in crate::sim) fn follow(&mut self, series: usize, now: Instant) {
        let model = &self.model.pipeline.series[series];
        let rate = match &model.truth {
            Truth::Requests => self.workloads[model.workload].rate.micro(),
            Truth::Own { load, .. } => load.rate_at(now).micro(),
            Truth::Queue => return,
        };
        self.series[series].total.counter.set_rate(now, rate);
        if model.per_pod {
            self.follow_pods(series, model, rate, now);
        }
    }

    /// Splits `rate` over the ready pods, or gives it to each pod that runs.
    fn follow_pods(&mut self, series: usize, model: &Series, rate: i64, now: Instant) {
        let each_pod = matches!(model.truth, Truth::Own { each_pod: true, .. });
        let workload = &self.workloads[model.workload];
        self.steps += workload.pods.len() as u64;
        let running = workload.pods.iter().filter(|it| self.pods[**it].started.is_some());
        let ready = workload.pods.iter().filter(|it| self.pods[**it].is_ready()).count() as i64;
        let (share, mut rest) = (rate / ready.max(1), rate % ready.max(1));
        let mut old = std::mem::take(&mut self.series[series].pods).into_iter().peekable();
        let mut pods = Vec::new();
        // Both lists are in the order of creation, so that one walk finds those that stayed.
        for pod in running.copied() {
            while old.next_if(|(it, _)| *it < pod).is_some() {}
            let known = old.next_if(|(it, _)| *it == pod).map(|(_, it)| it);
            let started = self.pods[pod].started.unwrap_or(now);
            let mut counted = known.unwrap_or_else(|| Counted::new(started));
            let own = if each_pod {
                rate
            } else if self.pods[pod].is_ready() {
                rest -= 1;
                share + i64::from(rest >= 0)
            } else {
                0
            };
            counted.counter.set_rate(now, own);
            pods.push((pod, counted));
        }
        self.series[series].pods = pods;
    }

    /// Every series of `workload` follows it.
    pub(in crate::sim) fn follow_workload(&mut self, workload: usize, now: Instant) {
        for series in 0..self.series.len() {
            if self.model.pipeline.series[series].workload == workload {
                self.follow(series, now);
            }
        }
    }

    /// Prometheus scrapes `series`, if it runs.
    pub(in crate::sim) fn scrape_series(&mut self, series: usize, now: Instant) {
        let pipeline = &self.model.pipeline;
        if Stretch::any(&pipeline.prometheus_outages, now) {
            return;
        }
        let model = &pipeline.series[series];
        let is_up = !model.is_out(now);
        let queue = (model.truth == Truth::Queue).then(|| self.queue_length(model.workload, now));
        let state = &mut self.series[series];
        self.steps += 1 + state.pods.len() as u64;
        match queue {
            Some(length) => {
                let value = is_up.then_some(length as f64);
                state.total.samples.scrape(&model.prometheus, now, value);
            }
            None => state.total.scrape(&model.prometheus, now, is_up),
        }
        for (_, counted) in &mut state.pods {
            counted.scrape(&model.prometheus, now, is_up);
        }
        state.registry.scrape(pipeline.relist, now, is_up);
    }

    /// What Prometheus has scraped before the run.
    pub(in crate::sim) fn scrape_before(&mut self, series: usize) {
        let model = &self.model.pipeline.series[series];
        for back in (1..=model.scrapes_before()).rev() {
            let ago = Duration::from_ms(model.prometheus.scrape.ms().saturating_mul(back));
            self.scrape_series(series, Instant::ZERO - ago);
        }
    }

    /// What a query for `series` gives at `now`.
    pub(in crate::sim) fn query(&self, series: usize, now: Instant) -> Option<f64> {
        let spec = &self.model.pipeline.series[series].prometheus;
        self.series[series].total.samples.query(spec, now)
    }

    /// What a query for `series` gives of `pod` at `now`.
    pub(in crate::sim) fn query_pod(&self, series: usize, pod: usize, now: Instant) -> Option<f64> {
        let spec = &self.model.pipeline.series[series].prometheus;
        let pods = &self.series[series].pods;
        let found = pods.binary_search_by_key(&pod, |(it, _)| *it).ok()?;
        pods[found].1.samples.query(spec, now)
    }

    /// What is true of `series` at `now`; `None` if its source gives nothing.
    pub(in crate::sim) fn live(&self, series: usize, now: Instant) -> Option<f64> {
        let model = &self.model.pipeline.series[series];
        if model.is_out(now) {
            return None;
        }
        Some(match model.truth {
            Truth::Queue => self.queue_length(model.workload, now) as f64,
            Truth::Requests | Truth::Own { .. } => self.series[series].total.counter.rate(),
        })
    }

    /// Whether the adapter knows `series`.
    pub(in crate::sim) fn is_listed(&mut self, series: usize, now: Instant) -> bool {
        self.series[series].registry.knows(self.model.pipeline.relist, now)
    }

    fn queue_length(&self, workload: usize, now: Instant) -> i64 {
        let service_time = self.model.workloads[workload].request.service_time;
        let WorkloadState { backlog, begun, .. } = &self.workloads[workload];
        backlog.length(begun, now, service_time)
    }
}
