//! `replicas` of a worker group whose count Ray's autoscaler writes.
//!
//! The autoscaler patches this field. Whoever applies the manifest again, a GitOps controller say,
//! puts the old count back. A smaller count ends no pod, since the operator leaves that to the
//! autoscaler, but it takes back a launch whose pods are not made yet; a larger one makes pods that
//! idle. Leaving the field out helps little: the list of groups is replaced as a whole, and the
//! API server then fills in 0.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/instance_manager/cloud_providers/kuberay/cloud_provider.py
//! `_submit_scale_request`; kuberay 1.7 ray-operator/controllers/ray/raycluster_controller.go
//! `reconcilePods`, config/crd/bases/ray.io_rayclusters.yaml (no list type for the groups).

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Body;

pub(super) const RULE: Rule = Rule {
    code: "TT039",
    name: "replicas-under-ray",
    severity: Severity::Info,
    chapter: "wrong/ray#P53",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for document in &input.documents.documents {
        // The cluster of a RayService or RayJob is made once, and nobody applies it.
        let Body::RayCluster(cluster) = &document.body else { continue };
        // What kubectl get prints is what the autoscaler has written.
        if !cluster.is_autoscaling() || document.root.entry("status").is_some() {
            continue;
        }
        let mut counts = cluster.worker_groups.iter().filter_map(|it| it.replicas);
        let Some(first) = counts.next() else { continue };
        let message = "Ray's autoscaler writes this: each apply sets the count back to this number";
        let finding = RULE.at(first.span, message);
        found.push(counts.fold(finding, |it, count| it.also(count.span, "and this")));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn cluster(is_scaled: bool, mark: &str, label: &str, status: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: ray}}
spec:
  enableInTreeAutoscaling: {is_scaled}
  headGroupSpec: {{template: {{}}}}
  workerGroupSpecs:
  - groupName: a
    replicas: 3
{mark}    template: {{}}
  - groupName: b
    template: {{}}
  - groupName: c
    replicas: 1
{label}    template: {{}}
{status}"
        )
    }

    #[test]
    fn a_count_that_the_autoscaler_writes_is_marked() {
        let mark = "              ^ Ray's autoscaler writes this: each apply sets the count back to \
                    this number\n";
        let label = "              ~ and this\n";
        check(&RULE, &cluster(true, mark, label, ""));
        check(&RULE, &cluster(false, "", "", ""));
        check(&RULE, &cluster(true, "", "", "status: {}\n"));
    }
}
