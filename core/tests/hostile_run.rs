//! Whatever a text asks for, predicting it ends soon, without a panic, with sound spans and series.

#![expect(clippy::disallowed_types, reason = "how long it takes is what is tested")]

use std::time::{Duration, Instant};

use proptest::prelude::*;
use tidetable_core::diagnostic::Diagnostic;
use tidetable_core::examples::EXAMPLES;
use tidetable_core::source::Span;
use tidetable_core::{Language, Report, predict};

/// What takes the place of a number.
const HOSTILE: &[&str] = &[
    "-1",
    "0",
    "1",
    "1s",
    "1ms",
    "60s",
    "168h",
    "999999h",
    "1000",
    "5000",
    "100000",
    "2147483647",
    "-2147483648",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "1e18",
    "1e400",
    "NaN",
    ".inf",
    "0.0001",
    "1n",
    "1Ei",
    "abc",
    "~",
    "[]",
    "{}",
    "\"\u{1F30A}\"",
];

/// What makes a run long.
const LONG: &[&str] = &[
    "  duration: 168h",
    "  assumptions: {hpa: {syncPeriod: 1s}, ray: {loopInterval: 1s}}",
    "  assumptions: {hpa: {syncPeriod: 1s, downscaleStabilization: 24h}}",
    "  assumptions: {prometheus: {scrapeInterval: 5s, rateWindow: 30m, relistInterval: 1s}}",
    "  pollingInterval: 1",
    "  assumptions: {metrics: {lag: 1h, window: 1h}, podStop: {grace: 0s}}",
    "  assumptions: {ray: {loopInterval: 1s, rayStart: 0s, imagePull: 0s, operatorLag: 0s}}",
];

#[derive(Clone, Debug)]
enum Change {
    Delete(usize),
    Repeat(usize),
    Swap(usize, usize),
    Number(usize, usize),
    Long(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let any = any::<usize>;
    prop_oneof![
        1 => any().prop_map(Change::Delete),
        1 => any().prop_map(Change::Repeat),
        1 => (any(), any()).prop_map(|(one, other)| Change::Swap(one, other)),
        6 => (any(), any()).prop_map(|(which, what)| Change::Number(which, what)),
        1 => any().prop_map(Change::Long),
    ]
}

/// Where the numbers of `line` stand.
fn numbers(line: &str) -> Vec<(usize, usize)> {
    let is_word = |it: u8| it.is_ascii_alphanumeric() || it == b'.';
    let bytes = line.as_bytes();
    let begins = |at: &usize| bytes[*at].is_ascii_digit() && (*at == 0 || !is_word(bytes[at - 1]));
    let ends = |at: usize| (at..bytes.len()).find(|it| !is_word(bytes[*it])).unwrap_or(bytes.len());
    (0..bytes.len()).filter(begins).map(|at| (at, ends(at))).collect()
}

fn mutated(text: &str, changes: &[Change]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for change in changes {
        let count = lines.len();
        match *change {
            Change::Delete(at) if count > 1 => drop(lines.remove(at % count)),
            Change::Delete(_) => {}
            Change::Repeat(at) => lines.insert(at % count, lines[at % count].clone()),
            Change::Swap(one, other) => lines.swap(one % count, other % count),
            Change::Long(which) => lines.push(LONG[which % LONG.len()].to_owned()),
            Change::Number(which, what) => {
                let places = lines.iter().enumerate();
                let all: Vec<_> = places
                    .flat_map(|(line, text)| numbers(text).into_iter().map(move |it| (line, it)))
                    .collect();
                if let Some((line, (from, to))) = all.get(which % all.len().max(1)) {
                    lines[*line].replace_range(from..to, HOSTILE[what % HOSTILE.len()]);
                }
            }
        }
    }
    lines.join("\n")
}

fn spans_of(report: &Report) -> Vec<Span> {
    let of = |it: &Diagnostic| {
        let labels = it.labels.iter().map(|it| it.span);
        let edits = it.fixes.iter().flat_map(|it| &it.edits).map(|it| it.span);
        labels.chain(edits).chain([it.span]).collect::<Vec<_>>()
    };
    let mut spans: Vec<Span> = report.diagnostics.iter().flat_map(of).collect();
    spans.extend(report.documents.iter().map(|it| it.span));
    spans.extend(report.autoscalers.iter().filter_map(|it| it.span));
    spans.extend(report.bindings.iter().map(|it| it.span));
    spans.extend(report.expectations.iter().map(|it| it.span));
    spans.extend(report.assumptions.iter().filter_map(|it| it.span));
    let steps = report.decisions.iter().flat_map(|it| &it.explanation.steps);
    spans.extend(steps.filter_map(|it| it.span));
    spans
}

/// How long this thread has computed, where the system tells: what else a crowded machine does is
/// not ours.
fn on_cpu() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(told.split(' ').next()?.parse().ok()?))
}

