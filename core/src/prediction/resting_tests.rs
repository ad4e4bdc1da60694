//! What rests and what is passed over changes no byte: random texts, simulated with and without.

use std::fmt::Write;

use super::predict;
use crate::report::Language;
use crate::sim::without_rest;

/// A Deployment and its HPA, whose pods compete for the nodes.
const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      nodeSelector: {zone: a}
      containers: [{name: web, resources: {requests: {cpu: 1}}}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 9
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
---
";

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // Knuth's MMIX generator; its high bits are the better ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len())]
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }
}

fn autoscaling(dice: &mut Dice) -> String {
    let least = dice.of(&[0, 0, 1, 1, 2]);
    let most = least + dice.of(&[1, 3, 6, 20]);
    let mut text = format!(
        "min_replicas: {least}, max_replicas: {most}, target_ongoing_requests: {}",
        dice.of(&["1", "2", "2.5", "5", "0.7"])
    );
    let fields: [(&str, &[&str]); 9] = [
        ("upscale_delay_s", &["0", "3", "30", "31.5", "90"]),
        ("downscale_delay_s", &["0", "20", "61.05", "120", "600"]),
        ("downscale_to_zero_delay_s", &["0", "10", "45.3", "300"]),
        ("look_back_period_s", &["7", "12.345", "30", "60"]),
        ("metrics_interval_s", &["1", "3.07", "5", "10", "20"]),
        ("upscaling_factor", &["0.5", "2", "3"]),
        ("downscaling_factor", &["0.3", "0.5", "2"]),
        ("aggregation_function", &["mean", "max", "min"]),
        ("initial_replicas", &["1", "2"]),
    ];
    for (name, values) in fields {
        if dice.one_in(3) && !(name == "initial_replicas" && most < 2 || least > 1) {
            let _ = write!(text, ", {name}: {}", dice.of(values));
        }
    }
    text
}

fn deployments(dice: &mut Dice) -> String {
    let mut text = String::new();
    for number in 0..=dice.roll(3) {
        let cpus = dice.of(&["0.5", "1", "1", "2", "3"]);
        let ongoing = dice.of(&[2, 5, 10, 100]);
        let scaling = if dice.one_in(6) {
            format!("num_replicas: {}", 1 + dice.roll(3))
        } else {
            format!("autoscaling_config: {{{}}}", autoscaling(dice))
        };
        let queue = if dice.one_in(4) { ", max_queued_requests: 20" } else { "" };
        let _ = writeln!(
            text,
            "      - {{name: d{number}, max_ongoing_requests: {ongoing}{queue}, \
             ray_actor_options: {{num_cpus: {cpus}}}, {scaling}}}"
        );
    }
    text
}

fn cluster_spec(dice: &mut Dice, indent: &str) -> String {
    let mut lines = vec!["enableInTreeAutoscaling: true".to_owned()];
    let mut options = Vec::new();
    if dice.one_in(8) {
        options.push("version: v1".to_owned());
    }
    if dice.one_in(3) {
        options.push(format!("idleTimeoutSeconds: {}", dice.of(&[5, 30, 63, 200])));
    }
    if dice.one_in(6) {
        options.push("upscalingMode: Conservative".to_owned());
    }
    if !options.is_empty() {
        lines.push(format!("autoscalerOptions: {{{}}}", options.join(", ")));
    }
    lines.push("headGroupSpec:".to_owned());
    lines.push(format!("  rayStartParams: {{num-cpus: \"{}\"}}", dice.of(&["0", "0", "2"])));
    let container = |name: &str, cpu: usize| {
        format!(
            "  template: {{spec: {{containers: [{{name: {name}, resources: {{limits: {{cpu: {cpu}, \
             memory: 4Gi}}}}}}]}}}}"
        )
    };
    lines.push(container("head", 2));
    lines.push("workerGroupSpecs:".to_owned());
    for group in 0..=dice.roll(2) {
        let least = dice.of(&[0, 0, 1, 2]);
        lines.push(format!("- groupName: g{group}"));
        lines.push(format!("  minReplicas: {least}"));
        lines.push(format!("  maxReplicas: {}", least + dice.of(&[0, 2, 6, 12])));
        lines.push("  rayStartParams: {}".to_owned());
        lines.push(container("worker", dice.of(&[1, 2, 4])));
    }
    lines.iter().fold(String::new(), |text, line| text + indent + line + "\n")
}

