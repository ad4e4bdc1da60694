//! What a document means, and what is said about a wrong one.

use proptest::prelude::*;

use super::*;
use crate::assumption::TABLE;
use crate::diagnostic::Severity;
use crate::examples::EXAMPLES;
use crate::workload::{Interpolation, Point, Rate, Strategy, WorkKind};
use crate::yaml;

const HEAD: &str = "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n";

/// A document with `spec`, which is indented by two.
fn document(spec: &str) -> String {
    let lines = spec.trim().lines().map(|line| format!("  {line}\n"));
    format!("{HEAD}{}", lines.collect::<String>())
}

/// The Scenario of a sound document.
#[track_caller]
fn sound(spec: &str) -> Scenario {
    let text = document(spec);
    let read = read(yaml::read(&text).roots());
    assert_eq!(read.diagnostics, [], "{spec}");
    read.scenario.unwrap()
}

/// `severity code at message` for each finding, `at` being the text that is marked.
fn findings(text: &str) -> Vec<String> {
    let found = read(yaml::read(text).roots()).diagnostics;
    let line = |it: &crate::diagnostic::Diagnostic| {
        let severity = match it.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let at = &text[it.span.start..it.span.end];
        format!("{severity} {} [{}] {}", it.code, at.trim(), it.message)
    };
    found.iter().map(line).collect()
}

#[track_caller]
fn check(spec: &str, expected: &[&str]) -> Scenario {
    let text = document(spec);
    assert_eq!(findings(&text), expected, "{spec}");
    read(yaml::read(&text).roots()).scenario.unwrap()
}

fn at(seconds: i64) -> Instant {
    Instant::from_seconds(seconds)
}

fn length(seconds: i64) -> Duration {
    Duration::from_seconds(seconds)
}

fn rps(rps: f64) -> Rate {
    Rate::from_rps(rps)
}

#[test]
fn each_shape_is_read() {
    let target = "target: {kind: Deployment, name: web}";
    let points = vec![Point { at: at(0), rate: rps(20.0) }, Point { at: at(300), rate: rps(0.5) }];
    let shapes = [
        ("constant: 20", Shape::Constant(rps(20.0))),
        (
            "step: {at: 2m, from: 20, to: 160, until: 14m}",
            Shape::Step { at: at(120), from: rps(20.0), to: rps(160.0), until: Some(at(840)) },
        ),
        (
            "step: {at: 2m, to: 160}",
            Shape::Step { at: at(120), from: rps(0.0), to: rps(160.0), until: None },
        ),
        (
            "ramp: {from: 20, to: 200, start: 2m, end: 10m}",
            Shape::Ramp { from: rps(20.0), to: rps(200.0), start: at(120), end: at(600) },
        ),
        (
            "spike: {base: 20, peak: 400, at: 5m, rise: 10s, hold: 1m, fall: 30s}",
            Shape::Spike {
                base: rps(20.0),
                peak: rps(400.0),
                at: at(300),
                rise: length(10),
                hold: length(60),
                fall: length(30),
            },
        ),
        (
            "wave: {low: 10, high: 200, period: 24h, peakAt: 14h}",
            Shape::Wave {
                low: rps(10.0),
                high: rps(200.0),
                period: length(86_400),
                peak_at: at(50_400),
            },
        ),
        (
            "points: [{at: 0s, rps: 20}, {at: 5m, rps: 0.5}]",
            Shape::Points { points: points.clone(), interpolation: Interpolation::Step },
        ),
        (
            "points: [{at: 0s, rps: 20}, {at: 5m, rps: 0.5}]\n  interpolate: linear",
            Shape::Points { points, interpolation: Interpolation::Linear },
        ),
    ];
    for (yaml, shape) in shapes {
        let scenario = sound(&format!("load:\n- {target}\n  {yaml}"));
        assert_eq!(scenario.load[0].shape, shape, "{yaml}");
    }
}

