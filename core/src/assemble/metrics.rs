//! Series of the Scenario, and who asks for them.

use super::Assembly;
use crate::diagnostic::{Diagnostic, Severity};
use crate::hpa::{LabelSelector, MetricIdentifier, MetricSpec};
use crate::metrics::prometheus;
use crate::scenario::{MetricEntry, MetricSource as Written, Scenario, Service};
use crate::sim::{MetricSeries, MetricSource, Pipeline, Truth};
use crate::time::Duration;
use crate::workload::Load;

/// What a clock on the wall shows if nobody says: Monday, 2026-01-05 at 00:00.
const MONDAY: i64 = 1_767_571_200;

/// A metric that somebody asks for and that the Scenario does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// Whose; index into the model's HPAs.
    pub hpa: usize,
    /// Which of its metrics.
    pub metric: usize,
    /// What it is called.
    pub name: String,
}

/// Everything but the series, and those who ask.
pub(super) fn pipeline(scenario: &Scenario) -> Pipeline {
    let assumptions = &scenario.assumptions;
    Pipeline {
        series: Vec::new(),
        scaled_objects: Vec::new(),
        relist: assumptions.prometheus.relist_interval,
        latency: assumptions.keda.latency,
        clock: scenario.start.unwrap_or(MONDAY),
        server_outages: scenario.outages_of(Service::MetricsServer),
        prometheus_outages: scenario.outages_of(Service::Prometheus),
        adapter_outages: scenario.outages_of(Service::Adapter),
        keda_outages: scenario.outages_of(Service::Keda),
    }
}

/// The series that were made of the Scenario's entries so far.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// Entry and workload of each series.
    keys: Vec<(usize, usize)>,
}

impl Made {
    /// The series that `metric` reads on behalf of an HPA of `workload`.
    pub(super) fn series(
        &mut self,
        metric: &MetricIdentifier,
        per_pod: bool,
        workload: usize,
        scenario: &Scenario,
        assembly: &mut Assembly,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        for (index, entry) in scenario.metrics.iter().enumerate() {
            if entry.name.value != metric.name || !selects(metric.selector.as_ref(), entry) {
                continue;
            }
            let Some(workload) = owner(entry, workload, assembly) else { continue };
            let key = (index, workload);
            let position = self.keys.iter().position(|it| *it == key).unwrap_or_else(|| {
                self.keys.push(key);
                assembly.model.pipeline.series.push(series(entry, workload, scenario));
                self.keys.len() - 1
            });
            assembly.model.pipeline.series[position].per_pod |= per_pod;
            assembly.model.workloads[workload].has_queue |= entry.source == Written::QueueLength;
            found.push(position);
        }
        found
    }

    /// Says which entries nobody asks for.
    pub(super) fn report_unused(&self, scenario: &Scenario, assembly: &mut Assembly) {
        if scenario.assumed {
            return;
        }
        for (index, entry) in scenario.metrics.iter().enumerate() {
            if self.keys.iter().any(|(own, _)| *own == index) {
                continue;
            }
            let (name, span) = (&entry.name.value, entry.name.span);
            let lost = entry.target.as_ref().filter(|_| owner(entry, 0, assembly).is_none());
            let (span, message) = match lost {
                Some(target) => {
                    let text = format!("nothing in the text is called {}", target.name);
                    (target.span, text)
                }
                None => (span, format!("no HPA and no trigger of KEDA's asks for {name}")),
            };
            let found = Diagnostic::new("TT504", Severity::Warning, span, message);
            assembly.diagnostics.push(found);
        }
    }
}

/// Where the metrics of an HPA come from that scales `workload`.
pub(super) fn sources(
    hpa: usize,
    workload: usize,
    made: &mut Made,
    scenario: &Scenario,
    assembly: &mut Assembly,
) -> Vec<MetricSource> {
    let metrics = assembly.model.hpas[hpa].spec.metrics.clone();
    let mut sources = Vec::new();
    for (index, metric) in metrics.iter().enumerate() {
        let (identifier, per_pod) = match metric {
            MetricSpec::Pods { metric, .. } => (metric, true),
            MetricSpec::Object { metric, .. } | MetricSpec::External { metric, .. } => {
                (metric, false)
            }
            MetricSpec::Resource { .. }
            | MetricSpec::ContainerResource { .. }
            | MetricSpec::Unknown(_) => {
                sources.push(MetricSource::Server);
                continue;
            }
        };
        let series = made.series(identifier, per_pod, workload, scenario, assembly);
        if series.is_empty() {
            let name = identifier.name.clone();
            assembly.unmet.push(Unmet { hpa, metric: index, name });
        }
        sources.push(MetricSource::Series(series));
    }
    sources
}

fn series(entry: &MetricEntry, workload: usize, scenario: &Scenario) -> MetricSeries {
    let assumed = &scenario.assumptions.prometheus;
    let truth = match &entry.source {
        Written::Requests => Truth::Requests,
        Written::QueueLength => Truth::Queue,
        Written::Shape { shape, per_pod } => {
            Truth::Own { load: Load { shapes: vec![shape.clone()] }, each_pod: *per_pod }
        }
    };
    let range = match (entry.rate, &truth) {
        (_, Truth::Queue) | (None, Truth::Own { .. }) => None,
        (Some(rate), _) => Some(rate).filter(|it| *it > Duration::ZERO),
        (None, Truth::Requests) => Some(assumed.rate_window),
    };
    let scrape = entry.scrape.unwrap_or(assumed.scrape_interval);
    MetricSeries {
        truth,
        workload,
        per_pod: false,
        prometheus: prometheus::Spec { scrape, range },
        outages: entry.outages.clone(),
    }
}

/// The workload that an entry is about: the one that it names, or the asking HPA's own.
fn owner(entry: &MetricEntry, own: usize, assembly: &Assembly) -> Option<usize> {
    let Some(target) = &entry.target else { return Some(own) };
    assembly.model.workloads.iter().position(|it| {
        it.name == target.name && target.namespace.as_deref().is_none_or(|own| own == it.namespace)
    })
}

/// Whether `selector` selects the entry. One without labels is there for all.
fn selects(selector: Option<&LabelSelector>, entry: &MetricEntry) -> bool {
    let Some(selector) = selector.filter(|_| !entry.labels.is_empty()) else { return true };
    let value = |key: &str| entry.labels.get(key);
    let labels_match = selector.match_labels.iter().all(|(key, own)| value(key) == Some(own));
    labels_match
        && selector.match_expressions.iter().all(|it| {
            let found = value(&it.key);
            let is_among = found.is_some_and(|found| it.values.contains(found));
            match it.operator.as_str() {
                "In" => is_among,
                "NotIn" => !is_among,
                "Exists" => found.is_some(),
                "DoesNotExist" => found.is_none(),
                _ => false,
            }
        })
}
