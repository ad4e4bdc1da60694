//! KEDA polls its triggers, and answers the HPA that it made.

use crate::hpa::ConditionType;
use crate::keda::{self, Observation, Reading};
use crate::sim::event::Event;
use crate::sim::pipeline::TriggerSource;
use crate::sim::timeline::KedaLook;
use crate::sim::world::{LOOK_STEPS, World};
use crate::time::{Instant, Stretch};

impl World<'_> {
    /// One poll of a ScaledObject.
    pub(in crate::sim) fn keda_polls(&mut self, scaled_object: usize, now: Instant) {
        let pipeline = &self.model.pipeline;
        let model = &pipeline.scaled_objects[scaled_object];
        self.queue.add(now + model.spec.polling_interval, Event::KedaPolls { scaled_object });
        if Stretch::any(&pipeline.keda_outages, now) {
            return;
        }
        self.steps += LOOK_STEPS;
        let state = std::mem::take(&mut self.keda[scaled_object]);
        let readings = self.readings(scaled_object, now);
        let seen = self.keda_sees(scaled_object, &readings, now);
        let from = seen.current_replicas;
        // The ScaledObject is made when the run begins.
        let asked = now + pipeline.latency;
        let step = keda::poll(&model.spec, state, &seen, Instant::ZERO, asked);
        let to = step.replicas.unwrap_or(from);
        let look = KedaLook { at: now, from, to, trace: step.trace };
        self.timeline.keda[scaled_object].push(look);
        self.keda[scaled_object] = step.state;
        if to != from {
            self.scale_workload(model.workload, to, now);
        }
    }

    /// What KEDA tells the HPA about one trigger, in milli units; `None` for an error.
    pub(in crate::sim) fn ask_keda(
        &mut self,
        scaled_object: usize,
        trigger: usize,
        now: Instant,
    ) -> Option<i64> {
        let state = std::mem::take(&mut self.keda[scaled_object]);
        let readings = self.readings(scaled_object, now);
        let seen = self.keda_sees(scaled_object, &readings, now);
        let spec = &self.model.pipeline.scaled_objects[scaled_object].spec;
        let (value, state) = keda::read(spec, state, trigger, &seen);
        self.keda[scaled_object] = state;
        value
    }

    fn keda_sees<'a>(
        &self,
        scaled_object: usize,
        readings: &'a [Reading],
        now: Instant,
    ) -> Observation<'a> {
        let model = &self.model.pipeline.scaled_objects[scaled_object];
        let workload = &self.workloads[model.workload];
        let ready = workload.pods.iter().filter(|it| self.pods[**it].is_ready()).count();
        let status = &self.hpas[model.hpa].status;
        let active = status.condition(ConditionType::ScalingActive).is_some_and(|it| it.status);
        Observation {
            current_replicas: workload.replicas,
            ready_replicas: ready as i32,
            readings,
            clock: self.model.pipeline.clock.saturating_add(now.ms().div_euclid(1000)),
            hpa_active: active,
        }
    }

    fn readings(&self, scaled_object: usize, now: Instant) -> Vec<Reading> {
        let sources = &self.model.pipeline.scaled_objects[scaled_object].sources;
        sources.iter().map(|it| self.reading(it, now)).collect()
    }

    /// What a trigger's source answers. More than one series is an error.
    fn reading(&self, source: &TriggerSource, now: Instant) -> Reading {
        match source {
            TriggerSource::Live(series) => match series[..] {
                [only] => self.live(only, now).map_or(Reading::Failed, Reading::Value),
                _ => Reading::Failed,
            },
            TriggerSource::Prometheus(series) => match series[..] {
                _ if Stretch::any(&self.model.pipeline.prometheus_outages, now) => Reading::Failed,
                [only] => self.query(only, now).map_or(Reading::Empty, Reading::Value),
                [] => Reading::Empty,
                _ => Reading::Failed,
            },
            TriggerSource::Nobody => Reading::Failed,
        }
    }
}
