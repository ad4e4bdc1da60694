//! The numbers that the next decision is made from: typed, else told, else assumed.
//!
//! A status shows the last look: its metrics, its count *before* its own change, and in its
//! conditions what held it. What it can't tell (which pods are ready, which recommendations and
//! changes are remembered) is assumed, said out loud, and can be typed.

use super::subject::Subject;
use crate::diagnostic::{Diagnostic, Severity};
use crate::explain::now_phrase::NowPhrase;
use crate::hpa::{MetricSpec, ResourceTarget, ValueTarget};
use crate::kubectl::{Amount, Current, Source, amount};
use crate::report::Origin;
use crate::scenario::Past;
use crate::source::Span;
use crate::time::Duration;
use crate::yaml::Spanned;

/// Most pods of one HPA.
pub(super) const MOST_PODS: i32 = 5_000;

/// A number, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value<T> {
    pub(super) value: T,
    pub(super) origin: Origin,
    pub(super) span: Option<Span>,
}

impl<T> Value<T> {
    fn typed(found: Spanned<T>) -> Self {
        Self { value: found.value, origin: Origin::Typed, span: Some(found.span) }
    }

    fn read(value: T, span: Span) -> Self {
        Self { value, origin: Origin::Read, span: Some(span) }
    }

    fn assumed(value: T) -> Self {
        Self { value, origin: Origin::Assumed, span: None }
    }
}

/// What is known of one HPA.
pub(super) struct Known {
    pub(super) current: Value<i32>,
    pub(super) ready: Value<i32>,
    pub(super) not_ready: Value<i32>,
    pub(super) missing: Value<i32>,
    /// One for each metric of the spec.
    pub(super) metrics: Vec<Value<Current>>,
    /// Pods that an average of an Object or External metric was told over.
    pub(super) told_over: i32,
    pub(super) recommendations: Value<Vec<Past>>,
    pub(super) scale_events: Value<Vec<Past>>,
    pub(super) scaled_to_zero: Value<bool>,
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
) -> Value<i32> {
    if let Some(typed) = subject.typed.as_ref().and_then(|(_, it)| it.current_replicas) {
        return Value::typed(typed);
    }
    if let Some(told) = subject.told.as_ref().and_then(|it| it.current_replicas) {
        return match look.wrote.filter(|it| *it != told.value) {
            Some(wrote) => {
                notes.push(NowPhrase::CountAfterRescale { from: told.value, to: wrote });
                Value::read(wrote, told.span)
            }
            None => Value::read(told.value, told.span),
        };
    }
    let min_replicas = subject.spec.min_replicas.max(1);
    notes.push(match replicas {
        Some(count) => NowPhrase::CountOfManifest { count },
        None => NowPhrase::CountIsMin { count: min_replicas },
    });
    Value::assumed(replicas.unwrap_or(min_replicas))
}

/// Ready, not ready and missing pods.
fn pods(
    subject: &Subject,
    look: &LastLook,
    current: &Value<i32>,
    notes: &mut Vec<NowPhrase>,
) -> (Value<i32>, Value<i32>, Value<i32>) {
    let typed = subject.typed.as_ref().map(|(_, it)| it);
    // Pods that the last look asked for have hardly begun.
    let started = match (current.origin, look.from, look.wrote) {
        (Origin::Read, Some(from), Some(wrote)) => wrote.saturating_sub(from.max(0)).max(0),
        _ => 0,
    };
    let value = |typed: Option<Spanned<i32>>, assumed: i32| {
        typed.map_or(Value::assumed(assumed), Value::typed)
    };
    let missing = value(typed.and_then(|it| it.missing), 0);
    let not_ready = value(typed.and_then(|it| it.not_ready), started.min(current.value));
    let rest = current.value - not_ready.value.min(current.value);
    let ready = value(typed.and_then(|it| it.ready), (rest - missing.value).max(0));
    if not_ready.origin == Origin::Assumed && not_ready.value > 0 {
        notes.push(NowPhrase::NewPodsNotReady { count: not_ready.value });
    } else if ready.origin == Origin::Assumed && ready.value > 0 {
        notes.push(NowPhrase::PodsReady { count: ready.value });
    }
    (ready, not_ready, missing)
}

