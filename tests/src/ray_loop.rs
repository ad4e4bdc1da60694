//! A closed loop of Ray's autoscaler v2: what upstream saw, look by look, is shown to ours.
//!
//! The world lives in `oracle/ray/v2_loop.py` alone. As long as ours decides the same, it sees what
//! it would have seen had it decided itself.

use serde_json::{Map, Value, json};
use tidetable_core::ray::config::{AutoscalingConfig, derive};
use tidetable_core::ray::resize::PodResources;
use tidetable_core::ray::{
    Decision, Drain, GangRequest, GroupSeen, InstanceStatus, Labels, Name, Observation, PodId,
    PodSeen, RayNode, RayNodeId, RayNodeStatus, ResourceConstraint, Resources, State, StopCause,
    Stuck, Trace, update,
};
use tidetable_core::time::Instant;

use crate::ray_config::cluster;
use crate::ray_json::{demands, index, int, labels, list, name, request, resources, text};
use crate::ray_provider::{group, pod, print};
use crate::ray_resize;

/// How our decisions differ, at the first look at which they do.
pub fn differs(case: &Value) -> Option<String> {
    run(case, &mut Trace::default())
}

/// As [`differs`]; the reasons are added to `trace`.
pub fn run(case: &Value, trace: &mut Trace) -> Option<String> {
    let mut state = State::default();
    let mut seen = Map::new();
    let nothing = json!([]);
    let head_requests = case.get("head_requests").unwrap_or(&nothing);
    for look in list(&case["out"]) {
        let changed = look["seen"].as_object().cloned().unwrap_or_default();
        seen.extend(changed);
        let upstream = in_order(&look["decided"]);
        let ours = match derive(&cluster(&json!({
            "options": case["options"],
            "head": {"limits": [["cpu", case["head_cpu"]]], "requests": head_requests},
            "resize": seen.get("resize"),
            "groups": seen["groups"],
        }))) {
            Ok(config) => in_order(&decide(&config, &mut state, &seen, int(&look["at"]), trace)),
            // Upstream gives the look up before it looks at anything else.
            Err(error) => in_order(&given_up(&seen, &state, error.exception())),
        };
        if ours != upstream {
            let seen = Value::from(seen);
            let at = &look["at"];
            return Some(format!("  at {at}: {seen}\n  upstream: {upstream}\n  ours:     {ours}"));
        }
    }
    None
}

fn given_up(seen: &Map<String, Value>, state: &State, error: &str) -> Value {
    let mut decided = json!({
        "patches": [], "drains": [], "rows": rows(state), "error": error,
    });
    if seen.contains_key("resources") {
        decided["resizes"] = json!([]);
    }
    decided
}

/// The order in which finished deletions are cleared is that of a set.
fn in_order(decided: &Value) -> Value {
    let mut decided = decided.clone();
    if let Some(patches) = decided["patches"].as_array_mut() {
        patches.sort_by_key(ToString::to_string);
    }
    decided
}

/// What upstream calls a Ray node, with what belongs to it.
pub(crate) struct Node {
    group: Name,
    total: Resources,
    available: Resources,
    labels: Labels,
}

pub(crate) fn decide(
    config: &AutoscalingConfig,
    state: &mut State,
    seen: &Map<String, Value>,
    at: i64,
    trace: &mut Trace,
) -> Value {
    let pods: Vec<PodSeen> = list(&seen["pods"]).iter().map(pod).collect();
    let groups: Vec<GroupSeen> = list(&seen["groups"]).iter().map(group).collect();
    let nodes: Vec<Node> = list(&seen["nodes"]).iter().map(node).collect();
    let ray_nodes: Vec<RayNode<'_>> =
        list(&seen["nodes"]).iter().zip(&nodes).map(|(it, node)| ray_node(it, node)).collect();
    let gang =
        |bundles: &Value| GangRequest { requests: list(bundles).iter().map(request).collect() };
    let gangs: Vec<GangRequest> = list(&seen["gangs"]).iter().map(gang).collect();
    let constraint = &seen["constraint"];
    let constraint = ResourceConstraint { requests: demands(constraint) };
    let pod_resources: Option<Vec<PodResources>> =
        seen.get("resources").map(|it| list(it).iter().map(ray_resize::resources).collect());
    let pod_resources = pod_resources.unwrap_or_default();
    let refused: Vec<RayNodeId> =
        list(&seen["refused"]).iter().map(|id| RayNodeId(index(id))).collect();
    let observation = Observation {
        pods: &pods,
        groups: &groups,
        ray_nodes: &ray_nodes,
        demands: &demands(&seen["demands"]),
        gangs: &gangs,
        constraint: seen["constraint"].is_array().then_some(&constraint),
        refused_drains: &refused,
        resources: &pod_resources,
    };
    let step = update(config, std::mem::take(state), &observation, Instant::from_seconds(at));
    *state = step.state;
    trace.causes.extend(step.trace.causes);
    let mut answer = decided(&step.decision, state);
    if seen.contains_key("resources") {
        answer["resizes"] = step.decision.resizes.iter().map(ray_resize::print).collect();
    }
    answer
}

