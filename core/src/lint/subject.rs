//! What rules look at together: who scales a workload, by which targets, and what its pods request.

use crate::assemble;
use crate::hpa::Spec;
use crate::manifest::hpa::{Hpa, ObjectReference, Source, SourceKind};
use crate::manifest::keda::{ScaledObject, Trigger};
use crate::manifest::pod::{Container, PodTemplate};
use crate::manifest::{Body, Document, Documents, Labels, Workload};
use crate::scenario::Scenario;
use crate::source::Span;

/// What scales a workload.
#[derive(Debug)]
pub(super) struct Scaler<'run> {
    /// Where it stands.
    pub(super) document: &'run Document,
    /// What it is, for messages: `HPA web`.
    pub(super) title: String,
    /// `scaleTargetRef.kind`.
    pub(super) target_kind: &'run str,
    /// Where that is said, or the whole reference.
    pub(super) target_kind_span: Span,
    /// `scaleTargetRef.name`.
    pub(super) target_name: &'run str,
    /// Where the target's name stands.
    pub(super) target_span: Span,
    /// The fewest pods while there are any.
    pub(super) min_replicas: i32,
    /// Where that is said, or the name of who says nothing.
    pub(super) min_span: Span,
    /// Bounds, behavior and flags, with their defaults.
    pub(super) limits: Spec,
    /// What it scales, if it was pasted.
    pub(super) target: Option<(&'run Document, &'run Workload)>,
    /// Whether nobody before it scales the same.
    pub(super) is_first: bool,
    /// How many metrics it follows.
    pub(super) metrics: usize,
    /// Its targets that divide by requests, each resource and container once.
    pub(super) utilizations: Vec<Utilization<'run>>,
    /// The HPA as it is written.
    pub(super) hpa: Option<&'run Hpa>,
    /// The ScaledObject as it is written.
    pub(super) scaled_object: Option<&'run ScaledObject>,
}

/// A target in percent of the requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Utilization<'run> {
    /// `cpu`, `memory`.
    pub(super) resource: &'run str,
    /// Only this container's, if one is named.
    pub(super) container: Option<&'run str>,
    /// The target.
    pub(super) percent: i32,
    /// Where the target stands.
    pub(super) span: Span,
    /// Its place in `spec.metrics`, and its source; none for what defaults or a trigger say.
    pub(super) source: Option<(usize, &'run Source)>,
}

/// Everyone who scales something: HPAs, then ScaledObjects, of which KEDA makes HPAs. One that KEDA
/// has made and that was pasted as well is not listed.
pub(super) fn scalers<'run>(documents: &'run Documents, scenario: &Scenario) -> Vec<Scaler<'run>> {
    let mut found = Vec::new();
    for (document, hpa) in documents.hpas() {
        let is_kedas = documents.scaled_objects().any(|(own, object)| {
            own.namespace() == document.namespace()
                && object.hpa_name(own.name()) == document.name()
        });
        if !is_kedas {
            found.push(of_hpa(document, hpa, scenario));
        }
    }
    let keda = documents.scaled_objects();
    found.extend(keda.map(|(document, object)| of_scaled_object(document, object, scenario)));
    for index in 0..found.len() {
        let (before, rest) = found.split_at_mut(index);
        let it = &mut rest[0];
        it.is_first = !before.iter().any(|other| other.has_same_target(it));
        it.target = documents.workloads().find(|(other, _)| it.is_on(other));
        let reference = it.hpa.map(|it| &it.target);
        if reference.is_some_and(has_no_such_kind) {
            it.target = None;
        }
    }
    found
}

/// Whether the controller finds no such kind.
pub(super) fn has_no_such_kind(target: &ObjectReference) -> bool {
    let version = &target.api_version.value;
    version.contains('/') && assemble::no_such_kind(version, &target.kind.value).is_some()
}

