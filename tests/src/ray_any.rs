//! What no cluster has to have shown: any pods, nodes and demands, look by look, and RayClusters,
//! RayServices and RayJobs with numbers that nobody means. For the fuzzer; upstream isn't asked.

use serde_json::{Map, Value, json};
use tidetable_core::predict;
use tidetable_core::ray::config::{derive, derive_v1};
use tidetable_core::ray::{State, Trace, v1};
use tidetable_core::report::Language;

use crate::choices::Choices;
use crate::ray_config::cluster;
use crate::{ray_generate_loop, ray_loop, ray_serve, ray_serve_generate};
use crate::{ray_v1_generate, ray_v1_loop, ray_v1_scheduler};

/// Looks of a sequence.
const LOOKS: usize = 8;
/// Pods and nodes are numbered below this.
const NUMBERS: i64 = 14;

/// One question, answered: of what the schedulers, Serve and `predict` may be asked, or looks.
pub fn ask(choices: &mut Choices<'_>) {
    let mut trace = Trace::default();
    match choices.below(8) {
        0 => {
            let case = ray_v1_generate::scheduler_case(choices);
            ray_v1_scheduler::answer(&case, &mut trace);
        }
        2 => {
            ray_serve::answer(&ray_serve_generate::serve_case(choices), &mut Vec::new());
        }
        3 => {
            let language = if choices.chance(50) { Language::En } else { Language::Ko };
            let _ = predict(&manifest(choices), language);
        }
        _ => looks(choices),
    }
}

/// Shows both autoscalers the same sequence of looks.
fn looks(choices: &mut Choices<'_>) {
    let case = ray_generate_loop::loop_case(choices);
    let mut groups = case["groups"].clone();
    let (mut state, mut state_v1) = (State::default(), v1::State::default());
    let mut now = 0;
    for _ in 0..LOOKS {
        for group in groups.as_array_mut().into_iter().flatten() {
            change(choices, group);
        }
        let written = json!({
            "options": case["options"],
            "head": {"limits": [["cpu", case["head_cpu"]]]},
            "groups": groups,
        });
        let seen = seen(choices, &groups);
        let mut trace = Trace::default();
        if let Ok(config) = derive(&cluster(&written)) {
            ray_loop::decide(&config, &mut state, &seen, now, &mut trace);
        }
        if let Ok(config) = derive_v1(&cluster(&written)) {
            ray_v1_loop::decide(&config, true, &mut state_v1, &seen, now, &mut trace);
        }
        now += choices.pick(&[5, 5, 5, 0, 1, 61, 600, 100_000]);
    }
}

/// Any number that the fields of a RayCluster may hold; minimums and hosts stay few, since so many
/// pods are planned.
fn change(choices: &mut Choices<'_>, group: &mut Value) {
    const ANY: &[i64] = &[0, 1, 2, 4, 10, -1, i32::MAX as i64, i32::MIN as i64];
    if choices.chance(20) {
        group["replicas"] = choices.pick(ANY).into();
    }
    if choices.chance(20) {
        group["max"] = choices.pick(ANY).into();
    }
    if choices.chance(20) {
        group["min"] = choices.pick(&[0, 1, 3, 30]).into();
    }
    if choices.chance(10) {
        group["hosts"] = choices.pick(&[0, 1, 2, 3, 16]).into();
    }
    if choices.chance(20) {
        group["delete"] = json!([choices.below(NUMBERS), choices.below(NUMBERS)]);
    }
}

fn seen(choices: &mut Choices<'_>, groups: &Value) -> Map<String, Value> {
    let mut types: Vec<Value> =
        groups.as_array().into_iter().flatten().map(|it| it["name"].clone()).collect();
    types.extend(["headgroup", "gone"].map(Value::from));
    let which =
        |choices: &mut Choices<'_>| types[choices.below(types.len() as i64) as usize].clone();
    let mut pods = Vec::new();
    let mut nodes = Vec::new();
    for id in 0..NUMBERS {
        let head = if id == 0 { choices.chance(95) } else { choices.chance(2) };
        if id == 0 || choices.chance(40) {
            let group = if head { "headgroup".into() } else { which(choices) };
            let mut pod = json!({
                "id": id, "group": group, "head": head, "deleting": choices.chance(15),
            });
            if choices.chance(20) {
                pod["replica"] = choices.pick(&["a-0", "a-1", "b-0"]).into();
            }
            pods.push(pod);
        }
        if id == 0 || choices.chance(40) {
            nodes.push(json!({
                "id": id,
                "pod": if id == 0 || choices.chance(80) { id } else { choices.below(NUMBERS) },
                "type": if head { "headgroup".into() } else { which(choices) },
                "total": amounts(choices),
                "available": amounts(choices),
                "labels": {},
                "idle_ms": choices.pick(&[0, 1, 59_999, 60_000, 60_001, i64::MAX]),
                "status": choices.pick(&["IDLE", "RUNNING", "DEAD", "DRAINING"]),
            }));
        }
    }
    let count = choices.below(3);
    let gangs: Vec<Value> = (0..count).map(|_| gang(choices)).collect();
    let constraint = if choices.chance(30) { demands(choices) } else { Value::Null };
    let seen = json!({
        "groups": groups, "pods": pods, "nodes": nodes, "demands": demands(choices),
        "gangs": gangs, "constraint": constraint, "refused": [choices.below(NUMBERS)],
    });
    seen.as_object().cloned().unwrap_or_default()
}

