//! Why the autoscaler answered as it did.
//!
//! One [`Cause`] for each rule that changed or withheld the answer, in the order in which the rules
//! ran: pods and Ray nodes are matched to instances, what took too long is given up, the scheduler
//! plans, instances are stopped and asked for, and the RayCluster is patched.

use super::instance_manager::InstanceStatus;
use super::observation::{PodId, RayNodeId};
use super::resize::Sizes;
use super::resources::Name;

/// Who asked for room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `request_resources`.
    Constraint,
    /// The placement group at this position of the observation.
    Gang(usize),
    /// Tasks and actors.
    Demands,
}

/// How well a node suits what was placed on it; compared from the first field to the last.
///
/// Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `_compute_score`.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Score {
    /// How early the matching selector stands among its request's; 0 if nothing selects.
    pub label_match: usize,
    /// False for a node with GPUs on which nothing that was placed asks for one.
    pub gpu_ok: bool,
    /// Distinct resources asked for that the node has.
    pub matching_resources: usize,
    /// Least `total * utilization³` over its resources.
    pub least_utilization: f64,
    /// Mean `total * utilization³` over its resources.
    pub mean_utilization: f64,
}

/// The resource that a request lacks on the node type that comes closest.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortage {
    /// The node type.
    pub node_type: Name,
    /// The resource; none if one node has enough of each.
    pub resource: Option<Name>,
    /// What one request takes.
    pub needed: f64,
    /// What a whole node has.
    pub has: f64,
    /// Whether its labels match. If they do and nothing is short, all nodes that may be are in use.
    pub labels_match: bool,
}

/// What keeps a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KeptBy {
    /// It is not idle.
    InUse,
    /// `idle_ms <= timeout_s * 1000`.
    IdleTimeout {
        /// How long it has been idle.
        idle_ms: i64,
        /// How long it may be.
        timeout_s: f64,
    },
    /// Waiting tasks, actors or placement groups are planned on it.
    Demands,
    /// `request_resources` counts on it.
    Constraint,
    /// `nodes - already_stopping <= min_nodes` of its type.
    MinNodes {
        /// Nodes of the type that stay so far.
        nodes: i64,
        /// The type's minimum.
        min_nodes: i64,
    },
}

/// Why a node is to go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StopCause {
    /// `idle_ms > timeout_s * 1000`, and nothing counts on it.
    Idle {
        /// How long it has been idle, or unneeded if Ray has not started on it.
        idle_ms: i64,
        /// How long it may be.
        timeout_s: f64,
    },
    /// Its type has more nodes than it may have.
    MaxNodesOfType {
        /// The type's maximum.
        max_nodes: i64,
    },
    /// The cluster has more nodes than it may have.
    MaxNodes {
        /// The cluster's maximum, the head included.
        max_nodes: i64,
    },
    /// v1: its group left the RayCluster.
    GroupRemoved,
}

/// Why a look was given up half way. What it had done by then stays done; the next look begins
/// anew, and fails again for as long as the reason lasts. Upstream only logs it.
#[derive(Clone, Debug, PartialEq)]
pub enum Stuck {
    /// `AssertionError: Invalid status transition`.
    IllegalTransition {
        /// The instance's type.
        node_type: Name,
        /// Where it is.
        from: InstanceStatus,
        /// Where it was to go.
        to: InstanceStatus,
    },
    /// `KeyError`: a node runs whose group left the RayCluster.
    UnknownNodeType(Name),
    /// v1, `ValueError`: a patch would have to name a group that is not in the RayCluster.
    GroupNotFound(Name),
    /// `AssertionError`: nodes that were only planned had to go again, because the minimums exceed
    /// the cluster's maximum.
    PlannedNodeStopped(Name),
    /// `AssertionError`: even without every worker there are more nodes than allowed.
    TooManyHeads {
        /// Nodes above the maximum that can't be stopped.
        left: i64,
    },
    /// `AssertionError`: a node of this type reports more free than it has.
    InvalidUtilization(Name),
    /// `AssertionError`: a node would carry two values for a placement group's label.
    ConflictingLabel(Name),
    /// `ValueError`: the first container of a pod that may be resized names no CPU or no memory.
    PodWithoutSize(PodId),
    /// `AssertionError`: a drain was refused by a node that neither runs nor idles.
    RefusedByStoppedNode(RayNodeId),
}

