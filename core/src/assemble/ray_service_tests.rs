//! RayServices that someone edits: what upstream's passes come to, with the times worked out.

use crate::{Language, Report};

const CLUSTER: &str = "    enableInTreeAutoscaling: true\n    headGroupSpec: {rayStartParams: \
                       {num-cpus: '0'}, template: {spec: {containers: [{name: h, resources: \
                       {limits: {cpu: 2, memory: 4Gi}}}]}}}\n    workerGroupSpecs:\n";

fn group(name: &str) -> String {
    format!(
        "    - {{groupName: {name}, replicas: 1, minReplicas: 1, maxReplicas: 5, rayStartParams: \
         {{}}, template: {{spec: {{containers: [{{name: w, resources: {{limits: {{cpu: 2, memory: \
         4Gi}}}}}}]}}}}}}\n"
    )
}

/// What is predicted of a RayService with the fields `own` if these edits are done to it.
fn predict(own: &str, edits: &str) -> Report {
    let text = format!(
        "apiVersion: ray.io/v1\nkind: RayService\nmetadata: {{name: chat}}\nspec:\n  {own}\n  \
         serveConfigV2: |\n    applications:\n    - name: app\n      import_path: a:b\n      \
         deployments: [{{name: D, num_replicas: 1}}]\n  rayClusterConfig:\n{CLUSTER}{}---\n\
         apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 10m\n  load: []\n  \
         edits:\n{edits}",
        group("small")
    );
    let report = crate::predict(&text, Language::En).report;
    assert!(!report.diagnostics.iter().any(|it| it.code == "TT408"), "the Scenario is read");
    report
}

/// Time, autoscaler and reason of each decision.
fn decisions(report: &Report) -> Vec<String> {
    let named = |it: usize| report.autoscalers[it].name.as_str();
    let list = report.decisions.iter().map(|it| {
        let why = &it.explanation;
        let (at, name) = (it.at_ms / 1000.0, named(it.autoscaler));
        format!("{at} {name}: {} → {} {}", why.from, why.to, why.in_short())
    });
    list.collect()
}

/// Upstream: kuberay 1.7 rayservice_controller.go `handleSuspend`: the first pass writes, the
/// second, 2 s later, deletes, the third sees that nothing is left. The pass that sees `suspend`
/// gone goes on to foresee a cluster, and the next one makes it.
#[test]
fn suspend_deletes_the_cluster_and_makes_another_one() {
    let edits = "  - {at: 2m, rayService: chat, spec: {suspend: true}}\n  - {at: 5m, rayService: \
                 chat, spec: {suspend: false}}\n";
    let report = predict("upgradeStrategy: {type: NewCluster}", edits);
    let service = |it: &&String| it.contains("RayService");
    let all = decisions(&report);
    let said: Vec<&String> = all.iter().filter(service).take(5).collect();
    assert_eq!(
        said,
        [
            "121 RayService chat: 1 → 1 suspend is true: all that the RayService owns is to go.",
            "123 RayService chat: 1 → 0 chat is deleted with all its pods.",
            "125 RayService chat: 0 → 0 All is gone: nothing happens until suspend is taken back.",
            "301 RayService chat: 0 → 0 suspend was taken back. There is no cluster: one is \
             prepared.",
            "303 RayService chat: 0 → 1 chat-2 is made, with the replica counts of the RayService. \
             chat-2 has no head pod yet: the pass ends here.",
        ]
    );
    assert!(all.iter().any(|it| it.starts_with("304 KubeRay chat-2: 0 → 2")), "{all:?}");
}

#[test]
fn one_that_is_suspended_from_the_start_has_no_cluster() {
    let report = predict("suspend: true", "  - {at: 1m, rayService: chat, spec: {}}\n");
    let said: Vec<String> = report
        .autoscalers
        .iter()
        .map(|it| format!("{}: {}", it.name, it.verdict.message))
        .collect();
    assert_eq!(said, ["RayService chat: Is suspended: KubeRay makes no cluster of it."]);
    assert_eq!(report.totals.pod_hours, 0.0);
    let edit = "  - {at: 5m, rayService: chat, spec: {suspend: null}}\n";
    let report = predict("suspend: true", edit);
    let all = decisions(&report);
    assert!(all.iter().any(|it| it.starts_with("304 KubeRay chat: 0 → 2")), "{all:?}");
}

/// Upstream: kuberay 1.7 rayservice_controller.go `rayClusterSpecForHashing`, `modifyRayCluster`.
#[test]
fn suspend_of_the_cluster_is_read_when_a_cluster_is_made() {
    let edit = "  - {at: 2m, rayService: chat, spec: {rayClusterConfig: {suspend: true}}}\n";
    let report = predict("upgradeStrategy: {type: NewCluster}", edit);
    assert_eq!(decisions(&report), [""; 0]);
    let found = report.diagnostics.iter().find(|it| it.code == "TT509");
    assert!(found.is_some_and(|it| it.message.contains("when it makes a cluster")));
}

#[test]
fn a_group_that_is_appended_has_its_name() {
    let both = format!("{}{}", group("small"), group("big")).replace("\n    ", "\n        ");
    let edit = format!(
        "  - at: 2m\n    rayService: chat\n    spec:\n      rayClusterConfig:\n        \
         workerGroupSpecs:\n    {both}"
    );
    let report = predict("upgradeStrategy: {type: NewCluster}", edit.trim_end());
    let all = decisions(&report);
    assert_eq!(
        all.last().map(String::as_str),
        Some("122 KubeRay chat: 2 → 3 big should have 1 pod: 1 is made at once.")
    );
    let lines = report.charts.iter().flat_map(|it| &it.series).map(|it| it.id.as_str());
    assert!(lines.collect::<Vec<_>>().contains(&"running/big"));
}

/// Upstream: kuberay 1.7 validation.go `ValidateClusterUpgradeOptions`. What is wrong is the step,
/// which the edit leaves alone.
#[test]
fn a_refusal_that_stands_elsewhere_is_said_at_the_edit() {
    let own = "upgradeStrategy: {type: NewClusterWithIncrementalUpgrade, clusterUpgradeOptions: \
               {gatewayClassName: g, maxSurgePercent: 60, stepSizePercent: 50, intervalSeconds: \
               1}}";
    let spec = "{upgradeStrategy: {clusterUpgradeOptions: {maxSurgePercent: 40}}}";
    let report = predict(own, &format!("  - {{at: 2m, rayService: chat, spec: {spec}}}\n"));
    let found: Vec<(&str, usize)> = report
        .diagnostics
        .iter()
        .filter(|it| matches!(&*it.code, "TT227" | "TT509"))
        .map(|it| (it.message.as_str(), it.span.end - it.span.start))
        .collect();
    assert_eq!(
        found,
        [
            ("stepSizePercent must be less than or equal to maxSurgePercent", spec.len()),
            ("KubeRay refuses what this edit leaves: it is left out", spec.len()),
        ]
    );
}

/// It is refused, and the rest of the text is predicted all the same.
#[test]
fn a_step_that_is_no_percentage_ends_no_prediction() {
    let own = "upgradeStrategy: {type: NewClusterWithIncrementalUpgrade, clusterUpgradeOptions: \
               {gatewayClassName: g, stepSizePercent: -2147483648, intervalSeconds: 1}}";
    let edit = "  - {at: 2m, rayService: chat, spec: {rayClusterConfig: {rayVersion: 2.61.0}}}\n";
    let found = predict(own, edit).diagnostics;
    let refused = "stepSizePercent must be between 0 and 100";
    assert!(found.iter().any(|it| it.message == refused), "{found:?}");
}
