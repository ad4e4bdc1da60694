//! A deployment that wants one type of accelerator, which no group says it has.
//!
//! `accelerator_type: L4` asks for 0.001 of the resource `accelerator_type:L4`. A node that runs has
//! it, for Ray looks at its hardware; the autoscaler reads only the manifest and starts none.
//!
//! Upstream: ray 2.60.0 _common/utils.py `resources_from_ray_options`,
//! autoscaler/_private/kuberay/autoscaling_config.py `_get_custom_resources`.

use super::{Input, Rule};
use crate::assemble;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Body;

pub(super) const RULE: Rule = Rule {
    code: "TT037",
    name: "accelerator-type-unknown",
    severity: Severity::Warning,
    chapter: "ray/gpus#accelerator-type",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for document in &input.documents.documents {
        let Body::RayService(service) = &document.body else { continue };
        let Some(cluster) = service.cluster.as_ref().filter(|it| it.is_autoscaling()) else {
            continue;
        };
        let Ok(config) = assemble::believed(cluster) else { continue };
        let deployments = service.serve.applications.iter().flat_map(|it| &it.deployments);
        for wanted in deployments.filter_map(|it| it.actor.accelerator_type.as_ref()) {
            let resource = ["accelerator_type:", &wanted.value].concat();
            if config.node_types.iter().any(|it| it.resources.get(&resource).is_some()) {
                continue;
            }
            let message = [
                "no group says that it has ",
                &resource,
                ": Ray's autoscaler starts no pod for this",
            ];
            let mut finding = RULE.at(wanted.span, message.concat());
            let gpus = config.node_types.iter().filter(|it| it.resources.get("GPU").is_some());
            for node_type in gpus {
                let group = cluster.worker_groups.iter().find(|it| it.title() == &*node_type.name);
                if let Some(name) = group.and_then(|it| it.name.as_ref()) {
                    let label = ["`resources` of this group could state ", &resource].concat();
                    finding = finding.also(name.span, label);
                }
            }
            found.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn service(resources: &str, mark: &str, label: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayService
metadata: {{name: llm}}
spec:
  serveConfigV2: |
    applications:
    - name: app
      deployments:
      - name: model
        ray_actor_options: {{num_gpus: 1, accelerator_type: L4}}
{mark}  rayClusterConfig:
    enableInTreeAutoscaling: true
    headGroupSpec: {{template: {{spec: {{containers: [{{name: h, resources: {{limits: {{cpu: 1}}}}}}]}}}}}}
    workerGroupSpecs:
    - groupName: gpus
{label}      resources: {resources}
      template:
        spec: {{containers: [{{name: w, resources: {{limits: {{cpu: 4, nvidia.com/gpu: 1}}}}}}]}}
"
        )
    }

    #[test]
    fn a_type_that_no_group_states_starts_nothing() {
        let mark = [
            &" ".repeat(59),
            "^^ no group says that it has accelerator_type:L4: Ray's autoscaler starts no pod for \
             this\n",
        ]
        .concat();
        let label =
            "                 ~~~~ `resources` of this group could state accelerator_type:L4\n";
        check(&RULE, &service("{}", &mark, label));
        check(&RULE, &service("{\"accelerator_type:L4\": \"1\"}", "", ""));
    }
}
