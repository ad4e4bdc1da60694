//! What `ray status` prints, read back, against what Ray's own formatters were given.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tidetable_core::ray_status::{self, Bundles, RayStatus, Usage};
use tidetable_core::source::Span;
use tidetable_tests::ray_json::{cases, list, report};

#[test]
fn every_text_is_read_as_it_was_meant() {
    let cases = cases("status");
    let mut differences = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let text = case["out"].as_str().unwrap();
        let read = ray_status::read(text, Span::new(0, text.len()));
        let told = told(&read[0]);
        let meant = meant(case);
        if read.len() != 1 || told != meant || !read[0].unreadable.is_empty() {
            differences.push(format!("case {index}:\n{text}\nread:  {told}\nmeant: {meant}"));
        }
        let usage = &read[0].usage;
        assert!(usages_agree(usage, &case["usage"]), "case {index}: {usage:?}\n{text}");
        for (node, meant) in read[0].nodes.iter().zip(list(&case["nodes"])) {
            assert!(usages_agree(&node.usage, &meant["usage"]), "case {index}: {node:?}\n{text}");
        }
    }
    report("status", &differences, cases.len());
}

fn told(status: &RayStatus) -> Value {
    let counts = |it: &[(String, i64)]| it.iter().cloned().collect::<BTreeMap<_, _>>();
    let bundles = |it: &Bundles| json!([pairs(&it.resources), it.count]);
    let mut failed: Vec<_> =
        status.failures.iter().map(|it| json!([it.node_type, it.what])).collect();
    failed.sort_by_key(Value::to_string);
    json!({
        "active": counts(&status.active),
        "idle": counts(&status.idle),
        "launching": counts(&status.launching),
        "pending": status.pending.iter()
            .map(|it| json!([it.name.value, it.node_type, it.state])).collect::<Vec<_>>(),
        "failed": failed,
        "constraint": status.constraint.iter().map(|it| bundles(&it.bundles)).collect::<Vec<_>>(),
        "demands": status.demands.iter()
            .map(|it| json!([bundles(&it.bundles), it.in_groups])).collect::<Vec<_>>(),
        "groups": status.groups.iter().map(|it| json!({
            "strategy": it.strategy,
            "bundles": it.bundles.iter().map(bundles).collect::<Vec<_>>(),
            "count": it.count,
        })).collect::<Vec<_>>(),
        "nodes": status.nodes.iter()
            .map(|it| json!([it.name, it.node_type, it.idle_ms, it.activity])).collect::<Vec<_>>(),
    })
}

fn pairs(resources: &[(String, f64)]) -> BTreeMap<String, f64> {
    resources.iter().cloned().collect()
}

/// What of `case` is printed.
fn meant(case: &Value) -> Value {
    let is_v1 = case["version"] == 1;
    let launching = case["launching"].as_object().unwrap().iter();
    // v2 counts requests: one for each type here.
    let launching: BTreeMap<_, _> =
        launching.map(|(name, it)| (name, if is_v1 { it.as_i64().unwrap() } else { 1 })).collect();
    let pending = list(&case["pending"]).iter();
    let pending: Vec<_> =
        pending.map(|it| json!([it[0], it[1], it[2].as_str().unwrap().to_lowercase()])).collect();
    let key = if is_v1 { "ip" } else { "instance_id" };
    let failed = list(&case["failed"]).iter();
    let what = |it: &Value| format!("NodeTerminated ({key}: {})", it[0].as_str().unwrap());
    let mut failed: Vec<_> = failed.map(|it| json!([it[1], what(it)])).collect();
    failed.sort_by_key(Value::to_string);
    let is_verbose = case["verbose"] == true;
    let nodes = list(&case["nodes"]).iter().filter(|_| is_verbose);
    json!({
        "active": case["active"],
        "idle": case["idle"],
        "launching": launching,
        "pending": pending,
        "failed": failed,
        "constraint": case["constraint"],
        "demands": demands(case),
        "groups": case["groups"],
        "nodes": nodes.map(|it| json!([it["id"], it["type"], it["idle"], it["activity"]]))
            .collect::<Vec<_>>(),
    })
}

/// Four tasks inside a group are printed with those that ask for the same outside of one.
fn demands(case: &Value) -> Value {
    let cpu = json!({"CPU": 1.0});
    let mut found: Vec<Value> = list(&case["demands"]).iter().map(|it| json!([it, 0])).collect();
    if case["in_groups"] == true {
        match found.iter_mut().find(|it| it[0][0] == cpu) {
            Some(same) => {
                let count = same[0][1].as_i64().unwrap() + 4;
                *same = json!([[cpu, count], 4]);
            }
            None => found.push(json!([[cpu, 4], 4])),
        }
    }
    Value::Array(found)
}

/// Memory is printed with two decimals.
fn usages_agree(read: &[Usage], meant: &Value) -> bool {
    let meant = meant.as_object().unwrap();
    read.len() == meant.len()
        && read.iter().all(|it| {
            let is_close = |read: f64, meant: &Value| {
                let meant = meant.as_f64().unwrap();
                (read - meant).abs() <= 0.005 * meant
            };
            meant
                .get(&it.resource)
                .is_some_and(|pair| is_close(it.used, &pair[0]) && is_close(it.total, &pair[1]))
        })
}
