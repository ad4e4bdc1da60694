//! What was: series, and every look with its trace.

use std::rc::Rc;

use crate::hpa;
use crate::keda;
use crate::nodes::Unschedulable;
use crate::ray;
use crate::series::Series;
use crate::serve;
use crate::sim::ray_looks::RayLooks;
use crate::sim::world::Owner;
use crate::time::{Duration, Instant};

/// What became of a model.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// One for each workload of the model.
    pub workloads: Vec<WorkloadTrack>,
    /// One for each HPA of the model.
    pub hpas: Vec<HpaTrack>,
    /// For each ScaledObject of the model, every poll of KEDA's.
    pub keda: Vec<Vec<KedaLook>>,
    /// One for each cluster of the model.
    pub clusters: Vec<ClusterTrack>,
    /// One for each Serve deployment of the model.
    pub services: Vec<ServiceTrack>,
    /// For each RayService of the model, the passes of its controller that did or saw something
    /// new.
    pub ray_services: Vec<Vec<RayServiceLook>>,
    /// For each RayJob of the model, the passes of its controller that did or saw something new.
    pub ray_jobs: Vec<Vec<RayJobLook>>,
    /// Nodes with at least one pod.
    pub nodes_used: Series,
    /// Pods that exist.
    pub pods: Series,
    /// Pods that no node has room for.
    pub unschedulable: Series,
    /// Every pod there was, in the order of creation.
    pub lives: Vec<PodLife>,
    /// Where it ends: before its duration is over only if a limit was reached.
    pub end: Instant,
    /// What could not be applied, and limits that were reached, by time.
    pub notes: Vec<(Instant, Note)>,
}

/// When a pod came how far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodLife {
    /// Whose it is.
    pub owner: Owner,
    /// Its name.
    pub name: String,
    /// When it was created.
    pub created: Instant,
    /// When it had a node; may lie behind the end.
    pub bound: Option<Instant>,
    /// When its containers ran.
    pub started: Option<Instant>,
    /// When it was ready.
    pub ready: Option<Instant>,
    /// When its Ray node joined, if it is one.
    pub joined: Option<Instant>,
    /// When it was deleted.
    pub deleted: Option<Instant>,
}

/// A workload over time.
#[derive(Clone, Debug, Default)]
pub struct WorkloadTrack {
    /// Requests per second that arrive.
    pub load: Series,
    /// Requests per second that are served.
    pub served: Series,
    /// `spec.replicas`.
    pub desired: Series,
    /// Ready pods.
    pub ready: Series,
    /// Requests that wait, if they do.
    pub waiting: Series,
    /// Requests that arrived, in thousand-millionths.
    pub arrived_nano: i128,
    /// Requests that nobody served, in thousand-millionths.
    pub unserved_nano: i128,
}

/// An HPA over time.
#[derive(Clone, Debug, Default)]
pub struct HpaTrack {
    /// Every look.
    pub looks: Vec<HpaLook>,
}

/// One look of an HPA.
#[derive(Clone, Debug)]
pub struct HpaLook {
    /// When.
    pub at: Instant,
    /// `scale.spec.replicas` before.
    pub from: i32,
    /// After.
    pub decision: hpa::Decision,
    /// Why.
    pub trace: hpa::Trace,
    /// The status it left.
    pub status: Rc<hpa::Status>,
    /// What it was asked to do at that time.
    pub spec: Rc<hpa::Spec>,
    /// What it saw, from close by: only of the look that [`run_up_to`](super::run_up_to) ends with.
    pub detail: Option<hpa::Detail>,
}

/// One poll of KEDA's.
#[derive(Clone, Debug)]
pub struct KedaLook {
    /// When.
    pub at: Instant,
    /// `spec.replicas` before.
    pub from: i32,
    /// After.
    pub to: i32,
    /// Why.
    pub trace: keda::Trace,
}

/// A Serve deployment over time.
#[derive(Clone, Debug, Default)]
pub struct ServiceTrack {
    /// Turns of the controller's loop in which the target or the wish that waits changed.
    pub looks: Vec<ServeLook>,
    /// The target.
    pub target: Series,
    /// Replicas that run.
    pub running: Series,
    /// Replicas that wait for room or start.
    pub starting: Series,
    /// Requests per second that arrive.
    pub load: Series,
    /// Requests per second that are served.
    pub served: Series,
    /// Requests that run, for each replica.
    pub ongoing: Series,
    /// Requests that wait at handles.
    pub queued: Series,
    /// Requests that arrived, in thousand-millionths.
    pub arrived_nano: i128,
    /// Requests that were turned away, in thousand-millionths.
    pub rejected_nano: i128,
    /// Whether its cluster ever had it.
    pub lived: bool,
}

/// One turn of a Serve controller's loop.
#[derive(Clone, Debug)]
pub struct ServeLook {
    /// When.
    pub at: Instant,
    /// The target before.
    pub from: i64,
    /// After.
    pub to: i64,
    /// Why.
    pub trace: serve::Trace,
}

