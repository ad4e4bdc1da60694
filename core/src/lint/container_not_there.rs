//! A `ContainerResource` metric of a container that the pods do not have.
//!
//! The metric can't be read, and the HPA holds still with `FailedGetContainerResourceMetric`. A
//! container that someone adds to the pods later (a sidecar) does not stand in the text.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/metrics/client.go `getContainerMetrics`
//! leaves out pods without it, so that `GetResourceReplicas` of replica_calculator.go receives no
//! metrics; up to 1.32 the former fails.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::manifest::hpa::{Metric, SourceKind};
use crate::yaml::edit;

pub(super) const RULE: Rule = Rule {
    code: "TT069",
    name: "container-not-there",
    severity: Severity::Warning,
    chapter: "wrong/no-decision#P1",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some((target, workload)) = scaler.pods() else { continue };
        let metrics = scaler.hpa.map(|it| it.metrics.as_slice()).unwrap_or_default();
        let sources = metrics.iter().filter_map(Metric::source);
        for source in sources.filter(|it| it.kind == SourceKind::ContainerResource) {
            let Some(name) = source.container.as_ref().filter(|it| !it.value.is_empty()) else {
                continue;
            };
            let pod = &workload.template;
            let mut all = pod.containers.iter().chain(&pod.init_containers);
            if pod.containers.is_empty() || all.any(|it| it.name.value == name.value) {
                continue;
            }
            let message = [
                "the pods of ",
                scaler.target_kind,
                " ",
                target.name(),
                " have no container `",
                &name.value,
                "` here: unless it is added to them later, this metric can't be read",
            ];
            let mut finding = RULE.at(name.span, message.concat());
            if let [only] = pod.containers.as_slice() {
                let text = edit::quote(&only.name.value);
                let title = ["look at container ", &only.name.value].concat();
                let edits = vec![TextEdit { span: name.span, text }];
                finding = finding
                    .also(only.name.span, "this is the only one")
                    .with(Fix::changes_decisions(title, edits));
            }
            found.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn text(container: &str, mark: &str, init: &str) -> String {
        format!(
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  maxReplicas: 5
  metrics:
  - type: ContainerResource
    containerResource:
      name: cpu
      container: {container}
{mark}      target: {{type: Utilization, averageUtilization: 60}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    spec:
{init}      containers:
      - name: web
"
        )
    }

    #[test]
    fn a_container_that_no_pod_has() {
        let mark = "                 ^^^ the pods of Deployment web have no container `app` here: \
                    unless it is added to them later, this metric can't be read\n";
        let only = "              ~~~ this is the only one\n";
        check(&RULE, &format!("{}{only}", text("app", mark, "")));
    }

    #[test]
    fn a_container_or_sidecar_that_is_there() {
        check(&RULE, &text("web", "", ""));
        check(&RULE, &text("proxy", "", "      initContainers: [{name: proxy}]\n"));
    }
}
