//! What a metric shows: its value, the pods that it is formed of, or why there is none.

use super::{Writer, names};
use crate::explain::number::{milli, number};
use crate::explain::phrase::{MetricPhrase, Phrase, Title};
use crate::explain::template::{say, value, value_at};
use crate::hpa::{Cause, Pass};
use crate::manifest::field::Field;
use crate::report::{LedgerStep, Message};

impl Writer<'_> {
    pub(super) fn metric(&mut self, cause: &Cause) {
        let context = self.context;
        match *cause {
            Cause::PodsGrouped { metric, ready, unready, missing, ignored, unlisted: _ } => {
                let name = names::metric_name(context.spec, metric);
                let text = MetricPhrase::PodsCounted { ready, unready, missing, ignored };
                self.ledger.say("metric", Title::Metric(&name), &text);
            }
            Cause::Utilization { metric, pass, .. } | Cause::AverageValue { metric, pass, .. } => {
                self.measured(cause, metric, pass);
            }
            Cause::PodsFilledIn { missing, missing_milli, unready, .. } => {
                let text = MetricPhrase::PodsFilledIn { missing, missing_milli, unready };
                self.ledger.say("filled-in", Title::FilledIn, &text);
            }
            Cause::Value { metric, usage_milli, target_milli, ratio } => {
                let formula = say!(
                    "{} / {} = {}",
                    value(milli(usage_milli)),
                    value_at(milli(target_milli), context.span(&Field::MetricTarget(metric))),
                    value(number(ratio)),
                );
                self.value(metric, formula, usage_milli);
            }
            Cause::ValuePerReplica {
                metric,
                usage_milli,
                target_milli,
                status_replicas,
                ratio,
            } => {
                let formula = say!(
                    "{} / ({} × {}) = {}",
                    value(milli(usage_milli)),
                    value_at(milli(target_milli), context.span(&Field::MetricTarget(metric))),
                    value(status_replicas),
                    value(number(ratio)),
                );
                self.value(metric, formula, usage_milli);
            }
            Cause::MetricFailed { metric, .. } => {
                let name = names::metric_name(context.spec, metric);
                let error = names::failure_text(self.look, metric);
                let text = MetricPhrase::Failed(&error);
                let span = context.span(&Field::MetricTarget(metric));
                self.ledger.say("metric", Title::Metric(&name), &text).gives("–").binds().at(span);
            }
            _ => {}
        }
    }

    /// The value of an Object or External metric.
    fn value(&mut self, metric: usize, formula: Message, usage_milli: i64) {
        let name = names::metric_name(self.context.spec, metric);
        let step = self.ledger.step("metric", Title::Metric(&name)).with(formula);
        step.gives(milli(usage_milli)).at(self.context.span(&Field::MetricTarget(metric)));
    }

    /// Adds what was measured to the step that counted the pods, or to the one that filled them in.
    fn measured(&mut self, cause: &Cause, metric: usize, pass: Pass) {
        let (text, formula, result) = match *cause {
            Cause::Utilization {
                usage_milli,
                requests_milli,
                pods,
                utilization,
                average_milli,
                ..
            } => {
                let text = MetricPhrase::UsageOfRequests {
                    usage: usage_milli,
                    requests: requests_milli,
                    average: average_milli,
                    pods,
                    pass,
                };
                let formula = say!(
                    "{} / {} = {} %",
                    value(milli(usage_milli)),
                    value(milli(requests_milli)),
                    value(utilization),
                );
                (text, formula, format!("{utilization} %"))
            }
            Cause::AverageValue { usage_milli, samples, average_milli, target_milli, .. } => {
                let text = MetricPhrase::AverageUsage {
                    average: average_milli,
                    target: target_milli,
                    pods: samples,
                    pass,
                };
                let average = milli(average_milli);
                let usage = milli(usage_milli);
                let formula = say!("{} / {} = {}", value(usage), value(samples), value(&average));
                (text, formula, average)
            }
            _ => return,
        };
        let text = text.say(self.context.language);
        let span = self.context.span(&Field::MetricTarget(metric));
        self.step_of(pass).says(text).with(formula).gives(result).at(span);
    }

    fn step_of(&mut self, pass: Pass) -> &mut LedgerStep {
        let (rule, title) = match pass {
            Pass::Measured => ("metric", Title::Proposal),
            Pass::FilledIn => ("filled-in", Title::FilledIn),
        };
        let last = self.ledger.steps.len();
        if last == 0 || self.ledger.steps[last - 1].rule != rule {
            return self.ledger.step(rule, title);
        }
        &mut self.ledger.steps[last - 1]
    }
}
