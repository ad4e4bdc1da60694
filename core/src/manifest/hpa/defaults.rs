//! What the API server fills in where an HPA says nothing.
//!
//! `behavior` that is not there stays away, and a scale-down window is left to the controller.
//!
//! Upstream: kubernetes 1.37 pkg/apis/autoscaling/v2/defaults.go `SetDefaults_HorizontalPodAutoscaler`.

use super::Hpa;

/// A value that was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Default {
    /// Where it would stand, as `spec.minReplicas`.
    pub path: String,
    /// As it would be written.
    pub value: &'static str,
}

const METRICS: &str = "[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]";
const POLICIES_UP: &str =
    "[{type: Pods, value: 4, periodSeconds: 15}, {type: Percent, value: 100, periodSeconds: 15}]";
const POLICIES_DOWN: &str = "[{type: Percent, value: 100, periodSeconds: 15}]";

impl Hpa {
    /// What is filled in, in the order of the fields.
    ///
    /// ```
    /// # use tidetable_core::manifest;
    /// let text = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n\
    ///             metadata: {name: web}\nspec: {maxReplicas: 3, behavior: {scaleUp: {}}}\n";
    /// let documents = manifest::read(text);
    /// let (_, hpa) = documents.hpas().next().unwrap();
    /// let filled = hpa.defaults();
    /// assert_eq!((filled[0].path.as_str(), filled[0].value), ("spec.minReplicas", "1"));
    /// assert_eq!(filled.last().unwrap().path, "spec.behavior.scaleDown.policies");
    /// ```
    pub fn defaults(&self) -> Vec<Default> {
        let mut filled = Vec::new();
        let mut add = |path: &str, value: &'static str| {
            filled.push(Default { path: format!("spec.{path}"), value });
        };
        if self.min_replicas.is_none() {
            add("minReplicas", "1");
        }
        if self.metrics.is_empty() {
            add("metrics", METRICS);
        }
        let Some(behavior) = &self.behavior else { return filled };
        let up = behavior.scale_up.as_ref();
        let down = behavior.scale_down.as_ref();
        if up.is_none_or(|it| it.stabilization_window_seconds.is_none()) {
            add("behavior.scaleUp.stabilizationWindowSeconds", "0");
        }
        let sides = [(up, "scaleUp", POLICIES_UP), (down, "scaleDown", POLICIES_DOWN)];
        for (rules, name, policies) in sides {
            if rules.is_none_or(|it| it.select_policy.is_none()) {
                add(&format!("behavior.{name}.selectPolicy"), "Max");
            }
            if rules.is_none_or(|it| it.policies.is_none()) {
                add(&format!("behavior.{name}.policies"), policies);
            }
        }
        filled
    }
}