#[test]
fn entries_for_one_target_add_up() {
    let scenario = sound(
        "load:\n\
         - {target: {kind: Deployment, name: web}, constant: 20}\n\
         - {target: {name: web, namespace: shop}, constant: 3}\n\
         - {target: {kind: RayService, name: web, application: llm}, constant: 100}",
    );
    let rate = |kind, namespace| scenario.load_of(kind, namespace, "web").rate_at(at(0));
    assert_eq!(rate(TargetKind::Deployment, "shop"), rps(23.0));
    assert_eq!(rate(TargetKind::Deployment, "default"), rps(20.0), "another namespace");
    assert_eq!(rate(TargetKind::RayService, "default"), rps(100.0));
    assert_eq!(rate(TargetKind::StatefulSet, "shop"), rps(0.0));
    assert_eq!(scenario.load[2].target.application.as_deref(), Some("llm"));
}

#[test]
fn each_kind_of_work_is_read() {
    let scenario = sound(
        "ray:\n\
         - cluster: inference\n  \
           work:\n  \
           - {at: 2m, every: 5m, repeat: 3, tasks: {count: 40, duration: 60s}}\n  \
           - at: 0s\n    \
             actors: {count: 2, resources: {GPU: 1, memory: 4Gi},\n      \
             labelSelector: {zone: \"in(a,b)\"}, fallback: [{zone: c}, {}]}\n  \
           - at: 1m\n    \
             placementGroups: {strategy: STRICT_SPREAD,\n      \
             bundles: [{CPU: 4}, {CPU: 0.5}], duration: 10m}\n  \
           - {at: 3m, requestResources: {bundles: [{CPU: 1}], count: 8, duration: 5m}}",
    );
    let work = scenario.work_of("any", "inference");
    assert_eq!((work[0].at, work[0].every, work[0].times), (at(120), Some(length(300)), Some(3)));
    let one = |name: &str, amount: f64| (name.to_owned(), amount);
    let kinds = [
        WorkKind::Tasks {
            count: 40,
            resources: [one("CPU", 1.0)].into(),
            labels: [].into(),
            fallback: vec![],
            duration: length(60),
        },
        WorkKind::Actors {
            count: 2,
            resources: [one("GPU", 1.0), one("memory", 4_294_967_296.0)].into(),
            labels: [("zone".to_owned(), "in(a,b)".to_owned())].into(),
            fallback: vec![[("zone".to_owned(), "c".to_owned())].into(), [].into()],
            duration: None,
        },
        WorkKind::PlacementGroups {
            count: 1,
            strategy: Strategy::StrictSpread,
            bundles: vec![[one("CPU", 4.0)].into(), [one("CPU", 0.5)].into()],
            bundle_labels: vec![],
            duration: Some(length(600)),
        },
        WorkKind::RequestResources {
            bundles: vec![[one("CPU", 1.0)].into()],
            count: 8,
            duration: Some(length(300)),
        },
    ];
    for (work, kind) in work.iter().zip(&kinds) {
        assert_eq!(&work.kind, kind);
    }
    assert_eq!(work.len(), kinds.len());
}

#[test]
fn assumptions_take_the_units_they_have() {
    let scenario = sound(
        "load: []\n\
         assumptions:\n  \
           request: {cpu: 1.5ms, concurrency: 4}\n  \
           idle: {cpu: 20m, memory: 1Gi}\n  \
           hpa: {syncPeriod: 30s, tolerance: 0.05}\n  \
           versions: {kubernetes: \"1.37\"}",
    );
    let it = &scenario.assumptions;
    assert_eq!((it.request.cpu_nanoseconds, it.request.concurrency), (1_500_000, 4));
    assert_eq!((it.idle.cpu_nano, it.idle.memory_bytes), (20_000_000, 1 << 30));
    assert_eq!((it.hpa.sync_period, it.hpa.tolerance), (length(30), 0.05));
    let ids: Vec<_> = scenario.set.keys().copied().collect();
    assert_eq!(
        ids,
        [
            "hpa.syncPeriod",
            "hpa.tolerance",
            "idle.cpu",
            "idle.memory",
            "request.concurrency",
            "request.cpu",
            "versions.kubernetes"
        ]
    );
}

