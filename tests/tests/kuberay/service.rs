//! RayServices from their creation on, pass by pass: what is done, and what stands in the status.

use serde_json::{Value, json};
use tidetable_core::ray::service::{
    Action, ClusterStatus, Fingerprint, Observation, Options, Serving, Spec, State, Step, Strategy,
    reconcile,
};
use tidetable_core::time::{Duration, Instant};

use crate::cases::{cases, flag, list, report, text};

/// Ours against upstream's, and that every kind of thing happens in the cases.
#[test]
fn every_pass_does_what_kuberay_does() {
    let cases = cases("service.jsonl", 1);
    let mut differences = Vec::new();
    let mut kinds = std::collections::BTreeMap::<&str, usize>::new();
    for case in &cases {
        differences.extend(difference(case));
        for pass in list(&case["passes"]) {
            for did in list(&pass["did"]) {
                *kinds.entry(text(did).split(' ').next().unwrap()).or_default() += 1;
            }
            *kinds.entry("rollback").or_default() += usize::from(flag(&pass["status"]["rollback"]));
        }
    }
    report("histories of RayServices", &differences, cases.len());
    if cases.len() >= 20 {
        for kind in ["create", "update", "delete", "send", "rollback"] {
            assert!(kinds.get(kind).is_some_and(|it| *it >= 2), "{kind}: {kinds:?}");
        }
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

fn seconds(value: &Value) -> Duration {
    Duration::from_seconds(number(value))
}

fn spec(case: &Value) -> Spec {
    let percent = |value: &Value| i32::try_from(number(value)).unwrap();
    let strategy = match text(&case["strategy"]) {
        "NewCluster" => Strategy::NewCluster,
        "None" => Strategy::None,
        "NewClusterWithIncrementalUpgrade" => Strategy::Incremental(Options {
            max_surge_percent: percent(&case["surge"]),
            step_size_percent: percent(&case["step"]),
            interval: seconds(&case["interval"]),
        }),
        other => panic!("{other}"),
    };
    Spec { strategy, deletion_delay: seconds(&case["delay"]), suspend: false }
}

fn serving(value: &Value) -> Serving {
    Serving {
        has_head: flag(&value["head"]),
        head_ready: flag(&value["head_ready"]),
        has_applications: flag(&value["apps"]),
        is_ready: flag(&value["runs"]),
    }
}

fn goal(value: &Value) -> Fingerprint {
    let whole = |value: &Value| u32::try_from(number(value)).unwrap();
    Fingerprint {
        rest: whole(&value["rest"]),
        suspend: flag(&value["suspend"]),
        groups: list(&value["groups"]).iter().map(whole).collect(),
    }
}

/// The first pass that differs.
fn difference(case: &Value) -> Option<String> {
    let spec = spec(case);
    let mut state = State::default();
    for (index, pass) in list(&case["passes"]).iter().enumerate() {
        let goal = goal(&pass["goal"]);
        let seen = Observation {
            goal: &goal,
            serve_config: u32::try_from(number(&pass["config"])).unwrap(),
            active: serving(&pass["active"]),
            pending: serving(&pass["pending"]),
            gateway_ready: flag(&pass["gateway"]),
        };
        let before = state.clone();
        let step = reconcile(&spec, state, &seen, Instant::from_ms(number(&pass["at"])));
        let did: Vec<String> =
            step.actions.iter().filter_map(|it| action(it, &before, &step, &seen)).collect();
        let ours = (json!(did), status(&step.state));
        let theirs = (pass["did"].clone(), pass["status"].clone());
        if ours != theirs {
            let trace = &step.trace;
            return Some(format!(
                "pass {index} {spec:?}\n before {before:?}\n seen {pass}\n ours {ours:?}\n \
                 {trace:?}"
            ));
        }
        state = step.state;
    }
    None
}

/// As the oracle writes it; traffic and promotions show in the status.
fn action(action: &Action, before: &State, step: &Step, seen: &Observation<'_>) -> Option<String> {
    let replicas = |without: bool| if without { "unset" } else { "own" };
    Some(match *action {
        Action::Delete(cluster) => format!("delete {}", cluster.0),
        Action::Create { cluster, without_replicas } => {
            format!("create {} {}", cluster.0, replicas(without_replicas))
        }
        Action::Update { cluster, without_replicas } => {
            format!("update {} {}", cluster.0, replicas(without_replicas))
        }
        Action::Submit { cluster, target_capacity } => {
            let capacity = target_capacity.map_or_else(|| "own".to_owned(), |it| it.to_string());
            format!("send {} c{} {capacity}", cluster.0, seen.serve_config)
        }
        Action::Capacity { cluster, target_capacity } => {
            // The config that it has is the last that it was sent, in this pass or before.
            let is_new = step
                .actions
                .iter()
                .any(|it| matches!(it, Action::Submit { cluster: to, .. } if *to == cluster));
            let mut known = [&before.active, &before.pending].into_iter().flatten();
            let before = known.find(|it| it.id == cluster).and_then(|it| it.serve_config);
            let config = before.filter(|_| !is_new).unwrap_or(seen.serve_config);
            format!("send {} c{config} {target_capacity}", cluster.0)
        }
        Action::Traffic { .. } | Action::Promote(_) => return None,
    })
}

fn status(state: &State) -> Value {
    let cluster = |it: &ClusterStatus| {
        json!({
            "cluster": it.id.0,
            "capacity": it.target_capacity,
            "traffic": it.traffic,
            "moved": it.traffic_moved.map(|it| it.ms() / 1000),
        })
    };
    json!({
        "active": state.active.as_ref().map(cluster),
        "pending": state.pending.as_ref().map(cluster),
        "upgrading": state.upgrading,
        "rollback": state.rolling_back,
    })
}
