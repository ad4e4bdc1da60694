//! A GPU that Ray's autoscaler does not see.
//!
//! It looks for resources whose name ends in `gpu`. A MIG slice (`nvidia.com/mig-1g.5gb`), which
//! KubeRay's operator does tell Ray of, a shared GPU (`nvidia.com/gpu.shared`) or Intel's
//! (`gpu.intel.com/i915`) is none for it: the group never starts for work that needs a GPU. It
//! sees no Neuron cores either, which the operator tells Ray of. v1 learns the number of GPUs from
//! a node that runs, v2 never.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/kuberay/autoscaling_config.py `_get_num_gpus`; kuberay
//! 1.7 ray-operator/controllers/ray/common/pod.go `addWellKnownAcceleratorResources`.

use super::ray_groups::{autoscaled, path, ray_container};
use super::{Input, Rule, with_fix};
use crate::assemble;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::pod::Resource;
use crate::manifest::ray::Group;
use crate::ray::config::Version;
use crate::yaml::edit::{self, Step};

pub(super) const RULE: Rule = Rule {
    code: "TT036",
    name: "gpu-not-seen",
    severity: Severity::Warning,
    chapter: "wrong/ray#P54",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (document, cluster) in autoscaled(input) {
        let Ok(config) = assemble::believed(cluster) else { continue };
        for group in &cluster.worker_groups {
            let Some(container) = ray_container(group) else { continue };
            let believed = config.node_types.iter().find(|it| &*it.name == group.title());
            let lists = [&container.resources.limits, &container.resources.requests];
            let hidden = lists.into_iter().flat_map(|it| &it.0).find_map(|it| {
                let resource = ray_resource(&it.name.value)?;
                let is_known = believed.is_some_and(|it| it.resources.get(resource).is_some());
                (!is_known && it.quantity.value() > 0).then_some((it, resource))
            });
            let Some((it, resource)) = hidden else { continue };
            let learns = resource == "GPU" && assemble::version(cluster) == Version::V1;
            let pod = if learns { "first pod" } else { "pod" };
            let message = [
                "Ray's autoscaler sees no ",
                resource,
                " in this: work that needs one starts no ",
                pod,
                " of this group",
            ];
            let edit = told(group, it, resource)
                .and_then(|(path, value)| edit::set(input.text, &document.root, &path, &value));
            let title = ["tell Ray of ", &it.quantity.value().to_string(), " ", resource].concat();
            found.push(with_fix(RULE.at(it.name.span, message.concat()), &title, edit));
        }
    }
}

/// What a container's resource is for Ray, if the autoscaler does not find that out.
fn ray_resource(name: &str) -> Option<&'static str> {
    let (vendor, device) = name.split_once('/')?;
    if name == "aws.amazon.com/neuroncore" {
        return Some("neuron_cores");
    }
    let is_gpu = device.starts_with("mig-") || device.starts_with("gpu.") || vendor == GPU_OF_INTEL;
    (is_gpu && !is_measure(device)).then_some("GPU")
}

/// Intel names its GPUs after their driver.
const GPU_OF_INTEL: &str = "gpu.intel.com";

/// Whether it counts something of a GPU rather than GPUs: `gpu.intel.com/memory.max`.
fn is_measure(device: &str) -> bool {
    ["memory", "mem", "millicores", "tiles", "cores", "monitoring"].iter().any(|it| {
        device.split(['.', '-', '_']).any(|part| part == *it) || device.ends_with("_monitoring")
    })
}

/// Where to write it, and what: in `resources` of the group if that is in use.
fn told(group: &Group, it: &Resource, resource: &str) -> Option<(Vec<Step>, String)> {
    let amount = it.quantity.value().to_string();
    if !group.resources.0.is_empty() {
        let path = path(&group.path, &["resources", resource]);
        return Some((path, ["\"", &amount, "\""].concat()));
    }
    if resource == "GPU" {
        let path = path(&group.path, &["rayStartParams", "num-gpus"]);
        return Some((path, ["\"", &amount, "\""].concat()));
    }
    let is_free = group.ray_start_params.get("resources").is_none();
    let path = path(&group.path, &["rayStartParams", "resources"]);
    is_free.then(|| (path, ["\"'{\\\"", resource, "\\\": ", &amount, "}'\""].concat()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn cluster(params: &str, limits: &str, mark: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: ray}}
spec:
  enableInTreeAutoscaling: true
  headGroupSpec: {{template: {{spec: {{containers: [{{name: h, resources: {{limits: {{cpu: 1}}}}}}]}}}}}}
  workerGroupSpecs:
  - groupName: gpus
    rayStartParams: {params}
    template:
      spec:
        containers:
        - name: worker
          resources:
            limits: {{cpu: 4, {limits}}}
{mark}"
        )
    }

    #[test]
    fn a_slice_of_a_gpu_is_not_seen() {
        let mark = [
            &" ".repeat(29),
            &"^".repeat(21),
            " Ray's autoscaler sees no GPU in this: work that needs one starts no pod of this \
             group\n",
        ]
        .concat();
        check(&RULE, &cluster("{}", "nvidia.com/mig-1g.5gb: 2", &mark));
        let v1 = |text: String| {
            text.replace("  headGroupSpec", "  autoscalerOptions: {version: v1}\n  headGroupSpec")
        };
        let first = mark.replace("no pod", "no first pod");
        check(&RULE, &v1(cluster("{}", "nvidia.com/mig-1g.5gb: 2", &first)));
        for silent in ["nvidia.com/gpu: 2", "amd.com/gpu: 1, gpu.intel.com/i915: 1"] {
            check(&RULE, &cluster("{}", silent, ""));
        }
        check(&RULE, &cluster("{num-gpus: \"2\"}", "nvidia.com/mig-1g.5gb: 2", ""));
        check(&RULE, &cluster("{}", "gpu.intel.com/i915_monitoring: 1", ""));
    }

    #[test]
    fn the_fix_tells_ray() {
        let mig = "nvidia.com/mig-1g.5gb: 2";
        let told = cluster("{num-gpus: \"2\"}", mig, "");
        assert_eq!(fixed(&RULE, &cluster("{}", mig, "")), told);
        let neuron = "aws.amazon.com/neuroncore: 2";
        let told = cluster("{resources: \"'{\\\"neuron_cores\\\": 2}'\"}", neuron, "");
        assert_eq!(fixed(&RULE, &cluster("{}", neuron, "")), told);
        check(&RULE, &told);
    }
}
