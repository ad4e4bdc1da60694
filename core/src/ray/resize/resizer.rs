//! What is asked of the API server and of raylets during one look.
//!
//! The pods are read again whenever the provider is used, so that what was asked for in the look
//! shows, though no kubelet acts during it.
//!
//! Upstream: ray 2.60.0
//! autoscaler/v2/instance_manager/cloud_providers/kuberay/ippr_provider.py
//! `sync_ippr_status_from_pods`, `sync_with_raylets`, `do_ippr_requests`.

use std::collections::BTreeMap;

use super::amount::Amount;
use super::pod::{CPU, MEMORY, Notes, PodResources, Requirements, gap, status};
use super::status::{ResizeStatus, seconds};
use crate::ray::config::AutoscalingConfig;
use crate::ray::observation::{Observation, PodId, RayNode, RayNodeId, RayNodeStatus};
use crate::ray::trace::{Cause, Stuck, Trace};
use crate::time::Instant;

/// Cores and bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// Cores.
    pub cpu: f64,
    /// Bytes.
    pub memory: i64,
}

/// One call, in the order in which they are made.
#[derive(Clone, Debug, PartialEq)]
pub enum ResizeCall {
    /// The raylet is to have this in all.
    Raylet {
        /// Which one.
        ray_node: RayNodeId,
        /// What it is to have.
        to: Sizes,
    },
    /// The pod is to be resized.
    Pod {
        /// Which one.
        pod: PodId,
        /// Its limits, of what has one.
        limits: (Option<f64>, Option<i64>),
        /// Its requests.
        requests: Sizes,
    },
    /// The pod's annotation is to be this.
    Notes {
        /// Which pod.
        pod: PodId,
        /// The annotation.
        notes: Notes,
    },
}

/// The pods during one look, as patched so far.
#[derive(Debug, Default)]
pub(in crate::ray) struct Resizer<'a> {
    ray_nodes: &'a [RayNode<'a>],
    /// Every pod that is not being deleted and whose group may be resized.
    pods: Vec<(PodResources, ResizeStatus)>,
    now: Instant,
    /// What was asked, in order.
    pub(in crate::ray) calls: Vec<ResizeCall>,
}

impl<'a> Resizer<'a> {
    /// The pods at the start of a look.
    pub(in crate::ray) fn new(
        config: &AutoscalingConfig,
        seen: &'a Observation<'a>,
        now: Instant,
        trace: &mut Trace,
    ) -> Result<Self, Stuck> {
        let mut resizer = Self { ray_nodes: seen.ray_nodes, now, ..Self::default() };
        if config.node_types.iter().all(|it| it.resize.is_none()) {
            return Ok(resizer);
        }
        let resources: BTreeMap<PodId, &PodResources> =
            seen.resources.iter().map(|it| (it.pod, it)).collect();
        for pod in seen.pods.iter().filter(|it| !it.deleting) {
            let node_type = config.type_index(&pod.group).map(|at| &config.node_types[at]);
            let Some(limits) = node_type.and_then(|it| it.resize) else { continue };
            let Some(&resources) = resources.get(&pod.id) else { continue };
            resizer.pods.push((resources.clone(), status(resources, limits, now, trace)?));
        }
        resizer.tell_raylets(trace);
        Ok(resizer)
    }

    /// Where the resizes stand.
    pub(in crate::ray) fn statuses(&self) -> impl Iterator<Item = &ResizeStatus> {
        self.pods.iter().map(|(_, status)| status)
    }

    /// Reads the pods again.
    pub(in crate::ray) fn read_again(&mut self, trace: &mut Trace) {
        // What is found was said at the start of the look, and no pod lost its sizes meanwhile.
        let mut said = Trace::default();
        for (resources, old) in &mut self.pods {
            if let Ok(new) = status(resources, old.limits, self.now, &mut said) {
                *old = new;
            }
        }
        self.tell_raylets(trace);
    }

    /// Raylets are told of the resizes that Kubernetes is done with.
    fn tell_raylets(&mut self, trace: &mut Trace) {
        for at in 0..self.pods.len() {
            let status = &self.pods[at].1;
            let to = Sizes { cpu: status.current_cpu, memory: status.current_memory };
            let (pod, mut notes) = (status.pod, status.notes.clone());
            let told = notes.ray_node.filter(|_| status.is_to_tell());
            if told.and_then(|it| self.raylet(it, to)).is_some() {
                notes.resizing_at_s = None;
                self.note(at, notes);
                trace.push(Cause::Resized { pod, to });
            }
        }
    }

