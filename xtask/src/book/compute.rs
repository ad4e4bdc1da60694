//! The book's numbers, answered by the core.

use anyhow::{Result, anyhow, bail};
use tidetable_core::{
    hpa::{Settings, Tolerances, propose_at_utilization},
    upstream,
};

use super::directive::Arguments;

/// The utilizations that are looked through for an edge, in percent.
const MOST_UTILIZATION: i32 = 1000;

/// The answer to `{{#compute name …}}`.
pub(super) fn value(name: &str, arguments: &Arguments) -> Result<String> {
    let number = match name {
        "kubernetes.version" => return Ok(upstream::KUBERNETES.to_owned()),
        "tolerance.lower" => band(arguments.number("target")?)?.0,
        "tolerance.upper" => band(arguments.number("target")?)?.1,
        "tolerance.replicas" => replicas(
            arguments.number("current")?,
            arguments.number("usage")?,
            arguments.number("target")?,
        )?,
        "tolerance.down_at" => down_at(arguments.number("current")?, arguments.number("target")?)?,
        _ => bail!(
            "nothing computes `{name}`: use kubernetes.version, tolerance.lower, tolerance.upper, \
             tolerance.replicas or tolerance.down_at, or add it to xtask/src/book/compute.rs"
        ),
    };
    Ok(number.to_string())
}

/// What `current` replicas at `usage` percent become.
pub(super) fn replicas(current: i32, usage: i32, target: i32) -> Result<i32> {
    let (proposal, _) = propose_at_utilization(current, usage, target)
        .map_err(|error| anyhow!("the HPA gives no count: {error:?}"))?;
    Ok(proposal.replicas)
}

/// The lowest and the highest whole utilization at which nothing changes.
pub(super) fn band(target: i32) -> Result<(i32, i32)> {
    let tolerance = Settings::default().tolerance;
    let tolerances = Tolerances { scale_down: tolerance, scale_up: tolerance, is_interval: true };
    let within = |usage: &i32| tolerances.is_within(f64::from(*usage) / f64::from(target));
    match ((0..=MOST_UTILIZATION).find(within), (0..=MOST_UTILIZATION).rfind(within)) {
        (Some(lower), Some(upper)) => Ok((lower, upper)),
        _ => bail!("a target of {target} % has no tolerance band: use 1 to 900"),
    }
}

/// The highest whole utilization at which `current` replicas become fewer.
fn down_at(current: i32, target: i32) -> Result<i32> {
    for usage in (0..target).rev() {
        if replicas(current, usage, target)? < current {
            return Ok(usage);
        }
    }
    bail!("{current} replicas never become fewer at a target of {target} %")
}
