//! What the operator makes of a pod template: the containers that it adds, whether the pod's
//! containers may restart, and the flags of `ray start`.
//!
//! The flags are what a Ray node will say it has, and so what work is placed by; the autoscaler
//! plans with its own reading of the same fields ([`config`](crate::ray::config)), which can differ.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/common/pod.go `DefaultHeadPodTemplate`,
//! `DefaultWorkerPodTemplate`, `BuildAutoscalerContainer`, `generateRayStartCommand`,
//! `updateRayStartParamsResources`, `addWellKnownAcceleratorResources`.

use std::collections::{BTreeMap, BTreeSet};

use crate::quantity::Quantity;
use crate::ray::config::GroupSpec;
use crate::ray::observation::NodeKind;

/// A container that the operator adds; its limits are its requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddedContainer {
    /// Its name.
    pub name: &'static str,
    /// CPU.
    pub cpu: &'static str,
    /// Memory.
    pub memory: &'static str,
}

/// Ray's autoscaler, beside Ray in the head's pod.
pub const AUTOSCALER: AddedContainer =
    AddedContainer { name: "autoscaler", cpu: "500m", memory: "512Mi" };

/// The init container in which a worker waits for the head.
pub const WAIT_FOR_HEAD: AddedContainer =
    AddedContainer { name: "wait-gcs-ready", cpu: "200m", memory: "256Mi" };

/// Kubernetes' names of accelerators that have a custom resource of Ray's.
const ACCELERATORS: [(&str, &str); 2] =
    [("aws.amazon.com/neuroncore", "neuron_cores"), ("google.com/tpu", "TPU")];

/// Whether a pod's containers may restart: as the template says, but never with autoscaler v2.
pub fn restart_policy(written: Option<&str>, v2: bool) -> Option<&str> {
    if v2 { Some("Never") } else { written }
}

/// The flags of `ray start`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StartParams {
    /// By name, without `--address` and `--resources`.
    pub flags: BTreeMap<String, String>,
    /// `--resources`: names and amounts, or the text if that is no JSON object of numbers.
    pub resources: Option<Result<BTreeMap<String, f64>, String>>,
}

/// The flags that a node of `group` is started with.
///
/// ```
/// use tidetable_core::ray::{NodeKind, config::GroupSpec, operator::build::start_params};
/// let group = GroupSpec {
///     limits: vec![("cpu".into(), "1500m".into())],
///     requests: vec![("memory".into(), "4Gi".into())],
///     ..GroupSpec::default()
/// };
/// let params = start_params(&group, NodeKind::Worker, true);
/// assert_eq!(params.flags["num-cpus"], "2");
/// assert!(!params.flags.contains_key("memory")); // from limits alone
/// ```
pub fn start_params(group: &GroupSpec, kind: NodeKind, autoscaling: bool) -> StartParams {
    let mut params =
        StartParams { flags: group.ray_start_params.iter().cloned().collect(), resources: None };
    let written = params.flags.remove("resources");
    params.resources = written.map(|text| numbers(&text).ok_or(text));
    from_resources(group, &mut params);
    from_labels(group, &mut params.flags);
    always(&mut params.flags, kind, autoscaling);
    from_container(group, &mut params);
    params
}

/// The group's own `resources` go over `rayStartParams`.
fn from_resources(group: &GroupSpec, params: &mut StartParams) {
    let mut custom = BTreeMap::new();
    for (name, text) in &group.resources {
        let Ok(quantity) = Quantity::parse(text) else { continue };
        let lower = name.to_lowercase();
        let flag = match lower.as_str() {
            "cpu" => "num-cpus",
            "memory" => "memory",
            name if is_gpu(name) => "num-gpus",
            _ => {
                custom.insert(name.clone(), quantity.as_approximate_f64());
                continue;
            }
        };
        params.flags.insert(flag.to_owned(), quantity.value().to_string());
    }
    if !custom.is_empty() {
        params.resources = Some(Ok(custom));
    }
}

fn from_labels(group: &GroupSpec, flags: &mut BTreeMap<String, String>) {
    let labels: BTreeMap<_, _> = group.labels.iter().map(|(key, value)| (key, value)).collect();
    if !labels.is_empty() {
        let pairs: Vec<String> =
            labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        flags.insert("labels".to_owned(), pairs.join(","));
    }
}

