//! The scheduler against `ResourceDemandScheduler.schedule`.

use serde_json::{Value, json};
use tidetable_core::ray::config::{AutoscalingConfig, NodeType, ResizeLimits, Timeouts};
use tidetable_core::ray::resize::{Notes, Progress, ResizeStatus};
use tidetable_core::ray::scheduler::{
    Availability, InstanceSeen, PendingUnneeded, Reply, Request, schedule,
};
use tidetable_core::ray::{
    GangRequest, InstanceStatus, Labels, Name, NodeKind, PodId, RayNode, RayNodeId, RayNodeStatus,
    ResourceConstraint, Resources, StopCause, Stuck, Trace,
};
use tidetable_core::time::Instant;

use crate::ray_json::{demands, int, labels, list, name, number, request, resources, text};
use crate::ray_oracle::both;

/// How our answer differs, if it does.
pub fn differs(case: &Value) -> Option<String> {
    both(&case["out"], &answer(case, &mut Trace::default()))
}

struct Node {
    total: Resources,
    available: Resources,
    labels: Labels,
    dynamic: Labels,
}

/// Our answer to a case; the reasons are added to `trace`.
pub fn answer(case: &Value, trace: &mut Trace) -> Value {
    with_request(case, |request| {
        let mut pending = PendingUnneeded::default();
        let mut reply_at = |seconds: &Value| {
            let now = Instant::from_ms((number(seconds) * 1000.0) as i64);
            match schedule(request, &mut pending, now, trace) {
                Ok(reply) => {
                    let mut answer = print(&reply, request.gangs);
                    if case["resizes"] == true {
                        answer["resize"] = reply.to_resize.iter().map(print_resize).collect();
                    }
                    answer
                }
                Err(Stuck::UnknownNodeType(_)) => json!({"error": "KeyError"}),
                Err(_) => json!({"error": "AssertionError"}),
            }
        };
        list(&case["times"]).iter().map(&mut reply_at).collect()
    })
}

/// A question that nobody answered, its maps in the order in which they are written.
pub fn with_pairs(question: &Value) -> Value {
    let pairs = |map: &mut Value| {
        let Some(amounts) = map.as_object() else { return };
        let amounts: Vec<Value> = amounts.iter().map(|(name, it)| json!([name, it])).collect();
        *map = amounts.into();
    };
    let mut case = question.clone();
    for field in ["types", "demands"] {
        for it in case[field].as_array_mut().into_iter().flatten() {
            pairs(&mut it["res"]);
        }
    }
    for it in case["instances"].as_array_mut().into_iter().flatten() {
        pairs(&mut it["ray"]["total"]);
        pairs(&mut it["ray"]["available"]);
    }
    case
}

