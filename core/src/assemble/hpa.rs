//! HPAs: defaulted values for the policy, and what each scales.
//!
//! Upstream: kubernetes 1.37 pkg/apis/autoscaling/v2/defaults.go.

use super::{Assembly, Mended, controller, workload as assumed_workload};
use crate::diagnostic::Diagnostic;
use crate::go;
use crate::hpa::{
    Behavior, LabelSelector, LabelSelectorRequirement, MetricIdentifier, MetricSpec, PolicyKind,
    ResourceName, ResourceTarget, ScalingPolicy, ScalingRules, SelectPolicy, Settings, Spec,
    ValueTarget,
};
use crate::label;
use crate::manifest::hpa::{
    Metric, MetricIdentifier as WrittenIdentifier, Source, SourceKind, refuses,
};
use crate::manifest::{self, Document, Documents};
use crate::order;
use crate::scenario::Scenario;
use crate::sim::{Hpa, HpaTarget, Workload};
use crate::time::Duration;

/// `maxReplicas` of an HPA that names none. The API server refuses it; the prediction goes on.
const NO_MAX_REPLICAS: i32 = 10;

/// One HPA, with the defaults that the API server would fill in, and what it takes in place of what
/// the API server refuses.
pub(super) fn hpa(
    document: &Document,
    written: &manifest::Hpa,
    scenario: &Scenario,
    target: HpaTarget,
) -> (Hpa, Vec<Mended>) {
    let mut mend = Mend { refused: &document.refused, mended: Vec::new() };
    let (min_replicas, max_replicas) = bounds(written, &mut mend);
    let mut spec = limits(min_replicas, max_replicas, None, scenario);
    document.namespace().clone_into(&mut spec.namespace);
    for index in 0..written.metrics.len() {
        mend.keeps(&format!("metrics[{index}]"));
    }
    let accepted = written.accepted_metrics(&document.refused);
    let metrics: Vec<MetricSpec> = accepted.filter_map(|(_, it)| metric(it)).collect();
    let is_refused = metrics.is_empty() && !written.metrics.is_empty();
    if !metrics.is_empty() {
        spec.metrics = metrics;
    }
    spec.behavior = written.behavior.as_ref().map(|it| behavior(it, &mut mend));
    let hpa = Hpa {
        namespace: document.namespace().to_owned(),
        name: document.name().to_owned(),
        spec,
        sources: Vec::new(),
        edits: controller::edits(document.namespace(), document.name(), scenario),
        target: if is_refused { HpaTarget::Refused } else { target },
    };
    (hpa, mend.mended)
}

/// An HPA of which only the bounds, the behavior and the controller's flags are known.
pub(crate) fn limits(
    min_replicas: i32,
    max_replicas: i32,
    written: Option<&manifest::hpa::Behavior>,
    scenario: &Scenario,
) -> Spec {
    let flags = &scenario.assumptions.hpa;
    let min_replicas = min_replicas.max(0);
    let mut spec = Spec::new(min_replicas, max_replicas.max(min_replicas).max(1));
    spec.settings = Settings {
        downscale_stabilization: flags.downscale_stabilization,
        tolerance: flags.tolerance,
        cpu_initialization_period: flags.cpu_initialization_period,
        initial_readiness_delay: flags.initial_readiness_delay,
        rules: controller::rules(scenario),
    };
    spec.behavior = written.map(|it| behavior(it, &mut Mend { refused: &[], mended: Vec::new() }));
    spec
}

/// Leaves out what is refused, and remembers it.
struct Mend<'a> {
    refused: &'a [Diagnostic],
    mended: Vec<Mended>,
}

impl Mend<'_> {
    /// Whether nothing is refused in `field`, which stands below `spec`.
    fn keeps(&mut self, field: &str) -> bool {
        let is_refused = refuses(self.refused, &format!("spec.{field}"));
        if is_refused {
            self.mended.push(Mended::Without(field.to_owned()));
        }
        !is_refused
    }
}

