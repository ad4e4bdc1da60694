//! A CPU utilization target on a container that requests no CPU.
//!
//! Utilization is usage divided by requests. Without a request the metric can't be computed, and
//! the HPA holds still with `FailedGetResourceMetric`.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::manifest::hpa::{Hpa, SourceKind};
use crate::manifest::pod::{Container, PodTemplate};
use crate::source::Span;
use crate::yaml::Node;
use crate::yaml::edit::{self, Step, steps};

pub(super) const RULE: Rule = Rule {
    code: "TT014",
    name: "cpu-request-missing",
    severity: Severity::Error,
    chapter: "hpa/metrics#requests",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, hpa) in input.documents.hpas() {
        let Some((target, workload)) = input.documents.target_of(document, hpa) else { continue };
        let template = &workload.template;
        for use_of_requests in uses(hpa, document.metadata.name.span) {
            for container in containers(template, use_of_requests.container) {
                let resources = &container.resources;
                if resources.request("cpu").is_some() {
                    continue;
                }
                let diagnostic = RULE
                    .at(container.name.span, "this container requests no CPU")
                    .also(use_of_requests.span, "so this utilization can't be computed");
                let fix = fix(input.text, &target.root, container);
                found.push(fix.into_iter().fold(diagnostic, Diagnostic::with));
            }
        }
    }
}

/// A target that divides by CPU requests.
struct Use<'hpa> {
    span: Span,
    /// Only this container's, if one is named.
    container: Option<&'hpa str>,
}

/// The first target of `hpa` for pods as a whole, and those for single containers. An HPA
/// without metrics has one, too: its name stands for it.
fn uses(hpa: &Hpa, name: Span) -> Vec<Use<'_>> {
    if hpa.metrics.is_empty() {
        return vec![Use { span: name, container: None }];
    }
    let mut found: Vec<Use<'_>> = Vec::new();
    for source in hpa.metrics.iter().filter_map(|it| it.source()) {
        let is_cpu = source.resource.as_ref().is_some_and(|it| it.value == "cpu");
        let Some(percent) = source.target.average_utilization.filter(|_| is_cpu) else { continue };
        let container = match source.kind {
            SourceKind::ContainerResource => source.container.as_ref().map(|it| it.value.as_str()),
            _ => None,
        };
        if found.iter().all(|it| it.container != container) {
            found.push(Use { span: percent.span, container });
        }
    }
    found
}

/// The containers whose requests count. A request of the pod as a whole stands for all.
///
/// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
/// `calculateRequests`.
fn containers<'pod>(
    template: &'pod PodTemplate,
    name: Option<&str>,
) -> impl Iterator<Item = &'pod Container> {
    let whole_pod = name.is_none() && template.resources.request("cpu").is_some();
    let counts = move |it: &&Container| !whole_pod && name.is_none_or(|name| it.name.value == name);
    template.running_containers().filter(counts)
}

fn fix(text: &str, root: &Node, container: &Container) -> Option<Fix> {
    let mut path = steps(&container.path);
    path.extend(["resources", "requests", "cpu"].map(|it| Step::Key(it.to_owned())));
    let edit = edit::set(text, root, &path, "500m")?;
    Some(Fix::changes_decisions("request 500m", vec![edit]))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    #[test]
    fn every_container_that_runs_must_request_cpu() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      initContainers:
      - name: once
      - name: sidecar
              ^^^^^^^ this container requests no CPU
        restartPolicy: Always
      containers:
      - name: limited
        resources: {limits: {cpu: 1}}
      - name: memory-only
              ^^^^^^^^^^^ this container requests no CPU
        resources: {requests: {memory: 1Gi}}
",
        );
    }

    #[test]
    fn a_container_metric_needs_that_container_only() {
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
  - type: ContainerResource
    containerResource:
      name: cpu
      container: app
      target: {type: Utilization, averageUtilization: 80}
  - type: Resource
    resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app
        resources: {requests: {cpu: 1}}
      - name: proxy
",
        );
    }

    #[test]
    fn the_fix_adds_the_request() {
        let hpa = "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: app # no request
";
        let after = "        resources:\n          requests:\n            cpu: 500m\n";
        assert_eq!(fixed(&RULE, hpa), format!("{}\n{after}", hpa.trim_end()));
    }
}
