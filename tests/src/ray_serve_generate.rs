//! Random histories of a Serve deployment: stretches of load, replicas that come and go, handles
//! that fall silent, and turns of the loop around the ends of delays and windows.

use serde_json::{Map, Value, json};

use crate::choices::Choices;

/// A history for `oracle/ray/serve.py`.
pub fn serve_case(choices: &mut Choices<'_>) -> Value {
    let gang = choices.pick(&[1, 1, 1, 1, 1, 1, 2, 3, 4]);
    let config = config(choices, gang);
    let capacity = match choices.below(10) {
        0 => json!({"percent": choices.pick(&[0.0, 1.0, 10.0, 33.3, 50.0, 62.5, 99.9, 100.0]),
            "rises": choices.chance(50)}),
        _ => Value::Null,
    };
    let mut history = History::new(choices, &config, gang);
    let events = history.events(choices);
    let target = choices.pick(&[0, 1, 1, 1, 2, 5, 20, 200]);
    json!({"config": config, "gang": gang, "capacity": capacity, "target": target, "events": events})
}

fn config(choices: &mut Choices<'_>, gang: i64) -> Value {
    let mut config = Map::new();
    let min = choices.pick(&[0, 0, 1, 1, 2, 5]) * gang;
    let max = min.max(1) + choices.pick(&[0, 1, 3, 10, 30, 100, 1000]) * gang;
    config.insert("min_replicas".into(), json!(min));
    config.insert("max_replicas".into(), json!(max));
    let mut maybe = |percent: i64, name: &str, values: &[f64]| {
        if choices.chance(percent) {
            config.insert(name.into(), json!(choices.pick(values)));
        }
    };
    maybe(70, "target_ongoing_requests", &[0.1, 0.3, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 100.0]);
    maybe(30, "metrics_interval_s", &[0.1, 1.0, 3.0, 5.0, 10.0, 12.5, 60.0]);
    maybe(40, "look_back_period_s", &[0.5, 2.0, 5.0, 10.0, 29.99, 30.0, 60.0, 300.0]);
    maybe(15, "smoothing_factor", &[0.1, 0.5, 1.0, 2.0]);
    maybe(15, "upscale_smoothing_factor", &[0.3, 0.6, 1.5]);
    maybe(15, "downscale_smoothing_factor", &[0.3, 0.6, 1.5]);
    maybe(30, "upscaling_factor", &[0.1, 0.25, 0.5, 0.9, 1.0, 2.0, 3.3, 10.0]);
    maybe(30, "downscaling_factor", &[0.01, 0.1, 0.3, 0.5, 1.0, 1.7, 3.0]);
    maybe(70, "upscale_delay_s", &[0.0, 0.1, 1.0, 5.0, 10.0, 30.0]);
    maybe(80, "downscale_delay_s", &[0.0, 0.1, 1.0, 5.0, 10.0, 40.0, 600.0]);
    maybe(30, "downscale_to_zero_delay_s", &[0.0, 0.3, 2.0, 20.0, 100.0]);
    if choices.chance(30) {
        let initial = min + choices.below((max - min + 1).min(40));
        config.insert("initial_replicas".into(), json!(initial));
    }
    if choices.chance(50) {
        let function = choices.pick(&["mean", "max", "min", "MAX", "Min"]);
        config.insert("aggregation_function".into(), json!(function));
    }
    if choices.chance(4) {
        spoil(choices, &mut config);
    }
    Value::Object(config)
}

/// Something that Serve refuses, or nearly.
fn spoil(choices: &mut Choices<'_>, config: &mut Map<String, Value>) {
    for _ in 0..=choices.below(3) {
        let name = choices.pick(&[
            "min_replicas",
            "max_replicas",
            "initial_replicas",
            "target_ongoing_requests",
            "metrics_interval_s",
            "look_back_period_s",
            "upscaling_factor",
            "downscale_smoothing_factor",
            "upscale_delay_s",
            "downscale_delay_s",
            "downscale_to_zero_delay_s",
            "aggregation_function",
        ]);
        let value = match name {
            "aggregation_function" => json!(choices.pick(&["avg", "", "P90"])),
            _ => json!(choices.pick(&[-1, 0, 0, 3, 2000])),
        };
        config.insert(name.into(), value);
    }
}

