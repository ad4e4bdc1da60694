//! The examples menu.

use tidetable_core::Language;

/// The example that the page opens with.
pub(crate) const FIRST: &str = "first";

/// Ids and titles, in the menu's order.
pub(crate) fn all(_language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
    [(FIRST, "Serve gateway behind an HPA")].into_iter()
}

/// The text of an example; of the first for an unknown id.
pub(crate) fn text(_id: &str) -> &'static str {
    "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: ray-serve-hpa\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: ray-serve-replica\n  minReplicas: 1\n  maxReplicas: 5\n  metrics:\n    - type: Resource\n      resource:\n        name: cpu\n        target:\n          type: Utilization\n          averageUtilization: 60\n"
}
