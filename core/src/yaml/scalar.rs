//! Single values: numbers, bools, text, quantities and lengths of time.
//!
//! Words are taken as the API server gets them: kubectl reads YAML 1.1, so a plain `yes` is a
//! bool and a plain `0x10` a number. What can't be what the field needs is reported where it
//! stands, with a fix where the meaning is plain.

use super::{Findings, Node, Spanned, Style, Value};
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::quantity::Quantity;
use crate::time::Duration;

/// A node and where it stands in its document.
#[derive(Clone, Copy, Debug)]
pub struct Place<'doc> {
    /// The node.
    pub node: &'doc Node,
    /// Path of the collection around it.
    pub parent: &'doc str,
    /// Its field's name, or `[3]`.
    pub name: &'doc str,
}

impl Place<'_> {
    /// The node's path, as `spec.metrics[0].type`.
    pub fn path(&self) -> String {
        join(self.parent, self.name)
    }

    /// An error about this node: its path, then `what`.
    pub(crate) fn problem(&self, code: &str, what: &str) -> Diagnostic {
        let message = format!("`{}` {what}", self.path());
        Diagnostic::new(code, Severity::Error, self.node.span, message)
    }

    fn rewrite(&self, text: impl Into<String>) -> Vec<TextEdit> {
        vec![TextEdit { span: self.node.span, text: text.into() }]
    }

    /// The scalar that stands here; reports a collection.
    fn scalar(&self, wanted: &str, findings: &Findings) -> Option<(&str, Style)> {
        if let Value::Scalar { text, style } = &self.node.value {
            return Some((text, *style));
        }
        let what = format!("must be {wanted}, this is {}", self.node.kind());
        findings.push(self.problem("TT110", &what));
        None
    }
}

/// `parent.name`, or `parent[3]`.
pub fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() || name.starts_with('[') {
        format!("{parent}{name}")
    } else {
        format!("{parent}.{name}")
    }
}

/// What a plain scalar means to kubectl.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plain {
    /// A whole number; beyond 64 bits it is a [`Plain::Number`].
    Int(i64),
    /// Another number, possibly infinite or not a number at all.
    Number(f64),
    /// A truth value.
    Bool(bool),
    /// Text.
    Text,
}

/// Resolves a plain scalar by YAML 1.1, as kubectl does.
///
/// Upstream: go-yaml v2 resolve.go `resolve`.
pub fn plain(text: &str) -> Plain {
    match text {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" => {
            return Plain::Bool(true);
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n" | "N" => {
            return Plain::Bool(false);
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Plain::Number(f64::INFINITY);
        }
        "-.inf" | "-.Inf" | "-.INF" => return Plain::Number(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Plain::Number(f64::NAN),
        _ => {}
    }
    if !text.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '+' | '-' | '.')) {
        return Plain::Text;
    }
    let bare = text.replace('_', "");
    if let Some(whole) = whole_number(&bare) {
        return Plain::Int(whole);
    }
    let is_decimal = bare.bytes().any(|it| it.is_ascii_digit())
        && bare
            .bytes()
            .all(|it| it.is_ascii_digit() || matches!(it, b'+' | b'-' | b'.' | b'e' | b'E'));
    match bare.parse() {
        Ok(number) if is_decimal => Plain::Number(number),
        _ => Plain::Text,
    }
}

fn whole_number(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        Some(_) if digits.starts_with('0') => (8, &digits[1..]),
        Some(_) | None => (10, digits),
    };
    if !digits.starts_with(|it: char| it.is_ascii_hexdigit()) {
        return None;
    }
    i64::from_str_radix(&format!("{sign}{digits}"), radix).ok()
}

/// A whole number of 32 bits.
pub fn int32(place: &Place<'_>, findings: &Findings) -> Option<Spanned<i32>> {
    let found = int64(place, findings)?;
    if let Ok(value) = i32::try_from(found.value) {
        return Some(Spanned::new(value, found.span));
    }
    let what = format!("must lie between {} and {}", i32::MIN, i32::MAX);
    findings.push(place.problem("TT111", &what));
    None
}

/// A whole number of 64 bits.
pub fn int64(place: &Place<'_>, findings: &Findings) -> Option<Spanned<i64>> {
    let (text, style) = place.scalar("a whole number", findings)?;
    let value = match plain(text) {
        Plain::Int(value) => Some(value),
        // JSON knows one kind of number: `1e3` and `2.0` reach the API server as 1000 and 2.
        Plain::Number(number) if number.fract() == 0.0 && number.abs() < 9.2e18 => {
            Some(number as i64)
        }
        Plain::Number(number) if number.is_finite() && number.fract() == 0.0 => {
            findings.push(place.problem("TT111", "is too large for a whole number"));
            return None;
        }
        Plain::Number(_) | Plain::Bool(_) | Plain::Text => None,
    };
    let Some(value) = value else {
        findings.push(not_a_number(place, text, "a whole number"));
        return None;
    };
    if style != Style::Plain {
        findings.push(quoted(place, text, "number"));
    }
    Some(Spanned::new(value, place.node.span))
}

