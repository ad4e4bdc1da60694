//! Whole syncs against Kubernetes' own controller: counts, conditions, events, what is remembered;
//! and the trace of each, which must lead to the same count.

use serde::Deserialize;
use tidetable_core::hpa::{
    Behavior, MetricStatus, Observation, PolicyKind, Reading, Refusal, Sample, Scale, ScaleEvent,
    ScalingPolicy, ScalingRules, SelectPolicy, Selector, Settings, Spec, State, Step, Writes,
    reconcile,
};
use tidetable_core::time::{Duration, Instant};
use tidetable_tests::hpa_cases::{CaseMetric, CasePod, CaseReading, Pods, each_case, path};
use tidetable_tests::hpa_trace::retrace;

#[derive(Deserialize)]
struct History {
    min: i32,
    max: i32,
    metrics: Vec<CaseMetric>,
    behavior: Option<CaseBehavior>,
    tolerance: f64,
    stabilization: i64,
    initialization: i64,
    delay: i64,
    syncs: Vec<Sync>,
}

#[derive(Deserialize)]
struct CaseBehavior {
    up: Rules,
    down: Rules,
}

#[derive(Deserialize)]
struct Rules {
    window: Option<i64>,
    select: String,
    policies: Vec<Policy>,
    tolerance: Option<f64>,
}

