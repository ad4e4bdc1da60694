//! What earlier recommendations and limits make of a recommendation.

use super::{Writer, names};
use crate::explain::phrase::{HpaPhrase, Phrase, Title};
use crate::explain::template::{plain, say, value, value_at};
use crate::hpa::{Cause, Direction, Limit, PolicyKind, PolicyLimit, ScalingRules, Spec};
use crate::manifest::field::{self, Field};
use crate::report::Message;
use crate::time::Duration;

impl Writer<'_> {
    pub(super) fn limits(&mut self, cause: &Cause) {
        let spec = self.context.spec;
        match *cause {
            Cause::Stabilized { direction, window, held_by, recommendation, to, .. } => {
                let kept = (to != recommendation).then_some(to);
                let text =
                    HpaPhrase::Stabilized { direction, window, held_by, recommendation, kept };
                let side = side(direction);
                let span = self.context.span(&Field::StabilizationWindow(side));
                let span = span.filter(|_| spec.behavior.is_some());
                let rule = stabilization_rule(spec);
                self.ledger.say(rule, Title::Stabilization, &text).gives(to).binds().at(span);
            }
            Cause::Limited { ref limit, from, to } => self.limited(limit, from, to),
            _ => {}
        }
    }

    fn limited(&mut self, limit: &Limit, from: i32, to: i32) {
        let (spec, language) = (self.context.spec, self.context.language);
        let (rule, title) = match limit {
            Limit::MaxReplicas | Limit::MinReplicas => (limits_rule(spec), Title::Limits),
            Limit::ScaleUpFactor { .. } => ("scale-up-limit", Title::ScaleUpLimit),
            Limit::ScaleUpPolicy(_) => ("scale-up-policies", Title::Policies(Direction::Up)),
            Limit::ScaleDownPolicy(_) => ("scale-down-policies", Title::Policies(Direction::Down)),
        };
        let policy = match limit {
            Limit::ScaleUpPolicy(policy) => Some((Direction::Up, policy)),
            Limit::ScaleDownPolicy(policy) => Some((Direction::Down, policy)),
            Limit::MaxReplicas | Limit::MinReplicas | Limit::ScaleUpFactor { .. } => None,
        };
        let policy = policy.and_then(|(direction, limit)| self.policy(direction, limit));
        let span = names::limit_field(limit).and_then(|field| self.context.span(&field));
        let text = HpaPhrase::Limited { limit, from, to };
        let others: Vec<Message> = self.others(limit).map(|it| it.say(language)).collect();
        let step = self.ledger.say(rule, title, &text).gives(to).binds().at(span);
        if let Some((policy, formula)) = policy {
            step.says(policy.say(language)).with(formula);
        }
        for other in others {
            step.says(other);
        }
    }

    /// The policies that were not chosen, or not asked since a bound cuts before them, and what they
    /// would allow.
    fn others(&self, chosen: &Limit) -> impl Iterator<Item = HpaPhrase<'static>> {
        let chosen = match *chosen {
            Limit::ScaleUpPolicy(chosen) | Limit::ScaleDownPolicy(chosen) => chosen.policy,
            Limit::MaxReplicas | Limit::MinReplicas | Limit::ScaleUpFactor { .. } => None,
        };
        let behavior = self.context.spec.behavior.as_ref();
        let phrase = |cause: &Cause| {
            let Cause::Policy { direction, limit } = *cause else { return None };
            let index = limit.policy.filter(|_| limit.policy != chosen)?;
            let rules = match direction {
                Direction::Up => &behavior?.scale_up,
                Direction::Down => &behavior?.scale_down,
            };
            let policy = *rules.policies.get(index)?;
            let PolicyLimit { added, removed, allowed, .. } = limit;
            Some(HpaPhrase::OtherPolicy { direction, index, policy, added, removed, allowed })
        };
        let others: Vec<_> = self.look.trace.causes.iter().filter_map(phrase).collect();
        others.into_iter()
    }

    /// The policy that a policy limit names, and its formula.
    fn policy(
        &self,
        direction: Direction,
        limit: &PolicyLimit,
    ) -> Option<(HpaPhrase<'static>, Message)> {
        let behavior = self.context.spec.behavior.as_ref()?;
        let (rules, sign): (&ScalingRules, _) = match direction {
            Direction::Up => (&behavior.scale_up, "+"),
            Direction::Down => (&behavior.scale_down, "−"),
        };
        let index = limit.policy?;
        let policy = *rules.policies.get(index)?;
        let span = self.context.span(&Field::Policy(side(direction), index));
        let (start, allowed) = (value(limit.period_start_replicas), value(limit.allowed));
        let amount = value_at(policy.value, span);
        let formula = match (policy.kind, direction) {
            (PolicyKind::Pods, _) => say!("{} {} {} = {}", start, plain(sign), amount, allowed),
            (PolicyKind::Percent, Direction::Up) => {
                say!("ceil({} × (1 + {} / 100)) = {}", start, amount, allowed)
            }
            (PolicyKind::Percent, Direction::Down) => {
                say!("trunc({} × (1 − {} / 100)) = {}", start, amount, allowed)
            }
        };
        let (policies, select) = (rules.policies.len(), rules.select_policy);
        Some((HpaPhrase::Policy { direction, index, policy, policies, select }, formula))
    }

    /// Steps that ran without changing anything leave no cause; they are named all the same.
    pub(super) fn settle(&mut self) {
        let (spec, causes) = (self.context.spec, &self.look.trace.causes);
        let recommended = causes.iter().find_map(|it| match it {
            Cause::Recommended { replicas, .. } => Some(*replicas),
            _ => None,
        });
        let Some(recommended) = recommended else { return };
        if !causes.iter().any(|it| matches!(it, Cause::Stabilized { .. })) {
            let is_limit = |rule: &str| rule.starts_with("limits") || rule.starts_with("scale-");
            let before_limits = self.ledger.steps.iter().position(|it| is_limit(&it.rule));
            let text = not_stabilized(spec, self.look.from, recommended);
            let rule = stabilization_rule(spec);
            self.ledger.say(rule, Title::Stabilization, &text).gives(recommended);
            if let Some(at) = before_limits {
                self.ledger.steps[at..].rotate_right(1);
            }
        }
        if !causes.iter().any(|it| matches!(it, Cause::Limited { .. })) {
            let text = HpaPhrase::NotLimited { min: spec.min_replicas, max: spec.max_replicas };
            let count = self.look.decision.desired_replicas;
            self.ledger.say(limits_rule(spec), Title::Limits, &text).gives(count);
        }
    }
}

