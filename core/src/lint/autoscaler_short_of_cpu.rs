//! Half a CPU for an autoscaler of many pods.
//!
//! One look of autoscaler v2 tries what waits on each node: it grows with the pods. The container
//! has 500m unless `autoscalerOptions.resources` says otherwise, and each look starts ten pods at
//! most, 5 s after the last one ended.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/scheduler.py `_try_schedule`, autoscaler/v2/monitor.py;
//! kuberay 1.7 ray-operator/controllers/ray/common/pod.go `BuildAutoscalerContainer`.

use super::ray_groups::{autoscaled, most_pods, node, path};
use super::{Input, Rule, with_fix};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Document;
use crate::manifest::ray::{Group, RayCluster};
use crate::quantity::Quantity;
use crate::yaml::edit;

pub(super) const RULE: Rule = Rule {
    code: "TT064",
    name: "autoscaler-short-of-cpu",
    severity: Severity::Info,
    chapter: "wrong/ray#P51",
    check,
};

/// From how many pods on. Ray 2.60's scheduler alone takes 1.75 s of a whole CPU for 500 pods that
/// are queued and 500 tasks, on a machine of 2026; half of a CPU doubles that.
const MANY_PODS: i64 = 500;

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, cluster) in autoscaled(input) {
        // Whoever states no maximum has not said how many there will be.
        let bounded = || cluster.worker_groups.iter().filter_map(|it| Some((it, most_pods(it)?)));
        let pods = bounded().fold(0_i64, |sum, (_, pods)| sum.saturating_add(pods));
        let Some(cpu) = cpu(document, cluster).filter(|_| pods >= MANY_PODS) else { continue };
        if cpu.milli_value() >= 1000 {
            continue;
        }
        let largest: Option<(&Group, i64)> =
            bounded().reduce(|best, it| if it.1 > best.1 { it } else { best });
        let Some(max) = largest.and_then(|(group, _)| group.max_replicas) else { continue };
        let message = [
            "with ",
            &pods.to_string(),
            " pods a look of Ray's autoscaler takes seconds on ",
            &cpu.to_string(),
            " CPU",
        ];
        let base = [&cluster.path, ".autoscalerOptions"].concat();
        let edit = if node(document, &path(&base, &["resources"])).is_some() {
            let path = path(&base, &["resources", "limits", "cpu"]);
            edit::set(input.text, &document.root, &path, "\"2\"")
        } else {
            let path = path(&base, &["resources"]);
            edit::set(input.text, &document.root, &path, "{limits: {cpu: \"2\", memory: 2Gi}}")
        };
        found.push(with_fix(RULE.at(max.span, message.concat()), "give it 2 CPUs", edit));
    }
}

/// The limit of the autoscaler's container, if it has one.
fn cpu(document: &Document, cluster: &RayCluster) -> Option<Quantity> {
    let base = [&cluster.path, ".autoscalerOptions"].concat();
    if node(document, &path(&base, &["resources"])).is_none() {
        return Quantity::parse("500m").ok();
    }
    let limit = node(document, &path(&base, &["resources", "limits", "cpu"]))?;
    Quantity::parse(limit.text()?).ok()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn cluster(options: &str, max: &str, mark: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: ray}}
spec:
  enableInTreeAutoscaling: true
  autoscalerOptions: {options}
  headGroupSpec: {{template: {{}}}}
  workerGroupSpecs:
  - groupName: few
    maxReplicas: 100
    template: {{}}
  - groupName: many
    maxReplicas: {max}
{mark}    template: {{}}
  - groupName: unbounded
    template: {{}}
"
        )
    }

    #[test]
    fn many_pods_take_long_on_half_a_cpu() {
        let mark = "                 ^^^ with 500 pods a look of Ray's autoscaler takes seconds on \
                    500m CPU\n";
        check(&RULE, &cluster("{}", "400", mark));
        check(&RULE, &cluster("{}", "399", ""));
        check(&RULE, &cluster("{resources: {limits: {cpu: 1}}}", "400", ""));
        check(&RULE, &cluster("{resources: {requests: {cpu: 500m}}}", "400", ""));
    }

    #[test]
    fn the_fix_gives_it_more() {
        let more = "{resources: {limits: {cpu: \"2\", memory: 2Gi}}}";
        assert_eq!(fixed(&RULE, &cluster("{}", "400", "")), cluster(more, "400", ""));
        let own = |cpu: &str| ["{resources: {limits: {cpu: ", cpu, "}}}"].concat();
        let text = cluster(&own("200m"), "400", "");
        assert_eq!(fixed(&RULE, &text), cluster(&own("\"2\""), "400", ""));
    }
}