    /// Asks a raylet to have `to`; what it then has, or nothing if it does not answer.
    ///
    /// Upstream: ray 2.60.0 src/ray/raylet/node_manager.cc `HandleResizeLocalResourceInstances`:
    /// what is in use can't be taken away.
    fn raylet(&mut self, ray_node: RayNodeId, to: Sizes) -> Option<Sizes> {
        let found = self.ray_nodes.iter().find(|it| it.id == ray_node);
        let node = found.filter(|it| it.status != RayNodeStatus::Dead)?;
        self.calls.push(ResizeCall::Raylet { ray_node, to });
        let used = |name: &str| {
            node.total.get(name).unwrap_or(0.0) - node.available.get(name).unwrap_or(0.0)
        };
        let memory = (to.memory as f64).max(used("memory")) as i64;
        Some(Sizes { cpu: to.cpu.max(used("CPU")), memory })
    }

    fn note(&mut self, at: usize, notes: Notes) {
        let resources = &mut self.pods[at].0;
        resources.notes = notes.clone();
        self.calls.push(ResizeCall::Notes { pod: resources.pod, notes });
    }

    /// Asks for `resizes`. Where a size shrinks the raylet gives first, so that Ray never counts
    /// with what the pod lost.
    pub(in crate::ray) fn ask(&mut self, resizes: Vec<ResizeStatus>, trace: &mut Trace) {
        for mut resize in resizes {
            let Some(at) = self.pods.iter().position(|(it, _)| it.pod == resize.pod) else {
                continue;
            };
            let shrinks_cpu = resize.desired_cpu < resize.current_cpu;
            let shrinks_memory = resize.desired_memory < resize.current_memory;
            if let Some(ray_node) = resize.notes.ray_node
                && (shrinks_cpu || shrinks_memory)
            {
                let to = Sizes {
                    cpu: resize.desired_cpu.min(resize.current_cpu),
                    memory: resize.desired_memory.min(resize.current_memory),
                };
                let Some(left) = self.raylet(ray_node, to) else { continue };
                if shrinks_cpu {
                    resize.desired_cpu = left.cpu;
                }
                if shrinks_memory {
                    resize.desired_memory = left.memory;
                }
            }
            self.patch(at, &resize, trace);
        }
    }

    /// Upstream: `_make_ippr_patch`. The gap between limit and request stays.
    fn patch(&mut self, at: usize, resize: &ResizeStatus, trace: &mut Trace) {
        let resources = &mut self.pods[at].0;
        let (actual_requests, actual_limits) = resources.in_use();
        let gap = |of| gap(&actual_requests, &actual_limits, of).unwrap_or_default();
        let to = Sizes { cpu: resize.desired_cpu, memory: resize.desired_memory };
        let limits = (actual_limits.cpu.map(|_| to.cpu), actual_limits.memory.map(|_| to.memory));
        let mut requests = to;
        if limits.0.is_some() {
            requests.cpu = Amount::from_float(to.cpu).minus(gap(CPU)).to_float();
        }
        if limits.1.is_some() {
            requests.memory = Amount::from_whole(to.memory).minus(gap(MEMORY)).to_whole();
        }
        resources.requests = Requirements {
            cpu: Some(Amount::from_float(requests.cpu)),
            memory: Some(Amount::from_whole(requests.memory)),
        };
        if let Some(cpu) = limits.0 {
            resources.limits.cpu = Some(Amount::from_float(cpu));
        }
        if let Some(memory) = limits.1 {
            resources.limits.memory = Some(Amount::from_whole(memory));
        }
        let pod = resize.pod;
        self.calls.push(ResizeCall::Pod { pod, limits, requests });
        let from = Sizes { cpu: resize.current_cpu, memory: resize.current_memory };
        trace.push(Cause::ResizeAsked { pod, from, to });
        let resizing_at_s = Some(seconds(self.now));
        self.note(at, Notes { resizing_at_s, ..resize.notes.clone() });
    }
}
