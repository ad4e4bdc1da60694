//! The next decision of an HPA from its metrics as they are, against arithmetic written out.

use tidetable_core::report::{NowHpa, Origin, RightNow, Staircase};
use tidetable_core::{Language, right_now};

fn now(text: &str) -> RightNow {
    right_now(text, Language::En)
}

/// The only HPA of `text`, which nothing is wrong with.
#[track_caller]
fn only(text: &str) -> NowHpa {
    let mut now = now(text);
    assert_eq!(now.diagnostics, [], "{text}");
    assert_eq!(now.hpas.len(), 1, "{text}");
    now.hpas.remove(0)
}

fn value(hpa: &NowHpa, field: &str) -> (String, Origin) {
    let input = hpa.inputs.iter().find(|it| it.field == field).unwrap_or_else(|| {
        panic!("no {field} among {:?}", hpa.inputs.iter().map(|it| &it.field).collect::<Vec<_>>())
    });
    (input.value.clone(), input.origin)
}

fn condition<'a>(hpa: &'a NowHpa, kind: &str) -> (&'a str, &'a str) {
    let found = hpa.explanation.conditions.iter().find(|it| it.kind == kind);
    found.map_or(("", ""), |it| (&it.status, &it.reason))
}

fn manifest(spec: &str, status: &str) -> String {
    let indent = |text: &str| text.replace('\n', "\n  ");
    format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\nspec:\n  \
         scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}\n  {}\n{}",
        indent(spec),
        if status.is_empty() { String::new() } else { format!("status:\n  {}\n", indent(status)) },
    )
}

fn scenario(now: &str) -> String {
    format!("---\napiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  now:\n  - {now}\n")
}

const CPU: &str = "metrics:\n- type: Resource\n  resource: \
                   {name: cpu, target: {type: Utilization, averageUtilization: 80}}";

#[test]
fn a_row_of_kubectl_get_gives_the_next_count() {
    for (targets, replicas, expected) in [
        // ceil(85 / 60 × 4) = ceil(5.67)
        ("cpu: 85%/60%", 4, 6),
        // 66 / 60 = 1.1 is the edge of the tolerance; ceil(67 / 60 × 4) = ceil(4.47)
        ("cpu: 66%/60%", 4, 4),
        ("cpu: 67%/60%", 4, 5),
        ("67%/60%", 4, 5),
        // ceil(250 / 500 × 4)
        ("memory: 250Mi/500Mi", 4, 2),
        // ceil(12 / 50 × 4) = ceil(0.96)
        ("12/50", 4, 1),
        // 3 × 1211m = 3633m; ceil(3633 / 50) = 73, but at most max(2 × 3, 4)
        ("1211m/50m (avg)", 3, 6),
        // The larger: ceil(50 / 80 × 4) = 3 and ceil(90 / 60 × 4) = 6.
        ("cpu: 50%/80%, memory: 90%/60%", 4, 6),
        ("cpu: 50%/80%, memory: 90%/60% + 2 more...", 4, 6),
        // One fails, the other wants more: it may.
        ("cpu: <unknown>/80%, memory: 90%/60%", 4, 6),
        // One fails, the other wants less: nothing.
        ("cpu: <unknown>/80%, memory: 30%/60%", 4, 4),
        ("<unknown>/80%", 4, 4),
    ] {
        let text = format!(
            "NAME  REFERENCE       TARGETS  MINPODS  MAXPODS  REPLICAS  AGE\n\
             web   Deployment/web  {targets}  1  20  {replicas}  5d\n"
        );
        let hpa = only(&text);
        let explanation = &hpa.explanation;
        assert_eq!(explanation.from, f64::from(replicas), "{targets}");
        assert_eq!(explanation.to, f64::from(expected), "{targets}: {}", hpa.verdict);
    }
}

