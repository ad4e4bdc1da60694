//! How many pods the groups should have, and what they ask for in all, as the status shows it.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/utils/util.go
//! `GetWorkerGroupDesiredReplicas`, `CalculateDesiredReplicas`, `CalculateMinReplicas`,
//! `CalculateMaxReplicas`, `CalculateDesiredResources`, `CalculateMinResources`.

use std::collections::BTreeMap;

use crate::quantity::Quantity;
use crate::ray::config::StringMap;
use crate::ray::observation::GroupSeen;

/// What a pod asks for: thousandths by resource.
pub type PodAmounts = BTreeMap<String, i128>;

/// What a pod of `containers` (requests, then limits) asks for: a limit stands in for a request.
///
/// Upstream: kuberay 1.7 ray-operator/controllers/ray/utils/util.go `CalculatePodResource`.
pub fn pod_amounts<'a>(
    containers: impl IntoIterator<Item = (&'a StringMap, &'a StringMap)>,
) -> PodAmounts {
    let mut amounts = PodAmounts::new();
    for (requests, limits) in containers {
        let is_requested = |name: &String| requests.iter().any(|(it, _)| it == name);
        let stand_in = limits.iter().filter(|(name, _)| !is_requested(name));
        for (name, text) in requests.iter().chain(stand_in) {
            let Ok(quantity) = Quantity::parse(text) else { continue };
            *amounts.entry(name.clone()).or_default() += i128::from(quantity.milli_value());
        }
    }
    amounts
}

/// A worker group and what one of its pods asks for.
#[derive(Clone, Copy, Debug)]
pub struct GroupSize<'a> {
    /// The group.
    pub seen: &'a GroupSeen,
    /// `suspend`.
    pub suspend: bool,
    /// Requests of its containers, or limits where there is no request.
    pub pod: &'a PodAmounts,
}

/// `replicas` held between the minimum and the maximum, times the hosts, in upstream's 32 bits. The
/// RayCluster itself is not rewritten.
pub fn desired_pods(group: &GroupSeen) -> i64 {
    let least = group.min_replicas;
    let replicas = match group.replicas {
        Some(replicas) if replicas >= least => match group.max_replicas {
            Some(most) if replicas > most => most,
            _ => replicas,
        },
        _ => least,
    };
    times(replicas, group.num_of_hosts)
}

/// Pods that the groups should have, in all.
pub fn all_desired_pods(groups: &[GroupSize<'_>]) -> i64 {
    sum(groups, desired_pods)
}

/// Pods at the least, in all.
pub fn least_pods(groups: &[GroupSize<'_>]) -> i64 {
    sum(groups, |it| times(it.min_replicas, it.num_of_hosts))
}

/// Pods at the most, in all; the only sum that stops at the largest number.
pub fn most_pods(groups: &[GroupSize<'_>]) -> i64 {
    let most = |it: &GroupSize<'_>| {
        let most = it.seen.max_replicas.unwrap_or(i64::from(i32::MAX));
        most.saturating_mul(it.seen.num_of_hosts)
    };
    let sum = active(groups).map(most).fold(0_i64, i64::saturating_add);
    sum.clamp(i64::from(i32::MIN), i64::from(i32::MAX))
}

/// What head and workers ask for with `replicas` as written: neither bound counts here.
pub fn desired_amounts(head: &PodAmounts, groups: &[GroupSize<'_>]) -> PodAmounts {
    amounts(head, groups, |it| it.replicas.unwrap_or(0))
}

/// What head and workers ask for at the least.
pub fn least_amounts(head: &PodAmounts, groups: &[GroupSize<'_>]) -> PodAmounts {
    amounts(head, groups, |it| it.min_replicas)
}

fn active<'a>(groups: &'a [GroupSize<'a>]) -> impl Iterator<Item = &'a GroupSize<'a>> {
    groups.iter().filter(|it| !it.suspend)
}

/// Upstream multiplies and adds 32-bit numbers, which wrap.
fn times(replicas: i64, hosts: i64) -> i64 {
    i64::from((replicas as i32).wrapping_mul(hosts as i32))
}

fn sum(groups: &[GroupSize<'_>], pods: impl Fn(&GroupSeen) -> i64) -> i64 {
    let add = |sum: i32, it: &GroupSize<'_>| sum.wrapping_add(pods(it.seen) as i32);
    i64::from(active(groups).fold(0, add))
}

fn amounts(
    head: &PodAmounts,
    groups: &[GroupSize<'_>],
    replicas: impl Fn(&GroupSeen) -> i64,
) -> PodAmounts {
    let mut sum = head.clone();
    for group in active(groups) {
        let pods = i128::from(replicas(group.seen)) * i128::from(group.seen.num_of_hosts);
        for (name, amount) in group.pod {
            let whole = sum.entry(name.clone()).or_default();
            *whole = whole.saturating_add(amount.saturating_mul(pods));
        }
    }
    sum
}
