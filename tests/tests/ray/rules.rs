//! Every rule of a Ray autoscaler's trace is at work in some case of v1 or v2.

use std::collections::BTreeSet;

use tidetable_core::ray::{
    Cause, GangRequest, KeptBy, PlacementConstraint, ResourceRequest, StopCause, Stuck, Trace,
};
use tidetable_tests::ray_json::cases;
use tidetable_tests::{ray_loop as v2_loop, ray_provider as provider, ray_scheduler as scheduler};
use tidetable_tests::{ray_v1_loop as v1_loop, ray_v1_scheduler as v1_scheduler};

use crate::loops::World;

/// Names every rule once: for the list of all of them, and for the one that a cause shows.
macro_rules! rules {
    ($($pattern:pat => $name:literal),* $(,)?) => {
        const RULES: &[&str] = &[$($name),*];

        fn rule(cause: &Cause) -> &'static str {
            match cause {
                $($pattern => $name),*
            }
        }
    };
}

rules! {
    Cause::Allocated { .. } => "allocated",
    Cause::LaunchFailed { .. } => "launch failed",
    Cause::DrainRefused { .. } => "drain refused",
    Cause::TimedOut { .. } => "timed out",
    Cause::Unavailable { .. } => "unavailable",
    Cause::MinNodes { .. } => "minimum of a type",
    Cause::MaxNodesOfType { .. } => "maximum of a type",
    Cause::MaxNodes { .. } => "maximum of the cluster",
    Cause::FitsExisting { .. } => "fits existing nodes",
    Cause::Fallback { .. } => "fallback",
    Cause::Grows { .. } => "grows",
    Cause::ResizeAsked { .. } => "resize asked for",
    Cause::ResizeSuggested { .. } => "resize suggested",
    Cause::ResizeFailed { .. } => "resize failed",
    Cause::Resized { .. } => "resized",
    Cause::NewNodes { .. } => "new nodes",
    Cause::TypeFull { .. } => "type full",
    Cause::ClusterFull { .. } => "cluster full",
    Cause::Infeasible { .. } => "infeasible",
    Cause::ConstraintDropped { .. } => "constraint dropped",
    Cause::GangDropped { .. } => "placement group dropped",
    Cause::Kept { by: KeptBy::InUse, .. } => "kept in use",
    Cause::Kept { by: KeptBy::IdleTimeout { .. }, .. } => "kept within the timeout",
    Cause::Kept { by: KeptBy::Demands, .. } => "kept for demands",
    Cause::Kept { by: KeptBy::Constraint, .. } => "kept by the constraint",
    Cause::Kept { by: KeptBy::MinNodes { .. }, .. } => "kept by the minimum",
    Cause::Stopped { cause: StopCause::Idle { .. }, .. } => "stopped idle",
    Cause::Stopped { cause: StopCause::MaxNodesOfType { .. }, .. } => "stopped above a maximum",
    Cause::Stopped { cause: StopCause::MaxNodes { .. }, .. } => "stopped above the cluster's",
    Cause::HeadNotRunning => "head not running",
    Cause::LaunchRate { .. } => "launch rate",
    Cause::PendingDeletes { .. } => "pending deletes",
    Cause::CappedByMaxReplicas { .. } => "capped",
    Cause::PartOfReplica { .. } => "part of a replica",
    Cause::GroupNotPatchable { .. } => "not patchable",
    Cause::Stopped { cause: StopCause::GroupRemoved, .. } => "stopped without a group",
    Cause::ReportedResource { .. } => "reported resource",
    Cause::PendingLimit { .. } => "pending limit",
    Cause::Failures { .. } => "failures",
    Cause::TooSoon { .. } => "too soon",
    Cause::Stuck(Stuck::GroupNotFound(_)) => "group not found",
    Cause::Stuck(Stuck::IllegalTransition { .. }) => "illegal transition",
    Cause::Stuck(Stuck::UnknownNodeType(_)) => "unknown node type",
    Cause::Stuck(Stuck::PlannedNodeStopped(_)) => "planned node stopped",
    Cause::Stuck(Stuck::TooManyHeads { .. }) => "too many heads",
    Cause::Stuck(Stuck::InvalidUtilization(_)) => "invalid utilization",
    Cause::Stuck(Stuck::ConflictingLabel(_)) => "conflicting label",
    Cause::Stuck(Stuck::PodWithoutSize(_)) => "pod without size",
    Cause::Stuck(Stuck::RefusedByStoppedNode(_)) => "refused by a stopped node",
}

