//! ScaledObjects: the HPA that KEDA makes of each, and what KEDA itself does.
//!
//! Upstream: keda 2.21 controllers/keda/hpa.go `newHPAForScaledObject`,
//! `getScaledObjectMetricSpecs`.

use super::metrics::{Made, Unmet};
use super::{Assembly, hpa};
use crate::diagnostic::{Diagnostic, Severity};
use crate::hpa::{
    LabelSelector, MetricIdentifier, MetricSpec, ResourceName, ResourceTarget, SelectPolicy,
    ValueTarget,
};
use crate::keda::{Composite, External, Fallback, FallbackBehavior, Kafka, Spec, Trigger};
use crate::manifest::keda::{Resource, Scaler, Source, Target};
use crate::manifest::{Document, Documents, ScaledObject};
use crate::order;
use crate::scenario::Scenario;
use crate::sim::{self, Hpa, HpaTarget, MetricSource, TriggerSource};
use crate::source::Span;
use crate::time::Duration;

/// The metric that stands for a formula.
///
/// DIFFERENCE(keda-formula): where it is not evaluated the Scenario says what it gives.
const COMPOSITE: &str = "composite-metric";

/// Adds the HPA and the ScaledObject of `document`, the text's number `index`.
pub(super) fn scaled_object(
    documents: &Documents,
    index: usize,
    written: &ScaledObject,
    scenario: &Scenario,
    assembly: &mut Assembly,
) {
    let document = &documents.documents[index];
    let kind = written.target_kind();
    if !matches!(kind, "Deployment" | "StatefulSet" | "ReplicaSet") {
        // That it has no scale is said by a lint.
        if hpa::no_scale(written.target_api_version(), kind, "").is_some() {
            return;
        }
        let text = format!("{kind} is not simulated: this ScaledObject is left out");
        report(assembly, "TT506", Severity::Warning, written.target.span, text);
        return;
    }
    let min = written.min_replica_count.map_or(0, |it| it.value.max(0));
    let name = &written.target.name.value;
    let workload = hpa::workload(documents, document, (kind, name), min, scenario, assembly);
    if let Some(paused) = written.annotations.paused {
        if let Some(replicas) = &written.annotations.paused_replicas {
            assembly.model.workloads[workload].replicas = replicas.value.max(0);
        }
        let text = "paused: KEDA deletes its HPA, and nobody scales".to_owned();
        report(assembly, "TT507", Severity::Info, paused, text);
        return;
    }
    if written.has_no_hpa {
        let text = "KEDA fails to make its HPA, and does nothing: the workload stays as it is";
        report(assembly, "TT510", Severity::Warning, written.spec_span, text.to_owned());
        return;
    }
    let parts = parts(document, written, scenario);
    if parts.metrics.is_empty() {
        let text = "no trigger that can be simulated: this ScaledObject is left out".to_owned();
        report(assembly, "TT508", Severity::Warning, written.spec_span, text);
        return;
    }
    let number = assembly.model.hpas.len();
    let own = assembly.model.pipeline.scaled_objects.len();
    let made = made_hpa(document, written, &parts, scenario, own);
    assembly.model.hpas.push(Hpa { target: HpaTarget::Workload(workload), ..made });
    assembly.hpas.push(index);
    assembly.model.pipeline.scaled_objects.push(sim::ScaledObject {
        namespace: document.namespace().to_owned(),
        name: document.name().to_owned(),
        spec: Spec { triggers: parts.triggers, ..spec(written) },
        workload,
        hpa: number,
        sources: Vec::new(),
    });
    assembly.scaled_objects.push(index);
    assembly.trigger_sources.push(parts.sources);
}

fn report(assembly: &mut Assembly, code: &str, severity: Severity, span: Span, text: String) {
    assembly.diagnostics.push(Diagnostic::new(code, severity, span, text));
}

/// What becomes of the triggers.
struct Parts {
    triggers: Vec<Trigger>,
    /// Where each of them reads; `None` for what only the HPA reads.
    sources: Vec<Option<Source>>,
    /// Metrics of the HPA, in its order, each with its trigger.
    metrics: Vec<(MetricSpec, usize)>,
}

/// The formula's metric as one that the Scenario drives, and as one that is computed.
fn composite(written: &ScaledObject, scenario: &Scenario) -> Option<(External, Option<Composite>)> {
    let modifiers = written.scaling_modifiers.as_ref()?;
    let driven = driven(written)?;
    let is_driven = scenario.metrics.iter().any(|it| it.name.value == COMPOSITE);
    let formula = modifiers.compiled.as_ref().filter(|_| !is_driven);
    let target: f64 = modifiers.target.as_ref()?.value.parse().ok()?;
    let replicas = written.fallback.as_ref().map(|it| it.replicas.map_or(0, |it| it.value));
    let computed = formula.map(|formula| Composite {
        metric: COMPOSITE.to_owned(),
        target,
        is_average: driven.is_average,
        activation: driven.activation,
        formula: formula.clone(),
        reads: Vec::new(),
        for_nil: replicas.map(|it| f64::from(it) * target),
    });
    Some((driven, computed))
}

