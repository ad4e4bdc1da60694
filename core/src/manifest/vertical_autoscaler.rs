//! VerticalPodAutoscaler, `autoscaling.k8s.io/v1`: who changes the requests of which containers.
//!
//! Upstream: autoscaler vertical-pod-autoscaler 1.6 pkg/apis/autoscaling.k8s.io/v1/types.go.

use crate::yaml::{Fields, Spanned, scalar};

/// A VerticalPodAutoscaler.
#[derive(Clone, Debug, Default)]
pub struct VerticalAutoscaler {
    /// `spec.targetRef.kind`.
    pub target_kind: Spanned<String>,
    /// `spec.targetRef.name`.
    pub target_name: Spanned<String>,
    /// `spec.updatePolicy.updateMode`; anything but `Off` changes requests.
    pub update_mode: Option<Spanned<String>>,
    /// `spec.resourcePolicy.containerPolicies`.
    pub container_policies: Vec<ContainerPolicy>,
}

/// One entry of `containerPolicies`.
#[derive(Clone, Debug, Default)]
pub struct ContainerPolicy {
    /// `containerName`; `*` stands for every container without an entry of its own.
    pub container: String,
    /// Whether `mode` is `Off`.
    pub is_off: bool,
    /// `controlledResources`; CPU and memory if absent.
    pub controlled_resources: Option<Vec<String>>,
}

impl VerticalAutoscaler {
    /// Whether it changes the request of `resource` in the container of that name.
    ///
    /// Upstream: autoscaler vertical-pod-autoscaler 1.6 pkg/utils/vpa/api.go
    /// `GetContainerResourcePolicy`.
    pub fn controls(&self, container: &str, resource: &str) -> bool {
        if self.update_mode.as_ref().is_some_and(|it| it.value == "Off") {
            return false;
        }
        let named = |name: &str| self.container_policies.iter().find(|it| it.container == name);
        let Some(policy) = named(container).or_else(|| named("*")) else {
            return matches!(resource, "cpu" | "memory");
        };
        !policy.is_off
            && match &policy.controlled_resources {
                Some(resources) => resources.iter().any(|it| it == resource),
                None => matches!(resource, "cpu" | "memory"),
            }
    }
}

/// Takes `spec`.
pub(super) fn vertical_autoscaler(root: &mut Fields<'_>) -> Option<VerticalAutoscaler> {
    root.pass(&["status"]);
    let mut spec = root.mapping("spec")?;
    spec.pass(&["recommenders", "startupBoost"]);
    let mut read = VerticalAutoscaler::default();
    if let Some(mut target) = spec.mapping("targetRef") {
        target.pass(&["apiVersion"]);
        read.target_kind = target.string("kind").unwrap_or_default();
        read.target_name = target.string("name").unwrap_or_default();
    }
    if let Some(mut policy) = spec.mapping("updatePolicy") {
        read.update_mode = policy.string("updateMode");
        policy.pass(&["minReplicas", "evictionRequirements", "evictAfterOOMSeconds"]);
    }
    if let Some(mut policy) = spec.mapping("resourcePolicy") {
        let entries = policy.mappings("containerPolicies").unwrap_or_default().value;
        read.container_policies = entries.into_iter().map(container_policy).collect();
    }
    Some(read)
}

fn container_policy(mut fields: Fields<'_>) -> ContainerPolicy {
    let resources = fields.list("controlledResources", scalar::string);
    let read = ContainerPolicy {
        container: fields.string("containerName").unwrap_or_default().value,
        is_off: fields.string("mode").is_some_and(|it| it.value == "Off"),
        controlled_resources: resources.map(|it| it.value.into_iter().map(|it| it.value).collect()),
    };
    fields.pass_rest();
    read
}
