//! Node types and limits against `_derive_autoscaling_config_from_ray_cr`.

use serde_json::{Value, json};
use tidetable_core::ray::config::{
    AutoscalerOptions, AutoscalingConfig, ClusterSpec, GroupSpec, NodeType, StringMap, WorkerGroup,
    derive,
};

use crate::ray_json::{list, text};
use crate::ray_oracle::both;

/// How our answer differs, if it does.
pub fn differs(case: &Value) -> Option<String> {
    both(&case["out"], &answer(case))
}

/// Our answer to a case.
pub fn answer(case: &Value) -> Value {
    match derive(&cluster(case)) {
        Ok(config) => print(&config),
        Err(error) => {
            let text = error.to_string();
            let text = text.split_once(": ").map_or("", |(_, text)| text);
            json!({"error": error.exception(), "text": text})
        }
    }
}

/// The RayCluster `{options, head, groups}`.
pub fn cluster(case: &Value) -> ClusterSpec {
    let options = &case["options"];
    ClusterSpec {
        head: group_spec(&case["head"]),
        worker_groups: list(&case["groups"]).iter().map(worker_group).collect(),
        options: AutoscalerOptions {
            upscaling_mode: options["upscalingMode"].as_str().map(str::to_owned),
            idle_timeout_seconds: options["idleTimeoutSeconds"].as_i64(),
        },
        resize: case["resize"].as_str().map(str::to_owned),
    }
}

fn worker_group(value: &Value) -> WorkerGroup {
    WorkerGroup {
        name: text(&value["name"]).to_owned(),
        min_replicas: value["min"].as_i64(),
        max_replicas: value["max"].as_i64(),
        num_of_hosts: value["hosts"].as_i64(),
        spec: group_spec(value),
    }
}

fn group_spec(value: &Value) -> GroupSpec {
    GroupSpec {
        resources: map(&value["resources"]),
        ray_start_params: map(&value["params"]),
        limits: map(&value["limits"]),
        requests: map(&value["requests"]),
        resize_policy: map(&value["resize_policy"]),
        labels: map(&value["labels"]),
        idle_timeout_seconds: value["idle"].as_i64(),
        priority: value["prio"].as_i64(),
        node_selector: map(&value["selector"]),
    }
}

fn map(value: &Value) -> StringMap {
    let pair = |pair: &Value| (text(&pair[0]).to_owned(), text(&pair[1]).to_owned());
    list(value).iter().map(pair).collect()
}

fn print(config: &AutoscalingConfig) -> Value {
    let node_type = |it: &NodeType| {
        let resources = it.resources.iter().map(|(name, amount)| json!([&**name, amount]));
        let labels = it.labels.iter().map(|(key, value)| json!([&**key, &**value]));
        json!({
            "name": &*it.name,
            "min": it.min_nodes,
            "max": it.max_nodes,
            "res": resources.collect::<Vec<_>>(),
            "labels": labels.collect::<Vec<_>>(),
            "idle": it.idle_timeout_s,
            "prio": it.priority,
        })
    };
    json!({
        "types": config.node_types.iter().map(node_type).collect::<Vec<_>>(),
        "max_nodes": config.max_nodes,
        "idle_s": config.idle_timeout_s,
        "speed": config.upscaling_speed as i64,
    })
}
