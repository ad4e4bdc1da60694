//! What upstream writes when a metric fails, and what it calls a metric.
//!
//! One error is told three times: bare in section `text`, with the target in the `FailedGet…Metric`
//! event and the ScalingActive condition, with the source in the `FailedComputeMetricsReplicas`
//! event.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
//! `computeReplicasForMetric`, `computeStatusFor…`; replica_calculator.go;
//! metrics/client.go.

use std::borrow::Cow;

use super::{
    Failure, LabelSelector, MetricSpec, Observation, Reading, ResourceTarget, Spec, ValueTarget,
    selector,
};

/// What upstream calls a metric, in three pieces.
pub(super) struct Title<'a> {
    start: &'a str,
    name: &'a str,
    end: Cow<'a, str>,
}

impl Title<'_> {
    pub(super) fn pieces(&self) -> [&str; 3] {
        [self.start, self.name, &self.end]
    }
}

impl Failure {
    /// The text in the `FailedGet…Metric` event, and at the end of the condition's message.
    pub fn text(self, spec: &Spec, metric: usize, seen: &Observation<'_>) -> String {
        let text = self.bare_text(spec, metric, seen);
        if self == Self::GateOff {
            return text;
        }
        match &spec.metrics[metric] {
            MetricSpec::Resource { name, target }
            | MetricSpec::ContainerResource { name, target, .. } => match target {
                ResourceTarget::AverageUtilization(_) => {
                    format!("failed to get {name} utilization: {text}")
                }
                ResourceTarget::AverageValue(_) => format!("failed to get {name} usage: {text}"),
            },
            MetricSpec::Pods { .. }
            | MetricSpec::Object { .. }
            | MetricSpec::External { .. }
            | MetricSpec::Unknown(_) => text,
        }
    }

    /// The text in the `FailedComputeMetricsReplicas` event.
    pub(super) fn outer_text(self, spec: &Spec, metric: usize, seen: &Observation<'_>) -> String {
        let text = self.text(spec, metric, seen);
        if self == Self::GateOff {
            return text;
        }
        match &spec.metrics[metric] {
            MetricSpec::Resource { name, .. } => {
                format!("failed to get {name} resource metric value: {text}")
            }
            MetricSpec::ContainerResource { container, .. } => {
                format!("failed to get {container} container metric value: {text}")
            }
            MetricSpec::Pods { .. } => format!("failed to get pods metric value: {text}"),
            MetricSpec::Unknown(_) => text,
            MetricSpec::Object { metric, target, .. } => {
                let name = &metric.name;
                let inner = match target {
                    // It is found before the target is looked at.
                    _ if self == Self::InvalidSelector => String::new(),
                    Some(ValueTarget::AverageValue(_)) => {
                        format!("failed to get {name} object metric: ")
                    }
                    Some(ValueTarget::Value(_)) | None => String::new(),
                };
                format!("failed to get object metric value: {inner}{text}")
            }
            MetricSpec::External { metric, target } => {
                let name = &metric.name;
                let inner = match target {
                    ValueTarget::AverageValue(_) => format!("failed to get {name} external metric"),
                    ValueTarget::Value(_) => format!("failed to get external metric {name}"),
                };
                format!("failed to get {name} external metric value: {inner}: {text}")
            }
        }
    }

    fn bare_text(self, spec: &Spec, metric: usize, seen: &Observation<'_>) -> String {
        let entry = &spec.metrics[metric];
        match self {
            Self::InvalidSelector => {
                let error = |it| selector::error(it, spec.settings.rules);
                entry.selector().and_then(error).unwrap_or_default()
            }
            Self::Unavailable => match seen.metrics[metric] {
                Reading::Failed(text) => client_text(spec, entry, text),
                Reading::Samples(_) | Reading::Value(_) | Reading::Series(_) => {
                    client_text(spec, entry, "")
                }
            },
            Self::Empty => {
                let api = match entry {
                    MetricSpec::Resource { .. } | MetricSpec::ContainerResource { .. } => {
                        "resource"
                    }
                    MetricSpec::Pods { .. } | MetricSpec::Object { .. } => "custom",
                    MetricSpec::External { .. } | MetricSpec::Unknown(_) => "external",
                };
                client_text(spec, entry, &format!("no metrics returned from {api} metrics API"))
            }
            Self::NoPods => {
                let counts_ready =
                    matches!(entry, MetricSpec::Object { .. } | MetricSpec::External { .. });
                let outer = if counts_ready { "unable to calculate ready pods: " } else { "" };
                format!("{outer}no pods returned by selector while calculating replica count")
            }
            Self::NoUsableSample => {
                "did not receive metrics for targeted pods (pods might be unready)".to_owned()
            }
            Self::MissingRequest { pod, container } => {
                let pod = &seen.pods[pod];
                let (name, container) = (pod.name, &pod.containers[container].name);
                let resource = resource_text(entry);
                format!("missing request for {resource} in container {container} of Pod {name}")
            }
            Self::MissingPodRequest { pod } => {
                let (resource, name) = (resource_text(entry), seen.pods[pod].name);
                format!("missing pod-level request for {resource} in Pod {name}")
            }
            Self::ContainerNotFound { pod } => {
                let container = match entry {
                    MetricSpec::ContainerResource { container, .. } => container,
                    _ => "",
                };
                format!("container {container} not found in Pod {}", seen.pods[pod].name)
            }
            Self::NoRequests => "no metrics returned matched known pods".to_owned(),
            Self::NoTarget => {
                "invalid object metric source: neither a value target nor an average \
                               value target was set"
                    .to_owned()
            }
            Self::GateOff => "ContainerResource metric type is not supported: disabled by the \
                              feature gate"
                .to_owned(),
            Self::UnknownType => {
                let kind = if let MetricSpec::Unknown(kind) = entry { kind.as_str() } else { "" };
                format!("unknown metric source type \"{kind}\"")
            }
        }
    }
}

