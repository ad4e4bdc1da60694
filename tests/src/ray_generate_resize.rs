//! Pods that may be resized in place, for random clusters of the scheduler.

use serde_json::{Value, json};

use crate::choices::Choices;

const CPUS: &[f64] = &[8.0, 16.0, 4.0, 2.0, 0.5, 3.3, 4.7];
const MEMORIES: &[i64] =
    &[8_000_000_000, 1_000_000_000, 4_000_000_001, 34_359_738_368, 123_456_789, 0];

/// Lets some groups of `case` be resized, and some of their pods be on the way.
pub(crate) fn add_resizes(choices: &mut Choices<'_>, case: &mut Value) {
    let mut any = false;
    for node_type in case["types"].as_array_mut().into_iter().flatten() {
        if choices.chance(70) {
            let (cpu, memory) = (choices.pick(CPUS), choices.pick(MEMORIES));
            node_type["resize"] = json!([cpu, memory, choices.pick(&[30, 300])]);
            any = true;
        }
    }
    if !any {
        return;
    }
    case["resizes"] = true.into();
    let instances = case["instances"].as_array_mut();
    let instances = instances.map_or(&mut [][..], |it| it.as_mut_slice());
    for at in 0..instances.len() {
        let has_pod = !matches!(instances[at]["status"].as_str(), Some("QUEUED" | "REQUESTED"));
        // Two rows may know one pod.
        if has_pod && at > 0 && choices.chance(5) {
            instances[at]["pod"] = choices.below(at as i64).into();
        } else if has_pod && choices.chance(85) {
            let status = status(choices, &instances[at]["ray"]["total"]);
            instances[at]["resize"] = status;
        }
    }
}

fn status(choices: &mut Choices<'_>, total: &Value) -> Value {
    let has = total["CPU"].as_f64().unwrap_or(1.0);
    let current = choices.pick(&[has, has, 1.0, 0.3]);
    let memory = total["memory"].as_f64().map_or(1_000_000_000, |it| it as i64);
    let is_stable = choices.chance(60);
    let (mut cpu, mut bytes) = (current, memory);
    if !is_stable {
        cpu = choices.pick(&[current, 8.0, 16.0, 0.1]);
        bytes = choices.pick(&[memory, 8_000_000_000, 1]);
    }
    let progress = ["new", "inprogress", "deferred", "infeasible", "error"];
    let some = |choices: &mut Choices<'_>, percent: i64| !is_stable && choices.chance(percent);
    json!({
        "current": [current, memory],
        "desired": [cpu, bytes],
        "resizing_at": some(choices, 40).then_some(5),
        "progress": some(choices, 50).then(|| choices.pick(&progress)),
        "cpu": some(choices, 15).then(|| choices.pick(&[3.0, 4.7, 12.0])),
        "memory": some(choices, 15).then(|| choices.pick(&[2_000_000_000_i64, 5])),
        "failed_at": some(choices, 15).then_some(3),
        "raylet": choices.chance(30),
    })
}
