//! What a running Ray node says it has: what the operator's flags of `ray start` say, and not what
//! the autoscaler reads off the manifest. They can differ: a MIG slice is a GPU for the operator
//! alone.
//!
//! Where the flags say nothing, `ray start` looks at the machine, and the autoscaler's reading
//! stands for what it finds. Left out are accelerators that neither of them sees.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/common/pod.go `generateRayStartCommand`; ray
//! 2.60.0 _private/resource_and_label_spec.py `ResourceAndLabelSpec.resolve`.

use std::collections::BTreeMap;

use super::build::start_params;
use crate::ray::config::GroupSpec;
use crate::ray::observation::NodeKind;
use crate::ray::resources::Resources;

/// Flags of their own, and what they are for Ray.
const FLAGS: [(&str, &str); 3] = [("num-cpus", "CPU"), ("num-gpus", "GPU"), ("memory", "memory")];

/// What a node of `group` has, where the autoscaler believes `believed`.
///
/// With a flag that is no whole number Ray does not start. That is not simulated: what is believed
/// stays.
pub fn node_resources(group: &GroupSpec, kind: NodeKind, believed: &Resources) -> Resources {
    if is_plain(group) { believed.clone() } else { flagged(group, kind, believed) }
}

/// Whether both read the same of it: CPU, memory and whole GPUs of NVIDIA. Most groups are; the
/// operator's flags are loaded for the others.
fn is_plain(group: &GroupSpec) -> bool {
    const PLAIN: [&str; 4] = ["cpu", "memory", "ephemeral-storage", "nvidia.com/gpu"];
    let amounts = || group.limits.iter().chain(&group.requests);
    group.resources.is_empty()
        && amounts().all(|(name, _)| PLAIN.contains(&&**name))
        && group.ray_start_params.iter().all(|(name, value)| {
            !matches!(&**name, "resources" | "num-gpus" | "memory")
                && (name != "num-cpus" || value.parse::<u32>().is_ok())
        })
}

