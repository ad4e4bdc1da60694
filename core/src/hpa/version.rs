//! Where Kubernetes releases differ: the one list of it.
//!
//! Each field of [`Rules`] is one difference, named after what newer releases do, with the release
//! and the pull request that brought it. The rest of the HPA asks these fields and never compares
//! release numbers. What the API server refuses or defaults is not listed here, nor what differs
//! only in logs.
//!
//! Read from the code of 1.28.15, 1.29.6, 1.30.14, 1.31.14, 1.32.13, 1.33.13, 1.34.4, 1.35.4,
//! 1.36.3 and 1.37.2. Not there yet: 1.38, which rounds conversions beyond `int32` to the largest
//! number (#141397) and leaves `overhead` out of pod-level requests (#142154).
//!
//! Upstream: kubernetes pkg/controller/podautoscaler/ `horizontal.go`, `replica_calculator.go`;
//! pkg/features/kube_features.go.

/// What one release does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "a list of independent differences")]
pub struct Rules {
    /// 1.29 (#121039): when the metrics fail or the scale can't be written, `status.currentMetrics`
    /// shows what this sync read. Before, it keeps what it showed.
    pub shows_failed_metrics: bool,
    /// 1.29 (#120001): init containers with `restartPolicy: Always` count in a pod's requests.
    pub sidecar_requests: bool,
    /// 1.33 (#127193): a pod whose metrics lack the container of a ContainerResource metric is a
    /// missing pod. Before, it fails the whole metric.
    pub container_may_be_missing: bool,
    /// 1.33 (#130797): the tolerance is an interval of ratios, so that exactly 110 % of the target
    /// lies within 0.1. Before, `|1 - ratio|` is compared, which is a little more than 0.1.
    pub tolerance_interval: bool,
    /// Gate HPAConfigurableTolerance, there from 1.33 (#130797), on from 1.35, locked from 1.37: an
    /// HPA may have its own tolerances.
    pub own_tolerance: bool,
    /// 1.34 (#132351): memory in the status has binary suffixes, `69748Ki`. Before, `71421952`.
    pub binary_memory: bool,
    /// 1.34 (#132007): a write of the scale that conflicts is tried again, five times in all.
    pub conflict_retries: bool,
    /// Gate PodLevelResources, on from 1.34 (#132430): a pod's own requests go before those of its
    /// containers.
    pub pod_level_requests: bool,
    /// 1.34 (#127050): the proposal of an External `averageValue` ends at the largest `int32`, and
    /// a sum of its series below zero counts as the largest `int64`. Before, both wrap.
    pub caps_average: bool,
    /// 1.35 (#126979, #133888): the proposal of an Object or External `value` ends at the largest
    /// `int32`, and the sum of the series at the largest `int64`. Before, both wrap.
    pub caps_value: bool,
    /// 1.35 (#133415): a pod without the container of a ContainerResource metric fails the metric.
    /// Before, it requests 0.
    pub container_must_exist: bool,
    /// 1.36 (#135118): at zero replicas the condition ScaledToZero tells whether the HPA went there
    /// itself and may come back. Before, `minReplicas: 0` alone tells.
    pub scaled_to_zero_condition: bool,
    /// Gate HPAScaleToZero, on from 1.37: the HPA may scale to zero, and from 1.36 says so.
    pub scale_to_zero: bool,
    /// 1.37 (#138294): an HPA that appears, or that a restarted controller finds, is looked at at
    /// once. Before, after one period.
    pub looks_at_once: bool,
    /// Gate HPAGeneration, on from 1.37 (#138228, #138294): `status.observedGeneration` is set, and
    /// a changed spec is looked at at once. Before, when its turn comes.
    pub generation: bool,
    /// 1.37 (#139025): an HPA is not looked at before the cache knows the status that the
    /// controller wrote itself. The gate StaleControllerConsistencyHPA is left on.
    pub skips_stale: bool,
    /// 1.37 (#139142): the AmbiguousSelector text names two HPAs. Before, all of them.
    pub names_two_hpas: bool,
    /// 1.37 (#139029): the error of an Object metric names the object, then what went wrong.
    /// Before, the words are in the wrong places.
    pub object_error_in_order: bool,
    /// 1.34: the error of a selector shows a list of values as JSON. Before, as Go's `%#v`.
    pub json_values: bool,
    /// 1.35: names of labels are called label keys there, and measured in bytes. Before, qualified
    /// names, and in characters.
    pub label_keys: bool,
    /// Gate HPAContainerMetrics, there until 1.29 and on: ContainerResource metrics are read.
    pub container_metrics: bool,
}

/// Feature gates of kube-controller-manager that a decision depends on; `None` is the release's
/// own default. A gate that a release does not have, or has locked, changes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeatureGates {
    /// `HPAConfigurableTolerance`.
    pub configurable_tolerance: Option<bool>,
    /// `HPAContainerMetrics`.
    pub container_metrics: Option<bool>,
    /// `HPAGeneration`.
    pub generation: Option<bool>,
    /// `HPAScaleToZero`.
    pub scale_to_zero: Option<bool>,
    /// `PodLevelResources`.
    pub pod_level_resources: Option<bool>,
}

impl Rules {
    /// The oldest release that is known, 1.28.
    pub const OLDEST_MINOR: u32 = 28;
    /// The newest release that is known, 1.37.
    pub const NEWEST_MINOR: u32 = 37;

    /// The rules of Kubernetes 1.`minor` with these gates.
    ///
    /// ```
    /// # use tidetable_core::hpa::{FeatureGates, Rules};
    /// let gates = FeatureGates { scale_to_zero: Some(true), ..FeatureGates::default() };
    /// assert!(!Rules::of(36, FeatureGates::default()).scale_to_zero, "off by default");
    /// assert!(Rules::of(36, gates).scale_to_zero);
    /// assert!(Rules::of(37, FeatureGates::default()).scale_to_zero);
    /// ```
    pub const fn of(minor: u32, gates: FeatureGates) -> Self {
        Self {
            shows_failed_metrics: minor >= 29,
            sidecar_requests: minor >= 29,
            container_may_be_missing: minor >= 33,
            tolerance_interval: minor >= 33,
            own_tolerance: minor >= 37
                || minor >= 33 && is_on(gates.configurable_tolerance, minor >= 35),
            binary_memory: minor >= 34,
            conflict_retries: minor >= 34,
            pod_level_requests: minor >= 34 && is_on(gates.pod_level_resources, true),
            caps_average: minor >= 34,
            caps_value: minor >= 35,
            container_must_exist: minor >= 35,
            scaled_to_zero_condition: minor >= 36,
            scale_to_zero: is_on(gates.scale_to_zero, minor >= 37),
            looks_at_once: minor >= 37,
            generation: minor >= 37 && is_on(gates.generation, true),
            skips_stale: minor >= 37,
            names_two_hpas: minor >= 37,
            object_error_in_order: minor >= 37,
            json_values: minor >= 34,
            label_keys: minor >= 35,
            container_metrics: minor >= 30 || is_on(gates.container_metrics, true),
        }
    }
}

/// The newest release with its own gates.
impl Default for Rules {
    fn default() -> Self {
        Self::of(Self::NEWEST_MINOR, FeatureGates::default())
    }
}

const fn is_on(gate: Option<bool>, default: bool) -> bool {
    match gate {
        Some(on) => on,
        None => default,
    }
}