fn shape(dice: &mut Dice) -> String {
    let rate = |dice: &mut Dice| dice.of(&["0", "1", "3.7", "10", "25", "60"]);
    match dice.roll(6) {
        0 => format!("constant: {}", rate(dice)),
        1 | 2 => format!(
            "step: {{at: {}, from: {}, to: {}, until: {}}}",
            dice.of(&["1m", "3m", "5m7s"]),
            rate(dice),
            rate(dice),
            dice.of(&["9m", "15m", "20m3s"]),
        ),
        3 => format!(
            "wave: {{low: 0, high: {}, period: {}}}",
            dice.of(&[9, 40]),
            dice.of(&["20m", "1h"])
        ),
        4 => format!(
            "points: [{{at: 0s, rps: {}}}, {{at: {}, rps: {}}}, {{at: 17m, rps: {}}}]\n    \
             interpolate: step",
            rate(dice),
            dice.of(&["4m", "6m1s"]),
            rate(dice),
            rate(dice),
        ),
        _ => format!(
            "spike: {{base: {}, peak: {}, at: 5m, rise: 30s, hold: 2m, fall: 30s}}",
            rate(dice),
            rate(dice)
        ),
    }
}

/// A RayCluster, or a RayJob with one, called `batch`.
fn batch(dice: &mut Dice) -> String {
    if dice.one_in(2) {
        let fields = dice.of(&[
            "backoffLimit: 1",
            "shutdownAfterJobFinishes: true\n  ttlSecondsAfterFinished: 60",
            "submissionMode: HTTPMode\n  backoffLimit: 2\n  shutdownAfterJobFinishes: true",
            "submissionMode: SidecarMode\n  activeDeadlineSeconds: 500",
            "entrypointNumCpus: 1\n  backoffLimit: 1",
        ]);
        format!(
            "apiVersion: ray.io/v1\nkind: RayJob\nmetadata: {{name: batch}}\nspec:\n  {fields}\n  \
             rayClusterSpec:\n{}---\n",
            cluster_spec(dice, "    ")
        )
    } else {
        format!(
            "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {{name: batch}}\nspec:\n{}---\n",
            cluster_spec(dice, "  ")
        )
    }
}

/// Work for `batch`.
fn works(dice: &mut Dice) -> String {
    let mut text = "  ray:\n  - cluster: batch\n    work:\n".to_owned();
    for _ in 0..=dice.roll(3) {
        let at = dice.of(&["0s", "1m", "4m", "7m3s"]);
        let work = match dice.roll(4) {
            0 => "actors: {count: 2, resources: {CPU: 1}}".to_owned(),
            1 => "placementGroups: {count: 1, strategy: SPREAD, bundles: [{CPU: 1}, {CPU: 1}], \
                      duration: 3m}"
                .to_owned(),
            2 => "requestResources: {bundles: [{CPU: 1}, {CPU: 1}], duration: 4m}".to_owned(),
            _ => format!(
                "tasks: {{count: {}, resources: {{CPU: {}}}, duration: {}}}",
                dice.of(&[1, 5, 30]),
                dice.of(&[1, 2, 64]),
                dice.of(&["20s", "2m"])
            ),
        };
        let _ = writeln!(text, "    - {{at: {at}, {work}}}");
    }
    text
}

