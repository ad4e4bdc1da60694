//! The derivation as a whole: types, limits, and the checks at its end.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/kuberay/autoscaling_config.py
//! `_derive_autoscaling_config_from_ray_cr`, autoscaler/_private/util.py `validate_config`,
//! autoscaler/v2/instance_manager/config.py `NodeTypeConfig`.

use std::sync::Arc;

use super::cluster::{AutoscalerOptions, ClusterSpec, GroupSpec, WorkerGroup};
use super::error::ConfigError;
use super::resources::{self, Amounts};
use super::{AutoscalingConfig, HEAD_GROUP, NodeType, Timeouts, labels, resize};

/// A type and the amounts its resources were read as.
struct Derived {
    node_type: NodeType,
    amounts: Amounts,
}

/// Reads node types and limits off a RayCluster.
///
/// A group that repeats an earlier one's name replaces it, and one called `headgroup` replaces the
/// head. `replicas` and `suspend` do not matter here.
///
/// # Errors
/// Where upstream's derivation fails. Its autoscaler then skips the whole look, and the next, for
/// as long as the RayCluster stays so.
///
/// ```
/// use tidetable_core::ray::config::{ClusterSpec, GroupSpec, WorkerGroup, derive};
/// let cpu = |cpu: &str| GroupSpec {
///     limits: vec![("cpu".to_owned(), cpu.to_owned())],
///     ..GroupSpec::default()
/// };
/// let group = WorkerGroup {
///     name: "w".to_owned(),
///     min_replicas: Some(0),
///     max_replicas: Some(10),
///     num_of_hosts: None,
///     spec: cpu("2500m"),
/// };
/// let config =
///     derive(&ClusterSpec { head: cpu("1"), worker_groups: vec![group], ..Default::default() })?;
/// assert_eq!(config.node_types[1].resources.get("CPU"), Some(3.0)); // rounded up
/// assert_eq!(config.max_nodes, 11); // with the head
/// # Ok::<(), tidetable_core::ray::config::ConfigError>(())
/// ```
pub fn derive(cluster: &ClusterSpec) -> Result<AutoscalingConfig, ConfigError> {
    let types = types(cluster)?;
    check(cluster, &types)?;
    let mut config = whole(cluster, types);
    for node_type in &config.node_types {
        if node_type.min_nodes > node_type.max_nodes || node_type.min_nodes < 0 {
            return Err(ConfigError::GroupBounds { group: node_type.name.to_string() });
        }
    }
    if let Some(annotation) = &cluster.resize {
        resize::set_limits(annotation, cluster, &mut config.node_types)?;
    }
    Ok(config)
}

/// As [`derive`], for v1, which lets a group's minimum exceed its maximum.
///
/// # Errors
/// Where upstream's derivation fails. v1 logs it and goes on with the configuration that it has; if
/// it only just starts, its process ends.
///
/// Upstream: ray 2.60.0 autoscaler/_private/autoscaler.py `StandardAutoscaler.reset`.
pub fn derive_v1(cluster: &ClusterSpec) -> Result<AutoscalingConfig, ConfigError> {
    let types = types(cluster)?;
    check(cluster, &types)?;
    Ok(whole(cluster, types))
}

fn types(cluster: &ClusterSpec) -> Result<Vec<Derived>, ConfigError> {
    let mut types = vec![node_type(HEAD_GROUP, (0, 0), &cluster.head)?];
    for group in &cluster.worker_groups {
        let derived = node_type(&group.name, bounds(group)?, &group.spec)?;
        match types.iter_mut().find(|old| old.node_type.name == derived.node_type.name) {
            Some(old) => *old = derived,
            None => types.push(derived),
        }
    }
    Ok(types)
}

fn total(types: &[Derived], of: fn(&NodeType) -> i64) -> i64 {
    types.iter().fold(0_i64, |sum, derived| sum.saturating_add(of(&derived.node_type)))
}

fn check(cluster: &ClusterSpec, types: &[Derived]) -> Result<(), ConfigError> {
    let max_workers = total(types, |it| it.max_nodes);
    check_schema(&cluster.options, max_workers, types)?;
    if total(types, |it| it.min_nodes) > max_workers {
        return Err(ConfigError::MinAboveMax);
    }
    Ok(())
}

