//! The named inputs that benches, the sameness test and the oracle's timing share.

use tidetable_core::{predict, report::Language};

/// A named input.
pub struct Workload {
    /// Its name, also a file name.
    pub name: &'static str,
    /// The text that is predicted.
    pub text: &'static str,
}

/// Every workload.
pub const WORKLOADS: &[Workload] = &[
    Workload { name: "empty", text: "" },
    Workload {
        name: "serve-hpa",
        text: "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ray-serve-hpa}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ray-serve-replica}
  minReplicas: 1
  maxReplicas: 5
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}
",
    },
];

/// The report on `text` as JSON, as `predict_json` of the page's module gives it.
///
/// # Panics
/// If the report can't be written as JSON.
pub fn report_json(text: &str) -> String {
    serde_json::to_string(&predict(text, Language::En).report).expect("a report is JSON")
}
