//! One number, time or word out of a prediction, for a sentence of the book.
//!
//! | question | answer |
//! |---|---|
//! | `ready replicas at 3m` | the value of series `ready` of chart `replicas` |
//! | `most ready replicas`, `least …` | the highest, the lowest value |
//! | `first ready replicas 5` | when it first was 5 or more |
//! | `last ready replicas 5` | when it last was 5 or more |
//! | `first desired replicas 5` | the same of what is asked for: when that was decided |
//! | `verdict HPA` | the sentence of the autoscaler whose name begins so |
//! | `to 2`, `from 2`, `time 2`, `why 2`, `note 2` | of the second decision that acted |
//! | `asks` | what the next look leaves, from `spec.now` |
//! | `stair from 4`, `stair to 4` | the lowest, the highest whole percent that leaves so many |
//! | `formula`, `formula scale-up-limit` | of the decision at the cursor, of that rule |
//! | `finds TT014` | the message of that finding |
//! | `delay 1`, `delay 1 scheduled` | how long the first scale-up took, or a part of it |
//! | `node workers` | what one Ray node of that group has, as the autoscaler believes |
//! | `fit 1 workers` | how often the first kind of request fits there, or what is short |
//!
//! The text is asked as it stands, with what the question sets; what the variants of a comparison
//! set is left out.

use super::picture::{Panel, is_chart};
use super::settings::Widget;
use super::words::clock;
use super::{draw, field};
use crate::explain::number::number as number_text;
use crate::report::{Chart, Decision, Language, Report, Series};
use crate::time::Duration;
use crate::yaml::scalar::duration_ns;
use crate::{DelayPart, Prediction, predict};

/// Series of what an autoscaler has asked for.
const COUNTS: [&str; 2] = ["desired", "requested"];
/// Longer than it takes to write a count that is decided.
const WRITE_MS: f64 = 1_000.0;

/// Answers `question` about `text`, after setting fields to other values.
///
/// # Errors
/// What can't be asked or set, and what can.
pub fn ask(
    text: &str,
    widget: &Widget,
    set: &[(String, String)],
    question: &str,
    language: Language,
) -> Result<String, String> {
    let change = |text: String, (name, value): &(String, String)| field::with(&text, name, value);
    let text = set.iter().try_fold(text.to_owned(), change)?;
    let asked: Vec<&str> = question.split_whitespace().collect();
    match asked[..] {
        ["verdict", who] => {
            let report = predict(&text, language).report;
            let found = report.autoscalers.iter().find(|it| it.name.starts_with(who));
            let names = || report.autoscalers.iter().map(|it| it.name.as_str()).collect::<Vec<_>>();
            found
                .map(|it| it.verdict.message.to_string())
                .ok_or_else(|| format!("no autoscaler's name begins with `{who}`: {:?}", names()))
        }
        [what @ ("to" | "from" | "time" | "why" | "note"), number] => {
            decision(&text, widget, what, number, language)
        }
        ["finds", code] => {
            let report = predict(&text, language).report;
            let found = report.diagnostics.into_iter().find(|it| it.code == code);
            found.map(|it| it.message).ok_or_else(|| format!("the text has no finding {code}"))
        }
        ["asks"] => {
            let now = crate::right_now(&text, language);
            let hpa = now.hpas.first().ok_or("the text has no HPA")?;
            Ok(hpa.explanation.to.to_string())
        }
        ["stair", end @ ("from" | "to"), replicas] => stair(&text, end, replicas, language),
        ["formula", ref rule @ ..] => formula(&text, widget, rule.first().copied(), language),
        ["delay", number, ref part @ ..] => {
            delay(&predict(&text, language), number, part.first().copied())
        }
        ["node", group] => fit(&predict(&text, language), None, group),
        ["fit", row, group] => fit(&predict(&text, language), Some(row), group),
        [series, chart, "at", at] => {
            let at =
                duration_ns(at).ok_or_else(|| format!("`{at}` is no time, as in 3m or 90s"))?;
            let at = Duration::from_ms(at / 1_000_000).ms() as f64;
            let report = predict(&text, language).report;
            let points = &find(&report.charts, series, chart)?.points;
            let index = points.at_ms.iter().rposition(|it| *it <= at);
            let value = index.map(|index| points.values[index]);
            value.map(number_text).ok_or_else(|| format!("{series} has no value at {at} ms"))
        }
        [what @ ("most" | "least"), series, chart] => {
            let report = predict(&text, language).report;
            let values = find(&report.charts, series, chart)?.points.values.iter().copied();
            let value =
                if what == "most" { values.reduce(f64::max) } else { values.reduce(f64::min) };
            value.map(number_text).ok_or_else(|| format!("{series} has no value"))
        }
        [what @ ("first" | "last"), series, chart, least] => {
            let least: f64 = least.parse().map_err(|_| format!("`{least}` is no number"))?;
            let report = predict(&text, language).report;
            let found = find(&report.charts, series, chart)?;
            let points = &found.points;
            let is_enough = |it: &f64| *it >= least;
            let index = if what == "first" {
                points.values.iter().position(is_enough)
            } else {
                points.values.iter().rposition(is_enough).map(|it| it + 1)
            };
            let index = index.filter(|it| *it < points.at_ms.len());
            let at = index.map(|it| decided(&report, found, points.at_ms[it], points.values[it]));
            at.map(clock).ok_or_else(|| format!("{series} never does that"))
        }
        _ => Err(format!("`{question}` is no question: core/src/widget/query.rs lists them")),
    }
}

