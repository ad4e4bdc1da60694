//! A Deployment at work: how requests spread over its pods, and which pods go first.
//!
//! A pod's room is the smaller of what its CPU and what its concurrency allow.
//!
//! DIFFERENCE(no-queue): requests spread evenly over ready pods, and what one has no room for is
//! lost, unless the Scenario reads the workload's queue; a service slows down for nobody.
//!
//! What a Deployment does while its pods are replaced is [`rollout`](super::rollout).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::backlog::{Backlog, Begun};
use super::rollout::SetState;
use super::{Owner, Pod, World};
use crate::deployment::Edit;
use crate::nodes::Node;
use crate::order;
use crate::sim::event::Event;
use crate::sim::model::{PodTemplate, RequestCost, Workload};
use crate::time::{Duration, Instant};
use crate::workload::Rate;

/// A workload at the present instant.
#[derive(Clone, Debug)]
pub(in crate::sim) struct WorkloadState {
    /// `spec.replicas`.
    pub(in crate::sim) replicas: i32,
    /// Its pods that are not gone, in the order of creation.
    pub(in crate::sim) pods: Vec<usize>,
    /// Requests that arrive.
    pub(in crate::sim) rate: Rate,
    /// What came, and what nobody served.
    pub(in crate::sim) backlog: Backlog,
    /// What was begun lately.
    pub(in crate::sim) begun: Begun,
    /// Its ReplicaSets, the oldest first; only the last one, unless a rollout is under way.
    pub(super) sets: Vec<SetState>,
    /// How many pods it has had.
    named: usize,
}

impl WorkloadState {
    pub(super) fn new(workload: &Workload) -> Self {
        Self {
            replicas: workload.replicas,
            pods: Vec::new(),
            rate: workload.load.rate_at(Instant::ZERO),
            backlog: Backlog::default(),
            begun: Begun::default(),
            sets: vec![SetState::first(workload)],
            named: 0,
        }
    }

    /// From now on `served` of what arrives are begun in a second, in millionths.
    pub(in crate::sim) fn flows(&mut self, served: i64, service_time: Duration) {
        self.backlog.flow(self.rate.micro(), served);
        self.begun.note(&self.backlog, service_time);
    }
}

/// What one pod can serve, in millionths of a request per second.
///
/// `cpu = (limit - idle) / cpu_per_request`, `concurrency / service_time`; the smaller.
fn room_micro(request: RequestCost, pod: &PodTemplate, node_cpu_nano: i64) -> i64 {
    let limit = pod.cpu_limit_nano.unwrap_or(node_cpu_nano);
    let spare = i128::from((limit - pod.idle_cpu_nano).max(0));
    let by_cpu = match request.cpu_nanoseconds {
        cost if cost <= 0 => i128::from(Rate::MAX.micro()),
        cost => spare * 1_000_000 / i128::from(cost),
    };
    let milliseconds = i128::from(request.service_time.ms().max(1));
    let by_concurrency = i128::from(request.concurrency) * 1_000_000_000 / milliseconds;
    by_cpu.min(by_concurrency).clamp(0, i128::from(Rate::MAX.micro())) as i64
}

/// What `pod` can serve at present, in millionths of a request per second.
fn room(model: &Workload, pod: &Pod, nodes: &[Node]) -> i64 {
    if !(pod.serves && pod.is_ready()) {
        return 0;
    }
    room_micro(model.request, &model.pod, node_cpu(pod, nodes))
}

/// CPU of the node that `pod` is on.
fn node_cpu(pod: &Pod, nodes: &[Node]) -> i64 {
    pod.node.map_or(0, |node| nodes[node].allocatable.cpu_nano)
}

/// CPU that starting takes in `pod` at present: what the `used` CPU of all else leaves of its limit,
/// or of its node.
fn start_cpu(template: &PodTemplate, pod: &Pod, nodes: &[Node], used: i64) -> i64 {
    if !pod.starting {
        return 0;
    }
    let limit = template.cpu_limit_nano.unwrap_or_else(|| node_cpu(pod, nodes));
    template.start.cpu_nano.min((limit - used).max(0))
}