/// What a history passes through.
struct History {
    /// Now, in tenths of a second after the start, and the start itself.
    tenths: i64,
    start: f64,
    /// Seconds between two samples and between two reports.
    look_back: f64,
    interval: f64,
    delays: Vec<f64>,
    gang: i64,
    running: Vec<i64>,
    replicas_made: i64,
    handles: Vec<HandleShape>,
    level: f64,
    is_fluid: bool,
    by_hand: bool,
}

struct HandleShape {
    number: i64,
    actor: Option<i64>,
    known: Vec<i64>,
}

impl History {
    fn new(choices: &mut Choices<'_>, config: &Value, gang: i64) -> Self {
        let of = |name: &str, absent: f64| config[name].as_f64().unwrap_or(absent);
        let mut history = Self {
            tenths: 0,
            start: choices.pick(&[0.0, 100.0, 1_790_000_000.0, 1_790_000_000.123_456_7]),
            look_back: of("look_back_period_s", 30.0).max(0.1),
            interval: of("metrics_interval_s", 10.0).max(0.1),
            delays: ["upscale_delay_s", "downscale_delay_s", "downscale_to_zero_delay_s"]
                .map(|it| of(it, 30.0).max(0.0))
                .into(),
            gang,
            running: Vec::new(),
            replicas_made: 0,
            handles: Vec::new(),
            level: 0.0,
            is_fluid: choices.chance(40),
            by_hand: choices.chance(50),
        };
        for number in 0..choices.pick(&[1, 1, 1, 2, 3, 6]) {
            let actor = choices.chance(60).then_some(number % 3);
            history.handles.push(HandleShape { number, actor, known: Vec::new() });
        }
        history
    }

    fn now(&self) -> f64 {
        self.start + self.tenths as f64 / 10.0
    }

    fn events(&mut self, choices: &mut Choices<'_>) -> Vec<Value> {
        let mut events = Vec::new();
        let count = choices.pick(&[0, 1, 2, 4, 4]) * self.gang;
        self.run(count, &mut events);
        self.new_level(choices);
        for _ in 0..choices.pick(&[3, 8, 15, 25]) {
            match choices.below(10) {
                0 => self.new_level(choices),
                1 => {
                    let count = choices.pick(&[0, 1, 2, 3, 5, 8, 12, 20]) * self.gang;
                    self.run(count, &mut events);
                }
                2 => self.pass(choices),
                3..=6 => self.tell(choices, &mut events),
                _ => {}
            }
            self.turns(choices, &mut events);
        }
        events
    }

    fn new_level(&mut self, choices: &mut Choices<'_>) {
        let whole = choices.pick(&[0.0, 0.0, 1.0, 2.0, 4.0, 10.0, 18.0, 20.0, 50.0, 400.0]);
        let part = if self.is_fluid { choices.below(1000) as f64 / 1000.0 } else { 0.0 };
        self.level = whole + part;
    }

    /// Time goes on: a moment, or just to the end of a delay or a window.
    fn pass(&mut self, choices: &mut Choices<'_>) {
        let mut steps = vec![self.interval, self.look_back, 2.0 * self.interval, 0.1, 6.0];
        steps.extend(&self.delays);
        let tenths = (choices.pick(&steps) * 10.0) as i64 + choices.pick(&[-1, 0, 0, 0, 1]);
        self.tenths += tenths.clamp(0, 7000);
    }

    fn run(&mut self, count: i64, events: &mut Vec<Value>) {
        self.running.truncate(count as usize);
        while (self.running.len() as i64) < count {
            self.replicas_made += 1;
            self.running.push(self.replicas_made);
        }
        events.push(json!({"at": self.now(), "do": "run", "replicas": self.running}));
    }

