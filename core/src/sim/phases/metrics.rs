//! metrics-server reads every node.

use crate::metrics;
use crate::sim::event::Event;
use crate::sim::world::World;
use crate::time::Instant;

impl World<'_> {
    /// What the metrics API answers until the next read.
    pub(in crate::sim) fn scrape(&mut self, now: Instant) {
        self.read_usage(now);
        self.queue.add(now + self.model.metrics.resolution, Event::Scrape);
    }

    /// One read of every node. Only pods that an HPA may ask about count.
    pub(in crate::sim) fn read_usage(&mut self, now: Instant) {
        let spec = &self.model.metrics;
        for workload in &self.workloads {
            self.steps += workload.pods.len() as u64;
            for pod in &workload.pods {
                let pod = &mut self.pods[*pod];
                let running = pod.started.filter(|started| *started <= now);
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
