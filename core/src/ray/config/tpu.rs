//! The resource that marks the first host of a TPU slice.
//!
//! Upstream gives it to every host of the group in its plans, although only the first will have it.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/kuberay/utils.py `tpu_node_selectors_to_type`,
//! _private/accelerators/tpu.py `get_num_chips_from_topology`.

use super::cluster::{GroupSpec, value_of};
use super::error::ConfigError;
use super::whole::Whole;

/// `TPU-<generation>-<cores>-head`, if GKE's two node selectors name a TPU that Ray knows.
pub(super) fn head_resource(group: &GroupSpec) -> Result<Option<String>, ConfigError> {
    let selector = |key| value_of(&group.node_selector, key).filter(|value| !value.is_empty());
    let topology = selector("cloud.google.com/gke-tpu-topology");
    let accelerator = selector("cloud.google.com/gke-tpu-accelerator");
    let (Some(topology), Some(accelerator)) = (topology, accelerator) else { return Ok(None) };
    let Some((generation, cores_per_chip)) = generation(accelerator) else { return Ok(None) };
    let mut cores: i128 = cores_per_chip;
    for side in topology.trim().to_ascii_lowercase().split('x') {
        let not_a_number = || ConfigError::NotAnInteger(side.to_owned());
        let side = Whole::parse(side).ok_or_else(not_a_number)?;
        cores = cores.saturating_mul(side.to_f64() as i128);
    }
    Ok(Some(format!("TPU-{generation}-{cores}-head")))
}

fn generation(accelerator: &str) -> Option<(&'static str, i128)> {
    Some(match accelerator {
        "tpu-v4-podslice" => ("v4", 2),
        "tpu-v5-lite-device" | "tpu-v5-lite-podslice" => ("v5litepod", 1),
        "tpu-v5p-slice" => ("v5p", 2),
        "tpu-v6e-slice" => ("v6e", 1),
        "tpu7x" => ("v7x", 2),
        _ => return None,
    })
}
