//! What is simulated: domain values only, nothing of YAML.
//!
//! The run begins warm: the pods that a manifest asks for have long been running and ready, their
//! images are on their nodes, and the autoscalers start to look.

use super::pipeline::{MetricSource, Pipeline};
use crate::deployment;
use crate::hpa;
use crate::metrics;
use crate::nodes::{Node, PodResources, Pools};
use crate::ray::job;
use crate::ray::resize::Requirements;
use crate::ray::{Labels, Resources, config, operator, service};
use crate::serve;
use crate::time::{Duration, Instant};
use crate::workload::{LabelSelector, Load, RayResources, Strategy, Work};

/// Everything that takes part.
#[derive(Clone, Debug)]
pub struct Model {
    /// How long to look.
    pub duration: Duration,
    /// metrics-server.
    pub metrics: metrics::Spec,
    /// Custom and external metrics, and KEDA.
    pub pipeline: Pipeline,
    /// Nodes, always there.
    pub nodes: Vec<Node>,
    /// Deployments and the like.
    pub workloads: Vec<Workload>,
    /// HorizontalPodAutoscalers.
    pub hpas: Vec<Hpa>,
    /// Their controller.
    pub controller: Controller,
    /// RayClusters, those of RayServices and RayJobs included.
    pub clusters: Vec<Cluster>,
    /// Deployments of Ray Serve.
    pub services: Vec<Service>,
    /// RayServices that someone edits; the others stay as they are.
    pub ray_services: Vec<RayService>,
    /// RayJobs, in the order of the text.
    pub ray_jobs: Vec<RayJob>,
}

/// A Deployment, StatefulSet or ReplicaSet, and what is asked of it.
#[derive(Clone, Debug)]
pub struct Workload {
    /// `metadata.namespace`.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
    /// `spec.replicas` at the start.
    pub replicas: i32,
    /// As the API names its kind in errors, `deployments.apps`.
    pub resource: &'static str,
    /// Its selector as text, `app=web`.
    pub selector: String,
    /// The workloads whose pods it matches, by number: its own, and others that have such labels.
    pub selects: Vec<usize>,
    /// What someone does to it, by time.
    pub edits: Vec<(Instant, deployment::Edit)>,
    /// How its pods are replaced.
    pub strategy: deployment::Strategy,
    /// How long a pod is ready until it counts as available.
    pub min_ready: Duration,
    /// What comes in.
    pub load: Load,
    /// Whether what can't be served waits; otherwise it is lost.
    pub has_queue: bool,
    /// What one request costs.
    pub request: RequestCost,
    /// What its pods are.
    pub pod: PodTemplate,
}

/// What one request costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestCost {
    /// In nanoseconds of one core.
    pub cpu_nanoseconds: i64,
    /// How long it takes.
    pub service_time: Duration,
    /// How many a pod works on at once.
    pub concurrency: i64,
    /// Memory that it holds meanwhile.
    pub memory_bytes: i64,
}

/// What a pod is made of, and how long it takes to start and to go.
#[derive(Clone, Debug)]
pub struct PodTemplate {
    /// Containers with their requests, init containers last.
    pub containers: Vec<hpa::Container>,
    /// What the pod requests as a whole, in milli units.
    pub own_requests: Vec<(hpa::ResourceName, i64)>,
    /// What its runtime takes beside the containers, in milli units.
    pub overhead: Vec<(hpa::ResourceName, i64)>,
    /// What the scheduler counts.
    pub requests: PodResources,
    /// Where its nodeSelector lets it run.
    pub pools: Pools,
    /// CPU limit of the container that serves, in nano-cores.
    pub cpu_limit_nano: Option<i64>,
    /// CPU used while it does nothing.
    pub idle_cpu_nano: i64,
    /// Memory used while it does nothing.
    pub idle_memory_bytes: i64,
    /// Pods of equal number share their image.
    pub image: usize,
    /// How long it takes to start.
    pub start: Start,
    /// From deletion until it is gone.
    pub grace: Duration,
}

/// How long a pod takes to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Until it has a node, if there is room.
    pub schedule: Duration,
    /// Until the image is there, on a node that does not have it.
    pub image_pull: Duration,
    /// Then, until the containers run.
    pub container: Duration,
    /// Then, until it can serve, or has joined Ray.
    pub serve: Duration,
    /// Who finds out that it can serve; without a probe a running pod counts as ready.
    pub probe: Option<Probe>,
    /// CPU that starting takes beside all else, of what that leaves of the limit.
    pub cpu_nano: i64,
    /// From the containers' start until that is over.
    pub cpu_for: Duration,
}

/// A readiness probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// `initialDelaySeconds`.
    pub initial_delay: Duration,
    /// `periodSeconds`.
    pub period: Duration,
}

/// The HPA controller.
#[derive(Clone, Debug)]
pub struct Controller {
    /// What the release does.
    pub rules: hpa::Rules,
    /// Its queue.
    pub timing: hpa::Timing,
    /// How long before the run its cache told of every HPA for the last time.
    pub resync_age: Duration,
    /// How long it takes to read a scale.
    pub get_scale: Duration,
    /// How long it takes to ask for one metric.
    pub get_metric: Duration,
    /// How long it takes to write a scale.
    pub put_scale: Duration,
    /// How long it takes to write a status.
    pub put_status: Duration,
    /// When another one takes over.
    pub restarts: Vec<Instant>,
}

