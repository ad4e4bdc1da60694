//! Ray's own answers to cases that people run into, as tables.
//!
//! The head has one CPU, which is in use. Types: `name min max`, resources, `label:value`,
//! `priority=`, `idle=` seconds. Nodes: `type state`, where `run` takes what is free and how long
//! it idled. Demand: `count`, resources, and what its label must be, where `|` separates fallbacks.

use super::*;
use crate::ray::config::{NodeType, Timeouts};
use crate::ray::demand::{LabelConstraint, LabelSelector, ResourceRequest};
use crate::ray::observation::{RayNodeId, RayNodeStatus};
use crate::ray::resources::{Labels, Resources};

const W: &str = "w 0 10 CPU=4";
const A_AND_B: &str = "a 0 10 CPU=4, b 0 10 CPU=4";
const G_AND_C: &str = "g 0 10 CPU=8 GPU=1, c 0 10 CPU=2";

fn amounts<'t>(words: impl Iterator<Item = &'t str>) -> Resources {
    let pairs = words.filter_map(|word| word.split_once('='));
    pairs.filter_map(|(name, amount)| Some((name, amount.parse::<f64>().ok()?))).collect()
}

fn node_type(text: &str) -> NodeType {
    let words: Vec<&str> = text.split_whitespace().collect();
    let option = |key: &str| words.iter().find_map(|word| word.strip_prefix(key));
    let is_option = |word: &&str| word.starts_with("priority=") || word.starts_with("idle=");
    NodeType {
        resize: None,
        name: words[0].into(),
        min_nodes: words[1].parse().unwrap(),
        max_nodes: words[2].parse().unwrap(),
        resources: amounts(words.iter().copied().filter(|word| !is_option(word))),
        labels: words.iter().filter_map(|word| word.split_once(':')).collect::<Labels>(),
        idle_timeout_s: option("idle=").map(|seconds| seconds.parse().unwrap()),
        priority: option("priority=").map_or(0, |priority| priority.parse().unwrap()),
    }
}

fn config(types: &str) -> AutoscalingConfig {
    let mut node_types = vec![node_type("head 0 1 CPU=1")];
    node_types.extend(types.split(',').map(node_type));
    AutoscalingConfig {
        max_nodes: node_types.iter().map(|it| it.max_nodes).sum(),
        node_types,
        idle_timeout_s: 60.0,
        upscaling_speed: 1000.0,
        max_concurrent_launches: 10,
        pending_idle_timeout_s: None,
        availability_recovery_s: 600.0,
        timeouts: Timeouts::default(),
    }
}

fn request(words: &[&str]) -> ResourceRequest {
    let labels: Vec<&str> =
        words.iter().copied().filter(|word| word.contains(':') && !word.contains('=')).collect();
    let selector = |pair: &str| {
        let (key, value) = pair.split_once(':').unwrap();
        let values = vec![value.into()];
        LabelSelector(vec![match key.strip_prefix('!') {
            Some(key) => LabelConstraint::NotIn(key.into(), values),
            None => LabelConstraint::In(key.into(), values),
        }])
    };
    let mut request = ResourceRequest::task(amounts(words.iter().copied()));
    if !labels.is_empty() {
        request.label_selectors = labels[0].split('|').map(selector).collect();
    }
    request
}

fn demands(text: &str) -> Vec<ResourceDemand> {
    let demand = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        ResourceDemand { request: request(&words[1..]), count: words[0].parse().unwrap() }
    };
    text.split(',').filter(|it| !it.trim().is_empty()).map(demand).collect()
}

/// What waits, besides tasks.
#[derive(Default)]
struct More {
    gangs: Vec<GangRequest>,
    constraint: &'static str,
}

struct Existing {
    node_type: Name,
    status: InstanceStatus,
    total: Resources,
    free: Resources,
    idle_ms: i64,
    /// Labels of the placement groups that it carries, `label:value`.
    carried: Labels,
}

