//! Where each rule stands upstream, and which chapter of the book explains it.

use crate::report::Source;
use crate::upstream;

const HORIZONTAL: &str = "pkg/controller/podautoscaler/horizontal.go";
const CALCULATOR: &str = "pkg/controller/podautoscaler/replica_calculator.go";
const UTILIZATION: &str = "pkg/controller/podautoscaler/metrics/utilization.go";
const SCHEDULER: &str = "autoscaler/v2/scheduler.py";
const RECONCILER: &str = "autoscaler/v2/instance_manager/reconciler.py";
const PROVIDER: &str = "autoscaler/v2/instance_manager/cloud_providers/kuberay/cloud_provider.py";
const RESIZER: &str = "autoscaler/v2/instance_manager/cloud_providers/kuberay/ippr_provider.py";
const JOB_MANAGER: &str = "dashboard/modules/job/job_manager.py";
const SCHEDULER_V1: &str = "autoscaler/_private/resource_demand_scheduler.py";
const AUTOSCALER_V1: &str = "autoscaler/_private/autoscaler.py";
const PROVIDER_V1: &str = "autoscaler/_private/kuberay/node_provider.py";

const SERVE_POLICY: &str = "serve/autoscaling_policy.py";
const SERVE_STATE: &str = "serve/_private/autoscaling_state.py";
const SERVE_GANG: &str = "serve/_private/gang_scheduling_autoscaling_policy.py";

const KUBERAY_UTIL: &str = "ray-operator/controllers/ray/utils/util.go";
const RAY_CLUSTER: &str = "ray-operator/controllers/ray/raycluster_controller.go";
const RAY_SERVICE: &str = "ray-operator/controllers/ray/rayservice_controller.go";
const RAY_JOB: &str = "ray-operator/controllers/ray/rayjob_controller.go";
const EXPECTATIONS: &str = "ray-operator/controllers/ray/expectations/scale_expectations.go";

const KEDA_EXECUTOR: &str = "pkg/scaling/executor/scale_scaledobjects.go";

/// Where the rule of that name stands; one of the HPA's in Kubernetes 1.`kubernetes`.
pub(crate) fn source(rule: &str, kubernetes: u32) -> Source {
    let (path, function) = match rule {
        "scale" | "bounds" | "written" => (HORIZONTAL, "reconcileAutoscaler"),
        "selector" => (HORIZONTAL, "validateAndParseSelector"),
        "metrics-failed" | "several-metrics" => (HORIZONTAL, "computeReplicasForMetrics"),
        "metric-failed" => (HORIZONTAL, "computeReplicasForMetric"),
        "metric-utilization" => (UTILIZATION, "GetResourceUtilizationRatio"),
        "metric-average" => (UTILIZATION, "GetMetricUsageRatio"),
        "metric-object-value" => (CALCULATOR, "GetObjectMetricReplicas"),
        "metric-external-value" => (CALCULATOR, "GetExternalMetricReplicas"),
        "filled-in-utilization" | "proposal-utilization" => (CALCULATOR, "GetResourceReplicas"),
        "filled-in-average" | "proposal-average" => (CALCULATOR, "calcPlainMetricReplicas"),
        "proposal-object-value" | "proposal-external-value" => {
            (CALCULATOR, "getUsageRatioReplicaCount")
        }
        "metric-object-average" | "proposal-object-average" => {
            (CALCULATOR, "GetObjectPerPodMetricReplicas")
        }
        "metric-external-average" | "proposal-external-average" => {
            (CALCULATOR, "GetExternalPerPodMetricReplicas")
        }
        "stabilization" => (HORIZONTAL, "stabilizeRecommendation"),
        "stabilization-with-behavior" => (HORIZONTAL, "stabilizeRecommendationWithBehaviors"),
        "limits" => (HORIZONTAL, "convertDesiredReplicasWithRules"),
        "scale-up-limit" => (HORIZONTAL, "calculateScaleUpLimit"),
        "limits-with-behavior" => (HORIZONTAL, "convertDesiredReplicasWithBehaviorRate"),
        "scale-up-policies" => (HORIZONTAL, "calculateScaleUpLimitWithScalingRules"),
        "scale-down-policies" => (HORIZONTAL, "calculateScaleDownLimitWithBehaviors"),
        "keda-triggers" => ("pkg/scaling/scale_handler.go", "getScaledObjectState"),
        "keda-active" => (KEDA_EXECUTOR, "RequestScale"),
        "keda-inactive" => (KEDA_EXECUTOR, "scaleToZeroOrIdle"),
        "serve-metrics" => (SERVE_STATE, "get_total_num_requests"),
        "serve-cold-start" => (SERVE_POLICY, "_get_cold_start_scale_up_replicas"),
        "serve-ratio" => (SERVE_POLICY, "_core_replica_queue_length_policy"),
        "serve-factor" => (SERVE_POLICY, "_apply_scaling_factors"),
        "serve-delay" => (SERVE_POLICY, "_apply_delay_logic"),
        "serve-gang" => (SERVE_GANG, "GangSchedulingAutoscalingPolicy"),
        "serve-bounds" => (SERVE_STATE, "apply_bounds"),
        "ray-demand" => (SCHEDULER, "ResourceDemandScheduler.schedule"),
        "ray-plan" => (SCHEDULER, "_try_schedule"),
        "ray-min" => (SCHEDULER, "_enforce_min_workers_per_type"),
        "ray-max" => (SCHEDULER, "_enforce_max_workers_per_type"),
        "ray-max-cluster" => (SCHEDULER, "_enforce_max_workers_global"),
        "ray-constraint" => (SCHEDULER, "_enforce_resource_constraints"),
        "ray-gang" => (SCHEDULER, "_sched_gang_resource_requests"),
        "ray-idle" => (SCHEDULER, "_enforce_idle_termination"),
        "ray-head" => (RECONCILER, "_scale_cluster"),
        "ray-launch" => (RECONCILER, "_compute_to_launch"),
        "ray-timeout" => (RECONCILER, "_handle_stuck_instances"),
        "ray-observe" => (RECONCILER, "_sync_from"),
        "ray-pending-deletes" => (PROVIDER, "launch"),
        "ray-patch" => (PROVIDER, "_submit_scale_request"),
        "ray-resize" => (RESIZER, "do_ippr_requests"),
        "ray-resize-done" => (RESIZER, "sync_with_raylets"),
        "ray-resize-status" => (RESIZER, "_get_ippr_status_from_pod"),
        "ray-job-start" => (JOB_MANAGER, "_monitor_job_internal"),
        _ if rule.starts_with("kuberay") => kuberay(rule),
        _ => (RECONCILER, "Reconciler.reconcile"),
    };
    let project = if rule.starts_with("ray") || rule.starts_with("serve") {
        format!("ray {}", upstream::RAY)
    } else if rule.starts_with("kuberay") {
        format!("kuberay {}", upstream::KUBERAY)
    } else if rule.starts_with("keda") {
        format!("keda {}", upstream::KEDA)
    } else {
        format!("kubernetes 1.{kubernetes}")
    };
    Source { project, path: path.to_owned(), function: function.to_owned() }
}

