//! What people do while a run goes on: they scale by hand, delete and create HPAs, and give pods
//! of several workloads the same labels.

use tidetable_core::hpa::ConditionType;

use crate::hpa::{RISE_AND_FALL, WEB, hpa, last, scenario_with};
use crate::{INSTANT_CALLS, check, run};

fn web(replicas: i32) -> String {
    WEB.replace("spec:\n  selector", &format!("spec:\n  replicas: {replicas}\n  selector"))
}

/// | at | seen | what follows |
/// |---|---|---|
/// | 0 s | 200 rps on 4 pods: 50 % | stays |
/// | 100 s | someone sets 0: nothing is looked at until someone else sets another count | |
/// | 210 s | the pods made at 200 s answer the probe of 200 + 10 | ready |
/// | 225 s | samples of 217 s, which do not lie wholly after 210 s: no pod counts | stays |
/// | 240 s | 217 to 232 s: 667m on each of 3 pods, 66 %: ceil(3 × 1.32) = 4 | 4 |
/// | 255 s | 667m on three, and a new pod that counts as idle: 50 % of 4 | stays |
#[test]
fn someone_switches_an_hpa_off_and_on_again() {
    let edits = "  edits:\n  - {at: 100s, target: {name: web}, replicas: 0}\n  \
                 - {at: 200s, target: {kind: Deployment, name: web}, replicas: 3}\n";
    let text = scenario_with("{at: 0s, rps: 200}", edits);
    let run = check(
        &[&*web(4), &hpa("web", "Deployment", "web", 1, 10), &text].concat(),
        "
          at | desired
          0s |       4
        100s |       0
        200s |       3
        240s |       4
        ",
    );
    let active = |look: usize| {
        let look = &run.timeline.hpas[0].looks[look];
        let found = look.status.condition(ConditionType::ScalingActive).expect("it is set");
        (look.at.ms() / 1000, look.from, found.status, found.reason)
    };
    assert_eq!(active(6), (90, 4, true, "ValidMetricFound"));
    assert_eq!(active(7), (105, 0, false, "ScalingDisabled"));
    assert_eq!(active(13), (195, 0, false, "ScalingDisabled"));
    assert_eq!(active(16), (240, 3, true, "ValidMetricFound"));
}

#[test]
fn a_manifest_that_is_applied_again_and_again_undoes_the_hpa() {
    // As in the first test above, ceil(1 × 1.6 / 0.5) = 4, twice at most: the legacy limit is
    // max(2 × 1, 4). Each time the looks at 15 s multiples find 1 pod at 160 %.
    let edits = "  edits: [{at: 100s, target: {name: web}, replicas: 1, every: 5m}]\n";
    let text = scenario_with("{at: 0s, rps: 160}", edits);
    let run = run(&[WEB, &hpa("web", "Deployment", "web", 1, 10), &text].concat());
    let desired = &run.timeline.workloads[0].desired;
    let set = [100, 400, 700].map(|it| desired.at(tidetable_core::time::Instant::from_seconds(it)));
    assert_eq!(set, [Some(1.0); 3]);
    let before = [99, 399, 699];
    let before = before.map(|it| desired.at(tidetable_core::time::Instant::from_seconds(it)));
    assert_eq!(before, [Some(4.0); 3]);
}

/// The look at 0 s asks for metrics until 1 s; 160 rps on one pod want ceil(1 × 3.2) = 4. Someone
/// sets 2 meanwhile, so that writing the 4 is refused. Releases from 1.34 on read the scale again
/// and write the same count 10 ms later; older ones give up. There the first look is at 15 s, with a
/// resync, so that the next one begins at 30 s and decides at 31 s: 1600m of the first pod, which the
/// second, that has no sample yet, halves to 80 %: ceil(2 × 1.6) = 4.
#[test]
fn someone_scales_between_read_and_write() {
    let text = |minor: u32, at: &str| {
        let edits = format!("  edits: [{{at: {at}, target: {{name: web}}, replicas: 2}}]\n");
        let slow = INSTANT_CALLS.replace("getMetric: 0s", "getMetric: 1s");
        let version = format!("{slow}\n    versions: {{kubernetes: \"1.{minor}\"}}");
        let text = scenario_with("{at: 0s, rps: 160}", &edits).replace(INSTANT_CALLS, &version);
        [WEB, &hpa("web", "Deployment", "web", 1, 10), &text].concat()
    };
    check(
        &text(37, "500ms"),
        "
           at | desired
           0s |       1
         0.5s |       2
        1.01s |       4
        ",
    );
    let run = check(
        &text(33, "15500ms"),
        "
           at | desired
           0s |       1
        15.5s |       2
          31s |       4
        ",
    );
    let first = &run.timeline.hpas[0].looks[0];
    let failed = first.decision.events.iter().find(|it| it.reason == "FailedRescale");
    assert_eq!(
        failed.expect("it is said").message,
        "New size: 4; reason: cpu resource utilization (percentage of request) above target; \
         error: Operation cannot be fulfilled on deployments.apps \"web\": the object has been \
         modified; please apply your changes to the latest version and try again"
    );
}

