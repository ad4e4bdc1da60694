//! The numbers that the next decision is made from: typed, else told, else assumed.
//!
//! A status shows the last look: its metrics, its count *before* its own change, and in its
//! conditions what held it. What it can't tell (which pods are ready, which recommendations and
//! changes are remembered) is assumed, said out loud, and can be typed.

use super::metrics::metrics;
use super::subject::Subject;
use crate::diagnostic::{Diagnostic, Severity};
use crate::explain::now_phrase::{NowPhrase, Taken};
use crate::kubectl::{Current, Source};
use crate::report::Origin;
use crate::scenario::Past;
use crate::source::Span;
use crate::time::Duration;
use crate::yaml::Spanned;

/// Most pods of one HPA.
pub(super) const MOST_PODS: i32 = 5_000;

/// A number, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number<T> {
    pub(super) value: T,
    pub(super) origin: Origin,
    pub(super) span: Option<Span>,
}

impl<T> Number<T> {
    pub(super) fn typed(found: Spanned<T>) -> Self {
        Self { value: found.value, origin: Origin::Typed, span: Some(found.span) }
    }

    pub(super) fn read(value: T, span: Span) -> Self {
        Self { value, origin: Origin::Read, span: Some(span) }
    }

    pub(super) fn assumed(value: T) -> Self {
        Self { value, origin: Origin::Assumed, span: None }
    }
}

/// What is known of one HPA.
pub(super) struct Known {
    pub(super) current: Number<i32>,
    pub(super) ready: Number<i32>,
    pub(super) not_ready: Number<i32>,
    pub(super) missing: Number<i32>,
    /// One for each metric of the spec.
    pub(super) metrics: Vec<Number<Current>>,
    /// Pods that an average of an Object or External metric was told over.
    pub(super) told_over: i32,
    pub(super) recommendations: Number<Vec<Past>>,
    pub(super) scale_events: Number<Vec<Past>>,
    pub(super) scaled_to_zero: Number<bool>,
    /// Where the numbers come from, and what is assumed.
    pub(super) notes: Vec<NowPhrase>,
}

/// Gathers what is known of `subject`; `replicas` are those of the manifest that it scales.
pub(super) fn known(
    subject: &Subject,
    replicas: Option<i32>,
    sync_period: Duration,
    diagnostics: &mut Vec<Diagnostic>,
) -> Known {
    let mut notes = vec![match subject.told.as_ref().map(|it| it.source) {
        Some(Source::Status) => NowPhrase::FromStatus,
        Some(Source::Describe) => NowPhrase::FromDescribe,
        Some(Source::Table) => NowPhrase::FromTable,
        None => NowPhrase::FromNothing,
    }];
    if subject.is_printed {
        notes.push(NowPhrase::RulesFromText);
    }
    let look = LastLook::of(subject);
    let mut current = current(subject, &look, replicas, &mut notes);
    if !(0..=MOST_PODS).contains(&current.value) {
        if let Some(span) = current.span {
            let message = format!("from 0 to {MOST_PODS} pods are counted");
            diagnostics.push(Diagnostic::new("TT607", Severity::Warning, span, message));
        }
        current.value = current.value.clamp(0, MOST_PODS);
    }
    let (ready, not_ready, missing) = pods(subject, &look, &current, &mut notes);
    let metrics = metrics(subject, &mut notes, diagnostics);
    let told_over = look.from.filter(|_| current.origin != Origin::Typed);
    let (recommendations, scale_events) = history(subject, &look, sync_period, &mut notes);
    Known {
        told_over: told_over.unwrap_or(current.value).clamp(0, MOST_PODS),
        scaled_to_zero: scaled_to_zero(subject, current.value, &mut notes),
        current,
        ready,
        not_ready,
        missing,
        metrics,
        recommendations,
        scale_events,
        notes,
    }
}

/// What the status tells of the last look.
#[derive(Default)]
struct LastLook {
    /// The count before.
    from: Option<i32>,
    /// The count that it wrote, if it wrote one.
    wrote: Option<i32>,
    /// A recommendation that it remembers, if it got as far.
    remembered: Option<i32>,
}

impl LastLook {
    fn of(subject: &Subject) -> Self {
        let Some(told) = &subject.told else { return Self::default() };
        let from = told.current_replicas.map(|it| it.value);
        let able = told.condition("AbleToScale").filter(|it| it.status);
        let active = told.condition("ScalingActive").is_some_and(|it| it.status);
        let is_rescale = able.is_some_and(|it| it.reason == "SucceededRescale");
        let has_recommended = able.is_some() && active;
        Self {
            from,
            wrote: told.desired_replicas.filter(|_| is_rescale),
            remembered: told.desired_replicas.filter(|_| has_recommended),
        }
    }
}

