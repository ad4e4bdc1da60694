//! A prediction as lines of text: verdicts, decisions, totals, expectations.

use std::fmt::Write;

use tidetable_core::Language;
use tidetable_core::report::{Decision, Expectation, Explanation, MetricRow, PodGroup, Report};
use tidetable_core::time::Instant;
use unicode_width::UnicodeWidthStr;

/// What is said around the report's own sentences.
struct Words {
    time: &'static str,
    autoscaler: &'static str,
    from: &'static str,
    to: &'static str,
    why: &'static str,
    totals: &'static str,
    requests: &'static str,
    unserved: &'static str,
    pod_hours: &'static str,
    node_hours: &'static str,
    flaps: &'static str,
    unplaced: &'static str,
    met: &'static str,
    not_met: &'static str,
    no_autoscaler: &'static str,
    other_values: &'static str,
}

const ENGLISH: Words = Words {
    time: "time",
    autoscaler: "autoscaler",
    from: "from",
    to: "to",
    why: "why",
    totals: "totals",
    requests: "requests",
    unserved: "unserved",
    pod_hours: "pod-hours",
    node_hours: "node-hours",
    flaps: "flaps",
    unplaced: "Ray work without room",
    met: "met",
    not_met: "NOT MET",
    no_autoscaler: "No autoscaler in this text: nothing is scaled.",
    other_values: "Another value would have led to:",
};

const KOREAN: Words = Words {
    time: "시각",
    autoscaler: "오토스케일러",
    from: "전",
    to: "후",
    why: "이유",
    totals: "합계",
    requests: "요청",
    unserved: "처리 못 한 요청",
    pod_hours: "파드 시간",
    node_hours: "노드 시간",
    flaps: "번복",
    unplaced: "자리가 없던 Ray 작업",
    met: "충족",
    not_met: "미충족",
    no_autoscaler: "이 텍스트에는 오토스케일러가 없습니다: 아무것도 스케일되지 않습니다.",
    other_values: "값이 달랐다면:",
};

const fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &ENGLISH,
        Language::Ko => &KOREAN,
    }
}

/// The whole prediction; nothing for a text without documents.
pub(crate) fn summary(report: &Report) -> String {
    let words = words(report.language);
    let notes = report.notes.iter().map(|it| format!("{it}\n"));
    let expectations = report.expectations.iter().map(|it| expectation(it, words));
    let mut sections = [
        verdicts(report, words),
        decisions(report, words),
        notes.collect(),
        totals(report, words),
        expectations.collect(),
    ]
    .to_vec();
    sections.retain(|it| !it.is_empty());
    sections.join("\n")
}

fn verdicts(report: &Report, words: &Words) -> String {
    if report.autoscalers.is_empty() && !report.documents.is_empty() {
        return format!("{}\n", words.no_autoscaler);
    }
    let mut out = String::new();
    for it in &report.autoscalers {
        out += &format!("{}: {}\n", it.name, it.verdict.message);
    }
    out
}

fn decisions(report: &Report, words: &Words) -> String {
    if report.decisions.is_empty() {
        return String::new();
    }
    let to = format!("  {}", words.to);
    let header = ["#", words.time, words.autoscaler, words.from, &to, words.why];
    let rows = report.decisions.iter().enumerate();
    let rows = rows.map(|(index, it)| row(index + 1, it, report));
    table(&std::iter::once(header.map(str::to_owned)).chain(rows).collect::<Vec<_>>())
}

fn row(number: usize, decision: &Decision, report: &Report) -> Row {
    let autoscaler = report.autoscalers.get(decision.autoscaler);
    [
        number.to_string(),
        Instant::from_ms(decision.at_ms as i64).to_string(),
        autoscaler.map(|it| it.name.clone()).unwrap_or_default(),
        decision.explanation.from.to_string(),
        format!("→ {}", decision.explanation.to),
        why(&decision.explanation),
    ]
}

/// In few words: what it wanted, or else its formula, or else what it saw and what it did.
fn why(explanation: &Explanation) -> String {
    let note = &explanation.note;
    if note.is_empty() { explanation.in_short() } else { note.to_string() }
}

/// Number, time, autoscaler, before, after, why.
type Row = [String; 6];

