//! Random RayClusters, and random calls of the provider.

use serde_json::{Map, Value, json};

use crate::choices::Choices;

const QUANTITIES: &[&str] = &[
    "1",
    "2",
    "4",
    "500m",
    "2500m",
    "0.5",
    "1.5",
    "0",
    "1e3",
    "1Gi",
    "1.5Gi",
    "3Gi",
    "100Mi",
    "7",
    "1k",
    "1M",
    "2G",
    "1E",
    "1Ei",
    "123456789",
    ".5",
    "5.",
    "1_0",
    " 3",
    "9007199254740993",
    "1500u",
    "1n",
    "3mi",
    "+2",
    "1.00000000000000000000000000001",
    "12345678901234567.89Ki",
    "0.0",
    "00",
    "1e-3",
    "1E3",
    "2Ti",
    "999999999999999999999",
    "1001m",
    "1999999999n",
    "-0",
];
const BROKEN: &[&str] =
    &["-1500m", "1ki", "abc", "", "1i", "NaN", "inf", "1.2.3", "--1", "1e", "Gi", "-1", "1 Gi"];
const INTEGERS: &[&str] = &["0", "1", "4", " 8 ", "+2", "1_0", "1073741824", "007", "1\n"];
const BROKEN_INTEGERS: &[&str] = &["1.5", "2Gi", "", "-1", "x", "1__0", "1e3", "0x10"];
const CUSTOM: &[&str] = &[
    r#"'{"Custom1": 1}'"#,
    r#""{\"A\": 1, \"B\": 5}""#,
    "'{}'",
    r#"'{"CPU": 7}'"#,
    r#"'{"TPU": 2}'"#,
    r#"'{"GPU": 3, "memory": 10}'"#,
    r#"'{"A": 1, "A": 2}'"#,
    r#"'{"A": 1, "CPU": 0}'"#,
];
const BROKEN_CUSTOM: &[&str] = &[
    r#"'{"A": 1.5}'"#,
    r#"{"A": 1}"#,
    "",
    "'[]'",
    "'3'",
    r#"'{"A": "1"}'"#,
    r#"'{"A": -1}'"#,
    r#"'{"A": 01}'"#,
    r#"'{"A": 1,}'"#,
    r#"'{"A": null}'"#,
    r#"'{"A": [1]}'"#,
];
const GPUS: &[&str] =
    &["nvidia.com/gpu", "amd.com/gpu", "nvidia.com/mig-1g.5gb", "habana.ai/gaudi", "gpu"];
const TPUS: &[&str] = &[
    "tpu-v4-podslice",
    "tpu-v5-lite-podslice",
    "tpu-v5p-slice",
    "tpu-v6e-slice",
    "tpu7x",
    "tpu-v9",
    "",
];
const TOPOLOGIES: &[&str] = &["2x2x2", "2x4", "1x1", "4X4", " 2x2", "", "2xa", "4x4x12", "0x2"];
const LABELS: &[(&str, &str)] =
    &[("ray.io/zone", "a"), ("market", "spot"), ("a.b-c/d_e", "x.y"), ("k", "")];
const BROKEN_LABELS: &[(&str, &str)] =
    &[("-k", "v"), ("k", "v-"), ("a b/c", "v"), ("/k", "v"), ("p-/k", "v"), ("", "v")];

/// One of `good`, rarely (in so many of 200 cases) one of `bad`.
fn pick<T: Copy>(choices: &mut Choices<'_>, good: &[T], bad: &[T], rarely: i64) -> T {
    if choices.below(200) < rarely { choices.pick(bad) } else { choices.pick(good) }
}

fn shuffle<T>(choices: &mut Choices<'_>, items: &mut [T]) {
    for index in (1..items.len()).rev() {
        items.swap(index, choices.below(index as i64 + 1) as usize);
    }
}

/// Some of `items`, in any order.
pub(crate) fn sample<T: Copy>(choices: &mut Choices<'_>, items: &[T], count: usize) -> Vec<T> {
    let mut items = items.to_vec();
    shuffle(choices, &mut items);
    items.truncate(count);
    items
}

fn container_resources(choices: &mut Choices<'_>) -> Value {
    let mut amounts: Vec<Value> = Vec::new();
    if choices.chance(85) {
        amounts.push(json!(["cpu", pick(choices, QUANTITIES, BROKEN, 3)]));
    }
    if choices.chance(60) {
        amounts.push(json!(["memory", pick(choices, QUANTITIES, BROKEN, 3)]));
    }
    let gpus = choices.pick(&[0, 0, 0, 1, 2]);
    for name in sample(choices, GPUS, gpus) {
        amounts.push(json!([name, pick(choices, &["0", "1", "2", "4", "500m"], BROKEN, 3)]));
    }
    if choices.chance(12) {
        amounts.push(json!(["google.com/tpu", pick(choices, &["0", "4", "8"], BROKEN, 3)]));
    }
    shuffle(choices, &mut amounts);
    amounts.into()
}

fn start_params(choices: &mut Choices<'_>) -> Value {
    let mut params = Vec::new();
    for (key, percent) in [("num-cpus", 15), ("num-gpus", 10), ("memory", 10)] {
        if choices.chance(percent) {
            params.push(json!([key, pick(choices, INTEGERS, BROKEN_INTEGERS, 10)]));
        }
    }
    if choices.chance(20) {
        params.push(json!(["resources", pick(choices, CUSTOM, BROKEN_CUSTOM, 20)]));
    }
    params.into()
}