fn current(
    subject: &Subject,
    look: &LastLook,
    replicas: Option<i32>,
    notes: &mut Vec<NowPhrase>,
) -> Number<i32> {
    if let Some(typed) = subject.typed.as_ref().and_then(|(_, it)| it.current_replicas) {
        return Number::typed(typed);
    }
    if let Some(told) = subject.told.as_ref().and_then(|it| it.current_replicas) {
        return match look.wrote.filter(|it| *it != told.value) {
            Some(wrote) => {
                notes.push(NowPhrase::CountAfterRescale { from: told.value, to: wrote });
                Number::read(wrote, told.span)
            }
            None => Number::read(told.value, told.span),
        };
    }
    let min_replicas = subject.spec.min_replicas.max(1);
    notes.push(match replicas {
        Some(count) => NowPhrase::CountOfManifest { count },
        None => NowPhrase::CountIsMin { count: min_replicas },
    });
    Number::assumed(replicas.unwrap_or(min_replicas))
}

/// Ready, not ready and missing pods.
fn pods(
    subject: &Subject,
    look: &LastLook,
    current: &Number<i32>,
    notes: &mut Vec<NowPhrase>,
) -> (Number<i32>, Number<i32>, Number<i32>) {
    let typed = subject.typed.as_ref().map(|(_, it)| it);
    // Pods that the last look asked for have hardly begun.
    let started = match (current.origin, look.from, look.wrote) {
        (Origin::Read, Some(from), Some(wrote)) => wrote.saturating_sub(from.max(0)).max(0),
        _ => 0,
    };
    let value = |typed: Option<Spanned<i32>>, assumed: i32| {
        typed.map_or(Number::assumed(assumed), Number::typed)
    };
    let missing = value(typed.and_then(|it| it.missing), 0);
    let not_ready = value(typed.and_then(|it| it.not_ready), started.min(current.value));
    let rest = current.value - not_ready.value.min(current.value);
    let ready = value(typed.and_then(|it| it.ready), (rest - missing.value).max(0));
    if not_ready.origin == Origin::Assumed && not_ready.value > 0 {
        notes.push(NowPhrase::Taken(Taken::NewPodsNotReady { count: not_ready.value }));
    } else if ready.origin == Origin::Assumed && ready.value > 0 {
        notes.push(NowPhrase::Taken(Taken::PodsReady { count: ready.value }));
    }
    (ready, not_ready, missing)
}

/// What the HPA remembers: recommendations, and its own changes.
fn history(
    subject: &Subject,
    look: &LastLook,
    sync_period: Duration,
    notes: &mut Vec<NowPhrase>,
) -> (Number<Vec<Past>>, Number<Vec<Past>>) {
    let typed = subject.typed.as_ref().map(|(_, it)| it);
    let from_typed = |past: Option<&Vec<Past>>| {
        let span = typed.map(|it| it.span);
        past.map(|it| Number { value: it.clone(), origin: Origin::Typed, span })
    };
    let of_last_look = |replicas| Number {
        value: vec![Past { replicas, ago: sync_period }],
        origin: Origin::Read,
        span: subject.told.as_ref().map(|it| it.name.span),
    };
    let recommendations = from_typed(typed.and_then(|it| it.recommendations.as_ref()));
    let recommendations = recommendations.unwrap_or_else(|| match look.remembered {
        Some(replicas) => {
            notes.push(NowPhrase::Taken(Taken::RemembersLastLook { replicas, ago: sync_period }));
            of_last_look(replicas)
        }
        None => Number::assumed(Vec::new()),
    });
    let events = from_typed(typed.and_then(|it| it.scale_events.as_ref()));
    let events = events.unwrap_or_else(|| match (look.from, look.wrote) {
        (Some(from), Some(wrote)) if from != wrote && subject.spec.behavior.is_some() => {
            let change = wrote.saturating_sub(from);
            notes.push(NowPhrase::Taken(Taken::ChangedAtLastLook { change, ago: sync_period }));
            of_last_look(change)
        }
        _ => Number::assumed(Vec::new()),
    });
    (recommendations, events)
}

fn scaled_to_zero(subject: &Subject, current: i32, notes: &mut Vec<NowPhrase>) -> Number<bool> {
    let typed = subject.typed.as_ref().and_then(|(_, it)| Some((it.scaled_to_zero?, it.span)));
    if let Some((value, span)) = typed {
        return Number { value, origin: Origin::Typed, span: Some(span) };
    }
    let told = subject.told.as_ref();
    if let Some(condition) = told.and_then(|it| it.condition("ScaledToZero")) {
        let span = told.map_or(subject.document.span, |it| it.name.span);
        return Number::read(condition.status, span);
    }
    if current == 0 {
        notes.push(NowPhrase::Taken(Taken::ZeroByHand));
    }
    Number::assumed(false)
}
