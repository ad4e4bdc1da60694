//! Upstream's own test cases as tables, and what they share.
//!
//! Levels, counts and texts are those of kubernetes 1.37
//! pkg/controller/podautoscaler/{replica_calculator,horizontal}_test.go; the name of the upstream
//! test stands in the last column.

mod behavior;
mod groups;
mod pods;
mod proposal;
mod stabilization;
mod staircase;
mod status;
mod sync;
mod version;

use std::fmt::Write;

use crate::time::{Duration, Instant};

use super::{Behavior, ScalingPolicy, ScalingRules, SelectPolicy};

/// Cells of each row, the heading and blank lines left out.
fn rows(table: &str) -> Vec<Vec<&str>> {
    let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.skip(1).map(|line| line.split('|').map(str::trim).collect()).collect()
}

/// Runs `answer` on each row and compares it with the cell before the last.
#[track_caller]
fn check(table: &str, answer: impl Fn(&[&str]) -> String) {
    let mut actual = String::new();
    let mut is_right = true;
    for cells in rows(table) {
        let (expected, input) = (cells[cells.len() - 2], &cells[..cells.len() - 2]);
        let answer = answer(input);
        is_right &= answer == expected;
        let mark = if answer == expected { "  " } else { "! " };
        let (input, upstream) = (input.join(" | "), cells[cells.len() - 1]);
        writeln!(actual, "{mark}{input} | {answer} | {upstream}").expect("a string takes it");
    }
    assert!(is_right, "actual:\n{actual}");
}

/// `8.6` as 8600.
fn milli(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<3}").parse().expect("a number with up to 3 digits after the point")
}

fn seconds(text: &str) -> i64 {
    text.parse().expect("whole seconds")
}

/// `max pods 4/15 percent 100/15`, where `max` may be left out; `default-up` and `default-down`.
fn rules(text: &str) -> ScalingRules {
    let policies = match text {
        "default-up" => return ScalingRules::default_scale_up(),
        "default-down" => return ScalingRules::default_scale_down(),
        policies => policies,
    };
    let mut words: Vec<&str> = policies.split_whitespace().collect();
    if ["pods", "percent"].contains(&words[0]) {
        words.insert(0, "max");
    }
    let policies = words[1..]
        .chunks(2)
        .map(|policy| {
            let (value, period) = policy[1].split_once('/').expect("value/seconds");
            let value = value.parse().expect("a whole number");
            let period = Duration::from_seconds(seconds(period));
            match policy[0] {
                "pods" => ScalingPolicy::pods(value, period),
                "percent" => ScalingPolicy::percent(value, period),
                kind => panic!("no such policy: {kind}"),
            }
        })
        .collect();
    let select_policy = match words[0] {
        "max" => SelectPolicy::Max,
        "min" => SelectPolicy::Min,
        "disabled" => SelectPolicy::Disabled,
        policy => panic!("no such selectPolicy: {policy}"),
    };
    ScalingRules { stabilization_window: None, select_policy, policies, tolerance: None }
}

/// A behavior whose direction not given is the default.
fn behavior(text: &str) -> Behavior {
    let mut behavior = Behavior::default();
    for part in text.split(';').map(str::trim) {
        match part.split_once(' ') {
            Some(("up", text)) => behavior.scale_up = rules(text),
            Some(("down", text)) => behavior.scale_down = rules(text),
            _ => assert_eq!(part, "default"),
        }
    }
    behavior
}

/// `now` of every test.
const NOW: Instant = Instant::from_seconds(100_000);

/// `age` seconds before [`NOW`].
fn ago(age: i64) -> Instant {
    Instant::from_ms(NOW.ms() - age * 1000)
}