fn driven(written: &ScaledObject) -> Option<External> {
    written.scaling_modifiers.as_ref().and_then(|it| {
        let target: f64 = it.target.as_ref()?.value.parse().ok()?;
        let activation = it.activation_target.as_ref().and_then(|it| it.value.parse().ok());
        (target > 0.0).then(|| External {
            metric: COMPOSITE.to_owned(),
            // A float-to-integer cast: cut off, as upstream's.
            target_milli: (target * 1000.0) as i64,
            is_average: it.metric_type.as_ref().is_none_or(|it| it.value != "Value"),
            activation: activation.unwrap_or(0.0),
            empty_is_zero: false,
            cached: false,
            cron: None,
            kafka: None,
        })
    })
}

fn parts(document: &Document, written: &ScaledObject, scenario: &Scenario) -> Parts {
    let composite = composite(written, scenario);
    let mut numbers = vec![0; written.triggers.len()];
    let mut parts = Parts { triggers: Vec::new(), sources: Vec::new(), metrics: Vec::new() };
    for trigger in written.metric_order() {
        let number = parts.triggers.len();
        numbers[trigger] = number;
        match &written.triggers[trigger].scaler {
            Some(Scaler::Resource(it)) => {
                parts.triggers.push(Trigger::Resource);
                parts.sources.push(None);
                if composite.is_none() || it.container.is_none() {
                    parts.metrics.push((resource(it), number));
                }
            }
            Some(Scaler::External(it, source))
                if composite.as_ref().is_none_or(|(_, computed)| computed.is_some()) =>
            {
                parts.triggers.push(Trigger::External(bounded(it, scenario)));
                parts.sources.push(Some(*source));
                if composite.is_none() {
                    parts.metrics.push((external(it, document.name()), number));
                }
            }
            Some(Scaler::External(..)) | None => {}
        }
    }
    if let Some((driven, computed)) = composite {
        parts.metrics.push((external(&driven, document.name()), parts.triggers.len()));
        let (trigger, source) = match computed {
            None => (Trigger::External(driven), Some(Source::QueueRate)),
            Some(computed) => {
                let reads = written.formula_triggers().into_iter().map(|it| numbers[it]).collect();
                (Trigger::Composite(Composite { reads, ..computed }), None)
            }
        };
        parts.triggers.push(trigger);
        parts.sources.push(source);
    }
    parts
}

/// With as many partitions as the Scenario says.
fn bounded(it: &External, scenario: &Scenario) -> External {
    let partitions = scenario.assumptions.keda.kafka_partitions;
    let kafka = it.kafka.map(|it| Kafka { partitions, ..it });
    External { kafka, ..it.clone() }
}

fn resource(it: &Resource) -> MetricSpec {
    let name = if it.name == "cpu" { ResourceName::Cpu } else { ResourceName::Memory };
    let target = match it.target {
        Target::Utilization(percent) => ResourceTarget::AverageUtilization(percent.max(1)),
        Target::AverageValue(milli) => ResourceTarget::AverageValue(milli.max(1)),
    };
    match &it.container {
        None => MetricSpec::Resource { name, target },
        Some(container) => {
            MetricSpec::ContainerResource { name, container: container.clone(), target }
        }
    }
}

fn external(it: &External, scaled_object: &str) -> MetricSpec {
    let target = it.target_milli;
    MetricSpec::External {
        metric: identifier(it, scaled_object),
        target: if it.is_average {
            ValueTarget::AverageValue(target)
        } else {
            ValueTarget::Value(target)
        },
    }
}

fn identifier(it: &External, scaled_object: &str) -> MetricIdentifier {
    let label = ("scaledobject.keda.sh/name".to_owned(), scaled_object.to_owned());
    let selector =
        LabelSelector { match_labels: order::map([label]), match_expressions: Vec::new() };
    MetricIdentifier { name: it.metric.clone(), selector: Some(selector) }
}

/// The HPA that KEDA makes; its target is filled in by the caller.
fn made_hpa(
    document: &Document,
    written: &ScaledObject,
    parts: &Parts,
    scenario: &Scenario,
    scaled_object: usize,
) -> Hpa {
    let min = written.min_replica_count.map_or(1, |it| it.value.max(1));
    let max = written.max_replica_count.map_or(100, |it| it.value);
    let mut spec = hpa::limits(min, max, written.behavior.as_ref(), scenario);
    document.namespace().clone_into(&mut spec.namespace);
    if written.annotations.paused_scale_in.is_some() {
        let behavior = spec.behavior.get_or_insert_default();
        behavior.scale_down.select_policy = SelectPolicy::Disabled;
    }
    if written.annotations.paused_scale_out.is_some() {
        let behavior = spec.behavior.get_or_insert_default();
        behavior.scale_up.select_policy = SelectPolicy::Disabled;
    }
    spec.metrics = parts.metrics.iter().map(|(metric, _)| metric.clone()).collect();
    let source = |(metric, trigger): &(MetricSpec, usize)| match metric {
        MetricSpec::External { .. } => MetricSource::Trigger(scaled_object, *trigger),
        _ => MetricSource::Server,
    };
    Hpa {
        namespace: document.namespace().to_owned(),
        name: written.hpa_name(document.name()),
        spec,
        sources: parts.metrics.iter().map(source).collect(),
        edits: Vec::new(),
        target: HpaTarget::NoScale(String::new()),
    }
}

