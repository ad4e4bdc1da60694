//! What KubeRay's operator does.

use super::word;
use crate::explain::kuberay_phrase::{PodsPhrase, UpgradePhrase};
use crate::explain::template::{code, plain, say, strong, value};
use crate::report::{Message, Part};

#[expect(clippy::too_many_lines, reason = "one sentence for each phrase")]
pub(in crate::explain) fn pods(phrase: &PodsPhrase<'_>) -> Message {
    match *phrase {
        PodsPhrase::Suspending { pods } => {
            say!("The RayCluster is suspended: all {} of its pods are deleted.", value(pods))
        }
        PodsPhrase::Suspended => say!("The RayCluster is suspended: nothing is done."),
        PodsPhrase::SpecChanged { pods } => say!(
            "The spec is another one and {} is {}: all {} pods are deleted.",
            code("upgradeStrategy"),
            code("Recreate"),
            value(pods),
        ),
        PodsPhrase::HeadGoes => say!("The deleted head is still there: it is not replaced yet."),
        PodsPhrase::HeadEnded => {
            say!("The head ended: it is deleted, and the groups wait for the next pass.")
        }
        PodsPhrase::HeadNotMadeAgain => {
            say!("There is no head, and this one is not made again: the groups are left alone.")
        }
        PodsPhrase::HeadMade => say!("There is no head: one is made."),
        PodsPhrase::SeveralHeads { count } => {
            say!("There are {} heads: the groups are left alone.", value(count))
        }
        PodsPhrase::PodsGo { group } => {
            say!("Deleted pods of {} are still there: the group is left alone.", code(group))
        }
        PodsPhrase::GroupSuspended { group, pods } => say!(
            "{} is suspended: {} {} deleted.",
            code(group),
            value(pods),
            word_of(pods, "pod is", "pods are"),
        ),
        PodsPhrase::PodsEnded { group, pods } => say!(
            "{} {} of {} ended and {} deleted.",
            value(pods),
            word_of(pods, "pod", "pods"),
            code(group),
            word_of(pods, "is", "are"),
        ),
        PodsPhrase::PodsNamed { group, pods } => say!(
            "{} {} of {} {} in {}: deleted, even below {}.",
            value(pods),
            word_of(pods, "pod", "pods"),
            code(group),
            word_of(pods, "is", "are"),
            code("workersToDelete"),
            code("minReplicas"),
        ),
        PodsPhrase::ReplicaIncomplete { group, pods, num_of_hosts } => say!(
            "A replica of {} has {} of {} hosts: it is deleted whole.",
            code(group),
            value(pods),
            value(num_of_hosts),
        ),
        PodsPhrase::PodsMade { group, desired, pods } => say!(
            "{} should have {} {}: {} {} made at once.",
            code(group),
            value(desired),
            word(desired, "pod", "pods"),
            value(pods),
            word(pods, "is", "are"),
        ),
        PodsPhrase::Surplus { group, desired, pods, kept } => {
            let message = say!(
                "{} should have {} {} and has {} more",
                code(group),
                value(desired),
                word(desired, "pod", "pods"),
                value(pods),
            );
            if kept {
                message.and(say!(
                    ": with autoscaling on they stay until {} names them.",
                    code("workersToDelete")
                ))
            } else {
                message.and(say!(": the first of its list are deleted."))
            }
        }
    }
}

fn word_of(count: usize, one: &str, many: &str) -> Part {
    plain(if count == 1 { one } else { many })
}

/// A RayCluster's name, if it ever got one.
fn named(cluster: &str) -> Part {
    if cluster.is_empty() { plain("the new cluster") } else { code(cluster) }
}

