//! Random histories of one HPA: 20 to 60 syncs that pass through stretches of load.

use crate::choices::Choices;
use crate::hpa_case::{
    CaseBehavior, CaseMetric, CasePolicy, CaseRules, CaseSync, History, UNKNOWN_SOURCE,
};
use crate::hpa_generate::{Around, level, metric, pod, reading, request, selector};

/// A history for the whole controller of Kubernetes 1.`minor`.
pub fn history(choices: &mut Choices<'_>, minor: u32) -> History {
    let mut history = History {
        min: choices.pick(&[1, 1, 1, 2, 3, 0, 0]),
        tolerance: choices.pick(&[0.1, 0.1, 0.1, 0.1, 0.0, 0.5]),
        stabilization: choices.pick(&[300_000, 300_000, 60_000, 30_000, 45_500, 0]),
        initialization: choices.pick(&[300_000, 300_000, 120_000]),
        delay: 30_000,
        ..History::default()
    };
    let room = choices.pick(&[0, 2, 5, 10, 20, 20, 100, i32::MAX - 3]);
    history.max = (history.min + room).max(1);
    if history.min == 0 {
        history.stabilization = choices.pick(&[0, 15_000, 300_000]);
    }
    for _ in 0..choices.pick(&[1, 1, 1, 2, 3]) {
        let mut metric = metric(choices);
        for _ in 0..3 {
            if history.min == 0 && !is_outside(&metric.source) && choices.chance(60) {
                metric = crate::hpa_generate::metric(choices);
            }
        }
        metric.mismatch = metric.source == "Object" && choices.chance(5);
        selector(choices, &mut metric);
        if choices.chance(4) {
            metric = CaseMetric { source: UNKNOWN_SOURCE.to_owned(), ..CaseMetric::default() };
        }
        history.metrics.push(metric);
    }
    if choices.chance(60) {
        history.behavior = Some(behavior(choices, minor));
    }
    gates(choices, minor, &mut history);
    let syncs = 20 + choices.below(41);
    let mut stretch = Stretch::new(choices, &history);
    for index in 0..syncs {
        if index > 0 && choices.chance(15) {
            stretch = Stretch::new(choices, &history);
        }
        let sync = sync(choices, &history, &stretch, minor);
        history.syncs.push(sync);
    }
    let between = i64::from(history.max) - i64::from(history.min) + 1;
    let inside = history.min + choices.below(between.min(60)) as i32;
    history.syncs[0].spec = Some(choices.pick(&[history.min, inside, inside, inside]));
    history
}

fn is_outside(source: &str) -> bool {
    matches!(source, "Object" | "External")
}

/// Feature gates that a decision depends on and that the version lets one set.
fn gates(choices: &mut Choices<'_>, minor: u32, history: &mut History) {
    let mut set = |name: &str, on: bool, percent: i64| {
        if choices.chance(percent) {
            history.gates.insert(name.to_owned(), on);
        }
    };
    match minor {
        33 | 34 => set("HPAConfigurableTolerance", true, 50),
        35 | 36 => set("HPAConfigurableTolerance", false, 10),
        _ => {}
    }
    if minor >= 34 {
        set("PodLevelResources", false, 5);
    }
    match minor {
        36 => set("HPAScaleToZero", true, 60),
        37 => set("HPAScaleToZero", false, 10),
        _ => {}
    }
    if minor >= 37 {
        set("HPAGeneration", false, 5);
    }
}

fn behavior(choices: &mut Choices<'_>, minor: u32) -> CaseBehavior {
    let mut behavior = CaseBehavior { up: rules(choices, minor), down: rules(choices, minor) };
    behavior.up.window.get_or_insert(0);
    behavior
}

fn rules(choices: &mut Choices<'_>, minor: u32) -> CaseRules {
    let mut rules = CaseRules {
        select: choices.pick(&["Max", "Max", "Max", "Min", "Min", "Disabled"]).to_owned(),
        ..CaseRules::default()
    };
    if choices.chance(70) {
        rules.window = Some(choices.pick(&[0, 0, 15, 30, 60, 300]));
    }
    for _ in 0..choices.pick(&[1, 1, 2, 3]) {
        let few = 1 + choices.count_below(20);
        let mut policy = CasePolicy {
            kind: "Pods".to_owned(),
            value: choices.pick(&[1, 2, 4, few, few, i32::MAX]),
            period: choices.pick(&[15, 15, 30, 60, 120, 1800]),
        };
        if choices.chance(50) {
            "Percent".clone_into(&mut policy.kind);
            let any = 1 + choices.count_below(300);
            policy.value = choices.pick(&[1, 10, 30, 50, 80, 90, 100, 200, any, any, i32::MAX]);
        }
        rules.policies.push(policy);
    }
    if minor >= 33 && choices.chance(20) {
        rules.tolerance = Some(choices.pick(&[0, 9, 13, 50, 100, 200, 1000]));
    }
    rules
}

