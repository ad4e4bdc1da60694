//! A head of an autoscaling cluster that takes tasks.
//!
//! Work goes to the head first: a small job never starts a worker, and a large one can exhaust
//! the memory that the cluster's control needs.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::yaml::edit::{self, Step, steps};

pub(super) const RULE: Rule = Rule {
    code: "TT032",
    name: "head-advertises-cpus",
    severity: Severity::Info,
    chapter: "wrong/ray#P45",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, cluster) in input.documents.ray_clusters() {
        let head = &cluster.head;
        let is_given =
            head.resources.get("CPU").is_some() || head.ray_start_params.get("num-cpus").is_some();
        if is_given || !cluster.is_autoscaling() || cluster.worker_groups.is_empty() {
            continue;
        }
        let Some(container) = head.template.containers.first() else { continue };
        let message = "tasks and actors may run on the head: they go there before workers start";
        let mut path = steps(&head.path);
        path.extend(["rayStartParams", "num-cpus"].map(|it| Step::Key(it.to_owned())));
        let edit = edit::set(input.text, &document.root, &path, "\"0\"");
        let fix = edit.map(|it| Fix::changes_decisions("keep work off the head", vec![it]));
        let finding = RULE.at(container.name.span, message);
        found.push(fix.into_iter().fold(finding, Diagnostic::with));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    #[test]
    fn a_head_without_num_cpus_takes_work() {
        check(
            &RULE,
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: open}
spec:
  enableInTreeAutoscaling: true
  headGroupSpec: {template: {spec: {containers: [{name: ray-head}]}}}
                                                        ^^^^^^^^ tasks and actors may run on the \
head: they go there before workers start
  workerGroupSpecs:
  - {groupName: w, template: {spec: {containers: [{name: ray-worker}]}}}
---
apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: closed}
spec:
  enableInTreeAutoscaling: true
  headGroupSpec:
    rayStartParams: {num-cpus: \"0\"}
    template: {spec: {containers: [{name: ray-head}]}}
  workerGroupSpecs:
  - {groupName: w, template: {spec: {containers: [{name: ray-worker}]}}}
",
        );
    }

    #[test]
    fn the_fix_says_zero_cpus() {
        let cluster = |params| {
            format!(
                "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {{name: r}}\nspec:\n  \
                 enableInTreeAutoscaling: true\n  workerGroupSpecs: [{{groupName: w}}]\n  \
                 headGroupSpec:\n    rayStartParams: {params}\n    template: {{spec: \
                 {{containers: [{{name: h}}]}}}}\n"
            )
        };
        assert_eq!(fixed(&RULE, &cluster("{}")), cluster("{num-cpus: \"0\"}"));
    }
}
