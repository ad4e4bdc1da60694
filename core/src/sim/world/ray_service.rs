//! RayServices at the present instant: their RayClusters come and go, each with its Serve
//! deployments.
//!
//! A deployment is what the config says that its cluster was last given. One that the config no
//! longer has stops its replicas.
//!
//! Upstream: ray 2.60.0 serve/_private/application_state.py `ApplicationState.deploy_app`,
//! serve/_private/deployment_state.py `DeploymentState.deploy`.

use std::collections::BTreeMap;

use super::serve::first_target;
use super::{ClusterState, World, cluster};
use crate::ray::service::{ClusterId, State};
use crate::ray::{self, RayNodeStatus, operator};
use crate::serve::{Bounds, TargetCapacity, adjusted};
use crate::sim::event::Event;
use crate::sim::model::{RayService, Scaling, Service};
use crate::sim::timeline::Note;
use crate::time::{Duration, Instant};

/// From a change of a target until replicas start or stop: the next turn of Serve's loop.
const TURN: Duration = Duration::from_ms(100);

/// A RayService that someone edits.
pub(in crate::sim) struct RayServiceState {
    /// Its status, and what its controller keeps.
    pub(in crate::sim) state: State,
    /// Which of its versions the controller knows.
    pub(in crate::sim) version: usize,
    /// Its clusters by number: which of the model's each is.
    pub(in crate::sim) clusters: BTreeMap<ClusterId, usize>,
    /// When its controller passes next.
    pub(in crate::sim) due: Option<Instant>,
}

impl RayServiceState {
    /// Its first cluster has long served, or it has long been suspended.
    pub(super) fn new(model: &RayService) -> Self {
        let first = &model.versions[0];
        if first.spec.suspend {
            let (state, clusters) = (State::suspended(), BTreeMap::new());
            return Self { state, version: 0, clusters, due: None };
        }
        Self {
            state: State::serving(first.goal.clone(), first.config),
            version: 0,
            clusters: BTreeMap::from([(ClusterId(0), first.cluster)]),
            due: None,
        }
    }
}

/// The controller leaves `replicas` out of a spec; the API server fills in the CRD's default.
///
/// Upstream: kuberay 1.6.1 ray-operator/apis/ray/v1/raycluster_types.go `WorkerGroupSpec.Replicas`.
fn leave_out_replicas(state: &mut ClusterState<'_>) {
    for group in &mut state.groups {
        group.replicas = Some(0);
    }
}

impl<'m> World<'m> {
    /// Where the RayService of `cluster` serves; otherwise `cluster` itself.
    pub(super) fn serving_cluster(&self, cluster: usize) -> usize {
        let serving = self.model.clusters[cluster].ray_service.and_then(|it| {
            let state = &self.ray_services[it];
            state.clusters.get(&state.state.active.as_ref()?.id).copied()
        });
        serving.unwrap_or(cluster)
    }

    /// The autoscaler of `cluster` begins to look, if it can read its RayCluster.
    pub(in crate::sim) fn begin_autoscaler(&mut self, cluster: usize, now: Instant) {
        match &self.model.clusters[cluster].autoscaler {
            None => {}
            Some(Ok(_)) => self.queue.add(now, Event::RayLooks { cluster }),
            Some(Err(error)) => {
                let (name, error) = (self.model.clusters[cluster].name.clone(), error.clone());
                self.note(now, Note::RayConfig { cluster: name, error });
            }
        }
    }

    /// A RayCluster is made; `bare`: without `replicas`.
    pub(in crate::sim) fn create_cluster(&mut self, cluster: usize, bare: bool, now: Instant) {
        let state = &mut self.clusters[cluster];
        state.exists = true;
        if bare {
            leave_out_replicas(state);
        }
        self.timeline.clusters[cluster].made = Some(now);
        self.begin_autoscaler(cluster, now);
        self.undraw(cluster);
        let acts = now + self.clusters[cluster].model.operator_lag;
        self.call_operator(cluster, acts);
    }

    /// The spec of `cluster` is written anew: that of the model's cluster `of`.
    pub(in crate::sim) fn update_cluster(
        &mut self,
        cluster: usize,
        of: usize,
        bare: bool,
        now: Instant,
    ) {
        let state = &mut self.clusters[cluster];
        state.model = &self.model.clusters[of];
        state.groups = state.model.groups.iter().map(cluster::group_seen).collect();
        self.timeline.clusters[cluster].updates.push((now, of));
        if bare {
            leave_out_replicas(state);
        }
        self.undraw(cluster);
        let acts = now + self.clusters[cluster].model.operator_lag;
        self.call_operator(cluster, acts);
    }

    /// A RayCluster is deleted, with all of its pods and all that runs in it.
    pub(in crate::sim) fn delete_cluster(&mut self, cluster: usize, now: Instant) {
        self.clusters[cluster].exists = false;
        self.clusters[cluster].operator = operator::State::default();
        self.timeline.clusters[cluster].deleted = Some(now);
        for service in self.services_of(cluster) {
            self.services[service].cut_off = true;
            self.set_share(service, 0, now);
        }
        let count = self.end_ray(cluster, now);
        if count > 0 {
            let name = self.model.clusters[cluster].name.clone();
            self.note(now, Note::WorkLost { cluster: name, count });
        }
        for service in self.services_of(cluster) {
            let state = &mut self.services[service];
            (state.lives, state.target) = (false, 0);
            state.replicas.clear();
            state.running = 0;
            self.settle_service(service, now);
        }
        self.undraw(cluster);
    }

