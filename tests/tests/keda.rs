//! ScaledObjects against KEDA's own operator: the HPA that it makes, what it refuses, what one poll
//! does, and what its HPA is told over polls and reads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tidetable_core::assemble::{Assembly, assemble};
use tidetable_core::keda::formula::{Formula, Outcome, Problem};
use tidetable_core::keda::{
    self, Cause, External, Fallback, FallbackBehavior, Observation, Reading, Spec, State, Trigger,
    cron,
};
use tidetable_core::manifest::{self, ApiRules};
use tidetable_core::scenario::Scenario;
use tidetable_core::time::{Duration, Instant};

/// The cases of a file, with their lines; the folder is `KEDA_CASES` if that is set.
#[track_caller]
fn cases<C: DeserializeOwned>(name: &str, at_least: usize) -> Vec<(usize, C)> {
    let folder = std::env::var_os("KEDA_CASES").map(PathBuf::from);
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/keda");
    let path = folder.unwrap_or_else(own).join(name);
    let text = std::fs::read_to_string(&path).expect("a file of cases");
    let mut lines = (1..).zip(text.lines());
    let (_, header) = lines.next().expect("a header");
    let header: Value = serde_json::from_str(header).expect("a header");
    let cases: Vec<(usize, C)> = lines
        .map(|(line, it)| {
            (line, serde_json::from_str(it).unwrap_or_else(|e| panic!("{line}: {e}")))
        })
        .collect();
    assert_eq!(Some(cases.len() as u64), header["cases"].as_u64(), "{}", path.display());
    assert!(cases.len() >= at_least.min(100) && header["keda"] == "2.21.0", "{header}");
    cases
}

fn read(text: &str) -> (manifest::Documents, Assembly) {
    let documents = manifest::read(text);
    let assembly = assemble(&documents, &Scenario::empty());
    (documents, assembly)
}

#[derive(Deserialize)]
struct HpaCase {
    object: Value,
    #[serde(default)]
    refused: Vec<String>,
    #[serde(default)]
    error: String,
    #[serde(default)]
    name: String,
    spec: Option<Value>,
}

/// The spec is compared by reading KEDA's own HPA as a manifest: both must be the same to the
/// controller.
#[test]
fn a_scaled_object_becomes_kedas_own_hpa() {
    let mut compared = 0;
    for (line, case) in cases::<HpaCase>("hpa.jsonl", 200) {
        let text = case.object.to_string();
        let (documents, assembly) = read(&text);
        let of_code = |code: &str| -> Vec<&str> {
            let found = documents.diagnostics.iter().filter(|it| it.code == code);
            found.map(|it| it.message.as_str()).collect()
        };
        for refused in &case.refused {
            assert!(of_code("TT242").contains(&refused.as_str()), "line {line}: {refused}\n{text}");
        }
        // This one asks for the workload as well, so that upstream says it elsewhere.
        let own = of_code("TT242").into_iter().filter(|it| !it.contains("scale to zero doesn't"));
        assert_eq!(own.count() > 0, !case.refused.is_empty(), "line {line}: {text}");
        let problems = of_code("TT243");
        let Some(spec) = case.spec else {
            check_problems(line, &problems, &case.error, &text);
            continue;
        };
        assert_eq!(problems, [""; 0], "line {line}: {text}");
        let theirs = serde_json::json!({
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": case.name, "namespace": "default"},
            "spec": spec,
        });
        let (upstreams_documents, upstreams) = read(&theirs.to_string());
        // KEDA makes it, and the API server says no: nobody scales.
        let (document, written) = upstreams_documents.hpas().next().expect("an HPA");
        let refusals = manifest::hpa::refusals(document, written, &ApiRules::default());
        // Of the webhook's checks the operator repeats all but that of the fallback.
        let is_refused = case.refused.iter().any(|it| !it.contains("fallback"));
        if is_refused || !refusals.is_empty() {
            assert!(assembly.model.hpas.is_empty(), "line {line}: {refusals:?}\n{text}");
            continue;
        }
        let [made] = &assembly.model.hpas[..] else { panic!("line {line}: {text}") };
        let theirs = &upstreams.model.hpas[0];
        assert_eq!((&made.name, &made.spec), (&theirs.name, &theirs.spec), "line {line}: {text}");
        compared += made.spec.metrics.len();
    }
    assert!(compared > 150, "{compared} metrics");
}