fn group(choices: &mut Choices<'_>, name: Option<&str>) -> Value {
    let mut group = Map::new();
    let mut set = |key: &str, value: Value| {
        if value != json!([]) {
            group.insert(key.to_owned(), value);
        }
    };
    if choices.chance(97) {
        set("limits", container_resources(choices));
    }
    if choices.chance(50) {
        set("requests", container_resources(choices));
    }
    if choices.chance(20) {
        let topology = choices.pick(TOPOLOGIES);
        let accelerator = choices.pick(TPUS);
        let both = json!([
            ["cloud.google.com/gke-tpu-topology", topology],
            ["cloud.google.com/gke-tpu-accelerator", accelerator],
        ]);
        set("selector", both);
    }
    set("params", start_params(choices));
    if choices.chance(15) {
        let count = choices.pick(&[1, 2, 3]);
        let names = sample(choices, &["CPU", "memory", "GPU", "TPU", "a", "cpu"], count);
        let amount = |name| json!([name, pick(choices, QUANTITIES, BROKEN, 3)]);
        set("resources", names.into_iter().map(amount).collect());
    }
    if choices.chance(20) {
        let first = pick(choices, LABELS, BROKEN_LABELS, 30);
        let second = choices.pick(LABELS);
        let second = (second.0 != first.0).then_some(second);
        set("labels", std::iter::once(first).chain(second).map(|(k, v)| json!([k, v])).collect());
    }
    if let Some(name) = name {
        let low = choices.pick(&[0, 0, 0, 1, 3]);
        let mut high = Some(low + choices.pick(&[0, 1, 10, 2_147_483_647_i64]));
        if choices.chance(4) {
            high = Some(choices.pick(&[-1, 0, 2]));
        }
        let mut low = Some(low);
        match choices.below(100) {
            98 => low = None,
            99 => high = None,
            _ => {}
        }
        set("name", name.into());
        for (key, value) in [("min", low), ("max", high)] {
            if let Some(value) = value {
                set(key, value.into());
            }
        }
        if choices.chance(20) {
            set("hosts", choices.pick(&[0, 1, 2, 4]).into());
        }
    }
    if choices.chance(15) {
        set("idle", choices.pick(&[0, 7, 300]).into());
    }
    if choices.chance(15) {
        set("prio", choices.pick(&[0, 3, -1]).into());
    }
    group.into()
}

/// A RayCluster whose configuration is derived.
pub fn config_case(choices: &mut Choices<'_>) -> Value {
    let count = choices.pick(&[0, 1, 1, 1, 2, 3]);
    let mut names: Vec<&str> = (0..count).map(|_| choices.pick(&["a", "b", "c"])).collect();
    if choices.chance(3) {
        names.push("headgroup");
    }
    let mut options = Map::new();
    if choices.chance(30) {
        let seconds = choices.pick(&[0, 1, 7, 49, 60, 90, 1013, -1, 2_147_483_647]);
        options.insert("idleTimeoutSeconds".to_owned(), seconds.into());
    }
    if choices.chance(30) {
        let mode = choices.pick(&["Default", "Aggressive", "Conservative", "Wat", "", "default"]);
        options.insert("upscalingMode".to_owned(), mode.into());
    }
    let head = group(choices, None);
    let groups: Vec<Value> = names.into_iter().map(|name| group(choices, Some(name))).collect();
    json!({"options": options, "head": head, "groups": groups})
}

/// A RayCluster with pods, and what the provider is asked to do with it.
pub fn provider_case(choices: &mut Choices<'_>) -> Value {
    let mut pods = vec![json!({"id": 0, "group": "headgroup", "head": true, "deleting": false})];
    let mut groups = Vec::new();
    let count = choices.pick(&[1, 1, 2, 3]);
    let names = sample(choices, &["a", "b", "c"], count);
    for name in &names {
        let low = choices.pick(&[0, 0, 1, 2]);
        let replicas = choices.pick(&[0, 0, 1, 2, 3, 5]);
        let has_replicas = choices.below(25) > 0;
        let mut ids = vec![90, 91];
        for _ in 0..choices.below(5) {
            let id = pods.len();
            ids.push(id);
            let deleting = choices.chance(10);
            pods.push(json!({"id": id, "group": name, "head": false, "deleting": deleting}));
        }
        let named = if choices.chance(20) { choices.pick(&[1, 2, 2]) } else { 0 };
        groups.push(json!({
            "name": name,
            "min": low,
            "max": choices.pick(&[None, Some(low), Some(low + 1), Some(low + 3), Some(10)]),
            "hosts": choices.pick(&[1, 1, 1, 2, 4]),
            "replicas": has_replicas.then_some(replicas),
            "delete": sample(choices, &ids, named),
        }));
    }
    if choices.chance(5) {
        pods.push(json!({"id": pods.len(), "group": "gone", "head": false, "deleting": false}));
    }
    let ids: Vec<usize> = (0..pods.len()).chain([99]).collect();
    let calls: Vec<Value> = (0..choices.pick(&[1, 1, 2, 3]))
        .map(|_| {
            if choices.chance(50) {
                let count = 1 + choices.below(names.len() as i64) as usize;
                let mut shape = sample(choices, &names, count);
                if choices.chance(3) {
                    shape.push("gone");
                }
                let count = |name| json!([name, choices.pick(&[1, 1, 2, 3, 4, 10])]);
                let shape: Vec<Value> = shape.into_iter().map(count).collect();
                json!({"launch": shape, "request": choices.pick(&[1, 2, 3])})
            } else {
                let count = 1 + choices.below(3.min(ids.len() as i64)) as usize;
                json!({"terminate": sample(choices, &ids, count)})
            }
        })
        .collect();
    json!({"groups": groups, "pods": pods, "calls": calls})
}
