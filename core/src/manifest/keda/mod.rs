//! KEDA's ScaledObject, `keda.sh/v1alpha1`.
//!
//! Values as they are written; what a trigger stands for is its [`Scaler`]. The HPA that KEDA makes
//! of it is put together by `assemble`.
//!
//! Upstream: keda 2.21 apis/keda/v1alpha1/scaledobject_types.go, scaletriggers_types.go.

mod formula;
mod parameters;
#[cfg(test)]
mod tests;
mod trigger;
mod validation;
mod variables;

pub use trigger::{Resource, Scaler, Source, Target};
pub(super) use variables::look_up;

use super::hpa::{Behavior, behavior};
use super::metadata::{Labels, Metadata, labels};
use super::validation::Refusal;
use crate::diagnostic::{Diagnostic, Severity};
use crate::keda::formula::Formula;
use crate::source::Span;
use crate::yaml::{Fields, Findings, Spanned};

/// A ScaledObject.
#[derive(Clone, Debug, Default)]
pub struct ScaledObject {
    /// `spec.scaleTargetRef`.
    pub target: ScaleTarget,
    /// `spec.pollingInterval` in seconds; 30 if absent.
    pub polling_interval: Option<Spanned<i32>>,
    /// `spec.cooldownPeriod` in seconds; 300 if absent.
    pub cooldown_period: Option<Spanned<i32>>,
    /// `spec.initialCooldownPeriod` in seconds; 0 if absent.
    pub initial_cooldown_period: Option<Spanned<i32>>,
    /// `spec.idleReplicaCount`; without it there is no idle mode.
    pub idle_replica_count: Option<Spanned<i32>>,
    /// `spec.minReplicaCount`; 0 if absent.
    pub min_replica_count: Option<Spanned<i32>>,
    /// `spec.maxReplicaCount`; 100 if absent.
    pub max_replica_count: Option<Spanned<i32>>,
    /// `spec.triggers`.
    pub triggers: Vec<Trigger>,
    /// `spec.fallback`.
    pub fallback: Option<Fallback>,
    /// `spec.advanced.horizontalPodAutoscalerConfig.name`.
    pub hpa_name: Option<Spanned<String>>,
    /// `spec.advanced.horizontalPodAutoscalerConfig.behavior`.
    pub behavior: Option<Behavior>,
    /// `spec.advanced.scalingModifiers`.
    pub scaling_modifiers: Option<ScalingModifiers>,
    /// What the annotations hold back.
    pub annotations: Annotations,
    /// Whether KEDA can't make its HPA: it refuses a trigger, or the API server refuses the HPA.
    pub has_no_hpa: bool,
    /// Where `spec` begins, for what is missing in it.
    pub spec_span: Span,
}

/// `scaleTargetRef`.
#[derive(Clone, Debug, Default)]
pub struct ScaleTarget {
    /// `apiVersion`; `apps/v1` if absent.
    pub api_version: Option<Spanned<String>>,
    /// `kind`; `Deployment` if absent.
    pub kind: Option<Spanned<String>>,
    /// `name`.
    pub name: Spanned<String>,
    /// `envSourceContainerName`: the container whose variables triggers read; the first if absent.
    pub env_container: Option<Spanned<String>>,
    /// The whole reference, or the place where it is missing.
    pub span: Span,
}

/// One entry of `triggers`.
#[derive(Clone, Debug, Default)]
pub struct Trigger {
    /// `type`: which scaler.
    pub kind: Spanned<String>,
    /// `name`, by which a formula knows it.
    pub name: Option<Spanned<String>>,
    /// `metadata`.
    pub metadata: Labels,
    /// `metricType`; `AverageValue` if absent.
    pub metric_type: Option<Spanned<String>>,
    /// `useCachedMetrics`.
    pub use_cached_metrics: Option<Spanned<bool>>,
    /// What it stands for; `None` if KEDA refuses it, or if its type is not modelled.
    pub scaler: Option<Scaler>,
    /// Whether KEDA refuses it.
    pub is_refused: bool,
    /// Whether KEDA refuses it for want of a variable of the target's container.
    pub lacks_variable: bool,
    /// Whether `authenticationRef` is set: what it holds can't be seen.
    pub has_authentication: bool,
    /// Where `metadata` stands; the entry if it is missing.
    pub metadata_span: Span,
    /// The whole entry.
    pub span: Span,
}

/// `fallback`.
#[derive(Clone, Debug, Default)]
pub struct Fallback {
    /// `failureThreshold`.
    pub failure_threshold: Option<Spanned<i32>>,
    /// `replicas`.
    pub replicas: Option<Spanned<i32>>,
    /// `behavior`; `static` if absent.
    pub behavior: Option<Spanned<String>>,
    /// Where it stands.
    pub span: Span,
}