#[inline(never)]
fn flagged(group: &GroupSpec, kind: NodeKind, believed: &Resources) -> Resources {
    let params = start_params(group, kind, false);
    let custom = params.resources.unwrap_or_else(|| Ok(BTreeMap::new()));
    // A TPU's share of its slice is detected, too.
    let is_detected =
        |name: &str| FLAGS.iter().any(|(_, it)| *it == name) || name.starts_with("TPU");
    let is_there =
        |name: &str| is_detected(name) || custom.as_ref().map_or(true, |it| it.contains_key(name));
    let mut found: Resources = believed.iter().filter(|(name, _)| is_there(name)).collect();
    for (flag, name) in FLAGS {
        let amount = params.flags.get(flag).and_then(|it| it.trim().parse::<i64>().ok());
        if let Some(amount) = amount {
            found.set(&name.into(), amount as f64);
        }
    }
    for (name, amount) in custom.iter().flatten().filter(|(_, it)| it.fract() == 0.0) {
        found.set(&name.as_str().into(), *amount);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ray::config::{ClusterSpec, WorkerGroup, derive};

    /// What a worker has whose container has these limits, where the autoscaler believes
    /// `believed`.
    fn has(
        limits: &[(&str, &str)],
        change: impl Fn(&mut GroupSpec),
        believed: &[(&str, f64)],
    ) -> Vec<(String, f64)> {
        let limits = limits.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned()));
        let mut group = GroupSpec { limits: limits.collect(), ..GroupSpec::default() };
        change(&mut group);
        let believed = believed.iter().copied().collect();
        let found = node_resources(&group, NodeKind::Worker, &believed);
        found.iter().map(|(name, it)| (name.to_string(), it)).collect()
    }

    fn amounts(of: &[(&str, f64)]) -> Vec<(String, f64)> {
        of.iter().map(|(name, it)| ((*name).to_owned(), *it)).collect()
    }

    #[test]
    fn a_slice_of_a_gpu_is_a_gpu_once_it_runs() {
        // `IsGPUResourceKey` takes it for one, `_get_num_gpus` does not.
        let limits = [("cpu", "4"), ("nvidia.com/mig-1g.5gb", "2")];
        let whole = amounts(&[("CPU", 4.0), ("GPU", 2.0)]);
        assert_eq!(has(&limits, |_| (), &[("CPU", 4.0)]), whole);
        // `addWellKnownAcceleratorResources` leaves alone what is said.
        let said = |group: &mut GroupSpec| {
            group.ray_start_params = vec![("num-gpus".to_owned(), "1".to_owned())];
        };
        let one = amounts(&[("CPU", 4.0), ("GPU", 1.0)]);
        assert_eq!(has(&limits, said, &[("CPU", 4.0), ("GPU", 1.0)]), one);
    }

    #[test]
    fn neuron_cores_are_told_by_the_operator_alone() {
        let limits = [("cpu", "4"), ("aws.amazon.com/neuroncore", "2")];
        let both = amounts(&[("CPU", 4.0), ("neuron_cores", 2.0)]);
        assert_eq!(has(&limits, |_| (), &[("CPU", 4.0)]), both);
    }

    #[test]
    fn names_of_the_group_s_own_resources_are_read_in_any_case() {
        // `updateRayStartParamsResources` makes a flag of it, the autoscaler a custom resource.
        let own = |group: &mut GroupSpec| {
            group.resources = [("CPU", "2"), ("gpu", "1"), ("special", "3")]
                .map(|(name, it)| (name.to_owned(), it.to_owned()))
                .to_vec();
        };
        let believed = [("CPU", 2.0), ("gpu", 1.0), ("special", 3.0)];
        let found = amounts(&[("CPU", 2.0), ("special", 3.0), ("GPU", 1.0)]);
        assert_eq!(has(&[("cpu", "4")], own, &believed), found);
    }

    #[test]
    fn of_a_plain_group_the_flags_say_what_is_believed() {
        let pairs = |text: &str| -> Vec<(String, String)> {
            let pairs = text.split_whitespace().filter_map(|it| it.split_once('='));
            pairs.map(|(name, it)| (name.to_owned(), it.to_owned())).collect()
        };
        for (limits, requests, params) in [
            ("cpu=1 memory=4Gi", "", ""),
            ("cpu=500m memory=1500Mi", "cpu=100m memory=1Gi", ""),
            ("cpu=2500m memory=5e9", "", "num-cpus=0"),
            ("memory=8Gi", "cpu=1200m", ""),
            ("", "cpu=3 memory=2Gi", ""),
            ("cpu=4 memory=16Gi nvidia.com/gpu=2", "cpu=2", "num-cpus=7"),
            ("cpu=4 nvidia.com/gpu=0 ephemeral-storage=1Gi", "", "dashboard-host=0.0.0.0"),
            ("cpu=8", "nvidia.com/gpu=1", ""),
        ] {
            let spec = GroupSpec {
                limits: pairs(limits),
                requests: pairs(requests),
                ray_start_params: pairs(params),
                ..GroupSpec::default()
            };
            assert!(is_plain(&spec), "{limits} {requests} {params}");
            let (min_replicas, max_replicas) = (Some(0), Some(1));
            let worker = WorkerGroup {
                name: "w".to_owned(),
                min_replicas,
                max_replicas,
                spec: spec.clone(),
                ..WorkerGroup::default()
            };
            let cluster = ClusterSpec {
                head: spec.clone(),
                worker_groups: vec![worker],
                ..ClusterSpec::default()
            };
            let config = derive(&cluster).unwrap();
            for (node_type, kind) in
                config.node_types.iter().zip([NodeKind::Head, NodeKind::Worker])
            {
                let believed = &node_type.resources;
                assert_eq!(
                    &flagged(&spec, kind, believed),
                    believed,
                    "{limits} {requests} {params}"
                );
            }
        }
    }

    #[test]
    fn what_no_flag_says_is_as_believed() {
        // `generateRayStartCommand` reads memory from limits alone.
        let believed = [("CPU", 1.0), ("memory", 5e9), ("TPU", 4.0), ("TPU-v4-16-head", 1.0)];
        let limits = [("cpu", "1"), ("google.com/tpu", "4")];
        assert_eq!(has(&limits, |_| (), &believed), amounts(&believed));
    }
}
