//! One look, told from close by: what each pod counted as, every metric's proposal, what binds.

use std::rc::Rc;

use crate::assemble::assemble;
use crate::explain::hpa::{Context, explain};
use crate::hpa::{
    Container, ContainerKind, Observation, Pod, PodIndex, PodPhase, Reading, ReadyCondition,
    ReadyStatus, ResourceName, Sample, Scale, Selector, State, Writes, detail, reconcile,
};
use crate::manifest;
use crate::report::{Explanation, Language, LedgerStep, PodCount};
use crate::scenario::Scenario;
use crate::sim::HpaLook;
use crate::time::{Duration, Instant};

const TEXT: &str = "
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 1
  maxReplicas: 9
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
  - type: Pods
    pods: {metric: {name: requests}, target: {type: AverageValue, averageValue: 100}}
";

const NOW: Instant = Instant::from_seconds(3600);

/// What a pod looks like: its cpu sample in percent of its request of 1, if it has one.
#[derive(Clone, Copy)]
enum Seen {
    Uses(i64),
    WithoutSample,
    Pending,
    Fresh,
    Leaving,
}

fn containers() -> Vec<Container> {
    let container = |name: &str, milli| Container {
        name: name.to_owned(),
        kind: ContainerKind::App,
        requests: vec![(ResourceName::Cpu, milli)],
    };
    vec![container("web", 900), container("proxy", 100)]
}

/// Why an HPA that sees these pods, and a metric that fails, answers as it does.
fn look(replicas: i32, seen: &[Seen], language: Language) -> Explanation {
    look_at(TEXT, replicas, seen, language)
}

fn look_at(text: &str, replicas: i32, seen: &[Seen], language: Language) -> Explanation {
    look_after(text, &mut State::default(), replicas, seen, language)
}

/// As above, with what earlier looks remember in `state`.
fn look_after(
    text: &str,
    state: &mut State,
    replicas: i32,
    seen: &[Seen],
    language: Language,
) -> Explanation {
    let documents = manifest::read(text);
    let assembly = assemble(&documents, &Scenario::assumed(crate::scenario::Subjects::default()));
    let spec = assembly.model.hpas[0].spec.clone();
    let containers = containers();
    let names: Vec<String> = (0..seen.len()).map(|index| format!("web-{index}")).collect();
    let pods: Vec<Pod<'_>> = names
        .iter()
        .zip(seen)
        .map(|(name, seen)| {
            let start = match seen {
                Seen::Fresh => NOW - Duration::from_seconds(20),
                _ => Instant::ZERO,
            };
            Pod {
                name,
                phase: if matches!(seen, Seen::Pending) {
                    PodPhase::Pending
                } else {
                    PodPhase::Running
                },
                deleting: matches!(seen, Seen::Leaving),
                start_time: Some(start),
                ready: Some(ReadyCondition {
                    status: ReadyStatus::True,
                    last_transition: Some(start),
                }),
                containers: &containers,
                requests: &[],
                overhead: &[],
            }
        })
        .collect();
    let samples = samples(seen);
    let readings = [Reading::Samples(&samples), Reading::Failed("no such metric")];
    let scale = Scale { spec_replicas: replicas, status_replicas: replicas };
    let seen = Observation {
        scale: Ok(scale),
        selector: Selector::Valid,
        pods: &pods,
        metrics: &readings[..spec.metrics.len()],
        writes: Writes::default(),
    };
    let step = reconcile(&spec, std::mem::take(state), &seen, NOW);
    *state = step.state.clone();
    let look = HpaLook {
        at: NOW,
        from: replicas,
        decision: step.decision,
        trace: step.trace,
        status: Rc::new(step.state.status),
        spec: Rc::new(spec.clone()),
        detail: Some(detail(&spec, scale, &seen, NOW)),
    };
    let document = &documents.documents[0];
    let context = Context { spec: &spec, document, language, kubernetes: 36 };
    explain(&context, &look, "HPA web", 1)
}

