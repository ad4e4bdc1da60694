//! Pods, samples and metrics of cases as the engine sees them.

use tidetable_core::hpa::{
    Container, ContainerKind, LabelSelector, LabelSelectorRequirement, MetricIdentifier,
    MetricSpec, Pod, PodIndex, PodPhase, Reading, ReadyCondition, ReadyStatus, ResourceName,
    ResourceTarget, Sample, ValueTarget,
};
use tidetable_core::time::{Duration, Instant};

use crate::hpa_case::{
    CaseMetric, CasePod, CaseReading, CaseRequests, OTHER_RESOURCE, STEADY_SINCE, STEADY_START,
};

impl CaseMetric {
    /// As an entry of `spec.metrics`. All custom and external metrics are called `m`.
    pub fn spec(&self) -> MetricSpec {
        let resource = match self.resource.as_str() {
            "cpu" => ResourceName::Cpu,
            "memory" => ResourceName::Memory,
            other => ResourceName::Other(other.to_owned()),
        };
        let resource_target = match self.target.as_str() {
            "Utilization" => ResourceTarget::AverageUtilization(self.goal as i32),
            _ => ResourceTarget::AverageValue(self.goal),
        };
        let value_target = match self.target.as_str() {
            "Value" => ValueTarget::Value(self.goal),
            _ => ValueTarget::AverageValue(self.goal),
        };
        let metric = MetricIdentifier { name: "m".to_owned(), selector: self.label_selector() };
        match self.source.as_str() {
            "Resource" => MetricSpec::Resource { name: resource, target: resource_target },
            "ContainerResource" => MetricSpec::ContainerResource {
                name: resource,
                container: self.container.clone(),
                target: resource_target,
            },
            "Pods" => MetricSpec::Pods { metric, target_average_value_milli: self.goal },
            "Object" => MetricSpec::Object {
                kind: "Ingress".to_owned(),
                name: "main".to_owned(),
                metric,
                target: (!self.mismatch).then_some(value_target),
            },
            "External" => MetricSpec::External { metric, target: value_target },
            source => MetricSpec::Unknown(source.to_owned()),
        }
    }

    fn label_selector(&self) -> Option<LabelSelector> {
        let selector = self.selector.as_ref()?;
        Some(LabelSelector {
            match_labels: selector.labels.clone(),
            match_expressions: selector
                .expressions
                .iter()
                .map(|it| LabelSelectorRequirement {
                    key: it.key.clone(),
                    operator: it.operator.clone(),
                    values: it.values.clone(),
                })
                .collect(),
        })
    }
}

impl CaseReading {
    /// The samples of metric `index` of the spec.
    pub fn samples(&self, index: usize, pods: &[CasePod], now: Instant) -> Vec<Sample> {
        let listed = pods.iter().enumerate().filter_map(|(pod, case)| {
            let sample = case.samples[index]?;
            Some(Sample {
                pod: Some(PodIndex::of(pod)),
                value_milli: sample.value,
                timestamp: shift(now, sample.at),
                window: Duration::from_ms(sample.window),
            })
        });
        let unlisted = self.extra.iter().map(|&value_milli| Sample {
            pod: None,
            value_milli,
            timestamp: now,
            window: Duration::ZERO,
        });
        listed.chain(unlisted).collect()
    }

    /// What the metrics API answers for `metric`.
    pub fn reading<'a>(&'a self, metric: &CaseMetric, samples: &'a [Sample]) -> Reading<'a> {
        match metric.source.as_str() {
            _ if !self.failed.is_empty() => Reading::Failed(&self.failed),
            "Object" => Reading::Value(self.value),
            "External" => Reading::Series(&self.series),
            _ => Reading::Samples(samples),
        }
    }
}

/// Pods with what they borrow from.
pub(crate) struct Pods {
    /// Name and template of each.
    named: Vec<(String, usize)>,
    templates: Vec<Template>,
}

/// What pods that request the same share, as in the simulation.
struct Template {
    containers: Vec<Container>,
    requests: Vec<(ResourceName, i64)>,
    overhead: Vec<(ResourceName, i64)>,
}

impl Pods {
    /// Names, containers and requests of `cases`.
    pub(crate) fn of(cases: &[CasePod]) -> Self {
        let mut pods = Self { named: Vec::with_capacity(cases.len()), templates: Vec::new() };
        for (index, case) in cases.iter().enumerate() {
            let is_alike = |before: &CasePod| {
                before.requests == case.requests
                    && before.whole == case.whole
                    && before.overhead == case.overhead
            };
            if index == 0 || !is_alike(&cases[index - 1]) {
                pods.templates.push(case.template());
            }
            pods.named.push((format!("pod-{index:03}"), pods.templates.len() - 1));
        }
        pods
    }

    /// The pods at `now`.
    pub(crate) fn at(&self, cases: &[CasePod], now: Instant) -> Vec<Pod<'_>> {
        let named = self.named.iter().zip(cases);
        named
            .map(|((name, template), case)| case.pod(name, &self.templates[*template], now))
            .collect()
    }
}

impl CaseRequests {
    fn list(&self) -> Vec<(ResourceName, i64)> {
        let named = [
            (ResourceName::Cpu, self.cpu),
            (ResourceName::Memory, self.memory),
            (ResourceName::Other(OTHER_RESOURCE.to_owned()), self.other),
        ];
        named.into_iter().filter_map(|(name, milli)| Some((name, milli?))).collect()
    }
}

impl CasePod {
    fn template(&self) -> Template {
        let list = |requests: &Option<CaseRequests>| {
            requests.as_ref().map_or_else(Vec::new, CaseRequests::list)
        };
        Template {
            containers: self.containers(),
            requests: list(&self.whole),
            overhead: list(&self.overhead),
        }
    }

    fn containers(&self) -> Vec<Container> {
        let containers = self.requests.iter().enumerate();
        containers
            .map(|(index, container)| Container {
                name: format!("c{index}"),
                kind: match container.kind.as_str() {
                    "sidecar" => ContainerKind::Sidecar,
                    "init" => ContainerKind::Init,
                    _ => ContainerKind::App,
                },
                requests: container.requests.list(),
            })
            .collect()
    }

    fn pod<'a>(&self, name: &'a str, template: &'a Template, now: Instant) -> Pod<'a> {
        let (start, ready, since) = if self.steady {
            (Some(STEADY_START), "True", Some(STEADY_SINCE))
        } else {
            (self.start, self.ready.as_str(), self.since)
        };
        let status = match ready {
            "" => None,
            "True" => Some(ReadyStatus::True),
            "False" => Some(ReadyStatus::False),
            _ => Some(ReadyStatus::Unknown),
        };
        let last_transition = since.map(|since| shift(now, since));
        Pod {
            name,
            phase: match self.phase.as_str() {
                "Pending" => PodPhase::Pending,
                "Succeeded" => PodPhase::Succeeded,
                "Failed" => PodPhase::Failed,
                "Unknown" => PodPhase::Unknown,
                _ => PodPhase::Running,
            },
            deleting: self.deleting,
            start_time: start.map(|start| shift(now, start)),
            ready: status.map(|status| ReadyCondition { status, last_transition }),
            containers: &template.containers,
            requests: &template.requests,
            overhead: &template.overhead,
        }
    }
}

/// `ms` after `now`.
fn shift(now: Instant, ms: i64) -> Instant {
    Instant::from_ms(now.ms().saturating_add(ms))
}
