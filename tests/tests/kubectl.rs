//! What kubectl's own printers print is read back: every number of 150 texts against the objects
//! that they were printed from.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use tidetable_core::hpa::{
    Behavior, MetricSpec, PolicyKind, ResourceTarget, ScalingPolicy, ScalingRules, SelectPolicy,
    ValueTarget,
};
use tidetable_core::kubectl::{self, Current, Source, Told, ToldMetric};
use tidetable_core::quantity::Quantity;
use tidetable_core::report::NowHpa;
use tidetable_core::source::Span;
use tidetable_core::time::Duration;
use tidetable_core::{Language, right_now};

/// What kubectl printed for some objects.
#[derive(Deserialize)]
struct Case {
    command: String,
    objects: Vec<Value>,
    text: String,
    #[serde(default)]
    old: Vec<Old>,
}

/// An HPA as autoscaling/v1 prints it, and as it is read back.
#[derive(Deserialize)]
struct Old {
    text: String,
    back: Value,
}

#[test]
fn what_kubectl_prints_is_read_back() {
    for version in versions() {
        let first_with_names = version == "1.37";
        each_case(version, |line, case| {
            let span = Span::new(0, case.text.len());
            assert_eq!(kubectl::find(&case.text, span).map(|it| it.start), Some(0), "line {line}");
            let read = kubectl::read(&case.text, span);
            assert_eq!(read.diagnostics, [], "{version} line {line}:\n{}", case.text);
            assert_eq!(read.told.len(), case.objects.len(), "line {line}:\n{}", case.text);
            for (told, object) in read.told.iter().zip(&case.objects) {
                let place = format!("{version} line {line}:\n{}{told:#?}", case.text);
                check(&case, told, object, first_with_names, &place);
            }
        });
    }
}

/// What `kubectl describe` printed and what `kubectl get -o yaml` prints of the same object lead to
/// the same next count, for the same reasons.
#[test]
fn a_description_leads_to_what_its_manifest_leads_to() {
    let mut compared = 0;
    for version in versions() {
        each_case(version, |line, case| {
            if case.command != "describe" {
                return;
            }
            for (object, text) in case.objects.iter().zip(case.text.split("\n\n\n")) {
                let metrics = object["spec"]["metrics"].as_array();
                // `<auto>`: the API server stores none such.
                if metrics.is_none_or(|it| it.iter().any(|it| expected_spec(it).is_none())) {
                    continue;
                }
                let mut object = object.clone();
                object["apiVersion"] = "autoscaling/v2".into();
                object["kind"] = "HorizontalPodAutoscaler".into();
                // A description does not say the group; no Rollout is in that of Deployments.
                let target = &mut object["spec"]["scaleTargetRef"];
                if target["kind"] == "Rollout" {
                    target["apiVersion"] = "argoproj.io/v1alpha1".into();
                }
                let manifest = right_now(&object.to_string(), Language::En);
                let printed = right_now(text, Language::En);
                let place = format!("{version} line {line}:\n{text}\n{object}");
                let (manifest, printed) = (&manifest.hpas[0], &printed.hpas[0]);
                let numbers = |it: &NowHpa| -> Vec<_> {
                    it.inputs.iter().map(|it| (it.field.clone(), it.value.clone())).collect()
                };
                assert_eq!(numbers(printed), numbers(manifest), "{place}");
                let reasons = |it: &NowHpa| -> Vec<_> {
                    let steps = it.explanation.steps.iter();
                    let steps = steps.map(|it| (it.rule.clone(), it.result.clone()));
                    steps.chain([(it.verdict.to_string(), String::new())]).collect()
                };
                assert_eq!(reasons(printed), reasons(manifest), "{place}");
                assert_eq!(printed.staircases, manifest.staircases, "{place}");
                compared += 1;
            }
        });
    }
    assert!(compared >= 50, "{compared}");
}

