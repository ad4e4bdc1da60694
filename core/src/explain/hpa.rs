//! The ledger of one look of an HPA: its trace, arranged.

use super::ledger::Ledger;
use super::number::{milli, number};
use super::phrase::{HpaPhrase, MetricPhrase, NotePhrase, Phrase, Title};
use super::template::{plain, say, value, value_at};
use crate::hpa::{Cause, Failure, Limit, MetricSpec, MetricStatus, Pass, ScalingPolicy, Spec};
use crate::manifest::Document;
use crate::manifest::field::{Direction, Field};
use crate::report::{Condition, Explanation, Language, Message};
use crate::sim::HpaLook;
use crate::source::Span;

/// What an explanation needs to know beside the look itself.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) document: &'a Document,
    pub(crate) language: Language,
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
    let mut ledger = Ledger::new(language);
    for cause in &look.trace.causes {
        add(context, look, cause, &mut ledger);
    }
    settle(context, look, &mut ledger);
    let note = wanted(context.spec, look).map(|(wanted, binding)| {
        HpaPhrase::Wants { wanted: i64::from(wanted), binding }.say(language)
    });
    Explanation {
        title: NotePhrase::DecisionTitle { name, number, at: look.at }.text(language),
        from: f64::from(look.from),
        to: f64::from(look.decision.desired_replicas),
        note: note.unwrap_or_default(),
        steps: ledger.steps,
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

/// What the metrics asked for and did not get, and the field that held it.
fn wanted(spec: &Spec, look: &HpaLook) -> Option<(i32, Option<&'static str>)> {
    let mut wanted = None;
    let mut binding = None;
    for cause in &look.trace.causes {
        match cause {
            Cause::Recommended { replicas, .. } => wanted = Some(*replicas),
            Cause::Stabilized { .. } => binding = Some(window_name(spec)),
            Cause::Limited { limit, .. } => binding = Some(limit_name(limit)),
            Cause::MetricsFailed { proposal, .. } => wanted = *proposal,
            _ => {}
        }
    }
    wanted.filter(|wanted| *wanted != look.decision.desired_replicas).map(|it| (it, binding))
}

/// Where the stabilization window is set: without `behavior` it is the controller's.
fn window_name(spec: &Spec) -> &'static str {
    if spec.behavior.is_some() {
        "stabilizationWindowSeconds"
    } else {
        "--horizontal-pod-autoscaler-downscale-stabilization"
    }
}

/// The field that a limit stands in.
pub(crate) const fn limit_name(limit: &Limit) -> &'static str {
    match limit {
        Limit::MaxReplicas => "maxReplicas",
        Limit::MinReplicas => "minReplicas",
        Limit::ScaleUpFactor { .. } => "max(2 × current, 4)",
        Limit::ScaleUpPolicy(_) => "behavior.scaleUp",
        Limit::ScaleDownPolicy(_) => "behavior.scaleDown",
    }
}

/// The field that a limit stands in, to point at.
pub(crate) fn limit_field(limit: &Limit) -> Option<Field> {
    match limit {
        Limit::MaxReplicas => Some(Field::MaxReplicas),
        Limit::MinReplicas => Some(Field::MinReplicas),
        Limit::ScaleUpFactor { .. } => None,
        Limit::ScaleUpPolicy(policy) => Some(policy_field(Direction::Up, policy.policy)),
        Limit::ScaleDownPolicy(policy) => Some(policy_field(Direction::Down, policy.policy)),
    }
}

fn policy_field(direction: Direction, policy: Option<usize>) -> Field {
    match policy {
        Some(index) => Field::Policy(direction, index),
        None => Field::SelectPolicy(direction),
    }
}

fn condition(condition: &crate::hpa::Condition) -> Condition {
    Condition {
        kind: condition.kind.as_str().to_owned(),
        status: if condition.status { "True" } else { "False" }.to_owned(),
        reason: condition.reason.to_owned(),
        message: condition.message.clone().into_owned(),
    }
}

/// Steps that ran without changing anything leave no cause; they are named all the same.
fn settle(context: &Context<'_>, look: &HpaLook, ledger: &mut Ledger) {
    let causes = &look.trace.causes;
    let Some(position) = causes.iter().position(|it| matches!(it, Cause::Recommended { .. }))
    else {
        return;
    };
    let Cause::Recommended { replicas, .. } = causes[position] else { return };
    if !causes.iter().any(|it| matches!(it, Cause::Stabilized { .. })) {
        let before_limits = ledger.steps.iter().position(|it| it.rule.starts_with("limits"));
        let rule = stabilization_rule(context.spec);
        ledger.say(rule, Title::Stabilization, &HpaPhrase::NotStabilized).gives(replicas);
        if let (Some(at), Some(step)) = (before_limits, ledger.steps.pop()) {
            ledger.steps.insert(at, step);
        }
    }
    if !causes.iter().any(|it| matches!(it, Cause::Limited { .. })) {
        let (min, max) = (context.spec.min_replicas, context.spec.max_replicas);
        ledger
            .say(limits_rule(context.spec), Title::Limits, &HpaPhrase::NotLimited { min, max })
            .gives(look.decision.desired_replicas);
    }
}