    /// Ray ends with all of the pods of `cluster`; how many tasks, actors and placement groups
    /// ran or waited in it.
    fn end_ray(&mut self, cluster: usize, now: Instant) -> u64 {
        let state = &mut self.clusters[cluster];
        state.constraint = None;
        // Nothing moves from one node to another that goes as well.
        for node in &mut state.nodes {
            node.status = RayNodeStatus::Dead;
        }
        for pod in state.pods.clone() {
            self.delete_ray_pod(cluster, pod, now);
        }
        let waiting = std::mem::take(&mut self.clusters[cluster].waiting);
        let own = waiting.iter().filter(|it| it.unit.service.is_none());
        own.map(|it| u64::from(it.count)).sum()
    }

    /// The operator deletes the pods of a cluster that is suspended. What Ray and its autoscaler
    /// know is in the head's memory.
    pub(in crate::sim) fn suspend_ray(&mut self, cluster: usize, now: Instant) {
        let count = self.end_ray(cluster, now);
        let state = &mut self.clusters[cluster];
        (state.autoscaler, state.autoscaler_v1) =
            (ray::State::default(), ray::v1::State::default());
        state.refused_drains.clear();
        state.sleeps = true;
        self.work_suspended(cluster, count, now);
        self.undraw(cluster);
    }

    /// So much is lost since `cluster` is suspended.
    pub(in crate::sim) fn work_suspended(&mut self, cluster: usize, count: u64, now: Instant) {
        if count > 0 {
            let name = self.model.clusters[cluster].name.clone();
            self.note(now, Note::WorkSuspended { cluster: name, count });
        }
    }

    /// The model's Serve deployments of `cluster`.
    pub(in crate::sim) fn services_of(&self, cluster: usize) -> Vec<usize> {
        let all = self.model.services.iter().enumerate();
        all.filter(|(_, it)| it.cluster == cluster).map(|(index, _)| index).collect()
    }

    /// Serve on `cluster` gets the config of that number.
    pub(in crate::sim) fn submit_config(
        &mut self,
        cluster: usize,
        config: u32,
        capacity: Option<TargetCapacity>,
        now: Instant,
    ) {
        for service in self.services_of(cluster) {
            let model = &self.model.services[service];
            match (model.in_config(config), self.services[service].lives) {
                (Some(model), false) => self.start_service(service, model, capacity, now),
                (Some(model), true) => self.change_service(service, model, capacity, now),
                (None, true) => {
                    self.services[service].lives = false;
                    self.retarget(service, 0, now);
                }
                (None, false) => {}
            }
        }
    }

    /// `target_capacity` of all of Serve on `cluster` becomes `percent`.
    pub(in crate::sim) fn set_capacity(&mut self, cluster: usize, percent: f64, now: Instant) {
        for service in self.services_of(cluster) {
            let state = &self.services[service];
            if state.lives {
                let capacity = TargetCapacity::next(state.capacity, Some(percent), true);
                self.change_service(service, state.model, capacity, now);
            }
        }
    }

    /// A deployment that is new.
    fn start_service(
        &mut self,
        service: usize,
        model: &'m Service,
        capacity: Option<TargetCapacity>,
        now: Instant,
    ) {
        let state = &mut self.services[service];
        state.model = model;
        (state.lives, state.deploying, state.capacity) = (true, true, capacity);
        (state.samples_at, state.reports_at) = (now, now);
        let target = first_target(model, capacity);
        self.timeline.services[service].lived = true;
        self.retarget(service, target, now);
        self.queue.add(now, Event::ServeLoadChanges { service });
        if let Scaling::Auto(_) = model.scaling {
            self.queue.add(now, Event::HandleWakes { service });
        }
    }

    /// A deployment that is there gets another config, or the same with another capacity.
    fn change_service(
        &mut self,
        service: usize,
        model: &'m Service,
        capacity: Option<TargetCapacity>,
        now: Instant,
    ) {
        let state = &mut self.services[service];
        let was = state.model;
        let target = match &model.scaling {
            Scaling::Fixed(replicas) => adjusted(*replicas, capacity),
            Scaling::Auto(config) => {
                let initial = config.initial_replicas.filter(|_| was.scaling != model.scaling);
                Bounds::of(config, capacity).clip(initial.unwrap_or(state.target))
            }
        };
        // Upstream forgets what the policy remembers each time.
        state.policy = crate::serve::State::default();
        (state.capacity, state.wish) = (capacity, None);
        let begins =
            matches!((&was.scaling, &model.scaling), (Scaling::Fixed(_), Scaling::Auto(_)));
        state.model = model;
        if begins {
            (state.samples_at, state.reports_at) = (now, now);
            self.queue.add(now, Event::HandleWakes { service });
        }
        self.retarget(service, target, now);
        self.take_share(service, now);
        self.wake_controller(service, now);
    }

    fn retarget(&mut self, service: usize, target: i64, now: Instant) {
        let state = &mut self.services[service];
        state.target = target;
        state.deploying = true;
        state.settle_deploy();
        self.queue.add(now + TURN, Event::ServeScales { service });
        self.draw_service(service, now);
    }

    /// So much of the requests goes to `service` from now on.
    pub(in crate::sim) fn set_share(&mut self, service: usize, percent: i64, now: Instant) {
        self.services[service].share = percent;
        self.take_share(service, now);
    }
}
