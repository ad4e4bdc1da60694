//! Random closed loops: worker groups, and what somebody changes before each look.

use serde_json::{Value, json};

use crate::choices::Choices;
use crate::ray_generate::sample;
use crate::ray_generate_resize::add_resizes_to_loop;

/// Looks of a loop.
const LOOKS: usize = 40;

fn group(choices: &mut Choices<'_>, name: &str) -> Value {
    let low = choices.pick(&[0, 0, 0, 1, 2]);
    let hosts = choices.pick(&[1, 1, 1, 1, 2, 4]);
    let mut limits = vec![json!(["cpu", choices.pick(&["1", "1", "2", "4"])])];
    if choices.chance(15) {
        limits.push(json!(["nvidia.com/gpu", choices.pick(&["1", "2"])]));
    }
    let mut group = json!({
        "name": name,
        "min": low,
        "max": low + choices.pick(&[0, 1, 3, 5, 20]),
        "hosts": hosts,
        "limits": limits,
        "replicas": choices.pick(&[0, 0, 0, 1, 2, 4]),
        "delete": [],
    });
    if choices.chance(15) {
        group["idle"] = choices.pick(&[0, 7, 30]).into();
    }
    if choices.chance(15) {
        group["prio"] = choices.pick(&[1, 5]).into();
    }
    if choices.chance(20) {
        group["labels"] = json!([["z", choices.pick(&["a", "b"])]]);
    }
    group
}

fn selectors(choices: &mut Choices<'_>, without: Value) -> Value {
    if choices.chance(8) {
        json!([[["z", choices.pick(&[1, 2]), [choices.pick(&["a", "b"])]]]])
    } else {
        without
    }
}

fn amounts(choices: &mut Choices<'_>) -> Value {
    let cpus = choices.pick(&[1.0, 1.0, 1.0, 2.0, 0.5, 4.0, 0.25]);
    if choices.chance(10) { json!({"CPU": cpus, "GPU": 1.0}) } else { json!({"CPU": cpus}) }
}

fn tasks(choices: &mut Choices<'_>) -> Value {
    json!(["tasks", {
        "res": amounts(choices),
        "selectors": selectors(choices, json!([[]])),
        "seconds": choices.pick(&[1, 8, 30, 60, 600]),
        "count": choices.pick(&[1, 2, 3, 8, 20]),
    }])
}

fn gang(choices: &mut Choices<'_>, at: usize) -> Value {
    let kind = choices.pick(&["pack", "affinity", "anti"]);
    let place = if kind == "pack" { Value::Null } else { json!([kind, format!("_PG_{at}")]) };
    let resources = amounts(choices);
    let bundle = json!({"res": resources, "selectors": [], "place": place});
    let bundles = vec![bundle; choices.pick(&[1, 2, 3, 6])];
    json!(["gang", {"bundles": bundles, "seconds": choices.pick(&[5, 20, 60])}])
}

fn constraint(choices: &mut Choices<'_>) -> Value {
    if choices.chance(35) {
        return json!(["constraint", null]);
    }
    let resources = amounts(choices);
    let count = choices.pick(&[1, 2, 4, 8, 30]);
    json!(["constraint", [{"res": resources, "selectors": [], "place": null, "count": count}]])
}

/// A change of the RayCluster.
fn change(choices: &mut Choices<'_>, names: &[&str]) -> Value {
    let name = choices.pick(names);
    match choices.below(14) {
        0..3 => json!(["set", [name, "max", choices.pick(&[0, 1, 2, 4, 10])]]),
        3..6 => json!(["set", [name, "min", choices.pick(&[0, 0, 1, 3])]]),
        6..9 => json!(["set", [name, "replicas", choices.pick(&[0, 1, 3, 6])]]),
        9 => json!(["set", [name, "idle", choices.pick(&[0, 5, 120])]]),
        10 => json!(["drop", name]),
        // A label that makes the whole configuration invalid, and its end.
        11 => json!(["set", [name, "labels", [["-k", "v"]]]]),
        12 => json!(["unset", [name, "labels"]]),
        _ => json!(["add", group(choices, name)]),
    }
}

fn edit(choices: &mut Choices<'_>, names: &[&str], at: usize) -> Value {
    match choices.below(100) {
        0..36 => tasks(choices),
        36..43 => gang(choices, at),
        43..50 => constraint(choices),
        50..66 => change(choices, names),
        66..70 => json!(["operates", choices.chance(65)]),
        70..74 => json!(["refuses", choices.chance(50)]),
        74..79 => json!(["never", choices.below(8)]),
        79..84 => json!(["kill", choices.below(8)]),
        84..87 => json!(["die", choices.below(8)]),
        87..90 => json!(["restart", choices.below(8)]),
        90..92 => json!(["forget", choices.below(8)]),
        92..96 => json!(["wait", choices.pick(&[1, 20, 61, 300, 301, 595, 600, 3595, 3600])]),
        _ => json!(["done", null]),
    }
}

/// A closed loop.
pub fn loop_case(choices: &mut Choices<'_>) -> Value {
    let count = choices.pick(&[1, 1, 2, 3]);
    let names = sample(choices, &["a", "b", "c"], count);
    let groups: Vec<Value> = names.iter().map(|name| group(choices, name)).collect();
    let busy = choices.pick(&[3, 10, 25]);
    let mut looks: Vec<Vec<Value>> = Vec::new();
    for at in 0..LOOKS {
        let mut edits = Vec::new();
        if at == 0 {
            edits.push(tasks(choices));
        }
        while choices.chance(busy) {
            edits.push(edit(choices, &names, at));
        }
        looks.push(edits);
    }
    let mut options = json!({"idleTimeoutSeconds": choices.pick(&[0, 10, 30, 60])});
    if choices.chance(25) {
        options["upscalingMode"] = "Conservative".into();
    }
    let mut case = json!({
        "groups": groups,
        "options": options,
        "head_cpu": choices.pick(&["0", "0", "1", "2"]),
        "start_s": choices.pick(&[0, 5, 20, 60]),
        "grace_s": choices.pick(&[0, 0, 5, 30]),
        "drain_s": choices.pick(&[0, 0, 5, 30]),
        "dead_s": choices.pick(&[0, 30, 1000]),
        "looks": looks,
    });
    if choices.chance(35) {
        add_resizes_to_loop(choices, &names, &mut case);
    }
    case
}