fn stabilization_rule(spec: &Spec) -> &'static str {
    if spec.behavior.is_some() { "stabilization-with-behavior" } else { "stabilization" }
}

fn limits_rule(spec: &Spec) -> &'static str {
    if spec.behavior.is_some() { "limits-with-behavior" } else { "limits" }
}

#[allow(clippy::too_many_lines, reason = "one arm for each cause")]
fn add(context: &Context<'_>, look: &HpaLook, cause: &Cause, ledger: &mut Ledger) {
    let language = context.language;
    match *cause {
        Cause::ScaleUnavailable => {
            let error = look.status.conditions.first().map_or("", |it| it.message.as_ref());
            let text = HpaPhrase::ScaleUnavailable(error);
            ledger.say("scale", Title::Scale, &text).binds().at(context.span(&Field::ScaleTarget));
        }
        Cause::ScalingDisabled { min_replicas } => {
            let text = HpaPhrase::ScalingDisabled { min: min_replicas };
            let span = context.span(&Field::MinReplicas);
            ledger.say("bounds", Title::Bounds, &text).gives(0).binds().at(span);
        }
        Cause::AboveMax { current_replicas, max_replicas } => {
            let text = HpaPhrase::AboveMax { current: current_replicas, max: max_replicas };
            let span = context.span(&Field::MaxReplicas);
            ledger.say("bounds", Title::Bounds, &text).gives(max_replicas).binds().at(span);
        }
        Cause::BelowMin { current_replicas, min_replicas } => {
            let text = HpaPhrase::BelowMin { current: current_replicas, min: min_replicas };
            let span = context.span(&Field::MinReplicas);
            ledger.say("bounds", Title::Bounds, &text).gives(min_replicas).binds().at(span);
        }
        Cause::SelectorUnusable(_) => {
            let text = HpaPhrase::SelectorUnusable;
            let span = context.span(&Field::ScaleTarget);
            ledger.say("scale", Title::Scale, &text).binds().at(span);
        }
        Cause::PodsGrouped { metric, ready, unready, missing, ignored, unlisted: _ } => {
            let name = metric_name(context.spec, metric);
            let text = MetricPhrase::PodsCounted { ready, unready, missing, ignored };
            ledger.say("metric", Title::Metric(&name), &text);
        }
        Cause::Utilization {
            metric,
            pass,
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
            measured(ledger, text.say(language), formula, &format!("{utilization} %"), pass)
                .at(context.span(&Field::MetricTarget(metric)));
        }
        Cause::AverageValue {
            metric,
            pass,
            usage_milli,
            samples,
            average_milli,
            target_milli,
            ..
        } => {
            let text = MetricPhrase::AverageUsage {
                average: average_milli,
                target: target_milli,
                pods: samples,
                pass,
            };
            let average = milli(average_milli);
            let formula =
                say!("{} / {} = {}", value(milli(usage_milli)), value(samples), value(&average));
            measured(ledger, text.say(language), formula, &average, pass)
                .at(context.span(&Field::MetricTarget(metric)));
        }
        Cause::PodsFilledIn { missing, missing_milli, unready, .. } => {
            let text = MetricPhrase::PodsFilledIn { missing, missing_milli, unready };
            ledger.say("filled-in", Title::FilledIn, &text);
        }
        Cause::Value { metric, usage_milli, target_milli, ratio } => {
            let formula = say!(
                "{} / {} = {}",
                value(milli(usage_milli)),
                value_at(milli(target_milli), context.span(&Field::MetricTarget(metric))),
                value(number(ratio)),
            );
            let name = metric_name(context.spec, metric);
            let step = ledger.step("metric", Title::Metric(&name)).with(formula);
            step.gives(milli(usage_milli)).at(context.span(&Field::MetricTarget(metric)));
        }
        Cause::ValuePerReplica { metric, usage_milli, target_milli, status_replicas, ratio } => {
            let formula = say!(
                "{} / ({} × {}) = {}",
                value(milli(usage_milli)),
                value_at(milli(target_milli), context.span(&Field::MetricTarget(metric))),
                value(status_replicas),
                value(number(ratio)),
            );
            let name = metric_name(context.spec, metric);
            let step = ledger.step("metric", Title::Metric(&name)).with(formula);
            step.gives(milli(usage_milli)).at(context.span(&Field::MetricTarget(metric)));
        }
        Cause::WithinTolerance { ratio, scale_down, scale_up, proposal, .. } => {
            let text = MetricPhrase::WithinTolerance {
                ratio,
                low: 1.0 - scale_down,
                high: 1.0 + scale_up,
            };
            ledger.say("proposal", Title::Proposal, &text).gives(proposal);
        }
        Cause::Flipped { ratio, filled_ratio, proposal, .. } => {
            let text = MetricPhrase::Flipped { ratio, filled: filled_ratio };
            ledger.say("proposal", Title::Proposal, &text).gives(proposal);
        }
        Cause::WrongDirection { ratio, pods, refused, proposal, .. } => {
            let text = MetricPhrase::WrongDirection { refused, current: proposal };
            let formula = ceil(context, look, cause, ratio, pods, refused);
            ledger.say("proposal", Title::Proposal, &text).with(formula).gives(proposal);
        }
        Cause::Proposed { metric, ratio, pods, proposal } => {
            let formula = ceil(context, look, cause, ratio, pods, proposal);
            let tolerances = crate::hpa::Tolerances::of(context.spec);
            let (low, high) = (1.0 - tolerances.scale_down, 1.0 + tolerances.scale_up);
            let text = MetricPhrase::OutsideTolerance { ratio, low, high }.say(language);
            let step = ledger.step("proposal", Title::Proposal).with(formula).says(text);
            step.gives(proposal).at(context.span(&Field::MetricTarget(metric)));
        }
        Cause::ProposedFromZero { ratio, proposal, .. } => {
            let formula = say!("ceil({}) = {}", value(number(ratio)), value(proposal));
            let step = ledger.say("proposal", Title::Proposal, &MetricPhrase::FromZero);
            step.with(formula).gives(proposal);
        }
        Cause::ProposedPerReplica { metric, usage_milli, target_milli, proposal } => {
            let formula = say!(
                "ceil({} / {}) = {}",
                value(milli(usage_milli)),
                value_at(milli(target_milli), context.span(&Field::MetricTarget(metric))),
                value(proposal),
            );
            let step = ledger.say("proposal", Title::Proposal, &MetricPhrase::PerReplica);
            step.with(formula).gives(proposal);
        }
        Cause::MetricFailed { metric, failure } => {
            let name = metric_name(context.spec, metric);
            let error = match failure {
                Failure::GateOff => "HPAContainerMetrics=false".to_owned(),
                _ => failure_text(look, metric),
            };
            let text = MetricPhrase::Failed(&error);
            let span = context.span(&Field::MetricTarget(metric));
            ledger.say("metric", Title::Metric(&name), &text).gives("–").binds().at(span);
        }
        Cause::MetricsFailed { failed, metrics, proposal, current_replicas } => {
            let text =
                MetricPhrase::SomeFailed { failed, metrics, proposal, current: current_replicas };
            let step = ledger.say("metrics-failed", Title::MetricsFailed, &text);
            step.gives(current_replicas).binds();
        }
        Cause::Recommended { metric, replicas } => {
            if context.spec.metrics.len() > 1 {
                let name = metric_name(context.spec, metric);
                let text = MetricPhrase::LargestWins { name: &name };
                ledger.say("several-metrics", Title::SeveralMetrics, &text).gives(replicas);
            }
        }
        Cause::Stabilized { direction, window, held_by, recommendation, to, .. } => {
            let text = HpaPhrase::Stabilized { direction, window, held_by, recommendation };
            let side = match direction {
                crate::hpa::Direction::Up => Direction::Up,
                crate::hpa::Direction::Down => Direction::Down,
            };
            let span = context.span(&Field::StabilizationWindow(side));
            let rule = stabilization_rule(context.spec);
            let span = span.filter(|_| context.spec.behavior.is_some());
            ledger.say(rule, Title::Stabilization, &text).gives(to).binds().at(span);
        }
        Cause::Limited { ref limit, from, to } => {
            let title = match limit {
                Limit::MaxReplicas | Limit::MinReplicas => Title::Limits,
                Limit::ScaleUpFactor { .. } => Title::ScaleUpLimit,
                Limit::ScaleUpPolicy(_) => Title::Policies(crate::hpa::Direction::Up),
                Limit::ScaleDownPolicy(_) => Title::Policies(crate::hpa::Direction::Down),
            };
            let policy = policy(context.spec, limit);
            let text = HpaPhrase::Limited { limit, policy, from, to };
            let span = limit_field(limit).and_then(|field| context.span(&field));
            ledger.say(limits_rule(context.spec), title, &text).gives(to).binds().at(span);
        }
        Cause::RaisedToMin { to, .. } => {
            let text = HpaPhrase::RaisedToMin { to };
            let span = context.span(&Field::MinReplicas);
            ledger.say("bounds", Title::Limits, &text).gives(to).binds().at(span);
        }
        Cause::UpdateFailed { replicas } => {
            let text = HpaPhrase::UpdateFailed;
            ledger.say("written", Title::Written, &text).gives(replicas).binds();
        }
    }
}

