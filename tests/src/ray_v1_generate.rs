//! Random clusters and demand for the v1 scheduler, many of them at an edge.

use serde_json::{Value, json};

use crate::choices::Choices;

const IMPLICIT: &str = "node:__internal_implicit_resource_x";
const SPEEDS: &[f64] = &[1.0, 1.0, 1000.0, 1000.0, 1.5];

/// What a node may have: amounts below 1 don't count in the score, some have only such.
fn random_node(choices: &mut Choices<'_>) -> Value {
    let mut amounts = Vec::new();
    if choices.chance(93) {
        amounts.push(json!(["CPU", choices.pick(&[1.0, 2.0, 4.0, 4.0, 8.0, 0.5, 0.0, 16.0])]));
    }
    if choices.chance(35) {
        amounts.push(json!(["memory", choices.pick(&[1e9, 4e9, 32e9, 1_073_741_824.0])]));
    }
    if choices.chance(35) {
        amounts.push(json!(["GPU", choices.pick(&[1.0, 2.0, 4.0, 8.0, 0.0])]));
    }
    if choices.chance(20) {
        amounts.push(json!(["X", choices.pick(&[0.3, 1.0, 2.0, 0.0])]));
    }
    turn(choices, &mut amounts);
    amounts.into()
}

fn random_bundle(choices: &mut Choices<'_>) -> Value {
    let third = 1.0 / 3.0;
    let mut amounts = Vec::new();
    if choices.chance(85) {
        let cpus = [1.0, 1.0, 1.0, 2.0, 4.0, 0.0, 0.1, 0.2, 0.25, 0.5, 0.6, third, 5.0];
        amounts.push(json!(["CPU", choices.pick(&cpus)]));
    }
    if choices.chance(25) {
        amounts.push(json!(["GPU", choices.pick(&[1.0, 1.0, 2.0, 0.0, 0.5])]));
    }
    if choices.chance(15) {
        amounts.push(json!(["memory", choices.pick(&[1e9, 5e8, 123_456_789.0])]));
    }
    if choices.chance(10) {
        amounts.push(json!(["X", choices.pick(&[0.1, 0.001, 1.0])]));
    }
    if choices.chance(5) {
        amounts.push(json!([IMPLICIT, choices.pick(&[0.5, third, 1.0])]));
    }
    turn(choices, &mut amounts);
    amounts.into()
}

/// The order of a map is part of a case.
fn turn(choices: &mut Choices<'_>, amounts: &mut [Value]) {
    if choices.chance(20) {
        amounts.reverse();
    }
}

fn random_bundles(choices: &mut Choices<'_>) -> Value {
    let bundle = |choices: &mut Choices<'_>| {
        let count = choices.pick(&[1, 1, 2, 3, 5, 8, 20, 40]);
        json!({"res": random_bundle(choices), "count": count})
    };
    let count = choices.pick(&[0, 1, 1, 2, 3, 5]);
    (0..count).map(|_| bundle(choices)).collect()
}

fn random_group(choices: &mut Choices<'_>) -> Value {
    let strategy =
        choices.pick(&["PACK", "SPREAD", "STRICT_PACK", "STRICT_SPREAD", "STRICT_SPREAD"]);
    let same = random_bundle(choices);
    let bundle = |choices: &mut Choices<'_>| {
        let res = if choices.chance(60) { same.clone() } else { random_bundle(choices) };
        json!({"res": res, "placed": choices.chance(8)})
    };
    let count = choices.pick(&[1, 2, 2, 3, 5, 9]);
    let bundles: Vec<Value> = (0..count).map(|_| bundle(choices)).collect();
    json!({"strategy": strategy, "bundles": bundles})
}

fn random_types(choices: &mut Choices<'_>) -> Vec<Value> {
    let head = json!([["CPU", choices.pick(&[0.0, 1.0, 4.0])]]);
    let mut types = vec![json!({"name": "headgroup", "min": 0, "max": 0, "res": head})];
    let names = choices.pick(&[&["a", "b", "c"], &["b", "a", "z"], &["w", "gpu", "a"]]);
    let count = choices.pick(&[1, 1, 2, 2, 3]);
    for name in names.iter().take(count) {
        let low = choices.pick(&[0, 0, 0, 1, 3, 7]);
        let high = (low + choices.pick(&[0, 1, 2, 5, 20, 20, -2])).max(0);
        let res = match types.get(1) {
            Some(first) if choices.chance(35) => first["res"].clone(),
            _ => random_node(choices),
        };
        types.push(json!({"name": name, "min": low, "max": high, "res": res}));
    }
    types
}

/// A node of this type; on most of them Ray runs, and has what the type says or something else.
fn random_existing(choices: &mut Choices<'_>, of: &Value, kind: &str) -> Value {
    let name = if choices.chance(2) { json!("gone") } else { of["name"].clone() };
    let is_pending = choices.chance(if kind == "head" { 2 } else { 30 });
    if is_pending {
        return json!({"type": name, "kind": kind, "load": null});
    }
    let mut total = if choices.chance(75) { of["res"].clone() } else { random_node(choices) };
    if choices.chance(2) {
        total = json!([]);
    } else if choices.chance(40) {
        let more = [json!(["node:1.2.3.4", 1.0]), json!(["object_store_memory", 3e8])];
        total.as_array_mut().into_iter().for_each(|it| it.extend(more.clone()));
    }
    let mut available = total.clone();
    if choices.chance(60) {
        for pair in available.as_array_mut().into_iter().flatten() {
            let left = choices.pick(&[0.0, 0.0, 0.25, 0.5, 1.0]);
            pair[1] = (pair[1].as_f64().unwrap_or(0.0) * left).into();
        }
    }
    json!({"type": name, "kind": kind, "load": {"total": total, "available": available}})
}

/// A cluster, what waits in it, and what it should have room for.
pub fn scheduler_case(choices: &mut Choices<'_>) -> Value {
    let types = random_types(choices);
    let mut nodes = Vec::new();
    if choices.chance(97) {
        nodes.push(random_existing(choices, &types[0], "head"));
    }
    for _ in 0..choices.pick(&[0, 0, 1, 2, 4, 8, 12]) {
        let of = &types[1 + choices.below(types.len() as i64 - 1) as usize];
        nodes.push(random_existing(choices, of, "worker"));
    }
    let total: i64 = types.iter().filter_map(|it| it["max"].as_i64()).sum();
    let less = if choices.chance(20) { choices.pick(&[1, 3, 10]) } else { 0 };
    let groups = choices.pick(&[0, 0, 0, 1, 2, 4]);
    let requests = if choices.chance(30) { random_bundles(choices) } else { json!([]) };
    json!({
        "types": types,
        "max": (total - less).max(0),
        "speed": choices.pick(SPEEDS),
        "nodes": nodes,
        "demands": random_bundles(choices),
        "groups": (0..groups).map(|_| random_group(choices)).collect::<Vec<_>>(),
        "requests": requests,
    })
}