#[test]
fn the_closest_override_holds() {
    let scenario = sound(
        "load: []\n\
         assumptions: {request: {cpu: 1ms}, ray: {rayStart: 1s}}\n\
         overrides:\n\
         - {target: {kind: Deployment, name: web}, assumptions: {request: {cpu: 2ms}}}\n\
         - {target: {kind: Deployment, name: web}, assumptions: {request: {concurrency: 7}}}\n\
         - {target: {kind: RayCluster, name: ml}, assumptions: {ray: {imagePull: 2s}}}\n\
         - {target: {kind: RayCluster, name: ml}, group: gpu, assumptions: {ray: {rayStart: 9s}}}",
    );
    let of = |kind, name, group| scenario.assumptions_for(kind, "default", name, group);
    let web = &of(TargetKind::Deployment, "web", None).request;
    assert_eq!((web.cpu_nanoseconds, web.concurrency), (2_000_000, 7), "they build on each other");
    let other = &of(TargetKind::Deployment, "other", None).request;
    assert_eq!((other.cpu_nanoseconds, other.concurrency), (1_000_000, 100));
    let gpu = &of(TargetKind::RayCluster, "ml", Some("gpu")).ray;
    assert_eq!((gpu.image_pull, gpu.ray_start), (length(2), length(9)));
    let cpu = &of(TargetKind::RayCluster, "ml", Some("cpu")).ray;
    assert_eq!((cpu.image_pull, cpu.ray_start), (length(2), length(1)));
}

#[test]
fn metrics_and_outages_are_read() {
    let scenario = sound(
        "start: 2026-01-05T07:50\n\
         load: []\n\
         metrics:\n\
         - {name: http_requests, from: requests, rate: 1m, scrape: 15s}\n\
         - {name: s0-kafka-orders, target: {name: worker}, from: queueLength}\n\
         - {name: connections, labels: {zone: a}, perPod: true,\n   \
           points: [{at: 0s, value: 5}, {at: 1m, value: 7.5}],\n   \
           outage: [{from: 2m, for: 30s}, {from: 5m}]}\n\
         outages:\n\
         - {of: metrics-server, from: 1m, for: 90s}\n\
         - {of: keda, from: 2m}",
    );
    assert_eq!(scenario.start, crate::keda::cron::clock("2026-01-05T07:50"));
    for (start, utc) in [
        ("2026-01-05T07:50Z", "2026-01-05T07:50"),
        ("2026-01-05T07:50+09:00", "2026-01-04T22:50"),
        ("2026-01-05T07:50:01-05:30", "2026-01-05T13:20:01"),
    ] {
        let scenario = sound(&format!("start: {start}\nload: []"));
        assert_eq!(scenario.start, crate::keda::cron::clock(utc), "{start}");
        assert!(scenario.start_is_instant);
    }
    let [requests, queue, own] = &scenario.metrics[..] else { panic!() };
    assert_eq!(requests.source, MetricSource::Requests);
    assert_eq!((requests.rate, requests.scrape), (Some(length(60)), Some(length(15))));
    assert_eq!((&queue.source, queue.rate), (&MetricSource::QueueLength, None));
    assert_eq!(queue.target.as_ref().map(|it| &*it.name), Some("worker"));
    let points = [(0, 5.0), (60, 7.5)]
        .map(|(seconds, value)| Point { at: at(seconds), rate: Rate::from_rps(value) });
    let shape = Shape::Points { points: points.into(), interpolation: Interpolation::Step };
    assert_eq!(own.source, MetricSource::Shape { shape, per_pod: true });
    assert_eq!(own.labels["zone"], "a");
    let stretch = |from, until| Stretch { from: at(from), until: at(until) };
    assert_eq!(own.outages, [stretch(120, 150), stretch(300, 1800)]);
    assert_eq!(scenario.outages_of(Service::MetricsServer), [stretch(60, 150)]);
    assert_eq!(scenario.outages_of(Service::Keda), [stretch(120, 1800)]);
}

