//! metrics-server reads every node.

use crate::metrics;
use crate::sim::event::Event;
use crate::sim::world::World;
use crate::time::Instant;

impl World<'_> {
    /// What the metrics API answers until the next read. Only pods that an HPA may ask about count.
    pub(in crate::sim) fn scrape(&mut self, now: Instant) {
        let spec = &self.model.metrics;
        let oldest = now - spec.lag - spec.window;
        for workload in &self.workloads {
            self.steps += workload.pods.len() as u64;
            for pod in &workload.pods {
                let pod = &mut self.pods[*pod];
                let running = pod.started.filter(|started| *started <= now);
                pod.sample = running.and_then(|started| {
                    metrics::read(spec, metrics::Observation { started, usage: &pod.usage }, now)
                });
                pod.usage.forget_before(oldest);
            }
        }
        self.queue.add(now + spec.resolution, Event::Scrape);
    }
}
