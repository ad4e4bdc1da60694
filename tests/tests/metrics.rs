//! What metrics-server answers after some reads, and what a query to Prometheus gives, against both.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tidetable_core::metrics::prometheus::{Samples, Spec};
use tidetable_core::metrics::{Point, Sample, Storage};
use tidetable_core::time::{Duration, Instant};

/// The cases of a file, with their lines; the folder is `METRICS_CASES` if that is set.
#[track_caller]
fn cases<C: DeserializeOwned>(name: &str) -> Vec<(usize, C)> {
    let folder = std::env::var_os("METRICS_CASES").map(PathBuf::from);
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/metrics");
    let path = folder.unwrap_or_else(own).join(name);
    let text = std::fs::read_to_string(&path).expect("a file of cases");
    let mut lines = (1..).zip(text.lines());
    let (_, header) = lines.next().expect("a header");
    let header: Value = serde_json::from_str(header).expect("a header");
    assert_eq!(
        (&header["metricsServer"], &header["prometheus"]),
        (&"0.9.0".into(), &"0.314.0".into())
    );
    let cases: Vec<(usize, C)> = lines
        .map(|(line, it)| {
            (line, serde_json::from_str(it).unwrap_or_else(|e| panic!("{line}: {e}")))
        })
        .collect();
    assert!(cases.len() >= 100 && Some(cases.len() as u64) == header["cases"].as_u64());
    cases
}

#[derive(Debug, Deserialize)]
struct StorageCase {
    resolution: i64,
    reads: Vec<Option<Vec<Measured>>>,
    answers: Vec<Option<Answer>>,
}

#[derive(Debug, Deserialize)]
struct Measured {
    start: i64,
    at: i64,
    cpu: u64,
    memory: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Answer {
    cpu: i64,
    memory: i64,
    at: i64,
    window: i64,
}

#[test]
fn metrics_server_answers_alike_after_every_read() {
    let mut answered = 0;
    for (line, case) in cases::<StorageCase>("storage.jsonl") {
        let mut storage = Storage::default();
        for (number, (read, theirs)) in case.reads.iter().zip(&case.answers).enumerate() {
            let point = |it: &Measured| {
                Some(Point {
                    started: Instant::from_ms(it.start),
                    at: Instant::from_ms(it.at),
                    cpu_ns: it.cpu,
                    memory_bytes: it.memory,
                })
            };
            let points: Vec<_> = read.iter().flatten().map(point).collect();
            storage.store(&points, Duration::from_ms(case.resolution));
            let ours = storage.sample().map(answer);
            // The API prints whole seconds; which of two equally old containers gives the window
            // is chance upstream.
            let theirs = theirs.as_ref().map(|it| Answer { at: floor(it.at), ..*it });
            let same_age =
                points.iter().flatten().all(|it| it.at == points[0].map_or(it.at, |it| it.at));
            let windows_may_differ = points.len() > 1 && same_age;
            let ours = match (ours, &theirs) {
                (Some(ours), Some(theirs)) if windows_may_differ => {
                    Some(Answer { window: theirs.window, ..ours })
                }
                (ours, _) => ours,
            };
            assert_eq!(ours, theirs, "line {line}, read {number}: {case:?}");
            answered += usize::from(ours.is_some());
        }
    }
    assert!(answered > 300, "{answered}");
}

fn floor(ms: i64) -> i64 {
    ms.div_euclid(1000) * 1000
}

fn answer(it: Sample) -> Answer {
    Answer {
        cpu: it.cpu_milli,
        memory: it.memory_bytes,
        at: it.timestamp.ms(),
        window: it.window.ms(),
    }
}

#[derive(Debug, Deserialize)]
struct QueryCase {
    range: i64,
    samples: Vec<Scraped>,
    at: i64,
    value: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Scraped {
    at: i64,
    value: Option<f64>,
}

#[test]
fn a_query_gives_what_prometheus_gives_to_the_last_bit() {
    let mut found = 0;
    for (line, case) in cases::<QueryCase>("query.jsonl") {
        let range = (case.range > 0).then(|| Duration::from_ms(case.range));
        let spec = Spec { scrape: Duration::from_seconds(15), range };
        let mut samples = Samples::default();
        for scraped in &case.samples {
            samples.scrape(&spec, Instant::from_ms(scraped.at), scraped.value);
        }
        let ours = samples.query(&spec, Instant::from_ms(case.at));
        assert_eq!(
            ours.map(f64::to_bits),
            case.value.map(f64::to_bits),
            "line {line}: {case:?}, ours {ours:?}"
        );
        found += usize::from(ours.is_some());
    }
    assert!(found > 100, "{found}");
}