fn existing(config: &AutoscalingConfig, text: &str) -> Existing {
    let words: Vec<&str> = text.split_whitespace().collect();
    let total = config.type_index(words[0]).map(|at| config.node_types[at].resources.clone());
    let status = match words[1] {
        "queued" => InstanceStatus::Queued,
        "requested" => InstanceStatus::Requested,
        "allocated" => InstanceStatus::Allocated,
        "stop-requested" => InstanceStatus::RayStopRequested,
        "stopping" => InstanceStatus::RayStopping,
        _ => InstanceStatus::RayRunning,
    };
    let idle = words.iter().find_map(|word| word.strip_prefix("idle="));
    let (free, idle_ms) = (
        amounts(words.iter().copied().filter(|word| !word.starts_with("idle="))),
        idle.map_or(0, |ms| ms.parse().unwrap()),
    );
    let carried = words.iter().filter_map(|word| word.split_once(':')).collect();
    let (node_type, total) = (words[0].into(), total.unwrap_or_default());
    Existing { node_type, status, total, free, idle_ms, carried }
}

#[track_caller]
fn check_more(types: &str, nodes: &str, tasks: &str, more: &More, expected: &str) {
    assert_eq!(plan(&config(types), nodes, tasks, more), expected, "{types} | {nodes} | {tasks}");
}

#[track_caller]
fn check(types: &str, nodes: &str, tasks: &str, expected: &str) {
    check_more(types, nodes, tasks, &More::default(), expected);
}

fn plan(config: &AutoscalingConfig, nodes: &str, tasks: &str, more: &More) -> String {
    plan_with_head(config, "head run", nodes, tasks, more)
}

/// As [`plan`], with another head or none.
fn plan_with_head(
    config: &AutoscalingConfig,
    head: &str,
    nodes: &str,
    tasks: &str,
    more: &More,
) -> String {
    let mut rows: Vec<Existing> =
        head.split(',').filter(|it| !it.is_empty()).map(|it| existing(config, it)).collect();
    rows.extend(nodes.split(',').filter(|it| !it.trim().is_empty()).map(|it| existing(config, it)));
    let ray_nodes: Vec<RayNode<'_>> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| RayNode {
            id: RayNodeId(index as u32),
            pod: PodId(index as u32),
            node_type: &row.node_type,
            total: &row.total,
            available: &row.free,
            labels: config
                .type_index(&row.node_type)
                .map_or(Labels::NONE, |at| &config.node_types[at].labels),
            dynamic_labels: &row.carried,
            idle_ms: row.idle_ms,
            status: RayNodeStatus::Running,
        })
        .collect();
    let instances: Vec<InstanceSeen<'_>> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| InstanceSeen {
            node_type: &row.node_type,
            status: row.status,
            kind: Some(if &*row.node_type == "head" { NodeKind::Head } else { NodeKind::Worker }),
            pod: Some(PodId(index as u32)),
            ray_node: (row.status == InstanceStatus::RayRunning).then_some(&ray_nodes[index]),
        })
        .collect();
    let constraint = ResourceConstraint {
        requests: demands(more.constraint)
            .into_iter()
            .map(|it| ResourceDemand {
                request: ResourceRequest::bundle(it.request.resources),
                count: it.count,
            })
            .collect(),
    };
    let request = Request {
        config,
        availabilities: &[],
        instances: &instances,
        demands: &demands(tasks),
        gangs: &more.gangs,
        constraint: (!more.constraint.is_empty()).then_some(&constraint),
        resizes: &[],
    };
    let mut trace = Trace::default();
    match schedule(&request, &mut PendingUnneeded::default(), Instant::ZERO, &mut trace) {
        Ok(reply) => print(&reply),
        Err(stuck) => format!("{stuck:?}"),
    }
}

/// Launches by name, stopped nodes by position from 1, infeasible demand by position from 0.
fn print(reply: &Reply) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut launches = reply.to_launch.clone();
    launches.sort();
    parts.extend(launches.iter().map(|(name, count)| format!("{name} {count}")));
    parts.extend(reply.to_terminate.iter().map(|it| {
        it.instance.map_or_else(|| "stop planned".to_owned(), |at| format!("stop {at}"))
    }));
    parts.extend(reply.infeasible_demands.iter().map(|(at, count)| format!("no {at}x{count}")));
    parts.extend(reply.infeasible_gangs.iter().map(|at| format!("no gang {at}")));
    if reply.infeasible_constraint {
        parts.push("no constraint".to_owned());
    }
    parts.join(", ")
}