    /// Handles sample and push, or a report comes made by hand.
    fn tell(&mut self, choices: &mut Choices<'_>, events: &mut Vec<Value>) {
        let handle = choices.below(self.handles.len() as i64) as usize;
        if self.by_hand {
            let report = self.report(choices, handle);
            events.push(report);
            return;
        }
        for _ in 0..choices.pick(&[0, 1, 1, 2, 5, 12]) {
            let sample = self.counts(choices, handle, "sample");
            events.push(sample);
            let wait = (self.look_back * 2.0).min(self.interval * 10.0) as i64;
            self.tenths += wait.clamp(0, 300) + choices.pick(&[0, 0, 0, 1]);
        }
        let push = self.counts(choices, handle, "push");
        events.push(push);
    }

    fn counts(&mut self, choices: &mut Choices<'_>, handle: usize, what: &str) -> Value {
        let now = self.now();
        let share = self.level / self.handles.len() as f64 / self.running.len().max(1) as f64;
        let shape = &mut self.handles[handle];
        for replica in &self.running {
            if !shape.known.contains(replica) && choices.chance(90) {
                shape.known.push(*replica);
            }
        }
        if choices.chance(10) && !shape.known.is_empty() {
            shape.known.remove(0);
        }
        let mut count = || {
            let count = share + choices.pick(&[0.0, 0.0, 0.0, 1.0, -1.0]);
            (if self.is_fluid { count } else { count.floor() }).max(0.0)
        };
        let running: Vec<Value> = shape.known.iter().map(|it| json!([it, count()])).collect();
        let queued = if self.running.is_empty() || choices.chance(20) { self.level } else { 0.0 };
        json!({"at": now, "do": what, "handle": shape.number, "actor": shape.actor,
            "queued": queued, "running": running})
    }

    /// A report with series of any shape: gaps, zeros, doubled and future times.
    fn report(&mut self, choices: &mut Choices<'_>, handle: usize) -> Value {
        let now = self.now();
        let written = now - choices.pick(&[0.0, 0.0, 0.0, 0.1, 5.0, -2.0]);
        let keys = choices.below(self.replicas_made + 2).min(6);
        let running: Vec<Value> = (0..keys)
            .map(|it| json!([self.replicas_made - it, self.series(choices, now)]))
            .collect();
        let queued = self.series(choices, now);
        let HandleShape { number, actor, .. } = self.handles[handle];
        json!({"at": now, "do": "report", "handle": number, "actor": actor, "written": written,
            "queued": queued, "running": running})
    }

    fn series(&self, choices: &mut Choices<'_>, now: f64) -> Vec<Value> {
        let samples = choices.pick(&[0, 1, 1, 2, 3, 5, 5, 8, 20, 45]);
        let mut at = now - self.look_back * choices.pick(&[0.1, 0.9, 1.0, 1.0]);
        at += choices.below(1000) as f64 / 1000.0;
        let mut value = 0.0;
        let mut series = Vec::new();
        for _ in 0..samples {
            value = match choices.below(5) {
                0 => 0.0,
                1 => self.level,
                2 => choices.below(30) as f64,
                3 if self.is_fluid => choices.below(30_000) as f64 / 1000.0,
                _ => value,
            };
            series.push(json!([at, value]));
            at += choices.pick(&[0.0, 0.001, 0.004, 0.005, 0.01, 0.1, 1.0, 1.0, 6.0])
                * choices.pick(&[1.0, 1.0, 0.7]);
        }
        series
    }

    fn turns(&mut self, choices: &mut Choices<'_>, events: &mut Vec<Value>) {
        for _ in 0..choices.pick(&[0, 1, 1, 2, 3]) {
            let alive: Vec<i64> = (0..3).filter(|_| choices.chance(97)).collect();
            events.push(json!({"at": self.now(), "do": "turn", "alive": alive}));
            self.tenths += choices.pick(&[1, 1, 1, 2, 10, 50]);
            if choices.chance(15) {
                self.pass(choices);
            }
        }
    }
}
