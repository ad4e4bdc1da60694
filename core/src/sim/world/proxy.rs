//! Serve's proxies: an actor on each worker that has replicas.
//!
//! It takes nothing of a node, but Ray counts it as work: the node idles only once its proxy is
//! gone. When the last replica of a node is told to stop its proxy drains; one that comes before
//! the end keeps it. That of the head stays, and is not followed here.
//!
//! Upstream: ray 2.60.0 serve/_private/controller.py `_update_proxy_nodes`,
//! serve/_private/deployment_state.py `get_active_node_ids`, serve/_private/proxy_state.py
//! `ProxyState._reconcile_internal`.

use std::collections::BTreeSet;

use super::cluster::ClusterState;
use super::serve_replicas::Replica;
use super::{Owner, World};
use crate::time::Instant;

/// The proxy of a Ray node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Proxy {
    /// There is none.
    #[default]
    None,
    /// It stays as long as there are replicas.
    Serves,
    /// It is gone at that time.
    Drains(Instant),
}

impl World<'_> {
    /// A replica of `service`, or a gang of them, has room: where an actor of `unit` is, a proxy is
    /// there or comes.
    pub(super) fn proxies_serve(&mut self, service: usize, unit: usize) {
        let model = self.services[service].model;
        if model.proxy_drain.is_none() {
            return;
        }
        let ClusterState { units, nodes, .. } = &mut self.clusters[model.cluster];
        let actors = units[unit].pods.iter().step_by(model.bundles.len().max(1));
        for pod in actors.filter(|it| !matches!(self.pods[**it].owner, Owner::Head(_))) {
            if let Some(node) = nodes.iter_mut().find(|it| it.pod == *pod) {
                node.proxy = Proxy::Serves;
            }
        }
    }

    /// Replicas of `service` were told to stop or are lost: proxies of nodes without any drain.
    pub(super) fn proxies_drain(&mut self, service: usize, now: Instant) {
        let model = self.services[service].model;
        let Some(drain) = model.proxy_drain else { return };
        let cluster = model.cluster;
        let mut serving = BTreeSet::new();
        for service in self.services_of(cluster) {
            let replicas = self.services[service].replicas.iter();
            let active = replicas.filter(|it| it.stops.is_none());
            serving.extend(active.filter_map(|it| self.pod_of(cluster, it)));
        }
        for node in &mut self.clusters[cluster].nodes {
            if node.proxy == Proxy::Serves && !serving.contains(&node.pod) {
                node.proxy = Proxy::Drains(now + drain);
            }
        }
    }

    /// The pod that a replica's actor is in.
    pub(super) fn pod_of(&self, cluster: usize, replica: &Replica) -> Option<usize> {
        self.clusters[cluster].units[replica.unit].pods.get(replica.bundle).copied()
    }
}