/// An edit of an HPA; what is absent stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// When.
    pub at: Instant,
    /// What is done.
    pub action: Action,
    /// `minReplicas`.
    pub min_replicas: Option<i32>,
    /// `maxReplicas`.
    pub max_replicas: Option<i32>,
}

/// What is done to an HPA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Its spec is changed.
    Edit,
    /// It is deleted.
    Delete,
    /// It is created as it was in the beginning, but for what the edit says.
    Create,
}

/// A HorizontalPodAutoscaler.
#[derive(Clone, Debug)]
pub struct Hpa {
    /// `metadata.namespace`.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
    /// What it was asked to do.
    pub spec: hpa::Spec,
    /// Where each of its metrics comes from.
    pub sources: Vec<MetricSource>,
    /// Edits of it, by time.
    pub edits: Vec<Edit>,
    /// What it scales.
    pub target: HpaTarget,
}

impl Hpa {
    /// Whether the API server has it, up to and including `at`.
    pub fn exists(&self, at: Instant) -> bool {
        let acts = |it: &&Edit| it.action != Action::Edit;
        match self.edits.iter().rev().filter(acts).find(|it| it.at <= at) {
            Some(last) => last.action == Action::Create,
            None => self.edits.iter().find(acts).is_none_or(|it| it.action == Action::Delete),
        }
    }

    /// What it is asked to do after the first `count` edits. Those of an HPA that is not there have
    /// no effect.
    pub fn spec_after(&self, count: usize) -> hpa::Spec {
        let mut spec = self.spec.clone();
        for edit in &self.edits[..count] {
            if edit.action == Action::Create {
                spec.clone_from(&self.spec);
            } else {
                spec.generation += 1;
            }
            spec.min_replicas = edit.min_replicas.unwrap_or(spec.min_replicas);
            let max_replicas = edit.max_replicas.unwrap_or(spec.max_replicas);
            spec.max_replicas = max_replicas.max(spec.min_replicas).max(1);
        }
        spec
    }
}

/// What an HPA scales.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HpaTarget {
    /// Index into the model's workloads.
    Workload(usize),
    /// Nothing that has a scale: the API server's answer.
    NoScale(String),
    /// Nothing at all: there is no such HPA, since the API server refuses it.
    Refused,
}

/// A RayService that someone edits.
#[derive(Clone, Debug)]
pub struct RayService {
    /// `metadata.namespace`.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
    /// What it says from when on, by time; the first from the beginning.
    pub versions: Vec<RayServiceVersion>,
    /// The applications of each of its Serve configs, by number.
    pub applications: Vec<Vec<String>>,
    /// Until its controller hears of an edit.
    pub lag: Duration,
}

/// What a RayService says for a while.
#[derive(Clone, Debug)]
pub struct RayServiceVersion {
    /// From when on.
    pub at: Instant,
    /// What it says about upgrades.
    pub spec: service::Spec,
    /// The cluster that it asks for, as its controller compares it.
    pub goal: service::Fingerprint,
    /// The same as an index into the model's clusters.
    pub cluster: usize,
    /// The number of its Serve config.
    pub config: u32,
    /// `target_capacity` of that config, percent.
    pub capacity: Option<f64>,
}

/// A RayCluster and its work.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// `metadata.namespace`.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
    /// What the autoscaler believes, or why it can't; `None` if it is switched off.
    pub autoscaler: Option<Result<config::AutoscalingConfig, config::ConfigError>>,
    /// Which autoscaler it is.
    pub version: config::Version,
    /// What the operator goes by, beside the groups.
    pub operator: operator::Spec,
    /// The head's group; one pod.
    pub head: Group,
    /// Worker groups in the manifest's order.
    pub groups: Vec<Group>,
    /// What is submitted.
    pub work: Vec<Work>,
    /// Time between two looks of the autoscaler.
    pub loop_interval: Duration,
    /// Until the autoscaler sees that a task waits.
    pub demand_lag: Duration,
    /// Until the operator acts on a patch.
    pub operator_lag: Duration,
    /// Until the kubelet answers a resize.
    pub resize_lag: Duration,
    /// Those of `work` that are programs of RayJobs, and of which: indexes into the model's.
    pub entrypoints: Vec<(usize, usize)>,
    /// The RayJob whose controller makes and deletes it, as an index into the model's.
    pub ray_job: Option<usize>,
    /// The RayService whose controller makes and deletes it, as an index into the model's.
    pub ray_service: Option<usize>,
    /// Whether it is not there at the start: its RayService or RayJob may ask for it later.
    pub later: bool,
    /// When someone edits it, by time, and which of the changes that is.
    pub edits: Vec<(Instant, usize)>,
    /// What edits make of it.
    pub changes: Vec<ClusterChange>,
}

