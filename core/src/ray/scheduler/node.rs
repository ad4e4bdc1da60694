//! A node as the scheduler sees it: what is free on it, and what was placed there.
//!
//! A node on which Ray runs has what the GCS reports. Any other instance counts as an empty node of
//! its type, even one that was just asked to drain. Each node keeps two ledgers: waiting demand
//! starts from what is free, `request_resources` from the total; neither takes from the other.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `SchedulingNode`.

use std::borrow::Cow;
use std::sync::Arc;

use super::InstanceSeen;
use crate::ray::config::{AutoscalingConfig, NodeType};
use crate::ray::demand::ResourceRequest;
use crate::ray::instance_manager::InstanceStatus;
use crate::ray::observation::{NodeKind, PodId};
use crate::ray::resize::ResizeStatus;
use crate::ray::resources::{Labels, Name, Resources};
use crate::ray::trace::StopCause;

/// What is to become of a node.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Plan {
    /// Does not exist yet.
    Launch,
    /// Stays as it is.
    Keep,
    /// Is to go, but takes demand for the rest of the look.
    Stop(StopCause),
}

/// Which of the two ledgers.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Ledger {
    /// Tasks, actors and placement groups: starts from what is free.
    Demand,
    /// `request_resources`: starts from the total.
    Constraint,
}

