//! PodDisruptionBudget, `policy/v1`: how many pods must stay healthy when nodes are drained.
//!
//! Upstream: api 0.37 policy/v1/types.go `PodDisruptionBudgetSpec`.

use super::metadata::{Selector, selector};
use crate::yaml::{Fields, Spanned, scalar};

/// A PodDisruptionBudget.
#[derive(Clone, Debug, Default)]
pub struct DisruptionBudget {
    /// `spec.selector`; none selects nothing, an empty one all pods of the namespace.
    pub selector: Option<Selector>,
    /// `spec.minAvailable`: a count or a percentage.
    pub min_available: Option<Spanned<String>>,
    /// `spec.maxUnavailable`: a count or a percentage.
    pub max_unavailable: Option<Spanned<String>>,
}

/// Takes `spec`.
pub(super) fn disruption_budget(root: &mut Fields<'_>) -> Option<DisruptionBudget> {
    root.pass(&["status"]);
    let mut spec = root.mapping("spec")?;
    spec.pass(&["unhealthyPodEvictionPolicy"]);
    Some(DisruptionBudget {
        selector: selector(&mut spec, "selector"),
        min_available: spec.read("minAvailable", scalar::text),
        max_unavailable: spec.read("maxUnavailable", scalar::text),
    })
}
