//! A RayService whose upgrade needs its accelerators twice.
//!
//! A change of `rayClusterConfig` makes a whole second cluster, unless it is one of counts, bounds
//! or tolerations, or only adds groups at the end; a change of `serveConfigV2` makes none. The first
//! cluster stays until the second serves, and a minute longer. Without that many free GPUs the
//! upgrade never ends.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/rayservice_controller.go
//! `isZeroDowntimeUpgradeEnabled`, `shouldPrepareNewCluster`, `isClusterSpecHashEqual`.

use super::ray_groups::first_pods;
use super::{Input, Rule};
use crate::assemble;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Body;
use crate::manifest::ray::RayCluster;
use crate::ray::config::HEAD_GROUP;

pub(super) const RULE: Rule = Rule {
    code: "TT062",
    name: "upgrade-doubles-gpus",
    severity: Severity::Info,
    chapter: "wrong/serve-nodes#P65",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for document in &input.documents.documents {
        let Body::RayService(service) = &document.body else { continue };
        let strategy = service.upgrade_strategy.as_ref();
        if strategy.is_some_and(|it| it.value != "NewCluster") {
            continue;
        }
        let Some(cluster) = &service.cluster else { continue };
        let place = strategy.map_or(document.kind.span, |it| it.span);
        for resource in ["GPU", "TPU"] {
            let amount = at_start(cluster, resource);
            if amount >= 1.0 {
                let message = [
                    "an upgrade makes a second cluster beside this one: it needs ",
                    &amount.to_string(),
                    " more ",
                    resource,
                    " until the old one is gone",
                ];
                found.push(RULE.at(place, message.concat()));
            }
        }
    }
}

/// How much of `resource` the pods have that a new cluster starts with.
fn at_start(cluster: &RayCluster, resource: &str) -> f64 {
    let Ok(config) = assemble::believed(cluster) else { return 0.0 };
    let of_type = |name: &str| {
        let found = config.node_types.iter().find(|it| &*it.name == name);
        found.and_then(|it| it.resources.get(resource)).unwrap_or(0.0)
    };
    let workers = cluster.worker_groups.iter();
    let workers = workers.map(|it| of_type(it.title()) * first_pods(it) as f64);
    of_type(HEAD_GROUP) + workers.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn service(strategy: &str, gpu: &str, mark: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayService
{mark}metadata: {{name: llm}}
spec:
  {strategy}
  rayClusterConfig:
    headGroupSpec:
      template: {{spec: {{containers: [{{name: h, resources: {{limits: {{cpu: 1}}}}}}]}}}}
    workerGroupSpecs:
    - groupName: gpus
      replicas: 1
      minReplicas: 2
      maxReplicas: 5
      numOfHosts: 2
      template:
        spec: {{containers: [{{name: w, resources: {{limits: {{cpu: 4, {gpu}: 4}}}}}}]}}
"
        )
    }

    #[test]
    fn an_upgrade_needs_all_gpus_again() {
        // Two replicas of two hosts of four.
        let mark = "      ^^^^^^^^^^ an upgrade makes a second cluster beside this one: it needs 16 \
                    more GPU until the old one is gone\n";
        check(&RULE, &service("suspend: false", "nvidia.com/gpu", mark));
        check(&RULE, &service("suspend: false", "example.com/fpga", ""));
        check(&RULE, &service("upgradeStrategy: {type: None}", "nvidia.com/gpu", ""));
    }
}
