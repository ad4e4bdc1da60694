//! A cluster of hundreds of pods that other clusters wait for.
//!
//! KubeRay's operator looks at one RayCluster at a time, unless `reconcileConcurrency` says
//! otherwise, and makes all pods that are missing in one look. Autoscaler v2 asks for ten at a time,
//! so that others get their turn; the first pods of a cluster, and what v1 asks for, come at once.
//!
//! Upstream: kuberay 1.7 ray-operator/apis/config/v1alpha1/defaults.go
//! `DefaultReconcileConcurrency`, ray-operator/controllers/ray/raycluster_controller.go
//! `reconcilePods`, `SetupWithManager`.

use super::ray_groups::{first_pods, most_pods, place};
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::ray::{Group, RayCluster};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: "TT066",
    name: "operator-is-busy",
    severity: Severity::Info,
    chapter: "wrong/ray#P73",
    check,
};

/// In ray-project/kuberay#3909 500 pods took ten minutes.
const MANY_PODS: i64 = 500;

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, cluster) in input.documents.ray_clusters() {
        let at_once = |it: &Group| at_once(cluster, it);
        let sizes = cluster.worker_groups.iter().map(|it| (it, at_once(it)));
        let Some((group, pods)) = sizes.reduce(|best, it| if it.1 > best.1 { it } else { best })
        else {
            continue;
        };
        let mut others =
            input.documents.ray_clusters().filter(|(other, _)| other.span != document.span);
        let Some((first, _)) = others.next().filter(|_| pods >= MANY_PODS) else { continue };
        let message = [
            "while KubeRay makes these ",
            &pods.to_string(),
            " pods it looks at no other RayCluster, unless reconcileConcurrency is above 1",
        ];
        let finding = RULE.at(count_span(cluster, group), message.concat());
        found.push(finding.also(first.metadata.name.span, "this one waits meanwhile"));
    }
}

/// The most pods of `group` that are asked for in one step.
fn at_once(cluster: &RayCluster, group: &Group) -> i64 {
    let own = first_pods(group);
    let most = if is_v1(cluster) { most_pods(group).unwrap_or(own) } else { own };
    most.max(own)
}

fn is_v1(cluster: &RayCluster) -> bool {
    let version = cluster.options.version.as_ref();
    cluster.is_autoscaling() && version.is_some_and(|it| it.value == "v1")
}

/// The field that says how many.
fn count_span(cluster: &RayCluster, group: &Group) -> Span {
    let max = group.max_replicas.filter(|_| is_v1(cluster));
    let count = max.or(group.replicas).or(group.min_replicas);
    count.map_or_else(|| place(group), |it| it.span)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn clusters(version: &str, counts: &str, mark: &str, label: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: large}}
spec:
  enableInTreeAutoscaling: true
  autoscalerOptions: {{version: {version}}}
  headGroupSpec: {{template: {{}}}}
  workerGroupSpecs:
  - groupName: w
    template: {{}}
    {counts}
{mark}---
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: small}}
{label}spec: {{headGroupSpec: {{template: {{}}}}}}
"
        )
    }

    #[test]
    fn others_wait_for_hundreds_of_pods() {
        let label = "                 ~~~~~ this one waits meanwhile\n";
        let mark = "              ^^^ while KubeRay makes these 500 pods it looks at no other \
                    RayCluster, unless reconcileConcurrency is above 1\n";
        check(&RULE, &clusters("v2", "replicas: 500", mark, label));
        check(&RULE, &clusters("v2", "replicas: 499", "", ""));
        check(&RULE, &clusters("v2", "maxReplicas: 500", "", ""));
        let mark = ["   ", mark].concat();
        check(&RULE, &clusters("v1", "maxReplicas: 500", &mark, label));
    }
}