#[test]
fn bounds_are_kept_without_a_look_at_metrics() {
    for (min, max, replicas, expected) in [(5, 9, 3, 5), (1, 9, 12, 9), (0, 9, 0, 0)] {
        let text = format!(
            "NAMESPACE NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE\n\
             shop web Deployment/web cpu: <unknown>/80% {min} {max} {replicas} 5d\n"
        );
        assert_eq!(only(&text).explanation.to, f64::from(expected), "{min} to {max}");
    }
}

#[test]
fn a_metric_without_a_value_stands_still_with_the_reason() {
    let text = manifest("maxReplicas: 9", "currentReplicas: 3\ndesiredReplicas: 3");
    let hpa = only(&text);
    assert_eq!(condition(&hpa, "ScalingActive"), ("False", "FailedGetResourceMetric"));
    assert_eq!(hpa.verdict.to_string(), "Stands still at 3 replicas: FailedGetResourceMetric.");
    assert_eq!(hpa.staircases, []);
}

#[test]
fn a_metric_that_failed_keeps_its_place_beside_one_of_the_same_name() {
    // The controller leaves an empty entry at the place of the one that failed.
    let metric = "- type: Pods\n  pods: {metric: {name: rps}, target: \
                  {type: AverageValue, averageValue: 10}}";
    let spec = format!("maxReplicas: 9\nmetrics:\n{metric}\n{metric}");
    let status = "currentReplicas: 3\ndesiredReplicas: 3\ncurrentMetrics:\n- {type: \"\"}\n- type: Pods\n  \
                  pods: {metric: {name: rps}, current: {averageValue: 12}}";
    let hpa = only(&manifest(&spec, status));
    assert_eq!(value(&hpa, "metrics[0]").0, "<unknown>");
    assert_eq!(value(&hpa, "metrics[1]").0, "12");
}

#[test]
fn the_status_after_a_rescale_shows_the_count_before_it() {
    let status = "currentReplicas: 4\ndesiredReplicas: 6\ncurrentMetrics:\n- type: Resource\n  \
                  resource: {name: cpu, current: {averageUtilization: 120, averageValue: 600m}}\n\
                  conditions:\n- {type: AbleToScale, status: \"True\", reason: SucceededRescale}\n\
                  - {type: ScalingActive, status: \"True\", reason: ValidMetricFound}";
    let hpa = only(&manifest(&format!("maxReplicas: 20\n{CPU}"), status));
    assert_eq!(value(&hpa, "currentReplicas"), ("6".to_owned(), Origin::Read));
    assert_eq!(value(&hpa, "pods.ready"), ("4".to_owned(), Origin::Assumed));
    assert_eq!(value(&hpa, "pods.notReady"), ("2".to_owned(), Origin::Assumed));
    // 4 pods at 600m and 2 that count as 0: 2400 / (6 × 500) = 80 %.
    assert_eq!(hpa.explanation.to, 6.0);
    let filled =
        hpa.explanation.steps.iter().find(|it| it.rule == "filled-in-utilization").unwrap();
    assert_eq!(filled.formula.to_string(), "2400m / 3 = 80 %");
}

#[test]
fn what_the_conditions_tell_of_the_last_recommendation_holds_the_next_look() {
    let status = |reason: &str| {
        format!(
            "currentReplicas: 4\ndesiredReplicas: 4\ncurrentMetrics:\n- type: Resource\n  \
             resource: {{name: cpu, current: {{averageUtilization: 20}}}}\nconditions:\n\
             - {{type: AbleToScale, status: \"True\", reason: {reason}}}\n\
             - {{type: ScalingActive, status: \"True\", reason: ValidMetricFound}}"
        )
    };
    let hpa = only(&manifest(&format!("maxReplicas: 9\n{CPU}"), &status("ScaleDownStabilized")));
    assert_eq!(value(&hpa, "recommendations"), ("4 15s ago".to_owned(), Origin::Read));
    assert_eq!(
        (hpa.explanation.to, condition(&hpa, "AbleToScale").1),
        (4.0, "ScaleDownStabilized")
    );
    // Once it is said that nothing is remembered, ceil(20 / 80 × 4) = 1.
    let text = manifest(&format!("maxReplicas: 9\n{CPU}"), &status("ScaleDownStabilized"));
    let typed = text + &scenario("{hpa: web, recommendations: []}");
    assert_eq!(only(&typed).explanation.to, 1.0);
    // One that is as old as the window still counts without behavior, one that is older does not.
    for (ago, expected) in [("5m", 4.0), ("301s", 1.0)] {
        let text = manifest(&format!("maxReplicas: 9\n{CPU}"), &status("ReadyForNewScale"));
        let now = format!("{{hpa: web, recommendations: [{{replicas: 4, ago: {ago}}}]}}");
        assert_eq!(only(&(text + &scenario(&now))).explanation.to, expected, "{ago}");
    }
}

