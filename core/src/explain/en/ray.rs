//! What a Ray autoscaler wants and does.

use super::word;
use crate::explain::number::number;
use crate::explain::phrase::{
    KeptReason, RayPatchPhrase, RayPhrase, RayPlanPhrase, Shortage, StopReason,
};
use crate::explain::template::{code, plain, say, value};
use crate::report::Message;

#[expect(clippy::too_many_lines, reason = "one sentence for each phrase")]
pub(in crate::explain) fn ray_plan(phrase: &RayPlanPhrase<'_>) -> Message {
    match *phrase {
        RayPlanPhrase::NothingWaits => say!("Nothing waits for resources."),
        RayPlanPhrase::Waits { count, shape } => say!(
            "{} {} {}.",
            value(count),
            word(count, "task or actor waits for", "tasks or actors wait for"),
            code(shape),
        ),
        RayPlanPhrase::GangsWait { count } => say!(
            "{} {} for all of its bundles at once.",
            value(count),
            word(count, "placement group waits", "placement groups wait, each"),
        ),
        RayPlanPhrase::Constraint => {
            say!("{} asks for a size of the cluster.", code("request_resources"))
        }
        RayPlanPhrase::FitsExisting { placed, nodes } => say!(
            "{} {} on {} {} there or on the way.",
            value(placed),
            word(placed, "fits", "fit"),
            value(nodes),
            word(nodes, "node", "nodes"),
        ),
        RayPlanPhrase::Fallback { group, placed } => say!(
            "{} of them {} {} by a fallback: its labels don't match their first selector.",
            value(placed),
            word(placed, "goes to", "go to"),
            code(group),
        ),
        RayPlanPhrase::NewNodes { nodes, group, placed, runner_up } => {
            let message = say!(
                "{} more {} of {} for {} of them",
                value(nodes),
                word(nodes, "node", "nodes"),
                code(group),
                value(placed),
            );
            match runner_up {
                Some(other) => message.and(say!("; {} would fit less well.", code(other))),
                None => message.text("."),
            }
        }
        RayPlanPhrase::MinNodes { group, nodes, min } => {
            say!("{} has {} of at least {} nodes.", code(group), value(nodes), value(min))
        }
        RayPlanPhrase::TooManyOfType { group, nodes, max } => {
            say!("{} has {} nodes, more than its {}.", code(group), value(nodes), value(max))
        }
        RayPlanPhrase::TooMany { nodes, max } => {
            say!("The cluster has {} nodes, more than its {}.", value(nodes), value(max))
        }
        RayPlanPhrase::TypeFull { group, max } => {
            say!("Needs more, but {} already has all its {} nodes.", code(group), value(max))
        }
        RayPlanPhrase::ClusterFull { max } => {
            say!("Needs more, but the cluster already has all its {} nodes.", value(max))
        }
        RayPlanPhrase::Infeasible { count, shortage } => infeasible(count, shortage),
        RayPlanPhrase::Dropped { unplaced } => say!(
            "All or nothing: {} {} no room, so nothing is launched for the rest.",
            value(unplaced),
            word(unplaced, "bundle has", "bundles have"),
        ),
        RayPlanPhrase::Unavailable { group } => say!(
            "Nodes of {} could not be had lately: groups that fit as well go first.",
            code(group),
        ),
        RayPlanPhrase::Reported { group, resource, believed, reported } => say!(
            "Nodes of {} are planned with {} {}, as Ray reports, not with the {} of the RayCluster.",
            code(group),
            value(number(reported)),
            code(resource),
            value(number(believed)),
        ),
        RayPlanPhrase::HeadNotRunning => {
            say!("Ray on the head is not running yet: the plan is dropped.")
        }
    }
}

fn infeasible(count: u32, shortage: Option<Shortage<'_>>) -> Message {
    let message = say!("{} {}", value(count), word(count, "fits nowhere", "fit nowhere"));
    message.and(match shortage {
        None => say!("."),
        Some(Shortage::Resource { group, resource, needed, has }) => say!(
            ": {}, the closest group, has {} of {} {}.",
            code(group),
            value(number(has)),
            value(number(needed)),
            code(resource),
        ),
        Some(Shortage::Labels { group }) => say!(": the labels of {} do not match.", code(group)),
        Some(Shortage::Full { group }) => say!(": {} is full.", code(group)),
    })
}

