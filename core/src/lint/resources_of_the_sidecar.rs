//! `autoscalerOptions.resources` that look like those of a worker.
//!
//! They are of the autoscaler's own container, which stands in the head's pod: an accelerator there
//! is taken from Ray, and the head needs a node that has one.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/common/pod.go `BuildAutoscalerContainer`,
//! `mergeAutoscalerOverrides`.

use super::ray_groups::{autoscaled, node, path, ray_container};
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::ray::RayCluster;
use crate::quantity::Quantity;
use crate::yaml::{Entry, Node};

pub(super) const RULE: Rule = Rule {
    code: "TT065",
    name: "resources-of-the-sidecar",
    severity: Severity::Warning,
    chapter: "wrong/ray#P74",
    check,
};

/// Up to this the autoscaler of a large cluster may be meant.
const MOST_CPUS: i64 = 4;

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, cluster) in autoscaled(input) {
        let base = [&cluster.path, ".autoscalerOptions.resources"].concat();
        let lists = ["limits", "requests"].into_iter();
        let mut entries =
            lists.filter_map(|it| node(document, &path(&base, &[it]))).flat_map(Node::entries);
        let Some(entry) = entries.find(|it| is_a_workers(it, cluster)) else { continue };
        let message =
            "this is for the autoscaler's own container in the head's pod, not for workers";
        let mut finding = RULE.at(entry.key_span, message);
        if let Some(worker) = cluster.worker_groups.first().and_then(ray_container) {
            finding = finding.also(worker.name.span, "a worker's resources stand here");
        }
        found.push(finding);
    }
}

/// A device, or more CPU than an autoscaler uses and no less than a worker has.
fn is_a_workers(entry: &Entry, cluster: &RayCluster) -> bool {
    let amount = entry.value.text().and_then(|it| Quantity::parse(it).ok());
    let amount = amount.map_or(0, |it| it.value());
    if entry.key != "cpu" {
        return entry.key.contains('/') && amount > 0;
    }
    let containers = cluster.worker_groups.iter().filter_map(ray_container);
    let of_worker = containers.filter_map(|it| it.resources.request("cpu")).map(|it| &it.quantity);
    let most = of_worker.map(Quantity::value).max();
    amount > MOST_CPUS && most.is_none_or(|most| amount >= most)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn cluster(limit: &str, mark: &str, label: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: ray}}
spec:
  enableInTreeAutoscaling: true
  autoscalerOptions:
    resources:
      limits:
        memory: 16Gi
        {limit}
{mark}  headGroupSpec: {{template: {{}}}}
  workerGroupSpecs:
  - groupName: w
    template: {{spec: {{containers: [{{name: worker, resources: {{limits: {{cpu: 8}}}}}}]}}}}
{label}"
        )
    }

    #[test]
    fn a_workers_resources_are_in_the_wrong_place() {
        let label = [&" ".repeat(42), "~~~~~~ a worker's resources stand here\n"].concat();
        let mark = |width: usize| {
            let text =
                "this is for the autoscaler's own container in the head's pod, not for workers";
            [&" ".repeat(8), &"^".repeat(width), " ", text, "\n"].concat()
        };
        check(&RULE, &cluster("nvidia.com/gpu: 1", &mark(14), &label));
        check(&RULE, &cluster("cpu: 8", &mark(3), &label));
        check(&RULE, &cluster("cpu: 4", "", ""));
        check(&RULE, &cluster("cpu: 7", "", ""));
    }
}
