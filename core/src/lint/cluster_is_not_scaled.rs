//! A Ray cluster that nothing scales.
//!
//! Without `enableInTreeAutoscaling` the head starts no autoscaler: KubeRay keeps `replicas`
//! workers, whatever waits.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::yaml::edit;

pub(super) const RULE: Rule = Rule {
    code: "TT033",
    name: "cluster-is-not-scaled",
    severity: Severity::Info,
    chapter: "ray/where#sidecar",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, cluster) in input.documents.ray_clusters().filter(|(_, it)| !it.is_autoscaling())
    {
        let message = "nothing scales this cluster: enableInTreeAutoscaling is not true";
        let mut finding = RULE.at(document.kind.span, message);
        let path = format!("{}.enableInTreeAutoscaling", cluster.path);
        if let Some(edit) = edit::set(input.text, &document.root, &edit::steps(&path), "true") {
            finding = finding.with(Fix::changes_decisions("switch it on", vec![edit]));
        }
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    #[test]
    fn only_a_cluster_with_its_autoscaler_switched_on_is_scaled() {
        check(
            &RULE,
            "\
apiVersion: ray.io/v1
kind: RayCluster
      ^^^^^^^^^^ nothing scales this cluster: enableInTreeAutoscaling is not true
metadata: {name: fixed}
spec: {headGroupSpec: {template: {spec: {containers: [{name: head}]}}}}
---
apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: scaled}
spec: {enableInTreeAutoscaling: true, headGroupSpec: {template: {}}}
",
        );
    }

    #[test]
    fn the_fix_switches_it_on() {
        let cluster = |value| {
            format!(
                "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {{name: r}}\nspec:\n  \
                 enableInTreeAutoscaling: {value}\n  headGroupSpec: {{template: {{}}}}\n"
            )
        };
        assert_eq!(fixed(&RULE, &cluster("false")), cluster("true"));
    }
}