/// Hands the request that a case stands for to `look`.
pub fn with_request<R>(case: &Value, look: impl FnOnce(&Request<'_>) -> R) -> R {
    let config = config(case);
    let availability = |map: &str, name: &Name| case[map][&**name].as_f64().unwrap_or(1.0);
    let availabilities: Vec<Availability> = config
        .node_types
        .iter()
        .map(|it| Availability {
            recoverable: availability("recoverable", &it.name),
            cloud: availability("cloud", &it.name),
        })
        .collect();
    let specs = list(&case["instances"]);
    let names: Vec<Name> = specs.iter().map(|it| name(&it["type"])).collect();
    let nodes: Vec<Option<Node>> = specs.iter().map(|it| node(&it["ray"])).collect();
    let ray_nodes: Vec<Option<RayNode<'_>>> = nodes
        .iter()
        .enumerate()
        .map(|(index, node)| {
            node.as_ref().map(|it| ray_node(index, &names[index], it, &specs[index]))
        })
        .collect();
    let instances: Vec<InstanceSeen<'_>> = specs
        .iter()
        .enumerate()
        .map(|(index, spec)| instance(index, spec, &names[index], ray_nodes[index].as_ref()))
        .collect();
    let gang =
        |bundles: &Value| GangRequest { requests: list(bundles).iter().map(request).collect() };
    let gangs: Vec<GangRequest> = list(&case["gangs"]).iter().map(gang).collect();
    let constraint = case["constraint"]
        .is_array()
        .then(|| ResourceConstraint { requests: demands(&case["constraint"]) });
    let demands = demands(&case["demands"]);
    let resizes = if case["resizes"] == true { resizes(specs, &config) } else { Vec::new() };
    let resizes: Vec<&ResizeStatus> = resizes.iter().collect();
    let request = Request {
        config: &config,
        availabilities: &availabilities,
        instances: &instances,
        demands: &demands,
        gangs: &gangs,
        constraint: constraint.as_ref(),
        resizes: &resizes,
    };
    look(&request)
}

/// Where the resizes of the pods stand.
fn resizes(specs: &[Value], config: &AutoscalingConfig) -> Vec<ResizeStatus> {
    let limits = |spec: &Value| {
        let node_type = config.node_types.iter().find(|it| *it.name == *text(&spec["type"]));
        node_type.and_then(|it| it.resize)
    };
    let status = |(index, spec): (usize, &Value)| {
        let it = &spec["resize"];
        let limits = limits(spec).filter(|_| it.is_object())?;
        Some(ResizeStatus {
            pod: PodId(index as u32),
            limits,
            current_cpu: number(&it["current"][0]),
            current_memory: int(&it["current"][1]),
            desired_cpu: number(&it["desired"][0]),
            desired_memory: int(&it["desired"][1]),
            progress: match it["progress"].as_str() {
                None => Progress::Done,
                Some("new") => Progress::New,
                Some("inprogress") => Progress::InProgress,
                Some("deferred") => Progress::Deferred,
                Some("infeasible") => Progress::Infeasible,
                Some(_) => Progress::Error,
            },
            message: None,
            notes: Notes {
                ray_node: (it["raylet"] == true).then_some(RayNodeId(index as u32)),
                resizing_at_s: it["resizing_at"].as_i64(),
                suggested_cpu: it["cpu"].as_f64(),
                suggested_memory: it["memory"].as_i64(),
                last_failed_at_s: it["failed_at"].as_i64(),
                last_failed_reason: None,
            },
        })
    };
    specs.iter().enumerate().filter_map(status).collect()
}

fn print_resize(it: &ResizeStatus) -> Value {
    let ray_node = it.notes.ray_node.map(|it| it.0);
    json!([it.pod.0, it.desired_cpu, it.desired_memory, ray_node])
}

fn print(reply: &Reply, gangs: &[GangRequest]) -> Value {
    let launch = reply.to_launch.iter().map(|(name, count)| json!([&**name, count]));
    let terminate = reply.to_terminate.iter().map(|it| {
        let cause = match it.cause {
            StopCause::Idle { .. } => "IDLE",
            StopCause::MaxNodesOfType { .. } => "MAX_NUM_NODE_PER_TYPE",
            StopCause::MaxNodes { .. } => "MAX_NUM_NODES",
            StopCause::GroupRemoved => unreachable!("v1 alone"),
        };
        json!([it.instance.map_or(-1, |index| index as i64), cause])
    });
    let mut infeasible = reply.infeasible_demands.clone();
    infeasible.sort_unstable();
    // Equal gangs can't be told apart in upstream's answer.
    let first_equal =
        |&index: &usize| gangs.iter().position(|it| *it == gangs[index]).unwrap_or(index);
    let mut infeasible_gangs: Vec<usize> = reply.infeasible_gangs.iter().map(first_equal).collect();
    infeasible_gangs.sort_unstable();
    json!({
        "launch": launch.collect::<Vec<_>>(),
        "terminate": terminate.collect::<Vec<_>>(),
        "infeasible": infeasible,
        "gangs": infeasible_gangs,
        "constraint": reply.infeasible_constraint,
    })
}

fn config(case: &Value) -> AutoscalingConfig {
    let node_type = |it: &Value| NodeType {
        name: name(&it["name"]),
        min_nodes: int(&it["min"]),
        max_nodes: int(&it["max"]),
        resources: resources(&it["res"]),
        labels: labels(&it["labels"]),
        idle_timeout_s: it["idle"].as_f64(),
        priority: int(&it["prio"]),
        resize: (case["resizes"] == true && it["resize"].is_array()).then(|| ResizeLimits {
            max_cpu: number(&it["resize"][0]),
            max_memory: int(&it["resize"][1]),
            timeout_s: int(&it["resize"][2]),
        }),
    };
    AutoscalingConfig {
        node_types: list(&case["types"]).iter().map(node_type).collect(),
        max_nodes: int(&case["max_nodes"]),
        idle_timeout_s: number(&case["idle_s"]),
        upscaling_speed: 1000.0,
        max_concurrent_launches: 10,
        pending_idle_timeout_s: case["pending_s"].as_f64(),
        availability_recovery_s: 600.0,
        timeouts: Timeouts::default(),
    }
}

fn node(ray: &Value) -> Option<Node> {
    ray.is_object().then(|| Node {
        total: resources(&ray["total"]),
        available: resources(&ray["available"]),
        labels: labels(&ray["labels"]),
        dynamic: labels(&ray["dynamic"]),
    })
}

fn ray_node<'a>(index: usize, name: &'a Name, node: &'a Node, spec: &Value) -> RayNode<'a> {
    RayNode {
        id: RayNodeId(index as u32),
        pod: PodId(index as u32),
        node_type: name,
        total: &node.total,
        available: &node.available,
        labels: &node.labels,
        dynamic_labels: &node.dynamic,
        idle_ms: int(&spec["ray"]["idle_ms"]),
        status: RayNodeStatus::Running,
    }
}

fn instance<'a>(
    index: usize,
    spec: &Value,
    name: &'a Name,
    ray_node: Option<&'a RayNode<'a>>,
) -> InstanceSeen<'a> {
    let status = match text(&spec["status"]) {
        "QUEUED" => InstanceStatus::Queued,
        "REQUESTED" => InstanceStatus::Requested,
        "ALLOCATED" => InstanceStatus::Allocated,
        "RAY_RUNNING" => InstanceStatus::RayRunning,
        "RAY_STOP_REQUESTED" => InstanceStatus::RayStopRequested,
        "RAY_STOPPING" => InstanceStatus::RayStopping,
        "RAY_STOPPED" => InstanceStatus::RayStopped,
        "TERMINATING" => InstanceStatus::Terminating,
        other => panic!("status {other}"),
    };
    let has_pod = !matches!(status, InstanceStatus::Queued | InstanceStatus::Requested);
    let kind = if spec["head"] == true { NodeKind::Head } else { NodeKind::Worker };
    InstanceSeen {
        node_type: name,
        status,
        kind: has_pod.then_some(kind),
        pod: has_pod.then(|| PodId(spec["pod"].as_u64().unwrap_or(index as u64) as u32)),
        ray_node,
    }
}
