//! The v1 scheduler against `ResourceDemandScheduler.get_nodes_to_launch`.

use std::sync::Arc;

use serde_json::{Value, json};
use tidetable_core::ray::config::{AutoscalingConfig, NodeType, Timeouts};
use tidetable_core::ray::v1::scheduler::{Learned, Load, Node, Request, get_nodes_to_launch};
use tidetable_core::ray::v1::{Bundles, PlacementGroup, Strategy};
use tidetable_core::ray::{Labels, Name, NodeKind, Resources, Trace};

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn int(value: &Value) -> i64 {
    value.as_i64().expect("a whole number")
}

fn name(value: &Value) -> Name {
    Arc::from(value.as_str().expect("a name"))
}

/// `[[name, amount], ...]`.
pub(crate) fn resources(value: &Value) -> Resources {
    let amount = |pair: &Value| (name(&pair[0]), pair[1].as_f64().expect("an amount"));
    list(value).iter().map(amount).collect()
}

/// Ours, printed as a case prints it.
fn print(resources: &Resources) -> Value {
    resources.iter().map(|(name, amount)| json!([&**name, amount])).collect()
}

fn bundles(value: &Value) -> Vec<Bundles> {
    let bundle = |it: &Value| Bundles {
        resources: resources(&it["res"]),
        count: u32::try_from(int(&it["count"])).expect("a count"),
    };
    list(value).iter().map(bundle).collect()
}

fn group(value: &Value) -> PlacementGroup {
    let strategy = match value["strategy"].as_str() {
        Some("PACK") => Strategy::Pack,
        Some("SPREAD") => Strategy::Spread,
        Some("STRICT_PACK") => Strategy::StrictPack,
        Some("STRICT_SPREAD") => Strategy::StrictSpread,
        other => panic!("strategy {other:?}"),
    };
    let without_node = list(&value["bundles"]).iter().filter(|it| it["placed"] == false);
    PlacementGroup { strategy, bundles: without_node.map(|it| resources(&it["res"])).collect() }
}

/// Types and limits, the head's type first.
pub(crate) fn config(case: &Value) -> AutoscalingConfig {
    let node_type = |(index, it): (usize, &Value)| NodeType {
        name: name(&it["name"]),
        min_nodes: int(&it["min"]),
        max_nodes: int(&it["max"]) + i64::from(index == 0),
        resources: resources(&it["res"]),
        labels: Labels::default(),
        idle_timeout_s: None,
        resize: None,
        priority: 0,
    };
    AutoscalingConfig {
        node_types: list(&case["types"]).iter().enumerate().map(node_type).collect(),
        max_nodes: int(&case["max"]) + 1,
        idle_timeout_s: case["idle_s"].as_f64().unwrap_or(60.0),
        upscaling_speed: case["speed"].as_f64().expect("a speed"),
        max_concurrent_launches: 10,
        pending_idle_timeout_s: None,
        availability_recovery_s: 600.0,
        timeouts: Timeouts::default(),
    }
}

/// Our answer to a case; the reasons are added to `trace`.
///
/// # Panics
/// If the case is not whole.
pub fn answer(case: &Value, trace: &mut Trace) -> Value {
    let config = config(case);
    let specs = list(&case["nodes"]);
    let types: Vec<Name> = specs.iter().map(|it| name(&it["type"])).collect();
    let loads: Vec<Option<[Resources; 2]>> = specs
        .iter()
        .map(|it| &it["load"])
        .map(|it| it.is_object().then(|| ["total", "available"].map(|which| resources(&it[which]))))
        .collect();
    let node = |index: usize| Node {
        node_type: &types[index],
        kind: if specs[index]["kind"] == "head" { NodeKind::Head } else { NodeKind::Worker },
        load: loads[index].as_ref().map(|[total, available]| Load { total, available }),
    };
    let nodes: Vec<Node<'_>> = (0..specs.len()).map(node).collect();
    let (demands, requests) = (bundles(&case["demands"]), bundles(&case["requests"]));
    let groups: Vec<PlacementGroup> = list(&case["groups"]).iter().map(group).collect();
    let request = Request {
        config: &config,
        nodes: &nodes,
        demands: &demands,
        placement_groups: &groups,
        resource_requests: &requests,
    };
    let reply = get_nodes_to_launch(&request, &mut Learned::default(), trace);
    let launch = reply.launch.iter().map(|(name, count)| json!([&**name, count]));
    let of_groups = packed(&groups);
    let left = reply.unfulfilled.iter().flat_map(|&(origin, count)| {
        let of_group = of_groups.get(origin);
        let demand = || &demands[origin - of_groups.len()].resources;
        let bundle = print(of_group.unwrap_or_else(demand));
        std::iter::repeat_n(bundle, count as usize)
    });
    json!({"launch": launch.collect::<Vec<_>>(), "unfulfilled": left.collect::<Vec<_>>()})
}

/// The bundles of placement groups that may share nodes, in order.
fn packed(groups: &[PlacementGroup]) -> Vec<Resources> {
    let mut all = Vec::new();
    for group in groups {
        match group.strategy {
            Strategy::Pack | Strategy::Spread => all.extend(group.bundles.iter().cloned()),
            Strategy::StrictPack => {
                let mut sum = Resources::default();
                for (name, amount) in group.bundles.iter().flat_map(Resources::iter) {
                    sum.set(name, sum.get(name).unwrap_or(0.0) + amount);
                }
                all.push(sum);
            }
            Strategy::StrictSpread => {}
        }
    }
    all
}

/// How our answer differs, if it does.
pub fn differs(case: &Value) -> Option<String> {
    let (upstream, ours) = (&case["out"], answer(case, &mut Trace::default()));
    (*upstream != ours).then(|| format!("  upstream: {upstream}\n  ours:     {ours}"))
}