/// `minReplicas` and `maxReplicas`.
fn bounds(written: &manifest::Hpa, mend: &mut Mend<'_>) -> (i32, i32) {
    let is_zero_refused = mend.refused.iter().any(|it| it.message.starts_with("spec.metrics: "));
    let mut min = written.min_replicas.map_or(1, |it| it.value);
    if is_zero_refused || refuses(mend.refused, "spec.minReplicas") {
        min = 1;
        mend.mended.push(Mended::Set("minReplicas", min));
    }
    let written = written.max_replicas.filter(|it| it.value > 0);
    let max = written.map_or(NO_MAX_REPLICAS, |it| it.value).max(min);
    if written.is_none_or(|it| it.value != max) {
        mend.mended.push(Mended::Set("maxReplicas", max));
    }
    (min, max)
}

/// What the HPA scales: a workload of the text, an assumed one, or nothing that has a scale.
pub(super) fn target(
    documents: &Documents,
    document: &Document,
    written: &manifest::Hpa,
    scenario: &Scenario,
    assembly: &mut Assembly,
) -> HpaTarget {
    let (kind, name) = (written.target.kind.value.as_str(), written.target.name.value.as_str());
    if kind.is_empty() || name.is_empty() {
        return HpaTarget::Refused;
    }
    let version = &written.target.api_version.value;
    // Of an `apiVersion` that is refused, the kind is believed.
    let is_refused = refuses(&document.refused, "spec.scaleTargetRef.apiVersion");
    let unknown = no_such_kind(version, kind).filter(|_| !is_refused);
    if let Some(error) = unknown.or_else(|| no_scale(version, kind, name)) {
        return HpaTarget::NoScale(error);
    }
    let replicas = written.min_replicas.map_or(1, |it| it.value).max(1);
    let workload = workload(documents, document, (kind, name), replicas, scenario, assembly);
    HpaTarget::Workload(workload)
}

/// The workload of that kind and name beside `document`; one with so many `replicas` is assumed if
/// the text has none.
pub(super) fn workload(
    documents: &Documents,
    document: &Document,
    (kind, name): (&str, &str),
    replicas: i32,
    scenario: &Scenario,
    assembly: &mut Assembly,
) -> usize {
    let namespace = document.namespace();
    let all = assembly.workloads.iter().zip(&assembly.model.workloads);
    let is_it = |(index, it): (&Option<usize>, &Workload)| {
        let is_kind = |it: &usize| documents.documents[*it].kind.value == kind;
        it.namespace == namespace && it.name == name && index.as_ref().is_none_or(is_kind)
    };
    // One that was pasted goes before one that is assumed.
    let found: Vec<(usize, bool)> = all
        .enumerate()
        .filter(|(_, it)| is_it(*it))
        .map(|(position, (index, _))| (position, index.is_some()))
        .collect();
    let pasted = found.iter().find(|(_, is_pasted)| *is_pasted).or(found.first());
    if let Some((position, _)) = pasted {
        return *position;
    }
    let image = assembly.model.workloads.len();
    let workload = assumed_workload::assumed(namespace, name, replicas, scenario, image);
    assembly.model.workloads.push(workload);
    assembly.workloads.push(None);
    image
}

/// What the controller finds out about a kind that its group does not have. Of groups that may hold
/// custom resources nothing is known.
///
/// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `reconcileAutoscaler`;
/// apimachinery 0.37 pkg/api/meta/errors.go `NoKindMatchError.Error`.
pub(crate) fn no_such_kind(api_version: &str, kind: &str) -> Option<String> {
    const APPS: [&str; 5] =
        ["Deployment", "StatefulSet", "ReplicaSet", "DaemonSet", "ControllerRevision"];
    let group = api_version.split_once('/').map_or("", |it| it.0);
    let is_unknown = match group {
        "apps" => !APPS.contains(&kind),
        "" | "autoscaling" | "batch" | "extensions" | "networking.k8s.io" | "policy" => {
            APPS.contains(&kind)
        }
        _ => APPS.contains(&kind) && !label::dns_subdomain(group).is_empty(),
    };
    let (kind, group) = (go::quoted(kind), go::quoted(group));
    is_unknown.then(|| format!("no matches for kind {kind} in group {group}"))
}

