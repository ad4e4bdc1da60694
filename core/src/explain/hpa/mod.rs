//! The ledger of one look of an HPA: its trace, arranged.
//!
//! | causes | file |
//! |---|---|
//! | the scale, the bounds, what was written | `bounds.rs` |
//! | what a metric shows, and of which pods | `metric.rs`, `pods.rs` |
//! | what it asks for, and which metric wins | `proposal.rs`, `table.rs` |
//! | earlier recommendations and limits | `limits.rs` |

mod bounds;
mod limits;
mod metric;
mod names;
mod pods;
mod proposal;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use names::{limit_field, limit_name, metric_name, target, value_seen};

use super::ledger::Ledger;
use super::phrase::{Binding, HpaPhrase, NotePhrase, Phrase};
use crate::hpa::{Cause, Spec};
use crate::manifest::Document;
use crate::manifest::field::Field;
use crate::report::{Condition, Explanation, Language};
use crate::sim::HpaLook;
use crate::source::Span;

/// What an explanation needs to know beside the look itself.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) document: &'a Document,
    pub(crate) language: Language,
    /// The minor number of the release that decides.
    pub(crate) kubernetes: u32,
}

impl Context<'_> {
    #[allow(clippy::unnecessary_wraps, reason = "a step's place is optional")]
    fn span(&self, field: &Field) -> Option<Span> {
        Some(self.document.span_of(field))
    }
}

/// Why `look`, the `number`th of its HPA from 1, answered as it did.
pub(crate) fn explain(
    context: &Context<'_>,
    look: &HpaLook,
    name: &str,
    number: usize,
) -> Explanation {
    let language = context.language;
    let ledger = Ledger::new(language).of_kubernetes(context.kubernetes);
    let mut writer = Writer { context, look, ledger };
    for cause in &look.trace.causes {
        writer.add(cause);
    }
    writer.settle();
    let note = wanted(look).map(|it| it.say(language));
    Explanation {
        title: NotePhrase::DecisionTitle { name, number, at: look.at }.text(language),
        from: f64::from(look.from),
        to: f64::from(look.decision.desired_replicas),
        note: note.unwrap_or_default(),
        steps: writer.ledger.steps,
        alternatives: Vec::new(),
        conditions: look.status.conditions.iter().map(condition).collect(),
        events: look
            .decision
            .events
            .iter()
            .map(|event| {
                let kind = if event.is_warning { "Warning" } else { "Normal" };
                format!("{kind} {} {}", event.reason, event.message)
            })
            .collect(),
    }
}

/// A look, and the steps that are written about it.
struct Writer<'a> {
    context: &'a Context<'a>,
    look: &'a HpaLook,
    ledger: Ledger,
}

impl Writer<'_> {
    fn add(&mut self, cause: &Cause) {
        match cause {
            Cause::ScaleUnavailable
            | Cause::ScalingDisabled { .. }
            | Cause::AboveMax { .. }
            | Cause::BelowMin { .. }
            | Cause::SelectorUnusable(_)
            | Cause::RaisedToMin { .. }
            | Cause::UpdateFailed { .. } => self.bounds(cause),
            Cause::PodsGrouped { .. }
            | Cause::Utilization { .. }
            | Cause::AverageValue { .. }
            | Cause::PodsFilledIn { .. }
            | Cause::Value { .. }
            | Cause::ValuePerReplica { .. }
            | Cause::MetricFailed { .. } => self.metric(cause),
            Cause::WithinTolerance { .. }
            | Cause::Flipped { .. }
            | Cause::WrongDirection { .. }
            | Cause::Proposed { .. }
            | Cause::ProposedFromZero { .. }
            | Cause::ProposedPerReplica { .. } => self.proposal(cause),
            Cause::MetricsFailed { .. } | Cause::Recommended { .. } => self.metrics(cause),
            Cause::Stabilized { .. } | Cause::Policy { .. } | Cause::Limited { .. } => {
                self.limits(cause);
            }
        }
    }
}

/// What the metrics asked for and did not get, and what held it.
fn wanted(look: &HpaLook) -> Option<HpaPhrase<'static>> {
    let mut wanted = None;
    let mut binding = None;
    let mut asks = None;
    for cause in &look.trace.causes {
        match cause {
            Cause::Recommended { replicas, .. } => wanted = Some(*replicas),
            Cause::Stabilized { recommendation, .. } => {
                (binding, asks) = (Some(Binding::Window), Some(*recommendation));
            }
            Cause::Limited { limit, .. } => binding = Some(names::binding(limit)),
            Cause::MetricsFailed { proposal, .. } => {
                (wanted, binding) = (*proposal, Some(Binding::FailedMetric));
            }
            _ => {}
        }
    }
    let desired = look.decision.desired_replicas;
    let wanted = wanted.filter(|it| *it != desired)?;
    let way = |to: i32| to.cmp(&look.from);
    // Without `behavior` what is remembered may be more than there are.
    let asks = asks.filter(|it| way(wanted) != way(desired) && way(desired) == way(*it));
    let (wanted, is_moved) = (i64::from(wanted), desired != look.from);
    Some(match asks.filter(|_| is_moved) {
        Some(asks) => {
            let binding = binding.filter(|it| *it != Binding::Window);
            HpaPhrase::Remembers { wanted, asks: i64::from(asks), binding }
        }
        None => HpaPhrase::Wants { wanted, binding },
    })
}

fn condition(condition: &crate::hpa::Condition) -> Condition {
    Condition {
        kind: condition.kind.as_str().to_owned(),
        status: if condition.status { "True" } else { "False" }.to_owned(),
        reason: condition.reason.to_owned(),
        message: condition.message.clone().into_owned(),
    }
}
