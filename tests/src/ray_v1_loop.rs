//! A closed loop of Ray's autoscaler v1: what upstream saw, look by look, is shown to ours.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tidetable_core::ray::config::{AutoscalingConfig, ConfigError, derive_v1};
use tidetable_core::ray::v1::{Seen, State, update};
use tidetable_core::ray::{
    Decision, GangRequest, GroupSeen, Name, Observation, PodId, PodSeen, RayNode,
    ResourceConstraint, Trace,
};
use tidetable_core::time::Instant;

use crate::ray_config::cluster;
use crate::ray_json::{demands, index, int, list, name, request};
use crate::ray_loop::{Node, exception, node, ray_node};
use crate::ray_provider::{group, pod, print};

/// How our decisions differ, at the first look at which they do.
pub fn differs(case: &Value) -> Option<String> {
    run(case, &mut Trace::default())
}

/// As [`differs`]; the reasons are added to `trace`.
pub fn run(case: &Value, trace: &mut Trace) -> Option<String> {
    let (mut state, mut seen, mut config) = (State::default(), Map::new(), None);
    for look in list(&case["out"]) {
        let changed = look["seen"].as_object().cloned().unwrap_or_default();
        seen.extend(changed);
        let written = json!({
            "options": case["options"],
            "head": {"limits": [["cpu", case["head_cpu"]]]},
            "groups": seen["groups"],
        });
        let read = derive_v1(&cluster(&written));
        let error = read.as_ref().err().map(ConfigError::exception);
        let is_read = read.is_ok();
        // What can't be read leaves the configuration as it was.
        config = read.ok().or(config);
        let ours = match &config {
            Some(config) => decide(config, is_read, &mut state, &seen, int(&look["at"]), trace),
            None => json!({
                "patches": [], "drains": [], "launch": {}, "error": error, "ends": true,
            }),
        };
        if ours["ends"] == true {
            config = None;
        }
        let (ours, upstream) = (in_order(ours), in_order(look["decided"].clone()));
        if ours != upstream {
            let (seen, at) = (Value::from(seen), &look["at"]);
            return Some(format!("  at {at}: {seen}\n  upstream: {upstream}\n  ours:     {ours}"));
        }
    }
    None
}

/// Upstream keeps the pods that are to go in a set, and goes through their groups in its order.
fn in_order(mut decided: Value) -> Value {
    for patch in decided["patches"].as_array_mut().into_iter().flatten() {
        if let Some(pods) = patch[2].as_array_mut() {
            pods.sort_by_key(Value::as_u64);
        }
    }
    if let Some(patches) = decided["patches"].as_array_mut() {
        patches.sort_by_key(ToString::to_string);
    }
    decided
}

pub(crate) fn decide(
    config: &AutoscalingConfig,
    is_config_read: bool,
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
    let asked_for = seen.get("constraint").unwrap_or(&Value::Null);
    let constraint = ResourceConstraint { requests: demands(asked_for) };
    let labelled = list(&seen["pods"]).iter().filter(|it| it["replica"].is_string());
    let replica_indexes: BTreeMap<PodId, Name> =
        labelled.map(|it| (PodId(index(&it["id"])), name(&it["replica"]))).collect();
    let common = Observation {
        pods: &pods,
        groups: &groups,
        ray_nodes: &ray_nodes,
        demands: &demands(&seen["demands"]),
        gangs: &gangs,
        constraint: asked_for.is_array().then_some(&constraint),
        refused_drains: &[],
        resources: &[],
    };
    let seen = Seen { common, replica_indexes: &replica_indexes, is_config_read };
    let step = update(config, std::mem::take(state), &seen, Instant::from_seconds(at));
    let ends = step.decision.stuck.is_some() && step.state == State::default();
    *state = step.state;
    trace.causes.extend(step.trace.causes);
    decided(&step.decision, ends)
}

fn decided(decision: &Decision, ends: bool) -> Value {
    let launch: Map<String, Value> =
        decision.launches.iter().map(|it| (it.node_type.to_string(), it.count.into())).collect();
    json!({
        "patches": decision.patches.iter().map(print).collect::<Vec<_>>(),
        "drains": decision.drains.iter().map(|it| it.ray_node.0).collect::<Vec<_>>(),
        "launch": launch,
        "error": decision.stuck.as_ref().map(exception),
        "ends": ends,
    })
}
