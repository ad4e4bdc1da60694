//! Pods as the operator makes them of a template, and the numbers of a RayCluster's status.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tidetable_core::quantity::Quantity;
use tidetable_core::ray::config::{GroupSpec, StringMap};
use tidetable_core::ray::operator::build::{
    AUTOSCALER, AddedContainer, WAIT_FOR_HEAD, restart_policy, start_params,
};
use tidetable_core::ray::operator::{
    GroupSize, PodAmounts, all_desired_pods, desired_amounts, desired_pods, least_amounts,
    least_pods, most_pods, pod_amounts,
};
use tidetable_core::ray::{GroupSeen, NodeKind};

use crate::cases::{cases, flag, list, report, text};

#[test]
fn every_pod_is_started_as_upstream_starts_it() {
    let cases = cases("build.jsonl", 300);
    let mut differences = Vec::new();
    let mut pods = 0;
    for case in &cases {
        let spec = &case["spec"];
        let autoscaling = flag(&spec["enableInTreeAutoscaling"]);
        let version = text(&spec["autoscalerOptions"]["version"]);
        let heads = [(&spec["headGroupSpec"], NodeKind::Head)];
        let workers = list(&spec["workerGroupSpecs"]).iter().map(|it| (it, NodeKind::Worker));
        for ((group, kind), made) in heads.into_iter().chain(workers).zip(list(&case["pods"])) {
            pods += 1;
            let written = group_spec(group);
            let params = start_params(&written, kind, autoscaling);
            let ours = (params.flags, params.resources.map(Result::ok));
            let theirs = command(text(&made["start"]));
            if ours != theirs {
                differences.push(format!("{ours:?}\n{theirs:?}\n{group}"));
            }
            let v2 = autoscaling && version == "v2";
            let policy = group["template"]["spec"]["restartPolicy"].as_str();
            assert_eq!(restart_policy(policy, v2).unwrap_or(""), text(&made["restart"]), "{group}");
            compare_containers(spec, group, kind, made);
        }
    }
    assert!(pods > 150, "{pods}");
    report("start", &differences, pods);
}

/// What the operator adds comes last.
fn compare_containers(spec: &Value, group: &Value, kind: NodeKind, made: &Value) {
    let pod = &group["template"]["spec"];
    let written = |name: &str| list(&pod[name]).len();
    let added = |it: AddedContainer| {
        let amounts = json!({"cpu": it.cpu, "memory": it.memory});
        json!({"name": it.name, "requests": amounts, "limits": amounts})
    };
    let (containers, init) = (list(&made["containers"]), list(&made["init"]));
    let autoscaling = flag(&spec["enableInTreeAutoscaling"]);
    if kind == NodeKind::Head && autoscaling {
        assert_eq!(containers.len(), written("containers") + 1);
        let last = &containers[containers.len() - 1];
        let own = &spec["autoscalerOptions"]["resources"];
        if own.is_object() {
            assert_eq!(last["name"], AUTOSCALER.name);
        } else {
            assert_eq!(*last, added(AUTOSCALER));
        }
    } else {
        assert_eq!(containers.len(), written("containers"));
    }
    if kind == NodeKind::Worker {
        assert_eq!(init.len(), written("initContainers") + 1);
        assert_eq!(init[init.len() - 1], added(WAIT_FOR_HEAD));
    } else {
        assert_eq!(init.len(), written("initContainers"));
    }
}

fn map(value: &Value) -> StringMap {
    let entries = value.as_object().into_iter().flatten();
    entries.map(|(name, it)| (name.clone(), text(it).to_owned())).collect()
}

fn group_spec(group: &Value) -> GroupSpec {
    let first = &group["template"]["spec"]["containers"][0]["resources"];
    GroupSpec {
        resources: map(&group["resources"]),
        ray_start_params: map(&group["rayStartParams"]),
        limits: map(&first["limits"]),
        requests: map(&first["requests"]),
        labels: map(&group["labels"]),
        ..GroupSpec::default()
    }
}

type Flags = (BTreeMap<String, String>, Option<Option<BTreeMap<String, f64>>>);