/// What `kubectl get -o yaml` prints of an HPA as autoscaling/v1, whose metrics, behavior and status
/// stand in annotations, leads to what the same HPA leads to as the API server reads it back.
#[test]
fn what_autoscaling_v1_says_in_annotations_leads_to_what_v2_says_in_fields() {
    let mut compared = 0;
    for version in versions() {
        each_case(version, |line, case| {
            for Old { text, back } in &case.old {
                let metrics = back["spec"]["metrics"].as_array();
                // `<auto>`: the API server stores none such.
                if metrics.is_none_or(|it| it.iter().any(|it| expected_spec(it).is_none())) {
                    continue;
                }
                let mut back = back.clone();
                back["apiVersion"] = "autoscaling/v2".into();
                back["kind"] = "HorizontalPodAutoscaler".into();
                let old = right_now(text, Language::En);
                let new = right_now(&back.to_string(), Language::En);
                let (old, new) = (&old.hpas[0], &new.hpas[0]);
                let place = format!("{version} line {line}:\n{text}\n{back}");
                assert_eq!(told(old), told(new), "{place}");
                assert_eq!(old.staircases, new.staircases, "{place}");
                compared += 1;
            }
        });
    }
    assert!(compared >= 40, "{compared}");
}

/// Numbers that are known, reasons and verdict.
fn told(hpa: &NowHpa) -> Vec<(String, String)> {
    let inputs = hpa.inputs.iter().map(|it| (it.field.clone(), it.value.clone()));
    let steps = hpa.explanation.steps.iter().map(|it| (it.rule.clone(), it.result.clone()));
    inputs.chain(steps).chain([(hpa.verdict.to_string(), String::new())]).collect()
}

/// First line of a file.
#[derive(Deserialize)]
struct Header {
    kubernetes: String,
    cases: usize,
}

/// The releases whose printers were asked; one if `KUBECTL_CASES` names a file of its own.
fn versions() -> Vec<&'static str> {
    let mut versions = vec!["1.37", "1.29"];
    if let Some(path) = std::env::var_os("KUBECTL_CASES") {
        let text = fs::read_to_string(path).expect("a file of cases");
        let header: Header =
            serde_json::from_str(text.lines().next().expect("a header")).expect("a header line");
        versions.retain(|it| header.kubernetes.starts_with(it));
    }
    versions
}

/// Hands every text of Kubernetes `version` to `look`, with its line number.
fn each_case(version: &str, mut look: impl FnMut(usize, Case)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/kubectl");
    let committed = || folder.join(format!("{version}.jsonl"));
    let path = std::env::var_os("KUBECTL_CASES").map_or_else(committed, PathBuf::from);
    let file = fs::read_to_string(path).expect("it is there");
    let mut lines = file.lines();
    let header: Header =
        serde_json::from_str(lines.next().expect("a header")).expect("a header line");
    assert!(header.kubernetes.starts_with(version) && header.cases >= 50);
    let cases: Vec<&str> = lines.collect();
    assert_eq!(cases.len(), header.cases);
    for (index, case) in cases.into_iter().enumerate() {
        look(index + 2, serde_json::from_str(case).expect("a case"));
    }
}

