//! Memory utilization as the only metric of an HPA.
//!
//! What a process holds whatever the load is not shared out among more pods, and many runtimes
//! keep what they once had: the count goes up and hardly ever down. To go from n pods to n − 1 all
//! of them together must fit into n − 1 at the target.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `GetResourceReplicas` (`ceil(ratio * replicas)`; the readiness of pods matters for CPU only).

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT025",
    name: "memory-alone",
    severity: Severity::Info,
    chapter: "wrong/number#P13",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let [only] = scaler.utilizations.as_slice() else { continue };
        if only.resource != "memory" || scaler.metrics != 1 {
            continue;
        }
        let mut message =
            "memory is the only metric: what a process keeps is not shared out among \
                           more pods, so the count goes up more easily than down"
                .to_owned();
        if scaler.min_replicas == 1 {
            // ceil(2 * ratio) is 1 up to a ratio of a half.
            let half = (only.percent / 2).to_string();
            message += &[": from 2 pods to 1 only at ", &half, " % or less"].concat();
        }
        found.push(RULE.at(only.span, message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn memory_with_nothing_beside_it() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
  metrics:
  - type: Resource
    resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}
                                                                             ^^ memory is the only \
metric: what a process keeps is not shared out among more pods, so the count goes up more easily \
than down: from 2 pods to 1 only at 40 % or less
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: both}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: both}
  maxReplicas: 5
  metrics:
  - type: Resource
    resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: queue}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: queue}
  maxReplicas: 5
  metrics:
  - type: Resource
    resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}
  - type: External
    external: {metric: {name: lag}, target: {type: AverageValue, averageValue: 10}}
",
        );
    }
}
