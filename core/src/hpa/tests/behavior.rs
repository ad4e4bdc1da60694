//! Limits: horizontal_test.go `TestConvertDesiredReplicasWithRules`, `TestScalingWithRules`,
//! `TestCalculateScale…Limit…`, `TestStoreScaleEvents`.

use super::super::{
    Limit, ScaleEvent, ScaleEvents, scale_down_limit, scale_up_limit, store_scale_event,
    within_behavior, within_limits,
};
use super::{NOW, ago, behavior, rules, seconds};
use crate::time::Instant;

#[test]
fn without_behavior_the_count_at_most_doubles() {
    super::check(
        "
        current -> desired | min..max | answer | upstream
        5 -> 7    | 3..8    | 7            | prenormalized desired within range
        3 -> 1    | 2..8    | 2 min        | prenormalized desired < minReplicas
        1 -> 0    | 0..10   | 0            | 1 is minLimit
        20 -> 1000 | 1..10  | 10 max       | maxReplicas is the limit
        3 -> 1000 | 1..2000 | 6 up-factor  | scaleUpLimit is the limit
        1 -> 9    | 1..2000 | 4 up-factor  | up to 4 at once
        2 -> 4    | 1..4    | 4            | a limit that is reached but does not cut
        3 -> 7    | 1..6    | 6 max        | both limits equal: max is named
    ",
        |cells| {
            let ((current, desired), (min, max)) = (arrow(cells[0]), bounds(cells[1]));
            named(within_limits(current, desired, min, max))
        },
    );
}

#[test]
fn policies_count_from_the_start_of_their_period() {
    super::check(
        "
        current -> desired | min..max | rules | events, oldest first | answer | upstream
        3 -> 1000 | 1..2000 | up max percent 1/60 | - | 4 up | ceil(3.03)
        10 -> 50 | - | default | - | 20 up | default
        10 -> 500 | - | up max pods 100/60 percent 100/60 | - | 110 up | pods
        10 -> 500 | - | up max pods 2/60 percent 100/60 | - | 20 up | percent
        10 -> 50 | - | up max pods 30/60 | - | 40 up | pods
        10 -> 50 | - | up max percent 200/60 | - | 30 up | percent
        100 -> 2 | - | down max pods 20/60 percent 1/60 | - | 80 down | pods
        100 -> 2 | - | down max pods 2/60 percent 1/60 | - | 98 down | pods
        10 -> 0 | - | down max pods 100/60 | - | 1 min | minReplicas
        10 -> 2 | 5..1000 | down max percent 100/60 | - | 5 min | minReplicas
        10 -> 5 | - | down max percent 50/60 | - | 5 | exactly the limit
        100 -> 500 | 1..200 | up max pods 300/60 | up 1 5 9 | 200 max | maxReplicas
        100 -> 500 | - | up max pods 5/120 | up 1 5 9 | 100 up | 85 + 5 is below
        100 -> 500 | - | up max pods 150/120 | up 1 5 9 | 235 up | 85 + 150
        100 -> 500 | - | up max percent 200/120 | up 1 5 9 | 255 up | 85 * 3
        6 -> 24 | - | up max percent 300/300 | up 4 down 2 | 16 up | (6 - 4 + 2) * 4
        10 -> 5 | - | default | down 1 5 9 | 5 | default
        100 -> 0 | - | down max pods 115/120 | down 1 5 9 | 1 min | 115 - 115
        100 -> 2 | - | down max pods 5/120 | down 1 5 9 | 100 down | 115 - 5 is above
        100 -> 0 | - | down max percent 50/120 | down 2 4 6 | 56 down | 112 / 2
        10 -> 1 | - | down max percent 50/180 | up 2 down 4 | 6 down | (10 - 2 + 4) / 2
        100 -> 0 | - | down max percent 10/120 | down 10 10 10 | 100 down | 117 is above
        10 -> 5 | - | down max percent 1000/120 | down 10 10 10 | 5 | a negative limit
        10 -> 50 | - | up disabled pods 4/60 | - | 10 up | Disabled
        10 -> 5 | - | down disabled pods 4/60 | - | 10 down | Disabled
    ",
        |cells| {
            let ((current, desired), bounds) = (arrow(cells[0]), bounds(cells[1]));
            let (behavior, events) = (behavior(cells[2]), events(cells[3]));
            named(within_behavior(current, desired, bounds, &behavior, &events, NOW))
        },
    );
}

#[test]
fn the_smallest_change_is_the_larger_count_on_the_way_down() {
    let (events, rules) = (ScaleEvents::default(), rules("min pods 2/60 percent 50/60"));
    assert_eq!(scale_up_limit(&rules, 1, &events, NOW).allowed, 2);
    assert_eq!(scale_down_limit(&rules, 5, &events, NOW).allowed, 3);
}

