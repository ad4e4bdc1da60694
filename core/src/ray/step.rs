//! One look of the autoscaler.

use super::config::AutoscalingConfig;
use super::instance_manager::{Book, Instance, InstanceStatus, Look};
use super::observation::{Observation, PodId, RayNodeId};
use super::provider::{Patch, ProviderErrors, RequestId};
use super::resize::ResizeCall;
use super::resources::Name;
use super::scheduler::PendingUnneeded;
use super::trace::{Cause, StopCause, Stuck, Trace};
use crate::time::Instant;

/// What the autoscaler remembers from look to look.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub(super) book: Book,
    /// Errors of the last look's patches.
    pub(super) errors: ProviderErrors,
    /// Requests for pods that were dealt with and may come again.
    pub(super) handled: Vec<RequestId>,
    pub(super) next_request: RequestId,
    pub(super) pending: PendingUnneeded,
    /// When a type could last not be allocated.
    pub(super) unavailable: Vec<(Name, Instant)>,
}

impl State {
    /// Whether no node is on its way, and no time runs.
    pub fn is_settled(&self) -> bool {
        let runs = |it: &Instance| it.status == InstanceStatus::RayRunning;
        self.book.rows.iter().all(runs) && self.unavailable.is_empty()
    }

    /// Every node that was asked for or found and is not over yet, oldest first.
    pub fn instances(&self) -> &[Instance] {
        &self.book.rows
    }
}

/// A Ray node that is asked to stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Drain {
    /// The raylet.
    pub ray_node: RayNodeId,
    /// Its pod.
    pub pod: PodId,
    /// Why. A raylet may refuse if the cause is [`StopCause::Idle`] and it is not idle; anything
    /// else is forced, whatever runs there.
    pub cause: StopCause,
}

/// Pods that were asked for in this look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// Of which type.
    pub node_type: Name,
    /// How many.
    pub count: i64,
}

/// What the autoscaler does after one look.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// Changes of the RayCluster, in order.
    pub patches: Vec<Patch>,
    /// Ray nodes that are asked to stop.
    pub drains: Vec<Drain>,
    /// Calls for pods that are resized in place, in order.
    pub resizes: Vec<ResizeCall>,
    /// Pods that were asked for, whether or not the patch could be made.
    pub launches: Vec<Launch>,
    /// Demand that fits nowhere: position in the observation, and how many of it.
    pub infeasible_demands: Vec<(usize, u32)>,
    /// Placement groups that fit nowhere, by position in the observation.
    pub infeasible_gangs: Vec<usize>,
    /// Whether `request_resources` asks for more than can be had.
    pub infeasible_constraint: bool,
    /// Why the look was given up half way, if it was.
    pub stuck: Option<Stuck>,
}

/// One look: the answer, what is remembered, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// What to do.
    pub decision: Decision,
    /// For the next look.
    pub state: State,
    /// Why.
    pub trace: Trace,
}

/// One look of the autoscaler.
///
/// First what happened since the last look: pods, Ray nodes and errors move the instances on. Then
/// what takes too long is given up, the scheduler plans, nodes are stopped, and at last nodes are
/// asked for; stopping comes first so that its room can be used.
///
/// What the look patches shows in the RayCluster at once, but no pod comes or goes during it.
///
/// Upstream: ray 2.60.0 autoscaler/v2/autoscaler.py `update_autoscaling_state`,
/// autoscaler/v2/instance_manager/reconciler.py `reconcile`.
pub fn update(
    config: &AutoscalingConfig,
    state: State,
    seen: &Observation<'_>,
    now: Instant,
) -> Step {
    let mut look = Look::new(config, state, seen, now);
    let result = look.run();
    let mut step = look.end();
    if let Err(stuck) = result {
        step.trace.push(Cause::Stuck(stuck.clone()));
        step.decision.stuck = Some(stuck);
    }
    step
}