/// Upstream: `setMissingRayStartParams`.
fn always(flags: &mut BTreeMap<String, String>, kind: NodeKind, autoscaling: bool) {
    let mut default = |name: &str, value: &str| {
        flags.entry(name.to_owned()).or_insert_with(|| value.to_owned());
    };
    if kind == NodeKind::Head {
        default("dashboard-host", "0.0.0.0");
    }
    default("metrics-export-port", "8080");
    default("dashboard-agent-listen-port", "52365");
    flags.insert("block".to_owned(), "true".to_owned());
    if kind == NodeKind::Head && autoscaling {
        // Only the container beside it scales.
        flags.insert("no-monitor".to_owned(), "true".to_owned());
    }
}

/// What is still not said is read off Ray's container: CPU from limits or requests, the rest from
/// limits alone.
fn from_container(group: &GroupSpec, params: &mut StartParams) {
    let amount = |list: &[(String, String)], name: &str| {
        let (_, text) = list.iter().find(|(it, _)| it == name)?;
        Quantity::parse(text).ok().filter(|it| it.signum() != 0)
    };
    let cpu = || amount(&group.limits, "cpu").or_else(|| amount(&group.requests, "cpu"));
    let mut missing = |flag: &str, of: &dyn Fn() -> Option<Quantity>| {
        if !params.flags.contains_key(flag)
            && let Some(quantity) = of()
        {
            params.flags.insert(flag.to_owned(), quantity.value().to_string());
        }
    };
    missing("num-cpus", &cpu);
    missing("memory", &|| amount(&group.limits, "memory"));
    // Resources that can't be read keep the accelerators away as well.
    let read = params.resources.clone().unwrap_or_else(|| Ok(BTreeMap::new()));
    let (false, Ok(mut custom)) = (group.limits.is_empty(), read) else { return };
    let limits: BTreeSet<&String> = group.limits.iter().map(|(name, _)| name).collect();
    missing("num-gpus", &|| {
        limits.iter().filter(|it| is_gpu(it)).find_map(|it| amount(&group.limits, it))
    });
    if ACCELERATORS.iter().any(|(_, name)| custom.contains_key(*name)) {
        return;
    }
    let first = limits.iter().find_map(|limit| {
        let (_, name) = ACCELERATORS.iter().find(|(it, _)| it == *limit)?;
        Some((*name, amount(&group.limits, limit)?))
    });
    if let Some((name, quantity)) = first {
        custom.insert(name.to_owned(), quantity.as_approximate_f64());
        params.resources = Some(Ok(custom));
    }
}

/// `nvidia.com/gpu`, `amd.com/gpu`, `nvidia.com/mig-1g.10gb`.
///
/// Upstream: kuberay 1.7 ray-operator/controllers/ray/utils/resources.go `IsGPUResourceKey`.
fn is_gpu(name: &str) -> bool {
    let slice = |rest: &str| {
        let (slices, memory) = rest.strip_suffix("gb")?.split_once("g.")?;
        let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        Some(is_number(slices) && is_number(memory))
    };
    let mut migs = name.match_indices("nvidia.com/mig-").map(|(at, it)| &name[at + it.len()..]);
    name.ends_with("gpu") || migs.any(|rest| slice(rest) == Some(true))
}

/// `'{"a": 1}'` as Go reads it after quotes and spaces around it are gone.
///
/// Upstream: `getResourcesMap`.
fn numbers(text: &str) -> Option<BTreeMap<String, f64>> {
    let text = text.trim_matches(['\'', '"', '`', ' ']);
    let inner = text.strip_prefix('{')?.strip_suffix('}')?.trim();
    let mut numbers = BTreeMap::new();
    if inner.is_empty() {
        return Some(numbers);
    }
    for member in inner.split(',') {
        let (name, value) = member.split_once(':')?;
        let name = name.trim().strip_prefix('"')?.strip_suffix('"')?;
        let value = value.trim();
        if name.contains(['"', '\\'])
            || !value.starts_with(|it: char| it == '-' || it.is_ascii_digit())
        {
            return None;
        }
        numbers.insert(name.to_owned(), value.parse().ok()?);
    }
    Some(numbers)
}