/// What the API server says to the controller where there is no scale.
///
/// Of a custom resource without `scale` it says that the object is not found, though it is there.
///
/// Upstream: kuberay ray-operator/apis/ray/v1 (no `+kubebuilder:subresource:scale`); kubernetes 1.37
/// staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go `ServeHTTP`;
/// pkg/registry/apps/rest/storage_apps.go, pkg/registry/batch/rest/storage_batch.go (no `scale`),
/// staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go `NewGenericServerResponse`.
pub(super) fn no_scale(api_version: &str, kind: &str, name: &str) -> Option<String> {
    let resource = || format!("{}s", kind.to_ascii_lowercase());
    match kind {
        "RayCluster" | "RayService" | "RayJob" => {
            let group = api_version.split('/').next().unwrap_or_default();
            Some(format!("{}.{group} \"{name}\" not found", resource()))
        }
        "DaemonSet" | "Job" | "CronJob" | "Pod" => {
            let error = "the server could not find the requested resource";
            Some(format!("{error} (get {} {name})", resource()))
        }
        _ => None,
    }
}

fn metric(written: &Metric) -> Option<MetricSpec> {
    let source = written.source().or_else(|| written.sources.first())?;
    let target = &source.target;
    let average_milli = target.average_value.as_ref().map(|it| it.value.milli_value());
    let value_milli = target.value.as_ref().map(|it| it.value.milli_value());
    let resource = || resource_name(source);
    let resource_target = || match (target.average_utilization, average_milli) {
        (Some(percent), _) => Some(ResourceTarget::AverageUtilization(percent.value.max(1))),
        (None, milli) => Some(ResourceTarget::AverageValue(milli?.max(1))),
    };
    Some(match source.kind {
        SourceKind::Resource => {
            MetricSpec::Resource { name: resource()?, target: resource_target()? }
        }
        SourceKind::ContainerResource => MetricSpec::ContainerResource {
            name: resource()?,
            container: source.container.as_ref()?.value.clone(),
            target: resource_target()?,
        },
        SourceKind::Pods => MetricSpec::Pods {
            metric: identifier(source.metric.as_ref()?)?,
            target_average_value_milli: average_milli?.max(1),
        },
        SourceKind::Object => {
            let object = source.described_object.as_ref()?;
            let kind = target.kind.as_ref().map(|it| it.value.as_str());
            MetricSpec::Object {
                kind: object.kind.value.clone(),
                name: object.name.value.clone(),
                metric: identifier(source.metric.as_ref()?)?,
                target: match kind {
                    Some("Value") => value_milli.map(ValueTarget::Value),
                    Some("AverageValue") => average_milli.map(ValueTarget::AverageValue),
                    _ => None,
                },
            }
        }
        SourceKind::External => MetricSpec::External {
            metric: identifier(source.metric.as_ref()?)?,
            target: average_milli
                .map(ValueTarget::AverageValue)
                .or(value_milli.map(ValueTarget::Value))?,
        },
    })
}

fn resource_name(source: &Source) -> Option<ResourceName> {
    Some(match source.resource.as_ref()?.value.as_str() {
        "cpu" => ResourceName::Cpu,
        "memory" => ResourceName::Memory,
        other => ResourceName::Other(other.to_owned()),
    })
}

fn identifier(written: &WrittenIdentifier) -> Option<MetricIdentifier> {
    let selector = written.selector.as_ref().map(|it| LabelSelector {
        match_labels: order::map(it.match_labels.pairs()),
        match_expressions: it
            .match_expressions
            .iter()
            .map(|it| LabelSelectorRequirement {
                key: it.key.clone(),
                operator: it.operator.clone(),
                values: it.values.clone(),
            })
            .collect(),
    });
    Some(MetricIdentifier { name: written.name.as_ref()?.value.clone(), selector })
}

