//! Pods that may be resized in place, for random clusters of the scheduler and random loops.

use serde_json::{Map, Value, json};

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
    for (at, it) in case["instances"].as_array_mut().into_iter().flatten().enumerate() {
        let has_pod = !matches!(it["status"].as_str(), Some("QUEUED" | "REQUESTED"));
        // Two rows may know one pod.
        if has_pod && at > 0 && choices.chance(5) {
            it["pod"] = choices.below(at as i64).into();
        } else if has_pod && choices.chance(85) {
            it["resize"] = status(choices, &it["ray"]["total"]);
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

/// Lets some groups of a loop be resized, and kubelets answer now and then.
pub(crate) fn add_resizes_to_loop(choices: &mut Choices<'_>, names: &[&str], case: &mut Value) {
    case["resize"] = annotation(choices, names).into();
    if choices.chance(50) {
        case["head_requests"] = json!([["cpu", "500m"], ["memory", "1000000000"]]);
    }
    for group in case["groups"].as_array_mut().into_iter().flatten() {
        give_requests(choices, group);
    }
    for edits in case["looks"].as_array_mut().into_iter().flatten() {
        let Some(edits) = edits.as_array_mut() else { continue };
        for edit in edits.iter_mut().filter(|it| it[0] == "add") {
            give_requests(choices, &mut edit[1]);
        }
        if choices.chance(15) {
            edits.push(json!(["kubelet", kubelet(choices)]));
        }
        if choices.chance(4) {
            edits.push(json!(["resize", annotation(choices, names)]));
        }
    }
}

fn give_requests(choices: &mut Choices<'_>, group: &mut Value) {
    group["requests"] = json!([
        ["cpu", choices.pick(&["500m", "1", "100m"])],
        ["memory", choices.pick(&["1000000000", "1Gi", "500M"])],
    ]);
    if choices.chance(50)
        && let Some(limits) = group["limits"].as_array_mut()
    {
        limits.push(json!(["memory", choices.pick(&["2Gi", "2000000000", "1100M"])]));
    }
    if choices.chance(20) {
        group["others"] = json!([{"cpu": "200m", "memory": "100Mi"}, {"cpu": "50m"}]);
    }
    if choices.chance(2) {
        group["params"] = json!([["num-cpus", "1"]]);
    }
}

fn annotation(choices: &mut Choices<'_>, names: &[&str]) -> String {
    if choices.chance(4) {
        let odd = ["", "{", "[]", "{}", r#"{"groups": {"a": {"max-cpu": 1}}}"#, r#"{"groups": 1}"#];
        return choices.pick(&odd).to_owned();
    }
    let mut groups = Map::new();
    for name in names.iter().copied().chain(["headgroup", "nobody"]) {
        if choices.chance(75) {
            let cpus = [json!("4"), json!("3300m"), json!(8), json!(2.5), json!("0.5"), json!("6")];
            let memories = [json!("4Gi"), json!("8Gi"), json!(3_000_000_000_u64), json!("1G")];
            groups.insert(
                name.to_owned(),
                json!({
                    "max-cpu": cpus[choices.below(cpus.len() as i64) as usize],
                    "max-memory": memories[choices.below(memories.len() as i64) as usize],
                    "resize-timeout": choices.pick(&[7, 20, 60, 300]),
                }),
            );
        }
    }
    json!({"groups": groups}).to_string()
}

/// What kubelets do from now on, and what they say.
fn kubelet(choices: &mut Choices<'_>) -> Value {
    let how = ["grant", "grant", "grant", "silent", "Deferred", "Infeasible", "Odd", "Error"];
    let how = choices.pick(&[&how[..], &["InProgress", "unknown"][..]].concat());
    let used = choices.pick(&[0, 1000, 5000]);
    let cpu = choices.pick(&[2000, 2600, 6500, 9000]);
    let memory = choices.pick(&[2_000_000_000_i64, 3_500_000_001, 9_000_000_000]);
    let report = match (how, choices.below(4)) {
        ("Infeasible", 0 | 1) => {
            format!("Node didn't have enough capacity: cpu, requested: 9000, capacity: {cpu}")
        }
        ("Infeasible", 2) => {
            format!("Node didn't have enough capacity: memory, requested: 1, capacity: {memory}")
        }
        (_, 0 | 1) => format!(
            "Node didn't have enough resource: cpu, requested: 9000, used: {used}, capacity: {cpu}"
        ),
        (_, 2) => format!(
            "x Node didn't have enough resource: memory, requested: 1, used: {used}, capacity: \
             {memory} y"
        ),
        _ => return json!([how, null]),
    };
    json!([how, report])
}
