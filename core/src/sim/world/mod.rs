//! What is, at the present instant.
//!
//! Pods are never removed from the list, so that their numbers stay theirs; a pod that is gone only
//! says so. Everything here is state: the decisions are the policies', the order is the engine's.

mod backlog;
mod cluster;
mod controller;
mod pod;
mod proxy;
mod ray_job;
mod ray_service;
mod ray_work;
mod resize;
mod rollout;
mod scene;
mod series;
mod serve;
mod serve_replicas;
mod watched;
mod workload;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use cluster::{ClusterState, RayNodeState};
use controller::ControllerState;
pub(super) use controller::Look;
pub use pod::Owner;
pub(super) use pod::Pod;
pub(super) use ray_job::{Attempt, RayJobState};
pub(super) use ray_service::RayServiceState;
pub(super) use ray_work::WaitingUnits;
pub use ray_work::{replica_requests, requests_of};
use series::SeriesState;
pub(super) use serve::ServiceState;
use watched::Watched;
pub(super) use workload::WorkloadState;

use super::event::{Event, Queue};
use super::model::{Cluster, Model, PodTemplate};
use super::phases::Rests;
use super::timeline::{
    ClusterTrack, GroupTrack, HpaTrack, Note, ServiceTrack, Timeline, WorkloadTrack,
};
use crate::hpa;
use crate::keda;
use crate::nodes::Node;
use crate::time::{Duration, Instant};

/// The most pods that exist at once.
pub const MOST_PODS: usize = 5_000;

/// How long a run's first pods have been there when it begins: longer than any metric or HPA looks
/// back.
pub(super) const WARM: Duration = Duration::from_seconds(2 * 24 * 3600);

/// The most steps of a run; one takes some ten nanoseconds.
pub(super) const MOST_STEPS: u64 = 100_000_000;

/// What one event counts as, in steps.
pub(super) const EVENT_STEPS: u64 = 10;

/// What one look of an autoscaler counts as, in steps. It is also what it is kept as: a run has at
/// most [`MOST_STEPS`] / `LOOK_STEPS` looks.
pub(super) const LOOK_STEPS: u64 = 400;

/// What one pod that is looked at counts as, in steps.
pub(super) const POD_STEPS: u64 = 8;

/// Everything that is.
pub(super) struct World<'m> {
    pub(super) model: &'m Model,
    pub(super) queue: Queue,
    /// How much was done so far, so that no text makes a run endless.
    pub(super) steps: u64,
    /// Workloads about whose pods or load something changed in this instant.
    unsettled: BTreeSet<usize>,
    /// Clusters in which something changed in this instant.
    undrawn: BTreeSet<usize>,
    /// Whether pods came, went or found a node in this instant.
    pods_changed: bool,
    pub(super) nodes: Vec<Node>,
    /// For each node: when an image is there, by the template's number and the image's own.
    images: Vec<BTreeMap<(usize, u32), Instant>>,
    /// For each node: until when it is busy pulling; one pull at a time.
    pulling: Vec<Instant>,
    pub(super) pods: Vec<Pod>,
    pub(super) alive: usize,
    /// Pods without a node, in the order of creation.
    pub(super) waiting: Vec<usize>,
    pub(super) workloads: Vec<WorkloadState>,
    pub(super) hpas: Vec<hpa::State>,
    series: Vec<SeriesState>,
    pub(super) keda: Vec<keda::State>,
    /// Reads of metrics-server's since it last started.
    pub(super) server_reads: u32,
    pub(super) controller: ControllerState,
    pub(super) clusters: Watched<ClusterState<'m>>,
    pub(super) services: Watched<ServiceState<'m>>,
    pub(super) rests: Rests<'m>,
    /// Room for the causes of answers that nobody reads.
    pub(super) spare_causes: Vec<crate::serve::Cause>,
    pub(super) ray_services: Vec<RayServiceState>,
    pub(super) ray_jobs: Vec<RayJobState>,
    /// The HPA and the number of its look, from 0, that is wanted in detail.
    pub(super) wanted: Option<(usize, usize)>,
    /// The HPA whose every look is wanted in detail.
    pub(super) detailed: Option<usize>,
    pub(super) timeline: Timeline,
}

