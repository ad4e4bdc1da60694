//! What the API server refuses in a ScaledObject, and what KEDA's admission webhook refuses.
//!
//! Upstream: keda 2.21 config/crd/bases/keda.sh_scaledobjects.yaml;
//! apis/keda/v1alpha1/scaledobject_webhook.go `validateWorkload`, scaledobject_types.go
//! `CheckReplicaCountBoundsAreValid`, `CheckFallbackValid`, scaletriggers_types.go
//! `ValidateTriggers`.

use super::{ScaledObject, Scaler, Target, Trigger};
use crate::manifest::hpa;
use crate::manifest::metadata::Metadata;
use crate::manifest::validation::Refusal;
use crate::source::Span;
use crate::yaml::{Fields, Findings, Spanned};

/// The CRD's schema.
pub(super) const SCHEMA: &str = "TT241";
/// The webhook.
pub(super) const WEBHOOK: &str = "TT242";
/// A trigger's parameters.
pub(super) const TRIGGER: &str = "TT243";
/// The HPA that KEDA would make.
const HPA: &str = "TT245";

/// Most bytes of a label's value.
const LABEL: usize = 63;

/// Reports everything that is refused. The operator itself asks the bounds and the triggers again
/// before it makes an HPA.
///
/// Upstream: keda 2.21 controllers/keda/scaledobject_controller.go `reconcileScaledObject`.
pub(super) fn validate(it: &mut ScaledObject, metadata: &Metadata, spec: &Fields<'_>) {
    let findings = spec.findings();
    schema(it, spec);
    let refused = Findings::default();
    replicas(it, &refused);
    triggers(it, &refused);
    made_hpa(it, &refused);
    it.has_no_hpa = refused.has_errors() || it.triggers.iter().any(|it| it.is_refused);
    for found in refused.into_parts().0 {
        findings.push(found);
    }
    no_scale_to_zero(it, findings);
    fallback(it, findings);
    names(it, metadata, findings);
    modifiers(it, findings);
}

/// What `fallback.behavior` may be.
const BEHAVIORS: &[&str] = &[
    "static",
    "currentReplicas",
    "currentReplicasIfHigher",
    "currentReplicasIfLower",
    "scalingModifiers",
];

fn schema(it: &ScaledObject, spec: &Fields<'_>) {
    let refuse = Refusal::of(SCHEMA, spec.findings());
    for (name, number, least) in [
        ("pollingInterval", it.polling_interval, 1),
        ("initialCooldownPeriod", it.initial_cooldown_period, 0),
        ("cooldownPeriod", it.cooldown_period, 0),
        ("idleReplicaCount", it.idle_replica_count, 0),
        ("minReplicaCount", it.min_replica_count, 0),
        ("maxReplicaCount", it.max_replica_count, 1),
        ("fallback.failureThreshold", it.fallback.as_ref().and_then(|it| it.failure_threshold), 0),
        ("fallback.replicas", it.fallback.as_ref().and_then(|it| it.replicas), 0),
    ] {
        let Some(number) = number.filter(|it| it.value < least) else { continue };
        let path = format!("spec.{name}");
        let detail = format!("{path} in body should be greater than or equal to {least}");
        refuse.invalid(number.span, &path, number.value, &detail);
    }
    for name in ["scaleTargetRef", "triggers"].into_iter().filter(|it| !spec.has(it)) {
        refuse.required(it.spec_span, &format!("spec.{name}"), "");
    }
    if spec.has("scaleTargetRef") && it.target.name.value.is_empty() {
        refuse.required(it.target.span, "spec.scaleTargetRef.name", "");
    }
    if spec.has("triggers") && it.triggers.is_empty() {
        let span = spec.key_span("triggers").unwrap_or(it.spec_span);
        let detail = "spec.triggers in body should have at least 1 items";
        refuse.invalid(span, "spec.triggers", 0, detail);
    }
    let behavior = it.fallback.as_ref().and_then(|it| it.behavior.as_ref());
    if let Some(behavior) = behavior.filter(|it| !BEHAVIORS.contains(&it.value.as_str())) {
        refuse.unsupported(behavior.span, "spec.fallback.behavior", &behavior.value, BEHAVIORS);
    }
}

