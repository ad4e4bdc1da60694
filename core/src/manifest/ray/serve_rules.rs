//! What Serve refuses in a deployment, in its own words; none of the config is then deployed.
//!
//! Upstream: ray 2.60.0 serve/schema.py `DeploymentSchema`, `RayActorOptionsSchema`,
//! serve/config.py `AutoscalingConfig`, `GangSchedulingConfig`.

use super::label_syntax;
use super::serve::{ActorOptions, GangScheduling, NumReplicas, ServeDeployment};
use crate::source::Span;
use crate::yaml::{Findings, Spanned};

/// The code of what Serve refuses.
const REFUSED: &str = "TT247";

pub(super) fn refuse(findings: &Findings, span: Span, message: &str) {
    findings.error(REFUSED, span, message);
}

pub(super) fn validate(deployment: &ServeDeployment, findings: &Findings) {
    let replicas = deployment.num_replicas;
    let is_auto = replicas.is_some_and(|it| it.value == NumReplicas::Auto);
    if let Some(config) = &deployment.autoscaling {
        if let Some(replicas) = replicas.filter(|_| !is_auto) {
            let message = "Value error, Manually setting num_replicas is not allowed when \
                           autoscaling_config is provided.";
            refuse(findings, replicas.span, message);
        }
        for error in config.written(is_auto).complete().err().unwrap_or_default() {
            refuse(findings, config.span_of(error.field()), &error.to_string());
        }
    }
    if let Some(found) = replicas.filter(|it| matches!(it.value, NumReplicas::Fixed(..=0))) {
        refuse(findings, found.span, "Input should be greater than 0");
    }
    if let Some(most) = deployment.max_replicas_per_node.filter(|_| !deployment.bundles.is_empty())
    {
        let message = "Value error, Setting max_replicas_per_node is not allowed when \
                       placement_group_bundles is provided.";
        refuse(findings, most.span, message);
    }
    labels(&deployment.actor, findings);
    bundle_labels(deployment, findings);
    if let Some(gang) = &deployment.gang {
        gangs(deployment, gang, findings);
    }
}

/// Upstream: `RayActorOptionsSchema.label_selector_is_valid`, which names the first mistake.
fn labels(actor: &ActorOptions, findings: &Findings) {
    for (key, value) in &actor.label_selector {
        let mut found = label_syntax::key_error(&key.value).map(|it| (it, key.span));
        if found.is_none() {
            found = label_syntax::selector_error(&value.value).map(|it| (it, value.span));
        }
        if let Some((message, span)) = found {
            refuse(findings, span, &format!("Value error, {message}"));
            return;
        }
    }
}

/// Upstream: `DeploymentSchema.validate_bundle_label_selector`.
fn bundle_labels(deployment: &ServeDeployment, findings: &Findings) {
    let Some(Spanned { value: selectors, span }) = &deployment.bundle_labels else { return };
    let (selectors, bundles) = (selectors.len(), deployment.bundles.len());
    if bundles == 0 {
        let message = "Value error, Setting bundle_label_selector is not allowed when \
                       placement_group_bundles is not provided.";
        refuse(findings, *span, message);
    } else if selectors != 1 && selectors != bundles {
        let message = format!(
            "Value error, The `placement_group_bundle_label_selector` list must contain either a \
             single selector (to apply to all bundles) or match the number of \
             `placement_group_bundles`. Got {selectors} selectors for {bundles} bundles."
        );
        refuse(findings, *span, &message);
    }
}

fn gangs(deployment: &ServeDeployment, gang: &GangScheduling, findings: &Findings) {
    let strategy = gang.strategy.as_ref();
    if let Some(found) = strategy.filter(|it| !matches!(it.value.as_str(), "PACK" | "SPREAD")) {
        refuse(findings, found.span, "Input should be 'PACK' or 'SPREAD'");
    }
    let policy = gang.failure_policy.as_ref();
    if let Some(found) = policy.filter(|it| it.value == "RESTART_REPLICA") {
        let message = "RESTART_REPLICA policy is not yet implemented. File a GitHub issue if you \
                       need this feature.";
        refuse(findings, found.span, message);
    }
    if let Some(most) = deployment.max_replicas_per_node {
        let message = "Value error, Setting max_replicas_per_node is not allowed when \
                       gang_scheduling_config is provided.";
        refuse(findings, most.span, message);
    }
    if let Some(strategy) = &deployment.strategy {
        let message = "Value error, Setting placement_group_strategy is not allowed when \
                       gang_scheduling_config is provided. Use \
                       gang_scheduling_config.gang_placement_strategy instead.";
        refuse(findings, strategy.span, message);
    }
    let Some(size) = gang.size else { return };
    if size.value < 1 {
        refuse(findings, size.span, "Input should be greater than or equal to 1");
    } else {
        whole_gangs(deployment, size.value, findings);
    }
}

/// Only bounds beside `num_replicas: auto` are looked at. `size` is at least 1.
///
/// Upstream: `DeploymentSchema.validate_gang_scheduling_config`.
fn whole_gangs(deployment: &ServeDeployment, size: i64, findings: &Findings) {
    let rest = |it: i64| it.checked_rem(size).is_some_and(|it| it != 0);
    match deployment.num_replicas {
        Some(Spanned { value: NumReplicas::Fixed(count), span }) if rest(count) => {
            let message = format!(
                "Value error, num_replicas ({count}) must be a multiple of gang_size ({size})."
            );
            refuse(findings, span, &message);
        }
        Some(Spanned { value: NumReplicas::Auto, .. }) => {
            let Some(config) = &deployment.autoscaling else { return };
            let bounds = [
                ("min_replicas", config.min_replicas),
                ("max_replicas", config.max_replicas),
                ("initial_replicas", config.initial_replicas),
            ];
            let wrong = bounds.into_iter().filter_map(|(name, it)| Some((name, it?)));
            if let Some((name, found)) = wrong.into_iter().find(|(_, it)| rest(it.value)) {
                let message = format!(
                    "Value error, autoscaling_config.{name} ({}) must be a multiple of gang_size \
                     ({size}).",
                    found.value
                );
                refuse(findings, found.span, &message);
            }
        }
        _ => {}
    }
}
