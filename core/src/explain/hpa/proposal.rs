//! What a metric asks for, and which of several counts.

use super::names::{self, Kind};
use super::{Writer, table};
use crate::explain::number::number;
use crate::explain::phrase::{Flight, MetricPhrase, Phrase, Title};
use crate::explain::template::{plain, say, value};
use crate::hpa::{self, Cause, Tolerances, Tread};
use crate::manifest::field::Field;
use crate::report::{Message, MetricRow};

impl Writer<'_> {
    pub(super) fn proposal(&mut self, cause: &Cause) {
        let spec = self.context.spec;
        match *cause {
            Cause::WithinTolerance { metric, ratio, scale_down, scale_up, proposal } => {
                let (low, high) = (1.0 - scale_down, 1.0 + scale_up);
                let text = MetricPhrase::WithinTolerance { ratio, low, high };
                self.proposed(metric, &text, Message::new(), proposal);
            }
            Cause::Flipped { metric, ratio, filled_ratio: filled, proposal } => {
                let text = MetricPhrase::Flipped { ratio, filled };
                self.proposed(metric, &text, Message::new(), proposal);
            }
            Cause::WrongDirection { metric, ratio, pods, refused, proposal } => {
                let text = MetricPhrase::WrongDirection { refused, current: proposal };
                let formula = self.ceil(cause, metric, ratio, pods, refused);
                self.proposed(metric, &text, formula, proposal);
            }
            Cause::Proposed { metric, ratio, pods, proposal } => {
                let tolerances = Tolerances::of(spec);
                let (low, high) = (1.0 - tolerances.scale_down, 1.0 + tolerances.scale_up);
                let text = MetricPhrase::OutsideTolerance { ratio, low, high };
                let formula = self.ceil(cause, metric, ratio, pods, proposal);
                self.proposed(metric, &text, formula, proposal);
            }
            Cause::ProposedFromZero { metric, ratio, proposal } => {
                let formula = say!("ceil({}) = {}", value(number(ratio)), value(proposal));
                self.proposed(metric, &MetricPhrase::FromZero, formula, proposal);
            }
            Cause::ProposedPerReplica { metric, usage_milli, proposal, .. } => {
                let usage = value(names::amount(spec, metric, usage_milli));
                let target = self.target(metric);
                let formula = say!("ceil({} / {}) = {}", usage, target, value(proposal));
                self.proposed(metric, &MetricPhrase::PerReplica, formula, proposal);
            }
            _ => {}
        }
    }

    /// The step of a metric's proposal, with the levels at which it would be another.
    fn proposed(
        &mut self,
        metric: usize,
        text: &MetricPhrase<'_>,
        formula: Message,
        proposal: i32,
    ) {
        let rule = Kind::of(self.context.spec, metric).proposal_rule();
        let stairs = self.stairs(metric);
        let span = self.context.span(&Field::MetricTarget(metric));
        let step = self.ledger.say(rule, Title::Proposal, text).with(formula);
        step.gives(proposal).at(span);
        if let Some(stairs) = stairs {
            step.says(stairs);
        }
    }

    /// The levels around the present count, as far as the bounds let it move.
    fn stairs(&self, metric: usize) -> Option<Message> {
        let (spec, current) = (self.context.spec, self.look.from);
        let language = self.context.language;
        let stairs = &self.look.detail.as_ref()?.metrics.get(metric)?.stairs;
        let (min, max) = (spec.min_replicas, spec.max_replicas.max(spec.min_replicas));
        let steps = |flight: &hpa::Flight, outward| -> Vec<(names::Edge, i32)> {
            let step = |it: &Tread| {
                let edge = names::edge(spec, metric, it.level, outward, language);
                (edge, it.proposal.clamp(min, max))
            };
            flight.treads.iter().map(step).collect()
        };
        let (fewer, more) = (steps(&stairs.fewer, 1), steps(&stairs.more, -1));
        if fewer.is_empty() && more.is_empty() {
            return None;
        }
        let fewer: Vec<_> = fewer.iter().map(|(edge, count)| (edge.bound(), *count)).collect();
        let more: Vec<_> = more.iter().map(|(edge, count)| (edge.bound(), *count)).collect();
        let fewer = Flight { steps: &fewer, is_folded: stairs.fewer.is_folded };
        let more = Flight { steps: &more, is_folded: stairs.more.is_folded };
        Some(MetricPhrase::Staircase { current, fewer, more }.say(self.context.language))
    }

    pub(super) fn metrics(&mut self, cause: &Cause) {
        let (spec, language) = (self.context.spec, self.context.language);
        let rows = table::rows(spec, self.look, self.context.language);
        match *cause {
            Cause::MetricsFailed { failed, metrics, proposal, current_replicas: current } => {
                let text = MetricPhrase::SomeFailed { failed, metrics, proposal, current };
                let step = self.ledger.say("metrics-failed", Title::MetricsFailed, &text);
                step.gives(current).binds().metrics = rows;
            }
            Cause::Recommended { metric, replicas } if spec.metrics.len() > 1 => {
                let name = names::metric_name(spec, metric);
                let failed = rows.iter().filter(|row| !row.error.is_empty()).count();
                let text = MetricPhrase::LargestWins { name: &name };
                let step = self.ledger.say("several-metrics", Title::SeveralMetrics, &text);
                step.gives(replicas).with(largest(&rows, replicas));
                step.metrics = rows;
                if failed > 0 {
                    step.says(MetricPhrase::FailedDoNotStop { failed }.say(language));
                }
            }
            // One metric has no step of its own for it: its proposal is the count.
            Cause::Recommended { .. } => {
                if let Some(step) = self.ledger.steps.last_mut() {
                    step.metrics = rows;
                }
            }
            _ => {}
        }
    }

    /// `ceil(200 / 60 × 4) = ceil(13.33) = 14`, with the numbers that the ratio was formed of.
    fn ceil(
        &self,
        cause: &Cause,
        metric: usize,
        ratio: f64,
        pods: usize,
        proposal: i32,
    ) -> Message {
        // The last one before: a metric that failed after it measured proposes nothing.
        let before = self.look.trace.causes.iter().take_while(|it| *it != cause);
        let formed = before.filter_map(|it| match *it {
            Cause::Utilization { utilization, .. } => Some(utilization.to_string()),
            Cause::AverageValue { average_milli: milli, .. }
            | Cause::Value { usage_milli: milli, .. } => {
                Some(names::amount(self.context.spec, metric, milli))
            }
            _ => None,
        });
        say!(
            "ceil({} / {} × {}) = ceil({}) = {}",
            value(formed.last().unwrap_or_default()),
            self.target(metric),
            value(pods),
            plain(number(ratio * pods as f64)),
            value(proposal),
        )
    }
}

/// `max(5, 2) = 5`, without the metrics that failed.
fn largest(rows: &[MetricRow], replicas: i32) -> Message {
    let proposals = rows.iter().map(|row| &*row.proposal).filter(|it| !it.is_empty());
    let proposals: Vec<&str> = proposals.collect();
    say!("max({}) = {}", value(proposals.join(", ")), value(replicas))
}