#[derive(Clone)]
pub(super) struct Node<'a> {
    /// Position of its type; none if the type left the RayCluster.
    pub(super) type_index: Option<usize>,
    pub(super) type_name: &'a Name,
    pub(super) priority: i64,
    pub(super) plan: Plan,
    /// Position among the instances; none if it does not exist yet.
    pub(super) instance: Option<usize>,
    pub(super) status: Option<InstanceStatus>,
    pub(super) kind: Option<NodeKind>,
    pub(super) pod: Option<PodId>,
    pub(super) idle_ms: i64,
    pub(super) total: Cow<'a, Resources>,
    /// Where the resize of its pod stands, if its group may be resized.
    pub(super) resize: Option<Arc<ResizeStatus>>,
    available: [Cow<'a, Resources>; 2],
    /// One of each set of equal requests, in the order in which they were placed.
    placed: [Vec<&'a ResourceRequest>; 2],
    labels: &'a Labels,
    dynamic_labels: &'a Labels,
    pub(super) added_labels: Labels,
}

impl<'a> Node<'a> {
    /// The node that an instance stands for; none where upstream leaves it out.
    pub(super) fn of_instance(
        config: &'a AutoscalingConfig,
        position: usize,
        seen: &InstanceSeen<'a>,
    ) -> Option<Self> {
        if !seen.status.may_run_ray() {
            return None;
        }
        let node_type = config.type_index(seen.node_type);
        let mut node = if seen.status == InstanceStatus::RayRunning {
            let ray_node = seen.ray_node?;
            let mut node = Self::with(seen.node_type, ray_node.total, ray_node.labels);
            node.available[0] = Cow::Borrowed(ray_node.available);
            node.dynamic_labels = ray_node.dynamic_labels;
            node.idle_ms = ray_node.idle_ms;
            node
        } else {
            let node_type = &config.node_types[node_type?];
            Self::with(&node_type.name, &node_type.resources, &node_type.labels)
        };
        node.type_index = node_type;
        node.priority = node_type.map_or(0, |index| config.node_types[index].priority);
        node.instance = Some(position);
        node.status = Some(seen.status);
        node.kind = seen.kind;
        node.pod = seen.pod;
        Some(node)
    }

    /// A new node of a type.
    pub(super) fn to_launch(index: usize, node_type: &'a NodeType) -> Self {
        let mut node = Self::with(&node_type.name, &node_type.resources, &node_type.labels);
        node.type_index = Some(index);
        node.priority = node_type.priority;
        node.plan = Plan::Launch;
        node.kind = Some(NodeKind::Worker);
        node
    }

    /// A new node of a type, planned as large as it may become.
    pub(super) fn to_grow(index: usize, node_type: &'a NodeType) -> Self {
        let mut node = Self::to_launch(index, node_type);
        if let Some(limits) = node_type.resize {
            let most = |name: &str, most: f64| most.max(node.total.get(name).unwrap_or(0.0));
            node.set_total(most("CPU", limits.max_cpu), most("memory", limits.max_memory as f64));
        }
        node
    }

    /// The node has this in all; what is free changes with it.
    ///
    /// Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `update_total_resources`.
    pub(super) fn set_total(&mut self, cpu: f64, memory: f64) {
        for (name, total) in [("CPU", cpu), ("memory", memory)] {
            let delta = total - self.total.get(name).unwrap_or(0.0);
            let is_there = |it: &Resources| it.get(name).is_some();
            let name = &Name::from(name);
            // What does not change what is there needs no copy.
            if delta != 0.0 || !is_there(&self.total) {
                self.total.to_mut().set(name, total);
            }
            for available in &mut self.available {
                let free = available.get(name).unwrap_or(0.0) + delta;
                if delta != 0.0 || !is_there(available) {
                    available.to_mut().set(name, free);
                }
            }
        }
    }

    fn with(type_name: &'a Name, total: &'a Resources, labels: &'a Labels) -> Self {
        Self {
            type_index: None,
            type_name,
            priority: 0,
            plan: Plan::Keep,
            instance: None,
            status: None,
            kind: None,
            pod: None,
            idle_ms: 0,
            total: Cow::Borrowed(total),
            resize: None,
            available: [Cow::Borrowed(total), Cow::Borrowed(total)],
            placed: [Vec::new(), Vec::new()],
            labels,
            dynamic_labels: Labels::NONE,
            added_labels: Labels::default(),
        }
    }

    pub(super) fn runs_ray(&self) -> bool {
        self.status == Some(InstanceStatus::RayRunning)
    }

    pub(super) fn is_head(&self) -> bool {
        self.kind == Some(NodeKind::Head)
    }

    pub(super) fn available(&self, ledger: Ledger) -> &Resources {
        &self.available[ledger as usize]
    }

    pub(super) fn placed(&self, ledger: Ledger) -> &[&'a ResourceRequest] {
        &self.placed[ledger as usize]
    }

    /// Takes over what a trial placed.
    pub(super) fn commit(
        &mut self,
        ledger: Ledger,
        mut available: Resources,
        added_labels: Labels,
        placed: impl Iterator<Item = &'a ResourceRequest>,
    ) {
        // The trial may have been a twin's, whose `node:<ip>` has another name.
        if self.runs_ray() {
            available.name_as_on(&self.available[ledger as usize]);
        }
        self.available[ledger as usize] = Cow::Owned(available);
        self.added_labels = added_labels;
        self.placed[ledger as usize].extend(placed);
    }

    /// The value of label `key`, where `added` are the labels that were added so far.
    pub(super) fn label<'n>(&'n self, added: &'n Labels, key: &str) -> Option<&'n Name> {
        added.get(key).or_else(|| self.dynamic_labels.get(key)).or_else(|| self.labels.get(key))
    }

    /// A number that twins share, and few others do.
    pub(super) fn fingerprint(&self, ledger: Ledger) -> u64 {
        let start = self.type_index.map_or(0, |index| index as u64 + 1);
        // A sum, because the order of names differs between some twins.
        self.available(ledger).iter().fold(start, |sum, (_, amount)| {
            sum.wrapping_add(amount.to_bits().wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23))
        })
    }

    /// Whether placing anything on either gives the same, so that only the first is tried.
    ///
    /// Where Ray runs, upstream tries every node; nodes that differ in nothing but the name of the
    /// resource `node:<ip>` give the same if no request names it.
    ///
    /// Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `NodeStateCache`.
    pub(super) fn is_twin_of(&self, other: &Self, ledger: Ledger, nodes_are_named: bool) -> bool {
        if self.type_index != other.type_index || self.runs_ray() != other.runs_ray() {
            return false;
        }
        if !self.runs_ray() {
            return self.kind == other.kind
                && self.total.same_amounts(&other.total)
                && self.available(ledger).same_amounts(other.available(ledger))
                && self.added_labels.same_labels(&other.added_labels);
        }
        self.type_name == other.type_name
            && self.total.same_on_any_node(&other.total, nodes_are_named)
            && self.available(ledger).same_on_any_node(other.available(ledger), nodes_are_named)
            && self.labels == other.labels
            && self.dynamic_labels == other.dynamic_labels
            && self.added_labels == other.added_labels
            && self.has_same_placed(other, ledger)
    }

    /// Whether the same was placed on both, so that the same on top gives the same score.
    pub(super) fn has_same_placed(&self, other: &Self, ledger: Ledger) -> bool {
        let (own, others) = (self.placed(ledger), other.placed(ledger));
        own.len() == others.len() && own.iter().zip(others).all(|(a, b)| std::ptr::eq(*a, *b))
    }

    /// Mean of `(total - available) / total`, over the resources that it has.
    pub(super) fn mean_utilization(&self) -> f64 {
        let available = self.available(Ledger::Demand);
        let (mut sum, mut count) = (0.0, 0_u32);
        for (name, total) in self.total.iter() {
            if total > 0.0 {
                sum += (total - available.get(name).unwrap_or(0.0)) / total;
                count += 1;
            }
        }
        if count == 0 { 0.0 } else { sum / f64::from(count) }
    }
}
