//! How long a decision about a hundred pods takes, in upstream's code and in ours: the same cases,
//! in one run on one machine.
//!
//! The sides take turns, and the fastest of their rounds counts: a machine's clock slows down when
//! it is shared, and must not do so for one side alone.

#![expect(clippy::disallowed_types, reason = "a developer command may read the clock")]

use std::hint::black_box;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use tidetable_core::hpa::State;

use crate::hpa_case::{
    CalculatorCase, CaseContainer, CaseMetric, CasePod, CaseReading, CaseRequests, CaseSample,
    CaseSync, History,
};
use crate::hpa_engine::{Asked, Run};
use crate::process::Process;

/// Pods of every case.
const PODS: usize = 100;
/// Decisions of the calculator between two looks at the clock.
const BATCH: usize = 16;
/// Syncs between two looks. Each has a state of its own, and of more of them the allocator would
/// not keep the memory at hand as it does for one HPA that is synced again and again.
const SYNCS: usize = 4;
/// How often each side has its turn with a case, and how long it decides it over and over.
const ROUNDS: usize = 8;
const LENGTH: Duration = Duration::from_millis(100);

/// A case, as the Go program reads it.
#[derive(Serialize)]
struct Question<'a> {
    calculator: Option<&'a CalculatorCase>,
    history: Option<&'a History>,
    milliseconds: u128,
}

#[derive(Clone, Copy, Deserialize)]
struct Answer {
    nanoseconds: f64,
    replicas: i32,
}

/// Times every case on both sides and prints a line for each.
///
/// # Errors
/// If upstream's program fails, or decides differently.
pub fn bench(program: &Path, minor: u32) -> io::Result<()> {
    let mut upstream = Process::go(program, "TestBench")?;
    println!("{PODS} pods{:28}upstream      ours    ratio", "");
    for (what, calculator) in [("calculator", true), ("whole sync", false)] {
        let mut lowest = f64::INFINITY;
        for (name, case) in cases() {
            let history = history(&case);
            let question = Question {
                calculator: calculator.then_some(&case),
                history: (!calculator).then_some(&history),
                milliseconds: LENGTH.as_millis(),
            };
            let mut fastest = [f64::INFINITY; 2];
            for _ in 0..ROUNDS {
                let upstream: Answer = upstream.ask(&question)?;
                let ours = if calculator {
                    time_calculator(&case, minor)
                } else {
                    time_sync(&history, minor)
                };
                if upstream.replicas != ours.replicas {
                    let (theirs, ours) = (upstream.replicas, ours.replicas);
                    return Err(io::Error::other(format!(
                        "{name}: upstream {theirs}, ours {ours}"
                    )));
                }
                for (fastest, round) in fastest.iter_mut().zip([upstream, ours]) {
                    *fastest = fastest.min(round.nanoseconds);
                }
            }
            let [upstream, ours] = fastest;
            let ratio = upstream / ours;
            println!("{what}: {name:24} {upstream:8.0} ns {ours:6.0} ns {ratio:6.0} x");
            lowest = lowest.min(ratio);
        }
        println!("{what}: {lowest:.0} times as fast, or more");
    }
    upstream.close()
}

/// One metric over a hundred pods, in the ways in which it may be decided.
fn cases() -> Vec<(&'static str, CalculatorCase)> {
    let utilization = ("Resource", "cpu", "Utilization", 60);
    vec![
        ("cpu, within tolerance", case(utilization, 310, 0)),
        ("cpu, more", case(utilization, 450, 0)),
        ("cpu, more, 10 missing", case(utilization, 450, 10)),
        ("cpu, fewer, 10 missing", case(utilization, 150, 10)),
        ("memory, more", case(("Resource", "memory", "AverageValue", 300), 450, 0)),
        ("pods metric, more", case(("Pods", "", "AverageValue", 300), 450, 0)),
        ("object value, more", case(("Object", "", "Value", 300), 450, 0)),
    ]
}

/// A hundred ready pods with two containers each, of which some have no sample.
fn case(metric: (&str, &str, &str, i64), value: i64, missing: usize) -> CalculatorCase {
    let (source, resource, target, goal) = metric;
    let requests = CaseRequests { cpu: Some(250), memory: Some(250), other: None };
    let container = CaseContainer { requests, kind: String::new() };
    let pod = |index: usize| CasePod {
        steady: true,
        requests: vec![container.clone(); 2],
        samples: vec![(index >= missing).then(|| CaseSample {
            value: value + (index % 7) as i64 - 3,
            ..CaseSample::default()
        })],
        ..CasePod::default()
    };
    CalculatorCase {
        metric: CaseMetric {
            source: source.to_owned(),
            resource: resource.to_owned(),
            target: target.to_owned(),
            goal,
            ..CaseMetric::default()
        },
        reading: CaseReading { value, ..CaseReading::default() },
        spec: PODS as i32,
        status: PODS as i32,
        down: 0.1,
        up: 0.1,
        initialization: 300_000,
        delay: 30_000,
        pods: (0..PODS).map(pod).collect(),
        ..CalculatorCase::default()
    }
}

/// The same as the last of three looks of a controller.
fn history(case: &CalculatorCase) -> History {
    let look = |spec: Option<i32>| CaseSync {
        after: 15_000,
        spec,
        status: case.status,
        pods: case.pods.clone(),
        readings: vec![case.reading.clone()],
        selector: "app=web".to_owned(),
        ..CaseSync::default()
    };
    let spec = Some(case.spec);
    History {
        min: 1,
        max: 1000,
        metrics: vec![case.metric.clone()],
        tolerance: case.up,
        stabilization: 300_000,
        initialization: case.initialization,
        delay: case.delay,
        syncs: vec![look(spec), look(spec), look(spec)],
        ..History::default()
    }
}

fn time_calculator(case: &CalculatorCase, minor: u32) -> Answer {
    Asked::of(case, minor).with(case, |decide| {
        let prepare = || [(); BATCH].to_vec();
        let nanoseconds = timed(prepare, |()| decide());
        Answer { nanoseconds, replicas: decide() }
    })
}

fn time_sync(history: &History, minor: u32) -> Answer {
    let (last, before) = history.syncs.split_last().expect("a history has syncs");
    let mut run = Run::of(history, minor);
    for sync in before {
        run.sync(sync, "").expect("the trace leads to the decision");
    }
    run.with(last, |state, step| {
        let prepare = || (0..SYNCS).map(|_| ready(state)).collect();
        let nanoseconds = timed(prepare, step);
        Answer { nanoseconds, replicas: step(state.clone()).decision.desired_replicas }
    })
}

/// A copy whose lists have room, as those of a controller that has run for a while.
fn ready(state: &State) -> State {
    let mut state = state.clone();
    state.recommendations.reserve(4);
    state
}

/// The length of one decision in the median batch. What a decision needs is prepared before the
/// clock starts, and what it leaves is dropped after it stopped, as in upstream's median batch, in
/// which no garbage is collected.
fn timed<T, D>(prepare: impl Fn() -> Vec<T>, decide: impl Fn(T) -> D) -> f64 {
    let (mut batches, mut decided, mut batch) = (Vec::new(), Vec::with_capacity(BATCH), 0);
    let begun = Instant::now();
    while begun.elapsed() < LENGTH {
        let prepared = prepare();
        let start = Instant::now();
        decided.extend(prepared.into_iter().map(&decide));
        batches.push(start.elapsed());
        black_box(&mut decided);
        batch = decided.len();
        decided.clear();
    }
    batches.sort();
    batches[batches.len() / 2].as_nanos() as f64 / batch as f64
}
