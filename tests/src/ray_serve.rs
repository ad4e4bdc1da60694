//! Histories of a Serve deployment: what ours says, and how it differs from what Serve said.
//!
//! `oracle/ray/serve.py` says what a question is.

use serde_json::{Value, json};
use tidetable_core::serve::config::{ConfigError, Written};
use tidetable_core::serve::handle::{Counts, Store};
use tidetable_core::serve::merge::Merged;
use tidetable_core::serve::{
    Bounds, CapacityDirection, Config, Context, Direction, HandleId, Observation, ReplicaId,
    Report, Reports, Sample, Source, State, TargetCapacity, Trace, requests, step,
};

/// How our answer differs from the `out` of an answered question, if it does.
pub fn differs(case: &Value) -> Option<String> {
    let (upstream, ours) = (&case["out"], answer(case, &mut Vec::new()));
    if *upstream == ours {
        return None;
    }
    let events = case["events"].as_array().map_or(0, Vec::len);
    let at = (0..events).find(|it| upstream["events"][it] != ours["events"][it]);
    let Some(at) = at else {
        return Some(format!("  upstream: {upstream}\n  ours:     {ours}"));
    };
    let (upstream, ours) = (&upstream["events"][at], &ours["events"][at]);
    Some(format!("  event {at}\n  upstream: {upstream}\n  ours:     {ours}"))
}

/// Turns of the loop in a question.
pub fn decisions(case: &Value) -> u64 {
    let events = case["events"].as_array().into_iter().flatten();
    events.filter(|it| it["do"] == "turn").count() as u64
}

/// Our answer, in the oracle's shape; the reasons of every turn are added to `traces`.
pub fn answer(case: &Value, traces: &mut Vec<Trace>) -> Value {
    let config = match written(&case["config"]).complete() {
        Ok(config) => Config { gang_size: case["gang"].as_i64().unwrap_or(1), ..config },
        Err(errors) => return json!({"refused": errors.iter().map(complaint).collect::<Vec<_>>()}),
    };
    let capacity = case["capacity"]["percent"].as_f64().map(|percent| TargetCapacity {
        percent,
        direction: if case["capacity"]["rises"] == true {
            CapacityDirection::Up
        } else {
            CapacityDirection::Down
        },
    });
    let bounds = Bounds::of(&config, capacity);
    let target = config.initial_replicas.or(case["target"].as_i64()).unwrap_or_default();
    let target = bounds.clip(target);
    let mut deployment = Deployment {
        context: Context { config: &config, capacity },
        reports: Reports::default(),
        merged: Merged::default(),
        stores: Vec::new(),
        running: Vec::new(),
        state: State::default(),
        target,
    };
    let events: Vec<Value> =
        list(&case["events"]).iter().map(|it| deployment.event(it, traces)).collect();
    json!({"first": target, "bounds": [bounds.lower, bounds.upper], "events": events})
}

/// Where pydantic hangs a complaint: those of the whole config hang nowhere.
fn complaint(error: &ConfigError) -> Value {
    let whole = matches!(
        error,
        ConfigError::MaxBelowMin { .. }
            | ConfigError::InitialBelowMin { .. }
            | ConfigError::InitialAboveMax { .. }
    );
    json!([if whole { "" } else { error.field() }, error.to_string()])
}

fn written(config: &Value) -> Written {
    let count = |name: &str| config[name].as_i64();
    let number = |name: &str| config[name].as_f64();
    Written {
        auto: false,
        min_replicas: count("min_replicas"),
        initial_replicas: count("initial_replicas"),
        max_replicas: count("max_replicas"),
        target_ongoing_requests: number("target_ongoing_requests"),
        metrics_interval_s: number("metrics_interval_s"),
        look_back_period_s: number("look_back_period_s"),
        smoothing_factor: number("smoothing_factor"),
        upscale_smoothing_factor: number("upscale_smoothing_factor"),
        downscale_smoothing_factor: number("downscale_smoothing_factor"),
        upscaling_factor: number("upscaling_factor"),
        downscaling_factor: number("downscaling_factor"),
        upscale_delay_s: number("upscale_delay_s"),
        downscale_delay_s: number("downscale_delay_s"),
        downscale_to_zero_delay_s: number("downscale_to_zero_delay_s"),
        aggregation_function: config["aggregation_function"].as_str().map(str::to_owned),
    }
}