impl Cluster {
    /// What edits up to and including `at` made of it, if there were any.
    pub fn change_at(&self, at: Instant) -> Option<&ClusterChange> {
        let last = self.edits.partition_point(|it| it.0 <= at).checked_sub(1)?;
        self.changes.get(self.edits.get(last)?.1)
    }
}

/// What an edit makes of a RayCluster.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterChange {
    /// Which of its edits it is, in the order of the Scenario.
    pub entry: usize,
    /// What the autoscaler believes from then on, as in [`Cluster::autoscaler`].
    pub autoscaler: Option<Result<config::AutoscalingConfig, config::ConfigError>>,
    /// `suspend`, if it is written.
    pub suspend: Option<bool>,
    /// Its worker groups.
    pub groups: Vec<GroupChange>,
    /// Until it is done again, if it is.
    pub every: Option<Duration>,
}

/// What an edit makes of a worker group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupChange {
    /// `suspend`.
    pub suspend: bool,
    /// `minReplicas`.
    pub min_replicas: i64,
    /// `maxReplicas`.
    pub max_replicas: i64,
    /// `replicas`, if the edit writes it.
    pub replicas: Option<i64>,
    /// Whether it takes all names out of `workersToDelete`.
    pub names_nobody: bool,
}

/// A RayJob, and how its program fares.
#[derive(Clone, Debug)]
pub struct RayJob {
    /// `metadata.namespace`.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
    /// What it says.
    pub spec: job::Spec,
    /// The cluster of each attempt, as indexes into the model's; with `clusterSelector` the one.
    pub clusters: Vec<usize>,
    /// The pod that submits in `K8sJobMode`.
    pub submitter: PodTemplate,
    /// How long its supervisor may take to start; for ever, if absent.
    pub start_timeout: Option<Duration>,
    /// How long its program runs; to the end, if absent.
    pub runs: Option<Duration>,
    /// How many of its programs fail at their end, the first ones.
    pub failures: u32,
}

/// A deployment of Ray Serve, and what is asked of it.
#[derive(Clone, Debug)]
pub struct Service {
    /// Index into the model's clusters.
    pub cluster: usize,
    /// The application's name.
    pub application: String,
    /// The deployment's name.
    pub name: String,
    /// Who decides how many replicas there are.
    pub scaling: Scaling,
    /// `target_capacity` of the Serve config.
    pub capacity: Option<serve::TargetCapacity>,
    /// What comes in.
    pub load: Load,
    /// How long one request takes.
    pub service_time: Duration,
    /// `max_ongoing_requests`: what a replica works on at once.
    pub max_ongoing_requests: i64,
    /// `max_queued_requests`: what may wait; no limit if absent.
    pub max_queued_requests: Option<i64>,
    /// What one replica is to Ray: an actor, or a placement group with a strategy.
    pub bundles: Vec<RayResources>,
    /// Which nodes may hold each bundle: empty, or one for each bundle.
    pub labels: Vec<LabelSelector>,
    /// How the bundles share nodes; `None` for an actor.
    pub strategy: Option<Strategy>,
    /// How many replicas are one placement group, placed whole or not at all.
    pub gang: Option<u32>,
    /// `max_replicas_per_node`.
    pub max_replicas_per_node: Option<i64>,
    /// From a replica's room until it runs.
    pub replica_start: Duration,
    /// From the order to stop until its room is free.
    pub drain: Duration,
    /// From the last replica on a worker being told to stop until its proxy is gone; `None` if no
    /// worker has one.
    pub proxy_drain: Option<Duration>,
    /// The number of the Serve config of its RayService that it stands in.
    pub config: u32,
    /// The same deployment as it stands in other configs.
    pub others: Vec<Service>,
}

impl Service {
    /// As it stands in the config of that number.
    pub fn in_config(&self, config: u32) -> Option<&Self> {
        std::iter::once(self).chain(&self.others).find(|it| it.config == config)
    }
}

/// Who decides how many replicas a deployment has.
#[derive(Clone, Debug, PartialEq)]
pub enum Scaling {
    /// `num_replicas`.
    Fixed(i64),
    /// Serve's autoscaler.
    Auto(serve::Config),
}

/// What the first container of a Ray pod is made of.
#[derive(Clone, Copy, Debug)]
pub struct ContainerSizes {
    /// `requests`.
    pub requests: Requirements,
    /// `limits`.
    pub limits: Requirements,
    /// `requests` of all other containers.
    pub others: Requirements,
}

/// A group of equal Ray pods.
#[derive(Clone, Debug)]
pub struct Group {
    /// `groupName`.
    pub name: String,
    /// `suspend`: it has no pods.
    pub suspend: bool,
    /// `replicas`, as the API server stores it.
    pub replicas: i64,
    /// `minReplicas`.
    pub min_replicas: i64,
    /// `maxReplicas`.
    pub max_replicas: i64,
    /// `numOfHosts`.
    pub num_of_hosts: i64,
    /// What one node of it has, as Ray sees it.
    pub resources: Resources,
    /// Its labels.
    pub labels: Labels,
    /// What its first container is made of, if its pods may be resized in place.
    pub resize: Option<ContainerSizes>,
    /// Its pods.
    pub pod: PodTemplate,
}