/// KEDA stops at the first trigger that it refuses, and tells all that is wrong with its
/// parameters, one a line; it ends a line with what Go's own parsers say.
#[track_caller]
fn check_problems(line: usize, ours: &[&str], error: &str, text: &str) {
    let mut lines: Vec<&str> = error.lines().collect();
    // What else it checks while parameters are missing or can't be read is noise.
    let is_field =
        |it: &&str| it.contains("missing required parameter") || it.contains("unable to set param");
    if lines.iter().any(is_field) {
        lines.retain(is_field);
    }
    let same = |(ours, theirs): (&&str, &&str)| {
        let detail = ours.rsplit(" metadata: ").next().unwrap_or(ours);
        theirs.contains(detail)
    };
    let all = ours.len() >= lines.len() && ours.iter().zip(&lines).all(same);
    assert!(all, "line {line}: {ours:#?}\nupstream: {error}\n{text}");
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct PollCase {
    min: Option<i32>,
    idle: Option<i32>,
    cooldown: Option<i32>,
    initial_cooldown: Option<i32>,
    fallback: Option<i32>,
    paused_in: bool,
    paused_out: bool,
    forced: bool,
    current: i32,
    last_active: Option<i64>,
    now: i64,
    active: bool,
    failed: bool,
    replicas: Option<i32>,
    touched: bool,
    reason: String,
}

fn external() -> External {
    External {
        metric: "s0-prometheus".to_owned(),
        target_milli: 1000,
        is_average: true,
        activation: 0.0,
        empty_is_zero: false,
        cached: false,
        cron: None,
        kafka: None,
    }
}

#[test]
fn a_poll_does_what_kedas_executor_does() {
    for (line, case) in cases::<PollCase>("poll.jsonl", 400) {
        let seconds =
            |it: Option<i32>, absent| Duration::from_seconds(i64::from(it.unwrap_or(absent)));
        // One trigger is active or not, the other fails or is not active.
        let triggers = vec![Trigger::External(external()), Trigger::External(external())];
        let spec = Spec {
            polling_interval: seconds(None, 30),
            cooldown_period: seconds(case.cooldown, 300),
            initial_cooldown_period: seconds(case.initial_cooldown, 0),
            idle_replicas: case.idle,
            min_replicas: case.min.unwrap_or(0),
            triggers,
            fallback: case.fallback.map(|replicas| Fallback {
                failure_threshold: 100,
                replicas,
                behavior: FallbackBehavior::Static,
            }),
            paused_scale_in: case.paused_in,
            paused_scale_out: case.paused_out,
            force_activation: case.forced,
        };
        let readings = [
            Reading::Value(f64::from(u8::from(case.active))),
            if case.failed { Reading::Failed } else { Reading::Value(0.0) },
        ];
        let seen = Observation {
            current_replicas: case.current,
            ready_replicas: case.current,
            readings: &readings,
            clock: 0,
            hpa_active: false,
        };
        let before =
            State { last_active: case.last_active.map(Instant::from_ms), ..State::default() };
        let now = Instant::from_ms(case.now);
        let step = keda::poll(&spec, before.clone(), &seen, Instant::ZERO, now);
        assert_eq!(step.replicas, case.replicas, "line {line}: {case:?}\n{:?}", step.trace);
        let touched = Some(Instant::from_ms(case.now / 1000 * 1000));
        let expected = if case.touched { touched } else { before.last_active };
        assert_eq!(step.state.last_active, expected, "line {line}: {case:?}");
        let cools = matches!(step.trace.causes.last(), Some(Cause::CoolingDown { .. }));
        assert_eq!(cools, case.reason == "ScalerCooldown", "line {line}: {case:?}");
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct History {
    object: Value,
    replicas: i32,
    ready: i32,
    #[serde(default)]
    hpa_active: bool,
    steps: Vec<HistoryStep>,
}

#[derive(Debug, Deserialize)]
struct HistoryStep {
    #[serde(default)]
    after: i64,
    answers: Vec<String>,
    read: Option<usize>,
    value: Option<i64>,
    written: Option<i32>,
    #[serde(default)]
    touched: bool,
}

#[test]
fn polls_and_reads_tell_what_kedas_handler_tells() {
    let mut different = Vec::new();
    let cases = cases::<History>("history.jsonl", 200);
    let count = cases.len();
    for (line, case) in cases {
        let (_, assembly) = read(&case.object.to_string());
        let spec = &assembly.model.pipeline.scaled_objects[0].spec;
        let mut state = State::default();
        let mut replicas = case.replicas;
        // Polls happen within a second, so that their moment is never a whole one.
        let mut now = Instant::from_ms(500);
        let created = Instant::ZERO - Duration::from_seconds(3600);
        for (number, step) in case.steps.iter().enumerate() {
            now = now + Duration::from_seconds(step.after);
            let readings: Vec<Reading> = step.answers.iter().map(|it| reading(it)).collect();
            let seen = Observation {
                current_replicas: replicas,
                ready_replicas: case.ready,
                readings: &readings,
                clock: cron::clock("2026-01-05").expect("a day"),
                hpa_active: case.hpa_active,
            };
            let (ours, theirs);
            if let Some(trigger) = step.read {
                let (value, next) = keda::read(spec, state, trigger, &seen);
                state = next;
                (ours, theirs) = (format!("{value:?}"), format!("{:?}", step.value));
            } else {
                let before = state.last_active;
                // An activity of the same second would not show.
                state.last_active = before.map(|it| it - Duration::from_seconds(10));
                let polled = keda::poll(spec, state, &seen, created, now);
                state = polled.state;
                replicas = polled.replicas.unwrap_or(replicas);
                let touched = state.last_active == Some(Instant::from_ms(now.ms() / 1000 * 1000));
                ours = format!("{:?} {touched}", polled.replicas);
                theirs = format!("{:?} {}", step.written, step.touched);
            }
            if ours != theirs {
                different.push(format!(
                    "line {line}, step {number}: {ours}, upstream {theirs}\n{step:?}\n{}",
                    case.object
                ));
                break;
            }
        }
    }
    let failed = different.len();
    different.truncate(4);
    assert!(different.is_empty(), "{failed} of {count} differ:\n{}", different.join("\n"));
}

fn reading(answer: &str) -> Reading {
    match answer {
        "" => Reading::Empty,
        "failed" => Reading::Failed,
        number => Reading::Value(number.parse().expect("a number")),
    }
}

#[derive(Debug, Deserialize)]
struct FormulaCase {
    formula: String,
    #[serde(default)]
    refused: String,
    #[serde(default)]
    values: Vec<[Option<i64>; 3]>,
    #[serde(default)]
    results: Vec<String>,
}

/// What is not evaluated here is not compared; it must be rare among formulas such as real ones.
#[test]
fn a_formula_gives_what_kedas_gives() {
    let cases = cases::<FormulaCase>("formula.jsonl", 1000);
    let (mut evaluated, mut refused, mut beyond) = (0, 0, 0);
    for (line, case) in &cases {
        let formula = match Formula::compile(&case.formula, &["a", "b", "c"]) {
            Ok(formula) => formula,
            Err(Problem::NotEvaluated(_)) => {
                beyond += 1;
                continue;
            }
            Err(Problem::Refused(text)) => {
                assert!(!case.refused.is_empty(), "line {line}: {text}\n{case:?}");
                refused += 1;
                continue;
            }
        };
        assert!(case.refused.is_empty(), "line {line}: it compiles here\n{case:?}");
        for (values, expected) in case.values.iter().zip(&case.results) {
            let units = values.map(|it| it.map(|it| it as f64 * 1e-3));
            let found = match formula.evaluate(&units) {
                Outcome::Number(number) => go_int(number * 1000.0).to_string(),
                Outcome::Nil => "nil".to_owned(),
                Outcome::Failed => "error".to_owned(),
            };
            assert_eq!(found, *expected, "line {line}: {values:?}\n{case:?}");
            evaluated += 1;
        }
    }
    println!("{evaluated} values, {refused} refused, {beyond} not evaluated");
    assert!(evaluated > cases.len() && beyond * 10 < cases.len(), "{evaluated} {beyond}");
}

/// A float as an integer of 64 bits, as amd64 does it.
fn go_int(number: f64) -> i64 {
    let fits = number >= i64::MIN as f64 && number < i64::MAX as f64;
    if fits { number as i64 } else { i64::MIN }
}

#[derive(Debug, Deserialize)]
struct CronCase {
    metadata: BTreeMap<String, String>,
    now: i64,
    value: i64,
    #[serde(default)]
    active: bool,
    #[serde(default)]
    failed: bool,
}

#[test]
fn a_cron_trigger_is_active_when_kedas_is() {
    for (line, case) in cases::<CronCase>("cron.jsonl", 400) {
        let spec = of_trigger("cron", &case.metadata);
        let seen = seen_at(case.now, &[Reading::Empty]);
        let (value, _) = keda::read(&spec, State::default(), 0, &seen);
        let expected = (!case.failed).then_some(case.value);
        assert_eq!(value, expected, "line {line}: {case:?}");
        assert_eq!(is_active(&spec, &seen), case.active, "line {line}: {case:?}");
    }
}

#[derive(Debug, Deserialize)]
struct KafkaCase {
    metadata: BTreeMap<String, String>,
    partitions: i64,
    lag: i64,
    value: i64,
    #[serde(default)]
    active: bool,
}

#[test]
fn a_kafka_trigger_bounds_its_lag_as_kedas_does() {
    for (line, case) in cases::<KafkaCase>("kafka.jsonl", 100) {
        let mut spec = of_trigger("kafka", &case.metadata);
        let Trigger::External(external) = &mut spec.triggers[0] else { panic!("{case:?}") };
        external.kafka.as_mut().expect("a Kafka trigger").partitions = case.partitions;
        let readings = [Reading::Value(case.lag as f64)];
        let seen = seen_at(0, &readings);
        let (value, _) = keda::read(&spec, State::default(), 0, &seen);
        assert_eq!(value, Some(case.value), "line {line}: {case:?}");
        assert_eq!(is_active(&spec, &seen), case.active, "line {line}: {case:?}");
    }
}

/// A ScaledObject with one trigger of these parameters.
fn of_trigger(kind: &str, metadata: &BTreeMap<String, String>) -> Spec {
    let object = serde_json::json!({
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {"name": "worker"},
        "spec": {
            "scaleTargetRef": {"name": "worker"},
            "triggers": [{"type": kind, "metadata": metadata}],
        },
    });
    let (_, assembly) = read(&object.to_string());
    let [found] = &assembly.model.pipeline.scaled_objects[..] else { panic!("{object}") };
    found.spec.clone()
}

fn seen_at(clock: i64, readings: &[Reading]) -> Observation<'_> {
    Observation { current_replicas: 0, ready_replicas: 0, readings, clock, hpa_active: false }
}

fn is_active(spec: &Spec, seen: &Observation<'_>) -> bool {
    let now = Instant::from_ms(500);
    keda::poll(spec, State::default(), seen, Instant::ZERO, now).replicas == Some(1)
}
