//! What the API server refuses in a Deployment, StatefulSet or ReplicaSet, in its own words. Of pods
//! only what an autoscaler has to do with: names of containers, requests and limits, how they restart.
//!
//! Upstream: kubernetes 1.37 pkg/apis/apps/validation/validation.go `ValidateDeploymentSpec`,
//! `ValidateStatefulSetSpec`, `ValidateReplicaSetSpec`; pkg/apis/apps/v1/defaults.go.

use std::cmp::Ordering;

use super::metadata::Selector;
use super::names::{label_value, qualified};
use super::pod::{Container, Resource};
use super::validation::Refusal;
use super::workload::{IntOrString, Strategy, Workload, WorkloadKind};
use crate::go;
use crate::label::dns_label;
use crate::order;
use crate::quantity::Quantity;
use crate::source::Span;
use crate::yaml::{Fields, Spanned};

const NEGATIVE: &str = "must be greater than or equal to 0";
const NO_PERCENT: &str = "a valid percent string must be a numeric string followed by an ending \
                          '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
/// `progressDeadlineSeconds` of a Deployment that does not say.
const PROGRESS_DEADLINE: i32 = 600;

/// Refuses what `spec` says wrong.
pub(super) fn validate(workload: &Workload, spec: &Fields<'_>) {
    let refuse = Refusal::of("TT211", spec.findings());
    not_negative(workload.replicas, "spec.replicas", refuse);
    if selector(workload, spec, refuse) {
        pods(workload, spec, refuse);
    }
    if let Some(it) = workload.strategy.as_ref() {
        strategy(it, refuse);
    }
    not_negative(workload.min_ready_seconds, "spec.minReadySeconds", refuse);
    if workload.kind == WorkloadKind::Deployment {
        progress_deadline(workload, spec, refuse);
    }
    if let Some(it) = &workload.pod_management {
        let is_known = it.value.is_empty() || matches!(&*it.value, "OrderedReady" | "Parallel");
        if !is_known {
            let detail = "must be 'OrderedReady' or 'Parallel'";
            refuse.invalid(it.span, "spec.podManagementPolicy", go::json(&it.value), detail);
        }
    }
}

fn not_negative(value: Option<Spanned<i32>>, path: &str, refuse: Refusal<'_>) {
    if let Some(it) = value.filter(|it| it.value < 0) {
        refuse.invalid(it.span, path, it.value, NEGATIVE);
    }
}

/// Refuses what is wrong with the selector; says whether the template is looked at then. That no
/// label matches a selector that is missing is said as well upstream, and left out here.
fn selector(workload: &Workload, spec: &Fields<'_>, refuse: Refusal<'_>) -> bool {
    let path = "spec.selector";
    let Some(span) = spec.key_span("selector").filter(|_| spec.has("selector")) else {
        refuse.required(spec.head(), path, "");
        return true;
    };
    let selector = &workload.selector;
    let mut is_valid = true;
    for (key, value) in &selector.match_labels.0 {
        let path = "spec.selector.matchLabels";
        let found = [qualified(&key.value, refuse), label_value(&value.value, refuse)];
        is_valid &= found.iter().all(Vec::is_empty);
        refuse.name(key.span, path, &key.value, &found[0]);
        refuse.name(value.span, path, &value.value, &found[1]);
    }
    for (index, it) in selector.match_expressions.iter().enumerate() {
        let path = |field: &str| format!("{path}.matchExpressions[{index}].{field}");
        match (it.operator.as_str(), it.values.is_empty()) {
            ("In" | "NotIn", true) => {
                let detail = "must be specified when `operator` is 'In' or 'NotIn'";
                refuse.required(it.span, &path("values"), detail);
            }
            ("Exists" | "DoesNotExist", false) => {
                let detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                refuse.forbidden(it.span, &path("values"), detail);
            }
            ("In" | "NotIn", false) | ("Exists" | "DoesNotExist", true) => {
                let key = qualified(&it.key, refuse);
                is_valid &= key.is_empty();
                refuse.name(it.span, &path("key"), &it.key, &key);
                continue;
            }
            (operator, _) => {
                let detail = "not a valid selector operator";
                refuse.invalid(it.span, &path("operator"), go::json(operator), detail);
            }
        }
        is_valid = false;
    }
    if selector.is_empty() {
        let kind = match workload.kind {
            WorkloadKind::StatefulSet => "statefulset",
            WorkloadKind::Deployment | WorkloadKind::ReplicaSet => "deployment",
        };
        let detail = format!("empty selector is invalid for {kind}");
        refuse.invalid(span, path, "{}", &detail);
    } else if !is_valid {
        let detail = match workload.kind {
            WorkloadKind::StatefulSet => "",
            WorkloadKind::Deployment | WorkloadKind::ReplicaSet => "invalid label selector",
        };
        refuse.invalid(span, path, selector_json(selector), detail);
    } else if !selector.matches(&workload.template.labels) {
        let detail = "`selector` does not match template `labels`";
        let template = spec.node().get("template").and_then(|it| it.get("metadata"));
        let labels = match template.and_then(|it| it.get("labels")) {
            Some(_) => map_json(workload.template.labels.pairs()),
            None => "null".to_owned(),
        };
        refuse.invalid(span, "spec.template.metadata.labels", labels, detail);
    }
    is_valid
}