/// Rows in columns: numbers to the right, words to the left.
fn table(rows: &[Row]) -> String {
    let width = |column: usize| rows.iter().map(|it| it[column].width()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let blank = " ".repeat(widths[column] - cell.width());
            line += &match column {
                0 | 1 => format!("{blank}{cell}  "),
                3 => format!("{blank}{cell} "),
                _ => format!("{cell}{blank}  "),
            };
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

fn totals(report: &Report, words: &Words) -> String {
    if report.autoscalers.is_empty() {
        return String::new();
    }
    let (totals, end) = (&report.totals, Instant::from_ms(report.duration_ms as i64));
    let mut parts = Vec::new();
    if totals.requests > 0.0 {
        parts.push(format!("{} {}", words.requests, grouped(totals.requests)));
        parts.push(format!("{} {}", words.unserved, grouped(totals.unserved_requests)));
    }
    parts.push(format!("{} {:.2}", words.pod_hours, totals.pod_hours));
    parts.push(format!("{} {:.2}", words.node_hours, totals.node_hours));
    parts.push(format!("{} {}", words.flaps, totals.flaps));
    if totals.unplaced_ray_work > 0 {
        parts.push(format!("{} {}", words.unplaced, totals.unplaced_ray_work));
    }
    format!("{} ({end}): {}\n", words.totals, parts.join(", "))
}

/// A whole number as the report's sentences print it: `3,280`.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn expectation(expectation: &Expectation, words: &Words) -> String {
    let mark = if expectation.met { words.met } else { words.not_met };
    format!("{mark}: {}\n", expectation.message)
}

/// Why one decision came out as it did: every rule that was at work, what other values would have
/// led to, and what kubectl would show.
pub(crate) fn explanation(explanation: &Explanation, language: Language) -> String {
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
        // Of a single metric the step says all.
        let rows = step.metrics.iter().filter(|_| step.metrics.len() > 1);
        rows.for_each(|it| out += &format!("    {}\n", metric(it)));
        step.pods.iter().for_each(|it| out += &format!("    {}\n", pods(it)));
        let source = &step.source;
        out += &format!("    {} {} {}\n", source.project, source.path, source.function);
    }
    out += &other_values(explanation, words(language));
    out += &status(explanation);
    out
}

/// `* cpu 83 % / 50 %, 1.66 → 5`, the winner marked.
fn metric(row: &MetricRow) -> String {
    let mark = if row.wins { "*" } else { " " };
    let MetricRow { name, current, target, ratio, proposal, error, .. } = row;
    if error.is_empty() {
        format!("{mark} {name} {current} / {target}, {ratio} → {proposal}")
    } else {
        format!("{mark} {name} / {target}: {error}")
    }
}

/// Names that a line of pods tells.
const MOST_NAMES: usize = 5;

/// `2 × 0, not ready: web-1, web-4`.
fn pods(group: &PodGroup) -> String {
    let names = group.pods[..group.pods.len().min(MOST_NAMES)].join(", ");
    let more = if group.pods.len() > MOST_NAMES { ", …" } else { "" };
    format!("{} × {}, {}: {names}{more}", group.pods.len(), group.label, group.reason)
}

fn other_values(explanation: &Explanation, words: &Words) -> String {
    let lines = explanation.alternatives.iter().map(|it| format!("    {}\n", it.message));
    let lines: String = lines.collect();
    if lines.is_empty() { lines } else { format!("\n  {}\n{lines}", words.other_values) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_where_characters_are_two_cells_wide() {
        let row = |cells: [&str; 6]| cells.map(str::to_owned);
        let rows = [
            row(["#", "시각", "오토스케일러", "from", "  to", "why"]),
            row(["10", "1m 05s", "HPA 웹", "9", "→ 12", ""]),
        ];
        let expected = " #    시각  오토스케일러  from   to  why
10  1m 05s  HPA 웹           9 → 12
";
        assert_eq!(table(&rows), expected);
    }

    #[test]
    fn thousands_are_set_apart() {
        let numbers = [0.0, 999.6, 151_200.0, 1_234_567.4];
        assert_eq!(numbers.map(grouped), ["0", "1,000", "151,200", "1,234,567"]);
    }
}
