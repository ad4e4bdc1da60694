//! In-place resize that Ray's autoscaler refuses: `ray.io/ippr`, or the group that it names.
//!
//! v2 reads the annotation in each look. Where it can't, or where a group's template does not allow
//! what is asked, the look fails, and with it all scaling of the cluster.
//!
//! Upstream: ray 2.60.0
//! autoscaler/v2/instance_manager/cloud_providers/kuberay/ippr_provider.py
//! `validate_and_set_ippr_specs`.

use super::ray_groups::autoscaled;
use super::{Input, Rule};
use crate::assemble;
use crate::diagnostic::{Diagnostic, Severity};
use crate::ray::config::ConfigError;

pub(super) const RULE: Rule = Rule {
    code: "TT067",
    name: "resize-refused",
    severity: Severity::Error,
    chapter: "ray/choosing#resize",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (_, cluster) in autoscaled(input) {
        let Some(annotation) = &cluster.resize else { continue };
        if let Err(error @ ConfigError::Resize(_)) = assemble::believed(cluster) {
            let error = error.to_string();
            let message = ["Ray's autoscaler fails at this and scales no group: ", &error].concat();
            found.push(RULE.at(annotation.span, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn cluster(annotation: &str, requests: &str, mark: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata:
  name: ray
  annotations:
    ray.io/ippr: {annotation}
{mark}spec:
  enableInTreeAutoscaling: true
  headGroupSpec:
    template: {{spec: {{containers: [{{name: head, resources: {{requests: {requests}}}}}]}}}}
"
        )
    }

    const WHOLE: &str =
        r#"'{"groups": {"headgroup": {"max-cpu": 4, "max-memory": 8Gi, "resize-timeout": 60}}}'"#;

    #[test]
    fn the_annotation_must_be_json() {
        let mark = "                 ^^^^^^ Ray's autoscaler fails at this and scales no group: \
                    JSONDecodeError\n";
        check(&RULE, &cluster("groups", "{cpu: 1, memory: 1Gi}", mark));
    }

    #[test]
    fn the_group_must_request_both() {
        let whole = WHOLE.replace("8Gi", "\"8Gi\"");
        check(&RULE, &cluster(&whole, "{cpu: 1, memory: 1Gi}", ""));
        let mark = format!(
            "                 {} Ray's autoscaler fails at this and scales no group: ValueError: \
             should have 'cpu' and 'memory' in resource requests as the resources lower bounds if \
             IPPR is used\n",
            "^".repeat(whole.len())
        );
        check(&RULE, &cluster(&whole, "{cpu: 1}", &mark));
    }
}
