//! Autoscaler v1 in whole runs, where it does something else than v2. The world is that of
//! `ray.rs`; every number follows from the rule above the table.

use tidetable_core::predict;
use tidetable_core::report::{Language, LedgerStep};

use crate::check;
use crate::ray::{group, text};

#[test]
fn a_burst_is_launched_in_one_look_and_ends_in_one() {
    // No more than ten at a time is v2's rule. All tasks end at 80 s; v1 ends what was used last
    // before now - 60 s: 80 s is not before 80 s at 140 s, but before 85 s at 145 s. It drains and
    // patches in the same look.
    check(
        &text(
            &group("a", ""),
            "version: v1",
            "20s",
            "    - {at: 0s, tasks: {count: 20, resources: {CPU: 1}, duration: 60s}}",
        ),
        "
          at | requested:a running:a pending work
          0s |          20         0      20    0
         20s |          20        20       0   20
         80s |          20        20       0    0
        145s |           0         0       0    0
        ",
    );
}

#[test]
fn conservative_lets_five_or_as_many_as_run_be_on_the_way() {
    // max(5, 1 x max(running, 1)) less those that don't run yet: 5 of none, 5 more when 5 run,
    // 10 more when 10 run, of which 18 - 10 = 8 are needed.
    check(
        &text(
            &group("a", ""),
            "version: v1, upscalingMode: Conservative",
            "30s",
            "    - {at: 0s, actors: {count: 18, resources: {CPU: 1}}}",
        ),
        "
         at | requested:a
         0s |           5
        30s |          10
        60s |          18
        ",
    );
}

#[test]
fn of_equal_groups_the_one_with_the_largest_name_gets_all() {
    check(
        &text(
            &(group("a", "") + &group("b", "")),
            "version: v1",
            "20s",
            "    - {at: 0s, actors: {count: 6, resources: {CPU: 1}}}",
        ),
        "
         at | requested:a requested:b work
         0s |           0           6    0
        20s |           0           6    6
        ",
    );
}

/// `request_resources` of eight CPUs where four may be had.
fn eight_of_four(version: &str) -> String {
    let four = group("a", "").replace("maxReplicas: 100", "maxReplicas: 4");
    let work = "    - {at: 0s, requestResources: {bundles: [{CPU: 1}], count: 8}}";
    text(&four, &format!("version: {version}"), "20s", work)
}

#[test]
fn request_resources_above_the_maximum_are_launched_in_part() {
    // v2 launches all or nothing.
    check(
        &eight_of_four("v1"),
        "
         at | requested:a running:a
         0s |           4         0
        20s |           4         4
        ",
    );
    check(
        &eight_of_four("v2"),
        "
        at | requested:a running:a
        0s |           0         0
        ",
    );
}

#[test]
fn the_why_of_a_look_names_the_limit_that_held_the_rest_back() {
    // As above: 18 are planned, none is on its way, five may be.
    let text = text(
        &group("a", ""),
        "version: v1, upscalingMode: Conservative",
        "30s",
        "    - {at: 0s, actors: {count: 18, resources: {CPU: 1}}}",
    );
    for (language, at_most) in [(Language::En, "at most 5"), (Language::Ko, "한도는 5개")] {
        let report = predict(&text, language).report;
        let first = &report.decisions[0].explanation;
        assert_eq!((first.from, first.to), (0.0, 5.0));
        let launch = first.steps.iter().find(|it| it.rule == "ray-launch").expect("a limit");
        assert!(launch.binds);
        assert_eq!(launch.result, "5");
        let text = launch.text.to_string();
        assert!(text.contains("18") && text.contains(at_most), "{text}");
    }
}

#[test]
fn the_why_names_the_full_group_and_functions_of_v1() {
    for language in [Language::En, Language::Ko] {
        let report = predict(&eight_of_four("v1"), language).report;
        assert_eq!(report.autoscalers[0].verdict.decision, Some(0));
        let first = &report.decisions[0].explanation;
        assert_eq!((first.from, first.to), (0.0, 4.0));
        let holds = |it: &&LedgerStep| it.binds && it.text.to_string().contains('4');
        first.steps.iter().find(holds).expect("the group has its four");
        let is_of_v1 = |it: &LedgerStep| it.source.path.starts_with("autoscaler/_private/");
        assert!(first.steps.iter().all(is_of_v1), "{:#?}", first.steps);
    }
}
