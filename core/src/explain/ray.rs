//! The ledger of one look of a Ray autoscaler: its trace, arranged.

use super::ledger::Ledger;
use super::number::number;
use super::phrase::{
    HpaPhrase, KeptReason, NotePhrase, Phrase, RayPatchPhrase, RayPhrase, RayPlanPhrase, Shortage,
    StopReason, Title,
};
use crate::manifest::Document;
use crate::manifest::field::Field;
use crate::ray::{Cause, InstanceStatus, KeptBy, Patch, Resources, StopCause, Stuck};
use crate::report::{Explanation, Language};
use crate::sim::{Cluster, RayLook};
use crate::source::Span;
use crate::time::Duration;

/// What an explanation needs to know beside the look itself.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) cluster: &'a Cluster,
    pub(crate) document: &'a Document,
    pub(crate) language: Language,
}

impl Context<'_> {
    /// Where a field of the group called `name` stands.
    fn group_span(&self, name: &str, field: fn(usize) -> Field) -> Option<Span> {
        let group = self.cluster.groups.iter().position(|it| it.name == name)?;
        Some(self.document.span_of(&field(group)))
    }
}

/// Why `look`, the `number`th of its autoscaler from 1, answered as it did.
pub(crate) fn explain(
    context: &Context<'_>,
    look: &RayLook,
    name: &str,
    number: usize,
) -> Explanation {
    let language = context.language;
    let mut ledger = Ledger::new(language);
    demand(look, &mut ledger);
    let mut kept = Kept::default();
    for cause in &look.trace.causes {
        add(context, cause, &mut ledger, &mut kept);
    }
    kept.say(&mut ledger);
    patched(look, context, &mut ledger);
    Explanation {
        title: NotePhrase::DecisionTitle { name, number, at: look.at }.text(language),
        from: look.from.iter().sum::<i64>() as f64,
        to: look.to.iter().sum::<i64>() as f64,
        note: capped(look)
            .map(|(wanted, _)| {
                HpaPhrase::Wants { wanted, binding: Some("maxReplicas") }.say(language)
            })
            .unwrap_or_default(),
        steps: ledger.steps,
        alternatives: Vec::new(),
        conditions: Vec::new(),
        events: Vec::new(),
    }
}

/// How many replicas a group was refused, and which.
pub(crate) fn capped(look: &RayLook) -> Option<(i64, &str)> {
    look.trace.causes.iter().find_map(|it| match it {
        Cause::CappedByMaxReplicas { group, wanted, .. } => Some((*wanted, &**group)),
        _ => None,
    })
}

/// The group that is full while work waits.
pub(crate) fn full_group(look: &RayLook) -> Option<&str> {
    look.trace.causes.iter().find_map(|it| match it {
        Cause::TypeFull { node_type, .. } => Some(&**node_type),
        Cause::CappedByMaxReplicas { group, .. } => Some(&**group),
        _ => None,
    })
}

/// `{CPU: 1, GPU: 1}`.
pub(crate) fn shape(resources: &Resources) -> String {
    let parts: Vec<String> =
        resources.iter().map(|(name, amount)| format!("{name}: {}", number(amount))).collect();
    format!("{{{}}}", parts.join(", "))
}

/// What was written into the RayCluster.
fn patched(look: &RayLook, context: &Context<'_>, ledger: &mut Ledger) {
    let language = ledger.language;
    if look.decision.patches.is_empty() {
        return;
    }
    let name = |group: &usize| context.cluster.groups.get(*group).map_or("", |it| &it.name);
    let step = ledger.step("ray-patch", Title::Written);
    for patch in &look.decision.patches {
        let text = match patch {
            Patch::Replicas { group, replicas } => {
                step.gives(replicas);
                RayPatchPhrase::Patched { group: name(group), replicas: *replicas }
            }
            Patch::WorkersToDelete { group, pods } => {
                RayPatchPhrase::Named { group: name(group), pods: pods.len() }
            }
        };
        step.says(text.say(language));
    }
}

