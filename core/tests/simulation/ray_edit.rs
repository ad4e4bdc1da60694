//! RayClusters that someone edits, by hand or again and again as a GitOps controller does.
//!
//! What v2 does was seen in Ray's own `Autoscaler.update_autoscaling_state`, in the closed loop of
//! `tests/oracle/ray/v2_loop.py` with the same edits; there a look sees what was edited at its own
//! instant, as here. What KubeRay does follows from `reconcilePods` and `calculateStatus` of
//! ray-operator/controllers/ray/raycluster_controller.go, 1.7.

use tidetable_core::ray::Patch;
use tidetable_core::sim::Note;
use tidetable_core::{Language, predict};

use crate::ray::{group, text};
use crate::{Run, check};

/// The text of `ray.rs` with edits, each a line.
fn edited(text: &str, edits: &[&str]) -> String {
    let edits = edits.join("\n  - ");
    text.replacen("  assumptions:\n", &format!("  edits:\n  - {edits}\n  assumptions:\n"), 1)
}

fn actors(count: u32) -> String {
    format!("    - {{at: 0s, actors: {{count: {count}, resources: {{CPU: 1}}}}}}\n")
}

const NO_WORK: &str = "    - {at: 0s, requestResources: {bundles: []}}\n";

/// What each look patched, for those that did: the time and the new `replicas`.
fn patches(run: &Run) -> Vec<(i64, i64)> {
    let looks = run.timeline.clusters[0].looks.all();
    let patches = looks.flat_map(|(at, look)| {
        let replicas = look.decision.patches.iter().filter_map(|it| match it {
            Patch::Replicas { replicas, .. } => Some(*replicas),
            Patch::WorkersToDelete { .. } => None,
        });
        replicas.map(move |it| (at.ms() / 1000, it))
    });
    patches.collect()
}

#[test]
fn a_lower_count_from_git_ends_no_worker_that_the_autoscaler_keeps() {
    // GitOps sets 1 again every 30 s. Upstream patches 5 at 0 s, and 6 at 100 s: with `replicas` 1
    // it counts the 5 pods that are there.
    let work = actors(5) + "    - {at: 100s, actors: {count: 1, resources: {CPU: 1}}}\n";
    let git = "{at: 30s, every: 30s, rayCluster: batch, spec: {workerGroupSpecs: [{groupName: a, \
               replicas: 1}]}}";
    let text = edited(&text(&group("a", "replicas: 1"), "", "20s", &work), &[git]);
    let run = check(
        &text.replace("duration: 10m", "duration: 5m"),
        "
          at | requested:a running:a pending
          0s |           5         1       4
         20s |           5         5       0
         30s |           1         5       0
        100s |           6         5       1
        120s |           1         6       0
        ",
    );
    assert_eq!(patches(&run), [(0, 5), (100, 6)]);
}

#[test]
fn a_higher_count_from_git_makes_workers_again_and_again() {
    // GitOps sets 3, nothing runs. Upstream, whose nodes join 20 s later and which is edited 20 s
    // later: drained at 85 s, patched to 0 at 90 s, pods again at 120 s, drained at 205 s, patched
    // at 210 s, pods at 240 s, drained at 325 s, patched at 330 s, pods at 360 s.
    let git = "{at: 10s, every: 30s, rayCluster: batch, spec: {workerGroupSpecs: [{groupName: a, \
               replicas: 3}]}}";
    let text = edited(&text(&group("a", "replicas: 3"), "", "20s", NO_WORK), &[git]);
    let run = check(
        &text.replace("duration: 10m", "duration: 370s"),
        "
          at | requested:a running:a
          0s |           3         3
         65s |           3         0
         70s |           0         0
        100s |           3         0
        120s |           3         3
        185s |           3         0
        190s |           0         0
        220s |           3         0
        240s |           3         3
        305s |           3         0
        310s |           0         0
        340s |           3         0
        360s |           3         3
        ",
    );
    assert_eq!(patches(&run), [(70, 0), (190, 0), (310, 0)]);
}

/// A launch that is taken back before KubeRay made its pods is asked for anew after four times
/// 600 s, each of which ends with the first look behind it: upstream patches 3 at 0 s and, with
/// `replicas` 0 again before the operator acts, for the second time at 2420 s.
const TAKEN_BACK: &str = "{at: 1s, every: 30s, rayCluster: batch, spec: {workerGroupSpecs: \
                          [{groupName: a, replicas: 0}]}}";

