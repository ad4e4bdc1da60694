//! Replicas of several hosts under an autoscaler that counts hosts.
//!
//! The bounds become pods: `minReplicas` and `maxReplicas` times `numOfHosts`. Autoscaler v2 then
//! divides what it wants by the hosts and rounds down, so that less than a whole replica starts
//! nothing, and it drains hosts one by one, with each of which the operator deletes its whole
//! replica. v1 does not divide: it asks for as many replicas as it wants pods.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/instance_manager/cloud_providers/kuberay/cloud_provider.py
//! `_submit_scale_request`, autoscaler/_private/kuberay/node_provider.py `submit_scale_request`;
//! kuberay 1.7 ray-operator/controllers/ray/raycluster_controller.go `reconcilePods`.

use super::ray_groups::{autoscaled, most_pods};
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) const RULE: Rule = Rule {
    code: "TT040",
    name: "hosts-of-a-replica",
    severity: Severity::Warning,
    chapter: "wrong/ray#P59",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (_, cluster) in autoscaled(input) {
        let version = cluster.options.version.as_ref();
        let is_v1 = version.is_some_and(|it| it.value == "v1");
        for group in &cluster.worker_groups {
            let Some(hosts) = group.num_of_hosts.filter(|it| it.value > 1) else { continue };
            let count = hosts.value.to_string();
            let message = if is_v1 {
                ["Ray's autoscaler v1 counts pods: for ", &count, " of them it makes ", &count]
                    .concat()
                    + " replicas"
            } else {
                [
                    "Ray's autoscaler counts pods: work for fewer than ",
                    &count,
                    " starts none, and with one idle pod its whole replica goes",
                ]
                .concat()
            };
            let mut finding = RULE.at(hosts.span, message);
            if let (Some(max), Some(pods)) = (group.max_replicas, most_pods(group)) {
                let label = ["for the autoscaler this is ", &pods.to_string(), " pods"].concat();
                finding = finding.also(max.span, label);
            }
            found.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn cluster(version: &str, hosts: &str, mark: &str, label: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: ray}}
spec:
  enableInTreeAutoscaling: true
  autoscalerOptions: {{version: {version}}}
  headGroupSpec: {{template: {{}}}}
  workerGroupSpecs:
  - groupName: tpus
    maxReplicas: 3
{label}    numOfHosts: {hosts}
{mark}    template: {{}}
"
        )
    }

    #[test]
    fn pods_are_counted_and_not_replicas() {
        let label = "                 ~ for the autoscaler this is 12 pods\n";
        let mark = "                ^ Ray's autoscaler counts pods: work for fewer than 4 starts none, \
                    and with one idle pod its whole replica goes\n";
        check(&RULE, &cluster("v2", "4", mark, label));
        let mark = "                ^ Ray's autoscaler v1 counts pods: for 4 of them it makes 4 \
                    replicas\n";
        check(&RULE, &cluster("v1", "4", mark, label));
        check(&RULE, &cluster("v2", "1", "", ""));
    }
}
