//! The ledger of one turn of a Serve controller's loop: its trace, arranged.

#[cfg(test)]
mod tests;

use super::ledger::Ledger;
use super::number::number;
use super::phrase::{NotePhrase, Phrase, ServePhrase, Title};
use crate::manifest::ray::AutoscalingConfig;
use crate::report::{Explanation, Language};
use crate::serve::{Aggregation, Cause, Direction, Limit};
use crate::sim::ServeLook;
use crate::source::Span;
use crate::time::{Duration, Instant};

/// What an explanation needs to know beside the turn itself.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// The deployment's `autoscaling_config`, if it stands in the text.
    pub(crate) config: Option<&'a AutoscalingConfig>,
    pub(crate) language: Language,
}

/// Why `look`, the `number`th of its deployment from 1, ended as it did.
pub(crate) fn explain(
    context: &Context<'_>,
    look: &ServeLook,
    name: &str,
    number: usize,
) -> Explanation {
    let language = context.language;
    let mut ledger = Ledger::new(language);
    for cause in &look.trace.causes {
        add(context, cause, &mut ledger);
    }
    Explanation {
        title: NotePhrase::DecisionTitle { name, number, at: look.at }.text(language),
        from: look.from as f64,
        to: look.to as f64,
        steps: ledger.steps,
        ..Explanation::default()
    }
}

/// The bound that holds a turn's answer, if one does.
pub(crate) fn limit(look: &ServeLook) -> Option<Limit> {
    look.trace.causes.iter().find_map(|it| match it {
        Cause::Limited { limit, .. } => Some(*limit),
        _ => None,
    })
}

/// The field behind a bound.
pub(crate) const fn limit_field(limit: Limit) -> &'static str {
    match limit {
        Limit::MinReplicas => "min_replicas",
        Limit::InitialReplicas => "initial_replicas",
        Limit::MaxReplicas => "max_replicas",
    }
}

const fn delay_field(direction: Direction, to_zero: bool) -> &'static str {
    match (direction, to_zero) {
        (Direction::Up, _) => "upscale_delay_s",
        (Direction::Down, false) => "downscale_delay_s",
        (Direction::Down, true) => "downscale_to_zero_delay_s",
    }
}

const fn function_name(function: Aggregation) -> &'static str {
    match function {
        Aggregation::Mean => "mean",
        Aggregation::Max => "max",
        Aggregation::Min => "min",
    }
}

fn instant(seconds: f64) -> Instant {
    Instant::from_ms((seconds * 1000.0).round() as i64)
}

fn length(seconds: f64) -> Duration {
    Duration::from_ms((seconds * 1000.0).round() as i64)
}

fn add(context: &Context<'_>, cause: &Cause, ledger: &mut Ledger) {
    let at = |field: &str| -> Option<Span> { context.config.map(|it| it.span_of(field)) };
    match *cause {
        Cause::HandleForgotten { silent, .. } => {
            let text = ServePhrase::Forgotten { silent: length(silent) };
            ledger.say("serve-metrics", Title::Requests, &text);
        }
        Cause::Aggregated { function, series, since, requests } => {
            let function = function_name(function);
            let text = ServePhrase::Seen { function, series, since: instant(since), requests };
            let step = ledger.say("serve-metrics", Title::Requests, &text);
            step.gives(number(requests)).at(at("look_back_period_s"));
        }
        Cause::ColdStart { requests, wanted, .. } => {
            let text = ServePhrase::ColdStart { requests, wanted };
            ledger.say("serve-cold-start", Title::ColdStart, &text).gives(wanted).binds();
        }
        Cause::NothingRuns { target } => {
            let text = ServePhrase::NothingRuns { target };
            ledger.say("serve-ratio", Title::Proposal, &text).gives(target);
        }
        Cause::Ratio { running, requests, target_each, desired } => {
            let text = ServePhrase::Ratio { running, requests, target_each, desired };
            let formula = text.say(ledger.language);
            let step = ledger.step("serve-ratio", Title::Proposal).with(formula);
            step.gives(number(desired)).at(at("target_ongoing_requests"));
        }
        Cause::Scaled { direction, factor, running, desired, wanted } => {
            let field = match direction {
                Direction::Up => "upscaling_factor",
                Direction::Down => "downscaling_factor",
            };
            let text = ServePhrase::Scaled { factor, running, desired, wanted };
            let formula = text.say(ledger.language);
            let step = ledger.step("serve-factor", Title::Factor).with(formula);
            step.gives(wanted).at(at(field));
        }
        Cause::OneLess { wanted, .. } => {
            let text = ServePhrase::OneLess;
            ledger.say("serve-factor", Title::Factor, &text).gives(wanted);
        }
        Cause::Steady { .. }
        | Cause::NotBelowOne
        | Cause::Waits { .. }
        | Cause::DelayOver { .. } => {
            delay(context, cause, ledger);
        }
        Cause::GangRounded { gang, from, to } => {
            let text = ServePhrase::Gangs { gang, from, to };
            ledger.say("serve-gang", Title::Gangs, &text).gives(to);
        }
        Cause::Limited { limit, from, to } => {
            let field = limit_field(limit);
            let text = ServePhrase::Limited { field, from, to };
            ledger.say("serve-bounds", Title::Bounds, &text).gives(to).at(at(field)).binds();
        }
    }
}

/// Whether the wish waits.
fn delay(context: &Context<'_>, cause: &Cause, ledger: &mut Ledger) {
    let at = |field: &str| -> Option<Span> { context.config.map(|it| it.span_of(field)) };
    match *cause {
        Cause::Steady { target } => {
            let text = ServePhrase::Steady { target };
            ledger.say("serve-delay", Title::Delay, &text).gives(target);
        }
        Cause::Waits { direction, target, wanted, since, delay, to_zero } => {
            let field = delay_field(direction, to_zero);
            let (since, delay) = (instant(since), length(delay));
            let text = ServePhrase::Waits { wanted, target, field, since, delay };
            ledger.say("serve-delay", Title::Delay, &text).gives(target).at(at(field)).binds();
        }
        Cause::DelayOver { direction, wanted, since, delay, to_zero, .. } => {
            let field = delay_field(direction, to_zero);
            let (since, delay) = (instant(since), length(delay));
            let text = ServePhrase::DelayOver { wanted, field, since, delay };
            ledger.say("serve-delay", Title::Delay, &text).gives(wanted).at(at(field));
        }
        _ => {
            ledger.say("serve-delay", Title::Delay, &ServePhrase::NotBelowOne).gives(1);
        }
    }
}
