//! The ledger of one look of a Ray autoscaler: its trace, arranged.
//!
//! | causes | file |
//! |---|---|
//! | what the scheduler plans, and what it can't | `plan.rs` |
//! | pods and Ray nodes as they are seen, launches, the patch | `act.rs` |
//! | nodes that are up, stay or go | `kept.rs` |
//! | pods that are resized in place | `resize.rs` |

mod act;
mod kept;
mod names;
mod plan;
mod resize;

pub(crate) use names::{status_name, stuck_text};

use super::ledger::Ledger;
use super::number::number;
use super::phrase::{Binding, HpaPhrase, NotePhrase, Phrase, RayPlanPhrase, Title};
use super::source::source_v1;
use crate::manifest::Document;
use crate::manifest::field::Field;
use crate::ray::config::Version;
use crate::ray::{Cause, Resources};
use crate::report::{Explanation, Language};
use crate::sim::{Cluster, RayLook};
use crate::source::Span;
use kept::Kept;

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
        // A group that an edit appended stands in the edit, not here.
        let mut written = self.document.ray_cluster()?.worker_groups.iter();
        let group = written.position(|it| it.name.as_ref().is_some_and(|it| it.value == name))?;
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
    let ledger = Ledger::new(language);
    let mut writer = Writer { context, ledger, kept: Kept::default() };
    demand(look, &mut writer.ledger);
    for cause in &look.trace.causes {
        writer.add(cause);
    }
    std::mem::take(&mut writer.kept).say(&mut writer.ledger);
    writer.resized(look);
    writer.patched(look);
    if context.cluster.version == Version::V1 {
        for step in &mut writer.ledger.steps {
            step.source = source_v1(&step.rule);
        }
    }
    Explanation {
        title: NotePhrase::DecisionTitle { name, number, at: look.at }.text(language),
        from: look.from.iter().sum::<i64>() as f64,
        to: look.to.iter().sum::<i64>() as f64,
        note: capped(look)
            .map(|(wanted, _)| {
                HpaPhrase::Wants { wanted, binding: Some(Binding::Field("maxReplicas")) }
                    .say(language)
            })
            .unwrap_or_default(),
        steps: writer.ledger.steps,
        alternatives: Vec::new(),
        conditions: Vec::new(),
        events: Vec::new(),
    }
}

/// The steps that are written about a look.
struct Writer<'a> {
    context: &'a Context<'a>,
    ledger: Ledger,
    kept: Kept,
}

impl Writer<'_> {
    fn add(&mut self, cause: &Cause) {
        match cause {
            Cause::Allocated { .. } => self.kept.allocated += 1,
            Cause::Kept { by, .. } => self.kept.add(*by),
            Cause::ResizeAsked { .. }
            | Cause::ResizeSuggested { .. }
            | Cause::ResizeFailed { .. }
            | Cause::Resized { .. } => {}
            Cause::Stopped { node_type, cause, .. } => self.kept.stop(node_type, *cause),
            Cause::Unavailable { .. }
            | Cause::MinNodes { .. }
            | Cause::MaxNodesOfType { .. }
            | Cause::MaxNodes { .. }
            | Cause::FitsExisting { .. }
            | Cause::Fallback { .. }
            | Cause::Grows { .. }
            | Cause::NewNodes { .. }
            | Cause::TypeFull { .. }
            | Cause::ClusterFull { .. }
            | Cause::Infeasible { .. }
            | Cause::ConstraintDropped { .. }
            | Cause::GangDropped { .. }
            | Cause::ReportedResource { .. }
            | Cause::HeadNotRunning => self.plan(cause),
            Cause::LaunchFailed { .. }
            | Cause::DrainRefused { .. }
            | Cause::TimedOut { .. }
            | Cause::LaunchRate { .. }
            | Cause::PendingDeletes { .. }
            | Cause::CappedByMaxReplicas { .. }
            | Cause::PartOfReplica { .. }
            | Cause::GroupNotPatchable { .. }
            | Cause::PendingLimit { .. }
            | Cause::Failures { .. }
            | Cause::TooSoon { .. }
            | Cause::Stuck(_) => self.act(cause),
        }
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
