//! A step of ours in the words in which the oracle tells upstream's.

use tidetable_core::hpa::{
    Cause, MetricSpec, MetricStatus, ResourceName, Rules, ScaleEvent, Spec, Step,
};
use tidetable_core::quantity::Quantity;
use tidetable_core::time::Instant;

use crate::hpa_case::{CaseCondition, CaseEvent, CaseShown, SyncAnswer};

/// What was told of the syncs before: a condition is told when it changes.
#[derive(Default)]
pub(crate) struct Told {
    conditions: Vec<CaseCondition>,
    syncs: usize,
}

impl Told {
    pub(crate) fn is_new(&self) -> bool {
        self.syncs == 0
    }

    pub(crate) fn answer(&mut self, spec: &Spec, step: &Step, replicas: i32) -> SyncAnswer {
        self.syncs += 1;
        let Step { decision, state, .. } = step;
        let status = &state.status;
        let observed = status.observed_generation;
        let conditions: Vec<CaseCondition> = status.conditions.iter().map(condition).collect();
        let before = std::mem::replace(&mut self.conditions, conditions);
        let is_gone = |kind: &String| !self.conditions.iter().any(|it| it.kind == *kind);
        let mut removed: Vec<String> =
            before.iter().map(|it| it.kind.clone()).filter(is_gone).collect();
        removed.sort();
        let event = |it: &ScaleEvent| (it.replica_change, it.at.ms(), u8::from(it.outdated));
        SyncAnswer {
            replicas,
            current: status.current_replicas,
            desired: status.desired_replicas,
            last_scale: status.last_scale_time.map(Instant::ms),
            observed,
            metrics: status
                .current_metrics
                .iter()
                .zip(&spec.metrics)
                .map(|(status, metric)| shown(*status, metric, spec.settings.rules))
                .collect(),
            conditions: self.conditions.iter().filter(|it| !before.contains(it)).cloned().collect(),
            removed,
            events: decision
                .events
                .iter()
                .map(|event| CaseEvent {
                    kind: if event.is_warning { "Warning" } else { "Normal" }.to_owned(),
                    reason: event.reason.to_owned(),
                    message: event.message.clone(),
                })
                .collect(),
            selector_error: String::new(),
            recommendations: state
                .recommendations
                .iter()
                .map(|it| (it.replicas, it.at.ms()))
                .collect(),
            up: state.scale_events.up.iter().map(event).collect(),
            down: state.scale_events.down.iter().map(event).collect(),
        }
    }
}

/// Whether the step tried to write the scale.
pub(crate) fn attempted(step: &Step) -> bool {
    let failed = |cause: &Cause| matches!(cause, Cause::UpdateFailed { .. });
    step.decision.rescale || step.trace.causes.iter().any(failed)
}

fn condition(condition: &tidetable_core::hpa::Condition) -> CaseCondition {
    CaseCondition {
        kind: condition.kind.as_str().to_owned(),
        status: if condition.status { "True" } else { "False" }.to_owned(),
        reason: condition.reason.to_owned(),
        message: condition.message.clone().into_owned(),
        since: condition.last_transition.ms(),
    }
}

fn shown(status: MetricStatus, metric: &MetricSpec, rules: Rules) -> CaseShown {
    let mut shown = CaseShown { kind: source(metric).to_owned(), ..CaseShown::default() };
    let binary = rules.binary_memory && is_memory(metric);
    let text = |milli: i64| {
        let from = if binary { Quantity::binary_from_milli } else { Quantity::from_milli };
        from(milli).to_string()
    };
    match status {
        MetricStatus::Failed => return CaseShown::default(),
        MetricStatus::Utilization { average_utilization, average_value_milli } => {
            shown.utilization = Some(average_utilization);
            shown.average = text(average_value_milli);
        }
        MetricStatus::AverageValue(milli) => shown.average = text(milli),
        MetricStatus::Value(milli) => shown.value = text(milli),
    }
    shown
}

fn is_memory(metric: &MetricSpec) -> bool {
    match metric {
        MetricSpec::Resource { name, .. } | MetricSpec::ContainerResource { name, .. } => {
            *name == ResourceName::Memory
        }
        MetricSpec::Pods { .. }
        | MetricSpec::Object { .. }
        | MetricSpec::External { .. }
        | MetricSpec::Unknown(_) => false,
    }
}

fn source(metric: &MetricSpec) -> &'static str {
    match metric {
        MetricSpec::Resource { .. } => "Resource",
        MetricSpec::ContainerResource { .. } => "ContainerResource",
        MetricSpec::Pods { .. } => "Pods",
        MetricSpec::Object { .. } => "Object",
        MetricSpec::External { .. } => "External",
        MetricSpec::Unknown(_) => "",
    }
}