#[expect(clippy::too_many_lines, reason = "one sentence for each phrase")]
pub(in crate::explain) fn upgrade(phrase: &UpgradePhrase<'_>) -> Message {
    match *phrase {
        UpgradePhrase::DeletionScheduled { cluster, at } => say!(
            "Nobody needs {} any more: it goes in the first pass after {}.",
            named(cluster),
            value(at),
        ),
        UpgradePhrase::DeletionDue { cluster } => {
            say!("The time of {} is over: it is deleted with all its pods.", named(cluster))
        }
        UpgradePhrase::SpecChanged { given_up } => {
            let message = say!("The spec asks for another cluster: a second one is prepared.");
            match given_up {
                Some(cluster) => message.and(say!(" {} is given up.", named(cluster))),
                None => message,
            }
        }
        UpgradePhrase::FirstCluster => say!("There is no cluster: one is prepared."),
        UpgradePhrase::ClusterMade { cluster, without_replicas } => {
            say!("{} is made, with {}.", named(cluster), replica_counts(without_replicas))
        }
        UpgradePhrase::NoHead { cluster } => {
            say!("{} has no head pod yet: the pass ends here.", named(cluster))
        }
        UpgradePhrase::UpdatedInPlace { cluster, without_replicas } => say!(
            "Only worker groups were appended: {} is updated in place, with {}.",
            named(cluster),
            replica_counts(without_replicas),
        ),
        UpgradePhrase::Submitted { cluster, first: true } => {
            say!("{} gets its first Serve config.", named(cluster))
        }
        UpgradePhrase::Submitted { cluster, first: false } => {
            say!("{} gets another Serve config, in place.", named(cluster))
        }
        UpgradePhrase::GatewayNotReady => {
            say!("Gateway and route are not ready: no capacity moves.")
        }
        UpgradePhrase::TrafficBehind { target_capacity, traffic } => say!(
            "{} % of the traffic against {} {} %: traffic moves first.",
            value(traffic),
            code("target_capacity"),
            value(target_capacity),
        ),
        UpgradePhrase::CapacityMoved { cluster, from, to } => say!(
            "{} of {}: {} → {} %.",
            code("target_capacity"),
            named(cluster),
            value(from),
            value(to),
        ),
        UpgradePhrase::TrafficMoved { from, to } => {
            say!("The new cluster's part of the traffic: {} → {} %.", value(from), value(to))
        }
        UpgradePhrase::RollbackBegan => {
            say!("The spec is not the new cluster's any more: everything goes back to the old one.")
        }
        UpgradePhrase::RollbackCancelled => {
            say!("The spec is the new cluster's again: the upgrade goes on.")
        }
        UpgradePhrase::RollbackDone { cluster } => {
            say!("Everything is back with the old cluster: {} is given up.", named(cluster))
        }
        UpgradePhrase::Suspends => {
            say!("{} is true: all that the RayService owns is to go.", code("suspend"))
        }
        UpgradePhrase::SuspendDeletes { cluster } => {
            say!("{} is deleted with all its pods.", named(cluster))
        }
        UpgradePhrase::Suspended => {
            say!("All is gone: nothing happens until {} is taken back.", code("suspend"),)
        }
        UpgradePhrase::Resumes => say!("{} was taken back.", code("suspend")),
        UpgradePhrase::Promoted { old: Some(old), new } => {
            say!("{} is ready and serves from now on, in place of {}.", named(new), named(old))
        }
        UpgradePhrase::Promoted { old: None, new } => {
            say!("{} is ready and serves from now on.", named(new))
        }
        UpgradePhrase::TakesOver { cluster, at } => {
            say!("{} takes over at {}.", strong(cluster), strong(at))
        }
        UpgradePhrase::Deleted { cluster, at } => {
            say!("{} is deleted at {}.", code(cluster), strong(at))
        }
        UpgradePhrase::NotOver { cluster } => say!(
            "The upgrade to {} is {} by the end: both clusters have pods.",
            code(cluster),
            strong("not over"),
        ),
        UpgradePhrase::InPlace => say!("Changes its cluster in place: no second one is made."),
        UpgradePhrase::NeverMade => say!("Is suspended: KubeRay makes no cluster of it."),
        UpgradePhrase::NothingChanges => say!("The edits change nothing that it acts on."),
    }
}

/// What a cluster's groups have as `replicas`.
fn replica_counts(without: bool) -> Part {
    plain(if without {
        "replicas left out, which is 0"
    } else {
        "the replica counts of the RayService"
    })
}