#[test]
fn a_launch_that_git_takes_back_at_once_is_waited_for() {
    let text = edited(&text(&group("a", ""), "", "20s", &actors(3)), &[TAKEN_BACK]);
    let text = text.replace("duration: 10m", "duration: 50m");
    let text = text.replace("operatorLag: 0s", "operatorLag: 2s");
    let run = check(
        &text,
        "
           at | requested:a running:a pending
           0s |           3         0       3
           1s |           0         0       3
        2420s |           3         0       3
        2431s |           0         0       3
        2442s |           0         3       0
        ",
    );
    assert_eq!(patches(&run), [(0, 3), (2420, 3)]);
    let said = |language| {
        let notes = predict(&text, language).report.notes;
        notes.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let first = "1s: Someone edits batch: replicas of a becomes 0, and the same again every \
                 30s. 3 pods that the autoscaler asked for are not made any more: it waits for \
                 them, for 40m 00s at most.";
    assert_eq!(said(Language::En), [first]);
    let first = "1s: 누군가 batch를 수정합니다: a 그룹의 replicas → 0. 이후 30s마다 되풀이합니다. \
                 오토스케일러가 요청한 파드 3개는 더 이상 만들지 않습니다. 오토스케일러는 이 파드를 \
                 최대 40m 00s 동안 기다립니다.";
    assert_eq!(said(Language::Ko)[0], first);
}

#[test]
fn v1_asks_again_in_its_next_look() {
    // Upstream: ray 2.60.0 autoscaler/batching_node_provider.py `non_terminated_nodes` begins each
    // look with the pods that are there, and knows of no request before.
    let text = edited(&text(&group("a", ""), "version: v1", "20s", &actors(3)), &[TAKEN_BACK]);
    let text = text.replace("operatorLag: 0s", "operatorLag: 2s");
    let run = check(
        &text,
        "
         at | requested:a running:a pending
         0s |           3         0       3
         1s |           0         0       3
         5s |           3         0       3
        27s |           3         3       0
        31s |           0         3       0
        ",
    );
    assert_eq!(patches(&run), [(0, 3), (5, 3)]);
}

#[test]
fn a_maximum_that_is_lowered_while_pods_are_to_come_stops_v2() {
    // Upstream's looks fail from 10 s on, also after the one pod that may be made has joined, until
    // the other two rows were REQUESTED for 600 s: at 605 s these are queued again, and given up.
    let max = "{at: 7s, rayCluster: batch, spec: {workerGroupSpecs: [{groupName: a, maxReplicas: \
               1}]}}";
    let text = edited(&text(&group("a", ""), "", "20s", &actors(3)), &[max]);
    let text = text.replace("operatorLag: 0s", "operatorLag: 60s");
    let run = check(
        &text.replace("duration: 10m", "duration: 12m"),
        "
         at | requested:a running:a pending
         0s |           3         0       3
         7s |           1         0       3
        80s |           1         1       2
        ",
    );
    let stuck = run.timeline.clusters[0].looks.all().filter(|it| it.1.decision.stuck.is_some());
    let stuck: Vec<i64> = stuck.map(|it| it.0.ms() / 1000).collect();
    assert_eq!(stuck, (10..605).step_by(5).collect::<Vec<i64>>());
}

#[test]
fn a_maximum_below_the_workers_that_run_stops_the_others() {
    // Upstream drains three at 30 s, and patches 1 at 35 s.
    let max = "{at: 30s, rayCluster: batch, spec: {workerGroupSpecs: [{groupName: a, maxReplicas: \
               1}]}}";
    let text = edited(&text(&group("a", "replicas: 4"), "", "20s", &actors(4)), &[max]);
    let text = text.replace("duration: 10m", "duration: 100s");
    let run = check(
        &text,
        "
         at | requested:a running:a pending
         0s |           4         4       0
        30s |           1         1       3
        ",
    );
    assert_eq!(patches(&run), [(35, 1)]);
    let report = predict(&text, Language::En).report;
    let mut drawn = report.charts.iter().flat_map(|it| &it.series);
    let limit = drawn.find(|it| it.id == "maxReplicas/a").expect("it is drawn where it moves");
    assert_eq!((&*limit.name, &limit.points.at_ms), ("a maxReplicas", &vec![0.0, 30_000.0]));
    assert_eq!(limit.points.values, [100.0, 1.0]);
}

#[test]
fn what_is_raised_by_hand_idles_out_and_a_lower_minimum_lets_workers_go() {
    // Upstream: pods at 10 s, drained at 80 s, patched to 0 at 85 s.
    let raised = "{at: 10s, rayCluster: batch, spec: {workerGroupSpecs: [{groupName: a, replicas: \
                  5}]}}";
    let run = check(
        &edited(&text(&group("a", ""), "", "5s", NO_WORK), &[raised]),
        "
         at | requested:a running:a
         0s |           0         0
        10s |           5         0
        15s |           5         5
        80s |           5         0
        85s |           0         0
        ",
    );
    assert_eq!(patches(&run), [(85, 0)]);
    // Upstream: drained at 100 s, patched at 105 s.
    let lowered = "{at: 100s, rayCluster: batch, spec: {workerGroupSpecs: [{groupName: a, \
                   minReplicas: 0}]}}";
    let group = group("a", "replicas: 3\n    minReplicas: 3");
    check(
        &edited(&text(&group, "", "20s", NO_WORK), &[lowered]),
        "
          at | requested:a running:a
          0s |           3         3
        100s |           3         0
        105s |           0         0
        ",
    );
}

#[test]
fn without_the_autoscaler_the_count_is_what_someone_sets() {
    let set = |at, count| {
        format!(
            "{{at: {at}, rayCluster: batch, spec: {{workerGroupSpecs: [{{groupName: a, replicas: \
             {count}}}]}}}}"
        )
    };
    let text = text(&group("a", "replicas: 3"), "", "20s", &actors(3));
    let text = text.replace("enableInTreeAutoscaling: true", "enableInTreeAutoscaling: false");
    let run = check(
        &edited(&text, &[&set("100s", 5), &set("50s", 1)]),
        "
          at | requested:a running:a pending
          0s |           3         3       0
         50s |           1         1       2
        100s |           5         1       2
        120s |           5         5       0
        ",
    );
    // The first of the list go, so that the youngest stays.
    let lives = run.timeline.lives.iter().filter(|it| it.name.starts_with("batch-a"));
    let left: Vec<&str> = lives.filter(|it| it.deleted.is_none()).map(|it| &*it.name).collect();
    assert_eq!(left[0], "batch-a-3");
}

#[test]
fn a_suspended_cluster_loses_its_work_and_wakes_with_a_new_head() {
    // The pass at 100 s writes the condition, the one after 2 s deletes all pods. At 200 s it takes
    // the condition away, and makes pods 2 s later, whose Ray starts in 20 s.
    let set =
        |at, suspend| format!("{{at: {at}, rayCluster: batch, spec: {{suspend: {suspend}}}}}");
    let one = |at| format!("    - {{at: {at}, actors: {{count: 1, resources: {{CPU: 1}}}}}}\n");
    let work = actors(3) + &one("150s") + &one("250s");
    let text = text(&group("a", "replicas: 3"), "", "20s", &work);
    let text = text.replace("duration: 10m", "duration: 270s");
    let run = check(
        &edited(&text, &[&set("100s", "true"), &set("180s", "null"), &set("200s", "false")]),
        "
          at | requested:a running:a pending work
          0s |           3         3       0    3
        102s |           3         0       0    0
        222s |           3         3       0    0
        250s |           3         3       0    1
        ",
    );
    let lost = run.timeline.notes.iter().filter_map(|(at, note)| match note {
        Note::WorkSuspended { count, .. } => Some((at.ms() / 1000, *count)),
        _ => None,
    });
    assert_eq!(lost.collect::<Vec<_>>(), [(102, 3), (150, 1)]);
    let looks = run.timeline.clusters[0].looks.all().map(|it| it.0.ms() / 1000);
    assert!(!looks.into_iter().any(|at| (102..222).contains(&at)), "it runs in the head's pod");
}

#[test]
fn the_autoscaler_reads_its_options_anew_in_each_look() {
    // Idle since 0 s; at 30 s someone makes the timeout 20 s.
    let options = "{at: 30s, rayCluster: batch, spec: {autoscalerOptions: {idleTimeoutSeconds: \
                   20}}}";
    check(
        &edited(&text(&group("a", "replicas: 2"), "", "20s", NO_WORK), &[options]),
        "
         at | requested:a running:a
         0s |           2         2
        30s |           2         0
        35s |           0         0
        ",
    );
}

#[test]
fn a_delay_is_about_the_worker_that_the_work_asked_for() {
    // A second worker comes at 100 s because Git wants two, and joins at 120 s. The work of 110 s
    // needs a third one, which joins 20 s after it was asked for.
    let git = "{at: 100s, rayCluster: batch, spec: {workerGroupSpecs: [{groupName: a, \
               replicas: 2}]}}";
    let work = actors(1) + "    - {at: 110s, actors: {count: 2, resources: {CPU: 1}}}\n";
    let text = edited(&text(&group("a", "replicas: 1"), "", "20s", &work), &[git]);
    let run = check(
        &text.replace("duration: 10m", "duration: 5m"),
        "
          at | requested:a running:a
          0s |           1         1
        100s |           2         1
        110s |           3         1
        120s |           3         2
        130s |           3         3
        ",
    );
    drop(run);
    let delays = predict(&text, Language::En).delays();
    let last = delays[0].parts.last().map(|it| it.1.ms());
    assert_eq!((delays[0].from.ms(), last), (110_000, Some(130_000)), "{delays:?}");
}