/// Predicts `text`; gives the report as JSON.
fn sound(text: &str, language: Language) -> String {
    let (start, before) = (Instant::now(), on_cpu());
    let prediction = predict(text, language);
    let took = match (before, on_cpu()) {
        (Some(before), Some(after)) if after > before => after.checked_sub(before).unwrap(),
        _ => start.elapsed(),
    };
    assert!(took < Duration::from_mins(1), "took {took:?}, unoptimized");
    let report = &prediction.report;
    for span in spans_of(report) {
        assert!(text.get(span.start..span.end).is_some(), "{span:?} is no part of the text");
    }
    for chart in &report.charts {
        for series in &chart.series {
            let points = &series.points;
            assert_eq!(points.at_ms.len(), points.values.len());
            assert!(
                points.at_ms.is_sorted_by(|one, next| one < next),
                "{} {}",
                chart.id,
                series.id
            );
            let last = points.at_ms.last().copied().unwrap_or(0.0);
            assert!(last <= report.duration_ms, "{} {}", chart.id, series.id);
            assert!(points.values.iter().all(|it| it.is_finite()), "{} {}", chart.id, series.id);
        }
    }
    for (index, autoscaler) in report.autoscalers.iter().enumerate() {
        assert!(autoscaler.looks.at_ms.is_sorted_by(|one, next| one < next));
        let last = autoscaler.looks.at_ms.len();
        assert_eq!(last > 0, prediction.explain(index, last.saturating_sub(1)).is_some());
        assert!(prediction.explain(index, last).is_none());
    }
    serde_json::to_string(report).expect("a report is JSON")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_changed_example_is_predicted(
        which in any::<usize>(),
        changes in prop::collection::vec(change(), 1..8),
        korean in any::<bool>(),
    ) {
        let text = mutated(EXAMPLES[which % EXAMPLES.len()].text(), &changes);
        sound(&text, if korean { Language::Ko } else { Language::En });
    }
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    for example in EXAMPLES {
        for language in [Language::En, Language::Ko] {
            assert_eq!(sound(example.text(), language), sound(example.text(), language));
        }
    }
}

/// A Ray cluster that may have as many workers as there can be pods, on as many nodes.
fn large(work: &str) -> String {
    let burst =
        EXAMPLES.iter().find(|it| it.text().contains("name: ray-burst")).expect("it is there");
    let (head, rest) = burst.text().split_once("    - at: 1m").expect("its work");
    let (_, rest) = rest.split_once("  nodes:").expect("its nodes");
    format!("{head}    - at: 0s\n      {work}\n  nodes:{rest}")
        .replace("maxReplicas: 12", "maxReplicas: 2147483647")
        .replace("count: 8, cpu: 8, memory: 32Gi", "count: 5000, cpu: 64, memory: 512Gi")
}

#[test]
fn more_than_can_be_simulated_ends_with_a_note() {
    for work in [
        "tasks: {count: 100000, resources: {CPU: 4}, duration: 90s}",
        "placementGroups: {count: 50000, strategy: STRICT_SPREAD, bundles: [{CPU: 1}, {CPU: 1}]}",
    ] {
        assert!(ends_early(work), "{work:.60}");
    }
    // What never changes rests, and goes to the end.
    let bundles = vec!["{CPU: 1}"; 1000].join(",");
    assert!(!ends_early(&format!("requestResources: {{count: 100, bundles: [{bundles}]}}")));
}

fn ends_early(work: &str) -> bool {
    let notes = predict(&large(work), Language::En).report.notes;
    notes.iter().any(|it| it.to_string().contains("The run ends here"))
}

#[test]
fn hosts_beyond_all_counting_do_no_harm() {
    let plain = large("tasks: {count: 1, resources: {CPU: 1}, duration: 90s}")
        .replace("duration: 20m", "duration: 10s");
    let text = plain.replace("minReplicas: 1", "minReplicas: 30\n    numOfHosts: 2147483647");
    for version in ["v1", "v2"] {
        let text = text.replace("upscalingMode: Default", &format!("version: {version}"));
        assert_limit_is_told(&text);
    }
    let text = plain
        .replace("enableInTreeAutoscaling: true", "enableInTreeAutoscaling: false")
        .replace("minReplicas: 1", "minReplicas: 2147483647");
    assert_limit_is_told(&text);
}

/// At most 5,000 pods are simulated.
#[track_caller]
fn assert_limit_is_told(text: &str) {
    let notes = predict(text, Language::En).report.notes;
    assert!(notes.iter().any(|it| it.to_string().contains("5,000")), "{notes:?}");
}
