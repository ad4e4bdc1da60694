//! The table of `kubectl get hpa`, `-A`, `-o wide` and `--show-labels` included.
//!
//! Columns are told by the header's words, cells by blanks: only the targets hold blanks, so they
//! are what is left in the middle. A table that lost its alignment on its way is read all the same.
//!
//! | cell | what it is |
//! |---|---|
//! | `cpu: 45%/80%` | a resource against its requests; up to 1.29 without the name |
//! | `cpu: 250m/500m` | a resource as an average |
//! | `1211m/50m (avg)` | an external or object metric as an average |
//! | `12/50` | the average of a pods metric, or one value of an external or object metric |
//! | `… + 1 more...` | after the second metric the others are only counted |
//!
//! Upstream: kubernetes 1.37 pkg/printers/internalversion/printers.go `formatHPAMetrics`.

use super::lines::Line;
use super::{Amount, Read, amount};
use crate::hpa::{MetricIdentifier, MetricSpec, ResourceName, ResourceTarget, ValueTarget};
use crate::kubectl::told::{Current, Source, Told, ToldMetric};
use crate::yaml::Spanned;

/// Whether a line is the header of a table of HPAs.
pub(super) fn is_header(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let first = words.next();
    matches!(first, Some("NAME" | "NAMESPACE"))
        && words.clone().any(|it| it == "REFERENCE")
        && words.any(|it| it == "TARGETS")
}

/// Reads the table that the first of `lines` heads; returns how many lines it has.
pub(super) fn read(lines: &[Line<'_>], read: &mut Read) -> usize {
    let columns: Vec<&str> = lines[0].text.split_whitespace().collect();
    let rows = lines[1..].iter().take_while(|it| !it.text.is_empty() && !is_any_header(it.text));
    let mut count = 1;
    for line in rows {
        count += 1;
        row(line, &columns, read);
    }
    count
}

/// Whether a line is the header of some table: nothing but capitals.
fn is_any_header(line: &str) -> bool {
    line.starts_with("NAME") && !line.contains(|it: char| it.is_lowercase())
}

fn row(line: &Line<'_>, columns: &[&str], read: &mut Read) {
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let at = columns.iter().position(|it| *it == "TARGETS").unwrap_or_default();
    let behind = columns.len() - at - 1;
    if words.len() <= at + behind {
        read.unreadable(line.span(), "this row has fewer cells than the table has columns");
        return;
    }
    let cell = |name: &str| {
        let column = columns.iter().position(|it| *it == name)?;
        let word = if column < at { column } else { words.len() - (columns.len() - column) };
        Some(words[word])
    };
    let Some(name) = cell("NAME") else { return };
    // `kubectl get deploy,hpa` prints `horizontalpodautoscaler.autoscaling/web`.
    let name = name.rsplit('/').next().unwrap_or(name);
    let mut told = Told {
        source: Source::Table,
        name: line.spanned(name),
        namespace: cell("NAMESPACE").map(str::to_owned),
        target: cell("REFERENCE").and_then(reference),
        ..Told::default()
    };
    for column in ["MINPODS", "MAXPODS", "REPLICAS"] {
        let Some(text) = cell(column).filter(|it| *it != "<unset>") else { continue };
        let Ok(number) = text.parse::<i32>() else {
            let message = format!("{column} must be a whole number");
            read.unreadable(line.span_of(text), message);
            continue;
        };
        match column {
            "MINPODS" => told.min_replicas = Some(number),
            "MAXPODS" => told.max_replicas = Some(number),
            _ => {
                let span = line.span_of(text);
                told.current_replicas = Some(Spanned::new(number, span));
            }
        }
    }
    let first = line.span_of(words[at]).start;
    let last = line.span_of(words[words.len() - behind - 1]).end;
    let begin = line.span().start;
    targets(line, &line.text[first - begin..last - begin], &mut told, read);
    read.add(told);
}

/// `Deployment/web`.
pub(super) fn reference(text: &str) -> Option<(String, String)> {
    let (kind, name) = text.split_once('/')?;
    Some((kind.to_owned(), name.to_owned()))
}

fn targets(line: &Line<'_>, cell: &str, told: &mut Told, read: &mut Read) {
    let mut cell = cell;
    if let Some((shown, more)) = cell.rsplit_once(" + ")
        && let Some(count) = more.strip_suffix(" more...").and_then(|it| it.parse().ok())
    {
        (cell, told.more_metrics) = (shown, count);
    }
    if cell == "<none>" {
        return;
    }
    for part in cell.split(", ") {
        let (span, found) = (line.span_of(part), metric(part));
        if found.is_none() {
            let message = "a target is printed as `cpu: 45%/80%`, `250m/500m` or `12/50 (avg)`";
            read.unreadable(span, message);
        }
        let (spec, is_guess, current) = found.unwrap_or((None, true, Current::Unknown));
        told.metrics.push(ToldMetric { spec, is_guess, current, span });
    }
}

/// One target: its entry of the spec, whether that is a guess, and what it shows.
fn metric(part: &str) -> Option<(Option<MetricSpec>, bool, Current)> {
    if part == "<unknown type>" {
        return Some((None, true, Current::Unknown));
    }
    let (name, values) = match part.rsplit_once(": ") {
        Some((name, values)) => (Some(name), values),
        None => (None, part),
    };
    let (values, is_average) = match values.strip_suffix(" (avg)") {
        Some(values) => (values, true),
        None => (values, false),
    };
    let (shown, goal) = values.split_once('/')?;
    let (shown, goal) = (amount(shown)?, amount(goal)?);
    let current = match shown {
        Amount::Unknown => Current::Unknown,
        Amount::Percent(percent) => Current::Utilization { percent, average_milli: None },
        Amount::Milli(milli) => Current::Milli(milli),
    };
    let resource = || match name {
        None | Some("cpu") => ResourceName::Cpu,
        Some("memory") => ResourceName::Memory,
        Some(other) => ResourceName::Other(other.to_owned()),
    };
    let unnamed = || MetricIdentifier::named("metric");
    let spec = match (goal, name, is_average) {
        (Amount::Percent(percent), ..) => {
            let target = ResourceTarget::AverageUtilization(percent.max(1));
            MetricSpec::Resource { name: resource(), target }
        }
        // `<auto>`: the API server fills in 80 % before anything reads it.
        (Amount::Unknown, ..) => return Some((None, true, current)),
        (Amount::Milli(milli), Some(_), _) => {
            let target = ResourceTarget::AverageValue(milli.max(1));
            MetricSpec::Resource { name: resource(), target }
        }
        (Amount::Milli(milli), None, true) => {
            MetricSpec::External { metric: unnamed(), target: ValueTarget::AverageValue(milli) }
        }
        (Amount::Milli(milli), None, false) => {
            MetricSpec::Pods { metric: unnamed(), target_average_value_milli: milli.max(1) }
        }
    };
    // Of a container's resource, too, only the resource is printed.
    Some((Some(spec), name.is_none(), current))
}
