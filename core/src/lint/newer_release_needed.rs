//! A field that the release before does nothing with: KubeRay 1.6, or Ray before the release that
//! reads it.
//!
//! What is predicted is KubeRay 1.7. Of the fields that are modelled, 1.6 has no `priority` of a
//! group and no `suspend` of a RayService; it has `version: v1`, but tells Ray nothing of it; and
//! its gate for upgrades step by step is off.
//!
//! Upstream: kuberay 1.6.1 ray-operator/config/crd/bases, ray-operator/pkg/features/features.go,
//! ray-operator/controllers/ray/rayservice_controller.go `isZeroDowntimeUpgradeEnabled`; kuberay
//! 1.7 ray-operator/controllers/ray/common/pod.go `setAutoscalerV1EnvVars`; ray 2.60.0
//! scripts/scripts.py `start`; `priority` since ray-project/ray#65244.

use super::ray_groups::{autoscaled, is_before};
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Body;
use crate::manifest::ray::RayCluster;

pub(super) const RULE: Rule = Rule {
    code: "TT070",
    name: "newer-release-needed",
    severity: Severity::Info,
    chapter: "reference/versions#kuberay",
    check,
};

/// The first Ray that takes v2 on KubeRay unless it is told otherwise.
const TAKES_V2: u32 = 47;
/// The first Ray whose autoscaler reads `priority` of a RayCluster's group.
const READS_PRIORITY: u32 = 59;

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for document in &input.documents.documents {
        let Body::RayService(service) = &document.body else { continue };
        if let Some(suspend) = service.suspend {
            found.push(RULE.at(suspend.span, NO_SUCH_FIELD));
        }
        let strategy = service.upgrade_strategy.as_ref();
        if let Some(it) = strategy.filter(|it| it.value == "NewClusterWithIncrementalUpgrade") {
            let message = "in KubeRay 1.6 this needs the operator's feature gate \
                           RayServiceIncrementalUpgrade, which is off by default: without it a \
                           changed spec is ignored";
            found.push(RULE.at(it.span, message));
        }
    }
    for (_, cluster) in input.documents.ray_clusters() {
        priorities(cluster, found);
    }
    for (_, cluster) in autoscaled(input) {
        let version = cluster.options.version.as_ref().filter(|it| it.value == "v1");
        if let Some(it) = version.filter(|_| !is_before(cluster, TAKES_V2)) {
            let message = "KubeRay 1.6 does not tell Ray of this, and Ray from 2.47 on takes v2";
            found.push(RULE.at(it.span, message));
        }
    }
}

const NO_SUCH_FIELD: &str = "KubeRay 1.6 has no such field: `kubectl apply` refuses it, and \
                             without kubectl's check it is dropped";

fn priorities(cluster: &RayCluster, found: &mut Vec<Diagnostic>) {
    for priority in cluster.worker_groups.iter().filter_map(|it| it.priority) {
        found.push(RULE.at(priority.span, NO_SUCH_FIELD));
        if is_before(cluster, READS_PRIORITY) {
            found.push(RULE.at(priority.span, "Ray's autoscaler reads this from 2.59 on"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn cluster(version: &str, options: &str, group: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: ray}}
spec:
  rayVersion: {version}
  enableInTreeAutoscaling: true
  autoscalerOptions:
{options}  headGroupSpec: {{template: {{spec: {{containers: [{{name: h, resources: {{limits: {{cpu: 1}}}}}}]}}}}}}
  workerGroupSpecs:
  - groupName: w
{group}    template: {{spec: {{containers: [{{name: w, resources: {{limits: {{cpu: 1}}}}}}]}}}}
"
        )
    }

    #[test]
    fn an_older_kuberay_does_not_tell_ray_of_v1() {
        let v1 = "    version: v1\n";
        let mark = "             ^^ KubeRay 1.6 does not tell Ray of this, and Ray from 2.47 on takes \
                    v2\n";
        check(&RULE, &cluster("2.60.0", &[v1, mark].concat(), ""));
        check(&RULE, &cluster("2.46.0", v1, ""));
        check(&RULE, &cluster("2.60.0", "    version: v2\n", ""));
        let unscaled = cluster("2.60.0", v1, "");
        check(&RULE, &unscaled.replace("Autoscaling: true", "Autoscaling: false"));
    }

    #[test]
    fn a_priority_takes_both() {
        let (v2, priority) = ("    version: v2\n", "    priority: 5\n");
        let kuberay = "              ^ KubeRay 1.6 has no such field: `kubectl apply` refuses it, and \
                       without kubectl's check it is dropped\n";
        let ray = "              ^ Ray's autoscaler reads this from 2.59 on\n";
        check(&RULE, &cluster("2.59.0", v2, &[priority, kuberay].concat()));
        check(&RULE, &cluster("2.58.0", v2, &[priority, kuberay, ray].concat()));
    }

    #[test]
    fn a_service_moves_step_by_step_and_is_suspended() {
        let service = |field: &str| {
            format!(
                "\
apiVersion: ray.io/v1
kind: RayService
metadata: {{name: llm}}
spec:
{field}  rayClusterConfig:
    headGroupSpec: {{template: {{spec: {{containers: [{{name: h}}]}}}}}}
"
            )
        };
        let suspend = "  suspend: true\n           ^^^^ KubeRay 1.6 has no such field: `kubectl apply` \
                       refuses it, and without kubectl's check it is dropped\n";
        check(&RULE, &service(suspend));
        let strategy = [
            "  upgradeStrategy:\n    type: NewClusterWithIncrementalUpgrade\n          ",
            &"^".repeat("NewClusterWithIncrementalUpgrade".len()),
            " in KubeRay 1.6 this needs the operator's feature gate RayServiceIncrementalUpgrade, \
             which is off by default: without it a changed spec is ignored\n",
        ];
        check(&RULE, &service(&strategy.concat()));
        check(&RULE, &service("  upgradeStrategy: {type: NewCluster}\n"));
    }
}