/// Adds what was measured to the step that counted the pods, or to the one that filled them in.
fn measured<'ledger>(
    ledger: &'ledger mut Ledger,
    text: Message,
    formula: Message,
    result: &str,
    pass: Pass,
) -> &'ledger mut crate::report::LedgerStep {
    let rule = if pass == Pass::Measured { "metric" } else { "filled-in" };
    let last = ledger.steps.len();
    if last == 0 || ledger.steps[last - 1].rule != rule {
        ledger.step(rule, if pass == Pass::Measured { Title::Proposal } else { Title::FilledIn });
    }
    let last = ledger.steps.len() - 1;
    ledger.steps[last].says(text).with(formula).gives(result)
}

/// `ceil(200 / 60 × 4) = ceil(13.33) = 14`, with the numbers that the ratio was formed of.
fn ceil(
    context: &Context<'_>,
    look: &HpaLook,
    cause: &Cause,
    ratio: f64,
    pods: usize,
    proposal: i32,
) -> Message {
    let before = look.trace.causes.iter().take_while(|it| *it != cause);
    let formed = before
        .filter(|it| matches!(it, Cause::Utilization { .. } | Cause::AverageValue { .. }))
        .last();
    let (from, to) = match formed {
        Some(Cause::Utilization { utilization, target, metric, .. }) => {
            let span = context.span(&Field::MetricTarget(*metric));
            (value(utilization), value_at(target, span))
        }
        Some(Cause::AverageValue { average_milli, target_milli, metric, .. }) => {
            let span = context.span(&Field::MetricTarget(*metric));
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

/// The policy that a policy limit names.
fn policy(spec: &Spec, limit: &Limit) -> Option<ScalingPolicy> {
    let behavior = spec.behavior.as_ref()?;
    let (rules, limit) = match limit {
        Limit::ScaleUpPolicy(limit) => (&behavior.scale_up, limit),
        Limit::ScaleDownPolicy(limit) => (&behavior.scale_down, limit),
        Limit::MaxReplicas | Limit::MinReplicas | Limit::ScaleUpFactor { .. } => return None,
    };
    rules.policies.get(limit.policy?).copied()
}

/// What a metric is called: `cpu`, or the custom metric's name.
pub(crate) fn metric_name(spec: &Spec, metric: usize) -> String {
    match spec.metrics.get(metric) {
        Some(MetricSpec::Resource { name, .. }) => name.to_string(),
        Some(MetricSpec::ContainerResource { name, container, .. }) => {
            format!("{name} ({container})")
        }
        Some(
            MetricSpec::Pods { metric, .. }
            | MetricSpec::Object { metric, .. }
            | MetricSpec::External { metric, .. },
        ) => metric.name.clone(),
        Some(MetricSpec::Unknown(kind)) => kind.clone(),
        None => String::new(),
    }
}

/// The error of a metric, as the event of that look tells it.
fn failure_text(look: &HpaLook, metric: usize) -> String {
    let failed = look.trace.causes.iter().filter_map(|it| match it {
        // A metric that is switched off has no event.
        Cause::MetricFailed { failure: Failure::GateOff, .. } => None,
        Cause::MetricFailed { metric, .. } => Some(*metric),
        _ => None,
    });
    let position = failed.take_while(|it| *it != metric).count();
    let mut events =
        look.decision.events.iter().filter(|it| {
            it.reason.starts_with("FailedGet") || it.reason == "InvalidMetricSourceType"
        });
    events.nth(position).map_or_else(String::new, |it| it.message.clone())
}

/// What the HPA saw of its first utilization metric, in percent.
pub(crate) fn utilization_seen(look: &HpaLook) -> Option<f64> {
    look.status.current_metrics.iter().find_map(|it| match it {
        MetricStatus::Utilization { average_utilization, .. } => {
            Some(f64::from(*average_utilization))
        }
        MetricStatus::Failed | MetricStatus::AverageValue(_) | MetricStatus::Value(_) => None,
    })
}