fn demand(look: &RayLook, ledger: &mut Ledger) {
    let language = ledger.language;
    if look.demands.is_empty() && look.gangs == 0 && !look.constrained {
        ledger.say("ray-demand", Title::Demand, &RayPlanPhrase::NothingWaits).gives(0);
        return;
    }
    let total: u64 = look.demands.iter().map(|it| u64::from(it.count)).sum();
    let total = total + look.gangs as u64;
    let step = ledger.step("ray-demand", Title::Demand).gives(total);
    for demand in look.demands.iter() {
        let shape = shape(&demand.request.resources);
        step.says(RayPlanPhrase::Waits { count: demand.count, shape: &shape }.say(language));
    }
    if look.gangs > 0 {
        step.says(RayPlanPhrase::GangsWait { count: look.gangs }.say(language));
    }
    if look.constrained {
        step.says(RayPlanPhrase::Constraint.say(language));
    }
}

/// Idle nodes that stay, by reason: one sentence each.
#[derive(Default)]
struct Kept {
    by_idle: Option<(usize, i64, f64)>,
    by: [usize; 3],
    stopped: Vec<(String, StopReason, usize)>,
    allocated: usize,
}

impl Kept {
    fn add(&mut self, by: KeptBy) {
        match by {
            KeptBy::IdleTimeout { idle_ms, timeout_s } => {
                let (pods, longest, _) = self.by_idle.unwrap_or((0, 0, timeout_s));
                self.by_idle = Some((pods + 1, longest.max(idle_ms), timeout_s));
            }
            KeptBy::InUse => {}
            KeptBy::Demands => self.by[0] += 1,
            KeptBy::Constraint => self.by[1] += 1,
            KeptBy::MinNodes { .. } => self.by[2] += 1,
        }
    }

    fn stop(&mut self, group: &str, why: StopReason) {
        match self.stopped.last_mut() {
            Some((last, reason, count)) if last == group && same_kind(*reason, why) => {
                *count += 1;
                *reason = why;
            }
            _ => self.stopped.push((group.to_owned(), why, 1)),
        }
    }

    fn say(self, ledger: &mut Ledger) {
        let language = ledger.language;
        if self.allocated > 0 {
            let text = RayPhrase::Allocated { pods: self.allocated };
            ledger.say("ray-observe", Title::Launch, &text).gives(self.allocated);
        }
        for (group, why, pods) in self.stopped {
            let text = RayPhrase::Stopped { pods, group: &group, why };
            ledger.say("ray-idle", Title::Stop, &text).gives(format!("−{pods}"));
        }
        if self.by_idle.is_none() && self.by == [0; 3] {
            return;
        }
        let step = ledger.step("ray-idle", Title::IdleNodes);
        if let Some((pods, idle_ms, timeout)) = self.by_idle {
            let idle = Duration::from_ms(idle_ms);
            step.says(RayPhrase::IdleKept { pods, idle, timeout }.say(language));
        }
        let reasons = [KeptReason::Demands, KeptReason::Constraint, KeptReason::MinNodes];
        for (pods, by) in self.by.into_iter().zip(reasons).filter(|(pods, _)| *pods > 0) {
            step.says(RayPhrase::Kept { pods, by }.say(language));
        }
    }
}

fn same_kind(one: StopReason, other: StopReason) -> bool {
    std::mem::discriminant(&one) == std::mem::discriminant(&other)
}