/// Everything but the triggers.
fn spec(written: &ScaledObject) -> Spec {
    let seconds = |it: Option<crate::yaml::Spanned<i32>>, absent: i32| {
        Duration::from_seconds(i64::from(it.map_or(absent, |it| it.value)))
    };
    let target = written.scaling_modifiers.as_ref().and_then(|it| it.target.as_ref());
    let formula_allows = target.is_none_or(|it| it.value.parse::<i64>().is_ok());
    let fallback = written.fallback.as_ref().map(|it| Fallback {
        // With a target that is not whole the fallback never stands in, but its replicas count.
        failure_threshold: if formula_allows {
            it.failure_threshold.map_or(0, |it| it.value)
        } else {
            -1
        },
        replicas: it.replicas.map_or(0, |it| it.value),
        behavior: match it.behavior.as_ref().map_or("", |it| it.value.as_str()) {
            "currentReplicas" => FallbackBehavior::CurrentReplicas,
            "currentReplicasIfHigher" => FallbackBehavior::CurrentReplicasIfHigher,
            "currentReplicasIfLower" => FallbackBehavior::CurrentReplicasIfLower,
            "scalingModifiers" => FallbackBehavior::ScalingModifiers,
            _ => FallbackBehavior::Static,
        },
    });
    let polling = seconds(written.polling_interval, 30);
    Spec {
        polling_interval: polling.max(Duration::from_seconds(1)),
        cooldown_period: seconds(written.cooldown_period, 300),
        initial_cooldown_period: seconds(written.initial_cooldown_period, 0),
        idle_replicas: written.idle_replica_count.map(|it| it.value.max(0)),
        min_replicas: written.min_replica_count.map_or(0, |it| it.value.max(0)),
        triggers: Vec::new(),
        fallback,
        paused_scale_in: written.annotations.paused_scale_in.is_some(),
        paused_scale_out: written.annotations.paused_scale_out.is_some(),
        force_activation: written.annotations.force_activation.is_some(),
    }
}

/// Turns what a clock shows at the start into an instant: it hangs in the zone of the first cron
/// trigger.
pub(super) fn set_clock(scenario: &Scenario, assembly: &mut Assembly) {
    let pipeline = &mut assembly.model.pipeline;
    let triggers = pipeline.scaled_objects.iter().flat_map(|it| &it.spec.triggers);
    let mut zones = triggers.filter_map(|it| match it {
        Trigger::External(it) => it.cron.as_ref()?.zone.as_ref(),
        Trigger::Composite(_) | Trigger::Resource => None,
    });
    if let Some(zone) = zones.next().filter(|_| !scenario.start_is_instant) {
        pipeline.clock = zone.instant(pipeline.clock);
    }
}

/// Gives the triggers of ScaledObject `number` what they read, once every workload is there.
pub(super) fn connect(
    number: usize,
    made: &mut Made,
    scenario: &Scenario,
    assembly: &mut Assembly,
) {
    let model = &assembly.model.pipeline.scaled_objects[number];
    let (hpa, workload, triggers) = (model.hpa, model.workload, model.spec.triggers.clone());
    let sources = assembly.trigger_sources[number].clone();
    let metrics = assembly.model.hpas[hpa].spec.metrics.clone();
    let name = assembly.model.pipeline.scaled_objects[number].name.clone();
    let mut read = Vec::new();
    for (trigger, source) in triggers.iter().zip(sources) {
        let (Trigger::External(external), Some(source)) = (trigger, source) else {
            read.push(TriggerSource::Nobody);
            continue;
        };
        if source == Source::Cron {
            read.push(TriggerSource::Nobody);
            continue;
        }
        // What a formula reads is no metric of the HPA: the last one stands for it.
        let index = metrics.iter().position(|it| {
            matches!(it, MetricSpec::External { metric, .. } if metric.name == external.metric)
        });
        let index = index.or_else(|| metrics.len().checked_sub(1));
        let identifier = identifier(external, &name);
        let series = made.series(&identifier, false, workload, scenario, assembly);
        if series.is_empty() {
            let (metric, name) = (index.unwrap_or(0), external.metric.clone());
            assembly.unmet.push(Unmet { hpa, metric, name });
        }
        read.push(match source {
            Source::Prometheus => TriggerSource::Prometheus(series),
            Source::Queue | Source::QueueRate | Source::Cron => TriggerSource::Live(series),
        });
    }
    assembly.model.pipeline.scaled_objects[number].sources = read;
}