struct Deployment<'a> {
    context: Context<'a>,
    reports: Reports,
    merged: Merged,
    stores: Vec<(HandleId, Store)>,
    running: Vec<ReplicaId>,
    state: State,
    target: i64,
}

impl Deployment<'_> {
    fn event(&mut self, event: &Value, traces: &mut Vec<Trace>) -> Value {
        let now = number(&event["at"]);
        match event["do"].as_str() {
            Some("sample") => {
                let config = self.context.config;
                self.store(event).sample(config, &counts(event), now);
                Value::Null
            }
            Some("push") => self.push(event, now),
            Some("report") => {
                let report = Report {
                    handle: handle(event),
                    source: source(event),
                    at: number(&event["written"]),
                    queued: samples(&event["queued"]),
                    running: by_replica(&event["running"], samples),
                };
                self.reports.accept(report, now);
                Value::Null
            }
            Some("run") => {
                self.running = list(&event["replicas"]).iter().map(replica).collect();
                Value::Null
            }
            _ => {
                let (answer, trace) = self.turn(event, now);
                traces.push(trace);
                answer
            }
        }
    }

    fn store(&mut self, event: &Value) -> &mut Store {
        let id = handle(event);
        let found = self.stores.iter().position(|(it, _)| *it == id);
        let index = found.unwrap_or_else(|| {
            self.stores.push((id, Store::default()));
            self.stores.len() - 1
        });
        &mut self.stores[index].1
    }

    fn push(&mut self, event: &Value, now: f64) -> Value {
        let config = self.context.config;
        let who = (handle(event), source(event));
        let report = self.store(event).report(config, &counts(event), who, now);
        let points = |it: &[Sample]| it.iter().map(|it| json!([it.at, it.value])).collect();
        let queued: Vec<Value> = points(&report.queued);
        let running: Vec<Value> =
            report.running.iter().map(|(id, it)| json!([id.0, points(it)])).collect();
        self.reports.accept(report, now);
        json!({"queued": queued, "running": running})
    }

    fn turn(&mut self, event: &Value, now: f64) -> (Value, Trace) {
        let config = self.context.config;
        let mut trace = Trace::default();
        let running = &self.running;
        self.reports.merge(|it| running.contains(&it), &mut self.merged);
        let requests = requests(&mut self.merged, config, now, &mut trace);
        let seen = Observation { running: running.len() as u32, target: self.target, requests };
        let step = step(self.context, self.state, seen, now, trace.causes);
        (self.target, self.state) = (step.target, step.state);
        let mut trace = step.trace;
        let alive: Vec<u64> = list(&event["alive"]).iter().filter_map(Value::as_u64).collect();
        let lives = |actor| alive.contains(&u64::from(actor));
        self.reports.forget_silent(config, lives, now, &mut trace);
        let waits = match self.state.waiting.map(|it| it.direction) {
            Some(Direction::Up) => 1,
            Some(Direction::Down) => -1,
            None => 0,
        };
        let answer = json!({
            "target": self.target,
            "requests": requests,
            "waits": waits,
            "since": self.state.waiting.map(|it| it.since),
            "handles": self.reports.len(),
        });
        (answer, trace)
    }
}

fn handle(event: &Value) -> HandleId {
    HandleId(event["handle"].as_u64().unwrap_or_default() as u32)
}

fn source(event: &Value) -> Source {
    event["actor"].as_u64().map_or(Source::Elsewhere, |it| Source::Serve(it as u32))
}

fn replica(value: &Value) -> ReplicaId {
    ReplicaId(value.as_u64().unwrap_or_default() as u32)
}

fn counts(event: &Value) -> Counts {
    Counts { queued: number(&event["queued"]), running: by_replica(&event["running"], number) }
}

fn samples(value: &Value) -> Vec<Sample> {
    list(value).iter().map(|it| Sample { at: number(&it[0]), value: number(&it[1]) }).collect()
}

fn by_replica<T>(value: &Value, read: impl Fn(&Value) -> T) -> Vec<(ReplicaId, T)> {
    list(value).iter().map(|it| (replica(&it[0]), read(&it[1]))).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