#[test]
fn nodes_and_expectations_are_read() {
    let scenario = sound(
        "duration: 10m\n\
         load: []\n\
         nodes: {pool: [{name: a, count: 4, cpu: 7910m, memory: 32Gi,\n    \
         resources: {nvidia.com/gpu: 2}}]}\n\
         expect:\n\
         - {unservedRequests: {atMost: 500}}\n\
         - {hpa: web, readyReplicas: {atLeast: 5}, by: 4m}\n\
         - {ray: ml, workers: {atMost: 0}, by: 10m}",
    );
    let pool = &scenario.nodes.unwrap()[0];
    assert_eq!((pool.count, pool.cpu_nano, pool.memory_bytes), (4, 7_910_000_000, 32 << 30));
    assert_eq!(pool.resources["nvidia.com/gpu"], 2);
    let expected = [
        (Subject::Run, Measure::UnservedRequests, Bound::AtMost(500), None),
        (Subject::Hpa("web".into()), Measure::ReadyReplicas, Bound::AtLeast(5), Some(at(240))),
        (Subject::Ray("ml".into()), Measure::Workers, Bound::AtMost(0), Some(at(600))),
    ];
    for (it, (subject, measure, bound, by)) in scenario.expect.iter().zip(expected) {
        assert_eq!((&it.subject, it.measure, it.bound, it.by), (&subject, measure, bound, by));
    }
}

#[test]
fn a_wrong_number_is_named_and_kept_within_its_limits() {
    let load = |shape: &str| format!("load: [{{target: {{name: web}}, {shape}}}]");
    let scenario = check(
        &load("constant: -5"),
        &["error TT402 [-5] a load is zero or more requests per second"],
    );
    assert_eq!(scenario.load[0].shape, Shape::Constant(Rate::ZERO));
    let scenario = check(
        &load("constant: 1e308"),
        &["error TT402 [1e308] limit reached: at most 10000000 requests per second"],
    );
    assert_eq!(scenario.load[0].shape, Shape::Constant(Rate::MAX));
    for number in [".nan", "1e400"] {
        let scenario = check(
            &load(&format!("constant: {number}")),
            &[&format!(
                "error TT110 [{number}] `spec.load[0].constant` must be a finite number, \
                 not `{number}`"
            )],
        );
        assert_eq!(scenario.load, []);
    }
    let tasks =
        "ray: [{cluster: ml, work: [{at: 0s, tasks: {count: 1000000000000, duration: 1s}}]}]";
    let scenario = check(tasks, &["error TT402 [1000000000000] limit reached: at most 100000"]);
    assert_eq!(scenario.ray[0].work[0].kind.count(), 100_000);
    let scenario = check(
        "load: []\nduration: 8760h",
        &["error TT402 [8760h] a run takes from 1m to 168h (a week)"],
    );
    assert_eq!(scenario.duration, LONGEST_DURATION);
    let scenario = check(
        "load: []\nassumptions: {hpa: {tolerance: 7}}",
        &["error TT402 [7] must lie between 0 and 1"],
    );
    assert_eq!(scenario.assumptions, Assumptions::default());
    assert!(scenario.set.is_empty());
}

