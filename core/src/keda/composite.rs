//! The one metric that a formula makes of all external triggers.
//!
//! Each read asks every trigger. If one fails the HPA is told nothing, unless a fallback stands in:
//! then the formula is not asked at all.
//!
//! Upstream: keda 2.21 pkg/scaling/modifiers/modifiers.go `HandleScalingModifiers`,
//! `calculateScalingModifiersFormula`; pkg/scaling/scale_handler.go `getScaledObjectState`.

use super::formula::{Formula, Outcome, truncated};
use super::observe::read_one;
use super::{FallbackBehavior, Observation, Record, Spec, State, Trigger, TriggerState};

/// `scalingModifiers`.
#[derive(Clone, Debug, PartialEq)]
pub struct Composite {
    /// What the HPA asks for.
    pub metric: String,
    /// `target`.
    pub target: f64,
    /// Whether the target is an average over the replicas.
    pub is_average: bool,
    /// `activationTarget`.
    pub activation: f64,
    /// What is computed.
    pub formula: Formula,
    /// For each of the formula's names: whose value it is; index into the triggers.
    pub reads: Vec<usize>,
    /// What stands in for `nil`: `fallback.replicas` times the target.
    pub for_nil: Option<f64>,
}

/// What the triggers were found to be, one after another.
#[derive(Debug, Default)]
pub(super) struct Found {
    records: Vec<(usize, Record)>,
    /// Triggers whose value the formula does not find.
    nameless: Vec<usize>,
}

impl Found {
    pub(super) fn add(&mut self, trigger: usize, record: Record) {
        self.records.push((trigger, record));
    }

    fn failed(&self) -> bool {
        self.records.iter().any(|(_, it)| it.value_milli.is_none())
    }

    fn fallback(&self) -> Option<i64> {
        self.records.iter().find(|(_, it)| it.fallback).and_then(|(_, it)| it.value_milli)
    }

    /// A trigger's value as the formula sees it, given how often in a row each failed.
    fn value(&self, spec: &Spec, failures: &[i32], trigger: usize) -> Option<f64> {
        let left_out = spec.fallback.is_some_and(|it| {
            let failures = failures.get(trigger).copied().unwrap_or(0);
            let is_nil = it.is_valid() && it.behavior == FallbackBehavior::ScalingModifiers;
            is_nil && failures > it.failure_threshold
        });
        let (_, record) = self.records.iter().find(|(index, _)| *index == trigger)?;
        let is_found = !left_out && !self.nameless.contains(&trigger);
        record.value_milli.filter(|_| is_found).map(units)
    }
}

/// A quantity in milli units as a float.
///
/// Upstream: apimachinery 0.37 pkg/api/resource/quantity.go `AsApproximateFloat64`.
fn units(milli: i64) -> f64 {
    milli as f64 * 1e-3
}

impl Composite {
    /// The metric in milli units; `None` if the formula fails.
    fn value(&self, spec: &Spec, found: &Found, failures: &[i32]) -> Option<i64> {
        if let Some(value) = found.fallback() {
            return Some(value);
        }
        let values: Vec<Option<f64>> =
            self.reads.iter().map(|it| found.value(spec, failures, *it)).collect();
        let number = match self.formula.evaluate(&values) {
            Outcome::Number(number) => number,
            Outcome::Nil => self.for_nil?,
            Outcome::Failed => return None,
        };
        Some(truncated(number * 1000.0))
    }

    /// Whether it is active at a poll, and what the trace says of it.
    pub(super) fn poll(
        &self,
        spec: &Spec,
        found: &Found,
        failures: &[i32],
    ) -> (bool, TriggerState) {
        if found.failed() {
            return (false, TriggerState::Withheld);
        }
        let Some(value_milli) = self.value(spec, found, failures) else {
            return (false, TriggerState::NoResult);
        };
        let active = units(value_milli) > self.activation;
        let state = if active {
            TriggerState::Active { value_milli }
        } else {
            TriggerState::Inactive { value_milli }
        };
        (active, state)
    }
}

/// What the HPA is told, as of any other metric.
pub(super) fn read(
    spec: &Spec,
    mut state: State,
    composite: &Composite,
    seen: &Observation<'_>,
) -> (Option<i64>, State) {
    let mut copy = state.taken_copy();
    let mut found = Found::default();
    // All are asked at once; those whose answer is kept are done first.
    for is_cached in [true, false] {
        for (index, trigger) in spec.triggers.iter().enumerate() {
            match trigger {
                Trigger::External(external) if external.cached == is_cached => {
                    let kept = state.records.get(index).copied().flatten();
                    let is_kept = is_cached && kept.is_some_and(|it| it.fallback);
                    let record = read_one(spec, &mut copy, &mut state, index, external, seen);
                    // A fallback that a poll has kept goes by the formula's own name: no trigger's.
                    if is_kept {
                        found.nameless.push(index);
                    }
                    let fallback = record.fallback && !is_kept;
                    found.add(index, Record { fallback, ..record });
                }
                _ => {}
            }
        }
    }
    let is_told = !found.failed() || found.fallback().is_some();
    let value = is_told.then(|| composite.value(spec, &found, &copy.failures)).flatten();
    state.copy = Some(copy).filter(|_| !found.failed());
    (value, state)
}