impl<'m> World<'m> {
    /// The world of `model` before anything happens.
    pub(super) fn new(model: &'m Model) -> Self {
        let timeline = Timeline {
            workloads: vec![WorkloadTrack::default(); model.workloads.len()],
            hpas: vec![HpaTrack::default(); model.hpas.len()],
            keda: vec![Vec::new(); model.pipeline.scaled_objects.len()],
            clusters: model.clusters.iter().map(|it| cluster_track(model, it)).collect(),
            ray_services: vec![Vec::new(); model.ray_services.len()],
            ray_jobs: vec![Vec::new(); model.ray_jobs.len()],
            services: vec![ServiceTrack::default(); model.services.len()],
            ..Timeline::default()
        };
        Self {
            model,
            queue: Queue::default(),
            steps: 0,
            unsettled: BTreeSet::new(),
            undrawn: BTreeSet::new(),
            pods_changed: true,
            nodes: model.nodes.clone(),
            images: vec![BTreeMap::new(); model.nodes.len()],
            pulling: vec![Instant::from_ms(i64::MIN / 2); model.nodes.len()],
            pods: Vec::new(),
            alive: 0,
            waiting: Vec::new(),
            workloads: model.workloads.iter().map(WorkloadState::new).collect(),
            hpas: vec![hpa::State::default(); model.hpas.len()],
            series: model.pipeline.series.iter().map(|_| SeriesState::new()).collect(),
            keda: vec![keda::State::default(); model.pipeline.scaled_objects.len()],
            server_reads: 0,
            controller: ControllerState::new(model),
            clusters: model.clusters.iter().map(ClusterState::new).collect(),
            services: model
                .services
                .iter()
                .map(|it| {
                    ServiceState::new(it, it.config == 0 && !model.clusters[it.cluster].later)
                })
                .collect(),
            rests: Rests::new(model),
            spare_causes: Vec::new(),
            ray_jobs: model.ray_jobs.iter().map(|_| RayJobState::default()).collect(),
            ray_services: model.ray_services.iter().map(RayServiceState::new).collect(),
            wanted: None,
            detailed: None,
            timeline,
        }
    }

    /// The end of the instant `now`: requests spread over the pods that are ready by now, and the
    /// series get their values.
    pub(super) fn end_instant(&mut self, now: Instant) {
        for workload in std::mem::take(&mut self.unsettled) {
            self.settle(workload, now);
        }
        for cluster in std::mem::take(&mut self.undrawn) {
            self.draw_cluster(cluster, now);
        }
        if std::mem::take(&mut self.pods_changed) {
            self.draw_nodes(now);
        }
    }

    /// A pod is gone from its node.
    pub(super) fn release(&mut self, pod: usize) {
        self.pods_changed = true;
        self.alive -= 1;
        let Pod { owner, node, gone, grown, .. } = &mut self.pods[pod];
        let grown = std::mem::take(grown);
        *gone = true;
        if let (owner, Some(node)) = (*owner, *node) {
            let requests = &self.template(owner).requests;
            self.nodes[node].release(requests);
            self.nodes[node].grow(&grown, -1);
        }
    }

    /// Draws how full the nodes are.
    fn draw_nodes(&mut self, now: Instant) {
        let used = self.nodes.iter().filter(|node| node.pods > 0).count();
        self.timeline.nodes_used.set(now, used as f64);
        self.timeline.pods.set(now, self.alive as f64);
        self.timeline.unschedulable.set(now, self.waiting.len() as f64);
    }

    /// Something about the pods or the load of `workload` changed.
    pub(super) fn unsettle(&mut self, workload: usize) {
        self.unsettled.insert(workload);
    }

