//! What the operator refuses in a RayService.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/utils/validation.go `ValidateRayServiceSpec`,
//! `ValidateClusterUpgradeOptions`, `validateInitializingTimeout`.

use super::rules::{flag, number};
use crate::manifest::Metadata;
use crate::source::Span;
use crate::yaml::scalar::duration_ns;
use crate::yaml::{Findings, Node};

const CODE: &str = "TT227";
const STRATEGIES: [&str; 3] = ["NewClusterWithIncrementalUpgrade", "NewCluster", "None"];

pub(super) fn rules(spec: &Node, cluster: Option<&Node>, metadata: &Metadata, findings: &Findings) {
    initializing_timeout(metadata, findings);
    let service =
        cluster.and_then(|it| it.get("headGroupSpec")).and_then(|it| it.get("headService"));
    let name = service.and_then(|it| it.get("metadata")).and_then(|it| it.get("name"));
    if let Some(name) = name.filter(|it| it.text().is_some_and(|it| !it.is_empty())) {
        let message = "spec.rayClusterConfig.headGroupSpec.headService.metadata.name should not be \
                       set";
        findings.error(CODE, name.span, message);
    }
    let delay = number(Some(spec), "rayClusterDeletionDelaySeconds");
    if let Some((seconds, span)) = delay.filter(|it| it.0 < 0) {
        let message = format!(
            "Spec.RayClusterDeletionDelaySeconds should be a non-negative integer, got {seconds}"
        );
        findings.error(CODE, span, message);
    }
    let Some(strategy) = spec.get("upgradeStrategy") else { return };
    let Some(kind) = strategy.get("type") else { return };
    let word = kind.text().unwrap_or_default();
    if !STRATEGIES.contains(&word) {
        let message = format!(
            "Spec.UpgradeStrategy.Type value {word} is invalid, valid options are \
             NewClusterWithIncrementalUpgrade, NewCluster, or None"
        );
        findings.error(CODE, kind.span, message);
    }
    if word == STRATEGIES[0] {
        if !flag(cluster, "enableInTreeAutoscaling").0 {
            let message = "Ray Autoscaler is required for NewClusterWithIncrementalUpgrade";
            findings.error(CODE, kind.span, message);
        }
        upgrade_options(kind, strategy.get("clusterUpgradeOptions"), findings);
    }
}

fn upgrade_options(kind: &Node, options: Option<&Node>, findings: &Findings) {
    let Some(options) = options else {
        let message = "ClusterUpgradeOptions are required for NewClusterWithIncrementalUpgrade";
        return findings.error(CODE, kind.span, message);
    };
    let number = |name| number(Some(options), name);
    let refuse = |found: Option<(i64, Span)>, message: &str| {
        findings.error(CODE, found.map_or(options.span, |it| it.1), message);
    };
    let is_percent = |it: i64| (0..=100).contains(&it);
    let (surge, step) = (number("maxSurgePercent"), number("stepSizePercent"));
    let most = surge.map_or(100, |it| it.0);
    if !is_percent(most) {
        refuse(surge, "maxSurgePercent must be between 0 and 100");
    }
    match step {
        Some((size, _)) if is_percent(size) => {
            if size > most {
                refuse(step, "stepSizePercent must be less than or equal to maxSurgePercent");
            }
        }
        _ => refuse(step, "stepSizePercent must be between 0 and 100"),
    }
    let interval = number("intervalSeconds");
    if interval.is_none_or(|it| it.0 <= 0) {
        refuse(interval, "intervalSeconds must be greater than 0");
    }
    if options.get("gatewayClassName").and_then(Node::text).unwrap_or_default().is_empty() {
        refuse(None, "gatewayClassName is required for NewClusterWithIncrementalUpgrade");
    }
}

fn initializing_timeout(metadata: &Metadata, findings: &Findings) {
    const ANNOTATION: &str = "ray.io/initializing-timeout";
    let written = metadata.annotations.get(ANNOTATION).filter(|it| !it.value.is_empty());
    let Some(written) = written else { return };
    let text = &written.value;
    let error = match (duration_ns(text), text.parse::<i64>()) {
        (Some(length), _) if length > 0 => return,
        (Some(_), _) => format!("must be a positive duration, got: {text}"),
        (None, Ok(seconds)) if seconds > 0 => return,
        (None, Ok(_)) => format!("must be a positive integer (seconds), got: {text}"),
        (None, Err(_)) => format!(
            "has invalid format: {text}. Expected Go duration format (e.g., '5m', '1h') or \
             positive integer seconds"
        ),
    };
    let message = format!("RayService annotations is invalid: annotation {ANNOTATION} {error}");
    findings.error(CODE, written.span, message);
}
