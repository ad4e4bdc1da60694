//! Pods that are resized in place, as they stand in cases of loops.

use serde_json::{Value, json};
use tidetable_core::ray::resize::{
    Amount, Condition, Notes, PodResources, Requirements, ResizeCall,
};
use tidetable_core::ray::{PodId, RayNodeId};

use crate::ray_json::{index, list, text};

/// What of a pod a resize depends on.
pub fn resources(value: &Value) -> PodResources {
    let both = |it: &Value| it.is_array().then(|| requirements(it));
    PodResources {
        pod: PodId(index(&value["pod"])),
        requests: requirements(&value["requests"]),
        limits: requirements(&value["limits"]),
        actual_requests: both(&value["actual_requests"]),
        actual_limits: both(&value["actual_limits"]),
        other_requests: list(&value["others"]).iter().map(requirements).collect(),
        condition: value["condition"].is_array().then(|| condition(&value["condition"])),
        notes: notes(&value["notes"]),
    }
}

fn requirements(value: &Value) -> Requirements {
    let amount =
        |it: &Value| it.as_str().map(|it| Amount::read(it).expect("a quantity that Ray can read"));
    Requirements { cpu: amount(&value[0]), memory: amount(&value[1]) }
}

fn condition(value: &Value) -> Condition {
    let message = value[2].as_str().map(str::to_owned);
    match text(&value[0]) {
        "PodResizePending" => Condition::Pending { reason: text(&value[1]).to_owned(), message },
        _ => Condition::InProgress { failed: value[1] == "Error", message },
    }
}

fn notes(value: &Value) -> Notes {
    Notes {
        ray_node: value["raylet"].as_u64().map(|it| RayNodeId(it as u32)),
        resizing_at_s: value["resizing_at"].as_i64(),
        suggested_cpu: value["cpu"].as_f64(),
        suggested_memory: value["memory"].as_i64(),
        last_failed_at_s: value["failed_at"].as_i64(),
        last_failed_reason: value["reason"].as_str().map(str::to_owned),
    }
}

/// A call as Python's side writes it.
pub fn print(call: &ResizeCall) -> Value {
    match call {
        ResizeCall::Raylet { ray_node, to } => json!(["raylet", ray_node.0, to.cpu, to.memory]),
        ResizeCall::Pod { pod, limits, requests } => {
            json!(["pod", pod.0, [limits.0, limits.1], [requests.cpu, requests.memory]])
        }
        ResizeCall::Notes { pod, notes } => json!(["notes", pod.0, {
            "raylet": notes.ray_node.map(|it| it.0),
            "resizing_at": notes.resizing_at_s,
            "cpu": notes.suggested_cpu,
            "memory": notes.suggested_memory,
            "failed_at": notes.last_failed_at_s,
            "reason": notes.last_failed_reason,
        }]),
    }
}
