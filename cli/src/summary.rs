//! A prediction as lines of text: verdicts, decisions, totals, expectations.

use std::fmt::Write;

use tidetable_core::Language;
use tidetable_core::report::{Decision, Expectation, Explanation, Report, Totals};
use tidetable_core::time::Instant;
use unicode_width::UnicodeWidthStr;

/// What is said around the report's own sentences.
struct Words {
    time: &'static str,
    autoscaler: &'static str,
    why: &'static str,
    requests: &'static str,
    unserved: &'static str,
    pod_hours: &'static str,
    node_hours: &'static str,
    flaps: &'static str,
    unplaced: &'static str,
    met: &'static str,
    not_met: &'static str,
}

const ENGLISH: Words = Words {
    time: "time",
    autoscaler: "autoscaler",
    why: "why",
    requests: "requests",
    unserved: "unserved",
    pod_hours: "pod-hours",
    node_hours: "node-hours",
    flaps: "flaps",
    unplaced: "pieces of Ray work that never found room",
    met: "ok",
    not_met: "NOT MET",
};

const KOREAN: Words = Words {
    time: "시각",
    autoscaler: "오토스케일러",
    why: "이유",
    requests: "요청",
    unserved: "처리 못 함",
    pod_hours: "파드 시간",
    node_hours: "노드 시간",
    flaps: "플랩",
    unplaced: "자리를 찾지 못한 Ray 작업",
    met: "충족",
    not_met: "미충족",
};

const fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &ENGLISH,
        Language::Ko => &KOREAN,
    }
}

/// The whole prediction.
pub(crate) fn summary(report: &Report) -> String {
    let words = words(report.language);
    let verdicts = report.autoscalers.iter();
    let verdicts = verdicts.map(|it| format!("{}: {}\n", it.name, it.verdict.message));
    let notes = report.notes.iter().map(|it| format!("{it}\n"));
    let expectations = report.expectations.iter().map(|it| expectation(it, words));
    let totals = if report.autoscalers.is_empty() {
        String::new()
    } else {
        totals(&report.totals, Instant::from_ms(report.duration_ms as i64), words)
    };
    let sections = [
        verdicts.collect(),
        decisions(report, words),
        notes.collect(),
        totals,
        expectations.collect(),
    ];
    let filled: Vec<String> = sections.into_iter().filter(|it: &String| !it.is_empty()).collect();
    filled.join("\n")
}

fn decisions(report: &Report, words: &Words) -> String {
    if report.decisions.is_empty() {
        return String::new();
    }
    let header = ["#", words.time, words.autoscaler, "→", words.why].map(str::to_owned);
    let rows = report.decisions.iter().enumerate();
    let rows = rows.map(|(index, it)| row(index + 1, it, report));
    table(&std::iter::once(header).chain(rows).collect::<Vec<_>>())
}

fn row(number: usize, decision: &Decision, report: &Report) -> [String; 5] {
    let Explanation { from, to, .. } = &decision.explanation;
    let autoscaler = report.autoscalers.get(decision.autoscaler);
    [
        number.to_string(),
        Instant::from_ms(decision.at_ms as i64).to_string(),
        autoscaler.map(|it| it.name.clone()).unwrap_or_default(),
        if decision.acts { format!("{from} → {to}") } else { to.to_string() },
        why(&decision.explanation),
    ]
}

/// In few words: what it wanted, or else its formula, or else what it saw and what it did.
fn why(explanation: &Explanation) -> String {
    if !explanation.note.is_empty() {
        return explanation.note.to_string();
    }
    let steps = &explanation.steps;
    if let Some(step) = steps.iter().rev().find(|it| !it.formula.is_empty()) {
        return step.formula.to_string();
    }
    let first = 0..steps.len().min(1);
    let last = steps.iter().rposition(|it| !it.result.is_empty()).filter(|it| *it > 0);
    let texts = first.chain(last).map(|index| steps[index].text.to_string());
    texts.collect::<Vec<_>>().join(" ")
}

/// Rows in columns: the first two to the right, the others to the left.
fn table(rows: &[[String; 5]]) -> String {
    let width = |column: usize| rows.iter().map(|it| it[column].width()).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let blank = " ".repeat(widths[column] - cell.width());
            match column {
                0 | 1 => line += &format!("{blank}{cell}  "),
                _ => line += &format!("{cell}{blank}  "),
            }
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

fn totals(totals: &Totals, end: Instant, words: &Words) -> String {
    let mut parts = Vec::new();
    if totals.requests > 0.0 {
        parts.push(format!("{:.0} {}", totals.requests, words.requests));
        parts.push(format!("{:.0} {}", totals.unserved_requests, words.unserved));
    }
    parts.push(format!("{:.2} {}", totals.pod_hours, words.pod_hours));
    parts.push(format!("{:.2} {}", totals.node_hours, words.node_hours));
    parts.push(format!("{} {}", totals.flaps, words.flaps));
    if totals.unplaced_ray_work > 0 {
        parts.push(format!("{} {}", totals.unplaced_ray_work, words.unplaced));
    }
    format!("{end}: {}\n", parts.join(", "))
}

fn expectation(expectation: &Expectation, words: &Words) -> String {
    let mark = if expectation.met { words.met } else { words.not_met };
    format!("{mark}: {}\n", expectation.message)
}

/// Why one decision came out as it did: every rule that was at work, then what kubectl would show.
pub(crate) fn explanation(explanation: &Explanation) -> String {
    let Explanation { title, from, to, note, .. } = explanation;
    let mut out = format!("{title}: {from} → {to}");
    if !note.is_empty() {
        out += &format!(", {note}");
    }
    out.push('\n');
    for step in &explanation.steps {
        let mark = if step.binds { "▶" } else { " " };
        let result = if step.result.is_empty() { "" } else { ": " };
        out += &format!("\n{mark} {}{result}{}\n", step.title, step.result);
        for line in [&step.formula, &step.text].into_iter().filter(|it| !it.is_empty()) {
            out += &format!("    {line}\n");
        }
        let source = &step.source;
        out += &format!("    {} {} {}\n", source.project, source.path, source.function);
    }
    out += &other_values(explanation);
    out += &status(explanation);
    out
}

fn other_values(explanation: &Explanation) -> String {
    let lines = explanation.alternatives.iter().map(|it| format!("  {}\n", it.message));
    let lines: String = lines.collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}

fn status(explanation: &Explanation) -> String {
    let mut out = String::new();
    for it in &explanation.conditions {
        let _ = writeln!(out, "  {}={} {}: {}", it.kind, it.status, it.reason, it.message);
    }
    for event in &explanation.events {
        let _ = writeln!(out, "  {event}");
    }
    if out.is_empty() { out } else { format!("\n{out}") }
}