/// A map as Go's JSON has it: by key.
fn map_json(mut pairs: Vec<(String, String)>) -> String {
    order::sort(&mut pairs);
    let pairs: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{}:{}", go::json(key), go::json(value))).collect();
    format!("{{{}}}", pairs.join(","))
}

/// Upstream: apimachinery 0.37 pkg/apis/meta/v1/types.go `LabelSelector`.
fn selector_json(selector: &Selector) -> String {
    let mut fields = Vec::new();
    if !selector.match_labels.0.is_empty() {
        fields.push(format!("\"matchLabels\":{}", map_json(selector.match_labels.pairs())));
    }
    let expressions: Vec<String> = selector
        .match_expressions
        .iter()
        .map(|it| {
            let values: Vec<&str> = it.values.iter().map(String::as_str).collect();
            let values = if values.is_empty() {
                String::new()
            } else {
                format!(",\"values\":{}", go::list(&values, true))
            };
            let (key, operator) = (go::json(&it.key), go::json(&it.operator));
            format!("{{\"key\":{key},\"operator\":{operator}{values}}}")
        })
        .collect();
    if !expressions.is_empty() {
        fields.push(format!("\"matchExpressions\":[{}]", expressions.join(",")));
    }
    format!("{{{}}}", fields.join(","))
}

fn pods(workload: &Workload, spec: &Fields<'_>, refuse: Refusal<'_>) {
    let pod = &workload.template;
    let place = if pod.span.is_empty() { spec.head() } else { pod.span };
    if pod.containers.is_empty() {
        refuse.required(place, "spec.template.spec.containers", "");
    }
    for (key, value) in &pod.labels.0 {
        let path = "spec.template.labels";
        refuse.name(key.span, path, &key.value, &qualified(&key.value, refuse));
        refuse.name(value.span, path, &value.value, &label_value(&value.value, refuse));
    }
    let mut names: Vec<&str> = Vec::new();
    for container in pod.containers.iter().filter(|it| !it.name.value.is_empty()) {
        let (name, path) = (&container.name, format!("{}.name", container.path));
        let malformed = dns_label(&name.value);
        refuse.name(name.span, &path, &name.value, &malformed);
        if malformed.is_empty() && names.contains(&name.value.as_str()) {
            let text = format!("{path}: Duplicate value: {}", go::quoted(&name.value));
            refuse.push(name.span, text);
        }
        names.push(&name.value);
    }
    for container in pod.containers.iter().chain(&pod.init_containers) {
        requests(container, refuse);
    }
    let path = "spec.template.spec.restartPolicy";
    let restart = pod.restart_policy.as_ref().filter(|it| !it.value.is_empty());
    if let Some(it) = restart.filter(|it| it.value != "Always") {
        if !matches!(&*it.value, "OnFailure" | "Never") {
            refuse.unsupported(it.span, path, &it.value, &["Always", "OnFailure", "Never"]);
        }
        refuse.unsupported(it.span, path, &it.value, &["Always"]);
    }
    let node = spec.node().get("template").and_then(|it| it.get("spec"));
    if let Some(it) = node.and_then(|it| it.entry("activeDeadlineSeconds"))
        && !it.value.is_null()
    {
        let kind = match workload.kind {
            WorkloadKind::StatefulSet => "StatefulSet",
            WorkloadKind::Deployment | WorkloadKind::ReplicaSet => "ReplicaSet",
        };
        let detail = format!("activeDeadlineSeconds in {kind} is not Supported");
        refuse.forbidden(it.key_span, "spec.template.spec.activeDeadlineSeconds", &detail);
    }
}

/// Requests above limits, and requests of what can't be promised twice.
///
/// Upstream: kubernetes 1.37 pkg/apis/core/validation/validation.go `validateResourceRequirements`;
/// pkg/apis/core/v1/helper/helpers.go `IsOvercommitAllowed`.
fn requests(container: &Container, refuse: Refusal<'_>) {
    let [limit_path, path] =
        ["limits", "requests"].map(|it| format!("{}.resources.{it}", container.path));
    let mut requests: Vec<&Resource> = container.resources.requests.0.iter().collect();
    order::sort_by(&mut requests, |one, other| one.name.value.cmp(&other.name.value));
    for request in requests {
        let name = &request.name.value;
        let is_native = !name.contains('/') || name.contains("kubernetes.io/");
        let is_whole = !is_native || name.starts_with("hugepages-");
        let Some(limit) = container.resources.limits.get(name) else {
            if is_whole {
                let detail = "Limit must be set for non overcommitable resources";
                refuse.required(request.span, &limit_path, detail);
            }
            continue;
        };
        let detail = match compare(&request.quantity, &limit.quantity) {
            Ordering::Equal => continue,
            _ if is_whole => "equal to",
            Ordering::Greater => "less than or equal to",
            Ordering::Less => continue,
        };
        let detail = format!("must be {detail} {name} limit of {}", limit.quantity);
        let value = go::quoted(&request.quantity.to_string());
        refuse.invalid(request.span, &path, value, &detail);
    }
}

