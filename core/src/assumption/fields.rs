//! The assumptions as plain fields, for those who compute with them.
//!
//! What each means, and its default, stands in the [`TABLE`](super::TABLE). Only the default of
//! [`Assumptions`] as a whole comes from there: a group's own default is all zero.

use crate::hpa::FeatureGates;
use crate::time::Duration;

use super::{TABLE, Version};

/// Every assumption as a plain field. The default is the table's.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumptions {
    /// What a request costs.
    pub request: RequestAssumptions,
    /// What a pod uses without requests.
    pub idle: IdleAssumptions,
    /// How long a pod takes to serve.
    pub pod_start: PodStartAssumptions,
    /// How long a pod takes to go.
    pub pod_stop: PodStopAssumptions,
    /// The nodes, if the Scenario names none.
    pub node: NodeAssumptions,
    /// The way from a pod's CPU to the HPA.
    pub metrics: MetricsAssumptions,
    /// Prometheus and its adapter.
    pub prometheus: PrometheusAssumptions,
    /// KEDA.
    pub keda: KedaAssumptions,
    /// The HPA controller's flags.
    pub hpa: HpaAssumptions,
    /// Ray's own delays.
    pub ray: RayAssumptions,
    /// The Deployment of an HPA that came without one.
    pub deployment: DeploymentAssumptions,
    /// The releases that run.
    pub versions: VersionAssumptions,
    /// `featureGates.*`, of kube-controller-manager.
    pub feature_gates: FeatureGates,
}

impl Default for Assumptions {
    fn default() -> Self {
        let mut assumptions = Self {
            request: RequestAssumptions::default(),
            idle: IdleAssumptions::default(),
            pod_start: PodStartAssumptions::default(),
            pod_stop: PodStopAssumptions::default(),
            node: NodeAssumptions::default(),
            metrics: MetricsAssumptions::default(),
            prometheus: PrometheusAssumptions::default(),
            keda: KedaAssumptions::default(),
            hpa: HpaAssumptions::default(),
            ray: RayAssumptions::default(),
            deployment: DeploymentAssumptions::default(),
            versions: VersionAssumptions::default(),
            feature_gates: FeatureGates::default(),
        };
        for assumption in TABLE {
            (assumption.set)(&mut assumptions, assumption.default);
        }
        assumptions
    }
}

/// `request.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestAssumptions {
    /// `request.cpu`, in nanoseconds of one core.
    pub cpu_nanoseconds: i64,
    /// `request.serviceTime`
    pub service_time: Duration,
    /// `request.concurrency`
    pub concurrency: i64,
    /// `request.memory`
    pub memory_bytes: i64,
}

/// `idle.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IdleAssumptions {
    /// `idle.cpu`, in nano-cores.
    pub cpu_nano: i64,
    /// `idle.memory`
    pub memory_bytes: i64,
}

/// `podStart.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodStartAssumptions {
    /// `podStart.schedule`
    pub schedule: Duration,
    /// `podStart.imagePull`
    pub image_pull: Duration,
    /// `podStart.container`
    pub container: Duration,
    /// `podStart.readiness`
    pub readiness: Duration,
    /// `podStart.cpu`, in nano-cores.
    pub cpu_nano: i64,
    /// `podStart.cpuFor`
    pub cpu_for: Duration,
}

/// `podStop.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodStopAssumptions {
    /// `podStop.grace`
    pub grace: Duration,
}

/// `node.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeAssumptions {
    /// `node.count`
    pub count: i64,
    /// `node.cpu`, in nano-cores.
    pub cpu_nano: i64,
    /// `node.memory`
    pub memory_bytes: i64,
    /// `node.gpu`
    pub gpu: i64,
}

/// `metrics.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricsAssumptions {
    /// `metrics.resolution`
    pub resolution: Duration,
    /// `metrics.lag`
    pub lag: Duration,
    /// `metrics.window`
    pub window: Duration,
}

/// `prometheus.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrometheusAssumptions {
    /// `prometheus.scrapeInterval`
    pub scrape_interval: Duration,
    /// `prometheus.rateWindow`
    pub rate_window: Duration,
    /// `prometheus.relistInterval`
    pub relist_interval: Duration,
}

/// `keda.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KedaAssumptions {
    /// `keda.latency`
    pub latency: Duration,
    /// `keda.kafkaPartitions`
    pub kafka_partitions: i64,
}

/// `hpa.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HpaAssumptions {
    /// `hpa.syncPeriod`
    pub sync_period: Duration,
    /// `hpa.concurrentSyncs`
    pub concurrent_syncs: i64,
    /// `hpa.getScale`
    pub get_scale: Duration,
    /// `hpa.getMetric`
    pub get_metric: Duration,
    /// `hpa.putScale`
    pub put_scale: Duration,
    /// `hpa.putStatus`
    pub put_status: Duration,
    /// `hpa.watchLag`
    pub watch_lag: Duration,
    /// `hpa.resyncAge`
    pub resync_age: Duration,
    /// `hpa.lockedLooks`
    pub locked_looks: i64,
    /// `hpa.downscaleStabilization`
    pub downscale_stabilization: Duration,
    /// `hpa.tolerance`
    pub tolerance: f64,
    /// `hpa.cpuInitializationPeriod`
    pub cpu_initialization_period: Duration,
    /// `hpa.initialReadinessDelay`
    pub initial_readiness_delay: Duration,
}

/// `ray.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RayAssumptions {
    /// `ray.loopInterval`
    pub loop_interval: Duration,
    /// `ray.demandLag`
    pub demand_lag: Duration,
    /// `ray.operatorLag`
    pub operator_lag: Duration,
    /// `ray.resizeLag`
    pub resize_lag: Duration,
    /// `ray.imagePull`
    pub image_pull: Duration,
    /// `ray.rayStart`
    pub ray_start: Duration,
    /// `ray.replicaStart`
    pub replica_start: Duration,
    /// `ray.proxyDrain`
    pub proxy_drain: Duration,
    /// `ray.jobRuns`
    pub job_runs: Duration,
    /// `ray.jobFailures`
    pub job_failures: i64,
}

/// `deployment.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeploymentAssumptions {
    /// `deployment.cpuRequest`, in nano-cores.
    pub cpu_request_nano: i64,
    /// `deployment.cpuLimit`, in nano-cores.
    pub cpu_limit_nano: i64,
    /// `deployment.memoryRequest`
    pub memory_request_bytes: i64,
    /// `deployment.memoryLimit`
    pub memory_limit_bytes: i64,
}

/// `versions.*`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VersionAssumptions {
    /// `versions.kubernetes`
    pub kubernetes: Version,
    /// `versions.ray`
    pub ray: Version,
    /// `versions.kuberay`
    pub kuberay: Version,
}
