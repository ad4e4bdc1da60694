//! CPU utilization of pods that count as ready as soon as they run.
//!
//! In its first five minutes a pod's CPU counts only once it is ready and a whole metric window has
//! passed. Without a readiness or startup probe it is ready at once, and the CPU of its start-up is
//! taken for load.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go `groupPods`.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT054",
    name: "readiness-probe-missing",
    severity: Severity::Info,
    chapter: "hpa/pods#start-cpu",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some((_, workload)) = scaler.pods() else { continue };
        let cpu = scaler.utilizations.iter().find(|it| it.resource == "cpu");
        let mut containers = workload.template.running_containers();
        let is_probed =
            containers.any(|it| it.readiness_probe.is_some() || it.startup_probe.is_some());
        let (Some(cpu), false, Some(first)) =
            (cpu, is_probed, workload.template.containers.first())
        else {
            continue;
        };
        let message = "no readiness probe: the pod is ready at once, and the CPU of its start-up \
                       counts as load";
        found.push(RULE.at(first.name.span, message).also(cpu.span, "it is measured here"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn one_probe_is_enough() {
        let text = |probe: &str, label: &str, mark: &str| {
            format!(
                "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  maxReplicas: 5
  targetCPUUtilizationPercentage: 80
{label}---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    spec:
      containers:
      - name: app
{mark}      - name: proxy
{probe}"
            )
        };
        let label = "                                  ~~ it is measured here\n";
        let mark = "              ^^^ no readiness probe: the pod is ready at once, and the CPU of its \
                    start-up counts as load\n";
        check(&RULE, &text("", label, mark));
        check(&RULE, &text("        readinessProbe: {httpGet: {port: 80}}\n", "", ""));
        check(&RULE, &text("        startupProbe: {httpGet: {port: 80}}\n", "", ""));
    }
}