#[allow(clippy::too_many_lines, reason = "one arm for each cause")]
fn add(context: &Context<'_>, cause: &Cause, ledger: &mut Ledger, kept: &mut Kept) {
    let plan = |ledger: &mut Ledger, text: &RayPlanPhrase<'_>, result: String, binds: bool| {
        let step = ledger.say("ray-plan", Title::Plan, text).gives(result);
        step.binds = binds;
    };
    match cause {
        Cause::Allocated { .. } => kept.allocated += 1,
        Cause::LaunchFailed { node_type } => {
            let text = RayPhrase::LaunchFailed { group: node_type };
            ledger.say("ray-observe", Title::Launch, &text).binds();
        }
        Cause::DrainRefused { .. } => {
            ledger.say("ray-observe", Title::Stop, &RayPhrase::DrainRefused);
        }
        Cause::TimedOut { node_type, status, timeout_s, .. } => {
            let status = status_name(*status);
            let text = RayPhrase::TimedOut { group: node_type, status, timeout_s: *timeout_s };
            ledger.say("ray-observe", Title::Stop, &text).binds();
        }
        Cause::Unavailable { node_type, .. } => {
            plan(ledger, &RayPlanPhrase::Unavailable { group: node_type }, String::new(), false);
        }
        Cause::MinNodes { node_type, nodes, min_nodes } => {
            let text = RayPlanPhrase::MinNodes { group: node_type, nodes: *nodes, min: *min_nodes };
            let span = context.group_span(node_type, Field::GroupMinReplicas);
            let result = format!("+{}", min_nodes - nodes);
            ledger.say("ray-plan", Title::Plan, &text).gives(result).at(span);
        }
        Cause::MaxNodesOfType { node_type, nodes, max_nodes } => {
            let (nodes, max) = (*nodes, *max_nodes);
            let text = RayPlanPhrase::TooManyOfType { group: node_type, nodes, max };
            let span = context.group_span(node_type, Field::GroupMaxReplicas);
            ledger.say("ray-plan", Title::Plan, &text).binds().at(span);
        }
        Cause::MaxNodes { nodes, max_nodes } => {
            plan(
                ledger,
                &RayPlanPhrase::TooMany { nodes: *nodes, max: *max_nodes },
                String::new(),
                true,
            );
        }
        Cause::FitsExisting { placed, nodes, .. } => {
            let text = RayPlanPhrase::FitsExisting { placed: *placed, nodes: *nodes };
            plan(ledger, &text, placed.to_string(), false);
        }
        Cause::NewNodes { node_type, nodes, placed, runner_up, .. } => {
            let runner_up = runner_up.as_ref().map(|(name, _)| &**name);
            let text = RayPlanPhrase::NewNodes {
                nodes: *nodes,
                group: node_type,
                placed: *placed,
                runner_up,
            };
            plan(ledger, &text, format!("+{nodes}"), false);
        }
        Cause::TypeFull { node_type, max_nodes, .. } => {
            let text = RayPlanPhrase::TypeFull { group: node_type, max: *max_nodes };
            let span = context.group_span(node_type, Field::GroupMaxReplicas);
            ledger.say("ray-plan", Title::Plan, &text).binds().at(span);
        }
        Cause::ClusterFull { max_nodes, .. } => {
            plan(ledger, &RayPlanPhrase::ClusterFull { max: *max_nodes }, String::new(), true);
        }
        Cause::Infeasible { count, shortage, .. } => {
            let shortage = shortage.as_ref().map(|it| {
                let (group, needed, has) = (&*it.node_type, it.needed, it.has);
                match it.resource.as_deref() {
                    Some(resource) => Shortage::Resource { group, resource, needed, has },
                    None if it.labels_match => Shortage::Full { group },
                    None => Shortage::Labels { group },
                }
            });
            plan(
                ledger,
                &RayPlanPhrase::Infeasible { count: *count, shortage },
                count.to_string(),
                true,
            );
        }
        Cause::ConstraintDropped { unplaced } | Cause::GangDropped { unplaced, .. } => {
            plan(ledger, &RayPlanPhrase::Dropped { unplaced: *unplaced }, "0".to_owned(), true);
        }
        Cause::Kept { by, .. } => kept.add(*by),
        Cause::Stopped { node_type, cause, .. } => kept.stop(node_type, stop_reason(*cause)),
        Cause::HeadNotRunning => {
            ledger.say("ray-observe", Title::Plan, &RayPlanPhrase::HeadNotRunning).binds();
        }
        Cause::LaunchRate { node_type, queued, in_flight, limit, launched, .. } => {
            let text = RayPhrase::LaunchRate {
                group: node_type,
                queued: *queued,
                launched: *launched,
                in_flight: *in_flight,
                limit: *limit,
            };
            let step = ledger.say("ray-launch", Title::Launch, &text);
            step.gives(launched).binds = launched < queued;
        }
        Cause::PendingDeletes { group } => {
            let text = RayPatchPhrase::PendingDeletes { group };
            ledger.say("ray-patch", Title::Launch, &text).binds();
        }
        Cause::CappedByMaxReplicas { group, wanted, max_replicas, .. } => {
            let text = RayPatchPhrase::Capped { group, wanted: *wanted, max: *max_replicas };
            let span = context.group_span(group, Field::GroupMaxReplicas);
            ledger.say("ray-patch", Title::Limits, &text).gives(max_replicas).binds().at(span);
        }
        Cause::PartOfReplica { group, hosts, num_of_hosts, .. } => {
            let text =
                RayPatchPhrase::PartOfReplica { group, hosts: *hosts, num_of_hosts: *num_of_hosts };
            let span = context.group_span(group, Field::GroupNumOfHosts);
            ledger.say("ray-patch", Title::Limits, &text).binds().at(span);
        }
        Cause::GroupNotPatchable { group } => {
            let text = RayPatchPhrase::NotPatchable { group };
            ledger.say("ray-patch", Title::Limits, &text).binds();
        }
        Cause::Stuck(stuck) => {
            let error = stuck_text(stuck);
            ledger.say("ray-observe", Title::GaveUp, &RayPhrase::Stuck(&error)).binds();
        }
    }
}

