//! Pods that are resized in place: the API server, the kubelet and the raylet.
//!
//! A kubelet grants a resize as soon as its node has room for all of it. If not, it says what is
//! short, and tries again when a pod of the node is gone. It never fails at what it granted.
//!
//! DIFFERENCE(resize-room): kube-scheduler counts with a resize from the moment it is asked for;
//! here it does once it is granted.
//!
//! Upstream: kubernetes 1.37 pkg/kubelet/allocation/allocation_manager.go,
//! pkg/kubelet/lifecycle/predicate.go `InsufficientResourceError`.

use super::{Owner, World};
use crate::nodes;
use crate::ray::PodId;
use crate::ray::resize::{Amount, Condition, Notes, PodResources, Requirements, ResizeCall};
use crate::sim::event::Event;
use crate::sim::model::ContainerSizes;
use crate::time::Instant;

/// A new pod: the kubelet reports what its spec says.
pub(super) fn pod_resources(pod: usize, sizes: ContainerSizes) -> PodResources {
    PodResources {
        pod: PodId(pod as u32),
        requests: sizes.requests,
        limits: sizes.limits,
        actual_requests: Some(sizes.requests),
        actual_limits: Some(sizes.limits),
        other_requests: vec![sizes.others],
        condition: None,
        notes: Notes::default(),
    }
}

impl World<'_> {
    /// Does what the autoscaler asks for.
    pub(in crate::sim) fn resize(&mut self, cluster: usize, call: &ResizeCall, now: Instant) {
        let state = &mut self.clusters[cluster];
        let entry = |list: &[PodResources], pod: PodId| list.iter().position(|it| it.pod == pod);
        match call {
            ResizeCall::Raylet { ray_node, to } => {
                let Some(node) = state.nodes.iter().position(|it| it.id == *ray_node) else {
                    return;
                };
                state.nodes[node].resize(*to);
                self.place_work_on(cluster, node..node + 1, now);
            }
            ResizeCall::Pod { pod, limits, requests } => {
                let Some(at) = entry(&state.resources, *pod) else { return };
                let it = &mut state.resources[at];
                it.requests.cpu = Some(Amount::from_float(requests.cpu));
                it.requests.memory = Some(Amount::from_whole(requests.memory));
                it.limits.cpu = limits.0.map(Amount::from_float).or(it.limits.cpu);
                it.limits.memory = limits.1.map(Amount::from_whole).or(it.limits.memory);
                let answers = now + self.model.clusters[cluster].resize_lag;
                self.queue.add(answers, Event::PodResizes { pod: pod.0 as usize });
            }
            ResizeCall::Notes { pod, notes } => {
                if let Some(at) = entry(&state.resources, *pod) {
                    state.resources[at].notes.clone_from(notes);
                }
            }
        }
    }

    /// The kubelet looks whether its node has room for what the spec of `pod` asks for.
    pub(in crate::sim) fn pod_resizes(&mut self, pod: usize) {
        let it = &self.pods[pod];
        let (Some(node), None, false) = (it.node, it.deleting, it.gone) else { return };
        let (Owner::Head(cluster) | Owner::Worker(cluster, _)) = it.owner else { return };
        let resources = &self.clusters[cluster].resources;
        let Some(at) = resources.iter().position(|it| it.pod.0 as usize == pod) else { return };
        let more = more(&resources[at]);
        let condition = self.short_for(pod, node, &more);
        let resources = &mut self.clusters[cluster].resources[at];
        if condition.is_none() {
            resources.actual_requests = Some(resources.requests);
            resources.actual_limits = Some(resources.limits);
            self.nodes[node].grow(&more, 1);
            let grown = &mut self.pods[pod].grown;
            grown.cpu_nano = grown.cpu_nano.saturating_add(more.cpu_nano);
            grown.memory_bytes = grown.memory_bytes.saturating_add(more.memory_bytes);
        }
        resources.condition = condition;
    }

    /// The kubelet's answer if the node lacks room for `more`.
    fn short_for(&self, pod: usize, node: usize, more: &nodes::PodResources) -> Option<Condition> {
        let (node, it) = (&self.nodes[node], &self.pods[pod]);
        let own = &self.template(it.owner).requests;
        let milli = |nano: i64| nano / 1_000_000;
        let rows = [
            (
                "cpu",
                milli(own.cpu_nano.saturating_add(it.grown.cpu_nano)),
                milli(more.cpu_nano),
                milli(node.requested.cpu_nano),
                milli(node.allocatable.cpu_nano),
            ),
            (
                "memory",
                own.memory_bytes.saturating_add(it.grown.memory_bytes),
                more.memory_bytes,
                node.requested.memory_bytes,
                node.allocatable.memory_bytes,
            ),
        ];
        rows.into_iter().find_map(|(name, own, more, requested, capacity)| {
            let (wanted, used) = (own.saturating_add(more), requested.saturating_sub(own));
            (more > 0 && wanted > capacity.saturating_sub(used)).then(|| Condition::Pending {
                reason: "Deferred".to_owned(),
                message: Some(format!(
                    "Node didn't have enough resource: {name}, requested: {wanted}, \
                     used: {used}, capacity: {capacity}"
                )),
            })
        })
    }

    /// `gone` is no more on its node: resizes that wait for room there are tried again.
    pub(in crate::sim) fn retry_resizes(&mut self, gone: usize, now: Instant) {
        let Some(node) = self.pods[gone].node else { return };
        let waits = |it: &&PodResources| matches!(it.condition, Some(Condition::Pending { .. }));
        let waiting = self.clusters.iter().flat_map(|it| it.resources.iter().filter(waits));
        let pods: Vec<usize> = waiting.map(|it| it.pod.0 as usize).collect();
        for pod in pods {
            if self.pods[pod].node == Some(node) {
                self.queue.add(now, Event::PodResizes { pod });
            }
        }
    }
}

/// What the spec asks for beyond what the kubelet gave.
fn more(it: &PodResources) -> nodes::PodResources {
    let has = it.actual_requests.unwrap_or_default();
    let amount = |of: fn(&Requirements) -> Option<Amount>, read: fn(Amount) -> i64| {
        let read = |it: &Requirements| of(it).map_or(0, read);
        read(&it.requests).saturating_sub(read(&has))
    };
    nodes::PodResources {
        cpu_nano: amount(|it| it.cpu, Amount::to_nano),
        memory_bytes: amount(|it| it.memory, Amount::to_whole),
        ..nodes::PodResources::default()
    }
}
