//! Levels at which a proposal leaves the present count. Each answer is arithmetic: the last column.

use super::super::{Flight, MetricSpec, Reading, Staircase, Standing, Tread, staircase, standings};
use super::NOW;
use super::pods::{Pods, observe};
use super::proposal::hpa_with;

#[test]
fn the_steps_next_to_the_present_count() {
    super::check(
        "
        target | current | pods | fewer, more | because
        cpu 80 | 4 | 80 80 80 80 | 3 at 60, 5 at 89 | 4 * 60 / 80 = 3; 88 is 110 % of 80
        cpu 50 | 1 | 50 | 0 at 0, 2 at 56 | a single pod goes for nothing only
        cpu 50 | 2 | 50/64 50/640 | 1 at 25, 3 at 56 | whatever each pod requests
        cpu 30 | 3 | 30! 50 70 | 2 at 26, 4 at 51 | two count down; up 2 * 51 / 3 = 34 is above 33
        cpu 50 | 3 | 10 10 - | 2 at 0, 4 at 84 | (0 + 0 + 100) / 3 = 33; 2 * 84 / 3 = 56
        cpu 50 | 2 | 100 100 100 | 1 at 16, 4 at 56 | 3 pods for 2: 3 * 16 / 50 is below 1, 3 * 56 / 50 above 3
        cpu 50 | 1 | 100r | -, - | no request, no answer
        pods 15 | 3 | 20 10 30 | 2 at 10000, 4 at 16501 | 3 * 10 / 15 = 2; 16.5 is 110 % of 15
        object-value 15 of 20 | 3 | 1 1 1 | 2 at 10000, 4 at 16501 | as above
        external-value 15 of 20 | 3 | 1 1 1 | 2 at 10000, 4 at 16501 | as above
        external-average 2 of 8 | 4 | 1 1 1 1 | 3 at 6000, 5 at 8801 | 6 / 2 = 3; 8.8 is 110 % of 4 * 2
        object-average 2 of 8 | 4 | 1 | 3 at 6000, 5 at 8801 | pods do not matter
        external-average 2 of 8 | 0 | | -, - | from zero
    ",
        |cells| {
            let stairs = stairs(cells, (i32::MIN, i32::MAX));
            format!("{}, {}", nearest(&stairs.fewer), nearest(&stairs.more))
        },
    );
}

#[test]
fn every_step_between_the_bounds_and_of_many_the_nearest_and_the_last() {
    super::check(
        "
        target | current | pods | bounds | fewer, more | because
        cpu 80 | 4 | 80 80 80 80 | 2 6 | 3 at 60, 2 at 40; 5 at 89, 6 at 101 | 4 * 101 / 80 is above 5
        cpu 80 | 4 | 80 80 80 80 | 4 5 | ; 5 at 89 | neither beyond maxReplicas nor below minReplicas
        cpu 80 | 4 | 80 80 80 80 | 4 4 | ; | it can't move
        cpu 80 | 1 | 80 | 1 99 | ; 2 at 89, 3 at 161, 4 at 241, 5 at 321, 6 at 401, 7 at 481, 8 at 561, … 99 at 7841 | 98 * 80 + 1
        cpu 80 | 9 | 80 80 80 80 80 80 80 80 80 | 0 9 | 8 at 71, 7 at 62, 6 at 53, 5 at 44, 4 at 35, 3 at 26, 2 at 17, … 0 at 0; | 80 * 8 / 9 = 71.1
        cpu 10 | 4 | 10 10 10 10 | 4 9 | ; 5 at 12, 6 at 13, 7 at 16, 8 at 18, 9 at 21 | 4 * 13 / 10 is above 5
        object-average 2 of 8 | 4 | 1 | 3 6 | 3 at 6000; 5 at 8801, 6 at 10001 | 10 / 2 = 5
    ",
        |cells| {
            let (bounds, cells) = cells.split_last().expect("cells");
            let (min, max) = bounds.split_once(' ').expect("two bounds");
            let bound = |text: &str| text.parse().expect("a count");
            let stairs = stairs(cells, (bound(min), bound(max)));
            format!("{}; {}", told(&stairs.fewer), told(&stairs.more)).trim().to_owned()
        },
    );
}

fn stairs(cells: &[&str], (min, max): (i32, i32)) -> Staircase {
    let [target, current, pods] = cells else { panic!("three cells: {cells:?}") };
    let (mut hpa, unit, usage) = hpa_with(target);
    (hpa.min_replicas, hpa.max_replicas) = (min, max);
    let current = current.parse().expect("a count");
    let (pods, series) = (Pods::read(pods, unit), [usage]);
    let reading = match hpa.metrics[0] {
        MetricSpec::Object { .. } => Reading::Value(usage),
        MetricSpec::External { .. } => Reading::Series(&series),
        _ => Reading::Samples(&pods.samples),
    };
    observe((current, current), &pods, &[reading], |seen| {
        staircase(&hpa, 0, seen.scale.expect("it is given"), seen, NOW)
    })
}

fn nearest(flight: &Flight) -> String {
    flight.treads.first().map_or_else(|| "-".to_owned(), tread)
}

fn tread(tread: &Tread) -> String {
    format!("{} at {}", tread.proposal, tread.level)
}

fn told(flight: &Flight) -> String {
    let mut steps: Vec<String> = flight.treads.iter().map(tread).collect();
    if let Some(last) = steps.last_mut().filter(|_| flight.is_folded) {
        last.insert_str(0, "… ");
    }
    steps.join(", ")
}

#[test]
fn a_steps_neighbours_propose_what_the_staircase_says() {
    // 80 % of 4 pods: the level before and after each step, one at a time.
    let propose = |level: i32| {
        super::super::propose_at_utilization(4, level, 80).expect("there are replicas").0.replicas
    };
    assert_eq!([60, 61, 88, 89].map(propose), [3, 4, 4, 5]);
}

#[test]
fn each_pod_stands_by_the_first_rule_that_fits() {
    let (hpa, unit, _) = hpa_with("cpu 30");
    let pods = Pods::read("30 30d 30f 30p - 30! 30h", unit);
    let found = observe((7, 7), &pods, &[Reading::Samples(&pods.samples)], |seen| {
        standings(&hpa, 0, seen, NOW)
    });
    let expected = [
        Standing::Counts,
        Standing::Deleting,
        Standing::Failed,
        Standing::Pending,
        Standing::NoSample,
        Standing::NotReady,
        Standing::SampleOfStart,
    ];
    assert_eq!(found, expected);
}
