//! Names and versions that the core knows.

use anyhow::{Result, bail};
use tidetable_core::upstream;

/// The answer to `{{#compute name}}`.
pub(super) fn value(name: &str) -> Result<&'static str> {
    Ok(match name {
        "kubernetes.version" => upstream::KUBERNETES,
        "ray.version" => upstream::RAY,
        "kuberay.version" => upstream::KUBERAY,
        "keda.version" => upstream::KEDA,
        _ => bail!(
            "nothing computes `{name}`: there are kubernetes.version, ray.version, \
             kuberay.version and keda.version"
        ),
    })
}