#[test]
fn an_unknown_history_is_said_out_loud() {
    let text = "NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE\n\
                web Deployment/web cpu: 20%/80% 1 9 4 5d\n";
    let hpa = only(text);
    assert_eq!(hpa.explanation.to, 1.0);
    let said: Vec<String> = hpa.assumptions.iter().map(ToString::to_string).collect();
    let expected = "Earlier recommendations are not known: stabilization may hold. If one of the \
                    last 5m 00s was 4 or more, it stays at 4.";
    assert!(said.iter().any(|it| it == expected), "{said:#?}");
}

#[test]
fn who_scaled_to_zero_decides_whether_it_wakes() {
    let spec = "minReplicas: 0\nmaxReplicas: 9\nmetrics:\n- type: External\n  external:\n    \
                metric: {name: queue}\n    target: {type: AverageValue, averageValue: 30}";
    let metrics = "currentMetrics:\n- type: External\n  external: \
                   {metric: {name: queue}, current: {averageValue: 75}}";
    let zero =
        |is: &str| format!("{metrics}\nconditions:\n- {{type: ScaledToZero, status: \"{is}\"}}");
    // ceil(75 / 30) = 3
    assert_eq!(only(&manifest(spec, &zero("True"))).explanation.to, 3.0);
    for status in [zero("False"), metrics.to_owned()] {
        let hpa = only(&manifest(spec, &status));
        assert_eq!(hpa.explanation.to, 0.0);
        assert_eq!(condition(&hpa, "ScalingActive"), ("False", "ScalingDisabled"));
    }
    let typed = manifest(spec, metrics) + &scenario("{hpa: web, scaledToZero: true}");
    assert_eq!(only(&typed).explanation.to, 3.0);
}

#[test]
fn typed_pods_count_as_the_controller_counts_them() {
    for (pods, metric, expected) in [
        // ceil(100 / 80 × 4)
        ("{ready: 4}", "100%", 5.0),
        // On the way up, a pod not ready and one without a sample count as 0:
        // 200 / 400 = 50 % would go down, so nothing happens.
        ("{ready: 2, notReady: 1, missing: 1}", "100%", 4.0),
        // On the way down, one without a sample counts as 100 %: (3 × 20 + 100) / 400 = 40 %,
        // ceil(40 / 80 × 4) = 2.
        ("{ready: 3, missing: 1}", "20%", 2.0),
        // On the way down, one that is not ready is left out: ceil(20 / 80 × 3) = 1.
        ("{ready: 3, notReady: 1}", "20%", 1.0),
        ("{missing: 4}", "20%", 4.0),
    ] {
        let now = format!("{{hpa: web, currentReplicas: 4, pods: {pods}, metrics: [{metric}]}}");
        let text = manifest(&format!("maxReplicas: 20\n{CPU}"), "") + &scenario(&now);
        let hpa = only(&text);
        assert_eq!(hpa.explanation.to, expected, "{pods} at {metric}: {}", hpa.verdict);
        assert_eq!(value(&hpa, "metrics[0]"), (metric.to_owned(), Origin::Typed));
    }
}