#[test]
fn every_rule_is_at_work_in_some_case() {
    let mut trace = Trace::default();
    for case in cases("scheduler") {
        scheduler::answer(&case, &mut trace);
    }
    for case in cases("provider") {
        provider::answer(&case, &mut trace);
    }
    for case in cases("v1-scheduler") {
        v1_scheduler::answer(&case, &mut trace);
    }
    for case in cases("v1-loop") {
        assert_eq!(v1_loop::run(&case, &mut trace), None);
    }
    for case in cases("v2-loop") {
        assert_eq!(v2_loop::run(&case, &mut trace), None);
    }
    let mut found: BTreeSet<&str> = trace.causes.iter().map(rule).collect();
    for world in worlds() {
        found.extend(world.causes.iter().map(rule));
    }
    // No template that may be resized makes such a pod; a unit test does.
    found.insert("pod without size");
    let missing: Vec<_> = RULES.iter().filter(|it| !found.contains(**it)).collect();
    assert_eq!(missing, Vec::<&&str>::new());
}

/// Three tasks for at most four one-CPU workers, once `change` was made, after `seconds`.
#[track_caller]
fn world(
    seconds: i64,
    change: impl FnOnce(&mut World),
    act: impl FnMut(&mut World),
    binds: &str,
) -> World {
    let mut world = World::new(&[("w", 0, 4)]).tasks(3, 60);
    change(&mut world);
    world.go(seconds, act);
    let found: BTreeSet<&str> = world.causes.iter().map(rule).collect();
    assert!(found.contains(binds), "{binds} is not among {found:?}");
    world
}

/// What no single plan and no single patch can show: what comes of it later.
fn worlds() -> Vec<World> {
    let nothing = |_: &mut World| {};
    let lower = |world: &mut World| world.groups[0].max_replicas = Some(1);
    let gang = |value: &str| {
        let placement =
            PlacementConstraint::AntiAffinity { label: "l".into(), value: value.into() };
        let bundle = ResourceRequest::bundle([("CPU", 0.5)]);
        GangRequest { requests: vec![ResourceRequest { placement: Some(placement), ..bundle }] }
    };
    vec![
        world(0, nothing, nothing, "launch rate"),
        world(20, nothing, nothing, "allocated"),
        world(0, |world| world.pods[0].joins_at = 20, nothing, "head not running"),
        // The RayCluster allows fewer than the autoscaler's configuration says.
        world(5, lower, nothing, "launch failed"),
        // Pods in which Ray never starts.
        world(
            30,
            |world| (world.start_s, world.allocated_s) = (10_000, Some(15)),
            nothing,
            "unavailable",
        ),
        world(610, |world| world.operates = false, nothing, "timed out"),
        world(160, |world| world.refuses = true, nothing, "drain refused"),
        world(
            5,
            |world| world.operates = false,
            |world| {
                if world.now == 5 {
                    world.spec.worker_groups[0].max_replicas = Some(1);
                }
            },
            "illegal transition",
        ),
        world(
            40,
            nothing,
            |world| {
                if world.now == 40 {
                    world.spec.worker_groups.clear();
                }
            },
            "unknown node type",
        ),
        world(
            0,
            |world| {
                world.spec.worker_groups[0].min_replicas = Some(3);
                world.max_nodes = Some(2);
            },
            nothing,
            "planned node stopped",
        ),
        world(0, |world| world.max_nodes = Some(-1), nothing, "too many heads"),
        world(
            110,
            |world| world.free = 3.0,
            |world| {
                if world.now == 100 {
                    world.gangs = vec![gang("a")];
                }
            },
            "invalid utilization",
        ),
        world(30, |world| world.gangs = vec![gang("a"), gang("b")], nothing, "conflicting label"),
        world(
            160,
            |world| world.refuses = true,
            World::forget_where_refused,
            "refused by a stopped node",
        ),
    ]
}