#[test]
fn tasks_get_the_fewest_nodes_that_hold_them() {
    check(W, "", "10 CPU=1", "w 3"); // S1
    check(W, "", "3 CPU=0", ""); // S4
    check(W, "", "2 CPU=5", "no 0x2"); // S5
    check("w 0 10 CPU=4 X=0.3", "", "3 X=0.1", "w 2"); // S6
    check(W, "", "1 CPU=3, 5 CPU=1", "w 2"); // S49
    check("w 0 1 CPU=4 X=1", "", "1 CPU=4, 1 CPU=1 X=0.001", "w 1, no 0x1"); // S50
    check(W, "", "1 CPU=1 object_store_memory=1", "no 0x1"); // S60
    check("g 0 10 CPU=4 GPU=1", "", "1 CPU=1 accelerator_type:A100=0.001", "no 0x1"); // S59
    check(W, "", "6 CPU=1 node:__internal_implicit_resource_x=0.3333333333333333", "w 2"); // S52
    for (count, each, size) in
        [(20, 0.2, 4), (20, 0.05, 1), (5, 0.6, 3), (40, 0.2, 8), (40, 0.1, 4)]
    {
        check(&format!("w 0 10 CPU={size}"), "", &format!("{count} CPU={each}"), "w 2"); // S61
    }
    check("w 0 10 CPU=8", "", "80 CPU=0.1", "w 1"); // S62
    check("w 0 10 CPU=1", "", "3 CPU=0.3333333333333333", "w 1");
    let no_head = plan_with_head(&config(W), "", "", "1 CPU=1", &More::default());
    assert_eq!(no_head, "head 1"); // S2
    check(W, "", "20 CPU=0.2", "w 2"); // S61
    check("w 0 10 CPU=1", "", "5 CPU=0.2", "w 1"); // S62
    let half = "5 CPU=1 node:__internal_implicit_resource_x=0.5";
    check("w 0 10 CPU=8", "", half, "w 3"); // S52
}

#[test]
fn the_type_that_fits_best_wins_and_equal_types_alternate() {
    check(G_AND_C, "", "4 CPU=1", "c 2"); // S7
    check(G_AND_C, "", "4 CPU=1, 1 GPU=1", "g 1"); // S8
    check(G_AND_C, "", "1 CPU=8", "g 1"); // S9
    check(A_AND_B, "", "1 CPU=4", "a 1"); // S10
    check(A_AND_B, "", "4 CPU=4", "a 2, b 2");
    check(A_AND_B, "", "5 CPU=4", "a 3, b 2");
    check("b 0 10 CPU=4, a 0 10 CPU=4", "", "1 CPU=4", "b 1");
    let three = "a 0 10 CPU=4, b 0 10 CPU=4, c 0 10 CPU=4";
    check(three, "", "7 CPU=4", "a 3, b 2, c 2"); // S11
    check("a 0 10 CPU=4, b 0 10 CPU=4 priority=1", "", "1 CPU=4", "b 1"); // S12
    check("a 0 10 CPU=4, b 0 10 CPU=8 priority=100", "", "1 CPU=4", "a 1"); // S13
    check("a 0 2 CPU=4, b 0 2 CPU=4 priority=5", "", "3 CPU=4", "a 1, b 2"); // S14
    let sizes = "small 0 10 CPU=4, big 0 10 CPU=8";
    let rows =
        [(1, "small 1"), (4, "small 1"), (6, "small 2"), (8, "big 1"), (9, "big 1, small 1")];
    for (tasks, expected) in rows {
        check(sizes, "", &format!("{tasks} CPU=1"), expected); // S15
    }
    check("mem 0 10 CPU=4 memory=1e10, nomem 0 10 CPU=4", "", "1 CPU=4", "nomem 1"); // S16
    let memory = "m1 0 10 CPU=4 memory=4e9, m2 0 10 CPU=8 memory=32e9";
    check(memory, "", "4 CPU=1 memory=1e9", "m1 1"); // S17
}

