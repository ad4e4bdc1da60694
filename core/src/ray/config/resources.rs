//! What one node of a group will have, in Ray's terms.
//!
//! For CPU and memory the first source that says something counts: the group's own `resources`, the
//! start parameter, the first container's limit, its request. GPUs come from any resource whose
//! name ends in `gpu`; custom resources from the group's `resources` alone if there are any, else
//! from the start parameter.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/kuberay/autoscaling_config.py
//! `_get_ray_resources_from_group_spec`.

use super::cluster::{GroupSpec, value_of};
use super::error::ConfigError;
use super::quantity::round_up;
use super::start_params::custom_resources;
use super::tpu;
use super::whole::Whole;

/// Name and amount, in the order in which upstream finds them.
pub(super) type Amounts = Vec<(String, Whole)>;

/// The Ray resources of one node of `group`.
pub(super) fn of_group(name: &str, group: &GroupSpec) -> Result<Amounts, ConfigError> {
    let cpu = cpu(name, group)?;
    let gpu = gpu(group)?;
    let custom = custom(group)?;
    let tpu = tpu(group, &custom)?;
    let memory = quantity_of(group, "memory", "memory", "memory")?;

    let mut amounts = vec![("CPU".to_owned(), cpu)];
    amounts.extend(gpu.map(|gpu| ("GPU".to_owned(), gpu)));
    if let Some(tpu) = tpu {
        if !custom.iter().any(|(name, _)| name == "TPU") {
            amounts.push(("TPU".to_owned(), tpu));
        }
        amounts.extend(tpu::head_resource(group)?.map(|head| (head, Whole::new(false, "1"))));
    }
    amounts.extend(memory.map(|memory| ("memory".to_owned(), memory)));
    for (name, amount) in custom {
        match amounts.iter_mut().find(|(old, _)| *old == name) {
            Some((_, old)) => *old = amount,
            None => amounts.push((name, amount)),
        }
    }
    Ok(amounts)
}

fn cpu(name: &str, group: &GroupSpec) -> Result<Whole, ConfigError> {
    quantity_of(group, "CPU", "num-cpus", "cpu")?
        .ok_or_else(|| ConfigError::NoCpu { group: name.to_owned() })
}

fn quantity_of(
    group: &GroupSpec,
    resource: &str,
    start_param: &str,
    container: &str,
) -> Result<Option<Whole>, ConfigError> {
    if let Some(quantity) = value_of(&group.resources, resource) {
        return round_up(quantity).map(Some);
    }
    if let Some(text) = value_of(&group.ray_start_params, start_param) {
        return integer(text).map(Some);
    }
    let quantity =
        value_of(&group.limits, container).or_else(|| value_of(&group.requests, container));
    quantity.map(round_up).transpose()
}

pub(super) fn integer(text: &str) -> Result<Whole, ConfigError> {
    Whole::parse(text).ok_or_else(|| ConfigError::NotAnInteger(text.to_owned()))
}

fn gpu(group: &GroupSpec) -> Result<Option<Whole>, ConfigError> {
    if let Some(quantity) = value_of(&group.resources, "GPU") {
        return round_up(quantity).map(Some);
    }
    if let Some(text) = value_of(&group.ray_start_params, "num-gpus") {
        return integer(text).map(Some);
    }
    for (name, quantity) in group.limits.iter().chain(&group.requests) {
        if name.ends_with("gpu") {
            let gpus = round_up(quantity)?;
            if gpus.is_positive() {
                return Ok(Some(gpus));
            }
        }
    }
    Ok(None)
}

fn custom(group: &GroupSpec) -> Result<Amounts, ConfigError> {
    if group.resources.is_empty() {
        let text = value_of(&group.ray_start_params, "resources");
        return text.map_or(Ok(Vec::new()), custom_resources);
    }
    let standard = ["CPU", "GPU", "TPU", "memory"];
    group
        .resources
        .iter()
        .filter(|(name, _)| !standard.contains(&name.as_str()))
        .map(|(name, quantity)| Ok((name.clone(), round_up(quantity)?)))
        .collect()
}

fn tpu(group: &GroupSpec, custom: &Amounts) -> Result<Option<Whole>, ConfigError> {
    if let Some(quantity) = value_of(&group.resources, "TPU") {
        return round_up(quantity).map(Some);
    }
    if let Some((_, amount)) = custom.iter().find(|(name, _)| name == "TPU") {
        return Ok(Some(amount.clone()));
    }
    for map in [&group.limits, &group.requests] {
        if let Some(quantity) = value_of(map, "google.com/tpu") {
            let tpus = round_up(quantity)?;
            if tpus.is_positive() {
                return Ok(Some(tpus));
            }
        }
    }
    Ok(None)
}