/// What metrics-server shows of these pods.
fn samples(seen: &[Seen]) -> Vec<Sample> {
    let sample = |(pod, seen): (usize, &Seen)| {
        let percent = match *seen {
            Seen::Uses(percent) => percent,
            Seen::Fresh | Seen::Leaving => 10,
            Seen::WithoutSample | Seen::Pending => return None,
        };
        Some(Sample {
            pod: Some(PodIndex::of(pod)),
            value_milli: percent * 10,
            timestamp: NOW,
            window: Duration::from_seconds(30),
        })
    };
    seen.iter().enumerate().filter_map(sample).collect()
}

#[track_caller]
fn step<'a>(explanation: &'a Explanation, rule: &str) -> &'a LedgerStep {
    let found = explanation.steps.iter().find(|it| it.rule == rule);
    found.unwrap_or_else(|| panic!("no {rule} in {:#?}", explanation.steps))
}

fn pods(step: &LedgerStep) -> Vec<(PodCount, &str, Vec<&str>)> {
    step.pods
        .iter()
        .map(|it| (it.counted, &*it.label, it.pods.iter().map(String::as_str).collect()))
        .collect()
}

#[test]
fn on_the_way_up_missing_and_unready_pods_count_as_nothing() {
    let seen = [Seen::Uses(200), Seen::WithoutSample, Seen::Pending, Seen::Fresh, Seen::Leaving];
    let explanation = look(4, &seen, Language::En);
    let metric = step(&explanation, "metric-utilization");
    let expected = [
        (PodCount::Counted, "counted", vec!["web-0"]),
        (PodCount::Ignored, "left out", vec!["web-4"]),
        (PodCount::Zero, "0", vec!["web-2"]),
        (PodCount::Zero, "0", vec!["web-1"]),
        (PodCount::Zero, "0", vec!["web-3"]),
    ];
    assert_eq!(pods(metric), expected);
    let why: Vec<&str> = metric.pods.iter().map(|it| &*it.reason).collect();
    let fresh = "ready, but the sample reaches back into the start (CPU initialization period \
                 5m 00s)";
    assert_eq!(why, ["with their samples", "being deleted", "pending", "no sample", fresh]);
    assert!(metric.text.to_string().ends_with("A pod requests 1: web 900m + proxy 100m."));
    // (200 + 0 + 0 + 0) / 4 = 50: within the tolerance. 4 * 50 / 50.
    let proposal = step(&explanation, "proposal-utilization").text.to_string();
    assert!(proposal.starts_with("Ratio 1 is within the tolerance 0.9 – 1.1"), "{proposal}");
}

#[test]
fn on_the_way_down_a_missing_pod_counts_as_busy_and_an_unready_one_not_at_all() {
    let seen = [Seen::Uses(10), Seen::Uses(10), Seen::WithoutSample, Seen::Pending];
    let explanation = look(4, &seen, Language::En);
    let expected = [
        (PodCount::Counted, "counted", vec!["web-0", "web-1"]),
        (PodCount::Ignored, "left out", vec!["web-3"]),
        (PodCount::Full, "100 %", vec!["web-2"]),
    ];
    assert_eq!(pods(step(&explanation, "metric-utilization")), expected);
}

#[test]
fn a_window_that_asks_for_more_than_there_are_says_so() {
    let text = TEXT.replace("maxReplicas: 9", "maxReplicas: 40");
    let text = text.split("  - type: Pods").next().unwrap_or_default();
    let mut state = State::default();
    // ceil(200 / 50 * 4) = 16; max(4, 2 * 4) = 8 in one look.
    let first = look_after(text, &mut state, 4, &[Seen::Uses(200); 4], Language::En);
    assert_eq!(first.note.to_string(), "wants 16, at most doubled in one look");
    // ceil(10 / 50 * 4) = 1; the highest of 300 s is 16; max(4, 2 * 4) = 8 in one look.
    let second = look_after(text, &mut state, 4, &[Seen::Uses(10); 4], Language::En);
    assert_eq!(
        second.note.to_string(),
        "wants 1; the stabilization window still asks for 16, at most doubled in one look"
    );
    assert_eq!((second.from, second.to), (4.0, 8.0));
}