/// Thousandths are compared, or what floats tell of more than these can count.
fn compare(one: &Quantity, other: &Quantity) -> Ordering {
    const MOST: f64 = 9.0e15;
    let floats = [one, other].map(Quantity::as_approximate_f64);
    if floats.iter().all(|it| it.abs() < MOST / 1000.0) {
        return one.milli_value().cmp(&other.milli_value());
    }
    floats[0].total_cmp(&floats[1])
}

fn strategy(strategy: &Strategy, refuse: Refusal<'_>) {
    let kind = strategy.kind.as_ref().filter(|it| !it.value.is_empty());
    match kind.map_or("RollingUpdate", |it| it.value.as_str()) {
        "RollingUpdate" => rolling_update(strategy, refuse),
        "Recreate" => {
            if let Some(span) = strategy.rolling_span {
                let detail = "may not be specified when strategy `type` is 'Recreate'";
                refuse.forbidden(span, "spec.strategy.rollingUpdate", detail);
            }
        }
        other => {
            let share = |it: &Option<Spanned<IntOrString>>| {
                it.as_ref().map_or("0".to_owned(), |it| it.value.json())
            };
            let rolling = strategy.rolling_span.map_or("null".to_owned(), |_| {
                let (unavailable, surge) = (&strategy.max_unavailable, &strategy.max_surge);
                let (unavailable, surge) = (share(unavailable), share(surge));
                format!("{{\"MaxUnavailable\":{unavailable},\"MaxSurge\":{surge}}}")
            });
            let value = format!("{{\"Type\":{},\"RollingUpdate\":{rolling}}}", go::json(other));
            let span = kind.map_or(Span::default(), |it| it.span);
            let supported = "supported values: \"Recreate\", \"RollingUpdate\"";
            refuse.push(span, format!("spec.strategy: Unsupported value: {value}: {supported}"));
        }
    }
}

fn rolling_update(strategy: &Strategy, refuse: Refusal<'_>) {
    if strategy.is_unreadable {
        return;
    }
    let path = "spec.strategy.rollingUpdate.maxUnavailable";
    let (unavailable, surge) = (&strategy.max_unavailable, &strategy.max_surge);
    count_or_percent(unavailable.as_ref(), path, refuse);
    count_or_percent(surge.as_ref(), "spec.strategy.rollingUpdate.maxSurge", refuse);
    if let (Some(unavailable), Some(surge)) = (unavailable, surge)
        && unavailable.value.number() == 0
        && surge.value.number() == 0
    {
        let detail = "may not be 0 when `maxSurge` is 0";
        refuse.invalid(unavailable.span, path, unavailable.value.json(), detail);
    }
    if let Some(it) = unavailable
        && it.value.percent().is_some_and(|it| it > 100)
    {
        refuse.invalid(it.span, path, it.value.json(), "must not be greater than 100%");
    }
}

/// Upstream: kubernetes 1.37 pkg/apis/apps/validation/validation.go `ValidatePositiveIntOrPercent`.
fn count_or_percent(value: Option<&Spanned<IntOrString>>, path: &str, refuse: Refusal<'_>) {
    let Some(it) = value else { return };
    match &it.value {
        IntOrString::Int(count) if *count < 0 => refuse.invalid(it.span, path, count, NEGATIVE),
        IntOrString::Text(_) if it.value.percent().is_none() => {
            refuse.invalid(it.span, path, it.value.json(), NO_PERCENT);
        }
        IntOrString::Int(_) | IntOrString::Text(_) => {}
    }
}

fn progress_deadline(workload: &Workload, spec: &Fields<'_>, refuse: Refusal<'_>) {
    not_negative(workload.revision_history_limit, "spec.revisionHistoryLimit", refuse);
    let path = "spec.progressDeadlineSeconds";
    let deadline = workload.progress_deadline_seconds;
    not_negative(deadline, path, refuse);
    let ready = workload.min_ready_seconds;
    // What can't be read may be anything.
    if deadline.is_none() && spec.has("progressDeadlineSeconds") {
        return;
    }
    let seconds = deadline.map_or(PROGRESS_DEADLINE, |it| it.value);
    if seconds <= ready.map_or(0, |it| it.value) {
        let span = deadline.or(ready).map_or(spec.head(), |it| it.span);
        refuse.invalid(span, path, seconds, "must be greater than minReadySeconds");
    }
}
