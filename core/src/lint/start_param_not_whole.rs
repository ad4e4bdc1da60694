//! A number in `rayStartParams` that Ray's autoscaler can't read.
//!
//! It takes `num-cpus`, `num-gpus` and `memory` by Python's `int()`, and `resources` as JSON in
//! one more pair of quotes, whole numbers only. Anything else raises in each look.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/kuberay/autoscaling_config.py `_get_num_cpus`,
//! `_get_num_gpus`, `_get_memory`, `_get_custom_resources`.

use super::ray_groups::{autoscaled, groups, path};
use super::{Input, Rule, with_fix};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::ray::Group;
use crate::quantity::Quantity;
use crate::ray::config::check_start_param;
use crate::yaml::edit;

pub(super) const RULE: Rule = Rule {
    code: "TT035",
    name: "start-param-not-whole",
    severity: Severity::Error,
    chapter: "ray/node-types#sources",
    check,
};

/// The parameters that are read, each with the resource of the group that hides it.
const READ: [(&str, &str); 4] =
    [("num-cpus", "CPU"), ("num-gpus", "GPU"), ("memory", "memory"), ("resources", "")];

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, cluster) in autoscaled(input) {
        for (group, (name, resource)) in groups(cluster).flat_map(|it| READ.map(|read| (it, read)))
        {
            if is_hidden(group, resource) {
                continue;
            }
            let Some(value) = group.ray_start_params.get(name) else { continue };
            let Err(error) = check_start_param(name, &value.value) else { continue };
            let wanted = if name == "resources" {
                "JSON in a second pair of quotes, with whole numbers"
            } else {
                "a whole number"
            };
            let error = error.to_string();
            let message =
                ["Ray's autoscaler wants ", wanted, ", and scales nothing with this: ", &error];
            let edit = mended(name, &value.value).and_then(|it| {
                let path = path(&group.path, &["rayStartParams", name]);
                edit::set(input.text, &document.root, &path, &it)
            });
            found.push(with_fix(RULE.at(value.span, message.concat()), "write it so", edit));
        }
    }
}

/// Whether the group's own `resources` come first.
fn is_hidden(group: &Group, resource: &str) -> bool {
    let own = &group.resources;
    if resource.is_empty() { !own.0.is_empty() } else { own.get(resource).is_some() }
}

/// What was meant, as YAML.
fn mended(name: &str, text: &str) -> Option<String> {
    let meant = if name == "resources" {
        ["'", text, "'"].concat()
    } else {
        Quantity::parse(text).ok()?.value().to_string()
    };
    check_start_param(name, &meant).ok()?;
    Some(["\"", &meant.replace('\\', "\\\\").replace('"', "\\\""), "\""].concat())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn cluster(params: &str, mark: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: ray}}
spec:
  enableInTreeAutoscaling: true
  headGroupSpec:
    template: {{spec: {{containers: [{{name: head, resources: {{limits: {{cpu: 1}}}}}}]}}}}
    rayStartParams:
      dashboard-host: 0.0.0.0
      {params}
{mark}"
        )
    }

    #[test]
    fn a_number_must_be_whole() {
        let mark = "                ^^^^^ Ray's autoscaler wants a whole number, and scales nothing \
                    with this: ValueError: invalid literal for int() with base 10: '0.5'\n";
        check(&RULE, &cluster("num-cpus: \"0.5\"", mark));
        check(&RULE, &cluster("num-cpus: \" 2\"", ""));
        let fixed = |from: &str| fixed(&RULE, &cluster(from, ""));
        assert_eq!(fixed("num-cpus: \"0.5\""), cluster("num-cpus: \"1\"", ""));
        assert_eq!(fixed("memory: 2Gi"), cluster("memory: \"2147483648\"", ""));
    }

    #[test]
    fn custom_resources_stand_in_two_pairs_of_quotes() {
        let right = "resources: \"'{\\\"A\\\": 1}'\"";
        check(&RULE, &cluster(right, ""));
        assert_eq!(fixed(&RULE, &cluster("resources: '{\"A\": 1}'", "")), cluster(right, ""));
        let mark = "                 ^^^^^^^^^^^^^^ Ray's autoscaler wants JSON in a second pair \
                    of quotes, with whole numbers, and scales nothing with this: AssertionError\n";
        check(&RULE, &cluster("resources: '\"{\"A\": 0.5}\"'", mark));
    }
}