fn stop_reason(cause: StopCause) -> StopReason {
    match cause {
        StopCause::Idle { idle_ms, timeout_s } => {
            StopReason::Idle { idle: Duration::from_ms(idle_ms), timeout_s }
        }
        StopCause::MaxNodesOfType { max_nodes } => StopReason::MaxOfType { max: max_nodes },
        StopCause::MaxNodes { max_nodes } => StopReason::Max { max: max_nodes },
    }
}

/// As Ray's own protocol spells the state.
const fn status_name(status: InstanceStatus) -> &'static str {
    match status {
        InstanceStatus::Queued => "QUEUED",
        InstanceStatus::Requested => "REQUESTED",
        InstanceStatus::Allocated => "ALLOCATED",
        InstanceStatus::RayRunning => "RAY_RUNNING",
        InstanceStatus::RayStopRequested => "RAY_STOP_REQUESTED",
        InstanceStatus::RayStopping => "RAY_STOPPING",
        InstanceStatus::RayStopped => "RAY_STOPPED",
        InstanceStatus::Terminating => "TERMINATING",
        InstanceStatus::Terminated => "TERMINATED",
        InstanceStatus::AllocationFailed => "ALLOCATION_FAILED",
        InstanceStatus::AllocationTimeout => "ALLOCATION_TIMEOUT",
        InstanceStatus::TerminationFailed => "TERMINATION_FAILED",
    }
}

/// Upstream's exception, in short.
pub(crate) fn stuck_text(stuck: &Stuck) -> String {
    match stuck {
        Stuck::IllegalTransition { node_type, from, to } => format!(
            "AssertionError: Invalid status transition of {node_type} from {} to {}",
            status_name(*from),
            status_name(*to)
        ),
        Stuck::UnknownNodeType(name) => format!("KeyError: '{name}'"),
        Stuck::PlannedNodeStopped(name) => {
            format!("AssertionError: a planned node of {name} had to go")
        }
        Stuck::TooManyHeads { left } => {
            format!("AssertionError: {left} nodes too many that can't be stopped")
        }
        Stuck::InvalidUtilization { .. } => "AssertionError: utilization above 1".to_owned(),
        Stuck::ConflictingLabel(name) => format!("AssertionError: two values for label {name}"),
        Stuck::RefusedByStoppedNode(_) => {
            "AssertionError: a stopped node refused to drain".to_owned()
        }
    }
}
