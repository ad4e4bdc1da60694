//! A Ray container whose CPUs nobody states.
//!
//! The autoscaler plans with CPUs, and fails where it can't tell them: not for this group alone but
//! for the whole cluster. Before Ray 2.41 it looked at limits and not at requests.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/kuberay/autoscaling_config.py `_get_num_cpus`;
//! requests since ray-project/ray#49613.

use super::ray_groups::{autoscaled, groups, is_before, path, ray_container};
use super::{Input, Rule, with_fix};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Document;
use crate::manifest::ray::{Group, RayCluster};
use crate::yaml::edit;

pub(super) const RULE: Rule = Rule {
    code: "TT034",
    name: "cpu-of-ray-unknown",
    severity: Severity::Error,
    chapter: "wrong/ray#P44",
    check,
};

/// The first Ray whose autoscaler reads requests.
const READS_REQUESTS: u32 = 41;

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, cluster) in autoscaled(input) {
        found.extend(groups(cluster).filter_map(|it| of_group(input, document, cluster, it)));
    }
}

fn of_group(
    input: &Input<'_>,
    document: &Document,
    cluster: &RayCluster,
    group: &Group,
) -> Option<Diagnostic> {
    let container = ray_container(group)?;
    let is_given =
        group.resources.get("CPU").is_some() || group.ray_start_params.get("num-cpus").is_some();
    if is_given || container.resources.limits.get("cpu").is_some() {
        return None;
    }
    let limit = path(&container.path, &["resources", "limits", "cpu"]);
    let set = |path: &[edit::Step], value: &str| edit::set(input.text, &document.root, path, value);
    if let Some(request) = container.resources.requests.get("cpu") {
        if !is_before(cluster, READS_REQUESTS) {
            return None;
        }
        let message = "before 2.41 Ray's autoscaler reads limits alone: it can't tell the CPUs of \
                       this, fails, and scales no group of the cluster";
        let edit = set(&limit, &edit::quote(&request.text));
        return Some(with_fix(RULE.at(request.span, message), "limit it to the same", edit));
    }
    let message = "Ray's autoscaler can't tell the CPUs of this container: it fails, and scales no \
                   group of the cluster";
    let finding = RULE.at(container.name.span, message);
    if group.name.is_some() {
        return Some(with_fix(finding, "limit it to 1 CPU", set(&limit, "\"1\"")));
    }
    let head = path(&group.path, &["rayStartParams", "num-cpus"]);
    Some(with_fix(finding, "keep work off the head", set(&head, "\"0\"")))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn cluster(version: &str, head: &str, params: &str, worker: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: ray}}
spec:
  rayVersion: {version}
  enableInTreeAutoscaling: true
  headGroupSpec:
    rayStartParams: {params}
    template: {{spec: {{containers: [{{name: head}}]}}}}
{head}  workerGroupSpecs:
  - groupName: small
    template:
      spec:
        containers:
        - name: worker
{worker}        - name: sidecar
          resources: {{limits: {{cpu: 1}}}}
"
        )
    }

    #[test]
    fn cpus_that_nobody_states_stop_the_autoscaler() {
        let head = [
            &" ".repeat(42),
            "^^^^ Ray's autoscaler can't tell the CPUs of this container: it fails, and scales no \
             group of the cluster\n",
        ]
        .concat();
        let worker = "                ^^^^^^ Ray's autoscaler can't tell the CPUs of this container: \
                      it fails, and scales no group of the cluster\n";
        check(&RULE, &cluster("2.60.0", &head, "{}", worker));
        let stated = "          resources: {limits: {cpu: 1}}\n";
        check(&RULE, &cluster("2.60.0", "", "{num-cpus: \"0\"}", stated));
    }

    #[test]
    fn a_request_is_enough_since_ray_2_41() {
        let request = "          resources: {requests: {cpu: 2}}\n";
        check(&RULE, &cluster("2.41.0", "", "{num-cpus: \"0\"}", request));
        let marked = [
            request,
            &" ".repeat(38),
            "^ before 2.41 Ray's autoscaler reads limits alone: it can't tell the CPUs of this, \
             fails, and scales no group of the cluster\n",
        ]
        .concat();
        check(&RULE, &cluster("2.40.0", "", "{num-cpus: \"0\"}", &marked));
        let both = "          resources: {requests: {cpu: 2}, limits: {cpu: \"2\"}}\n";
        let text = cluster("2.40.0", "", "{num-cpus: \"0\"}", request);
        assert_eq!(fixed(&RULE, &text), cluster("2.40.0", "", "{num-cpus: \"0\"}", both));
    }

    #[test]
    fn the_fix_gives_the_head_no_cpus() {
        let stated = "          resources: {limits: {cpu: 1}}\n";
        let fixed = fixed(&RULE, &cluster("2.60.0", "", "{}", stated));
        assert_eq!(fixed, cluster("2.60.0", "", "{num-cpus: \"0\"}", stated));
    }
}