/// `advanced.scalingModifiers`.
#[derive(Clone, Debug, Default)]
pub struct ScalingModifiers {
    /// `formula`.
    pub formula: Option<Spanned<String>>,
    /// `target`.
    pub target: Option<Spanned<String>>,
    /// `activationTarget`.
    pub activation_target: Option<Spanned<String>>,
    /// `metricType`; `AverageValue` if absent.
    pub metric_type: Option<Spanned<String>>,
    /// What the formula computes, if it can be evaluated.
    pub compiled: Option<Formula>,
    /// Where they stand.
    pub span: Span,
}

/// What annotations hold back or force; each with the place of its key.
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    /// `autoscaling.keda.sh/paused`, or `paused-replicas`: KEDA does nothing and deletes its HPA.
    pub paused: Option<Span>,
    /// `autoscaling.keda.sh/paused-replicas`: the replicas it leaves.
    pub paused_replicas: Option<Spanned<i32>>,
    /// `autoscaling.keda.sh/paused-scale-in`.
    pub paused_scale_in: Option<Span>,
    /// `autoscaling.keda.sh/paused-scale-out`.
    pub paused_scale_out: Option<Span>,
    /// `autoscaling.keda.sh/force-activation`.
    pub force_activation: Option<Span>,
}

impl ScaledObject {
    /// The kind of the target.
    pub fn target_kind(&self) -> &str {
        self.target.kind.as_ref().map_or("Deployment", |it| &it.value)
    }

    /// The `apiVersion` of the target.
    pub fn target_api_version(&self) -> &str {
        self.target.api_version.as_ref().map_or("apps/v1", |it| &it.value)
    }

    /// The triggers that are modelled, in the order of their metrics in the HPA: by type, then as
    /// written.
    ///
    /// Upstream: keda 2.21 controllers/keda/hpa.go `getScaledObjectMetricSpecs`.
    pub fn metric_order(&self) -> Vec<usize> {
        let rank = |trigger: &Trigger| match trigger.scaler.as_ref()? {
            Scaler::Resource(it) if it.container.is_some() => Some(0),
            Scaler::External(..) => Some(1),
            Scaler::Resource(_) => Some(2),
        };
        let ranks: Vec<Option<u8>> = self.triggers.iter().map(rank).collect();
        let mut order = Vec::new();
        for rank in 0..3 {
            order.extend((0..ranks.len()).filter(|it| ranks[*it] == Some(rank)));
        }
        order
    }

    /// Where the target of metric `index` of the HPA stands.
    pub(super) fn metric_span(&self, index: usize) -> Span {
        const TARGETS: &[&str] =
            &["threshold", "lagThreshold", "queueLength", "listLength", "value", "desiredReplicas"];
        let order = self.metric_order();
        let composite = self.scaling_modifiers.as_ref().and_then(|it| it.target.as_ref());
        let trigger = order.get(index).map(|it| &self.triggers[*it]);
        match (composite, trigger) {
            (Some(target), Some(trigger))
                if matches!(trigger.scaler, Some(Scaler::External(..))) =>
            {
                target.span
            }
            (_, Some(trigger)) => {
                let own = TARGETS.iter().find_map(|it| trigger.metadata.get(it));
                own.map_or(trigger.metadata_span, |it| it.span)
            }
            (composite, None) => composite.map_or(self.spec_span, |it| it.span),
        }
    }

    /// The name of the HPA that KEDA makes of the ScaledObject called `name`.
    ///
    /// Upstream: keda 2.21 controllers/keda/hpa.go `getHPAName`.
    pub fn hpa_name(&self, name: &str) -> String {
        match &self.hpa_name {
            Some(own) if !own.value.is_empty() => own.value.clone(),
            _ => format!("keda-hpa-{name}"),
        }
    }
}

/// Takes `spec` of a ScaledObject.
pub(super) fn scaled_object(root: &mut Fields<'_>, metadata: &Metadata) -> Option<ScaledObject> {
    root.pass(&["status"]);
    let Some(mut spec) = root.mapping("spec") else {
        root.missing("spec");
        return None;
    };
    let mut read = ScaledObject {
        target: target(&mut spec),
        polling_interval: spec.int32("pollingInterval"),
        cooldown_period: spec.int32("cooldownPeriod"),
        initial_cooldown_period: spec.int32("initialCooldownPeriod"),
        idle_replica_count: spec.int32("idleReplicaCount"),
        min_replica_count: spec.int32("minReplicaCount"),
        max_replica_count: spec.int32("maxReplicaCount"),
        fallback: fallback(&mut spec),
        annotations: annotations(metadata),
        spec_span: spec.head(),
        ..ScaledObject::default()
    };
    let findings = spec.findings();
    let triggers = spec.mappings("triggers").unwrap_or_default().value.into_iter().enumerate();
    read.triggers = triggers.map(|(index, fields)| trigger(fields, index, findings)).collect();
    if let Some(mut advanced) = spec.mapping("advanced") {
        advanced.pass(&["restoreToOriginalReplicaCount"]);
        if let Some(mut config) = advanced.mapping("horizontalPodAutoscalerConfig") {
            read.hpa_name = config.string("name");
            read.behavior =
                config.mapping("behavior").map(|mut it| behavior::behavior(&mut it, true));
        }
        read.scaling_modifiers = modifiers(&mut advanced);
    }
    formula::compile(&mut read, findings);
    validation::validate(&mut read, metadata, &spec);
    Some(read)
}