/// What the replica calculator puts before the metrics client's own words.
fn client_text(spec: &Spec, entry: &MetricSpec, text: &str) -> String {
    let namespace = &spec.namespace;
    match entry {
        MetricSpec::Resource { name, .. } | MetricSpec::ContainerResource { name, .. } => {
            format!("unable to get metrics for resource {name}: {text}")
        }
        MetricSpec::Pods { metric, .. } => format!("unable to get metric {}: {text}", metric.name),
        MetricSpec::Object { kind, name, metric, .. } => {
            let metric = &metric.name;
            if spec.settings.rules.object_error_in_order {
                format!("unable to get metric {metric} on {kind} {namespace}/{name}: {text}")
            } else {
                format!("unable to get metric {metric}: {kind} on {namespace} {name}/{text}")
            }
        }
        MetricSpec::Unknown(_) => text.to_owned(),
        MetricSpec::External { metric, .. } => {
            let selector = metric.selector_text();
            format!("unable to get external metric {namespace}/{}/{selector}: {text}", metric.name)
        }
    }
}

fn resource_text(entry: &MetricSpec) -> String {
    match entry {
        MetricSpec::Resource { name, .. } | MetricSpec::ContainerResource { name, .. } => {
            name.to_string()
        }
        MetricSpec::Pods { .. }
        | MetricSpec::Object { .. }
        | MetricSpec::External { .. }
        | MetricSpec::Unknown(_) => String::new(),
    }
}

impl MetricSpec {
    /// What upstream calls the metric in conditions and in the reason of a rescale.
    ///
    /// An Object metric with `averageValue` is called external there.
    pub fn title(&self) -> String {
        self.name().pieces().concat()
    }

    /// The title in its pieces.
    pub(super) fn name(&self) -> Title<'_> {
        let resource = |name, what| Title { start: "", name, end: Cow::Borrowed(what) };
        match self {
            Self::Resource { name, target } => match target {
                ResourceTarget::AverageUtilization(_) => {
                    resource(name.as_str(), " resource utilization (percentage of request)")
                }
                ResourceTarget::AverageValue(_) => resource(name.as_str(), " resource"),
            },
            Self::ContainerResource { name, target, .. } => match target {
                ResourceTarget::AverageUtilization(_) => resource(
                    name.as_str(),
                    " container resource utilization (percentage of request)",
                ),
                ResourceTarget::AverageValue(_) => resource(name.as_str(), " resource"),
            },
            Self::Pods { metric, .. } => {
                Title { start: "pods metric ", name: &metric.name, end: Cow::Borrowed("") }
            }
            Self::Object { kind, metric, target: Some(ValueTarget::Value(_)) | None, .. } => {
                Title { start: kind, name: " metric ", end: Cow::Borrowed(&metric.name) }
            }
            Self::Object { metric, target: Some(ValueTarget::AverageValue(_)), .. }
            | Self::External { metric, .. } => {
                let end = match &metric.selector {
                    None => Cow::Borrowed("(nil)"),
                    Some(selector) => Cow::Owned(format!("({selector})")),
                };
                Title { start: "external metric ", name: &metric.name, end }
            }
            Self::Unknown(kind) => Title { start: kind, name: "", end: Cow::Borrowed("") },
        }
    }

    /// The selector of a custom or external metric.
    fn selector(&self) -> Option<&LabelSelector> {
        match self {
            Self::Pods { metric, .. }
            | Self::Object { metric, .. }
            | Self::External { metric, .. } => metric.selector.as_ref(),
            Self::Resource { .. } | Self::ContainerResource { .. } | Self::Unknown(_) => None,
        }
    }

    /// Reason of the event and the condition when the metric fails.
    pub(crate) fn failure_reason(&self) -> &'static str {
        match self {
            Self::Resource { .. } => "FailedGetResourceMetric",
            Self::ContainerResource { .. } => "FailedGetContainerResourceMetric",
            Self::Pods { .. } => "FailedGetPodsMetric",
            Self::Object { .. } => "FailedGetObjectMetric",
            Self::External { .. } => "FailedGetExternalMetric",
            Self::Unknown(_) => "InvalidMetricSourceType",
        }
    }
}