/// One rule that changed or withheld the answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// A pod was given to the oldest REQUESTED instance of its type, or adopted without one.
    Allocated {
        /// The pod.
        pod: PodId,
        /// Whether an instance had asked for it.
        requested: bool,
    },
    /// The RayCluster could not be patched for this instance in the last look; it is given up, and
    /// demand that remains makes a new one.
    LaunchFailed {
        /// The type.
        node_type: Name,
    },
    /// The raylet refused to drain: something runs on it again.
    DrainRefused {
        /// The node.
        pod: PodId,
    },
    /// `now - since > timeout_s`: an instance stayed in `status` too long and goes to `next`.
    TimedOut {
        /// The type.
        node_type: Name,
        /// Where it was.
        status: InstanceStatus,
        /// How long it may stay there.
        timeout_s: i64,
        /// Where it goes.
        next: InstanceStatus,
    },
    /// Allocating this type failed `elapsed_ms` ago: among types that fit equally well it comes
    /// after those with a higher `recoverable = min(1, elapsed / recovery)`.
    Unavailable {
        /// The type.
        node_type: Name,
        /// Since the pod was given up.
        elapsed_ms: i64,
        /// From 0 to 1.
        recoverable: f64,
    },
    /// v1: nodes of this type turned out to have `reported` of a resource where the RayCluster let
    /// expect `believed`; new ones are planned with it.
    ReportedResource {
        /// The type.
        node_type: Name,
        /// `CPU`, `GPU` or `memory`.
        resource: Name,
        /// By the RayCluster; 0 if it names none.
        believed: f64,
        /// By Ray on the first such node.
        reported: f64,
    },
    /// `min_nodes - nodes` are added.
    MinNodes {
        /// The type.
        node_type: Name,
        /// There are.
        nodes: i64,
        /// There must be.
        min_nodes: i64,
    },
    /// `nodes - max_nodes` must go: those without Ray first, then the longest idle, then the least
    /// used.
    MaxNodesOfType {
        /// The type.
        node_type: Name,
        /// There are.
        nodes: i64,
        /// There may be.
        max_nodes: i64,
    },
    /// As [`MaxNodesOfType`](Self::MaxNodesOfType), for the whole cluster.
    MaxNodes {
        /// There are.
        nodes: i64,
        /// There may be.
        max_nodes: i64,
    },
    /// Room for `placed` requests on `nodes` nodes that are there or on their way.
    FitsExisting {
        /// Who asked.
        source: Source,
        /// Requests placed.
        placed: u32,
        /// On so many nodes.
        nodes: u32,
    },
    /// Some of what is placed on nodes of a type is there by a fallback: the first selector of its
    /// labels does not match them.
    Fallback {
        /// Who asked.
        source: Source,
        /// The type.
        node_type: Name,
        /// Requests.
        placed: u32,
    },
    /// Room for `placed` requests on `pods` pods once they are resized in place to the most that
    /// they may have.
    Grows {
        /// Who asked.
        source: Source,
        /// Their type.
        node_type: Name,
        /// Requests placed.
        placed: u32,
        /// On so many pods.
        pods: u32,
    },
    /// The API server is asked to resize a pod in place.
    ResizeAsked {
        /// The pod.
        pod: PodId,
        /// What it has.
        from: Sizes,
        /// What it is to have.
        to: Sizes,
    },
    /// The kubelet has not enough for a resize: this much is asked for instead.
    ResizeSuggested {
        /// The pod.
        pod: PodId,
        /// Cores, if it is about them.
        cpu: Option<f64>,
        /// Bytes, if it is about them.
        memory: Option<i64>,
    },
    /// A resize failed, or took longer than `timeout_s`: it is taken back, and the pod is never
    /// resized again.
    ResizeFailed {
        /// The pod.
        pod: PodId,
        /// How long it might take, if that was the reason.
        timeout_s: Option<i64>,
    },
    /// The kubelet is done with a resize: the raylet is told.
    Resized {
        /// The pod.
        pod: PodId,
        /// What it has.
        to: Sizes,
    },
    /// Nodes of `node_type` are added for what fits nowhere else. Each time, of all types that may
    /// grow, it had the best score.
    NewNodes {
        /// Who asked.
        source: Source,
        /// The type that won.
        node_type: Name,
        /// How many.
        nodes: u32,
        /// Requests placed on them in all.
        placed: u32,
        /// How well the first of them fits.
        score: Score,
        /// The best other type, and how well it fits.
        runner_up: Option<(Name, Score)>,
    },
    /// Requests are left although this type would take them: all `max_nodes` of it are in use.
    TypeFull {
        /// Who asked.
        source: Source,
        /// The type.
        node_type: Name,
        /// The type's maximum.
        max_nodes: i64,
    },
    /// Requests are left and the cluster has its `max_nodes` nodes.
    ClusterFull {
        /// Who asked.
        source: Source,
        /// The cluster's maximum.
        max_nodes: i64,
    },
    /// `count` requests like this one fit nowhere, now and with all nodes that may be added.
    Infeasible {
        /// Who asked.
        source: Source,
        /// Position among the source's requests, in the observation.
        request: usize,
        /// How many.
        count: u32,
        /// What is missing where it fits best.
        shortage: Option<Shortage>,
    },
    /// All or nothing: `unplaced` of the constraint's bundles have no room, so it starts no node
    /// and protects none.
    ConstraintDropped {
        /// Bundles without room.
        unplaced: u32,
    },
    /// All or nothing: `unplaced` bundles have no room, so the placement group starts no node.
    GangDropped {
        /// Position in the observation.
        gang: usize,
        /// Bundles without room.
        unplaced: u32,
    },
    /// A node on which Ray runs stays.
    Kept {
        /// The node.
        pod: PodId,
        /// Why.
        by: KeptBy,
    },
    /// A node is to go.
    Stopped {
        /// The node; none if no pod was made for it yet.
        pod: Option<PodId>,
        /// The type.
        node_type: Name,
        /// Why.
        cause: StopCause,
    },
    /// The plan is thrown away: Ray on the head does not run yet.
    HeadNotRunning,
    /// `launched = clamp(min(limit - in_flight, max(1, ceil(speed * max(running, 1)))), 0, queued)`
    /// of the instances in the queue are asked for now.
    LaunchRate {
        /// The type.
        node_type: Name,
        /// Waiting to be asked for.
        queued: i64,
        /// Asked for and not seen yet, over all types.
        in_flight: i64,
        /// Most in flight.
        limit: i64,
        /// Nodes of the type that run.
        running: i64,
        /// Upscaling speed.
        speed: f64,
        /// Asked for now.
        launched: i64,
    },
    /// v1: `launched = min(queued, max(limit - pending, forced))` nodes are asked for now, where
    /// `limit = max(5, int(speed * max(running, 1)))`.
    PendingLimit {
        /// The type.
        node_type: Name,
        /// Planned.
        queued: i64,
        /// Nodes of the type on which Ray runs.
        running: i64,
        /// Nodes of the type on which it does not yet.
        pending: i64,
        /// Most that may be on their way.
        limit: i64,
        /// What minimums, `request_resources` and placement groups need, whatever the limit.
        forced: i64,
        /// Asked for now.
        launched: i64,
    },
    /// Pods named in this group's `workersToDelete` still exist: the RayCluster is left alone, for
    /// every group.
    PendingDeletes {
        /// The group.
        group: Name,
    },
    /// `desired_hosts / num_of_hosts` (rounded down) exceeds `maxReplicas`; `rejected` pods fail.
    CappedByMaxReplicas {
        /// The group.
        group: Name,
        /// Replicas wanted.
        wanted: i64,
        /// `maxReplicas`.
        max_replicas: i64,
        /// Pods that are not asked for.
        rejected: i64,
    },
    /// `hosts` pods are less than whole replicas of `num_of_hosts`: rounded down, `rounded_off` of
    /// them are never asked for.
    PartOfReplica {
        /// The group.
        group: Name,
        /// Pods wanted.
        hosts: i64,
        /// Pods of one replica.
        num_of_hosts: i64,
        /// Pods left out.
        rounded_off: i64,
    },
    /// `replicas` is missing in the RayCluster, or the group is: nothing can be patched.
    GroupNotPatchable {
        /// The group.
        group: Name,
    },
    /// The look was given up here.
    Stuck(Stuck),
    /// v1: looks that were given up since the autoscaler started. With more than `most` its process
    /// ends, and the next one remembers nothing.
    Failures {
        /// So many.
        failures: u32,
        /// `AUTOSCALER_MAX_NUM_FAILURES`.
        most: u32,
    },
    /// v1: the last look was less than 5 s ago, so nothing is done.
    TooSoon {
        /// How long ago.
        since_ms: i64,
    },
}

/// Why the autoscaler answered as it did, in the order in which the rules ran.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// One entry for each rule that mattered.
    pub causes: Vec<Cause>,
}

impl Trace {
    pub(super) fn push(&mut self, cause: Cause) {
        self.causes.push(cause);
    }
}
