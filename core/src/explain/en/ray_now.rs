//! A Ray cluster at the moment.

use super::word;
use crate::explain::ray_now_phrase::{RayNowPhrase, WaitingKind};
use crate::explain::template::{code, plain, say, strong, value};
use crate::report::Message;

pub(in crate::explain) fn ray_now(phrase: &RayNowPhrase) -> Message {
    match *phrase {
        RayNowPhrase::PodsGo { from, to } => say!(
            "Asks for {} {} at the next look, {} now.",
            strong(to),
            word(to as f64, "worker pod", "worker pods"),
            plain(from),
        ),
        RayNowPhrase::PodsStay { count } => say!(
            "Stays at {} {} at the next look.",
            strong(count),
            word(count as f64, "worker pod", "worker pods"),
        ),
        RayNowPhrase::NodesDrain { count } => say!(
            "Drains {} {} at the next look, and deletes {} in the one after.",
            strong(count),
            word(count as f64, "node", "nodes"),
            word(count as f64, "its pod", "their pods"),
        ),
        RayNowPhrase::Stuck { ref reason } => {
            say!("Gives up each look with an error: {}.", strong(reason))
        }
        RayNowPhrase::NeedsCluster => say!(
            "Paste the manifest of this RayCluster as well, with {}: its groups decide what comes next.",
            code("enableInTreeAutoscaling: true"),
        ),
        RayNowPhrase::NeedsStatus => say!(
            "Paste what {} prints on its head: a manifest does not tell which nodes run and what \
             waits.",
            code("ray status -v"),
        ),
        RayNowPhrase::Waits { ref kind, ref shape } => {
            let kind = match kind {
                WaitingKind::Tasks => "Tasks or actors".to_owned(),
                WaitingKind::Groups { strategy } => format!("{strategy} placement groups"),
                WaitingKind::Requested => "request_resources".to_owned(),
            };
            say!("{} {}", plain(kind), code(shape))
        }
        RayNowPhrase::FromRayStatus => say!("Numbers are what {} printed.", code("ray status")),
        RayNowPhrase::ActiveIsFull => say!(
            "How full each active node is is not told: they count as full, for what waits found no \
             room there. {} tells.",
            code("ray status -v"),
        ),
        RayNowPhrase::JustIdle { timeout } => say!(
            "How long nodes have idled is not told: they count as having just begun, and none is \
             drained before {} s. {} tells.",
            value(timeout),
            code("ray status -v"),
        ),
        RayNowPhrase::HeadRuns => say!("The head is not told: it counts as running and full."),
        RayNowPhrase::PendingHasPods { count } => say!(
            "{} {} launched or pending: they count as pods that have not joined yet.",
            value(count),
            word(count as f64, "node is", "nodes are"),
        ),
        RayNowPhrase::RequestsOfMany => say!(
            "{} counts requests in autoscaler v2, and one may be for many nodes: each counts as one.",
            code("launching"),
        ),
        RayNowPhrase::GroupsAlike => say!(
            "Autoscaler v2 prints all placement groups of one strategy with the bundles of the last: \
             they count as alike.",
        ),
        RayNowPhrase::PlannedByV2 => {
            say!("The cluster runs autoscaler v1: what v2 would do is told here.")
        }
        _ => operator(phrase),
    }
}

/// What the status of a RayCluster tells, and what KubeRay does.
fn operator(phrase: &RayNowPhrase) -> Message {
    match phrase {
        RayNowPhrase::StatusCounts { desired, available, ready } => say!(
            "When the operator last wrote it, it wanted {} {}: {} ran, {} of them ready.",
            value(*desired),
            workers(*desired),
            value(*available),
            value(*ready),
        ),
        RayNowPhrase::ClusterState { state, reason } if reason.is_empty() => {
            say!("The cluster was {}.", code(state))
        }
        RayNowPhrase::ClusterState { state, reason } => {
            say!("The cluster was {}: {}.", code(state), plain(reason))
        }
        RayNowPhrase::OldGeneration { observed, own } => {
            say!("It is of generation {}, the spec of {}.", value(*observed), value(*own))
        }
        RayNowPhrase::AmountDiffers { field, told, own } => say!(
            "{} is {}, and the pods of the spec ask for {}.",
            code(*field),
            value(told),
            value(own),
        ),
        RayNowPhrase::SpecAsks { wanted, groups } if groups.is_empty() => {
            say!("The spec asks for {} {}.", value(*wanted), workers(*wanted))
        }
        RayNowPhrase::SpecAsks { wanted, groups } => {
            say!("The spec asks for {} {}: {}.", value(*wanted), workers(*wanted), plain(groups),)
        }
        RayNowPhrase::OperatorMakes { pods, group: Some(group) } => {
            say!("Makes {} {} of {} at its next pass.", strong(pods), pods_of(*pods), code(group))
        }
        RayNowPhrase::OperatorMakes { pods, group: None } => say!(
            "Makes {} {} at its next pass; a status does not tell of which group.",
            strong(pods),
            pods_of(*pods),
        ),
        RayNowPhrase::OperatorDeletes { pods } => say!(
            "Deletes {} {} at its next pass: the first of its list.",
            strong(pods),
            pods_of(*pods),
        ),
        RayNowPhrase::OperatorKeeps { pods } => say!(
            "Keeps {} {} more than the spec asks for: with autoscaling on they stay until {} names \
             them.",
            strong(pods),
            pods_of(*pods),
            code("workersToDelete"),
        ),
        RayNowPhrase::OperatorWaits { pods, desired } => say!(
            "{} of {} {} not run yet: {} pending, or could not be made.",
            strong(pods),
            value(*desired),
            plain(match (*desired == 1, *pods == 1) {
                (true, _) => "worker pod does",
                (false, true) => "worker pods does",
                (false, false) => "worker pods do",
            }),
            word(*pods as f64, "it is", "they are"),
        ),
        RayNowPhrase::OperatorDone { desired } => {
            say!("All {} {} that are asked for run.", strong(desired), workers(*desired),)
        }
        _ => Message::new(),
    }
}

fn workers(count: i64) -> crate::report::Part {
    word(count as f64, "worker pod", "worker pods")
}

fn pods_of(count: i64) -> crate::report::Part {
    word(count as f64, "pod", "pods")
}
