//! What a metric asks for, and which of several counts.

use super::{Writer, names};
use crate::explain::number::{milli, number};
use crate::explain::phrase::{MetricPhrase, Phrase, Title};
use crate::explain::template::{plain, say, value, value_at};
use crate::hpa::{Cause, Tolerances};
use crate::manifest::field::Field;
use crate::report::Message;

impl Writer<'_> {
    pub(super) fn proposal(&mut self, cause: &Cause) {
        let (context, language) = (self.context, self.context.language);
        match *cause {
            Cause::WithinTolerance { ratio, scale_down, scale_up, proposal, .. } => {
                let (low, high) = (1.0 - scale_down, 1.0 + scale_up);
                let text = MetricPhrase::WithinTolerance { ratio, low, high };
                self.ledger.say("proposal", Title::Proposal, &text).gives(proposal);
            }
            Cause::Flipped { ratio, filled_ratio, proposal, .. } => {
                let text = MetricPhrase::Flipped { ratio, filled: filled_ratio };
                self.ledger.say("proposal", Title::Proposal, &text).gives(proposal);
            }
            Cause::WrongDirection { ratio, pods, refused, proposal, .. } => {
                let text = MetricPhrase::WrongDirection { refused, current: proposal };
                let formula = self.ceil(cause, ratio, pods, refused);
                self.ledger.say("proposal", Title::Proposal, &text).with(formula).gives(proposal);
            }
            Cause::Proposed { metric, ratio, pods, proposal } => {
                let formula = self.ceil(cause, ratio, pods, proposal);
                let tolerances = Tolerances::of(context.spec);
                let (low, high) = (1.0 - tolerances.scale_down, 1.0 + tolerances.scale_up);
                let text = MetricPhrase::OutsideTolerance { ratio, low, high }.say(language);
                let step = self.ledger.step("proposal", Title::Proposal).with(formula).says(text);
                step.gives(proposal).at(context.span(&Field::MetricTarget(metric)));
            }
            Cause::ProposedFromZero { ratio, proposal, .. } => {
                let formula = say!("ceil({}) = {}", value(number(ratio)), value(proposal));
                let text = MetricPhrase::FromZero;
                self.ledger.say("proposal", Title::Proposal, &text).with(formula).gives(proposal);
            }
            Cause::ProposedPerReplica { metric, usage_milli, target_milli, proposal } => {
                let formula = say!(
                    "ceil({} / {}) = {}",
                    value(milli(usage_milli)),
                    value_at(milli(target_milli), context.span(&Field::MetricTarget(metric))),
                    value(proposal),
                );
                let text = MetricPhrase::PerReplica;
                self.ledger.say("proposal", Title::Proposal, &text).with(formula).gives(proposal);
            }
            _ => {}
        }
    }

    pub(super) fn metrics(&mut self, cause: &Cause) {
        match *cause {
            Cause::MetricsFailed { failed, metrics, proposal, current_replicas: current } => {
                let text = MetricPhrase::SomeFailed { failed, metrics, proposal, current };
                let step = self.ledger.say("metrics-failed", Title::MetricsFailed, &text);
                step.gives(current).binds();
            }
            Cause::Recommended { metric, replicas } if self.context.spec.metrics.len() > 1 => {
                let name = names::metric_name(self.context.spec, metric);
                let text = MetricPhrase::LargestWins { name: &name };
                self.ledger.say("several-metrics", Title::SeveralMetrics, &text).gives(replicas);
            }
            _ => {}
        }
    }

    /// `ceil(200 / 60 × 4) = ceil(13.33) = 14`, with the numbers that the ratio was formed of.
    fn ceil(&self, cause: &Cause, ratio: f64, pods: usize, proposal: i32) -> Message {
        // The last one before: a metric that failed after it measured proposes nothing.
        let before = self.look.trace.causes.iter().take_while(|it| *it != cause);
        let formed = before.filter(|it| is_ratio(it)).last();
        let (from, to) = match formed {
            Some(Cause::Utilization { utilization, target, metric, .. }) => {
                let span = self.context.span(&Field::MetricTarget(*metric));
                (value(utilization), value_at(target, span))
            }
            Some(Cause::AverageValue { average_milli, target_milli, metric, .. }) => {
                let span = self.context.span(&Field::MetricTarget(*metric));
                (value(milli(*average_milli)), value_at(milli(*target_milli), span))
            }
            _ => {
                let product = plain(number(ratio * pods as f64));
                return say!(
                    "ceil({} × {}) = ceil({}) = {}",
                    value(number(ratio)),
                    value(pods),
                    product,
                    value(proposal),
                );
            }
        };
        say!(
            "ceil({} / {} × {}) = ceil({}) = {}",
            from,
            to,
            value(pods),
            plain(number(ratio * pods as f64)),
            value(proposal),
        )
    }
}

/// Whether a cause forms the ratio that a proposal is made of.
fn is_ratio(cause: &Cause) -> bool {
    matches!(
        cause,
        Cause::Utilization { .. }
            | Cause::AverageValue { .. }
            | Cause::Value { .. }
            | Cause::ValuePerReplica { .. }
    )
}