/// What is under `spec`, and what is found in it.
const WRONG: &[(&str, &[&str])] = &[
    (
        "load: [{target: {name: web}, constant: 1, step: {at: 1m, to: 2}}]",
        &["error TT404 [step] `constant` and `step` in one entry: make two entries of it"],
    ),
    (
        "load: [{target: {name: web}, stepp: {at: 1m, to: 2}}]",
        &[
            "error TT404 [target] `spec.load[0]` needs one of constant, step, ramp, spike, \
                 wave, points",
            "warning TT112 [stepp] `stepp` is no field of `spec.load[0]`",
        ],
    ),
    (
        "duration: 10m\nload: [{target: {name: web}, step: {at: 10m, to: 2}}]",
        &["warning TT403 [10m] lies beyond the run, which ends at 10m 00s"],
    ),
    (
        "load: [{target: {name: web}, step: {at: 5m, to: 2, until: 4m}}]",
        &["error TT405 [4m] `until` must lie after `at`, which is 5m 00s"],
    ),
    (
        "load: [{target: {name: web}, step: {at: 5, to: 2}}]",
        &["error TT115 [5] `spec.load[0].step.at` must be a length of time such as 90s, 5m \
               or 1h30m, not `5`"],
    ),
    (
        "load: [{target: {name: web}, points: [{at: 1m, rps: 1}, {at: 1m, rps: 2}]}]",
        &["error TT405 [1m] points go forward in time, the one before is at 1m 00s"],
    ),
    (
        "load: [{target: {name: web}, wave: {low: 1, high: 2, period: 1s}}]",
        &["error TT402 [1s] must be 1m 00s or longer"],
    ),
    (
        "load: [{target: {kind: deployment, name: web}, constant: 1}]",
        &["error TT116 [deployment] `spec.load[0].target.kind` must be one of Deployment, \
               StatefulSet, ReplicaSet, RayService"],
    ),
    (
        "ray: [{cluster: ml, work: [{at: 0s, repeat: 2, tasks: {duration: 1s}}]}]",
        &["error TT405 [repeat] `repeat` needs `every`: how long until the next"],
    ),
    (
        "ray: [{cluster: ml, work: [{at: 0s, tasks: {count: 2}}]}]",
        &["error TT117 [count] `spec.ray[0].work[0].tasks.duration` must be set"],
    ),
    (
        "ray: [{cluster: ml, work: [{at: 0s, placementGroups: {bundles: []}}]}]",
        &["error TT402 [bundles] a placement group has at least one bundle"],
    ),
    (
        "load: []\nassumptions: {podStart: {imagePul: 3s}, hpaa: {}}",
        &[
            "warning TT112 [imagePul] `imagePul` is no field of `spec.assumptions.podStart`",
            "warning TT112 [hpaa] `hpaa` is no field of `spec.assumptions`",
        ],
    ),
    (
        "load: []\nassumptions: {request: {cpu: 15m5}}",
        &["error TT115 [15m5] `spec.assumptions.request.cpu` must be CPU time such as 15ms \
               or 0.2s, not `15m5`"],
    ),
    (
        "load: []\nassumptions: {versions: {kubernetes: 1.20}}",
        &["error TT402 [1.20] must lie between 1.28 and 1.37"],
    ),
    (
        "load: []\nexpect: [{hpa: web, workers: {atMost: 1}}]",
        &[
            "error TT404 [hpa] `spec.expect[0]` needs one of readyReplicas, desiredReplicas, \
                 unservedRequests, flaps",
            "warning TT112 [workers] `workers` is no field of `spec.expect[0]`",
        ],
    ),
    (
        "ray: [{cluster: ml, work: [\n    \
             {at: 0s, every: 1s, tasks: {count: 100000, duration: 1s}}]}]",
        &["error TT402 [ml] limit reached: at most 100000 tasks, actors and groups, here by \
               0s; what comes later is left out"],
    ),
    (
        "load: []\nmetrics: [{name: a, from: requests, constant: 1}]",
        &["error TT404 [constant] `from` and `constant` in one entry: make two entries of it"],
    ),
    (
        "load: []\nmetrics: [{from: queueLength, rate: 1m}]",
        &[
            "error TT117 [from] `spec.metrics[0].name` must be set",
            "error TT405 [1m] the length of a queue has no rate: it is no counter",
        ],
    ),
    (
        "load: []\nmetrics: [{name: a, from: request, perPod: true}]",
        &["error TT116 [request] `spec.metrics[0].from` must be one of requests, queueLength"],
    ),
    (
        "load: []\nmetrics: [{name: a, constant: -1, scrape: 1s, rate: 1h}]",
        &[
            "error TT402 [-1] a metric is zero or more",
            "error TT402 [1s] must be 5s or longer",
            "error TT402 [1h] must be 30m or shorter",
        ],
    ),
    (
        "load: []\nstart: tomorrow\noutages: [{of: etcd, from: 1m}, {of: keda}]",
        &[
            "error TT409 [tomorrow] must be a date and a time such as 2026-01-05T08:00, not \
             `tomorrow`",
            "error TT116 [etcd] `spec.outages[0].of` must be one of metrics-server, prometheus, \
             adapter, keda",
            "error TT117 [of] `spec.outages[1].from` must be set",
        ],
    ),
    ("duration: 5m", &["info TT407 [duration] no load and no Ray work: what is pasted stays idle"]),
    ("edits: [{at: 1m, hpa: web, maxReplicas: 9}]", &[]),
    ("outages: [{of: prometheus, from: 1m, for: 1m}]", &[]),
    ("controllerRestarts: [1m]", &[]),
    ("start: 2026-01-05T08:00", &[]),
    (
        "load: []\nseed: 7\nassumptions: {node: {boot: 50s, count: 3}}",
        &[
            "warning TT112 [seed] `seed` is no field of `spec` any more: nothing is left to chance",
            "warning TT112 [boot] `boot` is no field of `spec.assumptions.node` any more: the \
             nodes are there from the beginning",
        ],
    ),
];

