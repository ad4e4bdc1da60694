//! A label or annotation that has a sidecar added to pods whose utilization is measured.
//!
//! The manifest does not show the container, but usage and requests are summed over it: without a
//! request the whole metric fails, with one it moves the percentage. Istio's request is given by
//! default, until an annotation sets any of its resources: then the others are gone.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `calculatePodRequestsFromContainers`; istio 1.27 manifests/charts/istio-control/istio-discovery/
//! files/injection-template.yaml; dapr 1.15 pkg/injector/annotations; linkerd 2.18 charts/partials.

use super::subject::{Utilization, spelled};
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{Body, Labels};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: "TT017",
    name: "sidecar-injected",
    severity: Severity::Warning,
    chapter: "wrong/no-decision#P2",
    check,
};

/// Someone who adds a container.
struct Injector {
    name: &'static str,
    /// What asks for it on a pod, and on a namespace.
    pod: (&'static str, &'static str),
    namespace: (&'static str, &'static str),
    /// What sets its requests: of CPU, of memory.
    requests: [&'static str; 2],
    /// Whether it requests something unless told otherwise.
    has_default: bool,
}

const INJECTORS: [Injector; 3] = [
    Injector {
        name: "Istio",
        pod: ("sidecar.istio.io/inject", "true"),
        namespace: ("istio-injection", "enabled"),
        requests: ["sidecar.istio.io/proxyCPU", "sidecar.istio.io/proxyMemory"],
        has_default: true,
    },
    Injector {
        name: "Dapr",
        pod: ("dapr.io/enabled", "true"),
        namespace: ("", ""),
        requests: ["dapr.io/sidecar-cpu-request", "dapr.io/sidecar-memory-request"],
        has_default: false,
    },
    Injector {
        name: "Linkerd",
        pod: ("linkerd.io/inject", "enabled"),
        namespace: ("linkerd.io/inject", "enabled"),
        requests: ["config.linkerd.io/proxy-cpu-request", "config.linkerd.io/proxy-memory-request"],
        has_default: false,
    },
];

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some((utilization, workload)) = scaler.of_whole_pods() else { continue };
        let pod = [&workload.template.labels, &workload.template.annotations];
        for injector in &INJECTORS {
            let place = match setting(pod, injector.pod) {
                Some((true, span)) => Some(span),
                Some((false, _)) => None,
                None => of_namespace(input, scaler.document.namespace(), injector),
            };
            if let Some(place) = place
                && let Some(message) = message(injector, pod[1], utilization)
            {
                let label = "it counts in this utilization";
                found.push(RULE.at(place, message).also(utilization.span, label));
            }
        }
    }
}

/// Whether one of `lists` says `wanted`, and where; none if the key is not there.
fn setting(lists: [&Labels; 2], (key, value): (&str, &str)) -> Option<(bool, Span)> {
    let found = lists.iter().find_map(|it| it.get(key))?;
    Some((found.value == value, found.span))
}

fn of_namespace(input: &Input<'_>, name: &str, injector: &Injector) -> Option<Span> {
    let is_it = |it: &&crate::manifest::Document| {
        matches!(it.body, Body::Namespace) && it.metadata.name.value == name
    };
    let metadata = &input.documents.documents.iter().find(is_it)?.metadata;
    match setting([&metadata.labels, &metadata.annotations], injector.namespace) {
        Some((true, span)) => Some(span),
        _ => None,
    }
}

/// What is wrong, unless the request is stated.
fn message(
    injector: &Injector,
    annotations: &Labels,
    utilization: &Utilization<'_>,
) -> Option<String> {
    let key = injector.requests[usize::from(utilization.resource != "cpu")];
    if annotations.get(key).is_some() {
        return None;
    }
    let is_any_set = injector.requests.iter().any(|it| annotations.get(it).is_some());
    let effect = if injector.has_default && !is_any_set {
        ["its usage and the request it has by default change the ", spelled(utilization.resource)]
    } else {
        ["without a request of its own it fails the ", spelled(utilization.resource)]
    };
    let effect = effect.concat();
    Some(
        [injector.name, " adds a sidecar here: ", &effect, " utilization. State it in ", key]
            .concat(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn hpa(name: &str) -> String {
        format!(
            "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {{name: {name}, \
             namespace: shop}}\nspec:\n  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, \
             name: {name}}}\n  maxReplicas: 5\n  targetCPUUtilizationPercentage: 70\n"
        )
    }

    const COUNTS: &str = "                                  ~~ it counts in this utilization\n";

    #[test]
    fn a_sidecar_that_nobody_sees_is_named() {
        check(
            &RULE,
            &format!(
                "{}{COUNTS}---\n\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:
  template:
    metadata:
      annotations:
        dapr.io/enabled: \"true\"
                         ^^^^^^ Dapr adds a sidecar here: without a request of its own it fails \
the CPU utilization. State it in dapr.io/sidecar-cpu-request
        sidecar.istio.io/inject: \"false\"
---
apiVersion: v1
kind: Namespace
metadata: {{name: shop, labels: {{istio-injection: enabled}}}}
",
                hpa("web")
            ),
        );
    }

    #[test]
    fn istio_has_a_default_until_one_is_set() {
        check(
            &RULE,
            &format!(
                "{}{COUNTS}---\n{}{COUNTS}---\n\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{metadata: {{annotations: {{sidecar.istio.io/proxyMemory: 1Gi}},
  labels: {{sidecar.istio.io/inject: \"true\"}}}}}}}}
                                    ^^^^^^ Istio adds a sidecar here: without a request of its own it \
fails the CPU utilization. State it in sidecar.istio.io/proxyCPU
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: api, namespace: shop}}
spec: {{template: {{metadata: {{labels: {{app: api}}}}}}}}
---
apiVersion: v1
kind: Namespace
metadata: {{name: shop, labels: {{istio-injection: enabled}}}}
                                                 ^^^^^^^ Istio adds a sidecar here: its usage \
and the request it has by default change the CPU utilization. State it in sidecar.istio.io/proxyCPU
",
                hpa("web"),
                hpa("api"),
            ),
        );
    }

    #[test]
    fn a_stated_request_is_silent() {
        check(
            &RULE,
            &format!(
                "{}---\n\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:
  template:
    metadata:
      annotations: {{dapr.io/enabled: \"true\", dapr.io/sidecar-cpu-request: 100m}}
",
                hpa("web")
            ),
        );
    }
}
