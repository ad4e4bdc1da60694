//! Random clusters and demand for the scheduler.

use serde_json::{Map, Value, json};

use crate::choices::Choices;
use crate::ray_generate::sample;
use crate::ray_generate_resize::add_resizes;

const STATUSES: &[&str] = &[
    "QUEUED",
    "REQUESTED",
    "ALLOCATED",
    "RAY_RUNNING",
    "RAY_STOP_REQUESTED",
    "RAY_STOPPING",
    "RAY_STOPPED",
    "TERMINATING",
];
const IMPLICIT: &str = "node:__internal_implicit_resource_x";
const IDLE_MS: &[i64] = &[0, 1, 5, 1500, 1501, 59_999, 60_000, 60_001, 61_000, 99_000];

fn random_amounts(choices: &mut Choices<'_>) -> Map<String, Value> {
    let mut amounts = Map::new();
    let mut set = |name: &str, amount: f64| amounts.insert(name.to_owned(), amount.into());
    set("CPU", choices.pick(&[1.0, 2.0, 4.0, 8.0, 0.5, 16.0]));
    if choices.chance(30) {
        set("GPU", choices.pick(&[1.0, 2.0, 4.0, 8.0]));
    }
    if choices.chance(30) {
        set("memory", choices.pick(&[1e9, 4e9, 32e9, 1_073_741_824.0]));
    }
    if choices.chance(20) {
        set("X", choices.pick(&[0.3, 1.0, 2.0, 0.0]));
    }
    amounts
}

fn random_request(choices: &mut Choices<'_>) -> Value {
    let third = 1.0 / 3.0;
    let mut amounts = Map::new();
    let mut set = |name: &str, amount: f64| amounts.insert(name.to_owned(), amount.into());
    if choices.chance(85) {
        let cpus = [1.0, 1.0, 1.0, 2.0, 4.0, 0.0, 0.1, 0.2, 0.25, 0.5, 0.6, third, 5.0];
        set("CPU", choices.pick(&cpus));
    }
    if choices.chance(20) {
        set("GPU", choices.pick(&[1.0, 1.0, 2.0, 0.0, 0.5]));
    }
    if choices.chance(15) {
        set("memory", choices.pick(&[1e9, 5e8, 123_456_789.0]));
    }
    if choices.chance(10) {
        set("X", choices.pick(&[0.1, 0.001, 1.0]));
    }
    if choices.chance(5) {
        set(IMPLICIT, choices.pick(&[0.5, third, 1.0]));
    }
    amounts.into()
}

/// Constraints `[key, operator, values]`; operator 1 is `in`, 2 is `not in`.
fn random_selector(choices: &mut Choices<'_>) -> Value {
    let count = choices.pick(&[0, 1, 1, 2]);
    let keys = sample(choices, &["z", "y"], count);
    let constraint = |key: &str, choices: &mut Choices<'_>| {
        let operator = choices.pick(&[1, 1, 2]);
        let count = choices.pick(&[1, 2]);
        json!([key, operator, sample(choices, &["a", "b", "c"], count)])
    };
    keys.into_iter().map(|key| constraint(key, choices)).collect()
}

fn random_labels(choices: &mut Choices<'_>) -> Value {
    let mut labels = Map::new();
    for key in ["z", "y"] {
        if choices.chance(40) {
            labels.insert(key.to_owned(), choices.pick(&["a", "b", "c"]).into());
        }
    }
    labels.into()
}

fn random_type(choices: &mut Choices<'_>, name: &str, first: Option<&Value>) -> Value {
    let low = choices.pick(&[0, 0, 0, 1, 3]);
    let resources = match first {
        Some(first) if choices.chance(30) => first["res"].clone(),
        _ => random_amounts(choices).into(),
    };
    let labels = if choices.chance(40) { random_labels(choices) } else { json!({}) };
    json!({
        "name": name,
        "min": low,
        "max": low + choices.pick(&[0, 1, 2, 5, 20]),
        "res": resources,
        "labels": labels,
        "idle": choices.pick(&[None, None, None, Some(0.0), Some(10.0)]),
        "prio": choices.pick(&[0, 0, 0, 1, 5]),
    })
}

fn random_instance(choices: &mut Choices<'_>, node_type: &Value, name: &str) -> Value {
    let is_head = name == "head";
    let is_running = is_head || choices.below(14) < 6;
    let status = if is_running { "RAY_RUNNING" } else { choices.pick(STATUSES) };
    let has_node = status == "RAY_RUNNING" && choices.chance(97);
    let ray = if has_node { random_ray_node(choices, node_type) } else { Value::Null };
    json!({"type": name, "status": status, "head": is_head, "ray": ray})
}

fn random_ray_node(choices: &mut Choices<'_>, node_type: &Value) -> Value {
    let own = node_type["res"].as_object().cloned().unwrap_or_default();
    let mut total = own.clone();
    if choices.chance(50) {
        total.insert("node:1.2.3.4".to_owned(), 1.0.into());
        total.insert("object_store_memory".to_owned(), 3e8.into());
    }
    let used = choices.chance(60);
    let mut available = total.clone();
    for (name, amount) in own.iter().filter(|_| used) {
        let part = choices.pick(&[0.0, 0.0, 0.25, 0.5, 1.0]);
        let left = amount.as_f64().unwrap_or(0.0) * part;
        if left > 0.0 {
            available.insert(name.clone(), left.into());
        } else {
            available.remove(name);
        }
    }
    json!({
        "total": total,
        "available": available,
        "labels": node_type["labels"],
        "dynamic": if choices.chance(10) { json!({"_PG_0": ""}) } else { json!({}) },
        "idle_ms": if used { 0 } else { choices.pick(IDLE_MS) },
    })
}