#[test]
fn findings_of_a_wrong_document() {
    for (spec, expected) in WRONG {
        check(spec, expected);
    }
}

#[test]
fn the_first_scenario_counts() {
    let one = document("duration: 5m\nload: []");
    let two = document("duration: 6m\nload: []");
    let text = format!("{one}---\n{two}");
    assert_eq!(
        findings(&text),
        ["warning TT401 [Scenario] a text has one Scenario: this one is not used"]
    );
    let scenario = read(yaml::read(&text).roots()).scenario.unwrap();
    assert_eq!(scenario.duration, length(300));
}

#[test]
fn whatever_stands_there_is_survived() {
    for text in [
        "",
        "kind: Scenario\n",
        "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\n",
        "apiVersion: tidetable.dev/v9\nkind: Scenario\nspec: 7\n",
        "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec: {load: 7, ray: {}, nodes: []}\n",
        "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec: {load: [7, null, [], {}]}\n",
        "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec: {assumptions: {hpa: [1]}}\n",
        "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec: {expect: [{hpa: 1, ray: 2}]}\n",
    ] {
        let read = read(yaml::read(text).roots());
        let is_scenario = text.starts_with("apiVersion");
        assert_eq!(read.scenario.is_some(), is_scenario, "{text}");
        assert_eq!(read.diagnostics.is_empty(), !is_scenario, "{text}");
    }
}

proptest! {
    /// A text that somebody is in the middle of typing.
    #[test]
    fn a_torn_text_is_read_and_edited_without_panic(
        example in 0..EXAMPLES.len(),
        cut in any::<(prop::sample::Index, prop::sample::Index)>(),
        typed in "[-:{}\\[\\]#&*|>,\"'0-9a-z \n\r\t가]{0,6}",
    ) {
        let whole: Vec<char> = EXAMPLES[example].text().chars().collect();
        let (one, two) = (cut.0.index(whole.len()), cut.1.index(whole.len()));
        let (start, end) = (one.min(two), one.max(two).min(one.min(two) + 40));
        let text: String = whole[..start].iter().copied()
            .chain(typed.chars())
            .chain(whole[end..].iter().copied())
            .collect();
        let read = read(yaml::read(&text).roots());
        let shape = Shape::Constant(Rate::ZERO);
        let row = &TABLE[0];
        let mut edits = vec![
            edit::set(&text, "", "spec.duration", "5m"),
            edit::append(&text, "", "spec.load", "{}"),
            edit::remove(&text, "spec.load[0]"),
            edit::set_assumption(&text, "", row, row.default),
            edit::reset_assumption(&text, row),
        ];
        if let Some(it) = read.scenario {
            edits.extend(it.load.iter().map(|entry| edit::set_shape(&text, entry, &shape)));
            let metrics = it.metrics.iter();
            edits.extend(metrics.map(|entry| edit::set_metric_shape(&text, entry, &shape)));
        }
        for edits in edits {
            edit::apply(&text, &edits);
        }
    }
}
