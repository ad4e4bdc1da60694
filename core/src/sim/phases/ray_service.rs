//! The controller of a RayService passes: its clusters come and go.
//!
//! It passes when somebody edits the RayService, and from then on until nothing is left to do.
//!
//! DIFFERENCE(service-passes): upstream passes as well whenever a cluster, a pod or its own status
//! changes; here it passes every 2 s. Gateway and route are ready, and calls never fail.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/rayservice_controller.go `Reconcile`.

use crate::ray::service::{
    Action, ClusterId, ClusterStatus, Observation, PERIOD, Serving, State, reconcile,
};
use crate::serve::TargetCapacity;
use crate::sim::event::Event;
use crate::sim::timeline::RayServiceLook;
use crate::sim::world::{LOOK_STEPS, Owner, World};
use crate::time::Instant;

impl World<'_> {
    /// The controller hears of an edit.
    pub(in crate::sim) fn ray_service_edited(
        &mut self,
        ray_service: usize,
        version: usize,
        now: Instant,
    ) {
        self.ray_services[ray_service].version = version;
        self.call_ray_service(ray_service, now);
    }

    fn call_ray_service(&mut self, ray_service: usize, at: Instant) {
        let due = &mut self.ray_services[ray_service].due;
        if due.is_none_or(|known| at < known) {
            *due = Some(at);
            self.queue.add(at, Event::RayServiceActs { ray_service });
        }
    }

    /// One pass.
    pub(in crate::sim) fn ray_service_acts(&mut self, ray_service: usize, now: Instant) {
        if self.ray_services[ray_service].due != Some(now) {
            return;
        }
        self.ray_services[ray_service].due = None;
        let model = &self.model.ray_services[ray_service];
        let own = &mut self.ray_services[ray_service];
        let version = &model.versions[own.version];
        let before = std::mem::take(&mut own.state);
        let seen = Observation {
            goal: &version.goal,
            serve_config: version.config,
            active: self.serving(ray_service, before.active.as_ref()),
            pending: self.serving(ray_service, before.pending.as_ref()),
            gateway_ready: true,
        };
        let step = reconcile(&version.spec, before.clone(), &seen, now);
        let rests = is_at_rest(&step.state) && step.actions.is_empty() && step.state == before;
        self.ray_services[ray_service].state = step.state;
        let from = self.clusters_there(ray_service);
        for action in &step.actions {
            self.ray_service_does(ray_service, *action, now);
        }
        let to = self.clusters_there(ray_service);
        let looks = &self.timeline.ray_services[ray_service];
        let is_news = looks.last().is_none_or(|it| it.trace != step.trace);
        if is_news && !step.trace.causes.is_empty() {
            self.steps += LOOK_STEPS;
            let own = &self.ray_services[ray_service];
            let named = own.clusters.last_key_value().map_or(0, |(last, _)| last.0 + 1);
            let clusters = (0..named).map(|it| own.clusters.get(&ClusterId(it)).copied());
            let (clusters, trace) = (clusters.collect(), step.trace);
            let look = RayServiceLook { at: now, from, to, clusters, trace };
            self.timeline.ray_services[ray_service].push(look);
        }
        if !rests {
            self.call_ray_service(ray_service, now + PERIOD);
        }
    }

    /// How many clusters it has.
    fn clusters_there(&self, ray_service: usize) -> usize {
        let clusters = self.ray_services[ray_service].clusters.values();
        clusters.filter(|it| self.clusters[**it].exists).count()
    }

    /// What one of its clusters answers.
    fn serving(&self, ray_service: usize, status: Option<&ClusterStatus>) -> Serving {
        let own = &self.ray_services[ray_service];
        let made = status.filter(|it| it.made.is_some());
        let Some((status, cluster)) = made.and_then(|it| Some((it, *own.clusters.get(&it.id)?)))
        else {
            return Serving::default();
        };
        let is_head =
            |pod: &usize| matches!(self.pods[*pod].owner, Owner::Head(_)) && !self.pods[*pod].gone;
        let head_ready = self.has_head(cluster);
        let config = status.serve_config.filter(|_| head_ready);
        let applications = config
            .and_then(|it| self.model.ray_services[ray_service].applications.get(it as usize));
        let has_applications = applications.is_some_and(|it| !it.is_empty());
        let is_deployed = |it: usize| {
            let state = &self.services[it];
            !state.lives || !state.deploying
        };
        Serving {
            has_head: self.clusters[cluster].pods.iter().any(is_head),
            head_ready,
            has_applications,
            is_ready: has_applications && self.services_of(cluster).into_iter().all(is_deployed),
        }
    }

    fn ray_service_does(&mut self, ray_service: usize, action: Action, now: Instant) {
        let model = &self.model.ray_services[ray_service];
        let own = &mut self.ray_services[ray_service];
        let version = &model.versions[own.version];
        if let Action::Create { cluster, .. } = action {
            own.clusters.insert(cluster, version.cluster);
        }
        let of =
            |own: &Self, cluster| own.ray_services[ray_service].clusters.get(&cluster).copied();
        match action {
            Action::Delete(cluster) => {
                if let Some(cluster) = of(self, cluster) {
                    self.delete_cluster(cluster, now);
                }
            }
            Action::Create { without_replicas, .. } => {
                self.create_cluster(version.cluster, without_replicas, now);
            }
            Action::Update { cluster, without_replicas } => {
                if let Some(cluster) = of(self, cluster) {
                    self.update_cluster(cluster, version.cluster, without_replicas, now);
                }
            }
            Action::Submit { cluster, target_capacity } => {
                if let Some(cluster) = of(self, cluster) {
                    let percent = target_capacity.map(f64::from).or(version.capacity);
                    self.submit_version(ray_service, cluster, percent, now);
                }
            }
            Action::Capacity { cluster, target_capacity } => {
                if let Some(cluster) = of(self, cluster) {
                    self.set_capacity(cluster, target_capacity.into(), now);
                }
            }
            Action::Traffic { pending } => self.move_traffic(ray_service, pending.into(), now),
            Action::Promote(cluster) => {
                if let Some(cluster) = of(self, cluster) {
                    self.send_all_to(ray_service, cluster, now);
                }
            }
        }
    }

    fn submit_version(
        &mut self,
        ray_service: usize,
        cluster: usize,
        percent: Option<f64>,
        now: Instant,
    ) {
        let model = &self.model.ray_services[ray_service];
        let own = &self.ray_services[ray_service];
        let config = model.versions[own.version].config;
        let services = self.services_of(cluster);
        let lives = services.iter().map(|it| &self.services[*it]).find(|it| it.lives);
        let known = lives.is_some_and(|it| {
            let names = |config: u32| model.applications.get(config as usize);
            names(it.model.config) == names(config)
        });
        let before = lives.and_then(|it| it.capacity);
        let capacity = TargetCapacity::next(before, percent, known);
        self.submit_config(cluster, config, capacity, now);
    }

    /// The route sends `percent` to the new cluster and the rest to the old one.
    fn move_traffic(&mut self, ray_service: usize, percent: i64, now: Instant) {
        let own = &self.ray_services[ray_service];
        let of = |it: &Option<ClusterStatus>| own.clusters.get(&it.as_ref()?.id).copied();
        let sides = [(of(&own.state.active), 100 - percent), (of(&own.state.pending), percent)];
        for (cluster, share) in sides {
            for service in cluster.map(|it| self.services_of(it)).unwrap_or_default() {
                self.set_share(service, share, now);
            }
        }
    }

    /// `cluster` has all of the requests, and none of the others any.
    fn send_all_to(&mut self, ray_service: usize, cluster: usize, now: Instant) {
        let clusters: Vec<usize> =
            self.ray_services[ray_service].clusters.values().copied().collect();
        for it in clusters {
            for service in self.services_of(it) {
                self.set_share(service, if it == cluster { 100 } else { 0 }, now);
            }
        }
    }
}

/// Whether nothing is under way.
fn is_at_rest(state: &State) -> bool {
    state.pending.is_none() && state.dangling.is_empty()
}
