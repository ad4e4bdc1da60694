//! Stabilization: horizontal_test.go `TestNormalizeDesiredReplicas`,
//! `TestNormalizeDesiredReplicasWithBehavior`.

use super::super::{
    Behavior, Cause, Direction, Recommendation, Settings, Trace, stabilize, stabilize_with_behavior,
};
use super::{NOW, ago, seconds};
use crate::time::Duration;

#[test]
fn without_behavior_the_highest_of_five_minutes_counts() {
    super::check(
        "
        remembered, value@age in s | recommended | answer | upstream
        -                     | 5 | 5: 5          | empty recommendation history
        4@120 5@60            | 3 | 5: 4 5 3      | less than the history
        1@120 2@60            | 3 | 3: 1 2 3      | more than the history
        10@600 9@540          | 3 | 3: 10 3       | both outdated, the last is overwritten
        10@600 4@60 5@120 9@540 | 3 | 5: 10 4 5 3 | the last outdated one is overwritten
        9@300                 | 3 | 9: 9 3        | exactly as old as the window
        9@301                 | 3 | 3: 3          | older
    ",
        |cells| {
            let mut history = history(cells[0]);
            let (recommended, window) = (count(cells[1]), Duration::from_seconds(300));
            let stabilized =
                stabilize(recommended, window, &mut history, NOW, &mut Trace::default());
            answer(stabilized, &history)
        },
    );
}

#[test]
fn with_behavior_both_windows_hold_the_present_count() {
    super::check(
        "
        remembered | current -> recommended | windows up/down | answer | upstream
        -          | 100 -> 5 | 0/0     | 5: 5       | empty history
        4@120 5@60 | 100 -> 3 | 0/180   | 5: 4 5 3   | scaling down, the highest
        4@120 5@60 | 1 -> 7   | 300/0   | 4: 4 5 7   | scaling up, the lowest
        1@120 2@60 | 100 -> 3 | 300/0   | 3: 1 2 3   | scaling down, only the window up is set
        4@120 5@60 | 1 -> 3   | 0/300   | 3: 4 5 3   | scaling up, only the window down is set
        10@600 9@540 | 100 -> 3 | 0/0   | 3: 10 3    | both outdated
        10@600 4@60 5@120 9@540 | 100 -> 3 | 0/180 | 5: 10 4 5 3 | two outdated
        10@6000 6@60 5@120 9@180 | 1 -> 100 | 300/0 | 5: 100 6 5 9 | one outdated
        2@6000 3@180 | 2 -> 1 | 300/300 | 2: 1 3 | never past the present count
        2@6000 1@180 | 2 -> 3 | 300/300 | 2: 3 1 | never past the present count
        9@180      | 10 -> 3  | 0/180   | 3: 9 3     | exactly as old as the window
        9@179      | 10 -> 3  | 0/180   | 9: 9 3     | younger
        9@299      | 10 -> 3  | 0/flag  | 9: 9 3     | the controller's flag, 300 s
    ",
        |cells| {
            let mut history = history(cells[0]);
            let (current, recommended) = cells[1].split_once(" -> ").expect("current -> raw");
            let (up, down) = cells[2].split_once('/').expect("up/down");
            let window =
                |text: &str| (text != "flag").then(|| Duration::from_seconds(seconds(text)));
            let mut behavior = Behavior::default();
            behavior.scale_up.stabilization_window = window(up);
            behavior.scale_down.stabilization_window = window(down);
            let stabilized = stabilize_with_behavior(
                count(current),
                count(recommended),
                &behavior,
                &Settings::default(),
                &mut history,
                NOW,
                &mut Trace::default(),
            );
            answer(stabilized, &history)
        },
    );
}

#[test]
fn the_trace_names_the_newest_recommendation_that_holds() {
    let mut trace = Trace::default();
    let window = Duration::from_seconds(300);
    stabilize(3, window, &mut history("9@200 9@100 4@50"), NOW, &mut trace);
    let expected = Cause::Stabilized {
        direction: Direction::Down,
        window,
        held_by: ago(100),
        recommendation: 9,
        from: 3,
        to: 9,
    };
    assert_eq!(trace.causes, [expected]);
}

fn count(text: &str) -> i32 {
    text.trim().parse().expect("a count")
}

fn history(text: &str) -> Vec<Recommendation> {
    text.split_whitespace()
        .filter_map(|entry| entry.split_once('@'))
        .map(|(replicas, age)| Recommendation { replicas: count(replicas), at: ago(seconds(age)) })
        .collect()
}

fn answer(stabilized: i32, history: &[Recommendation]) -> String {
    let history: Vec<String> = history.iter().map(|it| it.replicas.to_string()).collect();
    format!("{stabilized}: {}", history.join(" "))
}