#[test]
fn every_metric_stands_in_the_table_and_the_winner_is_marked() {
    let explanation = look(2, &[Seen::Uses(100), Seen::Uses(40)], Language::En);
    let several = step(&explanation, "several-metrics");
    let rows: Vec<_> = several
        .metrics
        .iter()
        .map(|it| [&*it.name, &*it.current, &*it.target, &*it.ratio, &*it.proposal])
        .collect();
    // (100 + 40) / 2 = 70; ceil(70 / 50 * 2) = 3.
    assert_eq!(rows, [["cpu", "70 %", "50 %", "1.4", "3"], ["requests", "", "100", "", ""]]);
    assert_eq!(several.metrics.iter().map(|it| it.wins).collect::<Vec<_>>(), [true, false]);
    assert_eq!(several.formula.to_string(), "max(3) = 3");
    assert_eq!(
        several.text.to_string(),
        "The largest proposal wins: cpu. 1 metric failed: that would stop a scale-down, not this.",
    );
    let failed = step(&explanation, "metric-failed");
    assert!(!failed.binds, "the count goes up all the same");
    let path = "kubectl get --raw /apis/custom.metrics.k8s.io/v1beta2/namespaces/default/pods/*/\
                requests";
    assert!(failed.text.to_string().ends_with(path), "{}", failed.text);
    let shown = step(&explanation, "metric-utilization").text.to_string();
    assert!(shown.contains("The least busy pod shows 40 %, the busiest 100 %"), "{shown}");
}

#[test]
fn a_failed_metric_binds_where_the_others_want_fewer() {
    let explanation = look(4, &[Seen::Uses(10); 4], Language::En);
    assert!(step(&explanation, "metric-failed").binds);
    assert!(step(&explanation, "metrics-failed").binds);
    assert_eq!(explanation.note.to_string(), "wants 1, held by a failed metric");
    assert_eq!((explanation.from, explanation.to), (4.0, 4.0));
    let rows = &step(&explanation, "metrics-failed").metrics;
    assert_eq!(rows.iter().map(|it| &*it.proposal).collect::<Vec<_>>(), ["1", ""]);
    assert!(rows[1].error.contains("no such metric"), "{}", rows[1].error);
}

#[test]
fn the_staircase_keeps_within_the_bounds() {
    let text = |replicas, seen: &[Seen]| {
        step(&look(replicas, seen, Language::En), "proposal-utilization").text.to_string()
    };
    // 1 is minReplicas and 9 maxReplicas. 1 * 56 / 50 is above 1, and 9 * 44 / 50 = 7.92; 45 % and
    // 55 % are still within the tolerance.
    let one = text(1, &[Seen::Uses(50)]);
    let up = "From 1 it goes to 2 at 56 % or more (3 at 101 %, 4 at 151 %, 5 at 201 %, 6 at \
              251 %, 7 at 301 %, 8 at 351 %, 9 at 401 %).";
    assert!(one.ends_with(up), "{one}");
    let nine = text(9, &[Seen::Uses(50); 9]);
    // 50 * 7 / 9 = 38.8, 50 * 6 / 9 = 33.3, and so on down to 50 / 9 = 5.5.
    let down = "From 9 it goes to 8 at 44 % or less (7 at 38 %, 6 at 33 %, 5 at 27 %, 4 at 22 %, \
                3 at 16 %, 2 at 11 %, 1 at 5 %).";
    assert!(nine.ends_with(down), "{nine}");
}