fn whole(cluster: &ClusterSpec, types: Vec<Derived>) -> AutoscalingConfig {
    let max_workers = total(&types, |it| it.max_nodes);
    let mut node_types: Vec<NodeType> = types.into_iter().map(|it| it.node_type).collect();
    node_types[0].max_nodes = node_types[0].max_nodes.saturating_add(1);
    AutoscalingConfig {
        node_types,
        max_nodes: max_workers.saturating_add(1),
        // Upstream goes through minutes, and the detour shows in the last bit.
        idle_timeout_s: idle_timeout_minutes(&cluster.options) * 60.0,
        upscaling_speed: match cluster.options.upscaling_mode.as_deref() {
            Some("Conservative") => 1.0,
            _ => 1000.0,
        },
        max_concurrent_launches: 10,
        pending_idle_timeout_s: None,
        availability_recovery_s: 600.0,
        timeouts: Timeouts::default(),
    }
}

fn idle_timeout_minutes(options: &AutoscalerOptions) -> f64 {
    options.idle_timeout_seconds.map_or(1.0, |seconds| seconds as f64 / 60.0)
}

fn bounds(group: &WorkerGroup) -> Result<(i64, i64), ConfigError> {
    let hosts = group.num_of_hosts.unwrap_or(1);
    let min = group.min_replicas.ok_or(ConfigError::MissingField("minReplicas"))?;
    let max = group.max_replicas.ok_or(ConfigError::MissingField("maxReplicas"))?;
    Ok((min.saturating_mul(hosts), max.saturating_mul(hosts)))
}

fn node_type(name: &str, bounds: (i64, i64), spec: &GroupSpec) -> Result<Derived, ConfigError> {
    let amounts = resources::of_group(name, spec)?;
    let node_type = NodeType {
        name: Arc::from(name),
        min_nodes: bounds.0,
        max_nodes: bounds.1,
        resources: amounts.iter().map(|(name, amount)| (name, amount.to_f64())).collect(),
        labels: labels::labels(&spec.labels)?,
        idle_timeout_s: spec.idle_timeout_seconds.map(|seconds| seconds as f64),
        priority: spec.priority.unwrap_or(0),
        resize: None,
    };
    Ok(Derived { node_type, amounts })
}