/// `ray start --head  --block  --num-cpus=1  --resources='{"a":1}' ` taken apart.
fn command(text: &str) -> Flags {
    let mut flags = BTreeMap::new();
    let mut resources = None;
    for flag in text.split(" --").skip(1).map(str::trim).filter(|it| *it != "head") {
        let (name, value) = flag.split_once('=').unwrap_or((flag, "true"));
        match name {
            "resources" => {
                let inner = value.trim_matches(['\'', '"', '`', ' ']);
                resources = Some(serde_json::from_str(inner).ok());
            }
            "address" => {}
            _ => drop(flags.insert(name.to_owned(), value.to_owned())),
        }
    }
    (flags, resources)
}

#[test]
fn the_numbers_of_a_status_are_upstreams() {
    for case in &cases("build.jsonl", 300) {
        let groups: Vec<GroupSeen> = list(&case["counts"]).iter().map(counted).collect();
        let none = PodAmounts::new();
        let sizes: Vec<GroupSize<'_>> = groups
            .iter()
            .zip(list(&case["counts"]))
            .map(|(seen, it)| GroupSize { seen, suspend: flag(&it["suspend"]), pod: &none })
            .collect();
        for (size, expected) in sizes.iter().zip(list(&case["per_group"])) {
            let ours = if size.suspend { 0 } else { desired_pods(size.seen) };
            assert_eq!(Some(ours), expected.as_i64(), "{}", case["counts"]);
        }
        let ours = [all_desired_pods(&sizes), least_pods(&sizes), most_pods(&sizes)];
        let theirs = [&case["desired"], &case["min"], &case["max"]].map(|it| it.as_i64().unwrap());
        assert_eq!(ours, theirs, "{}", case["counts"]);
    }
}

fn counted(it: &Value) -> GroupSeen {
    GroupSeen {
        name: "w".into(),
        replicas: it["replicas"].as_i64(),
        min_replicas: it["min"].as_i64().unwrap_or(0),
        max_replicas: it["max"].as_i64(),
        num_of_hosts: it["hosts"].as_i64().unwrap(),
        workers_to_delete: Vec::new(),
    }
}

#[test]
fn what_a_cluster_asks_for_in_all_is_upstreams() {
    for case in &cases("build.jsonl", 300) {
        let spec = &case["spec"];
        let head = pod(&spec["headGroupSpec"]);
        let written = list(&spec["workerGroupSpecs"]);
        let pods: Vec<PodAmounts> = written.iter().map(pod).collect();
        let seen: Vec<GroupSeen> = written
            .iter()
            .map(|it| GroupSeen {
                replicas: Some(it["replicas"].as_i64().unwrap_or(0)),
                min_replicas: it["minReplicas"].as_i64().unwrap_or(0),
                num_of_hosts: it["numOfHosts"].as_i64().unwrap_or(1),
                ..counted(&json!({"hosts": 1}))
            })
            .collect();
        let group = |(seen, pod)| GroupSize { seen, suspend: false, pod };
        let sizes: Vec<GroupSize<'_>> = seen.iter().zip(&pods).map(group).collect();
        for (ours, theirs) in [
            (desired_amounts(&head, &sizes), &case["resources"]),
            (least_amounts(&head, &sizes), &case["least"]),
        ] {
            let milli = |(name, it): (String, String)| {
                (name, i128::from(Quantity::parse(&it).unwrap().milli_value()))
            };
            let theirs: PodAmounts = map(theirs).into_iter().map(milli).collect();
            // Up to 1.6 a resource of no pod is left out, from 1.7 on it is 0.
            let some =
                |it: PodAmounts| -> PodAmounts { it.into_iter().filter(|it| it.1 != 0).collect() };
            assert_eq!(some(ours), some(theirs), "{spec}");
        }
    }
}

fn pod(group: &Value) -> PodAmounts {
    let lists = |it: &Value| (map(&it["resources"]["requests"]), map(&it["resources"]["limits"]));
    let containers: Vec<_> =
        list(&group["template"]["spec"]["containers"]).iter().map(lists).collect();
    pod_amounts(containers.iter().map(|(requests, limits)| (requests, limits)))
}
