//! Pods start, serve, turn ready and go.

use crate::sim::event::Event;
use crate::sim::world::{Owner, POD_STEPS, World};
use crate::time::Instant;

impl World<'_> {
    /// The containers of `pod` run.
    pub(in crate::sim) fn pod_starts(&mut self, pod: usize, now: Instant) {
        if self.pods[pod].gone {
            return;
        }
        let owner = self.pods[pod].owner;
        let template = self.template(owner);
        self.pods[pod].start(now, template);
        if let (Owner::Workload(workload), 1..) = (owner, template.start.cpu_nano) {
            self.pods[pod].starting = true;
            self.queue.add(now + template.start.cpu_for, Event::StartEnds { pod });
            self.unsettle(workload);
        }
        if let Owner::Submitter(job) = owner {
            self.submitter_runs(job, pod, now);
        }
    }

    /// `pod` is done with the work of starting.
    pub(in crate::sim) fn start_ends(&mut self, pod: usize) {
        self.pods[pod].starting = false;
        if let Owner::Workload(workload) = self.pods[pod].owner {
            self.unsettle(workload);
        }
    }

    /// `pod` can serve requests, or its Ray node joins.
    pub(in crate::sim) fn pod_serves(&mut self, pod: usize, now: Instant) {
        if self.pods[pod].deleting.is_some() {
            return;
        }
        self.pods[pod].serves = true;
        match self.pods[pod].owner {
            Owner::Workload(workload) => self.unsettle(workload),
            Owner::Head(cluster) | Owner::Worker(cluster, _) => {
                self.join_ray(pod, now);
                self.tell_ray_jobs(cluster, now);
                if let Owner::Head(_) = self.pods[pod].owner {
                    self.sidecar_runs(cluster, now);
                }
            }
            Owner::Submitter(_) => {}
        }
    }

    /// `pod` turns ready.
    pub(in crate::sim) fn pod_ready(&mut self, pod: usize, now: Instant) {
        if self.pods[pod].deleting.is_some() {
            return;
        }
        self.pods[pod].ready = Some(now);
        match self.pods[pod].owner {
            Owner::Workload(workload) => {
                self.pod_of_rollout_ready(workload, now);
                self.unsettle(workload);
            }
            Owner::Head(cluster) | Owner::Worker(cluster, _) => self.tell_ray_jobs(cluster, now),
            Owner::Submitter(_) => {}
        }
    }

    /// `pod` is gone, and its room is free again.
    pub(in crate::sim) fn pod_gone(&mut self, pod: usize, now: Instant) {
        // Its cluster or workload looks for it among its own.
        self.steps += POD_STEPS + self.alive as u64 / 8;
        self.release(pod);
        self.retry_resizes(pod, now);
        match self.pods[pod].owner {
            Owner::Workload(workload) => {
                take_out(&mut self.workloads[workload].pods, |it| *it == pod);
                self.go_on_rolling(workload, now);
                self.unsettle(workload);
            }
            Owner::Submitter(_) => {}
            Owner::Head(cluster) | Owner::Worker(cluster, _) => {
                let state = &mut self.clusters[cluster];
                take_out(&mut state.pods, |it| *it == pod);
                // It may have been a node of an earlier head as well.
                state.nodes.retain(|it| it.pod != pod);
                take_out(&mut state.resources, |it| it.pod.0 as usize == pod);
                self.undraw(cluster);
                // It may have been the last one that was not ready.
                self.tell_ray_jobs(cluster, now);
                // The operator watches its pods.
                let acts = now + self.clusters[cluster].model.operator_lag;
                self.call_operator(cluster, acts);
            }
        }
        self.queue.schedule(now);
    }
}

/// Takes out the one that is meant; the others keep their order.
fn take_out<T>(list: &mut Vec<T>, is_meant: impl Fn(&T) -> bool) {
    if let Some(index) = list.iter().position(is_meant) {
        list.remove(index);
    }
}
