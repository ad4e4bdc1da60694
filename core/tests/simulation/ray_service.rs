//! RayServices that someone edits while they serve.
//!
//! The operator hears of everything at once and its controller passes every 2 s; a pod needs no
//! time until Ray starts in it, which takes 20 s; a replica starts in 5 s. Serve's loop follows a
//! config after 0.1 s.

use tidetable_core::{Language, predict};

use crate::{Run, run};

/// `replicas` of the deployment, of 4 CPUs each unless said; edits and strategy.
fn text(deployment: &str, strategy: &str, edits: &str) -> String {
    format!(
        "apiVersion: ray.io/v1
kind: RayService
metadata: {{name: chat}}
spec:
  {strategy}
  serveConfigV2: |
    applications:
    - name: chat
      import_path: chat:app
      deployments:
      - {{name: Model, {deployment}}}
  rayClusterConfig:
    rayVersion: 2.60.0
    enableInTreeAutoscaling: true
    headGroupSpec:
      rayStartParams: {{num-cpus: '0'}}
      template: {{spec: {{containers: [{{name: h, image: ray, resources: {{limits: {{cpu: 1, \
         memory: 1Gi}}}}}}]}}}}
    workerGroupSpecs:
    - groupName: a
      replicas: 2
      minReplicas: 1
      maxReplicas: 10
      rayStartParams: {{}}
      template: {{spec: {{containers: [{{name: w, image: ray, resources: {{limits: {{cpu: 4, \
         memory: 1Gi}}}}}}]}}}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 5m
  load:
  - target: {{kind: RayService, name: chat}}
    constant: 8
  edits:
{edits}
  nodes:
    pool:
    - {{name: large, count: 4, cpu: 16, memory: 64Gi}}
  assumptions:
    request: {{serviceTime: 100ms}}
    podStart: {{schedule: 0s, container: 0s}}
    ray: {{imagePull: 0s, rayStart: 20s, demandLag: 0s, operatorLag: 0s, replicaStart: 5s}}
"
    )
}

/// What the controller did or saw that was new, a line for each pass; what both clusters are
/// asked is said once.
fn passes(run: &Run) -> String {
    let looks = run.timeline.ray_services.iter().flatten();
    let lines = looks.map(|look| {
        let causes = look.trace.causes.iter().map(|it| {
            let text = format!("{it:?}");
            let numbers = text.split(['{', '}']).nth(1).unwrap_or_default();
            let name = text.split(' ').next().unwrap_or_default().to_owned();
            let of = |key: &str| {
                let found = numbers.split(", ").find_map(|it| it.trim().strip_prefix(key))?;
                Some(found.trim().trim_start_matches("ClusterId(").trim_end_matches(')').to_owned())
            };
            let range = of("from: ").zip(of("to: ")).map(|(from, to)| format!(" {from}-{to}"));
            name + &range.unwrap_or_default()
        });
        let mut causes: Vec<String> = causes.collect();
        causes.dedup();
        format!("{} {}", look.at.ms() / 1000, causes.join(", "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `at value` of each change, in whole seconds.
fn points(series: &tidetable_core::series::Series) -> Vec<(i64, f64)> {
    series.points().iter().map(|(at, value)| (at.ms() / 1000, *value)).collect()
}

const NEW_VERSION: &str =
    "  - {at: 100s, rayService: chat, spec: {rayClusterConfig: {rayVersion: 2.61.0}}}";

#[test]
fn a_new_cluster_takes_over_when_it_is_ready_and_the_old_one_stays_a_minute() {
    // Foreseen at 100 s, made at 102 s with two workers; its head answers at 122 s and gets the
    // config; its replicas run at 127.1 s, so that the pass at 128 s lets it take over. The one at
    // 130 s finds that nobody needs the old one: 60 s, and the first pass beyond 190 s.
    let run = run(&text("num_replicas: 2, ray_actor_options: {num_cpus: 4}", "", NEW_VERSION));
    let expected = "100 SpecChanged\n102 ClusterMade, NoHead\n122 Submitted\n128 Promoted\n\
                    130 DeletionScheduled\n192 DeletionDue";
    assert_eq!(passes(&run), expected);
    let workers = |cluster: usize| points(&run.timeline.clusters[cluster].groups[0].running);
    assert_eq!(workers(0), [(0, 2.0), (192, 0.0)]);
    assert_eq!(workers(1), [(0, 0.0), (122, 2.0)], "the RayService's own replicas");
    let load = |service: usize| points(&run.timeline.services[service].load);
    assert_eq!((load(0), load(1)), (vec![(0, 8.0), (128, 0.0)], vec![(122, 0.0), (128, 8.0)]));
    let pods: Vec<_> = run.timeline.pods.points().iter().map(|it| it.1).collect();
    assert_eq!(pods, [3.0, 6.0, 3.0], "twice as many until the old ones are gone");
}

#[test]
fn strategy_none_ignores_the_spec_and_a_delay_of_its_own_counts() {
    let options = "num_replicas: 2, ray_actor_options: {num_cpus: 4}";
    let none = run(&text(options, "upgradeStrategy: {type: None}", NEW_VERSION));
    assert_eq!(passes(&none), "");
    assert_eq!(none.timeline.clusters[1].made, None);
    let soon = run(&text(options, "rayClusterDeletionDelaySeconds: 0", NEW_VERSION));
    // Scheduled at 130 s for 130 s: the next pass is the first beyond.
    assert!(passes(&soon).ends_with("130 DeletionScheduled\n132 DeletionDue"), "{}", passes(&soon));
}

#[test]
fn another_serve_config_goes_to_the_cluster_that_is_there() {
    let edit = "  - at: 100s
    rayService: chat
    spec:
      serveConfigV2: |
        applications:
        - name: chat
          import_path: chat:app
          deployments:
          - {name: Model, num_replicas: 3, ray_actor_options: {num_cpus: 4}}";
    let run = run(&text("num_replicas: 2, ray_actor_options: {num_cpus: 4}", "", edit));
    assert_eq!(passes(&run), "100 Submitted");
    assert_eq!(run.timeline.clusters.len(), 1);
    assert_eq!(points(&run.timeline.services[0].target), [(0, 2.0), (100, 3.0)]);
    // The third asks at 100.1 s, Ray looks at 105 s, its worker joins at 125 s; 5 s more.
    assert_eq!(points(&run.timeline.services[0].running), [(0, 2.0), (130, 3.0)]);
}

#[test]
fn a_group_appended_is_added_in_place_and_replicas_are_written_back() {
    let group = |name: &str, replicas: u32| {
        format!(
            "        - {{groupName: {name}, replicas: {replicas}, minReplicas: 1, maxReplicas: 10, \
             rayStartParams: {{}}, template: {{spec: {{containers: [{{name: w, image: ray, \
             resources: {{limits: {{cpu: 4, memory: 1Gi}}}}}}]}}}}}}\n"
        )
    };
    let edit = format!(
        "  - at: 100s\n    rayService: chat\n    spec:\n      rayClusterConfig:\n        \
         workerGroupSpecs:\n{}{}",
        group("a", 2),
        group("b", 1)
    );
    let run = run(&text("num_replicas: 2, ray_actor_options: {num_cpus: 4}", "", &edit));
    assert_eq!(passes(&run), "100 UpdatedInPlace");
    assert_eq!(points(&run.timeline.clusters[0].groups[1].running), [(100, 0.0), (120, 1.0)]);
}

#[test]
fn an_incremental_upgrade_moves_capacity_and_traffic_in_turns() {
    let strategy = "upgradeStrategy: {type: NewClusterWithIncrementalUpgrade, \
                    clusterUpgradeOptions: {maxSurgePercent: 50, stepSizePercent: 25, \
                    intervalSeconds: 10, gatewayClassName: istio}}";
    let run =
        run(&text("num_replicas: 4, ray_actor_options: {num_cpus: 1}", strategy, NEW_VERSION));
    // The new cluster's capacity goes to 50 at once; its two replicas run at 127.1 s, so that
    // traffic moves at 128 s and 138 s. Then both have 150 together: the old one goes to 50, the
    // new one to 100 (running at 147.1 s), traffic follows at 148 s and 158 s, the old one goes to
    // 0, and the new one has all. A pass asks the new cluster first: after its capacity rose, the
    // old one finds that traffic is behind.
    let expected = "100 SpecChanged
102 ClusterMade, NoHead
122 Submitted, CapacityMoved 0-50, TrafficBehind
124 TrafficBehind
128 TrafficBehind, TrafficMoved 0-25
130 TrafficBehind
138 TrafficBehind, TrafficMoved 25-50
140 CapacityMoved 100-50
142 CapacityMoved 50-100, TrafficBehind
144 TrafficBehind
148 TrafficBehind, TrafficMoved 50-75
150 TrafficBehind
158 TrafficBehind, TrafficMoved 75-100
160 CapacityMoved 50-0, Promoted
162 DeletionScheduled
224 DeletionDue";
    assert_eq!(passes(&run), expected);
    let services = &run.timeline.services;
    let load: Vec<_> = services.iter().map(|it| points(&it.load)).collect();
    assert_eq!(load[0], [(0, 8.0), (128, 6.0), (138, 4.0), (148, 2.0), (158, 0.0)]);
    assert_eq!(load[1], [(122, 0.0), (128, 2.0), (138, 4.0), (148, 6.0), (158, 8.0)]);
    // Half of 4, rounded up where it is not whole.
    assert_eq!(points(&services[0].target), [(0, 4.0), (140, 2.0), (160, 0.0)]);
    assert_eq!(points(&services[1].target), [(122, 2.0), (142, 4.0)]);
    // Without `replicas` it starts with `minReplicas`, and 4 CPUs are enough.
    assert_eq!(points(&run.timeline.clusters[1].groups[0].running), [(0, 0.0), (122, 1.0)]);
}

#[test]
fn a_cluster_made_without_replicas_is_scaled_like_any_other() {
    let strategy = "upgradeStrategy: {type: NewClusterWithIncrementalUpgrade, \
                    clusterUpgradeOptions: {maxSurgePercent: 100, stepSizePercent: 100, \
                    intervalSeconds: 10, gatewayClassName: istio}}";
    let run =
        run(&text("num_replicas: 3, ray_actor_options: {num_cpus: 4}", strategy, NEW_VERSION));
    // `replicas` is 0, the CRD's default, and one worker runs as `minReplicas` says. Three replicas
    // of 4 CPUs need two more, which Ray's autoscaler asks for.
    let requested = points(&run.timeline.clusters[1].groups[0].requested);
    assert!(requested.iter().any(|it| it.1 == 3.0), "{requested:?}");
    assert!(passes(&run).contains("Promoted"), "{}", passes(&run));
}

#[test]
fn an_edit_taken_back_half_way_rolls_back() {
    let strategy = "upgradeStrategy: {type: NewClusterWithIncrementalUpgrade, \
                    clusterUpgradeOptions: {maxSurgePercent: 50, stepSizePercent: 25, \
                    intervalSeconds: 10, gatewayClassName: istio}}";
    let back = format!(
        "{NEW_VERSION}\n  - {{at: 135s, rayService: chat, spec: {{rayClusterConfig: {{rayVersion: \
         2.60.0}}}}}}"
    );
    let run = run(&text("num_replicas: 4, ray_actor_options: {num_cpus: 1}", strategy, &back));
    let passes = passes(&run);
    // 25 % had moved; the old cluster, which kept all of its capacity, has all of it again.
    assert!(passes.contains("135 RollbackBegan"), "{passes}");
    assert!(passes.contains("RollbackDone"), "{passes}");
    assert!(!passes.contains("Promoted"), "{passes}");
    assert_eq!(points(&run.timeline.services[0].load).last().map(|it| it.1), Some(8.0));
    assert!(run.timeline.clusters[1].deleted.is_some());
}

#[test]
fn the_report_tells_the_upgrade_in_both_languages() {
    let text = text("num_replicas: 2, ray_actor_options: {num_cpus: 4}", "", NEW_VERSION);
    let said = |name: &str, language| {
        let report = predict(&text, language).report;
        let found = report.autoscalers.into_iter().find(|it| it.name == name);
        found.expect("it decides").verdict.message.to_string()
    };
    let verdict = |language| said("RayService chat", language);
    // It never had none: its two came with it.
    assert_eq!(said("Ray autoscaler chat-2", Language::En), "Stays at 2 workers.");
    assert_eq!(verdict(Language::En), "chat-2 takes over at 2m 08s. chat is deleted at 3m 12s.");
    assert_eq!(
        verdict(Language::Ko),
        "chat-2가 2m 08s에 넘겨받습니다. chat는 3m 12s에 삭제됩니다."
    );
    let report = predict(&text, Language::En).report;
    let workers = report.charts.iter().filter(|it| it.id.starts_with("workers/")).count();
    assert_eq!(workers, 2);
    let operators = report.autoscalers.iter().filter(|it| it.id.starts_with("operator/"));
    assert_eq!(operators.count(), 1, "only the new cluster's pods are made in the run");
    let made = report
        .decisions
        .iter()
        .find(|it| it.explanation.steps.iter().any(|step| step.rule == "kuberay-clusters"));
    let made = made.expect("a decision that makes it");
    let step = &made.explanation.steps[0];
    assert_eq!(step.text.to_string(), "chat-2 is made, with the replica counts of the RayService.");
    assert_eq!(step.source.function, "reconcileRayCluster");
}