#[derive(Deserialize)]
struct Policy {
    #[serde(rename = "type")]
    kind: String,
    value: i32,
    period: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sync {
    after: i64,
    spec: Option<i32>,
    min: Option<i32>,
    #[serde(default)]
    toggle: bool,
    status: i32,
    pods: Vec<CasePod>,
    readings: Vec<CaseReading>,
    selector: String,
    #[serde(default)]
    selector_error: String,
    #[serde(default)]
    get_error: String,
    update_error: Option<String>,
    answer: Answer,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Answer {
    replicas: i32,
    current: i32,
    desired: i32,
    last_scale: Option<i64>,
    #[serde(default)]
    metrics: Vec<Shown>,
    conditions: Vec<CaseCondition>,
    #[serde(default)]
    events: Vec<CaseEvent>,
    recommendations: Vec<(i32, i64)>,
    #[serde(default)]
    up: Vec<(i32, i64, u8)>,
    #[serde(default)]
    down: Vec<(i32, i64, u8)>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Shown {
    utilization: Option<i32>,
    average: Option<i64>,
    value: Option<i64>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
struct CaseCondition {
    #[serde(rename = "type")]
    kind: String,
    status: String,
    reason: String,
    message: String,
    since: i64,
}

#[derive(Debug, Deserialize, PartialEq)]
struct CaseEvent {
    #[serde(rename = "type")]
    kind: String,
    reason: String,
    message: String,
}

#[test]
fn every_sync_does_what_upstreams_controller_does() {
    let path = path("reconcile.jsonl", "HPA_RECONCILE_CASES");
    let (mut different, mut syncs) = (Vec::new(), 0);
    let header = each_case(&path, |line, _, history: History| {
        syncs += history.syncs.len();
        if let Err(difference) = history.replay() {
            different.push(format!("line {line}, {difference}"));
        }
    });
    assert_eq!(header.kubernetes, "1.37.2");
    let count = different.len();
    different.truncate(5);
    let different = different.join("\n");
    assert_eq!(count, 0, "{count} of {header:?} ({syncs} syncs) differ:\n{different}");
}

impl History {
    /// Steps through the syncs up to the first difference.
    fn replay(&self) -> Result<(), String> {
        let mut spec = self.spec();
        let behavior = spec.behavior.clone();
        let (mut state, mut now, mut replicas) = (State::default(), Instant::ZERO, 0);
        let mut conditions: Vec<CaseCondition> = Vec::new();
        for (index, sync) in self.syncs.iter().enumerate() {
            if index > 0 {
                now = now + Duration::from_ms(sync.after);
            }
            replicas = sync.spec.unwrap_or(replicas);
            spec.min_replicas = sync.min.unwrap_or(spec.min_replicas);
            if sync.toggle {
                spec.behavior = if spec.behavior.is_some() { None } else { behavior.clone() };
            }
            let step = self.step(&spec, state, sync, replicas, now);
            retrace(&spec, replicas, &step)
                .map_err(|error| format!("sync {index}: {error}:\n  {:?}", step.trace))?;
            if sync.get_error.is_empty() {
                replicas = step.decision.desired_replicas;
            }
            let answer = answer(&step, replicas, &mut conditions);
            if answer != sync.answer {
                let (upstream, trace) = (&sync.answer, &step.trace);
                return Err(format!(
                    "sync {index}:\n  upstream: {upstream:?}\n  ours:     {answer:?}\n  {trace:?}"
                ));
            }
            state = step.state;
        }
        Ok(())
    }

    fn spec(&self) -> Spec {
        let mut spec = Spec::new(self.min, self.max);
        spec.metrics = self.metrics.iter().map(|metric| metric.spec("m")).collect();
        spec.behavior = self.behavior.as_ref().map(|behavior| Behavior {
            scale_up: behavior.up.rules(),
            scale_down: behavior.down.rules(),
        });
        spec.settings = Settings {
            downscale_stabilization: Duration::from_ms(self.stabilization),
            tolerance: self.tolerance,
            cpu_initialization_period: Duration::from_ms(self.initialization),
            initial_readiness_delay: Duration::from_ms(self.delay),
            ..Settings::default()
        };
        spec
    }

    fn step(&self, spec: &Spec, state: State, sync: &Sync, replicas: i32, now: Instant) -> Step {
        let pods = Pods::of(&sync.pods);
        let readings = || sync.readings.iter().enumerate();
        let samples: Vec<Vec<Sample>> =
            readings().map(|(index, it)| it.samples(index, &sync.pods, now)).collect();
        let metrics: Vec<Reading> = readings()
            .map(|(index, it)| it.reading(&self.metrics[index], &samples[index]))
            .collect();
        let refusal = |error| Refusal { error, is_conflict: false };
        let refusals: Vec<Refusal> = sync.update_error.iter().map(|it| refusal(it)).collect();
        let scale = Scale { spec_replicas: replicas, status_replicas: sync.status };
        let seen = Observation {
            scale: if sync.get_error.is_empty() { Ok(scale) } else { Err(&sync.get_error) },
            selector: match sync.selector.as_str() {
                "" => Selector::Missing,
                _ if !sync.selector_error.is_empty() => Selector::Unparsable(&sync.selector_error),
                _ => Selector::Valid,
            },
            pods: &pods.at(&sync.pods, now),
            metrics: &metrics,
            writes: Writes { scale: &refusals, ..Writes::default() },
        };
        reconcile(spec, state, &seen, now)
    }
}

impl Rules {
    fn rules(&self) -> ScalingRules {
        ScalingRules {
            stabilization_window: self.window.map(Duration::from_seconds),
            select_policy: match self.select.as_str() {
                "Max" => SelectPolicy::Max,
                "Min" => SelectPolicy::Min,
                _ => SelectPolicy::Disabled,
            },
            policies: self
                .policies
                .iter()
                .map(|policy| ScalingPolicy {
                    kind: match policy.kind.as_str() {
                        "Pods" => PolicyKind::Pods,
                        _ => PolicyKind::Percent,
                    },
                    value: policy.value,
                    period: Duration::from_seconds(policy.period),
                })
                .collect(),
            tolerance: self.tolerance,
        }
    }
}

/// Our step in the oracle's words; of the conditions those that differ from `before`.
fn answer(step: &Step, replicas: i32, before: &mut Vec<CaseCondition>) -> Answer {
    let Step { decision, state, .. } = step;
    let status = &state.status;
    let conditions: Vec<CaseCondition> = status
        .conditions
        .iter()
        .map(|condition| CaseCondition {
            kind: condition.kind.as_str().to_owned(),
            status: if condition.status { "True" } else { "False" }.to_owned(),
            reason: condition.reason.to_owned(),
            message: condition.message.clone().into_owned(),
            since: condition.last_transition.ms(),
        })
        .collect();
    let changed = conditions.iter().filter(|it| !before.contains(it)).cloned().collect();
    *before = conditions;
    let event =
        |event: &ScaleEvent| (event.replica_change, event.at.ms(), u8::from(event.outdated));
    Answer {
        replicas,
        current: status.current_replicas,
        desired: status.desired_replicas,
        last_scale: status.last_scale_time.map(Instant::ms),
        metrics: status.current_metrics.iter().map(shown).collect(),
        conditions: changed,
        events: decision
            .events
            .iter()
            .map(|event| CaseEvent {
                kind: if event.is_warning { "Warning" } else { "Normal" }.to_owned(),
                reason: event.reason.to_owned(),
                message: event.message.clone(),
            })
            .collect(),
        recommendations: state.recommendations.iter().map(|it| (it.replicas, it.at.ms())).collect(),
        up: state.scale_events.up.iter().map(event).collect(),
        down: state.scale_events.down.iter().map(event).collect(),
    }
}

fn shown(metric: &MetricStatus) -> Shown {
    match *metric {
        MetricStatus::Failed => Shown::default(),
        MetricStatus::Utilization { average_utilization, average_value_milli } => Shown {
            utilization: Some(average_utilization),
            average: Some(average_value_milli),
            value: None,
        },
        MetricStatus::AverageValue(milli) => Shown { average: Some(milli), ..Shown::default() },
        MetricStatus::Value(milli) => Shown { value: Some(milli), ..Shown::default() },
    }
}
