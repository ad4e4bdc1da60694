//! What an HPA is told when it asks for its metrics: values, or why there are none.

use crate::hpa::{MetricSpec, PodIndex, Reading, ResourceName, Sample};
use crate::metrics::adapter::{
    self, CUSTOM, EXTERNAL, NO_PROMETHEUS, RESOURCE, UNAVAILABLE, WINDOW,
};
use crate::sim::pipeline::MetricSource;
use crate::sim::world::World;
use crate::time::{Instant, Stretch};

/// The answer to one request.
pub(super) enum Answer {
    Samples(Vec<Sample>),
    Value(i64),
    Series(Vec<i64>),
    Failed(String),
}

impl Answer {
    pub(super) fn reading(&self) -> Reading<'_> {
        match self {
            Self::Samples(samples) => Reading::Samples(samples),
            Self::Value(value) => Reading::Value(*value),
            Self::Series(values) => Reading::Series(values),
            Self::Failed(text) => Reading::Failed(text),
        }
    }
}

/// Reads that metrics-server needs before it answers.
const READS: u32 = 2;

impl World<'_> {
    /// The answer for each metric of `hpa`, which scales `workload`.
    pub(super) fn answers(&mut self, hpa: usize, workload: usize, now: Instant) -> Vec<Answer> {
        let model = &self.model.hpas[hpa];
        let metrics = model.spec.metrics.iter().zip(&model.sources);
        metrics
            .map(|(metric, source)| match source {
                MetricSource::Server => self.server_answer(workload, metric, now),
                MetricSource::Series(series) => {
                    let answer = self.adapter_answer(workload, metric, series, now);
                    answer.unwrap_or_else(|text| {
                        let api = if is_external(metric) { EXTERNAL } else { CUSTOM };
                        Answer::Failed(format!("{api}{text}"))
                    })
                }
                MetricSource::Trigger(scaled_object, trigger) => {
                    self.keda_answer(hpa, workload, metric, (*scaled_object, *trigger), now)
                }
            })
            .collect()
    }

    /// The samples of CPU or memory.
    ///
    /// DIFFERENCE(one-container): all of a pod's usage is its first container's; the others use
    /// nothing.
    fn server_answer(&self, workload: usize, metric: &MetricSpec, now: Instant) -> Answer {
        let (resource, container) = match metric {
            MetricSpec::Resource { name, .. } => (name, None),
            MetricSpec::ContainerResource { name, container, .. } => (name, Some(container)),
            MetricSpec::Pods { .. }
            | MetricSpec::Object { .. }
            | MetricSpec::External { .. }
            | MetricSpec::Unknown(_) => return Answer::Failed(String::new()),
        };
        let is_down = Stretch::any(&self.model.pipeline.server_outages, now);
        if is_down || self.server_reads < READS {
            return Answer::Failed(format!("{RESOURCE}{UNAVAILABLE}pods.metrics.k8s.io)"));
        }
        let mut samples = Vec::new();
        for (index, pod) in self.selected(workload).enumerate() {
            let Some(sample) = self.pods[pod].sample else { continue };
            let value_milli = match resource {
                ResourceName::Cpu => sample.cpu_milli,
                ResourceName::Memory => sample.memory_bytes.saturating_mul(1000),
                ResourceName::Other(_) => continue,
            };
            let mut share = 1;
            if let Some(name) = container {
                let containers = &self.template(self.pods[pod].owner).containers;
                match containers.iter().position(|it| it.name == *name) {
                    Some(position) => share = i64::from(position == 0),
                    // The pod is missing, or fails the metric.
                    None if self.model.controller.rules.container_may_be_missing => continue,
                    None => return self.no_container(workload, name, pod),
                }
            }
            samples.push(Sample {
                pod: Some(PodIndex::of(index)),
                value_milli: value_milli.saturating_mul(share),
                timestamp: sample.timestamp,
                window: sample.window,
            });
        }
        Answer::Samples(samples)
    }

    fn no_container(&self, workload: usize, container: &str, pod: usize) -> Answer {
        Answer::Failed(format!(
            "failed to get container metrics: container {container} not present in metrics for \
             pod {}/{}",
            self.model.workloads[workload].namespace, self.pods[pod].name
        ))
    }

    /// What Prometheus Adapter says.
    ///
    /// DIFFERENCE(custom-metrics): its queries can be anything; here a metric is the sum of the
    /// series that the Scenario gives it.
    ///
    /// Upstream: prometheus-adapter 0.12 pkg/custom-provider/provider.go `GetMetricByName`,
    /// `GetMetricBySelector`, pkg/external-provider/provider.go `GetExternalMetric`;
    /// custom-metrics-apiserver 1.33 pkg/provider/errors.go.
    fn adapter_answer(
        &mut self,
        workload: usize,
        metric: &MetricSpec,
        series: &[usize],
        now: Instant,
    ) -> Result<Answer, String> {
        let (name, resource) = asked(metric, &self.model.workloads[workload].namespace);
        let pipeline = &self.model.pipeline;
        if Stretch::any(&pipeline.adapter_outages, now) {
            return Err(match metric {
                MetricSpec::External { .. } => {
                    format!("{UNAVAILABLE}{name}.external.metrics.k8s.io)")
                }
                MetricSpec::Object { name: object, .. } => {
                    format!("{UNAVAILABLE}{resource}.custom.metrics.k8s.io {object})")
                }
                _ => format!("{UNAVAILABLE}{resource}.custom.metrics.k8s.io *)"),
            });
        }
        let known: Vec<bool> = series.iter().map(|it| self.is_listed(*it, now)).collect();
        let not_found = adapter::not_found(name, &resource);
        if !known.contains(&true) {
            return Err(not_found);
        }
        if Stretch::any(&pipeline.prometheus_outages, now) {
            return Err(NO_PROMETHEUS.to_owned());
        }
        match metric {
            MetricSpec::Object { name: object, .. } => {
                let mut values = series.iter().filter_map(|it| self.query(*it, now)).peekable();
                if values.peek().is_none() {
                    return Err(format!("{not_found} {object}"));
                }
                Ok(Answer::Value(adapter::milli(values.sum())))
            }
            MetricSpec::External { .. } => {
                let values = series.iter().filter_map(|it| self.query(*it, now));
                Ok(Answer::Series(values.map(adapter::milli).collect()))
            }
            _ => Ok(Answer::Samples(self.pod_samples(workload, series, now))),
        }
    }

    fn pod_samples(&self, workload: usize, series: &[usize], now: Instant) -> Vec<Sample> {
        let pods = self.selected(workload).enumerate();
        let sample = |(index, pod): (usize, usize)| {
            let values = series.iter().filter_map(|it| self.query_pod(*it, pod, now));
            let value = values.reduce(|sum, value| sum + value)?;
            let whole = now.ms().div_euclid(1000).saturating_mul(1000);
            Some(Sample {
                pod: Some(PodIndex::of(index)),
                value_milli: adapter::milli(value),
                timestamp: Instant::from_ms(whole),
                window: WINDOW,
            })
        };
        pods.filter_map(sample).collect()
    }

    /// What KEDA says. It is not asked, and counts no failure, while the HPA does not get that far.
    ///
    /// Upstream: keda 2.21 pkg/metricsservice/server.go `GetMetrics`.
    fn keda_answer(
        &mut self,
        hpa: usize,
        workload: usize,
        metric: &MetricSpec,
        (scaled_object, trigger): (usize, usize),
        now: Instant,
    ) -> Answer {
        let (name, _) = asked(metric, "");
        let spec = &self.model.hpas[hpa].spec;
        let replicas = self.workloads[workload].replicas;
        if replicas == 0 || replicas > spec.max_replicas || replicas < spec.min_replicas {
            return Answer::Failed(String::new());
        }
        if Stretch::any(&self.model.pipeline.keda_outages, now) {
            return Answer::Failed(format!(
                "{EXTERNAL}{UNAVAILABLE}{name}.external.metrics.k8s.io)"
            ));
        }
        match self.ask_keda(scaled_object, trigger, now) {
            Some(value) => Answer::Series(vec![value]),
            None => Answer::Failed(format!(
                "{EXTERNAL}rpc error: code = Unknown desc = error when getting metric values \
                 metric:{name} encountered error"
            )),
        }
    }
}

fn is_external(metric: &MetricSpec) -> bool {
    matches!(metric, MetricSpec::External { .. })
}

/// The metric's name, and the resource that it is asked for, as errors call it.
fn asked<'a>(metric: &'a MetricSpec, namespace: &str) -> (&'a str, String) {
    match metric {
        MetricSpec::Pods { metric, .. } => (&metric.name, "pods".to_owned()),
        MetricSpec::Object { metric, kind, .. } => (&metric.name, adapter::resource_of(kind)),
        MetricSpec::External { metric, .. } => {
            // Upstream: prometheus-adapter 0.12 pkg/external-provider/provider.go
            // `selectGroupResource`.
            let resource = if namespace == "default" { "namespaces" } else { "" };
            (&metric.name, resource.to_owned())
        }
        MetricSpec::Resource { .. }
        | MetricSpec::ContainerResource { .. }
        | MetricSpec::Unknown(_) => ("", String::new()),
    }
}