fn target(spec: &mut Fields<'_>) -> ScaleTarget {
    let head = spec.head();
    let Some(mut fields) = spec.mapping("scaleTargetRef") else {
        return ScaleTarget { span: head, ..ScaleTarget::default() };
    };
    let span = fields.span();
    ScaleTarget {
        api_version: fields.string("apiVersion").filter(|it| !it.value.is_empty()),
        kind: fields.string("kind").filter(|it| !it.value.is_empty()),
        name: fields.string("name").unwrap_or_else(|| Spanned::new(String::new(), span)),
        env_container: fields.string("envSourceContainerName").filter(|it| !it.value.is_empty()),
        span,
    }
}

fn trigger(mut fields: Fields<'_>, index: usize, findings: &Findings) -> Trigger {
    let span = fields.span();
    for name in ["type", "metadata"].into_iter().filter(|it| !fields.has(it)) {
        let path = format!("{}.{name}", fields.path());
        Refusal::of(validation::SCHEMA, findings).required(fields.head(), &path, "");
    }
    let metadata_span = fields.key_span("metadata").unwrap_or(fields.head());
    let has_authentication = fields.take("authenticationRef").is_some();
    let mut trigger = Trigger {
        kind: fields.string("type").unwrap_or_else(|| Spanned::new(String::new(), span)),
        name: fields.string("name").filter(|it| !it.value.is_empty()),
        metadata: labels(&mut fields, "metadata"),
        metric_type: fields.string("metricType").filter(|it| !it.value.is_empty()),
        use_cached_metrics: fields.bool("useCachedMetrics"),
        scaler: None,
        is_refused: false,
        lacks_variable: false,
        has_authentication,
        metadata_span,
        span,
    };
    match trigger::scaler(&trigger, index) {
        Some(Ok(scaler)) => trigger.scaler = Some(scaler),
        Some(Err(problems)) => {
            trigger.is_refused = true;
            for (span, text) in problems {
                findings.error(validation::TRIGGER, span, text);
            }
        }
        None if trigger.kind.value.is_empty() => {}
        None => {
            let text =
                format!("trigger type {} is not modelled: it is left out", trigger.kind.value);
            let found = Diagnostic::new("TT244", Severity::Info, trigger.kind.span, text);
            findings.push(found);
        }
    }
    trigger
}

fn fallback(spec: &mut Fields<'_>) -> Option<Fallback> {
    let mut fields = spec.mapping("fallback")?;
    Some(Fallback {
        failure_threshold: fields.int32("failureThreshold"),
        replicas: fields.int32("replicas"),
        behavior: fields.string("behavior"),
        span: fields.span(),
    })
}

/// All of them empty counts as none.
///
/// Upstream: keda 2.21 apis/keda/v1alpha1/scaledobject_types.go `IsUsingModifiers`.
fn modifiers(advanced: &mut Fields<'_>) -> Option<ScalingModifiers> {
    let mut fields = advanced.mapping("scalingModifiers")?;
    let mut text = |name| fields.string(name).filter(|it| !it.value.is_empty());
    let read = ScalingModifiers {
        formula: text("formula"),
        target: text("target"),
        activation_target: text("activationTarget"),
        metric_type: text("metricType"),
        compiled: None,
        span: fields.span(),
    };
    let all = [&read.formula, &read.target, &read.activation_target, &read.metric_type];
    all.iter().any(|it| it.is_some()).then_some(read)
}

/// Upstream: keda 2.21 apis/keda/v1alpha1/scaledobject_types.go `NeedToBePausedByAnnotation`,
/// `GetPausedReplicaCount`, `getBoolAnnotation`.
fn annotations(metadata: &Metadata) -> Annotations {
    let entry = |name: &str| {
        let key = format!("autoscaling.keda.sh/{name}");
        metadata.annotations.0.iter().find(|(own, _)| own.value == key)
    };
    // Text that is no bool counts as true.
    let is_set = |name: &str| {
        let (key, value) = entry(name)?;
        let is_false = matches!(&*value.value, "0" | "f" | "F" | "false" | "FALSE" | "False");
        (!is_false).then_some(key.span)
    };
    let replicas = entry("paused-replicas");
    Annotations {
        paused: replicas.map(|(key, _)| key.span).or_else(|| is_set("paused")),
        paused_replicas: replicas
            .and_then(|(_, value)| Some(Spanned::new(value.value.parse().ok()?, value.span))),
        paused_scale_in: is_set("paused-scale-in"),
        paused_scale_out: is_set("paused-scale-out"),
        force_activation: is_set("force-activation"),
    }
}