/// When the count that `series` shows from `at_ms` on was decided. It is written some milliseconds
/// later, and a sentence must have the time that stands in the table of decisions.
fn decided(report: &Report, series: &Series, at_ms: f64, value: f64) -> f64 {
    if !COUNTS.contains(&series.id.split('/').next().unwrap_or_default()) {
        return at_ms;
    }
    let is_written = |it: &&Decision| {
        let took = at_ms - it.at_ms;
        it.acts && it.explanation.to == value && (0.0..WRITE_MS).contains(&took)
    };
    report.decisions.iter().rfind(is_written).map_or(at_ms, |it| it.at_ms)
}

/// The panel of the text itself: what the variants of a comparison set is not asked for, and would
/// undo what the question sets.
fn alone(text: &str, widget: &Widget, language: Language) -> Option<Panel> {
    let widget = Widget { compare: Vec::new(), ..widget.clone() };
    draw(text, &widget, None, language).into_iter().next()
}

fn decision(
    text: &str,
    widget: &Widget,
    what: &str,
    number: &str,
    language: Language,
) -> Result<String, String> {
    let panel = alone(text, widget, language);
    let marks = panel.as_ref().map_or(&[][..], |it| &it.marks);
    let number: usize = number.parse().map_err(|_| format!("`{number}` is no number"))?;
    let mark = number.checked_sub(1).and_then(|it| marks.get(it));
    let mark = mark.ok_or_else(|| format!("only {} decisions act", marks.len()))?;
    Ok(match what {
        "to" => number_text(mark.to),
        "from" => number_text(mark.from),
        "time" => clock(mark.at_ms),
        "why" => mark.why.clone(),
        _ => mark.note.to_string(),
    })
}

/// The end of the values of the first metric, in whole percents, that leave so many replicas.
fn stair(text: &str, end: &str, replicas: &str, language: Language) -> Result<String, String> {
    let wanted: i32 = replicas.parse().map_err(|_| format!("`{replicas}` is no number"))?;
    let staircases = crate::right_now(text, language).hpas.into_iter().flat_map(|it| it.staircases);
    let steps = staircases.flat_map(|it| it.steps).filter(|it| it.replicas == wanted);
    let percent = |it: &Option<String>| it.as_deref()?.strip_suffix('%')?.parse::<i64>().ok();
    let found = match end {
        "from" => steps.filter_map(|it| percent(&it.above)).min().map(|it| it + 1),
        _ => steps.filter_map(|it| percent(&it.up_to)).max(),
    };
    found.map(|it| it.to_string()).ok_or_else(|| format!("no percent ends `{wanted}` on that side"))
}

