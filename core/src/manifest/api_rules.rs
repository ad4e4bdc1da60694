//! Where the API servers of Kubernetes releases differ in what they refuse: the one list of it.
//!
//! Each field of [`ApiRules`] is one difference, named after what newer releases do. What the
//! controllers do differently is listed in [`hpa::Rules`](crate::hpa::Rules).
//!
//! Upstream: kubernetes pkg/apis/autoscaling/validation/validation.go,
//! pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go; apimachinery
//! pkg/util/validation/field/errors.go, pkg/api/validate/content.

use crate::hpa::{FeatureGates, Rules};

/// What the API server of one release refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "a list of independent differences")]
pub struct ApiRules {
    /// 1.29 to 1.33: the name of a resource is shown as it is. Before and after, in quotes.
    pub bare_resource_names: bool,
    /// 1.32: what is too long "may not be more than" so many bytes. Before, it "must have at most".
    pub too_long_may_not: bool,
    /// 1.33: `tolerance` is a field. Before, it is unknown.
    pub tolerance: bool,
    /// Gate HPAConfigurableTolerance: `tolerance` is kept. Without it, it is dropped.
    pub own_tolerance: bool,
    /// Gate HPAScaleToZero: `minReplicas` may be 0.
    pub scale_to_zero: bool,
    /// Gate PodLevelResources, on from 1.34: `resources` of a pod are kept. Without it, they are
    /// dropped.
    pub pod_level_resources: bool,
    /// 1.34 (#132537): `apiVersion` of a reference must be one, and that of the target must have a
    /// group.
    pub api_version: bool,
    /// 1.34: what an owner lacks "must not be empty". Before, `kind must not be empty`.
    pub short_owner_words: bool,
    /// 1.37: what is wrong with an owner names its place in the list, and what it lacks is missing.
    /// Before, it is an invalid value of the whole list.
    pub owners_by_place: bool,
    /// 1.34: values that are neither text nor numbers are shown as JSON. Before, as Go's `%#v`.
    pub json_values: bool,
    /// 1.35: names of labels are called label keys, and measured in bytes. Before, qualified names,
    /// and in characters.
    pub label_keys: bool,
    /// 1.36: a value of 0 beside an average in an annotation of autoscaling/v1 counts as not set.
    pub zero_beside_average: bool,
    /// 1.36: a `maxReplicas` of 0 counts as missing. Before, as too small.
    pub zero_max_is_missing: bool,
    /// 1.37: the bounds are checked after everything else, by rules generated from the types.
    pub declarative: bool,
}

impl ApiRules {
    /// The rules of Kubernetes 1.`minor` with these gates.
    ///
    /// ```
    /// # use tidetable_core::manifest::ApiRules;
    /// assert!(!ApiRules::of(36, Default::default()).scale_to_zero);
    /// assert!(ApiRules::of(37, Default::default()).scale_to_zero);
    /// ```
    pub const fn of(minor: u32, gates: FeatureGates) -> Self {
        let rules = Rules::of(minor, gates);
        Self {
            bare_resource_names: minor >= 29 && minor < 34,
            too_long_may_not: minor >= 32,
            tolerance: minor >= 33,
            own_tolerance: rules.own_tolerance,
            scale_to_zero: rules.scale_to_zero,
            pod_level_resources: rules.pod_level_requests,
            api_version: minor >= 34,
            short_owner_words: minor >= 34,
            owners_by_place: minor >= 37,
            json_values: rules.json_values,
            label_keys: rules.label_keys,
            zero_beside_average: minor >= 36,
            zero_max_is_missing: minor >= 36,
            declarative: minor >= 37,
        }
    }
}

/// The newest release with its own gates.
impl Default for ApiRules {
    fn default() -> Self {
        Self::of(Rules::NEWEST_MINOR, FeatureGates::default())
    }
}