#[test]
fn typed_goes_before_told_and_told_before_assumed() {
    let spec = format!("minReplicas: 2\nmaxReplicas: 9\n{CPU}");
    let hpa = only(&manifest(&spec, ""));
    assert_eq!(value(&hpa, "currentReplicas"), ("2".to_owned(), Origin::Assumed));
    assert_eq!(value(&hpa, "metrics[0]"), ("80%".to_owned(), Origin::Assumed));
    let deployment = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  \
                      replicas: 3\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: \
                      {labels: {a: b}}\n    spec:\n      containers:\n      - {name: web, resources: \
                      {requests: {cpu: 200m}}}\n";
    let hpa = only(&(manifest(&spec, "") + deployment));
    assert_eq!(value(&hpa, "currentReplicas"), ("3".to_owned(), Origin::Assumed));
    let formula = hpa.explanation.steps[0].formula.to_string();
    assert_eq!(formula, "480m / 600m = 80 %", "3 pods of 200m at 80 %");
    let status = "currentReplicas: 5\ncurrentMetrics:\n- type: Resource\n  resource: {name: cpu, \
                  current: {averageUtilization: 60}}";
    let told = manifest(&spec, status);
    let hpa = only(&told);
    assert_eq!(value(&hpa, "currentReplicas"), ("5".to_owned(), Origin::Read));
    assert_eq!(value(&hpa, "metrics[0]"), ("60%".to_owned(), Origin::Read));
    let table = "---\nNAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE\n\
                 other Deployment/o cpu: 1%/80% 1 9 1 5d\nweb Deployment/web cpu: 70%/80% 1 9 6 5d\n";
    let both = now(&format!("{told}{table}"));
    assert_eq!(both.diagnostics, []);
    let names: Vec<_> = both.hpas.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["HPA web", "HPA other"], "each once");
    assert_eq!(value(&both.hpas[0], "metrics[0]"), ("70%".to_owned(), Origin::Read));
    let typed = format!("{told}{}", scenario("{hpa: web, metrics: [~]}"));
    assert_eq!(value(&only(&typed), "metrics[0]"), ("60%".to_owned(), Origin::Read));
    let typed = format!("{told}{}", scenario("{hpa: web, metrics: [90]}"));
    assert_eq!(value(&only(&typed), "metrics[0]"), ("90%".to_owned(), Origin::Typed));
}

#[test]
fn the_pods_show_the_share_that_was_told() {
    for request in ["1m", "7m", "99m", "100m", "333m", "1500m", "64"] {
        for percent in [0, 1, 33, 66, 79, 99, 100, 101, 250, 12_345, 2_147_483_647] {
            let deployment = format!(
                "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  \
                 selector: {{matchLabels: {{a: b}}}}\n  template:\n    metadata: {{labels: {{a: b}}}}\n    \
                 spec:\n      containers:\n      - name: web\n        resources: {{requests: {{cpu: \
                 {request}}}}}\n"
            );
            let now = format!("{{hpa: web, currentReplicas: 3, metrics: [{percent}%]}}");
            let spec = manifest(&format!("maxReplicas: 9\n{CPU}"), "");
            let hpa = only(&format!("{spec}{deployment}{}", scenario(&now)));
            let measured = &hpa.explanation.steps[0];
            assert_eq!(measured.result, format!("{percent} %"), "{request}: {}", measured.formula);
        }
    }
}

/// `above – up to: proposal → count`, the present step with a star.
fn stairs(staircase: &Staircase) -> Vec<String> {
    let step = |it: &tidetable_core::report::Stair| {
        let end = |it: &Option<String>| it.clone().unwrap_or_default();
        let proposal = it.proposal.map_or_else(String::new, |it| it.to_string());
        let star = if it.is_present { " *" } else { "" };
        format!("{}–{}: {proposal} → {}{star}", end(&it.above), end(&it.up_to), it.replicas)
    };
    staircase.steps.iter().map(step).collect()
}

