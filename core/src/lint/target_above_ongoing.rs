//! A Serve target that no replica can reach.
//!
//! The router gives a replica `max_ongoing_requests` at a time; the rest queues. Since Ray 2.10 the
//! queued requests count as well, so that Serve does scale, whatever its warning says, but only
//! once requests wait: the replicas settle where each has its target, which is more than it may
//! take. Before, only what replicas worked on counted, and the target was never passed.
//!
//! Upstream: ray 2.60.0 serve/_private/application_state.py `override_deployment_info` (the
//! warning), serve/_private/autoscaling_state.py `get_total_num_requests`; queued requests since
//! ray-project/ray#42578.

use super::ray_groups::is_before;
use super::{Input, Rule, with_fix};
use crate::diagnostic::{Diagnostic, Severity, TextEdit};
use crate::manifest::Body;
use crate::manifest::ray::ServeDeployment;

pub(super) const RULE: Rule = Rule {
    code: "TT061",
    name: "target-above-ongoing",
    severity: Severity::Warning,
    chapter: "wrong/serve-nodes#P61",
    check,
};

/// The first Ray whose Serve counts queued requests.
const COUNTS_QUEUES: u32 = 10;

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for document in &input.documents.documents {
        let Body::RayService(service) = &document.body else { continue };
        let is_old = service.cluster.as_ref().is_some_and(|it| is_before(it, COUNTS_QUEUES));
        let deployments = service.serve.applications.iter().flat_map(|it| &it.deployments);
        found.extend(deployments.filter_map(|it| of_deployment(input, it, is_old)));
    }
}

fn of_deployment(
    input: &Input<'_>,
    deployment: &ServeDeployment,
    is_old: bool,
) -> Option<Diagnostic> {
    let most = deployment.max_ongoing_requests?;
    let target = deployment.autoscaling.as_ref()?.target_ongoing_requests?;
    let limit = most.value as f64;
    let message = if is_old && limit <= target.value {
        "before Ray 2.10 only these count: the target is never passed, and Serve adds no replica"
    } else if limit < target.value {
        "a replica takes fewer than its target: Serve adds replicas only for requests that wait"
    } else {
        return None;
    };
    let wanted = target.value.floor() + 1.0;
    let wanted = if is_old { wanted } else { target.value.ceil() };
    // In a quoted config the place is the whole text.
    let is_own = input.text[most.span.start..most.span.end] == most.value.to_string();
    let edit = is_own.then(|| TextEdit { span: most.span, text: wanted.to_string() });
    let title = ["let a replica take ", &wanted.to_string()].concat();
    let finding = RULE.at(most.span, message).also(target.span, "the target of one replica");
    Some(with_fix(finding, &title, edit))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn service(version: &str, most: &str, mark: &str, label: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayService
metadata: {{name: web}}
spec:
  serveConfigV2: |
    applications:
    - deployments:
      - name: model
        max_ongoing_requests: {most}
{mark}        autoscaling_config: {{target_ongoing_requests: 4, max_replicas: 9}}
{label}  rayClusterConfig:
    rayVersion: {version}
    headGroupSpec: {{template: {{spec: {{containers: [{{name: h}}]}}}}}}
"
        )
    }

    #[test]
    fn a_replica_may_take_its_target() {
        let label = [&" ".repeat(54), "~ the target of one replica\n"].concat();
        let mark = "                              ^ a replica takes fewer than its target: Serve adds \
                    replicas only for requests that wait\n";
        check(&RULE, &service("2.60.0", "3", mark, &label));
        check(&RULE, &service("2.60.0", "4", "", ""));
        let mark = "                              ^ before Ray 2.10 only these count: the target is \
                    never passed, and Serve adds no replica\n";
        check(&RULE, &service("2.9.3", "4", mark, &label));
        check(&RULE, &service("2.9.3", "5", "", ""));
    }

    #[test]
    fn the_fix_lets_it_take_more() {
        let fixed = |version: &str, most| fixed(&RULE, &service(version, most, "", ""));
        assert_eq!(fixed("2.60.0", "3"), service("2.60.0", "4", "", ""));
        assert_eq!(fixed("2.9.3", "4"), service("2.9.3", "5", "", ""));
    }
}