    /// The template that `owner`'s pods are made of.
    pub(super) fn template(&self, owner: Owner) -> &'m PodTemplate {
        match owner {
            Owner::Workload(workload) => &self.model.workloads[workload].pod,
            Owner::Head(cluster) => &self.clusters[cluster].model.head.pod,
            Owner::Submitter(job) => &self.model.ray_jobs[job].submitter,
            Owner::Worker(cluster, group) => &self.clusters[cluster].model.groups[group].pod,
        }
    }

    /// Makes a pod; `None` if there are too many already.
    pub(super) fn create_pod(&mut self, owner: Owner, name: String, now: Instant) -> Option<usize> {
        if self.alive >= MOST_PODS {
            self.note_once(now, Note::PodLimit { most: MOST_PODS });
            return None;
        }
        let pod = self.pods.len();
        self.pods.push(Pod::new(owner, name, now));
        self.alive += 1;
        self.pods_changed = true;
        self.waiting.push(pod);
        self.queue.schedule(now);
        Some(pod)
    }

    /// Lets a pod have started long ago, if a node has room for it; otherwise it waits like any
    /// other.
    pub(super) fn warm_up(&mut self, pod: usize, node: usize) {
        let long_ago = Instant::ZERO - WARM;
        let template = self.template(self.pods[pod].owner);
        self.nodes[node].take(&template.requests);
        self.images[node].insert((template.image, 0), long_ago);
        self.pods[pod].warm_up(node, long_ago, template);
    }

    /// Gives a pod its node, and foresees its start.
    pub(super) fn bind(&mut self, pod: usize, node: usize, now: Instant) {
        self.pods_changed = true;
        let template = self.template(self.pods[pod].owner);
        self.nodes[node].take(&template.requests);
        let bound = now + template.start.schedule;
        let image = (template.image, self.pods[pod].image);
        let image_there = self.image_there(node, image, template.start.image_pull, bound);
        let starts = image_there + template.start.container;
        let serves = starts + template.start.serve;
        self.pods[pod].bind(node, bound);
        self.queue.add(starts, Event::PodStarts { pod });
        self.queue.add(serves, Event::PodServes { pod });
        let ready =
            template.start.probe.map_or(starts, |probe| probe.succeeds(bound, starts, serves));
        self.queue.add(ready, Event::PodReady { pod });
    }

    /// When the image is on the node; pulls it if nobody has. Pulls wait for each other.
    ///
    /// DIFFERENCE(image-pulls): the pods of a template have one image, and no node drops one.
    fn image_there(
        &mut self,
        node: usize,
        image: (usize, u32),
        pull: Duration,
        from: Instant,
    ) -> Instant {
        if let Some(there) = self.images[node].get(&image) {
            return from.max(*there);
        }
        let there = from.max(self.pulling[node]) + pull;
        self.pulling[node] = there;
        self.images[node].insert(image, there);
        there
    }

    /// Deletes a pod: it serves nothing from now on, and is gone after its grace.
    pub(super) fn delete_pod(&mut self, pod: usize, now: Instant) {
        if self.pods[pod].deleting.is_some() {
            return;
        }
        self.pods[pod].deleting = Some(now);
        if let Owner::Head(cluster) | Owner::Worker(cluster, _) = self.pods[pod].owner {
            self.clusters.touch(cluster);
        }
        let grace = self.template(self.pods[pod].owner).grace;
        let wait = if self.pods[pod].node.is_some() { grace } else { Duration::ZERO };
        self.queue.add(now + wait, Event::PodGone { pod });
    }

    /// Writes a note.
    pub(super) fn note(&mut self, now: Instant, note: Note) {
        self.timeline.notes.push((now, note));
    }

    /// Writes a note unless it stands there already.
    pub(super) fn note_once(&mut self, now: Instant, note: Note) {
        if self.timeline.notes.iter().all(|(_, it)| *it != note) {
            self.note(now, note);
        }
    }
}

/// A cluster of a RayService may get worker groups that a later version of it appends.
fn cluster_track(model: &Model, cluster: &Cluster) -> ClusterTrack {
    let alike = model
        .clusters
        .iter()
        .filter(|it| cluster.ray_service.is_some() && it.ray_service == cluster.ray_service);
    let most = alike.map(|it| it.groups.len()).fold(cluster.groups.len(), usize::max);
    ClusterTrack {
        groups: vec![GroupTrack::default(); most],
        made: (!cluster.later).then_some(Instant::ZERO),
        ..ClusterTrack::default()
    }
}