fn of_hpa<'run>(document: &'run Document, hpa: &'run Hpa, scenario: &Scenario) -> Scaler<'run> {
    let name = &document.metadata.name;
    let min = hpa.min_replicas;
    let bounds = (min.map_or(1, |it| it.value), hpa.max_replicas.map_or(1, |it| it.value));
    Scaler {
        document,
        title: ["HPA ", &name.value].concat(),
        target_kind: &hpa.target.kind.value,
        target_kind_span: hpa.target.kind.span,
        target_name: &hpa.target.name.value,
        target_span: hpa.target.name.span,
        min_replicas: bounds.0.max(1),
        min_span: min.map_or(name.span, |it| it.span),
        limits: assemble::limits(bounds.0, bounds.1, hpa.behavior.as_ref(), scenario),
        target: None,
        is_first: true,
        metrics: hpa.metrics.len().max(1),
        utilizations: utilizations(hpa, name.span),
        hpa: Some(hpa),
        scaled_object: None,
    }
}

/// Upstream: keda 2.21 controllers/keda/hpa.go `newHPAForScaledObject`.
fn of_scaled_object<'run>(
    document: &'run Document,
    object: &'run ScaledObject,
    scenario: &Scenario,
) -> Scaler<'run> {
    let name = &document.metadata.name;
    let min = object.min_replica_count;
    let min_replicas = min.map_or(1, |it| it.value).max(1);
    let max_replicas = object.max_replica_count.map_or(100, |it| it.value);
    Scaler {
        document,
        title: ["ScaledObject ", &name.value].concat(),
        target_kind: object.target_kind(),
        target_kind_span: object.target.kind.as_ref().map_or(object.target.span, |it| it.span),
        target_name: &object.target.name.value,
        target_span: object.target.name.span,
        min_replicas,
        min_span: min.map_or(name.span, |it| it.span),
        limits: assemble::limits(min_replicas, max_replicas, object.behavior.as_ref(), scenario),
        target: None,
        is_first: true,
        metrics: object.triggers.len(),
        utilizations: object.triggers.iter().filter_map(of_trigger).collect(),
        hpa: None,
        scaled_object: Some(object),
    }
}

/// Upstream: keda 2.21 pkg/scalers/cpu_memory_scaler.go `GetMetricSpecForScaling`.
fn of_trigger(trigger: &Trigger) -> Option<Utilization<'_>> {
    let resource = trigger.kind.value.as_str();
    let is_utilization = trigger.metric_type.as_ref().is_some_and(|it| it.value == "Utilization");
    if !is_utilization || !matches!(resource, "cpu" | "memory") {
        return None;
    }
    let value = trigger.metadata.get("value")?;
    let container = trigger.metadata.get("containerName").map(|it| it.value.as_str());
    Some(Utilization {
        resource,
        container: container.filter(|it| !it.is_empty()),
        percent: value.value.parse().ok()?,
        span: value.span,
        source: None,
    })
}

/// An HPA without metrics has one, too: 80 % of the CPU, and its name stands for it.
fn utilizations(hpa: &Hpa, name: Span) -> Vec<Utilization<'_>> {
    if hpa.metrics.is_empty() {
        let cpu =
            Utilization { resource: "cpu", container: None, percent: 80, span: name, source: None };
        return vec![cpu];
    }
    let mut found = Vec::new();
    for (index, metric) in hpa.metrics.iter().enumerate() {
        let Some(source) = metric.source() else { continue };
        let (Some(resource), Some(percent)) = (&source.resource, source.target.average_utilization)
        else {
            continue;
        };
        let container = source.container.as_ref().map(|it| it.value.as_str());
        let utilization = Utilization {
            resource: &resource.value,
            container: container.filter(|_| source.kind == SourceKind::ContainerResource),
            percent: percent.value,
            span: percent.span,
            source: Some((index, source)),
        };
        let is_same = |it: &Utilization<'_>| {
            it.resource == utilization.resource && it.container == utilization.container
        };
        // The metrics API knows no other resource.
        if matches!(utilization.resource, "cpu" | "memory") && !found.iter().any(is_same) {
            found.push(utilization);
        }
    }
    found
}

