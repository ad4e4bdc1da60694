//! Patches and errors against `KubeRayProvider`.

use serde_json::{Value, json};
use tidetable_core::ray::provider::Provider;
use tidetable_core::ray::{GroupSeen, Name, NodeKind, Patch, PodId, PodSeen, Trace};

use crate::ray_json::{index, int, list, name};
use crate::ray_oracle::both;

/// How our answer differs, if it does.
pub fn differs(case: &Value) -> Option<String> {
    let upstream: Vec<Value> = list(&case["out"]).iter().map(in_order).collect();
    both(&upstream.into(), &answer(case, &mut Trace::default()).into())
}

/// Upstream clears finished deletions in the order of a set, so the order is not compared.
fn in_order(step: &Value) -> Value {
    let sorted = |values: &Value| {
        let mut values = list(values).to_vec();
        values.sort_by_key(ToString::to_string);
        values
    };
    json!({"patches": sorted(&step["patches"]), "errors": sorted(&step["errors"])})
}

/// Our answer to a case; the reasons are added to `trace`.
pub fn answer(case: &Value, trace: &mut Trace) -> Vec<Value> {
    let pods: Vec<PodSeen> = list(&case["pods"]).iter().map(pod).collect();
    let groups: Vec<GroupSeen> = list(&case["groups"]).iter().map(group).collect();
    let mut provider = Provider::new(&pods, &groups, Vec::new());
    let mut answers = Vec::new();
    for call in list(&case["calls"]) {
        if let Some(request) = call["request"].as_u64() {
            let shape: Vec<(Name, i64)> =
                list(&call["launch"]).iter().map(|pair| (name(&pair[0]), int(&pair[1]))).collect();
            provider.launch(&shape, request, trace);
        } else {
            provider.terminate(&pod_ids(&call["terminate"]), trace);
        }
        let patches: Vec<Value> = provider.patches.drain(..).map(|it| print(&it)).collect();
        let errors = std::mem::take(&mut provider.errors);
        let launches = errors.launches.iter().map(|it| json!([&*it.node_type, it.count]));
        let terminations = errors.terminations.iter().map(|pod| json!([pod.0]));
        let errors: Vec<Value> = launches.chain(terminations).collect();
        answers.push(in_order(&json!({"patches": patches, "errors": errors})));
    }
    answers
}

/// A patch as Python's side writes it.
pub fn print(patch: &Patch) -> Value {
    match patch {
        Patch::Replicas { group, replicas } => json!(["replicas", group, replicas]),
        Patch::WorkersToDelete { group, pods } => {
            json!(["delete", group, pods.iter().map(|pod| pod.0).collect::<Vec<_>>()])
        }
    }
}

fn pod_ids(value: &Value) -> Vec<PodId> {
    list(value).iter().map(|id| PodId(index(id))).collect()
}

/// A pod `{id, group, head, deleting}`.
pub fn pod(value: &Value) -> PodSeen {
    PodSeen {
        id: PodId(index(&value["id"])),
        group: name(&value["group"]),
        kind: if value["head"] == true { NodeKind::Head } else { NodeKind::Worker },
        deleting: value["deleting"] == true,
    }
}

/// A worker group as the provider sees it.
pub fn group(value: &Value) -> GroupSeen {
    GroupSeen {
        name: name(&value["name"]),
        replicas: value["replicas"].as_i64(),
        min_replicas: int(&value["min"]),
        max_replicas: value["max"].as_i64(),
        num_of_hosts: int(&value["hosts"]),
        workers_to_delete: pod_ids(&value["delete"]),
    }
}