#[test]
fn the_staircase_names_the_values_at_which_the_answer_changes() {
    let now = "{hpa: web, currentReplicas: 4, metrics: [75%]}";
    let text = manifest(&format!("minReplicas: 2\nmaxReplicas: 6\n{CPU}"), "") + &scenario(now);
    let hpa = only(&text);
    assert_eq!(
        stairs(&hpa.staircases[0]),
        [
            "–0%: 0 → 2",
            // 20 / 80 × 4 = 1 and so on; 72 / 80 is the edge of the tolerance.
            "0%–20%: 1 → 2",
            "20%–40%: 2 → 2",
            "40%–60%: 3 → 3",
            // ceil(3.05) = 4 from 61 % on; the tolerance ends at 88 %.
            "60%–88%: 4 → 4 *",
            "88%–100%: 5 → 5",
            "100%–120%: 6 → 6",
            "120%–140%: 7 → 6",
            "140%–160%: 8 → 6",
            "160%–180%: 9 → 6",
        ]
    );
}

#[test]
fn what_keeps_it_from_its_metrics_stays() {
    let rivals = manifest(&format!("maxReplicas: 9\n{CPU}"), "")
        + "---\n"
        + &manifest("maxReplicas: 5", "").replace("{name: web}\nspec", "{name: late}\nspec");
    for hpa in now(&rivals).hpas {
        assert_eq!(
            condition(&hpa, "ScalingActive"),
            ("False", "AmbiguousSelector"),
            "{}",
            hpa.name
        );
    }
    let ray = manifest("maxReplicas: 9", "").replace(
        "apiVersion: apps/v1, kind: Deployment",
        "apiVersion: ray.io/v1, kind: RayCluster",
    );
    assert_eq!(condition(&only(&ray), "AbleToScale"), ("False", "FailedGetScale"));
    let status = "currentReplicas: 3\ndesiredReplicas: 3\nconditions:\n- {type: AbleToScale, status: \
                  \"False\", reason: FailedGetScale, message: \"the HPA controller was unable to \
                  get the target's current scale: gone\"}";
    let hpa = only(&manifest(&format!("maxReplicas: 9\n{CPU}"), status));
    assert_eq!(hpa.verdict.to_string(), "Stands still at 3 replicas: FailedGetScale.");
    assert_eq!(hpa.explanation.events, ["Warning FailedGetScale gone"]);
}

#[test]
fn rubbish_is_located() {
    let table = "NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE\n";
    let cpu = manifest(&format!("maxReplicas: 9\n{CPU}"), "");
    for (text, expected) in [
        (format!("{table}web Deployment/web\n"), "TT603 [web Deployment/web]"),
        (format!("{table}web Deployment/web cpu: many/80% 1 9 4 5d\n"), "TT603 [cpu: many/80%]"),
        (format!("{table}web Deployment/web cpu: 1%/80% 1 9 four 5d\n"), "TT603 [four]"),
        (format!("{table}web Deployment/web cpu: 1%/80% 1 9 70000 5d\n"), "TT607 [70000]"),
        (format!("{cpu}---\n{table}web Deployment/web 12/80 1 9 4 5d\n"), "TT604 [12/80]"),
        (
            format!("{cpu}---\n{table}web Deployment/web cpu: 1%/8%, 1/2 1 9 4 5d\n"),
            "TT604 [cpu: 1%/8%]",
        ),
        (cpu.clone() + &scenario("{hpa: webb}"), "TT605 [webb]"),
        (cpu.clone() + &scenario("{hpa: web, metrics: [250m]}"), "TT606 [250m]"),
        (
            "Name:  web\nNamespace:  shop\nReference:  Deployment/web\nMetrics:  ( current / target )\n  \
             resource cpu on pods:  so / so\nMax replicas:  3\n"
                .to_owned(),
            "TT603 [resource cpu on pods:  so / so]",
        ),
    ] {
        let found: Vec<String> = now(&text)
            .diagnostics
            .iter()
            .map(|it| format!("{} [{}]", it.code, &text[it.span.start..it.span.end]))
            .collect();
        assert_eq!(found, [expected], "{text}");
    }
}

