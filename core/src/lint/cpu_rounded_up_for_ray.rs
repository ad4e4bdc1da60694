//! A Ray container with a fraction of a CPU.
//!
//! Ray plans in whole CPUs and rounds up: a pod with 500m counts as 1 CPU for Ray and gets half of
//! one from Kubernetes.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::ray::Group;

pub(super) const RULE: Rule = Rule {
    code: "TT031",
    name: "cpu-rounded-up-for-ray",
    severity: Severity::Warning,
    chapter: "ray/resources#cpu",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (_, cluster) in input.documents.ray_clusters().filter(|(_, it)| it.is_autoscaling()) {
        found.extend(cluster.worker_groups.iter().chain([&cluster.head]).filter_map(rounded));
    }
}

/// Upstream: ray 2.60.0 autoscaler/_private/kuberay/autoscaling_config.py `_get_num_cpus`.
fn rounded(group: &Group) -> Option<Diagnostic> {
    let is_given =
        group.resources.get("CPU").is_some() || group.ray_start_params.get("num-cpus").is_some();
    let resources = &group.template.containers.first().filter(|_| !is_given)?.resources;
    let cpu = resources.limits.get("cpu").or_else(|| resources.requests.get("cpu"))?;
    if !cpu.quantity.is_fractional() {
        return None;
    }
    let whole = cpu.quantity.value();
    let unit = if whole == 1 { "CPU" } else { "CPUs" };
    let message = format!("Ray counts this as {whole} {unit}, Kubernetes gives {}", cpu.quantity);
    Some(RULE.at(cpu.span, message))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
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
}