fn check(case: &Case, told: &Told, object: &Value, names: bool, place: &str) {
    let (spec, status) = (&object["spec"], &object["status"]);
    let is_describe = case.command == "describe";
    assert_eq!(told.source, if is_describe { Source::Describe } else { Source::Table }, "{place}");
    assert_eq!(told.name.value, text(&object["metadata"]["name"]), "{place}");
    let span = told.name.span;
    assert_eq!(case.text[span.start..span.end], told.name.value, "{place}");
    let has_namespace = is_describe || case.command.contains("-A");
    let namespace = has_namespace.then(|| text(&object["metadata"]["namespace"]));
    assert_eq!(told.namespace, namespace, "{place}");
    let target = &spec["scaleTargetRef"];
    assert_eq!(told.target, Some((text(&target["kind"]), text(&target["name"]))), "{place}");
    assert_eq!(told.min_replicas, int(&spec["minReplicas"]), "{place}");
    assert_eq!(told.max_replicas, int(&spec["maxReplicas"]), "{place}");
    let current = told.current_replicas.expect("it is printed");
    // In JSON a count of 0 is left out.
    let expected = int(&status["currentReplicas"]).unwrap_or_default();
    assert_eq!(current.value, expected, "{place}");
    let printed = &case.text[current.span.start..current.span.end];
    assert_eq!(printed, current.value.to_string(), "{place}");

    let metrics = spec["metrics"].as_array().map_or(&[][..], Vec::as_slice);
    let shown = if is_describe { metrics.len() } else { metrics.len().min(2) };
    assert_eq!((told.metrics.len(), told.more_metrics), (shown, metrics.len() - shown), "{place}");
    for (index, (told, spec)) in told.metrics.iter().zip(metrics).enumerate() {
        let status = &status["currentMetrics"][index];
        assert_eq!(told.current, expected_current(spec, status, is_describe), "{index} {place}");
        if is_describe {
            let expected = expected_spec(spec);
            assert_eq!(
                (&told.spec, told.is_guess),
                (&expected, expected.is_none()),
                "{index} {place}"
            );
        } else {
            check_target(told, spec, names, place);
        }
    }
    if is_describe {
        assert_eq!(told.desired_replicas, int(&status["desiredReplicas"]), "{place}");
        let behavior = spec["behavior"].as_object().map(|_| behavior(&spec["behavior"]));
        assert_eq!(told.behavior, behavior, "{place}");
        let conditions = status["conditions"].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(told.conditions.len(), conditions.len(), "{place}");
        for (told, condition) in told.conditions.iter().zip(conditions) {
            let got = (told.kind.as_str(), told.reason.as_str(), told.message.as_str());
            let expected = ["type", "reason", "message"].map(|it| text(&condition[it]));
            assert_eq!(got, (&*expected[0], &*expected[1], &*expected[2]), "{place}");
            assert_eq!(told.status, condition["status"] == "True", "{place}");
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn int(value: &Value) -> Option<i32> {
    value.as_i64().map(|it| it as i32)
}

fn milli(value: &Value) -> Option<i64> {
    Some(Quantity::parse(value.as_str()?).expect("upstream wrote it").milli_value())
}

/// The source of an entry of `spec.metrics` or `status.currentMetrics`.
fn source(entry: &Value) -> Option<(&'static str, &Value)> {
    ["resource", "containerResource", "pods", "object", "external"]
        .into_iter()
        .find_map(|it| entry.get(it).map(|source| (it, source)))
}

fn expected_current(spec: &Value, status: &Value, with_average: bool) -> Current {
    let Some((_, status)) = source(status) else { return Current::Unknown };
    let current = &status["current"];
    let (_, spec) = source(spec).expect("every entry has a source");
    match spec["target"]["type"].as_str() {
        Some("Utilization") => Current::Utilization {
            percent: int(&current["averageUtilization"]).expect("it is set"),
            average_milli: milli(&current["averageValue"]).filter(|_| with_average),
        },
        Some("Value") => Current::Milli(milli(&current["value"]).expect("it is set")),
        _ => Current::Milli(milli(&current["averageValue"]).expect("it is set")),
    }
}

/// What a description tells of an entry: all but a selector; nothing without a target.
fn expected_spec(spec: &Value) -> Option<MetricSpec> {
    let (kind, spec) = source(spec)?;
    let target = &spec["target"];
    let utilization = int(&target["averageUtilization"]).map(ResourceTarget::AverageUtilization);
    let average = milli(&target["averageValue"]);
    let value = milli(&target["value"]);
    // A target of 0 is refused; here it is bent to the least there is.
    let of_pods = average.map(|it| it.max(1));
    let resource_target = || utilization.or(of_pods.map(ResourceTarget::AverageValue));
    let value_target = average.map(ValueTarget::AverageValue).or(value.map(ValueTarget::Value));
    let resource = || match text(&spec["name"]).as_str() {
        "cpu" => tidetable_core::hpa::ResourceName::Cpu,
        _ => tidetable_core::hpa::ResourceName::Memory,
    };
    let metric = tidetable_core::hpa::MetricIdentifier::named(&text(&spec["metric"]["name"]));
    Some(match kind {
        "resource" => MetricSpec::Resource { name: resource(), target: resource_target()? },
        "containerResource" => MetricSpec::ContainerResource {
            name: resource(),
            container: text(&spec["container"]),
            target: resource_target()?,
        },
        "pods" => MetricSpec::Pods { metric, target_average_value_milli: of_pods? },
        "object" => MetricSpec::Object {
            kind: text(&spec["describedObject"]["kind"]),
            name: text(&spec["describedObject"]["name"]),
            metric,
            target: value_target,
        },
        _ => MetricSpec::External { metric, target: value_target? },
    })
}

/// A table prints the number of each target; since 1.30 also the name of a resource.
fn check_target(told: &ToldMetric, spec: &Value, names: bool, place: &str) {
    let expected = expected_spec(spec);
    let is_resource = spec.get("resource").or(spec.get("containerResource")).is_some();
    let goal = |spec: &MetricSpec| match spec {
        MetricSpec::Resource { target, .. } | MetricSpec::ContainerResource { target, .. } => {
            match target {
                ResourceTarget::AverageUtilization(percent) => (true, i64::from(*percent)),
                ResourceTarget::AverageValue(milli) => (false, *milli),
            }
        }
        MetricSpec::Pods { target_average_value_milli: milli, .. } => (false, *milli),
        MetricSpec::Object { target, .. } => match target {
            Some(ValueTarget::Value(milli) | ValueTarget::AverageValue(milli)) => (false, *milli),
            None => (false, 0),
        },
        MetricSpec::External { target, .. } => match target {
            ValueTarget::Value(milli) | ValueTarget::AverageValue(milli) => (false, *milli),
        },
        MetricSpec::Unknown(_) => (false, 0),
    };
    // A plain number is taken for the target of a Pods metric, which is never 0.
    let goal = |it: &MetricSpec| (goal(it).0, goal(it).1.max(1));
    assert_eq!(told.spec.as_ref().map(goal), expected.as_ref().map(goal), "{place}");
    if let (Some(told_spec), true) = (&told.spec, is_resource && names) {
        assert!(!told.is_guess, "{place}");
        let name = |spec: &MetricSpec| match spec {
            MetricSpec::Resource { name, .. } | MetricSpec::ContainerResource { name, .. } => {
                Some(name.clone())
            }
            _ => None,
        };
        assert_eq!(name(told_spec), expected.as_ref().and_then(name), "{place}");
    }
}

fn behavior(value: &Value) -> Behavior {
    let mut behavior = Behavior::default();
    fill_in(&mut behavior.scale_up, &value["scaleUp"]);
    fill_in(&mut behavior.scale_down, &value["scaleDown"]);
    behavior
}

/// A description leaves `selectPolicy` out where there are no policies, which the API server
/// never stores.
fn fill_in(rules: &mut ScalingRules, value: &Value) {
    let seconds = |value: &Value| value.as_i64().map(Duration::from_seconds);
    rules.stabilization_window =
        seconds(&value["stabilizationWindowSeconds"]).or(rules.stabilization_window);
    let Some(policies) = value["policies"].as_array() else { return };
    rules.select_policy = match value["selectPolicy"].as_str() {
        Some("Min") => SelectPolicy::Min,
        Some("Disabled") => SelectPolicy::Disabled,
        _ => SelectPolicy::Max,
    };
    let policy = |it: &Value| ScalingPolicy {
        kind: if it["type"] == "Pods" { PolicyKind::Pods } else { PolicyKind::Percent },
        value: int(&it["value"]).expect("it is set"),
        period: seconds(&it["periodSeconds"]).expect("it is set"),
    };
    rules.policies = policies.iter().map(policy).collect();
}