fn decided(decision: &Decision, state: &State) -> Value {
    let drain = |it: &Drain| match it.cause {
        StopCause::Idle { .. } => json!([it.ray_node.0, "idle"]),
        StopCause::MaxNodesOfType { .. } | StopCause::MaxNodes { .. } => {
            json!([it.ray_node.0, "forced"])
        }
        StopCause::GroupRemoved => unreachable!("v1 alone"),
    };
    let mut decided = json!({
        "patches": decision.patches.iter().map(print).collect::<Vec<_>>(),
        "drains": decision.drains.iter().map(drain).collect::<Vec<_>>(),
        "rows": rows(state),
        "error": decision.stuck.as_ref().map(exception),
    });
    if decision.stuck.is_none() {
        let demands: u32 = decision.infeasible_demands.iter().map(|(_, count)| count).sum();
        let constraint = i32::from(decision.infeasible_constraint);
        decided["infeasible"] = json!([demands, decision.infeasible_gangs.len(), constraint]);
    }
    decided
}

pub(crate) fn exception(stuck: &Stuck) -> &'static str {
    match stuck {
        Stuck::UnknownNodeType(_) => "KeyError",
        Stuck::GroupNotFound(_) | Stuck::PodWithoutSize(_) => "ValueError",
        Stuck::IllegalTransition { .. }
        | Stuck::PlannedNodeStopped(_)
        | Stuck::TooManyHeads { .. }
        | Stuck::InvalidUtilization(_)
        | Stuck::ConflictingLabel(_)
        | Stuck::RefusedByStoppedNode(_) => "AssertionError",
    }
}

/// Every instance that is not over: type, status, pod and Ray node.
fn rows(state: &State) -> Value {
    let is_over =
        |status| matches!(status, InstanceStatus::Terminated | InstanceStatus::AllocationFailed);
    let rows = state.instances().iter().filter(|row| !is_over(row.status)).map(|row| {
        let (pod, ray_node) = (row.pod.map(|it| it.0), row.ray_node.map(|it| it.0));
        json!([&*row.node_type, status_name(row.status), pod, ray_node])
    });
    rows.collect()
}

fn status_name(status: InstanceStatus) -> &'static str {
    match status {
        InstanceStatus::Queued => "QUEUED",
        InstanceStatus::Requested => "REQUESTED",
        InstanceStatus::Allocated => "ALLOCATED",
        InstanceStatus::RayRunning => "RAY_RUNNING",
        InstanceStatus::RayStopRequested => "RAY_STOP_REQUESTED",
        InstanceStatus::RayStopping => "RAY_STOPPING",
        InstanceStatus::RayStopped => "RAY_STOPPED",
        InstanceStatus::Terminating => "TERMINATING",
        InstanceStatus::Terminated => "TERMINATED",
        InstanceStatus::AllocationFailed => "ALLOCATION_FAILED",
        InstanceStatus::AllocationTimeout => "ALLOCATION_TIMEOUT",
        InstanceStatus::TerminationFailed => "TERMINATION_FAILED",
    }
}

pub(crate) fn node(value: &Value) -> Node {
    Node {
        group: name(&value["type"]),
        total: resources(&value["total"]),
        available: resources(&value["available"]),
        labels: labels(&value["labels"]),
    }
}

pub(crate) fn ray_node<'a>(value: &Value, node: &'a Node) -> RayNode<'a> {
    RayNode {
        id: RayNodeId(index(&value["id"])),
        pod: PodId(index(&value["pod"])),
        node_type: &node.group,
        total: &node.total,
        available: &node.available,
        labels: &node.labels,
        dynamic_labels: Labels::NONE,
        idle_ms: int(&value["idle_ms"]),
        status: match text(&value["status"]) {
            "RUNNING" => RayNodeStatus::Running,
            "IDLE" => RayNodeStatus::Idle,
            "DRAINING" => RayNodeStatus::Draining,
            _ => RayNodeStatus::Dead,
        },
    }
}