fn webhook(findings: &Findings, span: Span, text: impl Into<String>) {
    findings.error(WEBHOOK, span, text);
}

fn replicas(it: &ScaledObject, findings: &Findings) {
    // A minimum of 0 counts as 1 here.
    let min = it.min_replica_count.map_or(0, |it| it.value.max(1));
    let max = it.max_replica_count.map_or(100, |it| it.value);
    let bound = it.min_replica_count.or(it.max_replica_count);
    if let Some(bound) = bound.filter(|_| min > max) {
        let text = format!("MinReplicaCount={min} must be less than MaxReplicaCount={max}");
        webhook(findings, bound.span, text);
    }
    if let Some(idle) = it.idle_replica_count.filter(|it| it.value >= min) {
        let idle_count = idle.value;
        let text = format!("IdleReplicaCount={idle_count} must be less than MinReplicaCount={min}");
        webhook(findings, idle.span, text);
    }
}

pub(super) fn is_resource(trigger: &Trigger) -> bool {
    matches!(trigger.kind.value.as_str(), "cpu" | "memory")
}

fn triggers(it: &ScaledObject, findings: &Findings) {
    for (index, trigger) in it.triggers.iter().enumerate() {
        let kind = trigger.kind.value.as_str();
        let cached = trigger.use_cached_metrics.filter(|it| it.value);
        if let (Some(cached), "cpu" | "memory" | "cron") = (cached, kind) {
            let text =
                format!("property \"useCachedMetrics\" is not supported for {kind:?} scaler");
            webhook(findings, cached.span, text);
        }
        let Some(name) = &trigger.name else { continue };
        let mut before = it.triggers[..index].iter().filter_map(|it| it.name.as_ref());
        if before.any(|it| it.value == name.value) {
            let name_text = &name.value;
            let text = format!(
                "triggerName {name_text:?} is defined multiple times in the \
                 ScaledObject/ScaledJob, but it must be unique"
            );
            webhook(findings, name.span, text);
        }
    }
}

/// What only the webhook refuses: the operator would go on.
fn no_scale_to_zero(it: &ScaledObject, findings: &Findings) {
    let none = it.min_replica_count.is_none_or(|it| it.value == 0);
    if none && !it.triggers.is_empty() && it.triggers.iter().all(is_resource) {
        let span = it.min_replica_count.map_or(it.triggers[0].kind.span, |it| it.span);
        let text = "scaledobject has only cpu/memory triggers AND minReplica is 0 (scale to zero \
                    doesn't work in this case)";
        webhook(findings, span, text);
    }
}

fn fallback(it: &ScaledObject, findings: &Findings) {
    let Some(fallback) = &it.fallback else { return };
    if it.scaling_modifiers.is_none() && it.triggers.iter().all(is_resource) {
        let text = "at least one trigger (that is not cpu or memory) has to have the \
                    `AverageValue` type for the fallback to be enabled";
        webhook(findings, fallback.span, text);
    }
    let formula = it.scaling_modifiers.as_ref().and_then(|it| it.formula.as_ref());
    let behavior = fallback.behavior.as_ref().filter(|it| it.value == "scalingModifiers");
    if let Some(behavior) = behavior.filter(|_| formula.is_none()) {
        let text =
            "scalingModifiers fallback behavior requires scalingModifiers.formula to be defined";
        webhook(findings, behavior.span, text);
    }
}

