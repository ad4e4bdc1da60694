//! What a metric shows: its value, the pods that it is formed of, or why there is none.

use super::names::{self, Kind};
use super::table::beside_tolerance;
use super::{Writer, pods};
use crate::explain::number::{number, percent};
use crate::explain::phrase::{MetricPhrase, Phrase, Title};
use crate::explain::template::{plain, say, value, value_at};
use crate::hpa::{Cause, Failure, Pass};
use crate::manifest::field::Field;
use crate::report::{Language, LedgerStep, Message};

impl Writer<'_> {
    pub(super) fn metric(&mut self, cause: &Cause) {
        let (spec, language) = (self.context.spec, self.context.language);
        match *cause {
            Cause::PodsGrouped { metric, ready, unready, missing, ignored, unlisted } => {
                let text = MetricPhrase::PodsCounted { ready, unready, missing, ignored };
                let step = self.shown(metric);
                step.says(text.say(language));
                if unlisted > 0 {
                    step.says(MetricPhrase::Unlisted { pods: unlisted }.say(language));
                }
            }
            Cause::Utilization { metric, pass, .. } | Cause::AverageValue { metric, pass, .. } => {
                self.measured(cause, metric, pass);
            }
            Cause::PodsFilledIn { metric, missing, missing_milli, unready, .. } => {
                let given = &names::amount(spec, metric, missing_milli);
                let text = MetricPhrase::PodsFilledIn { missing, given, unready };
                let rule = Kind::of(spec, metric).filled_in_rule();
                self.ledger.say(rule, Title::FilledIn, &text);
            }
            Cause::Value { metric, usage_milli, ratio, .. } => {
                let usage = names::amount(spec, metric, usage_milli);
                let ratio = beside_tolerance(spec, ratio);
                let formula =
                    say!("{} / {} = {}", value(&usage), self.target(metric), value(ratio));
                self.shown(metric).with(formula).gives(usage);
            }
            Cause::ValuePerReplica { metric, usage_milli, status_replicas, ratio, .. } => {
                let usage = names::amount(spec, metric, usage_milli);
                let formula = say!(
                    "{} / ({} × {}) = {}",
                    value(&usage),
                    self.target(metric),
                    value(status_replicas),
                    value(beside_tolerance(spec, ratio)),
                );
                self.shown(metric).with(formula).gives(usage);
            }
            Cause::MetricFailed { metric, failure } => self.failed(metric, failure),
            _ => {}
        }
    }

    /// The metric's own target, which stands in the text.
    pub(super) fn target(&self, metric: usize) -> crate::report::Part {
        let target = names::target(self.context.spec, metric, self.context.language);
        let target = target.strip_suffix('%').unwrap_or(&target).trim_end();
        value_at(target, self.context.span(&Field::MetricTarget(metric)))
    }

    /// Begins the step of a metric that shows something, with its pods.
    fn shown(&mut self, metric: usize) -> &mut LedgerStep {
        let (context, spec) = (self.context, self.context.spec);
        let name = names::metric_name(spec, metric);
        let pods = pods::groups(context, self.look, metric);
        let rule = Kind::of(spec, metric).metric_rule();
        let step = self.ledger.step(rule, Title::Metric(&name));
        step.pods = pods;
        step.at(context.span(&Field::MetricTarget(metric)))
    }

    fn failed(&mut self, metric: usize, failure: Failure) {
        let (context, look) = (self.context, self.look);
        let name = names::metric_name(context.spec, metric);
        let error = names::failure_text(look, metric);
        let text = MetricPhrase::Failed(&error);
        let stops = look.trace.causes.iter().any(|it| matches!(it, Cause::MetricsFailed { .. }));
        let step = self.ledger.say("metric-failed", Title::Metric(&name), &text).gives("–");
        step.at(context.span(&Field::MetricTarget(metric))).binds = stops;
        let is_unanswered = matches!(failure, Failure::Unavailable | Failure::Empty);
        if let Some(path) = names::api_path(context.spec, metric).filter(|_| is_unanswered) {
            step.says(MetricPhrase::AskedAt(&path).say(context.language));
        }
    }

    /// Adds what was measured to the step that counted the pods, or to the one that filled them in.
    fn measured(&mut self, cause: &Cause, metric: usize, pass: Pass) {
        let (spec, language) = (self.context.spec, self.context.language);
        let amount = |milli: i64| names::amount(spec, metric, milli);
        let (mut text, formula, result) = match *cause {
            Cause::Utilization {
                usage_milli,
                requests_milli,
                pods,
                utilization,
                average_milli,
                ..
            } => {
                let (usage, requests) = (&*amount(usage_milli), &*amount(requests_milli));
                let average = &amount(average_milli);
                let text = MetricPhrase::UsageOfRequests { usage, requests, average, pods, pass };
                let exact = usage_milli as f64 * 100.0 / requests_milli as f64;
                let formula = cut(usage, requests, exact, utilization, language);
                (text.say(language), formula, percent(utilization, language))
            }
            Cause::AverageValue { usage_milli, samples: pods, average_milli, .. } => {
                let (average, target) =
                    (&*amount(average_milli), &names::target(spec, metric, language));
                let text = MetricPhrase::AverageUsage { average, target, pods, pass };
                let usage = amount(usage_milli);
                let formula = say!("{} / {} = {}", value(usage), value(pods), value(average));
                (text.say(language), formula, average.to_owned())
            }
            _ => return,
        };
        if pass == Pass::Measured
            && let Some(spread) = self.spread(metric)
        {
            text = text.text(" ").and(spread);
        }
        if pass == Pass::Measured
            && let Some(request) = self.request_of_pod(metric)
        {
            text = text.text(" ").and(request);
        }
        let span = self.context.span(&Field::MetricTarget(metric));
        if let Some(step) = self.ledger.steps.last_mut() {
            step.says(text).with(formula).gives(result).at(span);
        }
    }

    /// How far the pods are apart, if they are.
    fn spread(&self, metric: usize) -> Option<Message> {
        let spec = self.context.spec;
        let (least, most) = self.look.detail.as_ref()?.metrics.get(metric)?.spread?;
        let language = self.context.language;
        let level = |it| names::level(spec, metric, it, language);
        let (least, most) = (&level(least), &level(most));
        Some(MetricPhrase::Spread { least, most }.say(language))
    }

    /// Which containers a pod's request is added up from, if there are several.
    fn request_of_pod(&self, metric: usize) -> Option<Message> {
        let spec = self.context.spec;
        let requests = &self.look.detail.as_ref()?.metrics.get(metric)?.requests;
        if requests.len() < 2 {
            return None;
        }
        let part = |(name, milli): &(String, i64)| {
            format!("{name} {}", names::amount(spec, metric, *milli))
        };
        let parts: Vec<String> = requests.iter().map(part).collect();
        let whole = requests.iter().fold(0_i64, |sum, (_, milli)| sum.saturating_add(*milli));
        let (whole, parts) = (&names::amount(spec, metric, whole), &parts.join(" + "));
        Some(MetricPhrase::RequestOfPod { whole, parts }.say(self.context.language))
    }
}

/// `2 / 6 = 33.33 % → 33 %`: a utilization is cut to whole percents before it is used.
fn cut(usage: &str, requests: &str, exact: f64, utilization: i32, language: Language) -> Message {
    let sign = percent("", language);
    let whole = say!("{}{}", value(utilization), plain(&sign));
    let (usage, requests) = (value(usage), value(requests));
    if exact == f64::from(utilization) {
        say!("{} / {} = ", usage, requests).and(whole)
    } else {
        say!("{} / {} = {}{} → ", usage, requests, plain(number(exact)), plain(sign)).and(whole)
    }
}