/// A finite number.
pub fn number(place: &Place<'_>, findings: &Findings) -> Option<Spanned<f64>> {
    let (text, style) = place.scalar("a number", findings)?;
    let value = match plain(text) {
        Plain::Int(value) => Some(value as f64),
        Plain::Number(value) => Some(value).filter(|it| it.is_finite()),
        Plain::Bool(_) | Plain::Text => None,
    };
    let Some(value) = value else {
        findings.push(not_a_number(place, text, "a finite number"));
        return None;
    };
    if style != Style::Plain {
        findings.push(quoted(place, text, "number"));
    }
    Some(Spanned::new(value, place.node.span))
}

/// `true` or `false`.
pub fn bool(place: &Place<'_>, findings: &Findings) -> Option<Spanned<bool>> {
    let (text, style) = place.scalar("true or false", findings)?;
    let Plain::Bool(value) = plain(text) else {
        findings.push(place.problem("TT110", &format!("must be true or false, not `{text}`")));
        return None;
    };
    if style != Style::Plain {
        findings.push(quoted(place, text, "bool"));
    }
    Some(Spanned::new(value, place.node.span))
}

/// Text; a plain number or bool is reported and taken as it is written. Null, which only lists
/// and mappings of text hold, is the empty text.
pub fn string(place: &Place<'_>, findings: &Findings) -> Option<Spanned<String>> {
    if place.node.is_null() {
        return Some(Spanned::new(String::new(), place.node.span));
    }
    let found = text(place, findings)?;
    let is_plain = matches!(place.node.value, Value::Scalar { style: Style::Plain, .. });
    let meaning = match plain(&found.value) {
        Plain::Int(_) | Plain::Number(_) => "a number",
        Plain::Bool(_) => "a bool",
        Plain::Text => return Some(found),
    };
    if is_plain {
        let what = format!("must be text, without quotes this is {meaning}");
        let edits = place.rewrite(format!("\"{}\"", found.value));
        findings.push(place.problem("TT113", &what).with(Fix::safe("put it in quotes", edits)));
    }
    Some(found)
}

/// Any single value, as it is written.
pub fn text(place: &Place<'_>, findings: &Findings) -> Option<Spanned<String>> {
    let (text, _) = place.scalar("a single value", findings)?;
    Some(Spanned::new(text.to_owned(), place.node.span))
}

/// A Kubernetes quantity; none where it is null.
pub fn quantity(place: &Place<'_>, findings: &Findings) -> Option<Spanned<Quantity>> {
    if place.node.is_null() {
        return None;
    }
    let (text, style) = place.scalar("a quantity such as 500m or 2Gi", findings)?;
    let number = if style == Style::Plain { json_number(text) } else { None };
    match Quantity::parse(number.as_deref().unwrap_or(text.trim_matches(' '))) {
        Ok(value) => Some(Spanned::new(value, place.node.span)),
        Err(problem) => {
            let what =
                format!("must be a quantity such as 500m or 2Gi, `{text}` is none: {problem}");
            let found = place.problem("TT114", &what);
            findings.push(match quantity_meant(text) {
                Some(meant) => {
                    let title = format!("write {meant}");
                    found.with(Fix::changes_decisions(title, place.rewrite(meant)))
                }
                None => found,
            });
            None
        }
    }
}

/// The text of a plain number by the time it reaches the API server: through YAML, as JSON.
///
/// Upstream: go encoding/json/encode.go `floatEncoder`.
fn json_number(text: &str) -> Option<String> {
    let number = match plain(text) {
        Plain::Int(whole) => return Some(whole.to_string()),
        Plain::Number(number) => number,
        Plain::Bool(_) | Plain::Text => return None,
    };
    if let Ok(whole) = text.parse::<u64>() {
        return Some(whole.to_string());
    }
    let size = number.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return Some(number.to_string());
    }
    let sign = if size > 1.0 { "e+" } else { "e" };
    Some(format!("{number:e}").replace('e', sign))
}

/// What a unit in the wrong letters was meant to be.
fn quantity_meant(text: &str) -> Option<String> {
    let text = text.trim();
    let unit_at = text.find(|it: char| !it.is_ascii_digit() && it != '.')?;
    let (number, unit) = text.split_at(unit_at);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "ki" | "kib" => "Ki",
        "mi" | "mib" => "Mi",
        "gi" | "gib" => "Gi",
        "ti" | "tib" => "Ti",
        "kb" | "k" => "k",
        "mb" => "M",
        "gb" | "g" => "G",
        "tb" | "t" => "T",
        _ => return None,
    };
    let meant = format!("{number}{unit}");
    Quantity::parse(&meant).is_ok().then_some(meant)
}

