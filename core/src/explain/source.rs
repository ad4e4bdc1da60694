//! Where each rule stands upstream, and which chapter of the book explains it.

use crate::report::Source;
use crate::upstream;

const HORIZONTAL: &str = "pkg/controller/podautoscaler/horizontal.go";
const CALCULATOR: &str = "pkg/controller/podautoscaler/replica_calculator.go";
const UTILIZATION: &str = "pkg/controller/podautoscaler/metrics/utilization.go";
const SCHEDULER: &str = "autoscaler/v2/scheduler.py";
const RECONCILER: &str = "autoscaler/v2/instance_manager/reconciler.py";
const PROVIDER: &str = "autoscaler/v2/instance_manager/cloud_providers/kuberay/cloud_provider.py";

/// Where the rule of that name stands.
pub(crate) fn source(rule: &str) -> Source {
    let (path, function) = match rule {
        "scale" | "bounds" | "written" => (HORIZONTAL, "reconcileAutoscaler"),
        "metrics-failed" | "several-metrics" => (HORIZONTAL, "computeReplicasForMetrics"),
        "metric" => (UTILIZATION, "GetResourceUtilizationRatio"),
        "filled-in" | "proposal" => (CALCULATOR, "GetResourceReplicas"),
        "stabilization" => (HORIZONTAL, "stabilizeRecommendation"),
        "stabilization-with-behavior" => (HORIZONTAL, "stabilizeRecommendationWithBehaviors"),
        "limits" => (HORIZONTAL, "convertDesiredReplicasWithRules"),
        "limits-with-behavior" => (HORIZONTAL, "convertDesiredReplicasWithBehaviorRate"),
        "ray-demand" | "ray-plan" => (SCHEDULER, "ResourceDemandScheduler.schedule"),
        "ray-idle" => (SCHEDULER, "_enforce_idle_termination"),
        "ray-launch" => (RECONCILER, "_compute_to_launch"),
        "ray-patch" => (PROVIDER, "_submit_scale_request"),
        _ => (RECONCILER, "Reconciler.reconcile"),
    };
    let project = if rule.starts_with("ray") {
        format!("ray {}", upstream::RAY)
    } else {
        format!("kubernetes {}", upstream::KUBERNETES)
    };
    Source { project, path: path.to_owned(), function: function.to_owned() }
}

/// The page of the book that explains the rule; empty where there is none yet.
pub(crate) fn chapter(rule: &str) -> String {
    match rule {
        "metric" | "proposal" => "hpa/tolerance.html".to_owned(),
        _ => String::new(),
    }
}