fn names(it: &ScaledObject, metadata: &Metadata, findings: &Findings) {
    let name = &metadata.name;
    let length = name.value.len();
    if length > LABEL {
        let name_text = &name.value;
        let text = format!(
            "scaledobject name {name_text:?} is {length} characters long; must be no more than \
             {LABEL} characters because it is used as the \"scaledobject.keda.sh/name\" label value"
        );
        webhook(findings, name.span, text);
        return;
    }
    let hpa = it.hpa_name(&name.value);
    if hpa.len() > LABEL {
        let length = hpa.len();
        let text = format!(
            "HPA name {hpa:?} derived from scaledobject is {length} characters long; must be no \
             more than {LABEL} characters; set spec.advanced.horizontalPodAutoscalerConfig.name to \
             a shorter name or shorten the scaledobject name"
        );
        webhook(findings, it.hpa_name.as_ref().map_or(name.span, |it| it.span), text);
    }
}

/// What the API server would say to the HPA that KEDA makes: KEDA logs it and has none.
fn made_hpa(it: &ScaledObject, findings: &Findings) {
    let refuse = |span: Span, metric: &str, field: &str, what: &str| {
        findings.error(
            HPA,
            span,
            format!("the HPA is refused: {field} of {metric} must be {what}"),
        );
    };
    for trigger in &it.triggers {
        let external = match &trigger.scaler {
            Some(Scaler::External(external, _)) if it.scaling_modifiers.is_none() => external,
            Some(Scaler::Resource(it)) => {
                let place = trigger.metadata.get("value");
                let span = place.map_or(trigger.metadata_span, |it| it.span);
                match it.target {
                    Target::Utilization(percent) if percent < 1 => {
                        refuse(span, it.name, "averageUtilization", "greater than 0");
                    }
                    Target::AverageValue(milli) if milli <= 0 => {
                        refuse(span, it.name, "averageValue", "positive");
                    }
                    Target::Utilization(_) | Target::AverageValue(_) => {}
                }
                continue;
            }
            Some(Scaler::External(..)) | None => continue,
        };
        let field = if external.is_average { "averageValue" } else { "value" };
        if external.target_milli <= 0 {
            refuse(trigger.metadata_span, &external.metric, field, "positive");
        }
        let kind = trigger.metric_type.as_ref().map(|it| it.value.as_str());
        if !matches!(kind, None | Some("AverageValue" | "Value" | "Utilization")) {
            let span = trigger.metric_type.as_ref().map_or(trigger.span, |it| it.span);
            let text = "the HPA is refused: must be either Utilization, Value, or AverageValue";
            findings.error(HPA, span, text);
        }
    }
    if let Some(behavior) = &it.behavior {
        hpa::refuse_behavior(behavior, findings);
    }
}

/// Upstream: keda 2.21 apis/keda/v1alpha1/scaledobject_webhook.go
/// `ValidateAndCompileScalingModifiers`.
fn modifiers(it: &ScaledObject, findings: &Findings) {
    let Some(modifiers) = &it.scaling_modifiers else { return };
    let Some(formula) = &modifiers.formula else {
        webhook(findings, modifiers.span, "error ScalingModifiers.Formula is mandatory");
        return;
    };
    match &modifiers.target {
        None => webhook(findings, formula.span, "formula is given but target is empty"),
        Some(target) => {
            let number: Option<f64> = target.value.parse().ok();
            if !number.is_some_and(|it| it > 0.0) {
                let text = "error converting target for scalingModifiers (string->float) to valid \
                            target";
                webhook(findings, target.span, text);
            }
        }
    }
    let enumerated = modifiers
        .metric_type
        .as_ref()
        .filter(|it: &&Spanned<String>| !matches!(it.value.as_str(), "AverageValue" | "Value"));
    if let Some(kind) = enumerated {
        let path = "spec.advanced.scalingModifiers.metricType";
        let refuse = Refusal::of(SCHEMA, findings);
        refuse.unsupported(kind.span, path, &kind.value, &["AverageValue", "Value"]);
    }
}