fn metrics(
    subject: &Subject,
    notes: &mut Vec<NowPhrase>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Value<Current>> {
    let specs = &subject.spec.metrics;
    let told = subject.told.as_ref();
    // Entries without rules are not in the spec that a text is the source of.
    let shown: Vec<_> = told
        .into_iter()
        .flat_map(|it| &it.metrics)
        .filter(|it| !subject.is_printed || it.spec.is_some())
        .collect();
    if let Some(told) = told {
        let count = told.metrics.len() + told.more_metrics;
        if !subject.is_printed && count > 0 && count != specs.len() {
            let span = told.metrics.first().map_or(told.name.span, |it| it.span);
            let message = format!("this shows {count} metrics, the manifest has {}", specs.len());
            diagnostics.push(Diagnostic::new("TT604", Severity::Warning, span, message));
        }
        if told.more_metrics > 0 {
            notes.push(NowPhrase::MoreMetrics { count: told.more_metrics });
        }
        if subject.is_printed && told.metrics.iter().any(|it| it.is_guess) {
            notes.push(NowPhrase::GuessedMetrics);
        }
    }
    specs
        .iter()
        .enumerate()
        .map(|(index, spec)| {
            let typed = subject.typed.as_ref().and_then(|(_, it)| it.metrics.get(index)?.as_ref());
            if let Some(value) = typed.and_then(|it| typed_metric(it, spec, diagnostics)) {
                return value;
            }
            if let Some(it) = shown.get(index) {
                if fits(it.current, spec) {
                    return Value::read(it.current, it.span);
                }
                let message = "this value does not fit the metric's target in the manifest";
                diagnostics.push(Diagnostic::new("TT604", Severity::Warning, it.span, message));
            }
            // A status without the metric: it failed or was not read.
            let current = if told.is_some() { Current::Unknown } else { at_target(spec) };
            Value::assumed(current)
        })
        .collect()
}

/// Whether a metric with that target shows such a value.
fn fits(current: Current, spec: &MetricSpec) -> bool {
    match current {
        Current::Unknown => true,
        Current::Utilization { .. } => is_share(spec),
        Current::Milli(_) => !is_share(spec),
    }
}

/// Whether its target is a share of the requests.
pub(super) fn is_share(spec: &MetricSpec) -> bool {
    let target = match spec {
        MetricSpec::Resource { target, .. } | MetricSpec::ContainerResource { target, .. } => {
            target
        }
        MetricSpec::Pods { .. }
        | MetricSpec::Object { .. }
        | MetricSpec::External { .. }
        | MetricSpec::Unknown(_) => return false,
    };
    matches!(target, ResourceTarget::AverageUtilization(_))
}

fn typed_metric(
    typed: &Spanned<String>,
    spec: &MetricSpec,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Value<Current>> {
    let current = match (amount(&typed.value), is_share(spec)) {
        (Some(Amount::Unknown), _) => Current::Unknown,
        (Some(Amount::Percent(percent)), true) => {
            Current::Utilization { percent, average_milli: None }
        }
        // `45` for `45%`.
        (Some(Amount::Milli(milli)), true) if milli % 1000 == 0 => Current::Utilization {
            percent: i32::try_from(milli / 1000).unwrap_or(i32::MAX),
            average_milli: None,
        },
        (Some(Amount::Milli(milli)), false) => Current::Milli(milli),
        (_, true) => {
            let message = "a share of the requests is written as 45%";
            let found = Diagnostic::new("TT606", Severity::Error, typed.span, message);
            diagnostics.push(found);
            return None;
        }
        (_, false) => {
            let message = "a value is written as a quantity, 250m or 12";
            let found = Diagnostic::new("TT606", Severity::Error, typed.span, message);
            diagnostics.push(found);
            return None;
        }
    };
    Some(Value { value: current, origin: Origin::Typed, span: Some(typed.span) })
}

/// The value that asks for no change.
fn at_target(spec: &MetricSpec) -> Current {
    if is_share(spec) {
        let percent = i32::try_from(target(spec)).unwrap_or(i32::MAX);
        Current::Utilization { percent, average_milli: None }
    } else {
        Current::Milli(target(spec))
    }
}

/// A metric's target, in percent or thousandths.
pub(super) fn target(spec: &MetricSpec) -> i64 {
    let (resource, value) = match spec {
        MetricSpec::Resource { target, .. } | MetricSpec::ContainerResource { target, .. } => {
            (Some(target), None)
        }
        MetricSpec::Pods { target_average_value_milli: milli, .. } => return *milli,
        MetricSpec::Object { target, .. } => (None, target.as_ref()),
        MetricSpec::External { target, .. } => (None, Some(target)),
        MetricSpec::Unknown(_) => (None, None),
    };
    match (resource, value) {
        (Some(ResourceTarget::AverageUtilization(percent)), _) => i64::from(*percent),
        (Some(ResourceTarget::AverageValue(milli)), _)
        | (None, Some(ValueTarget::Value(milli) | ValueTarget::AverageValue(milli))) => *milli,
        (None, None) => 0,
    }
}

/// What the HPA remembers: recommendations, and its own changes.
fn history(
    subject: &Subject,
    look: &LastLook,
    sync_period: Duration,
    notes: &mut Vec<NowPhrase>,
) -> (Value<Vec<Past>>, Value<Vec<Past>>) {
    let typed = subject.typed.as_ref().map(|(_, it)| it);
    let from_typed = |past: Option<&Vec<Past>>| {
        let span = typed.map(|it| it.span);
        past.map(|it| Value { value: it.clone(), origin: Origin::Typed, span })
    };
    let of_last_look = |replicas| Value {
        value: vec![Past { replicas, ago: sync_period }],
        origin: Origin::Read,
        span: subject.told.as_ref().map(|it| it.name.span),
    };
    let recommendations = from_typed(typed.and_then(|it| it.recommendations.as_ref()));
    let recommendations = recommendations.unwrap_or_else(|| match look.remembered {
        Some(replicas) => {
            notes.push(NowPhrase::RemembersLastLook { replicas, ago: sync_period });
            of_last_look(replicas)
        }
        None => Value::assumed(Vec::new()),
    });
    let events = from_typed(typed.and_then(|it| it.scale_events.as_ref()));
    let events = events.unwrap_or_else(|| match (look.from, look.wrote) {
        (Some(from), Some(wrote)) if from != wrote && subject.spec.behavior.is_some() => {
            let change = wrote.saturating_sub(from);
            notes.push(NowPhrase::ChangedAtLastLook { change, ago: sync_period });
            of_last_look(change)
        }
        _ => Value::assumed(Vec::new()),
    });
    (recommendations, events)
}

fn scaled_to_zero(subject: &Subject, current: i32, notes: &mut Vec<NowPhrase>) -> Value<bool> {
    let typed = subject.typed.as_ref().and_then(|(_, it)| Some((it.scaled_to_zero?, it.span)));
    if let Some((value, span)) = typed {
        return Value { value, origin: Origin::Typed, span: Some(span) };
    }
    let told = subject.told.as_ref();
    match told.and_then(|it| Some((it.condition("ScaledToZero")?.status, it.name.span))) {
        Some((is, span)) => Value::read(is, span),
        None => {
            if current == 0 {
                notes.push(NowPhrase::ZeroByHand);
            }
            Value::assumed(false)
        }
    }
}