impl World<'_> {
    /// Spreads the present load over the pods of `workload`, once everything of an instant that is
    /// about them has happened.
    pub(super) fn settle(&mut self, workload: usize, now: Instant) {
        self.count_requests(workload, now);
        self.steps += self.workloads[workload].pods.len() as u64;
        let (ready, served) = self.spread(workload, now);
        let state = &mut self.workloads[workload];
        let rate = state.rate.micro();
        state.flows(served, self.model.workloads[workload].request.service_time);
        let track = &mut self.timeline.workloads[workload];
        track.load.set(now, rate as f64 / 1e6);
        track.served.set(now, served as f64 / 1e6);
        track.ready.set(now, ready as f64);
        track.desired.set(now, f64::from(state.replicas));
        if self.model.workloads[workload].has_queue {
            track.waiting.set(now, state.backlog.unserved as f64 / 1e9);
            if let Some(wait) = state.backlog.empties_in() {
                self.queue.add(now + wait, Event::QueueEmpties { workload });
            }
        }
        self.follow_workload(workload, now);
    }

    /// Sets what each running pod uses from `now` on; gives the ready pods and what they serve, in
    /// millionths of a request per second.
    pub(in crate::sim) fn spread(&mut self, workload: usize, now: Instant) -> (i64, i64) {
        let model = &self.model.workloads[workload];
        let state = &self.workloads[workload];
        let ready = state.pods.iter().filter(|pod| self.pods[**pod].is_ready()).count() as i64;
        let rate = state.rate.micro();
        let nodes = &self.nodes;
        // Workers take from a queue what they have room for, all the same part of it.
        let queued = state.pods.iter().filter(|_| model.has_queue);
        let rooms: i128 = queued.map(|it| i128::from(room(model, &self.pods[*it], nodes))).sum();
        let taken = if state.backlog.unserved > 0 { rooms } else { rooms.min(rate.into()) };
        // A rate that does not divide evenly leaves a few millionths to the first pods.
        let (share, mut rest) = (rate / ready.max(1), rate % ready.max(1));
        let mut served = 0;
        for pod in &state.pods {
            let pod = &mut self.pods[*pod];
            if pod.started.is_none() {
                continue;
            }
            let room = room(model, pod, nodes);
            let mut serves = 0;
            if model.has_queue {
                serves = (i128::from(room) * taken / rooms.max(1)) as i64;
            } else if pod.is_ready() {
                serves = room.min(share + i64::from(rest > 0));
                rest -= 1;
            }
            served += serves;
            let (cpu, memory) = usage(model, serves);
            let start = start_cpu(&model.pod, pod, nodes, cpu);
            pod.usage.set(now, cpu + start, memory);
        }
        (ready, served)
    }

    /// Adds up what came since the last time.
    pub(in crate::sim) fn count_requests(&mut self, workload: usize, now: Instant) {
        let state = &mut self.workloads[workload];
        state.backlog.advance(now);
        let track = &mut self.timeline.workloads[workload];
        (track.arrived_nano, track.unserved_nano) = (state.backlog.arrived, state.backlog.unserved);
    }

    /// The pods that the selector of `workload` matches and that are not gone, whoever owns them.
    pub(in crate::sim) fn selected(&self, workload: usize) -> impl Iterator<Item = usize> {
        let selects = self.model.workloads[workload].selects.iter();
        selects.flat_map(|it| self.workloads[*it].pods.iter().copied())
    }

    /// Someone edits `workload`. An HPA finds that out when it looks, not before.
    pub(in crate::sim) fn workload_edited(&mut self, workload: usize, edit: usize, now: Instant) {
        let edits = &self.model.workloads[workload].edits;
        match edits[edit].1 {
            Edit::Scale(replicas) => self.scale_workload(workload, replicas, now),
            Edit::Rollout { new_image } => self.roll_out(workload, new_image, now),
        }
        if let Some((at, _)) = edits.get(edit + 1) {
            self.queue.add(*at, Event::WorkloadEdited { workload, edit: edit + 1 });
        }
    }

    /// Brings `workload` to `replicas` pods.
    pub(in crate::sim) fn scale_workload(&mut self, workload: usize, replicas: i32, now: Instant) {
        self.workloads[workload].replicas = replicas;
        self.deploy(workload, now);
    }

    /// One more pod of `workload`, of its ReplicaSet with the number `set`.
    pub(in crate::sim) fn create_workload_pod(
        &mut self,
        workload: usize,
        set: u32,
        now: Instant,
    ) -> Option<usize> {
        let name =
            format!("{}-{}", self.model.workloads[workload].name, self.workloads[workload].named);
        let pod = self.create_pod(Owner::Workload(workload), name, now)?;
        let state = &mut self.workloads[workload];
        state.named += 1;
        state.pods.push(pod);
        if let Some(set) = state.sets.iter().find(|it| it.number == set) {
            (self.pods[pod].set, self.pods[pod].image) = (set.number, set.image);
        }
        Some(pod)
    }

    /// `pods` in the order in which a ReplicaSet deletes them: without a node, pending, not ready,
    /// on a node with more of their kind, which are `all`, ready for a shorter time, younger.
    ///
    /// DIFFERENCE(victims): times count in powers of two of nanoseconds, and equal pods go by UID,
    /// which is random upstream; here the younger number goes first.
    ///
    /// Upstream: kubernetes 1.37 pkg/controller/controller_utils.go `ActivePodsWithRanks.Less`.
    pub(super) fn victims(&self, pods: &[usize], all: &[usize], now: Instant) -> Vec<usize> {
        let mut crowd: BTreeMap<Option<usize>, usize> = BTreeMap::new();
        for pod in all {
            *crowd.entry(self.pods[*pod].node).or_insert(0) += 1;
        }
        let log_age = |since: Instant| {
            let nanoseconds = i128::from(now.since(since).ms()) * 1_000_000;
            nanoseconds.checked_ilog2().unwrap_or(0)
        };
        let mut ranked: Vec<_> = pods
            .iter()
            .map(|&pod| {
                let it = &self.pods[pod];
                let settled = (it.node.is_some(), it.started.is_some(), it.ready.is_some());
                let crowded = Reverse(if it.node.is_some() { crowd[&it.node] } else { 0 });
                let ages = (it.ready.map_or(0, log_age), log_age(it.created));
                (settled, crowded, ages, Reverse(pod))
            })
            .collect();
        order::sort(&mut ranked);
        ranked.into_iter().map(|(_, _, _, Reverse(pod))| pod).collect()
    }
}

/// CPU and memory of a pod that serves `micro` millionths of a request per second.
fn usage(model: &Workload, micro: i64) -> (i64, i64) {
    let RequestCost { cpu_nanoseconds, service_time, memory_bytes, .. } = model.request;
    let cpu = i128::from(micro) * i128::from(cpu_nanoseconds) / 1_000_000;
    let memory = i128::from(micro) * i128::from(service_time.ms()) * i128::from(memory_bytes)
        / 1_000_000_000;
    let add = |idle: i64, more: i128| idle.saturating_add(more.min(i128::from(i64::MAX)) as i64);
    (add(model.pod.idle_cpu_nano, cpu), add(model.pod.idle_memory_bytes, memory))
}
