//! Copies out of the world what a [`Scene`] shows.

use super::cluster::{ClusterState, RayNodeState};
use super::ray_work::Unit;
use super::{Pod, World};
use crate::ray::RayNodeStatus;
use crate::sim::scene::{
    Held, Origin, Scene, SceneCluster, ScenePod, SceneRayNode, SceneWork, Stage,
};
use crate::time::Instant;

impl World<'_> {
    /// What is at `now`.
    pub(in crate::sim) fn scene(&self, now: Instant) -> Scene {
        let there = self.pods.iter().enumerate().filter(|(_, pod)| !pod.gone);
        let pods = there.map(|(number, pod)| ScenePod {
            number: number as u32,
            name: pod.name.clone(),
            owner: pod.owner,
            node: pod.node,
            stage: stage(pod),
        });
        Scene {
            at: now,
            pods: pods.collect(),
            clusters: self.clusters.iter().map(|it| cluster(it, now)).collect(),
        }
    }
}

fn stage(pod: &Pod) -> Stage {
    if pod.deleting.is_some() {
        Stage::Leaving
    } else if pod.node.is_none() {
        Stage::Waiting
    } else if pod.started.is_none() {
        Stage::Starting
    } else if pod.ready.is_none() {
        Stage::Running
    } else {
        Stage::Ready
    }
}

fn cluster(state: &ClusterState<'_>, now: Instant) -> SceneCluster {
    let waiting = state.waiting.iter().map(|it| SceneWork {
        origin: origin(&it.unit),
        count: it.count,
        requests: it.unit.requests.clone(),
    });
    SceneCluster {
        nodes: state.nodes.iter().map(|it| ray_node(state, it, now)).collect(),
        waiting: waiting.collect(),
        instances: state.autoscaler.instances().to_vec(),
    }
}

fn ray_node(state: &ClusterState<'_>, node: &RayNodeState, now: Instant) -> SceneRayNode {
    let seen = node.seen(now);
    let idle_since = node.idle_since(now);
    SceneRayNode {
        pod: node.pod as u32,
        group: node.group.to_string(),
        runs: node.status != RayNodeStatus::Dead,
        total: seen.total.clone(),
        free: seen.available.clone(),
        idle: idle_since.map(|it| now.since(it)),
        proxy_until: node.drains_until(now),
        holds: holds(state, node),
    }
}

fn origin(unit: &Unit) -> Origin {
    unit.service.map_or(Origin::Work(unit.work), Origin::Service)
}

/// What is on `node`, equal ones counted; a bundle of a placement group is one.
fn holds(state: &ClusterState<'_>, node: &RayNodeState) -> Vec<Held> {
    let mut holds: Vec<Held> = Vec::new();
    for number in &node.units {
        for (unit, request) in state.units[*number].on(node.pod) {
            let origin = origin(unit);
            let same = |it: &&mut Held| it.origin == origin && it.resources == request.resources;
            match holds.iter_mut().find(same) {
                Some(known) => known.count = known.count.saturating_add(1),
                None => holds.push(Held { origin, count: 1, resources: request.resources.clone() }),
            }
        }
    }
    holds
}