#[test]
fn each_step_cites_the_release_that_decides() {
    for language in [Language::En, Language::Ko] {
        let told = look(2, &[Seen::Uses(100), Seen::Uses(40)], language);
        for step in &told.steps {
            assert_eq!(step.source.project, "kubernetes 1.36", "{}", step.rule);
        }
    }
    let example = crate::examples::find("web-walkthrough").expect("an example").text();
    let assumptions = "  assumptions:\n";
    assert!(example.contains(assumptions));
    let text = |version: &str| {
        let versions = format!("{assumptions}    versions: {{kubernetes: \"{version}\"}}\n");
        example.replace(assumptions, &versions)
    };
    for version in ["1.28", "1.34", "1.37"] {
        let report = crate::predict(&text(version), Language::Ko).report;
        let steps: Vec<_> = report.decisions.iter().flat_map(|it| &it.explanation.steps).collect();
        assert!(!steps.is_empty(), "{:?}", report.diagnostics);
        for step in steps {
            assert_eq!(step.source.project, format!("kubernetes {version}"), "{}", step.rule);
        }
    }
}

#[test]
fn of_several_policies_each_is_told_and_the_chosen_one_decides() {
    let policies = "  behavior:
    scaleUp:
      policies:
      - {type: Pods, value: 1, periodSeconds: 60}
      - {type: Percent, value: 100, periodSeconds: 30}
";
    let text = TEXT.to_owned() + policies;
    let told = |language| {
        // 2 pods at 400 % want ceil(400 / 50 * 2) = 16. One policy allows 2 + 1 = 3, the other
        // 2 * (1 + 100 / 100) = 4, which is more and below maxReplicas.
        let told = look_at(&text, 2, &[Seen::Uses(400); 2], language);
        let step = step(&told, "scale-up-policies").clone();
        assert_eq!((step.result.as_str(), step.binds), ("4", true));
        step.text.to_string()
    };
    let english = told(Language::En);
    assert!(
        english.ends_with(
            "scaleUp.policies[1]: 100 % in 30s, the largest change of 2 policies. \
             scaleUp.policies[0]: 1 pod in 1m 00s would allow 3 (0 added, 0 removed)."
        ),
        "{english}"
    );
    let korean = told(Language::Ko);
    assert!(
        korean.ends_with(
            "scaleUp.policies[0]: 1m 00s 동안 파드 1개, 이 정책만 따르면 3개까지 가능(기간 안에 \
             0개 증가, 0개 감소)."
        ),
        "{korean}"
    );
}

#[test]
fn where_max_replicas_cuts_the_policies_tell_what_they_would_have_allowed() {
    let text = TEXT.to_owned() + "  behavior: {}\n";
    // 6 pods at 400 % want ceil(400 / 50 * 6) = 48, and maxReplicas is 9. The default policies
    // allow 6 + 4 = 10 and 6 * (1 + 100 / 100) = 12.
    let told = look_at(&text, 6, &[Seen::Uses(400); 6], Language::En);
    let step = step(&told, "limits-with-behavior");
    assert_eq!((step.result.as_str(), step.binds), ("9", true));
    assert_eq!(
        step.text.to_string(),
        "48 is more than maxReplicas: capped at 9. scaleUp.policies[0]: 4 pods in 15s would allow \
         10 (0 added, 0 removed). scaleUp.policies[1]: 100 % in 15s would allow 12 (0 added, 0 \
         removed)."
    );
}

#[test]
fn a_look_from_close_by_is_the_same_look() {
    for example in crate::examples::EXAMPLES {
        let prediction = crate::predict(example.text(), Language::Ko);
        for decision in &prediction.report.decisions {
            let close = prediction.explain(decision.autoscaler, decision.look).expect("a look");
            let told = |it: &Explanation| {
                let steps = it.steps.iter();
                let step = |it: &LedgerStep| (it.rule.clone(), it.result.clone(), it.binds);
                (it.title.clone(), it.note.clone(), steps.map(step).collect::<Vec<_>>())
            };
            assert_eq!(told(&close), told(&decision.explanation), "{}", example.id);
        }
    }
}