/// Some syncs that are alike: so many pods, so busy, this metric failing.
struct Stretch {
    pods: i64,
    levels: Vec<i64>,
    odd: i64,
    request: i64,
    failing: Option<usize>,
    idle: bool,
}

impl Stretch {
    fn new(choices: &mut Choices<'_>, history: &History) -> Self {
        let metrics = history.metrics.len() as i64;
        let many = if choices.chance(1) { choices.below(100) } else { 3 };
        Self {
            pods: choices.pick(&[0, 1, 1, 2, 2, 3, 3, 4, 5, many]),
            levels: history.metrics.iter().map(|_| level(choices)).collect(),
            odd: choices.pick(&[0, 0, 10, 10, 30]),
            request: request(choices),
            failing: choices.chance(8).then(|| choices.below(metrics) as usize),
            idle: history.min == 0 && choices.chance(50),
        }
    }
}

fn sync(choices: &mut Choices<'_>, history: &History, stretch: &Stretch, minor: u32) -> CaseSync {
    let (seconds, any) = (1000 * choices.below(120), choices.below(60_000));
    let mut sync = CaseSync {
        after: choices.pick(&[
            15_000, 15_000, 15_000, 15_000, 15_000, 15_000, 15_000, 30_000, seconds, any, 15_001,
            14_999,
        ]),
        selector: "app=web".to_owned(),
        ..CaseSync::default()
    };
    edits(choices, history, &mut sync, minor);
    let around = Around {
        initialization: history.initialization,
        delay: history.delay,
        request: stretch.request,
    };
    for _ in 0..stretch.pods {
        sync.pods.push(pod(choices, &history.metrics, &stretch.levels, around, stretch.odd));
    }
    for (index, metric) in history.metrics.iter().enumerate() {
        let mut reading = reading(choices, metric, stretch.levels[index]);
        if stretch.idle {
            reading.series.iter_mut().for_each(|value| *value = 0);
            reading.value = 0;
        }
        if stretch.failing == Some(index) {
            "the server is currently unable to handle the request".clone_into(&mut reading.failed);
        }
        sync.readings.push(reading);
    }
    sync.status = sync.pods.len() as i32 + choices.pick(&[0, 0, 0, 1]);
    trouble(choices, &mut sync, minor);
    sync
}

/// What people do between two syncs.
fn edits(choices: &mut Choices<'_>, history: &History, sync: &mut CaseSync, minor: u32) {
    let (few, above) =
        (choices.count_below(20), history.max.saturating_add(choices.count_below(3)));
    if choices.chance(4) {
        let counts = [0, 1, history.min, history.max, above, few, few, i32::MAX];
        sync.spec = Some(choices.pick(&counts));
    }
    if choices.chance(3) {
        sync.min = Some(choices.count_below(history.max.min(30).saturating_add(1)));
    }
    if choices.chance(2) {
        sync.max = Some(history.max.max(30).saturating_add(choices.count_below(10)));
    }
    if history.behavior.is_some() {
        sync.toggle = choices.chance(3);
        if choices.chance(2) {
            sync.behavior = Some(behavior(choices, minor));
        }
    }
    sync.restart = choices.chance(1);
    sync.recreate = choices.below(200) == 199;
}

/// What goes wrong in a sync.
fn trouble(choices: &mut Choices<'_>, sync: &mut CaseSync, minor: u32) {
    sync.rival = choices.chance(1);
    match choices.below(150) {
        149 => sync.selector = String::new(),
        148 => "app=web=api".clone_into(&mut sync.selector),
        147 => "no scale".clone_into(&mut sync.get_error),
        143..147 => "quota".clone_into(&mut sync.update_error),
        139..143 => sync.conflicts = 1 + choices.below(6) as u32,
        137..139 => "etcd is slow".clone_into(&mut sync.status_error),
        _ => {}
    }
    if minor < 34 && sync.conflicts > 0 {
        sync.conflicts = 1;
    }
}