fn random_demands(choices: &mut Choices<'_>, task: bool) -> Value {
    let mut demands: Vec<Value> = Vec::new();
    for _ in 0..choices.pick(&[0, 1, 1, 2, 3, 5]) {
        let mut selectors = if task { json!([[]]) } else { json!([]) };
        if choices.chance(15) {
            let count = choices.pick(&[1, 2]);
            selectors = (0..count).map(|_| random_selector(choices)).collect();
        }
        let resources = random_request(choices);
        let is_known = |it: &Value| it["res"] == resources && it["selectors"] == selectors;
        if !demands.iter().any(is_known) {
            let count = choices.pick(&[1, 1, 2, 3, 5, 8, 20, 40]);
            demands.push(json!({
                "res": resources, "selectors": selectors, "place": null, "count": count,
            }));
        }
    }
    demands.into()
}

fn random_gang(choices: &mut Choices<'_>, index: usize) -> Value {
    let kind = choices.pick(&["pack", "affinity", "anti"]);
    let same = random_request(choices);
    let place = if kind == "pack" { Value::Null } else { json!([kind, format!("_PG_{index}")]) };
    let bundle = |choices: &mut Choices<'_>| {
        let resources = if choices.chance(60) { same.clone() } else { random_request(choices) };
        let selectors =
            if choices.chance(10) { json!([random_selector(choices)]) } else { json!([]) };
        json!({"res": resources, "selectors": selectors, "place": place})
    };
    (0..choices.pick(&[1, 2, 2, 3, 5])).map(|_| bundle(choices)).collect()
}

/// A cluster and what waits there. With a timeout for pending nodes it is asked several times.
pub fn scheduler_case(choices: &mut Choices<'_>) -> Value {
    let mut types = vec![json!({
        "name": "head", "min": 0, "max": 1, "res": {"CPU": 1}, "labels": {}, "idle": null,
        "prio": 0,
    })];
    let count = choices.pick(&[1, 1, 2, 2, 3]);
    for name in sample(choices, &["a", "b", "c", "d"], count) {
        let node_type = random_type(choices, name, types.get(1));
        types.push(node_type);
    }
    let total: i64 = types.iter().filter_map(|it| it["max"].as_i64()).sum();
    let less = choices.pick(&[1, 3, 10]);
    let max_nodes = if choices.chance(80) { total } else { (total - less).max(1) };
    let mut instances = Vec::new();
    if choices.chance(95) {
        instances.push(random_instance(choices, &types[0], "head"));
    }
    for _ in 0..choices.pick(&[0, 0, 1, 2, 4, 8]) {
        let node_type = &types[1 + choices.below(types.len() as i64 - 1) as usize];
        let name = node_type["name"].as_str().unwrap_or_default();
        instances.push(random_instance(choices, node_type, name));
    }
    if choices.chance(3) {
        instances.push(random_instance(choices, &types[1], "gone"));
    }
    if choices.chance(25) {
        instances = instances.iter().flat_map(|it| copies(choices, it)).collect();
    }
    let count = instances.len();
    let instances = sample(choices, &instances.iter().collect::<Vec<_>>(), count);
    let gangs = choices.pick(&[0, 0, 0, 1, 2, 4]);
    let gangs: Vec<Value> = (0..gangs).map(|index| random_gang(choices, index)).collect();
    let failed = choices.chance(15);
    let mut availability = |values: &[f64]| -> Value {
        let types = types.iter().filter(|_| failed);
        let score = |it: &Value| {
            (it["name"].as_str().unwrap_or_default().to_owned(), choices.pick(values).into())
        };
        types.map(score).collect::<Map<_, _>>().into()
    };
    let recoverable = availability(&[0.0, 0.5, 1.0]);
    let cloud = availability(&[0.0, 1e-7]);
    let (pending_s, times) = if choices.chance(20) {
        let seconds = choices.pick(&[0.0, 5.0, 30.0]);
        (Some(seconds), sample_times(choices))
    } else {
        (None, vec![0.0])
    };
    let mut case = json!({
        "types": types,
        "max_nodes": max_nodes,
        "idle_s": choices.pick(&[60.0, 60.0, 1.5]),
        "pending_s": pending_s,
        "times": times,
        "recoverable": recoverable,
        "cloud": cloud,
        "instances": instances,
        "demands": random_demands(choices, true),
        "gangs": gangs,
        "constraint": if choices.chance(25) { random_demands(choices, false) } else { Value::Null },
    });
    if choices.chance(30) {
        add_resizes(choices, &mut case);
    }
    case
}

/// An instance several times, each on a node of its own.
fn copies(choices: &mut Choices<'_>, instance: &Value) -> Vec<Value> {
    let count = if instance["head"] == true { 1 } else { choices.pick(&[1, 2, 4, 8]) };
    let copy = |number: i64| {
        let mut copy = instance.clone();
        for amounts in ["total", "available"] {
            let amounts = copy["ray"].get_mut(amounts).and_then(Value::as_object_mut);
            let Some(amounts) = amounts else { continue };
            if let Some(one) = amounts.remove("node:1.2.3.4") {
                amounts.insert(format!("node:1.2.3.{number}"), one);
            }
        }
        copy
    };
    (1..=count).map(copy).collect()
}

/// Seconds that two floats hold exactly, ascending.
fn sample_times(choices: &mut Choices<'_>) -> Vec<f64> {
    let mut times = vec![0.0];
    for _ in 1..choices.pick(&[2, 3, 4]) {
        let last = times[times.len() - 1];
        times.push(last + choices.pick(&[0.125, 4.875, 5.0, 29.875, 30.0, 30.125]));
    }
    times
}