#[test]
fn a_placement_group_gets_all_its_bundles_or_none() {
    let cpus = |amounts: &[f64]| -> Vec<Resources> {
        amounts.iter().map(|&cpu| Resources::from([("CPU", cpu)])).collect()
    };
    let check_gangs = |types: &str, tasks: &str, gangs: Vec<GangRequest>, expected: &str| {
        check_more(types, "", tasks, &More { gangs, constraint: "" }, expected);
    };
    let strict = |amounts: &[f64]| GangRequest::strict_pack("p", cpus(amounts));
    let spread =
        |group: &str, count: usize| GangRequest::strict_spread(group, cpus(&vec![1.0; count]));
    check_gangs(W, "", vec![strict(&[2.0, 2.0])], "w 1"); // S18
    check_gangs(W, "", vec![strict(&[3.0, 3.0])], "no gang 0");
    check_gangs(W, "", vec![GangRequest::pack(cpus(&[3.0, 3.0]))], "w 2"); // S19
    check_gangs(W, "", vec![GangRequest::pack(cpus(&[1.0, 1.0, 1.0]))], "w 1"); // S20
    check_gangs(W, "", vec![spread("p", 3), spread("q", 3)], "w 3"); // S22
    check_gangs(W, "", vec![spread("p", 11)], "no gang 0"); // S23
    let three = More { gangs: vec![spread("p", 3)], constraint: "" };
    assert_eq!(plan_with_head(&config(W), "head run CPU=1", "", "", &three), "w 2"); // S21
    let mut zones = GangRequest::strict_pack("p", cpus(&[1.0, 1.0]));
    for (bundle, zone) in zones.requests.iter_mut().zip(["a", "b"]) {
        let zone = LabelConstraint::In("z".into(), vec![zone.into()]);
        bundle.label_selectors = vec![LabelSelector(vec![zone])];
    }
    let two = "a 0 10 CPU=4 z:a, b 0 10 CPU=4 z:b";
    check_gangs(two, "", vec![zones], "a 1, b 1"); // S26
    let rest = More { gangs: vec![spread("p", 1)], constraint: "" };
    check_more(W, "w run CPU=3 _PG_p:", "", &rest, "w 1"); // S27
    let both = vec![GangRequest::pack(cpus(&[4.0])), GangRequest::pack(cpus(&[4.0, 4.0]))];
    check_gangs("w 0 2 CPU=4", "", both, "w 2, no gang 0"); // S24
    let both = vec![GangRequest::pack(cpus(&[4.0, 4.0])), strict(&[4.0])];
    check_gangs("w 0 2 CPU=4", "", both, "w 1, no gang 0"); // S25
    let gang = vec![GangRequest::pack(cpus(&[4.0]))];
    check_gangs("w 0 1 CPU=4", "1 CPU=4", gang, "w 1, no 0x1"); // S51
}

#[test]
fn labels_choose_among_types_but_existing_nodes_come_first() {
    let zones = "a 0 10 CPU=4 z:a, b 0 10 CPU=4 z:b";
    check(zones, "b run CPU=4", "1 CPU=1 z:a|z:b", ""); // S28
    check(zones, "b queued", "1 CPU=1 z:a|z:b", "");
    check("a 0 10 CPU=4 z:a, b 0 10 CPU=4", "", "1 CPU=1 !z:a", "b 1"); // S29
    let gpu = "g 0 10 CPU=4 GPU=1 z:a, c 0 10 CPU=4";
    check(gpu, "", "1 CPU=1 z:a, 3 CPU=1", "c 1, g 1"); // S30
}

#[test]
fn request_resources_counts_whole_nodes_and_is_all_or_nothing() {
    let constraint = |constraint: &'static str| More { gangs: Vec::new(), constraint };
    let busy = "w run";
    check_more(W, busy, "", &constraint("8 CPU=1"), "w 1"); // S31
    check_more(W, busy, "4 CPU=1", &constraint("8 CPU=1"), "w 1"); // S32
    check_more(W, busy, "", &constraint("8 CPU=1, 1 GPU=1"), "no constraint"); // S33
    let idle = "w run CPU=4 idle=61000";
    let expected = "stop 1, no constraint";
    check_more("w 0 2 CPU=4", idle, "", &constraint("10 CPU=1"), expected); // S34
    let three = "w run CPU=4 idle=61000, w run CPU=4 idle=61001, w run CPU=4 idle=61002";
    check_more(W, three, "", &constraint("6 CPU=1"), "stop 3"); // S35
}

