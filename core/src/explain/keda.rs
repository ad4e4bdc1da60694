//! The ledger of one poll of KEDA's: its trace, arranged.

use super::ledger::Ledger;
use super::number::milli;
use super::phrase::{KedaPhrase, NotePhrase, Phrase, Title};
use crate::keda::{Cause, Direction, Spec, Trigger, TriggerState};
use crate::manifest::Document;
use crate::report::{Explanation, Language};
use crate::sim::KedaLook;
use crate::source::Span;

/// What an explanation needs to know beside the poll itself.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) document: &'a Document,
    pub(crate) language: Language,
}

/// Why `look`, the `number`th of its ScaledObject from 1, ended as it did.
pub(crate) fn explain(
    context: &Context<'_>,
    look: &KedaLook,
    name: &str,
    number: usize,
) -> Explanation {
    let language = context.language;
    let mut ledger = Ledger::new(language);
    for cause in &look.trace.causes {
        add(context, look, *cause, &mut ledger);
    }
    Explanation {
        title: NotePhrase::DecisionTitle { name, number, at: look.at }.text(language),
        from: f64::from(look.from),
        to: f64::from(look.to),
        steps: ledger.steps,
        ..Explanation::default()
    }
}

/// What keeps KEDA from what it would do, if something does.
pub(crate) fn hold(look: &KedaLook) -> Option<&'static str> {
    look.trace.causes.iter().find_map(|it| match it {
        Cause::CoolingDown { initial: false, .. } => Some("cooldownPeriod"),
        Cause::CoolingDown { initial: true, .. } => Some("initialCooldownPeriod"),
        Cause::Paused(Direction::Out) => Some("paused-scale-out"),
        Cause::Paused(Direction::In) => Some("paused-scale-in"),
        Cause::Failed { .. } => Some("TriggerError"),
        Cause::PartlyFailed => Some("PartialTriggerError"),
        _ => None,
    })
}

fn add(context: &Context<'_>, look: &KedaLook, cause: Cause, ledger: &mut Ledger) {
    let at = |path: &str| -> Option<Span> { Some(context.document.span_at(path)) };
    let (rule, title, text, span) = match cause {
        Cause::Trigger { trigger, state } => {
            trigger_step(context, trigger, state, ledger);
            return;
        }
        Cause::OnlyResources => {
            ("keda-triggers", Title::Triggers, KedaPhrase::OnlyResources, at("spec.triggers"))
        }
        Cause::Forced => {
            let span = at("metadata.annotations");
            ("keda-active", Title::Activation, KedaPhrase::Forced, span)
        }
        Cause::Activated { from, to } => {
            let text = KedaPhrase::Activated { from, to };
            ("keda-active", Title::Activation, text, at("spec.minReplicaCount"))
        }
        Cause::Paused(direction) => {
            let text = KedaPhrase::Paused(direction);
            ("keda-active", Title::Activation, text, at("metadata.annotations"))
        }
        Cause::PartlyFailed => ("keda-active", Title::Activation, KedaPhrase::PartlyFailed, None),
        Cause::StaysActive => ("keda-active", Title::Activation, KedaPhrase::StaysActive, None),
        Cause::Failed { fallback } => {
            let span = if fallback { at("spec.fallback") } else { None };
            ("keda-active", Title::Activation, KedaPhrase::Failed { fallback }, span)
        }
        Cause::CoolingDown { until, period, initial } => {
            let path = if initial { "spec.initialCooldownPeriod" } else { "spec.cooldownPeriod" };
            let text = KedaPhrase::CoolingDown { until, period, initial };
            ("keda-inactive", Title::Cooldown, text, at(path))
        }
        Cause::Deactivated { from, to, idle, initial } => {
            let path = if idle { "spec.idleReplicaCount" } else { "spec.minReplicaCount" };
            let text = KedaPhrase::Deactivated { from, to, idle, initial };
            ("keda-inactive", Title::Cooldown, text, at(path))
        }
        Cause::RaisedToMin { from: _, to } => {
            let text = KedaPhrase::RaisedToMin { to };
            ("keda-active", Title::Activation, text, at("spec.minReplicaCount"))
        }
        Cause::NothingToDo => ("keda-active", Title::Activation, KedaPhrase::NothingToDo, None),
    };
    let step = ledger.say(rule, title, &text).at(span);
    step.binds = hold_of(cause);
    match cause {
        Cause::CoolingDown { until, .. } => step.gives(until),
        _ => step.gives(look.to),
    };
}

/// Whether the cause keeps KEDA from what it would do.
fn hold_of(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::CoolingDown { .. } | Cause::Paused(_) | Cause::Failed { .. } | Cause::PartlyFailed
    )
}

fn trigger_step(context: &Context<'_>, trigger: usize, state: TriggerState, ledger: &mut Ledger) {
    let (metric, activation, is_cron, path) = match context.spec.triggers.get(trigger) {
        Some(Trigger::External(it)) => {
            (it.metric.as_str(), it.activation, it.cron.is_some(), "spec.triggers")
        }
        Some(Trigger::Composite(it)) => {
            let path = "spec.advanced.scalingModifiers.formula";
            (it.metric.as_str(), it.activation, false, path)
        }
        Some(Trigger::Resource) | None => return,
    };
    let text = KedaPhrase::Trigger { metric, state, activation, is_cron };
    let result = match state {
        TriggerState::Active { value_milli }
        | TriggerState::Inactive { value_milli }
        | TriggerState::Read { value_milli }
        | TriggerState::Fallback { value_milli, .. } => milli(value_milli),
        TriggerState::Failed { .. } | TriggerState::Withheld | TriggerState::NoResult => {
            String::new()
        }
    };
    let span = context.document.span_at(path);
    ledger.say("keda-triggers", Title::Triggers, &text).gives(result).at(Some(span));
}