#[test]
fn every_assumption_is_said_in_both_languages() {
    let status = |reason: &str, from: i32| {
        format!(
            "currentReplicas: {from}\ndesiredReplicas: 6\ncurrentMetrics:\n- type: Resource\n  \
             resource: {{name: cpu, current: {{averageUtilization: 20, averageValue: 100m}}}}\n- type: \
             External\n  external: {{metric: {{name: q}}, current: {{averageValue: 5}}}}\nconditions:\n\
             - {{type: AbleToScale, status: \"True\", reason: {reason}}}\n\
             - {{type: ScalingActive, status: \"True\", reason: ValidMetricFound}}"
        )
    };
    let spec = "minReplicas: 0\nmaxReplicas: 9\nbehavior: {}\nmetrics:\n- type: Resource\n  \
                resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}\n\
                - type: External\n  external: {metric: {name: q}, target: {type: AverageValue, \
                averageValue: 30}}";
    let describe = "Name:  web\nNamespace:  shop\nReference:  Deployment/web\nMetrics:  ( current / \
                    target )\n  \"q\" on pods:  <unknown> / 5\nMax replicas:  3\nDeployment pods:  0 \
                    current / 0 desired\n";
    let texts = [
        manifest(spec, &status("SucceededRescale", 4)),
        manifest(spec, &status("ReadyForNewScale", 6)),
        manifest(&format!("minReplicas: 2\nmaxReplicas: 9\n{CPU}"), ""),
        manifest(&format!("maxReplicas: 9\n{CPU}"), "")
            + "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3, \
               selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: \
               {containers: [{name: web}]}}}\n",
        manifest(&format!("maxReplicas: 9\nbehavior: {{}}\n{CPU}"), "")
            + &scenario("{hpa: web, currentReplicas: 4, metrics: [20%]}"),
        "NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE\n\
         web Deployment/web 20%/80%, 3/4 (avg) + 1 more... 1 9 4 5d\n"
            .to_owned(),
        describe.to_owned(),
    ];
    let said = |language| -> Vec<String> {
        let hpas = texts.iter().flat_map(|it| right_now(it, language).hpas);
        hpas.flat_map(|it| it.assumptions).map(|it| it.to_string()).collect()
    };
    let (english, korean) = (said(Language::En), said(Language::Ko));
    assert_eq!(english.len(), korean.len());
    for (english, korean) in english.iter().zip(&korean) {
        assert!(korean.chars().any(|it| ('가'..='힣').contains(&it)), "{english}: {korean}");
    }
    for expected in [
        "Numbers are those of status",
        "Numbers are what kubectl describe hpa printed",
        "Numbers are what kubectl get hpa printed",
        "Nothing tells how it stands",
        "Its manifest is not in the text",
        "A table does not tell the type of each metric",
        "1 more metric is not printed",
        "The last look wrote 6",
        "3 replicas, as the manifest of the target says",
        "2 replicas, the least that it may be",
        "4 pods count as ready",
        "2 pods have just been asked for, and count as not ready",
        "Metrics that nobody told are taken as at their target",
        "A metric without a value fails",
        "The pods' requests are not told",
        "A pod requests 500m",
        "5 for each of 4 replicas at the last look: 20 in all",
        "The conditions tell that the last look recommended 6",
        "The last look changed the count by +2",
        "Earlier recommendations are not known",
        "Changes within the periods of behavior are not known",
        "Nothing tells who scaled to zero",
    ] {
        assert!(english.iter().any(|it| it.starts_with(expected)), "{expected}: {english:#?}");
    }
}
