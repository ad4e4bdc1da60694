//! Pictures as tables: what print, a page without JavaScript and a screen reader get.

use super::picture::{Mark, Panel, Picture, Strip};
use super::words::{Words, clock, delay_part, pod_count, words};
use crate::Delay;
use crate::report::{Feasibility, Language, LedgerStep, MetricRow, Placement, Staircase, Tone};

/// Rows of a table that are told; the rest is counted.
const MOST_ROWS: usize = 12;

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Over the columns.
    pub head: Vec<String>,
    /// Row by row, each as long as the head.
    pub rows: Vec<Vec<String>>,
    /// How many rows more there are.
    pub left_out: usize,
}

impl Table {
    fn new<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Self {
        let mut rows: Vec<Vec<String>> = rows.map(Vec::from).collect();
        let left_out = rows.len().saturating_sub(MOST_ROWS);
        rows.truncate(MOST_ROWS);
        Self { head: head.map(str::to_owned).to_vec(), rows, left_out }
    }
}

/// The tables of a panel: decisions for its charts, and one for each other picture.
pub fn tables(panel: &Panel, language: Language) -> Vec<Table> {
    let words = words(language);
    let mut tables = Vec::new();
    if panel.pictures.iter().any(|it| matches!(it, Picture::Chart(_))) {
        tables.push(decisions(&panel.marks, words));
    }
    for picture in &panel.pictures {
        match picture {
            Picture::Chart(_) => {}
            Picture::Why(steps) => tables.push(ledger(steps, words)),
            Picture::Staircase(it, ..) => tables.push(staircase(it, words)),
            Picture::Metrics(rows) => tables.push(metrics(rows, words)),
            Picture::Pods(strips) => tables.push(pods(strips, words, language)),
            Picture::Nodes(placement) => tables.push(nodes(placement, words)),
            Picture::Fit(all) => tables.extend(all.iter().map(|(_, it)| fit(it, words))),
            Picture::Delays(all) => tables.extend(all.iter().map(|it| delays(it, words, language))),
        }
    }
    tables
}

/// The decisions that acted.
pub fn decisions(marks: &[Mark], words: &Words) -> Table {
    let rows = marks.iter().map(|it| {
        let note = if it.note.is_empty() { it.why.clone() } else { it.note.to_string() };
        [clock(it.at_ms), it.who.clone(), format!("{} → {}", it.from, it.to), note]
    });
    Table::new([words.time, words.who, words.change, words.why], rows)
}

fn ledger(steps: &[LedgerStep], words: &Words) -> Table {
    let rows = steps.iter().map(|it| {
        let text = if it.formula.is_empty() { &it.text } else { &it.formula };
        [it.title.clone(), it.result.clone(), text.to_string()]
    });
    Table::new([words.part, words.replicas, words.why], rows)
}

fn staircase(it: &Staircase, words: &Words) -> Table {
    let rows = it.steps.iter().map(|step| {
        let values = match (&step.above, &step.up_to) {
            (None, None) => words.any.to_owned(),
            (None, Some(to)) => format!("≤ {to}"),
            (Some(above), None) => (words.above)(above),
            (Some(above), Some(to)) => format!("{above} < … ≤ {to}"),
        };
        let values = if step.is_present { format!("{values} ({})", words.present) } else { values };
        let proposal = step.proposal.map_or_else(|| "–".to_owned(), |it| it.to_string());
        [values, proposal, step.replicas.to_string()]
    });
    Table::new([&it.metric, words.asks, words.replicas], rows)
}

fn metrics(rows: &[MetricRow], words: &Words) -> Table {
    let is_race = rows.len() > 1;
    let rows = rows.iter().map(|it| {
        let proposal = if it.error.is_empty() { it.proposal.clone() } else { it.error.clone() };
        let proposal = if it.wins && is_race { format!("{proposal} ←") } else { proposal };
        [it.name.clone(), it.current.clone(), it.target.clone(), it.ratio.clone(), proposal]
    });
    let head = [words.metric, words.current, words.target, words.ratio, words.asks];
    Table::new(head, rows)
}

fn pods(strips: &[Strip], words: &Words, language: Language) -> Table {
    let rows = strips.iter().map(|it| {
        let stretches = it.stretches.iter().map(|it| {
            let (from, to) = (clock(it.from_ms), clock(it.to_ms));
            format!("{from} – {to}: {} ({})", pod_count(it.counted, language), it.label)
        });
        [it.pod.clone(), stretches.collect::<Vec<_>>().join("; ")]
    });
    Table::new([words.pod, words.counted], rows)
}

fn nodes(placement: &Placement, words: &Words) -> Table {
    let mut rows = Vec::new();
    for cluster in &placement.clusters {
        for node in &cluster.nodes {
            let holds = node.holds.iter().chain(&node.idle).map(ToString::to_string);
            rows.push([
                format!("{} ({})", node.pod, node.group),
                holds.collect::<Vec<_>>().join("; "),
            ]);
        }
        let waiting = cluster.waiting.iter().map(ToString::to_string);
        rows.extend(waiting.map(|it| [words.waiting.to_owned(), it]));
    }
    if placement.has_workloads() {
        for node in &placement.nodes {
            let pods = node.pods.iter().map(|it| it.name.as_str());
            rows.push([node.name.clone(), pods.collect::<Vec<_>>().join(", ")]);
        }
        let waiting = placement.waiting.iter();
        rows.extend(waiting.map(|it| [words.waiting.to_owned(), it.name.clone()]));
    }
    Table::new([words.node, words.holds], rows.into_iter())
}

fn fit(it: &Feasibility, words: &Words) -> Table {
    let mut head = vec![words.request.to_owned()];
    head.extend(it.groups.iter().map(|it| format!("{} {}", it.name, it.resources)));
    let rows = it.rows.iter().map(|row| {
        let cells = row.cells.iter().map(|cell| {
            let sign = if cell.fits { "✓" } else { "✗" };
            let lines = cell.lines.iter().map(ToString::to_string).collect::<Vec<_>>();
            format!("{sign} {}", lines.join("; "))
        });
        std::iter::once(row.request.to_string()).chain(cells).collect()
    });
    Table { head, rows: rows.collect(), left_out: 0 }
}

fn delays((who, _, delay): &(String, Tone, Delay), words: &Words, language: Language) -> Table {
    let mut from = delay.from;
    let mut rows = Vec::new();
    for (part, until) in &delay.parts {
        let took = clock(until.since(from).ms() as f64);
        rows.push([format!("{who}: {}", delay_part(*part, language)), took]);
        from = *until;
    }
    let total = clock(from.since(delay.from).ms() as f64);
    rows.push([format!("{who}: {}", words.total), total]);
    Table::new([words.part, words.took], rows.into_iter())
}