fn amounts(choices: &mut Choices<'_>) -> Value {
    let mut amounts = Vec::new();
    for name in ["CPU", "GPU", "memory", "x"] {
        if choices.chance(if name == "CPU" { 90 } else { 15 }) {
            let amount = choices.pick(&[1.0, 2.0, 0.25, 0.0, 0.3, 1e-4, 4.0, 64.0, 1e15, 1e300]);
            amounts.push(json!([name, amount]));
        }
    }
    amounts.into()
}

fn demands(choices: &mut Choices<'_>) -> Value {
    let count = choices.below(4);
    let demand = |choices: &mut Choices<'_>| {
        let count = choices.pick(&[0, 1, 3, 20, 400]);
        json!({"res": amounts(choices), "selectors": [[]], "place": null, "count": count})
    };
    (0..count).map(|_| demand(choices)).collect()
}

fn gang(choices: &mut Choices<'_>) -> Value {
    let kind = choices.pick(&["pack", "affinity", "anti"]);
    let place = if kind == "pack" { Value::Null } else { json!([kind, "_PG_1"]) };
    let count = choices.below(5);
    let bundle = |choices: &mut Choices<'_>| {
        let resources = amounts(choices);
        json!({"res": resources, "selectors": [], "place": place})
    };
    (0..count).map(|_| bundle(choices)).collect()
}

/// Values that stand where a number or a word is meant.
const ODD: &[&str] = &[
    "0",
    "1",
    "3",
    "10",
    "-1",
    "2147483647",
    "9223372036854775807",
    "1.5",
    "1e3",
    "''",
    "null",
    "[]",
    "{}",
    "x",
    "'7'",
    "500m",
    "1Gi",
    "0.1",
    "true",
];

/// A RayCluster, RayService or RayJob with load, whose values are picked anew.
fn manifest(choices: &mut Choices<'_>) -> String {
    let mut odd = |usual: &str| {
        if choices.chance(25) { choices.pick(ODD).to_owned() } else { usual.to_owned() }
    };
    let version = if odd("v1") == "v1" { "v1" } else { "v2" };
    let spec = format!(
        "{{enableInTreeAutoscaling: true, rayVersion: {}, autoscalerOptions: {{version: {version}, \
         idleTimeoutSeconds: {}, upscalingMode: {}}}, headGroupSpec: {{rayStartParams: {{num-cpus: \
         {}}}, template: {{spec: {{containers: [{{name: h, resources: {{limits: {{cpu: {}, memory: \
         {}}}}}}}]}}}}}}, workerGroupSpecs: [{{groupName: {}, replicas: {}, minReplicas: {}, \
         maxReplicas: {}, numOfHosts: {}, idleTimeoutSeconds: {}, rayStartParams: {{resources: \
         {}}}, template: {{spec: {{containers: [{{name: w, resources: {{limits: {{cpu: {}, \
         memory: {}, nvidia.com/gpu: {}}}}}}}]}}}}}}]}}",
        odd("2.60.0"),
        odd("60"),
        odd("Conservative"),
        odd("'0'"),
        odd("1"),
        odd("2Gi"),
        odd("w"),
        odd("0"),
        odd("0"),
        odd("10"),
        odd("1"),
        odd("30"),
        odd("'\"{\\\"x\\\": 1}\"'"),
        odd("1"),
        odd("4Gi"),
        odd("0"),
    );
    let serve = format!(
        "'applications: [{{name: a, deployments: [{{name: d, num_replicas: auto, \
         ray_actor_options: {{num_cpus: {}}}, autoscaling_config: {{min_replicas: {}, \
         max_replicas: {}, target_ongoing_requests: {}, upscale_delay_s: {}}}}}]}}]'",
        odd("1"),
        odd("1"),
        odd("10"),
        odd("2"),
        odd("5"),
    );
    let work = format!(
        "{{at: {}, tasks: {{count: {}, resources: {{CPU: {}}}, duration: {}}}}}",
        odd("0s"),
        odd("20"),
        odd("1"),
        odd("60s"),
    );
    let scenario = format!(
        "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec: {{duration: 5m, ray: \
         [{{cluster: c, work: [{work}]}}]}}\n"
    );
    let (kind, spec) = match choices.below(3) {
        0 => ("RayCluster", spec),
        1 => ("RayService", format!("{{rayClusterConfig: {spec}, serveConfigV2: {serve}}}")),
        _ => ("RayJob", format!("{{rayClusterSpec: {spec}, entrypoint: x}}")),
    };
    let head = format!("apiVersion: ray.io/v1\nkind: {kind}\nmetadata: {{name: c}}\n");
    format!("{head}spec: {spec}\n---\n{scenario}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_that_is_asked_is_answered() {
        for index in 0..200 {
            let asked = std::panic::catch_unwind(|| ask(&mut Choices::seeded(1, index)));
            assert!(asked.is_ok(), "question {index}");
        }
    }

    #[test]
    fn odd_manifests_are_read_and_some_are_predicted() {
        let decided = (0..40).filter(|index| {
            let text = manifest(&mut Choices::seeded(1, *index));
            !predict(&text, Language::En).report.decisions.is_empty()
        });
        assert!(decided.count() > 5);
    }
}
