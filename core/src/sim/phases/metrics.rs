//! metrics-server reads every node.

use crate::metrics;
use crate::sim::event::Event;
use crate::sim::world::World;
use crate::time::{Instant, Stretch};

impl World<'_> {
    /// What the metrics API answers until the next read.
    pub(in crate::sim) fn scrape(&mut self, now: Instant) {
        self.read_usage(now);
        self.queue.add(now + self.model.metrics.resolution, Event::Scrape);
    }

    /// One read of every node. Only pods that an HPA may ask about count. While metrics-server is
    /// down nothing is read, and what it knew is lost.
    pub(in crate::sim) fn read_usage(&mut self, now: Instant) {
        let spec = &self.model.metrics;
        let is_down = Stretch::any(&self.model.pipeline.server_outages, now);
        self.server_reads = if is_down { 0 } else { self.server_reads.saturating_add(1) };
        for workload in &self.workloads {
            self.steps += workload.pods.len() as u64;
            for pod in &workload.pods {
                let pod = &mut self.pods[*pod];
                let running = pod.started.filter(|started| !is_down && *started <= now);
                let point = running.and_then(|started| {
                    metrics::point(spec, metrics::Observation { started, usage: &pod.usage }, now)
                });
                pod.storage.store(&[point], spec.resolution);
                pod.sample = pod.storage.sample();
                pod.usage.forget_before(spec.oldest(now));
            }
        }
    }
}
