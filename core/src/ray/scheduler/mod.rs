//! What the cluster should look like: which nodes to start and which to stop.
//!
//! In this order: the minimum of each type, the maximum of each type and of the cluster, the room
//! that `request_resources` asks for, placement groups, tasks and actors, and at last the nodes
//! that idled too long. Nodes that run or are on their way come before new ones throughout, first
//! as they are, then as large as they may become.
//!
//! Placing is [`placement`], the fit of one node [`trial`]. What was decided here becomes pods and
//! drains in the instance manager.
//!
//! The check of launch hashes is left out: KubeRay switches it off.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `ResourceDemandScheduler.schedule`.

mod bracket;
mod contest;
mod context;
mod explain;
mod idle;
mod limits;
mod node;
mod pending;
mod placement;
mod request;
mod resizing;
mod shapes;
#[cfg(test)]
mod tests;
mod trial;

pub use pending::PendingUnneeded;

pub(super) use explain::shortage;
pub(super) use request::compare_items;
pub(super) use trial::fits;

use context::Context;
use node::{Ledger, Node, Plan};
use placement::place;
use request::{Gang, gangs_in_order, groups_of};

use super::config::AutoscalingConfig;
use super::demand::{GangRequest, ResourceConstraint, ResourceDemand};
use super::instance_manager::InstanceStatus;
use super::observation::{NodeKind, PodId, RayNode};
use super::resize::ResizeStatus;
use super::resources::Name;
use super::trace::{Cause, Source, StopCause, Stuck, Trace};
use crate::time::Instant;

/// An instance as the scheduler sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceSeen<'a> {
    /// Its node type.
    pub node_type: &'a Name,
    /// Where it stands.
    pub status: InstanceStatus,
    /// Head or worker, once known.
    pub kind: Option<NodeKind>,
    /// Its pod, once there is one.
    pub pod: Option<PodId>,
    /// Its Ray node, if the GCS lists it.
    pub ray_node: Option<&'a RayNode<'a>>,
}

/// How likely a node type can be had, from 0 to 1; decides only between equal scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Availability {
    /// Recovers with time after a failure.
    pub recoverable: f64,
    /// Compares failures with each other.
    pub cloud: f64,
}

impl Default for Availability {
    /// Nothing failed.
    fn default() -> Self {
        Self { recoverable: 1.0, cloud: 1.0 }
    }
}

/// All that one plan takes into account.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Types and limits.
    pub config: &'a AutoscalingConfig,
    /// How likely each type can be had, in the order of the types; may be empty.
    pub availabilities: &'a [Availability],
    /// What there is, oldest first.
    pub instances: &'a [InstanceSeen<'a>],
    /// Tasks and actors.
    pub demands: &'a [ResourceDemand],
    /// Placement groups.
    pub gangs: &'a [GangRequest],
    /// `request_resources`.
    pub constraint: Option<&'a ResourceConstraint>,
    /// Where the resizes of pods stand.
    pub resizes: &'a [&'a ResizeStatus],
}

/// A node that is to go.
#[derive(Clone, Debug, PartialEq)]
pub struct Termination {
    /// Position among the instances; none for a node that was only planned.
    pub instance: Option<usize>,
    /// Its type.
    pub node_type: Name,
    /// Why.
    pub cause: StopCause,
}

/// The plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Nodes to start, by type.
    pub to_launch: Vec<(Name, i64)>,
    /// Nodes to stop.
    pub to_terminate: Vec<Termination>,
    /// Pods to resize in place.
    pub to_resize: Vec<ResizeStatus>,
    /// Demands without room: position, and how many of it.
    pub infeasible_demands: Vec<(usize, u32)>,
    /// Placement groups without room, by position.
    pub infeasible_gangs: Vec<usize>,
    /// Whether there is no room for the constraint.
    pub infeasible_constraint: bool,
}

