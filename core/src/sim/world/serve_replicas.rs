//! The replicas of a Serve deployment: actors that need room, start, run and go.
//!
//! Upstream: ray 2.60.0 serve/_private/deployment_state.py, serve/_private/deployment_scheduler.py.

use std::sync::Arc;

use super::ray_work::Unit;
use super::{Owner, World};
use crate::order;
use crate::serve::ReplicaId;
use crate::sim::event::Event;
use crate::time::{Duration, Instant};

/// A replica that has room.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Replica {
    /// Its number among those of its deployment.
    pub(in crate::sim) id: ReplicaId,
    /// Its actor or placement group, by number; that of a gang is the gang's.
    pub(super) unit: usize,
    /// The bundle that its actor is in.
    pub(super) bundle: usize,
    /// Whether it has started.
    pub(in crate::sim) runs: bool,
    /// Since when it is told to stop.
    pub(in crate::sim) stops: Option<Instant>,
}

impl Replica {
    /// Whether requests go to it.
    pub(in crate::sim) fn is_running(&self) -> bool {
        self.runs && self.stops.is_none()
    }
}

impl World<'_> {
    /// The number that the replicas of `service` have among the works of their cluster.
    fn serve_work(&self, service: usize) -> usize {
        self.model.clusters[self.services[service].model.cluster].work.len() + service
    }

    /// Replicas of `service` that have no room yet.
    pub(super) fn replicas_waiting(&self, service: usize) -> u32 {
        let waiting = &self.clusters[self.services[service].model.cluster].waiting;
        let own = waiting.iter().find(|it| it.unit.service == Some(service));
        let gang = self.services[service].model.gang.unwrap_or(1);
        own.map_or(0, |it| it.count.saturating_mul(gang))
    }

    /// `count` more replicas ask for room; of gangs, as many as are whole.
    ///
    /// Upstream: serve/_private/deployment_state.py `_num_replicas_to_start`.
    pub(in crate::sim) fn start_replicas(&mut self, service: usize, count: u32, now: Instant) {
        let (model, work) = (self.services[service].model, self.serve_work(service));
        let unit = Arc::new(Unit::replica(model, service, work));
        let units = count / model.gang.unwrap_or(1);
        if units == 0 {
            return;
        }
        self.wait(model.cluster, unit, units, now);
        self.place_work(model.cluster, now);
    }

    /// A replica or a gang has its room: its actors start.
    pub(super) fn replica_placed(&mut self, service: usize, unit: usize, now: Instant) {
        let model = self.services[service].model;
        let state = &mut self.services[service];
        for member in 0..model.gang.unwrap_or(1) as usize {
            let id = ReplicaId(state.named);
            state.named += 1;
            let bundle = member * model.bundles.len();
            state.replicas.push(Replica { id, unit, bundle, runs: false, stops: None });
            let runs = Event::ReplicaRuns { service, replica: id.0 };
            self.queue.add(now + model.replica_start, runs);
        }
        self.proxies_serve(service, unit);
    }

    /// A replica begins to run, unless it was lost or told to stop before.
    pub(in crate::sim) fn replica_runs(&mut self, service: usize, replica: u32, now: Instant) {
        let state = &mut self.services[service];
        let found = state.replicas.iter().position(|it| it.id.0 == replica);
        let waits = |it: &Replica| !it.runs && it.stops.is_none();
        let Some(index) = found.filter(|it| waits(&state.replicas[*it])) else { return };
        let mut it = state.replicas.remove(index);
        it.runs = true;
        state.replicas.push(it);
        self.running_changed(service, now);
    }

    /// The node of a replica is gone, and its gang with it; says whether another one takes its
    /// place.
    ///
    /// Upstream: serve/_private/deployment_state.py, the policy RESTART_GANG.
    pub(super) fn replica_lost(&mut self, service: usize, unit: usize, now: Instant) -> bool {
        let state = &mut self.services[service];
        let lost = state.replicas.iter().filter(|it| it.unit == unit);
        let is_missed = lost.clone().any(|it| it.stops.is_none());
        let ran = lost.clone().any(Replica::is_running);
        state.replicas.retain(|it| it.unit != unit);
        if ran {
            self.running_changed(service, now);
        }
        // The rest of its gang was on other nodes.
        if self.services[service].model.gang.is_some() {
            self.proxies_drain(service, now);
        }
        is_missed
    }

    /// A replica that was told to stop is gone.
    pub(in crate::sim) fn replica_gone(&mut self, service: usize, replica: u32, now: Instant) {
        let state = &mut self.services[service];
        let Some(index) = state.replicas.iter().position(|it| it.id.0 == replica) else { return };
        let Replica { unit, .. } = state.replicas.remove(index);
        if state.replicas.iter().any(|it| it.unit == unit) {
            return;
        }
        let model = self.services[service].model;
        self.end_work(model.cluster, unit, now);
        self.undraw(model.cluster);
        if model.gang.is_some() {
            self.queue.add(now + Duration::from_ms(100), Event::ServeScales { service });
        }
    }

    /// Other replicas run than before: requests spread anew, and the controller sees it at its
    /// next turn.
    fn running_changed(&mut self, service: usize, now: Instant) {
        self.count_serve_requests(service, now);
        let state = &mut self.services[service];
        state.running = state.replicas.iter().filter(|it| it.is_running()).count() as u32;
        state.settle_deploy();
        state.is_stale = true;
        self.settle_service(service, now);
        self.wake_controller(service, now);
    }

    /// Brings `service` to its target.
    pub(in crate::sim) fn serve_scales(&mut self, service: usize, now: Instant) {
        let waiting = self.replicas_waiting(service);
        let state = &self.services[service];
        if state.cut_off {
            return;
        }
        let placed = state.replicas.iter().filter(|it| it.stops.is_none()).count() as i64;
        let missing = state.target - placed - i64::from(waiting);
        let gang = self.services[service].model.gang;
        // Upstream: serve/_private/deployment_state.py `_reserve_gang_placement_groups`.
        let is_held = gang.is_some() && state.replicas.iter().any(|it| it.stops.is_some());
        if missing > 0 && is_held {
            return;
        }
        if missing > 0 {
            self.start_replicas(service, u32::try_from(missing).unwrap_or(u32::MAX), now);
        } else {
            let surplus = u32::try_from(-missing).unwrap_or(u32::MAX);
            let cluster = self.services[service].model.cluster;
            let gang = gang.unwrap_or(1);
            let gone = self.give_up(cluster, self.serve_work(service), surplus / gang);
            self.stop_replicas(service, (surplus - gone * gang) as usize, now);
            self.undraw(cluster);
        }
        self.settle_service(service, now);
    }

    fn stop_replicas(&mut self, service: usize, count: usize, now: Instant) {
        let victims = self.serve_victims(service);
        let victims = self.whole_gangs(service, victims, count);
        let drain = self.services[service].model.drain;
        for id in victims {
            let replicas = &mut self.services[service].replicas;
            let Some(replica) = replicas.iter_mut().find(|it| it.id == id) else { continue };
            replica.stops = Some(now);
            // One that never ran has nothing to finish.
            let gone = if replica.runs { now + drain } else { now };
            self.queue.add(gone, Event::ReplicaGone { service, replica: id.0 });
        }
        self.proxies_drain(service, now);
        self.running_changed(service, now);
    }

    /// The first `count` of `victims`; of gangs, those that are whole.
    ///
    /// Upstream: `DeploymentScheduler._get_replicas_to_stop`.
    fn whole_gangs(&self, service: usize, victims: Vec<ReplicaId>, count: usize) -> Vec<ReplicaId> {
        let Some(gang) = self.services[service].model.gang else {
            return victims.into_iter().take(count).collect();
        };
        let own = &self.services[service].replicas;
        let mut chosen: Vec<ReplicaId> = Vec::new();
        for id in victims {
            if chosen.contains(&id) {
                continue;
            }
            if chosen.len() + gang as usize > count {
                break;
            }
            let unit = own.iter().find(|it| it.id == id).map(|it| it.unit);
            let members = own.iter().filter(|it| Some(it.unit) == unit && it.stops.is_none());
            chosen.extend(members.map(|it| it.id));
        }
        chosen
    }

    /// The replicas in the order in which they are stopped: those that do not run yet; then those
    /// not on the head, those on the node with the fewest replicas of any deployment, the newer.
    ///
    /// Upstream: `DeploymentScheduler._get_replicas_to_stop`. Those that do not run come in the
    /// order of a set there.
    fn serve_victims(&self, service: usize) -> Vec<ReplicaId> {
        let cluster = self.services[service].model.cluster;
        let pod_of = |it: &Replica| self.pod_of(cluster, it);
        let own = &self.services[service].replicas;
        let not_running = own.iter().rev().filter(|it| !it.runs && it.stops.is_none());
        let mut victims: Vec<ReplicaId> = not_running.map(|it| it.id).collect();
        // Nodes in the order in which a replica first ran on them.
        let mut nodes: Vec<(Option<usize>, usize)> = Vec::new();
        let siblings = self.services.iter().zip(&self.model.services);
        for (state, _) in siblings.filter(|(_, it)| it.cluster == cluster) {
            for replica in state.replicas.iter().filter(|it| it.is_running()) {
                let pod = pod_of(replica);
                match nodes.iter_mut().find(|(it, _)| *it == pod) {
                    Some((_, count)) => *count += 1,
                    None => nodes.push((pod, 1)),
                }
            }
        }
        let is_head = |pod: Option<usize>| {
            pod.is_some_and(|it| matches!(self.pods[it].owner, Owner::Head(_)))
        };
        order::sort_by_key(&mut nodes, |(pod, count)| (is_head(*pod), *count));
        for (node, _) in nodes {
            let on_it = own.iter().rev().filter(|it| it.is_running() && pod_of(it) == node);
            victims.extend(on_it.map(|it| it.id));
        }
        victims
    }
}