#[test]
fn a_percentage_of_doubles_may_miss_by_one() {
    for (rules_text, start, up, down) in [
        ("max percent 10/60", 50, 56, 45),   // 55 up in exact arithmetic
        ("max percent 10/60", 100, 111, 90), // 110
        ("max percent 80/60", 5, 9, 0),      // 1 down
        ("max percent 80/60", 20, 36, 3),    // 4 down
        ("max percent 30/60", 90, 117, 62),  // 63 down
    ] {
        let (rules, events) = (rules(rules_text), ScaleEvents::default());
        assert_eq!(scale_up_limit(&rules, start, &events, NOW).allowed, up, "{rules_text}");
        assert_eq!(scale_down_limit(&rules, start, &events, NOW).allowed, down, "{rules_text}");
    }
}

#[test]
fn an_event_exactly_as_old_as_the_period_no_longer_counts() {
    let rules = rules("max pods 4/60");
    let limit = |age_ms: i64| {
        let at = Instant::from_ms(NOW.ms() - age_ms);
        let event = ScaleEvent { replica_change: 3, at, outdated: false };
        let events = ScaleEvents { up: vec![event], down: Vec::new() };
        scale_up_limit(&rules, 10, &events, NOW).allowed
    };
    assert_eq!(limit(60_000), 14);
    assert_eq!(limit(59_999), 11);
}

#[test]
fn the_last_outdated_event_is_overwritten() {
    super::check(
        "
        rules                        | events | answer, sum before | upstream
        none                         | 7@70   | 7, 0      | no behavior
        max pods 10/60               | 7@61   | 5, 0      | replace one outdated event
        max pods 10/60               | 7@58   | 7 5, 7    | event not outdated
        max pods 10/60               | 7@60   | 7 5, 0    | exactly as old as the period
        max pods 10/60 percent 10/60 | 7@61 6@59 | 5 6, 6 | replace the outdated one
        max pods 10/60 percent 10/30 | 8@29 6@59 7@61 9@61 | 8 6 7! 5, 14 | the last of two
        max pods 10/120 percent 10/30 | 7@58 6@59 | 7 6 5, 13 | the longest period counts
    ",
        |cells| {
            let behavior = (cells[0] != "none").then(|| behavior(&format!("up {}", cells[0])));
            let up = cells[1].split_whitespace().map(|event| {
                let (change, age) = event.split_once('@').expect("change@age");
                let replica_change = change.parse().expect("a count");
                ScaleEvent { replica_change, at: ago(seconds(age)), outdated: false }
            });
            let mut events = ScaleEvents { up: up.collect(), down: Vec::new() };
            // What a policy of 60 s counts.
            let sum = scale_up_limit(&rules("pods 1/60"), 1000, &events, NOW).added;
            store_scale_event(behavior.as_ref(), &mut events, 5, 10, NOW);
            let mark = |event: &ScaleEvent| if event.outdated { "!" } else { "" };
            let changes = events.up.iter().map(|it| format!("{}{}", it.replica_change, mark(it)));
            format!("{}, {sum}", changes.collect::<Vec<_>>().join(" "))
        },
    );
}

/// `5 -> 7`.
fn arrow(text: &str) -> (i32, i32) {
    let (from, to) = text.split_once(" -> ").expect("from -> to");
    (from.trim().parse().expect("a count"), to.trim().parse().expect("a count"))
}

/// `1..10`; `-` is what upstream's test takes where it says nothing.
fn bounds(text: &str) -> (i32, i32) {
    let text = if text == "-" { "1..1000" } else { text };
    let (min, max) = text.split_once("..").expect("min..max");
    (min.parse().expect("a count"), max.parse().expect("a count"))
}

/// `up 1 5 9 down 2`: upstream spreads the events of a direction evenly over the last 120 s.
fn events(text: &str) -> ScaleEvents {
    let (up, down) = match text.split_once("down") {
        Some((up, down)) => (up, down),
        None => (text, ""),
    };
    let spread = |text: &str| {
        let changes: Vec<i32> = text.split_whitespace().filter_map(|it| it.parse().ok()).collect();
        let segment = 120_000 / i64::try_from(changes.len().max(1)).expect("few events");
        let event = |(index, &replica_change): (usize, &i32)| {
            let age = 120_000 - segment * index as i64 - segment / 2;
            ScaleEvent { replica_change, at: Instant::from_ms(NOW.ms() - age), outdated: false }
        };
        changes.iter().enumerate().map(event).collect()
    };
    ScaleEvents { up: spread(up), down: spread(down) }
}

fn named((replicas, limit): (i32, Option<Limit>)) -> String {
    let name = match limit {
        None => return replicas.to_string(),
        Some(Limit::MaxReplicas) => "max",
        Some(Limit::MinReplicas) => "min",
        Some(Limit::ScaleUpFactor { .. }) => "up-factor",
        Some(Limit::ScaleUpPolicy(_)) => "up",
        Some(Limit::ScaleDownPolicy(_)) => "down",
    };
    format!("{replicas} {name}")
}