/// No maximum, timeout or resource may be negative.
fn check_schema(
    options: &AutoscalerOptions,
    max_workers: i64,
    types: &[Derived],
) -> Result<(), ConfigError> {
    let below = |value: String| Err(ConfigError::BelowMinimum { value });
    if max_workers < 0 {
        return below(max_workers.to_string());
    }
    let idle = idle_timeout_minutes(options);
    if idle < 0.0 {
        return below(format!("{idle:?}"));
    }
    let amounts = types.iter().flat_map(|derived| {
        derived.amounts.iter().map(|(name, amount)| (&derived.node_type.name, name, amount))
    });
    // Of several violations the schema's checker reports the one with the last path.
    let last = amounts
        .filter(|(.., amount)| amount.is_negative())
        .max_by(|first, second| (first.0, first.1).cmp(&(second.0, second.1)));
    last.map_or(Ok(()), |(.., amount)| below(amount.to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::StringMap;
    use super::*;

    /// `key=value` pairs, separated by spaces.
    fn map(text: &str) -> StringMap {
        text.split_whitespace()
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.replace('~', " ")))
            .collect()
    }

    /// Group `w`, 0 to 10 replicas, with these limits.
    fn group(limits: &str) -> WorkerGroup {
        let spec = GroupSpec { limits: map(limits), ..GroupSpec::default() };
        WorkerGroup {
            name: "w".to_owned(),
            min_replicas: Some(0),
            max_replicas: Some(10),
            num_of_hosts: None,
            spec,
        }
    }

    fn cluster(worker_groups: Vec<WorkerGroup>) -> ClusterSpec {
        let head = GroupSpec { limits: map("cpu=1 memory=2Gi"), ..GroupSpec::default() };
        ClusterSpec { head, worker_groups, ..ClusterSpec::default() }
    }

    fn print(node_type: &NodeType) -> String {
        let amounts: Vec<_> =
            node_type.resources.iter().map(|(name, amount)| format!("{name}:{amount}")).collect();
        amounts.join(" ")
    }

    #[track_caller]
    fn check(group: WorkerGroup, expected: &str) {
        let printed = match derive(&cluster(vec![group])) {
            Ok(config) => print(config.node_types.last().unwrap()),
            Err(error) => error.to_string().lines().next().unwrap_or_default().to_owned(),
        };
        assert_eq!(printed, expected);
    }

    #[test]
    fn limits_come_before_requests_and_round_up() {
        check(group("cpu=500m memory=1.5Gi"), "CPU:1 memory:1610612736"); // C1
        check(group("cpu=2500m"), "CPU:3"); // C2
        let mut requests_only = group("");
        requests_only.spec.requests = map("cpu=300m memory=1Gi");
        check(requests_only, "CPU:1 memory:1073741824"); // C3
        let mut both = group("cpu=4");
        both.spec.requests = map("cpu=1 memory=3Gi");
        check(both, "CPU:4 memory:3221225472"); // C4
        check(group("cpu=1 memory=1E"), "CPU:1 memory:1000000000000000000"); // C30
        check(group("cpu=1 memory=1ki"), "ValueError: 1ki has unknown suffix"); // C30
        let below = "ValidationError: -2 is less than the minimum of 0";
        check(group("cpu=-1500m"), below); // C29
        check(group("cpu=-1 memory=-1500m"), below);
    }

    #[test]
    fn a_start_parameter_replaces_what_the_container_says() {
        let none = "ValueError: Autoscaler failed to detect `CPU` resources for group w.";
        check(group("memory=1Gi"), none); // C5
        let with = |limits: &str, params: &str| {
            let mut group = group(limits);
            group.spec.ray_start_params = map(params);
            group
        };
        check(with("memory=1Gi", "num-cpus=0"), "CPU:0 memory:1073741824"); // C6
        let not_int = "ValueError: invalid literal for int() with base 10: '1.5'";
        check(with("cpu=1", "num-cpus=1.5"), not_int); // C7
        let not_int = "ValueError: invalid literal for int() with base 10: '2Gi'";
        check(with("cpu=1", "memory=2Gi"), not_int); // C8
        check(with("cpu=1", "resources='{\"Custom1\":~1.5}'"), "AssertionError"); // C14
        check(with("cpu=1", "resources={\"Custom1\":~1}"), "JSONDecodeError"); // C15
        check(with("cpu=1", "resources='{\"CPU\":~7}'"), "CPU:7"); // C16
    }

    #[test]
    fn the_first_gpu_of_the_container_counts() {
        let mut amd = group("cpu=1 nvidia.com/gpu=0");
        amd.spec.requests = map("amd.com/gpu=3");
        check(amd, "CPU:1 GPU:3"); // C9
        check(group("cpu=1 nvidia.com/mig-1g.5gb=2"), "CPU:1"); // C10
        check(group("cpu=1 amd.com/gpu=1 nvidia.com/gpu=4"), "CPU:1 GPU:1"); // C11
    }

    #[test]
    fn a_tpu_group_gains_its_head_resource() {
        let tpu = |topology: &str, accelerator: &str| {
            let mut group = group("cpu=1 google.com/tpu=4");
            group.spec.node_selector = map(&format!(
                "cloud.google.com/gke-tpu-topology={topology} \
                 cloud.google.com/gke-tpu-accelerator={accelerator}"
            ));
            group.num_of_hosts = Some(2);
            group.min_replicas = Some(1);
            group.max_replicas = Some(3);
            group
        };
        let v4 = tpu("2x2x2", "tpu-v4-podslice");
        check(v4.clone(), "CPU:1 TPU:4 TPU-v4-16-head:1"); // C12
        let config = derive(&cluster(vec![v4])).unwrap();
        let w = &config.node_types[1];
        assert_eq!((w.min_nodes, w.max_nodes, config.max_nodes), (2, 6, 7)); // C12
        check(tpu("2x4", "tpu-v5-lite-podslice"), "CPU:1 TPU:4 TPU-v5litepod-8-head:1"); // C13
        check(tpu("2x4", "tpu-v9"), "CPU:1 TPU:4");
    }

    #[test]
    fn the_groups_own_resources_come_first_and_exclude_other_custom_ones() {
        let with = |resources: &str| {
            let mut group = group("cpu=1");
            group.spec.resources = map(resources);
            group
        };
        let all = with("CPU=3500m memory=3Gi GPU=500m custom=1500m");
        check(all, "CPU:4 GPU:1 memory:3221225472 custom:2"); // C17
        check(with("cpu=3"), "CPU:1 cpu:3"); // C18
        let mut both = with("a=2");
        both.spec.ray_start_params = map("resources='{\"b\":~1}'");
        check(both, "CPU:1 a:2"); // C19
    }

    #[test]
    fn limits_and_timeouts_of_the_whole_cluster() {
        let mut spec = cluster(vec![group("cpu=1")]);
        spec.options = AutoscalerOptions {
            upscaling_mode: Some("Conservative".to_owned()),
            idle_timeout_seconds: Some(90),
        };
        spec.worker_groups[0].spec.idle_timeout_seconds = Some(0);
        spec.worker_groups[0].spec.priority = Some(3);
        let config = derive(&spec).unwrap(); // C20
        assert_eq!((config.idle_timeout_s, config.upscaling_speed), (90.0, 1.0));
        assert_eq!(config.node_types[1].idle_timeout_s, Some(0.0));
        assert_eq!(config.node_types[1].priority, 3);
        spec.options.upscaling_mode = Some("Wat".to_owned());
        assert_eq!(derive(&spec).unwrap().upscaling_speed, 1000.0); // C21
        spec.worker_groups[0].max_replicas = Some(2_147_483_647);
        assert_eq!(derive(&spec).unwrap().max_nodes, 2_147_483_648); // C25
        spec.worker_groups[0].num_of_hosts = Some(0);
        let none = derive(&spec).unwrap(); // C28
        assert_eq!((none.node_types[1].min_nodes, none.node_types[1].max_nodes), (0, 0));
        spec.worker_groups[0].max_replicas = None;
        assert_eq!(derive(&spec), Err(ConfigError::MissingField("maxReplicas")));
    }

    #[test]
    fn minimums_must_not_exceed_maximums() {
        let bounded = |name: &str, min: i64, max: i64| {
            let (min_replicas, max_replicas) = (Some(min), Some(max));
            WorkerGroup { name: name.to_owned(), min_replicas, max_replicas, ..group("cpu=1") }
        };
        let alone = derive(&cluster(vec![bounded("a", 5, 2)]));
        assert_eq!(alone, Err(ConfigError::MinAboveMax)); // C23
        let hidden = derive(&cluster(vec![bounded("a", 5, 2), bounded("b", 0, 9)]));
        assert_eq!(hidden, Err(ConfigError::GroupBounds { group: "a".to_owned() })); // C24
    }

    #[test]
    fn a_repeated_name_replaces_the_earlier_group() {
        let named = |name: &str, max: i64, cpu: &str| {
            let max_replicas = Some(max);
            WorkerGroup { name: name.to_owned(), max_replicas, ..group(cpu) }
        };
        let twice = vec![named("a", 1, "cpu=1"), named("a", 5, "cpu=2")];
        let config = derive(&cluster(twice)).unwrap(); // C26
        assert_eq!(config.node_types.len(), 2);
        assert_eq!(
            (print(&config.node_types[1]).as_str(), config.node_types[1].max_nodes),
            ("CPU:2", 5)
        );
        let config = derive(&cluster(vec![named("headgroup", 5, "cpu=2")])).unwrap(); // C27
        assert_eq!(
            (print(&config.node_types[0]).as_str(), config.node_types[0].max_nodes),
            ("CPU:2", 6)
        );
    }
}