#[test]
fn an_idle_node_goes_after_its_timeout_unless_the_minimum_keeps_it() {
    check(W, "w run CPU=4 idle=60000", "", ""); // S36
    check(W, "w run CPU=4 idle=60001", "", "stop 1");
    check("w 0 10 CPU=4 idle=0", "w run, w run CPU=4 idle=1", "", "stop 2"); // S37
    let min_one = "w 1 10 CPU=4";
    check(min_one, "w run CPU=4 idle=61000, w run CPU=4 idle=99000", "", "stop 2"); // S38
    check(min_one, "w run CPU=4 idle=61000, w requested", "", "stop 1"); // S39
}

#[test]
fn above_the_maximum_nodes_without_ray_go_first() {
    let two = "w 0 2 CPU=4";
    check(two, "w run CPU=4 idle=5, w allocated, w queued", "", "stop 2"); // S40
    check(two, "w run CPU=4 idle=5, w queued, w allocated", "", "stop 2");
    check("w 0 1 CPU=4", "w run CPU=4, w requested", "", "stop 2"); // S41
    check("w 0 1 CPU=4", "w run, w stop-requested", "", "stop 2"); // S42
    check("w 0 0 CPU=4", "w run CPU=4", "1 CPU=1", "stop 1"); // S43
    let full = "w 0 1 CPU=4, x 0 10 CPU=4";
    check(full, "w run CPU=4, w run CPU=4", "2 CPU=4", "stop 1"); // S44
    let mut minimum = config("w 3 3 CPU=4");
    minimum.max_nodes = 3;
    let planned = plan(&minimum, "", "", &More::default());
    assert_eq!(planned, "stop planned, stop planned, stop planned"); // S3
}

#[test]
fn a_node_that_stops_counts_as_empty_or_not_at_all() {
    check(W, "w stop-requested", "4 CPU=1", ""); // S45
    check("w 0 1 CPU=4", "w stopping", "1 CPU=1", "w 1"); // S46
    check(W, "gone run", "", "UnknownNodeType(\"gone\")"); // S47
    check(W, "gone allocated, gone stopping", "", ""); // S48
}

#[test]
fn pending_nodes_may_be_dropped_once_they_are_unneeded_long_enough() {
    let mut config = config(W);
    config.pending_idle_timeout_s = Some(30.0);
    let name: Name = "w".into();
    let statuses = [
        InstanceStatus::Allocated,
        InstanceStatus::Queued,
        InstanceStatus::Requested,
        InstanceStatus::Allocated,
    ];
    let instances = statuses.map(|status| InstanceSeen {
        node_type: &name,
        status,
        kind: Some(NodeKind::Worker),
        pod: None,
        ray_node: None,
    });
    let request = Request {
        config: &config,
        availabilities: &[],
        instances: &instances,
        demands: &[],
        gangs: &[],
        constraint: None,
        resizes: &[],
    };
    let mut pending = PendingUnneeded::default();
    let rows = [(0, ""), (30_000, ""), (30_001, "stop 0, stop 1, stop 3"), (31_000, "")]; // S53
    for (ms, expected) in rows {
        let now = Instant::from_ms(ms);
        let reply = schedule(&request, &mut pending, now, &mut Trace::default()).unwrap();
        assert_eq!(print(&reply), expected, "at {ms} ms");
    }
    let mut minimum = config.clone();
    minimum.node_types[1].min_nodes = 3;
    let request = Request { config: &minimum, ..request.clone() };
    let mut pending = PendingUnneeded::default();
    for (ms, expected) in [(0, ""), (31_000, "stop 0")] {
        let now = Instant::from_ms(ms);
        let reply = schedule(&request, &mut pending, now, &mut Trace::default()).unwrap();
        assert_eq!(print(&reply), expected, "at {ms} ms"); // S54
    }
}