impl<'run> Scaler<'run> {
    /// What it scales, if that was pasted. None of a second one on the same target: that it is one
    /// is said, and all else is said of the first.
    pub(super) fn pods(&self) -> Option<(&'run Document, &'run Workload)> {
        self.target.filter(|_| self.is_first)
    }

    /// Its target with a target in percent of all requests; none if the target was not pasted.
    pub(super) fn of_whole_pods(&self) -> Option<(&Utilization<'run>, &'run Workload)> {
        let (_, workload) = self.pods()?;
        let mut whole = self.utilizations.iter().filter(|it| it.container.is_none());
        Some((whole.next()?, workload))
    }

    /// Whether its HPA counts a pod with these labels.
    pub(super) fn counts(&self, namespace: &str, labels: &Labels) -> bool {
        self.target.is_some_and(|(document, workload)| {
            document.namespace() == namespace
                && !workload.selector.is_empty()
                && workload.selector.matches(labels)
        })
    }

    /// Whether `document` is what it scales.
    pub(super) fn is_on(&self, document: &Document) -> bool {
        document.kind.value == self.target_kind
            && document.name() == self.target_name
            && document.namespace() == self.document.namespace()
    }

    /// Whether both scale the same thing.
    pub(super) fn has_same_target(&self, other: &Self) -> bool {
        self.document.namespace() == other.document.namespace()
            && self.target_kind == other.target_kind
            && self.target_name == other.target_name
    }
}

/// Pods that the text describes, each template with its document.
pub(super) fn templates(documents: &Documents) -> Vec<(&Document, &PodTemplate)> {
    let mut found = Vec::new();
    for document in &documents.documents {
        match &document.body {
            Body::Workload(workload) => found.push((document, &workload.template)),
            Body::Pods(template) => found.push((document, &**template)),
            _ => {}
        }
    }
    found
}

/// The sum over `containers` of what is requested, and of the limits, in milli units. None where a
/// container has none.
pub(super) fn sums(containers: &[&Container], resource: &str) -> (Option<i64>, Option<i64>) {
    let mut sums = (Some(0_i64), Some(0_i64));
    for container in containers {
        let add = |sum: Option<i64>, more: Option<&crate::manifest::pod::Resource>| {
            Some(sum?.saturating_add(more?.quantity.milli_value()))
        };
        sums.0 = add(sums.0, container.resources.request(resource));
        sums.1 = add(sums.1, container.resources.limits.get(resource));
    }
    sums
}

/// A count, or the share of `total` rounded up: `2` or `25%`.
///
/// Upstream: apimachinery 0.37 pkg/util/intstr/intstr.go `GetScaledValueFromIntOrPercent`.
pub(super) fn count_or_share(text: &str, total: i32) -> Option<i32> {
    let Some(percent) = text.strip_suffix('%') else { return text.parse().ok() };
    let percent: i32 = percent.parse().ok()?;
    let share = i64::from(percent) * i64::from(total);
    i32::try_from(share.max(0).saturating_add(99) / 100).ok()
}

/// A resource as messages spell it.
pub(super) fn spelled(resource: &str) -> &str {
    if resource == "cpu" { "CPU" } else { resource }
}

#[cfg(test)]
mod tests {
    use super::count_or_share;

    #[test]
    fn a_share_is_rounded_up() {
        for (text, total, expected) in [
            ("3", 10, Some(3)),
            ("25%", 10, Some(3)),
            ("50%", 10, Some(5)),
            ("0%", 10, Some(0)),
            ("100%", 2_147_483_647, Some(2_147_483_647)),
            ("300%", 2_147_483_647, None),
            ("a%", 10, None),
            ("", 10, None),
        ] {
            assert_eq!(count_or_share(text, total), expected, "{text} of {total}");
        }
    }
}
