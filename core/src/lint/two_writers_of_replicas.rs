//! A cluster-proportional-autoscaler on what an HPA scales.
//!
//! Both write `spec.replicas`: whoever looks last wins, until the other looks.
//!
//! Upstream: cluster-proportional-autoscaler 1.9 cmd/cluster-proportional-autoscaler/options/options.go
//! (`--target`, `--namespace`); kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
//! `reconcileAutoscaler`.

use super::subject::Scaler;
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Document;
use crate::source::Span;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    code: "TT057",
    name: "two-writers-of-replicas",
    severity: Severity::Warning,
    chapter: "wrong/others#P41",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, _) in input.documents.workloads() {
        for (target, namespace, place) in proportional_targets(document) {
            let is_it = |it: &&Scaler<'_>| {
                it.document.namespace() == namespace
                    && target.split_once('/').is_some_and(|(kind, name)| {
                        kind.eq_ignore_ascii_case(it.target_kind) && name == it.target_name
                    })
            };
            let Some(scaler) = input.scalers.iter().find(is_it) else { continue };
            let message = [
                "this autoscaler and ",
                &scaler.title,
                " both set the replicas of ",
                target,
                ": they undo each other",
            ];
            let label = [scaler.title.as_str(), " scales it"].concat();
            found.push(RULE.at(place, message.concat()).also(scaler.target_span, label));
        }
    }
}

/// What the cluster-proportional-autoscalers among the containers of `document` scale, each with
/// its namespace and place.
fn proportional_targets(document: &Document) -> Vec<(&str, &str, Span)> {
    let mut found = Vec::new();
    let mut node = Some(&document.root);
    for key in ["spec", "template", "spec", "containers"] {
        node = node.and_then(|it| it.get(key));
    }
    for container in node.map(Node::items).unwrap_or_default() {
        let list = |key| container.get(key).map(Node::items).unwrap_or_default();
        let words: Vec<&Node> = list("command").iter().chain(list("args")).collect();
        let is_named =
            |it: &Node| it.text().is_some_and(|it| it.contains("cluster-proportional-autoscaler"));
        if !container.get("image").is_some_and(is_named) && !words.iter().any(|it| is_named(it)) {
            continue;
        }
        let flag =
            |name: &str| words.iter().find_map(|it| Some((it.text()?.strip_prefix(name)?, *it)));
        let namespace = flag("--namespace=").map_or(document.namespace(), |(value, _)| value);
        if let Some((targets, place)) = flag("--target=") {
            found.extend(targets.split(',').map(|it| (it.trim(), namespace, place.span)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    #[test]
    fn a_proportional_autoscaler_is_a_second_writer() {
        let text = |target: &str, mark: &str, label: &str| {
            format!(
                "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {{name: dns, namespace: kube-system}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: coredns}}
{label}  maxReplicas: 5
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: dns-autoscaler, namespace: kube-system}}
spec:
  template:
    spec:
      containers:
      - name: autoscaler
        image: registry.k8s.io/cpa/cluster-proportional-autoscaler:v1.9.0
        command: [/cluster-proportional-autoscaler, --namespace=kube-system, --target={target}]
{mark}"
            )
        };
        let label = [&" ".repeat(64), "~~~~~~~ HPA dns scales it\n"].concat();
        let mark = [
            &" ".repeat(77),
            &"^".repeat(27),
            " this autoscaler and HPA dns both set the replicas of deployment/coredns: they undo \
             each other\n",
        ]
        .concat();
        check(&RULE, &text("deployment/coredns", &mark, &label));
        check(&RULE, &text("deployment/other", "", ""));
    }
}
