//! The look that the why column explains.

use tidetable_core::Report;

use crate::queries::looks;

/// One look of one autoscaler.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Selection {
    /// Index into the report's autoscalers.
    pub(crate) autoscaler: usize,
    /// That autoscaler's id, by which it is found again in the next report.
    pub(crate) id: String,
    /// Index into its looks.
    pub(crate) look: usize,
    /// When it looked, in milliseconds.
    pub(crate) at_ms: f64,
    /// Whether the reader chose it.
    pub(crate) picked: bool,
}

impl Selection {
    /// The look `look` of `autoscaler`, chosen by the reader.
    pub(crate) fn picked(report: &Report, autoscaler: usize, look: usize) -> Option<Self> {
        Self::of(report, autoscaler, look, true)
    }

    /// The last look of `autoscaler` at or before `at_ms`, or its first.
    pub(crate) fn at(report: &Report, autoscaler: usize, at_ms: f64) -> Option<Self> {
        let looks = &report.autoscalers.get(autoscaler)?.looks;
        Self::picked(report, autoscaler, looks::at_or_before(looks, at_ms).unwrap_or(0))
    }

    /// What a new report opens with: the same autoscaler and time if the reader chose them, else
    /// the first decision that a field of the text bound, else the one that the first verdict is
    /// about.
    pub(crate) fn renewed(previous: Option<&Self>, report: &Report) -> Option<Self> {
        if let Some(kept) = previous.filter(|it| it.picked) {
            let found = report.autoscalers.iter().position(|it| it.id == kept.id);
            if let Some(again) = found.and_then(|it| Self::at(report, it, kept.at_ms)) {
                return Some(again);
            }
        }
        let bound = report.decisions.iter().find(|it| it.explanation.steps.iter().any(|s| s.binds));
        let told = || {
            let index = report.autoscalers.iter().find_map(|it| it.verdict.decision)?;
            report.decisions.get(index)
        };
        match bound.or_else(told).or_else(|| report.decisions.first()) {
            Some(decision) => Self::of(report, decision.autoscaler, decision.look, false),
            None => (0..report.autoscalers.len()).find_map(|it| Self::of(report, it, 0, false)),
        }
    }

    fn of(report: &Report, autoscaler: usize, look: usize, picked: bool) -> Option<Self> {
        let found = report.autoscalers.get(autoscaler)?;
        let at_ms = *found.looks.at_ms.get(look)?;
        Some(Self { autoscaler, id: found.id.clone(), look, at_ms, picked })
    }
}
