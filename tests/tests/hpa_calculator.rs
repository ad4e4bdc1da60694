//! One metric's answer against Kubernetes' own replica calculator, case by case.

use serde::Deserialize;
use tidetable_core::hpa::{
    Behavior, MetricStatus, Observation, Scale, Selector, Settings, Spec, Trace, Writes, propose,
};
use tidetable_core::time::{Duration, Instant};
use tidetable_tests::hpa_cases::{CaseMetric, CasePod, CaseReading, Pods, each_case, path};

#[derive(Deserialize)]
struct Case {
    #[serde(flatten)]
    metric: CaseMetric,
    #[serde(flatten)]
    reading: CaseReading,
    spec: i32,
    status: i32,
    down: f64,
    up: f64,
    initialization: i64,
    delay: i64,
    pods: Vec<CasePod>,
    answer: Answer,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Answer {
    error: String,
    replicas: i32,
    utilization: i32,
    usage: i64,
}

#[test]
fn every_metric_answers_as_upstreams_replica_calculator() {
    let path = path("calculator.jsonl", "HPA_CALCULATOR_CASES");
    let mut different = Vec::new();
    let header = each_case(&path, |line, text, case: Case| {
        let answer = case.our_answer();
        if answer != case.answer {
            different.push(format!("line {line}: {text}\n  ours: {answer:?}"));
        }
    });
    assert_eq!(header.kubernetes, "1.37.2");
    let count = different.len();
    different.truncate(5);
    assert!(different.is_empty(), "{count} of {header:?} differ:\n{}", different.join("\n"));
}

impl Case {
    fn our_answer(&self) -> Answer {
        let now = Instant::from_seconds(1_000_000);
        let mut spec = Spec::new(1, i32::MAX);
        spec.metrics = vec![self.metric.spec("m")];
        spec.settings = Settings {
            cpu_initialization_period: Duration::from_ms(self.initialization),
            initial_readiness_delay: Duration::from_ms(self.delay),
            ..Settings::default()
        };
        let mut behavior = Behavior::default();
        behavior.scale_down.tolerance = Some(self.down);
        behavior.scale_up.tolerance = Some(self.up);
        spec.behavior = Some(behavior);

        let pods = Pods::of(&self.pods);
        let samples = self.reading.samples(0, &self.pods, now);
        let scale = Scale { spec_replicas: self.spec, status_replicas: self.status };
        let seen = Observation {
            scale: Ok(scale),
            selector: Selector::Valid,
            pods: &pods.at(&self.pods, now),
            metrics: &[self.reading.reading(&self.metric, &samples)],
            writes: Writes::default(),
        };
        match propose(&spec, 0, scale, &seen, now, &mut Trace::default()) {
            Ok(proposal) => {
                let (utilization, usage) = match proposal.status {
                    MetricStatus::Utilization { average_utilization, average_value_milli } => {
                        (average_utilization, average_value_milli)
                    }
                    MetricStatus::AverageValue(milli) | MetricStatus::Value(milli) => (0, milli),
                    MetricStatus::Failed => panic!("a proposal has a status"),
                };
                let replicas = proposal.replicas;
                Answer { replicas, utilization, usage, ..Answer::default() }
            }
            Err(failure) => {
                // What the calculator's caller puts in front is compared in whole syncs.
                let text = failure.text(&spec, 0, &seen);
                let error = ["failed to get cpu ", "failed to get memory "]
                    .iter()
                    .find_map(|prefix| text.strip_prefix(prefix))
                    .and_then(|rest| rest.split_once(": "))
                    .map_or(text.as_str(), |(_, error)| error);
                Answer { error: error.to_owned(), ..Answer::default() }
            }
        }
    }
}