/// Where a rule of KubeRay's operator stands.
fn kuberay(rule: &str) -> (&'static str, &'static str) {
    match rule {
        "kuberay-status" => (RAY_CLUSTER, "calculateStatus"),
        "kuberay-desired" => (KUBERAY_UTIL, "CalculateDesiredReplicas"),
        "kuberay-recreate" => (RAY_CLUSTER, "shouldRecreatePodsForUpgrade"),
        "kuberay-multi-host" => (RAY_CLUSTER, "reconcileMultiHostWorkerGroup"),
        "kuberay-expectations" => (EXPECTATIONS, "IsSatisfied"),
        "kuberay-cleanup" => (RAY_SERVICE, "cleanUpRayClusterInstance"),
        "kuberay-new" => (RAY_SERVICE, "shouldPrepareNewCluster"),
        "kuberay-clusters" => (RAY_SERVICE, "reconcileRayCluster"),
        "kuberay-update" => (RAY_SERVICE, "shouldUpdateCluster"),
        "kuberay-head-label" => (RAY_SERVICE, "updateHeadPodServeLabel"),
        "kuberay-serve" => (RAY_SERVICE, "reconcileServe"),
        "kuberay-capacity" => (RAY_SERVICE, "reconcileServeTargetCapacity"),
        "kuberay-traffic" => (RAY_SERVICE, "calculateTrafficRoutedPercent"),
        "kuberay-rollback" => (RAY_SERVICE, "reconcileRollbackState"),
        "kuberay-suspend" => (RAY_SERVICE, "handleSuspend"),
        "kuberay-job-begin" => (RAY_JOB, "initRayJobStatusIfNeed"),
        "kuberay-job-suspend" => (RAY_JOB, "updateStatusToSuspendingIfNeeded"),
        "kuberay-job-deadline" => (RAY_JOB, "checkActiveDeadlineAndUpdateStatusIfNeeded"),
        "kuberay-job-pre-running" => (RAY_JOB, "checkPreRunningDeadlineAndUpdateStatusIfNeeded"),
        "kuberay-job-cluster" => (RAY_JOB, "getOrCreateRayClusterInstance"),
        "kuberay-job-submitter" => (RAY_JOB, "createK8sJobIfNeed"),
        "kuberay-job-check" => (RAY_JOB, "checkSubmitterAndUpdateStatusIfNeeded"),
        "kuberay-job-timeout" => (RAY_JOB, "checkSubmitterFinishedTimeoutAndUpdateStatusIfNeeded"),
        "kuberay-job-grace" => (RAY_JOB, "checkTransitionGracePeriodAndUpdateStatusIfNeeded"),
        "kuberay-job-backoff" => (RAY_JOB, "checkBackoffLimitAndUpdateStatusIfNeeded"),
        "kuberay-job-clear" => (RAY_JOB, "deleteClusterResources"),
        "kuberay-job-shutdown" => (RAY_JOB, "handleShutdownAfterJobFinishes"),
        "kuberay-job-policy" => (RAY_JOB, "handleLegacyDeletionPolicy"),
        "kuberay-job-rules" => (RAY_JOB, "handleDeletionRules"),
        "kuberay-job" => (RAY_JOB, "Reconcile"),
        "kuberay-promote" => (RAY_SERVICE, "reconcilePromotionAndServingStatus"),
        _ => (RAY_CLUSTER, "reconcilePods"),
    }
}