/// A RayCluster over time.
#[derive(Clone, Debug, Default)]
pub struct ClusterTrack {
    /// Every look of its autoscaler.
    pub looks: RayLooks,
    /// Passes of KubeRay's operator over it that made or deleted pods.
    pub passes: Vec<OperatorPass>,
    /// When it was made; never, if absent.
    pub made: Option<Instant>,
    /// When it was deleted.
    pub deleted: Option<Instant>,
    /// When its spec was written anew, and of which of the model's clusters it is since.
    pub updates: Vec<(Instant, usize)>,
    /// One for each worker group.
    pub groups: Vec<GroupTrack>,
    /// Tasks, actors and placement groups that wait for room.
    pub pending: Series,
    /// Tasks and actors that run, and placement groups that are placed.
    pub running_work: Series,
}

/// One pass of KubeRay's operator.
#[derive(Clone, Debug)]
pub struct OperatorPass {
    /// When.
    pub at: Instant,
    /// Pods that the cluster had, without those on their way out.
    pub from: usize,
    /// Those that it has.
    pub to: usize,
    /// Why.
    pub trace: ray::operator::Trace,
}

/// One pass of the controller of a RayService.
#[derive(Clone, Debug)]
pub struct RayServiceLook {
    /// When.
    pub at: Instant,
    /// RayClusters that it had.
    pub from: usize,
    /// Those that it has.
    pub to: usize,
    /// The clusters that its trace names, by number: which of the model's each is, once it is
    /// made.
    pub clusters: Vec<Option<usize>>,
    /// Why.
    pub trace: ray::service::Trace,
}

/// One pass of the controller of a RayJob.
#[derive(Clone, Debug)]
pub struct RayJobLook {
    /// When.
    pub at: Instant,
    /// RayClusters of its own that it had.
    pub from: usize,
    /// Those that it has.
    pub to: usize,
    /// `jobDeploymentStatus` afterwards.
    pub status: ray::job::DeploymentStatus,
    /// The clusters that its trace names, by number: which of the model's each is.
    pub clusters: Vec<usize>,
    /// Why.
    pub trace: ray::job::Trace,
}

/// A worker group over time, in pods.
#[derive(Clone, Debug, Default)]
pub struct GroupTrack {
    /// Asked for in the RayCluster.
    pub requested: Series,
    /// Ray nodes that have joined and not left.
    pub running: Series,
}

/// One look of a Ray autoscaler.
#[derive(Clone, Debug)]
pub struct RayLook {
    /// When.
    pub at: Instant,
    /// Pods asked for before, by worker group.
    pub from: Vec<i64>,
    /// After.
    pub to: Vec<i64>,
    /// What it saw waiting.
    pub demands: Rc<[ray::ResourceDemand]>,
    /// Placement groups that it saw waiting.
    pub gangs: usize,
    /// Whether `request_resources` asked for something.
    pub constrained: bool,
    /// What it decided.
    pub decision: ray::Decision,
    /// Why.
    pub trace: ray::Trace,
}

/// A field of a RayCluster that someone edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditedField {
    /// The worker group's number; the cluster itself, if absent.
    pub group: Option<usize>,
    /// What it is from then on.
    pub to: EditedTo,
}

/// What an edited field is from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditedTo {
    /// `replicas`.
    Replicas(i64),
    /// `minReplicas`.
    MinReplicas(i64),
    /// `maxReplicas`.
    MaxReplicas(i64),
    /// `suspend`; not written, if absent.
    Suspend(Option<bool>),
    /// `scaleStrategy.workersToDelete` is empty.
    NobodyNamed,
}

/// Something that could not be applied, that someone did, or a limit that was reached.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// No node has room for a pod of this name.
    Unschedulable {
        /// The pod.
        pod: String,
        /// What is short.
        reason: Unschedulable,
    },
    /// More pods than are simulated: further ones are asked for but never made.
    PodLimit {
        /// The most that exist at once.
        most: usize,
    },
    /// More happens than is simulated: the run ends here.
    StepLimit,
    /// More tasks, actors and placement groups than are simulated.
    WorkLimit {
        /// The cluster.
        cluster: String,
        /// The most of a run.
        most: u64,
    },
    /// The Ray autoscaler can't read its RayCluster and skips every look.
    RayConfig {
        /// The cluster.
        cluster: String,
        /// Upstream's error.
        error: ray::config::ConfigError,
    },
    /// Someone edited a RayCluster.
    Edited {
        /// The cluster.
        cluster: String,
        /// What changed.
        fields: Vec<EditedField>,
        /// Pods that the autoscaler had asked for and that are not made any more.
        undone: i64,
        /// After how long the same is done again, if it is.
        every: Option<Duration>,
    },
    /// Tasks, actors and placement groups that ran or waited in a cluster that was suspended.
    WorkSuspended {
        /// The cluster.
        cluster: String,
        /// How many.
        count: u64,
    },
    /// Tasks, actors and placement groups that ran or waited in a cluster that was deleted.
    WorkLost {
        /// The cluster.
        cluster: String,
        /// How many.
        count: u64,
    },
    /// The Ray autoscaler gave up a look half way.
    RayStuck {
        /// The cluster.
        cluster: String,
        /// Why.
        reason: ray::Stuck,
    },
}
