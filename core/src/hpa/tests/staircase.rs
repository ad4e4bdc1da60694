//! Levels at which a proposal leaves the present count. Each answer is arithmetic: the last column.

use super::super::{MetricSpec, Reading, Standing, Tread, staircase, standings};
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
            let [target, current, pods] = cells else { panic!("three cells: {cells:?}") };
            let (hpa, unit, usage) = hpa_with(target);
            let current = current.parse().expect("a count");
            let (pods, series) = (Pods::read(pods, unit), [usage]);
            let reading = match hpa.metrics[0] {
                MetricSpec::Object { .. } => Reading::Value(usage),
                MetricSpec::External { .. } => Reading::Series(&series),
                _ => Reading::Samples(&pods.samples),
            };
            let stairs = observe((current, current), &pods, &[reading], |seen| {
                staircase(&hpa, 0, seen.scale.expect("it is given"), seen, NOW)
            });
            format!("{}, {}", tread(stairs.fewer), tread(stairs.more))
        },
    );
}

fn tread(tread: Option<Tread>) -> String {
    tread.map_or_else(|| "-".to_owned(), |it| format!("{} at {}", it.proposal, it.level))
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