/// Where the rule of that name stands in Ray's autoscaler v1.
pub(crate) fn source_v1(rule: &str) -> Source {
    let (path, function) = match rule {
        "ray-demand" | "ray-gang" => (SCHEDULER_V1, "get_nodes_to_launch"),
        "ray-plan" => (SCHEDULER_V1, "get_nodes_for"),
        "ray-min" | "ray-constraint" => (SCHEDULER_V1, "_add_min_workers_nodes"),
        "ray-launch" => (SCHEDULER_V1, "_get_concurrent_resource_demand_to_launch"),
        "ray-max" | "ray-max-cluster" | "ray-idle" => {
            (AUTOSCALER_V1, "terminate_nodes_to_enforce_config_constraints")
        }
        "ray-pending-deletes" => (PROVIDER_V1, "safe_to_scale"),
        "ray-patch" => (PROVIDER_V1, "submit_scale_request"),
        _ => (AUTOSCALER_V1, "StandardAutoscaler._update"),
    };
    let project = format!("ray {}", upstream::RAY);
    Source { project, path: path.to_owned(), function: function.to_owned() }
}

/// The page of the book that explains the rule; empty where there is none yet.
pub(crate) fn chapter(rule: &str) -> String {
    let page = match rule {
        "scale" => "hpa/conditions.html#failedgetscale",
        "written" => "hpa/conditions.html#failedupdatescale",
        "selector" => "hpa/conditions.html#ambiguousselector",
        "bounds" | "limits" | "limits-with-behavior" => "hpa/limits.html",
        "scale-up-limit" => "hpa/limits.html#double",
        "metric-failed" => "hpa/conditions.html#failedget",
        "metrics-failed" => "hpa/several-metrics.html#failed",
        "several-metrics" => "hpa/several-metrics.html",
        "metric-utilization" => "hpa/requests.html",
        "metric-average" => "hpa/formula.html#kinds",
        "filled-in-utilization" | "filled-in-average" => "hpa/pods.html#filled-in",
        "proposal-utilization" | "proposal-average" => "hpa/tolerance.html",
        "metric-object-value"
        | "metric-object-average"
        | "metric-external-value"
        | "metric-external-average"
        | "proposal-object-value"
        | "proposal-object-average"
        | "proposal-external-value"
        | "proposal-external-average" => "hpa/formula.html#value",
        "stabilization" => "hpa/stabilization.html#legacy",
        "stabilization-with-behavior" => "hpa/stabilization.html",
        "scale-up-policies" | "scale-down-policies" => "hpa/policies.html#period",
        "keda-triggers" => "hpa/keda.html",
        "keda-active" => "hpa/keda.html#activation",
        "keda-inactive" => "hpa/keda.html#cooldown",
        "ray-demand" => "ray/demand.html",
        "ray-constraint" => "ray/demand.html#request-resources",
        "ray-plan" => "ray/choosing.html",
        "ray-gang" => "ray/gangs.html",
        "ray-min" | "ray-max" | "ray-max-cluster" => "ray/node-types.html#bounds",
        "ray-launch" => "ray/launch-rate.html",
        "ray-idle" => "ray/idle.html",
        "ray-head" => "ray/where.html",
        "ray-observe" | "ray-timeout" => "ray/operator.html#states",
        "ray-pending-deletes" => "ray/operator.html#pending-deletes",
        "ray-resize" | "ray-resize-done" | "ray-resize-status" => "ray/choosing.html#resize",
        "ray-patch"
        | "kuberay-pods"
        | "kuberay-status"
        | "kuberay-desired"
        | "kuberay-expectations"
        | "kuberay-recreate" => "ray/operator.html#replicas",
        "kuberay-multi-host" => "ray/gpus.html#hosts",
        "kuberay-capacity" | "kuberay-traffic" | "kuberay-rollback" => {
            "ray/service.html#incremental"
        }
        "kuberay-job-backoff" | "kuberay-job-clear" => "ray/job.html#retries",
        "kuberay-job-shutdown" | "kuberay-job-policy" | "kuberay-job-rules" => "ray/job.html#end",
        "ray-job-start" => "ray/job.html#start",
        _ if rule.starts_with("kuberay-job") => "ray/job.html#start",
        _ if rule.starts_with("kuberay-") => "ray/service.html#upgrade",
        "serve-metrics" => "ray/serve.html#metrics",
        "serve-ratio" | "serve-factor" => "ray/serve.html#formula",
        "serve-delay" => "ray/serve.html#delay",
        "serve-cold-start" => "ray/serve.html#zero",
        "serve-bounds" | "serve-gang" => "ray/serve.html#bounds",
        _ => "",
    };
    page.to_owned()
}
