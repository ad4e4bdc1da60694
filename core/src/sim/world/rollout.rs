//! A Deployment and its ReplicaSets at work, while a rollout is under way and while none is.
//!
//! DIFFERENCE(rolling-updates): its controller and those of its ReplicaSets act at once, one after
//! the other; a rollout is never paused, undone or given up. A StatefulSet's pods start and go like
//! a Deployment's, and are never replaced.

use super::World;
use super::workload::WorkloadState;
use crate::deployment::{self, ReplicaSet, Spec};
use crate::sim::event::Event;
use crate::sim::model::Workload;
use crate::time::{Duration, Instant};

/// A ReplicaSet at the present instant.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct SetState {
    /// Its number, by which its pods know it.
    pub(super) number: u32,
    /// The number of its pods' image.
    pub(super) image: u32,
    set: ReplicaSet,
}

impl SetState {
    /// The one that has been there for long.
    pub(super) fn first(workload: &Workload) -> Self {
        let set = spec(workload, workload.replicas).first_set(workload.replicas);
        Self { number: 0, image: 0, set }
    }
}

/// `workload` as its controller sees it.
fn spec(workload: &Workload, replicas: i32) -> Spec {
    Spec { replicas, strategy: workload.strategy }
}

impl WorkloadState {
    fn is_rolling(&self) -> bool {
        self.sets.len() > 1
    }
}

impl World<'_> {
    /// The template of `workload` changes.
    pub(super) fn roll_out(&mut self, workload: usize, new_image: bool, now: Instant) {
        let state = &mut self.workloads[workload];
        let others: Vec<ReplicaSet> = state.sets.iter().map(|it| it.set).collect();
        let set = spec(&self.model.workloads[workload], state.replicas).new_set(&others);
        let last = state.sets.last().map_or((0, 0), |it| (it.number, it.image));
        let image = last.1 + u32::from(new_image);
        state.sets.push(SetState { number: last.0 + 1, image, set });
        self.deploy(workload, now);
    }

    /// A pod of `workload` turned ready; if that matters, its controller looks once it is
    /// available.
    pub(in crate::sim) fn pod_of_rollout_ready(&mut self, workload: usize, now: Instant) {
        match self.model.workloads[workload].min_ready {
            Duration::ZERO => self.go_on_rolling(workload, now),
            wait if self.workloads[workload].is_rolling() => {
                self.queue.add(now + wait, Event::DeploymentLooks { workload });
            }
            _ => {}
        }
    }

    /// Something about the pods of `workload` changed, which matters if it is being rolled out.
    pub(in crate::sim) fn go_on_rolling(&mut self, workload: usize, now: Instant) {
        if self.workloads[workload].is_rolling() {
            self.deploy(workload, now);
        }
    }

    /// The controller of `workload` passes, and those of its ReplicaSets, until nothing is left to
    /// do.
    pub(super) fn deploy(&mut self, workload: usize, now: Instant) {
        loop {
            self.count_sets(workload, now);
            let state = &mut self.workloads[workload];
            let spec = spec(&self.model.workloads[workload], state.replicas);
            let mut sets: Vec<ReplicaSet> = state.sets.iter().map(|it| it.set).collect();
            let is_changed = deployment::sync(&spec, &mut sets);
            for (kept, set) in state.sets.iter_mut().zip(sets) {
                kept.set = set;
            }
            for set in 0..self.workloads[workload].sets.len() {
                self.replicate(workload, set, now);
            }
            if !is_changed {
                break;
            }
        }
        // What is over needs no number any more; the newest stays.
        let sets = &mut self.workloads[workload].sets;
        let last = sets.len().saturating_sub(1);
        let mut index = 0;
        sets.retain(|it| {
            index += 1;
            index > last || it.set.replicas > 0 || it.set.pods > 0
        });
        self.unsettle(workload);
    }

    /// Counts the pods of each ReplicaSet of `workload`.
    fn count_sets(&mut self, workload: usize, now: Instant) {
        let min_ready = self.model.workloads[workload].min_ready;
        let state = &mut self.workloads[workload];
        self.steps += (state.pods.len() * state.sets.len()) as u64;
        for SetState { number, set, .. } in &mut state.sets {
            let own = || state.pods.iter().map(|it| &self.pods[*it]).filter(|it| it.set == *number);
            let is_available = |it: &&super::Pod| {
                it.deleting.is_none() && it.ready.is_some_and(|ready| ready + min_ready <= now)
            };
            set.pods = own().count() as i32;
            set.available = own().filter(is_available).count() as i32;
        }
    }

    /// Brings a ReplicaSet of `workload` to its size.
    fn replicate(&mut self, workload: usize, set: usize, now: Instant) {
        let state = &self.workloads[workload];
        let SetState { number, set, .. } = state.sets[set];
        let is_active = |pod: &usize| self.pods[*pod].deleting.is_none();
        let all: Vec<usize> = state.pods.iter().copied().filter(is_active).collect();
        let own = all.iter().copied().filter(|pod| self.pods[*pod].set == number);
        let active: Vec<usize> = own.collect();
        let wanted = usize::try_from(set.replicas).unwrap_or(0);
        if active.len() > wanted {
            let surplus = active.len() - wanted;
            for pod in self.victims(&active, &all, now).into_iter().take(surplus) {
                self.delete_pod(pod, now);
            }
        }
        for _ in active.len()..wanted {
            if self.create_workload_pod(workload, number, now).is_none() {
                break;
            }
        }
    }
}
