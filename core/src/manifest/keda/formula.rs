//! Compiles `scalingModifiers.formula`, as KEDA's webhook does.
//!
//! Upstream: keda 2.21 apis/keda/v1alpha1/scaledobject_webhook.go `validateScalingModifiersFormula`.

use super::validation::{WEBHOOK, is_resource};
use super::{ScaledObject, Scaler};
use crate::diagnostic::{Diagnostic, Severity};
use crate::keda::formula::{Formula, Problem};
use crate::yaml::Findings;

/// What is not evaluated.
const NOT_EVALUATED: &str = "TT246";

/// The names that a formula may use: those of all triggers but CPU and memory.
pub(in crate::manifest::keda) fn names(it: &ScaledObject) -> Vec<&str> {
    let external = it.triggers.iter().filter(|it| !is_resource(it));
    external.filter_map(|it| it.name.as_ref()).map(|it| it.value.as_str()).collect()
}

/// Compiles the formula, or says why it is not; one without a target is refused before.
pub(super) fn compile(it: &mut ScaledObject, findings: &Findings) {
    let written = it.scaling_modifiers.as_ref();
    let Some(written) = written.filter(|it| it.target.is_some()) else { return };
    let Some(formula) = written.formula.clone() else { return };
    let not_evaluated = |what: &str| {
        let text = format!(
            "the formula is not evaluated, as it uses {what}: what it gives is the metric \
             composite-metric, which the Scenario can drive"
        );
        findings.push(Diagnostic::new(NOT_EVALUATED, Severity::Info, formula.span, text));
    };
    match Formula::compile(&formula.value, &names(it)) {
        Err(Problem::Refused(text)) => {
            let text = format!("error validating formula in ScalingModifiers: {text}");
            findings.error(WEBHOOK, formula.span, text);
        }
        Err(Problem::NotEvaluated(what)) => not_evaluated(&what),
        Ok(compiled) => {
            let external = |it: &super::Trigger| matches!(it.scaler, Some(Scaler::External(..)));
            let other = it.triggers.iter().find(|it| !is_resource(it) && !external(it));
            match (other, &mut it.scaling_modifiers) {
                (Some(other), _) => {
                    not_evaluated(&format!("a trigger of type {}", other.kind.value));
                }
                (None, Some(modifiers)) => modifiers.compiled = Some(compiled),
                (None, None) => {}
            }
        }
    }
}

impl ScaledObject {
    /// For each name that the formula may use: the trigger that has it.
    pub fn formula_triggers(&self) -> Vec<usize> {
        let named = |name: &str| {
            let has = |it: &super::Trigger| {
                !is_resource(it) && it.name.as_ref().is_some_and(|it| it.value == name)
            };
            self.triggers.iter().position(has).unwrap_or(0)
        };
        names(self).into_iter().map(named).collect()
    }
}