fn side(direction: Direction) -> field::Direction {
    match direction {
        Direction::Up => field::Direction::Up,
        Direction::Down => field::Direction::Down,
    }
}

/// The window that was looked through in vain.
fn not_stabilized(spec: &Spec, current: i32, recommended: i32) -> HpaPhrase<'static> {
    let flag = spec.settings.downscale_stabilization;
    let behavior = spec.behavior.as_ref();
    let window = |rules: &ScalingRules, otherwise| rules.stabilization_window.unwrap_or(otherwise);
    let (direction, window) = match recommended.cmp(&current) {
        std::cmp::Ordering::Equal => (None, Duration::ZERO),
        std::cmp::Ordering::Greater => {
            let up = behavior.map(|it| window(&it.scale_up, Duration::ZERO));
            (Some(Direction::Up), up.unwrap_or(Duration::ZERO))
        }
        std::cmp::Ordering::Less => {
            let down = behavior.map(|it| window(&it.scale_down, flag));
            (Some(Direction::Down), down.unwrap_or(flag))
        }
    };
    HpaPhrase::NotStabilized { direction, window }
}

fn stabilization_rule(spec: &Spec) -> &'static str {
    if spec.behavior.is_some() { "stabilization-with-behavior" } else { "stabilization" }
}

fn limits_rule(spec: &Spec) -> &'static str {
    if spec.behavior.is_some() { "limits-with-behavior" } else { "limits" }
}