fn text(seed: u64) -> String {
    let dice = &mut Dice(seed);
    let mut text = String::new();
    let has_service = !dice.one_in(5);
    if has_service {
        let mode = dice.of(&["", "", "  upgradeStrategy: {type: None}\n"]);
        let _ = write!(
            text,
            "apiVersion: ray.io/v1\nkind: RayService\nmetadata: {{name: chat}}\nspec:\n{mode}  \
             serveConfigV2: |\n    applications:\n    - name: a\n      import_path: a:b\n      \
             deployments:\n{}  rayClusterConfig:\n{}---\n",
            deployments(dice),
            cluster_spec(dice, "    ")
        );
    }
    let has_cluster = !has_service || dice.one_in(3);
    if has_cluster {
        text += &batch(dice);
    }
    let has_web = dice.one_in(4);
    if has_web {
        text += WEB;
    }
    let _ = write!(
        text,
        "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: {}\n",
        dice.of(&["25m", "40m", "2h"])
    );
    if has_service || has_web {
        text += "  load:\n";
        for (is_there, target) in [
            (has_service, "{kind: RayService, name: chat}"),
            (has_web, "{kind: Deployment, name: web}"),
        ] {
            if is_there {
                let _ = writeln!(text, "  - target: {target}\n    {}", shape(dice));
            }
        }
    }
    if has_cluster {
        text += &works(dice);
    }
    if has_service && dice.one_in(3) {
        let change = dice.of(&[
            "{rayClusterConfig: {rayVersion: 2.61.0}}",
            "{serveConfigV2: \"applications: [{name: a, import_path: a:b, deployments: \
             [{name: d0, num_replicas: 2}]}]\"}",
        ]);
        let _ = writeln!(text, "  edits:\n  - {{at: 8m, rayService: chat, spec: {change}}}");
    }
    let _ = writeln!(
        text,
        "  assumptions:\n    request: {{serviceTime: {}}}\n    ray: {{loopInterval: {}, \
         operatorLag: {}, demandLag: {}, replicaStart: {}, jobRuns: {}, jobFailures: {}}}\n  \
         nodes:\n    pool:\n    - {{name: node, count: {}, cpu: 8, memory: 32Gi, labels: {{zone: a}}}}\n    \
         - {{name: other, count: 1, cpu: 8, memory: 32Gi, labels: {{zone: b}}}}",
        dice.of(&["100ms", "500ms", "3s"]),
        dice.of(&["1s", "5s", "5s", "7s"]),
        dice.of(&["0s", "1s", "5s"]),
        dice.of(&["0s", "2s", "5s"]),
        dice.of(&["0s", "5s", "20s"]),
        dice.of(&["0s", "61s", "4m"]),
        dice.of(&[0, 1]),
        dice.of(&[2, 4, 8]),
    );
    text
}

/// The report as bytes, and every look that a Ray autoscaler had.
fn everything(text: &str) -> (String, Vec<String>) {
    let prediction = predict(text, Language::En);
    let report = serde_json::to_string(&prediction.report).unwrap();
    let clusters = prediction.run.timeline.clusters.iter();
    let looks = clusters.flat_map(|it| (0..it.looks.len()).map(|look| it.looks.get(look)));
    let mut seen: Vec<String> = looks.map(|it| format!("{it:?}")).collect();
    let timeline = &prediction.run.timeline;
    seen.extend(timeline.services.iter().map(|it| format!("{it:?}")));
    seen.extend(timeline.ray_jobs.iter().map(|it| format!("{it:?}")));
    (report, seen)
}

/// Shows no more than what is around the first difference.
fn assert_same(one: &str, other: &str, seed: u64, text: &str) {
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let around = |it: &str| {
        let bytes = &it.as_bytes()[same.saturating_sub(200)..it.len().min(same + 100)];
        String::from_utf8_lossy(bytes).into_owned()
    };
    assert!(one == other, "seed {seed}:\n{text}\n{}\n{}", around(one), around(other));
}

fn compare(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let text = text(seed);
        let (report, seen) = everything(&text);
        let (all_report, all_seen) = without_rest(|| everything(&text));
        for (one, other) in seen.iter().zip(&all_seen) {
            assert_same(one, other, seed, &text);
        }
        assert_eq!(seen.len(), all_seen.len(), "seed {seed}:\n{text}");
        assert_same(&report, &all_report, seed, &text);
    }
}

#[test]
fn what_rests_would_have_changed_nothing() {
    compare(0..25);
}

/// `cargo test --release -p tidetable-core --lib -- --ignored rest`.
#[test]
#[ignore = "minutes"]
fn what_rests_would_have_changed_nothing_in_many_texts() {
    compare(1_000..2_000);
}

/// The texts are about what they are meant to be about.
#[test]
fn random_texts_are_read_without_an_error() {
    let mut rested = 0;
    for seed in 0..25 {
        let text = text(seed);
        let prediction = predict(&text, Language::En);
        let errors = prediction.report.diagnostics.iter();
        let errors: Vec<_> =
            errors.filter(|it| it.severity == crate::diagnostic::Severity::Error).collect();
        assert!(errors.is_empty(), "seed {seed}: {errors:?}\n{text}");
        let clusters = prediction.run.timeline.clusters.iter();
        rested += clusters.map(|it| it.looks.len() - it.looks.news().count()).sum::<usize>();
    }
    assert!(rested > 500, "{rested} looks");
}