pub(in crate::explain) fn ray(phrase: &RayPhrase<'_>) -> Message {
    match *phrase {
        RayPhrase::LaunchRate { group, queued, launched, in_flight, limit } => say!(
            "{} of {} queued nodes of {} are requested now: {} on the way, at most {}.",
            value(launched),
            value(queued),
            code(group),
            value(in_flight),
            value(limit),
        ),
        RayPhrase::PendingLimit { group, queued, launched, pending, limit } => say!(
            "{} of {} planned nodes of {} are requested now: {} on the way, at most {}.",
            value(launched),
            value(queued),
            code(group),
            value(pending),
            value(limit),
        ),
        RayPhrase::Failures { failures, most } if failures > most => say!(
            "More than {} looks were given up: the autoscaler ends, and starts anew without memory.",
            value(most),
        ),
        RayPhrase::Failures { failures, most } => say!(
            "{} {} given up since the autoscaler started; it ends after more than {}.",
            value(failures),
            word(failures, "look was", "looks were"),
            value(most),
        ),
        RayPhrase::TooSoon { since } => {
            say!("The last look was {} ago: nothing is done within 5 s.", value(since))
        }
        RayPhrase::LaunchFailed { group } => {
            say!("A node of {} could not be requested; it is planned again.", code(group))
        }
        RayPhrase::Allocated { pods } => {
            say!("{} {}.", value(pods), word(pods, "pod is up", "pods are up"))
        }
        RayPhrase::TimedOut { group, status, timeout_s } => say!(
            "A node of {} was {} for more than {} s.",
            code(group),
            code(status),
            value(timeout_s),
        ),
        RayPhrase::IdleKept { pods, idle, timeout } => say!(
            "{} {} for up to {}, not longer than idleTimeoutSeconds {}.",
            value(pods),
            word(pods, "node is idle", "nodes are idle"),
            value(idle),
            value(number(timeout)),
        ),
        RayPhrase::Kept { pods, by } => say!(
            "{} {}: {}.",
            value(pods),
            word(pods, "idle node stays", "idle nodes stay"),
            plain(match by {
                KeptReason::Demands => "waiting work is planned there",
                KeptReason::Constraint => "request_resources counts on it",
                KeptReason::MinNodes => "minReplicas of the group",
            }),
        ),
        RayPhrase::Stopped { pods, group, why } => stopped(pods, group, why),
        RayPhrase::DrainRefused => say!("A node refused to drain: it works again."),
        RayPhrase::Stuck(error) => {
            say!("The look ends here, and so will each until this changes: {}", code(error))
        }
        RayPhrase::Config(error) => {
            say!("The autoscaler can't read its RayCluster and skips every look: {}", code(error))
        }
    }
}

fn stopped(pods: usize, group: &str, why: StopReason) -> Message {
    let message = say!("{} {} of {}", value(pods), word(pods, "node", "nodes"), code(group));
    message.and(match why {
        StopReason::Idle { idle, timeout_s } => say!(
            ", idle for {}, longer than idleTimeoutSeconds {}: drained.",
            value(idle),
            value(number(timeout_s)),
        ),
        StopReason::GroupRemoved => say!(", which is not in the RayCluster any more: drained."),
        StopReason::MaxOfType { max } => say!(" above maxReplicas {}: drained.", value(max)),
        StopReason::Max { max } => {
            say!(" above the cluster's maximum of {}: drained.", value(max))
        }
    })
}

pub(in crate::explain) fn ray_patch(phrase: &RayPatchPhrase<'_>) -> Message {
    match *phrase {
        RayPatchPhrase::PendingDeletes { group } => say!(
            "Pods of {} named in workersToDelete are still there: no group is changed.",
            code(group),
        ),
        RayPatchPhrase::Capped { group, wanted, max } => say!(
            "{} wants {} replicas, capped by maxReplicas at {}.",
            code(group),
            value(wanted),
            value(max),
        ),
        RayPatchPhrase::PartOfReplica { group, hosts, num_of_hosts } => say!(
            "{} pods of {} do not fill replicas of numOfHosts {}: rounded down.",
            value(hosts),
            code(group),
            value(num_of_hosts),
        ),
        RayPatchPhrase::NotPatchable { group } => {
            say!("{} has no replicas to change in the RayCluster.", code(group))
        }
        RayPatchPhrase::Patched { group, replicas } => {
            say!("replicas of {} set to {}.", code(group), value(replicas))
        }
        RayPatchPhrase::Named { group, pods: 0 } => {
            say!("workersToDelete of {} cleared.", code(group))
        }
        RayPatchPhrase::Named { group, pods } => say!(
            "{} {} of {} named in workersToDelete.",
            value(pods),
            word(pods, "pod", "pods"),
            code(group),
        ),
    }
}
