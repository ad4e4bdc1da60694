//! What earlier recommendations and limits make of a recommendation.

use super::{Writer, names};
use crate::explain::phrase::{HpaPhrase, Title};
use crate::hpa::{Cause, Direction, Limit, ScalingPolicy, Spec};
use crate::manifest::field::{self, Field};

impl Writer<'_> {
    pub(super) fn limits(&mut self, cause: &Cause) {
        let spec = self.context.spec;
        match *cause {
            Cause::Stabilized { direction, window, held_by, recommendation, to, .. } => {
                let text = HpaPhrase::Stabilized { direction, window, held_by, recommendation };
                let side = match direction {
                    Direction::Up => field::Direction::Up,
                    Direction::Down => field::Direction::Down,
                };
                let span = self.context.span(&Field::StabilizationWindow(side));
                let span = span.filter(|_| spec.behavior.is_some());
                let rule = stabilization_rule(spec);
                self.ledger.say(rule, Title::Stabilization, &text).gives(to).binds().at(span);
            }
            Cause::Limited { ref limit, from, to } => {
                let title = match limit {
                    Limit::MaxReplicas | Limit::MinReplicas => Title::Limits,
                    Limit::ScaleUpFactor { .. } => Title::ScaleUpLimit,
                    Limit::ScaleUpPolicy(_) => Title::Policies(Direction::Up),
                    Limit::ScaleDownPolicy(_) => Title::Policies(Direction::Down),
                };
                let text = HpaPhrase::Limited { limit, policy: policy(spec, limit), from, to };
                let span = names::limit_field(limit).and_then(|field| self.context.span(&field));
                self.ledger.say(limits_rule(spec), title, &text).gives(to).binds().at(span);
            }
            _ => {}
        }
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
            let steps = &self.ledger.steps;
            let before_limits = steps.iter().position(|it| it.rule.starts_with("limits"));
            let rule = stabilization_rule(spec);
            let text = HpaPhrase::NotStabilized;
            self.ledger.say(rule, Title::Stabilization, &text).gives(recommended);
            if let (Some(at), Some(step)) = (before_limits, self.ledger.steps.pop()) {
                self.ledger.steps.insert(at, step);
            }
        }
        if !causes.iter().any(|it| matches!(it, Cause::Limited { .. })) {
            let text = HpaPhrase::NotLimited { min: spec.min_replicas, max: spec.max_replicas };
            let count = self.look.decision.desired_replicas;
            self.ledger.say(limits_rule(spec), Title::Limits, &text).gives(count);
        }
    }
}

fn stabilization_rule(spec: &Spec) -> &'static str {
    if spec.behavior.is_some() { "stabilization-with-behavior" } else { "stabilization" }
}

fn limits_rule(spec: &Spec) -> &'static str {
    if spec.behavior.is_some() { "limits-with-behavior" } else { "limits" }
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