/// Without edits the HPA goes to 3 at 615 s, when the 4 of 300 s counts no more. One that is back
/// before its wait is over (last look at 390 s, next at 405 s) remembers that, and the wait. One
/// that comes later, at 390 s after the wait was over at 375 s, begins with the 4 that it finds,
/// which counts for 300 s, up to and including 690.005 s.
#[test]
fn an_hpa_that_comes_back_in_time_remembers() {
    let edits = |delete: u32, create: u32| {
        format!(
            "  edits:\n  - {{at: {delete}s, hpa: web, action: delete}}\n  - {{at: {create}s, hpa: \
             web, action: create}}\n"
        )
    };
    let table = |edits: &str| {
        let text = scenario_with(RISE_AND_FALL, edits);
        let run = run(&[WEB, &hpa("web", "Deployment", "web", 1, 10), &text].concat());
        assert_eq!(run.assembly.diagnostics, []);
        let table = run.table(&["desired"]);
        table.lines().skip(4).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(table(&edits(392, 398)), "615s | 3, 630s | 1");
    assert_eq!(table(&edits(372, 390)), "705.005s | 1");
}

#[test]
fn an_hpa_that_is_created_first_is_not_there_before() {
    // 500 rps on a pod: 200 % of its request at most, ceil(1 × 4) = 4, as the maximum of the edit.
    let edits = "  edits:\n  - {at: 100s, hpa: web, action: create, maxReplicas: 4}\n  - {at: 200s, \
                 hpa: web, action: delete}\n";
    let text = scenario_with("{at: 0s, rps: 500}", edits);
    let run = check(
        &[WEB, &hpa("web", "Deployment", "web", 1, 3), &text].concat(),
        "
             at | desired
             0s |       1
        100.005s |       4
        ",
    );
    let looks = &run.timeline.hpas[0].looks;
    assert_eq!((looks[0].at.ms(), looks[0].spec.generation), (100_005, 1));
    assert!(looks.last().expect("it looks").at.ms() < 200_005);
}

#[test]
fn edits_that_change_nothing_are_told() {
    let edits = "  edits:\n  - {at: 1m, hpa: web, action: create}\n  - {at: 2m, hpa: web, action: \
                 delete}\n  - {at: 3m, hpa: web, maxReplicas: 3}\n  - {at: 4m, target: {kind: \
                 StatefulSet, name: web}, replicas: 3}\n";
    let text = scenario_with("{at: 0s, rps: 40}", edits);
    // The first one makes it an HPA that is not there before.
    let run = run(&[WEB, &hpa("web", "Deployment", "web", 1, 2), &text].concat());
    let found: Vec<_> = run.assembly.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        found,
        [
            "web is not there at that time: nothing is edited",
            "no StatefulSet is called web: nothing is scaled"
        ]
    );
}

/// Two pods of another workload that do nothing.
fn idle(labels: &str, selector: &str) -> String {
    let other = web(2).replace("metadata: {name: web}", "metadata: {name: idle}");
    let other = other.replace("matchLabels: {app: web}", selector);
    format!("---\n{}", other.replace("labels: {app: web}", &format!("labels: {labels}")))
}

/// 200 rps are 100 % of each of web's two pods: ceil(2 × 2) = 4. With the pods of another workload
/// under the same selector it is 2000m of 4000m, 50 %, which is the target.
#[test]
fn an_hpa_counts_whatever_its_selector_matches() {
    let text = scenario_with("{at: 0s, rps: 200}", "");
    let desired = |other: &str| {
        let hpa = hpa("web", "Deployment", "web", 1, 10);
        let run = run(&[&web(2), other, &hpa, &text].concat());
        run.timeline.workloads[0].desired.max()
    };
    let expressions = "matchExpressions: [{key: role, operator: In, values: [idle]}]";
    assert_eq!(desired(&idle("{app: web, role: idle}", expressions)), 2.0);
    assert_eq!(desired(&idle("{app: idle, role: idle}", expressions)), 4.0);
    let elsewhere = idle("{app: web, role: idle}", expressions);
    let elsewhere = elsewhere.replace("{name: idle}", "{name: idle, namespace: elsewhere}");
    assert_eq!(desired(&elsewhere), 4.0);
}

/// The HPA of `idle` selects `idle`'s pods; that of `web` selects those and `web`'s own. The first
/// of them to look is alone, the second finds the first; from the next look on both stop.
#[test]
fn hpas_of_two_targets_that_share_pods_stop_each_other() {
    let expressions = "matchExpressions: [{key: role, operator: In, values: [idle]}]";
    let other = idle("{app: web, role: idle}", expressions);
    let hpas = hpa("web", "Deployment", "web", 1, 10) + &hpa("idle", "Deployment", "idle", 2, 10);
    let text = scenario_with("{at: 0s, rps: 200}", "");
    let run = run(&[&*web(2), &other, &hpas, &text].concat());
    let reason = |hpa: usize, look: usize| {
        let status = &run.timeline.hpas[hpa].looks[look].status;
        status.condition(ConditionType::ScalingActive).map_or("", |it| it.reason)
    };
    assert_eq!([reason(0, 0), reason(1, 0)], ["ValidMetricFound", "AmbiguousSelector"]);
    assert_eq!([reason(0, 1), reason(1, 1)], ["AmbiguousSelector"; 2]);
    assert_eq!([0, 1].map(|it| last(&run, it, ConditionType::ScalingActive).0), [false; 2]);
    let status = &run.timeline.hpas[1].looks[1].status;
    let said = &status.condition(ConditionType::ScalingActive).expect("it is set").message;
    assert_eq!(
        *said,
        "pods by selector role in (idle) are controlled by more than one HPA (e.g. [default/web \
         default/idle])"
    );
}
