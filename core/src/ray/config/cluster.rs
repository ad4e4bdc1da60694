//! What the autoscaler reads of a RayCluster, as the API server stores it.
//!
//! Quantities are still text here, and maps keep the manifest's order: which GPU counts depends on
//! both.

/// Text by name, in the manifest's order.
pub type StringMap = Vec<(String, String)>;

/// What the autoscaler reads of a RayCluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClusterSpec {
    /// `spec.headGroupSpec`.
    pub head: GroupSpec,
    /// `spec.workerGroupSpecs`.
    pub worker_groups: Vec<WorkerGroup>,
    /// `spec.autoscalerOptions`.
    pub options: AutoscalerOptions,
    /// The annotation `ray.io/ippr`: which groups' pods may be resized in place.
    pub resize: Option<String>,
}

/// `spec.autoscalerOptions`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AutoscalerOptions {
    /// `upscalingMode`: only `Conservative` differs from the rest.
    pub upscaling_mode: Option<String>,
    /// `idleTimeoutSeconds`; 60 if absent.
    pub idle_timeout_seconds: Option<i64>,
}

/// One entry of `spec.workerGroupSpecs`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkerGroup {
    /// `groupName`.
    pub name: String,
    /// `minReplicas`.
    pub min_replicas: Option<i64>,
    /// `maxReplicas`.
    pub max_replicas: Option<i64>,
    /// `numOfHosts`: pods of one replica; 1 if absent.
    pub num_of_hosts: Option<i64>,
    /// What one of its pods is made of.
    pub spec: GroupSpec,
}

/// The part that head and worker groups share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupSpec {
    /// The group's own `resources`, by Ray's names.
    pub resources: StringMap,
    /// `rayStartParams`.
    pub ray_start_params: StringMap,
    /// `resources.limits` of the first container.
    pub limits: StringMap,
    /// `resources.requests` of the first container.
    pub requests: StringMap,
    /// `resizePolicy` of the first container: resource and `restartPolicy`.
    pub resize_policy: StringMap,
    /// The group's own `labels`.
    pub labels: StringMap,
    /// `idleTimeoutSeconds` of the group.
    pub idle_timeout_seconds: Option<i64>,
    /// `priority` of the group.
    pub priority: Option<i64>,
    /// `template.spec.nodeSelector`.
    pub node_selector: StringMap,
}

/// The value of `key`; the last one where a manifest repeats it.
pub(super) fn value_of<'a>(map: &'a StringMap, key: &str) -> Option<&'a str> {
    map.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
}