fn formula(
    text: &str,
    widget: &Widget,
    rule: Option<&str>,
    language: Language,
) -> Result<String, String> {
    let reasons = alone(text, widget, language).and_then(|it| it.reasons);
    let steps = reasons.map(|it| it.steps).unwrap_or_default();
    let found =
        steps.iter().find(|it| !it.formula.is_empty() && rule.is_none_or(|rule| it.rule == rule));
    let rules = || steps.iter().map(|it| it.rule.as_str()).collect::<Vec<_>>().join(", ");
    found
        .map(|it| it.formula.to_string())
        .ok_or_else(|| format!("no such formula at the cursor: the rules are {}", rules()))
}

const PARTS: [(&str, DelayPart); 7] = [
    ("seen", DelayPart::Seen),
    ("decided", DelayPart::Decided),
    ("rayDecided", DelayPart::RayDecided),
    ("created", DelayPart::Created),
    ("scheduled", DelayPart::Scheduled),
    ("started", DelayPart::Started),
    ("ready", DelayPart::Ready),
];

fn delay(prediction: &Prediction, number: &str, part: Option<&str>) -> Result<String, String> {
    let delays = prediction.delays();
    let number: usize = number.parse().map_err(|_| format!("`{number}` is no number"))?;
    let delay = number.checked_sub(1).and_then(|it| delays.get(it));
    let delay = delay.ok_or_else(|| format!("only {} autoscalers scale up", delays.len()))?;
    let Some(part) = part else {
        let end = delay.parts.last().map_or(delay.from, |it| it.1);
        return Ok(clock(end.since(delay.from).ms() as f64));
    };
    let (_, wanted) = PARTS
        .iter()
        .find(|it| it.0 == part)
        .ok_or_else(|| format!("`{part}` is none of {}", PARTS.map(|it| it.0).join(", ")))?;
    let mut from = delay.from;
    for (own, until) in &delay.parts {
        if own == wanted {
            return Ok(clock(until.since(from).ms() as f64));
        }
        from = *until;
    }
    Ok(clock(0.0))
}

/// What a node of `group` has, or what it has for the request of that row.
fn fit(prediction: &Prediction, row: Option<&str>, group: &str) -> Result<String, String> {
    let all = prediction.placement(0.0).clusters.into_iter().map(|it| it.feasibility);
    let mut found = all.filter_map(|it| {
        let column = it.groups.iter().position(|it| it.name == group)?;
        Some((it, column))
    });
    let (it, column) = found.next().ok_or_else(|| format!("no Ray cluster has `{group}`"))?;
    let Some(row) = row else { return Ok(it.groups[column].resources.clone()) };
    let number: usize = row.parse().map_err(|_| format!("`{row}` is no number"))?;
    let row = number.checked_sub(1).and_then(|row| it.rows.get(row));
    let row = row.ok_or_else(|| format!("only {} kinds of request", it.rows.len()))?;
    let lines = row.cells[column].lines.iter().map(ToString::to_string);
    Ok(lines.collect::<Vec<_>>().join("; "))
}

fn find<'a>(charts: &'a [Chart], series: &str, chart: &str) -> Result<&'a Series, String> {
    let charts_of = charts.iter().filter(|it| is_chart(&it.id, chart));
    let found = charts_of.flat_map(|it| &it.series).find(|it| it.id == series);
    let all = || {
        let names = charts
            .iter()
            .flat_map(|it| it.series.iter().map(|series| format!("{} {}", series.id, it.id)));
        names.collect::<Vec<_>>().join(", ")
    };
    found.ok_or_else(|| format!("there is no `{series} {chart}`: there are {}", all()))
}