fn behavior(written: &manifest::hpa::Behavior, mend: &mut Mend<'_>) -> Behavior {
    let mut behavior = Behavior::default();
    if let Some(rules) = &written.scale_up {
        fill_in(&mut behavior.scale_up, rules, "behavior.scaleUp", mend);
    }
    if let Some(rules) = &written.scale_down {
        fill_in(&mut behavior.scale_down, rules, "behavior.scaleDown", mend);
    }
    behavior
}

/// Replaces the defaults that `written`, which stands at `path`, names, field by field.
fn fill_in(
    rules: &mut ScalingRules,
    written: &manifest::hpa::ScalingRules,
    path: &str,
    mend: &mut Mend<'_>,
) {
    let mut keeps = |field: &str| mend.keeps(&format!("{path}.{field}"));
    if let Some(window) = written.stabilization_window_seconds
        && keeps("stabilizationWindowSeconds")
    {
        rules.stabilization_window = Some(Duration::from_seconds(i64::from(window.value)));
    }
    if let Some(policy) = &written.select_policy
        && keeps("selectPolicy")
    {
        rules.select_policy = match policy.value.as_str() {
            "Min" => SelectPolicy::Min,
            "Disabled" => SelectPolicy::Disabled,
            _ => SelectPolicy::Max,
        };
    }
    let mut policies = Vec::new();
    for (index, policy) in written.policies.iter().flat_map(|it| &it.value).enumerate() {
        if keeps(&format!("policies[{index}]")) {
            policies.extend(scaling_policy(policy));
        }
    }
    if !policies.is_empty() {
        rules.policies = policies;
    }
    if let Some(tolerance) = &written.tolerance
        && keeps("tolerance")
    {
        rules.tolerance = Some(tolerance.value.stored().as_approximate_f64());
    }
}

fn scaling_policy(written: &manifest::hpa::ScalingPolicy) -> Option<ScalingPolicy> {
    let kind = match written.kind.as_ref()?.value.as_str() {
        "Pods" => PolicyKind::Pods,
        "Percent" => PolicyKind::Percent,
        _ => return None,
    };
    let period = Duration::from_seconds(i64::from(written.period_seconds?.value.max(1)));
    Some(ScalingPolicy { kind, value: written.value?.value.max(1), period })
}

#[cfg(test)]
mod tests {
    use super::{no_scale, no_such_kind};

    #[test]
    fn a_kind_is_looked_for_in_its_group() {
        for (version, kind, error) in [
            ("extensions/v1beta1", "Deployment", "\"Deployment\" in group \"extensions\""),
            ("apps/v1", "deployment", "\"deployment\" in group \"apps\""),
            ("“apps/v1”", "Deployment", "\"Deployment\" in group \"“apps\""),
            ("v1", "StatefulSet", "\"StatefulSet\" in group \"\""),
        ] {
            let found = no_such_kind(version, kind);
            assert_eq!(found, Some(format!("no matches for kind {error}")));
        }
        for (version, kind) in [
            ("apps/v1beta1", "Deployment"),
            ("v1", "ReplicationController"),
            ("apps.kruise.io/v1beta1", "StatefulSet"),
            ("argoproj.io/v1alpha1", "Rollout"),
        ] {
            assert_eq!(no_such_kind(version, kind), None);
        }
    }

    #[test]
    fn a_custom_resource_without_a_scale_is_said_not_to_be_found() {
        // vllm-project/aibrix#986 shows this text for a custom resource that is there.
        let ray = no_scale("ray.io/v1", "RayCluster", "inference");
        assert_eq!(ray.as_deref(), Some("rayclusters.ray.io \"inference\" not found"));
        let agent = no_scale("apps/v1", "DaemonSet", "agent");
        let error = "the server could not find the requested resource (get daemonsets agent)";
        assert_eq!(agent.as_deref(), Some(error));
        assert_eq!(no_scale("apps/v1", "Deployment", "web"), None);
    }
}
