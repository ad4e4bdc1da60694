//! A utilization target on a container that requests nothing of that resource.
//!
//! Utilization is usage divided by requests, over all containers that run, sidecars included. One
//! without a request is an error for the whole metric, and the HPA holds still with
//! `FailedGetResourceMetric`. A target on one container (`ContainerResource`) needs only that one's.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `calculateRequests`; requests of the pod as a whole count since 1.34, where they make up for
//! what containers lack.

use super::subject::{Scaler, Utilization, spelled};
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::manifest::pod::{Container, PodTemplate};
use crate::order;
use crate::yaml::edit::{self, Step, steps};

pub(super) const RULE: Rule = Rule {
    code: "TT014",
    name: "request-missing",
    severity: Severity::Error,
    chapter: "wrong/no-decision#P1",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some((target, workload)) = scaler.pods() else { continue };
        for utilization in &scaler.utilizations {
            let resource = utilization.resource;
            for container in lacking(input, &workload.template, utilization) {
                let message = ["this container requests no ", spelled(resource)].concat();
                let mut finding = RULE
                    .at(container.name.span, message)
                    .also(utilization.span, "so this utilization can't be computed");
                let amount = if resource == "cpu" { "500m" } else { "256Mi" };
                let mut path = steps(&container.path);
                path.extend(["resources", "requests", resource].map(|it| Step::Key(it.to_owned())));
                if let Some(edit) = edit::set(input.text, &target.root, &path, amount) {
                    let title = ["request ", amount].concat();
                    finding = finding.with(Fix::changes_decisions(title, vec![edit]));
                }
                let fix = only_one_container(input, scaler, utilization, &workload.template);
                found.push(fix.into_iter().fold(finding, Diagnostic::with));
            }
        }
    }
}

/// The containers that fail `utilization`.
pub(super) fn lacking<'pod>(
    input: &Input<'_>,
    pod: &'pod PodTemplate,
    utilization: &Utilization<'_>,
) -> Vec<&'pod Container> {
    let mut containers = input.counted(pod, utilization.container);
    let requests = |it: &Container| it.resources.request(utilization.resource).is_some();
    let is_whole = utilization.container.is_none() && input.kubernetes.pod_level_requests;
    if is_whole && pod.resources.names().next().is_some() {
        let some = pod.resources.request(utilization.resource).is_some();
        if some || containers.iter().any(|it| requests(it)) {
            return Vec::new();
        }
    }
    containers.retain(|it| !requests(it));
    containers
}

/// Turns the target into one of the only container that has a request.
fn only_one_container(
    input: &Input<'_>,
    scaler: &Scaler<'_>,
    utilization: &Utilization<'_>,
    pod: &PodTemplate,
) -> Option<Fix> {
    let (index, source) = utilization.source.filter(|_| utilization.container.is_none())?;
    let containers = input.counted(pod, None);
    let mut able =
        containers.iter().filter(|it| it.resources.request(utilization.resource).is_some());
    let (Some(container), None) = (able.next(), able.next()) else { return None };
    let metric = scaler.hpa?.metrics.get(index)?;
    let root = &scaler.document.root;
    let path = ["spec.metrics[", &index.to_string(), "].resource.container"].concat();
    let name = edit::quote(&container.name.value);
    let key = &input.text[source.key_span.start..source.key_span.end];
    let mut edits = vec![
        TextEdit { span: metric.kind.as_ref()?.span, text: "ContainerResource".to_owned() },
        TextEdit { span: source.key_span, text: key.replace("resource", "containerResource") },
        edit::set(input.text, root, &steps(&path), &name)?,
    ];
    // Version 1 has no such metric.
    if edits[0].span.is_empty() || edits[1].span == edits[0].span {
        return None;
    }
    order::sort_by_key(&mut edits, |it| it.span);
    let title = ["look at container ", &container.name.value, " only"].concat();
    Some(Fix::changes_decisions(title, edits))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_at, fixed, fixed_by};
    use super::RULE;

    #[test]
    fn every_container_that_runs_must_request_cpu() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
                 ~~~ so this utilization can't be computed
                 ~~~ so this utilization can't be computed
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
        resources: {requests: {cpu: 1, memory: 1Gi}}
      - name: proxy
        resources: {limits: {memory: 1Gi}}
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

    const CPU: &str = "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
  targetCPUUtilizationPercentage: 70
";

    #[test]
    fn sidecars_count_since_1_29() {
        let text = |label: &str, mark: &str| {
            format!(
                "{CPU}{label}---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    spec:
      containers: [{{name: app, resources: {{requests: {{cpu: 1}}}}}}]
      initContainers: [{{name: proxy, restartPolicy: Always}}]
{mark}"
            )
        };
        let label = [&" ".repeat(34), "~~ so this utilization can't be computed\n"].concat();
        let mark = [&" ".repeat(30), "^^^^^ this container requests no CPU\n"].concat();
        check_at(28, &RULE, &text("", ""));
        check_at(29, &RULE, &text(&label, &mark));
    }

    #[test]
    fn requests_of_the_whole_pod_count_since_1_34() {
        let text = |label: &str, mark: &str| {
            format!(
                "{CPU}{label}---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    spec:
      resources: {{requests: {{cpu: 1}}}}
      containers: [{{name: app}}]
{mark}"
            )
        };
        let label = [&" ".repeat(34), "~~ so this utilization can't be computed\n"].concat();
        let mark = [&" ".repeat(26), "^^^ this container requests no CPU\n"].concat();
        check_at(33, &RULE, &text(&label, &mark));
        check_at(34, &RULE, &text("", ""));
    }

    #[test]
    fn a_fix_looks_at_the_only_container_with_a_request() {
        let hpa = |kind: &str, key: &str, container: &str| {
            format!(
                "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  maxReplicas: 5
  metrics:
  - {key}:
      name: cpu
      target: {{type: Utilization, averageUtilization: 80}}
{container}    type: {kind}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    spec:
      containers: [{{name: proxy}}, {{name: app, resources: {{requests: {{cpu: 1}}}}}}]
"
            )
        };
        let before = hpa("Resource", "resource", "");
        let after = hpa("ContainerResource", "containerResource", "      container: app\n");
        assert_eq!(fixed_by(&RULE, &before, 1), after);
    }
}
