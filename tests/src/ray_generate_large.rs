//! Large clusters for the scheduler: many nodes, many waiting tasks of few shapes.

use serde_json::{Value, json};

use crate::choices::Choices;

/// Name, CPUs, GPUs and memory of a type's nodes.
const TYPES: &[(&str, f64, f64, f64)] =
    &[("small", 4.0, 0.0, 16e9), ("large", 16.0, 0.0, 64e9), ("gpu", 8.0, 2.0, 64e9)];

/// Nodes and waiting tasks of the clusters that are timed.
pub const SIZES: &[(usize, usize)] =
    &[(100, 1_000), (300, 3_000), (1_000, 10_000), (10_000, 100_000)];

/// A cluster that is timed.
pub fn sized((nodes, tasks): (usize, usize), alike: bool) -> Value {
    cluster(&mut Choices::seeded(1, nodes as u64), nodes, tasks, 10, alike)
}

/// A cluster of 10 to 60 nodes with up to ten times as many tasks.
pub fn large_case(choices: &mut Choices<'_>) -> Value {
    let nodes = choices.pick(&[10, 20, 40, 60]);
    let tasks = nodes * choices.pick(&[2, 5, 10]);
    let alike = choices.chance(50);
    cluster(choices, nodes, tasks, 10, alike)
}

/// A cluster with `nodes` running nodes, on which `tasks` tasks of `shapes` shapes wait. Nodes that
/// are `alike` are in one of three states for each type; others have each a load of their own.
pub fn cluster(
    choices: &mut Choices<'_>,
    nodes: usize,
    tasks: usize,
    shapes: usize,
    alike: bool,
) -> Value {
    let types: Vec<Value> = std::iter::once(json!({
        "name": "head", "min": 0, "max": 1, "res": {"CPU": 1.0}, "labels": {}, "idle": null,
        "prio": 0,
    }))
    .chain(TYPES.iter().map(|(name, ..)| {
        json!({
            "name": name, "min": 0, "max": nodes * 2, "res": resources(name), "labels": {},
            "idle": null, "prio": 0,
        })
    }))
    .collect();
    let instances: Vec<Value> = (0..nodes).map(|at| instance(choices, at, alike)).collect();
    let mut demands: Vec<Value> = Vec::new();
    for shape in 0..shapes {
        let count = tasks / shapes + usize::from(shape < tasks % shapes);
        demands.push(json!({
            "res": request(choices, shape), "selectors": [[]], "place": null, "count": count,
        }));
    }
    json!({
        "types": types,
        "max_nodes": nodes * 8 + 1,
        "idle_s": 60.0,
        "pending_s": null,
        "times": [0.0],
        "recoverable": {},
        "cloud": {},
        "instances": instances,
        "demands": demands,
        "gangs": [],
        "constraint": null,
    })
}

fn resources(name: &str) -> Value {
    let (_, cpus, gpus, memory) =
        TYPES.iter().copied().find(|it| it.0 == name).unwrap_or(("", 1.0, 0.0, 1e9));
    if gpus > 0.0 {
        json!({"CPU": cpus, "GPU": gpus, "memory": memory})
    } else {
        json!({"CPU": cpus, "memory": memory})
    }
}

fn instance(choices: &mut Choices<'_>, at: usize, alike: bool) -> Value {
    let name = choices.pick(TYPES).0;
    let mut total = resources(name);
    let part =
        if alike { choices.pick(&[0.25, 0.5, 1.0]) } else { choices.below(1000) as f64 / 1000.0 };
    total[format!("node:10.{}.{}.{}", at / 65_536, at / 256 % 256, at % 256)] = 1.0.into();
    let mut available = total.clone();
    let cpus = total["CPU"].as_f64().unwrap_or(0.0) * part;
    available["CPU"] = cpus.into();
    json!({
        "type": name,
        "status": "RAY_RUNNING",
        "head": false,
        "ray": {
            "total": total, "available": available, "labels": {}, "dynamic": {}, "idle_ms": 0,
        },
    })
}

/// Shapes differ, so that none is asked for twice.
fn request(choices: &mut Choices<'_>, shape: usize) -> Value {
    let cpus = choices.pick(&[0.1, 0.25, 0.5, 1.0, 2.0, 3.0]);
    let memory = 1e8 * (shape + 1) as f64;
    if shape % 4 == 3 {
        json!({"CPU": cpus, "GPU": choices.pick(&[0.25, 0.5, 1.0]), "memory": memory})
    } else {
        json!({"CPU": cpus, "memory": memory})
    }
}
