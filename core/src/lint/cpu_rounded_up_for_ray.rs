//! A Ray container with a fraction of a CPU.
//!
//! Ray plans in whole CPUs and rounds up: a pod with 500m counts as 1 CPU for Ray and gets half of
//! one from Kubernetes.

use super::ray_groups::{autoscaled, groups, path, ray_container};
use super::{Input, Rule, with_fix};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Document;
use crate::manifest::ray::Group;
use crate::yaml::edit;

pub(super) const RULE: Rule = Rule {
    code: "TT031",
    name: "cpu-rounded-up-for-ray",
    severity: Severity::Warning,
    chapter: "wrong/ray#P43",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, cluster) in autoscaled(input) {
        found.extend(groups(cluster).filter_map(|it| rounded(input, document, it)));
    }
}

/// Upstream: ray 2.60.0 autoscaler/_private/kuberay/autoscaling_config.py `_get_num_cpus`.
fn rounded(input: &Input<'_>, document: &Document, group: &Group) -> Option<Diagnostic> {
    let is_given =
        group.resources.get("CPU").is_some() || group.ray_start_params.get("num-cpus").is_some();
    let container = ray_container(group).filter(|_| !is_given)?;
    let limit = container.resources.limits.get("cpu");
    let list = if limit.is_some() { "limits" } else { "requests" };
    let cpu = limit.or_else(|| container.resources.requests.get("cpu"))?;
    if !cpu.quantity.is_fractional() {
        return None;
    }
    let whole = cpu.quantity.value();
    let unit = if whole == 1 { "CPU" } else { "CPUs" };
    let message = format!("Ray counts this as {whole} {unit}, Kubernetes gives {}", cpu.quantity);
    let path = path(&container.path, &["resources", list, "cpu"]);
    let edit = edit::set(input.text, &document.root, &path, &format!("\"{whole}\""));
    Some(with_fix(RULE.at(cpu.span, message), &format!("give it {whole} {unit}"), edit))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    #[test]
    fn a_fraction_is_rounded_up_unless_ray_is_told() {
        check(
            &RULE,
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: ray}
spec:
  enableInTreeAutoscaling: true
  headGroupSpec:
    rayStartParams: {num-cpus: \"0\"}
    template: {spec: {containers: [{name: head, resources: {limits: {cpu: 500m}}}]}}
  workerGroupSpecs:
  - groupName: small
    template: {spec: {containers: [{name: worker, resources: {limits: {cpu: 2500m}}}]}}
                                                                            ^^^^^ Ray counts this \
as 3 CPUs, Kubernetes gives 2500m
  - groupName: whole
    template: {spec: {containers: [{name: worker, resources: {limits: {cpu: 2000m}}}]}}
",
        );
    }
    #[test]
    fn the_fix_makes_it_whole() {
        let cluster = |cpu: &str| {
            format!(
                "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {{name: r}}\nspec:\n  \
                 enableInTreeAutoscaling: true\n  headGroupSpec:\n    template: {{spec: \
                 {{containers: [{{name: h, resources: {{requests: {{cpu: {cpu}}}}}}}]}}}}\n"
            )
        };
        assert_eq!(fixed(&RULE, &cluster("1500m")), cluster("\"2\""));
    }
}