/// Plans the cluster.
///
/// # Errors
/// Where upstream's scheduler raises an exception.
pub fn schedule(
    request: &Request<'_>,
    pending: &mut PendingUnneeded,
    now: Instant,
    trace: &mut Trace,
) -> Result<Reply, Stuck> {
    let config = request.config;
    let gangs = gangs_in_order(request.gangs);
    let nodes = request.instances.iter().enumerate();
    let mut context = Context {
        config,
        availabilities: request.availabilities,
        nodes: nodes.filter_map(|(index, it)| Node::of_instance(config, index, it)).collect(),
    };
    resizing::attach(&mut context, request);
    let mut reply = Reply::default();
    limits::add_missing(&mut context, trace);
    limits::stop_excess_of_types(&mut context, trace)?;
    limits::stop_excess_of_cluster(&mut context, trace)?;
    resizing::show_desired(&mut context.nodes);
    if let Some(constraint) = request.constraint {
        reply.infeasible_constraint = !place_constraint(&mut context, constraint, trace)?;
    }
    for gang in &gangs {
        if !place_gang(&mut context, gang, trace)? {
            reply.infeasible_gangs.push(gang.origin);
        }
    }
    reply.infeasible_demands = place_demands(&mut context, request.demands, trace)?;
    if config.pending_idle_timeout_s.is_some() {
        pending.update(&mut context, now);
    }
    idle::stop_idle(&mut context, trace);
    if config.pending_idle_timeout_s.is_some() {
        pending.release(&context);
    }
    collect(&context, &mut reply, trace);
    Ok(reply)
}

fn place_constraint<'a>(
    context: &mut Context<'a>,
    constraint: &'a ResourceConstraint,
    trace: &mut Trace,
) -> Result<bool, Stuck> {
    let groups = groups_of(&constraint.requests);
    let nodes = std::mem::take(&mut context.nodes);
    let outcome = place(context, nodes, &groups, Ledger::Constraint)?;
    explain::pass(context, Source::Constraint, &groups, &outcome, trace);
    let unplaced = outcome.unplaced();
    if unplaced > 0 {
        trace.push(Cause::ConstraintDropped { unplaced });
        context.nodes = outcome.undone();
        return Ok(false);
    }
    context.nodes = outcome.nodes;
    Ok(true)
}

fn place_gang<'a>(
    context: &mut Context<'a>,
    gang: &'a Gang<'_>,
    trace: &mut Trace,
) -> Result<bool, Stuck> {
    let groups = gang.groups();
    let nodes = std::mem::take(&mut context.nodes);
    let outcome = place(context, nodes, &groups, Ledger::Demand)?;
    explain::pass(context, Source::Gang(gang.origin), &groups, &outcome, trace);
    let unplaced = outcome.unplaced();
    if unplaced > 0 {
        trace.push(Cause::GangDropped { gang: gang.origin, unplaced });
        context.nodes = outcome.undone();
        return Ok(false);
    }
    context.nodes = outcome.nodes;
    Ok(true)
}

fn place_demands<'a>(
    context: &mut Context<'a>,
    demands: &'a [ResourceDemand],
    trace: &mut Trace,
) -> Result<Vec<(usize, u32)>, Stuck> {
    let groups = groups_of(demands);
    let nodes = std::mem::take(&mut context.nodes);
    let outcome = place(context, nodes, &groups, Ledger::Demand)?;
    explain::pass(context, Source::Demands, &groups, &outcome, trace);
    let left = groups.iter().zip(&outcome.left).filter(|(_, left)| **left > 0);
    let infeasible = left.map(|(group, &left)| (group.origin, left)).collect();
    context.nodes = outcome.nodes;
    Ok(infeasible)
}

fn collect(context: &Context<'_>, reply: &mut Reply, trace: &mut Trace) {
    for node in &context.nodes {
        let resize = node.resize.iter().filter(|it| it.is_to_send());
        reply.to_resize.extend(resize.map(|it| (**it).clone()));
        match node.plan {
            Plan::Keep => {}
            Plan::Launch => {
                match reply.to_launch.iter_mut().find(|(name, _)| name == node.type_name) {
                    Some((_, count)) => *count += 1,
                    None => reply.to_launch.push((node.type_name.clone(), 1)),
                }
            }
            Plan::Stop(cause) => {
                let node_type = node.type_name.clone();
                trace.push(Cause::Stopped { pod: node.pod, node_type: node_type.clone(), cause });
                reply.to_terminate.push(Termination { instance: node.instance, node_type, cause });
            }
        }
    }
}