/// A length of time as Go prints it, never negative; rounded up to whole milliseconds.
///
/// Upstream: go time/format.go `ParseDuration`.
pub fn duration(place: &Place<'_>, findings: &Findings) -> Option<Spanned<Duration>> {
    let (text, _) = place.scalar("a length of time such as 90s or 5m", findings)?;
    match duration_ns(text.trim()) {
        Some(ns) if ns >= 0 => {
            let ms = ns / 1_000_000 + i64::from(ns % 1_000_000 != 0);
            Some(Spanned::new(Duration::from_ms(ms), place.node.span))
        }
        Some(_) => {
            findings.push(place.problem("TT115", "must not be negative"));
            None
        }
        None => {
            let what = format!("must be a length of time such as 90s, 5m or 1h30m, not `{text}`");
            let found = place.problem("TT115", &what);
            findings.push(if matches!(plain(text), Plain::Int(0..) | Plain::Number(0.0..)) {
                let meant = format!("{text}s");
                found.with(Fix::changes_decisions(format!("write {meant}"), place.rewrite(meant)))
            } else {
                found
            });
            None
        }
    }
}

/// The nanoseconds of a length of time as Go reads it, with its sign.
pub(crate) fn duration_ns(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total: i64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let number_end = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let (number, after) = rest.split_at(number_end);
        let unit_end =
            after.find(|it: char| it.is_ascii_digit() || it == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_end);
        let unit_ns: i64 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        total = total.checked_add(whole.checked_mul(unit_ns)?)?;
        let mut digit_ns = unit_ns;
        for digit in fraction.bytes() {
            digit_ns /= 10;
            // A second point is no digit.
            let value = i64::from(digit.checked_sub(b'0').filter(|it| *it <= 9)?);
            total = total.checked_add(value * digit_ns)?;
        }
        rest = after;
    }
    Some(sign * total)
}

/// One of a few words, each with what it stands for.
pub fn choice<T: Copy>(
    place: &Place<'_>,
    words: &[(&str, T)],
    findings: &Findings,
) -> Option<Spanned<T>> {
    let (text, _) = place.scalar("a single word", findings)?;
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Some(Spanned::new(*value, place.node.span));
    }
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let found = place.problem("TT116", &format!("must be one of {}", names.join(", ")));
    findings.push(match nearest(text, &names) {
        Some(near) => {
            let title = format!("write {near}");
            found.with(Fix::changes_decisions(title, place.rewrite(near)))
        }
        None => found,
    });
    None
}

fn not_a_number(place: &Place<'_>, text: &str, wanted: &str) -> Diagnostic {
    let found = place.problem("TT110", &format!("must be {wanted}, not `{text}`"));
    match text.trim().strip_suffix('%').map(|it| (it, plain(it))) {
        Some((bare, Plain::Int(_))) => {
            let edits = place.rewrite(bare);
            found.with(Fix::changes_decisions("leave out the percent sign", edits))
        }
        _ => found,
    }
}

fn quoted(place: &Place<'_>, text: &str, meaning: &str) -> Diagnostic {
    let what = format!("must be a {meaning}: in quotes it is text");
    let fix = Fix::safe("remove the quotes", place.rewrite(text));
    place.problem("TT113", &what).with(fix)
}

/// The name that `word` was probably meant to be: at most a third of it differs.
pub fn nearest<'name>(word: &str, names: &[&'name str]) -> Option<&'name str> {
    let word = word.to_ascii_lowercase();
    let limit = (word.chars().count() / 3).min(3);
    let distances =
        names.iter().map(|name| (edit_distance(&word, &name.to_ascii_lowercase()), *name));
    distances.filter(|(distance, _)| *distance <= limit).min().map(|(_, name)| name)
}

/// Letters to insert, remove, replace or swap with their neighbour; long words are far apart.
fn edit_distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().collect();
    let to: Vec<char> = to.chars().collect();
    if from.len().abs_diff(to.len()) > 3 || from.len() > 64 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for row in 1..=from.len() {
        let mut next = vec![row];
        for column in 1..=to.len() {
            let replace = last[column - 1] + usize::from(from[row - 1] != to[column - 1]);
            let mut best = replace.min(last[column] + 1).min(next[column - 1] + 1);
            let swapped = row > 1
                && column > 1
                && from[row - 1] == to[column - 2]
                && from[row - 2] == to[column - 1];
            if swapped {
                best = best.min(before[column - 2] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut last, next);
    }
    last[to.len()]
}
